"""A cycle's run: facts of the period → engine → one sheet per branch, with the records behind every figure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

import polars as pl

from linghang.assessment.definition import ItemEntry, MeasureEntry, SchemeEntry
from linghang.assessment.models import Cycle, Mark, Scheme, Score, seal
from linghang.assessment.rollup import Homes
from linghang.engine.explain import counted, number, why
from linghang.engine.measure import NO_RECORDS, Reading, Records, all_records, earlier, read
from linghang.engine.score import Item, Line, score_items
from linghang.engine.sheet import Sheet, total
from linghang.kernel import clock
from linghang.kernel.facts import SOURCES
from linghang.kernel.figures import Part, make_figure, part
from linghang.kernel.models import Figure
from linghang.org.models import Unit

Progress = Callable[[int, int], None]
NOBODY: frozenset[int] = frozenset()
NOTHING = Reading(0.0, 0.0, None, "known", "")
WAITS = "系统从记录中发现，待认定，未计"


@dataclass(frozen=True)
class Result:
    """A finished computation, not yet stored."""

    as_of: date
    scores: list[Score]
    sheets: list[Sheet]
    digest: str


@dataclass
class Frame:
    """What all items of a run share: the branches, the period, the facts by source, the records by measure."""

    scheme: Scheme
    units: list[Unit]
    start: date
    end: date
    facts: dict[str, pl.DataFrame]
    marks: dict[str, dict[int, Mark]]
    suggested: dict[tuple[str, int], Reading] = field(default_factory=dict)
    _behind: dict[str, dict[int, Records]] = field(default_factory=dict)

    @property
    def content(self) -> SchemeEntry:
        return self.scheme.content

    @property
    def subjects(self) -> pl.DataFrame:
        keys, classes = [unit.pk for unit in self.units], [unit.category for unit in self.units]
        return pl.DataFrame(
            {"subject": keys, "category": classes}, schema={"subject": pl.Int64, "category": pl.String}
        )

    def records(self, key: str, measure: MeasureEntry, unit: int) -> Records:
        """The records behind one branch's figure; read once for all branches and kept under the key."""
        if key not in self._behind:
            facts = self.facts[measure.source]
            self._behind[key] = all_records(measure.measure(), facts, self.start, self.end)
        return self._behind[key].get(unit, NO_RECORDS)

    def part(self, source: str, unit: int, keys: Iterable[int]) -> Part:
        """These records of a branch, with digests of what the source says of them."""
        none = self.facts[source].clear()
        return part(SOURCES[source].of, keys, self._by_unit[source].get((unit,), none))

    @cached_property
    def _by_unit(self) -> dict[str, dict[tuple[Any, ...], pl.DataFrame]]:
        return {name: facts.partition_by("unit", as_dict=True) for name, facts in self.facts.items()}


def run(cycle: Cycle, progress: Progress | None = None) -> Result:
    """Compute a cycle as far as its period has gone. Nothing is written."""
    frame = load(cycle)
    lines: list[Line] = []
    for place, entry in enumerate(frame.content.items, 1):
        lines += _score(entry, frame)
        if progress:
            progress(place, len(frame.content.items))
    sheets = total(lines, full=frame.content.full, plus_cap=frame.content.plus_cap)
    scores = [_row(place, line, frame) for sheet in sheets for place, line in enumerate(sheet.lines)]
    return Result(frame.end, scores, sheets, seal(scores))


def load(cycle: Cycle) -> Frame:
    """The scheme, the branches, the marks and every source that the scheme needs, once."""
    end = min(cycle.until, clock.today())
    return _frame(cycle, list(cycle.branches()), end, cycle.scheme.content.measures(), cycle.marks_by_item())


def count_again(cycle: Cycle, entry: ItemEntry, unit: Unit, as_of: date) -> dict[str, Part]:
    """What stands behind one line today, counted as it was then."""
    frame = _frame(cycle, [unit], as_of, entry.measures(), {})
    return parts(entry, unit.pk, frame)


def _frame(
    cycle: Cycle,
    units: list[Unit],
    end: date,
    measures: Sequence[MeasureEntry],
    marks: dict[str, dict[int, Mark]],
) -> Frame:
    homes = Homes([unit.pk for unit in units])
    facts = {
        name: homes.frame(name, start, end)
        for name, start in _sources(measures, cycle.since, end).items()
        if name in SOURCES
    }
    return Frame(cycle.scheme, units, cycle.since, end, facts, marks)


def _sources(measures: Sequence[MeasureEntry], since: date, end: date) -> dict[str, date]:
    """From which day on each source is needed: a growth also needs the period before."""
    found: dict[str, date] = {}
    for measure in measures:
        first = earlier(since, end, measure.against)[0] if measure.kind == "growth" else since
        found[measure.source] = min(first, found.get(measure.source, first))
    return found


def _score(entry: ItemEntry, frame: Frame) -> list[Line]:
    marks = frame.marks.get(entry.code, {})
    item = _item(entry, frame, marks)
    given: dict[int, Any] = {unit: mark.value for unit, mark in marks.items() if mark.value is not None}
    if entry.claimed and entry.by_hand:
        given = {unit.pk: 0 for unit in frame.units} | given
    lines = score_items(
        [item], frame.facts, frame.subjects, frame.start, frame.end, marks={entry.code: given}
    )
    return [_confirmed(line, entry, marks, frame) for line in lines] if entry.suggested else lines


