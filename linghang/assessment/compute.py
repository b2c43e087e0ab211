"""A cycle's run: facts of the period → engine → one sheet per branch, with the records behind every figure."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from linghang.assessment.definition import ItemEntry, MeasureEntry, SchemeEntry
from linghang.assessment.models import Cycle, Mark, pack
from linghang.assessment.rollup import Homes
from linghang.engine.explain import counted, why
from linghang.engine.measure import NO_RECORDS, Records, all_records, earlier, read
from linghang.engine.score import Item, Line, score_items
from linghang.engine.sheet import Sheet, total
from linghang.kernel import clock
from linghang.kernel.facts import SOURCES
from linghang.org.models import Unit

Progress = Callable[[int, int], None]
NOBODY: frozenset[int] = frozenset()


@dataclass(frozen=True)
class ScoreRow:
    """One line as it will be stored."""

    unit: int
    place: int
    line: Line
    counted: str
    why: str
    by_hand: bool
    records: bytes

    @property
    def seal(self) -> str:
        """What the 校验码 is taken over."""
        reading = self.line.reading
        figures = (reading.numerator, reading.denominator) if reading else ()
        return f"{self.unit}|{self.line.code}|{self.line.status}|{self.line.points}|{figures}"


@dataclass(frozen=True)
class Result:
    """A finished computation, not yet stored."""

    as_of: date
    rows: list[ScoreRow]
    sheets: list[Sheet]
    digest: str


@dataclass
class Frame:
    """What all items of a run share: the branches, the period, the facts by source, the records by measure."""

    scheme: SchemeEntry
    units: list[Unit]
    start: date
    end: date
    facts: dict[str, pl.DataFrame]
    marks: dict[str, dict[int, Mark]]
    _behind: dict[str, dict[int, Records]] = field(default_factory=dict)

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


def run(cycle: Cycle, progress: Progress | None = None) -> Result:
    """Compute a cycle as far as its period has gone. Nothing is written."""
    frame = load(cycle)
    lines: list[Line] = []
    for number, entry in enumerate(frame.scheme.items, 1):
        lines += _score(entry, frame)
        if progress:
            progress(number, len(frame.scheme.items))
    sheets = total(lines, full=frame.scheme.full, plus_cap=frame.scheme.plus_cap)
    rows = [row for sheet in sheets for row in _rows(sheet, frame)]
    digest = hashlib.sha256("\n".join(row.seal for row in rows).encode()).hexdigest()
    return Result(frame.end, rows, sheets, digest)


def load(cycle: Cycle) -> Frame:
    """The scheme, the branches, the marks and every source that the scheme needs, once."""
    scheme, end = cycle.scheme.content, min(cycle.until, clock.today())
    units = list(cycle.branches())
    homes = Homes([unit.pk for unit in units])
    facts = {
        name: homes.frame(name, start, end)
        for name, start in _sources(scheme, cycle.since, end).items()
        if name in SOURCES
    }
    return Frame(scheme, units, cycle.since, end, facts, cycle.marks_by_item())


def _sources(scheme: SchemeEntry, since: date, end: date) -> dict[str, date]:
    """From which day on each source is needed: a growth also needs the period before."""
    found: dict[str, date] = {}
    for measure in scheme.measures():
        first = earlier(since, end, measure.against)[0] if measure.kind == "growth" else since
        found[measure.source] = min(first, found.get(measure.source, first))
    return found


def _score(entry: ItemEntry, frame: Frame) -> list[Line]:
    marks = frame.marks.get(entry.code, {})
    item = _item(entry, frame, marks)
    given: dict[int, Any] = {unit: mark.value for unit, mark in marks.items() if mark.value is not None}
    if entry.claimed and entry.by_hand:
        given = {unit.pk: 0 for unit in frame.units} | given
    return score_items([item], frame.facts, frame.subjects, frame.start, frame.end, marks={entry.code: given})


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


def _rows(sheet: Sheet, frame: Frame) -> list[ScoreRow]:
    return [_row(sheet.subject, place, line, frame) for place, line in enumerate(sheet.lines)]


def _row(unit: int, place: int, line: Line, frame: Frame) -> ScoreRow:
    entry = frame.scheme.entry(line.code)
    found = (
        frame.records(entry.code, entry.measure, unit) if entry and entry.measure and _counts(line) else None
    )
    words = counted(line)
    reason = why(line, found.days if found else ())
    mark = frame.marks.get(line.code, {}).get(unit)
    if mark is not None and mark.note:
        reason = f"{reason}：{mark.note}"
    by_hand = entry is not None and entry.by_hand
    return ScoreRow(
        unit, place, line, words[:200], reason[:400], by_hand, _evidence(entry, found, unit, frame)
    )


def _counts(line: Line) -> bool:
    return line.reading is not None and line.status != "inapplicable"


def _evidence(entry: ItemEntry | None, found: Records | None, unit: int, frame: Frame) -> bytes:
    """The records behind the two numbers of a line. `evidence` names better ones than what was counted."""
    if entry is None or entry.measure is None or found is None:
        return b""
    if entry.evidence is not None:
        shown = frame.records(f"{entry.code} evidence", entry.evidence, unit)
        return pack({"numerator": (SOURCES[entry.evidence.source].of, _once(shown.numerator))})
    of = SOURCES[entry.measure.source].of
    reached = (
        set(found.denominator) - set(found.numerator)
        if entry.measure.kind == "missing"
        else set(found.numerator)
    )
    parts = {"numerator": (of, sorted(reached))}
    if entry.measure.kind in ("share", "on_time", "missing", "growth"):
        parts["denominator"] = (of, _once(found.denominator))
    return pack(parts)


def _once(keys: tuple[int, ...]) -> list[int]:
    return sorted(set(keys))


def tie_keys(frame: Frame, totals: Mapping[int, Mapping[str, float]]) -> dict[int, dict[str, float]]:
    """What parts equals: points of a dimension, or a measure (nothing measured counts as the lowest)."""
    found: dict[int, dict[str, float]] = {unit.pk: {} for unit in frame.units}
    for tie in frame.scheme.ties:
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
