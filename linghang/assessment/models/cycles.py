"""Schemes, cycles, runs, scores and ratings. A run is never changed: the next one is new."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery, Sum
from django.urls import reverse

from linghang.assessment.definition import SchemeEntry
from linghang.kernel import clock
from linghang.kernel.access import Gated, GatedQuerySet
from linghang.kernel.figures import figure_url
from linghang.kernel.models import Figure
from linghang.org.models import Person, Post, Unit

if TYPE_CHECKING:
    from linghang.assessment.models.marks import Mark


class SchemeQuerySet(GatedQuerySet):
    def on(self, day: date) -> Self:
        """The versions in force on that day."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=day), since__lte=day)


class Scheme(Gated):
    """One version of an assessment scheme, from a day on: data that was checked before it was stored."""

    code = models.CharField("编码", max_length=40, db_index=True)
    title = models.CharField("名称", max_length=80)
    definition = models.JSONField("内容")
    since = models.DateField("自")
    until = models.DateField("至（不含）", null=True, blank=True)

    objects: ClassVar[Any] = SchemeQuerySet.as_manager()
    view_verb = "assessment.view_cycle"

    class Meta:
        verbose_name = "考核方案"
        ordering = ["code", "since"]
        constraints = [models.UniqueConstraint(fields=["code", "since"], name="scheme_once_a_day")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("assessment:scheme", args=[self.pk])

    @cached_property
    def content(self) -> SchemeEntry:
        """The scheme as typed data."""
        return SchemeEntry.model_validate(self.definition)


class CycleQuerySet(GatedQuerySet):
    def public(self) -> Self:
        """Those whose list of ratings everybody may see."""
        return self.filter(state__in=Cycle.PUBLIC)

    def locked(self) -> Self:
        return self.filter(state=Cycle.State.LOCKED)


class Cycle(Gated):
    """One assessment over a period: from opening to the locked result."""

    class State(models.TextChoices):
        OPEN = "open", "进行中"
        COMPUTED = "computed", "已试算"
        PROPOSED = "proposed", "已拟定等次"
        CONFIRMED = "confirmed", "已研究确认"
        PUBLISHED = "published", "公示中"
        LOCKED = "locked", "已锁定"

    PUBLIC: ClassVar = (State.PUBLISHED, State.LOCKED)

    scheme = models.ForeignKey(
        Scheme, verbose_name="考核方案", on_delete=models.PROTECT, related_name="cycles"
    )
    unit = models.ForeignKey(Unit, verbose_name="考核单位", on_delete=models.PROTECT, related_name="+")
    title = models.CharField("名称", max_length=60)
    since = models.DateField("考核期自")
    until = models.DateField("考核期至")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.OPEN)
    run = models.ForeignKey(
        "Run", verbose_name="当前结果", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_on = models.DateField("研究确认日期", null=True, blank=True)
    published_on = models.DateField("公示日期", null=True, blank=True)
    objections_until = models.DateField("异议截止", null=True, blank=True)
    locked_on = models.DateField("锁定日期", null=True, blank=True)

    objects: ClassVar[Any] = CycleQuerySet.as_manager()
    view_verb = "assessment.view_cycle"

    class Meta:
        verbose_name = "考核周期"
        ordering = ["-until", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "title"], name="cycle_title_once"),
            models.CheckConstraint(
                condition=Q(until__gt=F("since")),
                name="cycle_ends_after_it_begins",
                violation_error_message="考核期的结束日期应晚于开始日期",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("assessment:cycle", args=[self.pk])

    @property
    def is_public(self) -> bool:
        return self.state in self.PUBLIC

    def branches(self) -> Any:
        """The branches that are assessed: those that exist when the period ends, or today if that comes first."""
        day = min(self.until, clock.today())
        return Unit.objects.branches().under(self.unit).on(day).order_by("path")

    def heads(self) -> Any:
        """Whoever leads one of the rated branches today."""
        posts = Post.objects.on(clock.today()).filter(unit__in=self.ratings.values("unit"), role__leads=True)
        return Person.objects.filter(posts__in=posts).distinct()

    def marks_by_item(self) -> dict[str, dict[int, "Mark"]]:
        """What was given by hand: item → branch → mark."""
        found: dict[str, dict[int, Mark]] = {}
        for mark in self.marks.all():
            found.setdefault(mark.code, {})[mark.unit_id] = mark
        return found

    @property
    def is_over(self) -> bool:
        """Whether the period's last day has passed."""
        return self.until < clock.today()

    @property
    def marked_since(self) -> bool:
        """Whether marks were given after the last run, which does not know of them."""
        return self.run is not None and self.marks.filter(at__gt=self.run.at).exists()

    def suggestions(self) -> list["Score"]:
        """The lines of the current run in which the records suggest a deduction or a veto."""
        items = {item.code: item for item in self.scheme.content.items if item.suggested}
        found: Any = Score.objects.filter(run=self.run_id, code__in=items, figure__isnull=False)
        lines = found.select_related("figure", "unit").defer("figure__records").order_by("code", "unit__path")
        return [line for line in lines if items[line.code].bites(float(line.figure.value))]

    def undecided(self) -> list["Score"]:
        """The suggested ones that nobody has confirmed or declined yet."""
        marked = set(self.marks.values_list("code", "unit_id"))
        return [line for line in self.suggestions() if (line.code, line.unit_id) not in marked]


class Run(Gated):
    """One computation of a cycle, with its 校验码. The last one counts; the earlier ones stay for comparison."""

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="runs")
    number = models.PositiveSmallIntegerField("第几次")
    as_of = models.DateField("计至")
    by_name = models.CharField("试算人", max_length=60)
    digest = models.CharField("校验码", max_length=64)
    at = models.DateTimeField("时间", default=clock.now)

    view_verb = "assessment.view_cycle"

    class Meta:
        verbose_name = "试算"
        ordering = ["cycle", "-number"]
        constraints = [models.UniqueConstraint(fields=["cycle", "number"], name="run_numbered_once")]

    def __str__(self) -> str:
        return f"{self.cycle} 第 {self.number} 次试算"

    def get_absolute_url(self) -> str:
        return self.cycle.get_absolute_url()

    @property
    def code(self) -> str:
        """The short form of the digest, as it stands on paper."""
        return f"{self.digest[:4]}-{self.digest[4:6]}".upper()

    @property
    def intact(self) -> bool:
        """Whether the stored lines still give the 校验码: nobody has edited a score by hand."""
        lines = self.scores.select_related("figure").only(*SEALED)
        return self.digest == seal(lines)


