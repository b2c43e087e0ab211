"""How an election moves: request, reply, candidates, reply, meeting, result, reply. Counting is in `ballots`.

The paper is the master: the system keeps days, document numbers and counts. Read top to bottom: this is the workflow.
"""

from collections.abc import Sequence
from datetime import date, time

from django.core.exceptions import ValidationError
from django.db.models import Q

from linghang.activities.actions.meetings import plan
from linghang.activities.models.elections import Candidate, Election
from linghang.activities.models.meetings import Meeting
from linghang.kernel import clock
from linghang.kernel.access import Actor
from linghang.kernel.flow import creation, step, verb
from linghang.kernel.notices import tell
from linghang.kernel.refs import tie
from linghang.org.actions import appoint, begin_term, check_act, end_post
from linghang.org.actions.posts import seen
from linghang.org.electorate import members_on
from linghang.org.models import Person, Post, Role, Unit
from linghang.rules import branch, elections, electorate, voting
from linghang.rules.clauses import Level, Verdict

State, Kind = Election.State, Election.Kind
VIEW = verb("activities.view_election", "查看选举")
REQUESTING = "activities.request_election"
NOMINATING = "activities.nominate"
REPORTING = "activities.report_election"
FORWARDING = "activities.forward_election"
AGENDA = ("听取上届支部委员会工作报告", "通过选举办法和监票人、计票人名单", "无记名投票选举", "宣布选举结果")
PLAIN = "committee_member"


def _has_come_up(election: Election) -> bool:
    return election.at_the_top


def _waits_below(election: Election) -> bool:
    return not election.at_the_top


@creation(Election, "activities.begin_election", to=State.DRAFTED)
def begin_election(
    by: Actor,
    *,
    unit: Unit,
    kind: str,
    planned_on: date,
    seats: int,
    direct: bool = False,
    role: Role | None = None,
    reason: str = "",
) -> Election:
    """发起选举：换届 for a whole committee, 补选 for one vacant post (支部工作条例 第二十一条)."""
    _check_unit(unit)
    election = Election(unit=unit, kind=kind, planned_on=planned_on, reason=reason.strip())
    election.role = role if kind == Kind.BY else None
    election.term_ends_on = term_ends(unit) if kind == Kind.TERM else None
    _set_size(election, seats, direct)
    _check_vacancy(election)
    return election


@step(Election, "activities.edit_election", at={State.DRAFTED})
def edit_election(
    election: Election, by: Actor, *, planned_on: date, seats: int, direct: bool = False, reason: str = ""
) -> None:
    """修改请示"""
    election.planned_on, election.reason = planned_on, reason.strip()
    _set_size(election, seats, direct)


@step(Election, REQUESTING, at={State.DRAFTED}, to=State.REQUESTED)
def request_election(election: Election, by: Actor) -> None:
    """上报请示"""
    election.requested_on, election.forwarded_on = clock.today(), None


@step(
    Election,
    FORWARDING,
    at=Election.WITH_SUPERIOR,
    when=_waits_below,
    checks=(REQUESTING, NOMINATING, REPORTING),
)
def forward_election(election: Election, by: Actor) -> None:
    """转报：the general branch has looked and passes the paper on."""
    election.forwarded_on = clock.today()


@step(Election, "activities.return_election", at=Election.WITH_SUPERIOR)
def return_election(election: Election, by: Actor, *, reason: str) -> str:
    """退回选举材料：to the branch, which puts the paper right and sends it again."""
    election.forwarded_on = None
    tell(election.unit.heads(), f"{election}的{election.get_state_display()}被退回：{reason}", about=election)
    back = {
        State.REQUESTED: State.DRAFTED,
        State.NOMINATED: State.APPROVED,
        State.REPORTED: State.FORMED,
    }
    return str(back[State(election.state)])


@step(
    Election,
    "activities.approve_election",
    at={State.REQUESTED},
    to=State.APPROVED,
    when=_has_come_up,
    checks=(REQUESTING, FORWARDING),
)
def approve_election(
    election: Election, by: Actor, *, number: str, replied_on: date, seats: int | None = None
) -> None:
    """批复请示：posts and seats as the superior approved them, with the number of the reply."""
    _check_reply(number, replied_on, election.requested_on)
    election.reply_number, election.replied_on = number.strip(), replied_on
    _set_size(election, seats or election.seats, election.direct)
    tell(
        election.unit.heads(),
        f"{election}请示已批复（{election.reply_number}），请酝酿候选人",
        about=election,
    )


