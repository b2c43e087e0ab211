"""Facts to one number per subject and period: the closed vocabulary of measures.

Facts are any frame Narwhals can read, with `record`, `unit`, `person`, `day` and typed columns (code, number, date, bool).
Grouping and adding happen inside the frame's own engine; what comes back is one small Polars frame.
"""

from calendar import monthrange
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import reduce
from itertools import groupby
from operator import and_, itemgetter
from typing import Any, Literal, NamedTuple

import narwhals as nw
import polars as pl
from narwhals.typing import IntoFrame

from linghang.engine.definition import Columns, Measure, Where, check, column_type

Status = Literal["known", "unknown", "inapplicable"]

_SCHEMA = {
    "subject": pl.Int64,
    "value": pl.Float64,
    "numerator": pl.Float64,
    "denominator": pl.Float64,
    "status": pl.String,
    "reason": pl.String,
}


class Reading(NamedTuple):
    """One measured number with the two numbers that it came from."""

    value: float | None
    numerator: float | None
    denominator: float | None
    status: Status
    reason: str


class Records(NamedTuple):
    """The evidence of one figure: record keys, and the days of the numerator's records."""

    numerator: tuple[int, ...]
    denominator: tuple[int, ...]
    days: tuple[date, ...]


NO_RECORDS = Records((), (), ())


class _Row(NamedTuple):
    record: int
    day: date
    hit: float


class _Tally(NamedTuple):
    rows: float = 0.0
    hits: float = 0.0
    amount: float = 0.0
    weight: float = 0.0


def measure(
    definition: Measure,
    facts: IntoFrame,
    subjects: IntoFrame,
    period_start: date,
    period_end: date,
    *,
    complete: Collection[int] | None = None,
) -> pl.DataFrame:
    """One row per subject: subject, value, numerator, denominator, status, reason.

    `complete` names the subjects for which the source has everything of the period (for growth: of both periods); None
    means all. Missing is not zero: the others are unknown, and a zero denominator is inapplicable.
    """
    readings = read(definition, facts, subject_keys(subjects), period_start, period_end, complete=complete)
    return pl.DataFrame([(key, *reading) for key, reading in readings.items()], schema=_SCHEMA, orient="row")


def read(
    definition: Measure,
    facts: IntoFrame,
    subjects: Iterable[int],
    period_start: date,
    period_end: date,
    *,
    complete: Collection[int] | None = None,
) -> dict[int, Reading]:
    """The same as `measure`, as a mapping from subject to reading."""
    if definition.kind == "idle":
        found = _marked_rows(definition, facts, period_start, period_end)
        readings = {key: _idled(found.get(key, [])) for key in subjects}
    elif definition.kind == "growth":
        inner, before = _inner(definition), earlier(period_start, period_end, definition.against)
        now, past = _tallies(inner, facts, period_start, period_end), _tallies(inner, facts, *before)
        readings = {key: _growth(_judge(inner, now, key), _judge(inner, past, key)) for key in subjects}
    else:
        tallies = _tallies(definition, facts, period_start, period_end)
        readings = {key: _judge(definition, tallies, key) for key in subjects}
    if complete is None:
        return readings
    return {key: r if key in complete else _unknown(r, "数据源尚未报齐") for key, r in readings.items()}


def records(
    definition: Measure, facts: IntoFrame, subject: int, period_start: date, period_end: date
) -> Records:
    """The records behind one subject's figure; for growth the denominator holds the earlier period's records."""
    return all_records(definition, facts, period_start, period_end).get(subject, NO_RECORDS)


def all_records(
    definition: Measure, facts: IntoFrame, period_start: date, period_end: date
) -> dict[int, Records]:
    """The same for every subject that has any, in one pass over the facts."""
    if definition.kind == "growth":
        inner, before = _inner(definition), earlier(period_start, period_end, definition.against)
        now, past = all_records(inner, facts, period_start, period_end), all_records(inner, facts, *before)
        return {
            key: now.get(key, NO_RECORDS)._replace(denominator=past.get(key, NO_RECORDS).numerator)
            for key in now.keys() | past.keys()
        }
    found = _marked_rows(definition, facts, period_start, period_end)
    counted = _longest_idle if definition.kind == "idle" else _hits
    return {key: _records(rows, counted(rows)) for key, rows in found.items()}


