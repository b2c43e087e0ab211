"""Pages of inspections: rounds, checks with their entry, findings."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from linghang.dispatch.models import Line, Order
from linghang.inspections import actions
from linghang.inspections.forms import CHECK_FORMS, FINDING_FORMS, ROUND_FORMS, EntryForm, RoundForm
from linghang.inspections.models import Check, ChecklistItem, Finding, Round
from linghang.inspections.proofs import by_code
from linghang.inspections.reading import (
    STATES,
    asked_of,
    envelope,
    gaps,
    how_far,
    in_state,
    percent,
    progress,
    sheets,
    subjects,
)
from linghang.inspections.sections import sections
from linghang.inspections.standards import standing_of
from linghang.inspections.ways import methods
from linghang.kernel.bases import addresses
from linghang.kernel.flow import did, steps_for, traces
from linghang.kernel.refs import show
from linghang.ui.lists import Column, Filter, download, listing
from linghang.ui.papers import WORD, paper
from linghang.ui.shortcuts import (
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

# The one verb that stands out on a round's page; on a check's page it is printing, then entering.
NEXT = {Round.State.PLANNED: {"draw"}, Round.State.DRAWN: {"assign_team", "start"}}
CONFIRM = {"confirm_self", "confirm_check"}
SEALED = "抽签结果已密封，检查第一天开始时公布。"


@needs("inspections.view_round")
def rounds(request: HttpRequest) -> HttpResponse:
    """The rounds, newest first, with how far each has come."""
    columns = [
        Column("title", "名称"),
        Column("method", "方式", read=lambda r: r.method_words),
        Column("unit", "组织单位"),
        Column("since", "检查自", kind="date"),
        Column("until", "检查至", kind="date"),
        Column("progress", "进度", read=how_far),
        Column("state", "状态", read=lambda r: r.get_state_display(), kind="state", tone=lambda r: r.tone),
    ]
    shown = listing(
        request,
        rows(request, Round).with_progress().select_related("unit"),
        columns,
        title="检查轮次",
        search=("title",),
        filters=[Filter("method", "方式", methods()), Filter("state", "状态", Round.State.choices)],
        sort={"since": "since"},
        row_url=lambda r: r.get_absolute_url(),
        empty="还没有检查。按年度督查检查计划安排：自查每季、互查每半年、其余每年。",
    )
    may_open = bool(request.person.reach("inspections.open_round"))
    tabs = sections(request, "rounds")
    return list_page(request, "inspections/rounds.html", shown, may_open=may_open, sections=tabs)


@needs("inspections.open_round")
def round_new(request: HttpRequest) -> HttpResponse:
    """Arrange a round."""
    form: Any = make_form(RoundForm, request)
    asked = request.GET
    form.initial |= {"source": asked.get("source", ""), **form.recheck(asked.get("standard", ""))}
    form.initial |= form.planned(asked.get("line", ""))
    return create_page(request, form, actions.open_round, "安排检查", reverse("inspections:rounds"))


@needs("inspections.view_round")
def round_(request: HttpRequest, pk: int) -> HttpResponse:
    """One round: progress, who inspects whom and why, the lot, what had to yield."""
    found: Round = fetch(request, Round, pk, "unit", "checklist", "line__plan__unit")
    checks = list(found.checks.with_score().select_related("unit", "round__checklist"))
    sentence, steps = progress(found, checks)
    seen = gaps(checks) if found.on_site else []
    onward = {"start"} if found.is_sealed and found.team.exists() else NEXT.get(Round.State(found.state), ())
    context = {
        "round": found,
        "sentence": sentence,
        "steps": steps,
        "gaps": [gap for gap in seen if gap.wide],
        "close": sum(1 for gap in seen if not gap.wide),
        "buttons": buttons(request, found, "inspections:round", ROUND_FORMS, onward=onward),
        "envelope": envelope(found) if request.person.may("inspections.draw", found) else None,
        "may_print": found.state == Round.State.OPEN and found.on_site,
        "thread": thread(request, found, found.title),
        "trail": traces(found),
    }
    return list_page(request, "inspections/round.html", _pairs(request, found), **context)


def _pairs(request: HttpRequest, this: Round) -> Any:
    columns = [
        Column("unit", "被查支部"),
        Column("by", "检查人", read=lambda c: c.by_whom or "未指定"),
        Column("reason", "为什么", read=lambda c: c.why),
        Column("state", "状态", read=lambda c: c.status, kind="state", tone=lambda c: c.tone),
        Column(
            "score",
            "得分",
            read=lambda c: "" if c.state == Check.State.WAITING else percent(c),
            kind="number",
        ),
    ]
    found = rows(request, Check, "inspections.view_check").filter(round=this).with_score()
    return listing(
        request,
        found.select_related("unit", "inspecting", "round").prefetch_related("team").order_by("unit__path"),
        columns,
        title=f"{this.title}配对",
        search=("unit__name", "inspecting__name"),
        filters=[] if this.state == Round.State.WITHDRAWN else [Filter("state", "状态", Check.State.choices)],
        row_url=lambda c: c.get_absolute_url(),
        empty=SEALED if this.is_sealed else "还没有确定对象。点“抽签”，同一个抽签号永远抽出同样的结果。",
    )


@needs("inspections.print_checklist")
def round_print(request: HttpRequest, pk: int) -> HttpResponse:
    """All checklists of a round in one Word file, one sheet each; printing opens them for entry."""
    found: Round = fetch(request, Round, pk, verb="inspections.view_round")
    wanted = rows(request, Check).filter(round=found).select_related("unit", "inspecting", "round__checklist")
    if request.method != "POST":
        return redirect(found)
    return _print(request, list(wanted.prefetch_related("team")), found.title) or redirect(found)


def _print(request: HttpRequest, checks: list[Check], of: str) -> HttpResponse | None:
    """The checklists as one Word file; None where one of them may not be printed."""
    title = f"检查表 {of}"
    if attempt(request, lambda: [actions.print_checklist(each, request.person) for each in checks]) is None:
        return None
    return download(paper("检查表", {"sheets": sheets(checks)}), f"{title}.docx", WORD)


@needs("inspections.view_check")
def checks(request: HttpRequest) -> HttpResponse:
    """Checks within reach: one's own branch, those one is sent to, those of one's 总支."""
    columns = [
        Column("unit", "被查单位"),
        Column("round", "轮次", read=lambda c: c.round.title),
        Column("method", "方式", read=lambda c: c.round.method_words),
        Column("by", "检查人", read=lambda c: c.by_whom),
        Column("held_on", "检查日期", read=lambda c: c.held_on or "", kind="date"),
        Column("state", "状态", read=lambda c: c.get_state_display(), kind="state", tone=lambda c: c.tone),
    ]
    found = rows(request, Check).filter(round__state__in=(Round.State.OPEN, Round.State.CLOSED))
    shown = listing(
        request,
        found.select_related("unit", "inspecting", "round__unit")
        .prefetch_related("team")
        .order_by("-round__since", "pk"),
        columns,
        title="检查",
        search=("unit__name", "round__title"),
        filters=[
            Filter("method", "方式", methods(), path="round__method"),
            Filter("state", "状态", Check.State.choices),
            Filter("team", "检查人", [(str(request.person.pk), "我")]),
        ],
        row_url=lambda c: c.get_absolute_url(),
        empty="还没有检查。轮次开始后，您要查的、查您的都在这里。",
    )
    return list_page(request, "inspections/checks.html", shown, sections=sections(request, "checks"))


@needs("inspections.view_check")
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """One check: who, why this pair, each answer, what was found."""
    related = ("unit", "inspecting", "round__checklist", "round__unit")
    found: Check = get_object_or_404(rows(request, Check).with_score().select_related(*related), pk=pk)
    steps = steps_for(found, request.person)
    tails = {this.tail for this in steps}
    answers = list(found.answers.select_related("item"))
    proofs = by_code(answers, request.person)
    for answer in answers:
        answer.shown_proof = proofs.get(answer.item.code, "")
    standing = standing_of(found) if found.state == Check.State.CONFIRMED else None
    findings = list(
        rows(request, Finding, "inspections.view_finding")
        .filter(inspection=found)
        .select_related("inspection__round")
        .with_order()
    )
    # Results without anything to judge are confirmed at once.
    asked = CHECK_FORMS if any(each.advice for each in findings) else CHECK_FORMS | {"confirm_check": None}
    context = {
        "check": found,
        "answers": answers,
        "items": [] if answers else _with_rules(request, found),
        "findings": findings,
        "percent": percent(found),
        "standing": standing,
        "may_certify": standing is not None
        and standing.held
        and request.person.may("inspections.print_certificate", found),
        "buttons": buttons(request, found, "inspections:check", asked, steps, onward=CONFIRM),
        "tails": tails,
        "asked": asked_of(found, request.person),
        "entered_by_me": found.state == Check.State.ENTERED
        and did(found, request.person, ["inspections.enter"]),
        "thread": thread(request, found, found.unit.name),
        "trail": traces(found),
    }
    return page(request, "inspections/check.html", context)


def _with_rules(request: HttpRequest, found: Check) -> list[tuple[ChecklistItem, str]]:
    """What is to be looked at, each with the address of the rule that its basis names."""
    items = list(found.round.checklist.items.all())
    known = addresses(request.person, [item.basis for item in items])
    return [(item, known.get(item.basis, "")) for item in items]


@needs("inspections.print_checklist")
def print_checklist(request: HttpRequest, pk: int) -> HttpResponse:
    """The Word checklist of one check; only then may its results be entered."""
    found: Check = fetch(request, Check, pk, "unit", "inspecting", "round__checklist")
    if request.method != "POST":
        return redirect(found)
    return _print(request, [found], str(found.unit)) or redirect(found)


@needs("inspections.enter")
def enter(request: HttpRequest, pk: int) -> HttpResponse:
    """Results of a visit, from the paper: without the paper there is nothing to enter yet."""
    found: Check = _to_enter(request, pk)
    if request.method != "POST" and found.printed_on is None:
        messages.info(request, "请先打印检查表，到现场查过再录入")
        return redirect(found)
    return _entry(request, found, actions.enter, "录入结果")


@needs("inspections.self_check")
def self_check(request: HttpRequest, pk: int) -> HttpResponse:
    """A branch's own check: what the system knows stands, the branch confirms or corrects."""
    return _entry(request, _to_enter(request, pk), actions.self_check, "自查")


