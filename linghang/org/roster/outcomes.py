"""What becomes of the rows of a member register: taken, taken with cautions, merged, or refused."""

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from linghang.org.identity import Identity, Sex
from linghang.org.roster.posts import PartyPost
from linghang.ui.sheets import Day

Category = Literal["full", "probationary"]


class Place(NamedTuple):
    """A row of a file: its sheet and its number there."""

    sheet: str
    row: int


@dataclass(frozen=True)
class Refusal:
    """Why a row is not taken. A row with several faults has several."""

    sheet: str
    row: int
    column: str
    reason: str
    remedy: str
    cell: str = ""

    @property
    def place(self) -> Place:
        """The row that it is about."""
        return Place(self.sheet, self.row)


@dataclass(frozen=True)
class Caution(Refusal):
    """What to look at in a row that is taken nevertheless; `code` is the kind, to group by."""

    code: str = ""


@dataclass(frozen=True)
class Note:
    """Something about the whole file or many rows at once."""

    reason: str
    remedy: str = ""
    sheet: str = ""
    rows: tuple[Place, ...] = ()


@dataclass(frozen=True)
class Recognised:
    """A column of a sheet as it was understood: position from 0, its label, the field or nothing."""

    sheet: str
    index: int
    label: str
    field: str | None


@dataclass(frozen=True)
class Aside:
    """A row that holds no person: a total, a note, a section line, a repeated header."""

    sheet: str
    row: int
    text: str
    why: str


@dataclass
class RosterRow:
    """One member as the row tells it, in normal form.

    `stated` names the fields that the row itself fills, `cells` the address of every field's cell.
    """

    sheet: str
    row: int
    name: str
    branch: str
    general_branch: str = ""
    party_group: str = ""
    staff_number: str = ""
    sex: Sex | None = None
    ethnicity: str = ""
    identity: Identity | None = None
    born_on: Day | None = None
    native_place: str = ""
    education: str = ""
    degree: str = ""
    title: str = ""
    department: str = ""
    joined_on: Day | None = None
    confirmed_on: Day | None = None
    entered_on: Day | None = None
    category: Category | None = None
    posts: list[PartyPost] = field(default_factory=list)
    party_post: str = ""
    admin_post: str = ""
    phone: str = ""
    remark: str = ""
    cautions: list[Caution] = field(default_factory=list)
    stated: frozenset[str] = frozenset()
    cells: dict[str, str] = field(default_factory=dict, repr=False)
    duplicate_of: Place | None = None

    @property
    def place(self) -> Place:
        """Where the row stands."""
        return Place(self.sheet, self.row)


@dataclass
class Roster:
    """The outcome of a file. Every data row is in `rows` once, or its place is in `refusals`."""

    columns: list[Recognised] = field(default_factory=list)
    rows: list[RosterRow] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    asides: list[Aside] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    data_rows: int = 0

    @property
    def people(self) -> list[RosterRow]:
        """The rows to import: one a person."""
        return [row for row in self.rows if row.duplicate_of is None]

    @property
    def merged(self) -> list[RosterRow]:
        """The rows that only repeat or complete an earlier one."""
        return [row for row in self.rows if row.duplicate_of is not None]

    @property
    def refused(self) -> list[Place]:
        """The rows that are not taken, in order, each once."""
        return list(dict.fromkeys(refusal.place for refusal in self.refusals))

    @property
    def cautions(self) -> list[Caution]:
        """Every caution of every row taken."""
        return [caution for row in self.rows for caution in row.cautions]

    def summary(self) -> str:
        """One sentence for the top of the preview."""
        looked = len({caution.place for caution in self.cautions})
        return (
            f"共 {self.data_rows} 行：可导入 {len(self.people)} 人，合并 {len(self.merged)} 行，"
            f"不能导入 {len(self.refused)} 行；{looked} 行有提醒"
        )
