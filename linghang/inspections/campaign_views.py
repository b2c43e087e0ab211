"""Pages of campaigns: the list, one campaign seen three ways, one problem, a list of problems from upload to undo."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from linghang.dispatch.models import Line
from linghang.inspections.actions import campaigns as actions
from linghang.inspections.campaign_forms import (
    CAMPAIGN_FORMS,
    PROBLEM_FORMS,
    PROBLEM_IMPORT_FORMS,
    CampaignForm,
    ProblemForm,
    ProblemsFileForm,
)
from linghang.inspections.campaign_reading import (
    HEADINGS,
    PLOTS,
    STATES,
    Tree,
    count,
    in_state,
    kinds,
    phases,
    plots,
    trees,
)
from linghang.inspections.campaign_sheets import read_problems
from linghang.inspections.models.campaigns import Campaign, Problem, ProblemImport
from linghang.inspections.sections import sections
from linghang.kernel import clock
from linghang.kernel.flow import record, steps_for, traces
from linghang.kernel.models import Link
from linghang.kernel.refs import link, results, show
from linghang.org.models import Person, Unit
from linghang.ui.lists import Column, Filter, listing, workbook_response
from linghang.ui.requests import HouseRequest
from linghang.ui.sheets import read_workbook
from linghang.ui.shortcuts import (
    Button,
    act_on_many,
    buttons,
    create_page,
    fetch,
    list_page,
    make_form,
    needs,
    page,
    rows,
    thread,
)
from linghang.ui.uploads import upload_page

VIEWS = {"campaign": "问题清单", "campaign_tasks": "任务清单", "campaign_duty": "责任清单（责任田）"}


@needs("inspections.view_campaign")
def campaigns(request: HouseRequest) -> HttpResponse:
    """The campaigns, newest first."""
    columns = [
        Column("title", "名称"),
        Column("kind", "类别"),
        Column("unit", "组织单位"),
        Column("since", "自", kind="date"),
        Column("until", "至", kind="date"),
        Column("state", "状态", kind="state", read=lambda c: c.get_state_display()),
    ]
    shown = listing(
        request,
        _concerning(request).select_related("kind", "unit"),
        columns,
        title="专项整改",
        search=("title",),
        filters=[Filter("kind", "类别", kinds()), Filter("state", "状态", Campaign.State.choices)],
        row_url=lambda c: c.get_absolute_url(),
        empty="还没有专项整改。巡察整改、集中整治、专项行动、主题教育都从这里发起。",
    )
    may_open = request.person.may("inspections.open_campaign")
    return list_page(
        request,
        "inspections/campaigns.html",
        shown,
        may_open=may_open,
        sections=sections(request, "campaigns"),
    )


def _concerning(request: HouseRequest) -> Any:
    """The campaigns of the asker's own level and below, those that found something there, and those without a list yet."""
    led = rows(request, Unit, "inspections.view_campaign")
    mine = rows(request, Problem, "inspections.view_problem")
    return rows(request, Campaign).concerning(led, mine)


@needs("inspections.open_campaign")
def campaign_new(request: HouseRequest) -> HttpResponse:
    """Begin a campaign."""
    form = make_form(CampaignForm, request)
    return create_page(request, form, actions.open_campaign, "发起专项整改", reverse("inspections:campaigns"))


# --- one campaign, seen three ways -----------------------------------------------------------------------------------


def _problems(request: HouseRequest, found: Campaign) -> Any:
    """What this reader may see of a campaign, in its order, narrowed by what was chosen."""
    every = rows(request, Problem, "inspections.view_problem").filter(campaign=found).with_order().in_order()
    every = every.select_related("unit", "department", "leader", "owner", "verifier")
    for name in PLOTS:
        if (key := request.GET.get(name, "")) and (name == "aspect" or key.isdigit()):
            every = every.filter(**{name: key})
    state = request.GET.get("state", "")
    return in_state(every, state) if state in dict(STATES) else every


