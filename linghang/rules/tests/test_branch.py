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


@pytest.mark.parametrize(
    ("months", "members", "exists", "met"),
    [(6, 3, False, False), (6, 3, True, True), (5, 9, False, True), (12, 2, False, True)],
)
def test_a_long_project_has_a_branch(months, members, exists, met):
    """第五条."""
    assert branch.project_branch(months, members, exists, on=DAY).met is met


@pytest.mark.parametrize(
    ("approved_by", "named", "met"), [("院党委", True, True), ("", True, False), ("院党委", False, False)]
)
def test_a_temporary_branch_is_approved_and_led_by_whom_the_superior_names(approved_by, named, met):
    """第八条."""
    assert branch.temporary(approved_by, named, on=DAY).met is met


@pytest.mark.parametrize(("act", "met"), [("发展党员", False), ("换届选举", False), ("主题党日", True)])
def test_what_a_temporary_branch_does_not_do(act, met):
    """第八条."""
    verdict = branch.temporary_may(act, on=DAY)
    assert verdict.met is met
    assert verdict.level is (Level.INFO if met else Level.BLOCK)


@pytest.mark.parametrize(("ended_on", "met"), [(None, True), (DAY, False), (date(2026, 9, 2), True)])
def test_a_temporary_branch_ends_with_its_task(ended_on, met):
    """第八条."""
    assert branch.temporary_stands(ended_on, on=DAY).met is met


@pytest.mark.parametrize(("since", "met"), [(None, True), (date(2026, 5, 1), False)])
def test_a_vacant_post_is_filled(since, met):
    """第二十一条."""
    assert branch.vacancy("书记", since, on=DAY).met is met


@pytest.mark.parametrize(("since", "met"), [(date(2025, 9, 1), True), (date(2025, 9, 2), False)])
def test_a_secretary_has_been_a_member_for_a_year(since, met):
    """第二十三条（条号待核）."""
    assert branch.secretary_seniority(since, on=DAY).met is met


@pytest.mark.parametrize(("chosen", "met"), [("指定", True), ("推荐", True), ("竞聘", False)])
def test_a_group_leader_is_named_or_proposed(chosen, met):
    """第十三条."""
    assert branch.group_leader(chosen, on=DAY).met is met
