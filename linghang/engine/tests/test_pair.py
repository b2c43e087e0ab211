"""Inspection pairs: what always holds, what yields and in which order, and that a draw can be repeated."""

import random
from typing import Any

import pytest

from linghang.engine import Branch, DefinitionError, NoPairing, Pairing, pair
from linghang.engine.pair import broken

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


def test_recent_pairs_are_repeated_only_where_nothing_else_is_left_and_as_few_as_can_be() -> None:
    branches = make(1, 1, 1)
    history = [[(1, 2), (2, 3), (3, 1)], [(1, 3), (3, 2), (2, 1)]]
    drawn = pair(branches, "cross", 5, history=history)
    assert rules(drawn) == ["近几轮不重复"]
    assert "“近几轮不重复”与“不自查”、“同一轮不互查”、“各查一次”不能同时满足" in drawn.relaxations[0].note
    assert "近几轮查过（已放宽“近几轮不重复”）" in drawn.pairs[0].reason
    one_way_out = [[(1, 2), (2, 3), (3, 1)], [(1, 3)]]
    kept = pair(branches, "cross", 5, history=one_way_out)
    assert (arcs(kept), kept.relaxations[0].pairs) == ([(1, 3), (2, 1), (3, 2)], ((1, 3),))


def test_the_other_general_branch_yields_before_the_last_rounds_do() -> None:
    drawn = pair(make(5, 1, 1), "cross", 5)
    assert rules(drawn) == ["跨总支"]
    assert len(drawn.relaxations[0].pairs) == 3
    assert "同在总支1（已放宽“跨总支”）" in "".join(p.reason for p in drawn.pairs)
    # between two 总支 of two branches there are two rounds; the third must give up one rule or the other
    branches, history = make(2, 2), []
    for draw in (1, 2):
        history.append(arcs(pair(branches, "cross", draw, history=history)))
    third = pair(branches, "cross", 3, history=history)
    assert [(r.rule, len(r.pairs)) for r in third.relaxations] == [("跨总支", 2), ("近几轮不重复", 2)]
    turned = pair(branches, "cross", 3, history=history, yields=("近几轮不重复", "跨总支"))
    assert [(r.rule, len(r.pairs)) for r in turned.relaxations] == [("近几轮不重复", 4)]
    with pytest.raises(DefinitionError, match="放宽的次序应写全：跨总支、近几轮不重复"):
        pair(branches, "cross", 3, yields=("跨总支",))


def test_a_general_branch_repeats_its_pairs_before_it_joins_another() -> None:
    branches, history = make(3, 4), []
    for draw in range(3):
        history.append(arcs(pair(branches, "mutual", draw, history=history)))
    last, home = pair(branches, "mutual", 9, history=history), parents(branches)
    assert set(rules(last)) == {"近几轮不重复"}
    assert all(home[a] == home[b] for a, b in arcs(last))


@pytest.mark.mechanism("S0-18")
def test_no_two_inspect_each_other_not_even_where_there_is_no_other_way() -> None:
    two = [Branch(1, 1, "内一", "内科总支"), Branch(2, 1, "内二", "内科总支")]
    with pytest.raises(NoPairing) as alone:
        pair(two, "mutual", 5)
    assert str(alone.value) == "内科总支只有 2 个支部，“不自查”与“同一轮不互查”相冲突，只能互相检查"
    assert alone.value.rules == ("不自查", "同一轮不互查", "各查一次")
    conflicts = dict.fromkeys([(1, 3), (1, 4), (2, 3), (2, 4)], "亲属")
    with pytest.raises(NoPairing, match="怎样排都有支部互相检查，如支部1与支部2（回避：亲属）") as forced:
        pair(make(4), "mutual", 5, conflicts=conflicts)
    assert forced.value.rules == ("回避", "同一轮不互查", "各查一次")


def test_a_general_branch_that_cannot_pair_within_joins_the_next() -> None:
    conflicts = dict.fromkeys([(1, 3), (1, 4), (2, 3), (2, 4)], "亲属")
    drawn = pair(make(4, 5), "mutual", 5, conflicts=conflicts)
    assert rules(drawn) == ["在本总支内"]
    assert len(drawn.relaxations[0].pairs) == 2, "one out and one back"
    assert not set(arcs(drawn)) & set(conflicts)


def test_a_single_branch_joins_the_next_general_branch() -> None:
    drawn = pair(make(1, 3, 3, 1), "mutual", 5)
    home = parents(make(1, 3, 3, 1))
    assert rules(drawn) == ["在本总支内"]
    assert all({1, 4} & {home[a], home[b]} for a, b in drawn.relaxations[0].pairs)
    assert "并入下一个总支" in drawn.relaxations[0].note
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


def test_a_round_is_read_off_for_every_rule_that_it_breaks() -> None:
    found = broken([(1, 1), (2, 3), (3, 2), (4, 3)], make(3, 1), recent=[(2, 3)], conflicts=[(4, 3)])
    assert found == {
        "不自查": [(1, 1)],
        "同一轮不互查": [(2, 3), (3, 2)],
        "回避": [(4, 3)],
        "各查一次": [(2, 3), (4, 3)],
        "近几轮不重复": [(2, 3)],
        "跨总支": [(1, 1), (2, 3), (3, 2)],
        "在本总支内": [(4, 3)],
    }


def test_a_hub_that_most_lead_to_leaves_room_for_the_others() -> None:
    """All but one of 40 branches may be inspected by a single one each, in a ring."""
    ring = {(n, n % 40 + 1) for n in range(1, 41)}
    hub = {(n, 40) for n in range(1, 40)}
    conflicts = {(a, b): "回避" for a in range(1, 41) for b in range(21, 41) if (a, b) not in ring | hub}
    branches = [Branch(n, n) for n in range(1, 41)]
    drawn = pair(branches, "cross", 3, conflicts=conflicts)
    assert not set(arcs(drawn)) & set(conflicts)
    assert not drawn.relaxations