def _frame(request: HouseRequest, found: Campaign, here: str) -> dict[str, Any]:
    """What all three views of a campaign show."""
    query = request.GET.urlencode()
    urls = {name: reverse(f"inspections:{name}", args=[found.pk]) for name in VIEWS}
    tabs = [
        (label, f"{urls[name]}{'?' + query if query else ''}", name == here) for name, label in VIEWS.items()
    ]
    person = request.person
    open_now = found.state == Campaign.State.OPEN
    return {
        "campaign": found,
        "over": open_now and found.until < clock.today(),
        "stages": phases(found),
        "tabs": tabs,
        "buttons": buttons(request, found, "inspections:campaign", CAMPAIGN_FORMS, onward=()),
        "may_add": open_now and bool(person.reach("inspections.add_problem")),
        "may_import": open_now and person.may("inspections.import_problems"),
    }


@needs("inspections.view_campaign")
def campaign(request: HouseRequest, pk: int) -> HttpResponse:
    """问题清单: every problem folded over its measures and sub-measures, with counts; the whole campaign on one page."""
    found: Campaign = fetch(request, Campaign, pk, "kind", "unit")
    shown = trees(list(_problems(request, found)))
    if request.GET.get("export"):
        return _workbook(request, found, shown)
    context = _frame(request, found, "campaign") | {
        "trees": shown,
        "count": count(shown),
        "filters": _filters(request, found),
        "narrowed": any(request.GET.get(name) for name in (*PLOTS, "state")),
        "open_all": len(shown) == 1,
        "ready": _ready(request, shown),
        "trail": traces(found),
    }
    return page(request, "inspections/campaign.html", context)


def _ready(request: HouseRequest, shown: list[Tree]) -> list[int]:
    """The problems for which an order can be drafted at once."""
    if not request.person.reach("inspections.order_problem"):
        return []
    waiting = [tree.problem for tree in shown if not tree.problem.order_pk and not tree.problem.dropped_on]
    return [problem.pk for problem in waiting if not actions.missing(problem)]


def _filters(request: HouseRequest, found: Campaign) -> list[dict[str, Any]]:
    """Who leads, which department, which branch, which state: only what occurs."""
    own = rows(request, Problem, "inspections.view_problem").filter(campaign=found).order_by("unit__path")
    told = []
    for name, label in (("leader", "责任领导"), ("department", "责任部门"), ("unit", "单位")):
        whose = own.exclude(**{name: None}).values_list(name, f"{name}__name")
        told.append((name, label, list(dict.fromkeys(whose))))
    aspects = own.exclude(aspect="").order_by("number").values_list("aspect", flat=True)
    told.append(("aspect", "方面", [(name, name) for name in dict.fromkeys(aspects)]))
    told.append(("state", "状态", STATES))
    return [
        {"name": name, "label": label, "choices": choices, "value": request.GET.get(name, "")}
        for name, label, choices in told
    ]


def _workbook(request: HouseRequest, found: Campaign, shown: list[Tree]) -> HttpResponse:
    """The whole list as a workbook, a row a measure or sub-measure."""
    record(request.person, "inspections.view_campaign", found, label="导出 Excel")
    return workbook_response(
        f"{found.title}问题清单", HEADINGS, [row for tree in shown for row in tree.rows()]
    )