def _to_enter(request: HttpRequest, pk: int) -> Check:
    found: Check = fetch(request, Check, pk, "unit", "inspecting", "round__checklist")
    return found


def _entry(request: HttpRequest, found: Check, verb: Callable[..., Check], title: str) -> HttpResponse:
    form: Any = make_form(EntryForm, request, found)
    if request.method == "POST" and found.sent_as and request.POST.get("token") == found.sent_as:
        messages.success(request, f"已{title}：{found}（{found.get_state_display()}）")
        return redirect(found)
    if submitted(request, form, lambda data: verb(found, request.person, **data)):
        messages.success(request, f"已{title}：{found}（{found.get_state_display()}）")
        return redirect(found)
    return form_page(request, form, "inspections/entry.html", check=found, title=title)


@needs("inspections.view_finding")
def findings(request: HttpRequest) -> HttpResponse:
    """Findings by unit, weight and where they stand: their state is that of their order."""
    columns = [
        Column("text", "问题"),
        Column("unit", "被查单位", kind="unit", read=lambda f: f.inspection.unit),
        Column("method", "来自", read=lambda f: f.inspection.round.method_words),
        Column("item", "检查项", read=lambda f: f.item.code if f.item else ""),
        Column("found_on", "发现日期", kind="date"),
        Column("weight", "处置", read=lambda f: f.get_weight_display()),
        Column("repeat", "反复", read=lambda f: "反复" if f.repeat else ""),
        Column("due", "期限", read=lambda f: f.order_due or f.due_on or "", kind="date"),
        Column("status", "状态", read=lambda f: f.status, kind="state", tone=lambda f: f.tone),
    ]
    weights = Finding.Weight.choices
    shown = listing(
        request,
        rows(request, Finding)
        .with_order()
        .select_related("inspection__unit", "inspection__round__unit", "item"),
        columns,
        title="问题清单",
        search=("text", "inspection__unit__name"),
        filters=[
            Filter("weight", "处置", weights),
            Filter("state", "状态", [(code, label) for code, (label, _) in STATES.items()], in_state),
        ],
        sort={"found_on": "found_on"},
        row_url=lambda f: f.get_absolute_url(),
        export="inspections.export_findings",
        empty="还没有问题。检查结果录入后，不符合的项会列在这里。",
    )
    return list_page(request, "inspections/findings.html", shown, sections=sections(request, "findings"))


