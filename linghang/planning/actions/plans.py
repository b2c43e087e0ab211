"""A plan, read top to bottom: 拟定 → 分解、列入部署 → 关联会议 → 办结."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from linghang.kernel import clock
from linghang.kernel.access import Actor
from linghang.kernel.flow import creation, step, verb
from linghang.kernel.refs import show, tie
from linghang.org.models import Role, Unit
from linghang.planning.fulfilment import fulfilled
from linghang.planning.models.plans import VIEW_PLAN, Aim, Plan

State = Plan.State
VIEW = verb(VIEW_PLAN, "查看计划")


@creation(Plan, "planning.draw_plan", to=State.RUNNING)
def draw_plan(by: Actor, /, *, unit: Unit, parent: Plan | None = None, **wanted: Any) -> Plan:
    """拟定计划"""
    plan = Plan(unit=unit, parent=parent)
    if parent is not None and parent.state != State.RUNNING:
        raise ValidationError("上级计划已经办结或终止，不能再分解")
    _fill(plan, **wanted)
    plan.path = f"{parent.path if parent else '/'}{plan.pk}/"
    if source := parent or plan.aim:
        tie(source, plan, "plan")
    return plan


def _fill(
    plan: Plan,
    *,
    title: str,
    since: date,
    until: date,
    department: Unit | None = None,
    role: Role | None = None,
    aim: Aim | None = None,
    party: str = "",
    business: str = "",
) -> None:
    """Write what a plan says; a part of another lies within its time and serves the same aim unless it names one."""
    above = plan.parent
    if above and not (above.since <= since and until <= above.until):
        raise ValidationError({"until": f"要在上级计划的时间里（{above.since} 至 {above.until}）"})
    plan.title, plan.since, plan.until = title, since, until
    plan.department, plan.role = department or (above.department if above else plan.unit), role
    plan.aim = aim or (above.aim if above else None)
    plan.party, plan.business = party, business
    plan.full_clean(exclude=["path"])
    plan.save()


@step(Plan, "planning.edit_plan", at={State.RUNNING})
def edit_plan(plan: Plan, by: Actor, /, **wanted: Any) -> None:
    """修改"""
    parts = plan.parts.exclude(state=State.DROPPED)
    if parts.filter(since__lt=wanted["since"]).exists() or parts.filter(until__gt=wanted["until"]).exists():
        raise ValidationError({"until": "已经分解出的计划超出了这段时间，请先改它们"})
    _fill(plan, **wanted)


@step(Plan, "planning.join", at={State.RUNNING, State.CLOSED})
def join(plan: Plan, by: Actor, /, *, what: str) -> None:
    """关联会议或决议：`what` is the reference of a meeting or of one of its resolutions."""
    label = what.partition(":")[0]
    if label not in ("activities.meeting", "activities.resolution") or not show(by, [what]):
        raise ValidationError({"what": "请选择一次会议或它的一项决议"})
    tie(plan, what, "plan")


@step(Plan, "planning.conclude", at={State.RUNNING}, to=State.CLOSED)
def conclude(plan: Plan, by: Actor, /, *, note: str = "") -> None:
    """办结：only when nothing that came of it is still open."""
    done = fulfilled(Plan.objects.below(plan))[plan.pk]
    if left := len(done.open):
        raise ValidationError(f"还有 {left} 条单据事项没有办结，办结后再小结")
    if plan.parts.running().exists():
        raise ValidationError("分解出的计划还有在执行的，请先办结或终止")
    plan.note, plan.ended_on = note, clock.today()


@step(Plan, "planning.drop_plan", at={State.RUNNING}, to=State.DROPPED)
def drop_plan(plan: Plan, by: Actor, /, *, reason: str) -> None:
    """终止：what was issued because of it stays."""
    if plan.parts.running().exists():
        raise ValidationError("分解出的计划还有在执行的，请先办结或终止")
    plan.note, plan.ended_on = reason, clock.today()
