"""The day that a page is asked about: `?on=2026-05-17`, of the last two years."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.dateparse import parse_date

from linghang.kernel import clock
from linghang.rules.periods import add_years

YEARS = 2


@dataclass(frozen=True)
class AsOf:
    """The day, the days that may be asked about, and what was wrong with the day that was asked for."""

    day: date
    first: date
    last: date
    problem: str = ""

    @property
    def past(self) -> bool:
        """Whether an earlier day than today is shown."""
        return self.day < self.last

    @property
    def query(self) -> str:
        """What an address needs to stay on that day."""
        return self.day.isoformat() if self.past else ""


def as_of(query: Mapping[str, str], ended_on: date | None = None) -> AsOf:
    """The day asked for; else today, or the last day of a unit that has ended."""
    last = clock.today()
    first, usual = add_years(last, -YEARS), min(last, ended_on or last)
    written = query.get("on", "").strip()
    if not written:
        return AsOf(max(usual, first), first, last)
    day = asked_day(query, "on")
    if day is None:
        return AsOf(usual, first, last, f"“{written[:20]}”不是日期，请选一天")
    if not first <= day <= last:
        return AsOf(usual, first, last, f"只能看 {first} 至 {last} 之间的一天")
    return AsOf(day, first, last)


def asked_day(query: Mapping[str, str], name: str) -> date | None:
    """A day from the address, or none where it is not one."""
    try:
        return parse_date(query.get(name, ""))
    except ValueError:
        return None
