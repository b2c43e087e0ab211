"""Who inspects whom: an integer program, drawn by lot and reproducible from the draw number (抽签号).

Every branch inspects exactly one and is inspected exactly once, never itself, never where a conflict (回避) stands. Three
more rules hold as long as they can and yield in a fixed order, each exception recorded: no pair of the last rounds again,
then the other 总支 (交叉互查), and last of all that no two branches inspect each other in one round.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import scipy  # its parts are loaded when a pairing is first drawn, not at every start
from numpy.typing import NDArray

from linghang.engine.definition import DefinitionError, unknown_name

Method = Literal["mutual", "cross"]
Arc = tuple[int, int]
RECENT, OTHER, ONE_WAY, WITHIN = "近几轮不重复", "跨总支", "同一轮不互查", "在本总支内"
NOT_SELF, CONFLICT, ONCE = "不自查", "回避", "各查一次"
# Soft rules in the order in which they yield; how many partners a branch is offered at first.
_YIELDS = {"cross": (RECENT, OTHER, ONE_WAY), "mutual": (RECENT, ONE_WAY)}
_CANDIDATES = 15


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

    method: Method
    branches: list[Branch]
    recent: frozenset[Arc]
    conflicts: Mapping[Arc, str]
    draw: int

    def breaks(self, rule: str, i: int, j: int) -> bool:
        a, b = self.branches[i], self.branches[j]
        if rule == RECENT:
            return (a.key, b.key) in self.recent
        return rule == OTHER and a.parent == b.parent

    def arcs(self, dropped: Sequence[str]) -> list[Arc]:
        """The pairs that the hard rules, and the soft ones still in force, allow."""
        kept, size = set(_YIELDS[self.method]) - set(dropped), range(len(self.branches))
        keys = [branch.key for branch in self.branches]
        return [
            (i, j)
            for i in size
            for j in size
            if i != j
            and (keys[i], keys[j]) not in self.conflicts
            and not any(self.breaks(rule, i, j) for rule in kept)
        ]


def pair(
    branches: Iterable[Branch],
    method: Method,
    draw: int,
    *,
    history: Sequence[Iterable[Arc]] = (),
    rounds: int = 2,
    conflicts: Mapping[Arc, str] | None = None,
) -> Pairing:
    """Draw one round of 总支互查 (`mutual`, within each 总支) or 交叉互查 (`cross`, between 总支).

    `history` holds earlier rounds as (inspector, inspected), the latest last, of which the last `rounds` count;
    `conflicts` maps (inspector, inspected) to the reason why not (回避). A 总支 with a single branch joins the next one.
    """
    if method not in _YIELDS:
        raise unknown_name("互查方式", method, _YIELDS)
    ordered = sorted(branches)
    if len({branch.key for branch in ordered}) < len(ordered):
        raise DefinitionError("同一个支部不能列两次")
    recent = frozenset(arc for past in list(history)[max(0, len(history) - rounds) :] for arc in past)
    split = _by_parent(ordered) if method == "mutual" else [ordered]
    pairs: list[Pair] = []
    relaxations: list[Relaxation] = []
    for members in filter(None, split):
        group = _Group(method, members, recent, conflicts or {}, draw)
        arcs = [(members[i], members[j]) for i, j in _draw(group)]
        broken = _broken(group, arcs)
        relaxations += [Relaxation(rule, tuple(found), _note(rule, group)) for rule, found in broken.items()]
        pairs += [Pair(a.key, b.key, _sentence(group, a, b, broken)) for a, b in arcs]
    return Pairing(method, draw, tuple(sorted(pairs, key=lambda p: p.inspector)), tuple(relaxations))


def _by_parent(branches: list[Branch]) -> list[list[Branch]]:
    """One group per 总支; a single branch goes to the next 总支 (in order, around the end) that has more than one."""
    found: dict[int, list[Branch]] = {}
    for branch in branches:
        found.setdefault(branch.parent, []).append(branch)
    homes = sorted(parent for parent, group in found.items() if len(group) > 1)
    if not homes:
        return [branches]
    groups = {home: list(found[home]) for home in homes}
    for parent in sorted(set(found) - set(homes)):
        home = next((home for home in homes if home > parent), homes[0])
        groups[home] += found[parent]
    return [sorted(group) for group in groups.values()]


def _draw(group: _Group) -> list[Arc]:
    """The first step at which a round exists: all rules, then one rule less each time."""
    size, rules = len(group.branches), _YIELDS[group.method]
    seed = min(branch.parent for branch in group.branches)
    # random() on PCG64 gives the same doubles on every platform; the scale keeps near-ties far from the solver's tolerance
    costs = np.random.default_rng([group.draw, seed]).random((size, size)) * 1e4
    tried: tuple[int, bool] | None = None
    for count in range(len(rules) + 1):
        dropped = rules[:count]
        arcs = group.arcs(dropped)
        if tried == (len(arcs), ONE_WAY in dropped) or _matched(size, arcs) < size:
            continue
        tried = (len(arcs), ONE_WAY in dropped)
        if found := _search(group, arcs, dropped, costs):
            return found
    raise _no_pairing(group)


def _matched(size: int, arcs: list[Arc]) -> int:
    """How many branches can have a partner at all, mutual or not: a quick proof that a step is hopeless."""
    return int((_partners(size, arcs) >= 0).sum())


def _partners(size: int, arcs: list[Arc]) -> NDArray[np.int32]:
    rows, columns = [i for i, _ in arcs], [j for _, j in arcs]
    graph = scipy.sparse.csr_array((np.ones(len(arcs)), (rows, columns)), shape=(size, size))
    partners: NDArray[np.int32] = scipy.sparse.csgraph.maximum_bipartite_matching(graph, perm_type="column")
    return partners


def _search(group: _Group, arcs: list[Arc], dropped: Sequence[str], costs: NDArray[np.float64]) -> list[Arc]:
    """A few drawn candidates per branch first: with all of them a large hospital would take half a minute."""
    limit = _CANDIDATES
    while True:
        chosen = _candidates(group, arcs, dropped, costs, limit)
        found = _solve(group, chosen, dropped, costs)
        if found or len(chosen) == len(arcs):
            return found
        limit *= 4


def _candidates(
    group: _Group, arcs: list[Arc], dropped: Sequence[str], costs: NDArray[np.float64], limit: int
) -> list[Arc]:
    """For each branch the cheapest pairs that break no rule, and as many of those that a relaxation lets in."""
    taken: dict[tuple[int, bool], int] = {}
    chosen = []
    for arc in sorted(arcs, key=lambda arc: (costs[arc], arc)):
        slot = arc[0], any(group.breaks(rule, *arc) for rule in dropped)
        taken[slot] = taken.get(slot, 0) + 1
        if taken[slot] <= limit:
            chosen.append(arc)
    return sorted(chosen)


def _solve(group: _Group, arcs: list[Arc], dropped: Sequence[str], costs: NDArray[np.float64]) -> list[Arc]:
    """The cheapest round of these pairs; before that, each relaxed rule is broken as rarely as can be, the dearest first."""
    where = {arc: k for k, arc in enumerate(arcs)}
    opposite = [(k, where[j, i]) for (i, j), k in where.items() if i < j and (j, i) in where]
    width = len(arcs) + len(opposite)
    upper = np.ones(width)
    upper[len(arcs) :] = ONE_WAY in dropped
    limits = [_once(len(group.branches), arcs, width), _one_way(opposite, len(arcs), width)]
    for rule in reversed(dropped):
        goal = np.array(
            [group.breaks(rule, *arc) for arc in arcs] + [rule == ONE_WAY] * len(opposite), dtype=float
        )
        if not (best := _program(goal, upper, limits)).size:
            return []
        limits.append(
            scipy.optimize.LinearConstraint(
                scipy.sparse.csr_array(goal[None, :]), -np.inf, round(float(goal @ best))
            )
        )
    goal = np.array([costs[arc] for arc in arcs] + [0.0] * len(opposite))
    best = _program(goal, upper, limits)
    return [arc for arc, chosen in zip(arcs, best, strict=False) if chosen > 0.5]


def _program(
    goal: NDArray[np.float64], upper: NDArray[np.float64], limits: "list[scipy.optimize.LinearConstraint]"
) -> NDArray[np.float64]:
    """The solution, or nothing where there is none."""
    options = {"mip_rel_gap": 0}
    found = scipy.optimize.milp(
        goal,
        integrality=np.ones(goal.size),
        bounds=scipy.optimize.Bounds(0, upper),
        constraints=limits,
        options=options,
    )
    return np.empty(0) if found.x is None else np.asarray(found.x)


def _once(size: int, arcs: list[Arc], width: int) -> "scipy.optimize.LinearConstraint":
    """Each branch inspects one and is inspected by one."""
    columns = [*range(len(arcs))] * 2
    rows = [i for i, _ in arcs] + [size + j for _, j in arcs]
    return scipy.optimize.LinearConstraint(
        scipy.sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=(2 * size, width)), 1, 1
    )


def _one_way(opposite: list[Arc], arcs: int, width: int) -> "scipy.optimize.LinearConstraint":
    """Of two opposite pairs at most one, unless the slack column behind them (closed while the rule is in force) opens."""
    rows = [row for row in range(len(opposite)) for _ in range(3)]
    columns = [column for row, (a, b) in enumerate(opposite) for column in (a, b, arcs + row)]
    values = [value for _ in opposite for value in (1.0, 1.0, -1.0)]
    return scipy.optimize.LinearConstraint(
        scipy.sparse.csr_array((values, (rows, columns)), shape=(len(opposite), width)), -np.inf, 1
    )


def _no_pairing(group: _Group) -> NoPairing:
    """Even with every soft rule dropped nothing fits: name the branches that get in each other's way, and why."""
    place = _place(group)
    if len(group.branches) == 1:
        return NoPairing(f"{place}只有 1 个支部，“{NOT_SELF}”与“{ONCE}”相冲突", (NOT_SELF, ONCE))
    stuck, open_ = _bottleneck(group)
    why = [reason for (a, b), reason in sorted(group.conflicts.items()) if a in stuck and b not in open_]
    found = (
        f"{_names(group, stuck)}只能检查{_names(group, open_)}"
        if open_
        else f"{_names(group, stuck)}没有可检查的支部"
    )
    text = f"{place}排不出：“{CONFLICT}”与“{ONCE}”相冲突，{found}（回避：{'、'.join(dict.fromkeys(why))}）"
    return NoPairing(text, (CONFLICT, ONCE))


