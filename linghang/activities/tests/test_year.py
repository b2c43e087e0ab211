"""A year planned at once, leave before a meeting, turns and talks, study hours, and the feed of one's own calendar."""

from datetime import date, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from linghang.activities import actions
from linghang.activities.invitations import invitation
from linghang.activities.models import Feed, Kind, Leave, Meeting, kind_of
from linghang.activities.turns import rota, talks
from linghang.activities.years import by_last_year, by_rules
from linghang.kernel import clock
from linghang.kernel.facts import SOURCES
from linghang.kernel.models import Notice
from linghang.kernel.parameters import forget, put
from linghang.rules.workdays import is_workday

DAY = date(2026, 10, 28)
Code = Meeting.Kind


@pytest.fixture(autouse=True)
def stand_on_the_day():
    with clock.at(DAY):
        yield


def plan(cast, hospital, **more):
    given = {"unit": hospital.b_medicine, "kind": Code.ASSEMBLY, "held_on": DAY + timedelta(days=3), **more}
    return actions.plan(cast.clerk, **given)


def record(cast, hospital, kind, held_on=DAY, **more):
    return actions.record(cast.clerk, unit=hospital.b_medicine, kind=kind, held_on=held_on, **more)


def of_kind(found, kind):
    return [one for one in found if kind in (one.kind, *one.also)]


# --- the plan of a year ----------------------------------------------------------------------------------------------


@pytest.mark.mechanism("S0-12")
def test_year_by_the_rules_holds_what_each_duty_asks_for(cast, hospital):
    found = by_rules(hospital.b_medicine, 2027, DAY)
    wanted = {
        Code.THEMED_DAY: 12,
        Code.BOARD: 12,
        Code.ASSEMBLY: 4,
        Code.GROUP: 12,
        Code.LIFE: 1,
        Code.REVIEW: 1,
    }
    assert {kind: len(of_kind(found, kind)) for kind in wanted} == wanted
    assert all(is_workday(one.held_on) and one.held_on.year == 2027 for one in found)
    assert [one.kind for one in of_kind(found, Code.REVIEW)] == [Code.LIFE]
    assert all(one.kind == Code.THEMED_DAY for one in of_kind(found, Code.LESSON))


def test_running_year_proposes_only_what_is_still_missing(cast, hospital):
    record(cast, hospital, Code.THEMED_DAY)
    found = by_rules(hospital.b_medicine, 2026, DAY)
    assert [one.held_on.month for one in of_kind(found, Code.THEMED_DAY)] == [11, 12]
    assert all(one.held_on >= DAY for one in found)


def test_days_and_hours_follow_the_habit_of_the_branch(cast, hospital):
    with clock.at(date(2026, 3, 1)):
        plan(
            cast, hospital, kind=Code.THEMED_DAY, held_on=date(2026, 3, 9), starts_at=time(15), place="示教室"
        )
    march = of_kind(by_rules(hospital.b_medicine, 2027, DAY), Code.THEMED_DAY)[2]
    assert (march.held_on, march.starts_at, march.place) == (date(2027, 3, 9), time(15), "示教室")


def test_stricter_frequency_of_the_hospital_is_planned(cast, hospital):
    put(cast.office, "compliance.assembly_frequency", "每月 1 次", date(2027, 1, 1))
    assert len(of_kind(by_rules(hospital.b_medicine, 2027, DAY), Code.ASSEMBLY)) == 12


@pytest.mark.mechanism("S2-07")
def test_last_year_is_repeated_a_year_later_without_what_stands_already(cast, hospital):
    for day in (date(2026, 5, 8), date(2026, 6, 8)):
        record(cast, hospital, Code.STUDY, day, title="专题学习")
    plan(cast, hospital, kind=Code.STUDY, held_on=date(2027, 5, 11))
    found = by_last_year(hospital.b_medicine, 2027, DAY)
    assert [(one.kind, one.held_on, one.title, one.why) for one in found] == [
        ("study", date(2027, 6, 8), "专题学习", "去年 06-08")
    ]


def test_year_is_planned_by_one_press_and_told_once(cast, hospital, client_of):
    client, address = client_of(cast.secretary), reverse("activities:year")
    shown = client.get(address, {"year": 2027})
    forms = shown.context["formset"].forms
    data = {
        "unit": hospital.b_medicine.pk,
        "year": 2027,
        "form-TOTAL_FORMS": len(forms),
        "form-INITIAL_FORMS": 0,
    }
    for place, form in enumerate(forms):
        row = {name: form.initial.get(name) or "" for name in form.fields}
        data |= {f"form-{place}-{name}": "on" if value is True else value for name, value in row.items()}
    del data["form-0-keep"]
    assert client.post(address, data).status_code == 302
    assert Meeting.objects.filter(state="planned", held_on__year=2027).count() == len(forms) - 1
    assert Notice.objects.filter(to=cast.member.ref).count() == 1
    assert len(client.get(address, {"year": 2027}).context["formset"].forms) == 1


