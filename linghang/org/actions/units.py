"""Every way units are set up, moved and closed; what a branch covers. How they turn into others: lives.py."""

import secrets
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F, Q, Value
from django.db.models.functions import Concat, Substr

from linghang.kernel import clock
from linghang.kernel.access import SYSTEM, Actor
from linghang.kernel.flow import creation, keep, step
from linghang.kernel.parameters import guarded
from linghang.org.models import Coverage, Event, Placement, Unit
from linghang.rules import branch as branch_rules
from linghang.rules.credit_code import credit_code_fault

# Which kind of unit may stand under which: a head may be a 党委 or a 总支, a branch may hang under any of them.
PARENTS: dict[str, frozenset[str]] = {
    Unit.Kind.COMMITTEE: frozenset({Unit.Kind.HOSPITAL}),
    Unit.Kind.SUBCOMMITTEE: frozenset({Unit.Kind.COMMITTEE}),
    Unit.Kind.GENERAL: frozenset({Unit.Kind.HOSPITAL, Unit.Kind.COMMITTEE, Unit.Kind.SUBCOMMITTEE}),
    Unit.Kind.BRANCH: frozenset({Unit.Kind.COMMITTEE, Unit.Kind.SUBCOMMITTEE, Unit.Kind.GENERAL}),
    Unit.Kind.GROUP: frozenset({Unit.Kind.BRANCH}),
    Unit.Kind.CAMPUS: frozenset({Unit.Kind.HOSPITAL}),
    Unit.Kind.DIVISION: frozenset({Unit.Kind.HOSPITAL, Unit.Kind.CAMPUS}),
    Unit.Kind.DEPARTMENT: frozenset({Unit.Kind.HOSPITAL, Unit.Kind.CAMPUS, Unit.Kind.DIVISION}),
    Unit.Kind.WARD: frozenset({Unit.Kind.DEPARTMENT}),
}


def stands(unit: Unit) -> bool:
    """Whether the unit has not ended, so that something may still become of it."""
    return unit.until is None


@creation(Unit, "org.add_unit")
def add_unit(by: Actor, /, *, document: str = "", **data: Any) -> Unit:
    """新增单位"""
    if data.get("shape") in Unit.TEMPORARY:
        raise ValidationError({"shape": "临时党组织请从“设立临时党支部”办理：须有批准组织、任务和指定的班子"})
    unit = plant(**data)
    chronicle(unit, Event.Kind.FOUNDED, unit.since, document)
    return unit


def plant(
    *,
    name: str,
    kind: str,
    parent: Unit | None,
    since: date,
    category: str = "",
    code: str = "",
    order: int = 0,
    shape: str = Unit.Shape.ORDINARY,
    legal_name: str = "",
    credit_code: str = "",
    **more: Any,
) -> Unit:
    """A new unit in its place in the tree, saved. Raises ValidationError where it may not stand."""
    name = name.strip()
    _check_parent(kind, parent)
    check_name(name, parent)
    check_shape(kind, shape)
    check_entity(kind, legal_name, credit_code)
    given = {"category": category, "order": order, "shape": shape, **more}
    given |= {"legal_name": legal_name, "credit_code": credit_code}
    unit = Unit(name=name, kind=kind, parent=parent, since=since, **given)
    unit.code = code or f"{kind}-{secrets.token_hex(4)}"
    keep(unit)
    unit.path = f"{parent.path if parent else '/'}{step_of(unit)}"
    unit.save(update_fields=["path"])
    if parent:
        Placement.objects.create(unit=unit, parent=parent, since=since)
    return unit


def check_name(name: str, parent: Unit | None, but: Unit | None = None) -> None:
    """Two units under one parent that are called the same cannot be told apart: raise ValidationError."""
    if parent is None:
        return
    # One at a time below a parent: two offices may set the same unit up at the same moment.
    Unit.objects.select_for_update(no_key=True).get(pk=parent.pk)
    same = Unit.objects.filter(parent=parent, name=name.strip(), until=None)
    if same.exclude(pk=but.pk if but else None).exists():
        raise ValidationError(
            {"name": f"“{parent}”下已有“{name.strip()}”，请换一个名称，或先核对是不是重复登记"}
        )


def check_shape(kind: str, shape: str) -> None:
    """Only Party organisations are joint or temporary, and only in the shapes that the national codes know."""
    if shape != Unit.Shape.ORDINARY and (kind, shape) not in Unit.CLASS_CODES:
        said = f"{Unit.Shape(shape).label}{Unit.Kind(kind).label}"
        raise ValidationError({"shape": f"没有“{said}”这种组织形式"})


def check_entity(kind: str, legal_name: str, credit_code: str) -> None:
    """A legal entity of its own has a name and a sound code (GB 32100-2015); only a hospital or a campus is one."""
    if not legal_name and not credit_code:
        return
    if kind not in Unit.LEGAL:
        raise ValidationError("法人名称和代码登记在医院或院区（成员单位）上，下级单位随所在的医院或院区")
    if not legal_name or not credit_code:
        field = "credit_code" if legal_name else "legal_name"
        raise ValidationError({field: "法人名称和统一社会信用代码要一起填写"})
    if fault := credit_code_fault(credit_code):
        raise ValidationError({"credit_code": fault})


