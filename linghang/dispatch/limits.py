"""Who, among those that hold a verb, may do it to this very row; and what that leaves as buttons."""

from collections.abc import Callable, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied

from linghang.dispatch.models import Line, Order
from linghang.kernel.access import Actor
from linghang.kernel.flow import STEPS, OwnWork, Step
from linghang.kernel.models import Trail

REPORT, CONFIRM, REVIEW = "dispatch.report", "dispatch.confirm", "dispatch.review"


def took_part(order: Order, person: Actor) -> bool:
    """Whether this person answers for one of the order's lines, or reported or confirmed one."""
    lines = list(order.lines.all())
    if any(line.owner_id == person.pk for line in lines if line.owner_id):
        return True
    refs = [line.ref for line in lines]
    return Trail.objects.filter(subject__in=refs, verb__in=(REPORT, CONFIRM), actor=person.ref).exists()


def _reports(line: Line, by: Actor) -> bool:
    return line.verifier_id is None or line.verifier_id != by.pk


def _judges(line: Line, by: Actor) -> bool:
    if line.state == Line.State.REPORTED:
        return by.may(CONFIRM, line)
    if line.verifier_id is not None:
        return bool(line.verifier_id == by.pk)
    return by.may(REVIEW, line)


LIMITS: dict[str, tuple[Callable[[Any, Actor], bool], Exception]] = {
    REPORT: (_reports, OwnWork("复核人不能上报自己要复核的事项", code="own_work")),
    "dispatch.return_line": (_judges, PermissionDenied("由确认、审核或复核的人退回")),
    "dispatch.verify": (
        lambda line, by: bool(line.verifier_id == by.pk),
        PermissionDenied("只能由单上指定的复核人复核"),
    ),
    "dispatch.close": (
        lambda order, by: order.is_settled and not took_part(order, by),
        OwnWork("整改的责任人和上报人不能销号", code="own_work"),
    ),
}


def hold_to(code: str, row: Any, by: Actor) -> None:
    """Refuse whoever holds the verb and yet is not the one to do it here. Raises PermissionDenied or OwnWork."""
    admits, refusal = LIMITS[code]
    if not admits(row, by):
        raise refusal


def steps_of(rows: Sequence[Any], person: Actor) -> dict[str, list[Step]]:
    """What this person may do to each of these orders or lines now, by reference; one query for all of them."""
    found = {row.ref: [s for s in STEPS.values() if _fits(s, row, person)] for row in rows}
    checked = {code for steps in found.values() for s in steps for code in s.checks}
    if not checked:
        return found
    done = Trail.objects.filter(subject__in=found, verb__in=checked, actor=person.ref)
    own = set(done.values_list("subject", "verb"))
    return {
        ref: [s for s in steps if not own & {(ref, code) for code in s.checks}]
        for ref, steps in found.items()
    }


def _fits(this: Step, row: Any, person: Actor) -> bool:
    other = this.model._meta.label != row._meta.label
    if other or this.creates or (this.at is not None and row.state not in this.at):
        return False
    if this.when is not None and not this.when(row):
        return False
    limit = LIMITS.get(this.verb)
    return person.may(this.verb, row) and (limit is None or limit[0](row, person))
