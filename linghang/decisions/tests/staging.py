"""The hospital's head as decisions want it: a president beside the secretary, a committee of five, a covered department."""

from datetime import date
from types import SimpleNamespace
from typing import Any

from linghang.activities import actions as activities
from linghang.activities.models import Meeting
from linghang.decisions import actions
from linghang.decisions.models import Matter, TaskForce, Topic, party_body
from linghang.kernel import clock
from linghang.org.models import Post
from tests.making import afresh, make_person, make_post

DAY, SITTING = date(2026, 11, 2), date(2026, 11, 9)


def stage(cast: Any, hospital: Any) -> SimpleNamespace:
    """Secretary, president, deputy and two more sit on the committee; the department's clerk proposes."""
    Post.objects.filter(unit=hospital.party, role="party_committee_member").delete()
    president = make_person("1101", name="白院长", account=True)
    make_post(president, "president", hospital.party)
    seats = [cast.party_secretary, president, cast.leader]
    for number in ("1102", "1103"):
        member = make_person(number, name=f"委员{number[-1]}", account=True)
        make_post(member, "party_committee_member", hospital.party)
        seats.append(member)
    proposer = make_person("6101", name="内科报送人", home=hospital.d_medicine, account=True)
    make_post(proposer, "contributor", hospital.d_medicine)
    found = {"president": president, "secretary": cast.party_secretary, "proposer": proposer}
    people = {name: afresh(person) for name, person in found.items()}
    given = {"unit": hospital.party, "title": "医疗装备委员会", "lead": cast.leader, "since": DAY}
    committee = actions.add_force(cast.office, kind=TaskForce.Kind.COMMITTEE, weighty=True, **given)
    seated = [afresh(one) for one in seats]
    return SimpleNamespace(**people, seats=seated, committee=committee, cast=cast, hospital=hospital)


def make(stage: SimpleNamespace, matter: str = "plan", **more: Any) -> Topic:
    """A topic as the department proposes it."""
    given = {"title": "发展规划", "leader": stage.cast.leader, "month": DAY, **more}
    return actions.propose(
        stage.proposer,
        unit=stage.hospital.party,
        department=stage.hospital.d_medicine,
        matter=Matter.objects.get(code=matter),
        **given,
    )


def prepare(stage: SimpleNamespace, matter: str = "plan", *, sign: bool = True, **more: Any) -> Topic:
    """A topic led as far as both signatures, or to where they are asked for."""
    topic, office = make(stage, matter, **more), stage.cast.office
    actions.endorse(topic, stage.cast.leader)
    if topic.state == Topic.State.ARGUING:
        actions.argue(topic, office, committee=stage.committee, held_on=clock.today(), agreed=True)
    if topic.state == Topic.State.STUDYING:
        actions.study(topic, office, held_on=clock.today(), number="院办纪要〔2026〕8号", agreed=True)
    if sign and topic.matter.signed:
        actions.sign(topic, stage.president)
        actions.sign(topic, stage.secretary)
    return topic


def hear(stage: SimpleNamespace, topic: Topic, held_on: date | None = None) -> Meeting:
    """The covering branch resolves on it, and its secretary enters the opinion."""
    secretary = stage.cast.secretary
    unit, day = stage.hospital.b_medicine, held_on or clock.today()
    meeting = activities.record(secretary, unit=unit, kind=Meeting.Kind.BOARD, held_on=day)
    actions.give_opinion(topic, secretary, meeting=meeting, result=Topic.Opinion.AGREED)
    return meeting


def call(stage: SimpleNamespace, held_on: date = SITTING, kind: str = "") -> Meeting:
    """A planned sitting of the body that decides."""
    unit = stage.hospital.party
    first = activities.TopicDraft("学习重要讲话精神", kind="first")
    kind = kind or party_body(unit)
    return activities.plan(stage.cast.office, unit=unit, kind=kind, held_on=held_on, topics=[first])


def hold(stage: SimpleNamespace, sitting: Meeting, absent: Any = ()) -> Meeting:
    """The sitting is held and recorded; whoever is absent was on leave."""
    return activities.record_planned(
        sitting, stage.cast.office, absent={person.pk: "leave" for person in absent}
    )
