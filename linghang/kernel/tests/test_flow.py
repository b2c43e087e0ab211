"""The one road by which state changes, tried with verbs of its own on real meetings and people."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from linghang.kernel import clock, flow
from linghang.kernel.access import SYSTEM
from linghang.kernel.models import Trail
from tests.making import make_grant, make_line, make_meeting, make_post, model, somebody

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_verbs(monkeypatch):
    """Verbs that are declared in a test are forgotten after it."""
    monkeypatch.setattr(flow, "STEPS", dict(flow.STEPS))
    monkeypatch.setattr(flow, "VERBS", dict(flow.VERBS))


@pytest.fixture
def meeting(hospital):
    return make_meeting(state="planned")


def hold_verb(**more: Any) -> Any:
    """test.hold: PLANNED → RECORDED, for the secretary."""
    make_grant("secretary", "test.hold")

    @flow.step(model("activities.Meeting"), "test.hold", **{"at": {"planned"}, "to": "recorded", **more})
    def hold(meeting, by, *, title="", note="", reason=""):
        """开会"""
        meeting.title = title or meeting.title

    return hold


def last_trace() -> Trail:
    return Trail.objects.order_by("-pk")[0]


# --- the order of checks ---------------------------------------------------------------------------------------------


def test_a_step_moves_the_row_and_writes_one_trace(meeting, cast):
    hold = hold_verb()
    before = Trail.objects.count()
    given = hold(meeting, cast.secretary, title="学习", note="按计划")
    meeting.refresh_from_db()
    assert given is not None
    assert (meeting.state, meeting.title) == ("recorded", "学习")
    assert Trail.objects.count() == before + 1
    trace = last_trace()
    assert (trace.actor, trace.actor_name, trace.actor_post) == (cast.secretary.ref, "周明", "内科党支部书记")
    assert (trace.verb, trace.label, trace.subject) == ("test.hold", "开会", meeting.ref)
    assert (trace.before, trace.after, trace.note) == ("planned", "recorded", "按计划")
    assert trace.changes == {"title": ["", "学习"]}
    assert trace.subject_name == str(meeting)


def test_the_trace_is_dated_by_the_house_clock(meeting, cast, on_day):
    hold = hold_verb()
    with on_day(date(2026, 3, 5)):
        hold(meeting, cast.secretary)
    assert last_trace().at.date() == date(2026, 3, 5)


def test_a_reason_stands_in_the_trace_where_there_is_no_note(meeting, cast):
    hold_verb()(meeting, cast.secretary, reason="改期")
    assert last_trace().note == "改期"


def test_the_row_is_read_again_so_that_a_stale_copy_cannot_act(meeting, cast):
    hold, stale = hold_verb(), type(meeting).objects.get(pk=meeting.pk)
    hold(meeting, cast.secretary)
    assert stale.state == "planned"
    with pytest.raises(flow.WrongState, match="当前为“待书记确认”，不能开会"):
        hold(stale, cast.secretary)


def test_what_was_changed_in_memory_only_is_not_written(meeting, cast):
    meeting.place = "只在内存里"
    hold_verb()(meeting, cast.secretary)
    meeting.refresh_from_db()
    assert meeting.place == ""


def test_the_row_is_locked_inside_a_transaction(meeting, cast):
    seen = []
    make_grant("secretary", "test.look")

    @flow.step(model("activities.Meeting"), "test.look")
    def look(meeting, by):
        """看"""
        seen.append(connection.in_atomic_block)

    with CaptureQueriesContext(connection) as queries:
        look(meeting, cast.secretary)
    assert seen == [True]
    first = next(q["sql"] for q in queries.captured_queries if "activities_meeting" in q["sql"])
    assert first.startswith("SELECT")
    if connection.features.has_select_for_update:
        assert "FOR UPDATE" in first


def test_a_wrong_state_is_told_before_a_missing_right(meeting, cast):
    hold = hold_verb(at={"recorded"})
    with pytest.raises(flow.WrongState):
        hold(meeting, cast.outsider)


def test_whoever_lacks_the_verb_here_is_refused_in_words(meeting, cast):
    hold = hold_verb()
    with pytest.raises(PermissionDenied, match="您的职务不能开会"):
        hold(meeting, cast.outsider)
    with pytest.raises(PermissionDenied):
        hold(meeting, cast.member)
    meeting.refresh_from_db()
    assert meeting.state == "planned"


def test_a_verb_may_be_meant_for_some_rows_only(meeting, cast):
    hold = hold_verb(when=lambda row: row.kind == "lesson")
    with pytest.raises(flow.WrongState, match="不适用开会"):
        hold(meeting, cast.secretary)
    assert hold(make_meeting(kind="lesson", state="planned"), cast.secretary).state == "recorded"


def test_a_verb_without_states_may_be_done_in_any(meeting, cast):
    hold = hold_verb(at=None, to=None)
    assert hold(meeting, cast.secretary, title="甲").state == "planned"
    assert hold(make_meeting(state="confirmed"), cast.secretary).state == "confirmed"


# --- four eyes -------------------------------------------------------------------------------------------------------


def approve_verb() -> Any:
    make_grant("secretary", "test.approve")
    make_grant("organiser", "test.approve")

    @flow.step(
        model("activities.Meeting"), "test.approve", at={"recorded"}, to="confirmed", checks="test.hold"
    )
    def approve(meeting, by):
        """核准"""

    return approve


def test_nobody_checks_their_own_work(meeting, cast):
    hold, approve = hold_verb(), approve_verb()
    hold(meeting, cast.secretary)
    with pytest.raises(flow.OwnWork, match="本人经办的事项不能由本人核准"):
        approve(meeting, cast.secretary)
    assert approve(meeting, cast.clerk).state == "confirmed"


def test_four_eyes_are_about_the_same_row_only(meeting, cast):
    hold, approve = hold_verb(), approve_verb()
    hold(meeting, cast.secretary)
    other = make_meeting(kind="board", state="recorded")
    assert approve(other, cast.secretary).state == "confirmed"


def test_own_work_stays_own_work_in_another_post(meeting, cast, hospital):
    hold, approve = hold_verb(), approve_verb()
    hold(meeting, cast.secretary)
    make_post(cast.secretary, "organiser", hospital.b_medicine)
    with pytest.raises(flow.OwnWork):
        approve(meeting, somebody("3001"))


def test_the_machine_is_bound_by_states_but_by_no_post_and_no_four_eyes(meeting):
    hold, approve = hold_verb(), approve_verb()
    hold(meeting, SYSTEM)
    assert approve(meeting, SYSTEM).state == "confirmed"
    trace = last_trace()
    assert (trace.actor, trace.actor_name, trace.actor_post) == ("system", "系统", "自动")
    with pytest.raises(flow.WrongState):
        approve(meeting, SYSTEM)


def test_a_verb_may_be_kept_to_the_one_who_is_meant(meeting, cast):
    def the_chair(row, by):
        if row.chair_id != by.pk:
            raise PermissionDenied("由主持人办理")

    hold = hold_verb(only=the_chair)
    assert "test.hold" not in offered(meeting, cast.secretary)
    with pytest.raises(PermissionDenied, match="由主持人办理"):
        hold(meeting, cast.secretary)
    meeting.chair = cast.secretary
    meeting.save()
    assert "test.hold" in offered(meeting, cast.secretary)
    assert hold(meeting, cast.secretary).state == "recorded"


def test_many_rows_are_asked_in_one_query_and_judged_like_one(meeting, cast, django_assert_num_queries):
    hold, _ = hold_verb(), approve_verb()
    done = make_meeting(kind="board", state="planned")
    hold(done, cast.secretary)
    list(cast.secretary.posts_now)
    with django_assert_num_queries(1):
        found = flow.steps_for_each([meeting, done], cast.secretary)
    for row in (meeting, done):
        assert found[row.ref] == flow.steps_for(row, cast.secretary)
    assert "test.approve" not in {one.verb for one in found[done.ref]}


# --- the body --------------------------------------------------------------------------------------------------------


def test_a_body_may_decide_the_state_it_leads_to(meeting, cast):
    make_grant("secretary", "test.vote")

    @flow.step(model("activities.Meeting"), "test.vote", at={"planned"})
    def vote(meeting, by, *, votes):
        """表决"""
        return "confirmed" if votes > 3 else "cancelled"

    assert vote(meeting, cast.secretary, votes=2).state == "cancelled"
    assert vote(make_meeting(state="planned"), cast.secretary, votes=5).state == "confirmed"
    assert last_trace().after == "confirmed"


def test_nothing_is_half_written_when_the_body_refuses(meeting, cast):
    make_grant("secretary", "test.fail")

    @flow.step(model("activities.Meeting"), "test.fail", to="confirmed")
    def fail(meeting, by):
        """失败"""
        meeting.resolutions.create(text="不应留下")
        raise ValidationError("不行")

    before = Trail.objects.count()
    with pytest.raises(ValidationError):
        fail(meeting, cast.secretary)
    meeting.refresh_from_db()
    assert meeting.state == "planned"
    assert not meeting.resolutions.exists()
    assert Trail.objects.count() == before


def test_nothing_is_written_when_the_outcome_is_not_valid(meeting, cast):
    hold = hold_verb(to="nonsense")
    with pytest.raises(ValidationError):
        hold(meeting, cast.secretary)
    meeting.refresh_from_db()
    assert meeting.state == "planned"
    assert not Trail.objects.filter(verb="test.hold").exists()


def test_a_refused_step_leaves_the_transaction_around_it_usable(meeting, cast):
    hold = hold_verb(at={"recorded"})
    with transaction.atomic():
        with pytest.raises(flow.WrongState):
            hold(meeting, cast.secretary)
        make_meeting(kind="board")
    assert type(meeting).objects.filter(kind="board").exists()


# --- creation --------------------------------------------------------------------------------------------------------


def plan_verb() -> Any:
    make_grant("secretary", "test.plan")

    @flow.creation(model("activities.Meeting"), "test.plan", to="planned")
    def plan(by, *, unit, title="", note=""):
        """安排。另有说明"""
        return model("activities.Meeting")(unit=unit, kind="assembly", held_on=clock.today(), title=title)

    return plan


def test_a_creation_saves_what_the_body_made_and_traces_it(hospital, cast):
    made = plan_verb()(cast.secretary, unit=hospital.b_medicine, note="年度计划")
    assert made.pk
    assert made.state == "planned"
    trace = last_trace()
    assert (trace.label, trace.before, trace.after, trace.note) == ("安排", "", "planned", "年度计划")
    assert trace.changes == {}


def test_a_creation_is_judged_by_what_was_made(hospital, cast):
    plan = plan_verb()
    before = model("activities.Meeting").objects.count()
    with pytest.raises(PermissionDenied, match="您的职务不能在此处安排"):
        plan(cast.secretary, unit=hospital.b_surgery)
    assert model("activities.Meeting").objects.count() == before
    assert not Trail.objects.filter(verb="test.plan").exists()


def test_an_invalid_creation_makes_nothing(hospital, cast):
    plan = plan_verb()
    with pytest.raises(ValidationError):
        plan(cast.secretary, unit=hospital.b_medicine, title="长" * 200)
    assert not model("activities.Meeting").objects.exists()


def test_a_creation_without_a_state_keeps_the_one_the_body_gave(hospital, cast):
    make_grant("secretary", "test.note")

    @flow.creation(model("activities.Meeting"), "test.note")
    def note(by, *, unit):
        """记一笔"""
        return make_meeting(unit=unit, state="recorded")

    assert note(cast.secretary, unit=hospital.b_medicine).state == "recorded"


# --- hidden fields, traces by hand -----------------------------------------------------------------------------------


def test_of_a_hidden_field_the_trace_says_that_it_changed_and_never_to_what(cast):
    make_grant("secretary", "test.call")

    @flow.step(model("org.Person"), "test.call")
    def call(person, by, *, phone):
        """改电话"""
        person.phone, person.position = phone, "护士长"

    call(cast.member, cast.secretary, phone="13900001111")
    trace = last_trace()
    assert trace.changes == {"phone": ["***", "***"], "position": ["", "护士长"]}
    assert "13900001111" not in str(trace.changes)


def test_an_unchanged_hidden_field_leaves_no_mark(cast):
    make_grant("secretary", "test.rank")

    @flow.step(model("org.Person"), "test.rank")
    def rank(person, by):
        """改职务"""
        person.position = "护士长"

    rank(cast.member, cast.secretary)
    assert set(last_trace().changes) == {"position"}


@pytest.mark.under_a_committee
def test_a_trace_by_hand_may_be_about_something_without_a_row(cast):
    flow.verb("test.export", "导出")
    trace = flow.record(cast.office, "test.export", "名册（12 行）")
    assert (trace.subject, trace.label, trace.actor_post) == ("名册（12 行）", "导出", "党委办公室主任")


def test_a_long_subject_is_cut_to_what_the_table_holds(cast):
    trace = flow.record(cast.office, "test.export", "长" * 300)
    assert (len(trace.subject), len(trace.subject_name)) == (60, 200)


# --- declarations ----------------------------------------------------------------------------------------------------


def test_a_verb_is_declared_once(hospital):
    hold_verb()
    with pytest.raises(ValueError, match="declared twice"):
        flow.creation(model("activities.Meeting"), "test.hold")(lambda by: None)


def test_a_verb_without_words_is_shown_by_its_code(hospital):
    flow.creation(model("activities.Meeting"), "test.mute")(lambda by: None)
    assert flow.STEPS["test.mute"].label == flow.VERBS["test.mute"] == "test.mute"
    assert flow.STEPS["test.mute"].tail == "mute"


# --- buttons ---------------------------------------------------------------------------------------------------------


def test_the_buttons_are_what_run_accepts(meeting, cast):
    hold, approve = hold_verb(), approve_verb()
    assert offered(meeting, cast.secretary) == {"test.hold"}
    assert offered(meeting, cast.outsider) == set()
    hold(meeting, cast.secretary)
    assert offered(meeting, cast.secretary) == set()
    assert offered(meeting, cast.clerk) == {"test.approve"}
    approve(meeting, cast.clerk)
    assert offered(meeting, cast.clerk) == set()


def offered(row: Any, person: Any) -> set[str]:
    return {s.verb for s in flow.steps_for(row, person) if s.verb.startswith("test.")}


@pytest.mark.parametrize(
    "part", ["secretary", "clerk", "general", "office", "clerk_office", "outsider", "member"]
)
@pytest.mark.parametrize("state", ["open", "reported", "confirmed", "closed"])
def test_every_button_passes_the_gate_and_every_other_verb_is_refused(cast, part, state):
    """Over all real verbs of a line: `steps_for` and the gate of `run` say the same."""
    row, person = make_line(state=state), getattr(cast, part)
    shown = {s.verb for s in flow.steps_for(row, person)}
    for step in [s for s in flow.STEPS.values() if s.model is type(row) and not s.creates]:
        assert admitted(step, row, person) == (step.verb in shown), step.verb


def admitted(step: flow.Step, row: Any, person: Any) -> bool:
    try:
        flow._admit(step, row, person)
    except (ValidationError, PermissionDenied):
        return False
    return True


# --- validation ------------------------------------------------------------------------------------------------------


def asked_whether_it_exists(queries: CaptureQueriesContext, table: str) -> bool:
    return any(q["sql"].startswith(f'SELECT 1 AS "a" FROM "{table}"') for q in queries)


def test_what_did_not_change_is_not_asked_for_again(meeting, cast):
    hold = hold_verb()
    with CaptureQueriesContext(connection) as queries:
        hold(meeting, cast.secretary, title="学习")
    assert not asked_whether_it_exists(queries, "org_unit")


def test_what_changed_must_be_valid_and_keep_the_constraints(hospital, cast):
    make_grant("secretary", "test.entrust", "unit")

    @flow.step(model("dispatch.Line"), "test.entrust")
    def entrust(line, by, *, text, verifier):
        """委托"""
        line.text, line.verifier = text, verifier

    line = make_line(owner=cast.member)
    with pytest.raises(ValidationError) as refused:
        entrust(line, cast.secretary, text="", verifier=None)
    assert set(refused.value.error_dict) == {"text"}
    with pytest.raises(ValidationError, match="复核人不能是整改责任人"):
        entrust(line, cast.secretary, text="自查", verifier=cast.member)
    entrust(line, cast.secretary, text="自查", verifier=cast.clerk)
    line.refresh_from_db()
    assert (line.text, line.verifier) == ("自查", cast.clerk)
