"""Pages of meetings: the list, 记一次, the plan, one meeting, and what is printed before and after it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from linghang.activities import actions
from linghang.activities.absentees import by_branch
from linghang.activities.forms import FORMS, PlanForm
from linghang.activities.invitations import invitation
from linghang.activities.keepers import keeps, kept
from linghang.activities.models import Ask, How, Kind, Meeting, Resolution, holders, kinds
from linghang.activities.outcomes import RESTS_ON, Ties, ties_of
from linghang.activities.outcomes import told as outcomes
from linghang.activities.papers import ballot_of, context_of, papers_of
from linghang.activities.record_forms import RecordForm
from linghang.activities.roll import expected
from linghang.activities.vote_forms import VOTE_FORMS
from linghang.activities.yearly import Yearly, yearly
from linghang.dispatch.models import EVIDENCE
from linghang.kernel import clock
from linghang.kernel.flow import steps_for_each, traces
from linghang.kernel.refs import Shown, link, show
from linghang.org.models import Person, Unit
from linghang.rules.periods import Period
from linghang.ui.lists import Column, Filter, download, listing, month_filter
from linghang.ui.papers import WORD, paper
from linghang.ui.shortcuts import (
    Button,
    buttons,
    fetch,
    form_page,
    list_page,
    make_form,
    needs,
    page,
    rows,
    submitted,
)

SHOWN = {"record_planned": RecordForm, **FORMS}
SECTIONS = (
    ("meetings", "记录", "activities.view_meeting"),
    ("calendar", "日历", "activities.view_meeting"),
    ("quick", "轮讲与谈心", "activities.record"),
    ("study", "学时", "activities.view_study"),
    ("elections", "换届选举", "activities.view_election"),
)
ONWARD = SHOWN.keys() - {"cancel", "correct"}


@needs("activities.view_meeting")
def meetings(request: HttpRequest) -> HttpResponse:
    """Every meeting within reach, newest first; whose it is stands there where there are several."""
    units = (
        rows(request, Unit).filter(kind__in=holders(), until=None).order_by("path").values_list("pk", "name")
    )
    whose = [Column("unit", "单位", read=lambda m: m.unit.name)] if len(units) > 1 else []
    kind = kinds().get(request.GET.get("kind", ""))
    columns = [
        Column("kind", "会议", read=lambda m: f"{m.kinds_shown}{'：' + m.title if m.title else ''}"),
        Column("held_on", "日期", kind="date"),
        *whose,
        *_asked(request, kind),
        Column("turnout", "到会", read=lambda m: m.turnout),
        Column("state", "状态", kind="state", read=lambda m: m.get_state_display(), tone=lambda m: m.tone),
        Column("remark", "说明", read=remark),
    ]
    found = listing(
        request,
        _come(request).with_turnout(),
        columns,
        title="组织生活",
        search=("title", "unit__name"),
        filters=[*_filters(request.person, [(str(pk), name) for pk, name in units]), *_choices(kind)],
        sort={"held_on": "held_on"},
        row_url=lambda m: m.get_absolute_url(),
        export="activities.view_meeting",
        empty="还没有记录。开过会记一次，不到一分钟；也可以先安排，把议程和签到表打出来。",
    )
    context = {
        "may": _may(request),
        "sections": sections(request, "meetings"),
        "yearly": _yearly(request, kind),
    }
    return list_page(request, "activities/meetings.html", found, **context)


def _asked(request: HttpRequest, kind: Kind | None) -> list[Column]:
    """What the chosen kind asks, a column each; a file of all kinds has it in one."""

    def all_replies(meeting: Meeting) -> str:
        return "；".join(f"{label}：{reply}" for label, reply in meeting.replied)

    def reply_to(code: str) -> Callable[[Meeting], Any]:
        return lambda meeting: meeting.replies.get(code, "")

    if kind is None:
        return [Column("replies", "另记", read=all_replies)] if request.GET.get("export") else []
    return [Column(ask.code, ask.label, read=reply_to(ask.code)) for ask in map(Ask.of, kind.asks)]


def _choices(kind: Kind | None) -> list[Filter]:
    """The questions of the chosen kind that have options."""
    asked = [ask for ask in map(Ask.of, kind.asks if kind else ()) if ask.how == How.CHOICE]
    return [
        Filter(ask.name, ask.label, [(one, one) for one in ask.options], path=f"replies__{ask.code}")
        for ask in asked
    ]


def _yearly(request: HttpRequest, kind: Kind | None) -> Yearly | None:
    """What the chosen kind came to this year, or in the year of the chosen month."""
    if kind is None or kind.bare or request.GET.get("export"):
        return None
    asked = request.GET.get("month", "")[:4]
    year = int(asked) if asked.isdigit() and len(asked) == 4 else clock.today().year
    return yearly(kind, year, rows(request, Meeting), rows(request, Unit).filter(until=None))


def _come(request: HttpRequest) -> Any:
    """Records, and plans whose day has come. What is still ahead stands in the calendar, unless it is asked for."""
    found = rows(request, Meeting)
    if any(request.GET.get(name) for name in ("q", "state", "month")):
        return found
    return found.exclude(state=Meeting.State.PLANNED, recorded_on=None, held_on__gt=clock.today())


def sections(request: HttpRequest, here: str) -> list[tuple[str, str, bool]]:
    """The pages of 组织生活 that this person may open, as tabs."""
    return [
        (title, reverse(f"activities:{name}"), name == here)
        for name, title, verb in SECTIONS
        if request.person.may(verb)
    ]


def remark(meeting: Meeting) -> str:
    """What a reader should know of a record: entered late, or opened without a 第一议题."""
    missing = meeting.lacks_first_topic and meeting.state != Meeting.State.CANCELLED
    steps = f"还缺{'、'.join(meeting.steps_missing)}" if meeting.recorded_on and meeting.steps_missing else ""
    late, bare = "补记" if meeting.recorded_late else "", "未列第一议题" if missing else ""
    return "、".join(filter(None, (late, bare, steps)))


def _filters(person: Person, units: list[tuple[str, str]]) -> list[Filter]:
    def with_me(found: Any, how: str) -> Any:
        held = found.held().filter(held_on__year=clock.today().year)
        return held.of_person(person, came=how == "came")

    by_unit = Filter("unit", "单位", units)
    own = Filter("me", "我今年", [("called", "应到"), ("came", "到会")], with_me)
    return [
        *([by_unit] if len(units) > 1 else []),
        Filter("kind", "类别", [(kind.code, kind.title) for kind in kinds().values()], _of_kind),
        month_filter("month", "月份", _in_month, back=23),
        Filter("state", "状态", Meeting.State.choices),
        *([own] if person.branch_id else []),
    ]


def _of_kind(found: Any, kind: str) -> Any:
    return found.of_kind(kind)


def _in_month(found: Any, month: Period) -> Any:
    return found.filter(held_on__range=tuple(month))


def _may(request: HttpRequest) -> dict[str, bool]:
    return {verb: bool(request.person.reach(f"activities.{verb}")) for verb in ("record", "plan")}


@needs("activities.view_meeting")
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """One meeting: agenda, who came, what was agreed, what came of it, what was put right afterwards."""
    found: Meeting = fetch(request, Meeting, pk, "unit__parent", "chair")
    ties = ties_of(found)
    called = list(found.attendances.select_related("person__branch").order_by("person__pinyin"))
    trail = traces(found)
    came_back = found.state == Meeting.State.PLANNED and found.recorded_on is not None
    context = {
        "meeting": found,
        "remark": remark(found),
        "absentees": [one for one in called if not one.present],
        "called": len(called),
        "branches": by_branch(called) if found.about.gathers else [],
        "outcomes": outcomes(request.person, found, ties),
        "resolutions": _resolutions(request, found, ties),
        **_threads(request, found, ties),
        **_votes(request, found),
        **_before(request, found),
        "papers": [
            (title, reverse("activities:meeting_paper", args=[pk, name])) for name, title in papers_of(found)
        ],
        "buttons": _buttons(request, found),
        "like": link("activities.plan", like=pk)
        if keeps(request.person, "activities.plan", found.unit)
        else "",
        "returned": next((row for row in trail if row.verb == "activities.send_back"), None)
        if came_back
        else None,
        "trail": trail,
    }
    return page(request, "activities/meeting.html", context)


def _buttons(request: HttpRequest, found: Meeting) -> list[Button]:
    """Verbs on this page, for those who keep the unit's records."""
    own = any(keeps(request.person, verb, found.unit) for verb in (*actions.RECORDING, actions.CONFIRM))
    return buttons(request, found, "activities:meeting", SHOWN, onward=ONWARD) if own else []


