"""What is closed stays as it was: no verb takes a closed record further, no sequence of acts touches a row that ended."""

import random
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from linghang.kernel.flow import STEPS
from linghang.org.models import Coverage, Membership, Naming, Person, Placement, Post, Spell, Term, Transfer
from linghang.org.tests import test_lives, test_member_invariants
from linghang.org.ticks import end_temporary
from tests.making import (
    afresh,
    make_cycle,
    make_election,
    make_line,
    make_meeting,
    make_order,
    make_person,
    make_round,
)

pytestmark = pytest.mark.django_db
# Rows that have an end, and what may still be written about a row that ended: what of it was later found to be wrong.
DATED = (Placement, Coverage, Membership, Post, Term, Naming, Spell)
LATER = {"corrected"}
# What only adds to a closed record: the signed and sealed paper, which is complete when the matter is closed.
ADDS = {"dispatch.file_scan"}


def open_to(record: Any) -> set[str]:
    """The verbs that this record's state still admits."""
    return {
        step.verb
        for step in STEPS.values()
        if not step.creates
        and step.model is type(record)
        and (step.at is None or record.state in step.at)
        and (step.when is None or step.when(record))
    }


@pytest.mark.parametrize(
    ("make", "given"),
    [
        (make_order, {"state": "closed"}),
        (make_order, {"state": "closed", "kind": "supervision"}),
        (make_order, {"state": "void"}),
        (make_line, {"state": "closed"}),
        (make_election, {"state": "enacted"}),
        (make_election, {"state": "cancelled"}),
        (make_round, {"state": "closed"}),
        (make_round, {"state": "withdrawn"}),
        (make_cycle, {"state": "locked"}),
    ],
    ids=lambda given: given.__name__.removeprefix("make_") if callable(given) else str(given["state"]),
)
def test_no_verb_takes_a_closed_record_further(hospital: Any, make: Any, given: dict[str, str]) -> None:
    assert open_to(make(**given)) - ADDS == set()


def test_an_open_record_is_open(hospital: Any) -> None:
    """So that the test above can fail."""
    assert "dispatch.urge" in open_to(make_order())
    assert "dispatch.report" in open_to(make_line())


def ended(today: date) -> dict[tuple[str, int], dict[str, Any]]:
    """Every row whose end has passed, without what may still be said about it."""
    return {
        (model.__name__, row["id"]): {name: value for name, value in row.items() if name not in LATER}
        for model in DATED
        for row in model._base_manager.filter(until__lt=today).values()
    }


def records() -> dict[str, list[Any]]:
    """The closed order with its line, and the confirmed meeting."""
    kept = (STEPS["dispatch.urge"].model, STEPS["dispatch.report"].model, STEPS["activities.confirm"].model)
    return {model.__name__: list(model._base_manager.values()) for model in kept}


def act(rng: random.Random, office: Person, people: list[int], day: date, number: int) -> None:
    """An act of the organisation, or one of somebody's membership."""
    if rng.random() < 0.6:
        test_lives.one_act(rng, office, day, number)
    else:
        person = Person.objects.get(pk=rng.choice(people))
        rng.choice(test_member_invariants.ACTS)(office, person, rng, day)


@pytest.mark.parametrize("seed", range(3))
def test_no_sequence_of_acts_changes_what_is_closed(hospital: Any, cast: Any, on_day: Any, seed: int) -> None:
    rng, first = random.Random(seed), date(2026, 1, 5)
    people = [
        make_person(f"8{n:03}", branch=rng.choice((hospital.b_medicine, hospital.b_imaging))).pk
        for n in range(12)
    ]
    with on_day(first):
        make_line(order=make_order(state="closed", closed_on=first), state="closed", closed_on=first)
        make_meeting()
    before, seen, done = records(), {}, 0
    for number in range(60):
        day = first + timedelta(days=3 * number)
        with on_day(day):
            end_temporary()
            try:
                act(rng, afresh(cast.office), people, day, number)
                done += 1
            except (ValidationError, IndexError, Transfer.DoesNotExist):
                continue
            now = ended(day)
            assert {key: now.get(key) for key in seen} == seen
            seen = now
    assert done > 20
    assert len(seen) > 5
    assert records() == before
