"""A later day is asked for by the unit and granted by the issuer's side; and a sheet is taken back before any report."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from linghang.dispatch import actions
from linghang.dispatch.actions import LineDraft
from linghang.dispatch.facts import orders as order_facts
from linghang.dispatch.models import Line, Order
from linghang.dispatch.tests.test_actions import due, issued, make_order, make_supervision
from linghang.dispatch.ticks import remind
from linghang.kernel import clock
from linghang.kernel.flow import OwnWork, WrongState, steps_for
from linghang.kernel.models import Notice, Trail
from linghang.kernel.todos import OFFERS

DAY = date(2026, 10, 12)


@pytest.fixture(autouse=True)
def monday() -> Any:
    with clock.at(DAY):
        yield


def asked(cast: Any, hospital: Any, days: int = 20) -> Line:
    line: Line = issued(cast, make_order(cast, hospital)).lines.first()
    return actions.ask_extension(line, cast.secretary, until=due(days), reason="等级评审集中检查")


@pytest.mark.mechanism("S0-13")
def test_both_days_are_kept_and_shown_to_both_sides(cast: Any, hospital: Any, client_of: Any) -> None:
    line = asked(cast, hospital)
    assert (line.due_on, line.asked_until) == (due(10), due(20))
    assert any(todo.title.startswith("延期申请") for todo in OFFERS["dispatch"](cast.office))
    page = client_of(cast.secretary).get(line.get_absolute_url()).content.decode()
    assert "批准前仍以" in page
    actions.grant_extension(line, cast.office)
    assert (line.first_due_on, line.due_on, line.asked_until) == (due(10), due(20), None)
    line.order.refresh_from_db()
    assert line.order.due_on == due(20)
    for person in (cast.secretary, cast.office):
        page = client_of(person).get(line.get_absolute_url()).content.decode()
        assert "原为" in page
        assert "等级评审集中检查" in page
    assert Notice.objects.filter(to=cast.secretary.ref, text__startswith="同意延期").exists()
    assert not any(todo.title.startswith("延期申请") for todo in OFFERS["dispatch"](cast.office))


def test_a_second_extension_keeps_the_first_of_all_days(cast: Any, hospital: Any) -> None:
    line = asked(cast, hospital)
    actions.grant_extension(line, cast.office)
    actions.ask_extension(line, cast.secretary, until=due(30), reason="还差一次")
    actions.grant_extension(line, cast.office)
    assert (line.first_due_on, line.due_on) == (due(10), due(30))
    days = Trail.objects.filter(subject=line.ref, verb="dispatch.grant_extension").order_by("pk")
    assert [one.changes["due_on"] for one in days] == [
        [str(due(10)), str(due(20))],
        [str(due(20)), str(due(30))],
    ]


def test_declined_the_first_day_stands(cast: Any, hospital: Any) -> None:
    line = asked(cast, hospital)
    actions.decline_extension(line, cast.office, reason="上级要求当月完成")
    assert (line.due_on, line.asked_until, line.first_due_on) == (due(10), None, None)
    assert Notice.objects.filter(to=cast.secretary.ref, text__contains="上级要求当月完成").exists()


@pytest.mark.mechanism("S2-27")
def test_nobody_grants_an_extension_they_asked_for(cast: Any, hospital: Any) -> None:
    """The office's director is also secretary of 机关党支部: the deputy secretary grants what he asked for there."""
    lines = [LineDraft("报送自查", due())]
    line = issued(cast, make_order(cast, hospital, unit=hospital.b_office, lines=lines)).lines.get()
    actions.ask_extension(line, cast.office, until=due(20), reason="出差")
    for verb in (actions.grant_extension, actions.decline_extension):
        with pytest.raises(OwnWork):
            verb(line, cast.office, **({"reason": "x"} if verb is actions.decline_extension else {}))
    assert not {"grant_extension", "decline_extension"} & {one.tail for one in steps_for(line, cast.office)}
    actions.grant_extension(line, cast.leader)
    assert line.due_on == due(20)


def test_whoever_answers_for_a_line_does_not_grant_it_a_later_day(cast: Any, hospital: Any) -> None:
    lines = [LineDraft("报送自查", due(), owner=cast.office)]
    line = issued(cast, make_order(cast, hospital, unit=hospital.b_office, lines=lines)).lines.get()
    Line.objects.filter(pk=line.pk).update(asked_until=due(20))
    with pytest.raises(OwnWork, match="责任人"):
        actions.grant_extension(line, cast.office)
    with pytest.raises(PermissionDenied):
        actions.grant_extension(line, cast.clerk_office)


