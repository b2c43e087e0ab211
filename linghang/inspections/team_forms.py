"""Who inspects: the people with what they know and how often they went, another partner, who has to stay away."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import Count, Exists, OuterRef, Q

from linghang.inspections.models import Check, Conflict, Round
from linghang.inspections.recusals import recusals
from linghang.kernel import clock
from linghang.org.models import Person, Post, Unit
from linghang.rules.periods import add_months
from linghang.ui.forms import HouseForm

# Whom those above send: their own people first; where these have to stay away, the secretary of another branch.
LEADING = (
    "office_director",
    "office_clerk",
    "discipline_clerk",
    "discipline_secretary",
    "deputy_party_secretary",
    "general_secretary",
)
# How far back it is counted how often somebody inspected.
MONTHS = 12
FEW = 3


def inspectors(unit: Unit | None) -> Any:
    """Who may be sent: the committee of the inspecting branch; or office, discipline, 总支 and secretaries.

    With `times`: how many branches they have inspected within a year. The office's people first, then who went least.
    """
    posts, today = Post.objects.on(clock.today()), clock.today()
    if unit is not None:
        held = posts.filter(unit=unit, role__on_committee=True)
    else:
        held = posts.filter(role__in=(*LEADING, "secretary"))
    counted = Q(checks__round__since__gt=add_months(today, -MONTHS)) & ~Q(
        checks__round__state=Round.State.WITHDRAWN
    )
    found = Person.objects.filter(posts__in=held).select_related("department")
    near = Exists(posts.filter(person=OuterRef("pk"), role__in=LEADING))
    found = found.annotate(times=Count("checks", filter=counted, distinct=True), near=near).distinct()
    return found.order_by("-near", "times", "pinyin", "pk")


class TeamField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """People to choose from, each with title, department, load, and where they would have to stay away."""

    barred: dict[int, str]

    def label_from_instance(self, person: Person) -> str:
        """周明（主任医师 · 内科 · 近一年查 2 个支部）"""
        known = [person.title or person.position, str(person.department or "")]
        times = getattr(person, "times", 0)
        load = f"近一年查 {times} 个支部"
        return f"{person}（{' · '.join([*filter(None, known), load])}{self.barred.get(person.pk, '')}）"


class TeamForm(HouseForm):
    """Who inspects. Those who have to stay away stand there with the reason, and are refused by the verb."""

    team = TeamField(label="检查人", queryset=Person.objects.none(), help_text="可选多人")

    def prepare(self) -> None:
        here = isinstance(self.obj, Check)
        team: Any = self.fields["team"]
        team.queryset = inspectors(self.obj.inspecting if here else None)
        team.barred = _barred(list(team.queryset), _units(self.obj), clock.today())
        if here or self.obj.is_sealed:
            team.initial = self.obj.team.all()


def _units(obj: Check | Round) -> dict[int, str]:
    """The branches that the team is chosen for."""
    if isinstance(obj, Check):
        return {obj.unit_id: "本支部"}
    if obj.is_sealed:
        return {unit.pk: str(unit) for unit in Unit.objects.filter(pk__in=obj.sealed["units"])}
    bare = obj.checks.filter(team__isnull=True).select_related("unit")
    return {check.unit_id: str(check.unit) for check in bare}


def _barred(people: list[Person], units: dict[int, str], day: date) -> dict[int, str]:
    """What stands behind a name: " · 回避：亲属", of several branches with their names."""
    found: dict[int, list[str]] = {}
    for (person, unit), why in recusals(people, units.keys(), day).items():
        found.setdefault(person, []).append(why if len(units) == 1 else f"{units[unit]}（{why}）")
    more = {person: f"等 {len(told)} 个" for person, told in found.items() if len(told) > FEW}
    return {
        person: f" · 回避：{'、'.join(told[:FEW])}{more.get(person, '')}" for person, told in found.items()
    }


class AdjustForm(HouseForm):
    """Another branch inspects this one; its own pair takes over this one's inspector."""

    inspecting = forms.ModelChoiceField(label="改由哪个支部检查", queryset=Unit.objects.none())
    reason = forms.CharField(label="为什么调整", max_length=120, help_text="记入配对说明和留痕")

    def prepare(self) -> None:
        check: Check = self.obj
        others = check.round.checks.exclude(pk=check.pk).exclude(inspecting=check.unit_id)
        inspecting: Any = self.fields["inspecting"]
        inspecting.queryset = Unit.objects.filter(pk__in=others.values("inspecting")).order_by("path")
        inspecting.help_text = (
            f"现由{check.inspecting}检查；两个支部互换检查对象，不自查、不互查、回避不能违反"
        )


class ConflictForm(HouseForm):
    """Who stays away from where: the kind is enough."""

    number = forms.CharField(label="回避人工号", max_length=30)
    unit = forms.ModelChoiceField(label="回避的支部", queryset=Unit.objects.none())
    kind = forms.ChoiceField(label="情形", choices=Conflict.Kind.choices, help_text="只记情形，不写具体事由")
    since = forms.DateField(label="自")

    def prepare(self) -> None:
        unit: Any = self.fields["unit"]
        within = Unit.objects.within(self.person, "inspections.enter_conflict").on(clock.today())
        unit.queryset = within.branches().order_by("path")
        self.fields["since"].initial = clock.today()

    def clean(self) -> dict[str, Any]:
        """What the verb takes: the person of that staff number."""
        cleaned = self.cleaned_data
        data: dict[str, Any] = {name: cleaned[name] for name in ("unit", "kind", "since") if name in cleaned}
        number = self.cleaned_data.get("number", "").strip()
        found = Person.objects.filter(staff_number=number, left_on=None).first()
        if number and found is None:
            self.add_error("number", f"没有工号是 {number} 的在院人员")
        data["person"] = found
        return data


class EndConflictForm(HouseForm):
    until = forms.DateField(label="至（不含）", help_text="从这一天起不再回避")

    def prepare(self) -> None:
        self.fields["until"].initial = clock.today()


CONFLICT_FORMS: dict[str, Any] = {"end_conflict": EndConflictForm}
