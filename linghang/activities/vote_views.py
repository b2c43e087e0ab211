"""Pages of votes, of leave before a meeting, and of what is recorded by one tap."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from linghang.activities import actions
from linghang.activities.models import Meeting, held_by
from linghang.activities.turns import is_talk, rota, talks
from linghang.activities.views import sections, told, unit_of
from linghang.activities.vote_forms import LeaveForm, TapForm, VoteForm
from linghang.kernel import clock
from linghang.ui.shortcuts import fetch, form_page, make_form, needs, rows, submitted

RECENT = 10


@needs("activities.vote")
def vote(request: HttpRequest, pk: int) -> HttpResponse:
    """登记表决: the page shows who counts before any number is entered."""
    found: Meeting = fetch(request, Meeting, pk, "unit__parent")
    if not found.about.ballots:
        raise Http404
    form: Any = make_form(VoteForm, request, found)
    made = submitted(request, form, lambda data: actions.vote(request.person, meeting=found, **data))
    if made:
        messages.success(request, f"已登记：{made.matter}，{made.result}")
        return redirect(made)
    return form_page(request, form, "activities/vote.html", meeting=found)


@needs("activities.ask_leave")
def ask_leave(request: HttpRequest, pk: int) -> HttpResponse:
    """请假, by whoever is called and cannot come."""
    found: Meeting = fetch(request, Meeting, pk, "unit__parent", verb=actions.VIEW)
    form: Any = make_form(LeaveForm, request, found)
    made = submitted(request, form, lambda data: actions.ask_leave(request.person, meeting=found, **data))
    if made:
        messages.success(request, f"已请假：{found}")
        return redirect(found)
    context = {"title": "请假", "sub": str(found), "cancel": found.get_absolute_url(), "submit": "请假"}
    return form_page(request, form, "activities/leave.html", meeting=found, **context)


@needs("activities.record")
def quick(request: HttpRequest) -> HttpResponse:
    """一键登记: whose turn it is to speak, and the talks of the year."""
    unit, tabs = unit_of(request)
    kinds = [kind for kind in held_by(unit.kind) if kind.one_tap]
    asked = request.POST.get("kind") or request.GET.get("kind", "")
    chosen = next((kind for kind in kinds if kind.code == asked), kinds[0] if kinds else None)
    if chosen is None:
        raise Http404
    form: Any = make_form(TapForm, request, unit=unit, kind=chosen.code)
    made = submitted(
        request, form, lambda data: actions.record(request.person, unit=unit, kind=chosen.code, **data)
    )
    address = f"{reverse('activities:quick')}?unit={unit.pk}&kind="
    if made:
        messages.success(request, told(made))
        return redirect(f"{address}{chosen.code}")
    recent = rows(request, Meeting, actions.VIEW).prefetch_related("attendances__person")
    context = {
        "unit": unit,
        "tabs": tabs,
        "chosen": chosen,
        "sections": sections(request, "quick"),
        "kinds": [(kind.title, f"{address}{kind.code}", kind == chosen) for kind in kinds],
        "talks": talks(unit, clock.today()) if is_talk(chosen.code) else None,
        "turns": [] if is_talk(chosen.code) else rota(unit, chosen.code, clock.today()),
        "recent": recent.filter(unit=unit, kind=chosen.code)[:RECENT],
    }
    return form_page(request, form, "activities/quick.html", **context)
