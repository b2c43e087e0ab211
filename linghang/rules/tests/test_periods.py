"""Periods and natural months."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linghang.rules.periods import Kind, Period, Span, add_months, add_years, day_words, month_words, unbroken

DAYS = st.dates(date(1950, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),  # leap year
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 2, 28), 1, date(2026, 3, 28)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2026, 5, 31), 0, date(2026, 5, 31)),
    ],
)
def test_months_are_natural_months(day, months, expected):
    assert add_months(day, months) == expected


@pytest.mark.parametrize(
    ("day", "years", "expected"),
    [
        (date(2024, 2, 29), 1, date(2025, 2, 28)),
        (date(2024, 2, 29), 4, date(2028, 2, 29)),
        (date(2026, 7, 1), 3, date(2029, 7, 1)),
    ],
)
def test_years_are_not_365_days(day, years, expected):
    assert add_years(day, years) == expected


@pytest.mark.parametrize(
    ("key", "start", "end", "label", "short"),
    [
        ("2026-10", date(2026, 10, 1), date(2026, 10, 31), "2026 年 10 月", "10 月"),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), "2024 年 2 月", "2 月"),
        ("2026Q3", date(2026, 7, 1), date(2026, 9, 30), "2026 年第三季度", "三季度"),
        ("2026Q1", date(2026, 1, 1), date(2026, 3, 31), "2026 年第一季度", "一季度"),
        ("2026H1", date(2026, 1, 1), date(2026, 6, 30), "2026 年上半年", "上半年"),
        ("2026H2", date(2026, 7, 1), date(2026, 12, 31), "2026 年下半年", "下半年"),
        ("2026", date(2026, 1, 1), date(2026, 12, 31), "2026 年", "2026 年度"),
    ],
)
def test_a_key_is_read_and_written(key, start, end, label, short):
    period = Period.parse(key)
    assert tuple(period) == (start, end)
    assert (period.key, period.label, period.short, str(period)) == (key, label, short, label)


@pytest.mark.parametrize("key", ["2026-13", "2026Q5", "2026H3", "26", "2026-1", "2026Q3x", ""])
def test_a_key_that_is_none_is_refused(key):
    with pytest.raises(ValueError, match="不是期间"):
        Period.parse(key)


@pytest.mark.parametrize(
    ("start", "kind"), [(date(2026, 1, 2), Kind.MONTH), (date(2026, 2, 1), Kind.QUARTER)]
)
def test_a_period_begins_on_its_first_day(start, kind):
    with pytest.raises(ValueError, match="第一天"):
        Period(start, kind)


@given(DAYS, st.sampled_from(Kind))
def test_periods_tile_the_calendar(day, kind):
    period = Period.containing(kind, day)
    assert day in period
    assert period.next.start == period.end + timedelta(days=1)
    assert period.next.previous == period
    assert Period.parse(period.key) == period


def test_periods_between_two_days():
    keys = [each.key for each in Period.between(Kind.QUARTER, date(2025, 11, 15), date(2026, 4, 1))]
    assert keys == ["2025Q4", "2026Q1", "2026Q2"]
    assert not list(Period.between(Kind.MONTH, date(2026, 2, 1), date(2026, 1, 1)))


def test_kinds_have_names():
    assert [kind.label for kind in Kind] == ["月", "季度", "半年", "年"]


def test_a_span_includes_both_ends():
    span = Span(date(2026, 1, 1), date(2026, 1, 31))
    assert date(2026, 1, 1) in span
    assert date(2026, 1, 31) in span
    assert date(2025, 12, 31) not in span
    assert date(2026, 2, 1) not in span
    assert date(2100, 1, 1) in Span(date(2026, 1, 1))


@pytest.mark.parametrize(
    ("spans", "covered"),
    [
        ([], False),
        ([Span(date(2025, 1, 1))], True),
        ([Span(date(2026, 4, 2))], False),
        ([Span(date(2026, 5, 1), date(2026, 6, 30)), Span(date(2026, 1, 1), date(2026, 4, 30))], True),
        ([Span(date(2026, 1, 1), date(2026, 4, 30)), Span(date(2026, 5, 2))], False),
        ([Span(date(2026, 1, 1), date(2026, 6, 29))], False),
    ],
)
def test_spans_may_take_over_from_each_other(spans, covered):
    assert unbroken(spans, date(2026, 4, 1), date(2026, 6, 30)) is covered


def test_days_and_months_have_one_way_of_being_written():
    assert month_words(date(2026, 10, 8)) == "2026 年 10 月"
    assert day_words(date(2026, 10, 8)) == "2026 年 10 月 8 日"
    assert day_words(None) == ""
