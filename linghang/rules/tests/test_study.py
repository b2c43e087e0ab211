"""Study hours and courses (党员教育管理工作条例 第二十条，培训规划)."""

from datetime import date

import pytest

from linghang.rules import study

DAY = date(2026, 12, 31)


@pytest.mark.parametrize(("hours", "met"), [(31.5, False), (32, True)])
def test_a_member_studies_thirty_two_hours(hours, met):
    verdict = study.hours(hours, on=DAY)
    assert verdict.met is met
    assert verdict.sentence == f"本年度 {hours:g} 学时，应不少于 32 学时"


@pytest.mark.parametrize(
    ("hours", "courses", "met"), [(56, 1, True), (56, 0, False), (55.5, 1, False), (80, 2, True)]
)
def test_a_leader_studies_fifty_six_hours_with_a_course(hours, courses, met):
    assert study.leader_hours(hours, courses, on=DAY).met is met


@pytest.mark.parametrize(
    ("trained_on", "today", "met"),
    [
        (None, date(2026, 8, 28), True),
        (None, date(2026, 8, 29), False),
        (date(2026, 8, 28), DAY, True),
        (date(2026, 8, 29), DAY, False),
    ],
)
def test_a_new_secretary_is_trained_within_half_a_year(trained_on, today, met):
    assert study.induction(date(2026, 2, 28), trained_on, today=today).met is met


@pytest.mark.parametrize(
    ("confirmed_on", "courses", "today", "missing"),
    [
        (None, (), date(2025, 12, 31), ""),
        (None, (), date(2026, 3, 1), "预备期内"),
        (date(2026, 3, 1), (date(2025, 6, 1),), date(2026, 9, 1), ""),
        (date(2026, 3, 1), (date(2025, 6, 1),), date(2027, 3, 1), "转正后一年内"),
        (date(2026, 3, 1), (date(2025, 6, 1), date(2026, 9, 1)), date(2027, 3, 1), ""),
        (date(2026, 3, 1), (), date(2027, 3, 1), "预备期内、转正后一年内"),
    ],
)
def test_a_course_in_the_probation_and_one_in_the_year_after(confirmed_on, courses, today, missing):
    verdict = study.early_courses(date(2025, 3, 1), confirmed_on, courses, today=today)
    assert verdict.met == (not missing)
    assert verdict.sentence.startswith(missing)
