"""Tables inside sheets as people lay them out: title, header over several rows, sections, gaps and notes.

The caller says which labels it knows (field → spellings); a header is where the most of them stand.
"""

import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from .sheet_cells import is_blank, is_ditto, text
from .sheet_reading import Cell, Sheet

Columns = Mapping[str, Sequence[str]]
Section = tuple[str, ...]
SectionReader = Callable[[str, Section], Section | None]
_DEPTH = 4
_TOTAL = re.compile(r"(合计|总计|小计|共计|累计)|.*(合计|总计|小计)$|(总|总计|共计?|计)?\d+[人名]$")
# “支部书记签字：”, “党支部名称：”: a line of the form around the table; no name and no number is followed by a colon.
_FORM = re.compile(r"[^\d：:]{2,12}[：:]")
_NOTE = re.compile(
    r"(注|备注|说明|附注|填表|制表|填报|审核|审批|复核|核对|经办|负责人|联系|签字|签章|盖章|日期|单位|报送|统计)"
    r"[^，。：:]{0,8}[：:]|(填表|制表|审核|填报|经办)人|(说明|备注)$"
)
_BRACKETS = re.compile(r"[(\[【〔].*?[)\]】〕]")


@dataclass(frozen=True)
class Column:
    """One column of a table: position from 0, label parts from the top header row down, and its field if known."""

    index: int
    parts: tuple[str, ...]
    field: str | None

    @property
    def label(self) -> str:
        """The label with its groups: 党籍情况/入党时间."""
        return "/".join(self.parts)


@dataclass(frozen=True)
class Row:
    """One data row: its number in the sheet (from 1), its cells, and the section that it stands under."""

    number: int
    cells: Sequence[Cell]
    section: Section = ()


@dataclass(frozen=True)
class Skipped:
    """A row that is no data: its number, its text and what it was taken for."""

    number: int
    text: str
    why: str


@dataclass
class Table:
    """One table of a sheet. `lead` holds the text above it, `skipped` every other row that is not data."""

    sheet: str
    header: range
    columns: list[Column]
    lead: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)

    @property
    def labels(self) -> list[str]:
        """The label of every column, in order."""
        return [column.label for column in self.columns]

    def index(self, name: str) -> int | None:
        """The column of a field; of several the one with the plainest label."""
        found = [column for column in self.columns if column.field == name]
        return min(found, key=lambda column: (len(column.parts), column.index)).index if found else None


def tables(
    sheet: Sheet,
    columns: Columns,
    *,
    section: SectionReader | None = None,
    start: Section = (),
    least: int = 3,
) -> list[Table]:
    """Find the tables of a sheet, top to bottom; tables that stand side by side come one after the other.

    `section(text, current)` reads a line of its own (a title, a branch's name above its rows) and returns the
    section that begins there, or nothing; `start` is the section at the top of the sheet.
    """
    return list(_Finder(sheet, columns, section, start, min(least, len(columns))).tables())


def fill_down(rows: Sequence[Row], indexes: Sequence[int], *, blanks: bool = True) -> list[Row]:
    """Put the value of the line above where a cell says 同上, or (`blanks`) says nothing; a new section starts anew."""
    filled, above, current = [], dict.fromkeys(indexes), None
    for row in rows:
        if row.section != current:
            above, current = dict.fromkeys(indexes), row.section
        cells = list(row.cells)
        for index in indexes:
            if index < len(cells) and (is_ditto(cells[index]) or (blanks and is_blank(cells[index]))):
                cells[index] = above[index]
            else:
                above[index] = cells[index] if index < len(cells) else None
        filled.append(Row(row.number, cells, row.section))
    return filled


def label_key(label: Cell) -> str:
    """A label without what varies: spaces, line breaks, bracketed hints, asterisks, width of letters."""
    plain = re.sub(r"[\s*＊:：]+", "", unicodedata.normalize("NFKC", text(label))).lower()
    return _BRACKETS.sub("", plain) or plain


