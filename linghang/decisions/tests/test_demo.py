"""A month of the demo hospital's decisions, lived through the verbs."""

import random
from datetime import date, timedelta
from typing import Any

import pytest

from linghang.decisions.demo import leave, play
from linghang.decisions.models import Research, TaskForce, Topic
from linghang.decisions.tests import staging
from linghang.dispatch.models import Order
from linghang.kernel import clock
from linghang.org import demo as org
from linghang.rules.workdays import is_workday
from tests.making import make_meeting

pytestmark = pytest.mark.django_db
FIRST = date(2026, 11, 2)


@pytest.fixture(autouse=True)
def afresh(hospital: Any) -> Any:
    org.forget()
    yield
    org.forget()


def stage(cast: Any, hospital: Any) -> None:
    """The leadership sits, no task force is registered yet, and each branch's committee has met."""
    with clock.at(FIRST):
        staging.stage(cast, hospital)
        TaskForce.objects.all().delete()
        for unit in (hospital.b_medicine, hospital.b_surgery, hospital.b_imaging, hospital.b_office):
            make_meeting(unit=unit, kind="board")


def live(days: int) -> None:
    for day in (FIRST + timedelta(days=n) for n in range(days)):
        if is_workday(day):
            with clock.at(day):
                play(day, random.Random(1))


def test_a_month_brings_its_topics_to_a_decision_and_out_to_a_branch(cast: Any, hospital: Any) -> None:
    stage(cast, hospital)
    live(20)
    assert set(Topic.objects.values_list("state", flat=True)) == {"decided"}
    assert Topic.objects.count() == 2
    assert Order.objects.filter(title__startswith="落实").count() == 2
    assert TaskForce.objects.count() == 5
    with clock.at(FIRST + timedelta(days=21)):
        leave(clock.today(), 0)
    assert set(Topic.objects.exclude(state="decided").values_list("state", flat=True)) == {
        "proposed",
        "signing",
    }


def test_what_is_looked_into_is_concluded_and_a_decision_is_evaluated(cast: Any, hospital: Any) -> None:
    stage(cast, hospital)
    live(75)
    assert Research.objects.exclude(concluded_on=None).count() == 2
    decided = Topic.objects.exclude(evaluate_by=None).first()
    with clock.at(decided.evaluate_by):
        play(decided.evaluate_by, random.Random(1))
    decided.refresh_from_db()
    assert decided.evaluated_on == decided.evaluate_by


def test_without_a_president_nothing_is_played(cast: Any, hospital: Any) -> None:
    live(20)
    leave(FIRST, 0)
    assert not Topic.objects.exists()