@step(Election, NOMINATING, at={State.APPROVED, State.SHORT}, to=State.NOMINATED)
def nominate(election: Election, by: Actor, *, people: Sequence[Person]) -> None:
    """上报候选人：a fifth more than there are seats, each with the right to stand (R-XJ-03, R-XJ-04).

    For seats that a ballot left over there may be new candidates; those elected stay elected (R-XJ-10).
    """
    today = clock.today()
    _check_right(election.unit, people, today)
    if election.direct:
        if not people:
            raise ValidationError({"people": "请选择候选人"})
    else:
        _refuse(voting.nomination(len(people), seats_left(election), on=today), "people")
    if twice := [person.name for person in people if person in chosen(election)]:
        raise ValidationError({"people": f"{'、'.join(twice)}已经当选"})
    election.candidates.filter(elected_in=None).delete()
    Candidate.objects.bulk_create(
        Candidate(election=election, person=person, place=place) for place, person in enumerate(people, 1)
    )
    election.nominated_on, election.forwarded_on = today, None


@step(
    Election,
    "activities.approve_candidates",
    at={State.NOMINATED},
    to=State.READY,
    when=_has_come_up,
    checks=(NOMINATING, FORWARDING),
)
def approve_candidates(election: Election, by: Actor, *, number: str, replied_on: date) -> None:
    """批复候选人"""
    _check_reply(number, replied_on, election.nominated_on)
    election.candidates_number, election.candidates_on = number.strip(), replied_on
    tell(
        election.unit.heads(),
        f"{election}候选人已批复（{election.candidates_number}），可以开大会",
        about=election,
    )


def _may_call(election: Election) -> bool:
    held, last = election.assembly, election.last_ballot
    return (
        held is None
        or held.state == Meeting.State.CANCELLED
        or (last is not None and last.held_on == held.held_on)
    )


@step(Election, "activities.call_election", at={State.READY, State.AGAIN, State.SHORT}, when=_may_call)
def call_election(
    election: Election,
    by: Actor,
    *,
    meeting: Meeting | None = None,
    held_on: date | None = None,
    starts_at: time | None = None,
    place: str = "",
) -> None:
    """安排选举大会：plan a members' meeting with the agenda of an election, or name one that stands in the plan."""
    if meeting is None:
        if held_on is None:
            raise ValidationError({"held_on": "请填开会日期，或选已安排的大会"})
        title = f"{election.get_kind_display()}大会"
        given = {"unit": election.unit, "kind": Meeting.Kind.ASSEMBLY, "held_on": held_on, "title": title}
        agenda = AGENDA if election.kind == Kind.TERM else AGENDA[1:]
        meeting = plan(by, **given, starts_at=starts_at, place=place, topics=agenda)  # type: ignore[arg-type]
    if meeting.unit_id != election.unit_id or meeting.kind != Meeting.Kind.ASSEMBLY:
        raise ValidationError({"meeting": "选举须在本支部的党员大会上进行"})
    if election.candidates_on is None or meeting.held_on < election.candidates_on:
        raise ValidationError({"held_on": f"候选人 {election.candidates_on} 批复，大会不能早于这一天"})
    election.assembly = meeting
    tie(election, meeting, "election")


@step(Election, REPORTING, at={State.FORMED}, to=State.REPORTED)
def report_election(election: Election, by: Actor) -> None:
    """上报选举结果"""
    election.reported_on, election.forwarded_on = clock.today(), None


@step(
    Election,
    "activities.ratify",
    at={State.REPORTED},
    to=State.ENACTED,
    when=_has_come_up,
    checks=(REPORTING, FORWARDING),
)
def ratify(
    election: Election, by: Actor, *, number: str, replied_on: date, begins_on: date | None = None
) -> None:
    """批复选举结果：only now the posts change, all at once; the old committee ends on the day the new one begins.

    Secretary and deputy are approved, the committee is filed (R-XJ-11).
    """
    assembly = election.assembly
    if assembly is None:
        raise ValidationError("还没有选举大会，不能批复结果")
    _check_reply(number, replied_on, election.reported_on)
    _refuse(elections.reported({"书记": number}, on=replied_on), "number")
    begins = begins_on or replied_on
    if begins < assembly.held_on:
        raise ValidationError({"begins_on": f"任职起始不能早于选举日 {assembly.held_on}"})
    election.result_number, election.result_on, election.begins_on = number.strip(), replied_on, begins
    if election.kind == Kind.TERM:
        _end_committee(election, by, begins)
        begin_term(by, unit=election.unit, elected_on=assembly.held_on, document=election.result_number)
    for each in election.assignments.select_related("person", "role"):
        appoint(
            by, person=each.person, unit=election.unit, role=each.role, since=begins, document=number.strip()
        )
    chosen = Person.objects.filter(pk__in=election.assignments.values("person"))
    tell(chosen, f"{election}结果已批复（{election.result_number}），自 {begins} 任职", about=election)


