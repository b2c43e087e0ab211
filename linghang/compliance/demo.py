"""The demo hospital goes live on the first day of its year; everything else follows from its records."""

import random
from datetime import date

from linghang.compliance.parameters import GO_LIVE, YEAR_START
from linghang.kernel import parameters
from linghang.org.demo import holder


def play(day: date, rng: random.Random) -> None:
    """On the first day the office sets from when counting starts and when the assessment year begins."""
    office = holder("office_director")
    if office is None or parameters.value(GO_LIVE, day):
        return
    first = day.replace(day=1)
    parameters.put(office, GO_LIVE, first.isoformat(), first, note="系统上线")
    parameters.put(office, YEAR_START, first.month, first, note=f"考核年度自 {first.month} 月起")
