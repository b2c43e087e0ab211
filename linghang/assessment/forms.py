"""What the verbs of an assessment ask for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from linghang.assessment.models import Cycle, Mark, Rating, Scheme, Score, said
from linghang.kernel import clock
from linghang.org.models import Unit
from linghang.rules.periods import add_months
from linghang.ui.forms import HouseForm, SheetField


class OpenForm(HouseForm):
    """A new cycle: by which scheme, for whom, over which period."""

    scheme = forms.ModelChoiceField(label="考核方案", queryset=Scheme.objects.none())
    unit = forms.ModelChoiceField(
        label="考核单位", queryset=Unit.objects.none(), help_text="其下的党支部参加考核"
    )
    title = forms.CharField(label="名称", max_length=60)
    since = forms.DateField(label="考核期自")
    until = forms.DateField(label="考核期至")

    def prepare(self) -> None:
        """Schemes in force, committees within reach, and the year after the last cycle; first of all December to November."""
        today = clock.today()
        kinds = (Unit.Kind.COMMITTEE, Unit.Kind.SUBCOMMITTEE, Unit.Kind.GENERAL)
        units = Unit.objects.within(self.person, "assessment.open_cycle").filter(kind__in=kinds).on(today)
        self.fields["scheme"].queryset = Scheme.objects.on(today)
        self.fields["unit"].queryset = units
        self.fields["unit"].initial = units.first()
        self.fields["scheme"].initial = self.fields["scheme"].queryset.first()
        last = Cycle.objects.order_by("until").last()
        since = last.until + timedelta(days=1) if last else date(today.year - 1, 12, 1)
        until = add_months(since, 12) - timedelta(days=1)
        self.fields["title"].initial = f"{until.year} 年度"
        self.fields["since"].initial, self.fields["until"].initial = since, until


class AnswerForm(HouseForm):
    """The answer to an objection."""

    answer = forms.CharField(label="答复", max_length=500, widget=forms.Textarea(attrs={"rows": 4}))
    upheld = forms.BooleanField(label="异议成立，需要更正评分并重新计算", required=False)


class ObjectForm(HouseForm):
    """An objection against the rating or one line."""

    score = forms.ModelChoiceField(
        label="针对", queryset=Score.objects.none(), required=False, empty_label="总分或等次"
    )
    text = forms.CharField(
        label="异议内容",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4, "placeholder": "哪里不对，依据哪份记录"}),
    )

    def prepare(self) -> None:
        """The lines of the sheet in question."""
        self.fields["score"].queryset = self.obj.scores().filter(section__in=("base", "minus", "veto"))


@dataclass(frozen=True)
class MarkRow:
    """One row of a marking form: an item of a branch, or a branch for an item."""

    key: str
    label: str
    most: Decimal
    hint: str = ""
    mark: Mark | None = None
    url: str = ""
    suggested: bool = False
    full: Decimal | None = (
        None  # what 全部满分 puts here; None where nothing is full: counts, vetoes, decisions
    )


class MarksForm(HouseForm):
    """Marks by hand for many rows at once. An empty row is left as it was; 不适用 takes the item out of the base."""

    def __init__(self, *args: Any, marks: Sequence[MarkRow], **kwargs: Any) -> None:
        self.marks = marks
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        """Three fields a row: points, not applicable, and on what they rest."""
        for row in self.marks:
            mark = row.mark
            given = mark is not None
            self.fields[f"value_{row.key}"] = _decision(row) if row.suggested else _points(row)
            self.fields[f"out_{row.key}"] = forms.BooleanField(
                label=f"{row.label}：不适用",
                required=False,
                initial=given and mark is not None and mark.value is None,
            )
            self.fields[f"note_{row.key}"] = forms.CharField(
                label=f"{row.label}：依据", required=False, max_length=200, initial=mark.note if mark else ""
            )

    def table(self) -> list[tuple[MarkRow, Any, Any, Any]]:
        """The rows with their three fields, for the template."""
        return [
            (row, self[f"value_{row.key}"], self[f"out_{row.key}"], self[f"note_{row.key}"])
            for row in self.marks
        ]

    @property
    def fillable(self) -> list[MarkRow]:
        """The rows that 全部满分 may fill: those that nobody has marked yet."""
        return [row for row in self.marks if row.mark is None and row.full is not None]

    def fill(self, typed: Mapping[str, str]) -> int:
        """Full points for what is not marked and not typed, as entries to be corrected and saved; how many."""
        held = {name: value for name, value in typed.items() if value}
        full = {
            f"value_{row.key}": row.full
            for row in self.fillable
            if not {f"value_{row.key}", f"out_{row.key}"} & set(held)
        }
        self.initial = full | held
        return len(full)

    def given(self) -> dict[str, tuple[Decimal | None, str]]:
        """What was filled in: key → (points or None for 不适用, note)."""
        data, found = self.cleaned_data, {}
        for row in self.marks:
            value, out = data.get(f"value_{row.key}"), data.get(f"out_{row.key}")
            if out or value is not None:
                found[row.key] = (None if out else value, data.get(f"note_{row.key}", ""))
        return found

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        for row in self.marks:
            changed = row.mark is None or data.get(f"value_{row.key}") != row.mark.value
            if data.get(f"out_{row.key}") and data.get(f"value_{row.key}") is not None and changed:
                raise ValidationError({f"value_{row.key}": "勾选了“不适用”就不用填分"})
        return data


def _points(row: MarkRow) -> forms.Field:
    return forms.DecimalField(
        label=f"{row.label}：评分",
        required=False,
        min_value=0,
        max_value=row.most,
        decimal_places=2,
        initial=None if row.mark is None or row.mark.value is None else said(row.mark),
        widget=forms.NumberInput(attrs={"step": "0.01"}),
    )


def _decision(row: MarkRow) -> forms.Field:
    """Yes or no to what the records suggest; until then it counts for nothing."""
    given = row.mark.value if row.mark else None
    return forms.TypedChoiceField(
        label=f"{row.label}：认定",
        required=False,
        choices=[("", "待认定"), ("1", "认定"), ("0", "不予认定")],
        coerce=Decimal,
        empty_value=None,
        initial="" if given is None else str(int(given)),
    )


class MarkFileForm(HouseForm):
    """A filled sheet of marks."""

    file = SheetField(label="填好的评分表（Excel）", help_text="每行一个支部，每列一个项目；空着的不改")
    note = forms.CharField(
        label="依据（可不填）",
        required=False,
        max_length=200,
        help_text="写到这次改动的每一个评分上，如：12 月 8 日党办集中评定",
    )


class RecomputeForm(HouseForm):
    """A trial run that makes void what was proposed on the last one."""

    discard = forms.BooleanField(
        label="已有的等次作废，试算后重新拟定、研究确认",
        error_messages={"required": "确定要作废的，请先勾选"},
    )


class DecisionForm(HouseForm):
    """The committee's decision: the proposal stands unless another rating is chosen with a reason."""

    def __init__(self, *args: Any, ratings: Sequence[Rating], **kwargs: Any) -> None:
        self.ratings = ratings
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        """A rating and a reason for every branch."""
        names = [rating.name for rating in self.obj.scheme.content.ratings]
        choices = [("", "不定等次"), *((name, name) for name in names)]
        for rating in self.ratings:
            self.fields[f"rating_{rating.pk}"] = forms.ChoiceField(
                label=f"{rating.unit}：等次", choices=choices, required=False, initial=rating.proposed
            )
            self.fields[f"reason_{rating.pk}"] = forms.CharField(
                label=f"{rating.unit}：理由", required=False, max_length=200
            )

    def table(self) -> list[tuple[Rating, Any, Any]]:
        """The rows with their two fields, for the template."""
        return [(each, self[f"rating_{each.pk}"], self[f"reason_{each.pk}"]) for each in self.ratings]

    def decided(self) -> dict[str, dict[int, str]]:
        """The words of the verb."""
        data = self.cleaned_data
        return {
            "decided": {each.pk: data[f"rating_{each.pk}"] for each in self.ratings},
            "reasons": {each.pk: data[f"reason_{each.pk}"] for each in self.ratings},
        }


# The verbs of a cycle with their forms; those with pages of their own are named for their buttons only.
CYCLE_FORMS: dict[str, Any] = {"propose": None, "publish": None, "lock": None}
CYCLE_PAGES: dict[str, Any] = {
    "compute": None,
    "enter_manual": MarksForm,
    "confirm_rating": DecisionForm,
    **CYCLE_FORMS,
}
MARK_IMPORT_FORMS: dict[str, Any] = {"discard_marks": None}
OBJECTION_FORMS: dict[str, Any] = {"answer": AnswerForm}
