"""措施 → 子措施: written together, handed in one after the other, each counted once."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from linghang.dispatch import actions
from linghang.dispatch.actions import LineDraft
from linghang.dispatch.facts import lines as line_facts
from linghang.dispatch.models import Line, Order
from linghang.dispatch.tests.test_actions import due, issued, make_order
from linghang.kernel import clock
from linghang.kernel.todos import OFFERS

DAY = date(2026, 10, 12)


@pytest.fixture(autouse=True)
def monday() -> Any:
    with clock.at(DAY):
        yield


def measures() -> list[LineDraft]:
    children = [LineDraft("补学规定", due(3)), LineDraft("补记三次会", due(5))]
    return [LineDraft("补齐记录", due(9), children=children), LineDraft("明确专人", due(9))]


def make_measures(cast: Any, hospital: Any) -> Order:
    return make_order(cast, hospital, "rectification", lines=measures())


def test_children_stand_under_their_measure_in_reading_order(cast: Any, hospital: Any) -> None:
    order = make_measures(cast, hospital)
    shown = [(one.place, one.text, one.parent and one.parent.text) for one in order.lines.all()]
    assert shown == [
        (1, "补齐记录", None),
        (2, "补学规定", "补齐记录"),
        (3, "补记三次会", "补齐记录"),
        (4, "明确专人", None),
    ]
    assert [one.text for one in order.lines.tops()] == ["补齐记录", "明确专人"]


def test_a_child_has_no_children(cast: Any, hospital: Any) -> None:
    deep = LineDraft("a", due(), children=[LineDraft("b", due(), children=[LineDraft("c", due())])])
    with pytest.raises(ValidationError, match="不能再分"):
        make_order(cast, hospital, "rectification", lines=[deep])


def test_only_measures_have_children(cast: Any, hospital: Any) -> None:
    with pytest.raises(ValidationError, match="只有督导单和限期整改单"):
        make_order(cast, hospital, "reminder", lines=measures())


def test_a_kept_child_outlives_the_measure_that_goes(cast: Any, hospital: Any) -> None:
    order = make_measures(cast, hospital)
    top, child, _, other = order.lines.all()
    kept = LineDraft(child.text, child.due_on, pk=child.pk)
    actions.edit_order(
        order,
        cast.office,
        title="改",
        lines=[LineDraft(other.text, other.due_on, pk=other.pk, children=[kept])],
    )
    assert [(one.pk, one.parent_id) for one in order.lines.all()] == [(other.pk, None), (child.pk, other.pk)]
    assert not Line.objects.filter(pk=top.pk).exists()


def test_a_measure_is_handed_in_after_its_children_and_closes_the_sheet_last(
    cast: Any, hospital: Any
) -> None:
    order = issued(cast, make_measures(cast, hospital))
    top, first, second, other = order.lines.all()
    with pytest.raises(ValidationError, match="还有 2 条子措施未办结"):
        actions.report(top, cast.secretary, result="已办")
    assert not any(todo.title == top.text for todo in OFFERS["dispatch"](cast.secretary))
    for line in (first, second, other):
        actions.report(line, cast.secretary, result="已办")
        actions.review(line, cast.reviewer)
    top.refresh_from_db()
    assert top.progress == (2, 2)
    actions.report(top, cast.secretary, result="都办完了")
    actions.review(top, cast.reviewer)
    order.refresh_from_db()
    assert order.state == Order.State.CLOSED


def test_a_measure_reported_before_it_was_broken_down_waits_for_its_children(
    cast: Any, hospital: Any
) -> None:
    order = issued(cast, make_order(cast, hospital, "rectification"))
    line = order.lines.first()
    actions.report(line, cast.clerk, result="已办")
    Line.objects.create(order=order, parent=line, text="再分一步", due_on=due())
    with pytest.raises(ValidationError, match="还有 1 条子措施"):
        actions.confirm(line, cast.secretary)


def test_every_line_is_counted_once(cast: Any, hospital: Any, client_of: Any) -> None:
    order = issued(cast, make_measures(cast, hospital))
    rows = list(line_facts(DAY, DAY + timedelta(days=30), [hospital.b_medicine.pk]))
    assert len(rows) == len({row[0] for row in rows}) == order.lines.count() == 4
    page = client_of(cast.office).get("/dispatch/lines/").content.decode()
    assert "共 4 条" in page


def test_the_page_of_a_measure_shows_its_children_and_theirs_leads_back(
    cast: Any, hospital: Any, client_of: Any
) -> None:
    order = issued(cast, make_measures(cast, hospital))
    top, child = order.lines.all()[:2]
    client = client_of(cast.secretary)
    page = client.get(top.get_absolute_url()).content.decode()
    assert "2 条，完成 0" in page
    assert child.get_absolute_url() in page
    assert top.get_absolute_url() in client.get(child.get_absolute_url()).content.decode()


def test_the_table_of_a_sheet_keeps_what_stands_under_what(cast: Any, hospital: Any, client_of: Any) -> None:
    order = make_measures(cast, hospital)
    client, url = client_of(cast.office), f"{order.get_absolute_url()}edit-order/"
    assert "子措施" in client.get(url).content.decode()
    data = {"title": order.title, "line-TOTAL_FORMS": "4", "line-INITIAL_FORMS": "4"}
    for n, one in enumerate(order.lines.all()):
        data |= {f"line-{n}-pk": str(one.pk), f"line-{n}-text": one.text, f"line-{n}-due_on": f"{one.due_on}"}
        data |= {f"line-{n}-under": "on"} if one.parent_id else {}
    assert client.post(url, data).status_code == 302
    assert [one.parent_id is not None for one in order.lines.all()] == [False, True, True, False]
    client.post(url, data | {"line-0-DELETE": "on"})
    assert [(one.text, one.parent_id is not None) for one in order.lines.all()] == [
        ("补学规定", False),
        ("补记三次会", True),
        ("明确专人", False),
    ]
