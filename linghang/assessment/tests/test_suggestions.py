"""Deductions and vetoes that the records suggest: found by the machine, counted only once a named person confirms."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from linghang.assessment import actions
from linghang.assessment.models import Rating, Score
from linghang.assessment.tests.acts import AFTER, decline_all, go_live, held, mark_all, open_cycle
from linghang.kernel import clock
from tests import making

pytestmark = pytest.mark.django_db


def checked(unit, day, method, *repeats):
    """A confirmed check of a branch, and what it found: again, or for the first time."""
    days = {"period_since": day, "period_until": day, "since": day, "until": day}
    this = making.make_round(title=f"{method} {day}", method=method, **days)
    check = making.make_check(round=this, unit=unit, state="confirmed", held_on=day)
    for repeat in repeats:
        making.make_finding(inspection=check, repeat=repeat, found_on=day, confirmed_on=day)


def score(cycle, unit, code):
    return Score.objects.get(run=cycle.run, unit=unit, code=code)


def total(cycle, unit):
    return Rating.objects.get(cycle=cycle, unit=unit).total


@pytest.fixture
def cycle(hospital, cast):
    """内科 met every month; 外科 held nothing from January to August, and the committee found one thing twice."""
    go_live()
    for month in range(1, 12):
        held(cast.secretary, hospital.b_medicine, "themed_day", date(2026, month, 9))
    for day in (date(2025, 12, 9), date(2026, 9, 9), date(2026, 10, 9), date(2026, 11, 9)):
        held(cast.outsider, hospital.b_surgery, "themed_day", day)
    checked(hospital.b_surgery, date(2026, 9, 15), "committee", True, False)
    checked(hospital.b_surgery, date(2026, 6, 15), "mutual", True)
    with clock.at(AFTER):
        found = open_cycle(cast.office, hospital.party)
        mark_all(found, cast.office)
        yield actions.compute(found, cast.office)


def test_the_records_suggest_who_held_nothing_for_half_a_year_and_what_was_found_twice(hospital, cycle):
    found = {(line.code, line.unit_id): line.figure.value for line in cycle.undecided()}
    surgery = hospital.b_surgery.pk
    assert (found["V6", surgery], found["M2", surgery]) == ("8", "1")
    assert ("V6", hospital.b_medicine.pk) not in found
    assert ("M2", hospital.b_medicine.pk) not in found


def test_nothing_bites_before_somebody_has_confirmed_it(hospital, cycle):
    for code in ("M2", "V6"):
        line = score(cycle, hospital.b_surgery, code)
        assert (line.points, line.value) == (Decimal("0.00"), 0)
        assert line.why.endswith("待认定，未计")


def test_ratings_wait_until_every_suggestion_is_decided_and_computed(hospital, cast, cycle):
    with pytest.raises(ValidationError, match="没有认定"):
        actions.propose(cycle, cast.clerk_office)
    for line in cycle.undecided():
        actions.enter_manual(cycle, cast.office, marks={line.code: {line.unit_id: Decimal(1)}})
    with pytest.raises(ValidationError, match="重新试算"):
        actions.propose(cycle, cast.clerk_office)


def test_a_confirmed_deduction_counts_with_the_name_of_who_confirmed_it(hospital, cast, cycle):
    before = total(cycle, hospital.b_surgery)
    notes = {hospital.b_surgery.pk: "两次督查记录在案"}
    marks = {hospital.b_surgery.pk: Decimal(1)}
    actions.enter_manual(cycle, cast.office, marks={"M2": marks}, notes={"M2": notes})
    actions.compute(cycle, cast.office)
    line = score(cycle, hospital.b_surgery, "M2")
    assert (line.counted, line.points) == ("党委督查发现反复出现的问题 1 项", Decimal("-3.00"))
    assert line.why == "每项扣 3，最多扣 9；陈岚认定：两次督查记录在案"
    assert total(cycle, hospital.b_surgery) == before - 3


def test_a_confirmed_veto_caps_the_rating_and_names_the_months(hospital, cast, cycle):
    actions.enter_manual(cycle, cast.office, marks={"V6": {hospital.b_surgery.pk: Decimal(1)}})
    decline_all(cycle, cast.office)
    line = score(cycle, hospital.b_surgery, "V6")
    assert line.counted == "最长连续 8 个月没有组织生活"
    assert line.why == "2026 年 1 月至 8 月，命中一票否决，等次不高于“一般”；陈岚认定"
    actions.propose(cycle, cast.clerk_office)
    assert Rating.objects.get(cycle=cycle, unit=hospital.b_surgery).proposed == "一般"


def test_a_declined_suggestion_never_counts_and_says_who_declined_it(hospital, cast, cycle):
    before = total(cycle, hospital.b_surgery)
    decline_all(cycle, cast.office)
    line = score(cycle, hospital.b_surgery, "V6")
    assert line.why.endswith("陈岚不予认定，未计")
    assert total(cycle, hospital.b_surgery) == before
    assert cycle.undecided() == []
    actions.propose(cycle, cast.clerk_office)
    assert Rating.objects.get(cycle=cycle, unit=hospital.b_surgery).proposed != "一般"


def test_a_suggestion_is_answered_by_yes_or_no(hospital, cast, cycle):
    with pytest.raises(ValidationError, match="0 至 1"):
        actions.enter_manual(cycle, cast.office, marks={"M2": {hospital.b_surgery.pk: Decimal(2)}})


def test_the_office_finds_suggestions_on_the_page_and_decides_them_in_a_form(
    hospital, cast, client_of, cycle
):
    client, surgery = client_of(cast.office), hospital.b_surgery.pk
    text = client.get(cycle.get_absolute_url()).content.decode()
    assert "系统从记录中发现，认定后才计" in text
    assert "外科党支部 V6 半年以上不开展组织生活" in text
    address = reverse("assessment:manual_item", args=[cycle.pk, "M2"])
    form = client.get(address).content.decode()
    assert "党委督查发现反复出现的问题 1 项" in form
    assert "内科党支部" not in form.partition("<table")[2]
    assert client.post(address, {f"value_{surgery}": "1", f"note_{surgery}": "属实"}).status_code == 302
    mark = cycle.marks.get(code="M2", unit=surgery)
    assert (mark.value, mark.note, mark.by_name) == (Decimal(1), "属实", "陈岚")
    whole = client.get(reverse("assessment:manual_unit", args=[cycle.pk, surgery])).content.decode()
    assert "系统发现：最长连续 8 个月没有组织生活" in whole


def test_a_branch_does_not_read_of_what_nobody_has_confirmed(hospital, cast, client_of, cycle):
    sheet = Rating.objects.get(cycle=cycle, unit=hospital.b_surgery)
    text = client_of(cast.office).get(sheet.get_absolute_url(), {"all": 1}).content.decode()
    assert "B5 主题党日" in text
    assert "M2 同一问题" not in text
    assert "V6 半年以上" not in text


def test_months_before_counting_began_are_never_held_against_a_branch(hospital, cast):
    go_live(date(2026, 9, 1))
    with clock.at(AFTER):
        cycle = actions.compute(open_cycle(cast.office, hospital.party), cast.office)
    assert not [line for line in cycle.undecided() if line.code == "V6"]


def test_ratings_are_not_offered_before_the_period_is_over(hospital, cast, client_of, cycle):
    propose = reverse("assessment:cycle_propose", args=[cycle.pk])
    decline_all(cycle, cast.office)
    with clock.at(cycle.until):
        clerk = client_of(cast.clerk_office)
        assert propose not in clerk.get(cycle.get_absolute_url()).content.decode()
        with pytest.raises(ValidationError, match="期满后"):
            actions.propose(cycle, cast.clerk_office)
    assert propose in client_of(cast.clerk_office).get(cycle.get_absolute_url()).content.decode()
