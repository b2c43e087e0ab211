"""通知 and 通报 as they are drafted here: the hospital's OA signs, numbers and issues them."""

from django.db import models
from django.urls import reverse

from linghang.kernel import clock
from linghang.kernel.access import Gated
from linghang.org.models import Unit


class Document(Gated):
    """The text of an official paper: drafted and checked here, signed and numbered by OA, its 文号 filled back."""

    class Kind(models.TextChoices):
        NOTICE = "notice", "通知"
        CIRCULAR = "circular", "通报"

    class State(models.TextChoices):
        DRAFTED = "drafted", "拟稿"
        CHECKED = "checked", "已核稿"
        NUMBERED = "numbered", "已发文"
        DROPPED = "dropped", "不发"

    kind = models.CharField("文种", max_length=10, choices=Kind.choices)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.DRAFTED)
    issuer = models.ForeignKey(Unit, verbose_name="发文单位", on_delete=models.PROTECT, related_name="+")
    title = models.CharField("标题", max_length=120)
    addressees = models.CharField("主送", max_length=200)
    text = models.TextField("正文", max_length=8000)
    about = models.CharField("因何而发", max_length=60, blank=True)
    drafted_on = models.DateField("拟稿日期", default=clock.today)
    number = models.CharField("文号", max_length=60, blank=True)
    issued_on = models.DateField("成文日期", null=True, blank=True)

    unit_paths = ("issuer",)
    view_verb = "dispatch.view_document"
    day_field = "drafted_on"

    class Meta:
        verbose_name = "公文稿"
        ordering = ["-drafted_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["number"], condition=~models.Q(number=""), name="document_number_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.title}（{self.number}）" if self.number else self.title

    def get_absolute_url(self) -> str:
        return reverse("dispatch:document", args=[self.pk])
