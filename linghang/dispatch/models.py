"""Orders and their lines: the hand by which any module asks a unit to do something and hears how it went.

An order is a sheet; its lines carry deadline, owner, report and review. Dates are kept (issued, due, reported, closed),
never only the present state, so that any day can be asked.
"""

from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Count, F, Q
from django.urls import reverse

from linghang.kernel import clock
from linghang.kernel.access import Gated, GatedQuerySet
from linghang.org.models import Person, Unit


class OrderQuerySet(GatedQuerySet):
    def about(self, subject: Any) -> Self:
        """Orders that were made because of this record (a finding, a resolution, a line)."""
        return self.filter(about=getattr(subject, "ref", subject))

    def issued(self) -> Self:
        return self.filter(issued_on__isnull=False).exclude(state=Order.State.VOID)

    def with_progress(self) -> Self:
        """Adds how many lines there are, are closed, and are late today."""
        today = clock.today()
        return self.annotate(
            total=Count("lines"),
            closed=Count("lines", filter=Q(lines__state=Line.State.CLOSED)),
            late=Count("lines", filter=~Q(lines__state=Line.State.CLOSED) & Q(lines__due_on__lt=today)),
        )


class Order(Gated):
    """提示单、工作清单、限期整改通知 or 督导单, to one unit."""

    class Kind(models.TextChoices):
        REMINDER = "reminder", "提示单"
        WORKLIST = "worklist", "工作清单"
        RECTIFICATION = "rectification", "限期整改"
        SUPERVISION = "supervision", "督导单"

    class State(models.TextChoices):
        DRAFTED = "drafted", "拟稿"
        CHECKED = "checked", "已核稿"
        SIGNED = "signed", "已签发"
        ISSUED = "issued", "已下发"
        RECEIVED = "received", "已签收"
        CLOSED = "closed", "已办结"
        VOID = "void", "作废"

    kind = models.CharField("类别", max_length=14, choices=Kind.choices)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.DRAFTED)
    unit = models.ForeignKey(Unit, verbose_name="承办单位", on_delete=models.PROTECT, related_name="orders")
    issuer = models.ForeignKey(Unit, verbose_name="下发单位", on_delete=models.PROTECT, related_name="+")
    title = models.CharField("标题", max_length=120)
    text = models.TextField("正文", blank=True, max_length=1500)
    period = models.DateField("所属月份", null=True, blank=True, help_text="当月第一天")
    about = models.CharField("因何而发", max_length=60, blank=True, db_index=True)
    year = models.PositiveSmallIntegerField("年度", null=True, blank=True)
    number = models.PositiveIntegerField("编号", null=True, blank=True)
    signer_name = models.CharField("签发人", max_length=60, blank=True)
    drafted_on = models.DateField("拟稿日期", default=clock.today)
    signed_on = models.DateField("签发日期", null=True, blank=True)
    issued_on = models.DateField("下发日期", null=True, blank=True)
    received_on = models.DateField("签收日期", null=True, blank=True)
    due_on = models.DateField("办结期限", null=True, blank=True)
    closed_on = models.DateField("办结日期", null=True, blank=True)

    objects: ClassVar[Any] = OrderQuerySet.as_manager()
    unit_paths = ("unit",)
    own_paths = ()
    view_verb = "dispatch.view_order"

    class Meta:
        verbose_name = "单据"
        ordering = ["-drafted_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "year", "number"], condition=Q(number__isnull=False), name="order_number_once"
            )
        ]
        indexes = [models.Index(fields=["unit", "kind", "state"]), models.Index(fields=["period", "kind"])]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}{f'〔{self.year}〕{self.number}号' if self.number else '（未编号）'} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("dispatch:order", args=[self.pk])


class LineQuerySet(GatedQuerySet):
    def open(self) -> Self:
        """Lines of issued orders that are not closed."""
        return self.filter(order__issued_on__isnull=False).exclude(
            Q(state=Line.State.CLOSED) | Q(order__state=Order.State.VOID)
        )

    def overdue(self, day: date | None = None) -> Self:
        return self.open().filter(due_on__lt=day or clock.today())


class Line(Gated):
    """One thing to do: until when, by whom, what was done, who looked at it. A 督导单's lines are its measures."""

    class State(models.TextChoices):
        OPEN = "open", "未办"
        REPORTED = "reported", "待书记确认"
        CONFIRMED = "confirmed", "待审核"
        CLOSED = "closed", "已办结"

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="children")
    place = models.PositiveSmallIntegerField("序号", default=1)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.OPEN)
    text = models.CharField("事项", max_length=300)
    due_on = models.DateField("期限", null=True, blank=True, db_index=True)
    owner = models.ForeignKey(
        Person, verbose_name="责任人", null=True, blank=True, on_delete=models.PROTECT, related_name="lines"
    )
    verifier = models.ForeignKey(
        Person, verbose_name="复核人", null=True, blank=True, on_delete=models.PROTECT, related_name="verifies"
    )
    result = models.TextField("办理情况", blank=True, max_length=1000)
    reported_on = models.DateField("上报日期", null=True, blank=True)
    confirmed_on = models.DateField("书记确认日期", null=True, blank=True)
    closed_on = models.DateField("办结日期", null=True, blank=True)
    returns = models.PositiveSmallIntegerField("退回次数", default=0)
    business = models.BooleanField("业务工作", default=False)

    objects: ClassVar[Any] = LineQuerySet.as_manager()
    unit_paths = ("order__unit",)
    own_paths = ("owner", "verifier")
    view_verb = "dispatch.view_line"

    class Meta:
        verbose_name = "单据事项"
        ordering = ["order", "place", "pk"]
        indexes = [models.Index(fields=["state", "due_on"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(verifier__isnull=True) | Q(owner__isnull=True) | ~Q(verifier=F("owner")),
                name="verifier_is_not_the_owner",
                violation_error_message="复核人不能是整改责任人",
            )
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return f"{self.order.get_absolute_url()}#line-{self.pk}"

    @property
    def is_late(self) -> bool:
        return bool(self.due_on and self.state != self.State.CLOSED and self.due_on < clock.today())