def _confirmed(line: Line, entry: ItemEntry, marks: Mapping[int, Mark], frame: Frame) -> Line:
    """What the records suggest counts for nothing until a named person has confirmed it (每条须党委确认后生效)."""
    if line.reading is None or not entry.bites(line.reading.value):
        return line
    frame.suggested[entry.code, line.subject] = line.reading
    mark = marks.get(line.subject)
    if mark is not None and mark.value:
        return line
    reason = WAITS if mark is None else f"{mark.by_name}不予认定，未计"
    return replace(line, points=Decimal("0.00"), reading=NOTHING, reason=reason)


def _item(entry: ItemEntry, frame: Frame, marks: Mapping[int, Mark]) -> Item:
    """The engine's item for the branches it applies to; its weight leaves the base of the others."""
    if entry.measure is not None and entry.measure.source not in frame.facts:
        return _unavailable(entry)
    left_out = {unit for unit, mark in marks.items() if mark.value is None}
    fits = frozenset(
        unit.pk
        for unit in frame.units
        if unit.pk not in left_out and (not entry.categories or unit.category in entry.categories)
    )
    return entry.item(fits if len(fits) < len(frame.units) else None)


def _unavailable(entry: ItemEntry) -> Item:
    plain = entry.model_copy(update={"measure": None, "rule": type(entry.rule)()})
    return plain.item(NOBODY, "本院未启用相应模块")


def _row(place: int, line: Line, frame: Frame) -> Score:
    entry, unit = frame.content.entry(line.code), line.subject
    mark = frame.marks.get(line.code, {}).get(unit)
    reading = line.reading or Reading(None, None, None, line.status, "")
    return Score(
        unit_id=unit,
        place=place,
        code=line.code,
        name=line.name,
        dimension=line.dimension,
        section=line.section,
        full=line.full,
        points=line.points,
        status=line.status,
        value=reading.value,
        numerator=reading.numerator,
        denominator=reading.denominator,
        counted=counted(line)[:200],
        why=_why(line, entry, mark, frame)[:400],
        by_hand=entry is not None and entry.by_hand,
        figure=_figure(line, entry, frame) if entry and entry.measure and _counts(line) else None,
    )


def _counts(line: Line) -> bool:
    return line.reading is not None and line.status != "inapplicable"


def _why(line: Line, entry: ItemEntry | None, mark: Mark | None, frame: Frame) -> str:
    measured = entry.measure if entry is not None and _counts(line) else None
    reason = why(line, frame.records(line.code, measured, line.subject).days if measured else ())
    if mark is not None and entry is not None and entry.suggested and mark.value:
        reason = f"{reason}；{mark.by_name}认定"
    return f"{reason}：{mark.note}" if mark is not None and mark.note else reason


def _figure(line: Line, entry: ItemEntry, frame: Frame) -> Figure:
    """The line's number as it must last: by which definition, for whom, over which days, from which records."""
    reading = frame.suggested.get((entry.code, line.subject), line.reading or NOTHING)
    definition = {
        "scheme": frame.scheme.code,
        "scheme_since": frame.scheme.since.isoformat(),
        "item": entry.model_dump(mode="json", exclude_defaults=True),
        "unit": line.subject,
        "since": frame.start.isoformat(),
        "until": frame.end.isoformat(),
    }
    return make_figure(
        entry.code,
        entry.name,
        definition,
        frame.end,
        number(reading.value),
        parts(entry, line.subject, frame),
    )


def parts(entry: ItemEntry, unit: int, frame: Frame) -> dict[str, Part]:
    """The records behind the two numbers of a line. `evidence` names better ones than what was counted."""
    measure = entry.measure
    if measure is None or measure.source not in frame.facts:
        return {}
    found = frame.records(entry.code, measure, unit)
    missed = measure.kind == "missing"
    reached = set(found.denominator) - set(found.numerator) if missed else found.numerator
    made = {"numerator": frame.part(measure.source, unit, reached)}
    if measure.kind in ("share", "on_time", "missing", "idle", "growth"):
        made["denominator"] = frame.part(measure.source, unit, found.denominator)
    if entry.evidence is not None and entry.evidence.source in frame.facts:
        shown = frame.records(f"{entry.code} evidence", entry.evidence, unit)
        made["numerator"] = frame.part(entry.evidence.source, unit, shown.numerator)
    return made


def tie_keys(frame: Frame, totals: Mapping[int, Mapping[str, float]]) -> dict[int, dict[str, float]]:
    """What parts equals: points of a dimension, or a measure (nothing measured counts as the lowest)."""
    found: dict[int, dict[str, float]] = {unit.pk: {} for unit in frame.units}
    for tie in frame.content.ties:
        values = _measured(tie.measure, frame) if tie.measure else {}
        for unit, keys in found.items():
            own = totals.get(unit, {}).get(tie.dimension, 0.0)
            keys[tie.name] = values.get(unit, 0.0) if tie.measure else own
    return found


def _measured(measure: MeasureEntry, frame: Frame) -> dict[int, float]:
    if measure.source not in frame.facts:
        return {}
    keys = [unit.pk for unit in frame.units]
    readings = read(measure.measure(), frame.facts[measure.source], keys, frame.start, frame.end)
    return {unit: reading.value or 0.0 for unit, reading in readings.items()}
