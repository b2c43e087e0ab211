"""支部主页: one page that tells how a branch stands, today or on any day of the last two years. Nothing was typed for it."""

from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from linghang.compliance import checkup
from linghang.compliance.asof import AsOf, as_of
from linghang.compliance.judge import Check, judged, scene_of
from linghang.compliance.scene import Scene
from linghang.desk import branch as reading
from linghang.dispatch.models import Line
from linghang.inspections.models import Finding
from linghang.kernel import clock
from linghang.kernel.parameters import read_once
from linghang.org.models import Unit
from linghang.rules.frequency import Light
from linghang.ui.shortcuts import fetch, needs, page, rows


@needs("compliance.view_checkup")
def branch(request: HttpRequest, pk: int) -> HttpResponse:
    """支部体检: lights with reasons, what is open and due next, what makes up the branch; each opens its records."""
    unit: Unit = fetch(request, Unit, pk)
    if unit.kind != Unit.Kind.BRANCH:
        raise Http404
    known = as_of(request.GET, _last_day(unit))
    with read_once():
        scene = scene_of([unit], today=known.day)
        checks = judged([unit], scene)[unit.pk]
        standards = reading.standards(unit, known.day, request.person)
    context = {
        "unit": unit,
        "known": known,
        "go_live": scene.settings.began,
        "ended_on": unit.until if unit.until and unit.until <= known.last else None,
        "waivers": _waivers(request, unit, scene, known),
        "makeup": reading.makeup(unit, checks, scene, known.query, request.person) + standards,
        "coming": [] if known.past else reading.coming(checks, request.person),
        **_lights(request, checks),
        **_open(request, unit, known),
    }
    return page(request, "desk/branch.html", context)


def _last_day(unit: Unit) -> date | None:
    """A branch that has ended is shown as it last was."""
    return unit.until - timedelta(days=1) if unit.until else None


def _lights(request: HttpRequest, checks: list[Check]) -> dict[str, Any]:
    found = checkup.rows(checks, request.person)
    urgent = [row for row in found if row.check.light in checkup.URGENT]
    everything = "all" in request.GET or not urgent
    return {
        "title": checkup.title(checks),
        "counts": checkup.counts(checks),
        "rows": found if everything else urgent,
        "folded": 0 if everything else len(found) - len(urgent),
        "faulty": [(row.check.duty.title, row.faulty) for row in found if row.faulty],
        "recorded": any(row.check.records for row in found if row.check.light is not Light.GREY),
    }


def _open(request: HttpRequest, unit: Unit, known: AsOf) -> dict[str, Any]:
    """Lines and findings that are not done with; each list only for those who may see its rows."""
    person = request.person
    lines = (
        reading.open_lines(rows(request, Line, "dispatch.view_line"), unit, known.day)
        if person.reach("dispatch.view_line")
        else []
    )
    findings = (
        reading.open_findings(rows(request, Finding, "inspections.view_finding"), unit, known.day)
        if person.reach("inspections.view_finding")
        else []
    )
    return {
        "lines": lines[: reading.FEW],
        "more_lines": len(lines) > reading.FEW,
        "findings": findings[: reading.FEW],
        "more_findings": len(findings) > reading.FEW,
    }


def _waivers(request: HttpRequest, unit: Unit, scene: Scene, known: AsOf) -> list[dict[str, Any]]:
    """What the branch is excused from on that day, and for the office the button that ends it."""
    titles = {duty.code: duty.title for duty in scene.duties}
    may = not known.past and request.person.may("compliance.close_waiver", unit)
    return [
        {
            "duty": titles.get(code, code),
            "waived": waived,
            "may_close": may and waived.until > clock.today(),
        }
        for (_, code), found in scene.waivers.items()
        for waived in found
    ]
