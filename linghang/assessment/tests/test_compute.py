"""Golden numbers of the tiny hospital: what was counted, what it scored, why, and the records behind it."""

from datetime import date
from decimal import Decimal

import pytest

from linghang.assessment import actions
from linghang.assessment.models import Rating, Score
from linghang.assessment.tests.acts import AFTER, go_live, held, mark_all, open_cycle, study
from linghang.kernel import clock, parameters
from linghang.kernel.access import SYSTEM
from linghang.kernel.figures import kept_parts

pytestmark = pytest.mark.django_db
THEMED_DAYS = [date(2025, 12, 9), *(date(2026, month, 9) for month in range(1, 12) if month != 9)]


@pytest.fixture
def year(hospital, cast):
    """内科 held one assembly in three quarters and eleven themed days in twelve months; nobody else did anything."""
    go_live()
    first = held(cast.secretary, hospital.b_medicine, "assembly", date(2026, 2, 6))
    study(first, "全会精神")
    days = [held(cast.secretary, hospital.b_medicine, "themed_day", day) for day in THEMED_DAYS]
    with clock.at(AFTER):
        yield {"assembly": first, "themed_days": days}


def computed(cast, hospital, share=None):
    cycle = open_cycle(cast.office, hospital.party)
    mark_all(cycle, cast.office, share)
    return actions.compute(cycle, cast.office)


def line(cycle, unit, code):
    return Score.objects.get(run=cycle.run, unit=unit, code=code)


def test_each_missed_quarter_costs_and_is_named(hospital, cast, year):
    found = line(computed(cast, hospital), hospital.b_medicine, "B1")
    assert (found.points, found.full) == (Decimal("1.50"), Decimal("3.00"))
    assert found.counted == "应开 3 次，开了 1 次"
    assert found.why == "二、三季度各缺 1 次，每缺扣 0.75"


def test_golden_sheet_of_the_medical_branch(hospital, cast, year):
    cycle = computed(cast, hospital)
    points = {
        score.code: score.points for score in Score.objects.filter(run=cycle.run, unit=hospital.b_medicine)
    }
    # A2 and E4: no orders; B6: the year 2025 began before counting did, that of 2026 is still open.
    assert {code for code, value in points.items() if value is None} == {"A2", "B6-1", "B6-2", "E4"}
    expected = {
        "B1": "1.50",
        "B2": "0.00",
        "B3": "0.00",
        "B4": "0.50",
        "B5": "2.75",
        "C1-1": "0.00",
        "C1-2": "1.00",
    }
    assert {code: str(points[code]) for code in expected} == expected
    rating = Rating.objects.get(cycle=cycle, unit=hospital.b_medicine)
    assert rating.total == sum(value for value in points.values() if value is not None)
    # 75.75 of the 86 points that apply, lifted to a hundred.
    assert rating.total == Decimal("88.08")


def test_records_stand_behind_each_figure(hospital, cast, year):
    cycle = computed(cast, hospital)
    held_then = kept_parts(line(cycle, hospital.b_medicine, "B5").figure)["numerator"]
    assert held_then.refs() == [meeting.ref for meeting in year["themed_days"]]
    study = kept_parts(line(cycle, hospital.b_medicine, "A1").figure)
    assert study["numerator"] == study["denominator"]
    assert study["numerator"].refs() == [year["assembly"].ref]


def test_what_nobody_has_marked_is_unknown_and_not_zero(hospital, cast, year):
    cycle = actions.compute(open_cycle(cast.office, hospital.party), cast.office)
    found = line(cycle, hospital.b_medicine, "D2")
    assert (found.status, found.points) == ("unknown", None)
    rating = Rating.objects.get(cycle=cycle, unit=hospital.b_medicine)
    assert rating.total is None
    assert "D2 尚未评分" in rating.note


def test_a_mark_of_zero_is_zero_and_not_unknown(hospital, cast, year):
    cycle = computed(cast, hospital, {hospital.b_medicine.pk: "0"})
    found = line(cycle, hospital.b_medicine, "D2")
    assert (found.status, found.points) == ("known", Decimal("0.00"))


def test_what_does_not_apply_leaves_the_base(hospital, cast, year):
    cycle = open_cycle(cast.office, hospital.party)
    mark_all(cycle, cast.office)
    actions.enter_manual(cycle, cast.office, marks={"C2": {hospital.b_medicine.pk: None}})
    actions.compute(cycle, cast.office)
    assert line(cycle, hospital.b_medicine, "C2").status == "inapplicable"
    # 72.75 of 83 instead of 75.75 of 86
    assert Rating.objects.get(cycle=cycle, unit=hospital.b_medicine).total == Decimal("87.65")


def test_group_meetings_count_for_their_branch(hospital, cast, year):
    meeting = held(cast.group_leader, hospital.n_medicine_1, "group", date(2026, 3, 12))
    found = line(computed(cast, hospital), hospital.b_medicine, "B3")
    assert found.counted == "应开 12 次，开了 1 次"
    assert kept_parts(found.figure)["numerator"].refs() == [meeting.ref]
    assert line(found.run.cycle, hospital.b_surgery, "B3").status == "inapplicable"


def test_a_stricter_frequency_changes_the_score_from_its_day_on_and_not_before(hospital, cast, year):
    parameters.put(SYSTEM, "compliance.assembly_frequency", "每月 1 次", date(2026, 10, 1))
    found = line(computed(cast, hospital), hospital.b_medicine, "B1")
    # three quarters as before, October and November by the new rule
    assert found.counted == "应开 5 次，开了 1 次"
    assert found.points == Decimal("0.00")


def test_the_same_facts_give_the_same_seal_and_a_new_record_another(hospital, cast, year):
    cycle = computed(cast, hospital)
    first = cycle.run
    actions.compute(cycle, cast.office)
    assert (cycle.run.number, cycle.run.digest) == (2, first.digest)
    held(cast.secretary, hospital.b_medicine, "themed_day", date(2026, 9, 9))
    actions.compute(cycle, cast.office)
    assert cycle.run.digest != first.digest
    assert line(cycle, hospital.b_medicine, "B5").points == Decimal("3.00")
    assert Score.objects.get(run=first, unit=hospital.b_medicine, code="B5").points == Decimal("2.75")


def test_a_running_year_is_computed_up_to_today(hospital, cast, year):
    with clock.at(date(2026, 7, 10)):
        cycle = actions.compute(open_cycle(cast.office, hospital.party), cast.office)
        assert cycle.run.as_of == date(2026, 7, 10)
        assert line(cycle, hospital.b_medicine, "B1").counted == "应开 2 次，开了 1 次"


def test_an_honour_counts_once_at_its_highest(hospital, cast, year):
    cycle = open_cycle(cast.office, hospital.party)
    mark_all(cycle, cast.office)
    for code in ("P2", "P4"):
        actions.enter_manual(cycle, cast.office, marks={code: {hospital.b_medicine.pk: Decimal(1)}})
    actions.compute(cycle, cast.office)
    assert line(cycle, hospital.b_medicine, "P2").points == Decimal("3.00")
    assert line(cycle, hospital.b_medicine, "P4").points == Decimal("0.00")
    assert line(cycle, hospital.b_medicine, "P4").why.startswith("就高不重复")
