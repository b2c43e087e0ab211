"""The organisation's sections: roles, who may do what, units, and (for small or invented hospitals) people."""

from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from linghang.kernel import clock
from linghang.kernel.blueprint import Entry, Ref, section
from linghang.org.actions import add_person, add_unit, appoint, cover, enroll
from linghang.org.models import Grant, Person, Role, Unit, User

BEGINNING = date(2020, 1, 1)
Extent = Literal["own", "unit", "tree", "covered"]
Kind = Literal[
    "hospital",
    "committee",
    "subcommittee",
    "general",
    "branch",
    "group",
    "campus",
    "division",
    "department",
    "ward",
]


class RoleEntry(Entry):
    code: str
    name: str
    suffix: str = ""
    kind: Literal["business", "administration", "audit"] = "business"
    leads: bool = False
    on_committee: bool = False
    single: bool = False
    party_work: bool = False
    at: list[Kind] = []
    order: int = 0


class GrantEntry(Entry):
    key: ClassVar[str] = "verb"
    verb: Annotated[str, Ref("kernel.verbs")]
    to: dict[Annotated[str, Ref("org.roles")], Extent | list[Extent]]


class UnitEntry(Entry):
    code: str
    name: str
    kind: Kind
    parent: Annotated[str, Ref("org.units")] = ""
    category: str = ""
    shape: Literal["ordinary", "joint"] = "ordinary"
    campus: Annotated[str, Ref("org.units")] = ""
    legal_name: str = ""
    credit_code: str = ""
    since: date = BEGINNING
    covers: dict[Annotated[str, Ref("org.units")], float] = {}


class PostEntry(Entry):
    role: Annotated[str, Ref("org.roles")]
    unit: Annotated[str, Ref("org.units")]
    since: date = BEGINNING
    fulltime: bool = False


class PersonEntry(Entry):
    code: str
    name: str
    sex: Literal["male", "female", ""] = ""
    branch: Annotated[str, Ref("org.units")] = ""
    department: Annotated[str, Ref("org.units")] = ""
    status: Literal["probationary", "full"] = "full"
    joined_on: date | None = None
    confirmed_on: date | None = None
    title: str = ""
    position: str = ""
    posts: list[PostEntry] = []
    account: str = ""


@section("org.roles", "岗位", RoleEntry, codes=lambda: Role.objects.values_list("code", flat=True), order=10)
def apply_roles(entries: list[RoleEntry], by: Any) -> int:
    changed = 0
    for entry in entries:
        data = entry.model_dump()
        if not Role.objects.filter(**data).exists():
            Role.objects.update_or_create(code=data.pop("code"), defaults=data)
            changed += 1
    return changed


@section("org.grants", "权限", GrantEntry, codes=list, order=11)
def apply_grants(entries: list[GrantEntry], by: Any) -> int:
    """Dated rows: what the file no longer names ends today, what is new begins today (at the beginning if first).

    A verb that the hospital has given to or taken from a role itself stays as the hospital set it.
    """
    today = clock.today()
    since = today if Grant.objects.exists() else BEGINNING
    wanted = {
        (role, entry.verb, extent)
        for entry in entries
        for role, extents in entry.to.items()
        for extent in ([extents] if isinstance(extents, str) else extents)
    }
    decided = set(Grant.objects.exclude(by_name="").values_list("role", "verb"))
    wanted = {key for key in wanted if key[:2] not in decided}
    now = {
        (g.role_id, g.verb, g.extent): g
        for g in Grant.objects.on(today)
        if (g.role_id, g.verb) not in decided
    }
    gone = [now[key].pk for key in now.keys() - wanted]
    Grant.objects.filter(pk__in=gone, since=today).delete()
    Grant.objects.filter(pk__in=gone).update(until=today)
    fresh = sorted(wanted - now.keys())
    Grant.objects.bulk_create(
        [Grant(role_id=role, verb=verb, extent=extent, since=since) for role, verb, extent in fresh]
    )
    return len(fresh) + len(now.keys() - wanted)


@section(
    "org.units",
    "单位",
    UnitEntry,
    codes=lambda: Unit.objects.values_list("code", flat=True),
    order=12,
    founding=True,
)
def apply_units(entries: list[UnitEntry], by: Any) -> int:
    """New units only: names, places and coverage of those that stand are the office's own affair from then on."""
    known = {unit.code: unit for unit in Unit.objects.all()}
    changed = 0
    for order, entry in enumerate(entries):
        unit = known.get(entry.code)
        if unit is None:
            parent = known[entry.parent] if entry.parent else None
            known[entry.code] = add_unit(
                by,
                name=entry.name,
                kind=entry.kind,
                parent=parent,
                since=entry.since,
                category=entry.category,
                shape=entry.shape,
                campus=known[entry.campus] if entry.campus else None,
                legal_name=entry.legal_name,
                credit_code=entry.credit_code,
                code=entry.code,
                order=order,
            )
            changed += 1
    return changed + _apply_coverage(entries, known, by)


def _apply_coverage(entries: list[UnitEntry], known: dict[str, Unit], by: Any) -> int:
    changed = 0
    for entry in entries:
        for code, weight in entry.covers.items():
            branch, department = known[entry.code], known[code]
            if not branch.covers.filter(department=department).exists():
                cover(branch, by, department=department, weight=weight, since=entry.since)
                changed += 1
    return changed


@section(
    "org.people",
    "人员",
    PersonEntry,
    codes=lambda: Person.objects.exclude(staff_number=None).values_list("staff_number", flat=True),
    order=13,
    founding=True,
)
def apply_people(entries: list[PersonEntry], by: Any) -> int:
    """New people only: whoever is known already is the office's own affair from then on."""
    units = {unit.code: unit for unit in Unit.objects.all()}
    roles = Role.objects.in_bulk()
    known = set(Person.objects.values_list("staff_number", flat=True))
    fresh = [entry for entry in entries if entry.code not in known]
    for entry in fresh:
        _apply_person(entry, units, roles, by)
    return len(fresh)


def _apply_person(entry: PersonEntry, units: dict[str, Unit], roles: dict[str, Role], by: Any) -> None:
    person = add_person(
        by,
        name=entry.name,
        staff_number=entry.code,
        sex=entry.sex,
        department=units.get(entry.department),
        joined_on=entry.joined_on,
        confirmed_on=entry.confirmed_on,
        title=entry.title,
        position=entry.position,
    )
    if entry.branch:
        since = max(entry.joined_on or BEGINNING, units[entry.branch].since)
        enroll(person, by, branch=units[entry.branch], status=entry.status, since=since)
    for post in entry.posts:
        appoint(
            by,
            person=person,
            unit=units[post.unit],
            role=roles[post.role],
            since=post.since,
            fulltime=post.fulltime,
        )
    if entry.account:
        User.objects.create_user(username=entry.account, person=person)
