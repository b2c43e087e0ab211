"""年度督查检查计划: the year's rounds in one list, filed once with its document number."""

from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse

from linghang.inspections.models.checklists import Checklist
from linghang.inspections.models.rounds import Round
from linghang.kernel.access import Gated, GatedQuerySet
from linghang.org.models import Unit


class Plan(Gated):
    """What one Party organisation means to inspect in one year. Filed, it stays as it is; more is 计划外."""

    class State(models.TextChoices):
        DRAFTED = "drafted", "拟定"
        FILED = "filed", "已备案"

    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.DRAFTED)
    unit = models.ForeignKey(Unit, verbose_name="组织单位", on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField("年度")
    document = models.CharField("文号", max_length=60, blank=True)
    filed_on = models.DateField("备案日期", null=True, blank=True)

    objects: ClassVar[Any] = GatedQuerySet.as_manager()
    unit_paths = ("unit",)
    view_verb = "inspections.view_plan"

    class Meta:
        verbose_name = "年度督查检查计划"
        ordering = ["-year", "unit__path"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "year"],
                name="one_inspection_plan_a_year",
                violation_error_message="这一年的计划已经有了",
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.year} 年督查检查计划"

    def get_absolute_url(self) -> str:
        return reverse("inspections:plan", args=[self.pk])

    @property
    def tone(self) -> str:
        """The colour family of its state."""
        return "green" if self.state == self.State.FILED else "amber"


class PlanLine(models.Model):
    """One round of the year's plan: in which month, how, by which list."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="lines")
    month = models.PositiveSmallIntegerField("月份", validators=[MinValueValidator(1), MaxValueValidator(12)])
    method = models.CharField("方式", max_length=10, choices=Round.Method.choices)
    checklist = models.ForeignKey(
        Checklist, verbose_name="检查表", on_delete=models.PROTECT, related_name="+"
    )
    sample = models.PositiveSmallIntegerField("抽查几个支部", null=True, blank=True)
    unannounced = models.BooleanField("飞检", default=False)

    class Meta:
        verbose_name = "计划轮次"
        ordering = ["plan", "month", "pk"]

    def __str__(self) -> str:
        return f"{self.month} 月{self.words}"

    @property
    def words(self) -> str:
        """支部自查, 党委督查（飞检） …"""
        return Round(method=self.method, unit=self.plan.unit, unannounced=self.unannounced).method_words