def test_year_with_one_impossible_day_plans_nothing(cast, hospital):
    good, *_ = by_rules(hospital.b_medicine, 2027, DAY)
    with pytest.raises(ValidationError, match="已有安排"):
        actions.plan_year(cast.clerk, unit=hospital.b_medicine, year=2027, chosen=[good, good])
    assert not Meeting.objects.exists()


def test_nobody_plans_the_year_of_another_branch(cast, hospital, client_of):
    assert (
        client_of(cast.outsider).get(reverse("activities:year"), {"unit": hospital.b_medicine.pk}).status_code
        == 404
    )
    assert client_of(cast.member).get(reverse("activities:year")).status_code == 404


# --- before a meeting ------------------------------------------------------------------------------------------------


def test_leave_asked_for_beforehand_is_ticked_for_the_recorder(cast, hospital, client_of):
    meeting = plan(cast, hospital)
    answer = client_of(cast.member).post(
        reverse("activities:meeting_ask_leave", args=[meeting.pk]), {"reason": "duty", "note": "当晚夜班"}
    )
    assert answer.status_code == 302
    seats = (
        client_of(cast.clerk)
        .get(reverse("activities:meeting_record_planned", args=[meeting.pk]))
        .context["form"]
        .seats
    )
    assert [(seat.person.pk, seat.reason) for seat in seats if seat.absent] == [(cast.member.pk, "duty")]


def test_leave_can_be_taken_back_and_asked_for_again(cast, hospital):
    meeting = plan(cast, hospital)
    leave = actions.ask_leave(cast.member, meeting=meeting, reason="duty")
    with pytest.raises(ValidationError, match="已请过假"):
        actions.ask_leave(cast.member, meeting=meeting, reason="ill")
    actions.withdraw_leave(leave, cast.member)
    actions.ask_leave(cast.member, meeting=meeting, reason="ill")
    with pytest.raises(IntegrityError), transaction.atomic():
        Leave.objects.create(meeting=meeting, person=cast.member, reason="ill")


def test_only_who_is_called_asks_for_leave_and_only_before_the_day(cast, hospital):
    with pytest.raises(ValidationError, match="不在应到名单"):
        actions.ask_leave(cast.outsider, meeting=plan(cast, hospital), reason="duty")
    held = record(cast, hospital, Code.THEMED_DAY)
    with pytest.raises(ValidationError, match="会前才能请假"):
        actions.ask_leave(cast.member, meeting=held, reason="duty")


def test_text_for_the_group_says_when_where_and_what_about(cast, hospital):
    meeting = plan(
        cast, hospital, held_on=date(2026, 11, 2), starts_at=time(15), place="示教室", topics=["评优"]
    )
    assert invitation(meeting).splitlines() == [
        "【内科党支部通知】11 月 2 日（周一）15:00 在示教室召开支部党员大会。",
        "议程：",
        "1. 评优",
        "请安排好工作准时参加；不能到会的请提前请假，说明事由。",
    ]


# --- turns, talks, kinds ---------------------------------------------------------------------------------------------


@pytest.mark.mechanism("S3-09")
def test_whoever_spoke_least_and_longest_ago_comes_first(cast, hospital):
    everybody = rota(hospital.b_medicine, "micro_lesson", DAY)
    for days, person in enumerate(reversed(everybody[1:])):
        record(cast, hospital, "micro_lesson", DAY - timedelta(days=days), roll=[person.pk], chair=person)
    assert [one.pk for one in rota(hospital.b_medicine, "micro_lesson", DAY)] == [one.pk for one in everybody]


def test_talk_keeps_the_day_and_the_two_and_nothing_else(cast, hospital):
    pair = [cast.secretary.pk, cast.member.pk]
    with pytest.raises(ValidationError, match="不记内容"):
        record(cast, hospital, "talk", roll=pair, resolutions=["同意改进"])
    with pytest.raises(ValidationError, match="双方两人"):
        record(cast, hospital, "talk", roll=pair[:1])
    before = talks(hospital.b_medicine, DAY)
    record(cast, hospital, "talk", roll=pair)
    record(cast, hospital, "talk", roll=[cast.clerk.pk, cast.member.pk])
    after = talks(hospital.b_medicine, DAY)
    assert "已谈 0 项" in before.verdict.sentence
    assert "已谈 2 项" in after.verdict.sentence
    assert after.missing != before.missing


