"""Golden dates: how branches stood on an earlier day, on the organisation and the rules of that day."""

from datetime import date

import pytest

from linghang.compliance.asof import as_of
from linghang.compliance.board import board
from linghang.compliance.judge import checkups, judged, scene_of
from linghang.compliance.models import Duty, Waiver
from linghang.compliance.tests.acts import go_live, held
from linghang.kernel import clock, parameters
from linghang.kernel.access import SYSTEM
from linghang.kernel.facts import SOURCES
from linghang.kernel.flow import STEPS
from linghang.org.models import Membership, Placement, Unit
from linghang.rules.frequency import Light, Status
from tests.making import make_line, make_order

pytestmark = pytest.mark.django_db
TODAY = date(2026, 10, 28)


def checks(unit, day):
    with clock.at(TODAY):
        return {check.duty.code: check for check in checkups([unit], today=day)[unit.pk]}


def month_of(check, month):
    return next(each for each in check.standings if each.period.key == month)


def record_late(by, unit, kind, *, held_on, recorded_on):
    """Written down long after the day on which it was held."""
    with clock.at(recorded_on):
        return STEPS["activities.record"].run(by, unit=unit, kind=kind, held_on=held_on)


def founded(code, name, day):
    parent = Unit.objects.get(code="b-medicine").parent
    branch = Unit.objects.create(
        code=code,
        name=name,
        kind="branch",
        category="clinical",
        parent=parent,
        path=f"{parent.path}x/",
        since=day,
    )
    Placement.objects.create(unit=branch, parent=parent, since=day)
    return branch


def test_a_branch_founded_on_17_may_owes_its_first_themed_day_in_june(hospital):
    go_live(date(2026, 1, 1))
    branch = founded("b-new", "新党支部", date(2026, 5, 17))
    found = checks(branch, date(2026, 6, 10))["themed_day"]
    assert month_of(found, "2026-05").status is Status.NOT_REQUIRED
    assert month_of(found, "2026-06").status is Status.NOT_YET
    assert month_of(checks(branch, date(2026, 7, 1))["themed_day"], "2026-06").status is Status.OVERDUE


def test_a_branch_founded_on_17_may_is_on_the_board_from_that_day(hospital):
    branch = founded("b-new", "新党支部", date(2026, 5, 17))
    for day, there in ((date(2026, 5, 16), False), (date(2026, 5, 17), True)):
        assert Unit.objects.branches().on(day).filter(pk=branch.pk).exists() is there
        with clock.at(TODAY):
            found = board(list(Unit.objects.party().on(day)), day)
        assert (branch in [line.unit for line in found.lines]) is there


def test_a_late_record_is_known_by_its_day_and_marked_until_it_was_written(hospital, cast):
    go_live(date(2026, 1, 1))
    made = record_late(
        cast.secretary,
        hospital.b_medicine,
        "themed_day",
        held_on=date(2026, 5, 10),
        recorded_on=date(2026, 6, 20),
    )
    before = checks(hospital.b_medicine, date(2026, 5, 9))["themed_day"]
    assert month_of(before, "2026-05").done == 0
    between = checks(hospital.b_medicine, date(2026, 6, 5))["themed_day"]
    assert month_of(between, "2026-05").status is Status.DONE
    assert between.later == [made.ref]
    after = checks(hospital.b_medicine, date(2026, 6, 20))["themed_day"]
    assert month_of(after, "2026-05").status is Status.DONE
    assert after.later == []


def test_held_and_in_order_are_two_things(hospital, cast):
    go_live(date(2026, 1, 1))
    late = record_late(
        cast.secretary,
        hospital.b_medicine,
        "themed_day",
        held_on=date(2026, 5, 10),
        recorded_on=date(2026, 6, 20),
    )
    neat = held(cast.secretary, hospital.b_medicine, "themed_day", date(2026, 6, 10), chair=cast.secretary)
    waits = held(cast.clerk, hospital.b_medicine, "themed_day", date(2026, 7, 10), chair=cast.secretary)
    found = checks(hospital.b_medicine, date(2026, 7, 31))["themed_day"]
    assert [month_of(found, f"2026-0{month}").status for month in (5, 6, 7)] == [Status.DONE] * 3
    assert "补记" in found.scene.held[late.ref].faults
    assert found.scene.held[waits.ref].faults == ("待书记确认",)
    assert late.ref in found.faulty
    assert neat.ref not in found.faulty


