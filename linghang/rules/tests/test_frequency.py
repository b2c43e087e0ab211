"""Recurring duties: standings and lights (支部工作条例 第十一至十三条、第十六至十八条)."""

from datetime import date

import pytest

from linghang.rules.clauses import Basis, Confidence, Level, Regulation, Rule
from linghang.rules.duties import COMMITTEE, GROUPS, STATUTORY, Duty, Event, Frequency, Unit, statutory
from linghang.rules.frequency import Light, Status, deciding, light_of, standings
from linghang.rules.periods import Kind, Span
from linghang.rules.register import TooLoose

OLD = Unit(Span(date(2015, 1, 1)))
GO_LIVE = date(2026, 1, 1)
MEETING = "members_meeting"


def judge(duty, events=(), unit=OLD, today=date(2026, 9, 1), go_live=GO_LIVE, **more):
    return standings(duty, unit, events, go_live=go_live, today=today, **more)


def held(*days, kind=MEETING, **more):
    return [Event(day, kind, f"r{number}", **more) for number, day in enumerate(days)]


def statuses(found):
    return {each.period.key: each.status for each in found}


@pytest.mark.parametrize(
    ("today", "status", "sentence"),
    [
        (date(2026, 4, 1), Status.NOT_YET, "二季度未开，06-30 前完成"),
        (date(2026, 6, 10), Status.NOT_YET, "二季度未开，06-30 前完成"),
        (date(2026, 6, 11), Status.DUE_SOON, "二季度未开，06-30 前完成"),  # 最后 20 天
        (date(2026, 6, 30), Status.DUE_SOON, "二季度未开，06-30 前完成"),  # 本期内不红
        (date(2026, 7, 1), Status.OVERDUE, "二季度未开"),
    ],
)
def test_a_quarter_turns_red_only_when_it_is_over(today, status, sentence):
    """第十一条：党员大会一般每季度召开 1 次."""
    standing = judge(statutory("R-ZB-09"), today=today)[1]
    assert (standing.status, standing.sentence) == (status, sentence)
    assert (standing.required, standing.done, standing.due, standing.records) == (1, 0, True, ())
    assert standing.rule.cite == "支部工作条例 第十一条"


@pytest.mark.parametrize(
    ("code", "kind", "needs"),
    [
        ("R-ZB-09", MEETING, None),  # 第十一条
        ("R-ZB-10", "committee_meeting", COMMITTEE),  # 第十二条
        ("R-ZB-12", "group_meeting", GROUPS),  # 第十三条
        ("R-ZB-14", "themed_day", None),  # 第十六条
        ("R-ZB-16", "lesson", None),  # 第十六条，频次为院内规定
        ("R-ZB-17", "life_meeting", None),  # 第十七条
        ("R-ZB-18", "appraisal", None),  # 第十八条
    ],
)
def test_each_statutory_duty_is_met_by_its_own_kind_of_meeting(code, kind, needs):
    unit = Unit(OLD.life, {needs: [Span(date(2015, 1, 1))]} if needs else {})
    duty = statutory(code)
    assert duty.code == code
    found = judge(duty, held(date(2026, 8, 20), kind=kind), unit)
    assert found[-1].status is Status.DONE or found[-2].status is Status.DONE
    assert Status.DONE not in statuses(judge(duty, held(date(2026, 8, 20), kind="other"), unit)).values()
    assert code in STATUTORY


def test_records_are_listed_and_other_kinds_ignored():
    events = [*held(date(2026, 7, 3), date(2026, 8, 5)), Event(date(2026, 7, 9), "lesson", "x")]
    standing = judge(statutory("R-ZB-09"), events)[-1]
    assert standing.records == ("r0", "r1")
    assert standing.sentence == "三季度已开 2 次（07-03、08-05）"


def test_one_meeting_of_several_kinds_counts_once_for_each_duty():
    """一会多用：党员大会与主题党日同日，只记一次党员大会."""
    day = date(2026, 8, 5)
    events = [Event(day, kind, "same") for kind in (MEETING, MEETING, "themed_day")]
    assert judge(statutory("R-ZB-09"), events)[-1].done == 1
    assert judge(statutory("R-ZB-14"), events, today=date(2026, 8, 31))[-1].done == 1
    both = Duty(
        "学习", frozenset({MEETING, "themed_day"}), statutory("R-ZB-09").versions, (every(Kind.MONTH, 2),)
    )
    assert judge(both, events, today=date(2026, 9, 2))[-2].sentence == "8 月只开 1 次，应开 2 次"


