"""Elections from the request to the ballot: who may, and at which count."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from linghang.activities import actions
from linghang.activities.actions.ballots import on_the_ballot
from linghang.activities.actions.meetings import record_planned
from linghang.activities.models import Election
from linghang.kernel import clock
from linghang.kernel.flow import OwnWork, WrongState
from linghang.org.models import Membership
from tests.making import afresh, make_person, make_post, make_unit, somebody

DAY = date(2026, 11, 16)
State = Election.State


@pytest.fixture(autouse=True)
def stand_on_the_day():
    with clock.at(DAY):
        yield


def make_branch(hospital, full, *, probationary=0, parent=None):
    """A branch of so many full members, named after their place, with a secretary and an organiser."""
    unit = make_unit(code="b-large", name="大内科党支部", parent=parent or hospital.b_medicine.parent)
    people = [
        make_person(f"80{number:02}", branch=unit, name=f"委员{number}", account=True)
        for number in range(1, full + 1)
    ]
    for number in range(probationary):
        made = make_person(f"89{number:02}", branch=unit, name=f"预备{number}")
        Membership.objects.filter(person=made).update(status=Membership.Status.PROBATIONARY)
    make_post(people[0], "secretary", unit)
    make_post(people[1], "organiser", unit)
    return SimpleNamespace(unit=unit, people=people, secretary=afresh(people[0]), organiser=afresh(people[1]))


def begun(branch, seats=3, **more):
    given = {"unit": branch.unit, "kind": "term", "planned_on": DAY, "seats": seats, **more}
    return actions.begin_election(branch.secretary, **given)


def approved(branch, cast, **more):
    """The request is answered; the general branch passed it on where there is one."""
    election = begun(branch, **more)
    actions.request_election(election, branch.secretary)
    if election.through_general:
        actions.forward_election(election, cast.general)
    return actions.approve_election(election, cast.office, number="院党字〔2026〕31 号", replied_on=DAY)


def ready(branch, cast, candidates, **more):
    """The candidates are approved."""
    election = approved(branch, cast, **more)
    actions.nominate(election, branch.secretary, people=candidates)
    if election.through_general:
        actions.forward_election(election, cast.general)
    return actions.approve_candidates(election, cast.office, number="院党字〔2026〕33 号", replied_on=DAY)


def assembled(branch, cast, candidates, *, absent=(), **more):
    """The members have met; those who did not come are named."""
    election = ready(branch, cast, candidates, **more)
    actions.call_election(election, branch.secretary, held_on=DAY, place="示教室")
    record_planned(
        election.assembly,
        branch.secretary,
        absent={person.pk: "leave" for person in absent},
        book_page="第 3 页",
    )
    return election


def counted(election, by, votes, *, issued=None, **slips):
    """Count a ballot: names and votes in the order in which they stand."""
    people = [one.person_id for one in on_the_ballot(election)]
    came = election.assembly.attendances.filter(present=True).count()
    issued = came if issued is None else issued
    given = {"issued": issued, "returned": slips.pop("returned", issued), **slips}
    pairs = dict(zip(people, votes, strict=True))
    return actions.count(election, by, slips=actions.Slips(**given), votes=pairs)


# --- request and reply -----------------------------------------------------------------------------------------------


def test_seven_full_members_elect_a_committee(hospital):
    """支部工作条例 第二十条 (R-ZB-20)."""
    branch = make_branch(hospital, 7)
    with pytest.raises(ValidationError, match="7 人以上应设支部委员会"):
        begun(branch, seats=1, direct=True)
    assert begun(branch, seats=3).state == State.DRAFTED


def test_probationary_members_do_not_make_a_committee_necessary(hospital):
    branch = make_branch(hospital, 6, probationary=1)
    assert begun(branch, seats=1, direct=True).direct


@pytest.mark.parametrize(
    ("seats", "reason", "words"),
    [(8, "人多", "超过最多 7 人"), (6, "", "请说明理由"), (2, "", "少于 3 人")],
)
def test_the_size_of_a_committee_is_judged_with_the_article(hospital, seats, reason, words):
    branch = make_branch(hospital, 9)
    with pytest.raises(ValidationError, match=words) as refused:
        begun(branch, seats=seats, reason=reason)
    assert "R-ZB-21" in str(refused.value)


def test_six_seats_pass_with_a_reason(hospital):
    assert begun(make_branch(hospital, 9), seats=6, reason="科室分布在三个院区").seats == 6


def test_one_election_at_a_time(hospital):
    branch = make_branch(hospital, 7)
    begun(branch)
    with pytest.raises(ValidationError, match="已有一次选举正在办理"):
        begun(branch)


def test_a_temporary_branch_holds_no_election(hospital):
    """支部工作条例 第八条 (R-ZB-07)."""
    branch = make_branch(hospital, 7)
    branch.unit.shape = sorted(branch.unit.TEMPORARY)[0]
    branch.unit.save()
    with pytest.raises(ValidationError, match="临时党支部不办理换届选举"):
        begun(branch)


@pytest.mark.under_a_committee
def test_the_office_waits_until_the_general_branch_has_passed_the_request_on(hospital, cast):
    branch = make_branch(hospital, 7)
    election = begun(branch)
    actions.request_election(election, branch.secretary)
    with pytest.raises(WrongState):
        actions.approve_election(election, cast.office, number="1", replied_on=DAY)
    with pytest.raises(PermissionDenied):
        actions.forward_election(election, cast.other_general)
    actions.forward_election(election, cast.general)
    actions.approve_election(election, cast.office, number="院党字〔2026〕31 号", replied_on=DAY, seats=5)
    assert (election.state, election.seats, election.reply_number) == (
        State.APPROVED,
        5,
        "院党字〔2026〕31 号",
    )


def test_a_reply_has_a_number_and_a_day_after_the_request(hospital, cast):
    branch = make_branch(hospital, 7, parent=hospital.party)
    election = begun(branch)
    actions.request_election(election, branch.secretary)
    with pytest.raises(ValidationError, match="请填批复文号"):
        actions.approve_election(election, cast.office, number=" ", replied_on=DAY)
    with pytest.raises(ValidationError, match="不能早于上报日期"):
        actions.approve_election(election, cast.office, number="1", replied_on=DAY - timedelta(1))


def test_whoever_asked_does_not_answer(hospital, cast):
    """The office director leads 机关党支部 herself: her own request is somebody else's to answer."""
    given = {"unit": hospital.b_office, "kind": "term", "planned_on": DAY, "seats": 1, "direct": True}
    election = actions.begin_election(cast.office, **given)
    actions.request_election(election, cast.office)
    with pytest.raises(OwnWork):
        actions.approve_election(election, cast.office, number="1", replied_on=DAY)
    actions.approve_election(election, cast.clerk_office, number="1", replied_on=DAY)


