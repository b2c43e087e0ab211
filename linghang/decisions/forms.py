"""Input of the verbs of decisions."""

from datetime import timedelta
from typing import Any, cast

from django import forms
from django.utils.html import format_html

from linghang.activities.actions import VIEW as VIEW_MEETING
from linghang.activities.models import Meeting
from linghang.decisions.models import Matter, Research, TaskForce, Topic
from linghang.decisions.parameters import DAYS_BEFORE
from linghang.decisions.seats import leaders
from linghang.kernel import clock
from linghang.kernel.parameters import value
from linghang.kernel.refs import link, show
from linghang.org.models import Person, Unit
from linghang.rules.periods import add_months, month_words
from linghang.ui.forms import HouseForm, ReasonForm

AHEAD, BACK = 4, timedelta(days=366)
YES_OR_NO = (("yes", "同意"), ("no", "不同意，退回"))


def _agreed() -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label="结果", choices=YES_OR_NO, coerce=lambda said: said == "yes", widget=forms.RadioSelect
    )


def counter(label: str) -> forms.IntegerField:
    """A number of votes; nothing written is none."""
    return forms.IntegerField(label=label, min_value=0, max_value=999, required=False)


class TopicForm(HouseForm):
    """议题申报表, one matter one form: five things, no text of discussion."""

    matter = forms.ModelChoiceField(Matter.objects.none(), label="事项类别")
    title = forms.CharField(label="议题", max_length=120, help_text="一事一表，写清办什么事。")
    leader = forms.ModelChoiceField(Person.objects.none(), label="分管领导")
    month = forms.DateField(label="拟上会月份", widget=forms.Select, input_formats=["%Y-%m-%d"])

    def prepare(self) -> None:
        fields: Any = self.fields
        fields["matter"].queryset = Matter.objects.filter(retired=False)
        fields["leader"].queryset = leaders().exclude(pk=self.person.pk)
        first = clock.today().replace(day=1)
        months = {add_months(first, n) for n in range(AHEAD)} | ({self.obj.month} if self.obj else set())
        fields["month"].widget = forms.Select(
            choices=[(f"{each:%Y-%m-%d}", month_words(each)) for each in sorted(months)]
        )
        if self.obj is not None:
            self.initial = {name: getattr(self.obj, name) for name in ("title", "leader", "matter")}
            self.initial["month"] = f"{self.obj.month:%Y-%m-%d}"


class ProposeForm(TopicForm):
    """The same with the department that proposes."""

    department = forms.ModelChoiceField(Unit.objects.none(), label="提出部门", empty_label=None)
    research = forms.ModelChoiceField(Research.objects.none(), label="来自调研课题", required=False)
    about = forms.CharField(required=False, widget=forms.HiddenInput)
    field_order = ("department",)

    def prepare(self) -> None:
        super().prepare()
        if self.person.may("decisions.view_research"):
            found: Any = self.fields["research"]
            found.queryset = Research.objects.exclude(concluded_on=None)
        else:
            del self.fields["research"]
        field: Any = self.fields["department"]
        here = Unit.objects.on(clock.today()).within(self.person, "decisions.propose")
        field.queryset = here.filter(kind__in=(Unit.Kind.DIVISION, Unit.Kind.DEPARTMENT)).order_by("path")
        field.initial = self.person.department_id

    def clean_about(self) -> str:
        """Only what the asker may see can be named as a source."""
        ref: str = self.cleaned_data["about"]
        if ref and not show(self.person, [ref]):
            raise forms.ValidationError("来源的记录不存在，或不在您的权限内")
        return ref


class ArgueForm(HouseForm):
    """Which professional committee, when, with what result."""

    committee = forms.ModelChoiceField(
        TaskForce.objects.none(), label="专业委员会", help_text="没有的先在“领导小组”里登记。"
    )
    held_on = forms.DateField(label="论证日期")
    agreed = _agreed()

    def prepare(self) -> None:
        committees: Any = self.fields["committee"]
        standing = TaskForce.objects.filter(kind=TaskForce.Kind.COMMITTEE, until=None)
        committees.queryset = standing.order_by("title")


