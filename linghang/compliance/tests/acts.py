"""What the tests of duties do again and again, through the verbs of other modules by name."""

from datetime import date
from typing import Any

from linghang.kernel import clock, parameters
from linghang.kernel.access import SYSTEM
from linghang.kernel.flow import STEPS
from linghang.org.models import Unit


def go_live(day: date) -> None:
    """The hospital counts from this day on."""
    parameters.put(SYSTEM, "compliance.go_live", day.isoformat(), day)


def held(by: Any, unit: Unit, kind: str, day: date, **more: Any) -> Any:
    """A meeting was held and written down on its day."""
    with clock.at(day):
        return STEPS["activities.record"].run(by, unit=unit, kind=kind, held_on=day, **more)


def planned(by: Any, unit: Unit, kind: str, day: date) -> Any:
    """A meeting is arranged."""
    return STEPS["activities.plan"].run(by, unit=unit, kind=kind, held_on=day)
