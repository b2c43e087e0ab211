"""Many at once: each transition happens once, with one trace, and numbers have neither gaps nor doubles."""

import itertools
import threading
from collections import Counter as Tally
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections, transaction

from linghang.activities import actions as activities
from linghang.activities.models import Meeting
from linghang.dispatch import actions as dispatch
from linghang.dispatch.models import Line, Order
from linghang.kernel import clock
from linghang.kernel.flow import WrongState
from linghang.kernel.models import Counter, Trail
from linghang.org import actions as org
from linghang.org.models import Membership, Person, Post, Role, Unit
from tests.making import make_line, make_meeting, make_order, make_person, somebody

THREADS, ORDERS = 6, 20
pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def committed(transactional_db: None, hospital: Any) -> None:
    """The tiny hospital, committed, so that every thread sees it. Emptied afterwards; `hospital` stands again for others."""


def at_once(works: Iterable[Callable[[], Any]]) -> list[Any]:
    """Begin all at the same moment, each with a connection of its own; what each gave or raised."""
    works = list(works)
    begin, outcomes = threading.Barrier(len(works)), [None] * len(works)

    def run(place: int, work: Callable[[], Any]) -> None:
        try:
            begin.wait(timeout=30)
            outcomes[place] = work()
        except Exception as problem:
            outcomes[place] = problem
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place, work)) for place, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert not any(thread.is_alive() for thread in threads)
    return outcomes


def everybody(act: Callable[[int, int], Any], count: int = ORDERS) -> Tally[str]:
    """Six threads each do the same to all rows, in different orders; tells how often each outcome came."""

    def work(place: int) -> list[Any]:
        found = []
        for row in sorted(range(count), key=lambda row: (row * (place + 3)) % (count + 3)):
            try:
                found.append(act(place, row))
            except (ValidationError, WrongState) as refused:
                found.append(refused)
        return found

    outcomes = at_once([lambda place=place: work(place) for place in range(THREADS)])
    faults = [outcome for outcome in outcomes if not isinstance(outcome, list)]
    assert not faults, faults
    return Tally(type(one).__name__ for outcome in outcomes for one in outcome)


def traces(verb: str) -> Tally[str]:
    return Tally(Trail.objects.filter(verb=verb).values_list("subject", flat=True))


def checked_orders() -> list[int]:
    made = [make_order(state="checked", title=f"提示 {n}") for n in range(ORDERS)]
    for order in made:
        make_line(order=order)
    return [order.pk for order in made]


def test_twenty_orders_are_signed_once_each_and_numbered_without_gap_or_double():
    keys, office = checked_orders(), somebody("1003")
    office.reach("dispatch.sign")
    tally = everybody(lambda place, row: dispatch.sign(Order.objects.get(pk=keys[row]), somebody("1003")))
    assert tally == {"Order": ORDERS, "WrongState": ORDERS * (THREADS - 1)}
    assert sorted(Order.objects.values_list("number", flat=True)) == list(range(1, ORDERS + 1))
    assert set(Order.objects.values_list("state", flat=True)) == {"signed"}
    assert set(traces("dispatch.sign").values()) == {1}
    assert len(traces("dispatch.sign")) == ORDERS
    assert Counter.objects.get().last == ORDERS


def test_twenty_orders_are_issued_once_each():
    keys = [make_order(state="signed", title=f"提示 {n}").pk for n in range(ORDERS)]
    tally = everybody(lambda place, row: dispatch.issue(Order.objects.get(pk=keys[row]), somebody("1004")))
    assert tally == {"Order": ORDERS, "WrongState": ORDERS * (THREADS - 1)}
    assert len(traces("dispatch.issue")) == sum(traces("dispatch.issue").values()) == ORDERS


def test_signing_and_voiding_at_once_end_in_one_of_both():
    keys = checked_orders()

    def act(place: int, row: int) -> Any:
        order, person = Order.objects.get(pk=keys[row]), somebody("1003")
        return dispatch.sign(order, person) if place % 2 else dispatch.void(order, person, reason="重复")

    everybody(act)
    for order in Order.objects.all():
        done = list(Trail.objects.filter(subject=order.ref).order_by("pk").values_list("before", "after"))
        assert all(left[1] == right[0] for left, right in itertools.pairwise(done)), done
        assert order.state == done[-1][1] == "void"
    numbers = sorted(Order.objects.exclude(number=None).values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))


