"""How duties stood, period by period: the same computation that colours the lights."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from linghang.compliance.judge import Check, checkups
from linghang.compliance.models import Duty
from linghang.kernel import clock
from linghang.kernel.facts import Bool, Code, Number, facts
from linghang.org.models import Unit
from linghang.rules.frequency import Standing, Status

OPEN = frozenset({Status.NOT_YET, Status.DUE_SOON})


@facts(
    "compliance.duties",
    "支部职责",
    of="compliance.Duty",
    duty=Code,
    due=Bool,
    done=Bool,
    waived=Bool,
    required=Number,
    times=Number,
)
def duties(start: date, end: date) -> Iterator[tuple[Any, ...]]:
    """One row for each branch, duty and period that ends within the range. What is still open is not due yet."""
    units = list(Unit.objects.branches().filter(since__lte=end).exclude(until__lte=start))
    today = clock.today()
    if start > today:
        return
    began = {unit.pk: unit.since for unit in units}
    for unit, checks in checkups(units, since=start, today=today).items():
        for check in checks:
            for each in check.standings:
                if max(start, began[unit]) <= each.period.end <= end:
                    yield check.duty.pk, unit, None, each.period.end, check.duty.code, *_columns(check, each)


def _columns(check: Check, each: Standing) -> tuple[bool, bool, bool, int, int]:
    # A state (term, committee) that is only nearly due is met; a meeting that is still to come is not due.
    pending = each.status in OPEN and check.duty.judge in (Duty.Judge.MEETINGS, Duty.Judge.LINES)
    met = each.due and not pending and each.status is not Status.OVERDUE
    return each.due and not pending, met, each.period.start in check.waived, each.required, each.done
