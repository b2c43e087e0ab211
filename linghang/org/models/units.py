"""Where: units in two trees, how they stood under each other, which branch covers which department."""

from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.apps import apps
from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse

from linghang.kernel import clock
from linghang.kernel.access import Gated, GatedQuerySet
from linghang.kernel.models import DatedQuerySet
from linghang.org.models.posts import Post

if TYPE_CHECKING:
    from linghang.org.models.people import Person


def _counted(home: str) -> Coalesce:
    """How many people have their home (branch or department) at a unit or anywhere below it."""
    people: Any = apps.get_model("org.Person").objects.filter(left_on=None)
    below = people.filter(**{f"{home}__path__startswith": OuterRef("path")}).order_by()
    counted = below.annotate(one=Value(1)).values("one").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


class UnitQuerySet(GatedQuerySet):
    def on(self, day: date) -> Self:
        """Units that exist on that day."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=day), since__lte=day)

    def party(self) -> Self:
        return self.filter(kind__in=Unit.PARTY)

    def branches(self) -> Self:
        return self.filter(kind=Unit.Kind.BRANCH)

    def hospital_names(self) -> "models.QuerySet[Unit, str]":
        """What the hospital is called, the head of the staff tree first."""
        return self.filter(kind=Unit.Kind.HOSPITAL).order_by("pk").values_list("name", flat=True)

    def with_people(self) -> Self:
        """Adds `size`, the members of the unit and of all below it, and `people`, its staff likewise."""
        return self.annotate(size=_counted("branch"), people=_counted("department"))

    def and_covered(self, day: date) -> Self:
        """These units, and the departments that they cover on that day."""
        covered = Q(covered_by__in=Coverage.objects.on(day).filter(branch__in=self))
        found: Self = self.model.objects.on(day).filter(Q(pk__in=self) | covered)
        return found.distinct()

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
        CAMPUS = "campus", "院区"
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

    class Shape(models.TextChoices):
        ORDINARY = "ordinary", "普通"
        JOINT = "joint", "联合"
        TEMPORARY = "temporary", "临时"
        TEMPORARY_JOINT = "temporary_joint", "临时联合"

    PARTY: ClassVar = (Kind.COMMITTEE, Kind.SUBCOMMITTEE, Kind.GENERAL, Kind.BRANCH, Kind.GROUP)
    STAFF: ClassVar = (Kind.HOSPITAL, Kind.CAMPUS, Kind.DIVISION, Kind.DEPARTMENT, Kind.WARD)
    TEMPORARY: ClassVar = (Shape.TEMPORARY, Shape.TEMPORARY_JOINT)
    # What may be a legal entity of its own: the hospital, and a member hospital or 卫生院 that stands as a campus.
    LEGAL: ClassVar = (Kind.HOSPITAL, Kind.CAMPUS)
    # The national system's codes of the kinds of organisation: for exchange only (domain.md 2.2).
    CLASS_CODES: ClassVar[dict[tuple[str, str], str]] = {
        (Kind.COMMITTEE, Shape.ORDINARY): "611",
        (Kind.SUBCOMMITTEE, Shape.ORDINARY): "611",
        (Kind.GENERAL, Shape.ORDINARY): "621",
        (Kind.BRANCH, Shape.ORDINARY): "631",
        (Kind.BRANCH, Shape.JOINT): "632",
        (Kind.GROUP, Shape.ORDINARY): "641",
        (Kind.COMMITTEE, Shape.TEMPORARY): "911",
        (Kind.GENERAL, Shape.TEMPORARY): "921",
        (Kind.BRANCH, Shape.TEMPORARY): "931",
        (Kind.BRANCH, Shape.TEMPORARY_JOINT): "932",
    }

    code = models.CharField("编码", max_length=40, unique=True)
    name = models.CharField("名称", max_length=80)
    kind = models.CharField("类别", max_length=12, choices=Kind.choices)
    category = models.CharField("分类", max_length=16, choices=Category.choices, blank=True)
    shape = models.CharField("形式", max_length=16, choices=Shape.choices, default=Shape.ORDINARY)
    parent = models.ForeignKey(
        "self", verbose_name="上级", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    path = models.CharField(max_length=200, blank=True, db_index=True, editable=False)
    since = models.DateField("成立日期")
    until = models.DateField("撤销日期", null=True, blank=True)
    order = models.PositiveIntegerField("排序", default=0)
    campus = models.ForeignKey(
        "self", verbose_name="院区", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    successor = models.ForeignKey(
        "self", verbose_name="并入", null=True, blank=True, on_delete=models.PROTECT, related_name="merged"
    )
    approved_by = models.ForeignKey(
        "self", verbose_name="批准组织", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    legal_name = models.CharField("法人名称", max_length=80, blank=True)
    credit_code = models.CharField("统一社会信用代码", max_length=18, blank=True)
    task = models.CharField("任务", max_length=120, blank=True)
    ends_on = models.DateField("任务结束日期", null=True, blank=True)

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
            ),
            models.UniqueConstraint(
                fields=["credit_code"],
                condition=~Q(credit_code="") & Q(until__isnull=True),
                name="one_unit_a_credit_code",
                violation_error_message="已有单位登记了这个统一社会信用代码",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("org:unit", args=[self.pk])

    @property
    def is_party(self) -> bool:
        return self.kind in self.PARTY

    @property
    def is_temporary(self) -> bool:
        return self.shape in self.TEMPORARY

    @property
    def kind_name(self) -> str:
        """What it is called: “党支部”, “联合党支部”, “临时党支部”."""
        shape = "" if self.shape == self.Shape.ORDINARY else self.get_shape_display()
        return f"{shape}{self.get_kind_display()}"

    def called_on(self, day: date) -> tuple[str, str]:
        """Its name and its kind on a day; a page of many units reads the former names at once (tree.py)."""
        former = self.namings.on(day).first()
        return (former.name, former.kind) if former else (self.name, self.kind)

    def children_on(self, day: date) -> "models.QuerySet[Unit]":
        """The units that stood under this one on a day."""
        placed = Placement.objects.on(day).filter(parent=self)
        found: models.QuerySet[Unit] = Unit.objects.on(day).filter(pk__in=placed.values("unit"))
        return found.order_by("order", "pk")

    @property
    def class_code(self) -> str:
        """Its kind in the national system, 611 to 932; empty for what that does not know."""
        return self.CLASS_CODES.get((self.kind, self.shape), "")

    def heads(self) -> "models.QuerySet[Person]":
        """Whoever leads this unit today: holders of a leading role there, stand-ins included."""
        return Post.objects.on(clock.today()).filter(unit=self, role__leads=True).holders()


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
            models.CheckConstraint(
                condition=Q(weight__gt=0, weight__lte=1), name="coverage_weight_is_a_share"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.branch} 覆盖 {self.department}"
