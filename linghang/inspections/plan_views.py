"""Pages of the year's plan of inspections: what is planned, what was arranged of it, what came besides."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from linghang.inspections import actions
from linghang.inspections.models import Plan, Round
from linghang.inspections.plan_forms import PLAN_FORMS, PlanForm
from linghang.inspections.sections import sections
from linghang.kernel.flow import traces
from linghang.ui.lists import Column, listing
from linghang.ui.requests import HouseRequest
from linghang.ui.shortcuts import buttons, create_page, fetch, list_page, make_form, needs, page, rows


@needs("inspections.view_plan")
def plans(request: HouseRequest) -> HttpResponse:
    """The plans, latest year first."""
    columns = [
        Column("year", "年度", read=lambda p: f"{p.year} 年"),
        Column("unit", "组织单位"),
        Column("document", "文号"),
        Column("filed_on", "备案日期", read=lambda p: p.filed_on or "", kind="date"),
        Column("state", "状态", read=lambda p: p.get_state_display(), kind="state", tone=lambda p: p.tone),
    ]
    shown = listing(
        request,
        rows(request, Plan).select_related("unit"),
        columns,
        title="年度督查检查计划",
        row_url=lambda p: p.get_absolute_url(),
        empty="还没有年度督查检查计划。拟定一份，报备后照此安排检查。",
    )
    may_draft = request.person.may("inspections.draft_plan")
    return list_page(
        request, "inspections/plans.html", shown, may_draft=may_draft, sections=sections(request, "plans")
    )


@needs("inspections.draft_plan")
def plan_new(request: HouseRequest) -> HttpResponse:
    """Draft one; it begins with what is usual."""
    form: Any = make_form(PlanForm, request)
    return create_page(
        request,
        form,
        actions.draft_plan,
        "拟定年度督查检查计划",
        reverse("inspections:plans"),
        about="按参数里每种检查每年几次先列好，可再列入、移出，备案后不再改动。",
    )


@needs("inspections.view_plan")
def plan(request: HouseRequest, pk: int) -> HttpResponse:
    """One year's plan: each line with the round that was made of it, and the rounds that came besides."""
    found: Plan = fetch(request, Plan, pk, "unit")
    seen = rows(request, Round, "inspections.view_round").exclude(state=Round.State.WITHDRAWN)
    made: dict[int | None, list[Round]] = {}
    for each in seen.filter(line__plan=found).select_related("unit"):
        made.setdefault(each.line_id, []).append(each)
    lines = [(line, made.get(line.pk, [])) for line in found.lines.select_related("checklist")]
    besides = seen.filter(unit=found.unit, since__year=found.year, unplanned=True).select_related("unit")
    filed = found.state == Plan.State.FILED
    context = {
        "plan": found,
        "lines": lines,
        "arranged": sum(1 for _, rounds in lines if rounds),
        "besides": list(besides),
        "may_open": filed and request.person.may("inspections.open_round", found),
        "buttons": buttons(request, found, "inspections:plan", PLAN_FORMS, onward={"file_plan"}),
        "trail": traces(found),
    }
    return page(request, "inspections/plan.html", context)
