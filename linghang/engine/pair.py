"""Who inspects whom: drawn by lot and reproducible from the draw number (抽签号).

Every branch inspects exactly one and is inspected exactly once: never itself, never by the branch that it inspects, never
where a conflict (回避) stands. These rules hold, or there is no round. Two more yield in a fixed order, each exception
recorded and as few as can be: 交叉互查 leaves its own 总支 and then repeats a pair of the last rounds (or the other way
round, where the hospital wants that); 总支互查 repeats a pair and then joins the next 总支.
"""

import heapq
import itertools
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import scipy  # its parts are loaded when a pairing is first drawn, not at every start
from numpy.typing import NDArray

from linghang.engine.definition import DefinitionError, unknown_name

Method = Literal["mutual", "cross"]
Arc = tuple[int, int]
Costs = NDArray[np.float64]
RECENT, OTHER, WITHIN = "近几轮不重复", "跨总支", "在本总支内"
NOT_SELF, ONE_WAY, CONFLICT, ONCE = "不自查", "同一轮不互查", "回避", "各查一次"
HARD = (NOT_SELF, ONE_WAY, CONFLICT, ONCE)
# Soft rules in the order in which they yield.
YIELDS = {"cross": (OTHER, RECENT), "mutual": (RECENT, WITHIN)}
# So many tries to part those who inspect each other; beyond that the integer program is quicker.
_TRIES = 200


class NoPairing(ValueError):
    """No way to give every branch one partner; `rules` names the rules that clash."""

    def __init__(self, message: str, rules: tuple[str, ...]) -> None:
        super().__init__(message)
        self.rules = rules


@dataclass(frozen=True, slots=True, order=True)
class Branch:
    """A branch with its 总支; names are for the sentences only."""

    key: int
    parent: int
    name: str = ""
    parent_name: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """`inspector` inspects `inspected`; the reason is one sentence."""

    inspector: int
    inspected: int
    reason: str


