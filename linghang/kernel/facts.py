"""What may be counted. Modules offer facts; whoever needs them pulls them, for any period, at any time.

A source is one function over the plain ORM giving tuples: record, unit, person, day, then its declared columns. Asked
for some units it reads only theirs, so that a page of one branch does not pay for the whole hospital.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

import polars as pl
from django.db.models import Q

Code, Number, Date, Bool = pl.String, pl.Float64, pl.Date, pl.Boolean
FIXED: dict[str, Any] = {"record": pl.Int64, "unit": pl.Int64, "person": pl.Int64, "day": pl.Date}
Rows = Iterable[tuple[Any, ...]]
Units = Collection[int] | None


class Reader(Protocol):
    """A source's function: the facts of the days from `start` to `end`, of all units or of these."""

    def __call__(self, start: date, end: date, units: Units = None) -> Rows: ...


def of_units(path: str, units: Units) -> Q:
    """The condition by which a source keeps to the units asked for; `path` leads from its model to the unit."""
    return Q() if units is None else Q(**{f"{path}__in": units})


@dataclass(frozen=True)
class Source:
    """A declared source: its name, Chinese title, the model whose keys `record` holds, and its typed columns."""

    name: str
    title: str
    of: str
    columns: dict[str, Any]
    rows: Reader

    @property
    def schema(self) -> dict[str, Any]:
        return FIXED | self.columns

    def frame(self, start: date, end: date, units: Units = None) -> pl.DataFrame:
        """The facts of the days from `start` to `end`, both included, of all units or of these."""
        return pl.DataFrame(list(self.rows(start, end, units)), schema=self.schema, orient="row")


SOURCES: dict[str, Source] = {}


def facts(name: str, title: str, *, of: str, **columns: Any) -> Callable[[Reader], Reader]:
    """Offer a source. `columns` are Code, Number, Date or Bool; free text is never a fact."""
    if wrong := [column for column, kind in columns.items() if kind not in (Code, Number, Date, Bool)]:
        raise TypeError(f"{name}: columns {wrong} must be Code, Number, Date or Bool")

    def decorate(rows: Reader) -> Reader:
        if name in SOURCES:
            raise ValueError(f"fact source {name} is declared twice")
        SOURCES[name] = Source(name, title, of, columns, rows)
        return rows

    return decorate