def _bottleneck(group: _Group) -> tuple[set[int], set[int]]:
    """Branches that together may inspect fewer than they are (Hall's theorem), and those few."""
    arcs = group.arcs(_YIELDS[group.method])
    partners = _partners(len(group.branches), arcs).tolist()
    stuck, open_ = {partners.index(-1)}, set[int]()
    while new := {j for i, j in arcs if i in stuck} - open_:
        open_ |= new
        stuck |= {partners.index(j) for j in new}
    return {group.branches[i].key for i in stuck}, {group.branches[j].key for j in open_}


def _names(group: _Group, keys: set[int]) -> str:
    return "、".join(_name(branch) for branch in group.branches if branch.key in keys)


def _broken(group: _Group, arcs: list[tuple[Branch, Branch]]) -> dict[str, list[Arc]]:
    """What a round had to break, read off the round itself."""
    keys = {(a.key, b.key) for a, b in arcs}
    away = {(a.key, b.key) for a, b in arcs if a.parent != b.parent}
    broken = {
        WITHIN: away if group.method == "mutual" else set(),
        RECENT: keys & group.recent,
        OTHER: keys - away if group.method == "cross" else set(),
        ONE_WAY: {(a, b) for a, b in keys if (b, a) in keys},
    }
    return {rule: sorted(found) for rule, found in broken.items() if found}


