"""What others may count: typed, dated by the event, each kind counted once."""

from datetime import date, timedelta

import pytest

from linghang.activities import actions
from linghang.activities.actions import TopicDraft
from linghang.activities.models import Attendance, Meeting, Topic
from linghang.kernel import clock
from linghang.kernel.facts import SOURCES
from linghang.kernel.todos import FORECASTS, OFFERS, waiting_for

Kind = Meeting.Kind
DAY = date(2026, 10, 28)
YEAR = (date(2026, 1, 1), date(2026, 12, 31))


@pytest.fixture(autouse=True)
def stand_on_the_day():
    with clock.at(DAY):
        yield


def rows(name):
    return SOURCES[name].frame(*YEAR).to_dicts()


@pytest.mark.mechanism("S1-14")
def test_meeting_counts_once_for_each_of_its_kinds(cast, hospital):
    meeting = actions.record(
        cast.clerk,
        unit=hospital.b_medicine,
        kind=Kind.THEMED_DAY,
        held_on=DAY - timedelta(days=20),
        also=[Kind.LESSON],
        topics=[TopicDraft("专题学习", Topic.Kind.STUDY)],
    )
    found = rows("activities.meetings")
    assert [(r["record"], r["kind"]) for r in found] == [(meeting.pk, "themed_day"), (meeting.pk, "lesson")]
    assert {(r["unit"], r["day"], r["has_study"], r["confirmed"], r["late"]) for r in found} == {
        (hospital.b_medicine.pk, DAY - timedelta(days=20), True, False, True)
    }


def test_planned_and_cancelled_meetings_are_not_counted_as_held(cast, hospital):
    plan = actions.plan(
        cast.clerk, unit=hospital.b_medicine, kind=Kind.LESSON, held_on=DAY + timedelta(days=3)
    )
    assert [(r["record"], r["kind"], r["day"]) for r in rows("activities.plans")] == [
        (plan.pk, "lesson", DAY + timedelta(days=3))
    ]
    actions.cancel(plan, cast.clerk, reason="改期")
    assert rows("activities.meetings") == rows("activities.plans") == []


def test_attendance_gives_a_row_for_everybody_expected(cast, hospital):
    actions.record(
        cast.clerk, unit=hospital.b_medicine, kind=Kind.ASSEMBLY, held_on=DAY, absent={cast.member.pk: "duty"}
    )
    found = rows("activities.attendance")
    assert {r["record"] for r in found} == set(Attendance.objects.values_list("pk", flat=True))
    assert [r["person"] for r in found if not r["present"]] == [cast.member.pk]


def todos_of(person):
    return list(OFFERS["activities"](person))


def test_secretary_is_asked_to_confirm_and_recorder_sees_it_waiting(
    cast, hospital, django_assert_max_num_queries
):
    actions.record(cast.clerk, unit=hospital.b_medicine, kind=Kind.ASSEMBLY, held_on=DAY)
    with django_assert_max_num_queries(8):
        asked = todos_of(cast.secretary)
    assert [(t.button, t.waiting) for t in asked] == [("看记录", False)]
    assert [(t.button, t.waiting) for t in todos_of(cast.clerk)] == [("看进度", True)]
    assert todos_of(cast.outsider) == todos_of(cast.member) == []


def test_plans_come_up_with_what_to_print_and_nothing_is_called_overdue(cast, hospital):
    for kind, days in ((Kind.THEMED_DAY, 1), (Kind.LESSON, -9), (Kind.BOARD, 9), (Kind.ASSEMBLY, 40)):
        actions.plan(cast.clerk, unit=hospital.b_medicine, kind=kind, held_on=DAY + timedelta(days=days))
    tomorrow, past = waiting_for(cast.secretary)
    assert "会前打印议程、签到表" in tomorrow.why
    assert tomorrow.due_on == DAY + timedelta(days=1)
    assert (past.button, past.due_on) == ("去记录", None)
    ahead = FORECASTS["activities"](cast.secretary, DAY + timedelta(days=2), DAY + timedelta(days=14))
    assert [(each.title, each.link) for each in ahead] == [("支部委员会", "打印议程、签到表")]
