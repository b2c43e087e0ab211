"""Votes through the real models: who counts, written opinions, the boundary of the quorum, the second person."""

from datetime import date
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from docx import Document

from linghang.activities import actions
from linghang.activities.models import Meeting, Vote
from linghang.kernel import clock
from linghang.kernel.flow import WrongState
from linghang.org.models import Person, Spell
from tests.making import make_person

DAY = date(2026, 10, 28)
GENERAL, ADMIT, CONFIRM = "R-BJ-01", "R-BJ-02", "R-BJ-03"


@pytest.fixture(autouse=True)
def stand_on_the_day():
    with clock.at(DAY):
        yield


def assembly(cast, hospital, away=(), by=None, **more):
    given = {"unit": hospital.b_medicine, "kind": Meeting.Kind.ASSEMBLY, "held_on": DAY, **more}
    return actions.record(by or cast.clerk, absent={one.pk: "leave" for one in away}, **given)


def vote(cast, meeting, rule_code=GENERAL, by=None, **more):
    return actions.vote(by or cast.clerk, meeting=meeting, rule_code=rule_code, matter="讨论评优推荐", **more)


def full_members(hospital, count):
    """内科党支部 has five full members and one probationary member; this many full ones in all."""
    return [make_person(f"71{i:02}", name=f"甲{i}") for i in range(count - 5)]


def test_base_leaves_out_the_probationary_member_and_says_so(cast, hospital):
    found = vote(cast, assembly(cast, hospital), yes=3)
    assert (found.computed, found.base, found.present) == (5, 5, 5)
    assert found.left_out == [["新晓", "预备党员", "R-XJ-03"]]
    assert (found.passed, found.rule_since) == (True, found.rule.since)


def test_presence_of_a_probationary_member_makes_no_quorum(cast, hospital):
    away = (cast.member, cast.group_leader, cast.general)
    found = vote(cast, assembly(cast, hospital, away), yes=2)
    assert (found.present, found.needed_present, found.missing) == (2, 3, 1)
    assert (found.held, found.passed) == (False, False)
    assert found.result == "不能表决：还差 1 人到会"


@pytest.mark.parametrize(
    ("members", "present", "yes", "held", "passed"),
    [
        (6, 3, 3, False, False),  # exactly half is not more than half
        (6, 4, 3, True, False),
        (6, 4, 4, True, True),
        (7, 4, 4, True, True),
        (7, 3, 3, False, False),
        (8, 5, 5, True, True),
        (8, 5, 4, True, False),
    ],
)
def test_more_than_half_of_those_expected_must_come_and_agree(
    cast, hospital, members, present, yes, held, passed
):
    away = [*full_members(hospital, members), cast.member, cast.general][: members - present]
    found = vote(cast, assembly(cast, hospital, away), yes=yes)
    assert (found.base, found.present, found.held, found.passed) == (members, present, held, passed)


def test_written_opinion_is_shown_in_a_resolution_and_counted_in_a_confirmation(cast, hospital):
    meeting = assembly(cast, hospital, (cast.member, cast.general))
    shown = vote(cast, meeting, yes=2, no=1, written=1, written_yes=1)
    assert not shown.passed
    assert "只作记录，不计票" in shown.sentence
    assert "转正时计票" in shown.written_apart
    given = {"yes": 2, "no": 1, "written": 1, "written_yes": 1, "secret": True, "proposal": "confirm"}
    counted = vote(cast, meeting, CONFIRM, **given)
    assert counted.passed
    assert not counted.written_apart
    assert "计入票数" in counted.sentence


def test_membership_is_decided_by_secret_ballot_only(cast, hospital):
    meeting = assembly(cast, hospital)
    assert not vote(cast, meeting, CONFIRM, yes=5, proposal="confirm").passed
    assert not vote(cast, meeting, ADMIT, yes=5).passed
    assert vote(cast, meeting, ADMIT, yes=5, secret=True).passed


def test_base_is_changed_only_with_a_reason_which_is_kept(cast, hospital):
    meeting = assembly(cast, hospital, (cast.member, cast.general, cast.group_leader))
    with pytest.raises(ValidationError, match="必须填写理由"):
        vote(cast, meeting, yes=2, base=3)
    found = vote(cast, meeting, yes=2, base=3, base_reason="两人长期卧床，上级已同意不计入")
    assert (found.computed, found.base, found.passed) == (5, 3, True)
    assert found.base_reason == "两人长期卧床，上级已同意不计入"


def test_numbers_that_cannot_be_are_refused(cast, hospital):
    meeting = assembly(cast, hospital, (cast.member,))
    for wrong in ({"yes": 5}, {"yes": 3, "no": 2}, {"yes": 3, "written": 2}, {"yes": 3, "written_yes": 1}):
        with pytest.raises(ValidationError):
            vote(cast, meeting, **wrong)
    with pytest.raises(ValidationError, match="处理意见"):
        vote(cast, meeting, CONFIRM, yes=3, secret=True)
    assert not Vote.objects.exists()


def test_vote_belongs_to_a_meeting_of_the_right_kind_that_was_recorded(cast, hospital):
    day = actions.record(cast.clerk, unit=hospital.b_medicine, kind=Meeting.Kind.THEMED_DAY, held_on=DAY)
    with pytest.raises(ValidationError, match="主题党日不就此表决"):
        vote(cast, day, yes=3)
    plan = actions.plan(cast.clerk, unit=hospital.b_medicine, kind=Meeting.Kind.ASSEMBLY, held_on=DAY)
    with pytest.raises(ValidationError, match="先记录会议"):
        vote(cast, plan, yes=3)


