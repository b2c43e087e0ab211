"""Pages and papers of elections: whose they are, what they ask for, and what the Word files say."""

from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse
from docx import Document

from linghang.activities import actions
from linghang.activities.actions.ballots import on_the_ballot
from linghang.activities.actions.meetings import record_planned
from linghang.activities.models import Election
from linghang.kernel import clock
from linghang.org.models import Post
from tests.making import afresh, make_election, make_person, make_post, make_unit

DAY = date(2026, 11, 16)
State = Election.State


@pytest.fixture(autouse=True)
def stand_on_the_day():
    with clock.at(DAY):
        yield


@pytest.fixture
def people(hospital):
    """Ten full members of a branch right below the committee, led by the first two."""
    unit = make_unit(code="b-large", name="大内科党支部", parent=hospital.party)
    found = [make_person(f"80{n:02}", branch=unit, name=f"委员{n}", account=True) for n in range(1, 11)]
    make_post(found[0], "secretary", unit)
    make_post(found[1], "organiser", unit)
    return [afresh(one) for one in found]


def at(name, election=None, *more):
    return reverse(f"activities:{name}", args=[election.pk, *more] if election else [])


def post(client, name, election, **data):
    return client.post(at(f"election_{name}", election), data)


def ready(people, cast):
    """Candidates approved, the meeting held: five stand for three seats."""
    election = actions.begin_election(people[0], unit=people[0].branch, kind="term", planned_on=DAY, seats=3)
    actions.request_election(election, people[0])
    actions.approve_election(election, cast.office, number="院党字〔2026〕31 号", replied_on=DAY)
    actions.nominate(election, people[0], people=people[:5])
    actions.approve_candidates(election, cast.office, number="院党字〔2026〕33 号", replied_on=DAY)
    actions.call_election(election, people[0], held_on=DAY, place="示教室")
    record_planned(election.assembly, people[0], absent={people[9].pk: "leave"}, book_page="第 3 页")
    return election


def votes(election, numbers):
    people = [one.person_id for one in on_the_ballot(election)]
    return {f"votes_{pk}": got for pk, got in zip(people, numbers, strict=True)}


def tied(people, cast):
    election = ready(people, cast)
    given = dict(zip([one.person_id for one in on_the_ballot(election)], [8, 7, 5, 5, 2], strict=True))
    actions.count(election, people[1], slips=actions.Slips(9, 9), votes=given)
    return actions.confirm_count(election, people[0])


def test_the_branch_begins_an_election_with_what_the_roster_says(people, client_of):
    client = client_of(people[0])
    shown = client.get(at("begin_election")).content.decode()
    assert "本支部" not in shown
    assert 'value="3"' in shown
    data = {"kind": "term", "planned_on": "2026-12-10", "seats": 3}
    made = client.post(at("begin_election"), data, follow=True).content.decode()
    assert "已发起：大内科党支部 2026 年换届选举" in made
    assert Election.objects.get().state == State.DRAFTED


def test_a_committee_that_is_needed_cannot_be_skipped(people, client_of):
    data = {"kind": "term", "planned_on": "2026-12-10", "seats": 1, "direct": "on"}
    refused = client_of(people[0]).post(at("begin_election"), data)
    assert refused.status_code == 422
    assert "7 人以上应设支部委员会" in refused.content.decode()


def test_an_outsider_and_an_ordinary_member_get_404(people, cast, hospital, client_of):
    election = make_election()
    for stranger in (cast.outsider, cast.member, people[0], cast.other_general):
        assert client_of(stranger).get(at("election", election)).status_code == 404
    for reader in (cast.secretary, cast.clerk, cast.general, cast.office, cast.leader):
        assert client_of(reader).get(at("election", election)).status_code == 200


def test_nobody_begins_an_election_for_another_branch(hospital, cast, client_of):
    address = f"{at('begin_election')}?unit={hospital.b_medicine.pk}"
    assert client_of(cast.outsider).get(address).status_code == 404
    assert client_of(cast.secretary).get(address).status_code == 200
    assert client_of(cast.member).get(at("begin_election")).status_code == 404


def test_only_those_with_the_right_are_offered_as_candidates(cast, client_of):
    election = make_election(state="approved")
    shown = client_of(cast.secretary).get(at("election_nominate", election)).content.decode()
    assert "何员" in shown
    assert "没有被选举权：新晓（预备党员）" in shown
    probationer = cast.secretary.branch.members.get(name="新晓")
    refused = post(client_of(cast.secretary), "nominate", election, people=[probationer.pk])
    assert refused.status_code == 422


