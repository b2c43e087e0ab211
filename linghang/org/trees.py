"""The Party tree and the staff tree as of any day, what covers what, and where the organisation has gaps.

Read in a handful of queries for any number of units; each gap is judged by linghang.rules.branch with its article.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

from linghang.kernel.figures import figure_url
from linghang.org.models import Coverage, Membership, Naming, Placement, Unit
from linghang.rules import branch as rules
from linghang.rules.clauses import Verdict
from linghang.rules.register import versions

Share = tuple["Node", Decimal]


@dataclass
class Node:
    """A unit as it stood on a day: its name and kind then, its place, its members, what it covers or what covers it."""

    unit: Unit
    name: str
    kind: str
    depth: int = 0
    members: int = 0
    full: int = 0
    legal: str = ""
    shares: list[Share] = field(default_factory=list)
    below: list["Node"] = field(default_factory=list)

    @property
    def weight(self) -> Decimal:
        return sum((weight for _, weight in self.shares), Decimal(0))

    @property
    def kind_label(self) -> str:
        return Unit.Kind(self.kind).label

    @property
    def steps(self) -> range:
        """As many as the node stands deep, for the indentation."""
        return range(self.depth)

    @property
    def renamed(self) -> bool:
        return self.name != self.unit.name


@dataclass(frozen=True)
class Gap:
    """Something that is not as it should be: of which unit, why, by which article, and the records behind it."""

    node: Node
    sentence: str
    cite: str
    url: str


class Forest:
    """Both trees on one day, as far as these units go."""

    def __init__(self, units: Iterable[Unit], day: date) -> None:
        self.day = day
        known = {unit.pk: unit for unit in units}
        former = {n.unit_id: n for n in Naming.objects.on(day).filter(unit__in=known)}
        self.nodes = {
            pk: Node(unit, former[pk].name, former[pk].kind)
            if pk in former
            else Node(unit, unit.name, unit.kind)
            for pk, unit in known.items()
        }
        self._plant()
        self._count()
        self._cover()

    def _plant(self) -> None:
        held = Placement.objects.on(self.day).filter(unit__in=self.nodes)
        above = dict(held.values_list("unit", "parent"))
        self.roots: list[Node] = []
        for pk, node in self.nodes.items():
            parent = self.nodes.get(above.get(pk, 0))
            (parent.below if parent else self.roots).append(node)

    def _count(self) -> None:
        held = Membership.objects.on(self.day).values_list("branch", "person__department", "status")
        self.full: Counter[int | None] = Counter()
        for branch, department, status in held:
            self.full[department] += status == Membership.Status.FULL
            if node := self.nodes.get(branch):
                node.members += 1
                node.full += status == Membership.Status.FULL

    def _cover(self) -> None:
        held = Coverage.objects.on(self.day).values_list("branch", "department", "weight")
        self.hidden: dict[int, Decimal] = defaultdict(Decimal)  # shares of branches out of the reader's reach
        for branch, department, weight in held:
            one, other = self.nodes.get(branch), self.nodes.get(department)
            if one and other:
                one.shares.append((other, weight))
                other.shares.append((one, weight))
            else:
                self.hidden[department] += weight

    def tree(self, kinds: Iterable[str]) -> list[Node]:
        """The nodes of one tree in its order, each with how deep it stands."""
        wanted = set(kinds)
        heads = [node for root in self.roots for node in _heads(root, wanted)]
        return [node for head in heads for node in _walk(head, 0, wanted)]

    @cached_property
    def branches(self) -> list[Node]:
        """The branches that stand, temporary ones apart: these have their members elsewhere."""
        found = (n for n in self.nodes.values() if n.kind == Unit.Kind.BRANCH and not n.unit.is_temporary)
        return sorted(found, key=lambda node: node.unit.path)

    @cached_property
    def departments(self) -> list[Node]:
        """The departments that a branch should cover; a ward is covered with its department."""
        found = (n for n in self.nodes.values() if n.kind == Unit.Kind.DEPARTMENT)
        return sorted(found, key=lambda node: node.unit.path)

    def staff(self, node: Node) -> int:
        """Full members on the staff of a department and of its wards."""
        return self.full[node.unit.pk] + sum(self.staff(below) for below in node.below)

    def weight(self, node: Node) -> Decimal:
        return node.weight + self.hidden[node.unit.pk]

    def covered(self, node: Node) -> bool:
        """Whether some branch covers the department, or all that there is of it through its wards."""
        return bool(self.weight(node)) or (
            bool(node.below) and all(self.covered(below) for below in node.below)
        )

    @cached_property
    def gaps(self) -> list[Gap]:
        """Everything that is not as it should be, the departments first; nothing before there was an article."""
        if self.day < rules_since("R-ZB-01"):
            return []
        return [*self._uncovered(), *self._crooked(), *self._large(), *self._wide()]

    def _uncovered(self) -> Iterator[Gap]:
        for node in self.departments:
            if not self.covered(node):
                verdict = rules.has_branch(self.staff(node), False, on=self.day)
                words = f"没有党支部覆盖；{verdict.sentence}"
                yield self._gap(node, words, verdict)

    def _crooked(self) -> Iterator[Gap]:
        for node in self.departments:
            if self.covered(node) and (total := self.weight(node)) and total != 1:
                yield self._gap(node, f"各支部的覆盖权重合计 {total.normalize():f}，应为 1", None)

    def _large(self) -> Iterator[Gap]:
        for node in self.branches:
            verdict = rules.size(node.members, on=self.day)
            if not verdict.met:
                yield self._gap(node, verdict.sentence, verdict)

    def _wide(self) -> Iterator[Gap]:
        for node in self.branches:
            if node.unit.shape == Unit.Shape.JOINT:
                verdict = rules.joint_units(len(node.shares), on=self.day)
                if not verdict.met:
                    yield self._gap(node, verdict.sentence, verdict)

    def _gap(self, node: Node, words: str, verdict: Verdict | None) -> Gap:
        url = figure_url("org.unit_members", node.unit.pk, on=self.day.isoformat())
        return Gap(node, words, verdict.rule.cite if verdict else "", url)


def rules_since(code: str) -> date:
    """The first day on which there was such a rule."""
    return min(each.since for each in versions(code))


def _heads(node: Node, wanted: set[str]) -> Iterator[Node]:
    """The topmost nodes of these kinds: the hospital is the head of the staff tree and stands above the Party tree."""
    if node.kind in wanted:
        yield node
    else:
        for below in node.below:
            yield from _heads(below, wanted)


def _walk(node: Node, depth: int, wanted: set[str]) -> Iterator[Node]:
    node.depth = depth
    yield node
    for below in sorted(node.below, key=lambda each: (each.unit.order, each.unit.pk)):
        if below.kind in wanted:
            yield from _walk(below, depth + 1, wanted)