def _votes(request: HttpRequest, found: Meeting) -> dict[str, Any]:
    """The votes taken at it, each with its buttons, and whether another may be taken down."""
    held = list(found.votes.all())
    for one in held:
        one.meeting = found
    steps = steps_for_each(held, request.person)
    recorded = found.state in (Meeting.State.RECORDED, Meeting.State.CONFIRMED)
    return {
        "votes": [
            (
                one,
                buttons(request, one, "activities:vote", VOTE_FORMS, steps[one.ref], onward={"confirm_vote"}),
            )
            for one in held
        ],
        "may_vote": recorded
        and bool(found.about.ballots)
        and keeps(request.person, "activities.vote", found.unit),
    }


def _before(request: HttpRequest, found: Meeting) -> dict[str, Any]:
    """Before a meeting: who asked for leave, whether the reader still may, and what the branch's group is told."""
    if found.state != Meeting.State.PLANNED or found.recorded_on:
        return {}
    leaves = list(found.leaves.filter(withdrawn_on=None).select_related("person"))
    own = next((one for one in leaves if one.person_id == request.person.pk), None)
    called = expected(found.unit, found.kind, found.held_on).filter(pk=request.person.pk)
    return {
        "leaves": leaves,
        "own_leave": own,
        "may_leave": own is None and found.held_on >= clock.today() and called.exists(),
        "invitation": invitation(found) if keeps(request.person, "activities.plan", found.unit) else "",
    }