def every(kind, times=1, since=date.min):
    return Frequency(since, kind, times)


@pytest.mark.parametrize(
    ("today", "sentence"),
    [
        (date(2026, 9, 1), "计划 09-20"),
        (date(2026, 9, 20), "计划 09-20"),
        (date(2026, 9, 21), "三季度未开，09-30 前完成"),
    ],
)
def test_a_planned_meeting_is_shown_but_not_counted(today, sentence):
    events = held(date(2026, 9, 25), date(2026, 9, 20), held=False)[1:]
    standing = judge(statutory("R-ZB-09"), events, today=today)[-1]
    assert standing.done == 0
    assert standing.sentence == sentence
    assert standing.planned_on == (date(2026, 9, 20) if "计划" in sentence else None)


def test_an_earlier_day_knows_nothing_of_later_records():
    events = held(date(2026, 6, 29))
    assert judge(statutory("R-ZB-09"), events, today=date(2026, 6, 28))[-1].status is Status.DUE_SOON
    assert judge(statutory("R-ZB-09"), events, today=date(2026, 6, 29))[-1].status is Status.DONE


@pytest.mark.parametrize(
    ("life", "expected"),
    [
        (Span(date(2026, 4, 1)), ["不要求", "要办", "快到期"]),
        (Span(date(2026, 4, 2)), ["不要求", "不要求", "快到期"]),  # founded mid-quarter
        (Span(date(2015, 1, 1), date(2026, 6, 30)), ["要办", "要办", "不要求"]),
        (Span(date(2015, 1, 1), date(2026, 6, 29)), ["要办", "不要求", "不要求"]),  # closed mid-quarter
        (Span(date(2015, 1, 1), date(2026, 9, 29)), ["要办", "要办", "不要求"]),  # will close before the end
    ],
)
def test_a_partial_quarter_of_a_life_is_not_required(life, expected):
    found = judge(statutory("R-ZB-09"), unit=Unit(life), today=date(2026, 9, 15))
    assert [each.status.label for each in found] == expected
    assert [each.required for each in found] == [0 if word == "不要求" else 1 for word in expected]


@pytest.mark.parametrize(
    ("code", "today", "labels"),
    [
        ("R-ZB-09", date(2026, 9, 2), ["不要求", "不要求", "未到期"]),  # 第十一条 二季度存续不满
        ("R-ZB-10", date(2026, 7, 2), ["不要求"] * 5 + ["要办", "未到期"]),  # 第十二条 五月存续不满
        ("R-ZB-14", date(2026, 7, 2), ["不要求"] * 5 + ["要办", "未到期"]),  # 第十六条
        ("R-ZB-17", date(2026, 11, 2), ["未到期"]),  # 第十七条 四季度在，当年的组织生活会要开
    ],
)
def test_a_branch_founded_on_the_17_of_may(code, today, labels):
    founded = date(2026, 5, 17)
    unit = Unit(Span(founded), {COMMITTEE: [Span(founded)]})
    found = judge(statutory(code), unit=unit, today=today)
    assert [each.status.label for each in found] == labels
    assert [each.required for each in found] == [0 if label == "不要求" else 1 for label in labels]


def test_whole_months_of_a_life_count():
    found = judge(statutory("R-ZB-14"), unit=Unit(Span(date(2026, 5, 20))), today=date(2026, 7, 5))
    assert [each.status.label for each in found[4:]] == ["不要求", "要办", "未到期"]
    assert found[4].sentence == "5 月支部存续不满，不要求"


@pytest.mark.parametrize(
    ("founded", "status"), [(date(2026, 10, 1), Status.NOT_YET), (date(2026, 10, 2), Status.NOT_REQUIRED)]
)
def test_a_yearly_life_meeting_is_owed_by_whoever_lives_through_the_last_quarter(founded, status):
    """第十七条：一般安排在第四季度."""
    found = judge(statutory("R-ZB-17"), unit=Unit(Span(founded)), today=date(2026, 12, 1))
    assert statuses(found) == {"2026": status}


