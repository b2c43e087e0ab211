"""基层负担: what branches were asked for, seen by the Party office alone, and a word before it asks for more."""

from datetime import date

import pytest
from django.urls import reverse

from linghang.compliance.burden import burdens, this_month
from linghang.dispatch.parameters import OF_ALL
from linghang.kernel import clock, parameters
from linghang.kernel.access import SYSTEM
from linghang.rules.periods import Kind, Period
from tests.making import make_check, make_item, make_line, make_order, make_round

pytestmark = pytest.mark.django_db
TODAY = date(2026, 9, 28)
MONTH = Period(date(2026, 9, 1), Kind.MONTH)


def counts(unit, month=MONTH):
    found, _ = burdens([unit], month)
    return {limit.code.removeprefix("compliance.burden_"): count for limit, count in found[0].counts}


def ask(unit, issuer, lines, day=date(2026, 9, 2)):
    order = make_order(unit=unit, issuer=issuer, issued_on=day)
    for place in range(lines):
        make_line(order=order, text=f"事项 {place}", due_on=day)
    return order


def test_a_branch_is_asked_for_sheets_lines_forms_visits_and_meetings(hospital):
    with clock.at(TODAY):
        ask(hospital.b_medicine, hospital.party, 3)
        ask(hospital.b_medicine, hospital.party, 2)
        ask(hospital.b_medicine, hospital.party, 5, day=date(2026, 8, 30))
        ask(hospital.b_medicine, hospital.b_medicine, 4)
        round_ = make_round(method="committee", state="open", since=date(2026, 9, 7), until=date(2026, 9, 30))
        make_check(round=round_, unit=hospital.b_medicine, state="waiting")
        found = counts(hospital.b_medicine)
    assert (found["sheets"], found["lines"], found["fields"], found["inspections"]) == (2, 5, 5, 1)
    assert found["meetings"] == 1, "the lesson of the quarter is the hospital's own demand"


def test_a_stricter_frequency_is_a_demand_beyond_the_text(hospital):
    parameters.put(SYSTEM, "compliance.themed_day_frequency", "每月 2 次", date(2026, 1, 1))
    assert counts(hospital.b_medicine, Period(date(2026, 8, 1), Kind.MONTH))["meetings"] == 1
    assert counts(hospital.b_medicine)["meetings"] == 2


def test_only_the_office_sees_it_and_it_names_nobody(hospital, cast, client_of):
    with clock.at(TODAY):
        ask(hospital.b_medicine, hospital.party, 11)
        text = client_of(cast.office).get(reverse("compliance:burden")).content.decode()
        assert "1 个支部超过约定" in text
        assert "超 11" in text
        main = text.partition("<main")[2]
        assert cast.secretary.name not in main
        for part in ("secretary", "general", "leader", "member", "inspector"):
            assert client_of(getattr(cast, part)).get(reverse("compliance:burden")).status_code == 404


def test_the_office_is_warned_before_it_asks_for_more(hospital, cast, client_of):
    with clock.at(TODAY):
        ask(hospital.b_medicine, hospital.party, 9)
        draft = make_order(
            unit=hospital.b_medicine,
            issuer=hospital.party,
            seat=hospital.party,
            state="drafted",
            issued_on=None,
        )
        make_line(order=draft, text="再办一件", due_on=date(2026, 9, 30))
        client = client_of(cast.office)
        assert "本月要办的事项" not in client.get(draft.get_absolute_url()).content.decode()
        make_line(order=draft, text="又一件", due_on=date(2026, 9, 30))
        assert "本月要办的事项将达 11" in client.get(draft.get_absolute_url()).content.decode()


def test_a_coming_month_is_not_known_yet():
    with clock.at(TODAY):
        assert this_month("2026-08").key == "2026-08"
        assert {this_month(words).key for words in ("2026-11", "2026Q3", "上月", "")} == {"2026-09"}


def test_it_costs_the_same_for_seventy_branches(hospital, django_assert_max_num_queries):
    from linghang.org.models import Unit

    with django_assert_max_num_queries(9), parameters.read_once():
        burdens(list(Unit.objects.branches()), MONTH)


def test_the_office_is_warned_when_the_whole_hospital_would_be_asked_for_too_much(hospital, cast, client_of):
    """70 branches with ten lines each are within their own limits and 700 lines together."""
    with clock.at(TODAY):
        parameters.put(cast.office, OF_ALL, 6, TODAY)
        ask(hospital.b_medicine, hospital.party, 3)
        ask(hospital.b_surgery, hospital.party, 2)
        ask(hospital.b_surgery, hospital.b_surgery, 9)
        given = {"issuer": hospital.party, "seat": hospital.party, "state": "drafted", "issued_on": None}
        draft = make_order(unit=hospital.b_surgery, **given)
        make_line(order=draft, text="再办一件", due_on=date(2026, 9, 30))
        office = client_of(cast.office)
        assert "全院约定" not in office.get(draft.get_absolute_url()).content.decode()
        text = office.get(reverse("compliance:burden")).content.decode()
        assert "下达各支部的事项共 5 条，约定一个月不超过 6 条" in text
        make_line(order=draft, text="又一件", due_on=date(2026, 9, 30))
        told = "下达各支部的事项连同在拟的将达 7 条，全院约定一个月不超过 6 条"
        assert told in office.get(draft.get_absolute_url()).content.decode()
        parameters.put(cast.office, OF_ALL, 0, TODAY)
        assert "全院约定" not in office.get(draft.get_absolute_url()).content.decode()


def test_a_month_is_warned_of_before_its_sheets_are_made(hospital, cast, client_of):
    with clock.at(TODAY):
        parameters.put(cast.office, OF_ALL, 3, TODAY)
        item = make_item(state="accepted", month=MONTH.start, due_on=TODAY, meeting=None)
        address = reverse("planning:month", args=[MONTH.key])
        page = client_of(cast.office).get(address).content.decode()
        assert "将达 4 条，全院约定一个月不超过 3 条" in page
        assert str(item) in page
        assert "全院约定" not in client_of(cast.contributor).get(address).content.decode()
