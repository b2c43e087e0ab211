"""How ballots are counted: entered by one, checked by another, judged by `rules.voting`; second ballots, the first meeting.

Only numbers come in here. An election that was not in order is kept with its verdict and held again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError

from linghang.activities.actions.elections import PLAIN, State, chosen, seats_left, voters
from linghang.activities.models.elections import Assignment, Ballot, Candidate, Election, Tally
from linghang.activities.models.meetings import Meeting
from linghang.kernel import clock
from linghang.kernel.access import SYSTEM, Actor
from linghang.kernel.flow import OwnWork, step
from linghang.org.models import Person, Post, Role
from linghang.rules import branch, elections, voting
from linghang.rules.electorate import Base
from linghang.rules.register import check_override, rule
from linghang.rules.voting import Poll

Contest, Outcome = Ballot.Contest, Tally.Outcome
COUNTING = "activities.count"


@dataclass(frozen=True)
class Slips:
    """What the tellers counted on paper."""

    issued: int
    returned: int
    void: int = 0
    proxies: int = 0


@step(Election, COUNTING, at={State.READY, State.AGAIN, State.SHORT, State.COUNTED})
def count(
    election: Election,
    by: Actor,
    *,
    slips: Slips,
    votes: Mapping[int, int],
    scrutineer: Person | None = None,
    expected: int | None = None,
    because: str = "",
) -> str:
    """录入计票：ballots issued and returned, votes of each candidate; who came is in the record of the meeting.

    Base from the roster of that day, four fifths present, elected by more than half of those present (R-XJ-03 … 10).
    Raises ValidationError where the meeting could not elect at all; then nothing was counted.
    """
    assembly = _held(election)
    election.ballots.filter(contest=Contest.MEMBERS, checked_on=None).delete()
    standing = {one.person_id: one.person for one in on_the_ballot(election)}
    if set(votes) != set(standing):
        raise ValidationError("请填每一位候选人的得票，不多不少")
    if scrutineer is not None and election.candidates.filter(person=scrutineer).exists():
        raise ValidationError({"scrutineer": "候选人不得担任监票人"})
    base, names = _base(election, assembly.held_on, expected, because), named(list(standing.values()))
    counted = {names[key]: got for key, got in votes.items()}
    poll = _poll(base, present_of(assembly, base), slips, seats_left(election), counted)
    verdict = _judge(election, poll, assembly.held_on)
    if not verdict.held or slips.proxies:
        raise ValidationError(f"{verdict.sentence}（{verdict.rule.cite}，{verdict.rule.code}）")
    ballot = _ballot(election, poll, assembly.held_on)
    ballot.base_note, ballot.void = base.sentence, slips.void
    ballot.scrutineer, ballot.entered_by = scrutineer, by.ref
    _keep(ballot, verdict, {standing[key]: got for key, got in votes.items()}, names)
    return str(State.COUNTED)


def _another(election: Election, by: Actor) -> None:
    last = election.last_ballot
    if by is not SYSTEM and last is not None and last.entered_by == by.ref:
        raise OwnWork("本人录入的计票须由另一人复核", code="own_work")


@step(Election, "activities.confirm_count", at={State.COUNTED}, only=_another)
def confirm_count(election: Election, by: Actor) -> str:
    """复核计票：a second person holds the numbers against the paper; only then the verdict counts."""
    ballot = election.last_ballot
    if ballot is None:
        raise ValidationError("还没有计票")
    ballot.checked_on = clock.today()
    ballot.save(update_fields=["checked_on"])
    through = ballot.tallies.filter(outcome=Outcome.ELECTED).values("person")
    election.candidates.filter(person__in=through).update(elected_in=ballot.number)
    if seats_left(election) == 0:
        return _filled(election)
    valid = _last_valid(election)
    if valid is None:
        return str(State.READY)
    return str(State.AGAIN if valid.tallies.filter(outcome=Outcome.TIED).exists() else State.SHORT)


@step(Election, "activities.reduce_seats", at={State.SHORT}, when=lambda election: not election.direct)
def reduce_seats(election: Election, by: Actor, *, reason: str) -> str:
    """减额：close to the number of seats, and with the consent of the meeting, fewer are filled (R-XJ-10)."""
    through, day = len(chosen(election)), clock.today()
    least = check_override(rule("R-ZB-21", day), None).number("min_size")
    if through < least:
        size = branch.committee_size(through, on=day)
        raise ValidationError(f"{size.sentence}，不能减额，应另行选举（{size.cite}）")
    election.seats = through
    return _filled(election)


@step(Election, "activities.divide", at={State.ELECTED}, to=State.FORMED)
def divide(
    election: Election,
    by: Actor,
    *,
    held_on: date,
    present: int,
    officer: Person,
    votes: int,
    deputy: Person | None = None,
    deputy_votes: int = 0,
    duties: Mapping[str, Person] | None = None,
) -> None:
    """委员会分工：the first meeting of the committee elects secretary and deputy, the others share the duties.

    Held and counted as an election (R-XJ-06, R-XJ-09). In a by-election `officer` takes the vacant post.
    """
    if election.assembly is None or not election.assembly.held_on <= held_on <= clock.today():
        raise ValidationError({"held_on": "第一次会议在选举大会之后、今天以前"})
    members = committee(election)
    if not {officer, *([deputy] if deputy else []), *(duties or {}).values()} <= set(members):
        raise ValidationError("书记、副书记和分工都在新一届委员中产生")
    if officer == deputy:
        raise ValidationError({"deputy": "书记和副书记须是两个人"})
    deputises = election.role is not None and election.role.code == "deputy_secretary"
    leading = Contest.DEPUTY if deputises else Contest.SECRETARY
    _board_vote(election, by, held_on, leading, officer, votes, present, members)
    if deputy is not None:
        _board_vote(election, by, held_on, Contest.DEPUTY, deputy, deputy_votes, present, members)
    election.formed_on = held_on
    _assign(election, officer, deputy, duties or {})


# What the verbs are made of ------------------------------------------------------------------------------------------


def on_the_ballot(election: Election) -> list[Candidate]:
    """Who is voted on next: all candidates at first, then only those tied at the last seat, or those left over."""
    standing = election.candidates.filter(elected_in=None).select_related("person")
    last = _last_valid(election)
    tied = last.tallies.filter(outcome=Outcome.TIED).values("person") if last else None
    again = list(standing.filter(person__in=tied)) if tied is not None else []
    return again or list(standing)


def committee(election: Election) -> list[Person]:
    """The committee whose first meeting it is; after a by-election those in office belong to it as well."""
    found = chosen(election)
    if election.kind == Election.Kind.BY:
        held = Post.objects.on(clock.today()).filter(unit=election.unit, role__on_committee=True)
        found += [person for person in held.holders() if person not in found]
    return found


def named(people: Sequence[Person]) -> dict[int, str]:
    """Names by which these people can be told apart: two of the same name carry their staff number."""
    names = [person.name for person in people]
    return {
        one.pk: one.name if names.count(one.name) == 1 else f"{one.name}（{one.staff_number or one.pk}）"
        for one in people
    }


def present_of(assembly: Meeting, base: Base) -> int:
    """How many of those with a vote came, by the record of the meeting."""
    came = assembly.attendances.filter(present=True).values_list("person_id", flat=True)
    return len({one.key for one in base.counted} & {str(pk) for pk in came})


def _held(election: Election) -> Meeting:
    assembly = election.assembly
    if assembly is None:
        raise ValidationError("请先安排选举大会")
    if assembly.state not in (Meeting.State.RECORDED, Meeting.State.CONFIRMED):
        raise ValidationError(f"请先记录选举大会的到会情况：{assembly}")
    if election.candidates_on is not None and assembly.held_on < election.candidates_on:
        raise ValidationError(f"候选人 {election.candidates_on} 才批复，请另开大会选举")
    return assembly


def _base(election: Election, day: date, expected: int | None, because: str) -> Base:
    found = voters(election.unit, day)
    if expected is None or expected == found.size:
        return found
    try:
        return found.amended(expected, because)
    except ValueError as problem:
        raise ValidationError({"because": str(problem)}) from problem


def _poll(base: Base, present: int, slips: Slips, seats: int, votes: Mapping[str, int]) -> Poll:
    if slips.void > slips.returned or any(got > slips.returned - slips.void for got in votes.values()):
        raise ValidationError({"returned": "得票多于有效票（收回选票减去废票）"})
    if sum(votes.values()) > (slips.returned - slips.void) * seats:
        raise ValidationError({"returned": f"得票总数多于有效票每张选 {seats} 人的总数"})
    try:
        return Poll(
            base=base,
            present=present,
            issued=slips.issued,
            returned=slips.returned,
            proxies=slips.proxies,
            seats=seats,
            votes=votes,
        )
    except ValueError as problem:
        raise ValidationError(str(problem)) from problem


def _judge(election: Election, poll: Poll, day: date) -> voting.Election:
    """By the rules of the day; after a ballot that counted, as a second one about the tied or about the seats left."""
    first = _last_valid(election)
    if first is None:
        return voting.election(poll, on=day)
    try:
        return elections.second_ballot(_verdict_of(first), poll, on=day)
    except ValueError as problem:
        raise ValidationError(str(problem)) from problem


def _last_valid(election: Election) -> Ballot | None:
    held = election.ballots.filter(contest=Contest.MEMBERS, valid=True, checked_on__isnull=False)
    return held.order_by("-number").first()


def _verdict_of(ballot: Ballot) -> voting.Election:
    tallies = list(ballot.tallies.select_related("person"))
    names = named([one.person for one in tallies])
    poll = Poll(
        base=ballot.base,
        present=ballot.present,
        issued=ballot.issued,
        returned=ballot.returned,
        seats=ballot.seats,
        votes={names[one.person_id]: one.votes for one in tallies},
    )
    return voting.election(poll, on=ballot.held_on)


def _ballot(election: Election, poll: Poll, day: date) -> Ballot:
    """The next ballot of the members, with the numbers that were judged."""
    number = election.ballots.filter(contest=Contest.MEMBERS).count() + 1
    ballot = Ballot(election=election, number=number, held_on=day, seats=poll.seats)
    ballot.base, ballot.present = poll.expected, poll.present
    ballot.issued, ballot.returned = poll.issued, poll.returned
    return ballot


def _keep(
    ballot: Ballot, verdict: voting.Election, votes: Mapping[Person, int], names: Mapping[int, str]
) -> None:
    ballot.valid, ballot.verdict = verdict.valid, verdict.sentence
    ballot.rule, ballot.cite = verdict.rule.code, verdict.rule.cite
    ballot.full_clean(exclude=["election"])
    ballot.save()
    outcomes = dict.fromkeys(verdict.elected, Outcome.ELECTED) | dict.fromkeys(verdict.tied, Outcome.TIED)
    Tally.objects.bulk_create(
        Tally(ballot=ballot, person=one, votes=got, outcome=outcomes.get(names[one.pk], Outcome.NOT))
        for one, got in votes.items()
    )


def _filled(election: Election) -> str:
    """Every seat is taken: the committee meets, or the post is known already."""
    if election.has_board:
        return str(State.ELECTED)
    role = election.role or Role.objects.get(code="secretary")
    election.assignments.all().delete()
    Assignment.objects.bulk_create(
        Assignment(election=election, person=one, role=role) for one in chosen(election)
    )
    return str(State.FORMED)


def _board_vote(
    election: Election,
    by: Actor,
    day: date,
    contest: str,
    person: Person,
    votes: int,
    present: int,
    members: Sequence[Person],
) -> None:
    """One officer elected by the committee; refused with the article when the numbers do not carry it."""
    try:
        poll = Poll(
            base=len(members),
            present=present,
            issued=present,
            returned=present,
            seats=1,
            votes={person.name: votes},
        )
    except ValueError as problem:
        raise ValidationError(str(problem)) from problem
    verdict = voting.election(poll, on=day)
    if not verdict.valid or verdict.vacant:
        raise ValidationError(f"{verdict.sentence}（{verdict.rule.cite}，{verdict.rule.code}）")
    ballot = Ballot(
        election=election, contest=contest, held_on=day, seats=1, base=len(members), present=present
    )
    ballot.issued = ballot.returned = present
    ballot.entered_by, ballot.checked_on = by.ref, clock.today()
    _keep(ballot, verdict, {person: votes}, {person.pk: person.name})


def _assign(election: Election, officer: Person, deputy: Person | None, duties: Mapping[str, Person]) -> None:
    roles = Role.objects.in_bulk()
    if election.role is not None:
        if officer not in chosen(election):
            raise ValidationError({"officer": f"{officer}不是本次补选选出的"})
        pairs = [(officer, election.role)]
    else:
        pairs = [(officer, roles["secretary"])]
        pairs += [(deputy, roles["deputy_secretary"])] if deputy else []
        pairs += [(person, roles[code]) for code, person in duties.items()]
        busy = {person for person, _ in pairs}
        pairs += [(person, roles[PLAIN]) for person in chosen(election) if person not in busy]
    election.assignments.all().delete()
    Assignment.objects.bulk_create(
        Assignment(election=election, person=person, role=role) for person, role in pairs
    )
