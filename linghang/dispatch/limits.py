"""Who, among those that hold a verb, is the one to do it to this very row (`only=` of its step)."""

from django.core.exceptions import PermissionDenied, ValidationError

from linghang.dispatch.models import Line, Order
from linghang.kernel import clock
from linghang.kernel.access import Actor
from linghang.kernel.flow import OwnWork
from linghang.kernel.models import Trail

REPORT, CONFIRM, REVIEW = "dispatch.report", "dispatch.confirm", "dispatch.review"
ASK = "dispatch.ask_extension"


def not_the_verifier(line: Line, by: Actor) -> None:
    """Whoever will verify a line does not report it. Raises OwnWork."""
    if line.verifier_id is not None and line.verifier_id == by.pk:
        raise OwnWork("复核人不能上报自己要复核的事项", code="own_work")


def after_its_children(line: Line, by: Actor) -> None:
    """A measure is handed in and closed after the last of its children. Raises ValidationError."""
    if left := line.open_children:
        raise ValidationError(f"还有 {left} 条子措施未办结，请先办结子措施")


def reports_last(line: Line, by: Actor) -> None:
    """Not by whoever will verify it, and not before its children are closed. Raises OwnWork or ValidationError."""
    not_the_verifier(line, by)
    after_its_children(line, by)


def not_ones_own(line: Line, by: Actor) -> None:
    """Whoever answers for a line does not let it pass, and nobody does before its children are closed.

    Raises OwnWork or ValidationError.
    """
    if line.owner_id is not None and line.owner_id == by.pk:
        raise OwnWork("责任人不能审核自己负责的事项", code="own_work")
    after_its_children(line, by)


def whoever_judges(line: Line, by: Actor) -> None:
    """A line is returned by whoever would have to let it pass next. Raises PermissionDenied."""
    if line.state == Line.State.REPORTED:
        judges = by.may(CONFIRM, line)
    elif line.verifier_id is not None:
        judges = line.verifier_id == by.pk
    else:
        judges = by.may(REVIEW, line)
    if not judges:
        raise PermissionDenied("由确认、审核或复核的人退回")


def the_verifier(line: Line, by: Actor) -> None:
    """Only the verifier named in the order. Raises PermissionDenied, or ValidationError while a child is open."""
    if line.verifier_id != by.pk:
        raise PermissionDenied("只能由单上指定的复核人复核")
    after_its_children(line, by)


def in_time(line: Line, by: Actor) -> None:
    """A later day is asked for by the deadline itself. Raises ValidationError."""
    if line.due_on and clock.today() > line.due_on:
        raise ValidationError(f"已过 {line.due_on} 的期限，不再延期；请尽快上报并说明原因")


def grants(line: Line, by: Actor) -> None:
    """A later day is granted by the issuer's side: for a 督导单 by those who sign one, never by whoever answers for it.

    Raises OwnWork or PermissionDenied.
    """
    if line.owner_id is not None and line.owner_id == by.pk:
        raise OwnWork("责任人不能批准自己事项的延期", code="own_work")
    if line.order.kind == Order.Kind.SUPERVISION and not by.may("dispatch.sign_supervision", line.order):
        raise PermissionDenied("督导单的延期由签发督导单的领导批准")


def before_any_report(order: Order, by: Actor) -> None:
    """A sheet is taken back only while nobody has reported on it. Raises ValidationError."""
    done = [one for one in order.lines.all() if one.state != Line.State.OPEN or one.returns]
    if done:
        raise ValidationError(f"已有 {len(done)} 条上报过，不能收回；确需撤销的请作废")


def outside_its_measures(order: Order, by: Actor) -> None:
    """A 督导单 whose measures are all closed is closed by somebody who neither answers for nor reported any of them.

    Raises ValidationError, or OwnWork for whoever took part.
    """
    if left := len(order.lines.all()) - order.closed_lines:
        raise ValidationError(f"还有 {left} 条措施未办结，不能销号")
    if _took_part(order, by):
        raise OwnWork("整改的责任人和上报人不能销号", code="own_work")


def _took_part(order: Order, person: Actor) -> bool:
    lines = list(order.lines.all())
    if any(line.owner_id == person.pk for line in lines if line.owner_id):
        return True
    refs = [line.ref for line in lines]
    return Trail.objects.filter(subject__in=refs, verb__in=(REPORT, CONFIRM), actor=person.ref).exists()