def test_a_committee_meeting_is_owed_only_while_there_is_a_committee():
    """第十二条."""
    unit = Unit(
        OLD.life,
        {COMMITTEE: [Span(date(2026, 3, 1), date(2026, 4, 14)), Span(date(2026, 4, 15), date(2026, 6, 10))]},
    )
    found = judge(statutory("R-ZB-10"), unit=unit, today=date(2026, 7, 2))
    assert [each.status.label for each in found] == [
        "不要求",
        "不要求",
        "要办",
        "要办",
        "要办",
        "不要求",
        "不要求",
    ]
    assert found[0].sentence == "1 月不具备支委会的前提，不要求"


@pytest.mark.parametrize(
    ("go_live", "labels"),
    [
        (date(2026, 4, 1), ["未纳入", "要办", "未到期"]),
        (date(2026, 4, 2), ["未纳入", "未纳入", "未到期"]),
        (date(2026, 7, 15), ["未纳入", "未纳入", "未纳入"]),  # right after the roster import nothing is red
    ],
)
def test_periods_that_began_before_going_live_are_not_included(go_live, labels):
    found = judge(statutory("R-ZB-09"), go_live=go_live, today=date(2026, 7, 20))
    assert [each.status.label for each in found] == labels
    assert found[0].sentence == f"一季度在起算日 {go_live} 之前开始，未纳入"
    assert light_of(found, date(2026, 7, 20)) is (Light.RED if "要办" in labels else Light.GREY)


def test_a_change_of_frequency_in_mid_year_holds_for_later_periods():
    """每季度一次，自 2026-08-15 起每月一次：三季度照旧，十月起按月."""
    duty = statutory("R-ZB-09", own={date(2026, 8, 15): {"period_months": 1}})
    found = judge(duty, today=date(2026, 11, 2))
    assert [each.period.key for each in found] == ["2026Q1", "2026Q2", "2026Q3", "2026-10", "2026-11"]


def test_a_change_from_months_to_quarters_waits_for_the_next_quarter():
    duty = Duty(
        "学习",
        frozenset({MEETING}),
        statutory("R-ZB-09").versions,
        (every(Kind.MONTH), every(Kind.QUARTER, 2, since=date(2026, 8, 15))),
    )
    found = judge(duty, today=date(2026, 10, 2), since=date(2026, 7, 10))
    assert [(each.period.key, each.required) for each in found] == [
        ("2026-07", 1),
        ("2026-08", 1),
        ("2026-09", 1),
        ("2026Q4", 2),
    ]


def test_more_times_from_a_day_on_and_not_before():
    duty = statutory("R-ZB-09", own={date(2026, 4, 1): {"times_per_period": 2}})
    found = judge(duty, held(date(2026, 2, 1), date(2026, 5, 1)), today=date(2026, 8, 1))
    assert [each.sentence for each in found] == [
        "一季度已开（02-01）",
        "二季度只开 1 次，应开 2 次",
        "三季度未开，09-30 前完成",
    ]
    more = judge(duty, held(date(2026, 7, 1)), today=date(2026, 8, 1))[-1]
    assert more.sentence == "三季度已开 1 次，应开 2 次，09-30 前完成"


def test_a_looser_frequency_is_refused():
    with pytest.raises(TooLoose, match="支部工作条例 第十一条"):
        statutory("R-ZB-09", own={date(2026, 1, 1): {"period_months": 6}})


def test_a_hospitals_own_duty_begins_with_its_introduction():
    notice = Regulation("《医院党建工作制度》", "党建工作制度", date(2026, 5, 10))
    law = Rule(
        "Y-01",
        "每月学习",
        notice,
        "第三条",
        Level.WARN,
        Confidence.HIGH,
        date(2026, 1, 1),
        basis=Basis.HOSPITAL,
    )
    duty = Duty("集中学习", frozenset({"study"}), (law,), (every(Kind.MONTH, since=date(2026, 5, 10)),))
    found = judge(duty, today=date(2026, 7, 1))
    assert [each.status.label for each in found] == ["不要求"] * 5 + ["要办", "未到期"]
    assert found[0].sentence == "1 月尚无此项要求"


def test_nothing_is_owed_before_the_regulation():
    """条例自 2018-10-28 起施行."""
    found = judge(statutory("R-ZB-09"), go_live=date(2018, 1, 1), today=date(2019, 1, 5))
    assert [each.status.label for each in found] == ["不要求"] * 4 + ["未到期"]
    assert found[3].rule is None


