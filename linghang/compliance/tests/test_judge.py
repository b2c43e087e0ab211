"""The lights of the tiny hospital, on given days."""

import random
from datetime import date

import pytest
from django.core.exceptions import ValidationError

from linghang.compliance import demo, judge
from linghang.compliance.checkup import title
from linghang.compliance.parameters import read_frequency
from linghang.compliance.tests.acts import go_live, held, planned
from linghang.kernel import clock, parameters
from linghang.kernel.access import SYSTEM
from linghang.kernel.facts import SOURCES
from linghang.org.actions import begin_term, end_post, postpone
from linghang.org.models import Post, Unit
from linghang.rules.frequency import Light, Status

pytestmark = pytest.mark.django_db
TODAY = date(2026, 10, 28)


def checks(unit, day=TODAY):
    with clock.at(day):
        return {check.duty.code: check for check in judge.checkups([unit])[unit.pk]}


def statuses(check):
    return [standing.status for standing in check.standings]


@pytest.mark.mechanism("S1-14")
def test_two_missed_quarters_are_red_and_say_which(hospital, cast):
    go_live(date(2026, 1, 1))
    held(cast.secretary, hospital.b_medicine, "assembly", date(2026, 2, 6))
    with clock.at(TODAY):
        planned(cast.secretary, hospital.b_medicine, "assembly", date(2026, 10, 30))
    check = checks(hospital.b_medicine)["assembly"]
    assert check.light is Light.RED
    assert check.sentence == "二季度、三季度未开；四季度计划 10-30"
    assert (check.demand, check.cite, check.inhouse) == ("每季度 1 次", "支部工作条例 第十一条", False)


def test_many_missed_months_are_told_as_a_range(hospital, cast):
    go_live(date(2026, 1, 1))
    held(cast.secretary, hospital.b_medicine, "themed_day", date(2026, 8, 9))
    assert checks(hospital.b_medicine)["themed_day"].sentence == "1 月至 7 月、9 月未开展"


def test_a_miss_of_december_stays_red_in_january_while_it_may_still_be_filed(hospital, cast):
    go_live(date(2026, 1, 1))
    for month in range(1, 12):
        held(cast.secretary, hospital.b_medicine, "themed_day", date(2026, month, 9))
    assert checks(hospital.b_medicine, date(2027, 1, 4))["themed_day"].sentence == "12 月未开展"
    held(cast.secretary, hospital.b_medicine, "themed_day", date(2027, 1, 9))
    assert checks(hospital.b_medicine, date(2027, 1, 31))["themed_day"].light is Light.RED
    assert checks(hospital.b_medicine, date(2027, 2, 1))["themed_day"].light is not Light.RED


def test_months_before_go_live_are_not_included(hospital):
    go_live(date(2026, 9, 1))
    found = statuses(checks(hospital.b_medicine)["themed_day"])
    assert found[:10] == [Status.NOT_INCLUDED] * 10
    assert found[10:] == [Status.OVERDUE, Status.DUE_SOON]


def test_without_a_go_live_day_nothing_is_owed(hospital):
    found = checks(hospital.b_medicine)
    assert {check.light for check in found.values()} == {Light.GREY}
    assert found["assembly"].sentence == "尚未设定起算日，未纳入"


def test_no_light_is_red_on_the_day_on_which_a_roster_has_just_been_imported(hospital):
    with clock.at(TODAY):
        go_live(TODAY)
        found = judge.checkups(list(Unit.objects.branches()), today=TODAY)
    assert {check.light for each in found.values() for check in each} <= {
        Light.GREY,
        Light.GREEN,
        Light.AMBER,
    }


def test_in_the_month_after_going_live_terms_and_committees_are_hints_and_not_red(hospital):
    go_live(date(2026, 10, 1))
    found = checks(hospital.b_medicine)
    assert found["term"].light is Light.AMBER
    assert "上线核对期" in found["term"].sentence


