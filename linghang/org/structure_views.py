"""Pages of how the organisation is manned: 三级网格 with the contacts of branches, and 党务人员."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from linghang.kernel import clock
from linghang.kernel.figures import figure_url
from linghang.org.branch_grid import Mesh
from linghang.org.branch_grid import branch_grid as meshes
from linghang.org.models import Post, Role, Unit
from linghang.org.party_staff import staffing
from linghang.org.unit_views import tabs
from linghang.ui.lists import Column, Filter, listing
from linghang.ui.requests import HouseRequest
from linghang.ui.shortcuts import list_page, needs, rows

FEW = 8


@needs("org.view_unit")
def branch_grid(request: HouseRequest) -> HttpResponse:
    """三级网格: 总支, branch and departments beside who leads the branch and who of the committee is its contact."""
    found = rows(request, Unit).branches().filter(until=None).exclude(shape__in=Unit.TEMPORARY)
    known = meshes(found.select_related("parent").order_by("path"), clock.today())
    gaps = [(mesh, words, cite) for mesh in known.values() for words, cite in mesh.gaps]
    shown = listing(
        request,
        found.select_related("parent").order_by("path"),
        _grid_columns(known),
        title="三级网格",
        search=("name", "parent__name"),
        filters=[Filter("gap", "情况", GAPS, lambda units, gap: units.filter(pk__in=_with_gap(known, gap)))],
        row_url=lambda u: u.get_absolute_url(),
        export="org.view_unit",
        empty="还没有党支部。",
    )
    context = {
        "tabs": tabs("三级网格"),
        "branches": len(known),
        "contacted": sum(bool(mesh.seated) for mesh in known.values()),
        "headed": sum(bool(mesh.headed and mesh.headed.met) for mesh in known.values()),
        "gaps": gaps if "all" in request.GET else gaps[:FEW],
        "more": 0 if "all" in request.GET else max(0, len(gaps) - FEW),
        "count": len(gaps),
        "may_appoint": request.person.may("org.appoint"),
    }
    return list_page(request, "org/branch_grid.html", shown, **context)


GAPS = [("contact", "没有联系委员"), ("head", "书记不是科室负责人")]


def _with_gap(known: dict[int, Mesh], gap: str) -> list[int]:
    if gap == "contact":
        return [pk for pk, mesh in known.items() if not mesh.seated]
    return [pk for pk, mesh in known.items() if mesh.headed and not mesh.headed.met]


def _grid_columns(known: dict[int, Mesh]) -> list[Column]:
    return [
        Column("name", "党支部"),
        Column("parent", "上级", read=lambda u: u.parent or ""),
        Column("departments", "科室", read=lambda u: "、".join(known[u.pk].departments)),
        Column("secretary", "书记", read=lambda u: known[u.pk].led_by),
        Column(
            "contacts",
            "联系委员",
            read=lambda u: "、".join(f"{p.person}（自 {p.since}）" for p in known[u.pk].contacts),
        ),
    ]


@needs("org.view_unit")
def party_staff(request: HouseRequest) -> HttpResponse:
    """党务人员: the ledger by unit, full-time or besides other work, and the ratio to the members."""
    top = rows(request, Unit).filter(until=None).select_related("parent").order_by("path").first()
    day = clock.today()
    held = rows(request, Post).on(day).filter(role__party_work=True, acting_for=None)
    roles = [(role.code, role.name) for role in Role.objects.filter(party_work=True)]
    kinds = Filter(
        "fulltime", "专职兼职", [("1", "专职"), ("0", "兼职")], lambda r, v: r.filter(fulltime=v == "1")
    )
    shown = listing(
        request,
        held.select_related("person", "unit", "role").order_by("unit__path", "role__order", "pk"),
        _staff_columns(request.person),
        title="党务人员",
        search=("person__name", "person__pinyin", "unit__name"),
        filters=[kinds, Filter("role", "职务", roles)],
        row_url=lambda p: p.unit.get_absolute_url(),
        export="org.export_people",
        empty="还没有党务岗位的任职。哪些岗位是党务岗位，由蓝本规定。",
    )
    context = {"tabs": tabs("党务人员"), "top": top, "staffing": staffing(top, day) if top else None}
    if top:
        context["urls"] = {of: figure_url("org.party_staff", top.pk, of=of) for of in ("fulltime", "besides")}
    return list_page(request, "org/party_staff.html", shown, **context)


def _staff_columns(person: Any) -> list[Column]:
    return [
        Column("person", "姓名", read=lambda p: p.person.name),
        Column("unit", "单位", kind="unit", read=lambda p: p.unit),
        Column("role", "职务", read=lambda p: p.role.name),
        Column("fulltime", "专职兼职", read=_said, link=lambda p: _change_url(person, p)),
        Column("position", "行政职务", read=lambda p: p.person.position),
        Column("since", "任职日期", kind="date"),
    ]


def _said(post: Post) -> str:
    return "专职" if post.fulltime else "兼职"


def _change_url(person: Any, post: Post) -> str:
    """Where it is changed, for whoever may."""
    return reverse("org:post_mark_fulltime", args=[post.pk]) if person.may("org.mark_fulltime", post) else ""