@needs("inspections.view_campaign")
def campaign_tasks(request: HouseRequest, pk: int) -> HttpResponse:
    """任务清单: the measures that were sent out, by deadline."""
    found: Campaign = fetch(request, Campaign, pk, "kind", "unit")
    orders = _problems(request, found).exclude(order_pk=None).values("order_pk")
    columns = [
        Column("text", "措施"),
        Column("unit", "党组织", read=lambda one: one.order.unit.name),
        Column("owner", "责任人", read=lambda one: one.owner or ""),
        Column("verifier", "复核人", read=lambda one: one.verifier or ""),
        Column("due_on", "期限", kind="date"),
        Column(
            "state",
            "状态",
            kind="state",
            read=lambda one: f"{one.get_state_display()} · 逾期" if one.is_late else one.get_state_display(),
            tone=lambda one: "red" if one.is_late else "",
        ),
    ]
    lines = rows(request, Line, "dispatch.view_line").filter(order__in=orders)
    shown = listing(
        request,
        lines.select_related("order__unit", "owner", "verifier").order_by("due_on", "pk"),
        columns,
        title=f"{found.title}任务清单",
        search=("text", "owner__name"),
        filters=[Filter("line", "状态", Line.State.choices, path="state")],
        sort={"due_on": "due_on"},
        row_url=lambda one: one.get_absolute_url(),
        export="inspections.view_campaign",
        empty="还没有下达的措施。在问题清单里起草整改单，核稿、签发、下发后列在这里。",
    )
    return list_page(
        request, "inspections/campaign_tasks.html", shown, **_frame(request, found, "campaign_tasks")
    )


@needs("inspections.view_campaign")
def campaign_duty(request: HouseRequest, pk: int) -> HttpResponse:
    """责任清单: who answers for what, by Party organisation, department or leader; a plain list."""
    found: Campaign = fetch(request, Campaign, pk, "kind", "unit")
    by = request.GET.get("by", "unit")
    by = by if by in PLOTS else "unit"
    home, here = found.get_absolute_url(), reverse("inspections:campaign_duty", args=[found.pk])
    shown = plots(trees(list(_problems(request, found))), by)
    context = _frame(request, found, "campaign_duty") | {
        "by": by,
        "plots": [(plot, f"{home}?{urlencode({by: plot.key})}") for plot in shown],
        "ways": [(label, f"{here}?by={name}", name == by) for name, (label, _) in PLOTS.items()],
    }
    return page(request, "inspections/campaign_duty.html", context)


@needs("inspections.view_problem")
def problems(request: HouseRequest) -> HttpResponse:
    """The problems of all campaigns within reach, those of the latest first."""
    found = rows(request, Problem).with_order().select_related("campaign", "unit", "owner")
    columns = [
        Column("text", "问题"),
        Column("campaign", "专项", link=lambda p: p.campaign.get_absolute_url()),
        Column("number", "序号", read=lambda p: str(p.number)),
        Column("unit", "党组织", kind="unit"),
        Column("owner", "责任人", read=lambda p: p.owner or ""),
        Column("due_on", "期限", read=lambda p: p.order_due or p.due_on or "", kind="date"),
        Column("state", "状态", read=lambda p: p.status, kind="state", tone=lambda p: p.tone),
    ]
    shown = listing(
        request,
        found.order_by("-campaign", "number", "pk"),
        columns,
        title="专项问题",
        search=("text", "unit__name", "campaign__title"),
        filters=[Filter("state", "状态", STATES, in_state)],
        row_url=lambda p: p.get_absolute_url(),
        export="inspections.view_problem",
        empty="还没有列入专项整改的问题。",
    )
    return list_page(request, "inspections/problems.html", shown, sections=sections(request, "campaigns"))


@require_POST
@needs("inspections.order_problem")
def order_many(request: HouseRequest) -> HttpResponse:
    """Draft an order for each of the problems of a page that have all that one wants."""
    act_on_many(request, "inspections.order_problem", Problem, "个", whose=lambda problem: problem.unit)
    first = rows(request, Problem).filter(pk__in=request.POST.getlist("row")[:1]).first()
    return redirect(first.campaign if first else "inspections:campaigns")


# --- one problem -----------------------------------------------------------------------------------------------------


@needs("inspections.add_problem")
def problem_new(request: HouseRequest, pk: int) -> HttpResponse:
    """Put a problem on a campaign's list."""
    found: Campaign = fetch(request, Campaign, pk, verb="inspections.view_campaign")
    form = make_form(ProblemForm, request)
    return create_page(
        request,
        form,
        actions.add_problem,
        "登记问题",
        found.get_absolute_url(),
        about=found.title,
        campaign=found,
    )


