"""Who and where, on any day: units in two trees, what covers what, persons, users, memberships, roles, posts, grants."""

from collections.abc import Iterable
from datetime import date
from functools import cached_property
from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.urls import reverse

from linghang.kernel import clock
from linghang.kernel.access import NOWHERE, Gated, GatedQuerySet, Reach, covers
from linghang.kernel.models import DatedQuerySet


class UnitQuerySet(GatedQuerySet):
    def on(self, day: date) -> Self:
        """Units that exist on that day."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=day), since__lte=day)

    def party(self) -> Self:
        return self.filter(kind__in=Unit.PARTY)

    def branches(self) -> Self:
        return self.filter(kind=Unit.Kind.BRANCH)

    def under(self, unit: "Unit") -> Self:
        """The unit itself and everything below it in the present tree."""
        return self.filter(path__startswith=unit.path)


class Unit(Gated):
    """A place in the Party tree or the staff tree. It keeps its row for ever; its life has a beginning and an end."""

    class Kind(models.TextChoices):
        HOSPITAL = "hospital", "医院"
        COMMITTEE = "committee", "党委"
        SUBCOMMITTEE = "subcommittee", "二级党委"
        GENERAL = "general", "党总支"
        BRANCH = "branch", "党支部"
        GROUP = "group", "党小组"
        DIVISION = "division", "系统"
        DEPARTMENT = "department", "科室"
        WARD = "ward", "病区"

    class Category(models.TextChoices):
        CLINICAL = "clinical", "临床"
        TECHNICAL = "technical", "医技"
        NURSING = "nursing", "护理"
        ADMINISTRATIVE = "administrative", "行政后勤"
        RETIRED = "retired", "离退休"
        STUDENT = "student", "学生规培"

    PARTY: ClassVar = (Kind.COMMITTEE, Kind.SUBCOMMITTEE, Kind.GENERAL, Kind.BRANCH, Kind.GROUP)
    STAFF: ClassVar = (Kind.HOSPITAL, Kind.DIVISION, Kind.DEPARTMENT, Kind.WARD)

    code = models.CharField("编码", max_length=40, unique=True)
    name = models.CharField("名称", max_length=80)
    kind = models.CharField("类别", max_length=12, choices=Kind.choices)
    category = models.CharField("分类", max_length=16, choices=Category.choices, blank=True)
    parent = models.ForeignKey(
        "self", verbose_name="上级", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    path = models.CharField(max_length=200, blank=True, db_index=True, editable=False)
    since = models.DateField("成立日期")
    until = models.DateField("撤销日期", null=True, blank=True)
    order = models.PositiveIntegerField("排序", default=0)

    objects: ClassVar[Any] = UnitQuerySet.as_manager()
    unit_paths = ("",)
    view_verb = "org.view_unit"

    class Meta:
        verbose_name = "单位"
        ordering = ["path"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")),
                name="unit_ends_after_it_begins",
                violation_error_message="撤销日期应晚于成立日期",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("org:unit", args=[self.pk])

    @property
    def is_party(self) -> bool:
        return self.kind in self.PARTY

    def heads(self) -> "models.QuerySet[Person]":
        """Whoever leads this unit today: holders of a leading role there, stand-ins included."""
        return Person.objects.filter(
            posts__in=Post.objects.on(clock.today()).filter(unit=self, role__leads=True)
        ).distinct()


class Placement(models.Model):
    """Under which parent a unit stood, and when: the history that feeds every roll-up."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="placements")
    parent = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["unit", "since"]
        constraints = [models.UniqueConstraint(fields=["unit", "since"], name="one_placement_a_day")]

    def __str__(self) -> str:
        return f"{self.unit} ⊂ {self.parent}"


class Coverage(models.Model):
    """A branch covers a department with a weight: through it a department's figures count for its branch."""

    branch = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="covers")
    department = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="covered_by")
    weight = models.DecimalField("权重", max_digits=4, decimal_places=3, default=1)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["branch", "department"]
        constraints = [
            models.UniqueConstraint(fields=["branch", "department", "since"], name="covers_once_a_day"),
            models.CheckConstraint(condition=Q(weight__gt=0, weight__lte=1), name="coverage_weight_is_a_share"),
        ]

    def __str__(self) -> str:
        return f"{self.branch} 覆盖 {self.department}"


