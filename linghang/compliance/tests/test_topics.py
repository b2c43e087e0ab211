"""Meetings of the committee on a standing topic: the kind is data, how often it is wanted is judged."""

from datetime import date

import pytest

from linghang.compliance.judge import checkups
from linghang.compliance.models import Duty
from linghang.compliance.tests.acts import go_live, held
from linghang.kernel import clock, parameters
from linghang.rules.frequency import Light, Status

pytestmark = pytest.mark.django_db


@pytest.mark.mechanism("S2-22")
@pytest.mark.under_a_committee
def test_a_hospital_that_meets_each_quarter_on_ideology_is_judged_by_the_quarter(hospital, cast):
    """意识形态工作责任制 (R-DW-03) asks for two a year; the duty is off until a hospital has checked the text."""
    go_live(date(2026, 1, 1))
    Duty.objects.filter(code="ideology").update(active=True)
    with clock.at(date(2026, 1, 1)):
        parameters.put(cast.office, "compliance.ideology_topic_frequency", "每季度 1 次", date(2026, 1, 1))
    held(cast.office, hospital.party, "quarterly", date(2026, 2, 9))
    with clock.at(date(2026, 8, 3)):
        found = checkups([hospital.party], today=clock.today())[hospital.party.pk]
    check = next(each for each in found if each.duty.code == "ideology")
    stands = {each.period.key: each.status for each in check.standings}
    assert (stands["2026Q1"], stands["2026Q2"]) == (Status.DONE, Status.OVERDUE)
    assert check.light is Light.RED
