"""What a branch owes and what it was excused from. How it stands is never stored: `judge` computes it from records."""

from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from linghang.kernel import clock
from linghang.kernel.access import Gated, GatedQuerySet
from linghang.org.models import Person, Unit


class DutyQuerySet(GatedQuerySet):
    def on(self, day: date) -> Self:
        """The versions in force on that day."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=day), since__lte=day)

    def during(self, start: date, end: date) -> Self:
        """The versions in force on at least one day from `start` to `end`."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=start), since__lte=end)


def of_branches() -> list[str]:
    """Whose most duties are."""
    return [Unit.Kind.BRANCH.value]


def shapes_of(unit: Unit) -> set[str]:
    """What a duty may ask about a unit's shape: a 临时联合党支部 is temporary and joint, any other is one thing."""
    both = {Unit.Shape.TEMPORARY.value, Unit.Shape.JOINT.value}
    return both if unit.shape == Unit.Shape.TEMPORARY_JOINT else {str(unit.shape)}


class Duty(Gated):
    """One version of a duty, from a day on: what shall be done, how it is judged, on which rule it rests."""

    class Judge(models.TextChoices):
        MEETINGS = "meetings", "按期召开"
        TERM = "term", "任期"
        COMMITTEE = "committee", "班子配备"
        SIZE = "size", "支部人数"
        FEW = "few", "建支部人数"
        JOINT = "joint", "联合支部"
        TEMPORARY = "temporary", "临时支部"
        VACANCY = "vacancy", "补选"
        LINES = "lines", "按期办结"
        STUDY = "study", "学时"
        DUES = "dues", "党费"

    code = models.CharField("编码", max_length=40, db_index=True)
    title = models.CharField("职责", max_length=40)
    judge = models.CharField("判定方法", max_length=10, choices=Judge.choices, default=Judge.MEETINGS)
    rule = models.CharField("规则编号", max_length=20, blank=True)
    kinds = models.JSONField("记录类别", default=list, blank=True)
    parameter = models.CharField("频次参数", max_length=80, blank=True)
    demand = models.CharField("要求", max_length=80, blank=True)
    basis = models.CharField("院内依据", max_length=80, blank=True)
    categories = models.JSONField("适用分类", default=list, blank=True)
    units = models.JSONField("由谁承担", default=of_branches)
    shapes = models.JSONField("适用形式", default=list, blank=True)
    not_for = models.JSONField("不要求的形式和原因", default=dict, blank=True)
    active = models.BooleanField("启用", default=True)
    order = models.PositiveSmallIntegerField("排序", default=0)
    since = models.DateField("自")
    until = models.DateField("至（不含）", null=True, blank=True)

    objects: ClassVar[Any] = DutyQuerySet.as_manager()
    view_verb = "compliance.view_checkup"

    class Meta:
        verbose_name = "职责"
        ordering = ["order", "code", "since"]
        constraints = [
            models.UniqueConstraint(fields=["code", "since"], name="duty_once_a_day"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="duty_ends_after_it_begins",
                violation_error_message="结束日期不能早于开始日期",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("compliance:checkups")

    @property
    def is_of_branches(self) -> bool:
        return Unit.Kind.BRANCH in self.units

    def concerns(self, unit: Unit) -> bool:
        """Whether this duty is one of such a unit's at all; whom it does not concern does not see it."""
        shapes, categories = self.shapes, self.categories
        return (
            unit.kind in self.units
            and (not categories or unit.category in categories)
            and (not shapes or not shapes_of(unit).isdisjoint(shapes))
        )

    def lets_off(self, unit: Unit) -> str:
        """Why a unit of this shape does not owe it, in the words of the blueprint; empty where it does."""
        return next((why for shape, why in self.not_for.items() if shape in shapes_of(unit)), "")

    def governs(self, day: date) -> bool:
        """Whether a period that begins on this day is judged by this version."""
        return self.since <= day and (self.until is None or day < self.until)


class Waiver(Gated):
    """A unit is excused from a duty for some periods, by name and with a reason: those periods leave every base.

    Closed early, it still holds for the periods that ended before `closed_on`.
    """

    unit = models.ForeignKey(Unit, verbose_name="支部", on_delete=models.PROTECT, related_name="waivers")
    duty = models.CharField("职责", max_length=40)
    since = models.DateField("期间自")
    until = models.DateField("期间至")
    reason = models.CharField("原因", max_length=200)
    by_name = models.CharField("批准人", max_length=60)
    at = models.DateTimeField("时间", default=clock.now)
    closed_on = models.DateField("提前结束", null=True, blank=True)

    unit_paths = ("unit",)
    view_verb = "compliance.view_checkup"

    class Meta:
        verbose_name = "豁免"
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gte=F("since")),
                name="waiver_ends_after_it_begins",
                violation_error_message="结束日期不能早于开始日期",
            ),
            models.UniqueConstraint(fields=["unit", "duty", "since"], name="waived_once"),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.since} 至 {self.until} 豁免"

    def get_absolute_url(self) -> str:
        return f"{reverse('desk:branch', args=[self.unit_id])}#waivers"


class Digest(Gated):
    """Whether somebody wants the daily word on how their branches stand, and on which day it was last written."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="digest")
    wanted = models.BooleanField("每日摘要", default=True)
    sent_on = models.DateField("最近一次", null=True, blank=True)

    unit_paths = ("person__branch",)
    own_paths = ("person",)
    view_verb = "compliance.switch_digest"

    class Meta:
        verbose_name = "每日摘要"

    def __str__(self) -> str:
        return f"每日摘要：{'接收' if self.wanted else '不接收'}"

    def get_absolute_url(self) -> str:
        return reverse("desk:notices")