def _marked_rows(definition: Measure, facts: IntoFrame, start: date, end: date) -> dict[int, list[_Row]]:
    """The rows of the base by subject, in order of their records."""
    marked = _marked(definition, facts, start, end).select("subject", "record", "day", "hits")
    rows = marked.sort("subject", "record", "day").collect().rows()
    return {key: [_Row(*row[1:]) for row in group] for key, group in groupby(rows, key=itemgetter(0))}


def _hits(rows: Sequence[_Row]) -> list[_Row]:
    return [row for row in rows if row.hit]


def _longest_idle(rows: Sequence[_Row]) -> list[_Row]:
    """The rows of the longest run of months without a hit; a month in which nothing was asked for ends a run."""
    best: list[list[_Row]] = []
    run: list[list[_Row]] = []
    for month, group in groupby(sorted(rows, key=itemgetter(1)), key=_month):
        held = list(group)
        if _hits(held):
            run = []
        elif run and _month(run[-1][0]) + 1 == month:
            run = [*run, held]
        else:
            run = [held]
        best = max(best, run, key=len)
    return [row for held in best for row in held]


def _month(row: _Row) -> int:
    return 12 * row.day.year + row.day.month


def _records(rows: Sequence[_Row], counted: Sequence[_Row]) -> Records:
    return Records(
        tuple(row.record for row in counted),
        tuple(row.record for row in rows),
        tuple(row.day for row in counted),
    )


def subject_keys(subjects: IntoFrame) -> list[int]:
    """The keys of a subjects frame, in its order."""
    keys: list[int] = nw.from_native(subjects).lazy().select("subject").collect()["subject"].to_list()
    return keys


def earlier(start: date, end: date, against: str) -> tuple[date, date]:
    """The period to compare with: a year before, or just before; whole months stay whole months."""
    months = 12 * (end.year - start.year) + end.month - start.month + 1
    whole = start.day == 1 and end == _month_end(end)
    if against == "period" and not whole:
        return start - (end - start) - timedelta(days=1), start - timedelta(days=1)
    back = 12 if against == "year" else months
    last = _shift(end, back)
    return _shift(start, back), _month_end(last) if whole else last


