"""The register held against an export of the national system: who is only there, only here, or told differently.

Nothing is written on either side; what comes out is one workbook for whoever keeps both.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from linghang.kernel import clock
from linghang.kernel.access import Actor
from linghang.org.importing.people import Known
from linghang.org.models import Person, Unit
from linghang.org.register import Line, lines, told_of
from linghang.org.roster.columns import TITLES, unit_key
from linghang.org.roster.days import covers
from linghang.org.roster.outcomes import RosterRow
from linghang.org.roster.reading import Roster, parse_roster
from linghang.ui.sheet_writing import Heading, Page, write_workbook
from linghang.ui.sheets import Day, Sheet, SheetProblem

COMPARE = "org.compare_register"
_TEXTS = ("sex", "ethnicity", "education", "title", "staff_number")
_DAYS = ("born_on", "joined_on", "confirmed_on")
_SEXES = {"male": "男", "female": "女"}
_STATUSES = {"full": "正式党员", "probationary": "预备党员"}


@dataclass(frozen=True)
class Differs:
    """One field of one member: what stands here, what stands there."""

    line: Line
    title: str
    here: str
    there: str


@dataclass(frozen=True)
class Difference:
    """The outcome of a comparison."""

    there: list[tuple[RosterRow, str]]
    here: list[Line]
    differs: list[Differs]
    unread: list[tuple[int, str]]

    @property
    def sentence(self) -> str:
        """One line above the sheets."""
        return (
            f"只在对方表 {len(self.there)} 人，只在本系统 {len(self.here)} 人，"
            f"不一致 {len(self.differs)} 处，没有读懂 {len(self.unread)} 行"
        )


def compare(by: Actor, sheets: Sequence[Sheet]) -> Difference:
    """Match every row of the other side's export to a member within reach and hold the fields against each other.

    Raises SheetProblem when no register is found in the file.
    """
    roster: Roster = parse_roster(sheets, as_of=clock.today())
    if not roster.columns:
        raise SheetProblem("没有找到党员名册的表头", remedy="请上传带表头的党员名册")
    ours = {line.person.pk: line for line in lines(by, COMPARE)}
    known = Known(line.person for line in ours.values())
    branches = {unit_key(unit.name): unit for unit in Unit.objects.branches().filter(until=None)}
    stated = {column.field for column in roster.columns}
    there, differs, met = [], [], set[int]()
    for row in roster.people:
        match = known.find(row, branches.get(unit_key(row.branch)) or Unit())
        line = ours.get(match.person.pk) if match.person is not None else None
        if line is None or line.person.pk in met:
            there.append((row, match.refusal[1] if match.refusal else "本系统没有相符的党员"))
            continue
        met.add(line.person.pk)
        differs += _differs(line, row, stated)
    here = [line for key, line in ours.items() if key not in met]
    return Difference(there, here, differs, [(f.row, f"{f.column}：{f.reason}") for f in roster.refusals])


def _differs(line: Line, row: RosterRow, stated: Iterable[str | None]) -> list[Differs]:
    told, found = told_of(line), []
    for name in filter(lambda name: name in stated, (*_TEXTS, *_DAYS, "branch", "category")):
        here, there = told[name], _there(row, name)
        if not _same(name, here, there):
            found.append(Differs(line, TITLES[name], str(here), _shown(there)))
    return found


def _there(row: RosterRow, name: str) -> Any:
    value = getattr(row, name)
    return {"sex": _SEXES, "category": _STATUSES}.get(name, {}).get(value, value)


def _same(name: str, here: Any, there: Any) -> bool:
    if not here and not there:
        return True
    if isinstance(there, Day):
        return bool(here) and covers(there, here)
    if name == "branch":
        return unit_key(str(here)) == unit_key(str(there))
    return str(here or "").strip() == str(there or "").strip()


def _shown(value: Any) -> str:
    if isinstance(value, Day):
        return value.date.isoformat()[: {"day": 10, "month": 7, "year": 4}[value.precision]]
    return str(value or "")


def workbook(found: Difference) -> bytes:
    """The difference as four sheets."""
    who = [Heading("姓名"), Heading("工号"), Heading("党支部")]
    pages = [
        Page(
            "不一致",
            [*who, Heading("项目"), Heading("本系统"), Heading("对方表")],
            [[*_who(d.line.person), d.title, d.here, d.there] for d in found.differs],
            title="两边不一致",
            note=found.sentence,
        ),
        Page(
            "只在本系统",
            [*who, Heading("党员类别")],
            [[*_who(line.person), line.held.get_status_display()] for line in found.here],
            title="只在本系统",
        ),
        Page(
            "只在对方表",
            [*who, Heading("行"), Heading("说明")],
            [[row.name, row.staff_number, row.branch, str(row.row), why] for row, why in found.there],
            title="只在对方表",
        ),
        Page(
            "没有读懂的行",
            [Heading("行"), Heading("原因")],
            [[str(row), why] for row, why in found.unread],
            title="没有读懂的行",
        ),
    ]
    return write_workbook(*pages)


def _who(person: Person) -> list[str]:
    return [person.name, person.staff_number or "", str(person.branch or "")]
