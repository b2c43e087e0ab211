"""A file of the outside world on its way into the house: read and shown, confirmed, taken back."""

from typing import Any, ClassVar

from django.db import models
from django.urls import reverse

from linghang.kernel import clock
from linghang.kernel.access import Gated


class Upload(Gated):
    """One file. Nothing is changed until it is confirmed: `outcome` keeps what was shown, `journal` the way back."""

    class State(models.TextChoices):
        PREVIEWED = "previewed", "待确认"
        CONFIRMED = "confirmed", "已导入"
        UNDONE = "undone", "已撤销"

    state = models.CharField(max_length=10, choices=State.choices, default=State.PREVIEWED)
    name = models.CharField("文件名", max_length=200)
    outcome: Any = models.JSONField(default=list, blank=True)
    journal: Any = models.JSONField(default=list, blank=True)
    at = models.DateTimeField(default=clock.now)

    trail_hides: ClassVar[frozenset[str]] = frozenset({"outcome", "journal"})

    class Meta:
        abstract = True
        ordering = ["-at"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse(f"{self._meta.app_label}:{self._meta.model_name}", args=[self.pk])
