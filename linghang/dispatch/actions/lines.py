"""How a line moves: 上报 → 书记确认 → 审核 or 复核 → 办结, with 退回 and 延期 on the way; a unit's own worklist."""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.core.files.base import File

from linghang.dispatch.actions.orders import State, finish
from linghang.dispatch.limits import (
    ASK,
    CONFIRM,
    REPORT,
    REVIEW,
    after_its_children,
    grants,
    in_time,
    not_ones_own,
    reports_last,
    the_verifier,
    whoever_judges,
)
from linghang.dispatch.models import EVIDENCE, ORIGIN, Line, Order, staff_of
from linghang.kernel import clock
from linghang.kernel.access import SYSTEM, Actor
from linghang.kernel.attachments import attach
from linghang.kernel.flow import creation, keep, step, verb
from linghang.kernel.notices import tell
from linghang.kernel.parameters import value
from linghang.kernel.refs import tie
from linghang.org.models import Person, Unit
from linghang.rules.periods import month_words

verb("dispatch.view_line", "查看事项")


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
    keep(line)
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
        keep(found)
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


@step(Line, REPORT, at={Line.State.OPEN}, when=_running, only=reports_last)
def report(
    line: Line, by: Actor, *, result: str, evidence: Iterable[str] = (), file: "File[bytes] | None" = None
) -> str:
    """上报

    Waits for the secretary's tap; whoever may confirm goes straight on. `evidence` refers to records already there; a
    file is never asked for.
    """
    line.result, line.reported_on = result.strip(), clock.today()
    if not line.result:
        raise ValidationError({"result": "请写一句办理情况"})
    for ref in evidence:
        tie(line, ref, EVIDENCE)
    if file:
        attach(by, line, file, most=value("dispatch.file_size"))
    if by.may(CONFIRM, line):
        return _hand_in(line)
    return Line.State.REPORTED


@step(Line, CONFIRM, at={Line.State.REPORTED}, when=_running, only=after_its_children)
def confirm(line: Line, by: Actor) -> str:
    """确认"""
    return _hand_in(line)


def _hand_in(line: Line) -> str:
    line.confirmed_on, line.asked_until = clock.today(), None
    return Line.State.CONFIRMED


def _may_be_extended(line: Line) -> bool:
    return _running(line) and bool(line.due_on) and not line.asked_until and not line.order.is_own


@step(Line, ASK, at={Line.State.OPEN}, when=_may_be_extended, only=in_time)
def ask_extension(line: Line, by: Actor, *, until: date, reason: str) -> None:
    """申请延期

    By the unit, no later than the deadline itself: what is late already is reported late, not dated anew.
    """
    if line.due_on and until <= line.due_on:
        raise ValidationError({"until": f"新期限要晚于原期限 {line.due_on}"})
    if line.parent and line.parent.due_on and until > line.parent.due_on:
        raise ValidationError({"until": f"所属措施的期限是 {line.parent.due_on}，请先给措施申请延期"})
    line.asked_until, line.asked_because = until, reason.strip()


UNFINISHED = (Line.State.OPEN, Line.State.REPORTED)


def _awaits_extension(line: Line) -> bool:
    return line.asked_until is not None and _running(line)


@step(Line, "dispatch.grant_extension", at=UNFINISHED, when=_awaits_extension, checks=ASK, only=grants)
def grant_extension(line: Line, by: Actor, *, note: str = "") -> None:
    """同意延期

    By the issuer's side, never by whoever asked. The first deadline is kept and shown beside the new one.
    """
    line.first_due_on = line.first_due_on or line.due_on
    line.due_on, line.asked_until = line.asked_until, None
    Order.objects.filter(pk=line.order_id, due_on__lt=line.due_on).update(due_on=line.due_on)
    _tell_heads(line, f"同意延期至 {line.due_on}：{line.text}")


@step(Line, "dispatch.decline_extension", at=UNFINISHED, when=_awaits_extension, checks=ASK, only=grants)
def decline_extension(line: Line, by: Actor, *, reason: str) -> None:
    """不同意延期"""
    line.asked_until, line.asked_because = None, ""
    _tell_heads(line, f"不同意延期，仍以 {line.due_on} 为限：{line.text}（{reason}）")


def _tell_heads(line: Line, text: str) -> None:
    """Tell the heads of the unit and whoever answers for the line."""
    tell({*line.order.unit.heads(), *([line.owner] if line.owner else [])}, text, about=line)


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
    _tell_heads(line, f"退回：{line.text}（{reason}）")


@step(
    Line,
    REVIEW,
    at={Line.State.CONFIRMED},
    to=Line.State.CLOSED,
    checks=(REPORT, CONFIRM),
    when=lambda line: line.verifier_id is None and _running(line),
    only=not_ones_own,
)
def review(line: Line, by: Actor, *, note: str = "") -> None:
    """审核

    By the 总支; by 党办 where no 总支 stands above the unit, and elsewhere as a spot check. Never by whoever answers for it.
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
