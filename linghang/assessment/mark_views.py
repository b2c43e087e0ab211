"""Marking by hand: item by item, branch by branch, or all of it on one sheet in Excel."""

from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from linghang.assessment import actions
from linghang.assessment.definition import ItemEntry
from linghang.assessment.forms import MARK_IMPORT_FORMS, MarkFileForm, MarkRow, MarksForm
from linghang.assessment.mark_sheets import read_marks, tally, write_marks
from linghang.assessment.models import Cycle, MarkImport, Score
from linghang.kernel.flow import record, traces
from linghang.kernel.parameters import value
from linghang.org.parameters import LARGE_IMPORT
from linghang.ui.lists import XLSX, download
from linghang.ui.requests import HouseRequest
from linghang.ui.second_factor import confirmed, demand
from linghang.ui.sheets import read_workbook
from linghang.ui.shortcuts import attempt, buttons, fetch, form_page, make_form, needs, page, submitted
from linghang.ui.uploads import upload_page

MARKABLE = (Cycle.State.OPEN, Cycle.State.COMPUTED)
SHOWN = 200


@needs("assessment.enter_manual")
def manual(request: HouseRequest, pk: int) -> HttpResponse:
    """What is marked by hand: how far each item is."""
    found = fetch(request, Cycle, pk, "scheme")
    branches, marks = list(found.branches()), found.marks_by_item()
    suggested = Counter(line.code for line in found.suggestions())
    items = [
        (item, len(marks.get(item.code, {})), suggested[item.code] if item.suggested else len(branches))
        for item in found.scheme.content.items
        if item.by_hand or suggested[item.code]
    ]
    context = {
        "cycle": found,
        "items": items,
        "branches": branches,
        "may_import": request.person.may("assessment.import_marks", found) and found.state in MARKABLE,
        "uploads": found.mark_imports.defer("outcome")[:5],
    }
    return page(request, "assessment/manual.html", context)


@needs("assessment.enter_manual")
def manual_item(request: HouseRequest, pk: int, code: str) -> HttpResponse:
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
        return actions.enter_manual(found, request.person, marks={code: values}, notes={code: notes})

    return _marking(request, found, table, save, title=f"{code} {entry.name}", entry=entry, head="党支部")


@needs("assessment.enter_manual")
def manual_unit(request: HouseRequest, pk: int, unit: int) -> HttpResponse:
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
        given = form.given()
        marks = {key: {unit: value} for key, (value, _) in given.items()}
        notes = {key: {unit: note} for key, (_, note) in given.items()}
        return actions.enter_manual(found, request.person, marks=marks, notes=notes)

    return _marking(request, found, table, save, title=str(branch), entry=None, head="项目")


def _mark_row(key: str, label: str, entry: ItemEntry, mark: Any, suggestion: Score | None = None) -> MarkRow:
    if suggestion is not None and suggestion.figure is not None:
        hint = f"系统发现：{entry.found_words(suggestion.figure.value)}"
        return MarkRow(key, label, Decimal(1), hint, mark, suggestion.get_absolute_url(), suggested=True)
    hint = entry.hint or ("填次数；没有就空着" if entry.claimed else f"0 至 {entry.full:g} 分")
    full = None if entry.claimed else Decimal(f"{entry.full:g}")
    return MarkRow(key, label, Decimal(str(entry.most)), hint, mark, full=full)


def _marking(
    request: HouseRequest,
    found: Cycle,
    table: list[MarkRow],
    save: Callable[[MarksForm], Cycle],
    **context: Any,
) -> HttpResponse:
    if "fill" in request.POST:
        form: Any = MarksForm(person=request.person, obj=found, marks=table)
        context["filled"] = form.fill(request.POST)
        return form_page(request, form, "assessment/marks.html", cycle=found, regions=(), **context)
    form = make_form(MarksForm, request, found, marks=table)
    if submitted(request, form, lambda _: save(form)):
        messages.success(request, f"已保存：{context['title']}")
        return redirect("assessment:cycle_enter_manual", pk=found.pk)
    return form_page(request, form, "assessment/marks.html", cycle=found, regions=(), **context)


# --- by a sheet ------------------------------------------------------------------------------------------------------


@needs("assessment.import_marks")
def marks_sheet(request: HouseRequest, pk: int) -> HttpResponse:
    """The sheet to fill: branches by items, with what was given so far."""
    found: Cycle = fetch(request, Cycle, pk, "scheme")
    record(request.person, actions.VIEW_CYCLE, found, label="下载评分表")
    return download(write_marks(found), f"{found}人工评分表.xlsx", XLSX)


@needs("assessment.import_marks")
def marks_upload(request: HouseRequest, pk: int) -> HttpResponse:
    """Upload a filled sheet: read and compared; nothing is marked yet."""
    found: Cycle = fetch(request, Cycle, pk, "scheme")

    def read(request: HouseRequest, *, file: Any, note: str) -> MarkImport:
        outcome = read_marks(read_workbook(file.read(), file.name), found)
        return actions.import_marks(request.person, cycle=found, name=file.name, outcome=outcome, note=note)

    form = make_form(MarkFileForm, request, found)
    return upload_page(request, form, read, "assessment/marks_upload.html", cycle=found)


@needs("assessment.import_marks")
def markimport(request: HouseRequest, pk: int) -> HttpResponse:
    """One sheet of marks: what it would change, cell by cell, and what cannot be taken."""
    found: MarkImport = fetch(request, MarkImport, pk, "cycle")
    waiting = found.state == MarkImport.State.PREVIEWED and found.cycle.state in MARKABLE
    altered = [each for each in found.changes if each["was"]]
    fresh = [each for each in found.changes if not each["was"]]
    context = {
        "import": found,
        "waiting": waiting,
        "altered": altered,
        "fresh": fresh[:SHOWN],
        "news": len(fresh),
        "count": len(found.changes),
        "tally": list(tally(found.changes)),
        "refused": found.refused[:SHOWN],
        "refusals": len(found.refused),
        "ready": waiting and not found.refused,
        "asks_more": _large(found) and not confirmed(request),
        "may_confirm": request.person.may("assessment.confirm_marks", found),
        "buttons": buttons(request, found, "assessment:markimport", MARK_IMPORT_FORMS, onward=()),
        "trail": traces(found),
    }
    return page(request, "assessment/markimport.html", context)


def _large(found: MarkImport) -> bool:
    """Whether so many branches are at stake that a second factor is asked for, as with every import."""
    return bool(len({each["unit"] for each in found.changes}) > value(LARGE_IMPORT))


@needs("assessment.confirm_marks")
def confirm_marks(request: HouseRequest, pk: int) -> HttpResponse:
    """Write what the preview has shown; a large sheet asks for a second factor first."""
    found: MarkImport = fetch(request, MarkImport, pk, "cycle__scheme")
    if _large(found) and not confirmed(request):
        return demand(request)
    if request.method == "POST":
        done = f"已写入 {len(found.changes)} 个评分；已经试算过的，请重新试算"
        if attempt(request, lambda: actions.confirm_marks(found, request.person), done):
            return redirect("assessment:cycle_enter_manual", pk=found.cycle_id)
    return redirect(found)
