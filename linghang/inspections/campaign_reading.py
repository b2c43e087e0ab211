"""A campaign as its pages show it: one record seen as list of problems, of tasks, and of who answers for what."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from linghang.dispatch.models import Line, Order
from linghang.inspections.models.campaigns import Campaign, CampaignKind, Problem
from linghang.kernel import clock
from linghang.org.models import Person
from linghang.ui.stages import Stage, stages
from linghang.ui.templatetags.house import short_date

STATES = [
    ("open", "待发整改单"),
    ("running", "整改中"),
    ("late", "已逾期"),
    ("closed", "已销号"),
    ("recheck", "待回头看"),
    ("repeat", "反复出现"),
]


def kinds() -> list[tuple[str, str]]:
    """The kinds of campaigns, by code."""
    return list(CampaignKind.objects.values_list("code", "title"))


def in_state(found: Any, state: str) -> Any:
    """The problems that stand so. After `with_order`."""
    running = found.standing().filter(order_pk__isnull=False, order_closed__isnull=True)
    return {
        "open": lambda: found.standing().filter(order_pk__isnull=True),
        "running": lambda: running,
        "late": lambda: running.filter(order_state__in=Order.RUNNING, order_due__lt=clock.today()),
        "closed": lambda: found.standing().filter(order_closed__isnull=False),
        "recheck": lambda: found.to_recheck(),
        "repeat": lambda: found.standing().filter(repeat=True),
    }[state]()


@dataclass(frozen=True)
class Leaf:
    """A measure or a sub-measure: planned, or a line of the order with where it stands."""

    text: str
    owner: str
    due_on: date | None
    status: str = "未下发"
    tone: str = "grey"
    url: str = ""
    child: bool = False
    closed: bool = False


HEADINGS = (
    "序号", "方面", "问题", "措施", "子措施", "责任领导", "责任部门", "整改党组织", "责任人", "复核人", "期限", "状态",
)  # fmt: skip


@dataclass
class Tree:
    """A problem with its measures in reading order."""

    problem: Any
    leaves: list[Leaf] = field(default_factory=list)

    @property
    def measures(self) -> int:
        return sum(not leaf.child for leaf in self.leaves)

    @property
    def children(self) -> int:
        return sum(leaf.child for leaf in self.leaves)

    @property
    def closed(self) -> int:
        return sum(leaf.closed for leaf in self.leaves)

    @property
    def words(self) -> str:
        """How much is to be done and how much is done: “3 条措施，5 条子措施，完成 2”."""
        if not self.leaves:
            return "还没有措施"
        parts = [f"{self.measures} 条措施"] + ([f"{self.children} 条子措施"] if self.children else [])
        return "，".join([*parts, f"完成 {self.closed}"])

    def rows(self) -> Iterator[list[Any]]:
        """The problem as a list that offices keep has it: a row for each measure and sub-measure, by `HEADINGS`."""
        p, measure = self.problem, ""
        head = [p.number, p.aspect, p.text]
        whose = [str(one or "") for one in (p.leader, p.department, p.unit)]
        if not self.leaves:
            yield [*head, "", "", *whose, str(p.owner or ""), str(p.verifier or ""), p.due_on, p.status]
        for leaf in self.leaves:
            measure = measure if leaf.child else leaf.text
            told = [leaf.owner, str(p.verifier or ""), leaf.due_on, leaf.status if p.order_pk else p.status]
            yield [*head, measure, leaf.text if leaf.child else "", *whose, *told]


def trees(problems: Sequence[Any]) -> list[Tree]:
    """These problems with what is done about each: two queries, however many there are. After `with_order`."""
    held: dict[int, list[Line]] = {}
    orders = [problem.order_pk for problem in problems if problem.order_pk]
    lines = (
        Line.objects.filter(order__in=orders)
        .select_related("order", "owner")
        .order_by("order", "place", "pk")
    )
    for line in lines:
        held.setdefault(line.order_id, []).append(line)
    people = _people([problem for problem in problems if not problem.order_pk])
    return [
        Tree(
            p,
            [_of_line(line) for line in held.get(p.order_pk, ())]
            if p.order_pk
            else list(_planned(p, people)),
        )
        for p in problems
    ]


def _of_line(line: Line) -> Leaf:
    late = line.is_late
    tone = "red" if late else "green" if line.state == Line.State.CLOSED else "blue"
    words = f"{line.get_state_display()} · 逾期" if late else str(line.get_state_display())
    if line.order.issued_on is None:
        words, tone = "未下发", "grey"
    return Leaf(
        line.text,
        line.owner.name if line.owner else "",
        line.due_on,
        words,
        tone,
        line.get_absolute_url(),
        line.parent_id is not None,
        line.state == Line.State.CLOSED,
    )


def _people(problems: Sequence[Problem]) -> dict[int, str]:
    every = [leaf for p in problems for one in p.plan for leaf in (one, *one.get("children", ()))]
    keys = {leaf["owner"] for leaf in every if leaf.get("owner")}
    return dict(Person.objects.filter(pk__in=keys).values_list("pk", "name")) if keys else {}


def _planned(problem: Problem, people: dict[int, str]) -> Iterator[Leaf]:
    for one in problem.plan:
        for leaf in (one, *one.get("children", ())):
            due = date.fromisoformat(leaf["due_on"]) if leaf.get("due_on") else problem.due_on
            owner = people.get(leaf.get("owner") or 0) or (problem.owner.name if problem.owner else "")
            yield Leaf(leaf["text"], owner, due, child=leaf is not one)


def phases(campaign: Campaign) -> list[Stage]:
    """学习—查摆—整改—评估 with their days; the one that today lies in is the present one."""
    today = clock.today().isoformat()
    over = campaign.state == Campaign.State.CLOSED
    told = [
        (name, f"{_short(since)}—{_short(until)}" if since else "") for name, since, until in campaign.phases
    ]
    now = next(
        (i for i, (_, _, until) in enumerate(campaign.phases) if not until or until >= today), len(told)
    )
    return stages(told, len(told) if over else now)


def _short(day: str) -> str:
    return short_date(date.fromisoformat(day))


@dataclass(frozen=True)
class Count:
    """How much there is on one page: problems, measures, sub-measures, and how much of it is done."""

    problems: int
    settled: int
    measures: int
    children: int
    closed: int
    late: int


def count(found: Sequence[Tree]) -> Count:
    """What the shown problems come to."""
    standing = [tree for tree in found if tree.problem.dropped_on is None]
    return Count(
        len(standing),
        sum(bool(tree.problem.order_closed) for tree in standing),
        sum(tree.measures for tree in standing),
        sum(tree.children for tree in standing),
        sum(tree.closed for tree in standing),
        sum(tree.problem.is_late for tree in standing),
    )


@dataclass(frozen=True)
class Plot:
    """What one leader, department or branch answers for, or what lies in one aspect (方面)."""

    key: int | str
    name: str
    problems: int
    leaves: int
    settled: int
    late: int


PLOTS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "unit": ("按党组织", lambda p: p.unit),
    "department": ("按责任部门", lambda p: p.department),
    "leader": ("按责任领导", lambda p: p.leader),
    "aspect": ("按方面", lambda p: p.aspect or None),
}


def plots(found: Sequence[Tree], by: str) -> list[Plot]:
    """责任田: who answers for how much, in the order of the tree or of names; no order by results."""
    read = PLOTS[by][1]
    held: dict[Any, list[Tree]] = {}
    for tree in found:
        if tree.problem.dropped_on is None and (whose := read(tree.problem)) is not None:
            held.setdefault(whose, []).append(tree)
    return [_plot(whose, held[whose]) for whose in sorted(held, key=_place) if whose]


def _place(whose: Any) -> str:
    """Units in the order of the tree, people by name; aspects as the list has them, for a sort keeps their order."""
    return "" if isinstance(whose, str) else getattr(whose, "path", "") or f"{whose.pinyin} {whose.pk}"


def _plot(whose: Any, own: Sequence[Tree]) -> Plot:
    numbers = Counter(settled=sum(bool(tree.problem.order_closed) for tree in own))
    numbers["late"] = sum(tree.problem.is_late for tree in own)
    leaves = sum(len(tree.leaves) for tree in own)
    key, name = (whose, whose) if isinstance(whose, str) else (whose.pk, whose.name)
    return Plot(key, name, len(own), leaves, numbers["settled"], numbers["late"])
