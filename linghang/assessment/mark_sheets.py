"""The sheet for marks by hand: a row a branch, a column an item. Written to be filled in Excel, and read back."""

import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from linghang.assessment.definition import ItemEntry, SchemeEntry
from linghang.assessment.models import OUT, Cycle, Mark, said
from linghang.org.models import Unit
from linghang.ui.sheets import (
    Cell,
    CellProblem,
    Heading,
    Page,
    Row,
    Sheet,
    SheetProblem,
    Table,
    is_blank,
    label_key,
    tables,
    text,
    write_workbook,
)

BRANCH = "党支部"
TITLE = "人工评分表"
CENT = Decimal("0.01")
SLACK = Decimal("0.000001")
Words = dict[str, str]


def by_hand(scheme: SchemeEntry) -> list[ItemEntry]:
    """The items that somebody gives marks for; what the records suggest is decided where it was found."""
    return [item for item in scheme.items if item.by_hand]


def write_marks(cycle: Cycle) -> bytes:
    """The workbook to fill: what was given stands in it, and a second page says how each item is marked."""
    items, marks = by_hand(cycle.scheme.content), cycle.marks_by_item()
    rows = [
        [unit.name, *(_cell(marks.get(item.code, {}).get(unit.pk)) for item in items)]
        for unit in cycle.branches()
    ]
    headings = [Heading(BRANCH, width=24), *(Heading(_label(item), "number", width=11) for item in items)]
    note = f"空着的不改；不适用的写“{OUT}”。支部和表头不要改，多出的列不读。"
    told = [
        [item.code, item.name, _bounds(item), item.hint or "有则登记，没有就空着", item.basis]
        for item in items
    ]
    return write_workbook(
        Page("评分", headings, rows, title=_title(cycle), note=note),
        Page("怎么评", [Heading(each) for each in ("编号", "名称", "填多少", "怎么评", "依据")], told),
    )


def _cell(mark: Mark | None) -> Decimal | str | None:
    return None if mark is None else OUT if mark.value is None else mark.value


def _title(cycle: Cycle) -> str:
    return f"{cycle}{TITLE}"


def _label(item: ItemEntry) -> str:
    return f"{item.code} {item.name}（{_bounds(item)}）"


def _bounds(item: ItemEntry) -> str:
    if item.rule.kind == "veto":
        return "有填 1"
    return "次数" if item.claimed else f"0 至 {item.full:g} 分"


# --- back ------------------------------------------------------------------------------------------------------------


@dataclass
class Outcome:
    """What a filled sheet says against what is there: cells that change a mark, cells refused, how many stay, what was not read."""

    changes: list[dict[str, Any]] = field(default_factory=list)
    refused: list[Words] = field(default_factory=list)
    same: int = 0
    unread: list[str] = field(default_factory=list)

    def refuse(self, sheet: str, row: int, column: int, label: str, problem: CellProblem) -> None:
        """Name a cell, why it is refused and what to do."""
        place = {"sheet": sheet, "row": str(row), "cell": f"{xl_col_to_name(column)}{row}", "column": label}
        self.refused.append({**place, "reason": problem.reason, "remedy": problem.remedy})


def read_marks(sheets: Sequence[Sheet], cycle: Cycle) -> dict[str, Any]:
    """Every cell of the workbook judged; SheetProblem where it holds no marks at all, or those of another cycle."""
    reader, found = _Reader(cycle), 0
    for sheet in sheets:
        for table in [] if sheet.hidden else tables(sheet, reader.columns, least=2):
            if table.index(BRANCH) is not None:
                reader.read(table)
                found += 1
    if not found:
        what = f"没有找到评分的表：表头要有“{BRANCH}”和各个项目"
        raise SheetProblem(what, remedy="请先下载评分表，在里面填好再上传")
    return vars(reader.outcome)