def test_one_tap_records_the_next_speaker(cast, hospital, client_of):
    client, address = client_of(cast.clerk), reverse("activities:quick")
    first = client.get(address, {"kind": "micro_lecture"}).context["form"].initial["speaker"]
    data = {"unit": hospital.b_medicine.pk, "kind": "micro_lecture", "held_on": DAY, "speaker": first}
    assert client.post(address, data).status_code == 302
    assert client.get(address, {"kind": "micro_lecture"}).context["form"].initial["speaker"] != first


def test_kind_is_data_and_a_retired_one_keeps_its_name(cast, hospital):
    held = record(cast, hospital, "clinic")
    Kind.objects.filter(code="clinic").update(retired=True)
    forget()
    assert str(held) == "10-28 义诊"
    with pytest.raises(ValidationError, match="不开“义诊”"):
        record(cast, hospital, "clinic", DAY - timedelta(days=1))


def test_appraisal_without_its_four_steps_says_what_is_missing(cast, hospital):
    found = record(cast, hospital, Code.REVIEW, steps=["个人自评", "党员互评"])
    assert found.steps_missing == ["民主测评", "组织评定"]
    assert found.of_year == 2026


# --- study hours -----------------------------------------------------------------------------------------------------


@pytest.mark.mechanism("S1-16", "S1-35")
def test_hours_come_from_attendance_and_stay_when_the_kind_changes(cast, hospital):
    record(cast, hospital, Code.LESSON, absent={cast.member.pk: "duty"})
    course = record(cast, hospital, "training", DAY - timedelta(days=9), days=5)
    Kind.objects.filter(code="lesson").update(hours=4)
    forget()
    found = SOURCES["activities.study"].frame(date(2026, 1, 1), date(2026, 12, 31)).to_dicts()
    sums = {}
    for row in found:
        sums[row["person"]] = sums.get(row["person"], 0) + row["hours"]
    assert course.hours == 5 * kind_of("training").hours == 40
    assert (sums[cast.clerk.pk], sums[cast.member.pk]) == (42, 40)


def test_member_sees_own_hours_and_secretary_the_branch(cast, hospital, client_of):
    record(cast, hospital, "training", days=5)
    address = reverse("activities:study")
    own = client_of(cast.member).get(address).context["listing"]
    assert [row.cells[0].text for row in own.rows] == ["何员"]
    branch = client_of(cast.secretary).get(address).context["listing"]
    stands = {row.cells[0].text: row.cells[-1].text for row in branch.rows}
    assert set(stands) == {"周明", "王蕾", "林小满", "何员", "新晓", "钱总"}
    assert (stands["何员"], stands["周明"]) == ("已达到", "还在学")  # 40 of 32, 40 of 56


# --- the feed --------------------------------------------------------------------------------------------------------


def test_feed_shows_what_calls_its_owner_and_ends_when_revoked(cast, hospital, client_of, client):
    plan(cast, hospital, starts_at=time(15), place="示教室", title="不外传的主题")
    member = client_of(cast.member)
    member.post(reverse("activities:open_feed"))
    feed = Feed.objects.get(person=cast.member)
    address = reverse("activities:feed_file", args=[feed.token])
    answer = client.get(address)
    text = answer.content.decode()
    assert "DTSTART:20261031T070000Z" in text
    assert "SUMMARY:支部党员大会 · 内科党支部" in text
    assert "不外传" not in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    member.post(reverse("activities:feed_close_feed", args=[feed.pk]))
    assert client.get(address).status_code == 404
    member.post(reverse("activities:open_feed"))
    feed.refresh_from_db()
    assert feed.token not in address


def test_feed_of_somebody_whose_account_is_closed_is_gone(cast, hospital, client):
    feed = actions.open_feed(cast.member)
    cast.member.user.is_active = False
    cast.member.user.save()
    assert client.get(reverse("activities:feed_file", args=[feed.token])).status_code == 404


def test_nobody_closes_the_feed_of_another(cast, hospital, client_of):
    feed = actions.open_feed(cast.member)
    assert (
        client_of(cast.secretary).post(reverse("activities:feed_close_feed", args=[feed.pk])).status_code
        == 404
    )


def test_calendar_shows_own_plans_by_month(cast, hospital, client_of):
    plan(cast, hospital)
    months = client_of(cast.member).get(reverse("activities:calendar")).context["months"]
    assert [(name, len(found)) for name, found in months] == [("2026 年 10 月", 1)]
