"""Pages of what a unit does for a line that another leads, and of files."""

from django.http import Http404, HttpResponse

from linghang.dispatch.forms import PART_FORMS
from linghang.dispatch.models import Part
from linghang.dispatch.sheet import line_pill
from linghang.kernel.attachments import opened_by
from linghang.kernel.flow import steps_for, traces
from linghang.ui.lists import Column, download, listing
from linghang.ui.requests import HouseRequest
from linghang.ui.shortcuts import buttons, fetch, list_page, needs, page, rows

COLUMNS = [
    Column("line", "事项", read=lambda one: one.line.text),
    Column("lead", "牵头单位", kind="unit", read=lambda one: one.line.order.unit.name),
    Column("unit", "协办单位", kind="unit", read=lambda one: one.unit.name),
    Column("due_on", "期限", kind="date", read=lambda one: one.line.due_on),
    Column(
        "state",
        "协办情况",
        kind="state",
        read=lambda one: "已填写" if one.written_on else "未填写",
        tone=lambda one: "green" if one.written_on else "amber",
    ),
]


@needs("dispatch.view_part")
def parts(request: HouseRequest) -> HttpResponse:
    """Lines in which units take part that others lead."""
    found = rows(request, Part).shown().select_related("unit", "line__order__unit").order_by("-pk")
    shown = listing(
        request,
        found,
        COLUMNS,
        title="协办事项",
        search=("line__text",),
        row_url=lambda one: one.get_absolute_url(),
        export="dispatch.view_part",
        empty="没有请本单位协办的事项。",
    )
    return list_page(request, "dispatch/parts.html", shown)


@needs("dispatch.view_part")
def part(request: HouseRequest, pk: int) -> HttpResponse:
    """One part: what is asked of whom, and what this unit adds."""
    related = ("unit", "line__order__unit", "line__order__issuer", "line__owner")
    found: Part = fetch(request, Part, pk, *related)
    line = found.line
    if line.order.issued_on is None:
        raise Http404("还没有下发")
    context = {
        "part": found,
        "line": line,
        "order": line.order,
        "pill": line_pill(line),
        "buttons": buttons(
            request,
            found,
            "dispatch:part",
            PART_FORMS,
            steps_for(found, request.person),
            onward=("write_part",),
        ),
        "entries": traces(found),
        "opens_line": request.person.may("dispatch.view_line", line),
    }
    return page(request, "dispatch/part.html", context)


@needs("dispatch.view_line")
def file(request: HouseRequest, pk: int) -> HttpResponse:
    """A file, as a download, for whoever may see the record that it belongs to."""
    found = opened_by(request.person, pk)
    if found is None:
        raise Http404
    return download(found.file.read(), found.name, "application/octet-stream")
