"""Working days: the national calendar, a hospital's table, and years not yet published."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linghang.rules.workdays import (
    Table,
    add_workdays,
    is_provisional,
    is_workday,
    next_workday,
    workdays_between,
)

UNPUBLISHED = 2099  # stays unpublished whichever release of the calendar is installed


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 10, 1), False),  # National Day
        (date(2026, 10, 10), True),  # a Saturday made up for
        (date(2026, 10, 11), False),
        (date(2026, 10, 12), True),
    ],
)
def test_the_published_calendar(day, works):
    assert is_workday(day) is works
    assert not is_provisional(day)


@pytest.mark.parametrize(
    ("day", "moved"),
    [
        (date(2026, 10, 1), date(2026, 10, 8)),  # over the seven days of National Day
        (date(2026, 10, 10), date(2026, 10, 10)),
        (date(2026, 10, 11), date(2026, 10, 12)),
    ],
)
def test_what_falls_on_a_holiday_moves_to_the_next_working_day(day, moved):
    assert next_workday(day) == moved


def test_a_hospitals_table_overrides_single_days():
    table = Table(off=frozenset({date(2026, 10, 12)}), on=frozenset({date(2026, 10, 11)}))
    assert not is_workday(date(2026, 10, 12), table)
    assert is_workday(date(2026, 10, 11), table)
    assert not is_workday(date(2026, 10, 1), table)


def test_a_year_without_a_calendar_is_monday_to_friday_and_says_so():
    thursday, saturday = date(UNPUBLISHED, 1, 1), date(UNPUBLISHED, 1, 3)
    assert is_workday(thursday)
    assert not is_workday(saturday)
    assert is_provisional(thursday)
    assert str(add_workdays(thursday, 1)) == f"{UNPUBLISHED}-01-02（暂算）"
    assert str(workdays_between(thursday, saturday)) == "1 个工作日（暂算）"


def test_a_table_that_holds_the_years_notice_is_not_provisional():
    new_year = date(UNPUBLISHED, 1, 1)
    table = Table(off=frozenset({new_year}), years=frozenset({UNPUBLISHED}))
    assert not is_workday(new_year, table)
    assert is_workday(date(UNPUBLISHED, 1, 2), table)
    assert not is_provisional(date(UNPUBLISHED, 1, 2), table)
    assert not is_provisional(new_year, Table(off=frozenset({new_year})))


def test_a_day_cannot_be_both_off_and_on():
    with pytest.raises(ValueError, match="2026-10-11 既列为休息又列为上班"):
        Table(off=frozenset({date(2026, 10, 11)}), on=frozenset({date(2026, 10, 11)}))


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2026, 9, 30), 1, date(2026, 10, 8)),  # over the National Day holidays
        (date(2026, 10, 9), 1, date(2026, 10, 10)),  # a made-up Saturday counts
        (date(2026, 10, 9), 2, date(2026, 10, 12)),
        (date(2026, 10, 8), -1, date(2026, 9, 30)),
        (date(2026, 10, 3), 0, date(2026, 10, 3)),
    ],
)
def test_counting_working_days(day, count, expected):
    due = add_workdays(day, count)
    assert due.day == expected
    assert str(due) == str(expected)


def test_a_notice_of_five_working_days():
    """发展党员工作细则（2026）第十三条：公示不少于 5 个工作日."""
    assert add_workdays(date(2026, 9, 28), 5).day == date(2026, 10, 10)
    assert workdays_between(date(2026, 9, 28), date(2026, 10, 10)).count == 5
    assert str(workdays_between(date(2026, 9, 28), date(2026, 10, 10))) == "5 个工作日"


@pytest.mark.parametrize(
    ("first", "last"),
    [
        # 国务院办公厅 2025 年放假安排：10-01 至 10-08 放假，09-28（周日）、10-11（周六）上班
        (date(2025, 9, 26), date(2025, 10, 9)),  # 26、28、29、30、9
        (date(2025, 9, 28), date(2025, 10, 10)),  # 从调休上班的周日起
        (date(2025, 9, 29), date(2025, 10, 11)),  # 止于调休上班的周六
        (date(2025, 9, 30), date(2025, 10, 13)),
        (date(2025, 10, 1), date(2025, 10, 14)),  # 假期里贴出，假期不算
        # 2026 年放假安排：10-01 至 10-07 放假，09-20（周日）、10-10（周六）上班
        (date(2026, 9, 18), date(2026, 9, 23)),  # 18、20、21、22、23
        (date(2026, 9, 28), date(2026, 10, 9)),
        (date(2026, 9, 29), date(2026, 10, 10)),
        (date(2026, 9, 30), date(2026, 10, 12)),
        (date(2026, 10, 8), date(2026, 10, 13)),
    ],
)
def test_publicity_of_five_working_days_across_the_national_day_weeks(first, last):
    """发展党员工作细则（2026）第十三条：公示不少于 5 个工作日；贴出当天是工作日的算第一天."""
    day_before = first - timedelta(days=1)
    assert add_workdays(day_before, 5).day == last
    assert workdays_between(day_before, last).count == 5
    assert workdays_between(day_before, last - timedelta(days=1)).count == 4
    assert not add_workdays(day_before, 5).provisional


def test_the_end_may_not_lie_before_the_beginning():
    with pytest.raises(ValueError, match="早于起日"):
        workdays_between(date(2026, 10, 2), date(2026, 10, 1))


@given(st.dates(date(2010, 1, 1), date(2030, 12, 31)), st.integers(0, 40))
def test_counting_there_and_back_agrees(day, count):
    end = add_workdays(day, count).day
    assert workdays_between(day, end).count == count
    assert end - day >= timedelta(days=count)
