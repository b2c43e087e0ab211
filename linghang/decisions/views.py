"""Pages of decisions: the register, one topic with its road, the sittings with their agenda, the task forces."""

from typing import Any

from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from linghang.activities.models import Meeting
from linghang.activities.models import Topic as AgendaItem
from linghang.decisions import actions, papers
from linghang.decisions.forms import (
    FORCE_FORMS,
    RESEARCH_FORMS,
    TOPIC_FORMS,
    ForceForm,
    ProposeForm,
    ResearchForm,
)
from linghang.decisions.models import (
    ADVICE,
    EXECUTIVE,
    PARTY_BODY,
    SOON,
    Matter,
    Research,
    TaskForce,
    Topic,
    head_unit,
    party_body,
)
from linghang.decisions.road import came_of, progress, recused, road
from linghang.decisions.seats import apart, lacking
from linghang.dispatch.models import Line
from linghang.kernel import clock
from linghang.kernel.flow import traces
from linghang.kernel.models import Link
from linghang.kernel.refs import link, show
from linghang.org.models import Unit
from linghang.rules import governance
from linghang.ui.lists import Column, Filter, download, listing
from linghang.ui.papers import WORD, paper
from linghang.ui.shortcuts import (
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

SITTINGS = (PARTY_BODY, Meeting.Kind.GENERAL_BOARD.value, EXECUTIVE)
SECTIONS = (
    ("topics", "议题", "decisions.view_register"),
    ("sittings", "会议", "activities.view_meeting"),
    ("forces", "领导小组", "decisions.view_force"),
    ("researches", "调研", "decisions.view_research"),
)
ONWARD = TOPIC_FORMS.keys() - {"take_off", "return_topic", "hold", "withdraw_decision"}


def _unit() -> Unit:
    if (unit := head_unit()) is None:
        raise Http404("还没有党组织")
    return unit


def _tabs(request: HttpRequest, here: str) -> list[tuple[str, str, bool]]:
    shown = [(name, title) for name, title, verb in SECTIONS if request.person.may(verb)]
    return [(title, reverse(f"decisions:{name}"), name == here) for name, title in shown]


@needs("decisions.view_register")
def topics(request: HttpRequest) -> HttpResponse:
    """The register: every topic within reach, newest first, with what became of it."""
    columns = [
        Column("title", "议题"),
        Column("category", "类别", read=lambda t: t.matter.get_category_display()),
        Column("matter", "事项", read=lambda t: t.matter),
        Column("department", "提出部门"),
        Column("proposed_on", "提出日期", kind="date"),
        Column("state", "状态", kind="state", read=lambda t: t.get_state_display(), tone=lambda t: t.tone),
        Column("decided_on", "决定日期", kind="date"),
        Column("conclusion", "结论", read=lambda t: t.get_conclusion_display()),
        Column("minutes_number", "纪要编号", kind="code"),
    ]
    shown = listing(
        request,
        rows(request, Topic).select_related("matter", "department"),
        columns,
        title="决策台账",
        search=("title", "department__name", "minutes_number"),
        filters=[
            Filter("state", "状态", Topic.State.choices),
            Filter("category", "类别", Matter.Category.choices, path="matter__category"),
            Filter("conclusion", "结论", Topic.Conclusion.choices),
            Filter(
                "after",
                "后评价",
                [("due", "待评价")],
                lambda found, _: found.to_evaluate(clock.today() + SOON),
            ),
        ],
        sort={"proposed_on": "proposed_on", "decided_on": "decided_on"},
        row_url=lambda t: t.get_absolute_url(),
        export="decisions.export_topics",
        empty="还没有议题。一事一表，由提出部门填报。",
    )
    may_propose = bool(request.person.reach("decisions.propose"))
    context = {"tabs": _tabs(request, "topics"), "may_propose": may_propose}
    return list_page(request, "decisions/topics.html", shown, **context)


@needs("decisions.propose")
def propose(request: HttpRequest) -> HttpResponse:
    """Put up a topic: 议题申报表, one matter one form; it may come from a record that gave rise to it."""
    form: Any = make_form(ProposeForm, request)
    form.initial |= {"research": request.GET.get("research", "")}
    about = ""
    for one in show(request.person, [request.GET.get("about", "")]):
        form.initial |= {"about": one.ref, "title": one.title[:120]}
        about = f"起因：{one.title}"
    cancel = reverse("decisions:topics")
    return create_page(request, form, actions.propose, "提出议题", cancel, about=about, unit=_unit())


@needs("decisions.view_topic")
def topic(request: HttpRequest, pk: int) -> HttpResponse:
    """One topic: its road, who has the turn, and what became of it."""
    related = (
        "matter",
        "unit",
        "department",
        "branch",
        "leader",
        "proposer",
        "opinion",
        "sitting",
        "vote",
        "argued_by",
    )
    found: Topic = fetch(request, Topic, pk, *related)
    keys, others = came_of(found)
    decided = found.state == Topic.State.DECIDED
    context = {
        "topic": found,
        "road": road(found),
        "advice": _advice(found),
        "recused": recused(found.vote),
        "progress": progress(keys) if decided else None,
        "others": show(request.person, others),
        "buttons": buttons(
            request, found, "decisions:topic", _offered(found), onward=_onward(found, bool(keys))
        ),
        "links": _links(request, found),
        "thread": thread(request, found, "议题"),
        "trail": traces(found),
    }
    return list_page(request, "decisions/topic.html", _lines(request, keys), **context)


def _advice(found: Topic) -> str:
    """What stands between a topic and its agenda, or whose turn it is; the state itself is shown beside its title."""
    if found.state == Topic.State.DECIDED or _was_held(found):
        return ""
    if found.state == Topic.State.LISTED:
        return "会议开过、记录（谁到会）以后，登记决定"
    if found.state == Topic.State.PROPOSED:
        return f"请分管领导{found.leader}签批"
    return ADVICE.get(found.state) or found.lacks(clock.today())


def _was_held(found: Topic) -> bool:
    """Whether the sitting that it stands on has its record."""
    sitting = found.sitting
    return sitting is not None and sitting.state in (Meeting.State.RECORDED, Meeting.State.CONFIRMED)


def _offered(found: Topic) -> dict[str, Any]:
    """The verbs' forms, but not that of a decision before the sitting that takes it."""
    return {tail: form for tail, form in TOPIC_FORMS.items() if tail != "decide" or _was_held(found)}


def _onward(found: Topic, handed_out: bool) -> set[str]:
    """The verbs that move it on: a revision only of what was sent back, handing out only what nobody has yet."""
    idle = set() if found.state == Topic.State.RETURNED else {"revise"}
    return ONWARD - idle - ({"hand_out"} if handed_out else set())


def _links(request: HttpRequest, found: Topic) -> dict[str, str]:
    """The sitting's page, the branch's record and where an inspection of it is arranged, for whoever may open them."""
    person = request.person
    sitting, opinion = found.sitting, found.opinion
    register = sitting is not None and person.may("decisions.view_register")
    may_sit = register and person.may("activities.view_meeting", sitting)
    may_read = opinion is not None and person.may("activities.view_meeting", opinion)
    may_inspect = found.state == Topic.State.DECIDED and person.reach("inspections.open_round")
    return {
        "inspect": link("inspections.open_round", source=found.ref) if may_inspect else "",
        "sitting": reverse("decisions:sitting", args=[sitting.pk]) if sitting and may_sit else "",
        "opinion": opinion.get_absolute_url() if opinion and may_read else "",
    }


def _lines(request: HttpRequest, keys: list[int]) -> Any:
    """What is carried out because of it, unit by unit."""
    columns = [
        Column("text", "事项"),
        Column("unit", "承办单位", read=lambda line: line.order.unit.name),
        Column("owner", "责任人", read=lambda line: line.owner or ""),
        Column("due_on", "期限", kind="date"),
        Column("state", "状态", kind="state", read=lambda line: line.get_state_display()),
    ]
    found = rows(request, Line, "dispatch.view_line").filter(pk__in=keys)
    return listing(
        request,
        found.select_related("order__unit", "owner").order_by("order__unit__path", "pk"),
        columns,
        title="落实",
        row_url=lambda line: line.get_absolute_url(),
        empty="决定以后在这里交办，承办单位、期限和办理情况都列在这里。",
    )


@needs("decisions.view_topic")
def topic_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """议题申报表 in Word, with places for the signatures on paper."""
    found: Topic = fetch(request, Topic, pk, "matter", "unit", "department", "branch", "leader", "proposer")
    return download(paper("议题申报表", papers.form_of(found)), f"议题申报表 {found.title}.docx", WORD)


@needs("decisions.view_register")
def sittings(request: HttpRequest) -> HttpResponse:
    """The meetings that decide, newest first, with how many topics each had."""
    unit = _unit()
    columns = [
        Column("held_on", "日期", kind="date"),
        Column("kind", "会议", read=lambda m: str(m.about)),
        Column("topics", "议题", kind="number", read=lambda m: len(m.decided.all())),
        Column("turnout", "到会", read=lambda m: m.turnout),
        Column("state", "状态", kind="state", read=lambda m: m.get_state_display(), tone=lambda m: m.tone),
    ]
    held = rows(request, Meeting, "activities.view_meeting").filter(unit=unit, kind__in=SITTINGS)
    shown = listing(
        request,
        held.with_turnout().prefetch_related("decided"),
        columns,
        title="会议",
        filters=[Filter("state", "状态", Meeting.State.choices)],
        sort={"held_on": "held_on"},
        row_url=lambda m: reverse("decisions:sitting", args=[m.pk]),
        empty="还没有会议。先安排一次，再把双签过的议题列入议程。",
    )
    may_plan = request.person.may("activities.plan", unit)
    plan = link("activities.plan", unit=unit.pk, kind=party_body(unit)) if may_plan else ""
    context = {"tabs": _tabs(request, "sittings"), "plan": plan}
    return list_page(request, "decisions/sittings.html", shown, **context)


def _sitting(request: HttpRequest, pk: int) -> Meeting:
    found: Meeting = fetch(request, Meeting, pk, "unit", "chair", verb="activities.view_meeting")
    if found.kind not in SITTINGS or found.unit != _unit():
        raise Http404
    return found


@needs("decisions.view_register")
def sitting(request: HttpRequest, pk: int) -> HttpResponse:
    """One sitting: its agenda in order, how each topic was decided, and what may still be put on it."""
    found = _sitting(request, pk)
    planned = found.state == Meeting.State.PLANNED
    listed = _listed(request, found)
    ready = rows(request, Topic, "decisions.list_topic").filter(state=Topic.State.READY)
    items = list(found.topics.all())
    context = {
        "sitting": found,
        "topics": [(one, recused(one.vote)) for one in listed],
        "others": actions.others(found, listed),
        "first": governance.first_topic([_word(item) for item in items], on=found.held_on),
        "ready": [one for one in ready.select_related("matter", "unit") if one.body == found.kind]
        if planned
        else [],
        "held": found.state in (Meeting.State.RECORDED, Meeting.State.CONFIRMED),
        "may_decide": request.person.may("decisions.decide"),
    }
    return page(request, "decisions/sitting.html", context)


def _listed(request: HttpRequest, found: Meeting) -> list[Topic]:
    topics = rows(request, Topic, "decisions.view_topic").on_agenda(found)
    return list(topics.select_related("vote", "unit"))


def _word(item: AgendaItem) -> str:
    return item.get_kind_display()


@needs("decisions.view_register")
def sitting_paper(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """会议议程 before the sitting, 决定事项 after it, in Word."""
    found = _sitting(request, pk)
    if name not in papers.OF_SITTINGS:
        raise Http404
    listed = _listed(request, found)
    title = papers.OF_SITTINGS[name]
    content = paper(title, papers.sitting_of(found, listed))
    return download(content, f"{title} {found.held_on:%Y-%m-%d}.docx", WORD)


@needs("decisions.view_force")
def forces(request: HttpRequest) -> HttpResponse:
    """The task forces with both leaders, or who is missing."""
    own = rows(request, TaskForce).select_related("lead", "partner", "unit")
    found = list(own.annotate(topics=Count("argued")).order_by("-kind", "-since", "pk"))
    lacks = lacking(found)
    context = {
        "tabs": _tabs(request, "forces"),
        "forces": [
            (one, lacks.get(one.pk, ""), buttons(request, one, "decisions:force", FORCE_FORMS, onward=()))
            for one in found
        ],
        "apart": apart(),
        "may_add": request.person.may("decisions.add_force"),
    }
    return page(request, "decisions/forces.html", context)


@needs("decisions.add_force")
def add_force(request: HttpRequest) -> HttpResponse:
    """Register a task force."""
    form = make_form(ForceForm, request)
    cancel = reverse("decisions:forces")
    return create_page(request, form, actions.add_force, "登记领导小组", cancel, unit=_unit())


@needs("decisions.view_research")
def researches(request: HttpRequest) -> HttpResponse:
    """What the leadership looks into, what it came to, and the topics that came of it."""
    found = list(rows(request, Research).select_related("lead", "unit"))
    ties = Link.objects.filter(source__in=[one.ref for one in found]).values_list("source", "target")
    shown = {each.ref: each for each in show(request.person, [target for _, target in ties])}
    context = {
        "tabs": _tabs(request, "researches"),
        "researches": [
            (
                one,
                [shown[target] for source, target in ties if source == one.ref and target in shown],
                buttons(request, one, "decisions:research", RESEARCH_FORMS, onward=()),
            )
            for one in found
        ],
        "may_open": request.person.may("decisions.open_research"),
        "may_propose": bool(request.person.reach("decisions.propose")),
    }
    return page(request, "decisions/researches.html", context)


@needs("decisions.open_research")
def open_research(request: HttpRequest) -> HttpResponse:
    """Register what is to be looked into."""
    form = make_form(ResearchForm, request)
    cancel = reverse("decisions:researches")
    return create_page(request, form, actions.open_research, "登记调研课题", cancel, unit=_unit())
