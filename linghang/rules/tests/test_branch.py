"""Branches and their committees (支部工作条例 第四、五、二十条)."""

from datetime import date

import pytest

from linghang.rules import branch
from linghang.rules.clauses import Level
from linghang.rules.register import TooLoose

DAY = date(2026, 9, 1)


@pytest.mark.parametrize(
    ("members", "exists", "met"), [(2, False, True), (3, False, False), (3, True, True), (12, True, True)]
)
def test_three_full_members_make_a_branch(members, exists, met):
    verdict = branch.has_branch(members, exists, on=DAY)
    assert verdict.met is met
    assert verdict.cite == "支部工作条例 第四条"
    assert verdict.level is (Level.INFO if met else Level.WARN)


@pytest.mark.parametrize(("members", "met"), [(50, True), (51, False)])
def test_a_branch_has_at_most_fifty_members(members, met):
    """第四条."""
    assert branch.size(members, on=DAY).met is met


def test_a_hospital_may_set_a_smaller_size_not_a_larger():
    assert not branch.size(45, on=DAY, own={"max_members": 40}).met
    with pytest.raises(TooLoose, match="第四条"):
        branch.size(45, on=DAY, own={"max_members": 80})


@pytest.mark.parametrize(("units", "met"), [(5, True), (6, False)])
def test_a_joint_branch_covers_at_most_five_units(units, met):
    """第五条."""
    assert branch.joint_units(units, on=DAY).met is met


@pytest.mark.parametrize(
    ("members", "exists", "needed", "met"),
    [(6, False, False, True), (7, False, True, False), (7, True, True, True)],
)
def test_seven_full_members_elect_a_committee(members, exists, needed, met):
    """第二十条."""
    assert branch.needs_committee(members, on=DAY) is needed
    assert branch.has_committee(members, exists, on=DAY).met is met


@pytest.mark.parametrize(
    ("size", "met", "level"),
    [
        (2, False, Level.WARN),
        (3, True, Level.INFO),
        (5, True, Level.INFO),
        (6, False, Level.WARN),
        (7, False, Level.WARN),
        (8, False, Level.BLOCK),
    ],
)
def test_the_size_of_a_committee(size, met, level):
    """第二十条：3 至 5 人，一般不超过 7 人."""
    verdict = branch.committee_size(size, on=DAY)
    assert (verdict.met, verdict.level) == (met, level)


@pytest.mark.parametrize(
    ("members", "secretaries", "deputies", "met"),
    [(6, 1, 0, True), (6, 1, 1, True), (6, 0, 1, False), (6, 1, 2, False), (6, 2, 0, False), (9, 0, 0, True)],
)
def test_a_small_branch_has_one_secretary(members, secretaries, deputies, met):
    """第二十条."""
    assert branch.officers(members, secretaries, deputies, on=DAY).met is met


def test_a_committee_answers_for_three_duties():
    """第二十条."""
    assert branch.committee_duties({"组织", "宣传", "纪检", "青年"}, on=DAY).met
    verdict = branch.committee_duties({"组织"}, on=DAY)
    assert not verdict.met
    assert verdict.sentence == "支部委员分工缺宣传、纪检委员"
