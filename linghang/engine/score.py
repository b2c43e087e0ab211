"""Numbers to points: a closed vocabulary of scoring rules, and the lines they give per item and subject.

Points are computed with exact fractions and rounded half-up to two decimals. Numbers read from an engine are first cut to
twelve significant digits, so that the order in which it added them cannot show.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any, Literal, get_args

import narwhals as nw
from narwhals.typing import IntoFrame

from linghang.engine.definition import DefinitionError, Measure, check_fields, unknown_name
from linghang.engine.measure import Reading, Status, read

Number = int | float | Decimal
RuleKind = Literal["linear", "ladder", "each", "met", "rank", "manual", "veto", "plus", "minus"]
Section = Literal["base", "plus", "minus", "veto", "adjust"]
Marks = Mapping[str, Mapping[int, Number]]

_FIELDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "linear": ((), ("target", "low")),
    "ladder": (("steps",), ("low",)),
    "each": (("step",), ()),
    "met": (("target",), ("low",)),
    "rank": (("steps",), ("low",)),
    "manual": ((), ()),
    "veto": ((), ("target",)),
    "plus": (("step",), ()),
    "minus": (("step",), ()),
}
_COUNTED = ("count", "sum", "people", "missing", "idle")


@dataclass(frozen=True, slots=True)
class Rule:
    """How a number becomes points.

    linear: value ÷ target × full · ladder: the best step reached, as (bound, points) · each: full less `step` per miss ·
    met: full from `target` on · rank: (share of the class from the top, points) · manual: the points given ·
    plus: `step` for each one, up to full · minus: `step` off for each one, down to −full · veto: any one
    is a hit, or as many as `target`.
    `low` says that a smaller value is the better one.
    """

    kind: RuleKind
    target: Number | None = None
    step: Number | None = None
    steps: tuple[tuple[Number, Number], ...] = ()
    low: bool = False

    def __post_init__(self) -> None:
        if self.kind not in _FIELDS:
            raise unknown_name("计分规则", self.kind, get_args(RuleKind))
        check_fields("计分规则", self, *_FIELDS[self.kind])
        if (self.target is not None and self.target <= 0) or (self.step is not None and self.step <= 0):
            raise DefinitionError(f"计分规则“{self.kind}”的目标值和每次分值必须大于 0")

    def is_hit(self, value: Number | None) -> bool:
        """Whether a veto bites at this value."""
        least = self.target or 0
        return bool(value) and (value or 0) >= least


@dataclass(frozen=True, slots=True)
class Words:
    """The words a sentence is made of: 应开 4 次，开了 2 次. `cadence` (month, quarter) names the gaps, `lack` what they are."""

    due: str
    done: str
    unit: str = "项"
    cadence: Literal["", "month", "quarter"] = ""
    lack: str = "缺"


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a scheme. Without a measure its value is the mark given by hand.

    `applicable` is a set of subjects or a bool column of the subjects' frame, `otherwise` the reason shown to the rest.
    `extra` puts it outside the base as a bonus; of the items of one `group` only the highest counts; a hit veto lets the
    rating be no better than `ceiling` (empty: no rating at all).
    """

    code: str
    dimension: str
    name: str
    full: Number
    rule: Rule
    measure: Measure | None = None
    applicable: frozenset[int] | str | None = None
    otherwise: str = "不在本项适用范围"
    extra: bool = False
    group: str = ""
    ceiling: str = ""
    words: Words | None = None

    def __post_init__(self) -> None:
        if self.full < 0 or any(not 0 <= points <= self.full for _, points in self.rule.steps):
            raise DefinitionError(f"{self.code}：分值不能小于 0，各档得分不能超过满分")
        if self.measure and self.rule.kind == "manual":
            raise DefinitionError(f"{self.code}：人工评分项不写计量")
        if (
            self.measure
            and self.rule.kind in ("each", "plus", "minus", "veto")
            and self.measure.kind not in _COUNTED
        ):
            raise DefinitionError(
                f"{self.code}：规则“{self.rule.kind}”按次计，计量只能是{'、'.join(_COUNTED)}"
            )

    @property
    def section(self) -> Section:
        """Where its points go: the base, the bonus, the deductions, or a veto without points."""
        if self.rule.kind == "veto":
            return "veto"
        if self.rule.kind == "minus":
            return "minus"
        return "plus" if self.extra else "base"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a sheet with the inputs that it came from; `place` is (place, class size) of a ranked item."""

    subject: int
    code: str
    name: str
    dimension: str
    section: Section
    full: Decimal
    points: Decimal | None
    status: Status
    reason: str = ""
    reading: Reading | None = None
    place: tuple[int, int] | None = None
    item: Item | None = None

    @property
    def hit(self) -> bool:
        """Whether this is a veto that bites."""
        value = self.reading.value if self.reading else None
        return self.section == "veto" and self.item is not None and self.item.rule.is_hit(value)


def half_up(value: Fraction) -> Decimal:
    """Two decimals, halves away from zero."""
    cents = floor(abs(value) * 100 + Fraction(1, 2))
    return Decimal(cents if value >= 0 else -cents).scaleb(-2)


def exact(number: Number) -> Fraction:
    """A number as an exact fraction; floats are cut to twelve significant digits."""
    return Fraction(f"{number:.12g}") if isinstance(number, float) else Fraction(number)


def points(
    rule: Rule, full: Number, value: Number | Fraction, place: tuple[int, int] | None = None
) -> Decimal:
    """What a value scores under a rule, rounded half-up to two decimals."""
    number = value if isinstance(value, Fraction) else exact(value)
    return half_up(_POINTS[rule.kind](rule, exact(full), number, place or (1, 1)))


def _linear(rule: Rule, full: Fraction, value: Fraction, place: tuple[int, int]) -> Fraction:
    target = exact(1 if rule.target is None else rule.target)
    if rule.low:
        return full if value <= target else full * target / value
    return full * min(max(value / target, Fraction(0)), Fraction(1))


def _ladder(rule: Rule, full: Fraction, value: Fraction, place: tuple[int, int]) -> Fraction:
    return max((exact(p) for bound, p in rule.steps if _reaches(rule, value, bound)), default=Fraction(0))


def _rank(rule: Rule, full: Fraction, value: Fraction, place: tuple[int, int]) -> Fraction:
    share = Fraction(*place)
    return max((exact(p) for bound, p in rule.steps if share <= exact(bound)), default=Fraction(0))


def _met(rule: Rule, full: Fraction, value: Fraction, place: tuple[int, int]) -> Fraction:
    return full if _reaches(rule, value, rule.target or 0) else Fraction(0)


def _reaches(rule: Rule, value: Fraction, bound: Number) -> bool:
    return value <= exact(bound) if rule.low else value >= exact(bound)


def _steps(rule: Rule, full: Fraction, value: Fraction) -> Fraction:
    return min(full, exact(rule.step or 0) * max(value, Fraction(0)))


_POINTS: dict[str, Callable[[Rule, Fraction, Fraction, tuple[int, int]], Fraction]] = {
    "linear": _linear,
    "ladder": _ladder,
    "rank": _rank,
    "met": _met,
    "each": lambda rule, full, value, place: full - _steps(rule, full, value),
    "plus": lambda rule, full, value, place: _steps(rule, full, value),
    "minus": lambda rule, full, value, place: -_steps(rule, full, value),
    "manual": lambda rule, full, value, place: value,
    "veto": lambda rule, full, value, place: Fraction(0),
}


def score_items(
    items: Sequence[Item],
    facts: Mapping[str, IntoFrame],
    subjects: IntoFrame,
    period_start: date,
    period_end: date,
    *,
    complete: Mapping[str, Collection[int]] | None = None,
    marks: Marks | None = None,
) -> list[Line]:
    """One line per item and subject. `facts` and `complete` go by source; `marks` holds what was given by hand, by item."""
    table = nw.from_native(subjects).lazy().collect().to_dict(as_series=False)
    codes = [item.code for item in items]
    if doubled := {code for code in codes if codes.count(code) > 1}:
        raise DefinitionError(f"指标代码重复：{'、'.join(sorted(doubled))}")
    lines: list[Line] = []
    for item in items:
        if item.measure is None:
            readings = _given(item, (marks or {}).get(item.code, {}), table["subject"])
        else:
            source = item.measure.source
            if source not in facts:
                raise unknown_name("数据源", source, facts)
            known = (complete or {}).get(source)
            readings = read(
                item.measure, facts[source], table["subject"], period_start, period_end, complete=known
            )
        lines += _lines(item, _within(item, readings, table), table)
    return lines


def _given(item: Item, given: Mapping[int, Number], subjects: Iterable[int]) -> dict[int, Reading]:
    """Marks by hand as readings; what nobody has marked yet is unknown."""
    readings = {}
    for subject in subjects:
        mark = given.get(subject)
        if mark is not None and item.rule.kind == "manual" and not 0 <= mark <= item.full:
            raise ValueError(f"{item.code} {item.name}：评分 {mark} 不在 0 至 {item.full} 之间")
        status: Status = "unknown" if mark is None else "known"
        value = None if mark is None else float(mark)
        readings[subject] = Reading(value, value, None, status, "" if value is not None else "尚未评分")
    return readings


def _within(
    item: Item, readings: Mapping[int, Reading], table: Mapping[str, list[Any]]
) -> dict[int, Reading]:
    """Readings with the item's scope laid over them: what does not apply is inapplicable, whatever was counted."""
    scope = item.applicable
    if isinstance(scope, str):
        if scope not in table:
            raise unknown_name("对象的列", scope, table)
        scope = frozenset(key for key, applies in zip(table["subject"], table[scope], strict=True) if applies)
    outside = Reading(None, None, None, "inapplicable", item.otherwise)
    return {key: r if scope is None or key in scope else outside for key, r in readings.items()}


