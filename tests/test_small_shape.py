"""A hospital that a 总支 heads: what goes another way there than under a 党委. The rest of the suite runs in it as well:
`LINGHANG_TEST_SHAPE=tiny-general pytest linghang`."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from linghang.activities import actions as activities
from linghang.activities.models import Election
from linghang.assessment import actions as assessment
from linghang.assessment.tests.acts import AFTER, decline_all, go_live, mark_all, open_cycle
from linghang.compliance.judge import checkups
from linghang.dispatch import actions as dispatch
from linghang.engine.rate import quota
from linghang.inspections.models import Checklist
from linghang.kernel import clock
from linghang.kernel.flow import STEPS
from linghang.kernel.todos import waiting_for
from linghang.org.models import Person, Unit
from tests.making import afresh, make_line, make_order, make_person, somebody

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.parametrize("hospital", ["tiny-general"], indirect=True),
]
DAY = date(2026, 11, 16)
Visit = Callable[[Person], Client]


@pytest.fixture(autouse=True)
def november(on_day: Any) -> Any:
    with on_day(DAY):
        yield


def titles(person: Person) -> list[str]:
    return [todo.title for todo in waiting_for(afresh(person)) if not todo.waiting]


def test_nothing_stands_between_the_head_and_its_branches(hospital: Any, client_of: Visit, cast: Any) -> None:
    assert {unit.parent for unit in Unit.objects.branches()} == {hospital.party}
    assert hospital.party.kind == Unit.Kind.GENERAL
    for path in (
        "/",
        "/org/units/",
        "/compliance/board/",
        "/planning/",
        "/inspections/",
        "/assessment/cycles/",
    ):
        answer = client_of(cast.office).get(path)
        assert answer.status_code == 200, path
        assert "医院党委" not in answer.content.decode(), path


def test_the_head_owes_a_general_branchs_duties_and_none_of_a_committees(hospital: Any) -> None:
    """选举工作条例：总支换届；中心组学习、专题研究、民主生活会只问党委."""
    go_live(date(2026, 1, 1))
    assert {check.duty.code for check in checkups([hospital.party])[hospital.party.pk]} == {"general_term"}
    branches = {check.duty.code for check in checkups([hospital.b_medicine])[hospital.b_medicine.pk]}
    assert {"assembly", "board", "themed_day", "lesson", "term"} <= branches


def test_the_office_reviews_what_branches_report(hospital: Any, cast: Any) -> None:
    line = make_line(order=make_order(), owner=cast.secretary)
    dispatch.report(line, cast.secretary, result="已办")
    assert f"审核：{line.text}" in titles(cast.office)
    with pytest.raises(PermissionDenied):
        dispatch.review(line, somebody("2001"))
    dispatch.review(line, cast.clerk_office)
    assert line.closed_on == DAY


def test_an_election_goes_straight_to_the_office(hospital: Any, cast: Any) -> None:
    for number in ("7001", "7002"):
        make_person(number)
    given = {"unit": hospital.b_medicine, "kind": Election.Kind.TERM, "planned_on": DAY, "seats": 3}
    election = activities.begin_election(cast.secretary, **given)
    activities.request_election(election, cast.secretary)
    assert election.at_the_top
    assert not election.through_general
    with pytest.raises((PermissionDenied, ValidationError)):
        activities.forward_election(election, cast.party_secretary)
    assert str(election) in titles(cast.office)
    activities.approve_election(election, cast.office, number="总支〔2026〕3 号", replied_on=DAY)
    assert election.state == Election.State.APPROVED


def test_what_is_deployed_goes_to_branches_by_name_not_by_general_branch(
    hospital: Any, cast: Any, client_of: Visit
) -> None:
    page = client_of(cast.office).get("/planning/submit/").content.decode()
    assert "按分类" in page
    assert "按总支" not in page
    assert "内科党支部" in page


def test_three_ways_of_inspecting_and_mutual_pairs_over_all_branches(
    hospital: Any, cast: Any, client_of: Visit
) -> None:
    page = client_of(cast.office).get("/inspections/rounds/new/").content.decode()
    assert "总支督查" in page
    assert "交叉互查" not in page
    assert "党委督查" not in page
    given = {"title": "互查", "method": "mutual", "unit": hospital.party, "since": DAY, "until": DAY}
    checklist = Checklist.objects.get(code="standard")
    this = STEPS["inspections.open_round"].run(cast.office, checklist=checklist, **given)
    STEPS["inspections.draw"].run(this, cast.office, number=7)
    pairs = [(check.unit, check.inspecting) for check in this.checks.all()]
    assert {unit for unit, _ in pairs} == {by for _, by in pairs} == set(Unit.objects.branches())
    assert all(unit != by for unit, by in pairs)


def test_a_year_is_rated_within_its_quotas_and_confirmed_by_the_heads_own_leader(
    hospital: Any, cast: Any
) -> None:
    go_live(date(2025, 12, 1))
    with clock.at(AFTER):
        cycle = open_cycle(cast.office, hospital.party)
        share = {hospital.b_surgery.pk: "0.99", hospital.b_imaging.pk: "0.98", hospital.b_office.pk: "0.9"}
        mark_all(cycle, cast.office, share)
        cycle = decline_all(assessment.compute(cycle, cast.office), cast.office)
        assessment.propose(cycle, cast.clerk_office)
        ratings = list(cycle.ratings.all())
        assert {rating.unit for rating in ratings} == set(Unit.objects.branches())
        for each in cycle.scheme.content.ratings:
            given = sum(rating.proposed == each.name for rating in ratings)
            assert each.share is None or given <= quota(len(ratings), each.share)
        best = cycle.ratings.get(unit=hospital.b_surgery).pk
        assessment.confirm_rating(cycle, cast.leader, decided={best: "示范"}, reasons={best: "党总支会研究"})
        assert assessment.publish(cycle, cast.office).state == "published"
