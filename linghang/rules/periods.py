"""Months, quarters, half-years and years as small values, and arithmetic in natural months.

Where a regulation says “月” it means the same day of a later month, moved back to the month's last day if that day
does not exist; one month is never 30 days and one year never 365.
"""

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum
from functools import cached_property, lru_cache
from typing import Self

_DAY = timedelta(days=1)
_NUMERALS = "一二三四"
_KEY = re.compile(r"(?P<year>\d{4})(?:-(?P<month>0[1-9]|1[0-2])|Q(?P<quarter>[1-4])|H(?P<half>[12]))?")


class Kind(IntEnum):
    """The kinds of period; the value is the length in months, so a shorter period compares smaller."""

    MONTH = 1
    QUARTER = 3
    HALF = 6
    YEAR = 12

    @property
    def label(self) -> str:
        """The kind in Chinese, as in “每季度”."""
        return {1: "月", 3: "季度", 6: "半年", 12: "年"}[self]


@lru_cache(maxsize=4096)
def add_months(day: date, months: int) -> date:
    """The same day `months` later (or earlier), clamped to the end of the month: 01-31 → 02-28."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def add_years(day: date, years: int) -> date:
    """The same day `years` later; 02-29 becomes 02-28 in a common year."""
    return add_months(day, 12 * years)


def month_words(day: date) -> str:
    """The month of a day as it stands in titles and choices: “2026 年 10 月”."""
    return f"{day.year} 年 {day.month} 月"


def day_words(day: date | None) -> str:
    """A day as it stands on paper: “2026 年 10 月 8 日”; nothing where there is none."""
    return f"{month_words(day)} {day.day} 日" if day else ""


@dataclass(frozen=True, order=True)
class Period:
    """One month, quarter, half-year or year, known by its first day. Unpacks into its first and last day."""

    start: date
    kind: Kind

    def __post_init__(self) -> None:
        if self.start.day != 1 or (self.start.month - 1) % self.kind:
            raise ValueError(f"{self.start} 不是一个{self.kind.label}的第一天")

    @classmethod
    def containing(cls, kind: Kind, day: date) -> Self:
        """The period of this kind in which a day lies."""
        return cls(date(day.year, (day.month - 1) // kind * kind + 1, 1), kind)

    @classmethod
    def parse(cls, key: str) -> Self:
        """Read a key: “2026-10”, “2026Q3”, “2026H1” or “2026”."""
        match = _KEY.fullmatch(key)
        if match is None:
            raise ValueError(f"“{key}”不是期间，请写成 2026-10、2026Q3、2026H1 或 2026")
        kinds = {"month": Kind.MONTH, "quarter": Kind.QUARTER, "half": Kind.HALF}
        kind, number = next(
            ((kind, int(match[name])) for name, kind in kinds.items() if match[name]), (Kind.YEAR, 1)
        )
        return cls(date(int(match["year"]), (number - 1) * kind + 1, 1), kind)

    @classmethod
    def between(cls, kind: Kind, since: date, until: date) -> Iterator[Self]:
        """Every period of this kind that shares a day with since … until, in order."""
        period = cls.containing(kind, since)
        while period.start <= until:
            yield period
            period = period.next

    @cached_property
    def end(self) -> date:
        """The last day."""
        return add_months(self.start, self.kind) - _DAY

    @property
    def year(self) -> int:
        """The calendar year in which the period lies."""
        return self.start.year

    @property
    def next(self) -> Self:
        """The period after this one."""
        return type(self)(add_months(self.start, self.kind), self.kind)

    @property
    def previous(self) -> Self:
        """The period before this one."""
        return type(self)(add_months(self.start, -self.kind), self.kind)

    @property
    def key(self) -> str:
        """The short form that `parse` reads and that sorts within one kind."""
        number = (self.start.month - 1) // self.kind + 1
        forms = {1: f"{self.year}-{number:02}", 3: f"{self.year}Q{number}", 6: f"{self.year}H{number}"}
        return forms.get(self.kind, str(self.year))

    @property
    def label(self) -> str:
        """The full name in Chinese: “2026 年第三季度”, “2026 年 10 月”."""
        before = {Kind.QUARTER: "第", Kind.MONTH: " "}.get(self.kind, "")
        return f"{self.year} 年{before}{self._part}"

    @property
    def short(self) -> str:
        """The name used in a sentence: “三季度”, “10 月”, “2026 年度”."""
        return self._part or f"{self.year} 年度"

    @property
    def _part(self) -> str:
        number = (self.start.month - 1) // self.kind
        names = {
            1: f"{number + 1} 月",
            3: f"{_NUMERALS[number % 4]}季度",
            6: ("上半年", "下半年")[number % 2],
        }
        return names.get(self.kind, "")

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

    def __iter__(self) -> Iterator[date]:
        return iter((self.start, self.end))

    def __str__(self) -> str:
        return self.label


@dataclass(frozen=True, order=True)
class Span:
    """A stretch of days, both ends included; without `until` it is still running."""

    since: date
    until: date | None = None

    def __contains__(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


def unbroken(spans: Iterable[Span], first: date, last: date) -> bool:
    """Whether the spans together cover every day from first to last; one may take over where another ends."""
    reached = first
    for span in sorted(spans, key=lambda span: span.since):
        if reached in span:
            if span.until is None or span.until >= last:
                return True
            reached = span.until + _DAY
    return False
