"""Every way an order and its lines move. Read top to bottom: this file is the workflow.

拟稿 → 核稿 → 签发（编号）→ 下发 → 签收（督导单）→ 每条：上报 → 书记确认 → 审核或复核 → 办结；督导单另行销号。
"""

from collections.abc import Iterable, Sequence
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q

from linghang.dispatch.drafts import LineDraft as LineDraft
from linghang.dispatch.drafts import write_lines
from linghang.dispatch.limits import (
    CONFIRM,
    REPORT,
    REVIEW,
    not_the_verifier,
    outside_its_measures,
    the_verifier,
    whoever_judges,
)
from linghang.dispatch.models import EVIDENCE, ORIGIN, Line, Order, staff_of
from linghang.kernel import clock
from linghang.kernel.access import SYSTEM, Actor
from linghang.kernel.flow import creation, step, verb
from linghang.kernel.models import Counter, Trail
from linghang.kernel.notices import tell
from linghang.kernel.refs import tie
from linghang.org.models import Person, Unit
from linghang.rules.periods import month_words

State = Order.State
DRAFT = "dispatch.draft"
verb("dispatch.view_order", "查看单据")
verb("dispatch.view_line", "查看事项")


# --- the sheet -------------------------------------------------------------------------------------------------------


@creation(Order, DRAFT, to=State.DRAFTED)
def draft(
    by: Actor,
    *,
    kind: str,
    unit: Unit,
    issuer: Unit,
    title: str,
    text: str = "",
    period: date | None = None,
    about: str = "",
    lines: Sequence[LineDraft] = (),
) -> Order:
    """拟稿

    `about` refers to what the order was made for (a finding, a meeting, an overdue line).
    """
    if not by.may(DRAFT, unit):
        raise PermissionDenied(f"您的职务不能给“{unit}”拟单")
    order = Order(kind=kind, unit=unit, issuer=issuer, title=title, text=text, period=period, about=about)
    order.seat = _drafting_seat(by, unit, issuer)
    order.clean_fields(exclude=("unit", "issuer", "seat"))
    order.save()
    write_lines(order, lines)
    if about:
        tie(about, order, ORIGIN)
    return order


def _drafting_seat(by: Actor, unit: Unit, issuer: Unit) -> Unit:
    """A draft lies with its issuer; a 总支 that drafts for the 党委 keeps it at its own level until it is issued."""
    if by.may(DRAFT, issuer):
        return issuer
    above = Unit.objects.filter(path__in=by.reach(DRAFT).trees).order_by("path")
    return next((one for one in above if unit.path.startswith(one.path)), unit)


def draft_supervision(by: Actor, *, line: Line) -> Order:
    """Draft a 督导单 for an overdue line (S0-14); the office completes its measures, a leader signs it or does not.

    Raises ValidationError when the line is not late or a supervision for it is under way.
    """
    if not line.is_late:
        raise ValidationError("事项没有逾期，不需要督导")
    if known := Order.objects.about(line).exclude(state__in=(State.VOID, State.CLOSED)).first():
        raise ValidationError(f"已有{known}（{known.get_state_display()}）")
    return draft(
        by,
        kind=Order.Kind.SUPERVISION,
        unit=line.order.unit,
        issuer=line.order.issuer,
        title=f"关于“{line.text[:60]}”逾期未办的督导",
        text=f"{line.order}第 {line.place} 条“{line.text}”期限为 {line.due_on}，至 {clock.today()} 尚未上报。",
        about=line.ref,
        lines=[LineDraft(line.text, None, owner=line.owner)],
    )


@step(Order, "dispatch.edit_order", at={State.DRAFTED})
def edit_order(order: Order, by: Actor, *, title: str, text: str = "", lines: Sequence[LineDraft]) -> None:
    """修改

    The lines given are the lines that stay: this is how a sheet is tailored to a unit before it goes out (S0-13).
    """
    order.title, order.text = title, text
    write_lines(order, lines)


@step(Order, "dispatch.check", at={State.DRAFTED}, to=State.CHECKED, checks=DRAFT)
def check(order: Order, by: Actor, *, note: str = "") -> None:
    """核稿

    By somebody else than the drafter.
    """
    if not order.lines.exists():
        raise ValidationError("单据还没有事项，请先补充")


@step(Order, "dispatch.send_back", at={State.CHECKED}, to=State.DRAFTED)
def send_back(order: Order, by: Actor, *, reason: str) -> None:
    """退回修改"""
    drafted = Trail.objects.filter(subject=order.ref, verb=DRAFT).values_list("actor", flat=True)
    keys = [ref.partition(":")[2] for ref in drafted if ref != SYSTEM.ref]
    tell(Person.objects.filter(pk__in=keys), f"退回修改：{order}（{reason}）", about=order)


