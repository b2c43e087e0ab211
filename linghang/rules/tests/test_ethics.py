"""The appraisal of medical ethics (医德考评指导意见)."""

from datetime import date

import pytest

from linghang.rules import ethics
from linghang.rules.clauses import Level, Share
from linghang.rules.register import TooLoose

DAY = date(2026, 12, 1)


@pytest.mark.parametrize(
    ("grades", "met"), [(("良好",), True), ((), False), (("良好", "优秀"), False), (("合格",), False)]
)
def test_one_of_four_grades_a_year(grades, met):
    assert ethics.graded(grades, on=DAY).met is met


@pytest.mark.parametrize(
    ("count", "met", "level"),
    [(20, True, Level.INFO), (21, False, Level.WARN), (30, False, Level.WARN), (31, False, Level.BLOCK)],
)
def test_a_tenth_is_excellent_and_never_more_than_fifteen_in_a_hundred(count, met, level):
    verdict = ethics.excellent(count, 205, on=DAY)
    assert (verdict.met, verdict.level) == (met, level)


def test_a_hospital_may_name_fewer_excellent_never_more():
    assert not ethics.excellent(11, 200, on=DAY, own={"usual": Share.parse(">=1/20")}).met
    with pytest.raises(TooLoose, match="R-YD-02"):
        ethics.excellent(11, 200, on=DAY, own={"most": Share.parse(">=1/5")})


@pytest.mark.parametrize(
    ("acts", "grade", "met"),
    [((), "优秀", True), ((ethics.POOR[0],), "一般", False), ((ethics.POOR[0],), "较差", True)],
)
def test_some_acts_make_it_poor(acts, grade, met):
    assert ethics.poor(acts, grade, on=DAY).met is met


def test_an_act_that_the_text_does_not_name_is_refused():
    with pytest.raises(ValueError, match="迟到"):
        ethics.poor(("迟到",), "较差", on=DAY)


@pytest.mark.parametrize(("last", "met"), [(2023, True), (2022, False)])
def test_a_physician_is_appraised_every_three_years(last, met):
    """医师法 第四十二条."""
    assert ethics.appraisal_cycle(last, 2026, on=DAY).met is met