class StudyForm(HouseForm):
    """When the 院长办公会 worked out the proposal, and the number of its minutes."""

    held_on = forms.DateField(label="会议日期")
    number = forms.CharField(label="纪要编号", max_length=60)
    agreed = _agreed()


class OpinionForm(HouseForm):
    """At which meeting the branch resolved on it, and its opinion in a word."""

    meeting = forms.ModelChoiceField(
        Meeting.objects.none(), label="支部会议", help_text="研究这件事的支委会或党员大会，先记录再选。"
    )
    result = forms.ChoiceField(label="支部意见", choices=Topic.Opinion.choices, widget=forms.RadioSelect)

    def prepare(self) -> None:
        field: Any = self.fields["meeting"]
        held = Meeting.objects.within(self.person, VIEW_MEETING).held().filter(unit=self.obj.branch)
        field.queryset = held.filter(held_on__gte=clock.today() - BACK)


class SittingForm(HouseForm):
    """On the agenda of which sitting: those still to come, of the body that decides."""

    sitting = forms.ModelChoiceField(Meeting.objects.none(), label="会议")

    def prepare(self) -> None:
        field: Any = self.fields["sitting"]
        ahead = value(DAYS_BEFORE)
        first = clock.today() + timedelta(days=ahead)
        planned = Meeting.objects.filter(unit=self.obj.unit, kind=self.obj.body, state=Meeting.State.PLANNED)
        field.queryset = planned.filter(held_on__gte=first, recorded_on=None).order_by("held_on")
        field.initial = field.queryset.first()
        early = f"，至少会前 {ahead} 天列入（不临时动议）" if ahead else ""
        field.help_text = f"由{self.obj.body_name}决定{early}。"
        if field.initial is None:
            plan = link("activities.plan", unit=self.obj.unit_id, kind=self.obj.body)
            words = "{}还没有排好的会议，<a href='{}'>先安排一次</a>再回来列入。"
            field.help_text = format_html(words, field.help_text, plan)


class DecideForm(HouseForm):
    """How it was voted, the counts, and who stepped aside; the base and the verdict are the system's."""

    manner = forms.ChoiceField(label="表决方式", choices=Topic.Manner.choices, widget=forms.RadioSelect)
    yes, no, abstain = counter("赞成"), counter("不赞成"), counter("弃权")
    recused = forms.ModelMultipleChoiceField(
        Person.objects.none(),
        label="回避",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="回避的人不计入应到会，记录里写明。",
    )
    conclusion = forms.ChoiceField(label="结论", choices=Topic.Conclusion.choices, widget=forms.RadioSelect)
    minutes_number = forms.CharField(
        label="会议纪要编号", max_length=60, required=False, help_text="还没有编号的以后补填。"
    )

    def prepare(self) -> None:
        sitting, fields = self.obj.sitting, cast(Any, self.fields)
        votes = sitting is not None and bool(sitting.about.ballots)
        for name in ("conclusion",) if votes else ("manner", "yes", "no", "abstain", "recused"):
            del fields[name]
        if votes:
            fields["recused"].queryset = Person.objects.filter(attendances__meeting=sitting).order_by(
                "pinyin"
            )
            self.initial = {"manner": Topic.Manner.SHOW}

    def clean(self) -> dict[str, Any]:
        """Cleaned data are the words of the verb; a count that was left empty is none."""
        data = dict(self.cleaned_data)
        counts: dict[str, Any] = {
            name: data.get(name) or 0 for name in ("yes", "no", "abstain") if name in self.fields
        }
        return {"manner": "", **data, **counts}


class MinutesForm(HouseForm):
    """The number of the sitting's minutes."""

    minutes_number = forms.CharField(label="会议纪要编号", max_length=60)


