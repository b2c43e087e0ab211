"""Elections of the demo year: a term that ends is renewed in its last seven weeks, step by step, each by its role."""

import random
from datetime import date, timedelta

from linghang.activities import actions
from linghang.activities.actions.ballots import committee, on_the_ballot, present_of
from linghang.activities.actions.elections import voters
from linghang.activities.models import Attendance, Election, Meeting
from linghang.org.actions.posts import postpone, seen
from linghang.org.demo import branches, holder, home
from linghang.org.models import Person, Post, Term, Unit
from linghang.rules.workdays import next_workday

State = Election.State
BEFORE = timedelta(days=50)
PUT_OFF = timedelta(days=150)
SHARED = ("organiser", "publicist", "disciplinarian")


def play(day: date, _rng: random.Random) -> None:
    """Begin what falls due within seven weeks, and take what is under way a step further every other day."""
    waiting = Election.objects.exclude(state__in=(State.ENACTED, State.CANCELLED))
    underway = {each.unit_id: each for each in waiting.select_related("unit__parent__parent", "assembly")}
    for term in Term.objects.filter(until=None, postponed_to=None, unit__in=branches()).select_related(
        "unit"
    ):
        ends_on = seen(term, day).ends_on
        if ends_on - BEFORE <= day and term.unit_id not in underway and term.unit != home():
            _begin(term, ends_on, day)
    for election in underway.values():
        meets = election.assembly is not None and election.assembly.held_on == day
        if meets or (day.toordinal() + election.pk) % 2 == 0:
            _advance(election, day)


def _begin(term: Term, ends_on: date, day: date) -> None:
    """Most branches ask in time; one in nine waits for a new head, and the office puts the election off."""
    unit = term.unit
    by, office = holder("secretary", unit), holder("office_director")
    if unit.pk % 9 == 4 and office:
        postpone(term, office, to=ends_on + PUT_OFF, approval=_number(unit, day), note="书记人选待定")
    elif by:
        seats = len(_sitting(unit))
        actions.begin_election(by, unit=unit, kind=Election.Kind.TERM, planned_on=ends_on, seats=seats)


def _advance(election: Election, day: date) -> None:
    """The next step of this election, by those whose turn it is."""
    unit = election.unit
    by, second = holder("secretary", unit), holder("organiser", unit)
    if by is None or second is None:
        return
    if election.state in Election.WITH_SUPERIOR:
        _answer(election, day)
    elif election.state == State.DRAFTED:
        actions.request_election(election, by)
    elif election.state == State.APPROVED:
        actions.nominate(election, by, people=_slate(unit, day))
    elif election.state == State.READY:
        _meet(election, by, day)
    elif election.state == State.COUNTED:
        actions.confirm_count(election, second)
    elif election.state == State.ELECTED:
        _form(election, by, day)
    elif election.state == State.FORMED:
        actions.report_election(election, by)


def _answer(election: Election, day: date) -> None:
    """The 总支 passes the paper on; the office answers it with a number."""
    general, office = holder("general_secretary", election.unit.parent), holder("office_director")
    if not election.at_the_top and general:
        actions.forward_election(election, general)
    elif election.at_the_top and office:
        number = _number(election.unit, day)
        if election.state == State.REQUESTED:
            actions.approve_election(election, office, number=number, replied_on=day)
        elif election.state == State.NOMINATED:
            actions.approve_candidates(election, office, number=number, replied_on=day)
        else:
            actions.ratify(election, office, number=number, replied_on=day)


def _number(unit: Unit, day: date) -> str:
    return f"院党字〔{day.year}〕{2 * day.timetuple().tm_yday + unit.pk % 2} 号"


def _sitting(unit: Unit) -> list[Person]:
    held = Post.objects.filter(unit=unit, role__on_committee=True, until=None, acting_for=None)
    return [post.person for post in held.select_related("person").order_by("person__staff_number")]


def _slate(unit: Unit, day: date) -> list[Person]:
    """Those who sit stand again, and one more member with the right to stand."""
    sitting = _sitting(unit)
    allowed = {int(one.key) for one in voters(unit, day).counted}
    others = Person.objects.filter(pk__in=allowed).exclude(pk__in=[one.pk for one in sitting])
    return [*sitting, *others.order_by("-joined_on")[:1]]


def _meet(election: Election, by: Person, day: date) -> None:
    """The members' meeting is called for the day on which the term ends, held, written down and counted."""
    meeting = election.assembly
    if meeting is None:
        on = next_workday(max(election.planned_on, day))
        actions.call_election(election, by, held_on=on, place="科室示教室")
    elif meeting.held_on <= day:
        if meeting.state == meeting.State.PLANNED:
            away = {on_the_ballot(election)[-1].person_id: str(Attendance.Reason.DUTY)}
            actions.record_planned(meeting, by, absent=away, book_page=f"第 {day.month + 2} 页")
        _count(election, meeting, by)


def _count(election: Election, meeting: Meeting, by: Person) -> None:
    """Every seat goes to those who sat before; the one who stood beside them gets a vote."""
    standing = [one.person_id for one in on_the_ballot(election)]
    came = present_of(meeting, voters(election.unit, meeting.held_on))
    votes = {pk: came - (1 if place == 0 else 0) for place, pk in enumerate(standing)}
    votes[standing[-1]] = 1
    actions.count(election, by, slips=actions.Slips(issued=came, returned=came), votes=votes)


def _form(election: Election, by: Person, day: date) -> None:
    """The new committee elects the same officers and shares the duties as before: who holds what is kept."""
    members = committee(election)
    duties = {role: person for role in SHARED if (person := holder(role, election.unit)) in members}
    deputy, votes = holder("deputy_secretary", election.unit), len(members)
    actions.divide(
        election,
        by,
        held_on=day,
        present=votes,
        officer=by,
        votes=votes,
        deputy=deputy if deputy in members else None,
        deputy_votes=votes,
        duties=duties,
    )
