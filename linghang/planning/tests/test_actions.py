"""会前征集 → 采纳 → 部署会 → 一个支部一张提示单."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from linghang.activities.actions import ResolutionDraft, record_planned
from linghang.activities.models import Meeting, Topic
from linghang.dispatch.actions import void
from linghang.dispatch.models import Line, Order
from linghang.kernel import clock
from linghang.kernel.flow import WrongState
from linghang.kernel.models import Notice, Trail
from linghang.kernel.refs import origins
from linghang.planning import actions
from linghang.planning.models import Item, meeting_of, next_month, top_unit

OCTOBER = date(2026, 10, 1)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def october(on_day: Any) -> Any:
    """Every test of this file stands on 9 October 2026."""
    with on_day(date(2026, 10, 9)):
        yield


def make_item(cast: SimpleNamespace, hospital: SimpleNamespace, **more: Any) -> Item:
    given = {"text": "开展警示教育", "due_on": date(2026, 10, 28), **more}
    return actions.submit(
        cast.contributor, unit=hospital.party, department=hospital.d_office, month=OCTOBER, **given
    )


def accepted(cast: SimpleNamespace, hospital: SimpleNamespace, **more: Any) -> Item:
    return actions.accept(make_item(cast, hospital, **more), cast.office)


def test_department_submits_and_office_accepts_with_other_words(cast: Any, hospital: Any) -> None:
    item = make_item(cast, hospital)
    assert item.state == Item.State.SUBMITTED
    assert item.submitter == cast.contributor
    actions.accept(item, cast.office, text="各支部开展一次警示教育", due_on=date(2026, 10, 30))
    item.refresh_from_db()
    assert (item.state, item.text, item.due_on) == ("accepted", "各支部开展一次警示教育", date(2026, 10, 30))
    trace = Trail.objects.filter(subject=item.ref, verb="planning.accept").get()
    assert trace.changes["text"] == ["开展警示教育", "各支部开展一次警示教育"]


def test_contributor_cannot_accept_and_not_submit_for_another_department(cast: Any, hospital: Any) -> None:
    item = make_item(cast, hospital)
    with pytest.raises(PermissionDenied):
        actions.accept(item, cast.contributor)
    with pytest.raises(PermissionDenied):
        actions.submit(
            cast.contributor,
            unit=hospital.party,
            department=hospital.d_surgery,
            month=OCTOBER,
            text="越权",
            due_on=date(2026, 10, 20),
        )


def test_secretary_cannot_submit(cast: Any, hospital: Any) -> None:
    with pytest.raises(PermissionDenied):
        actions.submit(
            cast.secretary,
            unit=hospital.party,
            department=hospital.d_medicine,
            month=OCTOBER,
            text="x",
            due_on=date(2026, 10, 20),
        )


def test_declining_says_why_to_the_department(cast: Any, hospital: Any) -> None:
    item = actions.decline(make_item(cast, hospital), cast.office, reason="下月一并安排")
    assert item.state == Item.State.DECLINED
    assert item.answer == "下月一并安排"
    assert Notice.objects.filter(to=cast.contributor.ref, about=item.ref).exists()
    with pytest.raises(WrongState):
        actions.deploy(item, cast.office)


def test_category_and_units_must_be_named(cast: Any, hospital: Any) -> None:
    with pytest.raises(ValidationError, match="分类"):
        make_item(cast, hospital, scope="category")
    with pytest.raises(ValidationError, match="总支或支部"):
        make_item(cast, hospital, scope="chosen")


@pytest.mark.mechanism("S0-11")
def test_call_plans_the_meeting_with_the_first_topic_first(cast: Any, hospital: Any) -> None:
    early = accepted(cast, hospital, text="先采纳的事项")
    meeting = actions.call(cast.office, unit=hospital.party, held_on=date(2026, 10, 12), place="第一会议室")
    late = accepted(cast, hospital, text="后采纳的事项")
    topics = list(meeting.topics.order_by("place"))
    assert meeting.kind == Meeting.Kind.DEPLOYMENT
    assert meeting.state == Meeting.State.PLANNED
    assert [topic.kind for topic in topics] == [Topic.Kind.FIRST, Topic.Kind.MATTER, Topic.Kind.MATTER]
    assert [topic.source for topic in topics[1:]] == [early.ref, late.ref]
    assert origins(early.ref) == [meeting.ref]


def test_a_month_has_one_deployment_meeting(cast: Any, hospital: Any) -> None:
    actions.call(cast.office, unit=hospital.party, held_on=date(2026, 10, 12))
    with pytest.raises(ValidationError, match="已安排在"):
        actions.call(cast.office, unit=hospital.party, held_on=date(2026, 10, 20))
    with pytest.raises(PermissionDenied):
        actions.call(cast.secretary, unit=hospital.party, held_on=date(2026, 11, 9))


def test_order_of_the_agenda_follows_the_office(cast: Any, hospital: Any) -> None:
    one, two = accepted(cast, hospital, text="甲"), accepted(cast, hospital, text="乙")
    meeting = actions.call(cast.office, unit=hospital.party, held_on=date(2026, 10, 12))
    actions.arrange(cast.office, unit=hospital.party, month=OCTOBER, places={one.pk: 2, two.pk: 1})
    assert [t.title for t in meeting.topics.order_by("place")][1:] == ["乙", "甲"]
    actions.decline(two, cast.office, reason="撤回")
    assert [t.title for t in meeting.topics.order_by("place")][1:] == ["甲"]


def test_postponed_item_goes_to_the_next_month(cast: Any, hospital: Any) -> None:
    item = actions.postpone(accepted(cast, hospital), cast.office, due_on=date(2026, 11, 20))
    assert (item.month, item.state, item.meeting) == (date(2026, 11, 1), Item.State.SUBMITTED, None)


@pytest.mark.mechanism("S0-11")
def test_deploy_makes_one_sheet_per_branch_with_the_lines_that_concern_it(cast: Any, hospital: Any) -> None:
    everybody = accepted(cast, hospital, text="全体")
    clinical = accepted(cast, hospital, text="临床", scope="category", categories=["clinical"])
    second = accepted(cast, hospital, text="第二总支", scope="general", units=[hospital.g2])
    chosen = accepted(
        cast,
        hospital,
        text="内科",
        scope="chosen",
        units=[hospital.b_medicine],
        due_on=date(2026, 10, 20),
        business=True,
    )
    made = actions.deploy_month(cast.office, unit=hospital.party, month=OCTOBER)
    assert {order.unit: [line.text for line in order.lines.all()] for order in made} == {
        hospital.b_medicine: ["全体", "临床", "内科"],
        hospital.b_surgery: ["全体", "临床", "第二总支"],
        hospital.b_imaging: ["全体", "第二总支"],
        hospital.b_office: ["全体"],
    }
    sheet = next(order for order in made if order.unit == hospital.b_medicine)
    assert (sheet.kind, sheet.state, sheet.period, sheet.issuer) == (
        "reminder",
        "drafted",
        OCTOBER,
        hospital.party,
    )
    line = sheet.lines.get(text="内科")
    assert (line.due_on, line.owner, line.business) == (date(2026, 10, 20), cast.secretary, True)
    assert origins(line.ref) == [chosen.ref]
    for item in (everybody, clinical, second, chosen):
        item.refresh_from_db()
        assert (item.state, item.deployed_on) == (Item.State.DEPLOYED, date(2026, 10, 9))


def test_deploying_twice_makes_no_second_set(cast: Any, hospital: Any) -> None:
    accepted(cast, hospital)
    assert len(actions.deploy_month(cast.office, unit=hospital.party, month=OCTOBER)) == 4
    assert actions.deploy_month(cast.office, unit=hospital.party, month=OCTOBER) == []
    assert Order.objects.filter(period=OCTOBER).count() == 4
    assert Line.objects.filter(order__period=OCTOBER).count() == 4


def test_a_void_sheet_may_be_made_again(cast: Any, hospital: Any) -> None:
    accepted(cast, hospital)
    made = actions.deploy_month(cast.office, unit=hospital.party, month=OCTOBER)
    void(made[0], cast.office, reason="行写错")
    again = actions.deploy_month(cast.office, unit=hospital.party, month=OCTOBER)
    assert [order.unit for order in again] == [made[0].unit]


def test_nothing_agreed_makes_no_sheets(cast: Any, hospital: Any) -> None:
    make_item(cast, hospital)
    with pytest.raises(ValidationError, match="没有已采纳"):
        actions.deploy_month(cast.office, unit=hospital.party, month=OCTOBER)


def test_after_the_sheets_a_late_item_goes_to_the_next_month(cast: Any, hospital: Any) -> None:
    late = make_item(cast, hospital, text="迟来")
    accepted(cast, hospital)
    actions.deploy_month(cast.office, unit=hospital.party, month=OCTOBER)
    late.refresh_from_db()
    assert (late.month, late.state) == (date(2026, 11, 1), Item.State.SUBMITTED)
    assert late.due_on.month == 11
    with pytest.raises(ValidationError, match="下一个月"):
        make_item(cast, hospital)


def test_nothing_goes_out_before_the_meeting_that_agrees_on_it(cast: Any, hospital: Any) -> None:
    accepted(cast, hospital)
    meeting = actions.call(cast.office, unit=hospital.party, held_on=date(2026, 10, 9))
    with pytest.raises(ValidationError, match="10-09 的部署会还没有记录"):
        actions.deploy_month(cast.office, unit=hospital.party, month=OCTOBER)
    record_planned(meeting, cast.office)
    assert actions.deploy_month(cast.office, unit=hospital.party, month=OCTOBER)


def test_a_meeting_at_the_end_of_a_month_belongs_to_the_month_of_its_items(cast: Any, hospital: Any) -> None:
    accepted(cast, hospital)
    meeting = actions.call(cast.office, unit=hospital.party, held_on=date(2026, 10, 9))
    Meeting.objects.filter(pk=meeting.pk).update(held_on=date(2026, 9, 29))
    assert meeting_of(hospital.party, OCTOBER) == meeting
    assert meeting_of(hospital.party, date(2026, 9, 1)) is None


def test_suggested_owner_gets_the_line_where_the_branch_has_one(cast: Any, hospital: Any) -> None:
    from linghang.org.models import Role

    accepted(cast, hospital, owner_role=Role.objects.get(code="organiser"))
    made = actions.deploy_month(cast.office, unit=hospital.party, month=OCTOBER)
    owners = {order.unit: order.lines.get().owner for order in made}
    assert owners[hospital.b_medicine] == cast.clerk
    assert owners[hospital.b_imaging] == cast.imaging


@pytest.mark.mechanism("S0-11")
def test_what_the_meeting_resolves_of_itself_becomes_an_item_and_a_line(cast: Any, hospital: Any) -> None:
    meeting = actions.call(cast.office, unit=hospital.party, held_on=date(2026, 10, 9))
    record_planned(meeting, cast.office, resolutions=[ResolutionDraft("各支部清理台账", date(2026, 10, 25))])
    resolution = meeting.resolutions.get()
    item = actions.adopt(cast.office, resolution=resolution, text=resolution.text, due_on=date(2026, 10, 25))
    made = actions.deploy_month(cast.office, unit=hospital.party, month=OCTOBER)
    line = made[0].lines.get()
    assert origins(line.ref) == [meeting.ref, resolution.ref, item.ref]


def test_month_arithmetic_and_the_head_of_the_tree(hospital: Any) -> None:
    assert next_month(date(2026, 12, 1)) == date(2027, 1, 1)
    assert top_unit() == hospital.party
    assert meeting_of(hospital.party, OCTOBER) is None
    assert clock.today() == date(2026, 10, 9)
