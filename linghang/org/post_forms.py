"""Input of the verbs by which posts are given, end and change hands."""

from typing import Any

from django import forms

from linghang.org.forms import dated, find_person, own_kinds
from linghang.org.models import Role
from linghang.ui.forms import HouseForm


class NamedForm(HouseForm):
    """A form that names somebody; the verb gets the person."""

    person_name = forms.CharField(label="人员", help_text="姓名或工号")
    names: str = "person"

    def clean(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        if "person_name" in data:
            data[self.names] = find_person(data.pop("person_name"))
        return data


class AppointForm(NamedForm):
    role = forms.ModelChoiceField(label="职务", queryset=Role.objects.none())
    since = dated("任职日期")
    document = forms.CharField(label="任职文号", max_length=60, required=False)
    fulltime = forms.BooleanField(
        label="专职从事党务", required=False, help_text="只用于党务岗位；不勾为兼职"
    )

    def prepare(self) -> None:
        # Two that nobody is appointed to, and one that comes with the founding of a temporary branch.
        roles = Role.objects.exclude(code__in=("member", "employee", "task_member"))
        found = roles.filter(kind__in=own_kinds(self.person))
        here = [role.pk for role in found if role.stands_at(self.obj.kind)]
        self.fields["role"].queryset = found.filter(pk__in=here)
        if not found.filter(pk__in=here, party_work=True).exists():
            del self.fields["fulltime"]


class StandInForm(NamedForm):
    since = dated("自")
    until = forms.DateField(label="至（不含）", help_text="代办须有结束日期")

    def prepare(self) -> None:
        self.fields["person_name"].label = "代办人"


class FulltimeForm(HouseForm):
    fulltime = forms.TypedChoiceField(
        label="专职还是兼职",
        choices=[("1", "专职从事党务"), ("", "兼职")],
        coerce=bool,
        empty_value=False,
        required=False,
    )

    def prepare(self) -> None:
        self.initial = {"fulltime": "" if self.obj.fulltime else "1"}


class EndPostForm(HouseForm):
    until = dated("免职日期")
    note = forms.CharField(label="依据", max_length=200, required=False)


class TermForm(HouseForm):
    elected_on = dated("选举日期")
    document = forms.CharField(label="批复文号", max_length=80, required=False)


class PostponeForm(HouseForm):
    to = forms.DateField(label="延期到", help_text="一般不超过一年")
    approval = forms.CharField(label="上级批复文号", max_length=80)


class HandoverForm(NamedForm):
    remarks = forms.CharField(
        label="移交说明",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="印章、记录本、阵地和档案等系统之外的事；未了事项由系统从记录中列出",
    )
    names = "taker"

    def prepare(self) -> None:
        self.fields["person_name"].label = "接收人"


class GiveOverForm(HouseForm):
    remarks = forms.CharField(label="移交说明", required=False, widget=forms.Textarea(attrs={"rows": 4}))

    def prepare(self) -> None:
        self.initial = {"remarks": self.obj.remarks}


POST_FORMS = {"end_post": EndPostForm, "mark_fulltime": FulltimeForm}
TERM_FORMS = {"postpone": PostponeForm}
HANDOVER_FORMS = {"give_over": GiveOverForm, "take_over": None}
