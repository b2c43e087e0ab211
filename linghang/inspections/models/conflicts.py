"""回避: who is not sent where, for a reason of which only the kind is kept."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from linghang.kernel.access import Gated, GatedQuerySet
from linghang.kernel.models import DatedQuerySet
from linghang.org.models import Person, Unit


class ConflictQuerySet(GatedQuerySet, DatedQuerySet):  # type: ignore[override]
    """Conflicts by who may see them, and by day."""


class Conflict(Gated):
    """Somebody stays away from the inspection of a branch while this lasts. Why exactly is not written down anywhere.

    Being a member there, working there or holding a post there needs no entry: the machine sees that by itself.
    """

    class Kind(models.TextChoices):
        KIN = "kin", "亲属"
        SECONDED = "seconded", "借调"
        COMPLAINT = "complaint", "投诉"
        OTHER = "other", "其他应当回避的情形"

    person = models.ForeignKey(
        Person, verbose_name="回避人", on_delete=models.PROTECT, related_name="conflicts"
    )
    unit = models.ForeignKey(
        Unit, verbose_name="回避的支部", on_delete=models.PROTECT, related_name="conflicts"
    )
    kind = models.CharField("情形", max_length=10, choices=Kind.choices)
    since = models.DateField("自")
    until = models.DateField("至（不含）", null=True, blank=True)

    objects: ClassVar[Any] = ConflictQuerySet.as_manager()
    unit_paths = ("unit",)
    view_verb = "inspections.view_conflict"

    class Meta:
        verbose_name = "回避"
        ordering = ["-since", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")),
                name="conflict_ends_after_it_begins",
                violation_error_message="结束日期应晚于开始日期",
            ),
            models.UniqueConstraint(
                fields=["person", "unit", "kind"],
                condition=Q(until__isnull=True),
                name="one_present_conflict",
                violation_error_message="已登记过，仍在有效期内",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}回避{self.unit}"

    def get_absolute_url(self) -> str:
        return reverse("inspections:conflicts")