class _Finder:
    """One pass over one sheet."""

    def __init__(
        self, sheet: Sheet, columns: Columns, section: SectionReader | None, start: Section, least: int
    ) -> None:
        self.sheet, self.read_section, self.section, self.least = sheet, section, start, least
        self.lookup = {label_key(label): name for name, labels in columns.items() for label in labels}
        self.initials = {key[0] for key in self.lookup}
        self.rows = _filled(sheet)
        self.wide: dict[int, list[tuple[int, int]]] = {}
        for first, left, last, right in sheet.merged:
            if right > left:
                for row in range(first, last + 1):
                    self.wide.setdefault(row, []).append((left, right))

    def tables(self) -> Iterator[Table]:
        """Walk down: lead text, header, body, and again."""
        at, lead = 0, []
        while at < len(self.rows):
            span = self._header_at(at)
            if span is None:
                lead += self._lead(at)
                at += 1
                continue
            found = self._blocks(span, [line for line in lead if line])
            at, lead = self._body(found, span), []
            yield from found

    def _lead(self, at: int) -> list[str]:
        """The text of a line above a table, read for the section that it may name."""
        texts = list(dict.fromkeys(text(cell) for cell in self.rows[at] if not is_blank(cell)))
        for line in texts:
            self._enter(line)
        return ["  ".join(texts)]

    def _enter(self, line: str) -> bool:
        found = self.read_section(line, self.section) if self.read_section else None
        self.section = self.section if found is None else found
        return found is not None

    # -- header ------------------------------------------------------------------------------------------------

    def _known(self, at: int) -> int:
        """How many known fields a row names."""
        cells = (cell.strip() for cell in self.rows[at] if isinstance(cell, str))
        # Data rows by the ten thousand come through here: most cells are told by their first sign.
        likely = (label_key(cell) for cell in cells if cell[:1] in self.initials or not cell[:1].isalnum())
        return len({self.lookup[key] for key in likely if key in self.lookup})

    def _header_at(self, at: int) -> range | None:
        """The header that begins in this row, if one does: the rows that together name the most known fields."""
        if not self._may_head(at):
            return None
        best, most = None, self.least - 1
        for end in range(at + 1, min(at + _DEPTH, len(self.rows)) + 1):
            if not self._may_head(end - 1):
                break
            count = len({c.field for c in self._columns(range(at, end)) if c.field})
            if count > most and self._known_below(at, end):
                best, most = range(at, end), count
        return self._with_merged(best) if best else None

    def _known_below(self, at: int, end: int) -> bool:
        # Without one known label in its own first or last row, the span would only borrow a header further down.
        return self._known(end - 1) > 0 and (self._known(at) > 0 or self._is_group_row(at))

    def _is_group_row(self, at: int) -> bool:
        return len({text(cell) for cell in self.rows[at] if not is_blank(cell)}) > 1

    def _may_head(self, at: int) -> bool:
        """A header row holds short words only, no “填报单位：…”; where many labels are known, anything may stand beside."""
        cells = [cell for cell in self.rows[at] if not is_blank(cell)]
        plain = all(isinstance(cell, str) and _is_label(cell) for cell in cells)
        return bool(cells) and (plain or self._known(at) >= self.least)

    def _with_merged(self, span: range) -> range:
        """Labels merged downwards, and groups merged across, have a header row beneath them even if none is known."""
        low = max((m[2] + 1 for m in self.sheet.merged if m[0] in span), default=span.stop)
        span = range(span.start, max(span.stop, min(low, span.start + _DEPTH, len(self.rows))))
        if span.stop - 1 in self.wide and span.stop < len(self.rows) and self._may_head(span.stop):
            return range(span.start, span.stop + 1)
        return span

    def _columns(self, span: range) -> list[Column]:
        parts: dict[int, list[str]] = {}
        for at in span:
            for index, label in self._labels(at, span).items():
                path = parts.setdefault(index, [])
                if label_key(label) not in map(label_key, path):
                    path.append(label)
        return [Column(index, tuple(path), self._field(path)) for index, path in sorted(parts.items())]

    def _labels(self, at: int, span: range) -> dict[int, str]:
        """The labels of one header row; a group's label stands for all columns that it spans."""
        row = self.rows[at]
        labels = {i: re.sub(r"\s+", "", text(cell)) for i, cell in enumerate(row) if not is_blank(cell)}
        for left, right in self.wide.get(at, []):
            labels |= dict.fromkeys(range(left, right + 1), labels[left]) if left in labels else {}
        below = self.rows[at + 1] if at + 1 < span.stop else []
        for index in range(1, len(below)):
            # A group that was centred rather than merged: blank beside it, labels beneath both.
            if (
                index not in labels
                and index - 1 in labels
                and not (is_blank(below[index]) or is_blank(below[index - 1]))
            ):
                labels[index] = labels[index - 1]
        return labels

    def _field(self, parts: Sequence[str]) -> str | None:
        """The whole path decides, or its end; then the last part, unless a part above it says more (党内职务/职务)."""
        keys = [label_key(part) for part in parts]
        for at in range(len(keys) - 1):
            if whole := self.lookup.get("/".join(keys[at:])):
                return whole
        known = [key for key in reversed(keys) if key in self.lookup]
        return self.lookup[max(known, key=len)] if known else None

    def _blocks(self, span: range, lead: list[str]) -> list[Table]:
        """One table, or several where the same header stands twice side by side to save paper."""
        columns = self._columns(span)
        counts = Counter(column.parts for column in columns if column.field)
        starts = [0]
        if sum(count > 1 for count in counts.values()) >= self.least:
            first = next(column.parts for column in columns if counts[column.parts] > 1)
            starts = [i for i, column in enumerate(columns) if column.parts == first]
        bounds = [*starts, len(columns)] if starts[0] == 0 else [0, *starts[1:], len(columns)]
        header = range(span.start + 1, span.stop + 1)
        blocks = [columns[a:b] for a, b in itertools.pairwise(bounds)]
        return [Table(self.sheet.name, header, block, list(lead)) for block in blocks]

    # -- body --------------------------------------------------------------------------------------------------

    def _body(self, found: list[Table], span: range) -> int:
        """Take the rows under a header until the next, different header; return where that one begins."""
        seen = self._seen(span)
        at, noted = span.stop, False
        while at < len(self.rows):
            filled = [(i, cell) for i, cell in enumerate(self.rows[at]) if not is_blank(cell)]
            if filled:
                why = self._not_data(filled, seen) or self._line(at, filled, noted)
                why = why or ("列号" if at == span.stop and _counts_up(filled) else "")
                if not why and self._header_at(at):
                    return at
                noted = why == "附注" or (noted and bool(why))
                self._take(found, at, filled, why)
            at += 1
        return at

    def _take(self, found: list[Table], at: int, filled: list[tuple[int, Cell]], why: str) -> None:
        if why:
            line = "  ".join(dict.fromkeys(text(cell) for _, cell in filled))
            found[0].skipped.append(Skipped(at + 1, line, why))
            return
        for table in found:
            inside = {column.index for column in table.columns}
            if len(found) == 1 or any(i in inside for i, _ in filled):
                cells = self.rows[at] if len(found) == 1 else _only(self.rows[at], inside)
                table.rows.append(Row(at + 1, cells, self.section))

    def _seen(self, span: range) -> dict[int, set[str]]:
        seen: dict[int, set[str]] = {}
        for at in span:
            for index, label in self._labels(at, span).items():
                seen.setdefault(index, set()).add(label_key(label))
        return seen

    def _not_data(self, filled: list[tuple[int, Cell]], seen: dict[int, set[str]]) -> str:
        """Why a row of several cells is no data, or nothing."""
        first = re.sub(r"\s+", "", text(filled[0][1]))
        if all(isinstance(cell, str) and label_key(cell) in seen.get(i, ()) for i, cell in filled):
            return "重复的表头"
        if _TOTAL.match(first):
            return "合计"
        if not isinstance(filled[0][1], str):
            return ""
        form = _FORM.fullmatch(first) or all(_FORM.match(text(cell)) for _, cell in filled)
        if form and self._enter("  ".join(text(cell) for _, cell in filled)):
            return "分节"
        return "附注" if form or _NOTE.match(first) else ""

    def _line(self, at: int, filled: list[tuple[int, Cell]], noted: bool) -> str:
        """A line with one text only: a section, a note that goes on, a repeated title, or a poor data row."""
        index, cell = filled[0]
        if not isinstance(cell, str) or any(other != cell for _, other in filled):
            return ""
        if self._enter(text(cell)):
            return "分节"
        if noted:
            return "附注"
        return "标题" if any(left <= index <= right for left, right in self.wide.get(at, [])) else ""


def _is_label(cell: str) -> bool:
    plain = text(cell)
    return len(plain) <= 30 and not re.search(
        r":\s*\S|\d{5}|\d{4}[年./-]\s*\d", unicodedata.normalize("NFKC", plain)
    )


def _counts_up(filled: list[tuple[int, Cell]]) -> bool:
    """The row 1, 2, 3 … with which statistical forms number their columns."""
    return len(filled) > 2 and [text(cell) for _, cell in filled] == [str(n + 1) for n in range(len(filled))]


def _only(cells: Sequence[Cell], inside: set[int]) -> list[Cell]:
    return [cell if index in inside else None for index, cell in enumerate(cells)]


def _filled(sheet: Sheet) -> list[list[Cell]]:
    """The rows, all equally long, with cells that were merged downwards repeated in every row that they cover."""
    width = max(map(len, sheet.rows), default=0)
    rows = [[*row, *[None] * (width - len(row))] for row in sheet.rows]
    for first, left, last, _ in sheet.merged:
        if last > first and first < len(rows) and left < width:
            for row in rows[first + 1 : last + 1]:
                row[left] = rows[first][left]
    return rows
