"""What all modules offer is read together, and costs no more where more waits."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linghang.kernel import todos
from linghang.kernel.tests.test_todos import a_todo
from linghang.kernel.todos import Coming, Todo, Waits, waiting_and_coming, waiting_for
from linghang.org.models import Unit
from tests.making import make_line, make_meeting


def waits_for_units(kind: str, told: type = Todo, **more) -> Waits:
    def tell(units, count):
        for unit in units:
            yield (
                a_todo(f"{unit.parent}：{unit}", count=count)
                if told is Todo
                else Coming(unit.since, str(unit), "/")
            )

    return Waits(Unit.objects.filter(kind=kind), "since", tell, **more)


def test_what_all_offers_ask_is_read_together(hospital, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(todos, "OFFERS", {})
    monkeypatch.setattr(todos, "FORECASTS", {})
    todos.todos("one")(lambda person: [waits_for_units("branch", related=("parent",)), a_todo("另一件")])
    todos.todos("two")(lambda person: [waits_for_units("group", related=("parent",))])
    todos.coming("one")(lambda person, since, until: [waits_for_units("general", Coming)])
    day = date(2026, 5, 1)
    with django_assert_num_queries(2):
        found, ahead = waiting_and_coming("anybody", day, day)
    branches = {f"{unit.parent}：{unit}" for unit in Unit.objects.filter(kind__in=("branch", "group"))}
    assert {todo.title for todo in found} == branches | {"另一件"}
    assert {each.title for each in ahead} == {unit.name for unit in Unit.objects.filter(kind="general")}


def test_the_first_rows_are_told_and_how_many_there_are(hospital, monkeypatch):
    monkeypatch.setattr(todos, "OFFERS", {})
    todos.todos("one")(lambda person: [waits_for_units("branch", most=2)])
    every = Unit.objects.filter(kind="branch").order_by("since", "pk")
    assert [(todo.title.partition("：")[2], todo.count) for todo in waiting_for("anybody")] == sorted(
        (unit.name, every.count()) for unit in every[:2]
    )


def test_what_is_not_there_is_not_told(hospital, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(todos, "OFFERS", {})
    todos.todos("one")(lambda person: [waits_for_units("ward"), waits_for_units("nothing")])
    with django_assert_num_queries(1):
        assert waiting_for("anybody") == []


@pytest.mark.django_db
@pytest.mark.parametrize("part", ["office", "secretary", "general", "leader", "member", "admin", "auditor"])
@pytest.mark.parametrize("name", sorted(todos.OFFERS))
def test_a_module_asks_a_small_number_of_queries_however_much_there_is(
    name, part, cast, hospital, django_assert_max_num_queries
):
    """N+1 shows when there is more: the same offer over five times as much costs as many queries."""
    offer = todos.OFFERS[name]
    make_some()
    few = count(offer, getattr(cast, part))
    for _ in range(4):
        make_some()
    with django_assert_max_num_queries(few + 2):
        found = list(offer(getattr(cast, part)))
    assert all(t.title and t.url.startswith("/") and t.button for t in found)
    assert few <= 20


def make_some() -> None:
    make_line()
    make_line(state="reported")
    make_line(state="confirmed")
    make_meeting(state="planned")
    make_meeting(state="recorded")


def count(offer, person) -> int:
    with CaptureQueriesContext(connection) as queries:
        list(offer(person))
    return len(queries)
