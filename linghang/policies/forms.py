"""Input of the verbs of rules."""

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.apps import apps
from django.urls import Resolver404, resolve

from linghang.kernel import clock
from linghang.kernel.access import Gated
from linghang.kernel.attachments import ACCEPT
from linghang.kernel.refs import show
from linghang.org.models import Unit
from linghang.policies.actions import LARGEST, next_review
from linghang.policies.models import Policy, citing
from linghang.ui.forms import HouseForm, NoteForm, ReasonForm, SheetField, Suggesting

TEXT = forms.Textarea(attrs={"rows": 6})


class PolicyForm(HouseForm):
    """A rule: what it is called, whose it is, since when, its text or its file."""

    title = forms.CharField(label="名称", max_length=120)
    number = forms.CharField(label="文号", max_length=60, required=False)
    kind = forms.ChoiceField(label="种类", choices=Policy.Kind.choices)
    category = forms.CharField(
        label="类别", max_length=30, required=False, widget=Suggesting(), help_text="如：医疗核心、护理、党群"
    )
    version = forms.CharField(label="版本", max_length=30, required=False, help_text="如：第三版")
    owner = forms.ModelChoiceField(label="责任部门", queryset=Unit.objects.none(), required=False)
    published_on = forms.DateField(label="发布日期", required=False)
    review_on = forms.DateField(label="复审日", required=False)
    text = forms.CharField(label="正文", required=False, max_length=100_000, widget=TEXT)
    file = forms.FileField(
        label="文件",
        required=False,
        max_length=200,
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        help_text=f"正文和文件有一样就行；PDF、OFD、Word、Excel 或图片，不超过 {LARGEST} MB",
    )

    def prepare(self) -> None:
        owner: Any = self.fields["owner"]
        units = Unit.objects.on(clock.today())
        owner.queryset = units.filter(kind__in=(*Unit.STAFF, *Unit.PARTY)).exclude(
            kind__in=(Unit.Kind.BRANCH, Unit.Kind.GROUP, Unit.Kind.WARD)
        )
        category: Any = self.fields["category"]
        category.widget.suggestions = categories()
        if self.obj is None:
            self.initial = {"review_on": next_review()}
        else:
            own = [name for name in self.fields if name not in ("file",)]
            self.initial = {name: getattr(self.obj, name) for name in own} | self.renewed()

    def renewed(self) -> dict[str, Any]:
        """What does not stay as it was."""
        return {}


class ReviseForm(PolicyForm):
    """The new edition: everything stands there as it was but number, edition and days."""

    published_on = forms.DateField(label="新版发布日期")

    def renewed(self) -> dict[str, Any]:
        return {"version": "", "published_on": clock.today(), "review_on": next_review()}


def categories() -> list[str]:
    """The categories that are in use."""
    found = Policy.objects.exclude(category="").order_by("category")
    return list(found.values_list("category", flat=True).distinct())


class MergeForm(NoteForm):
    """Into which rule it goes."""

    into = forms.ModelChoiceField(label="并入哪一项", queryset=Policy.objects.none())
    field_order = ("into", "note")

    def prepare(self) -> None:
        into: Any = self.fields["into"]
        into.queryset = Policy.objects.in_force().exclude(pk=self.obj.pk).order_by("title")


class RepealForm(HouseForm):
    """Since when, and why."""

    ended_on = forms.DateField(label="废止日期")
    reason = forms.CharField(label="依据或原因", max_length=200, help_text="如：废止通知的文号")

    def prepare(self) -> None:
        self.fields["ended_on"].initial = clock.today()


class ReviewForm(NoteForm):
    """It stays in force until it is looked at again."""

    review_on = forms.DateField(label="下次复审日")
    field_order = ("review_on", "note")

    def prepare(self) -> None:
        self.fields["review_on"].initial = next_review()


class CiteForm(HouseForm):
    """A record that rests on the rule, by the address of its page."""

    ref = forms.CharField(
        label="记录的网址",
        max_length=300,
        help_text="打开以这项制度为依据的议题、会议、检查或计划，把浏览器地址栏里的网址粘贴到这里",
    )

    def clean_ref(self) -> str:
        ref = _ref_at(urlsplit(self.cleaned_data["ref"].strip()).path)
        if not ref or not show(self.person, [ref]):
            raise forms.ValidationError("这个网址不是一条记录的页面，或不在您的权限内")
        return ref


def _ref_at(path: str) -> str:
    """The reference of the record whose page has this address; empty for any other page."""
    try:
        found = resolve(path)
        model = apps.get_model(found.app_name, found.url_name or "")
    except (Resolver404, LookupError):
        return ""
    return (
        f"{model._meta.label_lower}:{found.kwargs['pk']}"
        if issubclass(model, Gated) and "pk" in found.kwargs
        else ""
    )


class UnciteForm(ReasonForm):
    """Which record does not rest on it after all."""

    ref = forms.ChoiceField(label="记录")
    field_order = ("ref", "reason")

    def prepare(self) -> None:
        found = show(self.person, citing([self.obj]))
        self.fields["ref"].choices = [(one.ref, one.title) for one in found]


class CatalogueForm(HouseForm):
    """A catalogue to be looked at; nothing is changed by it."""

    file = SheetField(
        label="制度目录",
        help_text="Excel 或 WPS 工作簿（.xlsx、.xls、.ods）或 .csv，照平时的样子就行，不用改表头",
    )
    kind = forms.ChoiceField(label="这份目录是", choices=Policy.Kind.choices)


POLICY_FORMS: dict[str, Any] = {
    "review": ReviewForm,
    "revise": ReviseForm,
    "edit_policy": PolicyForm,
    "cite": CiteForm,
    "uncite": UnciteForm,
    "merge_policy": MergeForm,
    "repeal": RepealForm,
}
IMPORT_FORMS: dict[str, Any] = {"discard_policies": None}
