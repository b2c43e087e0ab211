"""Facts of units rolled up to the branch under which they stood on the day of the fact."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

import polars as pl

from linghang.kernel.facts import FIXED, SOURCES
from linghang.org.models import Coverage, Placement, Unit

UNIT, DAY = list(FIXED).index("unit"), list(FIXED).index("day")
Stay = tuple[int, date, date | None]


class Homes:
    """Which branch a record counts for: its own, that of a group, or the one that covers a department."""

    def __init__(self, branches: Collection[int]) -> None:
        self._branches = frozenset(branches)
        self._stays: dict[int, list[Stay]] = defaultdict(list)
        groups = Placement.objects.filter(parent__in=branches, unit__kind=Unit.Kind.GROUP)
        self._add(groups.values_list("unit_id", "parent_id", "since", "until"))
        covered = Coverage.objects.filter(branch__in=branches)
        self._add(covered.values_list("department_id", "branch_id", "since", "until"))

    def _add(self, rows: Iterable[tuple[int, int, date, date | None]]) -> None:
        for unit, branch, since, until in rows:
            self._stays[unit].append((branch, since, until))

    def of(self, unit: int | None, day: date) -> list[int]:
        """The branches for which a record of this unit and day counts."""
        if unit is None or unit in self._branches:
            return [] if unit is None else [unit]
        return [
            b
            for b, since, until in self._stays.get(unit, ())
            if since <= day and (until is None or day < until)
        ]

    def frame(self, name: str, start: date, end: date) -> pl.DataFrame:
        """A source's facts of the days from start to end, each under its branch."""
        source = SOURCES[name]
        return pl.DataFrame(
            list(self._rolled(source.rows(start, end, {*self._branches, *self._stays}))),
            schema=source.schema,
            orient="row",
        )

    def _rolled(self, rows: Iterable[tuple[Any, ...]]) -> Iterable[tuple[Any, ...]]:
        for row in rows:
            unit, day = row[UNIT], row[DAY]
            if unit in self._branches:
                yield row
            else:
                for home in self.of(unit, day):
                    yield (*row[:UNIT], home, *row[UNIT + 1 :])
