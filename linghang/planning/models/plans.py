"""Strategic frameworks as rows, and the plans under them: several years, a year, a quarter, a month, one day."""

from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from linghang.kernel import clock
from linghang.kernel.access import Gated, GatedQuerySet
from linghang.kernel.figures import figure_url
from linghang.kernel.models import DatedQuerySet
from linghang.kernel.parameters import value
from linghang.org.models import Role, Unit
from linghang.planning.parameters import FRAMEWORKS
from linghang.rules.periods import Kind, Period

VIEW_PLAN = "planning.view_plan"
KINDS = (Kind.MONTH, Kind.QUARTER, Kind.HALF, Kind.YEAR)


class AimQuerySet(GatedQuerySet, DatedQuerySet):  # type: ignore[override]
    """Frameworks are dated; one is in use where the hospital says so."""

    def in_use(self, day: date) -> Self:
        """The frameworks that the hospital works by on a day, with all that stands in them, top down."""
        named = [name.strip() for name in value(FRAMEWORKS, day).split("、") if name.strip()]
        roots = self.model.objects.on(day).filter(above="", title__in=named)
        return self.on(day).filter(framework__in=roots.values("code")).order_by("framework", "place")


class Aim(Gated):
    """One entry of a strategic framework: 口号 → 条目 → 任务 → 指标, or whatever a hospital calls its levels.

    The framework itself is the entry with nothing above it. Entries know each other by code, so that one that is worded
    anew (the old row is closed, a new one begins) keeps its place and what was planned under it.
    """

    code = models.CharField("编码", max_length=40, db_index=True)
    framework = models.CharField("框架", max_length=40, db_index=True)
    above = models.CharField("上一级", max_length=40, blank=True)
    title = models.CharField("名称", max_length=120)
    levels = models.JSONField("各级叫法", default=list, blank=True)
    basis = models.CharField("依据", max_length=120, blank=True)
    # Entries of other frameworks under which the same plans stand as well: "fnew.trend".
    also = models.JSONField("同时算在", default=list, blank=True)
    depth = models.PositiveSmallIntegerField("级", default=0)
    place = models.PositiveSmallIntegerField("次序", default=0)
    since = models.DateField("自")
    until = models.DateField("至（不含）", null=True, blank=True)

    objects: ClassVar[Any] = AimQuerySet.as_manager()
    view_verb = VIEW_PLAN

    class Meta:
        verbose_name = "框架条目"
        ordering = ["framework", "place", "pk"]
        constraints = [models.UniqueConstraint(fields=["code", "since"], name="aim_once_a_day")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return figure_url("planning.aim", self.pk)


class PlanQuerySet(GatedQuerySet):
    def during(self, start: date, end: date) -> Self:
        """Plans that run on at least one day from `start` to `end`, both included; what was dropped is left out."""
        return self.filter(since__lte=end, until__gte=start).exclude(state=Plan.State.DROPPED)

    def below(self, plan: "Plan") -> Self:
        """The plan itself and all into which it was divided."""
        return self.filter(path__startswith=plan.path)

    def running(self) -> Self:
        return self.filter(state=Plan.State.RUNNING)


class Plan(Gated):
    """One thing that is to be done in a stretch of time, and by whom: how far it has come is derived, never typed.

    A longer plan is divided into shorter ones (三年 → 年 → 季 → 月); one of a single day is a milestone. `party` and
    `business` are its two sides (双融双促).
    """

    class State(models.TextChoices):
        RUNNING = "running", "执行中"
        CLOSED = "closed", "已办结"
        DROPPED = "dropped", "已终止"

    state = models.CharField("状态", max_length=8, choices=State.choices, default=State.RUNNING)
    unit = models.ForeignKey(Unit, verbose_name="制定单位", on_delete=models.PROTECT, related_name="plans")
    department = models.ForeignKey(
        Unit, verbose_name="责任部门或支部", on_delete=models.PROTECT, related_name="+"
    )
    role = models.ForeignKey(
        Role, verbose_name="责任岗位", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    aim = models.ForeignKey(
        Aim, verbose_name="框架条目", null=True, blank=True, on_delete=models.PROTECT, related_name="plans"
    )
    parent = models.ForeignKey(
        "self", verbose_name="上级计划", null=True, blank=True, on_delete=models.PROTECT, related_name="parts"
    )
    path = models.CharField(max_length=80, blank=True, db_index=True, editable=False)
    title = models.CharField("计划", max_length=120)
    since = models.DateField("自")
    until = models.DateField("至")
    party = models.CharField("党建一侧", max_length=200, blank=True)
    business = models.CharField("业务一侧", max_length=200, blank=True)
    note = models.CharField("小结或终止原因", max_length=300, blank=True)
    ended_on = models.DateField("办结日期", null=True, blank=True)

    objects: ClassVar[Any] = PlanQuerySet.as_manager()
    unit_paths = ("unit", "department")
    view_verb = VIEW_PLAN
    day_field = "since"

    class Meta:
        verbose_name = "计划"
        ordering = ["since", "-until", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gte=F("since")),
                name="plan_ends_after_it_begins",
                violation_error_message="计划的结束日期不能早于开始日期",
            )
        ]
        indexes = [models.Index(fields=["since", "until"])]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("planning:plan", args=[self.pk])

    @property
    def depth(self) -> int:
        """How many plans stand above it."""
        return max(self.path.count("/") - 2, 0)

    @property
    def span(self) -> str:
        """How long it runs: milestone, month, quarter, year, years."""
        days = (self.until - self.since).days
        lengths = ((0, "milestone"), (31, "month"), (92, "quarter"), (366, "year"))
        return next((name for most, name in lengths if days <= most), "years")

    @property
    def span_words(self) -> str:
        """The same as it is called here: 节点、月安排、季安排、年计划、多年计划."""
        words = {"milestone": "节点", "month": "月安排", "quarter": "季安排", "year": "年计划"}
        return words.get(self.span, "多年计划")

    @property
    def when(self) -> str:
        """Its time in words: “2026 年第三季度”, “2026-03-15”, “2026-02-01 至 2026-05-31”."""
        if self.span == "milestone":
            return str(self.since)
        whole = (Period.containing(kind, self.since) for kind in KINDS)
        return next((each.label for each in whole if tuple(each) == (self.since, self.until)), "") or (
            f"{self.since:%Y} 至 {self.until:%Y} 年"
            if self.span == "years"
            else f"{self.since} 至 {self.until}"
        )

    @property
    def is_dual(self) -> bool:
        """Whether it has a Party or a business side, so that 四同 is asked of it."""
        return bool(self.party or self.business)

    @property
    def is_overdue(self) -> bool:
        return self.state == self.State.RUNNING and self.until < clock.today()

    @property
    def shown_state(self) -> str:
        return "已到期" if self.is_overdue else str(self.get_state_display())

    @property
    def tone(self) -> str:
        """The colour family of its state."""
        if self.is_overdue:
            return "red"
        return {self.State.RUNNING: "blue", self.State.CLOSED: "green"}.get(self.State(self.state), "grey")

    @property
    def as_item(self) -> str:
        """As an item of a month's deployment says it: both sides, so that a branch reads them together."""
        sides = [
            f"{name}：{words}" for name, words in (("党建", self.party), ("业务", self.business)) if words
        ]
        return "；".join([self.title, *sides])[:300]
