"""The hospital's rules, codes of conduct and the stories told of them: each edition a row, and what took the place of what."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from linghang.kernel import clock
from linghang.kernel.access import Gated, GatedQuerySet
from linghang.kernel.models import Link
from linghang.kernel.parameters import value
from linghang.kernel.uploads import Upload
from linghang.org.models import Unit
from linghang.policies.parameters import NOTICE

# How whoever rests on a rule says so: Link(source=policy.ref, target=record.ref, kind=BASIS).
BASIS = "basis"
DEPTH = 10  # editions that are followed back
SHORTEST = 4  # letters of a title by which a rule is recognised


class PolicyQuerySet(GatedQuerySet):
    def in_force(self) -> Self:
        return self.filter(state=Policy.State.IN_FORCE)

    def due(self, day: date | None = None) -> Self:
        """In force and to be reviewed by that day; by default as soon as the owner is told."""
        last = day or clock.today() + timedelta(days=value(NOTICE))
        return self.in_force().filter(review_on__lte=last)


class Policy(Gated):
    """One edition of a rule or a code of conduct. A new edition takes the place of the old one, which stays readable.

    It belongs to the whole hospital: whoever may see rules sees them all.
    """

    class Kind(models.TextChoices):
        RULE = "rule", "制度"
        CONDUCT = "conduct", "行为准则"
        STORY = "story", "故事"

    class State(models.TextChoices):
        IN_FORCE = "in_force", "现行"
        SUPERSEDED = "superseded", "已修订"
        MERGED = "merged", "已并入"
        REPEALED = "repealed", "已废止"

    state = models.CharField("效力", max_length=10, choices=State.choices, default=State.IN_FORCE)
    kind = models.CharField("种类", max_length=8, choices=Kind.choices, default=Kind.RULE)
    number = models.CharField("文号", max_length=60, blank=True)
    title = models.CharField("名称", max_length=120)
    version = models.CharField("版本", max_length=30, blank=True)
    category = models.CharField("类别", max_length=30, blank=True, db_index=True)
    owner = models.ForeignKey(
        Unit,
        verbose_name="责任部门",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="policies",
    )
    owner_name = models.CharField("责任部门（原表写法）", max_length=80, blank=True)
    published_on = models.DateField("发布日期", null=True, blank=True)
    ended_on = models.DateField("失效日期", null=True, blank=True)
    reviewed_on = models.DateField("最近复审", null=True, blank=True)
    review_on = models.DateField("复审日", null=True, blank=True, db_index=True)
    successor = models.ForeignKey(
        "self",
        verbose_name="由什么代替",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="predecessors",
    )
    text = models.TextField("正文", blank=True)
    note = models.CharField("备注", max_length=200, blank=True)

    objects: ClassVar[Any] = PolicyQuerySet.as_manager()
    view_verb = "policies.view_policy"
    day_field = "published_on"

    class Meta:
        verbose_name = "制度"
        ordering = ["category", "title", "pk"]
        indexes = [models.Index(fields=["state", "review_on"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="in_force", successor__isnull=True) | ~Q(state="in_force"),
                name="what_is_in_force_has_no_successor",
                violation_error_message="现行的制度没有代替它的制度",
            ),
            models.CheckConstraint(
                condition=Q(successor__isnull=True) | ~Q(successor=F("pk")),
                name="nothing_replaces_itself",
                violation_error_message="制度不能由自己代替",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("policies:policy", args=[self.pk])

    @property
    def names(self) -> list[str]:
        """By what it is known in the basis of something else; a title of a word or two would be found anywhere."""
        title = self.title.strip("《》")
        return [name for name in (title if len(title) >= SHORTEST else "", self.number) if name]

    @property
    def owner_words(self) -> str:
        """Who answers for it: the department, or its name as the catalogue wrote it."""
        return self.owner.name if self.owner else self.owner_name

    @property
    def tone(self) -> str:
        """The colour family of its state."""
        if self.state != self.State.IN_FORCE:
            return "grey"
        return "amber" if self.is_due else "green"

    @property
    def words(self) -> str:
        """Its state in words: in force, and whether it is to be looked at again."""
        return f"{self.get_state_display()}，待复审" if self.is_due else self.get_state_display()

    @property
    def is_due(self) -> bool:
        """Whether its day of review is over."""
        return self.state == self.State.IN_FORCE and bool(self.review_on and self.review_on <= clock.today())

    def earlier(self) -> "list[Policy]":
        """What this edition took the place of, and what that had replaced before: the latest first, a query a level."""
        found: list[Policy] = []
        level = [self.pk]
        for _ in range(DEPTH):
            before = Policy.objects.filter(successor__in=level).exclude(pk__in=[p.pk for p in found])
            rows = list(before.order_by(F("published_on").desc(nulls_last=True), "-pk"))
            if not rows:
                break
            found += rows
            level = [row.pk for row in rows]
        return found


def citing(editions: Iterable[Policy]) -> list[str]:
    """References of the records that rest on a rule in any of these editions, tied from either side: one query."""
    refs = [edition.ref for edition in editions]
    ties = Link.objects.filter(Q(source__in=refs) | Q(target__in=refs), kind=BASIS).order_by("pk")
    return list(dict.fromkeys(one.target if one.source in refs else one.source for one in ties))


class PolicyImport(Upload):
    """One catalogue of rules."""

    kind = models.CharField("种类", max_length=8, choices=Policy.Kind.choices, default=Policy.Kind.RULE)
    digest = models.CharField("校验码", max_length=64)
    asides = models.JSONField(default=list, blank=True)
    journal = models.JSONField(default=dict, blank=True)

    view_verb = "policies.import_policies"
    trail_hides = Upload.trail_hides | {"asides"}

    class Meta(Upload.Meta):
        verbose_name = "制度目录导入"
