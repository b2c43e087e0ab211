"""The committee, the result and the posts that change with it; whose turn an election is."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from linghang.activities import actions
from linghang.activities.models import Ballot
from linghang.activities.tests.test_elections import (
    DAY,
    State,
    assembled,
    begun,
    counted,
    make_branch,
)
from linghang.kernel import clock
from linghang.kernel.access import SYSTEM
from linghang.kernel.todos import waiting_for
from linghang.org.actions import begin_term
from linghang.org.models import Post, Role, Term
from tests.making import afresh, make_post


@pytest.fixture(autouse=True)
def stand_on_the_day():
    with clock.at(DAY):
        yield


# --- the committee, the result, the posts ----------------------------------------------------------------------------


def divided(election, branch, **more):
    one, two, three = branch.people[1:4]
    given = {"held_on": DAY, "present": 3, "officer": one, "votes": 3, **more}
    given.setdefault("duties", {"organiser": two, "publicist": three, "disciplinarian": three})
    return actions.divide(election, branch.secretary, **given)


def elected(branch, cast):
    """委员2, 委员3 and 委员4 are the new committee; the old secretary did not get through."""
    election = assembled(branch, cast, branch.people[:4])
    counted(election, branch.organiser, [1, 7, 7, 6])
    return actions.confirm_count(election, branch.secretary)


def test_the_committee_elects_its_secretary_by_more_than_half(hospital, cast):
    branch = make_branch(hospital, 7)
    election = elected(branch, cast)
    with pytest.raises(ValidationError, match="须得赞成票 2 票以上"):
        divided(election, branch, votes=1)
    with pytest.raises(ValidationError, match="至少 3 人到会才能选举"):
        divided(election, branch, present=2, votes=2)
    with pytest.raises(ValidationError, match="都在新一届委员中产生"):
        divided(election, branch, officer=branch.people[0])
    divided(election, branch)
    assert election.state == State.FORMED
    roles = [(one.role_id, one.person.name) for one in election.assignments.all()]
    assert roles == [
        ("secretary", "委员2"),
        ("organiser", "委员3"),
        ("publicist", "委员4"),
        ("disciplinarian", "委员4"),
    ]


def test_posts_change_only_when_the_result_is_approved_and_all_at_once(hospital, cast):
    """R-XJ-11."""
    branch = make_branch(hospital, 7)
    begin_term(SYSTEM, unit=branch.unit, elected_on=date(2023, 11, 20), document="院党字〔2023〕40 号")
    election = elected(branch, cast)
    divided(election, branch)
    actions.report_election(election, branch.secretary)
    actions.forward_election(election, cast.general)
    old = Post.objects.filter(unit=branch.unit, until=None)
    assert sorted(post.person.name for post in old) == ["委员1", "委员2"]
    with pytest.raises(PermissionDenied):
        actions.ratify(election, cast.clerk_office, number="院党字〔2026〕40 号", replied_on=DAY)
    assert old.count() == 2
    actions.ratify(election, cast.office, number="院党字〔2026〕40 号", replied_on=DAY)
    assert election.state == State.ENACTED
    now = Post.objects.on(DAY).filter(unit=branch.unit)
    assert sorted((post.role_id, post.person.name, post.document) for post in now) == [
        ("disciplinarian", "委员4", "院党字〔2026〕40 号"),
        ("organiser", "委员3", "院党字〔2026〕40 号"),
        ("publicist", "委员4", "院党字〔2026〕40 号"),
        ("secretary", "委员2", "院党字〔2026〕40 号"),
    ]
    before = Post.objects.on(DAY - timedelta(1)).filter(unit=branch.unit)
    assert sorted(post.person.name for post in before) == ["委员1", "委员2"]
    terms = Term.objects.filter(unit=branch.unit).values_list("elected_on", "until", "document")
    assert list(terms) == [
        (date(2023, 11, 20), DAY, "院党字〔2023〕40 号"),
        (DAY, None, "院党字〔2026〕40 号"),
    ]


def test_an_appointment_that_fails_leaves_everything_as_it_was(hospital, cast):
    branch = make_branch(hospital, 7)
    election = elected(branch, cast)
    divided(election, branch)
    actions.report_election(election, branch.secretary)
    actions.forward_election(election, cast.general)
    make_post(branch.people[3], "auditor", hospital.hospital)
    with pytest.raises(ValidationError, match="三员分立"):
        actions.ratify(election, cast.office, number="院党字〔2026〕40 号", replied_on=DAY)
    election.refresh_from_db()
    assert election.state == State.REPORTED
    assert {post.person.name for post in Post.objects.filter(unit=branch.unit, until=None)} == {
        "委员1",
        "委员2",
    }


def test_a_small_branch_elects_its_secretary_directly(hospital, cast):
    """支部工作条例 第二十条 (R-ZB-22): no committee, one secretary."""
    branch = make_branch(hospital, 5)
    election = assembled(branch, cast, branch.people[2:3], seats=1, direct=True, absent=branch.people[4:])
    counted(election, branch.organiser, [3], issued=4)
    actions.confirm_count(election, branch.secretary)
    assert election.state == State.FORMED
    assert [(one.role_id, one.person.name) for one in election.assignments.all()] == [("secretary", "委员3")]


def test_a_by_election_fills_one_vacant_post_and_leaves_the_others(hospital, cast):
    """支部工作条例 第二十一条 (R-ZB-26)."""
    branch = make_branch(hospital, 8)
    taken, vacant = Role.objects.get(code="organiser"), Role.objects.get(code="publicist")
    with pytest.raises(ValidationError, match="现由委员2担任，没有空缺"):
        begun(branch, kind="by", seats=1, role=taken)
    election = assembled(branch, cast, branch.people[4:6], kind="by", seats=1, role=vacant)
    counted(election, branch.organiser, [6, 2])
    actions.confirm_count(election, branch.secretary)
    actions.report_election(election, branch.secretary)
    actions.forward_election(election, cast.general)
    actions.ratify(election, cast.office, number="院党字〔2026〕41 号", replied_on=DAY)
    now = Post.objects.on(DAY).filter(unit=branch.unit).values_list("role", "person__name")
    assert sorted(now) == [("organiser", "委员2"), ("publicist", "委员5"), ("secretary", "委员1")]
    assert not Term.objects.filter(unit=branch.unit).exists()


def test_a_vacant_secretary_is_elected_by_members_and_then_by_the_committee(hospital, cast):
    branch = make_branch(hospital, 8)
    Post.objects.filter(unit=branch.unit, role="secretary").update(
        role=Role.objects.get(code="deputy_secretary")
    )
    branch.secretary = afresh(branch.secretary)
    role = Role.objects.get(code="secretary")
    election = assembled(branch, cast, branch.people[4:6], kind="by", seats=1, role=role)
    counted(election, branch.organiser, [6, 2])
    actions.confirm_count(election, branch.secretary)
    assert election.state == State.ELECTED
    actions.divide(election, branch.secretary, held_on=DAY, present=3, officer=branch.people[4], votes=2)
    assert [(one.role_id, one.person.name) for one in election.assignments.all()] == [("secretary", "委员5")]


# --- whose turn it is ------------------------------------------------------------------------------------------------


def titles(person):
    return [todo.title for todo in waiting_for(afresh(person)) if "选" in todo.glyph]


def test_the_term_that_ends_is_brought_to_mind_six_months_before(hospital):
    """支部工作条例 第二十一条 (R-ZB-25): three years from 10 May 2024, reminded from 10 November 2026 on."""
    branch = make_branch(hospital, 7)
    begin_term(SYSTEM, unit=branch.unit, elected_on=date(2024, 5, 10))
    with clock.at(date(2026, 11, 9)):
        assert titles(branch.secretary) == []
    with clock.at(date(2026, 11, 10)):
        assert titles(branch.secretary) == ["大内科党支部换届"]
        assert titles(branch.people[4]) == []
    begun(branch)
    assert titles(branch.secretary) == ["大内科党支部 2026 年换届选举"]


def test_each_step_waits_for_whoever_has_the_turn(hospital, cast):
    branch = make_branch(hospital, 10)
    election = begun(branch)
    name = str(election)
    actions.request_election(election, branch.secretary)
    assert (titles(branch.secretary), titles(cast.general), titles(cast.office)) == ([], [name], [])
    actions.forward_election(election, cast.general)
    assert (titles(cast.general), titles(cast.office), titles(cast.clerk_office)) == ([], [name], [name])
    election = actions.approve_election(election, cast.office, number="31 号", replied_on=DAY)
    assert (titles(branch.secretary), titles(cast.office)) == ([name], [])


def test_the_count_waits_for_the_other_one(hospital, cast):
    branch = make_branch(hospital, 7)
    election = assembled(branch, cast, branch.people[:4])
    counted(election, branch.organiser, [7, 7, 7, 0])
    assert titles(branch.organiser) == []
    assert titles(branch.secretary) == [str(election)]


def test_nothing_of_who_voted_what_is_kept():
    kept = {field.name for field in Ballot._meta.get_fields()} | {
        field.name for field in Ballot.tallies.rel.related_model._meta.get_fields()
    }
    assert "voter" not in kept
    assert {"issued", "returned", "votes"} <= kept


def test_a_cancelled_election_makes_room_for_another(hospital):
    branch = make_branch(hospital, 7)
    election = begun(branch)
    actions.cancel_election(election, branch.secretary, reason="并入大外科党支部")
    assert begun(branch).pk != election.pk
