"""Quotas, ties and ceilings: 70 branches give 示范 10 and 优秀 21, seven give 1 and 2."""

from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linghang.engine import (
    Candidate,
    DefinitionError,
    Proposal,
    Rating,
    Ratings,
    Sheet,
    candidates,
    quota,
    rate,
)
from linghang.engine.tests.test_sheet import Rule, give, sheet_of

LADDER = (
    Rating("示范", 90, 0.15),
    Rating("优秀", 90, 0.3),
    Rating("良好", 80),
    Rating("一般", 60),
    Rating("差"),
)
SCHEME = Ratings(LADDER)
PARTED = Ratings(LADDER, ties=("D", "E"))


def make(subject: int, total: float | None, **fields: Any) -> Candidate:
    return Candidate(subject, None if total is None else Decimal(str(total)), **fields)


def ratings(scheme: Ratings, *found: Candidate) -> list[str | None]:
    return [proposal.rating for proposal in rate(scheme, found)]


@pytest.mark.mechanism("S2-32")
@pytest.mark.parametrize(
    ("branches", "share", "places"),
    [
        (70, 0.15, 10),
        (70, 0.3, 21),
        (7, 0.15, 1),
        (7, 0.3, 2),
        (20, 0.15, 3),
        (10, 0.3, 3),
        (1, 0.15, 1),
        (100, 0.29, 29),
    ],
)
def test_places_round_down_and_are_at_least_one(branches: int, share: float, places: int) -> None:
    assert quota(branches, share) == places


@pytest.mark.mechanism("S2-32")
@pytest.mark.parametrize(
    ("branches", "inclusive", "exemplary", "excellent"),
    [(70, False, 10, 21), (7, False, 1, 2), (70, True, 10, 11), (7, True, 1, 1)],
)
def test_exemplary_and_excellent_are_counted_apart_unless_said_otherwise(
    branches: int, inclusive: bool, exemplary: int, excellent: int
) -> None:
    scheme = Ratings(LADDER, inclusive=inclusive)
    found = Counter(ratings(scheme, *(make(n, 100 - n / 100) for n in range(branches))))
    assert (found["示范"], found["优秀"]) == (exemplary, excellent)
    assert found["良好"] == branches - exemplary - excellent


def test_minimum_scores_leave_places_empty() -> None:
    proposals = rate(SCHEME, [make(1, 91), make(2, 89.99), make(3, 60), make(4, 59.99)])
    assert [p.rating for p in proposals] == ["示范", "良好", "一般", "差"]
    assert [p.reason for p in proposals[:2]] == [
        "91 分，在“示范”1 个名额之内",
        "89.99 分，达到“良好”的 80 分",
    ]
    assert (
        rate(SCHEME, [make(n, 99 - n) for n in range(4)])[3].reason
        == "96 分，达到“良好”的 80 分；更高等次的名额已满"
    )
    without_floor = Ratings((Rating("优秀", 90, 0.3), Rating("合格", 60)))
    assert rate(without_floor, [make(1, 50)])[0].reason == "50 分，未达到任何等次的最低分或名额已满"


def test_vetoed_and_incomplete_get_no_place() -> None:
    proposals = rate(
        SCHEME,
        [
            make(1, 99, ceiling="一般"),
            make(2, 98, ceiling=""),
            make(3, None),
            make(4, 97),
            make(5, 50, ceiling="一般"),
        ],
    )
    assert [p.rating for p in proposals] == ["一般", None, None, "示范", "差"]
    assert [p.reason for p in proposals[:3]] == [
        "99 分，达到“一般”的 60 分；命中限级，等次不高于“一般”",
        "命中一票否决，不定等次",
        "无法判定：总分尚不完整，不参加评定",
    ]
    assert ratings(SCHEME, make(1, 99, ceiling="优秀"), make(2, 95)) == ["优秀", "示范"]


def test_tie_keys_part_equals_in_their_order() -> None:
    first, second = make(1, 95, ties={"D": 20, "E": 15}), make(2, 95, ties={"D": 22, "E": 10})
    assert ratings(PARTED, first, second) == ["优秀", "示范"]
    with pytest.raises(DefinitionError, match="没有对象 1 的并列比较项“E”"):
        rate(PARTED, [make(1, 95, ties={"D": 20})])
    assert ratings(PARTED, make(1, None)) == [None]


def test_a_tie_at_the_edge_goes_to_the_committee() -> None:
    proposals = rate(
        SCHEME, [make(1, 95), make(2, 95), make(3, 95), make(4, 91), make(5, 70), make(6, 70), make(7, 70)]
    )
    assert [p.rating for p in proposals] == [None, None, None, "良好", "一般", "一般", "一般"]
    tie = proposals[0]
    assert (tie.among, tie.seats, tie.tied) == (("示范", "优秀"), 1, (1, 2, 3))
    assert tie.reason == "95 分，与另外 2 个对象各项比较仍并列，“示范”余 1 个名额，提请集体票决"


def test_equals_that_all_get_a_place_need_no_vote() -> None:
    scheme = Ratings((Rating("示范", 90, 0.5), Rating("合格")))
    assert ratings(scheme, make(1, 95), make(2, 95), make(3, 91), make(4, 91)) == [
        "示范",
        "示范",
        "合格",
        "合格",
    ]


