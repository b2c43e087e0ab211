"""Member registers as hospitals keep them → rows to import. Pure: no database, no clock.

Every data row of the file has exactly one outcome: it is taken (perhaps with cautions), it is merged into an
earlier row of the same person, or it is refused with every reason and remedy.
"""

import datetime
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from linghang.org.roster.columns import (
    COLUMNS,
    OF_GROUP,
    TITLES,
    bare_unit,
    rank,
    read_section,
    sheet_as_branch,
    unit_key,
)
from linghang.org.roster.duplicates import settle_duplicates
from linghang.org.roster.outcomes import (
    Aside,
    Category,
    Caution,
    Note,
    Place,
    Recognised,
    Refusal,
    Roster,
    RosterRow,
)
from linghang.org.roster.rows import Layout, read_row, text_columns
from linghang.ui.sheets import (
    CellProblem,
    Column,
    Row,
    Sheet,
    Table,
    day,
    fill_down,
    is_blank,
    is_ditto,
    meaning,
    tables,
    text,
)

__all__ = [
    "Aside",
    "Category",
    "Caution",
    "Note",
    "Place",
    "Recognised",
    "Refusal",
    "Roster",
    "RosterRow",
    "parse_roster",
]

Mapped = Mapping[int | tuple[str, int], str | None]
_DATE = re.compile(r"\d{4}\s*[年./-]\s*\d{1,2}\s*[月./-]\s*\d{1,2}")
_SAMPLE = re.compile(r"(填写)?(示例|样例|范例|举例|例)")
# So many rows with the same contradiction are no slips: a column is shifted, or the figures are invented.
_MANY, _SHARE = 20, 0.1


def parse_roster(
    sheets: Sequence[Sheet],
    mapping: Mapped | None = None,
    *,
    branch: str = "",
    as_of: datetime.date | None = None,
) -> Roster:
    """Read a workbook of members.

    `mapping` corrects the columns that were recognised: position from 0, or (sheet, position), → field or nothing.
    `branch` is the branch of rows that name none. `as_of` is the day that the register describes; without it the
    day written above the table.
    """
    roster = Roster()
    for sheet in sheets:
        if sheet.hidden:
            roster.notes.append(Note("工作表是隐藏的，没有读取", "需要导入的请先取消隐藏", sheet.name))
            continue
        _read_sheet(sheet, roster, mapping or {}, branch, as_of, alone=len(sheets) == 1)
    if not roster.columns:
        remedy = "请确认表头有“姓名”“所在党支部”“入党时间”等列，或在下一步手工指定各列"
        roster.notes.append(Note("没有找到党员名册的表头", remedy))
    _unify_branches(roster)
    _settle(roster)
    return roster


def _read_sheet(
    sheet: Sheet, roster: Roster, mapping: Mapped, branch: str, as_of: datetime.date | None, *, alone: bool
) -> None:
    found = tables(sheet, COLUMNS, section=read_section, start=read_section(sheet.name, ()) or ("", "", ""))
    if not found and not alone and any(not is_blank(cell) for row in sheet.rows for cell in row):
        roster.notes.append(Note("工作表里没有党员名册的表头，没有读取", "", sheet.name))
    general_of: dict[str, str] = {}
    for table in found:
        index = _index(table, mapping, roster)
        roster.asides += [Aside(sheet.name, line.number, line.text, line.why) for line in table.skipped]
        if "name" not in index:
            reason = f"第 {table.header.start} 行起的表没有“姓名”列，没有读取"
            roster.notes.append(Note(reason, "请指定哪一列是姓名", sheet.name))
            continue
        # A workbook of one sheet is not called after its branch; of many sheets without a branch column each is.
        default = branch or ("" if alone or "branch" in index else sheet_as_branch(sheet.name))
        parts = {column.index: column.parts[-1] for column in table.columns}
        labels = {name: parts[at] for name, at in index.items()}
        _read_rows(
            table, Layout(sheet.name, index, labels, as_of or _day_above(table), default), general_of, roster
        )


