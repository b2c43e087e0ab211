"""Nobody lets their own work pass, by any road: the verb, its page, a list of ticked rows (issue 4, acceptance 5)."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from linghang.dispatch import actions
from linghang.dispatch.actions import LineDraft
from linghang.dispatch.models import Line, Order
from linghang.dispatch.tests.test_actions import due, make_order
from linghang.kernel import clock
from linghang.kernel.flow import OwnWork, steps_for
from linghang.kernel.todos import OFFERS

DAY = date(2026, 10, 12)
LETTING_PASS = {"review", "verify", "grant_extension", "close"}


@pytest.fixture(autouse=True)
def monday() -> Any:
    with clock.at(DAY):
        yield


def at_the_office(cast: Any, hospital: Any, kind: str = "reminder", **more: Any) -> Line:
    """A line of 机关党支部, whose secretary is the office's director."""
    lines = [LineDraft("报送自查", due(), **more)]
    order = make_order(cast, hospital, kind, unit=hospital.b_office, lines=lines)
    actions.check(order, cast.office)
    if kind == Order.Kind.SUPERVISION:
        actions.sign_supervision(order, cast.leader)
    else:
        actions.sign(order, cast.office)
    actions.issue(order, cast.clerk_office)
    if kind == Order.Kind.SUPERVISION:
        actions.receive(order, cast.office)
    found: Line = order.lines.get()
    return found


def by_every_road(line: Line, person: Any, client: Any) -> None:
    """Try each way of letting the line pass; none of them moves it."""
    before = line.state
    for tail in ("review", "verify"):
        with pytest.raises((ValidationError, PermissionDenied)):
            getattr(actions, tail)(line, person)
        client.post(f"{line.get_absolute_url()}{tail}/", {"note": ""})
    client.post("/dispatch/orders/many/review/", {"row": [str(line.pk)]})
    line.refresh_from_db()
    assert line.state == before
    assert not LETTING_PASS & {one.tail for one in steps_for(line, person)}
    assert not any(todo.title.startswith(("审核", "复核")) for todo in OFFERS["dispatch"](person))


@pytest.mark.mechanism("S0-13", "S2-27")
def test_nobody_accepts_their_own_report(cast: Any, hospital: Any, client_of: Any) -> None:
    line = at_the_office(cast, hospital)
    actions.report(line, cast.office, result="已办")
    by_every_road(line, cast.office, client_of(cast.office))
    actions.review(line, cast.clerk_office)
    assert line.state == Line.State.CLOSED


def test_whoever_answers_for_a_line_does_not_accept_what_another_reported(
    cast: Any, hospital: Any, client_of: Any
) -> None:
    line = at_the_office(cast, hospital, owner=cast.office)
    Line.objects.filter(pk=line.pk).update(
        state=Line.State.CONFIRMED, result="已办", reported_on=DAY, confirmed_on=DAY
    )
    line.refresh_from_db()
    with pytest.raises(OwnWork, match="责任人"):
        actions.review(line, cast.office)
    by_every_road(line, cast.office, client_of(cast.office))


@pytest.mark.mechanism("S0-14", "S2-27")
def test_nobody_verifies_or_closes_their_own_rectification(cast: Any, hospital: Any, client_of: Any) -> None:
    line = at_the_office(cast, hospital, "supervision", owner=cast.office, verifier=cast.leader)
    actions.report(line, cast.office, result="已补齐")
    by_every_road(line, cast.office, client_of(cast.office))
    actions.verify(line, cast.leader)
    order = line.order
    client_of(cast.office).post(f"{order.get_absolute_url()}close/", {"note": ""})
    order.refresh_from_db()
    assert order.state == Order.State.RECEIVED
    with pytest.raises(OwnWork):
        actions.close(order, cast.office)
    actions.close(order, cast.clerk_office)
    assert order.state == Order.State.CLOSED


def test_the_verifier_is_never_the_one_who_puts_it_right(cast: Any, hospital: Any) -> None:
    with pytest.raises(ValidationError, match="复核人不能是整改责任人"):
        at_the_office(cast, hospital, "supervision", owner=cast.office, verifier=cast.office)
    line = at_the_office(cast, hospital, "supervision", owner=cast.office, verifier=cast.clerk_office)
    with pytest.raises(ValidationError):
        actions.assign(line, cast.office, owner=cast.clerk_office)
    with pytest.raises(OwnWork):
        actions.report(line, cast.clerk_office, result="代报")
