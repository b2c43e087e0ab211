"""The branch's side and everybody's: the sheet, the records behind a figure, objections, the published list."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from linghang.assessment import actions, sheets
from linghang.assessment.forms import OBJECTION_FORMS, ObjectForm
from linghang.assessment.models import Cycle, Objection, Rating
from linghang.kernel.flow import did
from linghang.ui.lists import Column, Filter, download, listing
from linghang.ui.papers import WORD, paper
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


@needs("assessment.view_sheet")
def own_sheets(request: HttpRequest) -> HttpResponse:
    """The sheets of the branches within reach, year by year."""
    found = rows(request, Rating).select_related("cycle", "unit")
    if not sheets.sees_trials(request.person):
        found = found.filter(cycle__state__in=Cycle.PUBLIC)
    columns = [
        Column("cycle", "考核", lambda row: str(row.cycle)),
        Column("unit", "党支部", lambda row: str(row.unit), kind="unit"),
        Column("rating", "等次", lambda row: row.confirmed or row.proposed),
        Column("state", "状态", lambda row: row.cycle.get_state_display(), kind="state"),
    ]
    result = listing(
        request,
        found.order_by("-cycle__until", "unit__path"),
        columns,
        title="成绩单",
        row_url=Rating.get_absolute_url,
        empty="年度考核公示后，本支部的成绩单会出现在这里。",
    )
    return list_page(request, "assessment/sheets.html", result)


@needs("assessment.view_sheet")
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """成绩单: total, dimensions, and how every point came about."""
    rating = _open_sheet(request, pk)
    scheme, scores = rating.cycle.scheme.content, list(rating.scores())
    lines, gauges = sheets.rows(scores, scheme), sheets.gauges(scores, scheme)
    context = {
        "rating": rating,
        "cycle": rating.cycle,
        "gauges": gauges,
        "groups": sheets.groups(lines, scheme, gauges, "all" in request.GET),
        "count": len(lines),
        "unfolded": "all" in request.GET,
        "may_object": rating.takes_objections and request.person.may("assessment.object", rating),
        "objections": rating.objections.select_related("score"),
    }
    return page(request, "assessment/sheet.html", context)


@needs("assessment.view_sheet")
def sheet_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The sheet as a Word file."""
    rating = _open_sheet(request, pk)
    return download(paper("成绩单", sheets.paper_context(rating)), f"{rating}.docx", WORD)


def _open_sheet(request: HttpRequest, pk: int) -> Rating:
    rating: Rating = fetch(request, Rating, pk, "cycle__scheme", "cycle__run", "unit")
    if not sheets.may_see(request.person, rating.cycle) or rating.cycle.run is None:
        raise Http404
    return rating


@needs("assessment.object")
def object_new(request: HttpRequest, pk: int) -> HttpResponse:
    """提出异议."""
    rating = fetch(request, Rating, pk, "cycle", "unit")
    if not rating.cycle.is_public:
        raise Http404
    form = make_form(ObjectForm, request, rating, initial={"score": request.GET.get("score")})
    if submitted(request, form, lambda data: actions.raise_objection(request.person, rating=rating, **data)):
        messages.success(request, "异议已提出，党办会在公示结束前答复。")
        return redirect(rating)
    return form_page(request, form, title="提出异议", cancel=rating.get_absolute_url())


@needs("assessment.view_sheet")
def objections(request: HttpRequest) -> HttpResponse:
    """Objections within reach, open ones first."""
    columns = [
        Column("unit", "党支部", lambda row: row.rating.unit.name, kind="unit"),
        Column("about", "针对", lambda row: str(row.score or "总分或等次")),
        Column("text", "异议内容"),
        Column("raised_on", "提出日期", kind="date"),
        Column("state", "状态", lambda row: row.get_state_display(), kind="state"),
    ]
    state = Filter("state", "状态", Objection.State.choices)
    found = listing(
        request,
        rows(request, Objection)
        .select_related("rating__unit", "score")
        .order_by("-state", "-raised_on", "-pk"),
        columns,
        title="异议",
        filters=[state],
        row_url=Objection.get_absolute_url,
        empty="没有异议。公示期内支部可以在成绩单上提出。",
    )
    return list_page(request, "assessment/objections.html", found)


@needs("assessment.view_sheet")
def objection(request: HttpRequest, pk: int) -> HttpResponse:
    """One objection and its answer."""
    found = fetch(request, Objection, pk, "rating__cycle", "rating__unit", "score")
    offered: list[Any] = buttons(request, found, "assessment:objection", OBJECTION_FORMS)
    proposed = bool(offered) and did(found.rating.cycle, request.person, ("assessment.propose",))
    context = {"objection": found, "buttons": [] if proposed else offered, "proposed": proposed}
    return page(request, "assessment/objection.html", context)


@needs("assessment.view_published")
def published(request: HttpRequest) -> HttpResponse:
    """公示名单: ratings with limited places only, never scores, never order."""
    found = []
    for cycle in rows(request, Cycle).public().select_related("scheme", "unit")[:5]:
        names = [rating.name for rating in cycle.scheme.content.ratings if rating.share is not None]
        ratings = cycle.ratings.best_first(names)
        groups = [(name, [row.unit for row in ratings if row.confirmed == name]) for name in names]
        found.append((cycle, groups))
    return page(request, "assessment/published.html", {"found": found})
