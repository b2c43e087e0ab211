"""Campaigns of rectification: what was found 问题, what is done about it 措施 and 子措施, who answers for it.

A problem keeps no state of its own: it asks the order that was made because of it. Its measures stand in `plan` until that
order is drafted; from then on they are the order's lines, children under parents.
"""

from datetime import date
from typing import Any, ClassVar, Self, cast

from django.db import models
from django.db.models import F, OuterRef, Q, Value
from django.db.models.functions import Coalesce
from django.urls import reverse

from linghang.dispatch.models import Order
from linghang.inspections.campaign_parameters import RECHECK
from linghang.kernel import clock
from linghang.kernel.access import Gated, GatedQuerySet, outer_ref
from linghang.kernel.parameters import value
from linghang.kernel.uploads import Upload
from linghang.org.models import Person, Unit
from linghang.rules.periods import add_months

LONG_AGO = date(1900, 1, 1)


class CampaignKind(models.Model):
    """巡察整改、集中整治、专项行动、主题教育 …, each with its phases: data of the blueprint."""

    code = models.CharField("编码", max_length=40, primary_key=True)
    title = models.CharField("名称", max_length=60)
    basis = models.CharField("依据", max_length=120, blank=True)
    phases = models.JSONField("阶段", default=list, blank=True)
    order = models.PositiveSmallIntegerField("排序", default=0)

    class Meta:
        verbose_name = "专项类别"
        ordering = ["order", "code"]

    def __str__(self) -> str:
        return self.title


class CampaignQuerySet(GatedQuerySet):
    def concerning(self, led: Any, problems: Any) -> Self:
        """Those that these units run, those that found one of these problems, and those without a list of problems yet."""
        listed = Problem.objects.standing().values("campaign")
        mine = problems.values("campaign")
        return self.filter(Q(unit__in=led.values("pk")) | Q(pk__in=mine) | ~Q(pk__in=listed))


class Campaign(Gated):
    """One campaign: its kind, its phases with their days, who runs it. What was found is given out by reach, it is not."""

    class State(models.TextChoices):
        OPEN = "open", "进行中"
        CLOSED = "closed", "已结束"

    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.OPEN)
    kind = models.ForeignKey(
        CampaignKind, verbose_name="类别", on_delete=models.PROTECT, related_name="campaigns"
    )
    title = models.CharField("名称", max_length=80)
    basis = models.CharField("依据", max_length=120, blank=True)
    unit = models.ForeignKey(
        Unit, verbose_name="组织单位", on_delete=models.PROTECT, related_name="campaigns"
    )
    since = models.DateField("自")
    until = models.DateField("至")
    # [name, first day, last day], the days as ISO text
    phases = models.JSONField("阶段", default=list, blank=True)
    closed_on = models.DateField("结束日期", null=True, blank=True)

    objects: ClassVar[Any] = CampaignQuerySet.as_manager()
    view_verb = "inspections.view_campaign"
    day_field = "since"

    class Meta:
        verbose_name = "专项整改"
        ordering = ["-since", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gte=F("since")),
                name="campaign_ends_after_it_begins",
                violation_error_message="结束日期不能早于开始日期",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("inspections:campaign", args=[self.pk])


class ProblemQuerySet(GatedQuerySet):
    def with_order(self) -> Self:
        """Adds state, key, deadline and closing day of the order in hand; one made before the last 回头看 that found the
        problem back does not count."""
        orders = Order.objects.about(outer_ref(Problem)).standing()
        relapsed = Coalesce(OuterRef("relapsed_on"), Value(LONG_AGO), output_field=models.DateField())
        counting = orders.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=relapsed))
        return self.annotate(**counting.as_columns())

    def standing(self) -> Self:
        return self.filter(dropped_on__isnull=True)

    def unsettled(self) -> Self:
        """Without an order, or with one that is not closed. After `with_order`."""
        return self.standing().filter(order_closed__isnull=True)

    def to_order(self) -> Self:
        """Not ordered to be put right yet. After `with_order`."""
        return self.standing().filter(order_pk__isnull=True, campaign__state=Campaign.State.OPEN)

    def to_recheck(self) -> Self:
        """Closed so long ago that somebody looks again, and nobody has. After `with_order`."""
        day = add_months(clock.today(), -value(RECHECK))
        return self.standing().filter(order_closed__lte=day, rechecked_on__isnull=True)

    def in_order(self) -> Self:
        """By number; within one campaign as its list has them."""
        return self.order_by("campaign", "number", "pk")