class HandOutForm(HouseForm):
    """Who carries it out, what, until when."""

    everybody = forms.BooleanField(label="全部党支部，一个支部一张", required=False)
    units = forms.ModelMultipleChoiceField(
        Unit.objects.none(), label="承办单位", required=False, widget=forms.CheckboxSelectMultiple
    )
    text = forms.CharField(label="事项", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    due_on = forms.DateField(label="期限")

    def prepare(self) -> None:
        units: Any = self.fields["units"]
        here = Unit.objects.on(clock.today()).within(self.person, "dispatch.draft").under(self.obj.unit)
        below = here.filter(kind__in=(Unit.Kind.BRANCH, Unit.Kind.GENERAL)).exclude(pk=self.obj.unit_id)
        units.queryset = below.order_by("path")
        self.offered = list(units.queryset)
        self.initial = {"text": self.obj.title, "units": [self.obj.branch_id] if self.obj.branch_id else []}

    def clean(self) -> dict[str, Any]:
        """Leaves what the verb takes: the units, with every branch among them where all were meant."""
        data = dict(self.cleaned_data)
        chosen = {unit.pk for unit in data.get("units", ())}
        if data.pop("everybody", False):
            chosen |= {unit.pk for unit in self.offered if unit.kind == Unit.Kind.BRANCH}
        return {**data, "units": [unit for unit in self.offered if unit.pk in chosen]}


class EvaluateForm(HouseForm):
    """When it was looked at again, and the conclusion."""

    evaluated_on = forms.DateField(label="评价日期", initial=clock.today)
    evaluation = forms.CharField(
        label="结论",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="落实得怎样，要不要调整。",
    )


class ForceForm(HouseForm):
    """A task force and its two leaders."""

    kind = forms.ChoiceField(label="类别", choices=TaskForce.Kind.choices, widget=forms.RadioSelect)
    title = forms.CharField(label="名称", max_length=80)
    weighty = forms.BooleanField(label="涉及重大工作（书记、院长任双组长）", required=False, initial=True)
    lead = forms.ModelChoiceField(Person.objects.none(), label="组长（主任）")
    partner = forms.ModelChoiceField(Person.objects.none(), label="另一组长", required=False)
    document = forms.CharField(label="成立文号", max_length=60, required=False)
    since = forms.DateField(label="成立日期")

    def prepare(self) -> None:
        fields: Any = self.fields
        for name in ("lead", "partner"):
            fields[name].queryset = leaders()
        if self.obj is not None:
            self.initial = {name: getattr(self.obj, name) for name in self.fields}


class ResearchForm(HouseForm):
    """What the leadership looks into, and who leads it."""

    title = forms.CharField(label="课题", max_length=120, help_text="焦点、难点、热点问题，一题一事。")
    lead = forms.ModelChoiceField(Person.objects.none(), label="牵头领导")
    opened_on = forms.DateField(label="选题日期", initial=clock.today)

    def prepare(self) -> None:
        cast(Any, self.fields["lead"]).queryset = leaders()


class ConcludeForm(HouseForm):
    """What it came to."""

    concluded_on = forms.DateField(label="结题日期", initial=clock.today)
    conclusion = forms.CharField(label="结论", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class CommunicationForm(HouseForm):
    """What secretary and president came to."""

    note = forms.CharField(label="沟通结果", max_length=200, help_text="写结果，不写讨论过程。")


class EndForm(HouseForm):
    """The day a task force was dissolved."""

    until = forms.DateField(label="撤销日期", initial=clock.today)


TOPIC_FORMS: dict[str, Any] = {
    "endorse": None,
    "argue": ArgueForm,
    "study": StudyForm,
    "give_opinion": OpinionForm,
    "sign": None,
    "hold": ReasonForm,
    "resume": CommunicationForm,
    "revise": TopicForm,
    "list_topic": SittingForm,
    "decide": DecideForm,
    "file_minutes": MinutesForm,
    "hand_out": HandOutForm,
    "evaluate": EvaluateForm,
    "take_off": ReasonForm,
    "return_topic": ReasonForm,
    "withdraw_decision": ReasonForm,
}
FORCE_FORMS: dict[str, Any] = {"edit_force": ForceForm, "end_force": EndForm}
RESEARCH_FORMS: dict[str, Any] = {"conclude_research": ConcludeForm}
