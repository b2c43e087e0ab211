"""The desk: as many things as rows, what is coming, and what stands beside it for each role."""

import re
from datetime import date, timedelta

from django.test.utils import CaptureQueriesContext

from linghang.activities import actions as activities
from linghang.dispatch import actions as dispatch
from linghang.dispatch.actions import LineDraft
from linghang.dispatch.tests.test_actions import issued, make_order
from linghang.org.models import User

TODAY = date(2026, 10, 14)


def page_of(client_of, person, query=""):
    return client_of(person).get(f"/{query}").content.decode()


def test_the_sentence_counts_the_rows_and_a_pile_says_how_many(client_of, cast, hospital, on_day):
    with on_day(TODAY):
        for number in range(3):
            make_order(cast, hospital, title=f"第 {number} 张")
        make_order(cast, hospital, "worklist")
        text = page_of(client_of, cast.office)
    rows = text.split("要办的事</h2>")[1].split("</section>")[0].count('class="todo"')
    assert re.search(r"今天有 (\d+) 件事", text).group(1) == str(rows)
    assert "核稿 3 张提示单" in text


def test_more_than_ten_things_are_shown_when_asked_for(client_of, cast, hospital, on_day):
    with on_day(TODAY):
        for number in range(13):
            issued(cast, make_order(cast, hospital, lines=[LineDraft(f"事项 {number}", TODAY)]))
        text, everything = page_of(client_of, cast.secretary), page_of(client_of, cast.secretary, "?all=1")
    assert "今天有 13 件事" in text
    assert "另有 3 件" in text
    assert (text.count('class="todo"'), everything.count('class="todo"')) == (10, 13)
    assert "另有" not in everything


def test_next_two_weeks_show_a_member_the_meetings_they_are_called_to(client_of, cast, hospital, on_day):
    with on_day(TODAY):
        themed = {"unit": hospital.b_medicine, "kind": "themed_day", "title": "走进社区"}
        activities.plan(cast.clerk, held_on=TODAY + timedelta(days=5), **themed)
        activities.plan(cast.clerk, held_on=TODAY + timedelta(days=40), **themed)
        board = {"unit": hospital.b_medicine, "kind": "board", "title": "只有委员参加"}
        activities.plan(cast.clerk, held_on=TODAY + timedelta(days=5), **board)
        text = page_of(client_of, cast.member)
        assert "主题党日：走进社区" in text
        assert "10-19 周一" in text
        assert "只有委员参加" not in text
        assert "11-23" not in text
        assert "打印议程、签到表" in page_of(client_of, cast.clerk)
        assert "走进社区" not in page_of(client_of, cast.outsider)


def test_a_leader_reads_what_to_ask_about_and_whose_it_is(client_of, cast, hospital, on_day):
    with on_day(TODAY):
        issued(cast, make_order(cast, hospital, lines=[LineDraft("报送自查", TODAY)]))
    with on_day(TODAY + timedelta(days=3)):
        text = page_of(client_of, cast.leader).split("要过问的</h2>")[1]
        assert "内科党支部" in text
        assert f"{cast.secretary.name} 1 项，自 10-14" in text
        assert "外科党支部" not in text
        assert "要过问的" not in page_of(client_of, cast.secretary)
        assert "要过问的" not in page_of(client_of, cast.member)


def test_a_member_sees_their_own_year(client_of, cast, hospital, on_day):
    with on_day(TODAY):
        held = {"unit": hospital.b_medicine, "kind": "themed_day"}
        activities.record(cast.secretary, held_on=TODAY, absent={cast.member.pk: "duty"}, **held)
        activities.record(cast.secretary, held_on=TODAY - timedelta(days=30), **held)
        due = TODAY + timedelta(days=5)
        owned = {"text": "通知党员", "due_on": due, "owner": cast.member}
        dispatch.plan_line(cast.secretary, unit=hospital.b_medicine, **owned)
        text = page_of(client_of, cast.member)
        assert "应到 2 次，到会 1 次" in text
        assert "1 件，已办结 0 件" in text
        listed = client_of(cast.member).get("/activities/meetings/?me=came").content.decode()
        assert "共 1 条" in listed
        assert "我的今年" not in page_of(client_of, cast.leader)


def test_the_auditor_sees_what_the_trail_holds_of_the_last_days(client_of, cast):
    client_of(cast.office).post("/accounts/login/", {"login": "nobody", "password": "wrong"})
    text = page_of(client_of, cast.auditor)
    assert "近七天留痕" in text
    assert "days=7" in text
    assert "近七天留痕" not in page_of(client_of, cast.office)


def test_the_administrator_is_told_which_secretaries_cannot_sign_in(client_of, cast):
    def without() -> int:
        found = re.search(r"(\d+) 位书记还没有账号", page_of(client_of, cast.admin))
        return int(found.group(1)) if found else 0

    before = without()
    User.objects.filter(person=cast.outsider).delete()
    assert without() == before + 1
    assert "还没有账号" not in page_of(client_of, cast.office)


def test_the_desk_of_every_role_takes_few_queries(client_of, cast, hospital, on_day):
    from django.db import connection

    taken = {}
    with on_day(TODAY):
        for number in range(4):
            issued(cast, make_order(cast, hospital, lines=[LineDraft(f"事项 {number}", TODAY)]))
        for part in (
            "secretary",
            "office",
            "leader",
            "general",
            "inspector",
            "contributor",
            "member",
            "admin",
        ):
            client = client_of(getattr(cast, part))
            client.get("/")
            with CaptureQueriesContext(connection) as queries:
                client.get("/")
            taken[part] = len(queries)
    assert max(taken.values()) <= 18, taken
