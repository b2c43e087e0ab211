"""A year of assessment plays through the verbs alone, to the locked result."""

import random
from datetime import date, timedelta

import pytest

from linghang.assessment import demo
from linghang.assessment.models import Cycle, Objection, Run
from linghang.assessment.tests.acts import go_live
from linghang.kernel import clock

pytestmark = pytest.mark.django_db


def play(start, end):
    rng, day = random.Random(1), start
    while day <= end:
        with clock.at(day):
            demo.play(day, rng)
        day += timedelta(days=1)


def test_a_year_of_assessment_is_opened_tried_out_and_locked(hospital):
    go_live()
    play(date(2025, 12, 1), date(2025, 12, 2))
    play(date(2026, 8, 18), date(2026, 8, 22))
    assert Run.objects.count() == 1
    assert Cycle.objects.get().ratings.filter(total=None).count() == 1
    play(date(2026, 11, 30), date(2026, 12, 22))
    cycle = Cycle.objects.get(title="2026 年度")
    assert cycle.state == "locked"
    assert [row.note for row in cycle.ratings.filter(total=None)] == []
    assert Objection.objects.filter(state="answered").count() == 2
    assert Cycle.objects.filter(title="2027 年度").exists()