class PersonQuerySet(GatedQuerySet):
    def of_branch(self, branch: Unit, day: date) -> Self:
        """Members whose membership is in this branch on that day."""
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
        return list(self.posts.on(clock.today()).select_related("unit", "role").order_by("role__order", "pk"))

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
        rows = Grant.objects.on(clock.today()).filter(role__in=places).values_list("role_id", "verb", "extent")
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
                units.add(unit.pk)
                if extent == Grant.Extent.COVERED:
                    units.update(self._covered(unit))
        return Reach(own, frozenset(units), tuple(sorted(trees)))

    def _covered(self, unit: Unit) -> Iterable[int]:
        return Coverage.objects.on(clock.today()).filter(branch=unit).values_list("department_id", flat=True)

    def may(self, verb: str, obj: Any = None) -> bool:
        """Whether this person may do this verb at all, or to this row."""
        reach = self.reach(verb)
        return bool(reach) if obj is None or not reach or not isinstance(obj, Gated) else covers(reach, obj, self)

    def acting_as(self, verb: str, obj: Any = None) -> str:
        """The post that carries this verb to this row, as it shall stand in every trace: "心内科党支部书记（代）"."""
        held = [(extent, place) for extent, place in self._grants.get(verb) or [] if isinstance(place, Post)]
        carries = [p for e, p in held if isinstance(obj, Gated) and covers(self._reach_of([(e, p)]), obj, self)]
        posts = carries or [place for _, place in held] or self.posts_now
        return posts[0].label if posts else (f"{self.branch}党员" if self.branch else "职工")

    @cached_property
    def hospital_name(self) -> str:
        root = Unit.objects.filter(kind=Unit.Kind.HOSPITAL).order_by("pk").values_list("name", flat=True).first()
        return root or "领航"


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

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["person", "since"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(until__isnull=True), name="one_present_membership"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.branch} {self.get_status_display()}"


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
    order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["order", "code"]

    def __str__(self) -> str:
        return self.name


class Grant(models.Model):
    """A role may do a verb, so far. Dated: a change closes the old row."""

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

    objects = DatedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["role", "verb", "extent", "since"], name="grant_once")]

    def __str__(self) -> str:
        return f"{self.role_id} {self.verb} {self.get_extent_display()}"


class PostQuerySet(GatedQuerySet, DatedQuerySet):
    """Posts are dated and given out by reach."""


class Post(Gated):
    """A person holds a role at a unit for a time. Rights begin and end with it."""

    person = models.ForeignKey(Person, verbose_name="人员", on_delete=models.PROTECT, related_name="posts")
    unit = models.ForeignKey(Unit, verbose_name="单位", on_delete=models.PROTECT, related_name="posts")
    role = models.ForeignKey(Role, verbose_name="职务", on_delete=models.PROTECT, related_name="posts")
    since = models.DateField("自")
    until = models.DateField("至（不含）", null=True, blank=True)
    acting_for = models.ForeignKey(
        "self", verbose_name="代理", null=True, blank=True, on_delete=models.PROTECT, related_name="stand_ins"
    )
    document = models.CharField("任职文号", max_length=60, blank=True)

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


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **more: Any) -> "User":
        user = self.model(username=username, **more)
        user.set_password(password)
        user.save()
        return user


class User(AbstractBaseUser, Gated):
    """The account of one person. Opened and reset by the administrator, on paper; no mail is needed."""

    username = models.CharField("账号", max_length=30, unique=True)
    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="user")
    is_active = models.BooleanField("可登录", default=True)
    must_change = models.BooleanField("下次登录须改密码", default=False)
    opened_at = models.DateTimeField(default=clock.now)

    objects: ClassVar[Any] = UserManager.from_queryset(GatedQuerySet)()
    view_verb = "org.manage_accounts"
    trail_hides = frozenset({"password", "last_login"})
    USERNAME_FIELD = "username"

    class Meta:
        verbose_name = "账号"
        ordering = ["username"]

    def __str__(self) -> str:
        return self.username

    def get_absolute_url(self) -> str:
        return reverse("org:accounts")


class Import(Gated):
    """One upload of a file of the outside world: what it became, row by row, and the way back."""

    class State(models.TextChoices):
        PREVIEWED = "previewed", "待确认"
        CONFIRMED = "confirmed", "已导入"
        UNDONE = "undone", "已撤销"

    state = models.CharField(max_length=10, choices=State.choices, default=State.PREVIEWED)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="imports")
    name = models.CharField("文件名", max_length=200)
    digest = models.CharField(max_length=64)
    file = models.FileField(upload_to="imports/%Y/%m/")
    columns = models.JSONField(default=dict, blank=True)
    choices = models.JSONField(default=dict, blank=True)
    counts = models.JSONField(default=dict, blank=True)
    outcome = models.JSONField(default=list, blank=True)
    journal = models.JSONField(default=list, blank=True)
    at = models.DateTimeField(default=clock.now)

    unit_paths = ("unit",)
    view_verb = "org.import_roster"
    trail_hides = frozenset({"journal", "outcome"})

    class Meta:
        verbose_name = "导入"
        ordering = ["-at"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("org:import", args=[self.pk])
