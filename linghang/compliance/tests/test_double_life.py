"""双重组织生活: counted from who attended, seen by 党办 and by each leader for himself, in the order of posts."""

from datetime import date

import pytest

from linghang.compliance.double_life import Period, asked_year, lives
from linghang.org.models import Membership, Post
from tests.making import make_attendance, make_meeting

pytestmark = pytest.mark.django_db
TODAY, PAGE = date(2026, 11, 2), "/compliance/double-life/"


@pytest.fixture(autouse=True)
def november(on_day):
    with on_day(TODAY):
        yield


@pytest.fixture
def year(cast, hospital):
    """孙国维 was expected twice in his own branch and came once; at another branch he was a guest."""
    for day, unit, present in (
        (date(2026, 3, 5), hospital.b_office, True),
        (date(2026, 4, 5), hospital.b_office, False),
        (date(2026, 5, 5), hospital.b_medicine, True),
        (date(2025, 5, 5), hospital.b_office, True),
    ):
        meeting = make_meeting(unit=unit, held_on=day)
        make_attendance(
            meeting=meeting, person=cast.leader, present=present, reason="" if present else "duty"
        )


def counted(who, asked=TODAY.year):
    [life] = lives(Post.objects.filter(person=who), asked_year({"year": str(asked)}))
    return len(life.called), len(life.came)


@pytest.mark.mechanism("S2-08")
def test_a_leaders_own_branch_counts_and_a_visit_elsewhere_does_not(cast, year):
    assert counted(cast.leader) == (2, 1)
    assert counted(cast.leader, 2025) == (1, 1)
    assert counted(cast.party_secretary) == (0, 0)


@pytest.mark.mechanism("S2-08")
def test_office_sees_all_in_the_order_of_posts_and_a_leader_only_himself(cast, year, client_of):
    text = client_of(cast.office).get(PAGE).content.decode()
    assert text.index("赵立群") < text.index("孙国维")  # though he never came
    assert 'aria-label="孙国维应参加 2次，看记录"' in text
    assert 'aria-label="孙国维参加 1次，看记录"' in text
    own = client_of(cast.leader).get(PAGE).content.decode()
    assert "赵立群" not in own
    assert "孙国维" in own
    for stranger in (cast.secretary, cast.member, cast.inspector):
        assert client_of(stranger).get(PAGE).status_code == 404


@pytest.mark.mechanism("S2-08")
def test_each_number_opens_its_records_for_those_who_may_see_it(cast, year, client_of):
    figure = f"/figures/compliance.double_life/{cast.leader.pk}/?of=came"
    for reader in (cast.office, cast.leader):
        text = client_of(reader).get(figure).content.decode()
        assert "孙国维 到会" in text
        assert "1 条记录" in text
    for stranger in (cast.party_secretary, cast.secretary, cast.member):
        assert client_of(stranger).get(figure).status_code == 404


def test_meetings_before_a_leader_came_to_the_branch_are_not_his(cast, year):
    Membership.objects.filter(person=cast.leader).update(since=date(2026, 4, 1))
    assert counted(cast.leader) == (1, 0)


@pytest.mark.parametrize("asked", ["", "abc", "1999", "2030"])
def test_a_year_that_is_none_is_the_present_one(asked):
    found: Period = asked_year({"year": asked})
    assert found.key == "2026"


def test_the_page_costs_few_queries(cast, year, client_of, django_assert_max_num_queries):
    client = client_of(cast.office)
    client.get("/")
    with django_assert_max_num_queries(12):
        assert client.get(PAGE).status_code == 200
