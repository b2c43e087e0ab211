"""What others may count of orders and lines."""

from datetime import date, timedelta
from typing import Any

from linghang.dispatch import actions
from linghang.dispatch.actions import LineDraft
from linghang.dispatch.tests.test_actions import DAY, issued, make_order, report_all
from linghang.kernel import clock
from linghang.kernel.facts import SOURCES

YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def test_lines_carry_their_dates_and_whether_they_were_late(cast: Any, hospital: Any) -> None:
    soon, later = DAY + timedelta(days=3), DAY + timedelta(days=60)
    with clock.at(DAY):
        lines = [LineDraft("先办", soon, owner=cast.secretary), LineDraft("后办", later)]
        order = issued(cast, make_order(cast, hospital, lines=lines))
    with clock.at(soon + timedelta(days=1)):
        first = order.lines.first()
        actions.report(first, cast.secretary, result="已办")
        found = SOURCES["dispatch.lines"].frame(*YEAR).to_dicts()
    rows = {row["record"]: row for row in found if row["unit"] == hospital.b_medicine.pk}
    late, in_time = (rows[line.pk] for line in order.lines.all())
    assert (late["day"], late["late"], late["reported"], late["person"]) == (
        soon,
        True,
        soon + timedelta(days=1),
        cast.secretary.pk,
    )
    assert (in_time["day"], in_time["late"], in_time["reported"], in_time["closed"]) == (
        later,
        False,
        None,
        None,
    )


def test_drafts_and_void_orders_never_count(cast: Any, hospital: Any) -> None:
    with clock.at(DAY):
        make_order(cast, hospital)
        gone = issued(cast, make_order(cast, hospital))
        actions.void(gone, cast.office, reason="发错")
        kept = issued(cast, make_order(cast, hospital))
    assert SOURCES["dispatch.orders"].frame(*YEAR)["record"].to_list() == [kept.pk]
    assert set(SOURCES["dispatch.lines"].frame(*YEAR)["record"]) == {line.pk for line in kept.lines.all()}


def test_a_closed_order_tells_when(cast: Any, hospital: Any) -> None:
    with clock.at(DAY):
        order = issued(cast, make_order(cast, hospital))
        report_all(cast, order)
        for line in order.lines.all():
            actions.review(line, cast.general)
    (row,) = SOURCES["dispatch.orders"].frame(*YEAR).to_dicts()
    assert (row["kind"], row["issued"], row["closed"], row["unit"]) == (
        "reminder",
        DAY,
        DAY,
        hospital.b_medicine.pk,
    )
    assert SOURCES["dispatch.orders"].frame(date(2025, 1, 1), date(2025, 12, 31)).is_empty()