def test_a_supervision_is_extended_by_those_who_sign_one(cast: Any, hospital: Any) -> None:
    order = issued(cast, make_supervision(cast, hospital))
    actions.receive(order, cast.secretary)
    line = order.lines.get()
    actions.ask_extension(line, cast.secretary, until=due(20), reason="会议冲突")
    with pytest.raises(PermissionDenied, match="领导"):
        actions.grant_extension(line, cast.office)
    assert not any(todo.title.startswith("延期申请") for todo in OFFERS["dispatch"](cast.office))
    actions.grant_extension(line, cast.leader)
    assert line.due_on == due(20)


def test_neither_the_unit_nor_a_stranger_grants(cast: Any, hospital: Any) -> None:
    line = asked(cast, hospital)
    for person in (cast.secretary, cast.clerk, cast.outsider, cast.member):
        with pytest.raises((PermissionDenied, OwnWork)):
            actions.grant_extension(line, person)


def test_an_extension_is_asked_for_in_time_once_and_to_a_later_day(cast: Any, hospital: Any) -> None:
    line = issued(cast, make_order(cast, hospital)).lines.first()
    with pytest.raises(ValidationError, match="晚于"):
        actions.ask_extension(line, cast.secretary, until=due(10), reason="忙")
    with clock.at(due(11)), pytest.raises(ValidationError, match="不再延期"):
        actions.ask_extension(line, cast.secretary, until=due(30), reason="忙")
    actions.ask_extension(line, cast.secretary, until=due(20), reason="忙")
    with pytest.raises(WrongState):
        actions.ask_extension(line, cast.secretary, until=due(25), reason="忙")


def test_a_child_is_not_extended_beyond_its_measure(cast: Any, hospital: Any) -> None:
    measure = LineDraft("补齐记录", due(9), children=[LineDraft("补学规定", due(3))])
    order = issued(cast, make_order(cast, hospital, "rectification", lines=[measure]))
    top, child = order.lines.all()
    with pytest.raises(ValidationError, match="请先给措施申请延期"):
        actions.ask_extension(child, cast.secretary, until=due(12), reason="忙")
    actions.ask_extension(top, cast.secretary, until=due(20), reason="忙")
    actions.grant_extension(top, cast.office)
    child.refresh_from_db()
    actions.ask_extension(child, cast.secretary, until=due(12), reason="忙")


def test_handing_in_settles_the_question(cast: Any, hospital: Any) -> None:
    line = asked(cast, hospital)
    actions.report(line, cast.secretary, result="提前办完了")
    assert line.asked_until is None


def test_urging_waits_for_the_new_day(cast: Any, hospital: Any) -> None:
    line = asked(cast, hospital)
    actions.report(line.order.lines.last(), cast.secretary, result="已报")
    actions.grant_extension(line, cast.office)
    told = Notice.objects.filter(to=cast.secretary.ref)
    for days in range(1, 20):
        with clock.at(DAY + timedelta(days=days)):
            remind(clock.today())
    assert not told.filter(text__startswith="催办").exists()
    with clock.at(DAY + timedelta(days=21)):
        remind(clock.today())
    assert told.filter(text__startswith="催办").count() == 1


# --- 收回 ---------------------------------------------------------------------------------------------------------------


@pytest.mark.mechanism("S0-13")
def test_a_sheet_is_taken_back_and_its_number_stays(cast: Any, hospital: Any, client_of: Any) -> None:
    order = issued(cast, make_order(cast, hospital))
    actions.withdraw(order, cast.office, reason="期限写错")
    assert (order.state, order.number, order.withdrawn_on) == (Order.State.VOID, 1, DAY)
    assert Notice.objects.filter(to=cast.secretary.ref, text__startswith="已收回").exists()
    assert "已收回" in client_of(cast.secretary).get(order.get_absolute_url()).content.decode()
    assert list(order_facts(DAY, DAY, None)) == []
    assert not Line.objects.open().exists()
    assert issued(cast, make_order(cast, hospital)).number == 2


@pytest.mark.parametrize("returned", [False, True])
def test_what_somebody_has_reported_is_not_taken_back(cast: Any, hospital: Any, returned: bool) -> None:
    order = issued(cast, make_order(cast, hospital))
    line = order.lines.first()
    actions.report(line, cast.clerk, result="已办")
    if returned:
        actions.return_line(line, cast.secretary, reason="太简单")
    assert "withdraw" not in {one.tail for one in steps_for(order, cast.office)}
    with pytest.raises(ValidationError, match="不能收回"):
        actions.withdraw(order, cast.office, reason="期限写错")
    assert order.number == 1


def test_only_the_issuers_side_takes_back(cast: Any, hospital: Any) -> None:
    order = issued(cast, make_order(cast, hospital))
    for person in (cast.secretary, cast.general, cast.clerk_office, cast.outsider):
        with pytest.raises(PermissionDenied):
            actions.withdraw(order, person, reason="x")
