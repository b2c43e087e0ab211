"""What became of plans: derived from what was deployed, issued, held and inspected, never typed.

From a plan: the items that were taken from it, the topics that these were put up for decision as, and whatever refers to
any of them; from these the lines of the sheets.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from django.db.models import BigIntegerField, Exists, OuterRef
from django.db.models.functions import Cast, Substr

from linghang.activities.models import Meeting
from linghang.dispatch.models import Line, Order
from linghang.kernel.facts import SOURCES
from linghang.kernel.models import Link
from linghang.kernel.parameters import WATCHES, Effect
from linghang.kernel.refs import key_of
from linghang.planning.models.items import Item
from linghang.planning.models.plans import Plan
from linghang.rules.periods import add_years

LINE, MEETING = "dispatch.line", "activities.meeting"
ITEM, RESOLUTION, TOPIC = "planning.item", "activities.resolution", "decisions.topic"
LEADING = (f"{ITEM}:", f"{RESOLUTION}:", f"{TOPIC}:")  # what is not done itself, but leads on to what is
INSPECTED = "inspections."


@dataclass
class Done:
    """References to what came of a plan, by what it is. `lines` are those that were issued."""

    plans: list[str] = field(default_factory=list)
    items: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    meetings: list[str] = field(default_factory=list)
    resolutions: list[str] = field(default_factory=list)
    checks: list[str] = field(default_factory=list)

    @property
    def open(self) -> list[str]:
        settled = set(self.closed)
        return [ref for ref in self.lines if ref not in settled]

    @property
    def share(self) -> int | None:
        """How many lines in a hundred are closed; None where nothing was issued."""
        return 100 * len(self.closed) // len(self.lines) if self.lines else None

    @property
    def is_any(self) -> bool:
        """Whether anything at all was done about it."""
        return bool(self.lines or self.meetings or self.resolutions or self.checks)

    def add(self, other: "Done") -> None:
        """Take in what came of another, each thing once."""
        for each in fields(self):
            known = getattr(self, each.name)
            setattr(self, each.name, list(dict.fromkeys([*known, *getattr(other, each.name)])))


WHAT = {
    "plans": "计划",
    "items": "部署事项",
    "lines": "下达的单据事项",
    "closed": "已办结的单据事项",
    "open": "未办结的单据事项",
    "late": "逾期的单据事项",
    "meetings": "会议",
    "resolutions": "决议",
    "checks": "检查和问题",
}


def fulfilled(plans: Iterable[Plan]) -> dict[int, Done]:
    """What came of each of these plans and of the parts of it that are among them. Some eight queries, however many there are."""
    found = list(plans)
    own = _own(found)
    totals = {plan.pk: Done() for plan in found}
    for plan in found:
        for above in map(int, filter(None, plan.path.split("/"))):
            if above in totals:
                totals[above].add(own[plan.pk])
    return totals


def _own(plans: Sequence[Plan]) -> dict[int, Done]:
    """What came of each plan itself."""
    done = {plan.pk: Done(plans=[plan.ref]) for plan in plans}
    roots = {plan.ref: plan.pk for plan in plans}
    for pk, plan in Item.objects.filter(plan__in=done).order_by("month", "place").values_list("pk", "plan"):
        done[plan].items.append(f"{ITEM}:{pk}")
        roots[f"{ITEM}:{pk}"] = plan
    ties, ahead = list[tuple[str, int]](), dict(roots)
    while ahead:
        found = _follow(ahead)
        ties += found
        ahead = {ref: plan for ref, plan in found if ref.startswith(LEADING) and ref not in roots}
        roots |= ahead
    if ties:
        known = _Known(roots, {target.partition(":")[0] for target, _ in ties})
        for target, plan in dict.fromkeys(ties):
            known.sort_in(done[plan], target)
    return done


def _follow(roots: dict[str, int]) -> list[tuple[str, int]]:
    """What came of these references, each with the plan that it counts for."""
    ties = Link.objects.filter(source__in=roots).order_by("pk").values_list("source", "target")
    return [(target, roots[source]) for source, target in ties]


class _Known:
    """The lines and meetings that these references lead to, as they stand; a query for each that is among them."""

    def __init__(self, roots: dict[str, int], labels: set[str]) -> None:
        lines = Line.objects.filter(pk__in=_keys(roots, LINE), order__issued_on__isnull=False)
        overdue = Exists(Line.objects.overdue().filter(pk=OuterRef("pk")))
        issued = lines.exclude(order__state=Order.State.VOID).annotate(overdue=overdue)
        self.lines = {pk: (state, late) for pk, state, late in issued.values_list("pk", "state", "overdue")}
        held = Meeting.objects.held().filter(pk__in=_keys(roots, MEETING))
        self.held = set(held.values_list("pk", flat=True)) if MEETING in labels else set()

    def sort_in(self, done: Done, ref: str) -> None:
        """Put a reference where it belongs; what is not issued or not held yet counts for nothing."""
        label = ref.partition(":")[0]
        if label == LINE and key_of(ref) in self.lines:
            state, late = self.lines[key_of(ref)]
            done.lines.append(ref)
            done.closed += [ref] if state == Line.State.CLOSED else []
            done.late += [ref] if late else []
        elif label == MEETING and key_of(ref) in self.held:
            done.meetings.append(ref)
        elif label == RESOLUTION:
            done.resolutions.append(ref)
        elif label.startswith(INSPECTED):
            done.checks.append(ref)


def _keys(roots: Iterable[str], label: str) -> Any:
    """The keys of the records of one model that came of these references, as a subquery: there may be thousands."""
    found = Link.objects.filter(source__in=list(roots), target__startswith=f"{label}:")
    key = Cast(Substr("target", len(label) + 2), BigIntegerField())
    return found.order_by().annotate(key=key).values("key")


# --- 四同 -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Together:
    """One of the four: whether it is met, in words, and which records show it."""

    name: str
    met: bool
    words: str
    what: str = ""

    @property
    def light(self) -> str:
        return "正常" if self.met else "快到期"


def four(plan: Plan, done: Done, assessed: str) -> list[Together]:
    """同谋划、同部署、同督察、同考核 of a plan with two sides (S1-22); nothing for one that has none."""
    return _four(_one_sided(plan), len(done.lines), len(done.checks), assessed) if plan.is_dual else []


def four_of_item(item: Item, lines: int, checks: int, assessed: str) -> list[Together]:
    """The same of an item that is agreed: planned where it carries out a plan with both sides."""
    lacks = _one_sided(item.plan) if item.plan else "不出自计划"
    return _four(lacks, lines if item.state == Item.State.DEPLOYED else 0, checks, assessed)


def _one_sided(plan: Plan) -> str:
    """Which side a plan leaves out; empty where both are written."""
    lacks = [name for name, words in (("党建", plan.party), ("业务", plan.business)) if not words]
    return f"没有写{'、'.join(lacks)}一侧" if lacks else ""


def _four(lacks: str, lines: int, checks: int, assessed: str) -> list[Together]:
    counted = bool(lines and assessed)
    return [
        Together("同谋划", not lacks, lacks or "党建、业务两侧都有安排"),
        Together("同部署", lines > 0, f"{lines} 条单据事项" if lines else "还没有列入提示单", "lines"),
        Together("同督察", checks > 0, f"{checks} 次检查或问题" if checks else "还没有检查到它", "checks"),
        Together("同考核", counted, assessed if counted else "没有考核指标计到它"),
    ]


def missing(together: Sequence[Together]) -> str:
    """What is missing in a line: “缺同督察、同考核”, “四同齐全”; empty where it is not asked."""
    lacks = "、".join(each.name for each in together if not each.met)
    return f"缺{lacks}" if lacks else "四同齐全" if together else ""


def assessed_by(since: date, until: date) -> str:
    """Which assessment counts lines of reminders in these days, in its own words; empty when none does.

    Asked of whoever counts facts: an open cycle names its items, a locked one has left its ratings.
    """
    moved = [Effect("", since, "dispatch.lines", {"kind": Order.Kind.REMINDER.value})]
    if told := next((words for watch in WATCHES for words in watch(moved)), ""):
        return told
    ratings = SOURCES.get("assessment.ratings")
    locked = ratings is not None and ratings.frame(since, add_years(until, 1)).height > 0
    return "已计入年度考核等次" if locked else ""
