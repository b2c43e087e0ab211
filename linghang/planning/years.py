"""A year of plans as its pages show it: the plans with what came of them, the quarters and months, the frameworks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from linghang.activities.models import Theme
from linghang.kernel import clock
from linghang.kernel.figures import figure_url
from linghang.org.models import Unit
from linghang.planning.fulfilment import Done, Together, assessed_by, four, fulfilled, missing
from linghang.planning.models import Aim, Item, Plan
from linghang.rules.periods import Kind, Period

LONG = ("years", "year")
AROUND = 5  # years back and ahead that a page may be asked for


def year_of(key: str) -> Period:
    """The year that is asked for; the present one where it is none, or far away."""
    this = Period.containing(Kind.YEAR, clock.today())
    near = key.isdigit() and abs(int(key) - this.year) <= AROUND
    return Period.parse(f"{int(key):04}") if near else this


@dataclass(frozen=True)
class Row:
    """One plan with what came of it."""

    plan: Plan
    done: Done
    four: Sequence[Together]

    @property
    def missing(self) -> str:
        return missing(self.four)

    def url(self, what: str) -> str:
        """Where a figure of it opens."""
        return figure_url("planning.plan", self.plan.pk, what=what)

    @property
    def urls(self) -> dict[str, str]:
        """The same for all its figures, by name."""
        names = ("items", "lines", "closed", "open", "late", "meetings", "resolutions", "checks")
        return {name: self.url(name) for name in names}

    @property
    def counts(self) -> dict[str, int]:
        """How many of each there are, by the same names."""
        return {name: len(getattr(self.done, name)) for name in self.urls}

    @property
    def progress(self) -> str:
        """How far it has come: closed of issued; where nothing was issued, whether anything was done."""
        if self.done.lines:
            return f"{len(self.done.closed)}/{len(self.done.lines)}"
        return "已开展" if self.done.is_any else "未列入"


@dataclass(frozen=True)
class Month:
    """One month of a quarter: its theme and how many items it deploys."""

    first: date
    theme: Theme | None
    items: int

    @property
    def url(self) -> str:
        return reverse("planning:month", args=[f"{self.first:%Y-%m}"])


@dataclass(frozen=True)
class Quarter:
    """A quarter with the plans that begin in it and its months."""

    period: Period
    rows: Sequence[Row]
    months: Sequence[Month]

    @property
    def is_now(self) -> bool:
        return clock.today() in self.period


@dataclass
class Year:
    """All plans of one year that a reader may see."""

    unit: Unit
    period: Period
    rows: list[Row]
    months: list[Month] = field(default_factory=list)

    @cached_property
    def long(self) -> list[Row]:
        """Those of a year or more: the rows of the first table."""
        return [row for row in self.rows if row.plan.span in LONG]

    @cached_property
    def quarters(self) -> list[Quarter]:
        """季安排、月安排 and milestones by the quarter in which they begin, with the months' themes."""
        short, found = [row for row in self.rows if row.plan.span not in LONG], []
        for period in Period.between(Kind.QUARTER, *self.period):
            rows = [row for row in short if row.plan.since in period]
            found.append(Quarter(period, rows, [one for one in self.months if one.first in period]))
        return found

    @cached_property
    def total(self) -> Done:
        total = Done()
        for row in self.rows:
            total.add(row.done)
        return total

    @property
    def sentence(self) -> str:
        """What matters now, in a line."""
        if not self.rows:
            return "年计划分到季、月，列入月度部署以后，进度由单据自己得出。"
        late = sum(row.plan.is_overdue for row in self.rows)
        idle = sum(not row.done.is_any for row in self.rows)
        total = self.total
        said = [f"{len(self.rows)} 项计划", f"下达 {len(total.lines)} 条，办结 {len(total.closed)} 条"]
        said += [f"{late} 项已到期"] if late else []
        said += [f"{idle} 项还没有动"] if idle else []
        return " · ".join(said)


def read_year(unit: Unit, period: Period, plans: Any) -> Year:
    """The plans of a year, in the order of the tree; `plans` are those within the reader's reach."""
    found = list(plans.during(*period).select_related("department", "role", "aim"))
    done, assessed = fulfilled(found), assessed_by(*period) if any(plan.is_dual for plan in found) else ""
    rows = [Row(plan, done[plan.pk], four(plan, done[plan.pk], assessed)) for plan in _in_order(found)]
    return Year(unit, period, rows)


