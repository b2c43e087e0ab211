"""The demo lives through the verbs: what it leaves behind is what people would have left."""

import random
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from linghang.activities import demo
from linghang.activities.models import Meeting
from linghang.kernel import clock
from linghang.kernel.models import Trail
from linghang.org.demo import forget

START = date(2026, 9, 1)


@pytest.fixture(autouse=True)
def fresh_posts() -> Iterator[None]:
    """Who holds which post is remembered between days, but not between tests."""
    forget()
    yield
    forget()


@pytest.mark.under_a_committee
def test_a_month_is_lived_through_the_verbs(hospital):
    rng = random.Random(7)
    for number in range(30):
        day = START + timedelta(days=number)
        with clock.at(day):
            demo.play(day, rng)
    held = Meeting.objects.held()
    assert {"board", "assembly", "themed_day", "general_board", "committee"} <= set(
        held.values_list("kind", flat=True)
    )
    assert held.filter(state=Meeting.State.CONFIRMED).exists()
    assert not held.filter(attendances=None).exists()
    traced = set(Trail.objects.filter(verb__startswith="activities.").values_list("subject", flat=True))
    assert {meeting.ref for meeting in Meeting.objects.all()} <= traced
