"""How a figure of a plan, of a framework's entry or of a post's duty is opened: the records that it was counted from."""

from typing import Any

from django.urls import reverse

from linghang.kernel import clock
from linghang.kernel.figures import Query, Sight, figure
from linghang.planning.actions.pledges import VIEW as VIEW_PLEDGE
from linghang.planning.fulfilment import WHAT, Done, fulfilled
from linghang.planning.models import Aim, Plan, Pledge
from linghang.planning.models.plans import VIEW_PLAN
from linghang.planning.performance import performed
from linghang.planning.years import below, year_of


@figure("planning.plan", VIEW_PLAN)
def open_plan(person: Any, pk: int, query: Query) -> Sight | None:
    """What came (`what`: lines, closed, late, meetings …) of one plan and its parts."""
    plan = Plan.objects.within(person, VIEW_PLAN).filter(pk=pk).first()
    if plan is None or query.get("what", "lines") not in WHAT:
        return None
    parts = Plan.objects.within(person, VIEW_PLAN).below(plan)
    done = fulfilled(each for each in parts if each.state != Plan.State.DROPPED or each.pk == pk)
    return _sight(
        str(plan), (str(plan), plan.get_absolute_url()), [plan.when], done[pk], query.get("what", "lines")
    )


@figure("planning.aim", VIEW_PLAN)
def open_aim(person: Any, pk: int, query: Query) -> Sight | None:
    """The same for an entry of a framework and all below it, in a year (`year`, else the present one)."""
    aim = Aim.objects.within(person, VIEW_PLAN).filter(pk=pk).first()
    if aim is None or query.get("what", "plans") not in WHAT:
        return None
    year = year_of(query.get("year", ""))
    plans = list(
        Plan.objects.within(person, VIEW_PLAN).during(*year).filter(aim__code__in=below(aim, clock.today()))
    )
    found, total = fulfilled(plans), Done()
    for plan in plans:
        total.add(found[plan.pk])
    home = ("战略框架", f"{reverse('planning:aims')}?year={year.key}#{aim.framework}")
    return _sight(str(aim), home, [year.label], total, query.get("what", "plans"))


@figure("planning.pledge", VIEW_PLEDGE)
def open_pledge(person: Any, pk: int, query: Query) -> Sight | None:
    """The records that show how a duty (`charge`) of a post was done, in the way named first, second … (`way`)."""
    pledge = (
        Pledge.objects.within(person, VIEW_PLEDGE).select_related(*Pledge.title_paths).filter(pk=pk).first()
    )
    if pledge is None:
        return None
    shown = {(duty.code, way.number): (duty, way) for duty in performed(pledge) for way in duty.ways}
    number = query.get("way", "0")
    found = shown.get((query.get("charge", ""), int(number) if number.isdigit() else -1))
    if found is None:
        return None
    duty, way = found
    return Sight(
        title=way.words,
        home=(str(pledge), pledge.get_absolute_url()),
        words=[duty.title],
        refs=way.refs,
        empty="这一年还没有这样的记录。",
        cite=duty.basis,
        inhouse=duty.inhouse,
    )


def _sight(title: str, home: tuple[str, str], words: list[str], done: Done, what: str) -> Sight:
    return Sight(
        title=f"{title}：{WHAT[what]}",
        home=home,
        words=words,
        refs=getattr(done, what),
        empty="没有这样的记录。",
    )
