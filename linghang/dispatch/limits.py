"""Who, among those that hold a verb, is the one to do it to this very row (`only=` of its step)."""

from django.core.exceptions import PermissionDenied, ValidationError

from linghang.dispatch.models import Line, Order
from linghang.kernel.access import Actor
from linghang.kernel.flow import OwnWork
from linghang.kernel.models import Trail

REPORT, CONFIRM, REVIEW = "dispatch.report", "dispatch.confirm", "dispatch.review"


def not_the_verifier(line: Line, by: Actor) -> None:
    """Whoever will verify a line does not report it. Raises OwnWork."""
    if line.verifier_id is not None and line.verifier_id == by.pk:
        raise OwnWork("复核人不能上报自己要复核的事项", code="own_work")


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
    """Only the verifier named in the order. Raises PermissionDenied."""
    if line.verifier_id != by.pk:
        raise PermissionDenied("只能由单上指定的复核人复核")


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
