"""What the tests of assessment do again and again: a year of meetings, an open cycle, marks for everybody."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.apps import apps

from linghang.assessment import actions
from linghang.assessment.models import Cycle, Scheme
from linghang.kernel import clock, parameters
from linghang.kernel.access import SYSTEM
from linghang.kernel.flow import STEPS
from linghang.org.models import Unit

SINCE, UNTIL = date(2025, 12, 1), date(2026, 11, 30)
AFTER = date(2026, 12, 10)


def go_live(day: date = SINCE) -> None:
    parameters.put(SYSTEM, "compliance.go_live", day.isoformat(), day)


def held(by: Any, unit: Unit, kind: str, day: date, **more: Any) -> Any:
    """A meeting was held and written down on its day."""
    with clock.at(day):
        return STEPS["activities.record"].run(by, unit=unit, kind=kind, held_on=day, **more)


def study(meeting: Any, title: str) -> None:
    """The meeting had something to study on its agenda."""
    apps.get_model("activities.Topic").objects.create(meeting=meeting, kind="study", title=title)


def open_cycle(by: Any, unit: Unit) -> Cycle:
    scheme = Scheme.objects.get(code="branch")
    return actions.open_cycle(by, scheme=scheme, unit=unit, title="2026 年度", since=SINCE, until=UNTIL)


def decline_all(cycle: Cycle, by: Any) -> Cycle:
    """What the records suggest is looked into and found to have its reasons; computed afresh."""
    for line in cycle.undecided():
        actions.enter_manual(cycle, by, marks={line.code: {line.unit_id: Decimal(0)}})
    return actions.compute(cycle, by)


def mark_all(cycle: Cycle, by: Any, share: dict[int, str] | None = None) -> None:
    """Every item that is marked by hand gets full marks, or this share of them for a branch."""
    for entry in cycle.scheme.content.items:
        if entry.by_hand and not entry.claimed:
            full = Decimal(str(entry.full))
            marks = {
                unit.pk: (full * Decimal((share or {}).get(unit.pk, "1"))).quantize(Decimal("0.01"))
                for unit in cycle.branches()
            }
            actions.enter_manual(cycle, by, marks={entry.code: marks})
