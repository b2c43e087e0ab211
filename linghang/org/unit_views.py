"""Pages of units: the lists, both trees side by side, one unit as of any day, and how one comes to be."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.dateparse import parse_date

from linghang.kernel import clock
from linghang.kernel.flow import traces
from linghang.org import actions
from linghang.org.entities import Entities
from linghang.org.forms import own_kinds
from linghang.org.models import Membership, Unit
from linghang.org.trees import Forest
from linghang.org.unit_forms import UNIT_FORMS, TemporaryForm, UnitForm, campuses
from linghang.ui.lists import Column, Filter, listing
from linghang.ui.shortcuts import Button, buttons, create_page, fetch, list_page, make_form, needs, page, rows

# What makes another unit of a unit stands apart from what is done to it every day.
LIFE = {"rename", "move_unit", "promote", "merge", "split", "close_unit"}
TABS = (
    ("党组织", "units", ""),
    ("科室", "units", "?tree=staff"),
    ("组织全景", "trees", ""),
    ("班子", "committees", ""),
    ("换届日历", "calendar", ""),
    ("双带头人", "dual_leaders", ""),
    ("三级网格", "branch_grid", ""),
    ("纪检网格", "grid", ""),
    ("党务人员", "party_staff", ""),
)


def tabs(current: str) -> list[tuple[str, str, bool]]:
    """The pages of the organisation, for the tabs above each."""
    return [(label, reverse(f"org:{name}") + query, label == current) for label, name, query in TABS]


def day_of(request: HttpRequest) -> date:
    """The day that a page is asked for (`on`), today where it is none."""
    try:
        return parse_date(request.GET.get("on", "")) or clock.today()
    except ValueError:
        return clock.today()


@needs("org.view_unit")
def units(request: HttpRequest) -> HttpResponse:
    """The Party tree, with members and heads; the staff tree on the other tab."""
    kinds = Unit.STAFF if request.GET.get("tree") == "staff" else Unit.PARTY
    found = rows(request, Unit).filter(kind__in=kinds, until=None).select_related("parent").with_people()
    staff, entities = kinds is Unit.STAFF, Entities()
    columns = [
        Column("name", "名称", read=lambda u: f"{'　' * max(u.path.count('/') - 3, 0)}{u.name}"),
        Column("kind", "类别", read=lambda u: u.kind_name),
        Column("category", "分类", read=lambda u: u.get_category_display()),
        Column("parent", "上级", read=lambda u: u.parent or ""),
        Column("class_code", "类别代码", kind="code", read=lambda u: u.class_code),
        Column(
            "size", "人数" if staff else "党员", kind="number", read=lambda u: u.people if staff else u.size
        ),
        Column("entity", "法人", read=entities.name_of),
        Column("since", "成立日期", kind="date"),
    ]
    title = "科室" if staff else "党组织"
    shown = listing(
        request,
        found,
        columns,
        title=title,
        search=("name",),
        filters=_filters(entities),
        row_url=lambda u: u.get_absolute_url(),
        export="org.view_unit",
        empty="还没有单位。由蓝本建立，或从“新增单位”开始。",
    )
    may = {
        "can_add": request.person.may("org.add_unit"),
        "can_add_temporary": request.person.may("org.add_temporary"),
    }
    return list_page(request, "org/units.html", shown, title=title, tabs=tabs(title), **may)


def _filters(entities: Entities) -> list[Filter]:
    found = [
        Filter("category", "分类", Unit.Category.choices),
        Filter("shape", "形式", Unit.Shape.choices),
    ]
    if sites := [(str(c.pk), c.name) for c in campuses()]:
        found.append(Filter("campus", "院区", sites, _of_campus))
    if entities.known:
        names = [(str(each.pk), each.legal_name) for each in entities.known]
        found.append(Filter("entity", "法人", names, entities.narrow))
    return found


def _of_campus(found: Any, pk: str) -> Any:
    site = campuses().filter(pk=pk).first() if pk.isdigit() else None
    return found.filter(Q(campus=site) | Q(path__startswith=site.path)) if site else found.none()


@needs("org.view_unit")
def trees(request: HttpRequest) -> HttpResponse:
    """Party tree and staff tree side by side on any day, what covers what, and the gaps by article."""
    day = day_of(request)
    forest = Forest(rows(request, Unit).on(day).and_covered(day), day)
    covered, entities = sum(forest.covered(node) for node in forest.departments), Entities()
    for node in forest.nodes.values():
        node.legal = entities.seated(node.unit)
    context = {
        "tabs": tabs("组织全景"),
        "day": day,
        "party": forest.tree(Unit.PARTY),
        "staff": forest.tree(Unit.STAFF),
        "gaps": forest.gaps,
        "departments": len(forest.departments),
        "covered": covered,
        "branches": len(forest.branches),
    }
    return page(request, "org/trees.html", context)


@needs("org.view_unit")
def unit(request: HttpRequest, pk: int) -> HttpResponse:
    """One unit, today or as of a day: who leads it, what it covers, what hangs below, how it came about."""
    found: Unit = fetch(request, Unit, pk, "parent", "campus", "successor", "approved_by")
    day = day_of(request)
    placements, namings = list(found.placements.select_related("parent")), list(found.namings.all())
    placed = next((each for each in placements if _held(each, day)), None)
    former = next((each for each in namings if _held(each, day)), found)
    context = {
        "unit": found,
        "day": day,
        "past": day != clock.today(),
        "last_day": found.until - timedelta(days=1) if found.until else None,
        "called": former.name,
        "kind_then": Unit.Kind(former.kind).label,
        "above": placed.parent if placed else None,
        "posts": found.posts.on(day).select_related("person", "role", "unit"),
        "covers": found.covers.on(day).select_related("department") if found.is_party else (),
        "covered_by": () if found.is_party else found.covered_by.on(day).select_related("branch"),
        "children": found.children_on(day),
        "placements": placements,
        "namings": namings,
        "events": found.events.select_related("other"),
        "size": _sizes(found, day),
        "entity": Entities().of(found),
        "trail": traces(found),
        **_doing(request, found),
    }
    return page(request, "org/unit.html", context)


def _held(dated: Any, day: date) -> bool:
    """Whether a dated row was in force on a day."""
    return dated.since <= day and (dated.until is None or day < dated.until)


def _doing(request: HttpRequest, found: Unit) -> dict[str, Any]:
    """What this reader may do here, and the term of the leadership with what may be done to it."""
    person = request.person
    doing: list[Button] = buttons(request, found, "org:unit", UNIT_FORMS)
    life = {reverse(f"org:unit_{tail}", args=[found.pk]) for tail in LIFE}
    return {
        "buttons": [b for b in doing if b.url not in life],
        "life": [b for b in doing if b.url in life],
        "term": found.terms.filter(until=None).first() if found.is_party else None,
        "may_appoint": found.until is None and person.may("org.appoint", found),
        "may_end": person.may("org.end_post", found),
        "may_begin_term": found.until is None and person.may("org.begin_term", found),
        "may_postpone": person.may("org.postpone", found),
        "may_hand_over": person.may("org.draw_handover", found),
        "kinds": own_kinds(person),
        "may_stand_in": person.may("org.stand_in", found),
    }


def _sizes(unit: Unit, day: date) -> dict[str, int]:
    """Members on a day: of a unit that has ended its own, else of all that hangs below it today."""
    held = Membership.objects.on(day)
    own = (
        held.filter(branch=unit)
        if unit.kind == Unit.Kind.BRANCH
        else held.filter(branch__path__startswith=unit.path)
    )
    counted: dict[str, int] = own.aggregate(
        all=Count("pk"),
        full=Count("pk", filter=Q(status=Membership.Status.FULL)),
        probationary=Count("pk", filter=Q(status=Membership.Status.PROBATIONARY)),
    )
    return counted


@needs("org.add_unit")
def unit_new(request: HttpRequest) -> HttpResponse:
    """Add a unit to either tree."""
    form = make_form(UnitForm, request)
    return create_page(request, form, actions.add_unit, "新增单位", reverse("org:units"))


@needs("org.add_temporary")
def temporary_new(request: HttpRequest) -> HttpResponse:
    """Set up a temporary branch for a task."""
    form = make_form(TemporaryForm, request)
    about = "临时党支部不发展党员、不处分处置党员、不收党费、不选代表、不换届；任务结束即自然撤销（支部工作条例 第八条）。"
    return create_page(
        request, form, actions.add_temporary, "设立临时党支部", reverse("org:units"), about=about
    )
