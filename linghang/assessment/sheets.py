"""A branch's 成绩单 as pages and papers show it: dimensions, lines, and every figure leading to its records."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from linghang.assessment.definition import ItemEntry, SchemeEntry
from linghang.assessment.models import Cycle, Rating, Score
from linghang.assessment.parameters import SHOW_TRIAL
from linghang.kernel.access import Actor
from linghang.kernel.figures import OFFERS, figure_url
from linghang.kernel.parameters import value

TWO_NUMBERS = frozenset({"share", "on_time", "missing", "growth"})
_FIGURE = re.compile(r"\d[\d,.]*(?: [^\d\s，]+)?")


def sees_trials(person: Actor) -> bool:
    """Whether somebody sees results before they are public: the office always, a branch where the hospital shows them."""
    return bool(person.reach(Cycle.view_verb)) or bool(value(SHOW_TRIAL))


def may_see(person: Actor, cycle: Cycle) -> bool:
    """Whether the sheets of a cycle are open to those who may see sheets at all."""
    return cycle.is_public or sees_trials(person)


@dataclass(frozen=True)
class Piece:
    """A part of a sentence; a figure has an address."""

    text: str
    url: str = ""


@dataclass(frozen=True)
class Gauge:
    """One dimension: points of the full marks that apply."""

    name: str
    points: Decimal
    full: Decimal


@dataclass(frozen=True)
class Row:
    """One line of the sheet."""

    score: Score
    entry: ItemEntry | None
    counted: list[Piece]

    @property
    def shown_points(self) -> str:
        """Points, or the word that stands in their place."""
        return "" if self.score.points is not None else self.score.get_status_display()

    @property
    def lost(self) -> Decimal:
        """How far from full marks; what cannot be known yet is lost as a whole."""
        if self.score.status == Score.Status.INAPPLICABLE:
            return Decimal(0)
        return self.score.full - (self.score.points or Decimal(0))


@dataclass(frozen=True)
class Group:
    """One dimension of the sheet and its lines, those that lost most first; bonus, deductions and caps are the last one."""

    key: str
    name: str
    rows: list[Row]
    gauge: Gauge | None = None
    open: bool = False

    @property
    def lost(self) -> Decimal:
        return sum((row.lost for row in self.rows), Decimal(0)) if self.gauge else Decimal(0)

    @property
    def words(self) -> str:
        """How it stands, in words."""
        if self.gauge is None:
            return f"{len(self.rows)} 项"
        unknown = sum(row.score.status == Score.Status.UNKNOWN for row in self.rows)
        losing = sum(bool(row.lost) for row in self.rows) - unknown
        said = [f"{losing} 项失分"] if losing else []
        said += [f"{unknown} 项无法判定"] if unknown else []
        return "，".join(said) or ("没有失分" if self.gauge.full else "不适用")


def rows(scores: Iterable[Score], scheme: SchemeEntry) -> list[Row]:
    """The lines that say something: all of the base, and of bonus, deductions and vetoes those that were hit."""
    entries = {item.code: item for item in scheme.items}
    return [
        Row(score, entry, pieces(score, entry))
        for score in scores
        for entry in [entries.get(score.code)]
        if score.section in ("base", "adjust") or (entry is not None and entry.bites(score.value))
    ]


def groups(
    found: Sequence[Row], scheme: SchemeEntry, measured: Sequence[Gauge], unfolded: bool
) -> list[Group]:
    """The sheet by dimension; the one that lost most stands open, or all."""
    made = []
    for dimension, gauge in zip(scheme.dimensions, measured, strict=True):
        own = [row for row in found if row.score.section == "base" and row.score.dimension == dimension.code]
        ordered = sorted(own, key=lambda row: row.lost, reverse=True)
        made.append(Group(dimension.code, gauge.name, ordered, gauge))
    worst = max((group.lost for group in made), default=Decimal(0))
    rest = [row for row in found if row.score.section != "base"]
    made.append(Group("extra", "加减分和折算", rest, open=True))
    return [replace(g, open=unfolded or g.open or 0 < worst == g.lost) for g in made if g.rows]


def gauges(scores: Sequence[Score], scheme: SchemeEntry) -> list[Gauge]:
    """Points by dimension, over the full marks of what applies and is known."""
    found = []
    for dimension in scheme.dimensions:
        own = [
            s
            for s in scores
            if s.dimension == dimension.code and s.section == "base" and s.points is not None
        ]
        points = sum((score.points for score in own if score.points is not None), Decimal(0))
        found.append(
            Gauge(f"{dimension.code} {dimension.name}", points, sum((s.full for s in own), Decimal(0)))
        )
    return found


def pieces(score: Score, entry: ItemEntry | None) -> list[Piece]:
    """The sentence of what was counted, cut so that each figure opens its records."""
    if entry is None or entry.measure is None or score.figure is None:
        return [Piece(score.counted)]
    parts = ("denominator", "numerator") if entry.measure.kind in TWO_NUMBERS else ("numerator",)
    return list(_cut(score, entry, iter(parts)))


def _cut(score: Score, entry: ItemEntry, parts: Iterator[str]) -> Iterator[Piece]:
    done = 0
    for found in _FIGURE.finditer(score.counted):
        part = next(parts, "")
        yield Piece(score.counted[done : found.start()])
        yield Piece(found[0], _address(score, entry, part) if part else "")
        done = found.end()
    yield Piece(score.counted[done:])


def _address(score: Score, entry: ItemEntry, part: str) -> str:
    """Where a figure leads: to the records that the run kept; what was owed, to the page that its source has."""
    if part == "denominator" and entry.measure is not None and entry.measure.source in OFFERS:
        return figure_url(entry.measure.source, score.unit_id, **asked(score, entry))
    return figure_url("assessment.score", score.pk, part=part)


def asked(score: Score, entry: ItemEntry) -> dict[str, str]:
    """What was asked of the source for this line, as its own page is asked: the filter and the days."""
    if entry.measure is None or score.figure is None:
        return {}
    plain = {name: value for name, value in entry.measure.where.items() if isinstance(value, str)}
    return plain | {name: score.figure.definition[name] for name in ("since", "until")}


def paper_context(rating: Rating) -> dict[str, Any]:
    """What the Word template of a 成绩单 needs."""
    cycle, scheme = rating.cycle, rating.cycle.scheme.content
    scores = list(rating.scores())
    return {
        "unit": rating.unit.name,
        "issuer": cycle.unit.name,
        "cycle": cycle.title,
        "since": cycle.since.isoformat(),
        "until": cycle.until.isoformat(),
        "scheme": f"{cycle.scheme.title}（{cycle.scheme.since:%Y-%m-%d} 起）",
        "seal": cycle.run.code if cycle.run else "",
        "total": "无法判定" if rating.total is None else f"{rating.total:.2f}",
        "rating": rating.confirmed or rating.proposed or "—",
        "dimensions": [
            {"name": g.name, "points": f"{g.points:.2f}", "full": f"{g.full:g}"}
            for g in gauges(scores, scheme)
        ],
        "lines": [
            {
                "name": str(row.score),
                "counted": row.score.counted or ("人工评定" if row.score.by_hand else ""),
                "points": row.shown_points or f"{row.score.points:.2f}",
                "full": f"{row.score.full:g}" if row.score.section == "base" else "",
                "why": row.score.why,
            }
            for row in rows(scores, scheme)
        ],
    }
