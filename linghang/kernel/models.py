"""What every module shares: trail, links, notices, attachments, figures, parameters, numbers, jobs.

Nothing here knows a noun of the field. Rows point at others by text reference ("dispatch.order:12") and keep a
snapshot of who acted, so that a trace stays readable when people and units have changed.
"""

from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q

from linghang.kernel import clock
from linghang.kernel.access import Gated, GatedQuerySet


class TrailQuerySet(GatedQuerySet):
    """A trace is written and read, one by one or in bulk, and nothing else."""

    def update(self, **changes: Any) -> int:
        raise TypeError("留痕只增不改")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("留痕只增不删")


class Trail(Gated):
    """One line for every change of state: who, in which post, did what, from which state to which."""

    at = models.DateTimeField("时间", default=clock.now, db_index=True)
    actor = models.CharField("人员编号", max_length=60)
    actor_name = models.CharField("姓名", max_length=60)
    actor_post = models.CharField("以何职务", max_length=120, blank=True)
    verb = models.CharField("动作", max_length=60)
    label = models.CharField("动作名称", max_length=60)
    subject = models.CharField("对象编号", max_length=60)
    subject_name = models.CharField("对象", max_length=200)
    before = models.CharField("原状态", max_length=40, blank=True)
    after = models.CharField("新状态", max_length=40, blank=True)
    changes = models.JSONField("变动", default=dict, blank=True)
    note = models.TextField("说明", blank=True)

    objects: ClassVar[Any] = TrailQuerySet.as_manager()
    view_verb = "kernel.audit"

    class Meta:
        verbose_name = "留痕"
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["subject", "actor", "verb"]), models.Index(fields=["actor", "at"])]

    def __str__(self) -> str:
        return f"{self.actor_name} {self.label} {self.subject_name}"

    def save(self, *args: object, **kwargs: object) -> None:
        """A trace is written once. Raises TypeError on a second save."""
        if self.pk:
            raise TypeError("留痕只增不改")
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def delete(self, *args: object, **kwargs: object) -> tuple[int, dict[str, int]]:
        """Never. Retention is the archive's affair, not a button's."""
        raise TypeError("留痕只增不删")


class Link(models.Model):
    """Two records belong together: `target` came from `source`. Walked both ways to show a whole thread."""

    source = models.CharField(max_length=60, db_index=True)
    target = models.CharField(max_length=60, db_index=True)
    kind = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "target", "kind"], name="link_once")]

    def __str__(self) -> str:
        return f"{self.source} → {self.target}"


class Notice(models.Model):
    """A message inside the application for one person. Reading is never reported to anybody."""

    to = models.CharField(max_length=60, db_index=True)
    text = models.CharField("内容", max_length=200)
    about = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField(default=clock.now)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["to", "read_at"])]

    def __str__(self) -> str:
        return self.text


class Attachment(models.Model):
    """A file that belongs to a record; whoever may see the record may open the file."""

    subject = models.CharField(max_length=60, db_index=True)
    name = models.CharField("文件名", max_length=200)
    file = models.FileField(upload_to="attachments/%Y/%m/")
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    by = models.CharField(max_length=60)
    by_name = models.CharField(max_length=60)
    at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return self.name


class Figure(models.Model):
    """A number that must last: what it means, as of when, and which records (with digests) it was counted from."""

    code = models.CharField(max_length=80, db_index=True)
    title = models.CharField(max_length=200)
    definition = models.JSONField(default=dict)
    as_of = models.DateField()
    value = models.CharField(max_length=40)
    records = models.BinaryField(default=bytes)
    count = models.PositiveIntegerField(default=0)
    digest = models.CharField("校验码", max_length=64)
    at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.title} {self.value}"


class DatedQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Rows that hold from `since` until the day before `until`."""

    def on(self, day: date) -> Self:
        """Those in force on that day."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=day), since__lte=day)

    def during(self, start: date, end: date) -> Self:
        """Those in force on at least one day from `start` to `end`, both included."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=start), since__lte=end)


class Parameter(models.Model):
    """The value of a declared parameter from a day on. A change closes the old row and opens a new one."""

    code = models.CharField("参数", max_length=80, db_index=True)
    value = models.JSONField("取值")
    since = models.DateField("自")
    until = models.DateField("至（不含）", null=True, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)
    by_name = models.CharField("设置人", max_length=60, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["code", "since"]
        constraints = [models.UniqueConstraint(fields=["code", "since"], name="parameter_once_a_day")]

    def __str__(self) -> str:
        return f"{self.code}={self.value}"


class Counter(models.Model):
    """The last number given in a series. Taken under lock inside the verb's transaction: no gap, no double."""

    series = models.CharField(max_length=60, primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.series}: {self.last}"

    @classmethod
    def take(cls, series: str) -> int:
        """The next number of a series; call inside a transaction, a rollback gives the number back."""
        cls.objects.get_or_create(series=series)
        row = cls.objects.select_for_update().get(series=series)
        row.last += 1
        row.save(update_fields=["last"])
        return row.last


class Job(models.Model):
    """Long work with its progress: an import, a year's score. Shown as a bar; safe to interrupt."""

    class State(models.TextChoices):
        WAITING = "waiting", "等待"
        RUNNING = "running", "进行中"
        DONE = "done", "完成"
        FAILED = "failed", "未完成"

    title = models.CharField(max_length=120)
    owner = models.CharField(max_length=60, db_index=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    message = models.TextField(blank=True)
    url = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return self.title

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 0


class BlueprintVersion(models.Model):
    """A blueprint as it was applied: its name, checksum and day."""

    name = models.CharField(max_length=60)
    title = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.title} {self.digest[:8]}"
