"""A month of the demo, played in the tiny hospital: everything through the verbs, everything dated."""

import random
from datetime import date, timedelta
from typing import Any

from linghang.dispatch import demo
from linghang.dispatch.actions import LineDraft
from linghang.dispatch.models import Line, Order
from linghang.dispatch.tests.test_actions import make_order
from linghang.kernel import clock
from linghang.org.demo import forget
from linghang.rules.workdays import is_workday

FIRST = date(2026, 8, 3)


def test_three_months_leave_closed_orders_and_a_few_late_ones(cast: Any, hospital: Any) -> None:
    forget()
    rng = random.Random(7)
    for day in (FIRST + timedelta(days=n) for n in range(90)):
        with clock.at(day):
            if day.day <= 7 and day.weekday() == 0:
                for unit in (hospital.b_medicine, hospital.b_surgery, hospital.b_imaging, hospital.b_office):
                    due = [
                        LineDraft(f"{day.month} 月第 {n} 项", day + timedelta(days=5 * n))
                        for n in range(1, 5)
                    ]
                    make_order(cast, hospital, unit=unit, lines=due, period=day.replace(day=1))
            if is_workday(day):
                demo.play(day, rng)
    forget()
    orders = Order.objects.filter(kind=Order.Kind.REMINDER)
    assert orders.count() == 12
    assert orders.filter(state=Order.State.CLOSED).count() >= 6
    assert orders.filter(number__isnull=True).count() == 0
    assert Line.objects.filter(state=Line.State.CLOSED).count() > 30
    assert Line.objects.exclude(owner=None).filter(owner__branch=None).count() == 0
    assert Order.objects.filter(kind=Order.Kind.WORKLIST, issuer__kind="branch").exists()
