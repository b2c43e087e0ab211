"""Pages of 回避: who stays away from where, entered and ended by the Party office."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from linghang.inspections import actions
from linghang.inspections.models import Conflict
from linghang.inspections.sections import sections
from linghang.inspections.team_forms import ConflictForm
from linghang.kernel import clock
from linghang.ui.lists import Column, Filter, listing
from linghang.ui.requests import HouseRequest
from linghang.ui.shortcuts import create_page, list_page, make_form, needs, rows

ABOUT = "本支部党员、在所属科室工作、在该支部任职的不用登记，系统自己看得出。只记情形，不写事由。"


@needs("inspections.view_conflict")
def conflicts(request: HouseRequest) -> HttpResponse:
    """Who stays away from where, latest first; a row that still holds leads to its end."""
    today = clock.today()
    may_end = request.person.may("inspections.end_conflict")
    columns = [
        Column("person", "回避人"),
        Column("unit", "回避的支部"),
        Column("kind", "情形", read=lambda c: c.get_kind_display()),
        Column("since", "自", kind="date"),
        Column("until", "至（不含）", read=lambda c: c.until or "", kind="date"),
    ]
    shown = listing(
        request,
        rows(request, Conflict).select_related("person", "unit"),
        columns,
        title="回避登记",
        search=("person__name", "unit__name"),
        filters=[
            Filter("now", "有效", [("yes", "现在有效")], apply=lambda found, _: found.on(today)),
            Filter("kind", "情形", Conflict.Kind.choices),
        ],
        row_url=lambda c: (
            reverse("inspections:conflict_end_conflict", args=[c.pk]) if may_end and c.until is None else ""
        ),
        empty="还没有登记回避。登记以后，抽签时自动避开，指定检查人时会提示。",
    )
    may_enter = request.person.may("inspections.enter_conflict")
    more = {"may_enter": may_enter, "about": ABOUT, "sections": sections(request, "conflicts")}
    return list_page(request, "inspections/conflicts.html", shown, **more)


@needs("inspections.enter_conflict")
def conflict_new(request: HouseRequest) -> HttpResponse:
    """Enter one."""
    form: Any = make_form(ConflictForm, request)
    cancel = reverse("inspections:conflicts")
    return create_page(request, form, actions.enter_conflict, "登记回避", cancel, about=ABOUT)
