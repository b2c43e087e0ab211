"""Every way a unit turns into another: renamed, raised, merged, split; and the temporary branch, from approval to end.

Nothing is rewritten: former names, places, memberships and posts stay as dated rows, and an event tells by which paper.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from linghang.kernel import clock
from linghang.kernel.access import Actor
from linghang.kernel.flow import creation, record, step
from linghang.kernel.parameters import guarded
from linghang.org.actions.posts import check_post
from linghang.org.actions.units import (
    PARENTS,
    check_name,
    chronicle,
    end_life,
    end_rows,
    place,
    plant,
    stands,
)
from linghang.org.models import Coverage, Event, Membership, Naming, Person, Post, Role, Unit
from linghang.rules import branch as branch_rules

# To what a unit may be raised: a branch to a general branch, that to a Party committee.
HIGHER: dict[str, tuple[str, ...]] = {
    Unit.Kind.BRANCH: (Unit.Kind.GENERAL,),
    Unit.Kind.GENERAL: (Unit.Kind.SUBCOMMITTEE, Unit.Kind.COMMITTEE),
    Unit.Kind.SUBCOMMITTEE: (Unit.Kind.COMMITTEE,),
}
# What may be merged: units of one kind, in either tree.
ONE_OF: tuple[str, ...] = (
    Unit.Kind.GENERAL,
    Unit.Kind.BRANCH,
    Unit.Kind.GROUP,
    Unit.Kind.DIVISION,
    Unit.Kind.DEPARTMENT,
    Unit.Kind.WARD,
)


def _settled(day: date, unit: Unit, field: str = "since") -> None:
    """A change is entered once its day has come: whoever asks for today must not find tomorrow's organisation."""
    guarded(day)
    if day > clock.today():
        raise ValidationError({field: "还没到这一天，到时再办理"})
    if day <= unit.since:
        raise ValidationError({field: f"应晚于“{unit}”的成立日期 {unit.since}"})


@step(Unit, "org.rename", when=stands)
def rename(unit: Unit, by: Actor, *, name: str, since: date, document: str = "", note: str = "") -> None:
    """更名"""
    _settled(since, unit)
    if name == unit.name:
        raise ValidationError({"name": "与现在的名称相同"})
    check_name(name, unit.parent, unit)
    old = unit.name
    _keep_name(unit, since)
    unit.name = name
    chronicle(unit, Event.Kind.RENAMED, since, document, text=f"原名“{old}”")


def _keep_name(unit: Unit, until: date) -> None:
    """Write down what the unit was called and of what kind it was until that day."""
    last = unit.namings.order_by("-until").first()
    if last and until <= last.until:
        raise ValidationError({"since": f"应晚于上次更名或升格的日期 {last.until}"})
    since = last.until if last else unit.since
    Naming.objects.create(unit=unit, name=unit.name, kind=unit.kind, since=since, until=until)


@step(Unit, "org.promote", when=lambda unit: unit.kind in HIGHER and stands(unit) and not unit.is_temporary)
def promote(
    unit: Unit,
    by: Actor,
    *,
    kind: str,
    name: str,
    since: date,
    branch_name: str = "",
    parent: Unit | None = None,
    document: str = "",
    note: str = "",
) -> None:
    """升格"""
    _settled(since, unit)
    if kind not in HIGHER[unit.kind]:
        raise ValidationError({"kind": f"{unit.get_kind_display()}不能升格为{Unit.Kind(kind).label}"})
    above = parent or unit.parent
    if above is None or above.kind not in PARENTS[kind] or above.until:
        raise ValidationError({"parent": f"{Unit.Kind(kind).label}不能设在“{above}”之下，请选择新的上级"})
    check_name(name, above, unit)
    was_branch, old = unit.kind == Unit.Kind.BRANCH, f"{unit.get_kind_display()}“{unit.name}”"
    _keep_name(unit, since)
    if above.pk != unit.parent_id:
        place(unit, above, since)
    unit.kind, unit.name, unit.shape = kind, name, Unit.Shape.ORDINARY
    end_rows(unit.posts.filter(role__on_committee=True), since)
    unit.terms.filter(until__isnull=True).update(until=since)
    chronicle(unit, Event.Kind.PROMOTED, since, document, text=f"原为{old}")
    if was_branch:
        Unit.objects.filter(pk=unit.pk).update(kind=kind)
        _first_branch(unit, branch_name, since, document)


