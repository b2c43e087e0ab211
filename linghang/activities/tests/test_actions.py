"""How a meeting moves: who records, who confirms, what is refused, what is kept for ever."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from linghang.activities import actions
from linghang.activities.actions import ResolutionDraft, TopicDraft
from linghang.activities.models import Attendance, Meeting, Topic
from linghang.dispatch import actions as dispatch
from linghang.dispatch.models import Line, Order
from linghang.kernel import clock
from linghang.kernel.flow import OwnWork, WrongState
from linghang.kernel.models import Notice, Trail
from linghang.kernel.refs import results
from linghang.kernel.todos import OFFERS
from linghang.org.models import Membership

Kind, State = Meeting.Kind, Meeting.State
DAY = date(2026, 10, 28)


@pytest.fixture(autouse=True)
def stand_on_the_day():
    with clock.at(DAY):
        yield


def record(by, unit, **more):
    return actions.record(by, **{"unit": unit, "kind": Kind.THEMED_DAY, "held_on": DAY, **more})


def make_line(unit, **more):
    order = Order.objects.create(
        kind=Order.Kind.REMINDER,
        unit=unit,
        issuer=unit,
        title="十月提示单",
        issued_on=DAY,
        state=Order.State.ISSUED,
    )
    return Line.objects.create(order=order, text="开展主题党日", due_on=DAY + timedelta(days=3), **more)


@pytest.mark.mechanism("S1-14")
def test_clerk_records_and_secretary_confirms_with_one_tap(cast, hospital):
    meeting = record(
        cast.clerk, hospital.b_medicine, absent={cast.member.pk: "duty"}, resolutions=["整理组织生活台账"]
    )
    assert meeting.state == State.RECORDED
    assert f"请确认：{meeting}" in [todo.title for todo in OFFERS["activities"](cast.secretary)]
    actions.confirm(meeting, cast.secretary)
    assert (meeting.state, meeting.confirmed_on) == (State.CONFIRMED, DAY)
    assert [t.verb for t in Trail.objects.filter(subject=meeting.ref).order_by("pk")] == [
        "activities.record",
        "activities.confirm",
    ]


def test_everybody_of_the_roster_is_present_unless_ticked(cast, hospital):
    meeting = record(cast.clerk, hospital.b_medicine, absent={cast.member.pk: "duty"})
    called = Attendance.objects.filter(meeting=meeting)
    members = set(
        Membership.objects.on(DAY).filter(branch=hospital.b_medicine).values_list("person", flat=True)
    )
    assert set(called.values_list("person", flat=True)) == members
    assert [(a.person, a.reason) for a in called.filter(present=False)] == [(cast.member, "duty")]
    assert called.filter(person__memberships__status="probationary", present=True).exists()


def test_roster_is_that_of_the_day_of_the_event(cast, hospital):
    Membership.objects.filter(person=cast.member).update(since=DAY - timedelta(days=1))
    meeting = record(cast.clerk, hospital.b_medicine, held_on=DAY - timedelta(days=5))
    assert not meeting.attendances.filter(person=cast.member).exists()


def test_committee_meeting_calls_the_committee_only(cast, hospital):
    meeting = record(cast.clerk, hospital.b_medicine, kind=Kind.BOARD)
    assert set(meeting.attendances.values_list("person__name", flat=True)) == {"周明", "王蕾", "林小满"}


def test_deployment_meeting_calls_the_heads_of_the_branches(cast, hospital):
    meeting = record(cast.office, hospital.party, kind=Kind.DEPLOYMENT)
    called = set(meeting.attendances.values_list("person", flat=True))
    assert {cast.secretary.pk, cast.outsider.pk, cast.general.pk, cast.party_secretary.pk} <= called
    assert cast.member.pk not in called
    assert cast.group_leader.pk not in called


def test_secretary_own_record_is_confirmed_at_once(cast, hospital):
    meeting = record(cast.secretary, hospital.b_medicine)
    assert (meeting.state, meeting.confirmed_on, meeting.recorder_name) == (State.CONFIRMED, DAY, "周明")


def test_group_leader_records_own_group_with_its_own_roll(cast, hospital):
    roll = [cast.group_leader.pk, cast.member.pk]
    meeting = record(
        cast.group_leader, hospital.n_medicine_1, kind=Kind.GROUP, roll=roll, absent={cast.member.pk: "ill"}
    )
    assert meeting.state == State.CONFIRMED
    assert set(meeting.attendances.values_list("person", "present")) == {(roll[0], True), (roll[1], False)}


@pytest.mark.parametrize(
    ("who", "where"), [("outsider", "b_medicine"), ("member", "b_medicine"), ("office", "b_medicine")]
)
def test_nobody_records_for_a_branch_that_is_not_theirs(cast, hospital, who, where):
    with pytest.raises(PermissionDenied):
        record(getattr(cast, who), getattr(hospital, where))
    assert not Meeting.objects.exists()
    assert not Attendance.objects.exists()


@pytest.mark.under_a_committee
def test_office_records_for_the_committee_and_general_secretary_for_the_general_branch(cast, hospital):
    assert record(cast.office, hospital.party, kind=Kind.COMMITTEE).state == State.CONFIRMED
    assert record(cast.clerk_office, hospital.party, kind=Kind.DEPLOYMENT).state == State.RECORDED
    assert record(cast.general, hospital.g1, kind=Kind.GENERAL_BOARD).state == State.CONFIRMED


def test_recorder_never_confirms_own_record(cast, hospital):
    meeting = record(cast.clerk, hospital.b_medicine)
    with pytest.raises(PermissionDenied):
        actions.confirm(meeting, cast.clerk)
    meeting = record(cast.clerk_office, hospital.party, kind=Kind.DEPLOYMENT)
    cast.clerk_office.posts.update(role="office_director")
    with pytest.raises(OwnWork):
        actions.confirm(meeting, type(cast.clerk_office).objects.get(pk=cast.clerk_office.pk))


def test_second_record_of_the_same_day_is_asked_about_once(cast, hospital):
    record(cast.clerk, hospital.b_medicine)
    with pytest.raises(ValidationError, match="已记过") as problem:
        record(cast.clerk, hospital.b_medicine)
    assert problem.value.code == "twin"
    assert record(cast.clerk, hospital.b_medicine, again=True).pk
    assert record(cast.clerk, hospital.b_medicine, kind=Kind.LESSON).pk


def test_meeting_in_the_future_is_planned_not_recorded(cast, hospital):
    with pytest.raises(ValidationError, match="还没到这一天"):
        record(cast.clerk, hospital.b_medicine, held_on=DAY + timedelta(days=1))


def test_absence_wants_a_reason_and_a_name_on_the_roster(cast, hospital):
    with pytest.raises(ValidationError, match="请选择缺席原因：何员"):
        record(cast.clerk, hospital.b_medicine, absent={cast.member.pk: ""})
    with pytest.raises(ValidationError, match="不在应到名单"):
        record(cast.clerk, hospital.b_medicine, absent={cast.outsider.pk: "ill"})


def test_branch_holds_no_committee_meeting_of_the_hospital(cast, hospital):
    with pytest.raises(ValidationError, match="党支部不开“党委会”"):
        record(cast.clerk, hospital.b_medicine, kind=Kind.COMMITTEE)


def test_one_meeting_may_count_as_several_kinds(cast, hospital):
    meeting = record(cast.clerk, hospital.b_medicine, also=[Kind.LESSON])
    assert meeting.kinds_shown == "主题党日（兼党课）"
    with pytest.raises(ValidationError):
        record(cast.clerk, hospital.b_medicine, kind=Kind.LESSON, also=[Kind.LESSON])


@pytest.mark.mechanism("S1-14")
def test_late_entry_keeps_both_days_and_is_marked(cast, hospital):
    meeting = record(cast.clerk, hospital.b_medicine, held_on=DAY - timedelta(days=20))
    assert (meeting.held_on, meeting.recorded_on) == (DAY - timedelta(days=20), DAY)
    assert meeting.recorded_late
    assert not record(cast.clerk, hospital.b_medicine, held_on=DAY - timedelta(days=7)).recorded_late


def test_yearly_meeting_of_january_belongs_to_the_year_before(cast, hospital):
    with clock.at(date(2027, 1, 20)):
        life = record(cast.secretary, hospital.b_medicine, kind=Kind.LIFE, held_on=date(2027, 1, 15))
        given = record(
            cast.secretary, hospital.b_medicine, kind=Kind.REVIEW, held_on=date(2027, 1, 15), of_year=2027
        )
    assert (life.of_year, given.of_year) == (2026, 2027)
    assert record(cast.secretary, hospital.b_medicine).of_year is None


@pytest.mark.mechanism("S0-02")
def test_first_topic_stands_first_and_its_absence_is_marked_not_refused(cast, hospital):
    first = TopicDraft("学习重要讲话精神", Topic.Kind.FIRST)
    good = record(cast.clerk, hospital.b_medicine, kind=Kind.ASSEMBLY, topics=["讨论发展党员", first])
    assert [t.kind for t in good.topics.all()] == [Topic.Kind.FIRST, Topic.Kind.MATTER]
    assert not good.lacks_first_topic
    bare = record(cast.office, hospital.party, kind=Kind.DEPLOYMENT, topics=["部署十月工作"])
    assert bare.lacks_first_topic
    assert bare.state == State.CONFIRMED


def test_only_an_open_line_of_the_same_branch_is_reported_with_a_record(cast, hospital):
    foreign = make_line(hospital.b_surgery)
    closed = make_line(hospital.b_medicine, state=Line.State.CLOSED)
    for wrong in (foreign.ref, closed.ref, closed.order.ref):
        with pytest.raises(ValidationError, match="本单位未办"):
            record(cast.clerk, hospital.b_medicine, evidence_for=[wrong], again=True)
    assert not Meeting.objects.exists()


def test_record_reports_the_line_that_asked_for_it_and_the_one_tap_confirms_both(cast, hospital):
    line = make_line(hospital.b_medicine)
    given = {"title": "重走急救路", "absent": {cast.member.pk: "duty"}, "evidence_for": [line.ref]}
    meeting = record(cast.clerk, hospital.b_medicine, **given)
    line.refresh_from_db()
    assert results(line.ref) == [meeting.ref]
    assert line.state == Line.State.REPORTED
    assert line.result == "10 月 28 日主题党日：重走急救路，应到 6 人、实到 5 人。"
    actions.confirm(meeting, cast.secretary)
    line.refresh_from_db()
    assert line.state == Line.State.CONFIRMED
    assert Trail.objects.get(subject=line.ref, verb="dispatch.confirm").actor == cast.secretary.ref


def test_secretary_who_records_hands_the_line_in_at_once(cast, hospital):
    line = make_line(hospital.b_medicine)
    record(cast.secretary, hospital.b_medicine, evidence_for=[line.ref])
    line.refresh_from_db()
    assert line.state == Line.State.CONFIRMED


def test_what_somebody_wrote_themselves_is_not_confirmed_along_with_the_meeting(cast, hospital):
    line = make_line(hospital.b_medicine)
    meeting = record(cast.clerk, hospital.b_medicine)
    dispatch.report(line, cast.clerk, result="已经开展，另有照片", evidence=[meeting.ref])
    actions.confirm(meeting, cast.secretary)
    line.refresh_from_db()
    assert line.state == Line.State.REPORTED


@pytest.mark.parametrize(("verb", "who"), [("send_back", "secretary"), ("cancel", "clerk")])
def test_with_a_record_that_goes_back_its_report_goes_back(verb, who, cast, hospital):
    line = make_line(hospital.b_medicine)
    meeting = record(cast.clerk, hospital.b_medicine, evidence_for=[line.ref])
    getattr(actions, verb)(meeting, getattr(cast, who), reason="日期不对")
    line.refresh_from_db()
    assert line.state == Line.State.OPEN
    assert "日期不对" in Trail.objects.get(subject=line.ref, verb="dispatch.return_line").note


def test_a_record_is_made_within_a_year_and_marked_when_late(cast, hospital):
    with pytest.raises(
        ValidationError, match="超过 12 个月，不再补录。年份写错的请改日期；确是那时的会，以纸质记录本为准"
    ):
        record(cast.clerk, hospital.b_medicine, held_on=date(2025, 10, 27))
    assert record(cast.clerk, hospital.b_medicine, held_on=date(2025, 10, 28)).recorded_late
    with pytest.raises(ValidationError, match="不再补录"):
        actions.plan(cast.clerk, unit=hospital.b_medicine, kind=Kind.THEMED_DAY, held_on=date(2016, 10, 28))


def test_confirmed_record_is_corrected_by_appending_only(cast, hospital):
    meeting = record(cast.secretary, hospital.b_medicine, resolutions=["原话"])
    actions.correct(meeting, cast.clerk, note="到会人数应为 5 人")
    assert [(c.by_name, c.text) for c in meeting.corrections.all()] == [("王蕾", "到会人数应为 5 人")]
    assert [r.text for r in meeting.resolutions.all()] == ["原话"]
    for verb in (actions.record_planned, actions.edit_plan, actions.cancel, actions.send_back):
        more = (
            {"held_on": DAY}
            if verb is actions.edit_plan
            else {}
            if verb is actions.record_planned
            else {"reason": "错"}
        )
        with pytest.raises(WrongState):
            verb(meeting, cast.secretary, **more)


def test_record_sent_back_is_put_right_by_its_recorder(cast, hospital):
    meeting = record(cast.clerk, hospital.b_medicine, absent={cast.member.pk: "duty"}, resolutions=["一"])
    actions.send_back(meeting, cast.secretary, reason="何员是请假")
    assert meeting.state == State.PLANNED
    assert Notice.objects.filter(to=cast.clerk.ref, text__contains="何员是请假").exists()
    actions.record_planned(meeting, cast.clerk, absent={cast.member.pk: "leave"}, resolutions=["二"])
    assert meeting.state == State.RECORDED
    assert [a.reason for a in meeting.attendances.filter(present=False)] == ["leave"]
    assert [r.text for r in meeting.resolutions.all()] == ["二"]


def test_plan_is_announced_changed_recorded(cast, hospital):
    with clock.at(DAY - timedelta(days=10)):
        meeting = actions.plan(
            cast.clerk,
            unit=hospital.b_medicine,
            kind=Kind.ASSEMBLY,
            held_on=DAY,
            place="示教室",
            topics=["讨论评优"],
        )
        assert Notice.objects.filter(to=cast.member.ref, about=meeting.ref).exists()
        actions.edit_plan(
            meeting, cast.clerk, held_on=DAY, place="门诊会议室", topics=["讨论评优", "通报党费"]
        )
        assert Notice.objects.filter(to=cast.member.ref, text__contains="门诊会议室").exists()
        with pytest.raises(ValidationError, match="还没到这一天"):
            actions.record_planned(meeting, cast.clerk)
    actions.record_planned(
        meeting, cast.clerk, resolutions=[ResolutionDraft("同意", DAY + timedelta(days=9), cast.member)]
    )
    assert (meeting.state, meeting.place) == (State.RECORDED, "门诊会议室")
    assert [t.title for t in meeting.topics.all()] == ["讨论评优", "通报党费"]
    assert meeting.resolutions.get().owner == cast.member


def test_planned_meeting_is_cancelled_with_a_reason(cast, hospital):
    meeting = actions.plan(
        cast.clerk, unit=hospital.b_medicine, kind=Kind.LESSON, held_on=DAY + timedelta(days=3)
    )
    actions.cancel(meeting, cast.secretary, reason="与应急演练冲突")
    assert meeting.state == State.CANCELLED
    assert Trail.objects.get(subject=meeting.ref, verb="activities.cancel").note == "与应急演练冲突"
    assert actions.plan(cast.clerk, unit=hospital.b_medicine, kind=Kind.LESSON, held_on=meeting.held_on)
