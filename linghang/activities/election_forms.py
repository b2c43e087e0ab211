"""What the steps of an election ask for: days, document numbers, names and counts."""

from typing import Any

from django import forms

from linghang.activities.actions.ballots import Slips, committee, named, on_the_ballot, present_of
from linghang.activities.actions.elections import chosen, full_members, seats_left, voters
from linghang.activities.models.elections import Election
from linghang.activities.models.meetings import Meeting
from linghang.kernel import clock
from linghang.org.models import Person, Role, Unit
from linghang.rules import branch, voting
from linghang.ui.forms import HouseForm, ReasonForm

DUTIES = ("organiser", "publicist", "disciplinarian")


class SizeForm(HouseForm):
    """When the meeting is planned and how many are to be elected."""

    planned_on = forms.DateField(label="拟定选举日")
    seats = forms.IntegerField(
        label="应选名额", min_value=1, max_value=7, help_text="支委会 3 至 5 人，一般不超过 7 人。"
    )
    direct = forms.BooleanField(label="不设支委会，由党员大会直接选举书记", required=False)
    reason = forms.CharField(
        label="事由", max_length=200, required=False, help_text="提前、延期或名额较多时写明。"
    )


class BeginForm(SizeForm):
    """A new election of a branch."""

    kind = forms.ChoiceField(label="类别", choices=Election.Kind.choices, widget=forms.RadioSelect)
    role = forms.ModelChoiceField(
        label="补选职务", queryset=Role.objects.none(), required=False, help_text="换届不用填。"
    )
    field_order = ["kind", "role", "planned_on", "seats", "direct", "reason"]

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        self.unit = unit
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        """Seven full members elect a committee, fewer a secretary; what the roster says is filled in."""
        self.fields["role"].queryset = Role.objects.filter(on_committee=True, order__range=(30, 39))  # type: ignore[attr-defined]
        today = clock.today()
        board = branch.needs_committee(full_members(self.unit, today), on=today)
        self.initial = {"kind": Election.Kind.TERM, "seats": 3 if board else 1, "direct": not board}

    def clean(self) -> dict[str, Any]:
        """A by-election fills one post; only a leading one may be filled by the members directly."""
        data = dict(self.cleaned_data)
        if data.get("kind") == Election.Kind.BY:
            role = data.get("role")
            data |= {"seats": 1, "direct": bool(data.get("direct") and role and role.leads)}
        return data


class EditForm(SizeForm):
    """The request as it stands, to be changed."""

    def prepare(self) -> None:
        """What was drafted."""
        self.initial = {name: getattr(self.obj, name) for name in self.fields}


class ReplyForm(HouseForm):
    """The superior's reply: its number and day."""

    number = forms.CharField(label="批复文号", max_length=60)
    replied_on = forms.DateField(label="批复日期")

    def prepare(self) -> None:
        """Today is the usual day."""
        self.initial = {"replied_on": clock.today()}


class ApproveForm(ReplyForm):
    """The reply to the request may change the number of seats."""

    seats = forms.IntegerField(label="批准名额", min_value=1, max_value=7)

    def prepare(self) -> None:
        """As requested."""
        super().prepare()
        self.initial["seats"] = self.obj.seats


class RatifyForm(ReplyForm):
    """The reply to the result, and from when the new committee is in office."""

    begins_on = forms.DateField(label="任职起始", help_text="原班子同日免职；岗位随批复一并变动。")

    def prepare(self) -> None:
        """From today on."""
        super().prepare()
        self.initial["begins_on"] = clock.today()


class NominateForm(HouseForm):
    """Who stands: out of those with the right to stand on this day."""

    people = forms.ModelMultipleChoiceField(
        label="候选人", queryset=Person.objects.none(), widget=forms.CheckboxSelectMultiple
    )

    def prepare(self) -> None:
        """Only those with the right are offered; the others are named with the reason."""
        today, election = clock.today(), self.obj
        base = voters(election.unit, today)
        field: Any = self.fields["people"]
        free = Person.objects.filter(pk__in=[one.key for one in base.counted])
        field.queryset = free.exclude(pk__in=[one.pk for one in chosen(election)])
        self.initial = {"people": list(election.candidates.values_list("person", flat=True))}
        left = seats_left(election)
        need = voting.nomination(0, left, on=today).sentence.rpartition("，")[2]
        out = "；".join(f"{one.member.name}（{one.reason}）" for one in base.left_out)
        words = "直接选举书记" if election.direct else f"应选 {left} 人，候选人{need}"
        field.help_text = f"{words}。{f'没有被选举权：{out}。' if out else ''}"

    def clean_people(self) -> list[Person]:
        """In the order of the list."""
        return list(self.cleaned_data["people"])