@needs("inspections.view_problem")
def problem(request: HouseRequest, pk: int) -> HttpResponse:
    """One problem: whose it is, what is done about it and how far that is, whether it was there before."""
    related = ("campaign", "unit", "department", "leader", "owner", "verifier")
    every = rows(request, Problem).with_order().select_related(*related)
    found: Any = get_object_or_404(every, pk=pk)
    (tree,) = trees([found])
    order = f"dispatch.order:{found.order_pk}" if found.order_pk else ""
    before = Link.objects.filter(target=found.ref, kind=actions.REPEAT).values_list("source", flat=True)
    after = [ref for ref in results(found.ref) if ref != order]
    context = {
        "problem": found,
        "tree": tree,
        "order": show(request.person, [order]),
        "before": show(request.person, before),
        "after": show(request.person, after),
        "buttons": _problem_buttons(request, found),
        "spread": _spread(request, found),
        "thread": thread(request, found),
        "trail": traces(found, order) if order else traces(found),
    }
    return page(request, "inspections/problem.html", context)


def _problem_buttons(request: HouseRequest, found: Problem) -> list[Button]:
    """In the order of the forms: what moves the problem on stands first."""
    order = list(PROBLEM_FORMS)
    steps = [step for step in steps_for(found, request.person) if step.tail in PROBLEM_FORMS]
    steps.sort(key=lambda step: order.index(step.tail))
    return buttons(
        request, found, "inspections:problem", PROBLEM_FORMS, steps, onward=("order_problem", "recheck")
    )


def _spread(request: HouseRequest, found: Problem) -> str:
    """举一反三: the problem as an item for the next 提示单 of units like this one, for whoever hands in items."""
    if found.dropped_on or not request.person.reach("planning.submit"):
        return ""
    alike = rows(request, Unit, "planning.submit").on(clock.today()).branches().exclude(pk=found.unit_id)
    alike = alike.filter(category=found.unit.category) if found.unit.category else alike
    text = f"举一反三：对照“{found.text[:200]}”开展自查，有同样问题的立即整改"
    way = link("planning.submit", text=text, about=found.ref, reason=found.campaign.title, scope="chosen")
    return (
        f"{way}&{urlencode({'units': list(alike.values_list('pk', flat=True))}, doseq=True)}" if way else ""
    )


# --- from a sheet ----------------------------------------------------------------------------------------------------


@needs("inspections.import_problems")
def problems_upload(request: HouseRequest, pk: int) -> HttpResponse:
    """Upload a list of problems: read and shown; nothing is changed yet."""
    found: Campaign = fetch(request, Campaign, pk, verb="inspections.view_campaign")

    def read(request: HouseRequest, file: Any, verifier: Person | None) -> ProblemImport:
        sheets = read_workbook(file.read(), file.name)
        outcome = read_problems(sheets, found, request.person, request.verb, verifier)
        return actions.import_problems(request.person, campaign=found, name=file.name, outcome=outcome)

    form = make_form(ProblemsFileForm, request)
    away = found.get_absolute_url()
    return upload_page(request, form, read, title="上传问题清单", sub=found.title, cancel=away)


@needs("inspections.import_problems")
def problemimport(request: HouseRequest, pk: int) -> HttpResponse:
    """One list of problems, row by row: the preview before it is confirmed, the report after."""
    found: ProblemImport = fetch(request, ProblemImport, pk, "campaign")
    told, problems = found.outcome["rows"], len(found.outcome["problems"])
    offered = {
        tail: form for tail, form in PROBLEM_IMPORT_FORMS.items() if problems or tail != "confirm_problems"
    }
    numbers = {
        name: sum(row["outcome"] == name for row in told) for name in ("imported", "merged", "refused")
    }
    context = {
        "import": found,
        "rows": told,
        "numbers": numbers,
        "buttons": buttons(request, found, "inspections:problemimport", offered),
        "trail": traces(found),
    }
    return page(request, "inspections/problemimport.html", context)
