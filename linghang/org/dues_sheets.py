"""A sheet of dues read into entries: a row a person and month, or a row a person with a column for each month."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from linghang.kernel import clock
from linghang.kernel.access import Actor
from linghang.org.models import Person
from linghang.org.roster.columns import COLUMNS
from linghang.org.roster.duplicates import bare_number
from linghang.org.roster.words import clean_name
from linghang.ui.sheets import Cell, Row, Sheet, Table, meaning, tables

Entry = dict[str, Any]
KNOWN = {
    "staff_number": COLUMNS["staff_number"],
    "name": COLUMNS["name"],
    "branch": COLUMNS["branch"],
    "month": ("月份", "缴纳月份", "党费月份", "所属月份", "年月"),
    "paid": ("是否已交", "是否已缴", "已交", "是否缴纳", "缴纳情况", "交纳情况", "是否交纳", "缴费状态"),
    **{f"m{n}": (f"{n}月", f"{n}月份", f"{n:02}月", f"{n}月党费") for n in range(1, 13)},
}  # fmt: skip
_YES = {"是", "已交", "已缴", "已缴纳", "已交纳", "√", "✓", "✔", "1", "y", "yes", "true", "交", "缴"}
_NO = {"否", "未交", "未缴", "未缴纳", "未交纳", "×", "x", "✗", "0", "n", "no", "false", "欠"}
_MONTH = re.compile(r"(\d{4})\s*[年./-]\s*(\d{1,2})")


def read_dues(sheets: Sequence[Sheet], by: Actor, verb: str, year: int) -> list[Entry]:
    """Every person and month that the workbook tells, with a fault where it cannot be taken over.

    `year` is that of columns that only say the month.
    """
    people = _People(by, verb)
    found: list[Entry] = []
    for sheet in sheets:
        for table in [] if sheet.hidden else tables(sheet, KNOWN, least=2):
            for row in table.rows:
                found += _read(table, row, people, year)
    return _once(found)


def _read(table: Table, row: Row, people: "_People", year: int) -> list[Entry]:
    name, number = clean_name(_cell(table, row, "name")), meaning(_cell(table, row, "staff_number"))
    if not name and not number:
        return []
    person, fault = people.find(name, number)
    said = {"row": row.number, "name": name or number, "person": person.pk if person else None}
    return [
        {**said, "month": month.isoformat() if month else "", "paid": paid, "fault": fault or wrong}
        for month, paid, wrong in _months(table, row, year)
    ]


def _months(table: Table, row: Row, year: int) -> list[tuple[date | None, bool, str]]:
    if table.index("month") is not None:
        month, paid = _month(_cell(table, row, "month")), _paid(_cell(table, row, "paid"))
        wrong = "月份看不懂" if month is None else _wrong(month, paid)
        return [(month, bool(paid), wrong)]
    found: list[tuple[date | None, bool, str]] = []
    for number in range(1, 13):
        cell = _cell(table, row, f"m{number}")
        if meaning(cell):
            month, paid = date(year, number, 1), _paid(cell)
            found.append((month, bool(paid), _wrong(month, paid)))
    return found


def _wrong(month: date, paid: bool | None) -> str:
    if month > clock.today():
        return "还没到这个月"
    return "看不懂是已交还是未交" if paid is None else ""


def _cell(table: Table, row: Row, name: str) -> Cell:
    at = table.index(name)
    return None if at is None or at >= len(row.cells) else row.cells[at]


def _month(cell: Cell) -> date | None:
    if isinstance(cell, date):
        return date(cell.year, cell.month, 1)
    found = _MONTH.search(str(cell or ""))
    return date(int(found[1]), int(found[2]), 1) if found and 1 <= int(found[2]) <= 12 else None


def _paid(cell: Cell) -> bool | None:
    if isinstance(cell, bool):
        return cell
    said = meaning(cell).lower()
    return True if said in _YES else False if said in _NO else None


def _once(found: list[Entry]) -> list[Entry]:
    """The same person and month told twice in one file must agree."""
    first: dict[tuple[Any, str], bool] = {}
    for entry in found:
        key = (entry["person"], entry["month"])
        if not entry["fault"] and first.setdefault(key, entry["paid"]) != entry["paid"]:
            entry["fault"] = "同一人同一月有两种说法"
    return found


class _People:
    """Members within reach, by staff number and by name."""

    def __init__(self, by: Actor, verb: str) -> None:
        found = list(Person.objects.within(by, verb).exclude(branch=None))
        self.by_number = {bare_number(p.staff_number): p for p in found if p.staff_number}
        self.by_name: dict[str, list[Person]] = {}
        for person in found:
            self.by_name.setdefault(clean_name(person.name), []).append(person)

    def find(self, name: str, number: str) -> tuple[Person | None, str]:
        """The person that a row means, or why it cannot be told."""
        if number:
            person = self.by_number.get(bare_number(number))
            if person is None:
                return None, f"没有工号为 {number} 的党员，或不在您的权限内"
            wrong = bool(name) and clean_name(person.name) != name
            return (None, f"工号 {number} 是{person.name}") if wrong else (person, "")
        found = self.by_name.get(name, [])
        if len(found) == 1:
            return found[0], ""
        return None, "有多人同名，请补工号" if found else "没有这名党员，或不在您的权限内"
