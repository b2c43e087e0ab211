"""Why nothing is judged of a unit in a period: not yet counted, no such text yet, or the unit does not live."""

from datetime import date

from linghang.compliance.scene import Scene
from linghang.org.models import Unit
from linghang.rules.clauses import Rule
from linghang.rules.frequency import Status
from linghang.rules.periods import Period

Found = tuple[Status, str, date]


def excused_on(unit: Unit, scene: Scene, period: Period, day: date, law: Rule | None) -> Found | None:
    """Why a state is not judged on a day, or None where it is."""
    if period.start < scene.settings.go_live:
        return Status.NOT_INCLUDED, f"{period.short}未纳入", day
    if law is None:
        return Status.NOT_REQUIRED, f"{period.short}尚无此项要求", day
    if day not in scene.units[unit.pk].life:
        return Status.NOT_REQUIRED, f"{period.short}支部不存续，不要求", day
    return None
