"""What a scheme may say: a closed vocabulary of measures and scoring rules, checked before it is stored (house.md §5)."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Annotated, Literal, Self

import polars as pl
from pydantic import model_validator

from linghang.engine.definition import DefinitionError, Kind, Measure, check
from linghang.engine.rate import Rating, Ratings
from linghang.engine.score import Item, Rule, RuleKind, Words
from linghang.kernel.blueprint import Entry, Ref
from linghang.kernel.facts import SOURCES

BEGINNING = date(2020, 1, 1)
MANY = 99
Category = Literal["clinical", "technical", "nursing", "administrative", "retired", "student"]
Plain = str | bool | int | float | date | None
Where = dict[str, Plain | list[Plain] | dict[Literal["min", "max"], Plain]]


class MeasureEntry(Entry):
    """What is counted, in the engine's vocabulary."""

    kind: Kind
    source: Annotated[str, Ref("kernel.sources")]
    where: Where = {}
    over: Where = {}
    column: str = ""
    due: str = ""
    weight: str = ""
    once: str = ""
    of: Literal["count", "sum", "mean"] = "sum"
    against: Literal["year", "period"] = "year"

    @model_validator(mode="after")
    def _fits(self) -> Self:
        """Refuse columns that the source lacks, with the nearest name."""
        try:
            found = self.measure()
            if self.source in SOURCES:
                check(found, pl.DataFrame(schema=SOURCES[self.source].schema))
        except DefinitionError as problem:
            raise ValueError(str(problem)) from None
        return self

    def measure(self) -> Measure:
        return Measure(**self.model_dump())


class RuleEntry(Entry):
    """How the number becomes points."""

    kind: RuleKind = "manual"
    target: float | None = None
    step: float | None = None
    steps: list[tuple[float, float]] = []
    low: bool = False

    def rule(self) -> Rule:
        data = self.model_dump()
        return Rule(**data | {"steps": tuple((bound, points) for bound, points in data["steps"])})


class WordsEntry(Entry):
    """The words of its sentence: 应开 4 次，开了 2 次."""

    due: str = ""
    done: str = ""
    unit: str = "项"
    cadence: Literal["", "month", "quarter"] = ""
    lack: str = "缺"


class ItemEntry(Entry):
    """One line of the scheme. Without a measure it is marked by hand; `evidence` counts the records behind the figure."""

    code: str
    dimension: str
    name: str
    full: float
    basis: str = ""
    inhouse: bool = True
    hint: str = ""
    rule: RuleEntry = RuleEntry()
    measure: MeasureEntry | None = None
    evidence: MeasureEntry | None = None
    words: WordsEntry | None = None
    categories: list[Category] = []
    otherwise: str = "不在本项适用范围"
    extra: bool = False
    group: str = ""
    ceiling: str = ""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        try:
            self.item(None)
        except DefinitionError as problem:
            raise ValueError(f"{self.code} {problem}") from None
        return self

    @property
    def by_hand(self) -> bool:
        return self.measure is None

    @property
    def claimed(self) -> bool:
        """Bonus, deduction or veto: nothing registered means none, not unknown."""
        return self.extra or self.rule.kind in ("plus", "minus", "veto")

    @property
    def suggested(self) -> bool:
        """A bonus, deduction or veto that the records suggest: it counts once a named person has confirmed it."""
        return self.claimed and self.measure is not None

    @property
    def marked(self) -> bool:
        """Whether somebody gives a mark for it: all of the points, or a yes or no to what the records suggest."""
        return self.by_hand or self.suggested

    def found_words(self, value: str) -> str:
        """What the records suggest, in words: 党委督查发现反复出现的问题 1 项."""
        words = self.words or WordsEntry()
        return f"{words.done} {value} {words.unit}".strip()

    def bites(self, value: float | None) -> bool:
        """Whether a claimed line changes anything at this value."""
        return self.rule.rule().is_hit(value) if self.rule.kind == "veto" else bool(value)

    @property
    def most(self) -> float:
        """The largest number that may be given by hand: points, how many times, or yes."""
        if self.suggested:
            return 1
        return self.full if self.rule.kind == "manual" else MANY

    def measures(self) -> list[MeasureEntry]:
        """What is counted for it: the number, and the records that stand for it."""
        return [each for each in (self.measure, self.evidence) if each is not None]

    def item(self, applicable: frozenset[int] | None, otherwise: str = "") -> Item:
        """The engine's item for those branches to which it applies (None: all)."""
        return Item(
            code=self.code,
            dimension=self.dimension,
            name=self.name,
            full=self.full,
            rule=self.rule.rule(),
            measure=self.measure.measure() if self.measure else None,
            applicable=applicable,
            otherwise=otherwise or self.otherwise,
            extra=self.extra,
            group=self.group,
            ceiling=self.ceiling,
            words=Words(**self.words.model_dump()) if self.words else None,
        )


class DimensionEntry(Entry):
    code: str
    name: str


class RatingEntry(Entry):
    """One rating, best first. `eligible` opens honours, `coefficient` is a mere suggestion for pay."""

    name: str
    minimum: float = 0
    share: float | None = None
    eligible: bool = False
    coefficient: float | None = None


class TieEntry(Entry):
    """What parts equals: the points of a dimension, or a measure."""

    name: str
    dimension: str = ""
    measure: MeasureEntry | None = None


class SchemeEntry(Entry):
    """A whole scheme: dimensions, items, ratings with quotas, and how equals are parted."""

    code: str
    title: str
    since: date = BEGINNING
    basis: str = ""
    full: float = 100
    plus_cap: float = 10
    dimensions: list[DimensionEntry]
    items: list[ItemEntry]
    ratings: list[RatingEntry]
    ties: list[TieEntry] = []
    exclusive: bool = True
    by_class: bool = False

    @model_validator(mode="after")
    def _fits(self) -> Self:
        doubled = [code for code, count in Counter(item.code for item in self.items).items() if count > 1]
        if doubled:
            raise ValueError(f"指标代码重复：{'、'.join(doubled)}")
        _within([item.dimension for item in self.items if not item.claimed], self.dimension_codes, "维度")
        _within([tie.dimension for tie in self.ties if tie.dimension], self.dimension_codes, "维度")
        _within([item.ceiling for item in self.items if item.ceiling], [r.name for r in self.ratings], "等次")
        try:
            self.rules()
        except DefinitionError as problem:
            raise ValueError(str(problem)) from None
        return self

    @property
    def dimension_codes(self) -> list[str]:
        return [dimension.code for dimension in self.dimensions]

    def rules(self) -> Ratings:
        """The engine's ratings."""
        return Ratings(
            tuple(Rating(rating.name, _whole(rating.minimum), rating.share) for rating in self.ratings),
            ties=tuple(tie.name for tie in self.ties),
            inclusive=not self.exclusive,
            by_class=self.by_class,
        )

    def entry(self, code: str) -> ItemEntry | None:
        return next((item for item in self.items if item.code == code), None)

    def measures(self) -> list[MeasureEntry]:
        """Every measure of the scheme, for the sources that a run must load."""
        found = [each for item in self.items for each in item.measures()]
        return found + [tie.measure for tie in self.ties if tie.measure is not None]


def _whole(number: float) -> float | int:
    """80 rather than 80.0, as it stands in sentences."""
    return int(number) if number == int(number) else number


def _within(used: Iterable[str], known: Iterable[str], what: str) -> None:
    if strangers := set(used) - set(known):
        raise ValueError(f"没有名为“{min(strangers)}”的{what}")
