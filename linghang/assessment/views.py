"""The office's side: cycles, the board of all branches, the committee's decision."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from linghang.assessment import actions
from linghang.assessment.definition import SchemeEntry
from linghang.assessment.forms import CYCLE_PAGES, DecisionForm, OpenForm, RecomputeForm
from linghang.assessment.models import Cycle, Objection, Rating, Scheme
from linghang.kernel import jobs
from linghang.kernel.bases import addresses
from linghang.kernel.flow import record
from linghang.org.models import Unit
from linghang.ui.lists import Column, Filter, listing, workbook_response
from linghang.ui.shortcuts import (
    Button,
    buttons,
    create_page,
    fetch,
    form_page,
    list_page,
    make_form,
    needs,
    page,
    rows,
    submitted,
)
from linghang.ui.stages import Stage, stages

State = Cycle.State


@needs("assessment.view_published")
def home(request: HttpRequest) -> HttpResponse:
    """The office goes to the cycles, a branch to its own sheets, everybody else to the published list."""
    for verb, name in ((actions.VIEW_CYCLE, "cycles"), (actions.VIEW_SHEET, "sheets")):
        if request.person.reach(verb):
            return redirect(f"assessment:{name}")
    return redirect("assessment:published")


@needs("assessment.view_cycle")
def cycles(request: HttpRequest) -> HttpResponse:
    """All cycles, the latest first."""
    columns = [
        Column("title", "考核"),
        Column("period", "考核期", lambda row: f"{row.since} 至 {row.until}"),
        Column("scheme", "方案", lambda row: str(row.scheme), link=lambda row: row.scheme.get_absolute_url()),
        Column("state", "状态", lambda row: row.get_state_display(), kind="state"),
    ]
    found = listing(
        request,
        rows(request, Cycle).select_related("scheme"),
        columns,
        title="考核",
        row_url=Cycle.get_absolute_url,
        empty="还没有开启过考核。年度考核期结束前后由党办开启。",
    )
    return list_page(
        request,
        "assessment/cycles.html",
        found,
        may_open=request.person.reach("assessment.open_cycle"),
        may_see_sheets=request.person.reach(actions.VIEW_SHEET),
    )


@needs("assessment.open_cycle")
def cycle_new(request: HttpRequest) -> HttpResponse:
    """开启考核."""
    form = make_form(OpenForm, request)
    return create_page(request, form, actions.open_cycle, "开启考核", reverse("assessment:cycles"))


@needs("assessment.view_cycle")
def cycle(request: HttpRequest, pk: int) -> HttpResponse:
    """Where a cycle stands and what is to be done next."""
    found = fetch(request, Cycle, pk, "scheme", "unit", "run")
    scheme, marks = found.scheme.content, found.marks_by_item()
    branches = found.branches().count()
    missing = [
        (item, branches - len(marks.get(item.code, {})))
        for item in scheme.items
        if item.by_hand and not item.claimed and len(marks.get(item.code, {})) < branches
    ]
    undecided, marked_since = found.undecided(), found.state == State.COMPUTED and found.marked_since
    context = {
        "cycle": found,
        "steps": _steps(found),
        "buttons": _next_solid(
            _next(found, bool(missing or undecided), marked_since),
            buttons(request, found, "assessment:cycle", _pages(found)),
        ),
        "runs": found.runs.all()[:5],
        "branches": branches,
        "missing": missing,
        "undecided": undecided,
        "marked_since": marked_since,
        "items": len([item for item in scheme.items if not item.claimed]),
        "unknown": found.ratings.filter(status="unknown").count(),
        "open_objections": Objection.objects.of(found).open().count(),
        "ratings": found.ratings.best_first([rating.name for rating in scheme.ratings]),
        "votes": [row for row in found.ratings.select_related("unit") if row.among],
    }
    return page(request, "assessment/cycle.html", context)


def _pages(found: Cycle) -> dict[str, Any]:
    """The verbs of a cycle with their pages; a trial run asks first where it makes ratings void."""
    asks = found.state in (State.PROPOSED, State.PUBLISHED)
    return CYCLE_PAGES | {"compute": RecomputeForm if asks else None}


def _next(found: Cycle, unmarked: bool, marked_since: bool) -> str:
    """The natural next step: the marks first, then a run that knows of them, then the ratings."""
    after = {State.OPEN: "compute", State.COMPUTED: "compute" if marked_since else "propose"}
    verb = after.get(State(found.state), "")
    return "enter-manual" if verb and unmarked else verb


def _next_solid(wanted: str, offered: list[Button]) -> list[Button]:
    """The button of the natural next step is the solid one."""
    if not any(button.url.endswith(f"/{wanted}/") for button in offered):
        return offered
    return [replace(button, solid=button.url.endswith(f"/{wanted}/")) for button in offered]


def _steps(found: Cycle) -> list[Stage]:
    """Where a cycle stands in its life, with the days of what was decided."""
    days = {
        State.CONFIRMED: found.confirmed_on,
        State.PUBLISHED: found.published_on,
        State.LOCKED: found.locked_on,
    }
    life = [(state.label, str(days.get(state) or "")) for state in State]
    ended = found.state == State.LOCKED
    return stages(life, len(life) if ended else [*State].index(State(found.state)))


@needs("assessment.compute")
def cycle_compute(request: HttpRequest, pk: int) -> HttpResponse:
    """试算: starts the job and shows its progress; where ratings would fall it says so first."""
    found: Cycle = fetch(request, Cycle, pk)
    settled = found.ratings.settled()
    form: Any = make_form(RecomputeForm, request, found)
    if settled and not (request.method == "POST" and form.is_valid()):
        asked = form if "asked" in request.POST else RecomputeForm(person=request.person, obj=found)
        votes = sum(bool(row.among) and not row.confirmed for row in settled)
        return form_page(
            request, asked, "assessment/recompute.html", cycle=found, settled=len(settled), votes=votes
        )
    if request.method != "POST":
        return redirect(found)
    work, data = "linghang.assessment.jobs.recompute", {"cycle": found.pk, "person": request.person.pk}
    job = jobs.start(work, f"{found}试算", request.person, **data, discard=bool(settled))
    return redirect("desk:job", pk=job.pk)


@needs("assessment.view_cycle")
def board(request: HttpRequest, pk: int) -> HttpResponse:
    """All branches of a cycle: total, dimensions, what is missing, rating."""
    found = fetch(request, Cycle, pk, "scheme", "run")
    scheme = found.scheme.content
    codes = scheme.dimension_codes
    sort = {"unit": "unit__path", "total": "total", "missing": "missing"} | {
        f"dim_{c}": f"dim_{c}" for c in codes
    }
    result = listing(
        request,
        found.ratings.with_dimensions(codes).select_related("unit", "cycle"),
        _board_columns(scheme),
        title=f"{found}考核一览",
        search=("unit__name",),
        filters=[_category(), _unknown()],
        sort=sort,
        row_url=_sheet_url(request),
        export="assessment.export_scores",
        empty="还没有试算。先在考核页试算一次。",
    )
    return list_page(request, "assessment/board.html", result, cycle=found)


def _board_columns(scheme: SchemeEntry) -> list[Column]:
    """Branch, class, total, each dimension, what is missing, rating."""
    return [
        Column("unit", "党支部", lambda row: row.unit.name),
        Column("category", "分类", lambda row: row.unit.get_category_display()),
        Column("total", "总分", lambda row: "无法判定" if row.total is None else row.total, kind="number"),
        *(Column(f"dim_{d.code}", d.name, kind="number") for d in scheme.dimensions),
        Column("missing", "缺数据", lambda row: row.missing or "", kind="number"),
        Column(
            "rating", "等次", lambda row: row.confirmed or row.proposed or ("待票决" if row.among else "")
        ),
    ]


def _sheet_url(request: HttpRequest) -> Callable[[Rating], str] | None:
    return Rating.get_absolute_url if request.person.reach(actions.VIEW_SHEET) else None


def _category() -> Filter:
    return Filter("category", "分类", Unit.Category.choices, path="unit__category")


def _unknown() -> Filter:
    choices = [("yes", "无法判定"), ("no", "已算出")]
    return Filter("unknown", "结果", choices, lambda rows, value: rows.filter(total__isnull=value == "yes"))


@needs("assessment.confirm_rating")
def confirm_rating(request: HttpRequest, pk: int) -> HttpResponse:
    """确认等次: the committee's decision, branch by branch."""
    found = fetch(request, Cycle, pk, "scheme", "run")
    names = [rating.name for rating in found.scheme.content.ratings]
    ratings = found.ratings.by_proposal(names)
    form: Any = make_form(DecisionForm, request, found, ratings=ratings)
    if submitted(request, form, lambda _: actions.confirm_rating(found, request.person, **form.decided())):
        messages.success(request, f"已确认等次：{found}")
        return redirect(found)
    proposed = Counter(row.proposed for row in ratings)
    tally = [(name, proposed[name]) for name in names if proposed[name]]
    votes = sum(bool(row.among) for row in ratings)
    return form_page(request, form, "assessment/decide.html", cycle=found, tally=tally, votes=votes)