def _first_branch(unit: Unit, name: str, since: date, document: str) -> None:
    """The members of a branch that has been raised go on in a branch below it, with its groups and departments."""
    if not name.strip():
        raise ValidationError({"branch_name": "请填写原有党员转入的下设支部的名称"})
    made = plant(name=name, kind=Unit.Kind.BRANCH, parent=unit, since=since, category=unit.category)
    chronicle(made, Event.Kind.FOUNDED, since, document, unit, "由升格前的支部党员组成")
    for group in unit.children.filter(kind=Unit.Kind.GROUP, until__isnull=True):
        place(group, made, since)
    hand_coverage(unit.covers.all(), made, since)
    hand_members(unit, made, since)


@step(Unit, "org.merge", when=lambda unit: unit.kind in ONE_OF and stands(unit) and not unit.is_temporary)
def merge(unit: Unit, by: Actor, *, into: Unit, since: date, document: str = "", note: str = "") -> None:
    """并入其他单位"""
    _settled(since, unit)
    _settled(since, into)
    if into.pk == unit.pk or into.kind != unit.kind or into.until or into.is_temporary:
        raise ValidationError({"into": f"请选择另一个在用的{unit.get_kind_display()}"})
    if not by.may("org.merge", into):
        raise ValidationError({"into": f"您的职务不能办理“{into}”的并入"})
    for below in unit.children.filter(until__isnull=True):
        place(below, into, since)
    hand_coverage(unit.covers.all(), into, since)
    _hand_department(unit, into, since)
    hand_members(unit, into, since)
    unit.until, unit.successor = since, into
    end_life(unit, since)
    place(unit, into, since)
    chronicle(unit, Event.Kind.MERGED, since, document, into, note)
    chronicle(into, Event.Kind.ABSORBED, since, document, unit, note)
    record(by, "org.merge", into, label="接收并入", note=f"{unit} 自 {since} 并入")


@step(
    Unit,
    "org.split",
    when=lambda unit: unit.kind == Unit.Kind.BRANCH and stands(unit) and not unit.is_temporary,
)
def split(
    unit: Unit,
    by: Actor,
    *,
    name: str,
    since: date,
    members: Iterable[Person],
    departments: Iterable[Unit] = (),
    document: str = "",
    note: str = "",
) -> None:
    """分设支部"""
    _settled(since, unit)
    leaving = list(members)
    if not leaving:
        raise ValidationError({"members": "请选择转入新支部的党员"})
    made = plant(name=name, kind=unit.kind, parent=unit.parent, since=since, category=unit.category)
    hand_members(unit, made, since, only=leaving)
    hand_coverage(unit.covers.filter(department__in=list(departments)), made, since)
    people = [person.pk for person in leaving]
    end_rows(unit.posts.filter(person__in=people, role__on_committee=True), since)
    chronicle(unit, Event.Kind.SPLIT, since, document, made, note)
    chronicle(made, Event.Kind.FOUNDED, since, document, unit, "分设")
    record(by, "org.split", made, label="分设支部", note=f"自“{unit}”分设，{len(leaving)} 名党员")


