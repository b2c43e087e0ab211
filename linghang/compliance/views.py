"""支部体检, the office's board of all branches, and excusing a unit."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from linghang.compliance import actions, checkup
from linghang.compliance.forms import WaiveForm
from linghang.compliance.judge import Check, judged, scene_of
from linghang.compliance.models import Duty
from linghang.kernel import clock
from linghang.kernel.flow import record
from linghang.org.models import Unit
from linghang.rules.frequency import Light
from linghang.ui.lists import workbook_response
from linghang.ui.shortcuts import fetch, form_page, make_form, needs, page, rows, submitted


@needs("compliance.view_checkup")
def home(request: HttpRequest) -> HttpResponse:
    """The one branch that is meant, or the board of all within reach."""
    asked = request.GET.get("unit", "")
    if asked.isdigit():
        return redirect("compliance:checkup", pk=int(asked))
    if request.person.reach(actions.VIEW_BOARD):
        return redirect("compliance:board")
    own = _branches(request).first()
    if own is None:
        raise Http404
    return redirect("compliance:checkup", pk=own.pk)


@needs("compliance.view_checkup")
def branch(request: HttpRequest, pk: int) -> HttpResponse:
    """支部体检: how one branch stands."""
    unit = fetch(request, Unit, pk)
    if unit.kind != Unit.Kind.BRANCH:
        raise Http404
    scene = scene_of([unit])
    checks = judged([unit], scene)[unit.pk]
    found = checkup.rows(checks, request.person)
    urgent = [row for row in found if row.check.light is not Light.GREEN]
    everything = "all" in request.GET or not urgent
    context = {
        "unit": unit,
        "today": clock.today(),
        "go_live": scene.settings.began,
        "title": checkup.title(checks),
        "counts": checkup.counts(checks),
        "rows": found if everything else urgent,
        "folded": 0 if everything else len(found) - len(urgent),
    }
    return page(request, "compliance/checkup.html", context)


@needs("compliance.view_board")
def board(request: HttpRequest) -> HttpResponse:
    """All branches within reach by duty; those with something to do come first."""
    units = _branches(request).select_related("parent")
    parents = {unit.parent for unit in units if unit.parent}
    asked = request.GET.get("parent", "")
    chosen = [unit for unit in units if not asked.isdigit() or unit.parent_id == int(asked)]
    scene = scene_of(chosen, history=False)
    found, duties = judged(chosen, scene), scene.duties_now
    lines = sorted((_line(unit, found[unit.pk], duties) for unit in chosen), key=_urgency)
    if "export" in request.GET:
        return _workbook(request, duties, lines)
    urgent = [line for line in lines if line["red"] or line["amber"]]
    everything = "all" in request.GET or not urgent
    context = {
        "head": "|".join(["党支部", *(duty.title for duty in duties)]),
        "lines": lines if everything else urgent,
        "folded": 0 if everything else len(lines) - len(urgent),
        "red": sum(bool(line["red"]) for line in lines),
        "amber": sum(bool(line["amber"]) for line in lines),
        "total": len(lines),
        "parents": sorted(parents, key=lambda unit: unit.path),
        "parent": asked,
        "go_live": scene.settings.began,
    }
    return page(request, "compliance/board.html", context)


@needs("compliance.waive")
def waive(request: HttpRequest) -> HttpResponse:
    """Excuse a unit from a duty for a period."""
    initial = {name: request.GET[name] for name in ("unit", "duty", "since", "until") if name in request.GET}
    form = make_form(WaiveForm, request, initial=initial)
    if waiver := submitted(request, form, lambda data: actions.waive(request.person, **data)):
        messages.success(request, f"已豁免：{waiver}")
        return redirect(waiver)
    return form_page(request, form, title="豁免", cancel=reverse("compliance:board"))


def _branches(request: HttpRequest) -> Any:
    return rows(request, Unit).branches().on(clock.today())


def _line(unit: Unit, checks: list[Check], duties: list[Duty]) -> dict[str, Any]:
    by_duty = {check.duty.code: check for check in checks}
    lights = [check.light for check in checks]
    own = [(duty, by_duty.get(duty.code)) for duty in duties]
    cells = [(duty, check, checkup.word(check) if check else "") for duty, check in own]
    return {"unit": unit, "cells": cells, "red": lights.count(Light.RED), "amber": lights.count(Light.AMBER)}


def _urgency(line: dict[str, Any]) -> tuple[int, int, str]:
    return -line["red"], -line["amber"], line["unit"].path


def _workbook(request: HttpRequest, duties: list[Duty], lines: list[dict[str, Any]]) -> HttpResponse:
    heads = ["党支部", "上级", *(duty.title for duty in duties), "要办", "快到期"]
    found = [
        [
            line["unit"].name,
            str(line["unit"].parent),
            *(word for _, _, word in line["cells"]),
            line["red"],
            line["amber"],
        ]
        for line in lines
    ]
    record(request.person, actions.VIEW_BOARD, f"支部体检总览（{len(found)} 行）", label="导出 Excel")
    return workbook_response(f"支部体检总览 {clock.today()}", heads, found)