def _lines(item: Item, readings: Mapping[int, Reading], table: Mapping[str, list[Any]]) -> list[Line]:
    values = {key: _value(item, reading) for key, reading in readings.items() if reading.status == "known"}
    places = _places(item, values, table) if item.rule.kind == "rank" else {}
    return [
        Line(
            key, item.code, item.name, item.dimension, item.section, half_up(exact(item.full)),
            points(item.rule, item.full, values[key], places.get(key)) if key in values else None,
            reading.status, reading.reason, reading, places.get(key), item,
        )
        for key, reading in readings.items()
    ]  # fmt: skip


def _value(item: Item, reading: Reading) -> Fraction:
    """The value as an exact fraction. Linear reads a `missing` measure as the share that was done."""
    kind = item.measure.kind if item.measure else ""
    top, bottom = exact(reading.numerator or 0), exact(reading.denominator or 1)
    if kind == "missing" and item.rule.kind == "linear":
        return (bottom - top) / bottom
    if kind in ("share", "on_time", "mean"):
        return top / bottom
    return top / bottom - 1 if kind == "growth" else top


def _places(
    item: Item, values: Mapping[int, Fraction], table: Mapping[str, list[Any]]
) -> dict[int, tuple[int, int]]:
    """Place within the class (column `category`, or all together); equals share the better place."""
    classes = dict(zip(table["subject"], table.get("category", [None] * len(table["subject"])), strict=True))
    ordered: dict[Any, list[Fraction]] = {}
    for key in sorted(values, key=values.__getitem__):
        ordered.setdefault(classes[key], []).append(values[key])
    places = {}
    for key, value in values.items():
        peers = ordered[classes[key]]
        ahead = bisect_left(peers, value) if item.rule.low else len(peers) - bisect_right(peers, value)
        places[key] = (ahead + 1, len(peers))
    return places
