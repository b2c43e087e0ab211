"""Input of the verbs by which units come, change and go."""

from typing import Any

from django import forms

from linghang.org.actions.lives import HIGHER
from linghang.org.forms import dated, find_person
from linghang.org.models import Person, Unit
from linghang.ui.forms import HouseForm

CATEGORIES = [("", "—"), *Unit.Category.choices]
PLACES = (Unit.Kind.DEPARTMENT, Unit.Kind.WARD)
LASTING = [Unit.Shape.ORDINARY, Unit.Shape.JOINT]


def paper_field(**more: Any) -> forms.CharField:
    """The number of the paper by which the superior agreed."""
    return forms.CharField(label="批复文号", max_length=80, required=False, **more)


def note_field(label: str = "说明") -> forms.CharField:
    return forms.CharField(label=label, max_length=200, required=False)


def campuses() -> Any:
    """The campuses of the hospital; most have one site and none."""
    return Unit.objects.filter(kind=Unit.Kind.CAMPUS, until=None)


class UnitForm(HouseForm):
    name = forms.CharField(label="名称", max_length=80)
    kind = forms.ChoiceField(label="类别", choices=Unit.Kind.choices)
    shape = forms.TypedChoiceField(
        label="形式",
        choices=[(s.value, s.label) for s in LASTING],
        required=False,
        empty_value=LASTING[0].value,
        help_text="两个以上单位合建的支部选“联合”",
    )
    parent = forms.ModelChoiceField(label="上级单位", queryset=Unit.objects.none())
    category = forms.ChoiceField(label="分类", choices=CATEGORIES, required=False)
    campus = forms.ModelChoiceField(label="院区", queryset=Unit.objects.none(), required=False)
    since = dated("成立日期")
    document = paper_field()

    def prepare(self) -> None:
        found = Unit.objects.within(self.person, "org.add_unit").filter(until=None)
        self.fields["parent"].queryset = found.exclude(shape__in=Unit.TEMPORARY)
        offer_campus(self)


def offer_campus(form: HouseForm) -> None:
    """Ask for the campus only where there is one."""
    found = campuses()
    if found.exists():
        form.fields["campus"].queryset = found
    else:
        del form.fields["campus"]


class EditUnitForm(HouseForm):
    name = forms.CharField(
        label="名称", max_length=80, help_text="这里只更正写错的字；正式更名请用“更名”，旧名会保留"
    )
    category = forms.ChoiceField(label="分类", choices=CATEGORIES, required=False)
    shape = forms.ChoiceField(label="形式", choices=[(s.value, s.label) for s in LASTING])
    campus = forms.ModelChoiceField(label="院区", queryset=Unit.objects.none(), required=False)
    legal_name = forms.CharField(
        label="法人名称",
        max_length=80,
        required=False,
        help_text="医共体中独立法人的成员单位填写，下级单位随之；不是独立法人的不填",
    )
    credit_code = forms.CharField(label="统一社会信用代码", max_length=18, required=False)
    note = note_field()

    def prepare(self) -> None:
        held = ("name", "category", "shape", "campus", "legal_name", "credit_code")
        self.initial = {name: getattr(self.obj, name) for name in held}
        if self.obj.kind != Unit.Kind.BRANCH or self.obj.is_temporary:
            del self.fields["shape"]
        if self.obj.kind not in Unit.LEGAL:
            del self.fields["legal_name"], self.fields["credit_code"]
        offer_campus(self)


class RenameForm(HouseForm):
    name = forms.CharField(label="新名称", max_length=80)
    since = dated("自哪天起")
    document = paper_field()


class MoveUnitForm(HouseForm):
    parent = forms.ModelChoiceField(label="新的上级", queryset=Unit.objects.none())
    since = dated("自哪天起")
    document = paper_field()
    note = note_field()

    def prepare(self) -> None:
        found = Unit.objects.within(self.person, "org.move_unit").filter(until=None)
        self.fields["parent"].queryset = found.exclude(path__startswith=self.obj.path)


