"""Findings that come again, and where a branch saw 符合 and those above did not: one plain list."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from linghang.inspections import actions
from linghang.inspections.actions import AnswerDraft
from linghang.inspections.models import Check
from linghang.inspections.patterns import patterns
from linghang.inspections.tests.test_actions import again, check_of, item, started
from linghang.kernel import clock

pytestmark = pytest.mark.django_db


def seen(cast: Any, hospital: Any, day: date, wrong: dict[Any, str], verdict: str = "not_ok") -> None:
    """The committee comes on this day and finds an item wanting in each of these branches."""
    with clock.at(day):
        this = started(cast, hospital, "committee", since=day, until=day, title=f"{day} 督查")
        for unit, code in wrong.items():
            check = check_of(this, unit)
            by = again(check.team.get())
            actions.print_checklist(check, by)
            draft = AnswerDraft(item(check, code), verdict, "缺记录", weight="deadline")
            actions.enter(check, by, held_on=day, exceptions=[draft])
            actions.confirm_check(check, again(cast.office))
        actions.close_round(this, again(cast.office), note="按期")


def own(cast: Any, hospital: Any, day: date, verdict: str = "ok") -> Check:
    with clock.at(day):
        check = check_of(started(cast, hospital, "self", since=day, until=day), hospital.b_medicine)
        draft = AnswerDraft(item(check, "D1"), verdict, "自己看过")
        return actions.self_check(check, again(cast.secretary), exceptions=[draft])


@pytest.mark.mechanism("S0-19", "S1-20")
def test_what_comes_again_and_what_many_have_is_listed_by_item(
    cast: Any, hospital: Any, client_of: Any
) -> None:
    first, second, third = hospital.b_medicine, hospital.b_surgery, hospital.b_imaging
    seen(cast, hospital, date(2026, 3, 2), {first: "B1", second: "B2"})
    seen(cast, hospital, date(2026, 6, 2), {first: "B1", second: "C1", third: "E1"})
    with clock.at(date(2026, 9, 1)):
        told = patterns(again(cast.office), clock.today())
        assert [(line.item.code if line.item else "", [p.times for p in line.again]) for line in told] == [
            ("B1", [2])
        ]
    seen(cast, hospital, date(2026, 9, 2), {first: "C1", third: "C1"})
    with clock.at(date(2026, 9, 3)):
        told = patterns(again(cast.office), clock.today())
        codes = [line.item.code for line in told if line.item]
        assert codes == ["B1", "C1"], "in the order of the checklist, not by how many"
        assert [place.name for place in told[1].found] == ["内科党支部", "外科党支部", "影像党支部"]
        page = client_of(cast.office).get(reverse("inspections:patterns")).content.decode()
        assert "内科党支部</a>（2 次）" in page
        assert client_of(cast.secretary).get(reverse("inspections:patterns")).status_code == 404
    with clock.at(date(2027, 8, 1)):
        assert patterns(again(cast.office), clock.today()) == []


@pytest.mark.mechanism("S0-19")
def test_where_a_branch_saw_otherwise_than_the_committee(
    cast: Any, hospital: Any, client_of: Any, django_assert_max_num_queries: Any
) -> None:
    own(cast, hospital, date(2026, 2, 2))
    seen(cast, hospital, date(2026, 3, 2), {hospital.b_medicine: "D1"})
    with clock.at(date(2026, 3, 3)), django_assert_max_num_queries(12):
        (line,) = patterns(again(cast.office), clock.today())
    assert line.item
    assert (line.item.code, [place.name for place in line.denied]) == ("D1", ["内科党支部"])


def test_a_branch_that_had_said_so_itself_is_not_listed(cast: Any, hospital: Any) -> None:
    own(cast, hospital, date(2026, 2, 2), "not_ok")
    seen(cast, hospital, date(2026, 3, 2), {hospital.b_medicine: "D1"})
    own(cast, hospital, date(2026, 4, 2))
    with clock.at(date(2026, 4, 3)):
        assert patterns(again(cast.office), clock.today()) == []
