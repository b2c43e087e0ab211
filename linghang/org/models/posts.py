"""Roles, what they may do, and who holds them where, and when."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from linghang.kernel.access import Gated, GatedQuerySet
from linghang.kernel.models import DatedQuerySet

if TYPE_CHECKING:
    from linghang.org.models.people import Person


class Role(models.Model):
    """What a post is. Rights hang on roles; the three kinds are never mixed in one person."""

    class Kind(models.TextChoices):
        BUSINESS = "business", "业务"
        ADMINISTRATION = "administration", "系统管理"
        AUDIT = "audit", "安全审计"

    code = models.CharField(max_length=40, primary_key=True)
    name = models.CharField("名称", max_length=40)
    suffix = models.CharField("接在单位后的叫法", max_length=20, blank=True)
    kind = models.CharField(max_length=14, choices=Kind.choices, default=Kind.BUSINESS)
    leads = models.BooleanField("负责人", default=False)
    on_committee = models.BooleanField("委员会成员", default=False)
    single = models.BooleanField("只能由一人担任", default=False)
    party_work = models.BooleanField("党务岗位", default=False)
    at = models.JSONField("设在哪类单位", default=list, blank=True)
    order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["order", "code"]

    def __str__(self) -> str:
        return self.name

    def stands_at(self, kind: str) -> bool:
        """Whether a unit of this kind has such a post; a role that names no kinds stands anywhere."""
        return not self.at or kind in self.at


class Grant(models.Model):
    """A role may do a verb, so far. Dated: a change closes the old row.

    `by_name` says who at the hospital opened or closed it; empty where a blueprint did.
    """

    class Extent(models.TextChoices):
        OWN = "own", "本人"
        UNIT = "unit", "本单位"
        TREE = "tree", "本单位及下级"
        COVERED = "covered", "本单位及所覆盖科室"

    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="grants")
    verb = models.CharField(max_length=60, db_index=True)
    extent = models.CharField(max_length=8, choices=Extent.choices)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    by_name = models.CharField("设置人", max_length=60, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["role", "verb", "extent", "since"], name="grant_once")]

    def __str__(self) -> str:
        return f"{self.role_id} {self.verb} {self.get_extent_display()}"


class PostQuerySet(GatedQuerySet, DatedQuerySet):  # type: ignore[override]
    """Posts are dated and given out by reach."""

    def holders(self) -> "models.QuerySet[Person]":
        """The people who hold these posts."""
        people: Any = self.model._meta.get_field("person").related_model
        found: models.QuerySet[Person] = people.objects.filter(posts__in=self).distinct()
        return found


class Post(Gated):
    """A person holds a role at a unit for a time. Rights begin and end with it."""

    person = models.ForeignKey(
        "org.Person", verbose_name="人员", on_delete=models.PROTECT, related_name="posts"
    )
    unit = models.ForeignKey("org.Unit", verbose_name="单位", on_delete=models.PROTECT, related_name="posts")
    role = models.ForeignKey(Role, verbose_name="职务", on_delete=models.PROTECT, related_name="posts")
    since = models.DateField("自")
    until = models.DateField("至（不含）", null=True, blank=True)
    acting_for = models.ForeignKey(
        "self", verbose_name="代理", null=True, blank=True, on_delete=models.PROTECT, related_name="stand_ins"
    )
    document = models.CharField("任职文号", max_length=60, blank=True)
    fulltime = models.BooleanField("专职", default=False)

    objects: ClassVar[Any] = PostQuerySet.as_manager()
    unit_paths = ("unit",)
    own_paths = ("person",)
    view_verb = "org.view_unit"

    class Meta:
        verbose_name = "任职"
        ordering = ["role__order", "since"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="post_ends_after_it_begins",
                violation_error_message="免职日期不能早于任职日期",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.label}"

    def get_absolute_url(self) -> str:
        return self.unit.get_absolute_url()

    @property
    def label(self) -> str:
        """As it is said: "心内科党支部书记（代）"; a role of the whole hospital needs no unit: "党委办公室主任"."""
        said = f"{self.unit.name}{self.role.suffix}" if self.role.suffix else self.role.name
        return f"{said}{'（代）' if self.acting_for_id else ''}"


FEW = 2  # posts of one role that are said by name


def told(posts: Iterable[Post]) -> list[str]:
    """What somebody is, in words; one role at more than two units as one: "13 个党支部的联系委员"."""
    by_role: dict[str, list[Post]] = {}
    for post in posts:
        by_role.setdefault(post.role_id, []).append(post)
    return [words for held in by_role.values() for words in _told(held)]


def _told(held: list[Post]) -> list[str]:
    if len(held) <= FEW:
        return [post.label for post in held]
    kinds = "、".join(dict.fromkeys(post.unit.get_kind_display() for post in held))
    return [f"{len(held)} 个{kinds}的{held[0].role.suffix or held[0].role.name}"]


class Term(Gated):
    """The term of office of a leadership, from the day of its election; postponed with the superior's approval."""

    unit = models.ForeignKey("org.Unit", verbose_name="组织", on_delete=models.PROTECT, related_name="terms")
    elected_on = models.DateField("选举日期")
    document = models.CharField("批复文号", max_length=80, blank=True)
    postponed_to = models.DateField("延期到", null=True, blank=True)
    postponed_on = models.DateField("延期登记日期", null=True, blank=True)
    approval = models.CharField("延期批复文号", max_length=80, blank=True)
    until = models.DateField("至（不含）", null=True, blank=True)

    unit_paths = ("unit",)
    view_verb = "org.view_unit"
    day_field = "elected_on"
    title_paths = ("unit",)

    class Meta:
        verbose_name = "任期"
        ordering = ["unit", "elected_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit"], condition=Q(until__isnull=True), name="one_present_term"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("elected_on")),
                name="term_ends_after_it_begins",
                violation_error_message="任期结束不能早于选举日期",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.elected_on} 选举"

    def get_absolute_url(self) -> str:
        return self.unit.get_absolute_url()


class Handover(Gated):
    """岗位交接单: what was open when a post changed hands, as the records said; both sign."""

    class State(models.TextChoices):
        DRAWN = "drawn", "待移交人确认"
        GIVEN = "given", "待接收人确认"
        TAKEN = "taken", "已交接"

    state = models.CharField(max_length=6, choices=State.choices, default=State.DRAWN)
    unit = models.ForeignKey(
        "org.Unit", verbose_name="单位", on_delete=models.PROTECT, related_name="handovers"
    )
    role = models.ForeignKey(Role, verbose_name="职务", on_delete=models.PROTECT, related_name="+")
    giver = models.ForeignKey("org.Person", verbose_name="移交人", on_delete=models.PROTECT, related_name="+")
    taker = models.ForeignKey("org.Person", verbose_name="接收人", on_delete=models.PROTECT, related_name="+")
    drawn_on = models.DateField("制单日期")
    items = models.JSONField("未了事项", default=list, blank=True)
    remarks = models.TextField("移交说明", blank=True)

    unit_paths = ("unit",)
    own_paths = ("giver", "taker")
    view_verb = "org.view_handover"
    day_field = "drawn_on"
    title_paths = ("unit", "role")

    class Meta:
        verbose_name = "岗位交接单"
        ordering = ["-drawn_on", "-pk"]

    def __str__(self) -> str:
        return f"{Post(unit=self.unit, role=self.role).label}交接单"

    def get_absolute_url(self) -> str:
        return reverse("org:handover", args=[self.pk])
