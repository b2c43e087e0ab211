"""Pages of orders and lines: the lists, one order, one line, my lines, the papers."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from linghang.dispatch import actions
from linghang.dispatch.advice import advice
from linghang.dispatch.forms import (
    FILE_FORMS,
    LINE_FORMS,
    ONWARD,
    ORDER_FORMS,
    ROW_FORMS,
    DraftForm,
    EditForm,
    LineFormSet,
    PlanLineForm,
)
from linghang.dispatch.lists import (
    KINDS,
    LINE_TABS,
    MANY,
    MANY_LINES,
    WAITS_FOR,
    due_between,
    line_columns,
    line_filters,
    order_columns,
    order_filters,
    order_tabs,
)
from linghang.dispatch.models import Line, Order, Part
from linghang.dispatch.papers import context_of, paper_of
from linghang.dispatch.sheet import line_pill, pill, progress, story, verifiers
from linghang.dispatch.todos import line_todo
from linghang.dispatch.volume import too_much
from linghang.kernel.attachments import attached
from linghang.kernel.flow import Step, steps_for, steps_for_each, traces
from linghang.kernel.refs import Shown, evidence, link, results, show, siblings
from linghang.org.models import Unit
from linghang.ui.lists import Bulk, download, listing
from linghang.ui.papers import WORD, paper
from linghang.ui.shortcuts import (
    Button,
    act_on_many,
    attempt,
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
    thread,
)

# --- lists -----------------------------------------------------------------------------------------------------------


@needs("dispatch.view_order")
def orders(request: HttpRequest, here: str = "orders") -> HttpResponse:
    """Orders of all kinds, or of the kinds of one tab; the newest first. Ticked rows are checked, signed or issued."""
    title, kinds = KINDS[here]
    found = rows(request, Order).with_lines().order_by("-pk")
    judging = request.GET.get("state") in WAITS_FOR and any(_may(request, tail) for tail in MANY)
    shown = listing(
        request,
        found.filter(kind__in=kinds) if kinds else found,
        order_columns(request),
        title=title if kinds else "单据",
        search=("title", "unit__name", "number"),
        filters=order_filters(request, kinds=len(kinds) != 1),
        sort={"issued_on": "issued_on", "due_on": "due_on"},
        row_url=lambda o: o.get_absolute_url(),
        export="dispatch.view_order",
        per_page=100 if judging else 20,
        bulk=_bulk(MANY, "张"),
        empty="还没有单据。部署会后一键生成提示单；督导单由问题或逾期事项起草。",
    )
    may = {tail: _may(request, tail) for tail in ("draft", "plan_line")}
    return list_page(
        request, "dispatch/orders.html", shown, tabs=order_tabs(request.person, here), may=may, here=here
    )


def _bulk(tails: Mapping[str, str], unit: str) -> list[Bulk]:
    return [
        Bulk(f"dispatch.{tail}", reverse("dispatch:many", args=[tail]), f"{word}所选", unit)
        for tail, word in tails.items()
    ]


def _may(request: HttpRequest, tail: str) -> bool:
    return bool(request.person.reach(f"dispatch.{tail}"))


@require_POST
@needs("dispatch.view_order")
def many(request: HttpRequest, tail: str) -> HttpResponse:
    """核稿, 签发, 下发 or 审核 for every ticked row: seventy 提示单 in one go, each by itself."""
    if tail not in MANY | MANY_LINES:
        raise Http404
    if tail in MANY:
        act_on_many(request, f"dispatch.{tail}", Order, "张", whose=lambda one: one.unit)
    else:
        act_on_many(request, f"dispatch.{tail}", Line, whose=lambda one: one.order.unit)
    before = request.headers.get("referer", "")
    safe = url_has_allowed_host_and_scheme(before, {request.get_host()})
    return redirect(before if safe else reverse("dispatch:orders"))


@needs("dispatch.view_line")
def lines(request: HttpRequest, here: str = "lines") -> HttpResponse:
    """Lines of all orders: open ones by deadline, the late, the closed, or all."""
    found = rows(request, Line).select_related("order__unit", "order__seat", "owner")
    if here == "lines":
        found = found.open().order_by("due_on", "pk")
    elif here == "late_lines":
        found = found.overdue().order_by("due_on", "pk")
    else:
        # What is still being drafted is nobody's to do: whoever it names hears of it when it is issued.
        issued = found.filter(order__issued_on__isnull=False)
        found = (issued.filter(state=Line.State.CLOSED) if here == "closed_lines" else issued).order_by("-pk")
    judging = request.GET.get("state") == Line.State.CONFIRMED and _may(request, "review")
    shown = listing(
        request,
        due_between(found, request.GET.get("since", ""), request.GET.get("until", "")),
        line_columns(request.person, judging),
        title=f"单据事项（{LINE_TABS[here]}）",
        search=("text",),
        filters=line_filters(request, states=here in ("lines", "all_lines")),
        sort={"due_on": "due_on"},
        row_url=lambda one: one.get_absolute_url(),
        export="dispatch.view_line",
        bulk=_bulk(MANY_LINES, "条") if judging else (),
        empty="没有这样的事项。",
    )
    tabs = [(label, reverse(f"dispatch:{name}"), name == here) for name, label in LINE_TABS.items()]
    drafts = here == "late_lines" and _may(request, "draft_document")
    circular = f"{reverse('dispatch:draft_document')}?late" if drafts else ""
    parts = rows(request, Part, "dispatch.view_part").shown().exists() if here == "lines" else False
    return list_page(
        request,
        "dispatch/lines.html",
        shown,
        tabs=tabs,
        circular=circular,
        parts=parts,
        sheets=_may(request, "view_order"),
    )


@needs("dispatch.view_line")
def mine(request: HttpRequest) -> HttpResponse:
    """What I am to do or to verify, soonest first: a page for the phone."""
    person = request.person
    own = rows(request, Line).open().running()
    own = own.filter(Q(owner=person) | Q(verifier=person, state=Line.State.CONFIRMED))
    found = list(own.select_related("order", "owner").order_by("due_on", "pk")[:60])
    todos, waiting = [], []
    for line in found:
        verifies = line.verifier_id == person.pk
        if verifies or line.state == Line.State.OPEN:
            todos.append(line_todo(line, "复核" if verifies else "上报"))
        else:
            waiting.append(line_todo(line, "看进度", waiting=True))
    return page(request, "dispatch/mine.html", {"todos": todos, "waiting": waiting})


# --- one order -------------------------------------------------------------------------------------------------------


def _order(request: HttpRequest, pk: int, verb: str = "") -> Order:
    found: Order = get_object_or_404(rows(request, Order, verb).in_full(), pk=pk)
    return found


@needs("dispatch.view_order")
def order(request: HttpRequest, pk: int) -> HttpResponse:
    """One order: where it came from, how far it is, its lines with one button each, what happened. Opening is 已阅."""
    found = _opened(request, pk)
    held = list(found.lines.all())
    steps = steps_for_each([found, *held], request.person)
    counts = found.evidence_counts()
    above = _buttons(request, found, steps[found.ref], ORDER_FORMS | {"edit_order": EditForm})
    calm = not any(button.solid for button in above)
    table = [
        (
            one,
            *line_pill(one),
            counts[one.ref],
            _buttons(request, one, steps[one.ref], ROW_FORMS, ONWARD if calm else ())[:1],
        )
        for one in held
    ]
    drafting = found.state in (Order.State.DRAFTED, Order.State.CHECKED)
    context = {
        "order": found,
        "pill": pill(found),
        "stages": progress(found),
        "table": table,
        "entries": story(traces(found, *held, limit=200), found),
        "buttons": above,
        "thread": thread(request, found),
        "results": show(request.person, results(found.ref)),
        "files": attached(found),
        "file_buttons": _buttons(request, found, steps[found.ref], FILE_FORMS, ()),
        "keeps": bool(held) and request.person.may("dispatch.save_pattern") and not found.is_own,
        "warnings": _warnings(request, found) if drafting else [],
        "heads": list(found.unit.heads()),
        "verifiers": verifiers(held),
        "plan": _plan(found) if _plans(request, found) else "",
    }
    return page(request, "dispatch/order.html", context)


def _warnings(request: HttpRequest, found: Order) -> list[str]:
    """What a sheet in drafting still wants, and where it asks too much; the latter forbids nothing."""
    person = request.person
    return [*found.missing(), *found.too_long(), *too_much(found, person), *advice(found, person)]


def _opened(request: HttpRequest, pk: int) -> Order:
    found = _order(request, pk)
    if found.is_unread and request.person.may("dispatch.read", found):
        with suppress(ValidationError, PermissionDenied):
            # By a row of its own: what was read together with this one stays in hand.
            found.read_on = actions.read(Order(pk=pk), request.person).read_on
    return found


def _plans(request: HttpRequest, found: Order) -> bool:
    """A reminder is broken down into the unit's own worklist, and a worklist grows line by line."""
    kinds = (Order.Kind.REMINDER, Order.Kind.WORKLIST)
    running = found.kind in kinds and found.state == Order.State.ISSUED
    return running and request.person.may("dispatch.plan_line", found)