@step(
    Order,
    "dispatch.sign",
    at={State.CHECKED},
    to=State.SIGNED,
    when=lambda order: order.kind != Order.Kind.SUPERVISION,
)
def sign(order: Order, by: Actor, *, note: str = "") -> None:
    """签发

    提示单、工作清单 and 限期整改 are signed by the office's director; the number is given here.
    """
    _number(order, by)


@step(
    Order,
    "dispatch.sign_supervision",
    at={State.CHECKED},
    to=State.SIGNED,
    checks=(DRAFT, "dispatch.check"),
    when=lambda order: order.kind == Order.Kind.SUPERVISION,
)
def sign_supervision(order: Order, by: Actor, *, note: str = "") -> None:
    """签发督导单

    By the deputy secretary in charge or the secretary; every measure has owner, deadline and verifier by now (S0-14).
    """
    _number(order, by)


def _number(order: Order, by: Actor) -> None:
    if missing := order.missing():
        raise ValidationError(missing)
    today = clock.today()
    order.year, order.number = today.year, Counter.take(f"{order.kind}-{today.year}")
    order.signer_name, order.signed_on = by.name, today
    order.due_on = max(line.due_on for line in order.lines.all() if line.due_on)


@step(Order, "dispatch.issue", at={State.SIGNED}, to=State.ISSUED)
def issue(order: Order, by: Actor) -> None:
    """下发"""
    order.issued_on = clock.today()
    _tell_unit(order, f"您有新的{order.get_kind_display()}：{order.title}")


def _tell_unit(order: Order, text: str) -> None:
    """Tell the heads of the unit and whoever answers for a line that is not handed in."""
    owners = Q(lines__order=order, lines__state__in=(Line.State.OPEN, Line.State.REPORTED))
    tell({*order.unit.heads(), *Person.objects.filter(owners).distinct()}, text, about=order)


@step(
    Order,
    "dispatch.read",
    at={State.ISSUED},
    when=lambda order: order.kind != Order.Kind.SUPERVISION and not order.read_on and not order.is_own,
)
def read(order: Order, by: Actor) -> None:
    """已阅

    By opening it; there is no deadline for reading, and nobody signs for a 提示单.
    """
    order.read_on = clock.today()


@step(
    Order,
    "dispatch.receive",
    at={State.ISSUED},
    to=State.RECEIVED,
    when=lambda order: order.kind == Order.Kind.SUPERVISION,
)
def receive(order: Order, by: Actor) -> None:
    """签收

    A trace of handling, not an electronic signature. Only a 督导单 is signed for.
    """
    order.received_on = clock.today()


@step(Order, "dispatch.urge", at=Order.RUNNING)
def urge(order: Order, by: Actor, *, note: str = "") -> None:
    """催办"""
    waiting = order.lines.exclude(state__in=(Line.State.CONFIRMED, Line.State.CLOSED)).count()
    if not waiting:
        raise ValidationError("事项都已上报，不需要催办")
    _tell_unit(order, f"催办：{order} 还有 {waiting} 条未上报。{note}")


@step(
    Order,
    "dispatch.void",
    at={State.DRAFTED, State.CHECKED, State.SIGNED, State.ISSUED, State.RECEIVED},
    to=State.VOID,
)
def void(order: Order, by: Actor, *, reason: str) -> None:
    """作废

    A number once given stays with the void sheet and is never given again.
    """
    if order.issued_on:
        _tell_unit(order, f"已作废：{order}（{reason}）")


@step(Order, "dispatch.finish", at=Order.RUNNING, to=State.CLOSED)
def finish(order: Order, by: Actor) -> None:
    """办结

    Done by the machine when the last line of a 提示单, 工作清单 or 限期整改 is closed.
    """
    order.closed_on = clock.today()


@step(
    Order,
    "dispatch.close",
    at={State.RECEIVED},
    to=State.CLOSED,
    when=lambda order: order.kind == Order.Kind.SUPERVISION,
    only=outside_its_measures,
)
def close(order: Order, by: Actor, *, note: str = "") -> None:
    """销号

    By somebody who neither answers for nor reported any of its measures.
    """
    order.closed_on = clock.today()


# --- its lines -------------------------------------------------------------------------------------------------------


def _running(line: Line) -> bool:
    return line.order.is_running


