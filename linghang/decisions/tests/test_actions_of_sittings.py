"""The body that decides, its sittings and what comes of a decision; task forces."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from linghang.activities import actions as activities
from linghang.activities.papers import context_of
from linghang.decisions import actions
from linghang.decisions.blueprint import MatterEntry
from linghang.decisions.models import Matter, TaskForce, Topic
from linghang.decisions.parameters import EVALUATE_AFTER
from linghang.decisions.road import keys_of_lines, progress, recused
from linghang.decisions.seats import apart, lacking, short_of_leaders
from linghang.decisions.tests.staging import DAY, SITTING, call, hold, prepare
from linghang.decisions.tests.test_actions import add, decide, held, listed
from linghang.dispatch.models import Line, Order
from linghang.kernel import clock
from linghang.kernel.flow import WrongState
from linghang.kernel.models import Parameter
from linghang.kernel.refs import origins, results
from tests.making import make_person, make_post

State = Topic.State
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("november")]


# --- the body that decides -------------------------------------------------------------------------------------------


@pytest.mark.mechanism("S1-03")
def test_a_weighty_matter_is_put_on_no_other_bodys_agenda(stage: Any) -> None:
    topic = prepare(stage)
    office = call(stage, kind="executive")
    with pytest.raises(ValidationError, match=r"三重一大.*不能由.*院长办公会决定；请列入") as refused:
        actions.list_topic(topic, stage.cast.office, sitting=office)
    assert refused.value.code == "wrong_body"
    branch = activities.plan(
        stage.cast.secretary, unit=stage.hospital.b_medicine, kind="assembly", held_on=SITTING
    )
    with pytest.raises(ValidationError, match="不能由内科党支部"):
        actions.list_topic(topic, stage.cast.office, sitting=branch)


@pytest.mark.mechanism("S1-03")
def test_a_weighty_matter_is_decided_by_no_other_body_whatever_the_road(stage: Any) -> None:
    topic = prepare(stage)
    sitting = call(stage, kind="executive")
    with clock.at(SITTING):
        hold(stage, sitting)
    Topic.objects.filter(pk=topic.pk).update(state=State.LISTED, sitting=sitting)
    with pytest.raises(ValidationError, match="不能由"):
        decide(stage, topic, conclusion="passed")
    topic.refresh_from_db()
    topic.state, topic.sitting = State.DECIDED, sitting
    with pytest.raises(ValidationError, match="不能由"):
        topic.full_clean()


@pytest.mark.parametrize(
    "looser", [{"body": "executive"}, {"signed": False}, {"body": "executive", "signed": False}]
)
def test_no_blueprint_gives_a_weighty_matter_to_another_body(looser: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="不能放宽"):
        MatterEntry(code="x", title="甲", category="funds", **looser)


def test_ordinary_business_is_decided_by_the_executive_without_a_vote(stage: Any) -> None:
    topic = prepare(stage, "routine")
    assert topic.state == State.READY
    sitting = call(stage, kind="executive")
    actions.list_topic(topic, stage.cast.office, sitting=sitting)
    with clock.at(SITTING):
        hold(stage, sitting)
    with pytest.raises(ValidationError, match="请选结论"):
        decide(stage, topic)
    decide(stage, topic, conclusion="passed")
    assert (topic.vote, topic.conclusion, topic.manner, topic.evaluate_by) == (None, "passed", "", None)


@pytest.mark.parametrize("hospital", ["tiny-general"], indirect=True)
def test_where_a_general_branch_heads_the_hospital_its_own_meeting_decides(stage: Any) -> None:
    topic = prepare(stage)
    assert topic.body_name == "总支委员会（待核）"
    sitting = call(stage)
    assert sitting.kind == "general_board"
    actions.list_topic(topic, stage.cast.office, sitting=sitting)
    with clock.at(SITTING):
        hold(stage, sitting)
    decide(stage, topic)
    assert topic.conclusion == "passed"
    other = prepare(stage, title="另一件")
    with pytest.raises(ValidationError, match="须由医院党总支的总支委员会（待核）决定"):
        actions.list_topic(other, stage.cast.office, sitting=call(stage, kind="executive"))


# --- the sitting -----------------------------------------------------------------------------------------------------


def test_no_topic_is_put_up_on_the_spot(stage: Any) -> None:
    topic = prepare(stage)
    with pytest.raises(ValidationError, match="不临时动议"):
        actions.list_topic(topic, stage.cast.office, sitting=call(stage, held_on=DAY))
    sitting = call(stage)
    with clock.at(SITTING):
        hold(stage, sitting)
        with pytest.raises(ValidationError, match="已经开过"):
            actions.list_topic(topic, stage.cast.office, sitting=sitting)


def test_a_topic_leaves_the_agenda_and_the_others_stay_in_order(stage: Any) -> None:
    sitting = call(stage)
    topics = [prepare(stage, title=title) for title in ("甲", "乙", "丙")]
    for topic in topics:
        actions.list_topic(topic, stage.cast.office, sitting=sitting)
    actions.take_off(topics[1], stage.cast.office, reason="材料再补充")
    assert [item.title for item in sitting.topics.all()] == ["学习重要讲话精神", "甲", "丙"]
    assert (topics[1].state, topics[1].sitting) == (State.READY, None)


def test_a_decision_wants_a_recorded_sitting(stage: Any) -> None:
    topic = listed(stage)
    with pytest.raises(ValidationError, match="先记录会议"):
        actions.decide(topic, stage.cast.office, manner="show", yes=5)


@pytest.mark.mechanism("S1-03")
def test_whoever_steps_aside_leaves_the_base_and_is_named_in_the_minutes(stage: Any) -> None:
    topic = held(stage)
    aside = stage.seats[3]
    decide(stage, topic, manner="name", yes=3, no=1, recused=[aside])
    assert (topic.vote.base, topic.vote.present, topic.vote.passed) == (4, 4, True)
    assert recused(topic.vote) == ["委员2"]
    assert "委员2回避" in context_of(topic.sitting)["votes"][0]["how"]


def test_somebody_without_a_vote_cannot_step_aside(stage: Any) -> None:
    with pytest.raises(ValidationError, match="回避的人须是"):
        decide(stage, held(stage), recused=[stage.proposer])


def test_without_a_quorum_nothing_is_decided(stage: Any) -> None:
    topic = held(stage, absent=stage.seats[2:])
    with pytest.raises(ValidationError, match=r"不能开会.*人到齐后另行表决"):
        decide(stage, topic, yes=2)
    assert topic.vote is None or Topic.objects.get(pk=topic.pk).vote is None


def test_half_of_all_members_is_not_enough(stage: Any) -> None:
    topic = decide(stage, held(stage), manner="ticket", yes=2, no=3)
    assert (topic.conclusion, topic.vote.secret, topic.evaluate_by) == ("failed", True, None)
    with pytest.raises(WrongState):
        actions.hand_out(
            topic, stage.cast.office, units=[stage.hospital.b_medicine], text="甲", due_on=date(2027, 1, 1)
        )


def test_a_wrong_entry_stays_in_sight_and_is_entered_anew(stage: Any) -> None:
    topic = decide(stage, held(stage), yes=2, no=3)
    wrong = topic.vote
    with clock.at(SITTING):
        actions.withdraw_decision(topic, stage.cast.office, reason="票数录错")
    wrong.refresh_from_db()
    assert (wrong.state, topic.state, topic.conclusion, topic.vote) == ("void", State.LISTED, "", None)
    assert decide(stage, topic).conclusion == "passed"


# --- afterwards ------------------------------------------------------------------------------------------------------


@pytest.mark.mechanism("S0-01")
def test_a_decision_becomes_lines_that_are_linked_both_ways(stage: Any) -> None:
    topic = decide(stage, held(stage))
    units = [stage.hospital.b_medicine, stage.hospital.b_surgery]
    given = {"units": units, "text": "落实发展规划", "due_on": SITTING + timedelta(days=30)}
    with clock.at(SITTING):
        with pytest.raises(ValidationError, match="期限应晚于今天"):
            actions.hand_out(topic, stage.cast.office, **{**given, "due_on": SITTING})
        with pytest.raises(ValidationError, match="请选择承办单位"):
            actions.hand_out(topic, stage.cast.office, **{**given, "units": []})
        actions.hand_out(topic, stage.cast.office, **given)
        with pytest.raises(ValidationError, match="已经交办"):
            actions.withdraw_decision(topic, stage.cast.office, reason="录错")
    lines = list(Line.objects.filter(pk__in=keys_of_lines(topic)).select_related("order"))
    assert {line.order.unit for line in lines} == set(units)
    for line in lines:
        assert origins(line.ref) == [topic.sitting.ref, topic.ref]
        assert (line.order.kind, line.order.about) == (Order.Kind.WORKLIST, topic.sitting.ref)
        assert line.order.ref in results(topic.sitting.ref)
    assert topic.ref in results(topic.sitting.ref)
    assert progress(keys_of_lines(topic)).words == "办结 0/2 条"
    Line.objects.filter(pk=lines[0].pk).update(state=Line.State.CLOSED)
    assert progress(keys_of_lines(topic)).words == "办结 1/2 条"


def test_a_weighty_decision_is_looked_at_again_after_six_months(stage: Any) -> None:
    topic = decide(stage, held(stage))
    assert topic.evaluate_by == date(2027, 5, 9)
    with clock.at(SITTING), pytest.raises(ValidationError, match="在决定之后、今天以前"):
        actions.evaluate(topic, stage.cast.office, evaluated_on=date(2027, 5, 1), evaluation="好")
    with clock.at(date(2027, 5, 3)):
        assert list(Topic.objects.to_evaluate(date(2027, 6, 1))) == [topic]
        actions.evaluate(topic, stage.cast.office, evaluated_on=date(2027, 5, 1), evaluation="达到预期")
        with pytest.raises(WrongState):
            actions.evaluate(topic, stage.cast.office, evaluated_on=date(2027, 5, 1), evaluation="再")
    assert not Topic.objects.to_evaluate(date(2027, 6, 1)).exists()


def test_where_the_office_asks_for_none_nothing_is_evaluated(stage: Any) -> None:
    Parameter.objects.create(code=EVALUATE_AFTER, value=0, since=DAY)
    assert decide(stage, held(stage)).evaluate_by is None


def test_the_number_of_the_minutes_is_filed_once(stage: Any) -> None:
    topic = decide(stage, held(stage))
    actions.file_minutes(topic, stage.cast.office, minutes_number="党委纪要 20 号")
    with pytest.raises(WrongState):
        actions.file_minutes(topic, stage.cast.office, minutes_number="21")
    assert topic.minutes_number == "党委纪要 20 号"


# --- task forces -----------------------------------------------------------------------------------------------------


@pytest.mark.mechanism("S1-04", "S1-05")
def test_a_weighty_task_force_has_both_leaders_or_says_who_is_missing(stage: Any) -> None:
    alone, both = add(stage), add(stage, title="改革专班", partner=stage.president)
    other = add(stage, title="宣传专班", weighty=False, lead=stage.cast.leader)
    assert lacking([alone, both, other]) == {alone.pk: "缺院长任组长"}
    assert list(short_of_leaders(TaskForce.objects.all())) == [alone]
    given = {"title": alone.title, "weighty": True, "lead": stage.secretary, "since": DAY}
    actions.edit_force(alone, stage.cast.office, partner=stage.president, **given)
    assert lacking([alone]) == {}
    with pytest.raises(ValidationError, match="不是院级班子成员"):
        add(stage, weighty=False, lead=stage.proposer)
    with pytest.raises(ValidationError, match="双组长须是两个人"):
        add(stage, partner=stage.secretary)
    with pytest.raises(ValidationError, match="撤销不能早于成立"):
        actions.end_force(both, stage.cast.office, until=DAY - timedelta(days=1))
    actions.end_force(both, stage.cast.office, until=DAY)
    with pytest.raises(WrongState):
        actions.end_force(both, stage.cast.office, until=DAY)


@pytest.mark.mechanism("S2-29", "S4-20")
def test_what_the_leadership_looked_into_becomes_a_topic(stage: Any) -> None:
    given = {"title": "透析床位不足", "opened_on": DAY}
    office, unit = stage.cast.office, stage.hospital.party
    with pytest.raises(ValidationError, match="由班子成员牵头"):
        actions.open_research(office, unit=unit, lead=stage.proposer, **given)
    research = actions.open_research(office, unit=unit, lead=stage.president, **given)
    wanted = {"unit": unit, "department": stage.hospital.d_medicine, "leader": stage.cast.leader}
    wanted |= {"matter": Matter.objects.get(code="plan"), "title": "新建透析中心", "month": DAY}
    with pytest.raises(ValidationError, match="还没有结题"):
        actions.propose(office, research=research, **wanted)
    with pytest.raises(ValidationError, match="结题在选题之后"):
        actions.conclude_research(research, office, concluded_on=DAY + timedelta(days=1), conclusion="新建")
    actions.conclude_research(research, office, concluded_on=DAY, conclusion="新建透析中心")
    topic = actions.propose(office, research=research, **wanted)
    assert results(research.ref) == [topic.ref]
    assert origins(topic.ref) == [research.ref]
    with pytest.raises(WrongState):
        actions.conclude_research(research, office, concluded_on=DAY, conclusion="再")


def test_secretary_and_president_are_two_people_with_a_secretary_for_discipline(stage: Any) -> None:
    assert "没有纪委书记" in apart().sentence
    make_post(make_person("1199"), "discipline_secretary", stage.hospital.party)
    assert apart().met