def test_counting_asks_for_numbers_and_shows_the_verdict_in_words(people, cast, client_of):
    election = ready(people, cast)
    teller, secretary = client_of(people[1]), client_of(people[0])
    form = teller.get(at("election_count", election)).content.decode()
    assert "委员5得票" in form
    assert "应到会有表决权 10 人" in form
    numbers = {"issued": 9, "returned": 9, "void": 0, "proxies": 0, "expected": 10}
    refused = post(
        teller, "count", election, **{**numbers, "returned": 8}, **votes(election, [9, 7, 5, 5, 1])
    )
    assert "得票多于有效票" in refused.content.decode()
    post(teller, "count", election, **numbers, **votes(election, [8, 7, 5, 5, 2]))
    own = teller.get(at("election", election)).content.decode()
    assert "复核计票" not in own.partition("<h1>")[2].partition("steps-line")[0]
    post(secretary, "confirm_count", election)
    shown = secretary.get(at("election", election)).content.decode()
    assert "委员3、委员4票数相等，应就他们再次投票" in shown
    assert "选举工作条例" in shown
    again = teller.get(at("election_count", election)).content.decode()
    assert "委员4得票" in again
    assert "委员5得票" not in again


def test_from_the_tie_to_the_new_committee(people, cast, client_of):
    election = tied(people, cast)
    teller, secretary, office = client_of(people[1]), client_of(people[0]), client_of(cast.office)
    numbers = {"issued": 9, "returned": 9, "void": 0, "proxies": 0, "expected": 10}
    post(teller, "count", election, **numbers, **votes(election, [6, 3]))
    post(secretary, "confirm_count", election)
    duties = {"duty_organiser": people[0].pk, "duty_publicist": people[2].pk}
    given = {"held_on": DAY, "present": 3, "officer": people[1].pk, "votes": 3, **duties}
    post(secretary, "divide", election, **given)
    shown = secretary.get(at("election", election)).content.decode()
    assert "支部委员分工缺纪检委员" in shown
    post(secretary, "report_election", election)
    reply = {"number": "院党字〔2026〕40 号", "replied_on": DAY, "begins_on": DAY}
    assert post(office, "ratify", election, **reply).status_code == 302
    held = Post.objects.on(DAY).filter(unit=election.unit).values_list("role", "person__name")
    assert sorted(held) == [("organiser", "委员1"), ("publicist", "委员3"), ("secretary", "委员2")]


def test_the_list_shows_elections_within_reach_and_offers_to_begin_one(people, cast, client_of):
    make_election()
    shown = client_of(cast.general).get(at("elections")).content.decode()
    assert "内科党支部 2026 年换届选举" in shown
    assert "发起选举" not in shown
    own = client_of(people[0]).get(at("elections")).content.decode()
    assert "内科党支部 2026" not in own
    assert "发起选举" in own


# --- papers ----------------------------------------------------------------------------------------------------------


def words_of(client, election, name):
    response = client.get(at("election_paper", election, name))
    assert response.status_code == 200
    document = Document(BytesIO(response.content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    said = "\n".join([paragraph.text for paragraph in document.paragraphs] + cells)
    assert "{" not in said
    return said


def test_the_papers_are_filled_in(people, cast, client_of):
    election, client = tied(people, cast), client_of(people[0])
    request = words_of(client, election, "request")
    assert "大内科党支部关于进行换届选举的请示" in request
    assert "正式党员 10 人" in request
    assert "至少 8 人到会" in request
    candidates = words_of(client, election, "candidates")
    assert "候选人 5 名" in candidates
    assert "院党字〔2026〕31 号" in candidates
    assert "委员5" in candidates
    method = words_of(client, election, "method")
    assert "应到会有选举权党员 10 人" in method
    assert "不得委托他人代为投票" in method
    assert "院党字〔2026〕33 号" in words_of(client, election, "script")


def test_a_second_ballot_paper_names_the_tied_alone(people, cast, client_of):
    election, client = tied(people, cast), client_of(people[0])
    slip = words_of(client, election, "slip")
    assert "再次投票" in slip
    assert "应选 1 名" in slip
    assert "委员3" in slip
    assert "委员4" in slip
    assert "委员1" not in slip
    sheet = words_of(client, election, "tellers")
    assert "发出选票 9 张，收回 9 张" in sheet
    assert "委员3 5 票（票数相等，再次投票）" in sheet


def test_the_report_says_counts_and_duties(people, cast, client_of):
    election = tied(people, cast)
    given = dict(zip([one.person_id for one in on_the_ballot(election)], [6, 3], strict=True))
    actions.count(election, people[1], slips=actions.Slips(9, 9), votes=given)
    actions.confirm_count(election, people[0])
    actions.divide(election, people[0], held_on=DAY, present=3, officer=people[1], votes=3)
    report = words_of(client_of(people[0]), election, "report")
    assert "党员大会第 2 次投票" in report
    assert "支部书记：委员2" in report
    assert "委员2 得赞成票 3 票，当选" in report
    assert "签发人" in report


def test_an_unknown_paper_is_404(cast, client_of):
    assert client_of(cast.secretary).get(at("election_paper", make_election(), "minutes")).status_code == 404
