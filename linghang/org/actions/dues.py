"""Dues: paid or not, month by month, on the branch's page or from a sheet; the base only where it is switched on."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError

from linghang.kernel import clock
from linghang.kernel.access import Actor
from linghang.kernel.flow import creation, step, verb
from linghang.kernel.parameters import value
from linghang.org.actions.units import check_act
from linghang.org.models import DuesBase, DuesImport, DuesMonth, Membership, Person, Unit
from linghang.org.parameters import DUES_BASE
from linghang.rules.dues import Payer, monthly
from linghang.rules.periods import Kind, Period

State = DuesImport.State
VIEW = verb("org.view_dues", "查看党费缴纳")
VIEW_BASE = verb("org.view_dues_base", "查看党费基数")
VIEW_ARREARS = verb("org.view_arrears", "查看党费欠交")
Entry = dict[str, Any]


@step(Unit, "org.record_dues", when=lambda unit: unit.kind == Unit.Kind.BRANCH)
def record_dues(unit: Unit, by: Actor, *, month: date, paid: Collection[int], note: str = "") -> None:
    """登记党费：一个支部一个月，勾选已交的。"""
    check_act(unit, "收缴党费")
    first = _month(month)
    owing = {m.person_id for m in payers(unit, first)}
    if strangers := set(paid) - owing:
        names = "、".join(Person.objects.filter(pk__in=strangers).values_list("name", flat=True))
        raise ValidationError(f"{names}当月不在{unit}")
    _write([(key, unit.pk, first, key in paid) for key in owing])


def payers(branch: Unit, month: date) -> list[Membership]:
    """Who pays in a branch for a month: whoever was a member of it on the month's last day, or today in this month.

    A probationary member pays from the month of the meeting that admitted them (R-DF-04).
    """
    day = min(_last(month), clock.today())
    found = Membership.objects.on(day).filter(branch=branch)
    return list(found.select_related("person").order_by("person__pinyin", "person"))


def _last(month: date) -> date:

    return Period.containing(Kind.MONTH, month).end


def _month(day: date) -> date:
    if day > clock.today():
        raise ValidationError({"month": "还没到这个月"})
    return day.replace(day=1)


def _write(rows: Collection[tuple[int, int, date, bool]]) -> list[Entry]:
    """Note months at once, each note in the place of the one before; gives back what was made and what stood before."""
    known = {
        (row.person_id, row.month): row
        for row in DuesMonth.present.filter(
            person__in={row[0] for row in rows}, month__in={row[2] for row in rows}
        )
    }
    made, over = [], []
    for person, branch, month, paid in rows:
        row = known.get((person, month))
        if row is None or row.paid != paid:
            home = row.branch_id if row else branch
            made.append(DuesMonth(person_id=person, branch_id=home, month=month, paid=paid))
            over.append(row)
    _end([row.pk for row in over if row])
    return [
        {"pk": row.pk, "was": before.paid if before else None, "now": row.paid}
        for row, before in zip(DuesMonth.objects.bulk_create(made, batch_size=500), over, strict=True)
    ]


def _end(keys: Collection[int]) -> None:
    """These notes no longer hold; on an earlier day they did."""
    DuesMonth.present.filter(pk__in=keys).update(until=clock.today())


# --- from a sheet --------------------------------------------------------------------------------------------------


@creation(DuesImport, "org.import_dues", to=State.PREVIEWED)
def import_dues(by: Actor, *, unit: Unit, name: str, outcome: list[Entry]) -> DuesImport:
    """上传党费表"""
    if not outcome:
        raise ValidationError("没有找到可以认出的行：表头要有“姓名”或“工号”，以及“月份”“是否已交”或各月的列")
    return DuesImport(unit=unit, name=name[:200], outcome=outcome)


@step(DuesImport, "org.confirm_dues", at={State.PREVIEWED}, to=State.CONFIRMED)
def confirm_dues(upload: DuesImport, by: Actor) -> None:
    """确认党费导入"""
    good = [entry for entry in upload.outcome if not entry["fault"]]
    if not good:
        raise ValidationError("没有可以导入的行")
    people = Person.objects.within(by, "org.confirm_dues").filter(pk__in={entry["person"] for entry in good})
    branches: dict[int, int] = dict(people.exclude(branch=None).values_list("pk", "branch_id"))
    if any(entry["person"] not in branches for entry in good):
        raise ValidationError("预览之后有人员变动，请重新上传")
    rows = {(e["person"], m): p for e in good for m, p in ((date.fromisoformat(e["month"]), e["paid"]),)}
    upload.journal = _write([(key, branches[key], month, paid) for (key, month), paid in rows.items()])


@step(DuesImport, "org.discard_dues", at={State.PREVIEWED}, to=State.UNDONE)
def discard_dues(upload: DuesImport, by: Actor) -> None:
    """放弃党费导入"""


@step(DuesImport, "org.undo_dues", at={State.CONFIRMED}, to=State.UNDONE)
def undo_dues(upload: DuesImport, by: Actor) -> None:
    """撤销党费导入"""
    rows = DuesMonth.present.in_bulk([entry["pk"] for entry in upload.journal])
    if any(e["pk"] not in rows or rows[e["pk"]].paid != e["now"] for e in upload.journal):
        raise ValidationError("导入之后有的月份又登记过，不能撤销；请在党费页逐个改正")
    _end(list(rows))
    back = [(rows[e["pk"]], e["was"]) for e in upload.journal if e["was"] is not None]
    DuesMonth.objects.bulk_create(
        [DuesMonth(person_id=r.person_id, branch_id=r.branch_id, month=r.month, paid=was) for r, was in back],
        batch_size=500,
    )
    upload.journal = []


# --- the base ------------------------------------------------------------------------------------------------------


@creation(DuesBase, "org.settle_dues")
def settle_dues(
    by: Actor, *, person: Person, payer: str, base: Decimal = Decimal(0), agreed: Decimal | None = None
) -> DuesBase:
    """核定党费"""
    if not value(DUES_BASE):
        raise ValidationError("本院没有启用党费基数")
    try:
        monthly(Payer(payer), base, on=clock.today(), agreed=agreed)
    except ValueError as problem:
        raise ValidationError(str(problem)) from problem
    return DuesBase(person=person, payer=payer, base=base, agreed=agreed)