class PromoteForm(HouseForm):
    kind = forms.ChoiceField(label="升格为")
    name = forms.CharField(label="升格后的名称", max_length=80)
    parent = forms.ModelChoiceField(
        label="新的上级", queryset=Unit.objects.none(), required=False, help_text="不变可不选"
    )
    branch_name = forms.CharField(
        label="下设支部的名称",
        max_length=80,
        required=False,
        help_text="原有党员、党小组和覆盖科室转入这个支部，之后可再分设",
    )
    since = dated("自哪天起")
    document = paper_field()

    def prepare(self) -> None:
        kinds = HIGHER.get(self.obj.kind, ())
        self.fields["kind"].choices = [(kind, Unit.Kind(kind).label) for kind in kinds]
        found = Unit.objects.within(self.person, "org.promote").filter(until=None)
        upper = (Unit.Kind.HOSPITAL, Unit.Kind.COMMITTEE, Unit.Kind.SUBCOMMITTEE)
        self.fields["parent"].queryset = found.filter(kind__in=upper).exclude(pk=self.obj.pk)
        if self.obj.kind == Unit.Kind.BRANCH:
            self.fields["branch_name"].required = True
        else:
            del self.fields["branch_name"]


class MergeForm(HouseForm):
    into = forms.ModelChoiceField(
        label="并入", queryset=Unit.objects.none(), help_text="合并成新单位的，请先新增，再分别并入"
    )
    since = dated("自哪天起")
    document = paper_field()
    note = note_field()

    def prepare(self) -> None:
        found = Unit.objects.within(self.person, "org.merge").filter(kind=self.obj.kind, until=None)
        self.fields["into"].queryset = found.exclude(pk=self.obj.pk).exclude(shape__in=Unit.TEMPORARY)


class SplitForm(HouseForm):
    name = forms.CharField(label="新支部的名称", max_length=80)
    members = forms.ModelMultipleChoiceField(
        label="转入新支部的党员", queryset=Person.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    departments = forms.ModelMultipleChoiceField(
        label="转入新支部的覆盖科室",
        queryset=Unit.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    since = dated("自哪天起")
    document = paper_field()
    note = note_field()

    def prepare(self) -> None:
        self.fields["members"].queryset = Person.objects.filter(branch=self.obj)
        covered = self.obj.covers.filter(until=None).values("department")
        self.fields["departments"].queryset = Unit.objects.filter(pk__in=covered)


class CloseUnitForm(HouseForm):
    until = dated("撤销日期")
    document = paper_field()
    note = note_field()


class TemporaryForm(HouseForm):
    name = forms.CharField(label="名称", max_length=80)
    task = forms.CharField(label="任务", max_length=120)
    parent = forms.ModelChoiceField(label="批准组织", queryset=Unit.objects.none())
    document = forms.CharField(label="批复文号", max_length=80)
    since = dated("成立日期")
    ends_on = forms.DateField(label="任务结束日期", help_text="到这一天临时党支部自然撤销")
    joint = forms.BooleanField(label="由几个单位的党员联合组成", required=False)
    secretary_name = forms.CharField(label="书记（由批准组织指定）", help_text="姓名或工号")
    member_names = forms.CharField(
        label="党员",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="姓名或工号，用空格或换行分开；他们的组织关系仍在原支部",
    )

    def prepare(self) -> None:
        kinds = (Unit.Kind.COMMITTEE, Unit.Kind.SUBCOMMITTEE, Unit.Kind.GENERAL)
        found = Unit.objects.within(self.person, "org.add_temporary").filter(kind__in=kinds, until=None)
        self.fields["parent"].queryset = found

    def clean(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        if "secretary_name" in data:
            data["secretary"] = find_person(data.pop("secretary_name"), "secretary_name")
        if "member_names" in data:
            told = data.pop("member_names").replace("、", " ").replace("，", " ").split()
            data["members"] = [find_person(each, "member_names") for each in told]
        return data


class ExtendTaskForm(HouseForm):
    ends_on = forms.DateField(label="任务延长到")
    document = forms.CharField(label="批复文号", max_length=80)
    note = note_field()


class CoverForm(HouseForm):
    department = forms.ModelChoiceField(label="科室", queryset=Unit.objects.none())
    weight = forms.DecimalField(
        label="权重",
        min_value=0.001,
        max_value=1,
        initial=1,
        help_text="科室指标按此比例计入本支部，1 为全部",
    )
    since = dated("自哪天起")

    def prepare(self) -> None:
        self.fields["department"].queryset = Unit.objects.filter(kind__in=PLACES, until=None)


UNIT_FORMS = {
    "edit_unit": EditUnitForm,
    "cover": CoverForm,
    "extend_task": ExtendTaskForm,
    "rename": RenameForm,
    "move_unit": MoveUnitForm,
    "promote": PromoteForm,
    "merge": MergeForm,
    "split": SplitForm,
    "close_unit": CloseUnitForm,
}