def _index(table: Table, mapping: Mapped, roster: Roster) -> dict[str, int]:
    """Field → column. Of several columns for one field the plainest label counts, unless the caller chose."""
    fields = {
        c.index: mapping.get((table.sheet, c.index), mapping.get(c.index, c.field)) for c in table.columns
    }

    def plainest(column: Column) -> tuple[bool, int, int, int]:
        return fields[column.index] == column.field, rank(column.parts), len(column.parts), column.index

    rivals: dict[str, list[Column]] = defaultdict(list)
    for column in sorted(table.columns, key=plainest):
        if name := fields[column.index]:
            rivals[name].append(column)
    index = {
        name: found[0].index for name, found in rivals.items() if not _unclear(found, fields, roster, table)
    }
    taken = {at: name for name, at in index.items()}
    roster.columns += [Recognised(table.sheet, c.index, c.label, taken.get(c.index)) for c in table.columns]
    _say_unread(table, taken, roster)
    return index


def _unclear(found: list[Column], fields: Mapping[int, str | None], roster: Roster, table: Table) -> bool:
    """Several columns under one group, none of which bears a known label itself: only a person can tell."""
    if len(found) < 2 or rank(found[0].parts) < OF_GROUP or fields[found[0].index] != found[0].field:
        return False
    labels = "、".join(f"“{column.label}”" for column in found)
    roster.notes.append(Note(f"分不清 {labels} 哪一列要导入，都没有读取", "请在“调整列”中指定", table.sheet))
    return True


def _say_unread(table: Table, taken: Mapping[int, str], roster: Roster) -> None:
    """A column that was not understood must not be missing unnoticed."""
    filled = {at for row in table.rows for at, cell in enumerate(row.cells) if not is_blank(cell)}
    unread = [
        c.label for c in table.columns if c.index not in taken and c.field is None and c.index in filled
    ]
    if unread:
        reason = f"没有读取的列：{'、'.join(dict.fromkeys(unread))}"
        note = Note(reason, "里面有要导入的内容的，请在“调整列”中指定", table.sheet)
        roster.notes += [] if note in roster.notes else [note]


def _day_above(table: Table) -> datetime.date | None:
    """The day of the register: 填报日期 above the table."""
    for written in _DATE.findall("  ".join(table.lead)):
        try:
            found = day(re.sub(r"\s", "", written))
        except CellProblem:
            continue
        return found.date if found else None
    return None


def _read_rows(table: Table, layout: Layout, general_of: dict[str, str], roster: Roster) -> None:
    rows = [row for row in table.rows if not _is_prefilled(row, layout, roster)]
    filled = fill_down(rows, text_columns(layout.index), blanks=False)
    if "branch" in layout.index:
        filled = fill_down(filled, [layout.index["branch"]])
    generals = list(_generals(rows, filled, layout, general_of))
    for row, general in zip(filled, generals, strict=True):
        outcome = read_row(row, layout, general)
        if isinstance(outcome, RosterRow):
            roster.rows.append(outcome)
        else:
            roster.refusals += outcome
    roster.data_rows += len(rows)


def _is_prefilled(row: Row, layout: Layout, roster: Roster) -> bool:
    """A line of the form with its running number and nothing else holds nobody, nor does its sample line."""
    number = layout.index.get("number")
    if number is not None and _SAMPLE.match(text(row.cells[number])):
        roster.asides.append(Aside(layout.sheet, row.number, "  ".join(map(text, row.cells)), "填写示例"))
        return True
    if any(not is_blank(cell) for index, cell in enumerate(row.cells) if index != number):
        return False
    roster.asides.append(Aside(layout.sheet, row.number, text(row.cells[number or 0]), "只有序号"))
    return True


def _generals(
    rows: Sequence[Row], filled: Sequence[Row], layout: Layout, general_of: dict[str, str]
) -> Iterator[str]:
    """The 党总支 of each row. Blank means that of the branch's other rows; only then that of the line above."""
    branches = [_branch(row, layout) for row in filled]
    written = [_own(row, layout.index.get("general_branch")) for row in rows]
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for branch, name in zip(branches, written, strict=True):
        counts[branch][name] += bool(name)
    # 第一党支部 may stand under every 党总支: then only the line above tells.
    named = {branch: [name for name, count in found.items() if count] for branch, found in counts.items()}
    general_of |= {branch: names[0] for branch, names in named.items() if len(names) == 1}
    above, section = "", None
    for row, branch, name in zip(rows, branches, written, strict=True):
        above = above if row.section == section else ""
        section = row.section
        above = name or general_of.get(branch) or above
        yield above or (row.section[0] if row.section else "")


