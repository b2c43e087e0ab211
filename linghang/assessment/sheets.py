"""A branch's 成绩单 as pages and papers show it: dimensions, lines, and every figure leading to its records."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from linghang.assessment.definition import ItemEntry, SchemeEntry
from linghang.assessment.models import Rating, Score
from linghang.kernel.access import Actor
from linghang.kernel.refs import Shown, evidence, link

TWO_NUMBERS = frozenset({"share", "on_time", "missing", "growth"})
_FIGURE = re.compile(r"\d[\d,.]*(?: [^\d\s，]+)?")


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


def rows(scores: Iterable[Score], scheme: SchemeEntry) -> list[Row]:
    """The lines that say something: all of the base, and of bonus, deductions and vetoes those that were hit."""
    entries = {item.code: item for item in scheme.items}
    return [
        Row(score, entry, pieces(score, entry))
        for score in scores
        if score.section in ("base", "adjust") or score.value
        for entry in [entries.get(score.code)]
    ]


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
    kind = entry.measure.kind if entry and entry.measure else ""
    parts = iter(("denominator", "numerator") if kind in TWO_NUMBERS else ("numerator",))
    return list(_cut(score, parts, score.evidence()))


def _cut(score: Score, parts: Iterator[str], kept: dict[str, tuple[str, list[int]]]) -> Iterator[Piece]:
    done = 0
    for found in _FIGURE.finditer(score.counted):
        part = next(parts, "")
        yield Piece(score.counted[done : found.start()])
        yield Piece(found[0], _address(score, part, kept))
        done = found.end()
    yield Piece(score.counted[done:])


def _address(score: Score, part: str, kept: dict[str, tuple[str, list[int]]]) -> str:
    """Where a figure leads: its records, or, for what was owed, the checkup that says so."""
    if part in kept:
        return f"{reverse('assessment:score', args=[score.pk])}?{urlencode({'part': part})}"
    return link("compliance.view_checkup", unit=score.unit_id) if part == "denominator" and kept else ""


def behind(person: Actor, score: Score, part: str) -> tuple[list[Shown], int]:
    """The records behind a figure that this reader may see, and how many more there are."""
    of, keys = score.evidence().get(part, ("", []))
    return evidence(person, [f"{of.lower()}:{key}" for key in keys])


def paper_context(rating: Rating) -> dict[str, Any]:
    """What the Word template of a 成绩单 needs."""
    cycle, scheme = rating.cycle, rating.cycle.scheme.content
    scores = list(rating.scores())
    return {
        "unit": rating.unit.name,
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
