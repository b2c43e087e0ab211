"""Input of one sheet for many: to whom by 总支, class or name, and the lines that all of them share at first."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from linghang.dispatch.drafts import LineDraft, nest
from linghang.dispatch.forms import LONG, offer
from linghang.dispatch.models import Order, Pattern, Recurring
from linghang.kernel import clock
from linghang.org.models import Unit
from linghang.ui.forms import HouseForm

BOXES = forms.CheckboxSelectMultiple


class DraftManyForm(HouseForm):
    """What the sheets are and to whom they go. 总支 and class narrow each other; who is named besides is added."""

    kind = forms.ChoiceField(label="类别", choices=Order.Kind.choices)
    title = forms.CharField(label="标题", max_length=120)
    text = forms.CharField(label="问题或说明", max_length=1500, widget=LONG, required=False)
    kinds = forms.MultipleChoiceField(
        label="按层级",
        choices=[(Unit.Kind.BRANCH, "全部党支部"), (Unit.Kind.GENERAL, "全部党总支")],
        widget=BOXES,
        required=False,
    )
    generals = forms.ModelMultipleChoiceField(
        Unit.objects.none(), label="按总支", widget=BOXES, required=False, help_text="所属全部支部各一张。"
    )
    categories = forms.MultipleChoiceField(
        label="按类别", choices=Unit.Category.choices, widget=BOXES, required=False
    )
    units = forms.ModelMultipleChoiceField(
        Unit.objects.none(),
        label="点名",
        widget=BOXES,
        required=False,
        help_text="总支和类别都选时取两者都符合的支部；点名的一并发给。",
    )

    def prepare(self) -> None:
        found = Unit.objects.within(self.person, "dispatch.draft").on(clock.today()).order_by("path")
        addressed = found.filter(kind__in=(Unit.Kind.BRANCH, Unit.Kind.GENERAL)).exclude(parent=None)
        self.offered = list(addressed)
        offer(self, "units", addressed)
        generals = found.filter(
            kind__in=(Unit.Kind.GENERAL, Unit.Kind.SUBCOMMITTEE), children__kind=Unit.Kind.BRANCH
        )
        offer(self, "generals", generals.exclude(parent=None).distinct())
        if not self.fields["generals"].queryset.exists():  # type: ignore[attr-defined]
            del self.fields["generals"]

    def clean(self) -> dict[str, Any]:
        """Leaves what the verb takes: the units, each once, in their order."""
        given: dict[str, Any] = super().clean() or {}
        named = [unit for unit in self.offered if unit.kind in given.get("kinds", ())]
        chosen = {unit.pk: unit for unit in (*named, *self._described(given), *given.get("units", ()))}
        if not chosen and not self.errors:
            raise ValidationError("请选择发给哪些单位：按层级、按总支、按类别或点名")
        units = sorted(chosen.values(), key=lambda unit: str(unit.path))
        return {name: given.get(name, "") for name in ("kind", "title", "text")} | {"units": units}

    def _described(self, given: dict[str, Any]) -> list[Unit]:
        paths = tuple(unit.path for unit in given.get("generals", ()))
        categories = given.get("categories", ())
        if not paths and not categories:
            return []
        return [
            unit
            for unit in self.offered
            if unit.kind == Unit.Kind.BRANCH
            and (not paths or unit.path.startswith(paths))
            and (not categories or unit.category in categories)
        ]


class SharedLine(HouseForm):
    """A line that every sheet begins with."""

    text = forms.CharField(label="事项", max_length=300)
    due_on = forms.DateField(label="期限", required=False)
    under = forms.BooleanField(label="子措施", required=False)

    @property
    def cells(self) -> list[forms.BoundField]:
        return [self["text"], self["due_on"]]


class SharedLines(forms.BaseFormSet):  # type: ignore[type-arg]  # not generic at run time
    @property
    def nested(self) -> bool:
        """Whether the pattern breaks a measure down."""
        return any(row.get("under") for row in self.initial or ())

    def drafts(self) -> list[LineDraft]:
        """The rows that were written."""
        kept = [form.cleaned_data for form in self.forms if form.cleaned_data]
        return nest((LineDraft(row["text"], row["due_on"]), row["under"]) for row in kept)


SharedLineFormSet: Any = forms.formset_factory(SharedLine, formset=SharedLines, extra=4, max_num=40)


def first_words(pattern: Pattern | None) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What a pattern brings to the form and to its lines; nothing without one."""
    if pattern is None:
        return {}, []
    today = clock.today()
    lines = [
        {
            "text": row["text"],
            "due_on": today + timedelta(days=row["days"]) if row.get("days") is not None else None,
            "under": row.get("under", False),
        }
        for row in pattern.lines
    ]
    return {"kind": pattern.kind, "title": pattern.title, "text": pattern.text}, lines


class PatternForm(HouseForm):
    name = forms.CharField(label="名称", max_length=60, help_text="以后拟单时按这个名称找。")

    def prepare(self) -> None:
        self.initial.setdefault("name", self.obj.title[:60])


class RecurringForm(HouseForm):
    """A line that comes back by itself."""

    text = forms.CharField(label="事项", max_length=300)
    every = forms.TypedChoiceField(label="多久一次", choices=Recurring.Every.choices, coerce=int)
    nth = forms.IntegerField(
        label="在第几个月", min_value=1, max_value=12, initial=1, help_text="每月填 1；每季的最后一个月填 3。"
    )
    due_day = forms.IntegerField(label="当月几日到期", min_value=1, max_value=31, initial=25)
    category = forms.ChoiceField(
        label="只给哪一类支部", choices=[("", "全部支部"), *Unit.Category.choices], required=False
    )