def _plan(found: Order) -> str:
    """Where a line is added to the unit's worklist; from a reminder, because of it."""
    source = found.ref if found.kind == Order.Kind.REMINDER else ""
    return link("dispatch.plan_line", source=source, unit=found.unit_id)


def _buttons(
    request: HttpRequest,
    row: Order | Line,
    steps: Sequence[Step],
    forms: Mapping[str, Any],
    onward: Collection[str] = ONWARD,
) -> list[Button]:
    """Buttons in the order of the forms: what moves the matter on stands first."""
    order, noun = list(forms), row._meta.model_name
    found = sorted((one for one in steps if one.tail in forms), key=lambda one: order.index(one.tail))
    return buttons(request, row, f"dispatch:{noun}", forms, found, onward=onward)


@needs("dispatch.view_order")
def order_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The order as a Word file, with places for pen and seal left blank."""
    found = _order(request, pk)
    content = paper(paper_of(found), context_of(found, request.person.hospital_name))
    return download(content, f"{paper_of(found)}{found.number_text}{found.unit}.docx", WORD)


@needs("dispatch.draft")
def draft(request: HttpRequest) -> HttpResponse:
    """Begin an order; its lines are written on the next page."""
    asked = {name: request.GET.get(name, "") for name in ("kind", "unit", "title", "text", "about")}
    form: Any = make_form(DraftForm, request, initial={name: value for name, value in asked.items() if value})
    if made := submitted(
        request, form, lambda data: actions.draft(request.person, issuer=_issuer(request), **data)
    ):
        return redirect("dispatch:order_edit_order", made.pk)
    return form_page(request, form, title="拟单", cancel=reverse("dispatch:orders"))


def _issuer(request: HttpRequest) -> Unit:
    found: Unit = rows(request, Unit).party().order_by("path").first()
    return found


@needs("dispatch.edit_order")
def edit_order(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the lines of a draft: this is also how a sheet is tailored to one branch."""
    found = _order(request, pk)
    form: Any = make_form(EditForm, request, found)
    table = LineFormSet(request.POST if request.method == "POST" else None, order=found, prefix="line")
    if table.is_valid() and submitted(
        request,
        form,
        lambda data: actions.edit_order(found, request.person, lines=table.drafts(), **data),
    ):
        messages.success(request, f"已保存：{found}")
        return redirect(found)
    return form_page(request, form, "dispatch/order_edit.html", order=found, table=table, regions=())


