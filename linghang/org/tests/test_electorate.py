"""Who counts in a vote of a branch, read from the register: against every status and on the very days they change."""

from datetime import date, timedelta

import pytest

from linghang.org.electorate import members_on
from linghang.org.models import Membership, Spell
from linghang.rules.electorate import base
from tests.making import branch, make_person, make_unit, unit

pytestmark = pytest.mark.django_db
DAY, ONE = date(2026, 9, 1), timedelta(days=1)


def left_out(day):
    found = base(members_on(branch(), day), day)
    return {each.member.name: each.reason for each in found.left_out}


def size(day):
    return base(members_on(branch(), day), day).size


def make_spell(person, kind, **more):
    return Spell.objects.create(
        **{"person": person, "unit": branch(), "kind": kind, "since": date(2026, 8, 1), **more}
    )


def test_probationers_belong_and_do_not_count(hospital):
    assert left_out(DAY) == {"新晓": "预备党员"}
    assert size(DAY) == len(members_on(hospital.b_medicine, DAY)) - 1


def test_a_member_counts_from_the_day_of_becoming_full(hospital):
    person = make_person(branch=None, name="转正人")
    Membership.objects.create(
        person=person, branch=branch(), status="probationary", since=DAY - 400 * ONE, until=DAY
    )
    Membership.objects.create(person=person, branch=branch(), status="full", since=DAY)
    assert "转正人" in left_out(DAY - ONE)
    assert "转正人" not in left_out(DAY)
    assert size(DAY) == size(DAY - ONE) + 1


def test_a_full_member_from_elsewhere_is_known_since_the_first_full_day(hospital):
    person = make_person(branch=None, name="转入人")
    Membership.objects.create(
        person=person, branch=unit("b-surgery"), status="full", since=date(2015, 1, 1), until=DAY
    )
    Membership.objects.create(person=person, branch=branch(), status="full", since=DAY)
    found = next(m for m in members_on(branch(), DAY) if m.name == "转入人")
    assert (found.confirmed_on, found.belongs.since) == (date(2015, 1, 1), DAY)
    assert not [m for m in members_on(unit("b-surgery"), DAY) if m.name == "转入人"]


@pytest.mark.parametrize("kind", ["stopped", "paused"])
def test_a_suspended_member_is_out_for_these_days_and_no_others(hospital, kind):
    whole = size(DAY)
    make_spell(make_person(name="中止人"), kind, until=DAY)
    assert left_out(DAY - ONE)["中止人"] == "党员权利被中止"
    assert size(DAY) == whole + 1


def test_who_is_under_watch_has_no_vote_until_the_watch_is_over(hospital):
    whole = size(DAY)
    make_spell(make_person(name="察看人"), "watched", since=DAY, until=date(DAY.year + 1, DAY.month, DAY.day))
    assert left_out(DAY)["察看人"] == "留党察看期间"
    assert size(DAY - ONE) == whole + 1
    assert "察看人" not in left_out(date(DAY.year + 1, DAY.month, DAY.day))


def test_an_excuse_counts_from_the_day_on_which_it_was_passed_and_says_no_cause(hospital):
    make_spell(make_person(name="请辞人"), "excused", situation=4, passed_on=DAY)
    assert "请辞人" not in left_out(DAY - ONE)
    assert left_out(DAY)["请辞人"] == "经上级同意并经大会通过，不计入应到会"


def test_what_was_corrected_no_longer_counts(hospital):
    whole = size(DAY)
    make_spell(make_person(name="误记人"), "stopped", corrected=True)
    assert size(DAY) == whole + 1


def test_spared_and_floating_members_keep_their_vote(hospital):
    whole = size(DAY)
    make_spell(make_person(name="老人"), "spared")
    make_spell(make_person("7002", name="外人员"), "floating")
    assert size(DAY) == whole + 2


def test_one_branch_costs_three_queries_whatever_its_size(hospital, django_assert_num_queries):
    place = make_unit()
    for number in range(20):
        make_spell(make_person(f"80{number:02}", branch=place), "spared")
    with django_assert_num_queries(3):
        assert len(members_on(place, DAY)) == 20
