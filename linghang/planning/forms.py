"""Input of the deployment's verbs."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import Q

from linghang.activities.models import Meeting
from linghang.kernel import clock
from linghang.kernel.refs import show
from linghang.org.models import Role, Unit
from linghang.planning.actions import FIRST
from linghang.planning.models import Item, Plan, meeting_of, month_of, next_month, top_unit
from linghang.planning.models.plans import VIEW_PLAN
from linghang.rules.periods import month_words
from linghang.ui.forms import HouseForm

# 总支 and 二级党委 below the head of the hospital; where a 总支 is the head itself there are none.
IN_BETWEEN = Q(kind__in=(Unit.Kind.GENERAL, Unit.Kind.SUBCOMMITTEE), parent__kind__in=Unit.PARTY)


class ItemForm(HouseForm):
    """What is to be done, until when, by which branches. Eight things, five with a default."""

    text = forms.CharField(label="事项", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    reason = forms.CharField(
        label="理由或依据", max_length=300, required=False, help_text="例如：上级文件及文号"
    )
    due_on = forms.DateField(label="期限")
    scope = forms.ChoiceField(label="范围", choices=Item.Scope.choices, initial=Item.Scope.ALL)
    categories = forms.MultipleChoiceField(
        label="分类（范围为“按分类”时选）", choices=Unit.Category.choices, required=False
    )
    units = forms.ModelMultipleChoiceField(
        label="总支或支部（范围为“按总支”“指定支部”时选）", queryset=Unit.objects.none(), required=False
    )
    owner_role = forms.ModelChoiceField(
        label="建议责任人", queryset=Role.objects.none(), required=False, empty_label="支部书记"
    )
    business = forms.BooleanField(label="属于业务工作（医疗质量、学科、服务等）", required=False)

    def prepare(self) -> None:
        units: Any = self.fields["units"]
        here = Unit.objects.on(clock.today())
        units.queryset = here.filter(IN_BETWEEN | Q(kind=Unit.Kind.BRANCH)).order_by("path")
        if not here.filter(IN_BETWEEN).exists():
            self._without_general_branches()
        roles: Any = self.fields["owner_role"]
        roles.queryset = Role.objects.filter(
            code__in=("deputy_secretary", "organiser", "publicist", "disciplinarian")
        )
        if self.obj is not None and not self.is_bound:
            self.initial |= {name: getattr(self.obj, name) for name in self.fields if name != "units"}
            self.initial["units"] = self.obj.units.all()

    def _without_general_branches(self) -> None:
        """Where a 总支 heads the hospital there is none below it to choose."""
        scope: Any = self.fields["scope"]
        scope.choices = [each for each in Item.Scope.choices if each[0] != Item.Scope.GENERAL]
        self.fields["units"].label = "支部（范围为“指定支部”时选）"


class ThemeForm(HouseForm):
    """What the themed days of a month are to be about."""

    text = forms.CharField(
        label="主题", max_length=60, help_text="各支部安排和记录当月主题党日时直接选用，也可以另定。"
    )

    def __init__(self, *args: Any, known: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"text": known}


class SubmitForm(ItemForm):
    """A department's item: as ItemForm, with the month and, for those who sit in several, the department.

    `plan` and `about` say what it comes from; they are brought along, not asked.
    """

    month = forms.DateField(label="列入哪个月", widget=forms.Select, input_formats=["%Y-%m-%d"])
    department = forms.ModelChoiceField(label="报送部门", queryset=Unit.objects.none(), empty_label=None)

    plan = forms.ModelChoiceField(queryset=Plan.objects.none(), required=False, widget=forms.HiddenInput)
    about = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)

    field_order = ("department", "month")

    def prepare(self) -> None:
        super().prepare()
        this = clock.today().replace(day=1)
        months = [this, next_month(this), next_month(next_month(this))]
        choice: Any = self.fields["month"]
        choice.widget = forms.Select(choices=[(f"{m:%Y-%m-%d}", month_words(m)) for m in months])
        choice.initial = f"{months[1 if self._met(this) else 0]:%Y-%m-%d}"
        places = Unit.objects.filter(pk__in={post.unit_id for post in self.person.posts_now})
        department: Any = self.fields["department"]
        department.queryset = places | Unit.objects.filter(pk=self.person.department_id or 0)
        department.initial = self.person.department_id or next(
            iter(places.values_list("pk", flat=True)), None
        )
        plan: Any = self.fields["plan"]
        plan.queryset = Plan.objects.within(self.person, VIEW_PLAN).running()

    def carry_out(self, plan: Plan) -> None:
        """First values of an item that carries out a plan: nothing is typed again."""
        month: Any = self.fields["month"]
        first = max(month_of(plan.since), month_of(clock.today()))
        if f"{first:%Y-%m-%d}" in dict(month.widget.choices):
            self.initial["month"] = f"{first:%Y-%m-%d}"
        last = next_month(first) - timedelta(days=1)
        self.initial |= {"plan": plan.pk, "text": plan.as_item, "due_on": min(plan.until, last)}
        self.initial |= {"business": bool(plan.business and not plan.party), "reason": self._reason(plan)}
        of_all = plan.department_id == plan.unit_id
        if not of_all and plan.department.kind in (
            Unit.Kind.BRANCH,
            Unit.Kind.GENERAL,
            Unit.Kind.SUBCOMMITTEE,
        ):
            self.initial |= {"scope": Item.Scope.CHOSEN, "units": [plan.department_id]}

    def _reason(self, plan: Plan) -> str:
        return f"{plan.aim or plan.parent or plan.span_words}（{plan.when}）"[:300]

    def clean_about(self) -> str:
        """Only what the asker may see can be named as a source."""
        ref: str = self.cleaned_data["about"]
        if ref and not show(self.person, [ref]):
            raise forms.ValidationError("来源的记录不存在，或不在您的权限内")
        return ref

    def _met(self, month: date) -> bool:
        """Whether the month's meeting is over, so that what is handed in now goes to the next one."""
        unit = top_unit()
        meeting = meeting_of(unit, month) if unit else None
        return meeting is not None and meeting.state != Meeting.State.PLANNED


class CallForm(HouseForm):
    """When and where the month's meeting is, and its 第一议题."""

    held_on = forms.DateField(label="日期")
    starts_at = forms.TimeField(label="时间", required=False, initial="15:00", widget=forms.TimeInput())
    place = forms.CharField(label="地点", max_length=80, required=False)
    first = forms.CharField(label="第一议题", max_length=200, initial=FIRST)


class PostponeForm(HouseForm):
    """Next month's deadline."""

    due_on = forms.DateField(label="下月的期限")