@needs("inspections.view_finding")
def finding(request: HttpRequest, pk: int) -> HttpResponse:
    """One finding with its whole thread: meeting → round → check → finding → order → closed."""
    wanted = (
        rows(request, Finding)
        .with_order()
        .select_related("inspection__unit", "inspection__round__unit", "item")
    )
    found: Finding = get_object_or_404(wanted, pk=pk)
    order = found.orders().in_full().first() if found.order_pk else None
    context = {
        "finding": found,
        "order": show(request.person, [order.ref])[:1] if order else [],
        "made": order,
        "lines": _measures(request, order) if order else [],
        "buttons": buttons(request, found, "inspections:finding", FINDING_FORMS),
        "rule": _rule(request, found),
        "thread": thread(request, found, "问题"),
        "trail": traces(*subjects(found, order), limit=40),
    }
    return page(request, "inspections/finding.html", context)


def _rule(request: HttpRequest, found: Finding) -> str:
    """The address of the rule that the item's basis names, if the library has it."""
    basis = found.item.basis if found.item else ""
    return addresses(request.person, [basis]).get(basis, "")


def _measures(request: HttpRequest, order: Order) -> list[tuple[Line, str]]:
    """The lines of its order, each with its address for whoever may open it."""
    lines = list(order.lines.all())
    shown = {one.ref: one.url for one in show(request.person, [line.ref for line in lines])}
    return [(line, shown.get(line.ref, "")) for line in lines]
