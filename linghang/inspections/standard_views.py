"""达标: how far each standard is held, branch by branch, and the certificate of one that holds it."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from linghang.inspections.models import Check, Checklist
from linghang.inspections.sections import sections
from linghang.inspections.standards import (
    Standing,
    State,
    bound,
    in_force,
    standing_of,
    standings,
    to_recheck,
)
from linghang.kernel import clock
from linghang.kernel.figures import figure_url
from linghang.org.models import Unit
from linghang.ui.lists import Column, Filter, download, listing
from linghang.ui.papers import WORD, paper
from linghang.ui.requests import HouseRequest
from linghang.ui.shortcuts import fetch, list_page, needs, page, rows


@needs("inspections.view_standards")
def standards(request: HouseRequest) -> HttpResponse:
    """达标: the standard that has branches to be verified again, else the first; a word where there is none."""
    codes = [each.code for each in in_force(clock.today())]
    if not codes:
        empty = {"tabs": [], "sections": sections(request, "standards")}
        return page(request, "inspections/standards.html", empty)
    due = _due(request)
    return redirect("inspections:standard", next((code for code in codes if due[code]), codes[0]))


@needs("inspections.view_standards")
def standard(request: HouseRequest, code: str) -> HttpResponse:
    """达标率 of a standard, and by branch: since when, until when, what is missing, which check says so."""
    today = clock.today()
    every = list(in_force(today))
    chosen = next((each for each in every if each.code == code), None)
    if chosen is None:
        raise Http404
    units = bound(rows(request, Unit), today).select_related("parent").order_by("path")
    found = standings(units, today, [chosen])
    due = _due(request)
    context = {
        "standard": chosen,
        "sections": sections(request, "standards"),
        "tabs": [(_tab(each, due[each.code]), _home(each), each == chosen) for each in every],
        "coverage": _coverage(request, chosen, found),
        "recheck": due[chosen.code],
        "may_open": bool(request.person.reach("inspections.open_round")),
    }
    return list_page(
        request, "inspections/standards.html", _branches(request, units, chosen, found), **context
    )


def _due(request: HouseRequest) -> Counter[str]:
    """How many branches are to be verified again by each standard, for who may arrange it."""
    if not request.person.reach("inspections.open_round"):
        return Counter()
    return Counter(each.standard.code for each in to_recheck(rows(request, Check, "inspections.open_round")))


def _tab(standard: Checklist, due: int) -> str:
    return f"{standard.title}（{due} 待复核）" if due else standard.title


def _home(standard: Checklist) -> str:
    return reverse("inspections:standard", args=[standard.code])


def _coverage(request: HttpRequest, standard: Checklist, found: list[Standing]) -> dict[str, Any]:
    """How many of the branches within reach hold it; the numbers open them. Nothing of a single branch."""
    if len(found) < 2:
        return {}
    held = sum(1 for each in found if each.held)
    top = rows(request, Unit).filter(until=None).order_by("path").first()
    left = len(found) - held
    return {
        "share": round(100 * held / len(found), 1),
        "held": held,
        "left": left,
        "total": len(found),
        "url": figure_url("inspections.standards", top.pk, standard=standard.code),
        "left_url": figure_url("inspections.standards", top.pk, standard=standard.code, **{"not": 1}),
    }


def _branches(request: HttpRequest, units: Any, standard: Checklist, found: list[Standing]) -> Any:
    own = {each.unit.pk: each for each in found}

    def read(part: Callable[[Standing], Any]) -> Callable[[Unit], Any]:
        return lambda unit: part(own[unit.pk])

    columns = [
        Column("name", "党支部"),
        Column("parent", "上级"),
        Column("state", "状态", read(lambda s: s.state.label), kind="state", tone=read(lambda s: s.tone)),
        Column("since", "达标日期", read(lambda s: s.since or ""), kind="date"),
        Column("until", "有效至", read(lambda s: s.last_day or ""), kind="date"),
        Column("missing", "还差", read(lambda s: "、".join(s.missing))),
        Column("check", "核验", read(lambda s: s.check.round.title if s.check else "")),
    ]
    return listing(
        request,
        units,
        columns,
        title=f"{standard.title}达标情况",
        search=("name", "parent__name"),
        filters=[Filter("state", "状态", State.choices, lambda rows, state: _in_state(rows, own, state))],
        row_url=read(lambda s: s.check.get_absolute_url() if s.check else s.unit.get_absolute_url()),
        export="inspections.export_standards",
        empty="还没有党支部。",
    )


def _in_state(units: Any, own: dict[int, Standing], state: str) -> Any:
    return units.filter(pk__in=[pk for pk, each in own.items() if each.state == state])


@needs("inspections.print_certificate")
def certificate(request: HttpRequest, pk: int) -> HttpResponse:
    """The 达标证书 of a branch that holds the standard today by this check; its signature and seal are left to the pen."""
    check: Check = fetch(request, Check, pk, "unit", "round__checklist", "round__unit")
    found = standing_of(check)
    if found is None or not found.held:
        messages.error(request, "这次核验现在不算达标，不能打印达标证书")
        return redirect(check)
    name = f"达标证书 {check.unit} {check.round.checklist.title}.docx"
    return download(paper("达标证书", _told(found, check)), name, WORD)


def _told(found: Standing, check: Check) -> dict[str, Any]:
    this = check.round
    return {
        "unit": check.unit.name,
        "standard": this.checklist.title,
        "basis": this.checklist.basis,
        "round": this.title,
        "verified": _day(check.held_on),
        "since": _day(found.since),
        "until": _day(found.last_day),
        "issuer": this.unit.name,
        "day": _day(clock.today()),
    }


def _day(day: date | None) -> str:
    return f"{day.year} 年 {day.month} 月 {day.day} 日" if day else ""
