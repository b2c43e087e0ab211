"""Input of the organisation's verbs."""

from typing import Any

from django import forms
from django.apps import apps

from linghang.kernel import clock
from linghang.kernel.flow import VERBS
from linghang.org.models import Grant, Membership, Person, Role, Unit
from linghang.org.phones import PHONES
from linghang.ui.forms import HouseForm


def dated(label: str, **more: Any) -> forms.DateField:
    """A day that is today unless somebody says otherwise."""
    return forms.DateField(label=label, initial=clock.today, **more)


class PersonForm(HouseForm):
    name = forms.CharField(label="姓名", max_length=60)
    staff_number = forms.CharField(label="工号", max_length=30, required=False)
    sex = forms.ChoiceField(label="性别", choices=[("", "—"), *Person.Sex.choices], required=False)
    department = forms.ModelChoiceField(label="所在科室", queryset=Unit.objects.none())
    title = forms.CharField(label="职称", max_length=30, required=False)
    position = forms.CharField(label="行政职务", max_length=30, required=False)
    phone = forms.CharField(
        label="联系电话",
        max_length=20,
        required=False,
        help_text=f"{PHONES}；只在需要联系时显示，平时脱敏",
    )
    note = forms.CharField(label="备注", max_length=200, required=False)

    def prepare(self) -> None:
        found = Unit.objects.filter(kind__in=(Unit.Kind.DEPARTMENT, Unit.Kind.WARD), until=None)
        self.fields["department"].queryset = found
        if self.obj is not None:
            self.initial = {name: getattr(self.obj, name) for name in self.fields}

    def clean_staff_number(self) -> str | None:
        number = self.cleaned_data["staff_number"].strip() or None
        known = Person.objects.filter(staff_number=number).exclude(pk=getattr(self.obj, "pk", None))
        if number and (other := known.first()):
            raise forms.ValidationError(f"工号 {number} 已属于{other}")
        return number


class EnrollForm(HouseForm):
    branch = forms.ModelChoiceField(label="党支部", queryset=Unit.objects.none())
    status = forms.ChoiceField(
        label="党员类别", choices=Membership.Status.choices, initial=Membership.Status.FULL
    )
    since = dated("自哪天起")
    note = forms.CharField(
        label="依据", max_length=200, required=False, help_text="曾编入过支部的，写明为什么补录"
    )

    def prepare(self) -> None:
        self.fields["branch"].queryset = (
            Unit.objects.within(self.person, "org.enroll").branches().filter(until=None)
        )


class LeaveForm(HouseForm):
    until = dated("自哪天起不在支部", help_text="从一开始就编错的，填编入那天")
    note = forms.CharField(
        label="更正说明", max_length=200, help_text="转到其他支部或院外的，请开介绍信；党员减少另行登记"
    )


def own_kinds(person: Any) -> list[str]:
    """The kinds of post that this person may give and end: administration and audit apart from business (三员分立)."""
    administers = person.may("org.manage_accounts")
    return [Role.Kind.ADMINISTRATION, Role.Kind.AUDIT] if administers else [Role.Kind.BUSINESS]


def find_person(text: str, field: str = "person_name") -> Person:
    """One person by name or staff number. Raises ValidationError when nobody or several are meant."""
    text = text.strip()
    numbered: list[Person] = list(Person.objects.filter(staff_number=text))
    found = numbered or list(Person.objects.filter(name=text, left_on=None)[:6])
    if not found:
        raise forms.ValidationError({field: f"没有找到“{text}”，请核对姓名或工号"})
    if len(found) > 1:
        where = "、".join(
            f"{p.name}（{p.staff_number or '无工号'}，{p.branch or p.department or '—'}）" for p in found[:5]
        )
        raise forms.ValidationError({field: f"有多人同名，请改填工号：{where}"})
    return found[0]


NO_LONGER = "none"


def module_of(code: str) -> str:
    """The part of the system that a verb belongs to, as the menu calls it."""
    return str(apps.get_app_config(code.partition(".")[0]).verbose_name)


class GrantForm(HouseForm):
    role = forms.ModelChoiceField(label="岗位", queryset=Role.objects.all())
    code = forms.ChoiceField(label="可以办的事")
    extent = forms.ChoiceField(
        label="范围", choices=[("", "请选择…"), *Grant.Extent.choices, (NO_LONGER, "取消这项权限")]
    )
    since = dated("自哪天起")

    def prepare(self) -> None:
        modules: dict[str, list[tuple[str, str]]] = {}
        # Verbs that nobody ever held are the system's own: 登录失败, 自动提醒.
        held = set(Grant.objects.values_list("verb", flat=True))
        for code in sorted(VERBS.keys() & held):
            modules.setdefault(module_of(code), []).append((code, VERBS[code]))
        field: Any = self.fields["code"]
        field.choices = [("", "请选择…"), *modules.items()]

    def clean_extent(self) -> str | None:
        """None takes the verb away."""
        chosen: str = self.cleaned_data["extent"]
        return None if chosen == NO_LONGER else chosen


PERSON_FORMS = {"edit_person": PersonForm, "enroll": EnrollForm}
