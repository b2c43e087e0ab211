"""The register of members as a sheet: in the hospital's own columns, such as the roster import reads them again.

Nothing is lost on the way out and in again but the identity number, which leaves masked.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from django.db.models import Prefetch

from linghang.kernel import clock
from linghang.kernel.access import Actor
from linghang.org.models import Import, Membership, Person, Post, Unit
from linghang.org.roster.columns import TITLES
from linghang.ui.sheet_writing import Heading, write_workbook
from linghang.ui.sheet_writing import Kind as CellKind
from linghang.ui.sheet_writing import Page as Sheet

OWN, STANDARD = "own", "standard"
CLASS_CODE = "党组织类别代码"
COLUMNS = (
    "staff_number", "name", "sex", "ethnicity", "identity", "born_on", "education", "title", "department",
    "general_branch", "branch", "party_group", "joined_on", "confirmed_on", "entered_on", "category", "party_post",
    "admin_post", "phone", "remark",
)  # fmt: skip
# What must be there for the register to be read again.
NEEDED = ("name", "branch", "category")
_DAYS = ("born_on", "joined_on", "confirmed_on", "entered_on")
# How a post is written so that the reader knows scope and duty: 党支部书记.
_DUTIES = {
    "secretary": "书记",
    "deputy_secretary": "副书记",
    "organiser": "组织委员",
    "publicist": "宣传委员",
    "disciplinarian": "纪检委员",
    "committee_member": "委员",
}
_HEADS = {
    "party_secretary": "书记",
    "deputy_party_secretary": "副书记",
    "party_committee_member": "委员",
    "general_secretary": "书记",
    "general_member": "委员",
}


@dataclass(frozen=True)
class Line:
    """One member with what the register tells of their branch and posts; `phone` where the asker may see it."""

    person: Person
    held: Membership
    entered_on: date | None
    posts: tuple[Post, ...]
    phone: str


def lines(by: Actor, verb: str) -> list[Line]:
    """The members of today within reach, branch by branch; a fixed number of queries."""
    today = clock.today()
    posts = (
        Post.objects.on(today).filter(acting_for=None).select_related("unit", "role").order_by("role__order")
    )
    people = (
        Person.objects.within(by, verb)
        .exclude(branch=None)
        .select_related("branch__parent", "department")
        .prefetch_related(Prefetch("posts", posts, "held_posts"), "memberships")
        .order_by("branch__path", "pinyin", "pk")
    )
    return [
        Line(
            person,
            held,
            _entered(person, held),
            tuple(person.held_posts),
            person.phone if by.may("org.view_contacts", person) else "",
        )
        for person in people
        if (held := next((m for m in person.memberships.all() if m.until is None), None))
    ]


def _entered(person: Person, held: Membership) -> date | None:
    """Since when the branch has had the member without a break, where that is not the day of joining."""
    since = held.since
    rows = sorted(person.memberships.all(), key=lambda m: m.since, reverse=True)
    for later, earlier in pairwise(rows):
        if earlier.branch_id != held.branch_id or earlier.until != later.since:
            break
        since = earlier.since
    return None if person.joined_on is None or since <= person.joined_on else since


def headings(choice: str) -> list[tuple[str, str]]:
    """Label and field of every column: those of the last import, as the hospital writes them, or the standard set."""
    found = _last_columns() if choice == OWN else []
    if not found:
        return [*((TITLES[name], name) for name in COLUMNS), (CLASS_CODE, "class_code")]
    known = {name for _, name in found}
    return [*found, *((TITLES[name], name) for name in NEEDED if name not in known)]


def _last_columns() -> list[tuple[str, str]]:
    last = (
        Import.objects.filter(state=Import.State.CONFIRMED).order_by("-at").values_list("columns", flat=True)
    )
    found = (last.first() or {}).get("found", [])
    sheet = next((row[0] for row in found if row[3] == "name"), None)
    return [(label, name or "") for where, _, label, name in found if where == sheet]


def workbook(found: Iterable[Line], choice: str, title: str) -> bytes:
    """The register as an .xlsx."""
    columns = headings(choice)
    heads = [Heading(label, _kind(name)) for label, name in columns]
    rows = []
    for number, line in enumerate(found, 1):
        told = told_of(line) | {"number": str(number)}
        rows.append([told.get(name, "") for _, name in columns])
    return write_workbook(Sheet("党员名册", heads, rows, title=title))


def _kind(name: str) -> CellKind:
    return "date" if name in _DAYS else "text"


_PLAIN: Mapping[str, Callable[[Person], Any]] = {
    "staff_number": lambda p: p.staff_number or "",
    "name": lambda p: p.name,
    "sex": lambda p: p.get_sex_display(),
    "ethnicity": lambda p: p.ethnicity,
    "identity": lambda p: p.identity_masked,
    "born_on": lambda p: p.birth_on or "",
    "education": lambda p: p.education,
    "title": lambda p: p.title,
    "department": lambda p: p.department.name if p.department else "",
    "joined_on": lambda p: p.joined_on or "",
    "confirmed_on": lambda p: p.confirmed_on or "",
    "admin_post": lambda p: p.position,
    "remark": lambda p: p.note,
}


def told_of(line: Line) -> dict[str, Any]:
    """Every field of the register for one member."""
    branch = line.person.branch
    assert branch is not None  # lines are of members
    parent = branch.parent
    upper = parent is not None and parent.kind in (Unit.Kind.GENERAL, Unit.Kind.SUBCOMMITTEE)
    group = next((post.unit.name for post in line.posts if post.unit.kind == Unit.Kind.GROUP), "")
    return {
        **{name: read(line.person) for name, read in _PLAIN.items()},
        "phone": line.phone,
        "entered_on": line.entered_on or "",
        "branch": branch.name,
        "general_branch": parent.name if upper and parent else "",
        "party_group": group,
        "category": line.held.get_status_display(),
        "party_post": "、".join(filter(None, (_duty(post, branch) for post in line.posts))),
        "class_code": branch.class_code,
    }


def _duty(post: Post, branch: Unit) -> str:
    """A post in words that name its place; nothing for a place that the member's row does not speak of."""
    unit, code = post.unit, post.role_id
    if unit.pk == branch.pk:
        return f"党支部{_DUTIES[code]}" if code in _DUTIES else ""
    if unit.kind == Unit.Kind.GROUP and unit.parent_id == branch.pk:
        return "党小组组长" if code == "group_leader" else ""
    if unit.kind == Unit.Kind.COMMITTEE:
        return "纪委书记" if code == "discipline_secretary" else _headed("党委", code)
    return _headed("党总支", code) if unit.pk == branch.parent_id else ""


def _headed(place: str, code: str) -> str:
    return f"{place}{_HEADS[code]}" if code in _HEADS else ""
