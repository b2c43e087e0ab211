"""Dues by month, paid or not; the base they are reckoned from only where the hospital allows it, in a place of its own."""

from decimal import Decimal
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from linghang.kernel import clock
from linghang.kernel.access import Gated, GatedQuerySet
from linghang.kernel.models import DatedQuerySet
from linghang.kernel.uploads import Upload
from linghang.org.models.people import Person
from linghang.org.models.units import Unit
from linghang.rules.dues import Dues as Reckoned
from linghang.rules.dues import Payer, monthly


class DuesMonthQuerySet(GatedQuerySet, DatedQuerySet):  # type: ignore[override]
    """What was noted is dated and given out by reach."""


class DuesMonthManager(models.Manager.from_queryset(DuesMonthQuerySet)):  # type: ignore[misc]
    """What is noted now; what a later note took the place of is left out."""

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(until=None)


class DuesMonth(Gated):
    """Whether a member has paid for a month, as the branch noted it; a month without a row is not known.

    A note is never changed: another takes its place from its own day on, so that any day can be asked what was known.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="dues")
    branch = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="dues")
    month = models.DateField("月份")  # its first day
    paid = models.BooleanField("已交")
    since = models.DateField("登记日期", default=clock.today)
    until = models.DateField("至（不含）", null=True, blank=True)

    # The first is the one by which a person's or a branch's dues are read; with `objects` former notes are found too.
    present: ClassVar[Any] = DuesMonthManager()
    objects: ClassVar[Any] = DuesMonthQuerySet.as_manager()
    unit_paths = ("branch",)
    own_paths = ("person",)
    view_verb = "org.view_dues"
    day_field = "month"

    class Meta:
        verbose_name = "党费"
        ordering = ["-month", "person"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "month"], condition=Q(until__isnull=True), name="dues_once_a_month"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.month:%Y-%m} {'已交' if self.paid else '未交'}"

    def get_absolute_url(self) -> str:
        return reverse("org:unit_dues", args=[self.branch_id])


class DuesBase(Gated):
    """What a member's dues are reckoned from in a year (R-DF-06): kept only where the hospital switched it on."""

    class Payer(models.TextChoices):
        EMPLOYED = Payer.EMPLOYED.value, "在职"
        RETIRED = Payer.RETIRED.value, "离退休"
        NOMINAL = Payer.NOMINAL.value, "学生、下岗失业、低保"
        RELIEVED = Payer.RELIEVED.value, "经批准少交或免交"

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="dues_bases")
    payer = models.CharField("缴纳类别", max_length=12, choices=Payer.choices, default=Payer.EMPLOYED)
    base = models.DecimalField("月基数（元）", max_digits=9, decimal_places=2, default=Decimal(0))
    agreed = models.DecimalField("同意的数额（元）", max_digits=8, decimal_places=2, null=True, blank=True)
    settled_on = models.DateField("核定日期", default=clock.today)

    unit_paths = ("person__branch",)
    own_paths = ("person",)
    view_verb = "org.view_dues_base"
    trail_hides = frozenset({"base", "agreed"})

    class Meta:
        verbose_name = "党费基数"
        ordering = ["-settled_on", "-pk"]
        constraints = [models.UniqueConstraint(fields=["person", "settled_on"], name="one_base_a_day")]

    def __str__(self) -> str:
        return f"{self.person} {self.settled_on:%Y} 年党费核定"

    def get_absolute_url(self) -> str:
        return self.person.get_absolute_url()

    def reckoned(self) -> Reckoned:
        """The monthly amount by the rule of its day (R-DF-01 … 03)."""
        return monthly(Payer(self.payer), self.base, on=self.settled_on, agreed=self.agreed)

    @property
    def masked(self) -> str:
        """The base so that only its size shows: “8***”."""
        whole = str(int(self.base))
        return f"{whole[0]}{'*' * (len(whole) - 1)}"


class DuesImport(Upload):
    """One sheet of dues."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")

    unit_paths: ClassVar[tuple[str, ...]] = ("unit",)
    view_verb = "org.import_dues"

    class Meta(Upload.Meta):
        verbose_name = "党费导入"
