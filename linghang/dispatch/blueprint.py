"""A hospital's own sheets as data: patterns to begin with, and lines that recur."""

from datetime import date
from typing import Any, ClassVar, Literal

from linghang.dispatch.models import Pattern, Recurring
from linghang.kernel.blueprint import Entry, section, write_rows

BEGINNING = date(2020, 1, 1)


class PatternLine(Entry):
    """One line; due so many days after the drafting, or left open; `under` marks a 子措施 of the line above it."""

    key: ClassVar[str] = "text"
    text: str
    days: int | None = None
    under: bool = False


class PatternEntry(Entry):
    """A sheet to begin with."""

    code: str
    name: str
    kind: Literal["reminder", "worklist", "rectification", "supervision"]
    title: str
    text: str = ""
    lines: list[PatternLine]


class RecurringEntry(Entry):
    """A line that comes back: every so many months, in the nth of them, due by that day; for one class or for all."""

    code: str
    text: str
    every: Literal[1, 3, 6, 12] = 1
    nth: int = 1
    due_day: int = 25
    category: Literal["", "clinical", "technical", "nursing", "administrative", "retired", "student"] = ""


@section(
    "dispatch.patterns",
    "常用单据",
    PatternEntry,
    codes=lambda: Pattern.objects.values_list("code", flat=True),
    order=30,
)
def apply_patterns(entries: list[PatternEntry], by: Any) -> int:
    """Write what differs; what the office has put out of use stays out of use."""
    return write_rows(Pattern, (entry.model_dump() for entry in entries))


@section(
    "dispatch.recurring",
    "经常性事项",
    RecurringEntry,
    codes=lambda: Recurring.objects.values_list("code", flat=True),
    order=31,
)
def apply_recurring(entries: list[RecurringEntry], by: Any) -> int:
    """Write what differs; what the office has ended stays ended."""
    return write_rows(Recurring, (entry.model_dump() for entry in entries), since=BEGINNING)