def three_each(size: int, seed: int) -> set[tuple[int, int]]:
    """A random web in which each may inspect three others, and each of them back: hardly any room for a round."""
    lot = random.Random(seed)
    while True:
        ends = [n for n in range(size) for _ in range(3)]
        lot.shuffle(ends)
        web = {frozenset(two) for two in zip(ends[::2], ends[1::2], strict=True)}
        if len(web) == 3 * size // 2 and all(len(two) == 2 for two in web):
            return {(a, b) for a, b in map(tuple, web)} | {(b, a) for a, b in map(tuple, web)}


def test_where_almost_everybody_is_barred_a_round_is_still_found() -> None:
    allowed = three_each(100, 0)
    barred = {(a, b): "回避" for a in range(100) for b in range(100) if (a, b) not in allowed}
    branches = [Branch(n, n) for n in range(100)]
    drawn = pair(branches, "cross", 1, conflicts=barred)
    assert set(broken(arcs(drawn), branches, conflicts=barred)) == {"在本总支内"}
    assert drawn == pair(branches, "cross", 1, conflicts=barred)


def test_two_who_are_left_to_each_other_are_found_behind_a_hundred_others() -> None:
    allowed = three_each(100, 0) | {(100, 101), (101, 100)}
    barred = {(a, b): "回避" for a in range(102) for b in range(102) if (a, b) not in allowed}
    with pytest.raises(NoPairing, match="“回避”与“同一轮不互查”与“各查一次”相冲突"):
        pair([Branch(n, n) for n in range(102)], "cross", 1, conflicts=barred)


# A thousand hospitals ------------------------------------------------------------------------------------------------


def a_hospital(lot: random.Random) -> tuple[list[Branch], dict[tuple[int, int], str]]:
    """2 to 15 总支, 4 to 200 branches spread unevenly, from no conflict at all to half of all pairs."""
    homes = lot.randint(2, 15)
    size = max(lot.choice((lot.randint(4, 30), lot.randint(4, 200))), 4)
    shares = [lot.random() + 0.05 for _ in range(homes)]
    parents = [*range(homes), *lot.choices(range(homes), shares, k=size)][:size]
    branches = [Branch(key, parent) for key, parent in enumerate(lot.sample(parents, size), 1)]
    density = lot.choice((0, 0, 0.01, 0.05, 0.2, 0.5))
    barred = {(lot.randint(1, size), lot.randint(1, size)) for _ in range(int(density * size * size))}
    return branches, dict.fromkeys(barred, lot.choice(("亲属", "同科室", "借调")))


def keeps_its_word(drawn: Pairing, branches: list[Branch], recent: Arcs, conflicts: dict[Any, str]) -> None:
    """Every hard rule holds, and what is broken of the soft ones is what was recorded, pair for pair."""
    found, home = set(arcs(drawn)), parents(branches)
    assert sorted(a for a, _ in found) == sorted(b for _, b in found) == sorted(home)
    assert all(a != b and (b, a) not in found and (a, b) not in conflicts for a, b in found)
    told: dict[str, set[tuple[int, int]]] = {}
    for each in drawn.relaxations:
        told.setdefault(each.rule, set()).update(each.pairs)
        assert each.note
    away = {(a, b) for a, b in found if home[a] != home[b]}
    assert told.pop("近几轮不重复", set()) == found & set(recent)
    assert told.pop("跨总支", set()) == (found - away if drawn.method == "cross" else set())
    assert told.pop("在本总支内", set()) == (away if drawn.method == "mutual" else set())
    assert not told
    assert all(str(drawn.draw) in one.reason for one in drawn.pairs)


def drawn_or_refused(*asked: Any, **more: Any) -> Pairing | NoPairing:
    try:
        return pair(*asked, **more)
    except NoPairing as problem:
        return problem


@pytest.mark.mechanism("S0-17", "S0-18")
@pytest.mark.parametrize("start", range(0, 1000, 100))
def test_a_thousand_hospitals_are_paired_by_the_rules(start: int) -> None:
    for seed in range(start, start + 100):
        lot = random.Random(seed)
        branches, conflicts = a_hospital(lot)
        method: Any = lot.choice(("mutual", "cross"))
        history: list[Arcs] = []
        for _ in range(lot.randint(1, 4)):
            draw = lot.randint(0, 10**9)
            drawn = drawn_or_refused(branches, method, draw, history=history, conflicts=conflicts)
            if isinstance(drawn, NoPairing):
                assert conflicts, "without a conflict there is a round for any four branches"
                assert "回避" in drawn.rules
                assert set(drawn.rules) <= {"同一轮不互查", "回避", "各查一次"}
                assert all(f"“{rule}”" in str(drawn) for rule in drawn.rules)
                break
            keeps_its_word(drawn, branches, [arc for past in history[-2:] for arc in past], conflicts)
            turned = lot.sample(branches, len(branches))
            assert pair(turned, method, draw, history=history, conflicts=conflicts) == drawn
            history.append(arcs(drawn))


def test_two_hundred_branches_are_drawn() -> None:
    branches = [Branch(key, key % 8) for key in range(200)]
    first = pair(branches, "cross", 1)
    second = pair(branches, "cross", 2, history=[arcs(first)])
    assert not first.relaxations
    assert not second.relaxations
    assert set(arcs(first)).isdisjoint(arcs(second))
