"""How long objections may be raised, and the guard of what is locked: no dated change reaches into a locked cycle."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from linghang.assessment.models import Cycle
from linghang.kernel.access import Actor
from linghang.kernel.parameters import declare, guard, value

OBJECTION_DAYS = "assessment.objection_days"
SHOW_TRIAL = "assessment.show_trial"
LEAST = 5


def _at_least_five(days: Any, since: date) -> None:
    if int(days) < LEAST:
        raise ValidationError(f"公示不少于 {LEAST} 个工作日")


declare(
    OBJECTION_DAYS,
    "考核公示期",
    LEAST,
    unit="个工作日",
    group="考核",
    help="公示期内可以提出异议；不少于 5 个工作日",
    check=_at_least_five,
)
declare(
    SHOW_TRIAL,
    "试算结果给本支部看",
    False,
    group="考核",
    help="打开后，支部在公示前也能看到自己成绩单的试算；仍然只有本支部和党办看得到",
)


def sees_trials(person: Actor) -> bool:
    """Whether somebody sees results before they are public: the office always, a branch where the hospital shows them."""
    return bool(person.reach(Cycle.view_verb)) or bool(value(SHOW_TRIAL))


def may_see(person: Actor, cycle: Cycle) -> bool:
    """Whether the sheets of a cycle are open to those who may see sheets at all."""
    return cycle.is_public or sees_trials(person)


@guard
def not_inside_a_locked_cycle(since: date) -> None:
    """Raise ValidationError for a day on or before the end of a locked cycle."""
    cycle = Cycle.objects.locked().filter(until__gte=since).order_by("-until").first()
    if cycle:
        raise ValidationError(
            f"{since} 在已锁定的“{cycle}”考核期内（至 {cycle.until}），只能从其后的日期起调整"
        )
