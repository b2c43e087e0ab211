"""A member's life beyond the branch of the day: dated steps, special spells, transfers with their receipts.

Only kind, day, who decided and by which document: never a reason in words. What is closed is not rewritten; a
correction is a new row beside the old one, which stays readable and no longer counts.
"""

from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from linghang.kernel import clock
from linghang.kernel.access import Gated, GatedQuerySet
from linghang.kernel.models import DatedQuerySet
from linghang.org.models.people import Person
from linghang.org.models.units import Unit


class Milestone(Gated):
    """One dated step into, through or out of the Party."""

    class Kind(models.TextChoices):
        APPLIED = "applied", "递交入党申请书"
        ACTIVIST = "activist", "确定为入党积极分子"
        CANDIDATE = "candidate", "列为发展对象"
        DROPPED = "dropped", "不再列为培养对象"
        ADMITTED = "admitted", "接收为预备党员"
        EXTENDED = "extended", "延长预备期"
        CONFIRMED = "confirmed", "转为正式党员"
        TRANSFERRED = "transferred", "组织关系转出"
        DIED = "died", "去世"
        CANCELLED = "cancelled", "取消预备党员资格"
        RESIGNED = "resigned", "退党"
        LAPSED = "lapsed", "自行脱党除名"
        REMOVED = "removed", "除名"
        EXPELLED = "expelled", "开除党籍"

    BEFORE = (Kind.APPLIED, Kind.ACTIVIST, Kind.CANDIDATE, Kind.DROPPED)
    ENDS = (Kind.DIED, Kind.CANCELLED, Kind.RESIGNED, Kind.LAPSED, Kind.REMOVED, Kind.EXPELLED)

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="milestones")
    unit = models.ForeignKey(Unit, verbose_name="党支部", on_delete=models.PROTECT, related_name="milestones")
    kind = models.CharField("事项", max_length=12, choices=Kind.choices)
    on = models.DateField("日期")
    until = models.DateField("延长至", null=True, blank=True)
    decided_by = models.CharField("决定机关", max_length=60, blank=True)
    document = models.CharField("文号", max_length=60, blank=True)
    corrected = models.BooleanField("已更正", default=False, editable=False)
    recorded_at = models.DateTimeField(default=clock.now, editable=False)

    unit_paths = ("unit",)
    own_paths = ("person",)
    view_verb = "org.view_person"

    class Meta:
        verbose_name = "党籍事项"
        ordering = ["on", "pk"]

    def __str__(self) -> str:
        return f"{self.person} {self.get_kind_display()}"

    def get_absolute_url(self) -> str:
        return self.person.get_absolute_url()


class SpellQuerySet(GatedQuerySet, DatedQuerySet):  # type: ignore[override]
    """Spells that have not been corrected, by day and by who may see them."""

    def standing(self) -> Self:
        """Those that count."""
        return self.filter(corrected=False)

    def running(self, day: date) -> Self:
        """Those that are not over on a day."""
        return self.filter(Q(until=None) | Q(until__gt=day))


class Spell(Gated):
    """A stretch of a member's time in which something special holds."""

    class Kind(models.TextChoices):
        STOPPED = "stopped", "停止党籍"
        PAUSED = "paused", "中止党员权利"
        WATCHED = "watched", "留党察看"
        EXCUSED = "excused", "不计入应到会"
        SPARED = "spared", "活动不作硬性要求"
        FLOATING = "floating", "流动党员"
        LOST = "lost", "失去联系"

    class Place(models.TextChoices):
        CITY = "city", "本市"
        PROVINCE = "province", "本省外市"
        COUNTRY = "country", "外省"
        ABROAD = "abroad", "境外"

    # 应到会不计入的五种情形 (R-BJ-07), in the order of `rules.electorate.EXCUSES`.
    SITUATIONS = [(number, f"第{sign}种情形") for number, sign in enumerate("一二三四五", 1)]
    RIGHTS = (Kind.STOPPED, Kind.PAUSED, Kind.WATCHED, Kind.EXCUSED)
    ASIDE = (Kind.FLOATING, Kind.SPARED, Kind.LOST)

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="spells")
    unit = models.ForeignKey(Unit, verbose_name="党支部", on_delete=models.PROTECT, related_name="spells")
    kind = models.CharField("情形", max_length=10, choices=Kind.choices)
    since = models.DateField("自")
    until = models.DateField("至（不含）", null=True, blank=True)
    decided_by = models.CharField("决定机关", max_length=60, blank=True)
    document = models.CharField("文号", max_length=60, blank=True)
    situation = models.PositiveSmallIntegerField("不计入的情形", null=True, blank=True, choices=SITUATIONS)
    passed_on = models.DateField("党员大会通过日期", null=True, blank=True)
    place = models.CharField("外出地", max_length=10, choices=Place.choices, blank=True)
    settled = models.BooleanField("地点固定", default=False)
    corrected = models.BooleanField("已更正", default=False, editable=False)

    objects: ClassVar[Any] = SpellQuerySet.as_manager()
    unit_paths = ("unit",)
    own_paths = ("person",)
    view_verb = "org.view_spells"
    trail_hides = frozenset({"situation"})

    class Meta:
        verbose_name = "党员情形"
        ordering = ["since", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind"],
                condition=Q(until__isnull=True, corrected=False),
                name="one_open_spell_of_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="spell_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.get_kind_display()}"

    def get_absolute_url(self) -> str:
        return self.person.get_absolute_url()

    @property
    def is_over(self) -> bool:
        """Whether it is over."""
        return self.until is not None and self.until <= clock.today()


class Contact(models.Model):
    """One day on which the branch was in touch with a member who is away (党员教育管理工作条例 第三十二、三十四条)."""

    spell = models.ForeignKey(Spell, on_delete=models.CASCADE, related_name="contacts")
    on = models.DateField("联系日期")
    by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["on"]
        constraints = [models.UniqueConstraint(fields=["spell", "on"], name="contact_once_a_day")]

    def __str__(self) -> str:
        return f"{self.spell} {self.on}"


class Transfer(Gated):
    """A membership on its way from one branch to another, or to or from outside, with letter and receipt.

    Until the other side has received the member, the old branch goes on counting them (第二十五条, R-JY-04).
    """

    class State(models.TextChoices):
        SENT = "sent", "已开介绍信"
        RECEIVED = "received", "已收到回执"
        VOID = "void", "已作废"

    state = models.CharField(max_length=10, choices=State.choices, default=State.SENT)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="transfers")
    source = models.ForeignKey(
        Unit, verbose_name="转出支部", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    target = models.ForeignKey(
        Unit, verbose_name="转入支部", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    outside = models.CharField("院外党组织", max_length=80, blank=True)
    letter = models.CharField("介绍信编号", max_length=60, blank=True)
    out_on = models.DateField("开出日期")
    receipt_on = models.DateField("回执日期", null=True, blank=True)

    unit_paths = ("source", "target")
    own_paths = ("person",)
    view_verb = "org.view_transfer"
    day_field = "out_on"

    class Meta:
        verbose_name = "组织关系转接"
        ordering = ["-out_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(state="sent"), name="one_transfer_on_its_way"
            ),
            models.CheckConstraint(
                condition=Q(receipt_on__isnull=True) | Q(receipt_on__gte=F("out_on")),
                name="receipt_after_letter",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}：{self.source or self.outside} → {self.target or self.outside}"

    def get_absolute_url(self) -> str:
        return reverse("org:transfer", args=[self.pk])

    def waited(self, today: date) -> int:
        """Days since the letter went out."""
        return (today - self.out_on).days