class CallForm(HouseForm):
    """The members' meeting: one that is planned already, or a new one."""

    meeting = forms.ModelChoiceField(label="已有的党员大会", queryset=Meeting.objects.none(), required=False)
    held_on = forms.DateField(label="开会日期", required=False)
    starts_at = forms.TimeField(label="时间", required=False)
    place = forms.CharField(label="地点", max_length=80, required=False)

    def prepare(self) -> None:
        """Meetings of the branch since the candidates were approved."""
        election: Election = self.obj
        found = Meeting.objects.filter(
            unit=election.unit, kind=Meeting.Kind.ASSEMBLY, held_on__gte=election.candidates_on
        )
        field: Any = self.fields["meeting"]
        field.queryset = found.exclude(state=Meeting.State.CANCELLED)
        if field.queryset.exists():
            field.help_text = "选了这里，就不用再填日期。"
        else:
            del self.fields["meeting"]
        self.initial = {"held_on": max(election.planned_on, clock.today())}

    def clean(self) -> dict[str, Any]:
        """A meeting that was named has its own day."""
        data = dict(self.cleaned_data)
        return {"meeting": data["meeting"]} if data.get("meeting") else data


class CountForm(HouseForm):
    """The tellers' numbers: ballots and votes, never who voted what."""

    issued = forms.IntegerField(label="发出选票", min_value=0)
    returned = forms.IntegerField(label="收回选票", min_value=0)
    void = forms.IntegerField(label="其中废票", min_value=0, initial=0)
    proxies = forms.IntegerField(label="委托他人代投", min_value=0, initial=0, help_text="选举不得委托代投。")

    def prepare(self) -> None:
        """One box for each name on the ballot; who came is known, the tellers come from those who do not stand."""
        election: Election = self.obj
        people = [one.person for one in on_the_ballot(election)]
        names = named(people)
        for person in people:
            label = f"{names[person.pk]}得票"
            self.fields[f"votes_{person.pk}"] = forms.IntegerField(label=label, min_value=0)
        day = election.assembly.held_on if election.assembly else clock.today()
        base = voters(election.unit, day)
        self.fields["issued"].initial = present_of(election.assembly, base) if election.assembly else None
        free = Person.objects.filter(pk__in=[one.key for one in base.counted])
        scrutineers = free.exclude(pk__in=election.candidates.values("person"))
        self.fields["scrutineer"] = forms.ModelChoiceField(
            label="监票人",
            queryset=scrutineers,
            required=False,
            empty_label="—",
            help_text="候选人不得担任监票人。",
        )
        self.fields["expected"] = forms.IntegerField(
            label="应到会有选举权人数",
            min_value=1,
            initial=base.size,
            help_text=f"{base.sentence}。改动须写理由。",
        )
        self.fields["because"] = forms.CharField(label="改动应到会人数的理由", max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        """Cleaned data are the words of the verb."""
        data = dict(self.cleaned_data)
        votes = {int(name[6:]): data.pop(name) for name in list(data) if name.startswith("votes_")}
        slips = {name: data.pop(name, 0) for name in ("issued", "returned", "void", "proxies")}
        return {**data, "slips": Slips(**slips), "votes": votes}


class DivideForm(HouseForm):
    """The committee's first meeting: who leads, with how many votes, and who does what."""

    held_on = forms.DateField(label="第一次会议日期")
    present = forms.IntegerField(label="到会委员", min_value=1)
    officer = forms.ModelChoiceField(label="书记", queryset=Person.objects.none())
    votes = forms.IntegerField(label="书记得票", min_value=0)

    def prepare(self) -> None:
        """The elected, and for a whole committee the duties that it must have (R-ZB-23)."""
        election: Election = self.obj
        members = committee(election)
        pool = Person.objects.filter(pk__in=[one.pk for one in members])
        officer: Any = self.fields["officer"]
        officer.queryset = pool
        self.initial = {
            "held_on": election.assembly.held_on if election.assembly else None,
            "present": len(members),
        }
        if election.role is not None:
            officer.queryset = Person.objects.filter(pk__in=[one.pk for one in chosen(election)])
            officer.label, self.fields["votes"].label = election.role.name, f"{election.role.name}得票"
            return
        self.fields["deputy"] = forms.ModelChoiceField(
            label="副书记", queryset=pool, required=False, empty_label="不设"
        )
        self.fields["deputy_votes"] = forms.IntegerField(label="副书记得票", min_value=0, required=False)
        for code, name in Role.objects.filter(code__in=DUTIES).values_list("code", "name"):
            self.fields[f"duty_{code}"] = forms.ModelChoiceField(
                label=name, queryset=pool, required=False, empty_label="—"
            )

    def clean(self) -> dict[str, Any]:
        """Cleaned data are the words of the verb."""
        data = dict(self.cleaned_data)
        duties = {name[5:]: data.pop(name) for name in list(data) if name.startswith("duty_")}
        data["deputy_votes"] = data.get("deputy_votes") or 0
        return {**data, "duties": {code: person for code, person in duties.items() if person}}


FORMS: dict[str, type[forms.Form] | None] = {
    "edit_election": EditForm,
    "request_election": None,
    "forward_election": None,
    "approve_election": ApproveForm,
    "nominate": NominateForm,
    "approve_candidates": ReplyForm,
    "call_election": CallForm,
    "count": CountForm,
    "confirm_count": None,
    "reduce_seats": ReasonForm,
    "divide": DivideForm,
    "report_election": None,
    "ratify": RatifyForm,
    "return_election": ReasonForm,
    "cancel_election": ReasonForm,
}
