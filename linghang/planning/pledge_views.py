"""Pages of the duty lists of posts: all of a year, one with the records of what was done, handing them out."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from linghang.kernel import clock
from linghang.kernel.flow import traces
from linghang.planning import actions
from linghang.planning.models import Pledge
from linghang.planning.performance import performed
from linghang.planning.plan_forms import HandOutForm
from linghang.planning.views import sections
from linghang.ui.lists import Column, Filter, listing
from linghang.ui.shortcuts import (
    buttons,
    fetch,
    form_page,
    list_page,
    make_form,
    needs,
    page,
    rows,
    submitted,
)

PLEDGE_FORMS: dict[str, Any] = {"sign_pledge": None}


@needs("planning.view_pledge")
def pledges(request: HttpRequest) -> HttpResponse:
    """Who has which list, and whether it is signed."""
    this = clock.today().year
    found = rows(request, Pledge).select_related("person", "post__unit", "post__role")
    columns = [
        Column("post", "岗位", read=lambda one: one.post.label),
        Column("person", "姓名", read=lambda one: one.person.name),
        Column("year", "年度", read=lambda one: f"{one.year}"),
        Column(
            "state",
            "状态",
            kind="state",
            read=lambda one: one.get_state_display(),
            tone=lambda one: "green" if one.signed_on else "amber",
        ),
        Column("signed_on", "签署日期", kind="date"),
    ]
    years = [(str(year), f"{year} 年") for year in range(this + 1, this - 4, -1)]
    shown = listing(
        request,
        found,
        columns,
        title="岗位责任清单",
        search=("person__name", "post__unit__name", "post__role__name"),
        filters=[Filter("year", "年度", years), Filter("state", "状态", Pledge.State.choices)],
        row_url=lambda one: one.get_absolute_url(),
        empty="还没有下发责任清单。每年年初由党办下发，本人签署；做了什么由系统从记录得出。",
    )
    may = bool(request.person.reach("planning.hand_out"))
    return list_page(
        request, "planning/pledges.html", shown, may_hand_out=may, tabs=sections(request, "pledges")
    )


@needs("planning.hand_out")
def hand_out(request: HttpRequest) -> HttpResponse:
    """The lists of a year for everybody who holds such a post."""
    form = make_form(HandOutForm, request)
    made = submitted(request, form, lambda data: actions.hand_out_year(request.person, **data))
    if made:
        messages.success(request, f"已下发 {len(made)} 份责任清单，等本人签署")
        return redirect("planning:pledges")
    return form_page(request, form, title="下发责任清单", sub="", cancel=reverse("planning:pledges"))


@needs("planning.view_pledge")
def pledge(request: HttpRequest, pk: int) -> HttpResponse:
    """履责记录: one list, each duty with the records of what was done."""
    found: Pledge = fetch(request, Pledge, pk, "person", "post__unit", "post__role")
    context = {
        "pledge": found,
        "duties": performed(found),
        "buttons": buttons(request, found, "planning:pledge", PLEDGE_FORMS),
        "trail": traces(found),
    }
    return page(request, "planning/pledge.html", context)