SEALED = ("run", "unit", "place", "code", "status", "points", "value", "figure", "figure__digest")


def seal(scores: Iterable["Score"]) -> str:
    """The 校验码 of a run: over every line, what it scored and the figure that it rests on."""
    said = [
        f"{s.unit_id}|{s.code}|{s.status}|{s.points}|{'' if s.value is None else f'{s.value:.12g}'}|{s.figure.digest if s.figure else ''}"
        for s in sorted(scores, key=lambda each: (each.unit_id, each.place))
    ]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


class Score(Gated):
    """One line of one branch's sheet: what was counted, what it scored, why, and the records behind it."""

    class Status(models.TextChoices):
        KNOWN = "known", "已计"
        UNKNOWN = "unknown", "无法判定"
        INAPPLICABLE = "inapplicable", "不适用"

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="scores")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="scores")
    place = models.PositiveSmallIntegerField(default=0)
    code = models.CharField("项目编码", max_length=20)
    name = models.CharField("项目", max_length=60)
    dimension = models.CharField("维度", max_length=20, blank=True)
    section = models.CharField(max_length=8)
    full = models.DecimalField("分值", max_digits=6, decimal_places=2)
    points = models.DecimalField("得分", max_digits=6, decimal_places=2, null=True)
    status = models.CharField("状态", max_length=12, choices=Status.choices)
    value = models.FloatField("数值", null=True)
    numerator = models.FloatField(null=True)
    denominator = models.FloatField(null=True)
    counted = models.CharField("计了什么", max_length=200, blank=True)
    why = models.CharField("为什么", max_length=400, blank=True)
    by_hand = models.BooleanField("人工", default=False)
    figure = models.ForeignKey(
        Figure, verbose_name="留存的数", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    unit_paths = ("unit",)
    view_verb = "assessment.view_sheet"

    class Meta:
        verbose_name = "得分"
        ordering = ["run", "unit", "place"]
        constraints = [models.UniqueConstraint(fields=["run", "unit", "code"], name="scored_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}" if self.section != "adjust" else self.name

    def get_absolute_url(self) -> str:
        return figure_url("assessment.score", self.pk)


class RatingQuerySet(GatedQuerySet):
    def with_dimensions(self, codes: Sequence[str]) -> Self:
        """Adds the points of each dimension (`dim_A`) and how many lines are unknown, in the current run."""
        own = Score.objects.filter(
            run=OuterRef("cycle__run"), unit=OuterRef("unit"), section="base"
        ).order_by()
        sums = {
            f"dim_{code}": Subquery(
                own.filter(dimension=code).values("unit").annotate(s=Sum("points")).values("s")
            )
            for code in codes
        }
        unknown = own.filter(status=Score.Status.UNKNOWN).values("unit").annotate(n=Count("pk")).values("n")
        return self.annotate(**sums, missing=Subquery(unknown))

    def settled(self) -> Self:
        """Those for which a rating was proposed, is to be voted on, or was confirmed."""
        return self.exclude(proposed="", confirmed="", among=[])

    def by_proposal(self, names: Sequence[str]) -> list["Rating"]:
        """Those to be voted on first, then by proposed rating and place in the tree."""
        order = {name: place for place, name in enumerate(names)}
        found: Any = self.select_related("unit")
        return sorted(
            found, key=lambda row: (not row.among, order.get(row.proposed, len(order)), row.unit.path)
        )

    def best_first(self, names: Sequence[str]) -> list["Rating"]:
        """By confirmed rating in the scheme's order, then by place in the tree: never by score."""
        found: Any = self.select_related("unit")
        return sorted(
            (row for row in found if row.confirmed in names),
            key=lambda row: (list(names).index(row.confirmed), row.unit.path),
        )


class Rating(Gated):
    """A branch in a cycle: its total in the current run, what is proposed and what the committee confirmed."""

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="ratings")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="ratings")
    total = models.DecimalField("总分", max_digits=6, decimal_places=2, null=True)
    status = models.CharField(max_length=12, choices=Score.Status.choices)
    note = models.CharField("说明", max_length=600, blank=True)
    proposed = models.CharField("拟定等次", max_length=20, blank=True)
    proposal = models.CharField("拟定理由", max_length=200, blank=True)
    among = models.JSONField("待票决的等次", default=list, blank=True)
    confirmed = models.CharField("确认等次", max_length=20, blank=True)
    reason = models.CharField("调整理由", max_length=200, blank=True)

    objects: ClassVar[Any] = RatingQuerySet.as_manager()
    unit_paths = ("unit",)
    view_verb = "assessment.view_sheet"

    class Meta:
        verbose_name = "成绩单"
        ordering = ["cycle", "unit__path"]
        constraints = [models.UniqueConstraint(fields=["cycle", "unit"], name="rated_once")]

    def __str__(self) -> str:
        return f"{self.unit} {self.cycle}成绩单"

    def get_absolute_url(self) -> str:
        return reverse("assessment:sheet", args=[self.pk])

    @property
    def takes_objections(self) -> bool:
        """Whether an objection may be raised today."""
        until = self.cycle.objections_until
        return self.cycle.state == Cycle.State.PUBLISHED and until is not None and clock.today() <= until

    def scores(self) -> Any:
        """The lines of the current run."""
        lines = Score.objects.filter(run=self.cycle.run_id, unit=self.unit_id)
        return lines.select_related("figure").defer("figure__records").order_by("place")
