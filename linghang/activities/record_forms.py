"""记一次: what the record of a meeting asks for, nearly all of it filled in."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.dateparse import parse_date

from linghang.activities import absentees, sentences
from linghang.activities.actions import ResolutionDraft, TopicDraft
from linghang.activities.answers import answered_by, fitting, kind_asked, open_lines
from linghang.activities.asking import field_of, replies
from linghang.activities.forms import KindChoice, area, short
from linghang.activities.models import Ask, Attendance, How, Meeting, Topic, asked_of, held_by, kind_of
from linghang.activities.recalled import recall, replied
from linghang.activities.resolutions import Unread, read_resolutions, refuse_unread, written
from linghang.activities.roll import committee, expected
from linghang.dispatch.models import Line
from linghang.kernel import clock
from linghang.org.models import Person, Unit
from linghang.ui.forms import HouseForm, Suggesting

OUTSIDE = "outside"
MORE = ("also", "of_year", "days", "steps")


@dataclass(frozen=True)
class Seat:
    """One person who was expected, as the form shows them."""

    person: Person
    absent: bool
    reason: str


@dataclass(frozen=True)
class Answer:
    """An open line of the unit, and whether the record is to report it."""

    line: Line
    ticked: bool


class RecordForm(KindChoice, HouseForm):
    """记一次: seven things to look at, nearly all of them filled in; the rest lies under 更多."""

    kind = forms.ChoiceField(
        label="开的什么会", widget=forms.RadioSelect(attrs={"class": "form-selectgroup-input"})
    )
    held_on = forms.DateField(label="日期")
    chair = forms.ModelChoiceField(Person.objects.none(), label="主持人", required=False)
    title = forms.CharField(label="主题", max_length=120, required=False, widget=Suggesting)
    first_topic = forms.CharField(
        label="第一议题（学习内容）", max_length=200, required=False, widget=Suggesting
    )
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
    line = forms.ModelMultipleChoiceField(Line.objects.none(), label="随这次会上报", required=False)
    absentees = forms.CharField(
        label="没来的",
        required=False,
        max_length=3000,
        widget=area(3, "写姓名，如：王蕾（值班）、何员（外出）"),
        help_text="各支部报来的缺席名单，用顿号或换行隔开；重名的写工号。都到了就空着。",
    )
    again = forms.BooleanField(label="当天确有两次，这是另一次", required=False)

    def __init__(self, *args: Any, unit: Unit, given: Mapping[str, Any], **kwargs: Any) -> None:
        self.unit, self.given = unit, given
        self.twin: Meeting | None = None
        self.unread: list[Unread] = []
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        choices, fields = self.offer_kinds(self.unit), cast(Any, self.fields)
        recall(self, self.unit, "first_topic", "title")
        fields["also"].choices = choices
        steps = list(dict.fromkeys(step for kind in held_by(self.unit.kind) for step in kind.steps))
        fields["steps"].choices = [(step, step) for step in steps]
        fields["kind"].choices = [one for one in choices if self.obj is None or one[0] == self.obj.kind]
        self._ask()
        heads = self.unit.heads()
        called = committee(self.unit, self.day_now).values("pk") if self.gathers else self.called
        fields["chair"].queryset = Person.objects.filter(Q(pk__in=called) | Q(pk__in=heads))
        fields["line"].queryset = Line.objects.filter(pk__in=[line.pk for line in self.open_lines])
        if not self.is_bound:
            self.initial = self._first_values(heads.first())

    @cached_property
    def open_lines(self) -> list[Line]:
        """What the unit has still to report."""
        return open_lines(self.person, self.unit)

    @cached_property
    def kind_chosen(self) -> str:
        """The kind that was chosen, came with the address, or is asked for by the line that came with it; else none."""
        known: dict[str, str] = dict(cast(Any, self.fields["kind"]).choices)
        wanted = str((self.data if self.is_bound else self.given).get("kind", ""))
        if wanted in known or self.is_bound:
            return wanted if wanted in known else ""
        if len(known) == 1:
            return next(iter(known))
        named = [line for line in self.open_lines if line.pk in self._named]
        asked = kind_asked(named[0], self.unit) if named else ""
        return asked if asked in known else ""

    @property
    def kind_now(self) -> str:
        """The kind by which the roll is called; until one is chosen, the first."""
        return self.kind_chosen or str(cast(Any, self.fields["kind"]).choices[0][0])

    @cached_property
    def asked(self) -> dict[str, Ask]:
        """What the chosen kind asks besides, and what those ask as which it counts as well."""
        source: Any = self.data if self.is_bound else self.given
        also = source.getlist("also") if hasattr(source, "getlist") else []
        if not self.is_bound and "kind" not in source and self.obj is not None:
            also = self.obj.also
        known: dict[str, str] = dict(cast(Any, self.fields["also"]).choices)
        return asked_of([code for code in (self.kind_chosen, *also) if code in known])

    def _ask(self) -> None:
        """Make the questions fields; a line offers what the unit wrote lately, a plan's replies stand there already."""
        texts = [code for code, ask in self.asked.items() if ask.how == How.TEXT]
        written = replied(cast(Any, self.person), self.unit, texts)
        fields = cast(Any, self.fields)
        for code, ask in self.asked.items():
            fields[ask.name] = field_of(ask, written.get(code, ()))
            planned = self.obj.replies.get(code) if self.obj is not None else None
            fields[ask.name].initial = self.given.get(ask.name) or planned

    @property
    def must_reply(self) -> list[forms.BoundField]:
        """The questions that stand in sight."""
        return [self[ask.name] for ask in self.asked.values() if ask.required]

    @property
    def may_reply(self) -> list[forms.BoundField]:
        """The questions behind their own summary, which names them."""
        return [self[ask.name] for ask in self.asked.values() if not ask.required]

    @property
    def replying(self) -> bool:
        """Whether one of those is filled in or wrong."""
        return any(field.value() or field.errors for field in self.may_reply)

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
    def gathers(self) -> bool:
        """Whether so many are called that absentees are named instead of ticked."""
        return kind_of(self.kind_now).gathers

    @property
    def seats(self) -> list[Seat]:
        absences = self.absences
        return [Seat(person, person.pk in absences, absences.get(person.pk, "")) for person in self.people]

    @property
    def reasons(self) -> list[tuple[str, str]]:
        outside = [(OUTSIDE, "不在本组")] if self.unit.kind == Unit.Kind.GROUP else []
        return [*((str(value), str(label)) for value, label in Attendance.Reason.choices), *outside]

    @cached_property
    def fits(self) -> set[int]:
        """The lines that this kind of meeting on this day answers."""
        if not self.kind_chosen:
            return set()
        return {line.pk for line in fitting(self.open_lines, kind_of(self.kind_chosen), self.day_now)}

    @cached_property
    def _named(self) -> set[int]:
        """The lines that are ticked, or that the address names by key or reference."""
        source: Any = self.data if self.is_bound else self.given
        ticked = source.getlist("line") if hasattr(source, "getlist") else []
        return {int(key) for key in (one.rpartition(":")[2] for one in ticked) if key.isdigit()}

    @cached_property
    def answers(self) -> list[Answer]:
        """The unit's open lines, those that the record would report first.

        Until it is sent, what fits is ticked: when kind or day change, what was ticked only because it fitted them goes.
        """
        ticked = self._named
        if not self.is_bound:
            fitted = self.given.getlist("fitted") if hasattr(self.given, "getlist") else []
            ticked = ticked - {int(key) for key in fitted if key.isdigit()} | self.fits | self._tied
        found = [Answer(line, line.pk in ticked) for line in self.open_lines]
        return sorted(found, key=lambda one: not (one.ticked or one.line.pk in self.fits))

    @property
    def _tied(self) -> set[int]:
        """A record that came back reports what it reported before."""
        if self.obj is None or not self.obj.recorded_on:
            return set()
        return set(answered_by(self.obj).values_list("pk", flat=True))

    @property
    def foremost(self) -> list[Answer]:
        """What stands in sight: ticked, or fit to be."""
        return [one for one in self.answers if one.ticked or one.line.pk in self.fits]

    @property
    def others(self) -> list[Answer]:
        return [one for one in self.answers if not (one.ticked or one.line.pk in self.fits)]

    @property
    def opened(self) -> bool:
        """Whether 更多 stands open: something in it is filled in or wrong."""
        return any(self[name].value() or self[name].errors for name in MORE)

    def _first_values(self, head: Person | None) -> dict[str, Any]:
        chosen = self.given.get("chair")
        held = {"kind": self.kind_chosen, "held_on": self.day_now, "chair": chosen or head}
        if self.obj is None:
            return held
        first, _ = sentences.agenda(self.obj.topics.all())
        drafts = [
            ResolutionDraft(r.text, r.due_on, r.owner) for r in self.obj.resolutions.select_related("owner")
        ]
        kept = {name: getattr(self.obj, name) for name in ("title", "also", "of_year", "book_page", "steps")}
        text = "\n".join(map(written, drafts))
        if self.gathers:
            kept["absentees"] = absentees.written(self.obj.attendances.filter(present=False))
        return {
            **held,
            **kept,
            "chair": chosen or self.obj.chair_id or head,
            "first_topic": first,
            "resolutions": text,
        }

    def clean(self) -> dict[str, Any]:
        """Cleaned data are the words of the verb."""
        data = dict(self.cleaned_data)
        if "held_on" not in data or "kind" not in data:
            return data
        named = data.pop("absentees", "")
        absent = absentees.read_absentees(named, self.people) if self.gathers else self.absences
        absences = {pk: reason for pk, reason in absent.items() if pk in self.called}
        lines, text, first = data.pop("line", ()), data.pop("resolutions", ""), data.pop("first_topic", "")
        if not (text or first or data.get("title") or data.get("book_page")):
            raise ValidationError({"resolutions": "请写一句议定事项或主题；已记在纸质本上的，注明页码即可"})
        drafts, self.unread = read_resolutions(text, self.unit, self.people, data["held_on"])
        short(drafts, "resolutions")
        refuse_unread(self.unread, self._as_written)
        given = replies(self.asked, data)
        return {
            **data,
            "days": data.get("days") or 1,
            "roll": [pk for pk in self.called if absences.get(pk) != OUTSIDE],
            "absent": {pk: reason for pk, reason in absences.items() if reason != OUTSIDE},
            "resolutions": drafts,
            "topics": self._topics(first),
            "replies": given,
            "evidence_for": [line.ref for line in lines],
        }

    @property
    def _as_written(self) -> list[str]:
        """The lines that were asked about before and are sent again as they were."""
        source: Any = self.data
        return source.getlist("as_written") if hasattr(source, "getlist") else []

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