@needs("assessment.view_cycle")
def scheme(request: HttpRequest, pk: int) -> HttpResponse:
    """A scheme as it is: items, points, how each is counted, on what it rests."""
    found = fetch(request, Scheme, pk)
    content = found.content
    names = {dimension.code: f"{dimension.code} {dimension.name}" for dimension in content.dimensions}
    known = addresses(request.person, [item.basis for item in content.items])
    items = [
        (names.get(item.dimension, item.dimension), item, known.get(item.basis, "")) for item in content.items
    ]
    return page(request, "assessment/scheme.html", {"scheme": found, "content": content, "items": items})


@needs("assessment.view_cycle")
def uses(request: HttpRequest, pk: int) -> HttpResponse:
    """结果运用: who may be put up for honours, and the suggested coefficient, for personnel to confirm (Excel)."""
    found = fetch(request, Cycle, pk, "scheme")
    if found.state != State.LOCKED:
        raise Http404
    by_name = {rating.name: rating for rating in found.scheme.content.ratings}
    heads = ["党支部", "等次", "评优资格", "绩效系数（建议值）", "人事（绩效办）确认人", "确认日期"]
    table = []
    for row in found.ratings.best_first(list(by_name)):
        rating = by_name[row.confirmed]
        table.append(
            [row.unit.name, rating.name, "有" if rating.eligible else "无", rating.coefficient, "", ""]
        )
    record(request.person, actions.VIEW_CYCLE, found, label="导出结果运用建议")
    return workbook_response(f"{found}考核结果运用建议", heads, table)
