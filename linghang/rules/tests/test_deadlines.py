"""Statutory deadlines in natural months, days and working days, with the article beside each case."""

from datetime import date

import pytest

from linghang.rules.deadlines import deadline, kept
from linghang.rules.register import TooLoose
from linghang.rules.workdays import Table


@pytest.mark.parametrize(
    ("code", "name", "since", "day"),
    [
        ("R-FZ-02", "talk_months", date(2026, 7, 31), date(2026, 8, 31)),  # 发展党员工作细则 第七条
        ("R-FZ-02", "talk_months", date(2027, 1, 31), date(2027, 2, 28)),  # 月末顺延到月末
        ("R-FZ-15", "meeting_months", date(2026, 8, 31), date(2026, 9, 30)),  # 第十九条
        ("R-FZ-17", "approval_months", date(2026, 11, 30), date(2027, 2, 28)),  # 第二十五条
        ("R-ZB-05", "reply_months", date(2024, 1, 31), date(2024, 2, 29)),  # 支部工作条例 第六条
        ("R-XF-03", "days", date(2026, 1, 1), date(2026, 3, 2)),  # 信访工作条例 第三十四条
        ("R-XF-01", "days", date(2026, 2, 20), date(2026, 3, 7)),  # 第二十三条
        ("R-XF-02", "workdays", date(2025, 9, 30), date(2025, 10, 14)),  # 国庆中秋八天，10-11 上班
        ("R-TS-03", "accept_workdays", date(2025, 9, 26), date(2025, 9, 30)),  # 9-28 调休上班
        ("R-LD-01", "most_years", date(2024, 2, 29), date(2029, 2, 28)),
    ],
)
def test_a_deadline_is_counted_as_the_text_counts(code, name, since, day):
    assert deadline(code, name, since).day == day


def test_a_year_without_a_published_calendar_is_provisional_until_the_hospital_brings_one():
    since = date(2031, 9, 29)
    assert str(deadline("R-XF-02", "workdays", since).due) == "2031-10-06（暂算）"
    own = Table(off=frozenset({date(2031, 10, day) for day in range(1, 8)}), years=frozenset({2031}))
    assert str(deadline("R-XF-02", "workdays", since, table=own).due) == "2031-10-13"


def test_what_is_late_says_by_which_deadline():
    late = kept("R-FZ-02", "talk_months", date(2026, 6, 1), date(2026, 7, 2), today=date(2026, 9, 1))
    assert not late.met
    assert late.sentence == "党组织派人谈话 2026-07-02 办，期限 2026-07-01（2026-06-01 起 1 个月），超期"
    assert kept("R-FZ-02", "talk_months", date(2026, 6, 1), date(2026, 7, 1), today=date(2026, 9, 1)).met


def test_what_is_open_is_met_until_its_last_day_has_passed():
    since, last = date(2026, 6, 1), date(2026, 7, 1)
    assert kept("R-FZ-02", "talk_months", since, None, today=last).met
    assert not kept("R-FZ-02", "talk_months", since, None, today=date(2026, 7, 2)).met


def test_a_hospital_may_be_quicker_never_slower():
    assert deadline("R-XF-02", "workdays", date(2026, 3, 2), own={"workdays": 3}).day == date(2026, 3, 5)
    with pytest.raises(TooLoose, match="R-XF-02 转送事项提出异议：提出异议工作日不得高于 5"):
        deadline("R-XF-02", "workdays", date(2026, 3, 2), own={"workdays": 8})


def test_a_number_that_is_no_stretch_of_time_is_refused():
    with pytest.raises(ValueError, match="R-FZ-09 的参数 introducers 不是期限"):
        deadline("R-FZ-09", "introducers", date(2026, 9, 1))
