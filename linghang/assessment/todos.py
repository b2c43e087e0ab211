"""What an assessment waits for: the office's next step, the committee's decision, answers to objections."""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from typing import Any

from django.urls import reverse

from linghang.assessment.models import Cycle, Objection
from linghang.kernel import clock
from linghang.kernel.todos import Coming, Todo, Waits, coming, todos

State = Cycle.State
# The next verb of a cycle in each state, and how it is asked for.
NEXT = {
    State.OPEN: ("assessment.compute", "考核期已满，请补齐人工评分后试算", "去试算"),
    State.COMPUTED: ("assessment.propose", "已试算，请核对后拟定等次", "去拟定"),
    State.PROPOSED: ("assessment.confirm_rating", "等次已拟定，请集体研究确认", "去确认"),
    State.CONFIRMED: ("assessment.publish", "等次已确认，请公示名单", "去公示"),
    State.PUBLISHED: ("assessment.lock", "公示期已满，请锁定结果", "去锁定"),
}


@todos("assessment.cycles")
def cycles(person: Any) -> Iterator[Waits]:
    """The next step of each cycle whose period is over, for whoever may take it."""
    if any(person.may(verb) for verb, _, _ in NEXT.values()):
        over = Cycle.objects.exclude(state=State.LOCKED).filter(until__lt=clock.today())
        yield Waits(over, "until", partial(_tell_cycles, person), related=("unit",))


def _tell_cycles(person: Any, held: Sequence[Cycle], count: int) -> Iterator[Todo]:
    today = clock.today()
    for cycle in held:
        verb, why, button = NEXT[State(cycle.state)]
        if person.may(verb, cycle) and not _still_public(cycle, today):
            yield Todo(
                f"{cycle}考核", why, cycle.get_absolute_url(), button, "考", cite=str(cycle.until) + " 期满"
            )


def _still_public(cycle: Cycle, today: date) -> bool:
    until = cycle.objections_until
    return cycle.state == State.PUBLISHED and until is not None and today <= until


@todos("assessment.objections")
def objections(person: Any) -> Iterator[Waits]:
    """Objections that wait for an answer."""
    if person.may("assessment.answer"):
        open_ones = Objection.objects.within(person, "assessment.answer").open()
        related = ("rating__cycle", "rating__unit", "score")
        yield Waits(open_ones, "rating__cycle__objections_until", _tell_objections, related)


def _tell_objections(held: Sequence[Objection], count: int) -> Iterator[Todo]:
    for each in held:
        title, until = f"{each.rating.unit}提出异议", each.rating.cycle.objections_until
        yield Todo(title, each.text[:60], each.get_absolute_url(), "去答复", "异", due_on=until)


@coming("assessment")
def ahead(person: Any, since: date, until: date) -> Iterator[Waits]:
    """The last day for objections, for whoever may read the list, and the end of a period for whoever settles it."""
    if person.may("assessment.view_cycle") or person.may("assessment.view_published"):
        tell = partial(_tell_ahead, person, since, until)
        yield Waits(Cycle.objects.exclude(state=State.LOCKED), "until", tell)


def _tell_ahead(person: Any, since: date, until: date, held: Sequence[Cycle], count: int) -> Iterator[Coming]:
    settles, reads = person.may("assessment.view_cycle"), person.may("assessment.view_published")
    for cycle in held:
        last = cycle.objections_until
        if reads and cycle.state == State.PUBLISHED and last and since <= last <= until:
            yield Coming(
                last, f"{cycle}考核名单公示期满", reverse("assessment:published"), "无异议不需回复", "看名单"
            )
        if settles and since <= cycle.until <= until:
            yield Coming(cycle.until, f"{cycle}考核期满", cycle.get_absolute_url(), "", "看准备情况")