def with_months(year: Year, items: Any) -> Year:
    """Adds the themes and the number of items of each month, as far as the reader sees them; two queries."""
    themes = Theme.objects.filter(unit=year.unit, month__range=tuple(year.period))
    by_month = {theme.month: theme for theme in themes}
    counted = list(
        items.filter(unit=year.unit, month__range=tuple(year.period)).values_list("month", flat=True)
    )
    for period in Period.between(Kind.MONTH, *year.period):
        year.months.append(Month(period.start, by_month.get(period.start), counted.count(period.start)))
    return year


def _in_order(plans: Iterable[Plan]) -> list[Plan]:
    """Each plan behind the one it is a part of; those of the same stand by their beginning, the longer first."""
    found = list(plans)
    keys = {plan.pk: (plan.since, -plan.until.toordinal(), plan.pk) for plan in found}

    def way(plan: Plan) -> list[Any]:
        return [keys[int(pk)] for pk in plan.path.split("/") if pk and int(pk) in keys]

    return sorted(found, key=way)


# --- frameworks ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Node:
    """One entry of a framework with what came of the plans under it and below."""

    aim: Aim
    level: str
    done: Done
    year: str
    grouped: Sequence[Aim] = ()  # entries of other frameworks that count here as well

    @property
    def urls(self) -> dict[str, str]:
        names = ("plans", "lines", "closed", "late")
        return {name: figure_url("planning.aim", self.aim.pk, what=name, year=self.year) for name in names}

    @property
    def plan_url(self) -> str:
        """Where a plan under it is drawn up."""
        return f"{reverse('planning:plan_new')}?{urlencode({'aim': str(self.aim.pk), 'year': self.year})}"


@dataclass(frozen=True)
class Framework:
    """A framework with its entries, top down."""

    root: Aim
    nodes: Sequence[Node]

    @property
    def words(self) -> str:
        return " → ".join(self.root.levels)


def frameworks(day: date, year: Period, plans: Any) -> list[Framework]:
    """The frameworks in use with the plans of a year that the reader sees rolled up over every entry."""
    aims = list(Aim.objects.in_use(day))
    found = list(plans.during(*year).filter(aim__isnull=False).select_related("aim"))
    done, known = fulfilled(found), {aim.code: aim for aim in aims}
    totals = {aim.code: Done() for aim in aims}
    for plan in found:
        for code in _served(plan.aim.code if plan.aim else "", known):
            totals[code].add(done[plan.pk])
    made = []
    for root in (aim for aim in aims if not aim.above):
        names = dict(enumerate(root.levels, 1))
        inside = [aim for aim in aims if aim.framework == root.code and aim.above]
        nodes = [
            Node(aim, names.get(aim.depth, ""), totals[aim.code], year.key, _grouped(aim, aims))
            for aim in inside
        ]
        made.append(Framework(root, nodes))
    return made


def _served(code: str, known: Mapping[str, Aim]) -> set[str]:
    """The entries that a plan under this one serves: it, those above it, and where any of them counts as well."""
    found, ahead = set[str](), [code]
    while ahead:
        here = ahead.pop()
        if here in known and here not in found:
            found.add(here)
            ahead += [known[here].above, *known[here].also]
    return found


def _grouped(aim: Aim, aims: Iterable[Aim]) -> list[Aim]:
    return [each for each in aims if aim.code in each.also]


def below(aim: Aim, day: date) -> set[str]:
    """The codes of an entry, of all that stand below it on a day, and of what counts as well under any of them."""
    here = Aim.objects.on(day).filter(framework=aim.framework) | Aim.objects.in_use(day)
    rows = list(here.values_list("code", "above", "also"))
    found, more = {aim.code}, {aim.code}
    while more:
        more = {code for code, above, also in rows if above in more or more.intersection(also)} - found
        found |= more
    return found


def library(day: date) -> list[Aim]:
    """The frameworks that a hospital may choose from and does not use."""
    used = set(Aim.objects.in_use(day).values_list("framework", flat=True))
    return [aim for aim in Aim.objects.on(day).filter(above="").order_by("place") if aim.code not in used]


def plans_of_month(unit: Unit, first: date, plans: Any) -> list[Plan]:
    """The running plans of a month that have not been taken up in it: each may become an item with one pick."""
    month = Period.containing(Kind.MONTH, first)
    taken = Item.objects.filter(unit=unit, month=first, plan__isnull=False).values("plan")
    short = [*plans.running().during(*month).exclude(pk__in=taken).select_related("department")]
    return [plan for plan in short if plan.span in ("milestone", "month", "quarter")]
