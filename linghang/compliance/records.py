"""What other modules know of the branches of a scene, pulled through the facts registry: meetings, plans, hours.

A source that nobody offers leaves its duties without a verdict, never with a wrong one.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

from linghang.compliance.models import Duty
from linghang.compliance.scene import Held, Scene, holds
from linghang.kernel.facts import SOURCES, Source, Units
from linghang.rules import duties as rules
from linghang.rules.periods import Kind, Period

MEETINGS, PLANS = "activities.meetings", "activities.plans"
HOURS = "activities.study_years"
# A lesson that the secretary of the 党委 gave, wherever it was, is one of the 党委 (支部工作条例 第十六条).
LESSON, OF_SECRETARY = "lesson", "secretary_lesson"
FEW = 20
Row = dict[str, Any]


def load(scene: Scene, keys: set[int], *, plans: bool) -> None:
    """One query a source that some duty asks about; `plans` brings what is to come as well."""
    if scene.asks(Duty.Judge.MEETINGS):
        start = Period.containing(Kind.YEAR, scene.since).start
        for row in pulled(MEETINGS, start, scene.today, {*keys, *scene.homes.groups}):
            _meeting(scene, keys, row)
        end = Period.containing(Kind.YEAR, scene.today).end
        for row in pulled(PLANS, scene.today, end, {*keys, *scene.homes.groups}) if plans else ():
            _event(scene, keys, row, held=False)
    if scene.asks(Duty.Judge.STUDY):
        _load_hours(scene, keys)


def pulled(name: str, first: date, last: date, units: Units) -> Iterator[Row]:
    """The facts of a source by the names of its columns, with the reference of each record."""
    source = SOURCES.get(name)
    if source is None:
        return
    names, label = list(source.schema), source.of.lower()
    for values in source.rows(first, last, units):
        row = dict(zip(names, values, strict=True))
        row["ref"] = f"{label}:{row['record']}"
        yield row


def _meeting(scene: Scene, keys: set[int], row: Row) -> None:
    home = _event(scene, keys, row, held=True)
    if row["kind"] == LESSON:
        _lesson(scene, row)
    if home is not None:
        scene.held[row["ref"]] = Held(row["day"], tuple(_faults(row)), row.get("recorded"))


def _event(scene: Scene, keys: set[int], row: Row, *, held: bool) -> int | None:
    home = scene.homes.of(row["unit"], row["day"])
    if home not in keys:
        return None
    year = row.get("of_year")
    scene.events[home].append(
        rules.Event(row["day"], row["kind"], row["ref"], held, int(year) if year else None)
    )
    return home


def _lesson(scene: Scene, row: Row) -> None:
    gave = row.get("speaker") or row["person"]
    for unit, seats in scene.secretaries.items():
        if any(each.person == gave and holds(each, row["day"]) for each in seats):
            scene.events[unit].append(rules.Event(row["day"], OF_SECRETARY, row["ref"]))
            scene.held[row["ref"]] = Held(row["day"], tuple(_faults(row)), row.get("recorded"))


def _faults(row: Row) -> Iterator[str]:
    """What is not in order with a record, whether or not the meeting counts."""
    if not row.get("confirmed", True):
        yield "待书记确认"
    if row.get("late"):
        yield "补记"
    if row["person"] is None:
        yield "没有主持人"
    if not row.get("attended", True):
        yield "没有到会情况"


def _has(name: str, *columns: str) -> Source | None:
    source = SOURCES.get(name)
    return source if source is not None and set(columns) <= set(source.schema) else None


def _load_hours(scene: Scene, keys: set[int]) -> None:
    """Hours of study by person and year; of many branches everybody's, for that is read sooner than picked out."""
    if _has(HOURS, "hours") is None:
        return
    asked = keys if len(keys) <= FEW else None
    found: dict[tuple[int, int], float] = defaultdict(float)
    for row in pulled(HOURS, scene.years[0].start, scene.today, asked):
        found[row["person"], row["day"].year] += row["hours"]
    scene.hours = found