def _note(rule: str, group: _Group) -> str:
    if rule == WITHIN:
        return f"“{WITHIN}”与“{NOT_SELF}”相冲突：有总支只有 1 个支部，并入相邻总支一起抽签"
    if rule == ONE_WAY and len(group.branches) == 2:
        return f"{_place(group)}只有 2 个支部，“{NOT_SELF}”与“{ONE_WAY}”相冲突，只能互相检查"
    yields = _YIELDS[group.method]
    others = [*yields[yields.index(rule) + 1 :], NOT_SELF, ONCE, *([CONFLICT] if group.conflicts else [])]
    return f"“{rule}”与{'、'.join(f'“{other}”' for other in others)}不能同时满足，放宽到尽量少"


def _sentence(group: _Group, a: Branch, b: Branch, broken: Mapping[str, list[Arc]]) -> str:
    """内科一支部检查外科一支部：跨总支（内科总支→外科总支），近几轮未查过，本轮不互查。抽签号 7。"""
    arc, home = (a.key, b.key), a.parent == b.parent
    where = f"同在{_parent(a)}" if home else f"跨总支（{_parent(a)}→{_parent(b)}）"
    parts = [
        where + _yielded(arc, broken, OTHER) + _yielded(arc, broken, WITHIN),
        ("近几轮查过" + _yielded(arc, broken, RECENT)) if arc in group.recent else "近几轮未查过",
        ("本轮互查" + _yielded(arc, broken, ONE_WAY)) if arc in broken.get(ONE_WAY, []) else "本轮不互查",
    ]
    return f"{_name(a)}检查{_name(b)}：{'，'.join(parts)}。抽签号 {group.draw}。"


def _yielded(arc: Arc, broken: Mapping[str, list[Arc]], rule: str) -> str:
    return f"（已放宽“{rule}”）" if arc in broken.get(rule, []) else ""


def _place(group: _Group) -> str:
    parents = {branch.parent: _parent(branch) for branch in group.branches}
    return "、".join(parents.values()) if group.method == "mutual" else "全院"


def _name(branch: Branch) -> str:
    return branch.name or f"支部{branch.key}"


def _parent(branch: Branch) -> str:
    return branch.parent_name or f"总支{branch.parent}"
