"""四查: checklists, rounds, checks with their answers, and what they found.

A finding keeps no state of its own: once an order was made because of it, it asks that order.
"""

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Self, cast

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Count, DecimalField, F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Cast, Coalesce, Concat
from django.urls import reverse

from linghang.dispatch.models import Order, OrderQuerySet
from linghang.kernel.access import Gated, GatedQuerySet
from linghang.kernel.models import DatedQuerySet
from linghang.org.models import Person, Unit

NOT_NEGATIVE = [MinValueValidator(0)]


class Checklist(models.Model):
    """What is looked at, as one version: a change closes the old row and opens a new one."""

    code = models.CharField("编码", max_length=40)
    title = models.CharField("名称", max_length=80)
    basis = models.CharField("依据", max_length=120, blank=True)
    since = models.DateField("自")
    until = models.DateField("至（不含）", null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = "检查表"
        ordering = ["code", "-since"]
        constraints = [models.UniqueConstraint(fields=["code", "since"], name="one_checklist_version_a_day")]

    def __str__(self) -> str:
        return f"{self.title}（{self.since.year} 年版）"


class ChecklistItem(models.Model):
    """One line of a checklist: what, by which rule, how to judge, how many points, and what the system knows of it."""

    class Basis(models.TextChoices):
        STATUTE = "statute", "党内法规"
        HOUSE = "house", "院内规定"

    checklist = models.ForeignKey(Checklist, on_delete=models.CASCADE, related_name="items")
    place = models.PositiveSmallIntegerField("序号")
    code = models.CharField("编码", max_length=20)
    text = models.CharField("检查内容", max_length=200)
    basis = models.CharField("依据", max_length=120, blank=True)
    basis_kind = models.CharField("依据类别", max_length=8, choices=Basis.choices, default=Basis.HOUSE)
    judge = models.CharField("怎样判断", max_length=300, blank=True)
    points = models.DecimalField("分值", max_digits=6, decimal_places=2, validators=NOT_NEGATIVE)
    source = models.CharField("系统数据", max_length=80, blank=True)

    class Meta:
        verbose_name = "检查项"
        ordering = ["checklist", "place"]
        constraints = [models.UniqueConstraint(fields=["checklist", "code"], name="checklist_item_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.text}"

    @property
    def is_statute(self) -> bool:
        return self.basis_kind == self.Basis.STATUTE


class RoundQuerySet(GatedQuerySet):
    def with_progress(self) -> Self:
        """Adds how many checks there are, and how many are entered and confirmed."""
        return self.annotate(
            total=Count("checks"),
            entered=Count("checks", filter=~Q(checks__state=Check.State.WAITING)),
            confirmed=Count("checks", filter=Q(checks__state=Check.State.CONFIRMED)),
        )


class Round(Gated):
    """One round of inspection: who arranges it, by which checklist, in which window, with which lot."""

    class Method(models.TextChoices):
        SELF = "self", "支部自查"
        MUTUAL = "mutual", "总支互查"
        CROSS = "cross", "交叉互查"
        COMMITTEE = "committee", "党委督查"

    class State(models.TextChoices):
        PLANNED = "planned", "筹备"
        DRAWN = "drawn", "已定对象"
        OPEN = "open", "检查中"
        CLOSED = "closed", "已结束"
        WITHDRAWN = "withdrawn", "已撤销"

    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.PLANNED)
    title = models.CharField("名称", max_length=80)
    method = models.CharField("方式", max_length=10, choices=Method.choices)
    checklist = models.ForeignKey(
        Checklist, verbose_name="检查表", on_delete=models.PROTECT, related_name="rounds"
    )
    unit = models.ForeignKey(Unit, verbose_name="组织单位", on_delete=models.PROTECT, related_name="rounds")
    since = models.DateField("检查自")
    until = models.DateField("检查至")
    period_since = models.DateField("所查期间自")
    period_until = models.DateField("所查期间至")
    sample = models.PositiveSmallIntegerField("抽查几个支部", null=True, blank=True, help_text="不填为全查")
    draw_number = models.PositiveIntegerField("抽签号", null=True, blank=True)
    relaxations = models.JSONField("放宽", default=list, blank=True)

    objects: ClassVar[Any] = RoundQuerySet.as_manager()
    unit_paths = ("unit",)
    view_verb = "inspections.view_round"

    class Meta:
        verbose_name = "检查轮次"
        ordering = ["-since", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gte=F("since")),
                name="round_ends_after_it_begins",
                violation_error_message="检查结束日期不能早于开始日期",
            ),
            models.CheckConstraint(
                condition=Q(period_until__gte=F("period_since")),
                name="round_period_ends_after_it_begins",
                violation_error_message="所查期间的结束日期不能早于开始日期",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("inspections:round", args=[self.pk])

    @property
    def tone(self) -> str:
        """The colour family of its state."""
        return {self.State.OPEN: "blue", self.State.CLOSED: "green"}.get(self.State(self.state), "grey")

    @property
    def method_words(self) -> str:
        """The method as it is called here: where a 总支 heads the hospital, 党委督查 is 总支督查."""
        own = self.unit.kind == Unit.Kind.GENERAL and self.method == self.Method.COMMITTEE
        return "总支督查" if own else str(self.get_method_display())

    @property
    def on_site(self) -> bool:
        """Whether somebody goes and looks: everything but a branch's own check."""
        return self.method != self.Method.SELF

    @property
    def by_lot(self) -> bool:
        """Whether a lot says who is inspected: pairs, or a sample of the committee's."""
        return self.by_peers or (self.method == self.Method.COMMITTEE and self.sample is not None)

    @property
    def by_peers(self) -> bool:
        """Peers' findings are 建议 until 总支 or 党办 confirms them."""
        return self.method in (self.Method.MUTUAL, self.Method.CROSS)


ZERO = Value(Decimal(0), output_field=DecimalField())


class CheckQuerySet(GatedQuerySet):
    def with_score(self) -> Self:
        """Adds `score` and `full`: the points of its answers, 不适用 taken out of both."""
        counts = ~Q(answers__verdict=Answer.Verdict.NOT_APPLICABLE)
        return self.annotate(
            score=Coalesce(Sum("answers__points", filter=counts), ZERO),
            full=Coalesce(Sum("answers__item__points", filter=counts), ZERO),
        )

    def confirmed(self) -> Self:
        return self.filter(state=Check.State.CONFIRMED)

    def running(self) -> Self:
        """Checks of rounds that are under way."""
        return self.filter(round__state=Round.State.OPEN)


class Check(Gated):
    """One unit inspected in one round: by a unit (peers) or by named people (committee), or by itself."""

    class State(models.TextChoices):
        WAITING = "waiting", "待检查"
        ENTERED = "entered", "待确认"
        CONFIRMED = "confirmed", "已确认"

    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.WAITING)
    round = models.ForeignKey(Round, verbose_name="轮次", on_delete=models.CASCADE, related_name="checks")
    unit = models.ForeignKey(Unit, verbose_name="被查单位", on_delete=models.PROTECT, related_name="checks")
    inspecting = models.ForeignKey(
        Unit, verbose_name="检查单位", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    team = models.ManyToManyField(Person, verbose_name="检查人", blank=True, related_name="checks")
    reason = models.CharField("为什么是这一对", max_length=200, blank=True)
    held_on = models.DateField("检查日期", null=True, blank=True)
    printed_on = models.DateField("检查表打印日期", null=True, blank=True)
    entered_on = models.DateField("录入日期", null=True, blank=True)
    confirmed_on = models.DateField("确认日期", null=True, blank=True)
    note = models.CharField("总体情况", max_length=300, blank=True)

    objects: ClassVar[Any] = CheckQuerySet.as_manager()
    unit_paths = ("unit",)
    view_verb = "inspections.view_check"
    day_field = "held_on"
    title_paths = ("round", "unit")

    class Meta:
        verbose_name = "检查"
        ordering = ["round", "unit__path"]
        indexes = [models.Index(fields=["unit", "state"])]
        constraints = [
            models.UniqueConstraint(fields=["round", "unit"], name="inspected_once_a_round"),
            models.CheckConstraint(
                condition=Q(inspecting__isnull=True) | ~Q(inspecting=F("unit")),
                name="nobody_inspects_itself",
                violation_error_message="支部不能检查自己",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round}：{self.unit}"

    def get_absolute_url(self) -> str:
        return reverse("inspections:check", args=[self.pk])

    @property
    def status(self) -> str:
        """Where it stands, in words: of a round that was withdrawn nothing is waited for."""
        withdrawn = self.round.state == Round.State.WITHDRAWN
        return str(self.round.get_state_display() if withdrawn else self.get_state_display())

    @property
    def tone(self) -> str:
        """The colour family of its state."""
        return {self.State.ENTERED: "amber", self.State.CONFIRMED: "green"}.get(
            self.State(self.state), "grey"
        )

    @property
    def why(self) -> str:
        """The reason, where who inspects whom and the draw number stand beside it."""
        told = self.reason.partition("：")[2] or self.reason
        return told.removesuffix(f"抽签号 {self.round.draw_number}。")

    @property
    def by_whom(self) -> str:
        """Who inspects, in words."""
        if self.round.method == Round.Method.SELF:
            return "本支部"
        people = "、".join(person.name for person in self.team.all())
        return (
            f"{self.inspecting}（{people}）" if self.inspecting and people else str(self.inspecting or people)
        )


class Answer(models.Model):
    """What one line of the checklist came to in one check."""

    class Verdict(models.TextChoices):
        OK = "ok", "符合"
        PARTLY = "partly", "部分符合"
        NOT_OK = "not_ok", "不符合"
        NOT_APPLICABLE = "na", "不适用"

    inspection = models.ForeignKey(Check, on_delete=models.CASCADE, related_name="answers")
    item = models.ForeignKey(ChecklistItem, on_delete=models.PROTECT, related_name="answers")
    verdict = models.CharField("结论", max_length=8, choices=Verdict.choices, default=Verdict.OK)
    points = models.DecimalField("得分", max_digits=6, decimal_places=2, default=0, validators=NOT_NEGATIVE)
    note = models.CharField("说明", max_length=200, blank=True)
    prefilled = models.BooleanField("系统预填", default=False)

    class Meta:
        verbose_name = "检查结果"
        ordering = ["inspection", "item__place"]
        constraints = [models.UniqueConstraint(fields=["inspection", "item"], name="answered_once")]

    def __str__(self) -> str:
        return f"{self.item}：{self.get_verdict_display()}"


class FindingQuerySet(GatedQuerySet):
    def with_order(self) -> Self:
        """Adds the state, key, deadline and closing day of the order made because of it (void ones do not count)."""
        mine = Concat(Value(f"{Finding._meta.label_lower}:"), Cast(OuterRef("pk"), models.CharField()))
        orders = Order.objects.filter(about=mine).exclude(state=Order.State.VOID).order_by("-pk")
        return self.annotate(
            order_pk=Subquery(orders.values("pk")[:1]),
            order_state=Subquery(orders.values("state")[:1]),
            order_due=Subquery(orders.values("due_on")[:1]),
            order_closed=Subquery(orders.values("closed_on")[:1]),
        )

    def standing(self) -> Self:
        """Confirmed as findings: neither 建议 any more, nor dismissed, nor part of results that wait to be confirmed."""
        return self.filter(advice=False, dismissed_on__isnull=True, inspection__state=Check.State.CONFIRMED)

    def to_confirm(self) -> Self:
        return self.filter(advice=True, dismissed_on__isnull=True, inspection__state=Check.State.CONFIRMED)

    def to_dispose(self) -> Self:
        """Confirmed, not closed on the spot, and no order made yet. After `with_order`."""
        return self.standing().filter(closed_on__isnull=True, order_pk__isnull=True)


class Finding(Gated):
    """What was found wrong, and how heavily it weighs: corrected on the spot, by a deadline, or by a 督导单."""

    class Weight(models.TextChoices):
        ON_SPOT = "on_spot", "立行立改"
        DEADLINE = "deadline", "限期整改"
        SUPERVISION = "supervision", "督导单"

    inspection = models.ForeignKey(Check, on_delete=models.CASCADE, related_name="findings")
    item = models.ForeignKey(ChecklistItem, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    text = models.CharField("问题", max_length=300)
    weight = models.CharField("处置", max_length=12, choices=Weight.choices)
    advice = models.BooleanField("建议", default=False)
    repeat = models.BooleanField("反复出现", default=False)
    found_on = models.DateField("发现日期", db_index=True)
    due_on = models.DateField("整改期限", null=True, blank=True)
    confirmed_on = models.DateField("确认日期", null=True, blank=True)
    closed_on = models.DateField("当场改正日期", null=True, blank=True)
    dismissed_on = models.DateField("不予认定日期", null=True, blank=True)

    objects: ClassVar[Any] = FindingQuerySet.as_manager()
    unit_paths = ("inspection__unit",)
    view_verb = "inspections.view_finding"
    day_field = "found_on"

    class Meta:
        verbose_name = "问题"
        ordering = ["-found_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(weight="on_spot"),
                name="only_on_spot_findings_close_by_themselves",
            )
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return reverse("inspections:finding", args=[self.pk])

    @property
    def order(self) -> Order | None:
        """The order made because of it, if any: its state is the finding's."""
        return self.orders().first()

    def orders(self) -> OrderQuerySet:
        """The orders made because of it that stand, the latest first."""
        found: OrderQuerySet = Order.objects.about(self).exclude(state=Order.State.VOID).order_by("-pk")
        return found

    @property
    def status(self) -> str:
        """Where it stands, in words; asks the order, or what `with_order` brought of it."""
        if self.dismissed_on:
            return "不予认定"
        if self.advice:
            return "建议，待确认"
        if self.inspection.state != Check.State.CONFIRMED:
            return "结果待确认"
        if self.closed_on:
            return "已立行立改"
        state = self._order_state
        if state is None:
            return "待处置"
        return "已销号" if state == Order.State.CLOSED else f"整改单{Order.State(state).label}"

    @property
    def tone(self) -> str:
        """The colour family of where it stands."""
        if self.dismissed_on:
            return "grey"
        if self.closed_on or self._order_state == Order.State.CLOSED:
            return "grey" if self.advice else "green"
        return "amber" if self._order_state is None else "blue"

    @property
    def _order_state(self) -> str | None:
        if hasattr(self, "order_state"):
            return cast(str | None, self.order_state)
        order = self.order
        return order.state if order else None

    @property
    def settled_on(self) -> date | None:
        """The day it was done with. After `with_order`."""
        return self.closed_on or cast(date | None, getattr(self, "order_closed", None))
