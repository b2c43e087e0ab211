"""Input of a plan's verbs, and of the lists of posts."""

from datetime import timedelta
from typing import Any

from django import forms

from linghang.activities.models import Meeting
from linghang.kernel import clock
from linghang.org.models import Role, Unit
from linghang.planning.models import Aim, Plan
from linghang.planning.years import year_of
from linghang.rules.periods import Kind, Period
from linghang.ui.forms import HouseForm

# Who may answer for a plan of the hospital; a branch's own plan is its secretary's.
OWNERS = (
    "party_secretary",
    "president",
    "deputy_party_secretary",
    "discipline_secretary",
    "office_director",
    "general_secretary",
    "secretary",
)
SHORTER = {"years": Kind.YEAR, "year": Kind.QUARTER, "quarter": Kind.MONTH}
SETTLING = timedelta(days=45)  # a plan is talked about in a meeting soon after it ended
FEW_MEETINGS = 30


class PlanForm(HouseForm):
    """What is to be done, when, by whom, for which aim, and its two sides."""

    title = forms.CharField(label="计划", max_length=120)
    since = forms.DateField(label="自")
    until = forms.DateField(label="至", help_text="自、至是同一天的，是一个节点。")
    department = forms.ModelChoiceField(
        label="责任部门或支部", queryset=Unit.objects.none(), required=False, empty_label="制定单位"
    )
    role = forms.ModelChoiceField(
        label="责任岗位", queryset=Role.objects.none(), required=False, empty_label="不指定"
    )
    aim = forms.ModelChoiceField(
        label="框架条目", queryset=Aim.objects.none(), required=False, empty_label="随上级计划"
    )
    party = forms.CharField(
        label="党建一侧", max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    business = forms.CharField(
        label="业务一侧",
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="两侧都写的，系统看是否同谋划、同部署、同督察、同考核。",
    )

    def prepare(self) -> None:
        self._narrow()
        if self.obj is not None and not self.is_bound:
            self.initial = {name: getattr(self.obj, name) for name in self.fields}

    def _narrow(self) -> None:
        today = clock.today()
        units: Any = self.fields["department"]
        here = Unit.objects.within(self.person, "planning.draw_plan").on(today)
        units.queryset = here.exclude(kind__in=(Unit.Kind.GROUP, Unit.Kind.WARD)).order_by("path")
        roles: Any = self.fields["role"]
        roles.queryset = Role.objects.filter(code__in=OWNERS)
        aims: Any = self.fields["aim"]
        aims.queryset = Aim.objects.in_use(today) | Aim.objects.filter(pk=getattr(self.obj, "aim_id", None))
        aims.label_from_instance = lambda aim: f"{'　' * aim.depth}{aim.title}"
        if not aims.queryset.exists():
            del self.fields["aim"]
        if not self.person.reach("planning.draw_plan").whole:
            self.initial["department"] = self.person.department_id

    def part_of(self, parent: Plan) -> None:
        """First values of what is divided from another plan: the next stretch of its time, its aim and its owner."""
        same = ("aim", "role", "party", "business")
        self.initial |= {name: getattr(parent, name) for name in same}
        self.initial.setdefault("department", parent.department_id)
        kind = SHORTER.get(parent.span)
        last = parent.parts.order_by("-until").first()
        first = last.until + timedelta(days=1) if last else max(parent.since, clock.today())
        if kind is None or first > parent.until:
            self.initial |= {"since": parent.since, "until": parent.until}
            return
        since, until = Period.containing(kind, first)
        self.initial |= {"since": max(since, parent.since), "until": min(until, parent.until)}

    def within(self, period: Period) -> None:
        """First values of a plan for a period."""
        self.initial |= {"since": period.start, "until": period.end}

    def of_year(self, key: str) -> None:
        self.within(year_of(key))


class JoinForm(HouseForm):
    """A meeting at which it was spoken of, or one of the resolutions of that meeting."""

    what = forms.ChoiceField(label="会议或决议")

    def prepare(self) -> None:
        plan: Plan = self.obj
        held = Meeting.objects.within(self.person, "activities.view_meeting").held()
        near = held.filter(unit__in=(plan.unit_id, plan.department_id)).select_related("unit")
        found = near.between(plan.since, plan.until + SETTLING).order_by("-held_on")[:FEW_MEETINGS]
        choice: Any = self.fields["what"]
        choice.choices = [
            (
                f"{meeting.held_on} {meeting}"[:80],
                [(meeting.ref, "整次会议"), *((one.ref, one.text[:80]) for one in meeting.resolutions.all())],
            )
            for meeting in found.prefetch_related("resolutions")
        ]
        if not choice.choices:
            choice.help_text = "计划的时间里还没有记录过会议；先记录会议，再来关联。"


class ConcludeForm(HouseForm):
    """A word of summary; how much was done is counted by itself."""

    note = forms.CharField(
        label="小结", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class HandOutForm(HouseForm):
    """For which year."""

    year = forms.TypedChoiceField(label="年度", coerce=int)

    def prepare(self) -> None:
        this = clock.today().year
        choice: Any = self.fields["year"]
        choice.choices = [(this, f"{this} 年"), (this + 1, f"{this + 1} 年")]