def test_a_returned_request_is_put_right_and_sent_again(hospital, cast):
    branch = make_branch(hospital, 7)
    election = begun(branch)
    actions.request_election(election, branch.secretary)
    actions.forward_election(election, cast.general)
    actions.return_election(election, cast.office, reason="名额请写明理由")
    assert (election.state, election.forwarded_on) == (State.DRAFTED, None)
    actions.edit_election(election, branch.secretary, planned_on=DAY, seats=5)
    actions.request_election(election, branch.secretary)
    assert election.seats == 5


# --- candidates ------------------------------------------------------------------------------------------------------


def test_candidates_exceed_the_seats_by_a_fifth(hospital, cast):
    """基层组织选举工作条例, 委员会选举章 (R-XJ-04): 3 seats want 4, 5 want 6."""
    branch = make_branch(hospital, 9)
    election = approved(branch, cast, seats=5)
    with pytest.raises(ValidationError, match="至少应有 6 人") as refused:
        actions.nominate(election, branch.secretary, people=branch.people[:5])
    assert "R-XJ-04" in str(refused.value)
    actions.nominate(election, branch.secretary, people=branch.people[:6])
    assert election.candidates.count() == 6


def test_a_probationer_and_a_stranger_cannot_stand(hospital, cast):
    """第五条 (R-XJ-03)."""
    branch = make_branch(hospital, 8, probationary=1)
    election = approved(branch, cast)
    probationer = somebody("8900")
    with pytest.raises(ValidationError, match="预备党员，没有被选举权（基层组织选举工作条例"):
        actions.nominate(election, branch.secretary, people=[*branch.people[:3], probationer])
    with pytest.raises(ValidationError, match="不是大内科党支部的正式党员"):
        actions.nominate(election, branch.secretary, people=[*branch.people[:3], cast.outsider])


def test_the_meeting_comes_after_the_reply_on_the_candidates(hospital, cast):
    branch = make_branch(hospital, 7)
    election = ready(branch, cast, branch.people[:4])
    with pytest.raises(ValidationError, match="大会不能早于这一天"):
        actions.call_election(election, branch.secretary, held_on=DAY - timedelta(1))


