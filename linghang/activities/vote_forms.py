"""What the verbs of votes and leaves ask for, and the one-tap records of talks and short lessons."""

from functools import cached_property
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError

from linghang.activities.actions.votes import present_of
from linghang.activities.bases import CONFIRMATION, OF_COMMITTEES, base_of, called
from linghang.activities.models import Attendance, Meeting, Topic, Vote
from linghang.activities.turns import is_talk, rota
from linghang.kernel import clock
from linghang.org.models import Membership, Person, Unit
from linghang.rules.electorate import Base
from linghang.ui.forms import HouseForm, ReasonForm


def counter(label: str, *, required: bool = False, **more: Any) -> forms.IntegerField:
    """A number of people or of ballots."""
    return forms.IntegerField(label=label, min_value=0, max_value=9999, required=required, **more)


class VoteForm(HouseForm):
    """登记表决: what was put to the vote and how many were for it; the base and the verdict are the system's."""

    rule_code = forms.ChoiceField(label="表决事项", widget=forms.RadioSelect)
    topic = forms.ModelChoiceField(Topic.objects.none(), label="议题", required=False)
    matter = forms.CharField(
        label="表决内容", max_length=200, required=False, help_text="选了议题或对象，可不填。"
    )
    subject = forms.ModelChoiceField(Person.objects.none(), label="对象（预备党员）", required=False)
    proposal = forms.ChoiceField(
        label="处理意见", required=False, choices=[("", "—"), *Vote.Proposal.choices]
    )
    yes = counter("赞成", required=True)
    no = counter("不赞成")
    abstain = counter("弃权")
    written = counter("会前正式书面意见", help_text="因故没到会的人会前写的；计不计票由事项决定。")
    written_yes = counter("其中赞成")
    secret = forms.BooleanField(label="无记名投票", required=False)
    recused = forms.ModelMultipleChoiceField(
        Person.objects.none(),
        label="回避",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="与表决事项有利害关系的人：不计入应到会，记录里写明。",
    )
    base = counter("改动应到会人数", help_text="一般不用填；改动须写理由。")
    base_reason = forms.CharField(label="改动理由", max_length=200, required=False)

    def prepare(self) -> None:
        meeting, fields = self.meeting, cast(Any, self.fields)
        codes = meeting.about.ballots
        fields["rule_code"].choices = [(code, called(code, meeting.held_on)) for code in codes]
        fields["topic"].queryset = meeting.topics.filter(kind=Topic.Kind.MATTER)
        held: Any = Membership.objects
        trial = held.on(meeting.held_on).filter(branch=meeting.unit, status=Membership.Status.PROBATIONARY)
        fields["subject"].queryset = Person.objects.filter(pk__in=trial.values("person"))
        if CONFIRMATION not in codes:
            del fields["subject"], fields["proposal"]
        if len(codes) == 1 or not self.is_bound:
            self.initial = {"rule_code": next(iter(codes), "")}
        self._offer_recusal()

    @property
    def meeting(self) -> Meeting:
        """The meeting that voted."""
        return cast(Meeting, self.obj)

    @cached_property
    def whole(self) -> Base:
        """Who counts, as the roster of the day has it."""
        code = str(self["rule_code"].value() or "")
        codes = self.meeting.about.ballots
        return base_of(self.meeting.unit, code if code in codes else codes[0], self.meeting.held_on)

    def _offer_recusal(self) -> None:
        """Members of a committee may step aside; who counts in a members' meeting is the regulation's alone."""
        fields = cast(Any, self.fields)
        if self.meeting.about.ballots[0] not in OF_COMMITTEES:
            del fields["recused"]
            return
        voters = [int(member.key) for member in self.whole.counted]
        fields["recused"].queryset = Person.objects.filter(pk__in=voters).order_by("pinyin")

    @property
    def present(self) -> int:
        """How many of those who count were there."""
        return present_of(self.meeting, self.whole)

    @property
    def opened(self) -> bool:
        """Whether the part about another base stands open."""
        return any(self[name].value() or self[name].errors for name in ("base", "base_reason"))

    def clean(self) -> dict[str, Any]:
        """Cleaned data are the words of the verb."""
        data = dict(self.cleaned_data)
        for name in ("no", "abstain", "written", "written_yes"):
            data[name] = data.get(name) or 0
        data["recused"] = [person.pk for person in data.get("recused", ())]
        data["matter"] = data.get("matter") or self._matter(data)
        if not data["matter"]:
            raise ValidationError({"matter": "请选议题，或写明表决什么"})
        return data

    @staticmethod
    def _matter(data: dict[str, Any]) -> str:
        if data.get("topic"):
            return str(data["topic"])
        words = str(dict(Vote.Proposal.choices).get(data.get("proposal", ""), ""))
        return f"{data['subject']}{words}" if data.get("subject") and words else ""


class LeaveForm(HouseForm):
    """请假: why, in a word."""

    reason = forms.ChoiceField(label="事由", choices=Attendance.Reason.choices, widget=forms.RadioSelect)
    note = forms.CharField(label="说明", max_length=60, required=False)


class TapForm(HouseForm):
    """一键登记: the day is today and the next speaker is chosen; a talk names the two."""

    held_on = forms.DateField(label="日期")
    speaker = forms.ModelChoiceField(Person.objects.none(), label="主讲人")
    other = forms.ModelChoiceField(Person.objects.none(), label="与谁谈")
    title = forms.CharField(label="讲什么", max_length=120, required=False)

    def __init__(self, *args: Any, unit: Unit, kind: str, **kwargs: Any) -> None:
        self.unit, self.kind = unit, kind
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        fields = cast(Any, self.fields)
        people = rota(self.unit, self.kind, clock.today())
        for name in ("speaker", "other"):
            fields[name].queryset = Person.objects.filter(pk__in=[person.pk for person in people])
        self.initial = {"held_on": clock.today()}
        if is_talk(self.kind):
            fields["speaker"].label = "谁谈"
            del fields["title"]
        else:
            del fields["other"]
            self.initial["speaker"] = people[0].pk if people else None

    def clean(self) -> dict[str, Any]:
        """Cleaned data are the words of `record`."""
        data = dict(self.cleaned_data)
        speaker, other = data.pop("speaker", None), data.pop("other", None)
        roll = [person.pk for person in (speaker, other) if person is not None]
        if speaker is not None and speaker == other:
            raise ValidationError({"other": "请选另一个人"})
        return {**data, "chair": speaker, "roll": roll}


VOTE_FORMS: dict[str, type[forms.Form] | None] = {"confirm_vote": None, "void_vote": ReasonForm}
LEAVE_FORMS: dict[str, type[forms.Form] | None] = {"withdraw_leave": None}
FEED_FORMS: dict[str, type[forms.Form] | None] = {"close_feed": None}
