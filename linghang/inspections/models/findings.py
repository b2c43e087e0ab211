"""What was found. A finding keeps no state of its own: once an order was made because of it, it asks that order."""

from datetime import date
from typing import Any, ClassVar, Self, cast

from django.db import models
from django.db.models import Q
from django.urls import reverse

from linghang.dispatch.models import Order, OrderQuerySet
from linghang.inspections.models.checklists import ChecklistItem
from linghang.inspections.models.rounds import Check
from linghang.kernel.access import Gated, GatedQuerySet, outer_ref


class FindingQuerySet(GatedQuerySet):
    def with_order(self) -> Self:
        """Adds the state, key, deadline and closing day of the order made because of it (void ones do not count)."""
        return self.annotate(**Order.objects.about(outer_ref(Finding)).standing().as_columns())

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
        found: OrderQuerySet = Order.objects.about(self).standing().order_by("-pk")
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