# --- the ballot ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("full", "away", "held"), [(5, 1, True), (5, 2, False), (20, 4, True), (20, 5, False)]
)
def test_four_fifths_must_be_there(hospital, cast, full, away, held):
    """基层组织选举工作条例, 选举的实施章 (R-XJ-06): 4 of 5 and 16 of 20 suffice; probationers never count."""
    branch = make_branch(hospital, full, probationary=2)
    election = assembled(branch, cast, branch.people[:4], absent=branch.people[full - away :])
    present = full - away
    if not held:
        with pytest.raises(ValidationError, match=f"应到会 {full} 人，实到 {present} 人") as refused:
            counted(election, branch.organiser, [present, 0, 0, 0], issued=present)
        assert "R-XJ-06" in str(refused.value)
        assert not election.ballots.exists()
        return
    counted(election, branch.organiser, [present, present, present, 0], issued=present)
    ballot = election.last_ballot
    assert (ballot.base, ballot.present, ballot.valid) == (full, present, True)
    assert "预备0（预备党员）" in ballot.base_note


def test_more_ballots_back_than_were_issued_make_it_void(hospital, cast):
    """R-XJ-08."""
    branch = make_branch(hospital, 7)
    election = assembled(branch, cast, branch.people[:4])
    counted(election, branch.organiser, [7, 7, 7, 0], issued=6, returned=7)
    assert not election.last_ballot.valid
    actions.confirm_count(election, branch.secretary)
    assert election.state == State.READY
    assert "选举无效，应重新选举" in election.last_ballot.verdict
    assert not election.candidates.filter(elected_in__isnull=False).exists()
    counted(election, branch.organiser, [7, 7, 7, 0])
    actions.confirm_count(election, branch.secretary)
    assert election.state == State.ELECTED


def test_nobody_votes_for_another(hospital, cast):
    """R-XJ-07."""
    branch = make_branch(hospital, 7)
    election = assembled(branch, cast, branch.people[:4])
    with pytest.raises(ValidationError, match="不得委托他人代为投票"):
        counted(election, branch.organiser, [7, 7, 7, 0], proxies=1)


def test_numbers_that_cannot_be_are_refused(hospital, cast):
    branch = make_branch(hospital, 7)
    election = assembled(branch, cast, branch.people[:4])
    with pytest.raises(ValidationError, match="发出选票多于实到人数"):
        counted(election, branch.organiser, [7, 7, 7, 0], issued=8)
    with pytest.raises(ValidationError, match="得票多于有效票"):
        counted(election, branch.organiser, [7, 7, 6, 0], void=1)
    with pytest.raises(ValidationError, match="得票总数多于有效票"):
        counted(election, branch.organiser, [7, 7, 7, 1])


def test_a_candidate_is_no_scrutineer(hospital, cast):
    branch = make_branch(hospital, 7)
    election = assembled(branch, cast, branch.people[:4])
    votes = {person.pk: 1 for person in branch.people[:4]}
    given = {"slips": actions.Slips(issued=7, returned=7), "votes": votes}
    with pytest.raises(ValidationError, match="候选人不得担任监票人"):
        actions.count(election, branch.organiser, scrutineer=branch.people[3], **given)
    actions.count(election, branch.organiser, scrutineer=branch.people[6], **given)


def test_a_base_that_was_changed_by_hand_says_why(hospital, cast):
    branch = make_branch(hospital, 7)
    election = assembled(branch, cast, branch.people[:4], absent=branch.people[5:])
    votes = {person.pk: got for person, got in zip(branch.people, [5, 5, 5, 0], strict=False)}
    given = {"slips": actions.Slips(issued=5, returned=5), "votes": votes, "expected": 6}
    with pytest.raises(ValidationError, match="必须填写理由"):
        actions.count(election, branch.organiser, **given)
    actions.count(election, branch.organiser, **given, because="一人出国半年以上，大会已通过不计入")
    assert (election.last_ballot.base, election.last_ballot.valid) == (6, True)
    assert "系统算得 7 人" in election.last_ballot.base_note


def test_the_meeting_must_have_been_recorded(hospital, cast):
    branch = make_branch(hospital, 7)
    election = ready(branch, cast, branch.people[:4])
    with pytest.raises(ValidationError, match="请先安排选举大会"):
        actions.count(election, branch.organiser, slips=actions.Slips(7, 7), votes={})
    actions.call_election(election, branch.secretary, held_on=DAY)
    with pytest.raises(ValidationError, match="请先记录选举大会的到会情况"):
        actions.count(election, branch.organiser, slips=actions.Slips(7, 7), votes={})


def test_another_person_checks_the_count(hospital, cast):
    branch = make_branch(hospital, 7)
    election = assembled(branch, cast, branch.people[:4])
    counted(election, branch.organiser, [7, 7, 7, 0])
    with pytest.raises(OwnWork):
        actions.confirm_count(election, branch.organiser)
    counted(election, branch.secretary, [7, 7, 6, 1])
    assert election.ballots.count() == 1
    actions.confirm_count(election, branch.organiser)
    assert election.state == State.ELECTED