def test_secretary_confirms_what_the_organiser_took_down(cast, hospital):
    meeting = assembly(cast, hospital)
    found = vote(cast, meeting, yes=5)
    assert found.state == Vote.State.RECORDED
    with pytest.raises(PermissionDenied):
        actions.confirm_vote(found, cast.clerk)
    actions.confirm(meeting, cast.secretary)
    found.refresh_from_db()
    assert found.state == Vote.State.CONFIRMED
    assert vote(cast, meeting, by=cast.secretary, yes=5).state == Vote.State.CONFIRMED


def test_wrong_vote_is_struck_out_and_stays(cast, hospital):
    found = vote(cast, assembly(cast, hospital), yes=4)
    actions.void_vote(found, cast.secretary, reason="赞成票抄错")
    assert found.state == Vote.State.VOID
    with pytest.raises(WrongState):
        actions.confirm_vote(found, cast.secretary)


def test_record_that_is_sent_back_takes_its_votes_along(cast, hospital):
    meeting = assembly(cast, hospital)
    found = vote(cast, meeting, yes=4)
    actions.send_back(meeting, cast.secretary, reason="何员没有到会")
    found.refresh_from_db()
    assert found.state == Vote.State.VOID


def test_committee_decides_with_half_of_its_members(cast, hospital):
    meeting = actions.record(
        cast.clerk, unit=hospital.b_medicine, kind=Meeting.Kind.BOARD, held_on=DAY, absent={}
    )
    found = vote(cast, meeting, "R-BJ-04", yes=2)
    assert (found.base, found.present, found.passed) == (3, 3, True)


@pytest.mark.parametrize(("kind", "why"), [("watched", "留党察看期间"), ("paused", "党员权利被中止")])
def test_who_has_no_vote_has_none_on_the_committee_either(cast, hospital, kind, why):
    given = {"unit": hospital.b_medicine, "kind": kind, "since": date(2026, 8, 1)}
    Spell.objects.create(person=cast.group_leader, **given)
    meeting = actions.record(
        cast.clerk, unit=hospital.b_medicine, kind=Meeting.Kind.BOARD, held_on=DAY, absent={}
    )
    found = vote(cast, meeting, "R-BJ-04", yes=2)
    assert (found.base, found.present, found.passed) == (2, 2, True)
    assert found.left_out == [["林小满", why, "R-XJ-03"]]


def test_an_officer_who_is_excused_from_the_members_meeting_keeps_the_seat_on_the_committee(cast, hospital):
    given = {"unit": hospital.b_medicine, "kind": "excused", "since": date(2026, 8, 1), "passed_on": DAY}
    Spell.objects.create(person=cast.group_leader, **given)
    meeting = actions.record(
        cast.clerk, unit=hospital.b_medicine, kind=Meeting.Kind.BOARD, held_on=DAY, absent={}
    )
    assert vote(cast, meeting, "R-BJ-04", yes=3).base == 3
    assert vote(cast, assembly(cast, hospital), yes=3).base == 4


@pytest.mark.parametrize("who", ["outsider", "member", "office"])
def test_nobody_else_takes_down_the_votes_of_a_branch(cast, hospital, who):
    meeting = assembly(cast, hospital)
    with pytest.raises(PermissionDenied):
        vote(cast, meeting, by=getattr(cast, who), yes=5)
    assert not Vote.objects.exists()


@pytest.mark.under_a_committee
def test_whoever_steps_aside_is_ticked_on_the_committees_vote_page_and_leaves_the_base(
    cast, hospital, client_of
):
    """回避: out of the base, named on the page and in the minutes; a members' meeting offers none."""
    recorder = cast.clerk_office
    meeting = actions.record(recorder, unit=hospital.party, kind="committee", held_on=DAY, absent={})
    client, address = client_of(recorder), reverse("activities:meeting_vote", args=[meeting.pk])
    form = client.get(address).context["form"]
    assert form["rule_code"].value() == "R-BJ-05"
    size = form.whole.size
    assert list(form.fields["recused"].queryset) == list(
        Person.objects.filter(attendances__meeting=meeting).order_by("pinyin")
    )
    sent = {
        "rule_code": "R-BJ-05",
        "matter": "亲属所在科室的采购",
        "yes": str(size - 1),
        "recused": [cast.leader.pk],
    }
    done = client.post(address, sent)
    assert done.status_code == 302, done.context["form"].errors
    found = Vote.objects.get()
    assert (found.base, found.present, found.passed) == (size - 1, size - 1, True)
    assert [cast.leader.name, "回避"] in [row[:2] for row in found.left_out]
    assert f"{cast.leader.name}（回避）" in client.get(meeting.get_absolute_url()).content.decode()
    paper = client.get(reverse("activities:meeting_paper", args=[meeting.pk, "minutes"]))
    words = "".join(each.text for each in Document(BytesIO(b"".join(paper))).paragraphs)
    assert f"{cast.leader.name}回避" in words
    everybody = actions.record(cast.clerk, unit=hospital.b_medicine, kind="assembly", held_on=DAY, absent={})
    page = client_of(cast.clerk).get(reverse("activities:meeting_vote", args=[everybody.pk]))
    assert "recused" not in page.context["form"].fields