def chronicle(
    unit: Unit, kind: str, day: date, document: str = "", other: Unit | None = None, text: str = ""
) -> Event:
    """Write down a turn in a unit's life."""
    return Event.objects.create(
        unit=unit, kind=kind, happened_on=day, document=document, other=other, text=text[:200]
    )


def check_act(unit: Unit, act: str, on: date | None = None) -> None:
    """Raise ValidationError where a temporary organisation may not do this (支部工作条例 第八条, R-ZB-07).

    `act` is one of `linghang.rules.branch.FORBIDDEN`: 发展党员, 处分处置党员, 收缴党费, 选举代表, 换届选举.
    """
    if not unit.is_temporary:
        return
    verdict = branch_rules.temporary_may(act, on=on or clock.today())
    if not verdict.met:
        raise ValidationError(f"“{unit}”是临时党组织：{verdict.sentence}（{verdict.rule.cite}）")


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
def edit_unit(
    unit: Unit,
    by: Actor,
    *,
    name: str,
    category: str = "",
    shape: str = "",
    campus: Unit | None = None,
    legal_name: str | None = None,
    credit_code: str | None = None,
    note: str = "",
) -> None:
    """修改名称和分类"""
    shape = shape or unit.shape
    check_shape(unit.kind, shape)
    if (shape in Unit.TEMPORARY) != unit.is_temporary:
        raise ValidationError({"shape": "临时与常设党组织不能互改：临时的到期自然撤销，常设的另行设立"})
    if name != unit.name and stands(unit):
        check_name(name, unit.parent, unit)
    unit.name, unit.category, unit.shape, unit.campus = name, category, shape, campus
    unit.legal_name = unit.legal_name if legal_name is None else legal_name.strip()
    unit.credit_code = unit.credit_code if credit_code is None else credit_code.strip().upper()
    check_entity(unit.kind, unit.legal_name, unit.credit_code)


@step(Unit, "org.move_unit", when=stands)
def move_unit(
    unit: Unit, by: Actor, *, parent: Unit, since: date, document: str = "", note: str = ""
) -> None:
    """调整隶属"""
    guarded(since)
    _check_parent(unit.kind, parent)
    if parent.until:
        raise ValidationError({"parent": f"“{parent}”已于 {parent.until} 撤销"})
    if unit.parent_id == parent.pk:
        raise ValidationError({"parent": f"已在“{parent}”之下"})
    if parent.children.filter(name=unit.name, until=None).exists():
        raise ValidationError({"parent": f"“{parent}”下已有“{unit}”，请先更名再调整"})
    place(unit, parent, since)
    chronicle(unit, Event.Kind.MOVED, since, document, parent)


def place(unit: Unit, parent: Unit, since: date) -> None:
    """Put a unit under another parent from a day on; where it stood before is kept."""
    if parent.path.startswith(unit.path):
        raise ValidationError({"parent": "不能移到自己的下级之下"})
    last = unit.placements.order_by("-since").first()
    if last and since <= last.since:
        raise ValidationError({"since": f"“{unit}”的日期应晚于上次调整的日期 {last.since}"})
    unit.placements.filter(until__isnull=True).update(until=since)
    Placement.objects.create(unit=unit, parent=parent, since=since)
    _replant(unit, parent)


def _replant(unit: Unit, parent: Unit) -> None:
    old, new = unit.path, f"{parent.path}{step_of(unit)}"
    below = Unit.objects.filter(path__startswith=old)
    below.update(path=Concat(Value(new), Substr("path", len(old) + 1)))
    unit.parent, unit.path = parent, new
    Unit.objects.filter(pk=unit.pk).update(parent=parent)


@step(Unit, "org.close_unit", when=stands)
def close_unit(unit: Unit, by: Actor, *, until: date, document: str = "", note: str = "") -> None:
    """撤销单位"""
    if by is not SYSTEM:
        guarded(until)
    if below := unit.children.filter(until__isnull=True).first():
        raise ValidationError(f"下级“{below}”还在，请先调整或撤销")
    if count := unit.memberships.filter(until__isnull=True).count():
        raise ValidationError(f"还有 {count} 名党员在“{unit}”，请先转出")
    unit.until = until
    end_rows(unit.placements.all(), until)
    end_life(unit, until)
    chronicle(unit, Event.Kind.DISSOLVED, until, document, text=note)


def end_life(unit: Unit, until: date) -> None:
    """What hangs on a unit ends with it: coverage, posts, its leadership's term."""
    for dated in (unit.covers, unit.covered_by, unit.posts):
        end_rows(dated.all(), until)
    unit.terms.filter(until__isnull=True, elected_on__lte=until).update(until=until)


def end_rows(rows: Any, until: date) -> None:
    """End what still runs on that day; what was to begin later never begins."""
    going = rows.filter(Q(until__isnull=True) | Q(until__gt=until))
    going.filter(since__gt=until).update(until=F("since"))
    going.filter(since__lte=until).update(until=until)


@step(Unit, "org.cover", when=lambda unit: unit.kind == Unit.Kind.BRANCH and stands(unit))
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
