"""What waits for whom is computed when asked."""

from datetime import date

from linghang.kernel import todos
from linghang.kernel.todos import Todo, waiting_for


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