def _own(row: Row, at: int | None) -> str:
    """A unit's name that stands in the row itself; 同上 is none."""
    cell = row.cells[at] if at is not None and at < len(row.cells) else None
    return "" if is_ditto(cell) else bare_unit(meaning(cell))


def _branch(row: Row, layout: Layout) -> str:
    return _own(row, layout.index.get("branch")) or (row.section[1] if row.section else "") or layout.branch


def _unify_branches(roster: Roster) -> None:
    """Two spellings of one branch must not become two branches: the more frequent one stands."""
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    for row in roster.rows:
        spellings[unit_key(row.branch)][row.branch] += 1
    chosen = {key: counts.most_common(1)[0][0] for key, counts in spellings.items() if len(counts) > 1}
    if not chosen:
        return
    changed = [row for row in roster.rows if row.branch != chosen.get(unit_key(row.branch), row.branch)]
    for row in changed:
        row.branch = chosen[unit_key(row.branch)]
    said = [f"{'、'.join(spellings[key])}，统一为“{name}”" for key, name in chosen.items()]
    reason = f"同一党支部有几种写法：{'；'.join(said)}"
    roster.notes.append(Note(reason, "请核对", rows=tuple(row.place for row in changed)))


def _settle(roster: Roster) -> None:
    refusals = settle_duplicates(roster.rows)
    refused = {refusal.place for refusal in refusals}
    roster.rows = [row for row in roster.rows if row.place not in refused]
    roster.refusals += refusals
    order = {sheet: at for at, sheet in enumerate(dict.fromkeys(column.sheet for column in roster.columns))}
    roster.refusals.sort(key=lambda refusal: (order[refusal.sheet], refusal.row))
    _ask_about_branches(roster)
    compared = sum(row.identity is not None for row in roster.rows)
    for code, what in (("sex_mismatch", "性别"), ("birth_mismatch", "出生日期")):
        _bundle(roster, code, what, compared)


def _ask_about_branches(roster: Roster) -> None:
    """A branch lies under one 党总支 and has one secretary."""
    general: dict[str, RosterRow] = {}
    secretary: dict[str, RosterRow] = {}
    for row in roster.people:
        first = general.setdefault(row.branch, row) if row.general_branch else row
        if first.general_branch != row.general_branch:
            reason = f"“{row.branch}”在第 {first.row} 行属于“{first.general_branch}”，本行属于“{row.general_branch}”"
            _caution(row, "two_general_branches", "general_branch", reason)
        if any(post.code == "secretary" and post.scope == "branch" for post in row.posts):
            first = secretary.setdefault(row.branch, row)
            if first is not row:
                _caution(
                    row,
                    "two_secretaries",
                    "party_post",
                    f"“{row.branch}”在第 {first.row} 行已有书记“{first.name}”",
                )


def _caution(row: RosterRow, code: str, name: str, reason: str) -> None:
    cell = row.cells.get(name, "")
    row.cautions.append(Caution(row.sheet, row.row, TITLES[name], reason, "请核对后改正", cell, code))


def _bundle(roster: Roster, code: str, what: str, compared: int) -> None:
    """Hundreds of equal cautions hide the rest: say it once, with the rows."""
    places = tuple(row.place for row in roster.rows if any(c.code == code for c in row.cautions))
    if len(places) < _MANY or len(places) < compared * _SHARE:
        return
    for row in roster.rows:
        row.cautions = [caution for caution in row.cautions if caution.code != code]
    reason = f"{len(places)} 行（共比对 {compared} 行）的{what}与公民身份号码不一致，不像个别笔误"
    remedy = f"请检查“{what}”列或号码列是否错行；均按“{what}”列导入"
    roster.notes.append(Note(reason, remedy, rows=places))
