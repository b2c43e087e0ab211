"""Pages of the plans: a year of them, one of them, the frameworks above them, the year's summary."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode

from linghang.kernel import clock
from linghang.kernel.flow import traces
from linghang.kernel.refs import link, show
from linghang.planning import actions
from linghang.planning.fulfilment import assessed_by, four, fulfilled
from linghang.planning.models import Item, Plan
from linghang.planning.plan_forms import ConcludeForm, JoinForm, PlanForm
from linghang.planning.views import sections, unit_of_all
from linghang.planning.years import Row, frameworks, library, read_year, with_months, year_of
from linghang.rules.periods import Period
from linghang.ui.forms import ReasonForm
from linghang.ui.shortcuts import buttons, create_page, fetch, make_form, needs, page, rows, thread

PLAN_FORMS = {
    "edit_plan": PlanForm,
    "join": JoinForm,
    "conclude": ConcludeForm,
    "drop_plan": ReasonForm,
}


@needs("planning.view_plan")
def plans(request: HttpRequest) -> HttpResponse:
    """年计划 → 季安排 → 月主题 of one year, each with what came of it."""
    period = year_of(request.GET.get("year", ""))
    year = read_year(unit_of_all(), period, rows(request, Plan))
    with_months(year, rows(request, Item, "planning.view_item"))
    context = {
        "year": year,
        "may_draw": bool(request.person.reach("planning.draw_plan")),
        "may_see_months": request.person.may("planning.view_item"),
        "tabs": sections(request, "plans"),
    }
    return page(request, "planning/plans.html", context)


@needs("planning.view_plan")
def summary(request: HttpRequest) -> HttpResponse:
    """年度总结: what the year's plans came to, drawn from the records; every figure opens them."""
    period = year_of(request.GET.get("year", ""))
    year = read_year(unit_of_all(), period, rows(request, Plan))
    return page(request, "planning/summary.html", {"year": year, "tabs": sections(request, "plans")})


@needs("planning.view_plan")
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """One plan: what it is part of, into what it was divided, what came of it, and its 四同."""
    found: Plan = fetch(request, Plan, pk, "unit", "department", "role", "aim", "parent")
    parts = list(
        Plan.objects.within(request.person, "planning.view_plan").below(found).order_by("since", "pk")
    )
    counted = [each for each in parts if each.state != Plan.State.DROPPED or each.pk == pk]
    done, assessed = fulfilled(counted), assessed_by(found.since, found.until) if found.is_dual else ""
    told = [Row(each, done[each.pk], four(each, done[each.pk], assessed)) for each in counted]
    over = ("conclude",) if found.is_overdue else ()
    context = {
        "plan": found,
        "row": next(row for row in told if row.plan.pk == pk),
        "parts": [row for row in told if row.plan.pk != pk],
        "items": show(request.person, done[pk].items),
        "spoken_of": show(request.person, [*done[pk].meetings, *done[pk].resolutions]),
        "buttons": buttons(request, found, "planning:plan", PLAN_FORMS, onward=over),
        "over": over,
        "onward": _onward(request, found),
        "thread": thread(request, found),
        "trail": traces(found),
    }
    return page(request, "planning/plan.html", context)


def _onward(request: HttpRequest, found: Plan) -> list[tuple[str, str]]:
    """Where the next step is done: an item of a month, a part of it, an inspection of it."""
    if found.state != Plan.State.RUNNING:
        return []
    person = request.person
    ways = [
        ("列入月度部署", "planning.submit", f"{reverse('planning:submit')}?{urlencode({'plan': found.pk})}"),
        ("分解", "planning.draw_plan", f"{reverse('planning:plan_new')}?{urlencode({'parent': found.pk})}"),
        ("据此安排检查", "inspections.open_round", link("inspections.open_round", source=found.ref)),
    ]
    return [(label, url) for label, verb, url in ways if url and person.reach(verb)]


@needs("planning.draw_plan")
def plan_new(request: HttpRequest) -> HttpResponse:
    """A new plan, by itself, under an aim, or divided from another."""
    form: Any = make_form(PlanForm, request)
    parent = _asked(request, "parent")
    if parent is not None:
        form.part_of(parent)
    else:
        form.of_year(request.GET.get("year", ""))
    if "aim" in form.fields and (aim := request.GET.get("aim", "")).isdigit():
        form.initial["aim"] = int(aim)
    if period := _period(request.GET.get("period", "")):
        form.within(period)
    cancel = parent.get_absolute_url() if parent else reverse("planning:plans")
    about = f"分解自：{parent}（{parent.when}）" if parent else ""
    given = {"unit": parent.unit if parent else unit_of_all(), "parent": parent}
    return create_page(request, form, actions.draw_plan, "拟定计划", cancel, about=about, **given)


def _asked(request: HttpRequest, name: str) -> Plan | None:
    key = request.GET.get(name, "")
    found: Plan | None = (
        rows(request, Plan, "planning.view_plan")
        .select_related("unit", "department", "aim")
        .filter(pk=key)
        .first()
        if key.isdigit()
        else None
    )
    return found


def _period(key: str) -> Period | None:
    try:
        return Period.parse(key)
    except ValueError:
        return None


@needs("planning.view_plan")
def aims(request: HttpRequest) -> HttpResponse:
    """The strategic frameworks that the hospital works by, with what a year's plans under each entry came to."""
    period, today = year_of(request.GET.get("year", "")), clock.today()
    context = {
        "year": period,
        "frameworks": frameworks(today, period, rows(request, Plan)),
        "library": library(today),
        "may_set": request.person.may("kernel.set_parameter"),
        "may_draw": bool(request.person.reach("planning.draw_plan")),
        "set_url": reverse("blueprints:parameter", args=["planning.frameworks"]),
        "tabs": sections(request, "aims"),
    }
    return page(request, "planning/aims.html", context)
