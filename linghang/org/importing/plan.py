"""From the rows of a register to the rows of the database: decided completely before anything is written."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q

from linghang.kernel import clock
from linghang.kernel.access import Actor, Reach
from linghang.org.actions import spell
from linghang.org.importing.entries import Entry, Words, counted, of_file, of_question, of_refusals, of_row
from linghang.org.importing.memberships import Changes, Roll
from linghang.org.importing.people import Known, Match, described, row_digest, settle_claims
from linghang.org.importing.posts import Seats
from linghang.org.importing.units import Placed, Tree
from linghang.org.models import Membership, Person, Post, Role, Unit
from linghang.org.roster.columns import TITLES
from linghang.org.roster.days import covers
from linghang.org.roster.outcomes import Place, RosterRow
from linghang.org.roster.posts import is_plain
from linghang.org.roster.reading import Roster
from linghang.ui.sheets import Sheet

TEXTS = {
    "sex": "sex",
    "ethnicity": "ethnicity",
    "education": "education",
    "title": "title",
    "admin_post": "position",
    "phone": "phone",
    "remark": "note",
}
DAYS = {"born_on": "birth_on", "joined_on": "joined_on", "confirmed_on": "confirmed_on"}
_UNTOLD = frozenset({"phone"})


@dataclass(frozen=True)
class Settings:
    """What the clerk says about the file: its day, the branch and the category of rows that name none, units."""

    as_of: date
    branch: str = ""
    status: str = ""
    units: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, choices: dict[str, Any]) -> "Settings":
        """Read back what was kept with the import."""
        as_of = choices.get("as_of")
        return cls(**{**choices, "as_of": date.fromisoformat(as_of) if as_of else clock.today()})

    def kept(self) -> dict[str, Any]:
        """As it is kept with the import."""
        return {**self.__dict__, "as_of": self.as_of.isoformat()}


@dataclass
class Plan:
    """Everything that a confirmation would write, and what is said about it."""

    entries: list[Entry]
    counts: dict[str, int]
    units: list[Unit]
    people: list[Person]
    memberships: list[Membership]
    posts: list[Post]
    changed: list[tuple[models.Model, dict[str, Any]]]


def make_plan(roster: Roster, sheets: Sequence[Sheet], chosen: Settings, by: Actor, reach: Reach) -> Plan:
    """Decide on every row of a register in the present state of the database; writes nothing."""
    return _Planner(chosen, by, reach).plan(roster, sheets)


@dataclass
class _Case:
    """A row on its way: where it belongs, who it is, how its membership stands."""

    row: RosterRow
    placed: Placed
    branch: Unit
    said: list[Words] = field(default_factory=list)


class _Planner:
    def __init__(self, chosen: Settings, by: Actor, reach: Reach) -> None:
        self.chosen, self.as_of, self.reach = chosen, chosen.as_of, reach
        units = Unit.objects.filter(until=None).select_related("parent")
        self.tree = Tree(units, chosen.units, chosen.as_of, self._within)
        self.known = Known(Person.objects.select_related("branch", "department"))
        self.changes = Changes()
        self.roll = Roll(self.as_of, chosen.status, self.changes)
        posts = Post.objects.filter(Q(until=None) | Q(until__gt=self.as_of))
        posts = posts.select_related("person", "unit", "role").order_by("since", "pk")
        self.seats = Seats(posts, Role.objects.in_bulk(), self.tree.head, self.as_of, by)
        self.fresh: list[Person] = []
        self._remarked: set[str] = set()

    def plan(self, roster: Roster, sheets: Sequence[Sheet]) -> Plan:
        entries = of_refusals(roster, sheets)
        settled: dict[int, _Case] = {}
        for row in roster.people:
            entry = self._decide(row)
            if isinstance(entry, _Case):
                settled[len(settled)] = entry
            else:
                entries.append(entry)
        matches = settle_claims(
            {at: (c.row, m := self._find(c), _is_here(m, c.branch)) for at, c in settled.items()}
        )
        # Where a committee has no room for all, those with an office of their own come before plain members.
        by_office = sorted(settled.items(), key=lambda each: is_plain(each[1].row.posts))
        entries += [self._settle(case, matches[at]) for at, case in by_office]
        entries += _repeated(roster, entries)
        order = {sheet.name: at for at, sheet in enumerate(sheets)}
        entries.sort(key=lambda entry: (order[entry["sheet"]], entry["row"]))
        entries += of_file(roster) + [of_question(question) for question in self.tree.questions.values()]
        counts, changed = counted(entries, roster.data_rows), self.changes.all()
        return Plan(entries, counts, self.tree.fresh, self.fresh, self.roll.fresh, self.seats.fresh, changed)

    # -- one row -----------------------------------------------------------------------------------------------

    def _decide(self, row: RosterRow) -> "_Case | Entry":
        """Whether a row can be placed and its membership told, before it is asked who it is."""
        placed = self.tree.place(row)
        if placed.refusal or placed.branch is None:
            untold = ("branch", f"无法确定“{row.branch}”是哪个党支部", "请在“新单位”中选择怎样处理")
            return of_row(row, "refused", [placed.refusal or untold])
        if not self._within(placed.branch):
            return of_row(
                row, "refused", [("branch", f"“{placed.branch}”不在您的权限内", "请由管该支部的党组织导入")]
            )
        case = _Case(row, placed, placed.branch)
        if placed.branch.code not in self._remarked:
            self._remarked.add(placed.branch.code)
            case.said += placed.remarks
        if long := next((name for name in ("name", "staff_number") if _too_long(row, name)), ""):
            return of_row(row, "refused", [(long, f"{TITLES[long]}过长", "请核对后改正")])
        for name in filter(lambda name: _too_long(row, name), TEXTS):
            case.said.append((name, f"{TITLES[name]}过长，没有导入", "请缩短后重新导入"))
            setattr(row, name, "")
        return case

    def _within(self, unit: Unit) -> bool:
        while unit.pk is None and unit.parent is not None:
            unit = unit.parent
        return unit.pk in self.reach.units or bool(
            self.reach.trees and unit.path.startswith(self.reach.trees)
        )

    def _find(self, case: _Case) -> Match:
        return self.known.find(case.row, case.branch)

    def _settle(self, case: _Case, match: Match) -> Entry:
        row = case.row
        if match.refusal:
            return of_row(row, "refused", [match.refusal])
        case.said += match.remarks
        if match.person is None:
            return self._add(case)
        if match.person.branch is not None and not self._within(match.person.branch):
            reason = f"已有人员{described(match.person)}不在您的权限内"
            return of_row(row, "refused", [("name", reason, "请由其所在党组织先转出")])
        into = f"{described(match.person)}，依据{match.basis}"
        changes = self._update(case, match.person)
        changes += self.roll.follow(row, match.person, case.branch, case.said)
        changes += self._appoint(case, match.person)
        return of_row(row, "merged", case.said, changes=changes, into=into, person=match.person.pk)

    def _appoint(self, case: _Case, person: Person) -> list[str]:
        posts, cautions = self.seats.take(case.row, person, case.placed)
        case.said += cautions
        return [f"任{post.label}（自 {post.since}）" for post in posts]

    # -- a new person ------------------------------------------------------------------------------------------

    def _add(self, case: _Case) -> Entry:
        row, placed = case.row, case.placed
        status = self.roll.status(row, case.said)
        if status is None:
            reason = "没有党员类别、转正时间和入党时间，无法判定是不是正式党员"
            remedy = "请在名册中补上，或在“调整列”里选择未写类别的按正式党员导入"
            return of_row(row, "refused", [("category", reason, remedy)])
        person = Person(name=row.name, pinyin=spell(row.name), staff_number=row.staff_number or None)
        for name, attribute in TEXTS.items():
            setattr(person, attribute, getattr(row, name) or "")
        for name, attribute in DAYS.items():
            setattr(person, attribute, written.date if (written := getattr(row, name)) else None)
        self._identify(case, person)
        person.department = placed.department
        self.fresh.append(person)
        self.roll.join(row, person, case.branch, status)
        changes = self._appoint(case, person)
        # The unit that is meant, not its spelling: a wrong branch must be seen before it is confirmed.
        shown = {"branch": case.branch.name, "status": Membership.Status(status).label}
        return of_row(row, "imported", case.said, changes=changes, **shown)

    def _identify(self, case: _Case, person: Person) -> dict[str, Any]:
        """Keep the digest and the masked form of a number, if the hospital keeps any and nobody else has it."""
        mark = row_digest(case.row)
        if not mark or case.row.identity is None or person.identity_digest == mark:
            return {}
        owner = self.known.by_digest.get(mark)
        if person.identity_digest or owner is not None:
            whose = described(owner) if owner else "系统所记的"
            case.said.append(("identity", f"公民身份号码与{whose}不一致，没有导入", "请按证件核对"))
            return {}
        before = {"identity_digest": person.identity_digest, "identity_masked": person.identity_masked}
        person.identity_digest, person.identity_masked = mark, case.row.identity.masked
        return before

    # -- a known person ----------------------------------------------------------------------------------------

    def _update(self, case: _Case, person: Person) -> list[str]:
        """Take over what the row states and the system does not know, or knows otherwise; a blank takes nothing."""
        row, before, changes = case.row, self._identify(case, person), []
        if before:
            changes.append("补公民身份号码")
        for name, attribute, value in self._news(row, person, case.placed):
            old, stored = getattr(person, attribute), _stored(attribute)
            before[stored] = getattr(person, stored)
            setattr(person, attribute, value)
            changes.append(
                TITLES[name] if name in _UNTOLD else f"{TITLES[name]}：{_shown(old)} → {_shown(value)}"
            )
        self.changes.remember(person, before)
        return changes

    def _news(self, row: RosterRow, person: Person, placed: Placed) -> list[tuple[str, str, Any]]:
        """Field, attribute and value of whatever differs. What the row only implies fills gaps, no more."""
        found: list[tuple[str, str, Any]] = []
        if row.staff_number and not person.staff_number:
            found.append(("staff_number", "staff_number", row.staff_number))
        for name, attribute in TEXTS.items():
            value, old = getattr(row, name), getattr(person, attribute)
            if value and value != old and (not old or name in row.stated):
                found.append((name, attribute, value))
        for name, attribute in DAYS.items():
            written, old = getattr(row, name), getattr(person, attribute)
            if written and not (old and covers(written, old)) and (not old or name in row.stated):
                found.append((name, attribute, written.date))
        if placed.department is not None and (
            person.department_id is None or person.department != placed.department
        ):
            found.append(("department", "department", placed.department))
        return found


def _is_here(match: Match, branch: Unit) -> bool:
    return match.person is not None and branch.pk is not None and match.person.branch_id == branch.pk


def _repeated(roster: Roster, entries: Sequence[Entry]) -> list[Entry]:
    """Rows that repeat an earlier one share its fate."""
    fate = {Place(entry["sheet"], entry["row"]): entry for entry in entries}
    found = []
    for row in roster.merged:
        first = row.duplicate_of
        assert first is not None  # what makes a row a repeated one
        where = f"第 {first.row} 行“{fate[first]['name']}”"
        if fate[first]["kind"] == "refused":
            said = ("name", f"与{where}是同一人，该行没有导入", "请先改正该行")
            found.append(of_row(row, "refused", [said]))
        else:
            found.append(of_row(row, "merged", into=f"名册{where}", person=fate[first]["person"]))
    return found


def _too_long(row: RosterRow, name: str) -> bool:
    length: int = getattr(Person._meta.get_field(TEXTS.get(name, name)), "max_length", 0)
    return len(getattr(row, name) or "") > length


def _stored(attribute: str) -> str:
    """The column of an attribute: a foreign key is kept under its id."""
    return f"{attribute}_id" if attribute == "department" else attribute


def _shown(value: Any) -> str:
    if value in ("male", "female"):
        return Person.Sex(value).label
    return str(value) if value not in (None, "") else "空"
