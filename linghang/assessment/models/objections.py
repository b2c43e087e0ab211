"""A branch disagrees, and is answered."""

from typing import Any, ClassVar, Self

from django.db import models
from django.urls import reverse

from linghang.assessment.models.cycles import Cycle, Rating, Score
from linghang.kernel import clock
from linghang.kernel.access import Gated, GatedQuerySet


class ObjectionQuerySet(GatedQuerySet):
    def open(self) -> Self:
        return self.filter(state=Objection.State.RAISED)

    def of(self, cycle: Cycle) -> Self:
        return self.filter(rating__cycle=cycle)


class Objection(Gated):
    """A branch disagrees with its rating or with one line of its sheet, and is answered."""

    class State(models.TextChoices):
        RAISED = "raised", "待答复"
        ANSWERED = "answered", "已答复"

    rating = models.ForeignKey(
        Rating, verbose_name="成绩单", on_delete=models.PROTECT, related_name="objections"
    )
    score = models.ForeignKey(
        Score, verbose_name="项目", null=True, blank=True, on_delete=models.PROTECT, related_name="objections"
    )
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.RAISED)
    text = models.CharField("异议内容", max_length=500)
    answer = models.CharField("答复", max_length=500, blank=True)
    upheld = models.BooleanField("异议成立", null=True, blank=True)
    by_name = models.CharField("提出人", max_length=60)
    answered_by = models.CharField("答复人", max_length=60, blank=True)
    raised_on = models.DateField("提出日期", default=clock.today)
    answered_on = models.DateField("答复日期", null=True, blank=True)

    objects: ClassVar[Any] = ObjectionQuerySet.as_manager()
    unit_paths = ("rating__unit",)
    view_verb = "assessment.view_sheet"

    class Meta:
        verbose_name = "异议"
        ordering = ["-raised_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.rating.unit}：{self.score or '等次'}"

    def get_absolute_url(self) -> str:
        return reverse("assessment:objection", args=[self.pk])
