"""What is looked at: checklists and their lines. One that sets a mark and a time is a standard."""

from decimal import Decimal
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from linghang.kernel.models import DatedQuerySet

NOT_NEGATIVE = [MinValueValidator(0)]
A_SHARE = [MinValueValidator(Decimal(1)), MaxValueValidator(Decimal(100))]


class ChecklistQuerySet(DatedQuerySet):
    def usable(self) -> Self:
        """Those that a round can go by: a library is only drawn from."""
        return self.filter(library=False)

    def standards(self) -> Self:
        """Those that a branch can hold."""
        return self.filter(lasts_months__isnull=False)


class Checklist(models.Model):
    """What is looked at, as one version: a change closes the old row and opens a new one.

    One with a mark (`passes_at`) and a time (`lasts_months`) is a standard: a branch whose verification passes holds it
    for that long.
    """

    code = models.CharField("编码", max_length=40)
    title = models.CharField("名称", max_length=80)
    basis = models.CharField("依据", max_length=120, blank=True)
    library = models.BooleanField("条目库", default=False)
    since = models.DateField("自")
    until = models.DateField("至（不含）", null=True, blank=True)
    passes_at = models.DecimalField(
        "达标线", max_digits=5, decimal_places=2, null=True, blank=True, validators=A_SHARE
    )
    lasts_months = models.PositiveSmallIntegerField("有效期", null=True, blank=True)

    objects = ChecklistQuerySet.as_manager()

    class Meta:
        verbose_name = "检查表"
        ordering = ["code", "-since"]
        constraints = [
            models.UniqueConstraint(fields=["code", "since"], name="one_checklist_version_a_day"),
            models.CheckConstraint(
                condition=Q(passes_at__isnull=True, lasts_months__isnull=True)
                | Q(passes_at__isnull=False, lasts_months__isnull=False, lasts_months__gt=0),
                name="standard_has_mark_and_time",
                violation_error_message="标准要同时写达标线（passes_at）和有效期（lasts_months，月）",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}（{self.since.year} 年版）"

    @property
    def is_standard(self) -> bool:
        """Whether a branch can hold it."""
        return self.lasts_months is not None


class ChecklistItem(models.Model):
    """One line of a checklist: what, by which rule, how to judge, how many points, and what the system knows of it."""

    class Basis(models.TextChoices):
        STATUTE = "statute", "党内法规"
        SECTOR = "sector", "行业规定"
        HOUSE = "house", "院内规定"

    checklist = models.ForeignKey(Checklist, on_delete=models.CASCADE, related_name="items")
    place = models.PositiveSmallIntegerField("序号")
    code = models.CharField("编码", max_length=20)
    text = models.CharField("检查内容", max_length=200)
    basis = models.CharField("依据", max_length=120, blank=True)
    basis_kind = models.CharField("依据类别", max_length=8, choices=Basis.choices, default=Basis.HOUSE)
    judge = models.CharField("怎样判断", max_length=300, blank=True)
    points = models.DecimalField("分值", max_digits=6, decimal_places=2, validators=NOT_NEGATIVE)
    source = models.CharField("系统数据", max_length=80, blank=True)

    class Meta:
        verbose_name = "检查项"
        ordering = ["checklist", "place"]
        constraints = [models.UniqueConstraint(fields=["checklist", "code"], name="checklist_item_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.text}"

    @property
    def is_statute(self) -> bool:
        return self.basis_kind == self.Basis.STATUTE
