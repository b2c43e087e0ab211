"""The library's part of the demo year: filled on the first day, one rule revised, what is due reviewed."""

import random
from datetime import date
from typing import Any

from linghang.kernel import clock
from linghang.org.demo import forget
from linghang.policies import demo
from linghang.policies.models import Policy


def test_the_library_lives_through_its_verbs(cast: Any) -> None:
    forget()
    for day in (date(2026, 3, 2), date(2026, 4, 15), date(2026, 4, 16), date(2027, 1, 28)):
        with clock.at(day):
            demo.play(day, random.Random(7))
    forget()
    assert Policy.objects.filter(category="医疗核心", state="in_force").count() == 18
    assert list(Policy.objects.filter(state="superseded").values_list("title", "ended_on")) == [
        (demo.REVISED, date(2026, 4, 15))
    ]
    assert Policy.objects.exclude(reviewed_on=None).count() == 1
