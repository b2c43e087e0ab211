"""协办: further units that take part in a line which another unit leads and reports."""

from typing import Any, ClassVar, Self

from django.db import models
from django.urls import reverse

from linghang.dispatch.models.orders import Line
from linghang.kernel.access import Gated, GatedQuerySet
from linghang.org.models import Unit


class PartQuerySet(GatedQuerySet):
    def shown(self) -> Self:
        """Parts in lines of sheets that have gone out: before that nobody outside the office knows of them."""
        return self.filter(line__order__issued_on__isnull=False)

    def wanted(self) -> Self:
        """Parts that are still to be written."""
        held = Line.objects.running().filter(state__in=(Line.State.OPEN, Line.State.REPORTED))
        return self.filter(written_on=None, line__in=held)


class Part(Gated):
    """What a further unit (协办单位) did for a line. It sees the line and writes its part; the lead reports."""

    line = models.ForeignKey(Line, verbose_name="事项", on_delete=models.CASCADE, related_name="parts")
    unit = models.ForeignKey(
        Unit, verbose_name="协办单位", on_delete=models.PROTECT, related_name="parts", db_index=False
    )
    text = models.TextField("协办情况", blank=True, max_length=500)
    written_on = models.DateField("填写日期", null=True, blank=True)
    writer_name = models.CharField("填写人", max_length=60, blank=True)

    objects: ClassVar[Any] = PartQuerySet.as_manager()
    unit_paths = ("unit",)
    view_verb = "dispatch.view_part"
    title_paths = ("line",)

    class Meta:
        verbose_name = "协办"
        ordering = ["line", "pk"]
        constraints = [models.UniqueConstraint(fields=["unit", "line"], name="part_once")]

    def __str__(self) -> str:
        return f"协办：{self.line}"

    def get_absolute_url(self) -> str:
        return reverse("dispatch:part", args=[self.pk])