def test_a_term_that_is_over_turns_red_after_the_settling_time(hospital):
    go_live(date(2026, 1, 1))
    check = checks(hospital.b_medicine)["term"]
    assert check.light is Light.RED
    assert check.sentence.startswith("2023-01-01 届满，尚未换届")
    assert "按任职日期推算" in check.sentence


def test_an_election_that_was_entered_counts_before_the_days_of_taking_office(hospital):
    go_live(date(2026, 1, 1))
    term = begin_term(SYSTEM, unit=hospital.b_medicine, elected_on=date(2025, 6, 1))
    check = checks(hospital.b_medicine)["term"]
    assert (check.light, check.sentence) == (Light.GREEN, "任期到 2028-06-01")
    assert checks(hospital.b_surgery)["term"].light is Light.RED
    postpone(term, SYSTEM, to=date(2028, 9, 1), approval="示例党〔2028〕3 号")
    later = checks(hospital.b_medicine, date(2028, 7, 1))["term"]
    assert "经批准延期到 2028-09-01" in later.sentence


def test_a_postponement_counts_from_the_day_on_which_it_was_entered(hospital):
    go_live(date(2026, 1, 1))
    with clock.at(date(2026, 2, 2)):
        term = begin_term(SYSTEM, unit=hospital.b_medicine, elected_on=date(2023, 2, 1))
    with clock.at(date(2026, 4, 1)):
        postpone(term, SYSTEM, to=date(2026, 9, 1), approval="示例党〔2026〕3 号")
    before, after = (
        checks(hospital.b_medicine, day)["term"] for day in (date(2026, 3, 31), date(2026, 4, 1))
    )
    assert "尚未换届，也没有有效的延期批复" in before.sentence
    assert "经批准延期到 2026-09-01" in after.sentence


def test_one_meeting_that_serves_as_two_kinds_counts_once_for_each(hospital, cast):
    go_live(date(2026, 10, 1))
    held(cast.secretary, hospital.b_medicine, "assembly", date(2026, 10, 16), also=["themed_day"])
    found = checks(hospital.b_medicine)
    assert found["assembly"].light is found["themed_day"].light is Light.GREEN
    assert found["assembly"].current.done == found["themed_day"].current.done == 1


def test_a_group_meeting_counts_for_its_branch(hospital, cast):
    go_live(date(2026, 10, 1))
    assert checks(hospital.b_medicine)["group"].light is Light.AMBER
    held(cast.group_leader, hospital.n_medicine_1, "group", date(2026, 10, 20))
    assert checks(hospital.b_medicine)["group"].light is Light.GREEN


def test_a_branch_without_groups_owes_no_group_meeting(hospital):
    go_live(date(2026, 1, 1))
    assert set(statuses(checks(hospital.b_surgery)["group"])) <= {Status.NOT_REQUIRED, Status.NOT_INCLUDED}


def test_a_branch_of_three_officers_owes_committee_meetings_and_one_of_two_does_not(hospital):
    go_live(date(2026, 1, 1))
    assert checks(hospital.b_medicine)["board"].light is Light.RED
    assert checks(hospital.b_surgery)["board"].light is Light.GREY


def test_committee_meetings_end_with_the_committee(hospital):
    go_live(date(2026, 1, 1))
    post = Post.objects.get(role="organiser", unit=hospital.b_medicine)
    with clock.at(date(2026, 8, 10)):
        end_post(post, SYSTEM, until=date(2026, 8, 10))
    found = checks(hospital.b_medicine)["board"]
    assert [s.status for s in found.standings if s.period.start >= date(2026, 8, 1)] == [
        Status.NOT_REQUIRED
    ] * 3


def test_the_life_meeting_of_last_year_counts_when_held_in_january(hospital, cast):
    go_live(date(2025, 1, 1))
    held(cast.secretary, hospital.b_medicine, "life", date(2026, 1, 16), of_year=2025)
    found = {s.period.year: s for s in checks(hospital.b_medicine)["life"].standings}
    assert found[2025].status is Status.DONE
    assert found[2026].status is Status.NOT_YET


