"""Working days of the national calendar, with its make-up days, for time limits counted in “工作日”.

The State Council publishes each year's holidays late in the year before. `chinesecalendar` knows the published
years; a hospital may bring a table of its own; any other year is reckoned Monday to Friday and marked “暂算”.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import chinese_calendar

__all__ = [
    "Days",
    "Due",
    "Table",
    "add_workdays",
    "is_provisional",
    "is_workday",
    "next_workday",
    "workdays_between",
]

PROVISIONAL = "暂算"


@dataclass(frozen=True)
class Table:
    """A hospital's own calendar: days off, make-up days, and the years whose official notice it holds in full."""

    off: frozenset[date] = frozenset()
    on: frozenset[date] = frozenset()
    years: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        if both := self.off & self.on:
            raise ValueError(f"{min(both)} 既列为休息又列为上班，请核对")


@dataclass(frozen=True)
class Due:
    """A day found by counting working days; provisional while a year on the way has no published calendar."""

    day: date
    provisional: bool

    def __str__(self) -> str:
        return f"{self.day}{f'（{PROVISIONAL}）' if self.provisional else ''}"


@dataclass(frozen=True)
class Days:
    """A number of working days; provisional while a year on the way has no published calendar."""

    count: int
    provisional: bool

    def __str__(self) -> str:
        return f"{self.count} 个工作日{f'（{PROVISIONAL}）' if self.provisional else ''}"


def is_workday(day: date, table: Table | None = None) -> bool:
    """Whether people work that day: by the hospital's table, else the published calendar, else Monday to Friday."""
    table = table or Table()
    if day in table.on or day in table.off:
        return day in table.on
    if day.year in table.years or not _published(day.year):
        return day.weekday() < 5
    return bool(chinese_calendar.is_workday(day))


def is_provisional(day: date, table: Table | None = None) -> bool:
    """Whether the answer for that day may still change, because its year's calendar is not known."""
    table = table or Table()
    known = day.year in table.years or day in table.on or day in table.off
    return not known and not _published(day.year)


def add_workdays(day: date, count: int, table: Table | None = None) -> Due:
    """The `count`-th working day after a day, which itself is not counted; a negative count goes backwards."""
    step = timedelta(days=1 if count > 0 else -1)
    left, provisional = abs(count), False
    while left:
        day += step
        left -= is_workday(day, table)
        provisional |= is_provisional(day, table)
    return Due(day, provisional)


def workdays_between(since: date, until: date, table: Table | None = None) -> Days:
    """How many working days lie after `since` up to and including `until`, the inverse of `add_workdays`."""
    if until < since:
        raise ValueError(f"止日 {until} 早于起日 {since}")
    days = tuple(_after(since, until))
    return Days(sum(is_workday(day, table) for day in days), any(is_provisional(day, table) for day in days))


def next_workday(day: date, table: Table | None = None) -> date:
    """The day itself where it is a working day, else the first one after it."""
    while not is_workday(day, table):
        day += timedelta(days=1)
    return day


def _after(since: date, until: date) -> Iterator[date]:
    return (since + timedelta(days=number) for number in range(1, (until - since).days + 1))


@cache
def _published(year: int) -> bool:
    try:
        chinese_calendar.is_workday(date(year, 1, 1))
    except NotImplementedError:
        return False
    return True
