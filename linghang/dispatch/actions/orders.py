"""How a sheet moves: 拟稿 → 核稿 → 签发（编号）→ 下发 → 签收（督导单）→ 办结 or 销号; 收回 and 作废 on the way."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q

from linghang.dispatch.drafts import LineDraft, write_lines
from linghang.dispatch.limits import before_any_report, outside_its_measures
from linghang.dispatch.models import ORIGIN, Line, Order, Part
from linghang.dispatch.recurring import month_lines
from linghang.kernel import clock
from linghang.kernel.access import SYSTEM, Actor
from linghang.kernel.flow import creation, keep, step, verb
from linghang.kernel.models import Counter, Trail
from linghang.kernel.notices import tell
from linghang.kernel.refs import tie
from linghang.org.models import Person, Unit

State = Order.State
DRAFT = "dispatch.draft"
verb("dispatch.view_order", "查看单据")


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

    `about` refers to what the order was made for (a finding, a meeting, an overdue line). What recurs stands on the
    month's first 提示单 by itself.
    """
    if not by.may(DRAFT, unit):
        raise PermissionDenied(f"您的职务不能给“{unit}”拟单")
    order = Order(kind=kind, unit=unit, issuer=issuer, title=title, text=text, period=period, about=about)
    order.seat = _drafting_seat(by, unit, issuer)
    keep(order)
    if kind == Order.Kind.REMINDER and period:
        lines = [*lines, *month_lines(unit, period)]
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


def draft_each(by: Actor, *, units: Sequence[Unit], **sheet: Any) -> list[Order]:
    """Draft the same sheet for each of these units: one action, one sheet a unit, each tailored before it is issued.

    All or none. Takes what `draft` takes, but for the unit.
    """
    if not units:
        raise ValidationError({"units": "请选择发给哪些单位"})
    with transaction.atomic():
        return [draft(by, unit=unit, **sheet) for unit in units]


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


def _is_supervision(order: Order) -> bool:
    return order.kind == Order.Kind.SUPERVISION


@step(
    Order,
    "dispatch.sign",
    at={State.CHECKED},
    to=State.SIGNED,
    when=lambda order: not _is_supervision(order),
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
    when=_is_supervision,
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
    for part in Part.objects.filter(line__order=order).select_related("line", "unit"):
        tell(part.unit.heads(), f"请协办：{part.line}", about=part)


def _tell_unit(order: Order, text: str) -> None:
    """Tell the heads of the unit and whoever answers for a line that is not handed in."""
    owners = Q(lines__order=order, lines__state__in=(Line.State.OPEN, Line.State.REPORTED))
    tell({*order.unit.heads(), *Person.objects.filter(owners).distinct()}, text, about=order)


@step(Order, "dispatch.read", at={State.ISSUED}, when=lambda order: order.is_unread)
def read(order: Order, by: Actor) -> None:
    """已阅

    By opening it; there is no deadline for reading, and nobody signs for a 提示单.
    """
    order.read_on = clock.today()


@step(Order, "dispatch.receive", at={State.ISSUED}, to=State.RECEIVED, when=_is_supervision)
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
    "dispatch.withdraw",
    at=Order.RUNNING,
    to=State.VOID,
    when=lambda order: not order.is_own,
    only=before_any_report,
)
def withdraw(order: Order, by: Actor, *, reason: str) -> None:
    """收回

    Before anybody has reported. The number stays with the sheet, which is marked 已收回 and asks for nothing any more.
    """
    # Whoever reports at this moment holds a line: wait for them, then look again.
    list(order.lines.select_for_update())
    before_any_report(order, by)
    order.withdrawn_on = clock.today()
    _tell_unit(order, f"已收回：{order}（{reason}）")


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
    when=_is_supervision,
    only=outside_its_measures,
)
def close(order: Order, by: Actor, *, note: str = "") -> None:
    """销号

    By somebody who neither answers for nor reported any of its measures.
    """
    order.closed_on = clock.today()