@step(
    Election,
    "activities.cancel_election",
    at=set(State) - {State.ENACTED, State.CANCELLED},
    to=State.CANCELLED,
)
def cancel_election(election: Election, by: Actor, *, reason: str) -> None:
    """中止选举"""
    tell(election.unit.heads(), f"{election}已中止：{reason}", about=election)


# What the verbs are made of ------------------------------------------------------------------------------------------


def chosen(election: Election) -> list[Person]:
    """Who has been elected by the members, in the order of the ballot."""
    through = election.candidates.filter(elected_in__isnull=False).select_related("person")
    return [one.person for one in through]


def seats_left(election: Election) -> int:
    """Seats that no checked ballot has filled yet."""
    return election.seats - election.candidates.filter(elected_in__isnull=False).count()


def voters(unit: Unit, day: date) -> electorate.Base:
    """Who has the right to vote and to stand on a day, and who has not, with the rule that says so."""
    return electorate.base(members_on(unit, day), day)


def full_members(unit: Unit, day: date) -> int:
    """Full members of a branch on a day: what decides whether it has a committee (R-ZB-20)."""
    found = members_on(unit, day)
    return sum(1 for one in found if one.confirmed_on is not None and one.confirmed_on <= day)


def term_ends(unit: Unit) -> date | None:
    """When the term of the present committee ends, where its election is known (R-ZB-24)."""
    term = unit.terms.filter(until=None).select_related("unit").first()
    return seen(term, clock.today()).ends_on if term else None


def _check_unit(unit: Unit) -> None:
    if unit.kind != Unit.Kind.BRANCH or unit.until:
        raise ValidationError({"unit": "请选择在用的党支部"})
    check_act(unit, "换届选举")


def _set_size(election: Election, seats: int, direct: bool) -> None:
    """Seats within what the regulation allows for a branch of this size (R-ZB-20 … 22)."""
    today = clock.today()
    full = full_members(election.unit, today)
    if direct and branch.needs_committee(full, on=today):
        raise ValidationError({"direct": _words(branch.has_committee(full, False, on=today))})
    if (direct or election.kind == Kind.BY) and seats != 1:
        whom = "不设支委会的，大会直接选举书记 1 名" if direct else "补选一次办一个空缺职务"
        raise ValidationError({"seats": f"{whom}，应选名额为 1"})
    if not direct and election.kind == Kind.TERM:
        size = branch.committee_size(seats, on=today)
        if not size.met and (size.level == Level.BLOCK or not election.reason):
            raise ValidationError({"seats": _words(size)})
    election.seats, election.direct = seats, direct


def _check_vacancy(election: Election) -> None:
    if election.kind != Kind.BY:
        return
    role = election.role
    if role is None or not role.on_committee:
        raise ValidationError({"role": "请选择空缺的支委职务"})
    held = Post.objects.on(clock.today()).filter(unit=election.unit, role=role, acting_for=None)
    if role.code != PLAIN and (holder := held.select_related("person").first()):
        raise ValidationError({"role": f"{role.name}现由{holder.person}担任，没有空缺"})


def _check_right(unit: Unit, people: Sequence[Person], day: date) -> None:
    base = voters(unit, day)
    allowed = {one.key for one in base.counted}
    without = {one.member.key: one for one in base.left_out}
    for person in people:
        if str(person.pk) in allowed:
            continue
        left = without.get(str(person.pk))
        why = f"{left.reason}，没有被选举权（{left.rule.cite}）" if left else f"不是{unit}的正式党员"
        raise ValidationError({"people": f"{person}：{why}"})


def _check_reply(number: str, on: date, asked_on: date | None) -> None:
    if not number.strip():
        raise ValidationError({"number": "请填批复文号"})
    if on > clock.today():
        raise ValidationError({"replied_on": "还没到这一天"})
    if asked_on and on < asked_on:
        raise ValidationError({"replied_on": f"不能早于上报日期 {asked_on}"})


def _end_committee(election: Election, by: Actor, day: date) -> None:
    """End every post of the old committee; stand-ins end with the post they stand in for."""
    held = Post.objects.filter(unit=election.unit, role__on_committee=True, acting_for=None)
    for post in held.filter(Q(until=None) | Q(until__gt=day)).select_related("role", "unit"):
        end_post(post, by, until=day, note=f"{election}，{election.result_number}")


def _words(verdict: Verdict) -> str:
    return f"{verdict.sentence}（{verdict.cite}，{verdict.rule.code}）"


def _refuse(verdict: Verdict, field: str) -> None:
    if not verdict.met:
        raise ValidationError({field: _words(verdict)})
