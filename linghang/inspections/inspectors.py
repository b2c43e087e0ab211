"""Inspectors' dated temporary posts at what they inspect: they begin with the round and end with it."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from django.core.exceptions import ValidationError

from linghang.inspections.models import Check, Round
from linghang.inspections.recusals import recusals
from linghang.kernel import clock
from linghang.kernel.access import SYSTEM
from linghang.org.actions import appoint, end_post
from linghang.org.models import Person, Post, Role, Unit

ROLE = "inspector"


def refuse(people: Sequence[Person], unit: Unit, day: date) -> None:
    """Nobody inspects where a conflict stands: the refusal names it. Raises ValidationError."""
    barred = recusals(people, {unit.pk}, day)
    if named := [f"{one}（{barred[one.pk, unit.pk]}）" for one in people if (one.pk, unit.pk) in barred]:
        raise ValidationError({"team": f"{'、'.join(named)}应当回避{unit}，请换人"})


def fit(people: Sequence[Person], units: Iterable[Unit], day: date) -> dict[int, list[Person]]:
    """For each unit those who have not to stay away from it. Raises ValidationError where nobody remains."""
    places = list(units)
    barred = recusals(people, {unit.pk for unit in places}, day)
    found = {unit.pk: [one for one in people if (one.pk, unit.pk) not in barred] for unit in places}
    for unit in places:
        if people and not found[unit.pk]:
            why = "、".join(f"{one}（{barred[one.pk, unit.pk]}）" for one in people)
            raise ValidationError(
                {"team": f"{unit}没有人能去：{why}应当回避。请加一个人，或先为它单独指定检查人"}
            )
    return found


def post(inspection: Check, people: Iterable[Person]) -> None:
    """Let these people see and enter this check until the round's last day.

    The machine appoints: whoever starts the round holds that verb, and its trace names the round.
    """
    this, role = inspection.round, Role.objects.get(code=ROLE)
    end = this.until + timedelta(days=1)
    for person in people:
        held = Post.objects.on(clock.today()).filter(person=person, unit=inspection.unit, role=role)
        last = held.order_by("-until").first()
        since = last.until if last and last.until else clock.today()
        if last and (last.until is None or last.until >= end):
            continue
        if since < end:
            document = this.title[:60]
            appoint(
                SYSTEM,
                person=person,
                unit=inspection.unit,
                role=role,
                since=since,
                until=end,
                document=document,
            )


def dismiss(inspection: Check, people: Iterable[Person]) -> None:
    """End these people's inspector posts at this unit today, unless another running round needs them there."""
    today = clock.today()
    for person in people:
        needed = (
            Check.objects.running()
            .filter(unit=inspection.unit, team=person)
            .exclude(round=inspection.round_id)
        )
        if needed.exists():
            continue
        for held in Post.objects.filter(person=person, unit=inspection.unit, role=ROLE, until__gt=today):
            end_post(held, SYSTEM, until=max(today, held.since))


def dismiss_all(this: Round) -> None:
    """The round is over: so are its inspectors' posts."""
    for inspection in this.checks.select_related("unit").prefetch_related("team"):
        dismiss(inspection, inspection.team.all())
