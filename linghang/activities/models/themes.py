"""The theme of a month: one word from above for the themed days of all branches below (S0-12)."""

from datetime import date
from typing import Any, ClassVar, Self

from django.db import models

from linghang.activities.models.meetings import Meeting
from linghang.kernel.access import Gated, GatedQuerySet
from linghang.kernel.figures import figure_url
from linghang.org.models import Unit
from linghang.rules.periods import Kind, Period, month_words


class ThemeQuerySet(GatedQuerySet):
    def of(self, unit: Unit, month: date) -> Self:
        """What this unit gave out for a month."""
        return self.filter(unit=unit, month=month.replace(day=1))

    def for_unit(self, unit: Unit, start: date, end: date) -> dict[date, str]:
        """The themes that concern a unit in these days, by month: its own, else the nearest above. One query."""
        given = self.filter(month__range=(start.replace(day=1), end)).select_related("unit")
        near = sorted(given, key=lambda theme: len(theme.unit.path))
        return {theme.month: theme.text for theme in near if unit.path.startswith(theme.unit.path)}


class Theme(Gated):
    """月度主题: what the themed days of a month are to be about; branches find it suggested."""

    unit = models.ForeignKey(Unit, verbose_name="确定单位", on_delete=models.PROTECT, related_name="themes")
    month = models.DateField("月份", help_text="当月第一天")
    text = models.CharField("主题", max_length=60)

    objects: ClassVar[Any] = ThemeQuerySet.as_manager()
    unit_paths = ("unit",)
    view_verb = "activities.view_meeting"

    class Meta:
        verbose_name = "月度主题"
        ordering = ["-month", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "month"], name="one_theme_a_month"),
            models.CheckConstraint(
                condition=models.Q(month__day=1),
                name="theme_month_is_a_first_day",
                violation_error_message="月份以当月第一天表示",
            ),
        ]

    def __str__(self) -> str:
        return f"{month_words(self.month)}主题“{self.text}”"

    def get_absolute_url(self) -> str:
        return figure_url("activities.theme", self.pk)

    @property
    def branches(self) -> Any:
        """The branches that it is meant for."""
        return Unit.objects.filter(until=None).branches().under(self.unit)

    @property
    def followed(self) -> Any:
        """The themed days of the month in these branches whose subject is the theme."""
        held = Meeting.objects.held().between(*Period.containing(Kind.MONTH, self.month))
        named = held.of_kind(Meeting.Kind.THEMED_DAY).filter(title__contains=self.text)
        return named.filter(unit__in=self.branches)