def test_a_merged_branch_keeps_its_past_and_owes_nothing_afterwards(hospital, cast):
    go_live(date(2026, 1, 1))
    surgery, imaging, day = hospital.b_surgery, hospital.b_imaging, date(2026, 7, 1)
    held(cast.outsider, surgery, "themed_day", date(2026, 5, 12))
    moved = list(Membership.objects.on(day).filter(branch=surgery))
    for one in moved:
        sent = STEPS["org.transfer_out"].run(SYSTEM, person=one.person, target=imaging, out_on=day)
        STEPS["org.receive_transfer"].run(sent, SYSTEM, receipt_on=day)
    with clock.at(day):
        STEPS["org.close_unit"].run(surgery, SYSTEM, until=day)
    before = checks(surgery, date(2026, 6, 30))
    assert month_of(before["themed_day"], "2026-05").status is Status.DONE
    assert f"党员 {len(moved)} 人" in before["size"].sentence
    after = checks(surgery, TODAY)["themed_day"]
    assert month_of(after, "2026-07").status is Status.NOT_REQUIRED
    with clock.at(TODAY):
        then, now = (board(list(Unit.objects.party().on(each)), each) for each in (date(2026, 6, 30), TODAY))
    assert surgery in [line.unit for line in then.lines]
    assert surgery not in [line.unit for line in now.lines]
    size = next(check for check in checks(imaging, TODAY).values() if check.duty.code == "size")
    assert len(size.scene.members_now(imaging.pk)) == len(moved) + 1


def test_a_branch_is_counted_under_the_superior_of_that_day(hospital):
    go_live(date(2026, 1, 1))
    STEPS["org.move_unit"].run(hospital.b_imaging, SYSTEM, parent=hospital.g1, since=date(2026, 8, 1))
    with clock.at(TODAY):
        then, now = (
            board(list(Unit.objects.party().on(each)), each) for each in (date(2026, 7, 31), date(2026, 8, 1))
        )
    parents = [
        next(line.parent for line in found.lines if line.unit == hospital.b_imaging) for found in (then, now)
    ]
    assert parents == [hospital.g2, hospital.g1]
    counted = {each.unit: each.branches for each in then.sums}
    assert (counted[hospital.g1], counted[hospital.g2]) == (1, 2)
    assert sum(each.red for each in then.sums) == then.total.red


def test_before_the_hospital_went_live_nothing_was_judged(hospital):
    with clock.at(date(2026, 6, 1)):
        parameters.put(SYSTEM, "compliance.go_live", "2026-06-01", date(2026, 6, 1))
    assert {check.light for check in checks(hospital.b_medicine, date(2026, 5, 17)).values()} == {Light.GREY}
    assert checks(hospital.b_medicine, date(2026, 7, 5))["themed_day"].light is Light.RED


def test_the_parameters_of_that_day_judge_it(hospital):
    go_live(date(2026, 1, 1))
    parameters.put(SYSTEM, "compliance.assembly_frequency", "每月 1 次", date(2026, 7, 1))
    assert checks(hospital.b_medicine, date(2026, 5, 17))["assembly"].demand.startswith("每季度 1 次")
    assert checks(hospital.b_medicine, date(2026, 8, 17))["assembly"].demand == "每月 1 次"


def test_a_line_closed_later_was_open_on_that_day(hospital):
    go_live(date(2026, 1, 1))
    order = make_order(
        unit=hospital.b_medicine, kind="rectification", state="closed", issued_on=date(2026, 4, 1)
    )
    make_line(order=order, state="closed", due_on=date(2026, 5, 10), closed_on=date(2026, 6, 2))
    assert checks(hospital.b_medicine, date(2026, 5, 17))["rectification"].light is Light.RED
    june = checks(hospital.b_medicine, date(2026, 6, 2))["rectification"]
    assert june.light is not Light.RED


def test_a_waiver_is_known_from_the_day_on_which_it_was_given_until_it_is_closed(hospital, cast):
    go_live(date(2026, 1, 1))
    given = {"unit": hospital.b_medicine, "duty": "themed_day", "reason": "整建制外派"}
    with clock.at(date(2026, 6, 15)):
        made = STEPS["compliance.waive"].run(
            cast.office, **given, since=date(2026, 5, 1), until=date(2026, 8, 31)
        )
    with clock.at(date(2026, 7, 20)):
        STEPS["compliance.close_waiver"].run(made, cast.office, reason="提前返回")
    then = checks(hospital.b_medicine, date(2026, 6, 14))["themed_day"]
    assert month_of(then, "2026-05").status is Status.OVERDUE
    later = checks(hospital.b_medicine, date(2026, 7, 19))["themed_day"]
    assert month_of(later, "2026-05").status is Status.NOT_REQUIRED
    now = checks(hospital.b_medicine, TODAY)["themed_day"]
    assert month_of(now, "2026-06").status is Status.NOT_REQUIRED
    assert month_of(now, "2026-07").status is Status.OVERDUE
    assert Waiver.objects.get().closed_on == date(2026, 7, 20)