def test_taking_back_and_reporting_at_once_end_in_one_of_both():
    """Whoever comes second is refused: no report stands on a sheet that was taken back, and its number stays."""
    for number in range(1, 9):
        order = make_order(title=f"提示 {number}", year=2026, number=number)
        line = make_line(order=order)
        outcomes = at_once(
            [
                lambda pk=order.pk: dispatch.withdraw(
                    Order.objects.get(pk=pk), somebody("1003"), reason="期限写错"
                ),
                lambda pk=line.pk: dispatch.report(Line.objects.get(pk=pk), somebody("3001"), result="已办"),
            ]
        )
        assert sum(isinstance(one, ValidationError) for one in outcomes) == 1, outcomes
        order.refresh_from_db()
        line.refresh_from_db()
        assert (order.state, line.state) in {("void", "open"), ("issued", "confirmed")}
        assert order.number == number


def test_the_last_two_lines_of_a_sheet_close_it_once():
    """Two reviews at the same moment: one of them is the last, and only that one finishes the order."""
    today = clock.today()
    for n in range(5):
        order = make_order(title=f"提示 {n}")
        lines = [
            make_line(order=order, state="confirmed", reported_on=today, confirmed_on=today).pk
            for _ in range(2)
        ]
        outcomes = at_once(
            [lambda pk=pk: dispatch.review(Line.objects.get(pk=pk), somebody("2001")) for pk in lines]
        )
        assert all(isinstance(outcome, Line) for outcome in outcomes), outcomes
        order.refresh_from_db()
        assert order.state == "closed"
        assert traces("dispatch.finish")[order.ref] == 1


def test_a_record_is_confirmed_once():
    keys = [make_meeting(state="recorded", title=f"第 {n} 次").pk for n in range(ORDERS)]
    tally = everybody(
        lambda place, row: activities.confirm(Meeting.objects.get(pk=keys[row]), somebody("3001"))
    )
    assert tally == {"Meeting": ORDERS, "WrongState": ORDERS * (THREADS - 1)}
    assert set(traces("activities.confirm").values()) == {1}


def test_a_month_has_one_worklist_however_many_lines_are_planned_at_once():
    due = clock.today() + timedelta(days=5)
    branch = Unit.objects.get(code="b-medicine")
    outcomes = at_once(
        lambda n=n: dispatch.plan_line(somebody("3001"), unit=branch, text=f"事项 {n}", due_on=due)
        for n in range(THREADS)
    )
    assert all(isinstance(outcome, Line) for outcome in outcomes), outcomes
    order = Order.objects.get(kind="worklist")
    assert sorted(order.lines.values_list("place", flat=True)) == list(range(1, THREADS + 1))


def test_a_member_is_enrolled_in_one_branch_only():
    member = make_person("7001", branch=None).pk
    goals = list(Unit.objects.filter(code__in=("b-surgery", "b-imaging", "b-office")))
    outcomes = at_once(
        lambda goal=goal: org.enroll(
            Person.objects.get(pk=member), somebody("1003"), branch=goal, status="full", since=clock.today()
        )
        for goal in goals
    )
    assert sum(isinstance(outcome, Person) for outcome in outcomes) == 1
    assert Membership.objects.filter(person=member, until=None).count() == 1
    assert Person.objects.get(pk=member).branch == Membership.objects.get(person=member, until=None).branch


def test_a_single_post_is_given_to_one_person_only():
    place, role = Unit.objects.get(code="b-medicine"), Role.objects.get(code="secretary")
    org.end_post(somebody("3001").posts.get(), somebody("1003"), until=clock.today())
    people = [make_person(f"70{n:02}").pk for n in range(4)]
    at_once(
        lambda pk=pk: org.appoint(
            somebody("1003"), person=Person.objects.get(pk=pk), unit=place, role=role, since=clock.today()
        )
        for pk in people
    )
    assert Post.objects.on(clock.today()).filter(unit=place, role=role).count() == 1


def test_numbers_taken_in_transactions_that_fail_are_given_again():
    def take(place: int, row: int) -> int:
        with transaction.atomic():
            number = Counter.take("x")
            if row % 2:
                raise ValidationError("不要了")
        return number

    tally = everybody(take)
    assert tally == {"int": THREADS * ORDERS // 2, "ValidationError": THREADS * ORDERS // 2}
    assert Counter.objects.get(series="x").last == THREADS * ORDERS // 2


def test_this_database_is_one_that_threads_can_meet_on():
    held = str(connection.settings_dict["NAME"])
    assert ":memory:" not in held
    assert "mode=memory" not in held
