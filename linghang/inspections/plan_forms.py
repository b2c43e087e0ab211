"""Input of the year's plan of inspections."""

from typing import Any

from django import forms

from linghang.inspections.models import Checklist, PlanLine
from linghang.inspections.ways import methods
from linghang.kernel import clock
from linghang.org.models import Unit
from linghang.ui.forms import HouseForm


class PlanForm(HouseForm):
    """For which year, by whom."""

    unit = forms.ModelChoiceField(label="组织单位", queryset=Unit.objects.none(), empty_label=None)
    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100)

    def prepare(self) -> None:
        kinds = (Unit.Kind.COMMITTEE, Unit.Kind.SUBCOMMITTEE, Unit.Kind.GENERAL)
        unit: Any = self.fields["unit"]
        within = Unit.objects.within(self.person, "inspections.draft_plan").on(clock.today())
        unit.queryset = within.filter(kind__in=kinds).order_by("path")
        self.fields["year"].initial = clock.today().year


class AddLineForm(HouseForm):
    month = forms.TypedChoiceField(label="月份", coerce=int, choices=[(n, f"{n} 月") for n in range(1, 13)])
    method = forms.ChoiceField(label="方式")
    checklist = forms.ModelChoiceField(label="检查表", queryset=Checklist.objects.none(), empty_label=None)
    sample = forms.IntegerField(label="抽查几个支部", required=False, min_value=1, help_text="不填为全查")
    unannounced = forms.BooleanField(label="飞检", required=False)

    def prepare(self) -> None:
        method: Any = self.fields["method"]
        method.choices = methods()
        checklist: Any = self.fields["checklist"]
        checklist.queryset = Checklist.objects.on(clock.today()).usable()


class DropLineForm(HouseForm):
    line = forms.ModelChoiceField(label="移出哪一轮", queryset=PlanLine.objects.none())

    def prepare(self) -> None:
        line: Any = self.fields["line"]
        line.queryset = self.obj.lines.select_related("plan__unit")


class FileForm(HouseForm):
    document = forms.CharField(label="文号", max_length=60, help_text="报备文件的文号；备案后计划不再改动")
    filed_on = forms.DateField(label="备案日期")

    def prepare(self) -> None:
        self.fields["filed_on"].initial = clock.today()


PLAN_FORMS: dict[str, Any] = {"add_line": AddLineForm, "drop_line": DropLineForm, "file_plan": FileForm}
