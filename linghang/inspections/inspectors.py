"""Inspectors' dated temporary posts at what they inspect: they begin with the round and end with it."""

from collections.abc import Iterable
from datetime import timedelta

from linghang.inspections.models import Check, Round
from linghang.kernel import clock
from linghang.kernel.access import SYSTEM
from linghang.org.actions import appoint, end_post
from linghang.org.models import Person, Post, Role

ROLE = "inspector"


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
