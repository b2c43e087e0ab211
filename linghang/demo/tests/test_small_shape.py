"""The demo of the small shape: a general branch stands at the top, and terms that end are renewed by election."""

import random
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.core.management import call_command

from linghang.activities import election_demo
from linghang.activities.models import Election
from linghang.blueprints.loading import apply, load
from linghang.demo.play import live
from linghang.kernel import clock
from linghang.kernel.models import Trail
from linghang.org import demo as org
from linghang.org.models import Post, Term
from linghang.rules.workdays import is_workday

TODAY = date(2026, 11, 22)
START = date(2025, 11, 1)


@pytest.fixture(autouse=True)
def small(db: None) -> Iterator[None]:
    """The small hospital on the day before its year, where the tiny one stood; nothing kept of that."""
    org.forget()
    call_command("flush", interactive=False, inhibit_post_migrate=True, verbosity=0)
    with clock.at(START - timedelta(days=1)):
        apply(load("jiangjin"))
        list(org.people(START, random.Random(1)))
    yield
    org.forget()


def workdays(first: date, last: date) -> list[date]:
    span = (first + timedelta(days=n) for n in range((last - first).days))
    return [day for day in span if is_workday(day)]


def test_its_last_days_leave_work_open() -> None:
    days = workdays(TODAY - timedelta(days=9), TODAY)
    assert list(live(days, random.Random(1))) == days


def test_terms_that_end_within_the_year_are_renewed_each_step_by_its_role() -> None:
    ending = set(
        Term.objects.exclude(unit=org.home()).filter(elected_on__lt=date(2023, 11, 15)).values_list("unit")
    )
    assert ending
    for day in workdays(START, TODAY):
        with clock.at(day):
            election_demo.play(day, random.Random(1))
    enacted = Election.objects.filter(state=Election.State.ENACTED)
    assert set(enacted.values_list("unit")) == ending
    for election in enacted:
        assert Term.objects.get(unit=election.unit, until=None).elected_on == election.assembly.held_on
        assert Post.objects.on(TODAY).filter(unit=election.unit, role__on_committee=True).count() == 5
        done = Trail.objects.filter(subject=election.ref).values_list("actor", flat=True)
        assert len(set(done)) >= 3, "asked by one, counted by another, answered by a third"
