"""Every way units change: set up, renamed, moved, closed; what a branch covers."""

import secrets
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F, Q, Value
from django.db.models.functions import Concat, Substr

from linghang.kernel.access import Actor
from linghang.kernel.flow import creation, step
from linghang.kernel.parameters import guarded
from linghang.org.models import Coverage, Placement, Unit

# Which kind of unit may stand under which: a head may be a 党委 or a 总支, a branch may hang under any of them.
PARENTS: dict[str, frozenset[str]] = {
    Unit.Kind.COMMITTEE: frozenset({Unit.Kind.HOSPITAL}),
    Unit.Kind.SUBCOMMITTEE: frozenset({Unit.Kind.COMMITTEE}),
    Unit.Kind.GENERAL: frozenset({Unit.Kind.HOSPITAL, Unit.Kind.COMMITTEE, Unit.Kind.SUBCOMMITTEE}),
    Unit.Kind.BRANCH: frozenset({Unit.Kind.COMMITTEE, Unit.Kind.SUBCOMMITTEE, Unit.Kind.GENERAL}),
    Unit.Kind.GROUP: frozenset({Unit.Kind.BRANCH}),
    Unit.Kind.DIVISION: frozenset({Unit.Kind.HOSPITAL}),
    Unit.Kind.DEPARTMENT: frozenset({Unit.Kind.HOSPITAL, Unit.Kind.DIVISION}),
    Unit.Kind.WARD: frozenset({Unit.Kind.DEPARTMENT}),
}


@creation(Unit, "org.add_unit")
def add_unit(
    by: Actor,
    *,
    name: str,
    kind: str,
    parent: Unit | None,
    since: date,
    category: str = "",
    code: str = "",
    order: int = 0,
) -> Unit:
    """新增单位"""
    _check_parent(kind, parent)
    unit = Unit(name=name, kind=kind, parent=parent, since=since, category=category, order=order)
    unit.code = code or f"{kind}-{secrets.token_hex(4)}"
    unit.full_clean()
    unit.save()
    unit.path = f"{parent.path if parent else '/'}{step_of(unit)}"
    if parent:
        Placement.objects.create(unit=unit, parent=parent, since=since)
    return unit


def step_of(unit: Unit) -> str:
    """A unit's own part of its path; of one width, so that paths sort as the tree was built."""
    return f"{unit.pk:05}/"


def _check_parent(kind: str, parent: Unit | None) -> None:
    if parent is None:
        if kind != Unit.Kind.HOSPITAL:
            raise ValidationError({"parent": "请选择上级单位"})
    elif parent.kind not in PARENTS.get(kind, frozenset()):
        label = Unit.Kind(kind).label
        raise ValidationError({"parent": f"{label}不能设在“{parent}”（{parent.get_kind_display()}）之下"})


@step(Unit, "org.edit_unit")
def edit_unit(unit: Unit, by: Actor, *, name: str, category: str = "", note: str = "") -> None:
    """修改名称和分类"""
    unit.name, unit.category = name, category


@step(Unit, "org.move_unit")
def move_unit(unit: Unit, by: Actor, *, parent: Unit, since: date, note: str = "") -> None:
    """调整隶属"""
    guarded(since)
    _check_parent(unit.kind, parent)
    if parent.path.startswith(unit.path):
        raise ValidationError({"parent": "不能移到自己的下级之下"})
    if unit.parent_id == parent.pk:
        raise ValidationError({"parent": f"已在“{parent}”之下"})
    last = unit.placements.order_by("-since").first()
    if last and since <= last.since:
        raise ValidationError({"since": f"应晚于上次调整的日期 {last.since}"})
    unit.placements.filter(until__isnull=True).update(until=since)
    Placement.objects.create(unit=unit, parent=parent, since=since)
    _replant(unit, parent)


def _replant(unit: Unit, parent: Unit) -> None:
    old, new = unit.path, f"{parent.path}{step_of(unit)}"
    below = Unit.objects.filter(path__startswith=old)
    below.update(path=Concat(Value(new), Substr("path", len(old) + 1)))
    unit.parent, unit.path = parent, new


@step(Unit, "org.close_unit")
def close_unit(unit: Unit, by: Actor, *, until: date, note: str = "") -> None:
    """撤销单位"""
    guarded(until)
    if unit.until:
        raise ValidationError(f"“{unit}”已于 {unit.until} 撤销")
    if below := unit.children.filter(until__isnull=True).first():
        raise ValidationError(f"下级“{below}”还在，请先调整或撤销")
    if count := unit.memberships.filter(until__isnull=True).count():
        raise ValidationError(f"还有 {count} 名党员在“{unit}”，请先转出")
    unit.until = until
    for dated in (unit.placements, unit.covers, unit.covered_by, unit.posts):
        end_rows(dated.all(), until)


def end_rows(rows: Any, until: date) -> None:
    """End what still runs on that day; what was to begin later never begins."""
    going = rows.filter(Q(until__isnull=True) | Q(until__gt=until))
    going.filter(since__gt=until).update(until=F("since"))
    going.filter(since__lte=until).update(until=until)


@step(Unit, "org.cover", when=lambda unit: unit.kind == Unit.Kind.BRANCH)
def cover(unit: Unit, by: Actor, *, department: Unit, weight: Any = 1, since: date, note: str = "") -> None:
    """设置覆盖科室"""
    if department.kind not in (Unit.Kind.DEPARTMENT, Unit.Kind.WARD):
        raise ValidationError({"department": "只能覆盖科室或病区"})
    if last := unit.covers.filter(department=department, since__gt=since).first():
        raise ValidationError({"since": f"应晚于上次设置的日期 {last.since}"})
    unit.covers.filter(department=department, until__isnull=True).exclude(since=since).update(until=since)
    Coverage.objects.update_or_create(
        branch=unit, department=department, since=since, defaults={"weight": weight, "until": None}
    )
