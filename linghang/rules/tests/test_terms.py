"""Terms of office (支部工作条例 第二十一条，基层组织任期意见，选举工作条例 第三条)."""

from datetime import date

import pytest

from linghang.rules import terms
from linghang.rules.clauses import Level
from linghang.rules.terms import Body, Postponement, Stage

DAY = date(2026, 9, 1)


@pytest.mark.parametrize(
    ("body", "elected_on", "ends_on"),
    [
        (Body.COMMITTEE, date(2021, 10, 15), date(2026, 10, 15)),  # 任期意见：基层党委 5 年
        (Body.GENERAL_BRANCH, date(2023, 10, 15), date(2026, 10, 15)),  # 总支 3 年
        (Body.BRANCH, date(2023, 10, 15), date(2026, 10, 15)),  # 第二十一条：支部 3 年
        (Body.BRANCH, date(2024, 2, 29), date(2027, 2, 28)),  # leap day
    ],
)
def test_the_length_of_a_term(body, elected_on, ends_on):
    assert terms.term_end(body, elected_on, on=DAY) == ends_on


@pytest.mark.parametrize(
    ("on", "stage", "level", "code"),
    [
        (date(2026, 2, 27), Stage.RUNNING, Level.INFO, "R-ZB-24"),
        (date(2026, 2, 28), Stage.PREPARE, Level.REMIND, "R-ZB-25"),  # 08-31 六个月前，月末顺延
        (date(2026, 8, 31), Stage.PREPARE, Level.REMIND, "R-ZB-25"),
        (date(2026, 9, 1), Stage.OVERDUE, Level.WARN, "R-ZB-25"),
    ],
)
def test_the_stages_of_a_term(on, stage, level, code):
    found = terms.term(Body.BRANCH, date(2023, 8, 31), on=on)
    assert (found.stage, found.level, found.rule.code) == (stage, level, code)
    assert (found.ends_on, found.remind_on, found.latest_on) == (
        date(2026, 8, 31),
        date(2026, 2, 28),
        date(2027, 8, 31),
    )
    assert "2026-08-31" in found.sentence


@pytest.mark.parametrize(
    ("postponed", "stage", "level"),
    [
        (Postponement(date(2027, 3, 1), "院党〔2026〕12号"), Stage.POSTPONED, Level.REMIND),
        (Postponement(date(2027, 9, 1), "院党〔2026〕12号"), Stage.POSTPONED, Level.WARN),  # 超过一年
        (Postponement(date(2027, 3, 1), " "), Stage.OVERDUE, Level.WARN),  # 没有批复
        (Postponement(date(2026, 10, 1), "院党〔2026〕12号"), Stage.OVERDUE, Level.WARN),  # 延期也过了
    ],
)
def test_a_postponement_needs_approval_and_ends_within_a_year(postponed, stage, level):
    found = terms.term(Body.BRANCH, date(2023, 8, 31), on=date(2026, 11, 1), postponed=postponed)
    assert (found.stage, found.level) == (stage, level)


def test_a_committees_term_rests_on_the_election_regulation():
    found = terms.term(Body.COMMITTEE, date(2021, 8, 31), on=date(2026, 5, 1))
    assert found.rule.cite == "基层组织选举工作条例 第三条"
    assert terms.term(Body.COMMITTEE, date(2021, 8, 31), on=date(2025, 5, 1)).rule.code == "R-XJ-12"


def test_a_hospital_may_remind_earlier():
    found = terms.term(Body.BRANCH, date(2023, 8, 31), on=date(2026, 1, 1), own={"remind_months": 8})
    assert found.stage is Stage.PREPARE


@pytest.mark.parametrize(
    ("held_on", "approval", "met"),
    [
        (date(2026, 8, 31), "", True),
        (date(2026, 9, 20), "", False),
        (date(2026, 9, 20), "院党〔2026〕12号", True),
        (date(2025, 8, 31), "院党〔2025〕3号", True),  # 提前不超过一年
        (date(2025, 8, 30), "院党〔2025〕3号", False),
        (date(2027, 9, 1), "院党〔2026〕12号", False),
    ],
)
def test_an_election_off_its_day(held_on, approval, met):
    """第二十一条；选举工作条例 第三条."""
    assert terms.election_day(Body.BRANCH, date(2026, 8, 31), held_on, approval).met is met
