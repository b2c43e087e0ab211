"""Hours of study and dues: counts of a branch, judged by the rules, and never a name."""

from datetime import date

import pytest
from django.apps import apps

from linghang.compliance.judge import checkups
from linghang.compliance.tests.acts import go_live, held
from linghang.kernel import clock
from linghang.org.models import Membership
from linghang.rules.frequency import Light, Status

pytestmark = pytest.mark.django_db


def check(unit, code, day):
    with clock.at(day):
        return next(each for each in checkups([unit])[unit.pk] if each.duty.code == code)


@pytest.mark.parametrize(
    ("day", "courses", "light"),
    [
        (date(2026, 10, 1), 3, Light.GREY),
        (date(2026, 10, 1), 4, Light.GREEN),
        (date(2026, 12, 1), 3, Light.AMBER),
        (date(2027, 1, 5), 3, Light.RED),
        (date(2027, 1, 5), 4, Light.GREEN),
    ],
)
def test_thirty_two_hours_by_the_end_of_the_year(hospital, cast, day, courses, light):
    go_live(date(2026, 1, 1))
    Membership.objects.filter(branch=hospital.b_medicine).update(since=date(2025, 1, 1))
    for month in range(1, courses + 1):
        held(cast.secretary, hospital.b_medicine, "training", date(2026, month, 12))
    found = check(hospital.b_medicine, "hours", day)
    # In January the year that is over decides while it is red; once it is met the new year has begun.
    year = next(each for each in found.standings if each.period.year == 2026)
    assert year.light is light
    assert (light is Light.RED) == (found.light is Light.RED)
    assert cast.member.name not in year.sentence


def test_who_joined_during_the_year_is_not_held_to_a_whole_years_hours(hospital):
    go_live(date(2026, 1, 1))
    members = Membership.objects.filter(branch=hospital.b_medicine)
    members.update(since=date(2026, 3, 1))
    found = check(hospital.b_medicine, "hours", date(2026, 12, 1))
    assert found.light is Light.GREY


def test_dues_that_are_left_over_turn_red_when_the_month_after_has_passed(hospital, cast):
    go_live(date(2026, 1, 1))
    months = apps.get_model("org.DuesMonth").objects
    branch, month = hospital.b_medicine, date(2026, 5, 1)
    months.create(person=cast.member, branch=branch, month=month, since=month, paid=False)
    months.create(person=cast.clerk, branch=branch, month=month, since=month, paid=True)
    lights = [
        check(branch, "dues", day).light for day in (date(2026, 5, 20), date(2026, 6, 30), date(2026, 7, 1))
    ]
    assert lights[1:] == [Light.AMBER, Light.RED]
    found = check(branch, "dues", date(2026, 7, 1))
    assert found.sentence == "5 月 1 人未交"
    assert cast.member.name not in found.sentence


def test_dues_of_a_past_day_are_what_was_noted_by_then(hospital, cast, client_of):
    """Noted as owed in June and as paid in August: in July the month was red, before June nothing was known."""
    go_live(date(2026, 1, 1))
    branch, month, months = hospital.b_medicine, date(2026, 5, 1), apps.get_model("org.DuesMonth").objects
    given = {"person": cast.member, "branch": branch, "month": month}
    months.create(paid=False, since=date(2026, 6, 10), until=date(2026, 8, 3), **given)
    months.create(paid=True, since=date(2026, 8, 3), **given)
    known = {}
    with clock.at(date(2026, 10, 28)):
        for day in (date(2026, 6, 9), date(2026, 7, 20), date(2026, 8, 3)):
            found = checkups([branch], today=day)[branch.pk]
            fees = next(each for each in found if each.duty.code == "dues")
            known[day.month] = next(s.status for s in fees.standings if s.period.key == "2026-05")
        figure = f"/figures/compliance.duties/{branch.pk}/?duty=dues&since=2026-05-01&until=2026-05-31"
        page = client_of(cast.secretary).get(f"{figure}&on=2026-07-20").content.decode()
    assert known == {6: Status.NOT_REQUIRED, 7: Status.OVERDUE, 8: Status.DONE}
    assert "5 月 1 人未交" in page
