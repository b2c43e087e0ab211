"""A single meeting (支部工作条例 第十二、十四、十六至十八条)."""

from datetime import date

import pytest

from linghang.rules import meetings
from linghang.rules.clauses import Level
from linghang.rules.meetings import APPRAISAL_STEPS, Chair

DAY = date(2026, 9, 10)


@pytest.mark.parametrize(
    ("committee_met_on", "met"),
    [(date(2026, 9, 9), True), (DAY, True), (date(2026, 9, 11), False), (None, False)],
)
def test_a_weighty_matter_passes_the_committee_first(committee_met_on, met):
    """第十二条."""
    assert meetings.discussed_first(committee_met_on, DAY).met is met


@pytest.mark.parametrize(
    ("chair", "more", "met"),
    [
        (Chair.SECRETARY, {}, True),
        (Chair.DEPUTY, {}, False),
        (Chair.DEPUTY, {"entrusted": True}, True),
        (Chair.COMMITTEE_MEMBER, {"entrusted": True}, True),
        (Chair.OTHER, {"entrusted": True}, False),
        (Chair.GROUP_LEADER, {"group": True}, True),
        (Chair.SECRETARY, {"group": True}, False),
    ],
)
def test_who_may_chair(chair, more, met):
    """第十四条."""
    assert meetings.chaired(chair, on=DAY, **more).met is met


@pytest.mark.parametrize(("fixed_day", "met"), [(10, True), (15, False), (None, False)])
def test_the_themed_day_keeps_its_day(fixed_day, met):
    """第十六条."""
    verdict = meetings.themed_day(fixed_day, DAY)
    assert (verdict.met, verdict.level) == (met, Level.INFO)


@pytest.mark.parametrize(("day", "met"), [(date(2026, 10, 1), True), (date(2026, 9, 30), False)])
def test_the_life_meeting_is_usually_in_the_fourth_quarter(day, met):
    """第十七条."""
    verdict = meetings.life_meeting_season(day)
    assert (verdict.met, verdict.level) == (met, Level.INFO)


def test_an_appraisal_has_four_steps():
    """第十八条."""
    assert meetings.appraisal_complete(APPRAISAL_STEPS, on=DAY).met
    verdict = meetings.appraisal_complete(["个人自评", "民主测评"], on=DAY)
    assert verdict.sentence == "民主评议还缺：党员互评、组织评定"


def pairs(*names):
    return [frozenset(pair.split("-")) for pair in names]


@pytest.mark.parametrize(
    ("talks", "said"),
    [
        ([], "应谈 8 项，已谈 0 项"),
        (
            ["书记-组委", "书记-甲", "书记-乙", "组委-甲", "组委-乙", "书记-丙", "组委-丙"],
            "应谈 10 项，已谈 7 项",
        ),
        (["甲-乙"], "应谈 8 项，已谈 2 项"),
    ],
)
def test_who_is_to_have_talked_with_whom(talks, said):
    """第十九条."""
    members = (
        ["书记", "组委", "甲", "乙", "丙"]
        if any("丙" in talk for talk in talks)
        else ["书记", "组委", "甲", "乙"]
    )
    expected = said if "丙" in "".join(talks) else said.replace("8", "7")
    assert meetings.talked(["书记", "组委"], members, pairs(*talks), on=DAY).sentence == expected


def test_a_single_member_beside_the_committee_has_nobody_else_to_talk_with():
    assert meetings.talked(["书记"], ["书记", "甲"], pairs("书记-甲"), on=DAY).met
