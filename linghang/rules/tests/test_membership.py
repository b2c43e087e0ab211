"""Members away, out of touch or absent (党员教育管理工作条例 第二十三至三十四条)."""

from datetime import date

import pytest

from linghang.rules import membership
from linghang.rules.clauses import Level


@pytest.mark.parametrize(
    ("settled", "today", "met"),
    [
        (True, date(2026, 8, 27), True),
        (True, date(2026, 8, 28), False),  # 第二十五条，2 月 28 日起六个月
        (False, date(2027, 1, 1), True),
    ],
)
def test_half_a_year_away_at_a_settled_place_moves_the_membership(settled, today, met):
    assert membership.away(date(2026, 2, 28), settled, today=today).met is met


@pytest.mark.parametrize(
    ("stopped_on", "today", "met"),
    [
        (None, date(2026, 6, 30), True),
        (None, date(2026, 7, 1), False),  # 第二十四条
        (date(2026, 7, 1), date(2028, 6, 30), True),
        (date(2026, 7, 1), date(2028, 7, 1), False),
    ],
)
def test_out_of_touch_first_stops_then_ends(stopped_on, today, met):
    assert membership.lost(date(2026, 1, 1), stopped_on, today=today).met is met


@pytest.mark.parametrize(("today", "met"), [(date(2026, 9, 1), True), (date(2026, 9, 2), False)])
def test_five_years_abroad(today, met):
    assert membership.abroad(date(2021, 9, 1), today=today).met is met


@pytest.mark.parametrize(("until", "met"), [(date(2027, 3, 1), True), (date(2027, 3, 2), False)])
def test_a_year_at_most_to_mend_ones_ways(until, met):
    verdict = membership.correction(date(2026, 3, 1), until)
    assert verdict.met is met
    assert verdict.cite == "党员教育管理工作条例 第三十条"


@pytest.mark.parametrize(
    ("months", "met", "level"),
    [
        (2, True, Level.INFO),
        (3, False, Level.REMIND),
        (5, False, Level.REMIND),
        (6, False, Level.WARN),  # 第三十一条（六）
    ],
)
def test_absence_is_warned_of_before_it_counts(months, met, level):
    verdict = membership.absent(months, today=date(2026, 9, 1))
    assert (verdict.met, verdict.level) == (met, level)


def test_nothing_hard_is_asked_of_the_old_and_sick():
    verdict = membership.absent(9, today=date(2026, 9, 1), excused=True)
    assert verdict.met
    assert verdict.rule.code == "R-JY-10"


@pytest.mark.parametrize(("today", "met"), [(date(2026, 9, 1), True), (date(2026, 9, 2), False)])
def test_contact_every_half_year(today, met):
    assert membership.contacted(date(2026, 3, 1), today=today).met is met


@pytest.mark.parametrize("since", [date(2025, 8, 28), date(2025, 8, 29), date(2025, 8, 31), date(2025, 9, 1)])
def test_what_comes_due_began_before_the_horizon(since):
    """The horizon may let in a few days too many, and never leaves out what has come due."""
    for today in (date(2026, 2, 27), date(2026, 2, 28), date(2026, 3, 1)):
        due = not membership.away(since, True, today=today).met
        assert since <= membership.horizon("R-JY-04", today=today) or not due


def test_the_months_are_those_of_the_text():
    asked = {code: membership.months(code, on=date(2026, 1, 1)) for code in ("R-JY-04", "R-JY-05", "R-JY-06")}
    assert asked == {"R-JY-04": 6, "R-JY-05": 6, "R-JY-06": 60}
    assert membership.months("R-JY-09", on=date(2026, 1, 1)) == 6
