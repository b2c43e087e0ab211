"""What the verbs of a meeting ask for: at most eight things at a time, everything that is known filled in."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError

from linghang.activities import sentences
from linghang.activities.actions import TopicDraft
from linghang.activities.models import Meeting, held_by
from linghang.activities.recalled import recall
from linghang.org.models import Unit
from linghang.ui.forms import HouseForm, ReasonForm, Suggesting


def area(rows: int, hint: str) -> forms.Textarea:
    """A box for sentences, with an example in it."""
    return forms.Textarea(attrs={"rows": rows, "placeholder": hint})


class AgendaForm(HouseForm):
    """Day, time, place and agenda of a meeting that is still to come."""

    held_on = forms.DateField(label="日期")
    starts_at = forms.TimeField(label="时间", required=False)
    place = forms.CharField(label="地点", max_length=80, required=False, widget=Suggesting)
    title = forms.CharField(label="主题", max_length=120, required=False, widget=Suggesting)
    first_topic = forms.CharField(
        label="第一议题",
        max_length=200,
        required=False,
        widget=Suggesting,
        help_text="学习重要论述放在首位；没有就空着。",
    )
    agenda = forms.CharField(
        label="其他议题", required=False, widget=area(4, "一行一项；学习内容写成“学习：……”"), max_length=2000
    )

    def clean(self) -> dict[str, Any]:
        """Cleaned data are the words of the verb: the two boxes become one agenda."""
        data = dict(self.cleaned_data)
        drafts = sentences.topics(data.pop("agenda", ""), data.pop("first_topic", ""))
        return {**data, "topics": short(drafts, "agenda")}


def short(drafts: Any, field: str) -> Any:
    """The drafts as they are. Raises ValidationError for a line that is too long to be one."""
    limit = 200 if field == "agenda" else 300
    for draft in drafts:
        words = draft.title if isinstance(draft, TopicDraft) else draft.text
        if len(words) > limit:
            raise ValidationError({field: f"“{words[:12]}…”超过 {limit} 字，请分成几行"})
    return drafts


class EditPlanForm(AgendaForm):
    """The plan as it stands, to be changed."""

    def prepare(self) -> None:
        meeting: Meeting = self.obj
        recall(self, meeting.unit, "place", "first_topic", "title")
        first, rest = sentences.agenda(meeting.topics.all())
        held = {name: getattr(meeting, name) for name in ("held_on", "starts_at", "place", "title")}
        self.initial = {**held, "first_topic": first, "agenda": rest}


class KindChoice:
    """The kinds as buttons: those that are held all the time first, the others behind 其他类别."""

    fields: Any
    common: frozenset[str] = frozenset()

    def offer_kinds(self, unit: Unit) -> list[tuple[str, str]]:
        """The choices of this unit."""
        self.common = frozenset(kind.code for kind in held_by(unit.kind) if kind.common)
        return kinds_of(unit)

    @property
    def has_others(self) -> bool:
        """Whether there are kinds behind 其他类别."""
        return any(code not in self.common for code, _ in self.fields["kind"].choices)


class PlanForm(KindChoice, AgendaForm):
    """A new plan; `like` is a meeting whose agenda, hour and place are taken over."""

    kind = forms.ChoiceField(
        label="类别", widget=forms.RadioSelect(attrs={"class": "form-selectgroup-input"})
    )
    also = forms.MultipleChoiceField(label="同时作为", required=False, widget=forms.CheckboxSelectMultiple)
    again = forms.BooleanField(label="当天确有两次，这是另一次", required=False)

    def __init__(
        self, *args: Any, unit: Unit, kind: str = "", like: Meeting | None = None, **kwargs: Any
    ) -> None:
        self.unit, self.asked, self.like = unit, kind, like
        self.twin: Meeting | None = None
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        choices, fields = self.offer_kinds(self.unit), cast(Any, self.fields)
        recall(self, self.unit, "place", "first_topic", "title")
        for name in ("kind", "also"):
            fields[name].choices = choices
        chosen = choices[0][0] if len(choices) == 1 else self.asked
        self.initial = {"kind": chosen if chosen in dict(choices) else ""}
        if self.like is not None:
            first, rest = sentences.agenda(self.like.topics.all())
            held = {name: getattr(self.like, name) for name in ("kind", "starts_at", "place", "also")}
            self.initial = {**held, "first_topic": first, "agenda": rest}


def kinds_of(unit: Unit) -> list[tuple[str, str]]:
    """The kinds of meeting that this unit plans and records, each with its name; those of one tap have their own page."""
    return [(kind.code, kind.title) for kind in held_by(unit.kind) if not kind.one_tap]


class CorrectForm(HouseForm):
    """更正说明, appended to a confirmed record."""

    note = forms.CharField(
        label="更正说明",
        max_length=300,
        widget=area(3, "原记录哪里有误，应是什么"),
        help_text="原记录不改动，说明附在其后。",
    )


FORMS: dict[str, type[forms.Form] | None] = {
    "confirm": None,
    "send_back": ReasonForm,
    "edit_plan": EditPlanForm,
    "correct": CorrectForm,
    "cancel": ReasonForm,
}
