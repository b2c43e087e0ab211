"""Inspection pairs: what always holds, what yields and in which order, and that a draw can be repeated."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linghang.engine import Branch, DefinitionError, NoPairing, Pairing, pair

Arcs = list[tuple[int, int]]


def make(*sizes: int) -> list[Branch]:
    """One 总支 per size, its branches numbered on."""
    parents = [parent for parent, size in enumerate(sizes, 1) for _ in range(size)]
    return [Branch(key, parent) for key, parent in enumerate(parents, 1)]


def arcs(round_: Pairing) -> Arcs:
    return [(p.inspector, p.inspected) for p in round_.pairs]


def rules(round_: Pairing) -> list[str]:
    return [relaxation.rule for relaxation in round_.relaxations]


def parents(branches: list[Branch]) -> dict[int, int]:
    return {branch.key: branch.parent for branch in branches}


@pytest.mark.mechanism("S0-17")
def test_mutual_stays_within_the_general_branch() -> None:
    branches = make(9, 8, 3, 12)
    drawn, home = pair(branches, "mutual", 7), parents(branches)
    assert not drawn.relaxations
    assert all(home[a] == home[b] and a != b and (b, a) not in arcs(drawn) for a, b in arcs(drawn))


@pytest.mark.mechanism("S0-18")
def test_cross_leaves_the_general_branch_and_never_goes_both_ways() -> None:
    branches = make(9, 8, 3, 12, 9, 9, 10, 10)
    drawn, home = pair(branches, "cross", 20260612), parents(branches)
    assert not drawn.relaxations
    assert sorted(b for _, b in arcs(drawn)) == sorted(home)
    assert all(home[a] != home[b] and (b, a) not in arcs(drawn) for a, b in arcs(drawn))


# written down once: a change of library or platform that altered old draws would show here
SEVEN = [(1, 5), (2, 7), (3, 10), (4, 3), (5, 9), (6, 8), (7, 4), (8, 2), (9, 1), (10, 6)]


def test_the_same_draw_number_gives_the_same_round_everywhere() -> None:
    branches = make(3, 3, 4)
    assert arcs(pair(branches, "cross", 7)) == arcs(pair(reversed(branches), "cross", 7)) == SEVEN
    assert arcs(pair(branches, "cross", 8)) != SEVEN


def test_rounds_do_not_repeat_themselves() -> None:
    branches, history = make(4, 4, 4), []
    for draw in range(4):
        history.append(arcs(pair(branches, "cross", draw, history=history, rounds=3)))
    assert len({arc for past in history for arc in past}) == 4 * 12


def test_only_the_last_rounds_count() -> None:
    branches = make(1, 1, 1)
    first = arcs(pair(branches, "cross", 1))
    second = arcs(pair(branches, "cross", 1, history=[first], rounds=1))
    assert set(first).isdisjoint(second)
    assert arcs(pair(branches, "cross", 1, history=[first, second], rounds=1)) == first
    assert rules(pair(branches, "cross", 1, history=[first, second], rounds=0)) == []


def test_recent_pairs_yield_first_and_as_few_as_can_be() -> None:
    branches = make(1, 1, 1)
    history = [[(1, 2), (2, 3), (3, 1)], [(1, 3), (3, 2), (2, 1)]]
    drawn = pair(branches, "cross", 5, history=history)
    assert rules(drawn) == ["近几轮不重复"]
    assert (
        "“近几轮不重复”与“跨总支”、“同一轮不互查”、“不自查”、“各查一次”不能同时满足"
        in drawn.relaxations[0].note
    )
    assert "近几轮查过（已放宽“近几轮不重复”）" in drawn.pairs[0].reason
    one_way_out = [[(1, 2), (2, 3), (3, 1)], [(1, 3)]]
    kept = pair(branches, "cross", 5, history=one_way_out)
    assert (arcs(kept), kept.relaxations[0].pairs) == ([(1, 3), (2, 1), (3, 2)], ((1, 3),))


def test_the_other_general_branch_yields_next() -> None:
    drawn = pair(make(5, 1, 1), "cross", 5)
    assert rules(drawn) == ["跨总支"]
    assert len(drawn.relaxations[0].pairs) == 3
    assert "同在总支1（已放宽“跨总支”）" in "".join(p.reason for p in drawn.pairs)


def test_both_ways_is_the_last_to_yield_and_says_what_clashed() -> None:
    drawn = pair([Branch(1, 1, "内一", "内科总支"), Branch(2, 1, "内二", "内科总支")], "mutual", 5)
    assert arcs(drawn) == [(1, 2), (2, 1)]
    [relaxation] = drawn.relaxations
    assert relaxation.note == "内科总支只有 2 个支部，“不自查”与“同一轮不互查”相冲突，只能互相检查"
    assert drawn.pairs[0].reason == (
        "内一检查内二：同在内科总支，近几轮未查过，本轮互查（已放宽“同一轮不互查”）。抽签号 5。"
    )
    again = pair(make(2), "mutual", 5, history=[arcs(drawn)])
    assert rules(again) == ["近几轮不重复", "同一轮不互查"]


def test_conflicts_can_force_both_ways() -> None:
    conflicts = dict.fromkeys([(1, 3), (1, 4), (2, 3), (2, 4)], "亲属")
    drawn = pair(make(4), "mutual", 5, conflicts=conflicts)
    assert rules(drawn) == ["同一轮不互查"]
    assert arcs(drawn) == [(1, 2), (2, 1), (3, 4), (4, 3)]
    assert drawn.relaxations[0].note.endswith("“不自查”、“各查一次”、“回避”不能同时满足，放宽到尽量少")


def test_a_single_branch_joins_the_next_general_branch() -> None:
    drawn = pair(make(1, 3, 3, 1), "mutual", 5)
    home = parents(make(1, 3, 3, 1))
    assert rules(drawn) == ["在本总支内"]
    assert all({1, 4} & {home[a], home[b]} for a, b in drawn.relaxations[0].pairs)
    assert "并入相邻总支" in drawn.relaxations[0].note
    assert rules(pair(make(1, 1, 1), "mutual", 5)) == ["在本总支内"]


def test_without_a_solution_the_clashing_rules_are_named() -> None:
    with pytest.raises(NoPairing, match="总支1只有 1 个支部，“不自查”与“各查一次”相冲突") as alone:
        pair(make(1), "mutual", 1)
    assert alone.value.rules == ("不自查", "各查一次")
    with pytest.raises(
        NoPairing, match="全院排不出：“回避”与“各查一次”相冲突，支部1没有可检查的支部（回避：亲属、同科室）"
    ) as stuck:
        pair(make(2, 1), "cross", 1, conflicts={(1, 2): "亲属", (1, 3): "同科室"})
    assert stuck.value.rules == ("回避", "各查一次")
    with pytest.raises(NoPairing, match="支部1、支部2、支部3只能检查支部2、支部3（回避：亲属、同科室）"):
        pair(make(2, 1), "cross", 1, conflicts={(2, 1): "亲属", (3, 1): "同科室"})


def test_wrong_input_is_refused() -> None:
    method: Any = "crss"
    with pytest.raises(DefinitionError, match="没有互查方式“crss”，是不是“cross”"):
        pair(make(3), method, 1)
    with pytest.raises(DefinitionError, match="同一个支部不能列两次"):
        pair([Branch(1, 1), Branch(1, 2)], "cross", 1)
    assert pair([], "mutual", 1).pairs == ()


def test_candidates_are_widened_before_any_rule_yields() -> None:
    """All but one of 40 branches may be inspected by a single one each, in a ring that the first candidates miss."""
    ring = {(n, n % 40 + 1) for n in range(1, 41)}
    hub = {(n, 40) for n in range(1, 40)}
    conflicts = {(a, b): "回避" for a in range(1, 41) for b in range(21, 41) if (a, b) not in ring | hub}
    branches = [Branch(n, n) for n in range(1, 41)]
    drawn = pair(branches, "cross", 3, conflicts=conflicts)
    assert not set(arcs(drawn)) & set(conflicts)
    assert not drawn.relaxations


@given(
    st.lists(st.integers(1, 6), min_size=1, max_size=5),
    st.sampled_from(["mutual", "cross"]),
    st.integers(0, 10**9),
    st.integers(0, 3),
    st.sets(st.tuples(st.integers(1, 8), st.integers(1, 8)), max_size=4),
)
@settings(max_examples=60, deadline=None)
def test_every_round_keeps_what_it_does_not_report(
    sizes: list[int], method: Any, draw: int, past: int, forbidden: set[tuple[int, int]]
) -> None:
    branches, history = make(*sizes), []
    home, conflicts = parents(branches), dict.fromkeys(forbidden, "亲属")
    drawn, clash = None, ()
    try:
        for n in range(past):
            history.append(arcs(pair(branches, method, draw + n, history=history, conflicts=conflicts)))
        drawn = pair(branches, method, draw, history=history, conflicts=conflicts)
    except NoPairing as error:
        clash = error.rules
    if drawn is None:
        assert clash == (("不自查", "各查一次") if len(branches) == 1 else ("回避", "各查一次"))
        return
    found, broken = (
        arcs(drawn),
        {rule: {a for r in drawn.relaxations if r.rule == rule for a in r.pairs} for rule in rules(drawn)},
    )
    assert sorted(a for a, _ in found) == sorted(b for _, b in found) == sorted(home)
    assert not set(found) & set(conflicts)
    assert all(a != b for a, b in found)
    assert {arc for arc in found if arc[::-1] in found} == broken.get("同一轮不互查", set())
    assert {arc for arc in found if any(arc in past for past in history[-2:])} == broken.get(
        "近几轮不重复", set()
    )
    away = {(a, b) for a, b in found if home[a] != home[b]}
    assert (away if method == "mutual" else set(found) - away) == broken.get(
        "在本总支内", set()
    ) | broken.get("跨总支", set())


def test_two_hundred_branches_are_drawn() -> None:
    branches = [Branch(key, key % 8) for key in range(200)]
    first = pair(branches, "cross", 1)
    second = pair(branches, "cross", 2, history=[arcs(first)])
    assert not first.relaxations
    assert not second.relaxations
    assert set(arcs(first)).isdisjoint(arcs(second))