def test_a_stricter_frequency_changes_the_lights_from_its_day_on_and_not_before(hospital, cast):
    go_live(date(2026, 1, 1))
    for day in (date(2026, 2, 6), date(2026, 5, 8), date(2026, 7, 3)):
        held(cast.secretary, hospital.b_medicine, "assembly", day)
    before = statuses(checks(hospital.b_medicine)["assembly"])[:-1]
    parameters.put(SYSTEM, "compliance.assembly_frequency", "每月1次", date(2026, 10, 1))
    check = checks(hospital.b_medicine)["assembly"]
    assert statuses(check)[:-1] == before
    assert check.standings[-1].period.key == "2026-10"
    assert (check.demand, check.inhouse) == ("每月 1 次", True)


def test_a_later_change_is_announced_and_changes_nothing_yet(hospital):
    go_live(date(2026, 1, 1))
    parameters.put(SYSTEM, "compliance.assembly_frequency", "每月 1 次", date(2027, 1, 1))
    check = checks(hospital.b_medicine)["assembly"]
    assert check.demand == "每季度 1 次（2027-01-01 起每月 1 次）"
    assert check.standings[-1].period.key == "2026Q4"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("compliance.assembly_frequency", "每半年 1 次"),
        ("compliance.board_frequency", "每季度 2 次"),
        ("compliance.life_frequency", "每年 0 次"),
        ("compliance.themed_day_frequency", "经常"),
        ("compliance.go_live", "明年"),
        ("compliance.settle_days", 900),
    ],
)
def test_a_frequency_looser_than_the_statute_is_refused(hospital, code, words):
    with pytest.raises(ValidationError):
        parameters.put(SYSTEM, code, words, date(2026, 1, 1))
    assert parameters.value(code) == parameters.DECLARED[code].default


def test_lessons_are_the_hospitals_own_rule_and_may_be_fewer(hospital):
    go_live(date(2026, 1, 1))
    parameters.put(SYSTEM, "compliance.lesson_frequency", "每半年 1 次", date(2026, 1, 1))
    check = checks(hospital.b_medicine)["lesson"]
    assert (check.inhouse, check.demand) == (True, "每半年 1 次")


def test_a_frequency_is_read_in_the_office_s_words():
    assert read_frequency("每季2次") == {"period_months": 3, "times_per_period": 2}


def test_the_title_says_what_matters(hospital):
    assert title(list(checks(hospital.b_medicine).values())) == "还没有纳入的期间"
    go_live(date(2026, 10, 1))
    assert title(list(checks(hospital.b_medicine).values())) == "4 项快到期"


def test_seventy_branches_cost_as_many_queries_as_one(hospital, django_assert_max_num_queries):
    go_live(date(2026, 1, 1))
    units = list(Unit.objects.branches())
    with django_assert_max_num_queries(9):
        judge.checkups(units, today=TODAY)


def test_facts_and_lights_cannot_disagree(hospital, cast):
    go_live(date(2026, 1, 1))
    held(cast.secretary, hospital.b_medicine, "assembly", date(2026, 2, 6))
    with clock.at(TODAY):
        frame = SOURCES["compliance.duties"].frame(date(2026, 1, 1), date(2026, 12, 31))
    mine = frame.filter((frame["unit"] == hospital.b_medicine.pk) & (frame["duty"] == "assembly"))
    assert mine.select("day", "due", "done").rows() == [
        (date(2026, 3, 31), True, True),
        (date(2026, 6, 30), True, False),
        (date(2026, 9, 30), True, False),
        (date(2026, 12, 31), False, False),
    ]


def test_the_demo_hospital_goes_live_on_the_first_day_of_its_year(hospital):
    for day in (date(2025, 12, 2), date(2025, 12, 3)):
        with clock.at(day):
            demo.play(day, random.Random(1))
    assert parameters.history("compliance.go_live")[1:] == [(date(2025, 12, 1), "2025-12-01")]
