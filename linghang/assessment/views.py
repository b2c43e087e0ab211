"""The office's side: cycles, the board of all branches, marking by hand, the committee's decision."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from linghang.assessment import actions
from linghang.assessment.definition import ItemEntry, SchemeEntry
from linghang.assessment.forms import CYCLE_PAGES, DecisionForm, MarkRow, MarksForm, OpenForm
from linghang.assessment.models import Cycle, Objection, Rating, Scheme, Score
from linghang.kernel import jobs
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
    undecided = found.undecided()
    context = {
        "cycle": found,
        "steps": _steps(found),
        "buttons": _next_solid(
            found, bool(missing or undecided), buttons(request, found, "assessment:cycle", CYCLE_PAGES)
        ),
        "runs": found.runs.all()[:5],
        "branches": branches,
        "missing": missing,
        "undecided": undecided,
        "items": len([item for item in scheme.items if not item.claimed]),
        "unknown": found.ratings.filter(status="unknown").count(),
        "open_objections": Objection.objects.of(found).open().count(),
        "ratings": found.ratings.best_first([rating.name for rating in scheme.ratings]),
        "votes": [row for row in found.ratings.select_related("unit") if row.among],
    }
    return page(request, "assessment/cycle.html", context)


def _next_solid(found: Cycle, unmarked: bool, offered: list[Button]) -> list[Button]:
    """The button of the natural next step is the solid one."""
    after = {State.OPEN: "compute", State.COMPUTED: "propose"}.get(State(found.state), "")
    wanted = f"/{'enter-manual' if after and unmarked else after}/"
    if not any(button.url.endswith(wanted) for button in offered):
        return offered
    return [replace(button, solid=button.url.endswith(wanted)) for button in offered]


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
@require_POST
def cycle_compute(request: HttpRequest, pk: int) -> HttpResponse:
    """试算: starts the job and shows its progress."""
    found = fetch(request, Cycle, pk)
    work = "linghang.assessment.jobs.recompute"
    job = jobs.start(work, f"{found}试算", request.person, cycle=found.pk, person=request.person.pk)
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


@needs("assessment.enter_manual")
def manual(request: HttpRequest, pk: int) -> HttpResponse:
    """What is marked by hand: how far each item is."""
    found = fetch(request, Cycle, pk, "scheme")
    branches, marks = list(found.branches()), found.marks_by_item()
    suggested = Counter(line.code for line in found.suggestions())
    items = [
        (item, len(marks.get(item.code, {})), suggested[item.code] if item.suggested else len(branches))
        for item in found.scheme.content.items
        if item.by_hand or suggested[item.code]
    ]
    context = {"cycle": found, "items": items, "branches": branches}
    return page(request, "assessment/manual.html", context)


@needs("assessment.enter_manual")
def manual_item(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """One item for all branches."""
    found: Cycle = fetch(request, Cycle, pk, "scheme")
    entry = found.scheme.content.entry(code)
    if entry is None or not entry.marked:
        raise Http404
    marks = found.marks_by_item().get(code, {})
    lines = {line.unit_id: line for line in found.suggestions() if line.code == code}
    table = [
        _mark_row(str(unit.pk), unit.name, entry, marks.get(unit.pk), lines.get(unit.pk))
        for unit in found.branches()
        if entry.by_hand or unit.pk in lines
    ]

    def save(form: MarksForm) -> Cycle:
        given = form.given()
        values = {int(key): value for key, (value, _) in given.items()}
        notes = {int(key): note for key, (_, note) in given.items()}
        return actions.enter_manual(found, request.person, code=code, marks=values, notes=notes)

    return _marking(request, found, table, save, title=f"{code} {entry.name}", entry=entry, head="党支部")


@needs("assessment.enter_manual")
def manual_unit(request: HttpRequest, pk: int, unit: int) -> HttpResponse:
    """One branch: all items that are marked by hand."""
    found: Cycle = fetch(request, Cycle, pk, "scheme")
    branch = next((each for each in found.branches() if each.pk == unit), None)
    if branch is None:
        raise Http404
    marks = found.marks_by_item()
    lines = {line.code: line for line in found.suggestions() if line.unit_id == unit}
    table = [
        _mark_row(
            item.code,
            f"{item.code} {item.name}",
            item,
            marks.get(item.code, {}).get(unit),
            lines.get(item.code),
        )
        for item in found.scheme.content.items
        if item.by_hand or item.code in lines
    ]

    def save(form: MarksForm) -> Cycle:
        for key, (value, note) in form.given().items():
            actions.enter_manual(found, request.person, code=key, marks={unit: value}, notes={unit: note})
        return found

    return _marking(request, found, table, save, title=str(branch), entry=None, head="项目")


def _mark_row(key: str, label: str, entry: ItemEntry, mark: Any, suggestion: Score | None = None) -> MarkRow:
    if suggestion is not None and suggestion.figure is not None:
        hint = f"系统发现：{entry.found_words(suggestion.figure.value)}"
        return MarkRow(key, label, Decimal(1), hint, mark, suggestion.get_absolute_url(), suggested=True)
    hint = entry.hint or ("填次数；没有就空着" if entry.claimed else f"0 至 {entry.full:g} 分")
    return MarkRow(key, label, Decimal(str(entry.most)), hint, mark)


def _marking(
    request: HttpRequest,
    found: Cycle,
    table: list[MarkRow],
    save: Callable[[MarksForm], Cycle],
    **context: Any,
) -> HttpResponse:
    form: Any = make_form(MarksForm, request, found, marks=table)
    if submitted(request, form, lambda _: save(form)):
        messages.success(request, f"已保存：{context['title']}")
        return redirect("assessment:cycle_enter_manual", pk=found.pk)
    return form_page(request, form, "assessment/marks.html", cycle=found, regions=(), **context)


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
    return form_page(request, form, "assessment/decide.html", cycle=found)


@needs("assessment.view_cycle")
def scheme(request: HttpRequest, pk: int) -> HttpResponse:
    """A scheme as it is: items, points, how each is counted, on what it rests."""
    found = fetch(request, Scheme, pk)
    content = found.content
    names = {dimension.code: f"{dimension.code} {dimension.name}" for dimension in content.dimensions}
    items = [(names.get(item.dimension, item.dimension), item) for item in content.items]
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
