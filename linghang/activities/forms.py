"""What the verbs of a meeting ask for: at most eight things at a time, everything that is known filled in."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.dateparse import parse_date

from linghang.activities import sentences
from linghang.activities.actions import ResolutionDraft, TopicDraft
from linghang.activities.models import Attendance, Meeting, Topic, held_by
from linghang.activities.roll import expected
from linghang.dispatch.models import Line
from linghang.kernel import clock
from linghang.org.models import Person, Unit
from linghang.ui.forms import HouseForm, ReasonForm

OUTSIDE = "outside"
MORE = ("also", "of_year", "line", "days", "steps")


def area(rows: int, hint: str) -> forms.Textarea:
    """A box for sentences, with an example in it."""
    return forms.Textarea(attrs={"rows": rows, "placeholder": hint})


class AgendaForm(HouseForm):
    """Day, time, place and agenda of a meeting that is still to come."""

    held_on = forms.DateField(label="日期")
    starts_at = forms.TimeField(label="时间", required=False)
    place = forms.CharField(label="地点", max_length=80, required=False)
    title = forms.CharField(label="主题", max_length=120, required=False)
    first_topic = forms.CharField(
        label="第一议题", max_length=200, required=False, help_text="学习重要论述放在首位；没有就空着。"
    )
    agenda = forms.CharField(
        label="其他议题", required=False, widget=area(4, "一行一项；学习内容写成“学习：……”"), max_length=2000
    )

    def clean(self) -> dict[str, Any]:
        """Cleaned data are the words of the verb: the two boxes become one agenda."""
        data = dict(self.cleaned_data)
        drafts = sentences.topics(data.pop("agenda", ""), data.pop("first_topic", ""))
        return {**data, "topics": _short(drafts, "agenda")}


def _short(drafts: Any, field: str) -> Any:
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
        for name in ("kind", "also"):
            fields[name].choices = choices
        self.initial = {"kind": self.asked if self.asked in dict(choices) else choices[0][0]}
        if self.like is not None:
            first, rest = sentences.agenda(self.like.topics.all())
            held = {name: getattr(self.like, name) for name in ("kind", "starts_at", "place", "also")}
            self.initial = {**held, "first_topic": first, "agenda": rest}


def kinds_of(unit: Unit) -> list[tuple[str, str]]:
    """The kinds of meeting that this unit plans and records, each with its name; those of one tap have their own page."""
    return [(kind.code, kind.title) for kind in held_by(unit.kind) if not kind.one_tap]


@dataclass(frozen=True)
class Seat:
    """One person who was expected, as the form shows them."""

    person: Person
    absent: bool
    reason: str


class RecordForm(KindChoice, HouseForm):
    """记一次: seven things to look at, nearly all of them filled in; the rest lies under 更多."""

    kind = forms.ChoiceField(
        label="开的什么会", widget=forms.RadioSelect(attrs={"class": "form-selectgroup-input"})
    )
    held_on = forms.DateField(label="日期")
    chair = forms.ModelChoiceField(Person.objects.none(), label="主持人", required=False)
    title = forms.CharField(label="主题", max_length=120, required=False)
    first_topic = forms.CharField(label="第一议题（学习内容）", max_length=200, required=False)
    resolutions = forms.CharField(
        label="议定事项",
        required=False,
        max_length=3000,
        widget=area(3, "一句一行，如：整理组织生活台账（王蕾，11-30前）"),
        help_text="要落实的事，句末写上（责任人，期限），以后可列入工作清单。",
    )
    book_page = forms.CharField(
        label="已记纸质本",
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "如：第 14 页"}),
    )
    also = forms.MultipleChoiceField(label="同时作为", required=False, widget=forms.CheckboxSelectMultiple)
    of_year = forms.IntegerField(
        label="所属年度",
        required=False,
        min_value=2000,
        max_value=2100,
        help_text="组织生活会、民主评议用；不填则自动判断。",
    )
    days = forms.IntegerField(
        label="天数", required=False, min_value=1, max_value=30, help_text="培训班等开了几天；学时按天数算。"
    )
    steps = forms.MultipleChoiceField(label="已完成步骤", required=False, widget=forms.CheckboxSelectMultiple)
    line = forms.ModelChoiceField(Line.objects.none(), label="作为哪一项工作的佐证", required=False)
    again = forms.BooleanField(label="当天确有两次，这是另一次", required=False)

    def __init__(self, *args: Any, unit: Unit, given: Mapping[str, Any], **kwargs: Any) -> None:
        self.unit, self.given = unit, given
        self.twin: Meeting | None = None
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        choices, fields = self.offer_kinds(self.unit), cast(Any, self.fields)
        fields["also"].choices = choices
        steps = list(dict.fromkeys(step for kind in held_by(self.unit.kind) for step in kind.steps))
        fields["steps"].choices = [(step, step) for step in steps]
        fields["kind"].choices = [one for one in choices if self.obj is None or one[0] == self.obj.kind]
        heads = self.unit.heads()
        fields["chair"].queryset = Person.objects.filter(Q(pk__in=self.called) | Q(pk__in=heads))
        lines = Line.objects.within(self.person, "dispatch.view_line").open()
        fields["line"].queryset = lines.filter(order__unit=self.unit).order_by("due_on", "pk")
        if not self.is_bound:
            self.initial = self._first_values(heads.first())

    @property
    def kind_now(self) -> str:
        """The kind that is chosen at the moment, before anything is checked."""
        known: dict[str, str] = dict(cast(Any, self.fields["kind"]).choices)
        wanted = (self.data if self.is_bound else self.given).get("kind", "")
        return str(wanted) if wanted in known else next(iter(known))

    @property
    def day_now(self) -> Any:
        """The day that is chosen at the moment: today, or the day it was planned for."""
        written = (self.data if self.is_bound else self.given).get("held_on") or ""
        try:
            day = parse_date(written)
        except ValueError:
            day = None
        return day or (self.obj.held_on if self.obj is not None else clock.today())

    @cached_property
    def people(self) -> list[Person]:
        """Everybody who was expected by the roster of that day."""
        return list(expected(self.unit, self.kind_now, self.day_now))

    @property
    def called(self) -> list[int]:
        return [person.pk for person in self.people]

    @cached_property
    def absences(self) -> dict[int, str]:
        """Who is ticked as absent, with the reason chosen so far."""
        source: Any = self.data if self.is_bound else self.given
        ticked = source.getlist("absent") if hasattr(source, "getlist") else []
        if self.is_bound or ticked or "kind" in source:
            return {int(pk): source.get(f"reason-{pk}", "") for pk in ticked if pk.isdigit()}
        return self._remembered()

    def _remembered(self) -> dict[int, str]:
        """A record that came back keeps its absences; a group remembers from its last meeting who belongs to it."""
        if self.obj is not None and self.obj.recorded_on:
            return dict(self.obj.attendances.filter(present=False).values_list("person_id", "reason"))
        if self.obj is not None and (asked := self.obj.leaves.filter(withdrawn_on=None)):
            return {leave.person_id: leave.reason for leave in asked}
        if self.unit.kind != Unit.Kind.GROUP:
            return {}
        last = Meeting.objects.filter(unit=self.unit).held().first()
        known = set(last.attendances.values_list("person_id", flat=True)) if last else set(self.called)
        return {pk: OUTSIDE for pk in self.called if pk not in known}

    @property
    def seats(self) -> list[Seat]:
        absences = self.absences
        return [Seat(person, person.pk in absences, absences.get(person.pk, "")) for person in self.people]

    @property
    def reasons(self) -> list[tuple[str, str]]:
        outside = [(OUTSIDE, "不在本组")] if self.unit.kind == Unit.Kind.GROUP else []
        return [*((str(value), str(label)) for value, label in Attendance.Reason.choices), *outside]

    @property
    def opened(self) -> bool:
        """Whether 更多 stands open: something in it is filled in or wrong."""
        return any(self[name].value() or self[name].errors for name in MORE)

    def _first_values(self, head: Person | None) -> dict[str, Any]:
        held = {"kind": self.kind_now, "held_on": self.day_now, "chair": head}
        held["line"] = str(self.given.get("line", "")).rpartition(":")[2]
        if self.obj is None:
            return held
        first, _ = sentences.agenda(self.obj.topics.all())
        drafts = [
            ResolutionDraft(r.text, r.due_on, r.owner) for r in self.obj.resolutions.select_related("owner")
        ]
        kept = {name: getattr(self.obj, name) for name in ("title", "also", "of_year", "book_page", "steps")}
        text = "\n".join(map(sentences.written, drafts))
        return {**held, **kept, "chair": self.obj.chair_id or head, "first_topic": first, "resolutions": text}

    def clean(self) -> dict[str, Any]:
        """Cleaned data are the words of the verb."""
        data = dict(self.cleaned_data)
        if "held_on" not in data or "kind" not in data:
            return data
        absences = {pk: reason for pk, reason in self.absences.items() if pk in self.called}
        line, text, first = data.pop("line", None), data.pop("resolutions", ""), data.pop("first_topic", "")
        if not (text or first or data.get("title") or data.get("book_page")):
            raise ValidationError({"resolutions": "请写一句议定事项或主题；已记在纸质本上的，注明页码即可"})
        drafts = sentences.resolutions(text, self.people, data["held_on"])
        return {
            **data,
            "days": data.get("days") or 1,
            "roll": [pk for pk in self.called if absences.get(pk) != OUTSIDE],
            "absent": {pk: reason for pk, reason in absences.items() if reason != OUTSIDE},
            "resolutions": _short(drafts, "resolutions"),
            "topics": self._topics(first),
            "evidence_for": [line.ref] if line else [],
        }

    def _topics(self, first: str) -> list[TopicDraft]:
        """A planned agenda stays behind the 第一议题 that was really taken."""
        planned = list(self.obj.topics.all()) if self.obj is not None else []
        kept = [
            TopicDraft(t.title, t.kind, t.source)
            for t in planned
            if t.kind != Topic.Kind.FIRST or t.title == first
        ]
        if first and not any(draft.kind == Topic.Kind.FIRST for draft in kept):
            kept.insert(0, TopicDraft(first, Topic.Kind.FIRST))
        return kept


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
