"""履责记录: how somebody did the duties of a post in a year, drawn from facts; nobody types anything."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from linghang.kernel import clock
from linghang.kernel.facts import SOURCES
from linghang.kernel.figures import figure_url
from linghang.org.models import Unit
from linghang.planning.models import Pledge


@dataclass(frozen=True)
class Way:
    """One way in which a duty shows: 讲党课 3 次."""

    number: int
    words: str
    unit: str
    refs: Sequence[str]
    url: str

    @property
    def count(self) -> int:
        return len(self.refs)


@dataclass(frozen=True)
class Duty:
    """One duty of the list with what was done."""

    code: str
    heading: str
    title: str
    basis: str
    inhouse: bool
    ways: Sequence[Way]

    @property
    def is_seen(self) -> bool:
        return any(way.refs for way in self.ways)


def performed(pledge: Pledge) -> list[Duty]:
    """Every duty of a signed or unsigned list with the records of its year up to today. One query a source, and its units."""
    reader = _Reader(pledge)
    return [reader.read(said) for said in pledge.charges]


class _Reader:
    """The facts of one post's year, each source read once for the post's own unit, the tree below it, or its holder."""

    def __init__(self, pledge: Pledge) -> None:
        self.pledge, self.frames = pledge, dict[tuple[str, str], pl.DataFrame]()
        self.since = max(date(pledge.year, 1, 1), pledge.post.since)
        self.until = min(date(pledge.year, 12, 31), pledge.post.until or date.max, clock.today())
        self.below: list[int] | None = None

    def read(self, said: Mapping[str, Any]) -> Duty:
        """One duty as the list words it."""
        code = f"{said['part_of']}.{said['code']}"
        ways = [self._way(code, number, row) for number, row in enumerate(said["shown_by"])]
        return Duty(code, said["heading"], said["title"], said["basis"], said["inhouse"], ways)

    def _way(self, code: str, number: int, row: Mapping[str, Any]) -> Way:
        refs = self._refs(row) if row["source"] in SOURCES else []
        url = figure_url("planning.pledge", self.pledge.pk, charge=code, way=str(number))
        return Way(number, row["words"], row["unit"], refs, url)

    def _refs(self, row: Mapping[str, Any]) -> list[str]:
        source, frame = SOURCES[row["source"]], self._frame(row["source"], row["by"])
        for column, wanted in row["where"].items():
            if column in frame.columns:
                frame = frame.filter(pl.col(column).is_in(wanted if isinstance(wanted, list) else [wanted]))
        keys = frame["record"].unique(maintain_order=True)
        return [f"{source.of.lower()}:{key}" for key in keys]

    def _frame(self, name: str, by: str) -> pl.DataFrame:
        if (name, by) not in self.frames:
            units = {"unit": [self.pledge.post.unit_id], "tree": self._tree()}.get(by)
            frame = SOURCES[name].frame(self.since, max(self.until, self.since), units)
            mine = pl.col("person") == self.pledge.person_id
            self.frames[name, by] = frame.filter(mine) if by == "person" else frame
        return self.frames[name, by]

    def _tree(self) -> list[int]:
        """The post's unit and all below it."""
        if self.below is None:
            self.below = list(Unit.objects.under(self.pledge.post.unit).values_list("pk", flat=True))
        return self.below