def _threads(request: HttpRequest, found: Meeting, ties: Ties) -> dict[str, list[Shown]]:
    """What led to this meeting, and the lines that are reported by it."""
    led_here = [(source, kind) for source, target, kind in ties if target == found.ref]
    evidence = {source for source, kind in led_here if kind == EVIDENCE}
    shown = show(request.person, [source for source, _ in led_here])
    resting = [target for source, target, kind in ties if source == found.ref and kind in RESTS_ON]
    return {
        "resting": show(request.person, resting),
        "threads": [one for one in shown if one.ref not in evidence],
        "answers": [one for one in shown if one.ref in evidence],
    }


def _resolutions(request: HttpRequest, found: Meeting, ties: Ties) -> list[tuple[Any, list[Shown], str]]:
    """Each resolution with the lines that came of it, or the address that makes it one."""
    held = list(found.resolutions.all())
    refs = {one.ref for one in held}
    shown = {
        each.ref: each for each in show(request.person, [to for source, to, _ in ties if source in refs])
    }
    may_list = found.state == Meeting.State.CONFIRMED and request.person.may("dispatch.plan_line", found)
    rows_ = []
    for one in held:
        came = [target for source, target, _ in ties if source == one.ref]
        address = _to_worklist(one) if may_list and not came else ""
        rows_.append((one, [shown[target] for target in came if target in shown], address))
    return rows_


def _to_worklist(one: Resolution) -> str:
    """Where it becomes a line; what it says of deadline and owner comes along."""
    unit, owner = one.meeting.unit_id, one.owner_id
    return link("dispatch.plan_line", source=one.ref, unit=unit, due_on=one.due_on, owner=owner)


@needs("activities.record")
def record(request: HttpRequest) -> HttpResponse:
    """记一次: write down a meeting that was held."""
    unit, tabs = unit_of(request)
    form: Any = make_form(RecordForm, request, unit=unit, given=request.GET)
    if made := _attempt(request, form, lambda data: actions.record(request.person, unit=unit, **data)):
        messages.success(request, told(made, reported=len(form.cleaned_data["evidence_for"])))
        return redirect(made)
    return form_page(request, form, "activities/record.html", unit=unit, tabs=tabs, regions=("roll",))


