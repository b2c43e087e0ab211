"""What departments ask of the branches: items for a month's deployment meeting, agreed there, sent out in one sheet."""

from datetime import date, timedelta
from typing import Any, ClassVar, Self

from django.db import models
from django.urls import reverse

from linghang.activities.models import Meeting
from linghang.kernel import clock
from linghang.kernel.access import Gated, GatedQuerySet
from linghang.org.models import Person, Role, Unit
from linghang.planning.models.plans import Plan


def month_of(day: date) -> date:
    """The first day of the month, by which a month is known everywhere."""
    return day.replace(day=1)


def next_month(month: date) -> date:
    """The first day of the month after."""
    return month_of(month + timedelta(days=31))


def _party() -> Any:
    return Unit.objects.on(clock.today()).party().order_by("path")


def top_unit() -> Unit | None:
    """The Party organisation at the head of the hospital: 党委, or the 总支 where there is none."""
    found: Unit | None = _party().first()
    return found


def meetings_now() -> list[Meeting]:
    """The deployment meetings at the head of the hospital, planned or held, of this month and the next: one query."""
    month = month_of(clock.today())
    top = models.Subquery(_party().values("pk")[:1])
    found = Meeting.objects.filter(unit=top, kind=Meeting.Kind.DEPLOYMENT, held_on__gte=month)
    near = found.filter(held_on__lt=next_month(next_month(month)))
    return list(near.exclude(state=Meeting.State.CANCELLED).order_by("held_on", "pk"))


def meeting_of(unit: Unit, month: date) -> Meeting | None:
    """The month's deployment meeting, planned or held: the one that its items are bound to, else the one held in it.

    A meeting at the end of a month that was called for the next one is the next one's.
    """
    here = models.Q(held_on__gte=month, held_on__lt=next_month(month)) & ~models.Exists(
        _items_of_another(month)
    )
    found: Meeting | None = (
        Meeting.objects.filter(unit=unit, kind=Meeting.Kind.DEPLOYMENT)
        .filter(here | models.Q(items__month=month))
        .exclude(state=Meeting.State.CANCELLED)
        .order_by("held_on", "pk")
        .first()
    )
    return found


def _items_of_another(month: date) -> Any:
    return Item.objects.filter(meeting=models.OuterRef("pk")).exclude(month=month)


class ItemQuerySet(GatedQuerySet):
    def of(self, unit: Unit, month: date) -> Self:
        """The items of one month's meeting, in the order of its agenda."""
        return self.filter(unit=unit, month=month)

    def waiting(self) -> Self:
        return self.filter(state=Item.State.SUBMITTED)

    def agreed(self) -> Self:
        """Accepted, whether already sent out or not."""
        return self.filter(state__in=(Item.State.ACCEPTED, Item.State.DEPLOYED))


class Item(Gated):
    """One thing a department wants the branches to do, for one month. 党办 is the only gate through which it passes."""

    class State(models.TextChoices):
        SUBMITTED = "submitted", "待采纳"
        ACCEPTED = "accepted", "已采纳"
        DECLINED = "declined", "未采纳"
        DEPLOYED = "deployed", "已生成提示单"

    class Scope(models.TextChoices):
        ALL = "all", "全部支部"
        CATEGORY = "category", "按分类"
        GENERAL = "general", "按总支"
        CHOSEN = "chosen", "指定支部"

    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.SUBMITTED)
    unit = models.ForeignKey(Unit, verbose_name="部署单位", on_delete=models.PROTECT, related_name="items")
    department = models.ForeignKey(Unit, verbose_name="报送部门", on_delete=models.PROTECT, related_name="+")
    submitter = models.ForeignKey(
        Person, verbose_name="报送人", null=True, blank=True, on_delete=models.PROTECT, related_name="items"
    )
    month = models.DateField("所属月份", db_index=True, help_text="当月第一天")
    meeting = models.ForeignKey(
        Meeting, verbose_name="部署会", null=True, blank=True, on_delete=models.PROTECT, related_name="items"
    )
    plan = models.ForeignKey(
        Plan, verbose_name="出自计划", null=True, blank=True, on_delete=models.PROTECT, related_name="items"
    )
    place = models.PositiveSmallIntegerField("序号", default=1)
    text = models.CharField("事项", max_length=300)
    reason = models.CharField("理由或依据", max_length=300, blank=True)
    due_on = models.DateField("期限")
    scope = models.CharField("范围", max_length=10, choices=Scope.choices, default=Scope.ALL)
    categories = models.JSONField("分类", default=list, blank=True)
    units = models.ManyToManyField(Unit, verbose_name="总支或支部", blank=True, related_name="+")
    business = models.BooleanField("业务工作", default=False)
    owner_role = models.ForeignKey(
        Role, verbose_name="建议责任人", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answer = models.CharField("未采纳原因", max_length=300, blank=True)
    deployed_on = models.DateField("生成日期", null=True, blank=True)

    objects: ClassVar[Any] = ItemQuerySet.as_manager()
    unit_paths = ("unit", "department")
    own_paths = ("submitter",)
    view_verb = "planning.view_item"
    day_field = "due_on"

    class Meta:
        verbose_name = "部署事项"
        ordering = ["-month", "place", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(month__day=1),
                name="item_month_is_a_first_day",
                violation_error_message="所属月份以当月第一天表示",
            ),
            models.CheckConstraint(
                condition=models.Q(due_on__gte=models.F("month")),
                name="item_is_due_in_its_month_or_later",
                violation_error_message="期限不能早于所属月份",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return reverse("planning:item", args=[self.pk])

    @property
    def tone(self) -> str:
        """The colour family of its state."""
        State = self.State
        return {State.SUBMITTED: "amber", State.ACCEPTED: "blue", State.DEPLOYED: "green"}.get(
            State(self.state), "grey"
        )

    @property
    def scope_text(self) -> str:
        """Whom it concerns, in words: 全部支部, 临床、医技, 第一党总支 …"""
        if self.scope == self.Scope.CATEGORY:
            labels = dict(Unit.Category.choices)
            return "、".join(str(labels.get(code, code)) for code in self.categories)
        if self.scope == self.Scope.ALL:
            return str(self.get_scope_display())
        return "、".join(unit.name for unit in self.units.all())

    def concerns(self, branch: Unit) -> bool:
        """Whether this branch is within the item's scope. Reads `units`: prefetch it for many."""
        if self.scope == self.Scope.ALL:
            return True
        if self.scope == self.Scope.CATEGORY:
            return branch.category in self.categories
        return any(branch.path.startswith(unit.path) for unit in self.units.all())
