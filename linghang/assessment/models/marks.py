"""What is given by hand: a mark for an item and branch, and the sheet on which many of them come."""

from decimal import Decimal
from typing import Any

from django.db import models
from django.urls import reverse

from linghang.assessment.models.cycles import Cycle
from linghang.kernel import clock
from linghang.kernel.access import Gated
from linghang.org.models import Unit

OUT = "不适用"


class Mark(Gated):
    """Points given by hand for one item and branch; without a value the item does not apply to the branch."""

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="marks")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="marks")
    code = models.CharField("项目编码", max_length=20)
    value = models.DecimalField("评分", max_digits=6, decimal_places=2, null=True, blank=True)
    note = models.CharField("依据", max_length=200, blank=True)
    by_name = models.CharField("评分人", max_length=60)
    at = models.DateTimeField("时间", default=clock.now)

    unit_paths = ("unit",)
    view_verb = "assessment.view_sheet"

    class Meta:
        verbose_name = "人工评分"
        ordering = ["cycle", "code", "unit"]
        constraints = [models.UniqueConstraint(fields=["cycle", "unit", "code"], name="marked_once")]

    def __str__(self) -> str:
        return f"{self.code} {'不适用' if self.value is None else self.value}"

    def get_absolute_url(self) -> str:
        return self.cycle.get_absolute_url()

    def says_the_same(self, other: "Mark | None") -> bool:
        """Whether the other one already holds these points on this basis."""
        return other is not None and (self.value, self.note) == (other.value, other.note)


def said(mark: Mark | None) -> str:
    """A mark as a cell of a sheet holds it: “7.5”, “不适用”, or nothing where nobody gave one."""
    if mark is None:
        return ""
    return OUT if mark.value is None else f"{mark.value.normalize():f}"


def read_said(words: str) -> Decimal | None:
    """The points of such a cell, None for 不适用."""
    return None if words == OUT else Decimal(words)


class MarkImport(Gated):
    """One sheet of marks: read, shown, then confirmed as a whole or given up."""

    class State(models.TextChoices):
        PREVIEWED = "previewed", "待确认"
        CONFIRMED = "confirmed", "已导入"
        DISCARDED = "discarded", "已放弃"

    cycle = models.ForeignKey(
        Cycle, verbose_name="考核", on_delete=models.CASCADE, related_name="mark_imports"
    )
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.PREVIEWED)
    name = models.CharField("文件名", max_length=200)
    note = models.CharField("依据", max_length=200, blank=True)
    outcome: Any = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField("时间", default=clock.now)

    view_verb = "assessment.import_marks"

    class Meta:
        verbose_name = "评分表"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("assessment:markimport", args=[self.pk])

    @property
    def changes(self) -> list[dict[str, Any]]:
        """The cells that would change a mark: where they stand, what is there, what comes."""
        return list(self.outcome.get("changes", ()))

    @property
    def refused(self) -> list[dict[str, str]]:
        """The cells that cannot be taken, each with its place, the reason and the remedy."""
        return list(self.outcome.get("refused", ()))
