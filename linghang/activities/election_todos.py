"""Whose turn it is in an election: the branch, the general branch above it, or the office; and terms that end."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.http import urlencode

from linghang.activities.models.elections import Ballot, Election
from linghang.kernel import clock
from linghang.kernel.todos import Todo, Waits, todos
from linghang.org.actions.posts import seen
from linghang.org.models import Term, Unit
from linghang.rules.periods import add_months, add_years
from linghang.rules.register import check_override, rule
from linghang.rules.terms import Body, Stage, term_years

State = Election.State
# Whose turn it is by state: the verb, what is asked, and the words of the button.
OWN: tuple[tuple[str, str, str, str], ...] = (
    (State.DRAFTED, "activities.request_election", "打印请示、签批后上报", "去上报"),
    (State.APPROVED, "activities.nominate", "请示已批复，酝酿候选人后上报", "报候选人"),
    (State.READY, "activities.count", "候选人已批复：开大会，开过录入计票", "去办理"),
    (State.AGAIN, "activities.count", "票数相等，须再次投票", "去办理"),
    (State.SHORT, "activities.count", "当选人数不足，须另行选举", "去办理"),
    (State.ELECTED, "activities.divide", "召开委员会第一次会议，选出书记、分工", "去登记"),
    (State.FORMED, "activities.report_election", "打印结果报告、签批后上报", "去上报"),
)
ABOVE: tuple[tuple[str, str], ...] = (
    (State.REQUESTED, "activities.approve_election"),
    (State.NOMINATED, "activities.approve_candidates"),
    (State.REPORTED, "activities.ratify"),
)


@todos("activities.elections")
def waiting(person: Any) -> Iterator[Waits]:
    """Elections whose next step is this person's, and terms whose election should be prepared (R-ZB-25)."""
    running = Election.objects.running()
    for state, verb, why, button in OWN:
        if person.may(verb):
            yield _waits(running.filter(state=state).within(person, verb), why, button)
    if person.may("activities.confirm_count"):
        mine = Ballot.objects.filter(election=OuterRef("pk"), checked_on=None, entered_by=person.ref)
        counted = running.filter(state=State.COUNTED).within(person, "activities.confirm_count")
        yield _waits(counted.filter(~Exists(mine)), "对照监票计票单复核计票", "去复核")
    if person.may("activities.forward_election"):
        below = running.filter(state__in=Election.WITH_SUPERIOR, forwarded_on=None).via_general()
        yield _waits(below.within(person, "activities.forward_election"), "看过后转报上级", "去转报")
    for state, verb in ABOVE:
        if person.may(verb):
            up = running.filter(state=state)
            come = up.via_general(False) | up.via_general().filter(forwarded_on__isnull=False)
            yield _waits(come.within(person, verb), "收到批复后登记文号", "登记批复")
    if person.may("activities.begin_election"):
        yield _terms(person)


def _waits(found: Any, why: str, button: str) -> Waits:
    return Waits(found, "planned_on", partial(_tell, why, button), related=("unit", "role"))


def _tell(why: str, button: str, found: Sequence[Election], count: int) -> Iterator[Todo]:
    for one in found:
        words = f"{one.get_state_display()} · {why}"
        yield Todo(str(one), words, one.get_absolute_url(), button, "选", due_on=one.planned_on)


def _terms(person: Any) -> Waits:
    """Branches whose term ends within the months that the rule gives, with no election begun."""
    today = clock.today()
    months = check_override(rule("R-ZB-25", today), None).number("remind_months")
    years = term_years(Body.BRANCH, on=today)
    begun = Election.objects.running().filter(kind=Election.Kind.TERM, unit=OuterRef("unit"))
    due = Term.objects.filter(until=None, unit__until=None, unit__kind=Unit.Kind.BRANCH)
    due = due.filter(elected_on__lte=add_years(add_months(today, months), -years))
    found = due.within(person, "activities.begin_election").filter(~Exists(begun))
    return Waits(found, "elected_on", _tell_terms, related=("unit",))


def _tell_terms(found: Sequence[Term], count: int) -> Iterator[Todo]:
    tell: Callable[[Term], Any] = partial(seen, on=clock.today())
    for one in found:
        term = tell(one)
        if term.stage not in (Stage.PREPARE, Stage.OVERDUE):
            continue
        address = f"{reverse('activities:begin_election')}?{urlencode({'unit': one.unit_id})}"
        yield Todo(
            f"{one.unit}换届",
            term.sentence,
            address,
            "发起换届",
            "选",
            due_on=term.ends_on,
            cite=term.rule.cite,
        )