def hand_members(
    unit: Unit, into: Unit, since: date, only: Iterable[Person] | None = None
) -> list[Membership]:
    """Members go on in another branch from a day on, as what they were; where they were before is kept."""
    held = Membership.objects.filter(branch=unit, until__isnull=True).select_related("person")
    going = list(held if only is None else held.filter(person__in=[person.pk for person in only]))
    if only is not None and len(going) != len(set(only)):
        raise ValidationError({"members": f"所选的人中有的不是“{unit}”的党员"})
    if late := next((each for each in going if each.since >= since), None):
        raise ValidationError({"since": f"应晚于{late.person}编入的日期 {late.since}"})
    Membership.objects.filter(pk__in=[each.pk for each in going]).update(until=since)
    for each in going:
        each.pk, each.branch, each.since = None, into, since
        each._state.adding = True
    Membership.objects.bulk_create(going)
    Person.objects.filter(pk__in=[each.person_id for each in going]).update(branch=into)
    return going


def hand_coverage(held: "QuerySet[Coverage]", into: Unit, since: date) -> None:
    """Departments are covered by another branch from a day on; shares that meet in one branch add up, to one at most."""
    for each in held.filter(until__isnull=True, since__lt=since).select_related("department"):
        own = into.covers.filter(department=each.department, until__isnull=True).first()
        weight = min(Decimal(1), each.weight + (own.weight if own else 0))
        if own and own.since < since:
            into.covers.filter(pk=own.pk).update(until=since)
        Coverage.objects.update_or_create(
            branch=into, department=each.department, since=since, defaults={"weight": weight, "until": None}
        )
        Coverage.objects.filter(pk=each.pk).update(until=since)


def _hand_department(unit: Unit, into: Unit, since: date) -> None:
    """A department that is merged brings its staff along; the branches that cover it cover its successor."""
    Person.objects.filter(department=unit).update(department=into)
    covered = into.covered_by.filter(until__isnull=True)
    if not covered.exists():
        for each in unit.covered_by.filter(until__isnull=True, since__lt=since):
            Coverage.objects.create(branch=each.branch, department=into, weight=each.weight, since=since)


@creation(Unit, "org.add_temporary")
def add_temporary(
    by: Actor,
    *,
    name: str,
    parent: Unit,
    since: date,
    ends_on: date,
    task: str,
    secretary: Person,
    document: str,
    members: Iterable[Person] = (),
    joint: bool = False,
) -> Unit:
    """设立临时党支部"""
    verdict = branch_rules.temporary(parent.name if document.strip() else "", True, on=since)
    if not verdict.met:
        raise ValidationError({"document": f"{verdict.sentence}（{verdict.rule.cite}），请填写批复文号"})
    if ends_on <= since:
        raise ValidationError({"ends_on": "任务结束日期应晚于成立日期"})
    shape = Unit.Shape.TEMPORARY_JOINT if joint else Unit.Shape.TEMPORARY
    given: dict[str, Any] = {"shape": shape, "approved_by": parent, "task": task, "ends_on": ends_on}
    unit = plant(name=name, kind=Unit.Kind.BRANCH, parent=parent, since=since, **given)
    seats = [(secretary, "secretary"), *((m, "task_member") for m in members if m.pk != secretary.pk)]
    roles = Role.objects.in_bulk(["secretary", "task_member"])
    for person, role in seats:
        check_post(person, unit, roles[role], since)
        Post.objects.create(person=person, unit=unit, role=roles[role], since=since, document=document)
    told = f"{parent}批准并指定班子，任务：{task}"
    chronicle(unit, Event.Kind.FOUNDED, since, document, text=told)
    return unit


@step(Unit, "org.extend_task", when=lambda unit: unit.is_temporary and stands(unit))
def extend_task(unit: Unit, by: Actor, *, ends_on: date, document: str, note: str = "") -> None:
    """延长任务"""
    if unit.ends_on and ends_on <= unit.ends_on:
        raise ValidationError({"ends_on": f"应晚于现在的结束日期 {unit.ends_on}"})
    if ends_on <= clock.today() - timedelta(days=1):
        raise ValidationError({"ends_on": "这一天已经过去"})
    unit.ends_on = ends_on
    chronicle(unit, Event.Kind.EXTENDED, clock.today(), document, text=f"延长到 {ends_on}")