@creation(Line, "dispatch.plan_line", to=Line.State.OPEN)
def plan_line(
    by: Actor, *, unit: Unit, text: str, due_on: date, owner: Person | None = None, source: str = ""
) -> Line:
    """列入工作清单

    A unit's own plan for a reminder line, a resolution or an idea of its own: nobody signs it (S0-15).
    """
    order = _own_worklist(unit)
    place = order.lines.count() + 1
    line = Line(order=order, place=place, text=text.strip(), due_on=due_on, owner=owner)
    _check_owner(owner, unit)
    line.full_clean()
    line.save()
    if order.due_on is None or order.due_on < due_on:
        Order.objects.filter(pk=order.pk).update(due_on=due_on)
    if source:
        tie(source, line, ORIGIN)
    return line


def _own_worklist(unit: Unit) -> Order:
    """The month's worklist that the unit keeps for itself, begun with its first line. One at a time."""
    Unit.objects.select_for_update().get(pk=unit.pk)
    today = clock.today()
    month = today.replace(day=1)
    own = Order.objects.filter(kind=Order.Kind.WORKLIST, unit=unit, issuer=unit, period=month)
    found: Order | None = own.filter(state=State.ISSUED).first()
    if found is None:
        title = f"{month_words(today)}工作清单"
        found = Order(kind=Order.Kind.WORKLIST, unit=unit, issuer=unit, title=title, period=month)
        found.state, found.issued_on = State.ISSUED, today
        found.save()
    return found


def _check_owner(owner: Person | None, unit: Unit) -> None:
    if owner and not staff_of(unit).filter(pk=owner.pk).exists():
        raise ValidationError({"owner": f"{owner}不在“{unit}”，请从本单位人员中指定"})


@step(Line, "dispatch.assign", at={Line.State.OPEN}, when=_running)
def assign(line: Line, by: Actor, *, owner: Person) -> None:
    """指定责任人"""
    _check_owner(owner, line.order.unit)
    line.owner = owner
    tell([owner], f"请您负责：{line.text}", about=line)


@step(Line, REPORT, at={Line.State.OPEN}, when=_running, only=not_the_verifier)
def report(line: Line, by: Actor, *, result: str, evidence: Iterable[str] = ()) -> str:
    """上报

    Waits for the secretary's tap; whoever may confirm goes straight on. `evidence` refers to records already there.
    """
    line.result, line.reported_on = result.strip(), clock.today()
    if not line.result:
        raise ValidationError({"result": "请写一句办理情况"})
    for ref in evidence:
        tie(line, ref, EVIDENCE)
    if by.may(CONFIRM, line):
        return _hand_in(line)
    return Line.State.REPORTED


@step(Line, CONFIRM, at={Line.State.REPORTED}, when=_running)
def confirm(line: Line, by: Actor) -> str:
    """确认"""
    return _hand_in(line)


def _hand_in(line: Line) -> str:
    line.confirmed_on = clock.today()
    return Line.State.CONFIRMED


@step(
    Line,
    "dispatch.return_line",
    at={Line.State.REPORTED, Line.State.CONFIRMED},
    to=Line.State.OPEN,
    when=_running,
    only=whoever_judges,
)
def return_line(line: Line, by: Actor, *, reason: str) -> None:
    """退回"""
    line.returns += 1
    line.reported_on = line.confirmed_on = None
    people = {*line.order.unit.heads(), *([line.owner] if line.owner else [])}
    tell(people, f"退回：{line.text}（{reason}）", about=line)


@step(
    Line,
    REVIEW,
    at={Line.State.CONFIRMED},
    to=Line.State.CLOSED,
    checks=(REPORT, CONFIRM),
    when=lambda line: line.verifier_id is None and _running(line),
)
def review(line: Line, by: Actor, *, note: str = "") -> None:
    """审核

    By the 总支; by 党办 where no 总支 stands above the unit, and elsewhere as a spot check.
    """
    _settle(line)


@step(
    Line,
    "dispatch.verify",
    at={Line.State.CONFIRMED},
    to=Line.State.CLOSED,
    checks=(REPORT, CONFIRM),
    when=lambda line: line.verifier_id is not None and _running(line),
    only=the_verifier,
)
def verify(line: Line, by: Actor, *, note: str = "") -> None:
    """复核

    Only by the verifier named in the order, who is not the owner.
    """
    _settle(line)


def _settle(line: Line) -> None:
    """Close a line, and with the last one its sheet. The order is locked first: two last lines may close at once."""
    line.closed_on = clock.today()
    order = Order.objects.select_for_update().get(pk=line.order_id)
    if order.kind == Order.Kind.SUPERVISION:
        return
    if not order.lines.exclude(pk=line.pk).exclude(state=Line.State.CLOSED).exists():
        finish(order, SYSTEM)