def test_a_capped_equal_does_not_compete() -> None:
    proposals = rate(SCHEME, [make(1, 95), make(2, 95, ceiling="优秀"), *(make(n, 70) for n in range(3, 8))])
    assert [p.rating for p in proposals[:2]] == ["示范", "优秀"]


def test_a_tie_may_end_without_any_rating() -> None:
    proposals = rate(Ratings((Rating("优秀", 90, 0.3),)), [make(1, 95), make(2, 95)])
    assert [(p.rating, p.among) for p in proposals] == [(None, ("优秀",))] * 2


def test_classes_have_quotas_of_their_own() -> None:
    found = [make(n, 99 - n, category="临床" if n < 6 else "医技") for n in range(8)]
    assert ratings(SCHEME, *found)[6:] == ["良好", "良好"]
    assert ratings(Ratings(LADDER, by_class=True), *found)[6:] == ["示范", "优秀"]


def test_candidates_come_from_sheets_with_their_lowest_ceiling() -> None:
    veto = Rule("veto")
    sheets = [
        sheet_of(give("A1", 100, 95), give("V1", 0, 1, rule=veto, ceiling="一般"), give("V2", 0, 1, rule=veto, ceiling="差")),
        Sheet(2, (), None, "unknown"),
    ]  # fmt: skip
    first, second = candidates(sheets, PARTED, ties={1: {"D": 3}}, categories={1: "临床"})
    assert (first.ceiling, first.total, first.category, dict(first.ties)) == ("差", 95, "临床", {"D": 3})
    assert (second.ceiling, second.total, second.category, dict(second.ties)) == (None, None, "", {})
    wrong = sheet_of(give("A1", 100, 95), give("V1", 0, 1, rule=veto, ceiling="一股"))
    with pytest.raises(DefinitionError, match="没有等次“一股”，是不是“一般”"):
        candidates([wrong], SCHEME)
    with pytest.raises(DefinitionError, match="没有等次“良”"):
        rate(SCHEME, [make(1, 95, ceiling="良")])


@pytest.mark.parametrize(
    ("found", "message"),
    [
        ((), "等次不能为空"),
        ((Rating("良好"), Rating("良好")), "也不能重名"),
        ((Rating("良好", 80), Rating("优秀", 90)), "不能越往下越高"),
        ((Rating("优秀", 90, 15),), "0 到 1 之间"),
    ],
)
def test_wrong_ratings_are_refused(found: tuple[Rating, ...], message: str) -> None:
    with pytest.raises(DefinitionError, match=message):
        Ratings(found)


TOTALS = st.none() | st.sampled_from([95, 92.5, 90, 85, 70])
FOUND = st.lists(
    st.tuples(TOTALS, st.none() | st.sampled_from(["", "优秀", "一般"]), st.sampled_from("ab")), max_size=20
)
FLAGS = st.tuples(st.booleans(), st.booleans())


def propose(
    drawn: list[tuple[Any, ...]], flags: tuple[bool, bool]
) -> tuple[Ratings, list[Candidate], list[Proposal]]:
    scheme = Ratings(LADDER, inclusive=flags[0], by_class=flags[1])
    found = [
        make(n, total, ceiling=ceiling, category=category)
        for n, (total, ceiling, category) in enumerate(drawn)
    ]
    return scheme, found, rate(scheme, found)


@given(FOUND, FLAGS)
def test_a_quota_is_never_exceeded(drawn: list[tuple[Any, ...]], flags: tuple[bool, bool]) -> None:
    scheme, found, proposals = propose(drawn, flags)
    groups: dict[str, list[int]] = {}
    for n, candidate in enumerate(found):
        groups.setdefault(candidate.category if flags[1] else "", []).append(n)
    for members in groups.values():
        own = [proposals[n] for n in members]
        places = {r.name: quota(len(members), r.share) for r in scheme.ratings if r.share}
        given = {name: sum(p.rating == name for p in own) for name in places}
        votes = {p.tied: (p.among[0], p.seats) for p in own if p.among}
        for name, seats in votes.values():
            given[name] += seats
        assert all(given[name] <= places[name] for name in places)
        if flags[0]:
            assert given["示范"] + given["优秀"] <= places["优秀"]


@given(FOUND, FLAGS)
def test_a_higher_total_never_gets_a_lower_rating(
    drawn: list[tuple[Any, ...]], flags: tuple[bool, bool]
) -> None:
    scheme, found, proposals = propose(drawn, flags)
    order = [rating.name for rating in scheme.ratings]
    open_ = [(c, p) for c, p in zip(found, proposals, strict=True) if c.ceiling is None and p.rating]
    for one, high in open_:
        for other, low in open_:
            same_group = one.category == other.category or not flags[1]
            if same_group and one.total >= other.total:  # type: ignore[operator]
                assert order.index(str(high.rating)) <= order.index(str(low.rating))


@given(FOUND, FLAGS, st.randoms(use_true_random=False))
def test_the_order_of_candidates_decides_nothing(
    drawn: list[tuple[Any, ...]], flags: tuple[bool, bool], random: Any
) -> None:
    scheme, found, proposals = propose(drawn, flags)
    random.shuffle(found)
    again = {p.subject: (p.rating, p.among, p.seats) for p in rate(scheme, found)}
    assert again == {p.subject: (p.rating, p.among, p.seats) for p in proposals}