@dataclass(frozen=True, slots=True)
class Relaxation:
    """A rule that had to yield, the pairs that break it, and the rules that clashed."""

    rule: str
    pairs: tuple[Arc, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Pairing:
    """One round, in the order of its inspectors; the same draw number gives the same round everywhere."""

    method: Method
    draw: int
    pairs: tuple[Pair, ...]
    relaxations: tuple[Relaxation, ...]


@dataclass(frozen=True, slots=True)
class _Group:
    """Branches that are drawn together, by position: a whole hospital (cross) or one 总支 (mutual)."""

    branches: list[Branch]
    yields: tuple[str, ...]
    recent: frozenset[Arc]
    conflicts: Mapping[Arc, str]
    draw: int

    def breaking(self, rule: str) -> NDArray[np.bool_]:
        """Who would break a soft rule by inspecting whom."""
        if rule == RECENT:
            return self._listed(self.recent)
        homes = np.array([branch.parent for branch in self.branches])
        same: NDArray[np.bool_] = homes[:, None] == homes[None, :]
        return same if rule == OTHER else ~same

    def barred(self) -> NDArray[np.bool_]:
        """Who may not inspect whom at all: itself, and where a conflict stands."""
        return self._listed(self.conflicts) | np.eye(len(self.branches), dtype=np.bool_)

    def _listed(self, arcs: Iterable[Arc]) -> NDArray[np.bool_]:
        place = {branch.key: index for index, branch in enumerate(self.branches)}
        found = np.zeros((len(place), len(place)), dtype=np.bool_)
        for a, b in arcs:
            if a in place and b in place:
                found[place[a], place[b]] = True
        return found


def pair(
    branches: Iterable[Branch],
    method: Method,
    draw: int,
    *,
    history: Sequence[Iterable[Arc]] = (),
    rounds: int = 2,
    conflicts: Mapping[Arc, str] | None = None,
    yields: Sequence[str] = (),
) -> Pairing:
    """Draw one round: `mutual` within each 总支, or `cross` between them.

    `history` holds earlier rounds as (inspector, inspected), the latest last, of which the last `rounds` count;
    `conflicts` maps (inspector, inspected) to the reason why not (回避). `yields` names the soft rules in another order
    than the usual one. A 总支 that cannot pair within itself joins the next one. Raises NoPairing.
    """
    if method not in YIELDS:
        raise unknown_name("互查方式", method, YIELDS)
    ordered = sorted(branches)
    if len({branch.key for branch in ordered}) < len(ordered):
        raise DefinitionError("同一个支部不能列两次")
    order = tuple(yields) or YIELDS[method]
    if sorted(order) != sorted(YIELDS[method]):
        raise DefinitionError(f"放宽的次序应写全：{'、'.join(YIELDS[method])}")
    recent = frozenset(arc for past in list(history)[max(0, len(history) - rounds) :] for arc in past)
    whole = _Group(ordered, order, recent, conflicts or {}, draw)
    pairs: list[Pair] = []
    relaxations: list[Relaxation] = []
    for group, targets in _drawn(whole, apart=method == "mutual"):
        arcs = [(a, group.branches[j]) for a, j in zip(group.branches, targets, strict=True)]
        found = broken([(a.key, b.key) for a, b in arcs], group.branches, recent, group.conflicts)
        soft = {rule: found[rule] for rule in order if rule in found}
        relaxations += [Relaxation(rule, tuple(held), _note(rule, group)) for rule, held in soft.items()]
        pairs += [Pair(a.key, b.key, _sentence(group, a, b, soft)) for a, b in arcs]
    return Pairing(method, draw, tuple(sorted(pairs, key=lambda p: p.inspector)), tuple(relaxations))


def broken(
    arcs: Sequence[Arc],
    branches: Iterable[Branch],
    recent: Iterable[Arc] = (),
    conflicts: Iterable[Arc] = (),
) -> dict[str, list[Arc]]:
    """Every rule that a round breaks, with the pairs that break it: read off the round, whoever made it.

    跨总支 and 在本总支内 exclude each other: which of them is meant, the caller knows.
    """
    home = {branch.key: branch.parent for branch in branches}
    keys, before, barred = set(arcs), set(recent), set(conflicts)
    by, of = Counter(a for a, _ in arcs), Counter(b for _, b in arcs)
    found = {
        NOT_SELF: {(a, b) for a, b in keys if a == b},
        ONE_WAY: {(a, b) for a, b in keys if a != b and (b, a) in keys},
        CONFLICT: keys & barred,
        ONCE: {(a, b) for a, b in keys if by[a] > 1 or of[b] > 1},
        RECENT: keys & before,
        OTHER: {(a, b) for a, b in keys if home[a] == home[b]},
        WITHIN: {(a, b) for a, b in keys if home[a] != home[b]},
    }
    return {rule: sorted(held) for rule, held in found.items() if held}


def _drawn(whole: _Group, *, apart: bool) -> list[tuple[_Group, list[int]]]:
    """The groups with their targets: one of all branches, or each 总支 `apart`, joined to the next where it is stuck."""
    homes = sorted({branch.parent for branch in whole.branches}) if apart else []
    parts = [[branch for branch in whole.branches if branch.parent == home] for home in homes]
    if not apart and whole.branches:
        parts = [whole.branches]
    while True:
        groups = [replace(whole, branches=part) for part in parts]
        found = [_targets(group) for group in groups]
        stuck = next((place for place, targets in enumerate(found) if targets is None), None)
        if stuck is None:
            return [(group, targets or []) for group, targets in zip(groups, found, strict=True)]
        if len(parts) == 1:
            raise _no_pairing(groups[stuck])
        following = (stuck + 1) % len(parts)
        parts[following] = sorted(parts[following] + parts[stuck])
        del parts[stuck]


def _costs(group: _Group) -> Costs:
    """What each pair costs: its lot, a great deal more where it breaks a soft rule, and no price where a hard one.

    One break of a rule outweighs all lots together, and all breaks of the rules that yield before it.
    """
    size = len(group.branches)
    # random() on PCG64 gives the same doubles on every platform
    seed = [group.draw, min(branch.parent for branch in group.branches)]
    costs: Costs = np.random.default_rng(seed).random((size, size))
    for step, rule in enumerate(group.yields, 1):
        costs += group.breaking(rule) * float(size + 1) ** step
    costs[group.barred()] = np.inf
    return costs


def _targets(group: _Group) -> list[int] | None:
    """Whom each branch inspects, by position, in the cheapest round in which no two inspect each other; None: there is none.

    Without that rule it is an assignment, solved at once. Where two inspect each other, one way is closed and then the
    other, the cheaper of all such rounds first.
    """
    costs = _costs(group)
    tries = itertools.count()
    tree: list[tuple[float, int, list[int], tuple[Arc, ...]]] = []
    _try(costs, (), tries, tree)
    while tree:
        _, tried, targets, closed = heapq.heappop(tree)
        back = next((i for i, j in enumerate(targets) if targets[j] == i), None)
        if back is None:
            return targets
        if tried > _TRIES:
            return _program(costs)
        for arc in ((back, targets[back]), (targets[back], back)):
            _try(costs, (*closed, arc), tries, tree)
    return None


def _try(
    costs: Costs,
    closed: tuple[Arc, ...],
    tries: "itertools.count[int]",
    tree: list[tuple[float, int, list[int], tuple[Arc, ...]]],
) -> None:
    """Add the cheapest round that avoids the closed pairs, if there is one."""
    open_ = costs.copy()
    for arc in closed:
        open_[arc] = np.inf
    if (targets := _assigned(open_)) is not None:
        total = float(open_[range(len(targets)), targets].sum())
        heapq.heappush(tree, (total, next(tries), targets, closed))


def _assigned(costs: Costs) -> list[int] | None:
    """The cheapest way to give each branch one that it inspects, both ways allowed; None where there is none."""
    try:
        _, targets = scipy.optimize.linear_sum_assignment(costs)
    except ValueError:
        return None
    found: list[int] = targets.tolist()
    return found


def _program(costs: Costs) -> list[int] | None:
    """The same as an integer program: slower where there is room, quicker where almost everything is barred."""
    size = len(costs)
    arcs = [(i, j) for i, j in np.argwhere(np.isfinite(costs)).tolist()]
    where = {arc: k for k, arc in enumerate(arcs)}
    both = [(k, where[j, i]) for (i, j), k in where.items() if i < j and (j, i) in where]
    once = [(i, k) for k, (i, _) in enumerate(arcs)] + [(size + j, k) for k, (_, j) in enumerate(arcs)]
    apart = [(row, k) for row, ways in enumerate(both) for k in ways]
    found = scipy.optimize.milp(
        np.array([costs[arc] for arc in arcs]),
        integrality=np.ones(len(arcs)),
        bounds=scipy.optimize.Bounds(0, 1),
        constraints=[
            scipy.optimize.LinearConstraint(_ones(once, (2 * size, len(arcs))), 1, 1),
            scipy.optimize.LinearConstraint(_ones(apart, (len(both), len(arcs))), 0, 1),
        ],
        options={"mip_rel_gap": 0},
    )
    if found.x is None:
        return None
    return [j for _, j in sorted(arc for arc, chosen in zip(arcs, found.x, strict=True) if chosen > 0.5)]


def _ones(places: list[Arc], shape: tuple[int, int]) -> "scipy.sparse.csr_array":
    rows, columns = [row for row, _ in places], [column for _, column in places]
    return scipy.sparse.csr_array((np.ones(len(places)), (rows, columns)), shape=shape)


def _no_pairing(group: _Group) -> NoPairing:
    """Nothing fits: name the branches that get in each other's way, and why."""
    place, size = _place(group), len(group.branches)
    if size == 1:
        return NoPairing(f"{place}只有 1 个支部，“{NOT_SELF}”与“{ONCE}”相冲突", (NOT_SELF, ONCE))
    hard = np.where(group.barred(), np.inf, 0.0)
    targets = _assigned(hard)
    if targets is not None and size == 2:
        words = f"{place}只有 2 个支部，“{NOT_SELF}”与“{ONE_WAY}”相冲突，只能互相检查"
        return NoPairing(words, (NOT_SELF, ONE_WAY, ONCE))
    if targets is not None:
        a, b = next((i, j) for i, j in enumerate(targets) if targets[j] == i)
        words = f"怎样排都有支部互相检查，如{_name(group.branches[a])}与{_name(group.branches[b])}"
        return _clash(group, (CONFLICT, ONE_WAY, ONCE), words, group.conflicts)
    stuck, open_ = _bottleneck(group)
    why = [arc for arc in group.conflicts if arc[0] in stuck and arc[1] not in open_]
    words = (
        f"{_names(group, stuck)}只能检查{_names(group, open_)}"
        if open_
        else f"{_names(group, stuck)}没有可检查的支部"
    )
    return _clash(group, (CONFLICT, ONCE), words, why)


def _clash(group: _Group, rules: tuple[str, ...], words: str, conflicts: Iterable[Arc]) -> NoPairing:
    here = {branch.key for branch in group.branches}
    reasons = dict.fromkeys(group.conflicts[arc] for arc in sorted(conflicts) if here.issuperset(arc))
    quoted = "与".join(f"“{rule}”" for rule in rules)
    return NoPairing(f"{_place(group)}排不出：{quoted}相冲突，{words}（回避：{'、'.join(reasons)}）", rules)


def _bottleneck(group: _Group) -> tuple[set[int], set[int]]:
    """Branches that together may inspect fewer than they are (Hall's theorem), and those few."""
    allowed = ~group.barred()
    graph = scipy.sparse.csr_array(allowed.astype(float))
    partners = scipy.sparse.csgraph.maximum_bipartite_matching(graph, perm_type="column").tolist()
    stuck, open_ = {partners.index(-1)}, set[int]()
    while new := {int(j) for i in stuck for j in np.flatnonzero(allowed[i])} - open_:
        open_ |= new
        stuck |= {partners.index(j) for j in new}
    return {group.branches[i].key for i in stuck}, {group.branches[j].key for j in open_}


def _names(group: _Group, keys: set[int]) -> str:
    return "、".join(_name(branch) for branch in group.branches if branch.key in keys)


def _note(rule: str, group: _Group) -> str:
    held = [*group.yields[group.yields.index(rule) + 1 :], NOT_SELF, ONE_WAY, ONCE]
    held += [CONFLICT] * bool(group.conflicts)
    others = "、".join(f"“{each}”" for each in held)
    if rule == WITHIN:
        return f"“{rule}”与{others}不能同时满足：有总支自己排不开，并入下一个总支一起抽签"
    return f"“{rule}”与{others}不能同时满足，放宽到尽量少"


def _sentence(group: _Group, a: Branch, b: Branch, soft: Mapping[str, list[Arc]]) -> str:
    """内科一支部检查外科一支部：跨总支（内科总支→外科总支），近几轮未查过，本轮不互查。抽签号 7。"""
    arc = (a.key, b.key)
    where = f"同在{_parent(a)}" if a.parent == b.parent else f"跨总支（{_parent(a)}→{_parent(b)}）"
    before = "近几轮查过" if arc in group.recent else "近几轮未查过"
    parts = [
        where + _yielded(arc, soft, OTHER) + _yielded(arc, soft, WITHIN),
        before + _yielded(arc, soft, RECENT),
        "本轮不互查",
    ]
    return f"{_name(a)}检查{_name(b)}：{'，'.join(parts)}。抽签号 {group.draw}。"


def _yielded(arc: Arc, soft: Mapping[str, list[Arc]], rule: str) -> str:
    return f"（已放宽“{rule}”）" if arc in soft.get(rule, []) else ""


def _place(group: _Group) -> str:
    homes = {branch.parent: _parent(branch) for branch in group.branches}
    return "全院" if len(homes) > 1 else "".join(homes.values())


def _name(branch: Branch) -> str:
    return branch.name or f"支部{branch.key}"


def _parent(branch: Branch) -> str:
    return branch.parent_name or f"总支{branch.parent}"