def _month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def _shift(day: date, months: int) -> date:
    year, month = divmod(12 * day.year + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _inner(definition: Measure) -> Measure:
    return replace(definition, kind=definition.of, of="sum", against="year")


def _tallies(definition: Measure, facts: IntoFrame, start: date, end: date) -> dict[int, _Tally]:
    marked = _marked(definition, facts, start, end)
    if definition.once or definition.kind == "people":
        marked = marked.group_by("subject", "once").agg(nw.col(*_Tally._fields).max())
    sums = marked.group_by("subject").agg(nw.col(*_Tally._fields).sum()).collect()
    return {row["subject"]: _Tally(*(row[f] for f in _Tally._fields)) for row in sums.iter_rows(named=True)}


def _marked(definition: Measure, facts: IntoFrame, start: date, end: date) -> nw.LazyFrame[Any]:
    """The period's rows of the base, each marked with what it adds (when/then only, which every engine has)."""
    check(definition, facts)
    frame = nw.from_native(facts).lazy()
    base, hit = _flags(definition, frame.collect_schema(), end)
    weight = nw.col(definition.weight) if definition.weight else nw.lit(1)
    amount = nw.col(definition.column) * weight if definition.kind in ("sum", "mean") else nw.lit(1)
    once = "person" if definition.kind == "people" else definition.once or "record"
    return frame.filter(nw.col("day").is_between(start, end) & base).select(
        nw.col("record", "day"),
        nw.col(definition.by).alias("subject"),
        nw.col(once).alias("once"),
        nw.lit(1.0).alias("rows"),
        _if(hit, nw.lit(1.0)).alias("hits"),
        _if(hit, amount).alias("amount"),
        _if(hit, weight).alias("weight"),
    )


def _if(flag: nw.Expr, then: nw.Expr) -> nw.Expr:
    return nw.when(flag).then(then.cast(nw.Float64)).otherwise(nw.lit(0.0))


def _flags(definition: Measure, columns: Columns, end: date) -> tuple[nw.Expr, nw.Expr]:
    """Which rows are the base, and which of them are counted."""
    where, column = _matches(definition.where), nw.col(definition.column or "record")
    filled = ~column.is_null()
    if definition.kind in ("share", "idle"):
        base = _matches(definition.over) & _has(definition.once)
        return base, where
    if definition.kind == "on_time":
        return where & (nw.col(definition.due) <= end), column <= nw.col(definition.due)
    if definition.kind == "missing":
        done = column if column_type(columns, definition.column) == "是否" else filled
        return where & _is_due(definition.due, columns, end), ~done.fill_null(False)
    if definition.kind == "mean":
        return where, filled & _has(definition.weight)
    if definition.kind == "sum":
        # a sum with an empty number in it, or with a matter that nobody named, cannot be known
        return where, filled & _has(definition.once)
    return where & _has("person" if definition.kind == "people" else definition.once), nw.lit(True)


def _has(column: str) -> nw.Expr:
    return ~nw.col(column).is_null() if column else nw.lit(True)


def _is_due(due: str, columns: Columns, end: date) -> nw.Expr:
    if not due:
        return nw.lit(True)
    return nw.col(due) if column_type(columns, due) == "是否" else nw.col(due) <= end


def _matches(where: Where) -> nw.Expr:
    everything: nw.Expr = nw.lit(True)
    return reduce(and_, (_match(nw.col(name), wanted) for name, wanted in where.items()), everything)


def _match(column: nw.Expr, wanted: Any) -> nw.Expr:
    if wanted is None:
        return column.is_null()
    if isinstance(wanted, Mapping):
        low, high = wanted.get("min"), wanted.get("max")
        at_least = nw.lit(True) if low is None else column >= low
        return at_least if high is None else at_least & (column <= high)
    if isinstance(wanted, (list, tuple, set, frozenset)):
        return column.is_in(list(wanted))
    equal: nw.Expr = column == wanted
    return equal


def _judge(definition: Measure, tallies: Mapping[int, _Tally], subject: int) -> Reading:
    return _JUDGES[definition.kind](tallies.get(subject, _Tally()))


def _counted(tally: _Tally) -> Reading:
    return Reading(tally.hits, tally.hits, None, "known", "")


def _summed(tally: _Tally) -> Reading:
    reading = Reading(tally.amount, tally.amount, None, "known", "")
    blank = tally.rows - tally.hits
    return _unknown(reading, f"有 {blank:.0f} 条记录缺数值") if blank else reading


def _averaged(tally: _Tally) -> Reading:
    if tally.weight:
        blank = tally.rows - tally.hits
        note = f"{blank:.0f} 条无数据，不计入" if blank else ""
        return Reading(tally.amount / tally.weight, tally.amount, tally.weight, "known", note)
    if tally.rows > tally.hits:
        return Reading(None, None, None, "unknown", "有记录而无数值")
    return _nothing("期内没有应计的记录")


def _shared(tally: _Tally) -> Reading:
    if not tally.rows:
        return _nothing("期内没有应计的事项")
    return Reading(tally.hits / tally.rows, tally.hits, tally.rows, "known", "")


def _missed(tally: _Tally) -> Reading:
    if not tally.rows:
        return _nothing("期内没有应办的事项")
    return Reading(tally.hits, tally.hits, tally.rows, "known", "")


def _idled(rows: Sequence[_Row]) -> Reading:
    if not rows:
        return _nothing("期内没有应开展的月份")
    idle = float(len({_month(row) for row in _longest_idle(rows)}))
    return Reading(idle, idle, float(len({_month(row) for row in rows})), "known", "")


def _growth(now: Reading, before: Reading) -> Reading:
    if "unknown" in (now.status, before.status):
        return Reading(None, now.value, before.value, "unknown", now.reason or before.reason)
    if now.value is None or not before.value or before.value < 0:
        return Reading(None, now.value, before.value, "inapplicable", "没有可比的基期数")
    return Reading(now.value / before.value - 1, now.value, before.value, "known", "")


def _nothing(reason: str) -> Reading:
    return Reading(None, 0.0, 0.0, "inapplicable", reason)


def _unknown(reading: Reading, reason: str) -> Reading:
    return reading._replace(value=None, status="unknown", reason=reason)


_JUDGES: dict[str, Callable[[_Tally], Reading]] = {
    "count": _counted,
    "people": _counted,
    "sum": _summed,
    "mean": _averaged,
    "share": _shared,
    "on_time": _shared,
    "missing": _missed,
}