@pytest.mark.parametrize(
    ("day", "today", "status", "late", "sentence"),
    [
        (date(2026, 11, 20), date(2026, 12, 1), Status.DONE, False, "2026 年度已开（11-20）"),
        (date(2027, 2, 3), date(2027, 3, 1), Status.DONE, False, "2026 年度已开（2027-02-03）"),
        (date(2027, 4, 9), date(2027, 3, 31), Status.DUE_SOON, False, "2026 年度未开，2027-03-31 前完成"),
        (date(2027, 4, 9), date(2027, 4, 1), Status.OVERDUE, False, "2026 年度未开"),
        (
            date(2027, 4, 9),
            date(2027, 4, 9),
            Status.DONE,
            True,
            "2026 年度已开（2027-04-09），晚于 2027-03-31",
        ),
        (date(2025, 12, 9), date(2027, 4, 9), Status.OVERDUE, False, "2026 年度未开"),
    ],
)
def test_a_life_meeting_belongs_to_its_year(day, today, status, late, sentence):
    """第十七条；组织生活会常在次年一至三月召开，写明所属年度."""
    standing = judge(statutory("R-ZB-17"), held(day, kind="life_meeting", year_of=2026), today=today)[0]
    assert (standing.status, standing.late, standing.sentence) == (status, late, sentence)


def test_without_a_year_a_meeting_counts_for_the_year_it_was_held_in():
    found = judge(statutory("R-ZB-17"), held(date(2027, 2, 3), kind="life_meeting"), today=date(2027, 4, 1))
    assert statuses(found) == {"2026": Status.OVERDUE, "2027": Status.DONE}


def test_a_notice_sets_the_last_day_of_a_year():
    duty = statutory("R-ZB-18", closes={2026: date(2027, 1, 20)}, amber={Kind.YEAR: 30})
    assert judge(duty, today=date(2026, 12, 21))[0].status is Status.NOT_YET
    assert judge(duty, today=date(2026, 12, 22))[0].status is Status.DUE_SOON
    overdue = judge(duty, today=date(2027, 1, 21))[0]
    assert (overdue.due_on, overdue.sentence) == (date(2027, 1, 20), "2026 年度未开展")


@pytest.mark.parametrize(
    ("days", "today", "light"),
    [
        ([], date(2026, 2, 1), Light.GREY),
        ([], date(2026, 3, 20), Light.AMBER),
        ([date(2026, 2, 1)], date(2026, 3, 20), Light.GREEN),
        ([date(2026, 2, 1)], date(2026, 4, 2), Light.GREY),
        ([date(2026, 5, 1)], date(2026, 5, 2), Light.RED),  # the first quarter was missed
        (
            [date(2026, 2, 1), date(2026, 5, 1), date(2026, 8, 1), date(2026, 11, 1)],
            date(2026, 12, 1),
            Light.GREEN,
        ),
    ],
)
def test_the_one_light_of_a_duty(days, today, light):
    found = judge(statutory("R-ZB-09"), held(*days), today=today)
    assert light_of(found, today) is light


def test_a_miss_stays_red_through_its_assessment_year_only():
    found = judge(statutory("R-ZB-09"), today=date(2027, 1, 5))
    assert light_of(found, date(2027, 1, 5)) is Light.GREY
    assert light_of(found, date(2027, 1, 5), year_start=date(2026, 12, 1)) is Light.RED
    assert deciding(found, date(2027, 1, 5), year_start=date(2026, 12, 1)).period.key == "2026Q4"


def test_last_years_open_duty_goes_before_this_years():
    found = judge(statutory("R-ZB-17"), today=date(2027, 3, 1))
    assert deciding(found, date(2027, 3, 1)).period.key == "2026"
    assert light_of(found, date(2027, 3, 1)) is Light.AMBER


def test_no_standings_no_light():
    assert deciding([], date(2026, 1, 1)) is None
    assert light_of([], date(2026, 1, 1)) is Light.GREY


def test_each_status_has_its_word_and_colour():
    assert {status.label: status.light.value for status in Status} == {
        "正常": "green",
        "快到期": "amber",
        "要办": "red",
        "未到期": "grey",
        "不要求": "grey",
        "未纳入": "grey",
    }
    assert judge(statutory("R-ZB-09"))[0].light is Light.RED
