"""The campaign of the demo year: listed on one day, ordered on the next."""

import random
from datetime import date
from typing import Any

from linghang.inspections.campaign_demo import FOUND, ORDERED, play
from linghang.inspections.models.campaigns import Problem
from linghang.kernel import clock
from linghang.org.demo import forget


def test_a_campaign_is_listed_and_most_of_it_ordered(cast: Any) -> None:
    forget()
    for day in (date(2026, 4, 13), date(2026, 4, 14), date(2026, 4, 15)):
        with clock.at(day):
            play(day, random.Random(7))
    forget()
    found = Problem.objects.with_order()
    assert (found.count(), found.to_order().count()) == (len(FOUND), len(FOUND) - ORDERED)
