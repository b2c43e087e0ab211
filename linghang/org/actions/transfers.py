"""How a membership travels: letter out, received on the other side, receipt back. Read top to bottom.

Until the other side has received the member, the branch that let them go still answers for them
（党员教育管理工作条例 第二十五条, R-JY-04）.
"""

from datetime import date

from django.core.exceptions import ValidationError

from linghang.kernel import clock
from linghang.kernel.access import Actor
from linghang.kernel.flow import creation, step, verb
from linghang.kernel.notices import tell
from linghang.org.actions.members import leave
from linghang.org.models import Membership, Milestone, Person, Transfer, Unit

State = Transfer.State
VIEW = verb("org.view_transfer", "查看组织关系转接")


@creation(Transfer, "org.transfer_out", to=State.SENT)
def transfer_out(
    by: Actor,
    *,
    person: Person,
    out_on: date,
    target: Unit | None = None,
    outside: str = "",
    letter: str = "",
) -> Transfer:
    """开介绍信"""
    held = person.memberships.filter(until=None).select_related("branch").first()
    if held is None:
        raise ValidationError(f"{person}不在任何支部")
    if (target is None) == (not outside.strip()):
        raise ValidationError({"target": "请选择院内的转入支部，或填写院外党组织，二者取一"})
    if target is not None:
        _takes_members(target)
        if target == held.branch:
            raise ValidationError({"target": f"{person}就在{target}"})
    _begun(person, out_on, not_before=held.since)
    return Transfer(
        person=person,
        source=held.branch,
        target=target,
        outside=outside.strip(),
        letter=letter,
        out_on=out_on,
    )


@creation(Transfer, "org.transfer_in", to=State.RECEIVED)
def transfer_in(
    by: Actor,
    *,
    person: Person,
    target: Unit,
    outside: str,
    status: str,
    out_on: date,
    receipt_on: date,
    letter: str = "",
) -> Transfer:
    """接收院外转入"""
    if person.memberships.filter(until=None).exists():
        raise ValidationError(f"{person}已编入支部")
    _takes_members(target)
    last = person.memberships.order_by("-until").first()
    _begun(person, out_on, not_before=last.until if last and last.until else None)
    _after(receipt_on, out_on)
    Membership.objects.create(person=person, branch=target, status=status, since=receipt_on)
    _settle(person, target)
    return Transfer(
        person=person, target=target, outside=outside, letter=letter, out_on=out_on, receipt_on=receipt_on
    )


def _inside(transfer: Transfer) -> bool:
    return transfer.source_id is not None and transfer.target_id is not None


def _only_the_target(transfer: Transfer, by: Actor) -> None:
    if transfer.target is not None and not by.may("org.receive_transfer", transfer.target):
        raise ValidationError(f"由转入的{transfer.target}接收")


@step(
    Transfer,
    "org.receive_transfer",
    at={State.SENT},
    to=State.RECEIVED,
    when=_inside,
    only=_only_the_target,
)
def receive_transfer(transfer: Transfer, by: Actor, *, receipt_on: date) -> None:
    """接收并退回执"""
    _after(receipt_on, transfer.out_on)
    person, target = Person.objects.get(pk=transfer.person_id), transfer.target
    held = _still_there(transfer)
    if target is None or receipt_on < held.since:
        raise ValidationError({"receipt_on": f"不能早于编入原支部的 {held.since}"})
    _takes_members(target)
    if receipt_on == held.since:
        raise ValidationError({"receipt_on": f"应晚于编入原支部的 {held.since}"})
    Membership.objects.filter(pk=held.pk).update(until=receipt_on)
    Membership.objects.create(person=person, branch=target, status=held.status, since=receipt_on)
    person.spells.standing().running(receipt_on).update(unit=target)
    _settle(person, target)
    transfer.receipt_on = receipt_on
    if transfer.source is not None:
        tell(transfer.source.heads(), f"{person}的组织关系已由{target}接收", about=transfer)


@step(
    Transfer,
    "org.file_receipt",
    at={State.SENT},
    to=State.RECEIVED,
    when=lambda t: t.target_id is None,
)
def file_receipt(transfer: Transfer, by: Actor, *, receipt_on: date) -> None:
    """登记院外回执"""
    _after(receipt_on, transfer.out_on)
    held = _still_there(transfer)
    person = Person.objects.get(pk=transfer.person_id)
    leave(person, held, receipt_on)
    _settle(person, None)
    Milestone.objects.create(
        person=person,
        unit=held.branch,
        kind=Milestone.Kind.TRANSFERRED,
        on=receipt_on,
        document=transfer.letter,
    )
    transfer.receipt_on = receipt_on


@step(Transfer, "org.void_transfer", at={State.SENT}, to=State.VOID)
def void_transfer(transfer: Transfer, by: Actor) -> None:
    """作废介绍信"""


# --- shared --------------------------------------------------------------------------------------------------------


def _still_there(transfer: Transfer) -> Membership:
    """The membership that the letter speaks of; somebody may have moved or struck off the member meanwhile."""
    found = Membership.objects.filter(person=transfer.person_id, branch=transfer.source_id, until=None)
    held: Membership | None = found.select_related("branch").first()
    if held is None:
        raise ValidationError(f"{transfer.person}已不在{transfer.source}，请作废这张介绍信")
    return held


def _settle(person: Person, branch: Unit | None) -> None:
    """The branch that serves permission follows the membership."""
    Person.objects.filter(pk=person.pk).update(branch=branch)


def _takes_members(unit: Unit) -> None:
    if unit.kind != Unit.Kind.BRANCH or unit.until:
        raise ValidationError({"target": "请选择在用的党支部"})


def _begun(person: Person, out_on: date, *, not_before: date | None) -> None:
    if out_on > clock.today():
        raise ValidationError({"out_on": "还没到这一天，到时再登记"})
    if not_before and out_on < not_before:
        raise ValidationError({"out_on": f"不能早于 {not_before}"})
    if person.transfers.filter(state=State.SENT).exists():
        raise ValidationError(f"{person}已有一张介绍信在途，请先登记回执或作废")


def _after(receipt_on: date, out_on: date) -> None:
    if receipt_on > clock.today():
        raise ValidationError({"receipt_on": "还没到这一天，到时再登记"})
    if receipt_on < out_on:
        raise ValidationError({"receipt_on": f"回执不能早于开出介绍信的 {out_on}"})
