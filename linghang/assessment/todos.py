"""What an assessment waits for: the office's next step, the committee's decision, answers to objections."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from linghang.assessment.models import Cycle, Objection
from linghang.kernel import clock
from linghang.kernel.todos import Todo, todos

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
def cycles(person: Any) -> Iterator[Todo]:
    """The next step of each cycle whose period is over, for whoever may take it."""
    if not any(person.reach(verb) for verb, _, _ in NEXT.values()):
        return
    today = clock.today()
    for cycle in Cycle.objects.exclude(state=State.LOCKED).filter(until__lt=today):
        verb, why, button = NEXT[State(cycle.state)]
        if person.may(verb, cycle) and not _still_public(cycle, today):
            yield Todo(
                f"{cycle}考核", why, cycle.get_absolute_url(), button, "考", cite=str(cycle.until) + " 期满"
            )


def _still_public(cycle: Cycle, today: date) -> bool:
    until = cycle.objections_until
    return cycle.state == State.PUBLISHED and until is not None and today <= until


@todos("assessment.objections")
def objections(person: Any) -> Iterator[Todo]:
    """Objections that wait for an answer."""
    if not person.reach("assessment.answer"):
        return
    open_ones = Objection.objects.within(person, "assessment.answer").open()
    for each in open_ones.select_related("rating__cycle", "rating__unit", "score"):
        title, until = f"{each.rating.unit}提出异议", each.rating.cycle.objections_until
        yield Todo(title, each.text[:60], each.get_absolute_url(), "去答复", "异", due_on=until)
