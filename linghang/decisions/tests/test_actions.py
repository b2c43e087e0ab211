"""A topic's road to the agenda and every refusal on it, in both shapes of a hospital."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from linghang.activities import actions as activities
from linghang.decisions import actions
from linghang.decisions.models import Matter, TaskForce, Topic
from linghang.decisions.parameters import SECOND_SIGNER
from linghang.decisions.road import road
from linghang.decisions.seats import apart
from linghang.decisions.tests.staging import DAY, SITTING, call, hear, hold, make, prepare
from linghang.kernel import clock
from linghang.kernel.flow import OwnWork, WrongState
from linghang.kernel.models import Parameter, Trail
from linghang.kernel.refs import results
from linghang.org.models import Post
from tests.making import afresh, make_post

State = Topic.State
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("november")]


def listed(stage: SimpleNamespace, matter: str = "plan", **more: Any) -> Topic:
    topic = prepare(stage, matter, **more)
    if topic.matter.heard:
        hear(stage, topic)
    actions.list_topic(topic, stage.cast.office, sitting=call(stage))
    return topic


def held(stage: SimpleNamespace, matter: str = "plan", absent: Any = (), **more: Any) -> Topic:
    """A topic whose sitting has been recorded."""
    topic = listed(stage, matter, **more)
    with clock.at(SITTING):
        hold(stage, topic.sitting, absent)
    topic.refresh_from_db()
    return topic


def decide(stage: SimpleNamespace, topic: Topic, **more: Any) -> Topic:
    with clock.at(SITTING):
        return actions.decide(topic, stage.cast.office, **{"manner": "show", "yes": 5, **more})


def add(stage: Any, **more: Any) -> TaskForce:
    given = {"title": "学科建设领导小组", "weighty": True, "lead": stage.secretary, "since": DAY, **more}
    return actions.add_force(stage.cast.office, unit=stage.hospital.party, **given)


# --- the road --------------------------------------------------------------------------------------------------------


@pytest.mark.mechanism("S0-01", "S2-10")
def test_a_business_topic_goes_through_every_station_to_the_decision(stage: Any) -> None:
    topic = make(stage, "equipment")
    assert (topic.state, topic.branch) == (State.PROPOSED, stage.hospital.b_medicine)
    actions.endorse(topic, stage.cast.leader)
    assert topic.state == State.ARGUING
    actions.argue(topic, stage.proposer, committee=stage.committee, held_on=DAY, agreed=True)
    assert topic.state == State.STUDYING
    actions.study(topic, stage.cast.office, held_on=DAY, number="院办纪要 8 号", agreed=True)
    assert topic.state == State.SIGNING
    hear(stage, topic)
    actions.sign(topic, stage.secretary)
    assert (topic.state, topic.secretary_on) == (State.SIGNING, DAY)
    actions.sign(topic, stage.president)
    assert topic.state == State.READY
    sitting = call(stage)
    actions.list_topic(topic, stage.cast.office, sitting=sitting)
    assert [(item.kind, item.title) for item in sitting.topics.all()] == [
        ("first", "学习重要讲话精神"),
        ("matter", "发展规划"),
    ]
    with clock.at(SITTING):
        hold(stage, sitting)
    decide(stage, topic, minutes_number="党委纪要〔2026〕20号")
    assert (topic.state, topic.conclusion, topic.decided_on) == (State.DECIDED, "passed", SITTING)
    assert {station.state for station in road(topic)} == {"done"}
    assert (topic.vote.base, topic.vote.present, topic.vote.topic.source) == (5, 5, topic.ref)
    assert list(Trail.objects.filter(subject=topic.ref).order_by("pk").values_list("verb", flat=True)) == [
        f"decisions.{name}"
        for name in (
            "propose", "endorse", "argue", "study", "give_opinion", "sign", "sign", "list_topic", "decide"
        )
    ]  # fmt: skip


@pytest.mark.mechanism("S1-07")
def test_a_personnel_topic_goes_straight_to_the_committee_and_wants_two_thirds(stage: Any) -> None:
    topic = held(stage, "appointment", absent=stage.seats[3:])
    with pytest.raises(ValidationError, match="三分之二"):
        decide(stage, topic, manner="ticket", yes=3)
    topic.refresh_from_db()
    assert (topic.state, topic.vote) == (State.LISTED, None)
    assert topic.matter.materials[:2] == ["动议方案", "民主推荐情况"]


@pytest.mark.mechanism("S0-21")
def test_cadres_are_voted_on_by_ticket_in_the_committee(stage: Any) -> None:
    passed = decide(stage, held(stage, "selection"), manner="ticket", yes=4, no=1)
    assert (passed.vote.secret, passed.vote.rule_code, passed.conclusion) == (True, "R-BJ-06", "passed")


def test_only_the_named_leader_endorses_and_nobody_their_own_topic(stage: Any) -> None:
    topic = make(stage)
    with pytest.raises(PermissionDenied, match="由分管领导孙国维签批"):
        actions.endorse(topic, stage.president)
    with pytest.raises(ValidationError, match="提出人不能是签批的分管领导"):
        make(stage, leader=stage.proposer)
    own = actions.propose(
        stage.cast.office,
        unit=stage.hospital.party,
        department=stage.hospital.d_office,
        matter=topic.matter,
        title="甲",
        leader=stage.cast.leader,
        month=DAY,
    )
    make_post(stage.cast.office, "party_committee_member", stage.hospital.party)
    Topic.objects.filter(pk=own.pk).update(leader=stage.cast.office)
    with pytest.raises(OwnWork):
        actions.endorse(own, afresh(stage.cast.office))


def test_a_department_proposes_for_itself_alone(stage: Any) -> None:
    with pytest.raises(PermissionDenied):
        actions.propose(
            stage.cast.contributor,
            unit=stage.hospital.d_surgery,
            department=stage.hospital.d_surgery,
            matter=Matter.objects.get(code="plan"),
            title="甲",
            leader=stage.cast.leader,
            month=DAY,
        )


def test_a_retired_matter_is_not_proposed(stage: Any) -> None:
    Matter.objects.filter(code="plan").update(retired=True)
    with pytest.raises(ValidationError, match="已不再使用"):
        make(stage)


def test_a_topic_that_is_turned_down_comes_back_and_begins_anew(stage: Any) -> None:
    topic = make(stage, "equipment")
    actions.endorse(topic, stage.cast.leader)
    with pytest.raises(ValidationError, match="还没到这一天"):
        actions.argue(
            topic, stage.cast.office, committee=stage.committee, held_on=DAY + timedelta(days=1), agreed=True
        )
    actions.argue(topic, stage.cast.office, committee=stage.committee, held_on=DAY, agreed=False)
    assert topic.state == State.RETURNED
    given = {"matter": topic.matter, "title": "改过的", "leader": topic.leader, "month": DAY}
    actions.revise(topic, stage.proposer, **given)
    assert (topic.state, topic.endorsed_on, topic.argued_by, topic.title) == (
        State.PROPOSED,
        None,
        None,
        "改过的",
    )
    actions.return_topic(topic, stage.cast.office, reason="材料不全")
    assert topic.state == State.RETURNED


@pytest.mark.mechanism("S2-12")
def test_only_a_registered_professional_committee_argues(stage: Any) -> None:
    topic = make(stage, "equipment")
    actions.endorse(topic, stage.cast.leader)
    gone = add(stage, kind="committee", title="药事委员会")
    actions.end_force(gone, stage.cast.office, until=DAY)
    for wrong in (add(stage), gone):
        with pytest.raises(ValidationError, match="不是在设的专业委员会"):
            actions.argue(topic, stage.cast.office, committee=wrong, held_on=DAY, agreed=True)
    actions.argue(topic, stage.cast.office, committee=stage.committee, held_on=DAY, agreed=True)
    assert list(stage.committee.argued.all()) == [topic]


def test_what_the_executive_does_not_agree_to_goes_back(stage: Any) -> None:
    topic = make(stage)
    actions.endorse(topic, stage.cast.leader)
    actions.study(topic, stage.cast.office, held_on=DAY, number="8", agreed=False)
    assert topic.state == State.RETURNED


# --- both signatures -------------------------------------------------------------------------------------------------


@pytest.mark.mechanism("S2-10")
def test_a_topic_without_both_signatures_goes_on_no_agenda(stage: Any) -> None:
    topic = prepare(stage, sign=False)
    sitting = call(stage)
    for signer, missing in ((stage.president, "书记、院长"), (None, "书记")):
        with pytest.raises(ValidationError, match=f"上会前{missing}没有签字.*请书记、院长先签字"):
            actions.list_topic(topic, stage.cast.office, sitting=sitting)
        if signer:
            actions.sign(topic, signer)
    actions.sign(topic, stage.secretary)
    actions.list_topic(topic, stage.cast.office, sitting=sitting)
    assert topic.state == State.LISTED


def test_nobody_signs_twice_nor_without_a_seat(stage: Any) -> None:
    topic = prepare(stage, sign=False)
    actions.sign(topic, stage.secretary)
    with pytest.raises(ValidationError, match="已签过字"):
        actions.sign(topic, stage.secretary)
    with pytest.raises(PermissionDenied, match="由书记、院长本人签"):
        actions.sign(topic, stage.cast.leader)
    with pytest.raises(PermissionDenied):
        actions.sign(topic, stage.cast.office)
    topic.refresh_from_db()
    assert (topic.state, topic.president_on) == (State.SIGNING, None)


def test_by_no_road_one_person_signs_for_both(stage: Any) -> None:
    topic = prepare(stage, sign=False)
    actions.sign(topic, stage.secretary)
    topic.president_signer, topic.president_on = stage.secretary, DAY
    with pytest.raises(ValidationError, match="不能由一人代书记、院长两方签字"):
        topic.full_clean()


@pytest.fixture
def doubled(stage: Any) -> SimpleNamespace:
    """One person is secretary and president."""
    Post.objects.filter(role="president").delete()
    make_post(stage.secretary, "president", stage.hospital.party)
    stage.secretary = afresh(stage.secretary)
    return stage


def test_where_one_person_holds_both_posts_the_second_signer_is_named_by_the_blueprint(doubled: Any) -> None:
    stage, leader = doubled, doubled.cast.leader
    topic = prepare(stage, sign=False)
    actions.sign(topic, stage.secretary)
    with pytest.raises(ValidationError, match="第二签字人由蓝图"):
        actions.sign(topic, stage.secretary)
    with pytest.raises(PermissionDenied):
        actions.sign(topic, leader)
    Parameter.objects.create(code=SECOND_SIGNER, value="deputy_party_secretary", since=DAY)
    actions.sign(topic, leader)
    assert (topic.state, topic.president_signer) == (State.READY, leader)
    assert apart().met is False


@pytest.mark.mechanism("S1-02")
def test_when_the_two_differ_the_topic_waits_until_it_is_asked_again(stage: Any) -> None:
    topic = prepare(stage, sign=False)
    actions.sign(topic, stage.president)
    actions.hold(topic, stage.secretary, reason="预算来源再商量")
    assert (topic.state, topic.president_on, topic.president_signer) == (State.HELD, None, None)
    with pytest.raises(ValidationError, match="沟通后重新提请双签"):
        actions.list_topic(topic, stage.cast.office, sitting=call(stage))
    with pytest.raises(WrongState):
        actions.sign(topic, stage.president)
    actions.resume(topic, stage.cast.office, note="预算来源已商定")
    actions.sign(topic, stage.secretary)
    actions.sign(topic, stage.president)
    assert topic.state == State.READY


# --- the branch's opinion --------------------------------------------------------------------------------------------


@pytest.mark.mechanism("S2-04")
def test_a_department_matter_without_its_branchs_opinion_goes_on_no_agenda(stage: Any) -> None:
    topic = prepare(stage, "equipment")
    sitting = call(stage)
    with pytest.raises(ValidationError, match=r"没有支部意见.*请内科党支部先开会研究"):
        actions.list_topic(topic, stage.cast.office, sitting=sitting)
    meeting = hear(stage, topic)
    assert results(meeting.ref) == [topic.ref]
    actions.list_topic(topic, stage.cast.office, sitting=sitting)
    assert topic.state == State.LISTED


def test_the_opinion_is_that_of_the_covering_branch_from_a_recorded_meeting(stage: Any) -> None:
    topic = prepare(stage, "equipment")
    give = {"result": "agreed"}
    unit = stage.hospital.b_surgery
    elsewhere = activities.record(stage.cast.outsider, unit=unit, kind="board", held_on=DAY)
    with pytest.raises(ValidationError, match="不覆盖“内科”"):
        actions.give_opinion(topic, stage.cast.secretary, meeting=elsewhere, **give)
    planned = activities.plan(
        stage.cast.secretary, unit=stage.hospital.b_medicine, kind="board", held_on=DAY + timedelta(days=1)
    )
    with pytest.raises(ValidationError, match="先记录会议"):
        actions.give_opinion(topic, stage.cast.secretary, meeting=planned, **give)
    with pytest.raises(PermissionDenied):
        actions.give_opinion(topic, stage.cast.outsider, meeting=elsewhere, **give)
    with pytest.raises(WrongState, match="不适用"):
        actions.give_opinion(make(stage), stage.cast.secretary, meeting=elsewhere, **give)