class Problem(Gated):
    """One thing that a campaign found: whose it is, by when, who verifies, what is to be done."""

    campaign = models.ForeignKey(
        Campaign, verbose_name="专项", on_delete=models.PROTECT, related_name="problems"
    )
    number = models.PositiveSmallIntegerField("序号")
    text = models.CharField("问题", max_length=300)
    aspect = models.CharField("方面", max_length=60, blank=True)
    unit = models.ForeignKey(
        Unit, verbose_name="整改党组织", on_delete=models.PROTECT, related_name="problems"
    )
    department = models.ForeignKey(
        Unit, verbose_name="责任部门", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    leader = models.ForeignKey(
        Person, verbose_name="责任领导", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    owner = models.ForeignKey(
        Person, verbose_name="整改责任人", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    verifier = models.ForeignKey(
        Person, verbose_name="复核人", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    due_on = models.DateField("整改期限", null=True, blank=True)
    found_on = models.DateField("列入日期", default=clock.today)
    repeat = models.BooleanField("反复出现", default=False)
    # [{text, due_on, owner, children: [{text, due_on, owner}]}], days as ISO text and people as keys
    plan = models.JSONField("措施", default=list, blank=True)
    rechecked_on = models.DateField("回头看日期", null=True, blank=True)
    relapsed_on = models.DateField("反弹日期", null=True, blank=True)
    dropped_on = models.DateField("移出日期", null=True, blank=True)

    objects: ClassVar[Any] = ProblemQuerySet.as_manager()
    unit_paths = ("unit",)
    own_paths = ("leader", "owner", "verifier")
    view_verb = "inspections.view_problem"
    day_field = "found_on"

    class Meta:
        verbose_name = "专项问题"
        ordering = ["campaign", "number", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(verifier__isnull=True) | Q(owner__isnull=True) | ~Q(verifier=F("owner")),
                name="problem_is_verified_by_another",
                violation_error_message="复核人不能是整改责任人",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return reverse("inspections:problem", args=[self.pk])

    @property
    def order(self) -> Order | None:
        """The order in hand, if any: its state is the problem's."""
        latest: Order | None = Order.objects.about(self).standing().order_by("-pk").first()
        if latest and latest.closed_on and self.relapsed_on and latest.closed_on <= self.relapsed_on:
            return None
        return latest

    @property
    def status(self) -> str:
        """Where it stands, in words. After `with_order`."""
        if self.dropped_on:
            return "已移出"
        state = self._order_state
        if state is None:
            return "反弹，待重新整改" if self.relapsed_on else "待发整改单"
        if state == Order.State.CLOSED:
            return "回头看已巩固" if self.rechecked_on else "已销号"
        return "整改中" if state == Order.State.ISSUED else f"整改单{Order.State(state).label}"

    @property
    def tone(self) -> str:
        """The colour family of where it stands. After `with_order`."""
        if self.dropped_on:
            return "grey"
        if self._order_state == Order.State.CLOSED:
            return "green"
        if self._order_state is None:
            return "amber"
        return "red" if self.is_late else "blue"

    @property
    def is_late(self) -> bool:
        """Whether its order is past its deadline. After `with_order`."""
        due = cast(date | None, getattr(self, "order_due", None))
        running = self._order_state in Order.RUNNING
        return bool(running and due and due < clock.today())

    @property
    def _order_state(self) -> str | None:
        return cast(str | None, getattr(self, "order_state", None))

    @property
    def planned(self) -> int:
        """How many measures and sub-measures are planned."""
        return sum(1 + len(one.get("children", ())) for one in self.plan)


class ProblemImport(Upload):
    """One list of problems for a campaign."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="imports")
    outcome = models.JSONField(default=dict, blank=True)

    view_verb = "inspections.import_problems"

    class Meta(Upload.Meta):
        verbose_name = "问题清单导入"
