"""What became of units: the events of their lives with the papers they rest on, and what they were called before."""

from django.db import models

from linghang.kernel import clock
from linghang.kernel.access import Gated
from linghang.kernel.models import DatedQuerySet
from linghang.org.models.units import Unit


class Event(Gated):
    """One turn in the life of a unit: on which day, by which paper, and which other unit had a part in it."""

    class Kind(models.TextChoices):
        FOUNDED = "founded", "成立"
        RENAMED = "renamed", "更名"
        PROMOTED = "promoted", "升格"
        MERGED = "merged", "并入"
        ABSORBED = "absorbed", "接收并入"
        SPLIT = "split", "分设"
        MOVED = "moved", "调整隶属"
        EXTENDED = "extended", "延长任务"
        DISSOLVED = "dissolved", "撤销"

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField("变更", max_length=10, choices=Kind.choices)
    happened_on = models.DateField("日期")
    document = models.CharField("批复文号", max_length=80, blank=True)
    other = models.ForeignKey(
        Unit, verbose_name="相关单位", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    text = models.CharField("说明", max_length=200, blank=True)
    at = models.DateTimeField("登记时间", default=clock.now)

    unit_paths = ("unit",)
    view_verb = "org.view_unit"
    day_field = "happened_on"
    title_paths = ("unit", "other")

    class Meta:
        verbose_name = "组织变更"
        ordering = ["happened_on", "pk"]

    def __str__(self) -> str:
        return f"{self.unit} {self.words}"

    def get_absolute_url(self) -> str:
        return self.unit.get_absolute_url()

    @property
    def words(self) -> str:
        """As it stands in the history: “并入 外科党支部”."""
        said = f"{self.get_kind_display()} {self.other}" if self.other else self.get_kind_display()
        return f"{said}：{self.text}" if self.text else said


class Naming(models.Model):
    """What a unit was called, and of what kind it was, in days gone by; the present stands on the unit itself."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="namings")
    name = models.CharField("名称", max_length=80)
    kind = models.CharField("类别", max_length=12, choices=Unit.Kind.choices)
    since = models.DateField()
    until = models.DateField()

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["unit", "since"]
        constraints = [models.UniqueConstraint(fields=["unit", "since"], name="one_name_a_day")]

    def __str__(self) -> str:
        return f"{self.name}（{self.since} 至 {self.until}）"
