"""A year planned at once: each meeting through the one verb that plans, all of them or none, one word to those called."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from linghang.activities.actions.meetings import plan
from linghang.activities.models import Meeting
from linghang.activities.roll import expected
from linghang.activities.years import Proposal
from linghang.kernel.access import Actor
from linghang.kernel.notices import tell
from linghang.org.models import Person, Unit

WHEN = ("held_on", "starts_at", "place", "title")


def plan_year(by: Actor, *, unit: Unit, year: int, chosen: Sequence[Proposal]) -> list[Meeting]:
    """Plan these meetings. Raises ValidationError, naming the day, when one of them cannot be; then none is planned."""
    if not chosen:
        raise ValidationError("一项也没有勾选")
    with transaction.atomic():
        made = [_plan(by, unit, one) for one in chosen]
        people = {person.pk: person for one in made for person in _called(unit, one)}
        tell(people.values(), f"{unit} {year} 年组织生活已安排 {len(made)} 次，可在日历里看", about=made[0])
    return made


def _plan(by: Actor, unit: Unit, one: Proposal) -> Meeting:
    given: dict[str, Any] = {name: getattr(one, name) for name in ("kind", "also", "replies", *WHEN)}
    try:
        return plan(by, unit=unit, announce=False, **given)
    except ValidationError as problem:
        raise ValidationError(f"{one.held_on:%m-%d}：{'；'.join(problem.messages)}") from None


def _called(unit: Unit, one: Meeting) -> list[Person]:
    return list(expected(unit, one.kind, one.held_on).filter(user__is_active=True))
