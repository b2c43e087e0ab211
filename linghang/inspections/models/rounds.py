"""A round of inspection, its checks and their answers."""

from decimal import Decimal
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Count, DecimalField, F, Q, Sum, Value
from django.db.models.functions import Coalesce
from django.urls import reverse

from linghang.inspections.models.checklists import NOT_NEGATIVE, Checklist, ChecklistItem
from linghang.kernel.access import Gated, GatedQuerySet
from linghang.org.models import Person, Unit


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
        WARD = "ward", "党建查房"

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
    # 飞检: what was drawn lies in here, and nowhere else, until the day; nobody is named as inspected before.
    unannounced = models.BooleanField("飞检", default=False)
    sealed = models.JSONField("密封的抽签结果", default=dict, blank=True, editable=False)
    team = models.ManyToManyField(Person, verbose_name="检查组", blank=True, related_name="+")

    line = models.ForeignKey(
        "inspections.PlanLine",
        verbose_name="年度计划",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="rounds",
    )
    # Said once, when it is arranged: a plan that is filed later does not turn it into something else.
    unplanned = models.BooleanField("计划外", default=False)

    objects: ClassVar[Any] = RoundQuerySet.as_manager()
    unit_paths = ("unit",)
    view_verb = "inspections.view_round"
    trail_hides = frozenset({"sealed"})

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
        words = "总支督查" if own else str(self.get_method_display())
        return f"{words}（飞检）" if self.unannounced else words

    @property
    def on_site(self) -> bool:
        """Whether somebody goes and looks: everything but a branch's own check."""
        return self.method != self.Method.SELF

    @property
    def from_above(self) -> bool:
        """Whether those above come themselves: what they find stands, and is not 建议."""
        return self.method in (self.Method.COMMITTEE, self.Method.WARD)

    @property
    def is_sealed(self) -> bool:
        """Whether it was drawn who is inspected, and the day has not come on which it is said."""
        return bool(self.sealed) and self.state == self.State.DRAWN

    @property
    def by_lot(self) -> bool:
        """Whether a lot says who is inspected: pairs, or a sample of those who come from above."""
        return self.by_peers or (self.from_above and self.sample is not None)

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

    def verifying(self) -> Self:
        """核验 of a standard: confirmed by those above, who came and looked. A branch's own view is 自评."""
        return self.confirmed().filter(
            round__method=Round.Method.COMMITTEE, round__checklist__lasts_months__isnull=False
        )

    def being_verified(self) -> Self:
        """核验 of a standard that is arranged and not confirmed yet."""
        ahead = (Round.State.PLANNED, Round.State.DRAWN, Round.State.OPEN)
        return self.filter(round__method=Round.Method.COMMITTEE, round__state__in=ahead).exclude(
            state=Check.State.CONFIRMED
        )

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
    # 查房: 查 is the answers, 改 the findings; 听, 访 and 评 (the note) are told in a few words.
    heard = models.CharField("听：汇报了什么", max_length=300, blank=True)
    visited = models.CharField("访：访谈几人，反映什么", max_length=300, blank=True)
    note = models.CharField("总体情况", max_length=300, blank=True)
    sent_as = models.CharField(max_length=36, blank=True, editable=False)

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
    proof = models.CharField("佐证", max_length=120, blank=True)
    proof_ref = models.CharField("佐证记录", max_length=60, blank=True)

    class Meta:
        verbose_name = "检查结果"
        ordering = ["inspection", "item__place"]
        constraints = [models.UniqueConstraint(fields=["inspection", "item"], name="answered_once")]

    def __str__(self) -> str:
        return f"{self.item}：{self.get_verdict_display()}"
