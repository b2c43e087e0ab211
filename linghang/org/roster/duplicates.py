"""Rows of one file that speak of the same person: merged into the first, or refused where they contradict it."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import fields

from linghang.org.roster.columns import TITLES
from linghang.org.roster.days import covers, latest
from linghang.org.roster.outcomes import Caution, Place, Refusal, RosterRow

_OWN = {"sheet", "row", "cautions", "stated", "cells", "duplicate_of", "posts", "party_post", "remark"}
# What tells a person from a namesake.
_TELLING = {"staff_number", "identity", "born_on", "sex", "joined_on", "confirmed_on"}
_COMPARED = [f.name for f in fields(RosterRow) if f.name not in _OWN]


def settle_duplicates(rows: list[RosterRow]) -> list[Refusal]:
    """Mark and merge what repeats an earlier row; return the refusals of rows that contradict an earlier one."""
    refusals = _same_staff_number(rows) + _same_identity(rows)
    refused = {refusal.place for refusal in refusals}
    _same_person([row for row in rows if row.duplicate_of is None and row.place not in refused])
    by_place = {row.place: row for row in rows}
    for row in rows:
        if row.duplicate_of and row.place not in refused:
            row.duplicate_of = _first(row, by_place)
            _merge(by_place[row.duplicate_of], row)
    return refusals


def bare_number(written: str | None) -> str:
    """A staff number to compare by: Excel drops leading zeros."""
    return (written or "").upper().lstrip("0")


def _first(row: RosterRow, by_place: dict[Place, RosterRow]) -> Place:
    """The row that stays, where one repeats a row that itself repeats another."""
    while row.duplicate_of:
        row = by_place[row.duplicate_of]
    return row.place


def _at(row: RosterRow, other: RosterRow) -> str:
    """How to speak of another row."""
    sheet = "" if row.sheet == other.sheet else f"工作表“{other.sheet}”"
    return f"{sheet}第 {other.row} 行“{other.name}”"


def _grouped(rows: Iterable[RosterRow], key: Callable[[RosterRow], object]) -> Iterable[list[RosterRow]]:
    groups: dict[object, list[RosterRow]] = defaultdict(list)
    for row in rows:
        if value := key(row):
            groups[value].append(row)
    return (group for group in groups.values() if len(group) > 1)


def _same_staff_number(rows: list[RosterRow]) -> list[Refusal]:
    """A staff number belongs to one person: the same name is a repetition, another name a contradiction."""
    refusals = []
    for first, *others in _grouped(rows, lambda row: bare_number(row.staff_number)):
        for row in others:
            if row.name == first.name:
                row.duplicate_of = first.place
            else:
                reason = f"工号“{row.staff_number}”与{_at(row, first)}相同，姓名不同"
                refusals.append(_refusal(row, "staff_number", reason, "请核对工号后改正"))
    return refusals


def _same_identity(rows: list[RosterRow]) -> list[Refusal]:
    """A number belongs to one person. Under two names it stays with the row whose birth date agrees with it."""
    refusals = []
    for group in _grouped((row for row in rows if row.duplicate_of is None), lambda row: row.identity):
        owner = next((row for row in group if _agrees(row)), group[0])
        for row in group:
            if row is owner:
                continue
            if row.name == owner.name:
                later, first = sorted((row, owner), key=group.index, reverse=True)
                later.duplicate_of = first.place
            elif _agrees(row) is False and _agrees(owner):
                _drop_identity(row, owner)
            else:
                reason = f"公民身份号码与{_at(row, owner)}相同，姓名不同"
                remedy = "请按证件核对：同一人的删去一行，不同人的改正号码"
                refusals.append(_refusal(row, "identity", reason, remedy))
    return refusals


def _agrees(row: RosterRow) -> bool | None:
    """Whether the birth date that the row itself states fits its number; unknown if it states none."""
    if "born_on" not in row.stated or not row.born_on or not row.identity:
        return None
    return covers(row.born_on, row.identity.born_on)


def _drop_identity(row: RosterRow, owner: RosterRow) -> None:
    """The number is somebody else's: what it said of this person goes with it."""
    row.identity = None
    row.sex = row.sex if "sex" in row.stated else None
    row.cautions = [c for c in row.cautions if c.code not in ("sex_mismatch", "birth_mismatch")]
    reason = f"公民身份号码与{_at(row, owner)}相同，且与本行出生日期不符，本行未导入号码"
    _caution(row, "identity_taken", "identity", reason, "请按证件补录")


