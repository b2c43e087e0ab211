"""What a post answers for, as rows, and the list that its holder signs for a year."""

from typing import Any, ClassVar, Self

from django.db import models
from django.urls import reverse

from linghang.kernel import clock
from linghang.kernel.access import Gated, GatedQuerySet
from linghang.kernel.models import DatedQuerySet
from linghang.org.models import Person, Post


class Charge(models.Model):
    """One duty in the list of a post (书记五项职责、一岗双责、两个责任), and by which records it shows that it was done."""

    code = models.CharField(max_length=40)
    part_of = models.CharField("清单", max_length=40)
    heading = models.CharField("清单名称", max_length=60)
    roles = models.JSONField("岗位", default=list)
    title = models.CharField("职责", max_length=200)
    basis = models.CharField("依据", max_length=120, blank=True)
    inhouse = models.BooleanField("院内规定", default=False)
    shown_by = models.JSONField("由哪些记录看出", default=list, blank=True)
    place = models.PositiveSmallIntegerField(default=0)
    since = models.DateField("自")
    until = models.DateField("至（不含）", null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = "岗位职责"
        ordering = ["place", "pk"]
        constraints = [models.UniqueConstraint(fields=["part_of", "code", "since"], name="charge_once_a_day")]

    def __str__(self) -> str:
        return self.title


class PledgeQuerySet(GatedQuerySet):
    def of_year(self, year: int) -> Self:
        return self.filter(year=year)

    def unsigned(self) -> Self:
        return self.filter(state=Pledge.State.OPEN)


class Pledge(Gated):
    """A post's list of duties for a year as it was handed out, and 签署 by its holder: a trace of work, no signature."""

    class State(models.TextChoices):
        OPEN = "open", "待签署"
        SIGNED = "signed", "已签署"

    state = models.CharField("状态", max_length=8, choices=State.choices, default=State.OPEN)
    post = models.ForeignKey(Post, verbose_name="岗位", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, verbose_name="人员", on_delete=models.PROTECT, related_name="pledges")
    year = models.PositiveSmallIntegerField("年度")
    charges = models.JSONField("职责", default=list)
    handed_on = models.DateField("下发日期", default=clock.today)
    signed_on = models.DateField("签署日期", null=True, blank=True)

    objects: ClassVar[Any] = PledgeQuerySet.as_manager()
    unit_paths = ("post__unit",)
    own_paths = ("person",)
    view_verb = "planning.view_pledge"
    day_field = "handed_on"
    title_paths = ("post__unit", "post__role")

    class Meta:
        verbose_name = "岗位责任清单"
        ordering = ["-year", "post__role__order", "post__unit__path", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["post", "year"],
                name="one_list_a_post_and_year",
                violation_error_message="这个岗位本年的责任清单已经下发",
            )
        ]

    def __str__(self) -> str:
        return f"{self.post.label} {self.year} 年责任清单"

    def get_absolute_url(self) -> str:
        return reverse("planning:pledge", args=[self.pk])
