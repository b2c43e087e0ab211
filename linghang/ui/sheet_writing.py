"""Rows in, a real workbook out: typed cells, frozen header, filter, print set-up, and no cell that can run."""

import datetime
import io
import itertools
import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

import xlsxwriter
from django.utils import timezone
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

Kind = Literal["text", "integer", "number", "percent", "date", "datetime"]
# In a spreadsheet a text that begins so is run as a formula when it is typed, pasted or re-read from CSV.
_RUNS = re.compile(r"^\s*[=+\-@\t\r|%＝＋－＠]")
_NUMBERS = {"integer": "#,##0", "number": "#,##0.00", "percent": "0.0%"}
_DAYS = {"date": "yyyy-mm-dd", "datetime": "yyyy-mm-dd hh:mm"}
_LONGEST = 32_767
_CUT = "…（过长，已截断）"
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}


@dataclass(frozen=True)
class Heading:
    """One column to write: its label, the type of its cells, a group above it, a fixed width if any."""

    label: str
    kind: Kind = "text"
    group: str = ""
    width: float | None = None


@dataclass(frozen=True)
class Page:
    """One sheet to write: a title and a line of notes above a table."""

    name: str
    headings: Sequence[Heading]
    rows: Iterable[Sequence[Any]]
    title: str = ""
    note: str = ""
    landscape: bool = True


def write_workbook(*pages: Page) -> bytes:
    """An .xlsx with one sheet a page, ready to filter and to print on A4, one page wide."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, _OPTIONS) as book:
        styles = _Styles(book)
        taken: set[str] = set()
        for page in pages:
            _Writer(book.add_worksheet(_sheet_name(page.name, taken)), page, styles).write()
    return target.getvalue()


class _Styles:
    """The formats of a workbook."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        font = {"font_name": "宋体", "font_size": 11, "valign": "vcenter"}
        cell = font | {"border": 1, "text_wrap": True}
        self.title = book.add_format(font | {"bold": True, "font_size": 16, "align": "center"})
        self.note = book.add_format(font | {"font_color": "#595959"})
        self.head = book.add_format(cell | {"bold": True, "align": "center", "bg_color": "#F2F2F2"})
        self.text = book.add_format(cell | {"num_format": "@"})
        # The leading apostrophe of Excel: a re-save, or an edit of the cell, keeps the text a text.
        self.quoted = book.add_format(cell | {"num_format": "@", "quote_prefix": True})
        self.kinds: dict[str, Format] = {"text": self.text}
        for kind, pattern in (_NUMBERS | _DAYS).items():
            align = {"align": "center"} if kind in _DAYS else {}
            self.kinds[kind] = book.add_format(cell | align | {"num_format": pattern})


class _Writer:
    """Writes one page to one worksheet, and counts widths as it goes."""

    def __init__(self, sheet: Worksheet, page: Page, styles: _Styles) -> None:
        self.sheet, self.page, self.styles = sheet, page, styles
        self.last = max(len(page.headings) - 1, 0)
        self.widths = [_width(heading.label) for heading in page.headings]

    def write(self) -> None:
        above = self._title()
        below = self._headings(above)
        end = below
        for end, row in enumerate(self.page.rows, below):
            for column, (heading, value) in enumerate(zip(self.page.headings, row, strict=True)):
                shown = self._cell(end, column, value, heading.kind)
                self.widths[column] = max(self.widths[column], min(_width(shown), 40))
        self._layout(above, below, max(end, below - 1))

    def _title(self) -> int:
        lines = [(self.page.title, self.styles.title, 30), (self.page.note, self.styles.note, 18)]
        at = 0
        for line, style, height in lines:
            if line:
                self.sheet.set_row(at, height)
                if self.last:
                    self.sheet.merge_range(at, 0, at, self.last, "", style)
                self.sheet.write_string(at, 0, line, style)
                at += 1
        return at

    def _headings(self, at: int) -> int:
        """One header row, or two where columns have groups; return the first row beneath."""
        labels, grouped = self.page.headings, any(heading.group for heading in self.page.headings)
        for group, run in itertools.groupby(range(len(labels)), key=lambda column: labels[column].group):
            columns = list(run)
            if group:
                self._span(at, columns[0], at, columns[-1], group)
            for column in columns:
                top, bottom = (at + 1, at + 1) if group else (at, at + grouped)
                self._span(top, column, bottom, column, labels[column].label)
        return at + 1 + grouped

    def _span(self, top: int, left: int, bottom: int, right: int, label: str) -> None:
        """A label over one cell or several."""
        if (top, left) != (bottom, right):
            self.sheet.merge_range(top, left, bottom, right, "", self.styles.head)
        self.sheet.write_string(top, left, label, self.styles.head)

    def _cell(self, row: int, column: int, value: Any, kind: Kind) -> str:
        """Write a value by its own type, in the format of its column; what does not fit becomes text."""
        style = self.styles.kinds[kind]
        if isinstance(value, datetime.datetime) and timezone.is_aware(value):
            value = timezone.make_naive(value)
        if value is None or value == "" or (isinstance(value, float) and not math.isfinite(value)):
            self.sheet.write_blank(row, column, None, style)
            return ""
        if kind in _DAYS and isinstance(value, datetime.date) and value.year >= 1900:
            self.sheet.write_datetime(row, column, value, style)
            return _DAYS[kind]
        if kind in _NUMBERS and isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
            self.sheet.write_number(row, column, value, style)
            return f"{value:,.2f}"
        return self._text(
            row, column, {True: "是", False: "否"}[value] if isinstance(value, bool) else str(value)
        )

    def _text(self, row: int, column: int, value: str) -> str:
        if len(value) > _LONGEST:
            value = value[: _LONGEST - len(_CUT)] + _CUT
        style = self.styles.quoted if _RUNS.match(value) else self.styles.text
        self.sheet.write_string(row, column, value, style)
        return value

    def _layout(self, above: int, below: int, end: int) -> None:
        sheet, page = self.sheet, self.page
        for column, (heading, width) in enumerate(zip(page.headings, self.widths, strict=True)):
            sheet.set_column(column, column, heading.width or max(width + 2, 6))
        sheet.freeze_panes(below, 0)
        sheet.autofilter(below - 1, 0, end, self.last)
        sheet.repeat_rows(above, below - 1)
        sheet.print_area(0, 0, end, self.last)
        sheet.set_landscape() if page.landscape else sheet.set_portrait()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.center_horizontally()
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
        sheet.set_footer("&C第 &P 页，共 &N 页")


def _width(value: str) -> int:
    """Columns of a text on screen: a Chinese character takes two; of several lines the widest counts."""
    return max(
        sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line) for line in value.split("\n")
    )


def _sheet_name(name: str, taken: set[str]) -> str:
    """A name that Excel accepts: no forbidden signs, 31 characters at most, once in the workbook."""
    stem = re.sub(r"[\[\]:*?/\\]", "", name).strip("' ")[:31] or "Sheet"
    endings = (f"（{number}）" for number in itertools.count(2))
    plain = stem
    while plain.lower() in taken:
        ending = next(endings)
        plain = stem[: 31 - len(ending)] + ending
    taken.add(plain.lower())
    return plain
