"""Pages of elections: the list, how one is begun, one election from request to approval, and its papers."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from linghang.activities.actions import elections as actions
from linghang.activities.election_forms import FORMS, BeginForm
from linghang.activities.election_papers import PAPERS, context_of, offered, timing
from linghang.activities.models.elections import Ballot, Election
from linghang.activities.views import sections
from linghang.kernel.flow import traces
from linghang.org.models import Person, Unit
from linghang.rules import branch
from linghang.ui.lists import Column, Filter, download, listing
from linghang.ui.papers import WORD, paper
from linghang.ui.shortcuts import (
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
from linghang.ui.stages import Stage, stages

State = Election.State
ONWARD = set(FORMS) - {"edit_election", "return_election", "cancel_election", "reduce_seats"}
LIFE: tuple[tuple[str, str, frozenset[str]], ...] = (
    ("请示", "requested_on", frozenset({State.DRAFTED})),
    ("批复", "replied_on", frozenset({State.REQUESTED})),
    ("候选人", "nominated_on", frozenset({State.APPROVED})),
    ("候选人批复", "candidates_on", frozenset({State.NOMINATED})),
    ("大会选举", "", frozenset({State.READY, State.COUNTED, State.AGAIN, State.SHORT})),
    ("委员会分工", "formed_on", frozenset({State.ELECTED})),
    ("结果报告", "reported_on", frozenset({State.FORMED})),
    ("批复生效", "result_on", frozenset({State.REPORTED})),
)


@needs("activities.view_election")
def elections(request: HttpRequest) -> HttpResponse:
    """Every election within reach, the latest first."""
    columns = [
        Column("title", "选举", read=str),
        Column("planned_on", "拟定选举日", kind="date"),
        Column("reply_number", "请示批复", read=lambda one: one.reply_number),
        Column("result_number", "结果批复", read=lambda one: one.result_number),
        Column(
            "state", "状态", kind="state", read=lambda one: one.get_state_display(), tone=lambda one: one.tone
        ),
    ]
    found = listing(
        request,
        rows(request, Election).select_related("unit", "role"),
        columns,
        title="换届和补选",
        search=("unit__name", "reply_number", "result_number"),
        filters=[Filter("kind", "类别", Election.Kind.choices), Filter("state", "状态", State.choices)],
        sort={"planned_on": "planned_on"},
        row_url=lambda one: one.get_absolute_url(),
        empty="还没有办过换届或补选。任期届满前六个月，工作台会提醒。",
    )
    own = _own(request.person) if request.person.may("activities.begin_election") else []
    return list_page(
        request, "activities/elections.html", found, own=own, sections=sections(request, "elections")
    )


def _own(person: Person) -> list[Unit]:
    """The branches for which this person may begin an election, and where none is running."""
    held = Unit.objects.within(person, "activities.begin_election").branches().filter(until=None)
    held = held.exclude(shape__in=Unit.TEMPORARY)
    running = Election.objects.within(person, actions.VIEW).running().values("unit")
    return list(held.exclude(pk__in=running))


@needs("activities.begin_election")
def begin_election(request: HttpRequest) -> HttpResponse:
    """发起选举 for the branch that is named, or one's own."""
    key = request.GET.get("unit", "")
    found = rows(request, Unit).branches().filter(until=None)
    unit = found.filter(pk=key).first() if key.isdigit() else found.first()
    if unit is None:
        raise Http404
    form: Any = make_form(BeginForm, request, unit=unit)
    act = lambda data: actions.begin_election(request.person, unit=unit, **data)  # noqa: E731
    if made := submitted(request, form, act):
        messages.success(request, f"已发起：{made}，请打印请示")
        return redirect(made)
    cancel = reverse("activities:elections")
    return form_page(request, form, title="发起选举", sub=_terms_words(unit), cancel=cancel)


def _terms_words(unit: Unit) -> str:
    ends = actions.term_ends(unit)
    return f"{unit}{f' · 本届任期到 {ends}' if ends else ''}"


@needs("activities.view_election")
def election(request: HttpRequest, pk: int) -> HttpResponse:
    """One election: where it stands, documents, candidates, ballots with the verdict in words, papers to print."""
    found: Election = fetch(request, Election, pk, "unit__parent__parent", "assembly", "role")
    ballots = list(found.ballots.prefetch_related("tallies__person").select_related("scrutineer"))
    assigned = list(found.assignments.select_related("person", "role"))
    context = {
        "election": found,
        "steps": _steps(found),
        "waits": _waits(found),
        "timing": timing(found),
        "shares": _shares(found, assigned),
        "candidates": list(found.candidates.select_related("person")),
        "ballots": ballots,
        "pending": any(one.checked_on is None for one in ballots),
        "of_members": Ballot.Contest.MEMBERS,
        "assigned": assigned,
        "papers": [
            (PAPERS[name].removeprefix("选举"), reverse("activities:election_paper", args=[pk, name]))
            for name in offered(found)
        ],
        "buttons": buttons(request, found, "activities:election", FORMS, onward=_onward(found)),
        "trail": traces(found),
    }
    return page(request, "activities/election.html", context)


def _onward(found: Election) -> set[str]:
    """Once there is a meeting, the count comes before another meeting."""
    return ONWARD - {"call_election", "nominate"} if found.assembly else ONWARD


def _steps(found: Election) -> list[Stage]:
    """The line of the election's life; what must be voted on again is a stop."""
    days = [(label, f"{day:%m-%d}" if (day := _day(found, field)) else "") for label, field, _ in LIFE]
    if found.state == State.CANCELLED:
        return stages(days, -1)
    now = next((i for i, (_, _, at) in enumerate(LIFE) if found.state in at), len(LIFE))
    line = stages(days, now)
    if found.state in (State.AGAIN, State.SHORT):
        line[now] = replace(line[now], state="stop")
    return line


def _day(found: Election, field: str) -> Any:
    if field:
        return getattr(found, field)
    return found.assembly.held_on if found.assembly else None


def _waits(found: Election) -> str:
    """Who has the turn, in a sentence; the button says the rest."""
    if found.state in Election.WITH_SUPERIOR:
        if not found.at_the_top:
            return f"等{found.unit.parent}转报"
        return "等上级批复；收到文件后由党办登记文号"
    if found.state == State.READY and found.assembly is not None:
        return f"大会定于 {found.assembly.held_on}；开过先记录到会，再录入计票"
    return {
        State.AGAIN: "票数相等：只就票数相等的候选人再次投票",
        State.SHORT: "当选人数不足：就余下的候选人另行选举，另报候选人，或经大会同意减额（选举工作条例，R-XJ-10）",
        State.COUNTED: "计票由另一人对照监票计票单复核，复核后判定才生效",
    }.get(State(found.state), "")


def _shares(found: Election, assigned: list[Any]) -> str:
    """What the duties of a new committee lack (R-ZB-23)."""
    if found.kind != Election.Kind.TERM or found.direct or not assigned:
        return ""
    names = {"organiser": "组织", "publicist": "宣传", "disciplinarian": "纪检"}
    duties = [names[one.role_id] for one in assigned if one.role_id in names]
    day = found.formed_on or found.planned_on
    verdict = branch.committee_duties(duties, on=day)
    return "" if verdict.met else f"{verdict.sentence}（{verdict.cite}）"


@needs("activities.view_election")
def election_paper(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """One of the election's papers as a Word file."""
    if name not in PAPERS:
        raise Http404
    found: Election = fetch(request, Election, pk, "unit__parent__parent", "assembly", "role")
    title = PAPERS[name]
    return download(paper(title, context_of(found)), f"{found.unit}{title}.docx", WORD)
