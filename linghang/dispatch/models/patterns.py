"""What is written once and used again: patterns of sheets, and lines that come back every month or quarter."""

from calendar import monthrange
from datetime import date
from typing import Any, ClassVar, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from linghang.dispatch.models.orders import Order
from linghang.kernel.access import Gated, GatedQuerySet
from linghang.org.models import Unit


class Pattern(Gated):
    """常用单据: title, text and lines to begin a sheet with. A line's deadline is given in days from the drafting."""

    code = models.CharField("编码", max_length=40, unique=True)
    name = models.CharField("名称", max_length=60)
    kind = models.CharField("类别", max_length=14, choices=Order.Kind.choices)
    title = models.CharField("标题", max_length=120)
    text = models.TextField("正文", blank=True, max_length=1500)
    lines = models.JSONField(
        "事项", default=list, help_text="每条写 text、days（拟稿后几天到期）、under（子措施）"
    )
    active = models.BooleanField("在用", default=True)

    view_verb = "dispatch.view_pattern"

    class Meta:
        verbose_name = "常用单据"
        ordering = ["kind", "name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("dispatch:patterns")


class RecurringQuerySet(GatedQuerySet):
    def on(self, day: date) -> Self:
        return self.filter(Q(until__isnull=True) | Q(until__gt=day), since__lte=day)


class Recurring(Gated):
    """经常性事项: a line that stands on a branch's sheet every month, quarter, half-year or year by itself."""

    class Every(models.IntegerChoices):
        MONTH = 1, "每月"
        QUARTER = 3, "每季"
        HALF = 6, "每半年"
        YEAR = 12, "每年"

    code = models.CharField("编码", max_length=40, unique=True)
    text = models.CharField("事项", max_length=300)
    every = models.PositiveSmallIntegerField("多久一次", choices=Every.choices, default=Every.MONTH)
    nth = models.PositiveSmallIntegerField(
        "在第几个月", default=1, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    due_day = models.PositiveSmallIntegerField(
        "当月几日到期", default=25, validators=[MinValueValidator(1), MaxValueValidator(31)]
    )
    category = models.CharField("只给哪一类支部", max_length=16, choices=Unit.Category.choices, blank=True)
    since = models.DateField("自")
    until = models.DateField("至（不含）", null=True, blank=True)

    objects: ClassVar[Any] = RecurringQuerySet.as_manager()
    view_verb = "dispatch.view_pattern"

    class Meta:
        verbose_name = "经常性事项"
        ordering = ["every", "nth", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(nth__lte=models.F("every")),
                name="recurring_within_its_period",
                violation_error_message="“在第几个月”不能超过一个周期的月数",
            )
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return reverse("dispatch:patterns")

    @property
    def rhythm(self) -> str:
        """How often and until when, in words: 每季第 3 个月 25 日前."""
        month = f"第 {self.nth} 个月 " if self.every > 1 else " "
        return f"{self.get_every_display()}{month}{self.due_day} 日前"

    def falls_in(self, month: date) -> bool:
        """Whether it is due in this month."""
        return (month.month - 1) % self.every + 1 == self.nth

    def due_in(self, month: date) -> date:
        """Its deadline in that month; the 31st of a shorter month is its last day."""
        return month.replace(day=min(self.due_day, monthrange(month.year, month.month)[1]))

    def concerns(self, unit: Unit) -> bool:
        return not self.category or self.category == unit.category