def test_those_tied_at_the_last_place_are_voted_on_again(hospital, cast):
    """R-XJ-09: only among the tied, and the verdict says so."""
    branch = make_branch(hospital, 10)
    election = assembled(branch, cast, branch.people[:5], seats=3)
    counted(election, branch.organiser, [9, 7, 6, 6, 2])
    actions.confirm_count(election, branch.secretary)
    assert election.state == State.AGAIN
    assert "委员3、委员4票数相等，应就他们再次投票" in election.last_ballot.verdict
    assert [one.person.name for one in on_the_ballot(election)] == ["委员3", "委员4"]
    votes = {person.pk: 5 for person in branch.people[2:5]}
    with pytest.raises(ValidationError, match="不多不少"):
        actions.count(election, branch.organiser, slips=actions.Slips(10, 10), votes=votes)
    counted(election, branch.organiser, [6, 4])
    second = election.last_ballot
    assert (second.number, second.seats) == (2, 1)
    actions.confirm_count(election, branch.secretary)
    assert election.state == State.ELECTED
    elected = election.candidates.filter(elected_in__isnull=False).values_list("person__name", "elected_in")
    assert list(elected) == [("委员1", 1), ("委员2", 1), ("委员3", 2)]


def test_a_second_ballot_that_was_void_leaves_the_tie(hospital, cast):
    branch = make_branch(hospital, 10)
    election = assembled(branch, cast, branch.people[:5])
    counted(election, branch.organiser, [9, 7, 6, 6, 2])
    actions.confirm_count(election, branch.secretary)
    counted(election, branch.organiser, [6, 3], issued=9, returned=10)
    actions.confirm_count(election, branch.secretary)
    assert election.state == State.AGAIN
    assert len(on_the_ballot(election)) == 2


def test_exactly_half_of_those_present_is_not_enough(hospital, cast):
    """R-XJ-09: more than half of those who came; two of three seats are filled, the third is voted on again."""
    branch = make_branch(hospital, 10)
    election = assembled(branch, cast, branch.people[:4])
    counted(election, branch.organiser, [8, 7, 5, 5])
    actions.confirm_count(election, branch.secretary)
    assert election.state == State.SHORT
    assert "尚缺 1 名" in election.last_ballot.verdict
    assert [one.person.name for one in on_the_ballot(election)] == ["委员3", "委员4"]
    with pytest.raises(ValidationError, match="少于 3 人，应及时补选，不能减额"):
        actions.reduce_seats(election, branch.secretary, reason="大会同意")
    counted(election, branch.organiser, [6, 4])
    actions.confirm_count(election, branch.secretary)
    assert election.state == State.ELECTED


def test_seats_left_over_may_have_new_candidates_at_another_meeting(hospital, cast):
    """R-XJ-10: 另行选举; two are elected and stay so, two new names stand for the third seat."""
    branch = make_branch(hospital, 10)
    election = assembled(branch, cast, branch.people[:4])
    counted(election, branch.organiser, [8, 7, 3, 2])
    actions.confirm_count(election, branch.secretary)
    with pytest.raises(ValidationError, match="委员1已经当选"):
        actions.nominate(election, branch.secretary, people=[branch.people[0], branch.people[5]])
    actions.nominate(election, branch.secretary, people=branch.people[5:7])
    actions.forward_election(election, cast.general)
    with clock.at(DAY + timedelta(7)):
        actions.approve_candidates(
            election, cast.office, number="院党字〔2026〕35 号", replied_on=clock.today()
        )
        with pytest.raises(ValidationError, match="请另开大会选举"):
            counted(election, branch.organiser, [6, 4])
        actions.call_election(election, branch.secretary, held_on=clock.today())
        record_planned(election.assembly, branch.secretary, book_page="第 5 页")
        counted(election, branch.organiser, [6, 4])
        actions.confirm_count(election, branch.secretary)
    elected = election.candidates.filter(elected_in__isnull=False).values_list("person__name", flat=True)
    assert set(elected) == {"委员1", "委员2", "委员6"}
    assert election.state == State.ELECTED


def test_four_of_five_may_be_enough_when_the_meeting_agrees(hospital, cast):
    """R-XJ-10."""
    branch = make_branch(hospital, 10)
    election = assembled(branch, cast, branch.people[:6], seats=5)
    counted(election, branch.organiser, [9, 9, 9, 9, 4, 4])
    actions.confirm_count(election, branch.secretary)
    actions.reduce_seats(election, branch.secretary, reason="大会同意减额为 4 名")
    assert (election.state, election.seats) == (State.ELECTED, 4)
