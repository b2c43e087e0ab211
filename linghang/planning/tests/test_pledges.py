"""岗位责任清单: handed out, signed, and the record of what was done drawn from facts."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from linghang.kernel import clock
from linghang.kernel.blueprint import SECTIONS
from linghang.kernel.todos import OFFERS
from linghang.org.models import Post
from linghang.planning import actions
from linghang.planning.models import Charge, Pledge
from linghang.planning.performance import performed
from tests import making

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def october(on_day: Any) -> Any:
    """Every test of this file stands on 9 October 2026."""
    with on_day(date(2026, 10, 9)):
        yield


def pledge_of(person: Any) -> Pledge:
    return Pledge.objects.filter(person=person).earliest("pk")


@pytest.mark.mechanism("S2-09")
def test_everybody_with_such_a_post_gets_a_list_and_signs_it(
    client_of: Any, cast: Any, hospital: Any
) -> None:
    client = client_of(cast.office)
    assert client.post(reverse("planning:hand_out"), {"year": 2026}).status_code == 302
    lists = {pledge.person: pledge for pledge in Pledge.objects.all()}
    assert {cast.party_secretary, cast.leader, cast.secretary, cast.outsider} <= set(lists)
    assert cast.member not in lists
    own = lists[cast.secretary]
    assert "签署 2026 年岗位责任清单" in [todo.title for todo in OFFERS["planning"](cast.secretary)]
    mine = client_of(cast.secretary)
    listed = mine.get(cast.secretary.get_absolute_url()).context["pledges_url"]
    assert own.get_absolute_url() in mine.get(listed).content.decode()
    assert "对党员教育管理负领导责任" in mine.get(own.get_absolute_url()).content.decode()
    assert mine.post(reverse("planning:pledge_sign_pledge", args=[own.pk])).status_code == 302
    own.refresh_from_db()
    assert (own.state, own.signed_on) == (Pledge.State.SIGNED, clock.today())
    assert not [todo for todo in OFFERS["planning"](making.afresh(cast.secretary)) if "签署" in todo.title]
    again = client.post(reverse("planning:hand_out"), {"year": 2026})
    assert "已经都下发了" in again.content.decode()


def test_nobody_signs_or_reads_the_list_of_another(client_of: Any, cast: Any, hospital: Any) -> None:
    actions.hand_out_year(cast.office, year=2026)
    own = pledge_of(cast.secretary)
    for person in (cast.office, cast.outsider):
        with pytest.raises(PermissionDenied):
            actions.sign_pledge(own, person)
    assert client_of(cast.outsider).get(own.get_absolute_url()).status_code == 404
    assert client_of(cast.member).get(reverse("planning:pledges")).status_code == 404
    with pytest.raises(ValidationError, match="都下发了"):
        actions.hand_out_year(cast.office, year=2026)


@pytest.mark.mechanism("S0-09")
def test_the_secretarys_five_duties_show_what_was_done_and_every_figure_opens(
    client_of: Any, cast: Any, hospital: Any
) -> None:
    actions.hand_out_year(cast.office, year=2026)
    own = pledge_of(cast.secretary)
    lesson = making.make_meeting(kind="lesson", chair=cast.secretary, held_on=date(2026, 9, 1))
    making.make_meeting(kind="lesson", chair=cast.clerk, held_on=date(2026, 9, 2))
    making.make_meeting(kind="lesson", chair=cast.secretary, held_on=date(2025, 9, 1))
    duties = performed(own)
    assert len(duties) == 5
    ways = {way.words: way for duty in duties for way in duty.ways}
    assert ways["讲党课"].refs == [lesson.ref]
    client = client_of(cast.secretary)
    assert "讲党课 1次，看记录" in client.get(own.get_absolute_url()).content.decode()
    opened = client.get(ways["讲党课"].url).content.decode()
    assert lesson.get_absolute_url() in opened
    assert client_of(cast.outsider).get(ways["讲党课"].url).status_code == 404


@pytest.mark.under_a_committee
@pytest.mark.mechanism("S1-26")
def test_leaders_answer_for_both_sides_and_their_record_is_drawn(
    client_of: Any, cast: Any, hospital: Any
) -> None:
    actions.hand_out_year(cast.office, year=2026)
    making.make_meeting(kind="talk", chair=cast.leader, held_on=date(2026, 9, 1))
    duties = {duty.title: duty for duty in performed(pledge_of(cast.leader))}
    (talks,) = duties["抓好分管领域干部职工的教育管理，开展谈心谈话"].ways
    assert len(talks.refs) == 1
    text = client_of(cast.leader).get(pledge_of(cast.leader).get_absolute_url()).content.decode()
    assert "一岗双责" in text
    assert "没有对应的系统记录" in text


@pytest.mark.under_a_committee
@pytest.mark.mechanism("S1-25")
def test_the_two_responsibilities_are_two_lists_each_drawn_from_the_records(
    client_of: Any, cast: Any, hospital: Any
) -> None:
    """主体责任 is the secretary's, 监督责任 that of whoever leads the discipline; each shows what was done for it."""
    oversees = making.make_person("1090", name="纪律检")
    Post.objects.create(
        person=oversees, unit=hospital.party, role_id="discipline_secretary", since=date(2026, 1, 1)
    )
    actions.hand_out_year(cast.office, year=2026)
    studied = making.make_meeting(unit=hospital.party, kind="governance", held_on=date(2026, 5, 18))
    found = making.make_finding(found_on=date(2026, 9, 1), confirmed_on=date(2026, 9, 2))
    lists = {charge["heading"]: pledge for pledge in Pledge.objects.all() for charge in pledge.charges}
    first, second = lists["全面从严治党主体责任（书记第一责任人）"], lists["监督责任"]
    assert (first.person, second.person) == (cast.party_secretary, oversees)
    main = {way.words: way for duty in performed(first) for way in duty.ways}
    assert main["全面从严治党专题会"].refs == [studied.ref]
    watched = {way.words: way for duty in performed(second) for way in duty.ways}
    assert watched["发现问题"].refs == [found.ref]
    page = client_of(cast.party_secretary).get(first.get_absolute_url()).content.decode()
    assert "每半年至少主持一次全面从严治党专题研究" in page
    assert "党委（党组）落实全面从严治党主体责任规定（2020）" in page
    assert client_of(cast.party_secretary).get(main["全面从严治党专题会"].url).status_code == 200


def test_a_list_stays_as_it_was_worded_when_it_was_handed_out(cast: Any, hospital: Any) -> None:
    actions.hand_out_year(cast.office, year=2026)
    section = SECTIONS["planning.charges"]
    said = {
        "code": "five",
        "title": "改了",
        "roles": ["secretary"],
        "duties": [{"code": "business", "title": "新词"}],
    }
    assert section.apply([section.schema.model_validate(said)], None) > 1
    assert section.apply([section.schema.model_validate(said)], None) == 0
    assert [charge.title for charge in Charge.objects.on(clock.today())] == ["新词"]
    assert len(performed(pledge_of(cast.secretary))) == 5


def test_a_column_that_a_source_does_not_have_is_refused() -> None:
    way = {"source": "activities.meetings", "words": "讲党课", "where": {"sort": ["lesson"]}}
    said = {
        "code": "x",
        "title": "某",
        "roles": ["secretary"],
        "duties": [{"code": "a", "title": "甲", "shown_by": [way]}],
    }
    with pytest.raises(ValueError, match=r"activities\.meetings 没有 sort"):
        SECTIONS["planning.charges"].schema.model_validate(said)
