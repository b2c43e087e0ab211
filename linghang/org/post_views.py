"""Pages of posts: who leads, what is vacant, whose term ends, who leads doubly, the grid, and how a post changes hands."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from linghang.kernel import clock
from linghang.kernel.figures import figure_url
from linghang.kernel.flow import traces
from linghang.org import actions
from linghang.org import committees as leaderships
from linghang.org.models import Handover, Post, Unit
from linghang.org.post_forms import HANDOVER_FORMS, AppointForm, HandoverForm, StandInForm, TermForm
from linghang.org.unit_views import tabs
from linghang.ui.lists import Column, download, listing
from linghang.ui.papers import WORD, paper
from linghang.ui.shortcuts import buttons, create_page, fetch, list_page, make_form, needs, page, rows


@needs("org.appoint")
def appoint(request: HttpRequest, pk: int) -> HttpResponse:
    """Appoint somebody at a unit."""
    unit = fetch(request, Unit, pk)
    form = make_form(AppointForm, request, unit)
    away = unit.get_absolute_url()
    return create_page(request, form, actions.appoint, "任职", away, about=str(unit), unit=unit)


@needs("org.stand_in")
def stand_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Let somebody act for the holder of a post, for a time."""
    post = fetch(request, Post, pk, "unit", "role", "person")
    form = make_form(StandInForm, request, post)
    away = post.person.get_absolute_url()
    return create_page(request, form, actions.stand_in, "授权代办", away, about=str(post), post=post)


@needs("org.begin_term")
def term_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter that a leadership was elected: its term begins."""
    unit = fetch(request, Unit, pk)
    form = make_form(TermForm, request, unit)
    away = unit.get_absolute_url()
    return create_page(request, form, actions.begin_term, "登记换届", away, about=str(unit), unit=unit)


@needs("org.view_unit")
def committees(request: HttpRequest) -> HttpResponse:
    """班子: who sits on each branch's committee, what is vacant, and what the articles say of it."""
    found = leaderships.committees(rows(request, Unit).filter(until=None).order_by("path"), clock.today())
    wanting = [each for each in found if each.unmet]
    fine = [each for each in found if not each.unmet]
    context = {
        "tabs": tabs("班子"),
        "wanting": wanting,
        "fine": fine,
        "may_appoint": request.person.may("org.appoint"),
    }
    return page(request, "org/committees.html", context)


@needs("org.view_unit")
def calendar(request: HttpRequest) -> HttpResponse:
    """换届日历: who is due when; reminded six months before, postponed with approval (支部工作条例 第二十一条)."""
    found = leaderships.calendar(
        rows(request, Unit).filter(until=None).select_related("parent"), clock.today()
    )
    person: Any = request.person
    context = {
        "tabs": tabs("换届日历"),
        "near": [due for due in found if due.seen and due.tone != "green"],
        "later": [due for due in found if due.tone == "green"],
        "unknown": [due for due in found if due.seen is None],
        "may_begin": person.may("org.begin_term"),
        "may_postpone": person.may("org.postpone"),
    }
    return page(request, "org/calendar.html", context)


@needs("org.view_unit")
def dual_leaders(request: HttpRequest) -> HttpResponse:
    """双带头人: how many secretaries also lead in the profession, who does not yet, and the reserve."""
    top = rows(request, Unit).filter(until=None).order_by("path").first()
    found = leaderships.dual_leaders(top, clock.today()) if top else []
    dual = [post for post, is_dual in found if is_dual]
    positions, titles = leaderships.definition(clock.today())
    reserve = rows(request, Post).on(clock.today()).filter(role="reserve")
    context = {
        "tabs": tabs("双带头人"),
        "dual": len(dual),
        "not_yet": [post for post, is_dual in found if not is_dual],
        "total": len(found),
        "share": round(100 * len(dual) / len(found)) if found else None,
        "url": figure_url("org.dual_leaders", top.pk) if top else "",
        "positions": "、".join(positions),
        "titles": "、".join(titles),
        "reserve": reserve.select_related("person", "unit").order_by("unit__path"),
    }
    return page(request, "org/dual_leaders.html", context)


@needs("org.view_unit")
def grid(request: HttpRequest) -> HttpResponse:
    """四级监督网格: made by the posts themselves; a branch without its discipline member shows as a gap."""
    units = rows(request, Unit).filter(until=None)
    levels = leaderships.grid(units, clock.today())
    held = {post.unit_id for _, _, posts in levels for post in posts if post.role_id == "disciplinarian"}
    branches = units.branches().exclude(shape__in=Unit.TEMPORARY)
    missing = [branch for branch in branches.order_by("path") if branch.pk not in held]
    verdict = leaderships.grid_verdict(levels, clock.today())
    context = {
        "tabs": tabs("纪检网格"),
        "levels": levels,
        "missing": missing,
        "verdict": verdict,
        "may_appoint": request.person.may("org.appoint"),
    }
    return page(request, "org/grid.html", context)


@needs("org.view_handover")
def handovers(request: HttpRequest) -> HttpResponse:
    """岗位交接单, the latest first."""
    columns = [
        Column("title", "岗位", read=str),
        Column("giver", "移交人"),
        Column("taker", "接收人"),
        Column("drawn_on", "制单日期", kind="date"),
        Column("items", "未了事项", kind="number", read=lambda h: len(h.items)),
        Column("state", "状态", kind="state", read=lambda h: h.get_state_display()),
    ]
    shown = listing(
        request,
        rows(request, Handover).select_related("unit", "role", "giver", "taker"),
        columns,
        title="岗位交接单",
        row_url=lambda h: h.get_absolute_url(),
        empty="还没有交接单。书记换人时，从单位页的任职表里制作。",
    )
    return list_page(request, "org/handovers.html", shown)


@needs("org.draw_handover")
def handover_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Draw the sheet while the post is still held: afterwards nobody's desk holds what was open."""
    post = fetch(request, Post, pk, "unit", "role", "person")
    form = make_form(HandoverForm, request, post)
    away = post.unit.get_absolute_url()
    return create_page(
        request, form, actions.draw_handover, "制作岗位交接单", away, about=str(post), post=post
    )


@needs("org.view_handover")
def handover(request: HttpRequest, pk: int) -> HttpResponse:
    """One sheet: what is open, and who has signed; as a Word form with `?word=1`."""
    found = fetch(request, Handover, pk, "unit", "role", "giver", "taker")
    if request.GET.get("word"):
        return download(paper("岗位交接单", _sheet(found)), f"{found}.docx", WORD)
    context = {
        "handover": found,
        "buttons": buttons(request, found, "org:handover", HANDOVER_FORMS),
        "trail": traces(found),
    }
    return page(request, "org/handover.html", context)


def _sheet(found: Handover) -> dict[str, Any]:
    items = [{**item, "number": number} for number, item in enumerate(found.items, 1)]
    return {
        "title": str(found),
        "giver": found.giver.name,
        "taker": found.taker.name,
        "drawn_on": found.drawn_on.isoformat(),
        "items": items,
        "remarks": found.remarks or "无",
    }