# --- one line --------------------------------------------------------------------------------------------------------


@needs("dispatch.view_line")
def line(request: HttpRequest, pk: int) -> HttpResponse:
    """One line: what is asked, what was done, what shows it, and the buttons of whoever opens it."""
    found: Line = get_object_or_404(rows(request, Line).in_full(), pk=pk)
    held = found.order
    person = request.person
    if held.issued_on is None and not person.may("dispatch.view_order", held):
        raise Http404("还没有下发")
    tied = found.evidence()
    shown, hidden = evidence(person, tied)
    steps = steps_for(found, person)
    # A record answers the line, so it is for whoever reports it.
    reports = any(step.tail == "report" for step in steps)
    may_record = reports and person.may("activities.record", held.unit)
    led = thread(request, found)
    context = {
        "line": found,
        "order": held,
        "pill": line_pill(found),
        "buttons": _buttons(request, found, steps, LINE_FORMS),
        "thread": led or _by_its_order(request, found),
        "beside": show(person, siblings(found.ref)) if led else [],
        "evidence": shown,
        "hidden": hidden,
        "results": show(person, [ref for ref in results(found.ref) if ref not in tied]),
        "children": [(one, *line_pill(one)) for one in found.children.all()],
        "parts": found.parts.all(),
        "files": attached(found),
        "entries": story(traces(found, limit=100), held),
        "opens_order": person.may("dispatch.view_order", held),
        "record": link("activities.record", unit=held.unit_id, line=found.ref) if may_record else "",
        "supervise": found.is_late and person.may("dispatch.draft", held.unit),
    }
    return page(request, "dispatch/line.html", context)


def _by_its_order(request: HttpRequest, found: Line) -> list[Shown]:
    """What led to a measure: nothing by itself, but all that led to its order."""
    above = thread(request, found.order)
    return (
        [*above[:-1], *show(request.person, [found.order.ref]), Shown(found.ref, str(found), "")]
        if above
        else []
    )


@require_POST
@needs("dispatch.draft")
def supervise(request: HttpRequest, pk: int) -> HttpResponse:
    """Draft a 督导单 for an overdue line; the office completes it, a leader signs it."""
    found: Line = fetch(request, Line, pk, "order__unit", "order__issuer", "owner", verb="dispatch.view_line")
    made = attempt(request, lambda: actions.draft_supervision(request.person, line=found))
    return redirect("dispatch:order_edit_order", made.pk) if made else redirect(found)


@needs("dispatch.plan_line")
def plan_line(request: HttpRequest) -> HttpResponse:
    """列入工作清单: one line of the unit's own, perhaps because of a reminder, a resolution or another record."""
    initial = {name: request.GET[name] for name in ("unit", "due_on", "owner") if name in request.GET}
    for one in show(request.person, [request.GET.get("source", "")]):
        initial |= {"source": one.ref, "text": one.title[:300]}
    form: Any = make_form(PlanLineForm, request, initial=initial)
    cancel = reverse("dispatch:worklists")
    return create_page(request, form, actions.plan_line, "列入工作清单", cancel, then=lambda made: made.order)