def _same_person(rows: list[RosterRow]) -> None:
    """The same name and birth date: in one branch a repetition, in two branches a question."""
    seen: dict[str, list[RosterRow]] = defaultdict(list)
    for row in rows:
        namesakes = [first for first in seen[row.name] if _may_be_one(first, row)]
        if not _only_mentions(row, namesakes) and not any(_settle_pair(first, row) for first in namesakes):
            seen[row.name].append(row)


def _only_mentions(row: RosterRow, namesakes: list[RosterRow]) -> bool:
    """A list of committee members beside the register: it names a person of that branch and states nothing of them."""
    if row.category or _TELLING & row.stated:
        return False
    here = [first for first in namesakes if _same_branch(first, row) and first.sheet != row.sheet]
    if len(here) != 1:
        return False
    row.duplicate_of = here[0].place
    reason = f"与{_at(row, here[0])}同支部同名，本行没有别的信息，按同一人合并"
    _caution(row, "namesake", "name", reason, "不是同一人的，请补出生日期或工号")
    return True


def _same_branch(one: RosterRow, other: RosterRow) -> bool:
    """One branch; 第一党支部 of another 党总支 is another one."""
    generals = {row.general_branch for row in (one, other) if row.general_branch}
    return one.branch == other.branch and len(generals) < 2


def _settle_pair(first: RosterRow, row: RosterRow) -> bool:
    """Merge two rows if that is certain, else ask; say whether they were merged."""
    same_branch = _same_branch(first, row)
    same_birth = bool(first.born_on and row.born_on)
    same_joining = (
        first.joined_on is not None and first.joined_on == row.joined_on and not _other_sex(first, row)
    )
    if same_branch and (same_birth or same_joining):
        row.duplicate_of = first.place
        return True
    if same_branch:
        reason = f"与{_at(row, first)}同支部同名，缺出生日期，分不清是否同一人，按两人导入"
        _caution(row, "namesake", "name", reason, "请补出生日期或工号；同一人的删去一行")
    elif same_birth and first.born_on == row.born_on:
        reason = f"与{_at(row, first)}同名且出生日期相同，但支部不同（{first.branch}），可能是同一人"
        _caution(row, "two_branches", "branch", reason, "一名党员只编入一个支部，请核对后删去一行")
    return False


def _other_sex(one: RosterRow, other: RosterRow) -> bool:
    return bool(one.sex and other.sex and one.sex != other.sex)


def _may_be_one(first: RosterRow, row: RosterRow) -> bool:
    """Whether nothing tells the two apart: number, staff number, birth date."""
    numbers = bare_number(first.staff_number), bare_number(row.staff_number)
    for one, two in ((first.identity, row.identity), numbers):
        if one and two and one != two:
            return False
    a, b = first.born_on, row.born_on
    return not a or not b or (a.date <= latest(b) and b.date <= latest(a))


def _merge(first: RosterRow, row: RosterRow) -> None:
    """Complete the first row by the later one; where both say something different the first stands."""
    for name in _COMPARED:
        kept, other = getattr(first, name), getattr(row, name)
        if other and not kept:
            setattr(first, name, other)
        elif other and kept and other != kept and name in row.stated:
            reason = f"{TITLES[name]}与{_at(row, first)}不一致，合并时以第 {first.row} 行为准"
            _caution(row, "merge_differs", name, reason, "请核对两行哪一个正确")
    first.posts += [post for post in row.posts if post not in first.posts]
    texts = dict.fromkeys(filter(None, (first.party_post, row.party_post)))
    first.party_post = "、".join(texts)
    first.remark = "；".join(dict.fromkeys(filter(None, (first.remark, row.remark))))


def _caution(row: RosterRow, code: str, name: str, reason: str, remedy: str) -> None:
    row.cautions.append(
        Caution(row.sheet, row.row, TITLES[name], reason, remedy, row.cells.get(name, ""), code)
    )


def _refusal(row: RosterRow, name: str, reason: str, remedy: str) -> Refusal:
    return Refusal(row.sheet, row.row, TITLES[name], reason, remedy, row.cells.get(name, ""))
