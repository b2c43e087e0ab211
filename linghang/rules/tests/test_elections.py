"""Delegates, second ballots and approval (基层组织选举工作条例)."""

from datetime import date

import pytest

from linghang.rules import elections, voting
from linghang.rules.voting import Poll

DAY = date(2026, 9, 1)


@pytest.mark.parametrize(
    ("members", "scattered", "approval", "met"),
    [
        (500, False, "批复〔2026〕1号", True),
        (499, False, "批复", False),
        (300, True, "批复", True),
        (800, False, " ", False),
    ],
)
def test_delegates_need_five_hundred_members_and_approval(members, scattered, approval, met):
    """第四条."""
    assert elections.delegates_allowed(members, scattered, approval, on=DAY).met is met


@pytest.mark.parametrize(
    ("seats", "candidates", "met"),
    [(100, 120, True), (100, 119, False), (200, 240, True), (201, 260, False), (99, 130, False)],
)
def test_a_hundred_to_two_hundred_delegates_with_a_fifth_to_spare(seats, candidates, met):
    assert elections.delegates(seats, candidates, on=DAY).met is met


def first():
    poll = Poll(
        base=20, present=18, issued=18, returned=18, seats=3, votes={"甲": 17, "乙": 12, "丙": 12, "丁": 12}
    )
    return voting.election(poll, on=DAY)


def again(**votes):
    return Poll(base=20, present=18, issued=18, returned=18, seats=2, votes=votes)


def test_those_tied_at_the_last_seat_are_voted_on_again():
    """选举的实施章 (R-XJ-09)."""
    found = first()
    assert (found.elected, found.tied, found.vacant) == (("甲",), ("乙", "丙", "丁"), 2)
    second = elections.second_ballot(found, again(乙=15, 丙=12, 丁=9), on=DAY)
    assert second.elected == ("乙", "丙")
    assert second.vacant == 0


def test_a_second_ballot_is_about_the_tied_alone():
    with pytest.raises(ValueError, match="甲已经当选"):
        elections.second_ballot(first(), again(甲=10, 乙=10, 丙=10), on=DAY)
    with pytest.raises(ValueError, match="只就票数相等的乙、丙、丁再次投票"):
        elections.second_ballot(first(), again(乙=12, 戊=12), on=DAY)


def test_seats_that_nobody_won_are_voted_on_again_by_anybody():
    poll = Poll(
        base=20, present=18, issued=18, returned=18, seats=3, votes={"甲": 17, "乙": 12, "丙": 6, "丁": 5}
    )
    found = voting.election(poll, on=DAY)
    assert elections.second_ballot(found, again(戊=11), on=DAY).elected == ("戊",)


def test_a_complete_election_is_not_repeated():
    poll = Poll(base=20, present=18, issued=18, returned=18, seats=1, votes={"甲": 17})
    with pytest.raises(ValueError, match="不需要再次投票"):
        elections.second_ballot(voting.election(poll, on=DAY), again(乙=10), on=DAY)


@pytest.mark.parametrize(("elected", "met"), [(5, True), (4, False)])
def test_too_few_through_means_another_election_or_fewer_seats(elected, met):
    assert elections.may_reduce(elected, 5, on=DAY).met is met


@pytest.mark.parametrize(
    ("approvals", "met"),
    [
        ({"书记": "批复〔2026〕2号", "委员": ""}, True),
        ({"书记": "", "副书记": "批复"}, False),
        ({"委员": ""}, True),
    ],
)
def test_secretary_and_deputy_are_approved_the_committee_is_filed(approvals, met):
    """呈报审批章 (R-XJ-11)."""
    assert elections.reported(approvals, on=DAY).met is met
