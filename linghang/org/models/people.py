"""Who: persons and their memberships, and how far a person's present posts carry each verb."""

from collections.abc import Iterable
from datetime import date
from functools import cached_property
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse

from linghang.kernel import clock
from linghang.kernel.access import NOWHERE, Gated, GatedQuerySet, Reach, covers
from linghang.kernel.models import DatedQuerySet
from linghang.org.models.posts import Grant, Post, told
from linghang.org.models.units import Coverage, Unit

NAMELESS = "领航"  # what stands above a page while no hospital is loaded


class PersonQuerySet(GatedQuerySet):
    def of_branch(self, branch: Unit, day: date) -> Self:
        """Members whose membership is in this branch on that day; of a temporary one, whoever was sent to it."""
        if branch.is_temporary:
            return self.filter(posts__in=Post.objects.on(day).filter(unit=branch)).distinct()
        held = Membership.objects.on(day).filter(branch=branch)
        return self.filter(memberships__in=held).distinct()

    def with_status(self, day: date) -> Self:
        """Adds `status`: full or probationary member on that day, or None."""
        held = Membership.objects.on(day).filter(person=OuterRef("pk")).order_by("-since")
        return self.annotate(status=Subquery(held.values("status")[:1]))


class Person(Gated):
    """Somebody who works, or worked, at the hospital. Being counted needs no account."""

    class Sex(models.TextChoices):
        MALE = "male", "男"
        FEMALE = "female", "女"

    staff_number = models.CharField("工号", max_length=30, null=True, blank=True, unique=True)
    name = models.CharField("姓名", max_length=60)
    pinyin = models.CharField(max_length=120, blank=True, db_index=True, editable=False)
    sex = models.CharField("性别", max_length=6, choices=Sex.choices, blank=True)
    ethnicity = models.CharField("民族", max_length=20, blank=True)
    birth_on = models.DateField("出生日期", null=True, blank=True)
    identity_digest = models.CharField(max_length=64, null=True, blank=True, unique=True, editable=False)
    identity_masked = models.CharField("身份证号", max_length=20, blank=True, editable=False)
    phone = models.CharField("手机号码", max_length=20, blank=True)
    education = models.CharField("学历", max_length=30, blank=True)
    title = models.CharField("职称", max_length=30, blank=True)
    position = models.CharField("行政职务", max_length=30, blank=True)
    department = models.ForeignKey(
        Unit, verbose_name="所在科室", null=True, blank=True, on_delete=models.PROTECT, related_name="staff"
    )
    branch = models.ForeignKey(
        Unit,
        verbose_name="所在支部",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="members",
        editable=False,
    )
    joined_on = models.DateField("入党日期", null=True, blank=True)
    confirmed_on = models.DateField("转正日期", null=True, blank=True)
    left_on = models.DateField("离院日期", null=True, blank=True)
    note = models.CharField("备注", max_length=200, blank=True)

    objects: ClassVar[Any] = PersonQuerySet.as_manager()
    unit_paths = ("branch", "department")
    own_paths = ("",)
    view_verb = "org.view_person"
    trail_hides = frozenset({"identity_digest", "identity_masked", "phone"})

    class Meta:
        verbose_name = "人员"
        ordering = ["pinyin", "pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("org:person", args=[self.pk])

    @property
    def phone_masked(self) -> str:
        return f"{self.phone[:3]}****{self.phone[-4:]}" if len(self.phone) >= 8 else ""

    @cached_property
    def posts_now(self) -> list["Post"]:
        """Posts held today, with their units and roles: loaded once a request."""
        absorbs = Exists(Unit.objects.filter(successor=OuterRef("unit")))
        held = self.posts.on(clock.today()).select_related("unit", "role").annotate(absorbs=absorbs)
        return list(held.order_by("role__order", "pk"))

    @property
    def posts_told(self) -> list[str]:
        """The posts held today, as they are said above a page."""
        return told(self.posts_now)

    @cached_property
    def _grants(self) -> dict[str, list[tuple[str, "Post | Unit"]]]:
        places: dict[str, list[Post | Unit]] = {}
        for post in self.posts_now:
            places.setdefault(post.role_id, []).append(post)
        # Two roles need no post: being a member of a branch, and being on the staff.
        if self.branch is not None:
            places["member"] = [self.branch]
        if home := self.department or self.branch:
            places["employee"] = [home]
        found: dict[str, list[tuple[str, Post | Unit]]] = {}
        rows = (
            Grant.objects.on(clock.today()).filter(role__in=places).values_list("role_id", "verb", "extent")
        )
        for role, verb, extent in rows:
            found.setdefault(verb, []).extend((extent, place) for place in places[role])
        return found

    def reach(self, verb: str) -> Reach:
        """How far one verb carries this person today: only the posts that grant this very verb count."""
        held = self._grants.get(verb)
        if not held:
            return NOWHERE
        return self._reach_of(held)

    def _reach_of(self, held: Iterable[tuple[str, "Post | Unit"]]) -> Reach:
        own, units, trees = False, set[int](), set[str]()
        for extent, place in held:
            unit = place.unit if isinstance(place, Post) else place
            if extent == Grant.Extent.OWN:
                own = True
            elif extent == Grant.Extent.TREE:
                trees.add(unit.path)
            else:
                units.update((unit.pk, *self._merged.get(unit.pk, ())))
                if extent == Grant.Extent.COVERED:
                    units.update(self._covered.get(unit.pk, ()))
        return Reach(own, frozenset(units), tuple(sorted(trees)))

    @cached_property
    def _merged(self) -> dict[int, list[int]]:
        """The units that were merged into those of this person, whose records are theirs to keep now."""
        found: dict[int, list[int]] = {}
        for unit in (post.unit for post in self.posts_now if getattr(post, "absorbs", False)):
            below = Unit.objects.under(unit).exclude(successor=None).order_by()
            found[unit.pk] = list(below.values_list("pk", flat=True))
        return found

    @cached_property
    def _covered(self) -> dict[int, list[int]]:
        """What the units of this person cover today, by unit: loaded once a request, and only when it is asked for."""
        found: dict[int, list[int]] = {}
        places = {*(post.unit_id for post in self.posts_now), self.branch_id, self.department_id}
        held = Coverage.objects.on(clock.today()).filter(branch__in=places).order_by()
        for branch, department in held.values_list("branch_id", "department_id"):
            found.setdefault(branch, []).append(department)
        return found

    def may(self, verb: str, obj: Any = None) -> bool:
        """Whether this person may do this verb at all, or to this row."""
        if not isinstance(obj, Gated) or verb not in self._grants:
            return verb in self._grants
        return covers(self.reach(verb), obj, self)

    def acting_as(self, verb: str, obj: Any = None) -> str:
        """The post that carries this verb to this row, as it shall stand in every trace: "心内科党支部书记（代）"."""
        held = [(extent, place) for extent, place in self._grants.get(verb) or [] if isinstance(place, Post)]
        carries = [
            p for e, p in held if isinstance(obj, Gated) and covers(self._reach_of([(e, p)]), obj, self)
        ]
        posts = carries or [place for _, place in held] or self.posts_now
        return posts[0].label if posts else (f"{self.branch}党员" if self.branch else "职工")

    @cached_property
    def hospital_name(self) -> str:
        """What the hospital is called; for whoever signed in the account brought it along."""
        return Unit.objects.hospital_names().first() or NAMELESS


class MembershipManager(models.Manager.from_queryset(DatedQuerySet)):  # type: ignore[misc]
    """Leaves out the periods that a later row has corrected."""

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(corrected=False)


class Membership(models.Model):
    """A member's time in one branch. The branch that counts a person on a day is the one of that day."""

    class Status(models.TextChoices):
        PROBATIONARY = "probationary", "预备党员"
        FULL = "full", "正式党员"

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    branch = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="memberships")
    status = models.CharField("党员类别", max_length=14, choices=Status.choices)
    since = models.DateField("自")
    until = models.DateField("至（不含）", null=True, blank=True)
    corrected = models.BooleanField("已更正", default=False, editable=False)

    objects: ClassVar[Any] = MembershipManager()
    told = DatedQuerySet.as_manager()  # with the corrected ones: for the history on the page

    class Meta:
        ordering = ["person", "since"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(until__isnull=True), name="one_present_membership"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.branch} {self.get_status_display()}"
