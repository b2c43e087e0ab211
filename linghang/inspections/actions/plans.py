"""年度督查检查计划: 拟定 → 列入、移出 → 备案. A round is arranged from its line; any other in a filed year is 计划外."""

from datetime import date

from django.core.exceptions import ValidationError

from linghang.inspections.models import Checklist, Plan, PlanLine, Round
from linghang.inspections.ways import methods
from linghang.kernel import clock
from linghang.kernel.access import Actor
from linghang.kernel.flow import creation, keep, step
from linghang.kernel.parameters import value
from linghang.org.models import Unit

State = Plan.State
# In which months a round stands that comes so many times a year; 交叉互查 goes before 督查.
USUAL = {0: (), 2: (4, 10), 4: (2, 5, 8, 11), 12: tuple(range(1, 13))}
ONCE = {Round.Method.CROSS: (6,)}


@creation(Plan, "inspections.draft_plan")
def draft_plan(by: Actor, *, unit: Unit, year: int) -> Plan:
    """拟定年度督查检查计划：what is usual stands there at once, by the hospital's own frequencies."""
    plan = Plan(unit=unit, year=year)
    keep(plan)
    day = max(date(year, 1, 1), clock.today())
    lists = {each.code: each for each in Checklist.objects.on(day).usable()}
    ways = dict(methods())
    usual = lists.get("standard") or next(iter(lists.values()), None)
    for method in (Round.Method.SELF, Round.Method.MUTUAL, Round.Method.CROSS, Round.Method.COMMITTEE):
        times = value(f"inspections.times_{method}")
        for month in ONCE.get(method, (9,)) if times == 1 else USUAL[times]:
            if method in ways and usual:
                PlanLine.objects.create(plan=plan, month=month, method=method, checklist=usual)
    if value("inspections.monthly_check") and "monthly" in lists:
        for month in range(1, 13):
            given = {"method": Round.Method.COMMITTEE, "checklist": lists["monthly"]}
            PlanLine.objects.create(plan=plan, month=month, **given)
    return plan


@step(Plan, "inspections.add_line", at={State.DRAFTED})
def add_line(
    plan: Plan,
    by: Actor,
    *,
    month: int,
    method: str,
    checklist: Checklist,
    sample: int | None = None,
    unannounced: bool = False,
) -> None:
    """列入计划"""
    made = PlanLine(plan=plan, month=month, method=method, checklist=checklist, sample=sample)
    made.unannounced = unannounced
    if unannounced and not (sample and method in (Round.Method.COMMITTEE, Round.Method.WARD)):
        raise ValidationError({"unannounced": "飞检由督查组或查房组去，并写明抽查几个支部"})
    keep(made)


@step(Plan, "inspections.drop_line", at={State.DRAFTED})
def drop_line(plan: Plan, by: Actor, *, line: PlanLine) -> None:
    """移出计划"""
    if line.plan_id != plan.pk:
        raise ValidationError({"line": "不在这份计划里"})
    line.delete()


@step(Plan, "inspections.file_plan", at={State.DRAFTED}, to=State.FILED)
def file_plan(plan: Plan, by: Actor, *, document: str, filed_on: date) -> None:
    """备案：from here on it is not changed; what comes besides is 计划外."""
    if not plan.lines.exists():
        raise ValidationError("计划里还没有轮次，请先列入")
    if filed_on > clock.today():
        raise ValidationError({"filed_on": "备案日期不能晚于今天"})
    plan.document, plan.filed_on = document, filed_on
