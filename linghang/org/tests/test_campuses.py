"""Several campuses and a second committee: one tree, seen by site, and nobody reads what is another's."""

from datetime import date

import pytest

from linghang.kernel.access import SYSTEM
from linghang.org import actions
from linghang.org.models import Unit
from tests.making import make_person, make_post

pytestmark = pytest.mark.django_db
SINCE = date(2026, 1, 1)


@pytest.fixture
def riverside(hospital):
    """滨江院区: a site with its own committee of the second level, its own branch and its own department."""
    add = lambda **given: actions.add_unit(SYSTEM, since=SINCE, **given)  # noqa: E731
    site = add(name="滨江院区", kind="campus", parent=hospital.hospital)
    own = add(name="滨江院区党委", kind="subcommittee", parent=hospital.party, campus=site)
    add(name="滨江急诊科", kind="department", parent=site)
    add(name="滨江急诊党支部", kind="branch", parent=own, campus=site)
    return site


@pytest.mark.mechanism("S1-36")
@pytest.mark.under_a_committee
def test_units_are_listed_by_campus_in_both_trees(cast, client_of, riverside):
    shown = client_of(cast.office).get("/org/units/", {"campus": riverside.pk}).context["listing"]
    names = {row.cells[0].text.strip() for row in shown.rows}
    assert {"滨江院区党委", "滨江急诊党支部"} <= names
    assert not names & {"内科党支部", "外科党支部", "第一党总支"}


@pytest.mark.mechanism("S1-36")
@pytest.mark.under_a_committee
def test_the_secretary_of_a_campus_committee_reaches_its_own_branches_only(hospital, riverside):
    own = Unit.objects.get(name="滨江院区党委")
    head = make_person(number="7200", name="汪滨", branch=Unit.objects.get(name="滨江急诊党支部"))
    make_post(head, "party_secretary", own)
    seen = set(Unit.objects.within(head, "activities.view_meeting").party())
    assert seen == {own, Unit.objects.get(name="滨江急诊党支部")}
    assert not head.may("activities.view_meeting", hospital.b_medicine)
