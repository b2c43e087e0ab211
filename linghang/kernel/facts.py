"""What may be counted. Modules offer facts; whoever needs them pulls them, for any period, at any time.

A source is one function over the plain ORM giving tuples: record, unit, person, day, then its declared columns.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

Code, Number, Date, Bool = pl.String, pl.Float64, pl.Date, pl.Boolean
FIXED: dict[str, Any] = {"record": pl.Int64, "unit": pl.Int64, "person": pl.Int64, "day": pl.Date}
Rows = Iterable[tuple[Any, ...]]


@dataclass(frozen=True)
class Source:
    """A declared source: its name, Chinese title, the model whose keys `record` holds, and its typed columns."""

    name: str
    title: str
    of: str
    columns: dict[str, Any]
    rows: Callable[[date, date], Rows]

    @property
    def schema(self) -> dict[str, Any]:
        return FIXED | self.columns

    def frame(self, start: date, end: date) -> pl.DataFrame:
        """All facts of the days from `start` to `end`, both included."""
        return pl.DataFrame(list(self.rows(start, end)), schema=self.schema, orient="row")


SOURCES: dict[str, Source] = {}


def facts(
    name: str, title: str, *, of: str, **columns: Any
) -> Callable[[Callable[[date, date], Rows]], Callable[[date, date], Rows]]:
    """Offer a source. `columns` are Code, Number, Date or Bool; free text is never a fact."""
    if wrong := [column for column, kind in columns.items() if kind not in (Code, Number, Date, Bool)]:
        raise TypeError(f"{name}: columns {wrong} must be Code, Number, Date or Bool")

    def decorate(rows: Callable[[date, date], Rows]) -> Callable[[date, date], Rows]:
        if name in SOURCES:
            raise ValueError(f"fact source {name} is declared twice")
        SOURCES[name] = Source(name, title, of, columns, rows)
        return rows

    return decorate