class _Reader:
    """One pass over the tables of a workbook."""

    def __init__(self, cycle: Cycle) -> None:
        self.items = {item.code: item for item in by_hand(cycle.scheme.content)}
        self.columns = {BRANCH: (BRANCH, "支部", "党组织")} | {
            code: (_label(item), code) for code, item in self.items.items()
        }
        self.title, self.marks, self.outcome = _title(cycle), cycle.marks_by_item(), Outcome()
        self.units: dict[str, list[Unit]] = {}
        for unit in cycle.branches():
            self.units.setdefault(_name(unit.name), []).append(unit)
        self.seen: dict[int, str] = {}

    def read(self, table: Table) -> None:
        """A table row by row; what stands in columns that nobody knows is named."""
        if strange := next((line for line in table.lead if _is_of_another(line, self.title)), ""):
            what = f"这是“{strange.strip()}”，不是“{self.title}”"
            raise SheetProblem(what, where=f"工作表“{table.sheet}”", remedy="请上传这次考核的评分表")
        places = {code: at for code in self.items if (at := table.index(code)) is not None}
        self.outcome.unread += _unread(table, {table.index(BRANCH), *places.values()})
        for row in table.rows:
            self._row(table, row, places)

    def _row(self, table: Table, row: Row, places: Mapping[str, int]) -> None:
        at = table.index(BRANCH) or 0
        given = {code: cell for code, place in places.items() if not is_blank(cell := _at(row, place))}
        if not given:
            return
        try:
            unit = self._unit(_at(row, at), f"工作表“{table.sheet}”第 {row.number} 行")
        except CellProblem as problem:
            self.outcome.refuse(table.sheet, row.number, at, BRANCH, problem)
            return
        for code, cell in given.items():
            try:
                self._mark(unit, self.items[code], read_points(cell, self.items[code]))
            except CellProblem as problem:
                label = f"{code} {self.items[code].name}"
                self.outcome.refuse(table.sheet, row.number, places[code], label, problem)

    def _unit(self, cell: Cell, place: str) -> Unit:
        """The branch that a row is about, once."""
        name = text(cell)
        found = self.units.get(_name(name), [])
        if not found:
            reason = f"参加考核的没有“{name}”" if name else "没有写是哪个支部"
            raise CellProblem(reason, "请照下载的表填支部名称")
        if len(found) > 1:
            raise CellProblem(f"有 {len(found)} 个支部叫“{name}”", "请在“按支部”里逐个评分，把这几行删去")
        if earlier := self.seen.get(found[0].pk):
            raise CellProblem(f"这个支部在{earlier}已经有了", "请只留一行")
        self.seen[found[0].pk] = place
        return found[0]

    def _mark(self, unit: Unit, item: ItemEntry, value: Decimal | None) -> None:
        was = said(self.marks.get(item.code, {}).get(unit.pk))
        now = said(Mark(value=value))
        if was == now:
            self.outcome.same += 1
            return
        told = {"unit": unit.pk, "branch": unit.name, "code": item.code, "item": item.name}
        self.outcome.changes.append({**told, "was": was, "now": now})


def read_points(cell: Cell, item: ItemEntry) -> Decimal | None:
    """The points in a cell, None for 不适用; CellProblem for anything else."""
    written = unicodedata.normalize("NFKC", text(cell))
    remedy = f"请按“{_bounds(item)}”填，不适用的写“{OUT}”，不评的空着"
    if written == OUT:
        return None
    try:
        points = Decimal(written.removesuffix("分").strip())
        value = points.quantize(CENT)
        off = abs(points - value) > SLACK  # of NaN this too is invalid
    except InvalidOperation:
        raise CellProblem(f"“{written}”不是分数", remedy) from None
    if off:
        raise CellProblem(f"“{written}”多于两位小数", "请四舍五入到两位小数")
    if not 0 <= value <= Decimal(str(item.most)):
        raise CellProblem(f"“{written}”超出范围", remedy)
    return value


def _at(row: Row, column: int) -> Cell:
    return row.cells[column] if column < len(row.cells) else None


def _unread(table: Table, read: Collection[int | None]) -> Iterator[str]:
    """What stands in the table and was not read: columns that nobody knows, rows that are no data."""
    for column in table.columns:
        if column.index not in read and any(not is_blank(_at(row, column.index)) for row in table.rows):
            yield f"{xl_col_to_name(column.index)} 列“{column.label or '没有表头'}”"
    for row in table.skipped:
        yield f"第 {row.number} 行“{row.text[:20]}”"


def _name(name: str) -> str:
    return unicodedata.normalize("NFKC", text(name)).replace(" ", "")


def _is_of_another(line: str, title: str) -> bool:
    return label_key(line).endswith(TITLE) and label_key(line) != label_key(title)


def tally(changes: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, int, int]]:
    """How many marks are new and how many change, by item."""
    names = dict.fromkeys((each["code"], each["item"]) for each in changes)
    for code, name in names:
        own = [each["was"] for each in changes if each["code"] == code]
        yield f"{code} {name}", own.count(""), len(own) - own.count("")