def test_a_vacancy_is_a_hint_that_names_since_when(hospital):
    go_live(date(2026, 1, 1))
    post = hospital.b_surgery.posts.get(role="secretary")
    with clock.at(date(2026, 8, 10)):
        STEPS["org.end_post"].run(post, SYSTEM, until=date(2026, 8, 10))
    assert checks(hospital.b_surgery, date(2026, 8, 9))["vacancy"].light is Light.GREEN
    found = checks(hospital.b_surgery, TODAY)["vacancy"]
    assert found.light is Light.AMBER
    assert "2026-08-10" in found.sentence


@pytest.mark.under_a_committee
def test_what_is_not_well_checked_is_off_until_a_hospital_says_otherwise(hospital):
    assert not Duty.objects.get(code="ideology").active
    assert Duty.objects.get(code="central_study").active
    with clock.at(TODAY):
        scene = scene_of([hospital.party], today=TODAY)
        codes = {check.duty.code for check in judged([hospital.party], scene)[hospital.party.pk]}
    assert "ideology" not in codes
    assert {"central_study", "committee_term", "secretary_lesson"} <= codes


@pytest.mark.under_a_committee
def test_the_committee_studies_strict_governance_twice_a_year_also_within_another_meeting(hospital, cast):
    """全面从严治党主体责任规定 (R-DW-01): every half-year; one meeting may serve for two."""
    go_live(date(2026, 1, 1))
    red = checks(hospital.party, date(2026, 7, 1))["governance"]
    assert (red.light, red.sentence) == (Light.RED, "上半年未研究")
    made = held(cast.office, hospital.party, "quarterly", date(2026, 5, 18), also=["governance"])
    found = checks(hospital.party, date(2026, 7, 1))["governance"]
    assert (month_of(found, "2026H1").status, found.records) == (Status.DONE, [made.ref])
    assert found.demand == "每半年 1 次"


@pytest.mark.under_a_committee
def test_the_secretary_reports_on_party_building_once_a_year_and_may_do_so_in_the_next_spring(hospital, cast):
    """书记抓基层党建工作述职评议考核办法 (R-DW-05)."""
    go_live(date(2025, 1, 1))
    assert checks(hospital.party, date(2026, 3, 31))["debrief"].light is not Light.RED
    assert checks(hospital.party, date(2026, 4, 1))["debrief"].light is Light.RED
    held(cast.office, hospital.party, "debrief", date(2026, 1, 26), of_year=2025)
    assert checks(hospital.party, date(2026, 4, 1))["debrief"].light is not Light.RED


def test_how_often_the_committee_meets_is_the_hospitals_own_rule_and_off_until_it_says_so(hospital):
    duty = Duty.objects.get(code="party_committee")
    assert (duty.active, duty.rule, duty.parameter) == (False, "R-DW-06", "compliance.committee_frequency")


@pytest.mark.under_a_committee
def test_a_lesson_of_the_party_secretary_counts_for_the_committee_wherever_it_was(hospital, cast):
    go_live(date(2026, 1, 1))
    held(cast.secretary, hospital.b_medicine, "lesson", date(2026, 7, 1), chair=cast.party_secretary)
    units = [hospital.party, *Unit.objects.branches()]
    with clock.at(TODAY):
        found = judged([hospital.party], scene_of(units, today=TODAY))[hospital.party.pk]
    assert next(c for c in found if c.duty.code == "secretary_lesson").current.status is Status.DONE


def test_hours_and_dues_are_not_judged_where_nobody_offers_them(hospital, monkeypatch):
    go_live(date(2025, 1, 1))
    for name in ("activities.study_years", "org.dues"):
        monkeypatch.delitem(SOURCES, name, raising=False)
    found = checks(hospital.b_medicine, TODAY)
    assert found["hours"].light is found["dues"].light is Light.GREY


@pytest.mark.parametrize(
    ("written", "day", "problem"),
    [
        ("", TODAY, ""),
        ("2026-05-17", date(2026, 5, 17), ""),
        ("2024-10-28", date(2024, 10, 28), ""),
        ("2024-10-27", TODAY, "只能看"),
        ("2026-10-29", TODAY, "只能看"),
        ("2026-13-40", TODAY, "不是日期"),
        ("昨天", TODAY, "不是日期"),
    ],
)
def test_a_day_of_the_last_two_years_may_be_asked_about(written, day, problem):
    with clock.at(TODAY):
        found = as_of({"on": written})
    assert found.day == day
    assert problem in found.problem
    assert bool(problem) == bool(found.problem)
