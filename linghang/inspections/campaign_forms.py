"""Input of the verbs of campaigns: the campaign with its phases, a problem with its measures, a list of them."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms

from linghang.dispatch.models import staff_of
from linghang.inspections.models.campaigns import CampaignKind
from linghang.kernel import clock
from linghang.org.models import Person, Post, Unit
from linghang.ui.forms import HouseForm, NoteForm, ReasonForm, SheetField

LINES = forms.Textarea(attrs={"rows": 4})
USUAL_DAYS = 180
_DAY = re.compile(r"\d{4}-\d{1,2}-\d{1,2}")
Measure = dict[str, Any]


class CampaignForm(HouseForm):
    """What it is, who runs it, how long, in which phases."""

    kind = forms.ModelChoiceField(label="类别", queryset=CampaignKind.objects.all())
    title = forms.CharField(label="名称", max_length=80)
    unit = forms.ModelChoiceField(label="组织单位", queryset=Unit.objects.none(), empty_label=None)
    since = forms.DateField(label="自")
    until = forms.DateField(label="至")
    basis = forms.CharField(
        label="依据", max_length=120, required=False, help_text="如：通知或反馈意见的文号"
    )
    phases = forms.CharField(
        label="阶段",
        required=False,
        widget=LINES,
        help_text="一行一个，如：学习 2026-04-01 至 2026-05-15；新发起时留空，按类别的阶段平均安排",
    )

    def prepare(self) -> None:
        heads: Any = self.fields["unit"]
        kinds = (Unit.Kind.COMMITTEE, Unit.Kind.SUBCOMMITTEE, Unit.Kind.GENERAL)
        here = Unit.objects.within(self.person, "inspections.open_campaign").on(clock.today())
        heads.queryset = here.filter(kind__in=kinds).order_by("path")
        today = clock.today()
        self.initial = {"since": today, "until": today + timedelta(days=USUAL_DAYS)}
        if self.obj is not None:
            del self.fields["kind"], self.fields["unit"]
            self.initial = {name: getattr(self.obj, name) for name in ("title", "since", "until", "basis")}
            self.initial["phases"] = "\n".join(" ".join(filter(None, phase)) for phase in self.obj.phases)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if {"since", "until"} <= data.keys() and data["since"] <= data["until"]:
            told = data.get("phases", "").strip()
            names = data["kind"].phases if "kind" in data and not told else []
            data["phases"] = spread(names, data["since"], data["until"]) if names else list(self._told(told))
        return data

    def _told(self, told: str) -> Iterator[list[str]]:
        for line in filter(None, (line.strip() for line in told.splitlines())):
            days = _DAY.findall(line)
            name = re.sub(r"[\s：:至到—~-]+$", "", _DAY.split(line)[0]).strip()
            try:
                ends = [
                    date.fromisoformat("-".join(part.zfill(2) for part in one.split("-"))) for one in days
                ]
            except ValueError:
                ends = []
            if not name or len(ends) not in (0, 2) or len(ends) != len(days) or ends != sorted(ends):
                self.add_error("phases", f"“{line}”看不懂，请写成：名称 开始日期 至 结束日期")
                return
            yield [name[:20], *(one.isoformat() for one in ends)] if ends else [name[:20], "", ""]


def spread(names: Sequence[str], since: date, until: date) -> list[list[str]]:
    """The phases one after the other, equally long."""
    span, found = (until - since).days + 1, []
    for at, name in enumerate(names):
        first = since + timedelta(days=span * at // len(names))
        last = since + timedelta(days=span * (at + 1) // len(names) - 1)
        found.append([name, first.isoformat(), last.isoformat()])
    return found


class ProblemForm(HouseForm):
    """A problem: whose it is, who leads, who puts it right, who verifies, until when, by what."""

    text = forms.CharField(label="问题", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    aspect = forms.CharField(label="方面", max_length=60, required=False)
    unit = forms.ModelChoiceField(label="整改党组织", queryset=Unit.objects.none())
    department = forms.ModelChoiceField(label="责任部门", queryset=Unit.objects.none(), required=False)
    leader = forms.ModelChoiceField(label="责任领导", queryset=Person.objects.none(), required=False)
    owner = forms.ModelChoiceField(
        label="整改责任人",
        queryset=Person.objects.none(),
        required=False,
        empty_label="整改党组织负责人",
    )
    verifier = forms.ModelChoiceField(
        label="复核人", queryset=Person.objects.none(), required=False, help_text="不能是整改责任人"
    )
    due_on = forms.DateField(label="整改期限", required=False)
    plan = forms.CharField(
        label="措施",
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="一行一条；子措施另起一行，行首加“-”",
    )

    def prepare(self) -> None:
        today = clock.today()
        units = Unit.objects.on(today).order_by("path")
        within = Unit.objects.within(self.person, "inspections.add_problem").on(today).order_by("path")
        self._offer("unit", within.filter(kind__in=(Unit.Kind.GENERAL, Unit.Kind.BRANCH)))
        self._offer("department", units.filter(kind__in=(Unit.Kind.DIVISION, Unit.Kind.DEPARTMENT)))
        posts = Post.objects.on(today)
        above = _above()
        self._offer("leader", _people(above.filter(role__on_committee=True)))
        self._offer("verifier", _people(above))
        if self.obj is None:
            self._offer("owner", _people(posts.filter(role__on_committee=True, unit__kind=Unit.Kind.BRANCH)))
            return
        owners = staff_of(self.obj.unit) | Person.objects.filter(pk=self.obj.owner_id or 0).distinct()
        self._offer("owner", owners)
        self.initial = {name: getattr(self.obj, name) for name in self.fields if name != "plan"}
        self.initial["plan"] = written(self.obj.plan)

    def _offer(self, name: str, found: Any) -> None:
        field: Any = self.fields[name]
        field.queryset = found

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("unit") and not data.get("owner"):
            data["owner"] = data["unit"].heads().first()
        if data.get("owner") and data.get("owner") == data.get("verifier"):
            self.add_error("verifier", "复核人不能是整改责任人")
        return data

    def clean_plan(self) -> list[Measure]:
        known = {one["text"]: one for one in _every(self.obj.plan if self.obj else [])}
        found: list[Measure] = []
        for line in filter(None, (line.strip() for line in self.cleaned_data["plan"].splitlines())):
            told = line.lstrip("-—－· ").strip()
            if len(told) > 300:
                raise forms.ValidationError(f"每条不超过 300 字：{told[:20]}…")
            before = known.get(told, {})
            own: Measure = {"text": told, "owner": before.get("owner"), "due_on": before.get("due_on", "")}
            if line[0] in "-—－·" and found:
                found[-1]["children"].append(own)
            else:
                found.append(own | {"children": []})
        return found


def _above() -> Any:
    """The business posts above the branches: whoever leads and whoever verifies holds one."""
    held = Post.objects.on(clock.today()).filter(role__kind="business")
    return held.exclude(unit__kind__in=(Unit.Kind.BRANCH, Unit.Kind.GROUP))


def _people(posts: Any) -> Any:
    return Person.objects.filter(posts__in=posts, left_on=None).distinct().order_by("pinyin", "pk")


def _every(plan: Sequence[Measure]) -> Iterator[Measure]:
    for one in plan:
        yield one
        yield from one.get("children", ())


def written(plan: Sequence[Measure]) -> str:
    """The measures as they are typed: a line each, sub-measures with a dash."""
    found = []
    for one in plan:
        found += [one["text"], *(f"- {child['text']}" for child in one.get("children", ()))]
    return "\n".join(found)


class RecheckForm(NoteForm):
    """Whether what was put right has stayed so."""

    held = forms.TypedChoiceField(
        label="结果",
        choices=[("yes", "已巩固，没有反弹"), ("no", "反弹，重新整改")],
        coerce=lambda told: told == "yes",
        widget=forms.RadioSelect,
        initial="yes",
    )
    field_order = ("held", "note")


class ProblemsFileForm(HouseForm):
    """A list of problems to be looked at; nothing is changed by it."""

    file = SheetField(
        label="问题清单",
        help_text="Excel 或 WPS 工作簿，问题、措施、子措施可以用合并单元格；不用改表头",
    )
    verifier = forms.ModelChoiceField(
        label="没写复核人的由谁复核",
        queryset=Person.objects.none(),
        required=False,
        help_text="没写责任人的，记为整改党组织的负责人",
    )

    def prepare(self) -> None:
        verifier: Any = self.fields["verifier"]
        verifier.queryset = _people(_above())


CAMPAIGN_FORMS: dict[str, Any] = {"edit_campaign": CampaignForm, "close_campaign": NoteForm}
PROBLEM_FORMS: dict[str, Any] = {
    "order_problem": None,
    "recheck": RecheckForm,
    "edit_problem": ProblemForm,
    "drop_problem": ReasonForm,
}
PROBLEM_IMPORT_FORMS: dict[str, Any] = {
    "confirm_problems": None,
    "discard_problems": None,
    "undo_problems": None,
}
