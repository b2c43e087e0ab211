"""The office's board of all branches, excusing a unit, the load on branches, and one's own daily digest."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from linghang.compliance import actions
from linghang.compliance.asof import AsOf, as_of
from linghang.compliance.board import Board, board, unchecked
from linghang.compliance.burden import burdens, this_month
from linghang.compliance.double_life import asked_year, leading, lives
from linghang.compliance.forms import WaiveForm
from linghang.dispatch.parameters import OF_ALL
from linghang.dispatch.volume import lines_of_all
from linghang.kernel import clock
from linghang.kernel.flow import record
from linghang.kernel.parameters import read_once, value
from linghang.org.models import Post, Unit
from linghang.ui.lists import workbook_response
from linghang.ui.shortcuts import attempt, create_page, make_form, needs, page, rows


@needs("compliance.view_checkup")
def home(request: HttpRequest) -> HttpResponse:
    """The one branch that is meant, or the board of all within reach."""
    asked = request.GET.get("unit", "")
    if asked.isdigit():
        return redirect("desk:branch", pk=int(asked))
    if request.person.reach(actions.VIEW_BOARD):
        return redirect("compliance:board")
    own = rows(request, Unit).branches().on(clock.today()).first()
    if own is None:
        raise Http404
    return redirect("desk:branch", pk=own.pk)


@needs("compliance.view_board")
def lights(request: HttpRequest) -> HttpResponse:
    """All branches within reach by duty, today or on a day; those with something to do come first."""
    known, asked = as_of(request.GET), request.GET.get("parent", "")
    units = list(rows(request, Unit).party().exclude(kind=Unit.Kind.GROUP).on(known.day))
    with read_once():
        found = board(units, known.day, asked if asked.isdigit() else "")
    if "export" in request.GET:
        return _workbook(request, found, known)
    urgent = [line for line in found.lines if line.red or line.amber]
    everything = "all" in request.GET or not urgent
    context = {
        "board": found,
        "known": known,
        "head": "|".join(["党支部", *(duty.title for duty in found.told)]),
        "own_head": "|".join(["党委、总支", *(duty.title for duty in found.own_duties)]),
        "lines": [(line.unit, found.cells(line)) for line in (found.lines if everything else urgent)],
        "folded": 0 if everything else len(found.lines) - len(urgent),
        "parent": asked,
        "go_live": found.scene.settings.began,
        "unchecked": unchecked(known.day, units),
        "may_view_life": _has_life(request),
    }
    return page(request, "compliance/board.html", context)


def _workbook(request: HttpRequest, found: Board, known: AsOf) -> HttpResponse:
    heads = ["党支部", "上级", *(duty.title for duty in found.duties), "要办", "快到期"]
    table = [
        [line.unit.name, str(line.parent or ""), *(cell.word for cell in line.cells), line.red, line.amber]
        for line in found.lines
    ]
    record(request.person, actions.VIEW_BOARD, f"支部体检总览（{len(table)} 行）", label="导出 Excel")
    return workbook_response(f"支部体检总览 {known.day}", heads, table)


@needs("compliance.waive")
def waive(request: HttpRequest) -> HttpResponse:
    """Excuse a unit from a duty for a period."""
    initial = {name: request.GET[name] for name in ("unit", "duty", "since", "until") if name in request.GET}
    form = make_form(WaiveForm, request, initial=initial)
    return create_page(request, form, actions.waive, "豁免", reverse("compliance:board"))


@needs("compliance.view_burden")
def burden(request: HttpRequest) -> HttpResponse:
    """基层负担: what each branch was asked for this month, against what the hospital set itself; no names of persons."""
    month = this_month(request.GET.get("month", ""))
    branches = list(rows(request, Unit).branches().on(min(month.end, clock.today())))
    found, limits = burdens(branches, month)
    over = [each for each in found if each.over]
    everything = "all" in request.GET or not over
    context: dict[str, Any] = {
        "month": month,
        "found": found if everything else over,
        "folded": 0 if everything else len(found) - len(over),
        "limits": limits,
        "over": len(over),
        "asked": lines_of_all(month),
        "most": value(OF_ALL),
        "next": month.next if month.next.start <= clock.today() else None,
    }
    return page(request, "compliance/burden.html", context)


def _has_life(request: HttpRequest) -> bool:
    """Whether 双重组织生活 has anything for the asker: a 总支 secretary leads the hospital only where the 总支 heads it."""
    reach = request.person.reach(actions.VIEW_DOUBLE_LIFE)
    return bool(reach) and (
        bool(reach.trees) or leading(rows(request, Post, actions.VIEW_DOUBLE_LIFE)).exists()
    )


@needs("compliance.view_double_life")
def double_life(request: HttpRequest) -> HttpResponse:
    """双重组织生活: how often each leader of the hospital, or oneself, took part in one's own branch; in the order of posts."""
    if not _has_life(request):
        raise Http404
    year = asked_year(request.GET)
    found = lives(rows(request, Post), year)
    context = {"year": year, "lives": found, "next": year.next if year.next.start <= clock.today() else None}
    return page(request, "compliance/double_life.html", context)


@require_POST
@needs("compliance.switch_digest")
def digest(request: HttpRequest) -> HttpResponse:
    """My daily digest, on or off."""
    wanted = request.POST.get("wanted") == "1"
    said = "已恢复每日摘要" if wanted else "不再发送每日摘要，随时可以恢复"
    attempt(request, lambda: actions.switch_digest(request.person, wanted=wanted), said)
    return redirect("desk:notices")
