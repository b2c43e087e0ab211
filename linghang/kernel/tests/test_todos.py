"""What waits for whom is computed when asked."""

from datetime import date

import pytest

from linghang.kernel import todos
from linghang.kernel.todos import Todo, waiting_for
from tests.making import make_line, make_meeting


def a_todo(title: str, **more) -> Todo:
    return Todo(title, "因为", "/", "去办", "check", **more)


def test_the_soonest_deadline_stands_first_and_the_undated_last(monkeypatch):
    monkeypatch.setattr(todos, "OFFERS", {})
    todos.todos("one")(lambda person: [a_todo("无期限"), a_todo("下周", due_on=date(2026, 5, 8))])
    todos.todos("two")(lambda person: iter([a_todo("明天", due_on=date(2026, 5, 2)), a_todo("乙")]))
    assert [t.title for t in waiting_for("anybody")] == ["明天", "下周", "乙", "无期限"]


def test_an_offer_is_asked_about_the_person(monkeypatch):
    monkeypatch.setattr(todos, "OFFERS", {})
    todos.todos("one")(lambda person: [a_todo(person)])
    assert [t.title for t in waiting_for("周明")] == ["周明"]


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
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        list(offer(person))
    return len(queries)
