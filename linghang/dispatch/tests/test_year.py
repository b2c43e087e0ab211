"""A year of 提醒 and 催办, replayed day by day with a fake clock (issue 4, acceptance 7)."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import pytest

from linghang.dispatch import actions
from linghang.dispatch.models import Document, Line, Order
from linghang.dispatch.ticks import recur_today, remind_today
from linghang.kernel import clock
from linghang.kernel.models import Notice, Trail
from linghang.org.models import Unit
from linghang.rules.workdays import add_workdays, is_workday
from tests import making

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
BEFORE, EVERY = 3, 3


def days_of_the_year() -> list[date]:
    return [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]


def reminded_on(due: date) -> date:
    """The first working day from which the deadline is no more than three working days away."""
    return next(one for one in days_of_the_year() if is_workday(one) and add_workdays(one, BEFORE).day >= due)


def urged_on(due: date, until: date) -> list[date]:
    """The first working day after the deadline, then every third working day, until it is handed in."""
    after = [one for one in days_of_the_year() if one > due and one < until and is_workday(one)]
    return after[::EVERY]


def lines_of_the_year(hospital: Any, cast: Any) -> dict[Line, date]:
    """A line due each month, the odd ones about a holiday, with the day on which it is handed in."""
    dues = {
        date(2026, 1, 4): date(2026, 1, 4),
        date(2026, 2, 16): date(2026, 3, 9),  # 春节
        date(2026, 3, 20): date(2026, 3, 19),
        date(2026, 4, 6): date(2026, 4, 20),  # 清明
        date(2026, 5, 2): date(2026, 5, 12),  # 劳动节
        date(2026, 6, 19): date(2026, 6, 30),  # 端午
        date(2026, 7, 15): date(2026, 7, 15),
        date(2026, 8, 31): date(2026, 9, 4),
        date(2026, 9, 25): date(2026, 10, 15),  # 中秋, 国庆
        date(2026, 11, 10): date(2026, 11, 10),
    }
    found = {}
    for due, done in dues.items():
        order = making.make_order(
            title=f"{due:%m-%d}", due_on=due, issued_on=FIRST, drafted_on=FIRST, unit=hospital.b_medicine
        )
        found[making.make_line(order=order, due_on=due, text=f"{due:%m-%d} 事项", owner=cast.clerk)] = done
    return found


@pytest.mark.mechanism("S0-13")
def test_a_year_of_reminding_and_urging_is_the_expected_sequence(cast: Any, hospital: Any) -> None:
    with clock.at(FIRST):
        lines = lines_of_the_year(hospital, cast)
        recurring = making.make_recurring(since=FIRST)
    sent: dict[tuple[str, str], list[date]] = defaultdict(list)
    for day in days_of_the_year():
        with clock.at(day):
            for line, done in lines.items():
                if done == day:
                    line.refresh_from_db()
                    actions.report(line, cast.secretary, result="已办")
            before = set(Notice.objects.values_list("pk", flat=True))
            # Once a minute in truth; twice a day is enough to show that a day says everything once.
            for _ in range(2):
                remind_today()
                recur_today()
            for notice in Notice.objects.exclude(pk__in=before).filter(to=cast.clerk.ref):
                for line in lines:
                    if line.ref == notice.about:
                        sent[line.text, notice.text[:2]].append(day)
            # What lies unread is not said again in the same words: here everybody reads in the evening.
            Notice.objects.update(read_at=clock.now())
    for line, done in lines.items():
        first = reminded_on(line.due_on)
        assert sent.pop((line.text, "提醒"), []) == ([first] if first < done else []), line
        assert sent.pop((line.text, "催办"), []) == urged_on(line.due_on, done), line
    assert sent == {}
    _nothing_harsher(recurring)


def _nothing_harsher(recurring: Any) -> None:
    """The machine told, and drafted what recurs; it signed, issued, closed and supervised nothing."""
    done = Trail.objects.filter(actor="system", verb__startswith="dispatch.")
    verbs = set(done.values_list("verb", flat=True))
    machine = {"dispatch.remind", "dispatch.urge", "dispatch.recur", "dispatch.draft"}
    assert verbs == machine
    drafted = Order.objects.exclude(issued_on__isnull=False)
    assert {order.kind for order in drafted} == {Order.Kind.WORKLIST}
    assert {order.state for order in drafted} == {Order.State.DRAFTED}
    # A draft a month for each branch, none doubled; every line says which recurring line it came from.
    assert drafted.count() == 12 * Unit.objects.on(LAST).branches().count()
    assert all(line.text == recurring.text for order in drafted for line in order.lines.all())
    assert not Document.objects.exists()
    assert not Order.objects.filter(kind=Order.Kind.SUPERVISION).exists()
    told = Trail.objects.filter(verb="dispatch.urge").values_list("at", flat=True)
    assert all(is_workday(at.astimezone().date()) for at in told)


def test_no_line_is_told_of_on_a_day_off(cast: Any, hospital: Any) -> None:
    order = making.make_order(due_on=date(2026, 10, 9), issued_on=date(2026, 9, 1), unit=hospital.b_medicine)
    making.make_line(order=order, due_on=date(2026, 10, 9), owner=cast.clerk)
    for day in (date(2026, 9, 25) + timedelta(days=n) for n in range(21)):
        with clock.at(day):
            remind_today()
    days = {notice.at.astimezone().date() for notice in Notice.objects.all()}
    assert days
    assert all(is_workday(day) for day in days)
