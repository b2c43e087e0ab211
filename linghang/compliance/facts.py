"""How duties stood, period by period: the same computation that colours the lights."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from linghang.compliance.judge import Check, judged, scene_of
from linghang.compliance.models import Duty
from linghang.kernel import clock
from linghang.kernel.facts import Bool, Code, Number, Units, facts, of_units
from linghang.org.models import Unit
from linghang.rules.frequency import Standing, Status
from linghang.rules.periods import Kind, Period

OPEN = frozenset({Status.NOT_YET, Status.DUE_SOON})
COUNTED = (Duty.Judge.MEETINGS, Duty.Judge.LINES, Duty.Judge.STUDY, Duty.Judge.DUES)


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
def duties(start: date, end: date, units: Units = None) -> Iterator[tuple[Any, ...]]:
    """One row for each branch, duty and period that ends within the range. What is still open is not due yet."""
    today = clock.today()
    if start > today:
        return
    asked = Unit.objects.branches().filter(of_units("pk", units), since__lte=end)
    branches = list(asked.exclude(until__lte=start))
    began = {unit.pk: unit.since for unit in branches}
    # Study is judged by the year: where no year ends, nobody's hours need be read.
    without = () if Period.containing(Kind.YEAR, start).end <= end else (Duty.Judge.STUDY,)
    # What is planned makes nothing due and nothing done.
    scene = scene_of(branches, since=start, today=today, plans=False, without=without)
    for unit, checks in judged(branches, scene).items():
        for check in checks:
            for each in check.standings:
                if max(start, began[unit]) <= each.period.end <= end:
                    yield check.duty.pk, unit, None, each.period.end, check.duty.code, *_columns(check, each)


def _columns(check: Check, each: Standing) -> tuple[bool, bool, bool, int, int]:
    # A state (term, committee) that is only nearly due is met; a meeting that is still to come is not due.
    pending = each.status in OPEN and check.duty.judge in COUNTED
    met = each.due and not pending and each.status is not Status.OVERDUE
    return each.due and not pending, met, each.period.start in check.waived, each.required, each.done