def told(made: Meeting, reported: int = 0) -> str:
    """What is said after a record was saved."""
    with_it = f"，并上报 {reported} 条事项" if reported else ""
    return f"已记录：{made}{with_it}{'，等书记确认' if made.state == Meeting.State.RECORDED else ''}"


@needs("activities.record_planned")
def record_planned(request: HttpRequest, pk: int) -> HttpResponse:
    """记一次 for a meeting that was planned, or whose record came back."""
    found: Meeting = fetch(request, Meeting, pk, "unit__parent", "chair")
    form: Any = make_form(RecordForm, request, found, unit=found.unit, given=request.GET)
    if made := _attempt(
        request, form, lambda data: actions.record_planned(found, request.person, **_planned(data))
    ):
        messages.success(request, told(made, reported=len(form.cleaned_data["evidence_for"])))
        return redirect(made)
    context = {"unit": found.unit, "meeting": found, "regions": ("roll",)}
    return form_page(request, form, "activities/record.html", **context)


def _planned(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name not in ("kind", "again")}


@needs("activities.plan")
def plan(request: HttpRequest) -> HttpResponse:
    """Plan a meeting; the agenda of the last one of its kind may be taken over."""
    like = _like(request)
    unit, tabs = unit_of(request, like)
    kind = request.GET.get("kind", "")
    form: Any = make_form(PlanForm, request, unit=unit, kind=kind, like=like)
    if made := _attempt(request, form, lambda data: actions.plan(request.person, unit=unit, **data)):
        messages.success(request, f"已安排：{made}，可打印议程和签到表")
        return redirect(made)
    last = rows(request, Meeting, actions.VIEW).filter(unit=unit, topics__isnull=False).distinct()[:4]
    context = {"unit": unit, "tabs": tabs, "like": like, "last": last}
    return form_page(request, form, "activities/plan.html", regions=(), **context)


def _like(request: HttpRequest) -> Meeting | None:
    key = request.GET.get("like", "")
    return fetch(request, Meeting, int(key), "unit", verb=actions.VIEW) if key.isdigit() else None


def unit_of(request: HttpRequest, like: Meeting | None = None) -> tuple[Unit, list[tuple[str, str, bool]]]:
    """The unit in question, and tabs to the others for which this person may do the page's verb. None: 404."""
    found = kept(rows(request, Unit), request.person, request.verb, unit="").filter(
        kind__in=holders(), until=None
    )
    units = list(found.select_related("parent").order_by("path"))
    asked = request.POST.get("unit") or request.GET.get("unit") or str(like.unit_id if like else "")
    own = [unit for unit in units if unit.pk == request.person.branch_id]
    wanted = [unit for unit in units if str(unit.pk) == asked] if asked else (own or units)
    if not wanted:
        raise Http404
    tabs = [(unit.name, f"{request.path}?unit={unit.pk}", unit == wanted[0]) for unit in units]
    return wanted[0], tabs if len(tabs) > 1 else []


def _attempt(request: HttpRequest, form: Any, act: Callable[[dict[str, Any]], Meeting]) -> Meeting | None:
    """Do the verb with what the form gives; a refusal goes into the form, a twin asks once."""

    def held(data: dict[str, Any]) -> Meeting:
        try:
            return act(data)
        except ValidationError as problem:
            if getattr(problem, "code", "") == "twin":
                twins = rows(request, Meeting, actions.VIEW).twins(form.unit, data["kind"], data["held_on"])
                form.twin = twins.first()
            raise

    return submitted(request, form, held)


@needs("activities.view_meeting")
def meeting_paper(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """议程, 签到表 or 会议记录 as a Word file."""
    found: Meeting = fetch(request, Meeting, pk, "unit", "chair")
    title = dict(papers_of(found)).get(name)
    if title is None:
        raise Http404
    context = context_of(found) | (ballot_of(found) if name == "ballot" else {})
    content = paper(title, context)
    return download(
        content, f"{found.unit}{found.held_on:%Y%m%d}{found.get_kind_display()}{title}.docx", WORD
    )
