"""支部主页：书记一点就到，看今天、看某一天，补记的标出来；党办看全院和当天的汇总、豁免、基层负担；每日摘要自己关。"""

import re
from collections.abc import Callable

from tests.journeys.visitor import Visitor

Come = Callable[..., Visitor]
SCENES = ("year", "filed_late")


def test_a_secretary_sees_how_the_branch_stands_today_and_on_an_earlier_day(visitor: Come) -> None:
    secretary = visitor("4001", phone=True)
    secretary.arrives("今天")
    secretary.clicks = secretary.fields = 0
    secretary.click(re.compile("^全部"))
    secretary.arrives("支部体检：")
    assert (secretary.clicks, secretary.fields) == (1, 0)
    secretary.sees("支部概况", "记录规不规范", "没办结的事项", "要整改的问题", "接下来")
    secretary.look("1-today")
    look_back(secretary, "2026-09-05")
    secretary.sees("截至 2026-09-05 的情况", "补记 1")
    secretary.look("2-earlier-day")
    secretary.click("补记 1")
    secretary.arrives("主题党日：2026-09-05 以后才补记")
    secretary.look("3-written-later")
    secretary.page.go_back()
    secretary.click("看今天的")
    secretary.misses("看今天的")


def look_back(reader: Visitor, day: str) -> None:
    reader.type("截至哪一天", day)
    reader.click("看这一天")
    reader.arrives("支部体检：")


def test_the_office_sees_all_lights_of_an_earlier_day_and_excuses_a_branch_for_a_while(visitor: Come) -> None:
    office = visitor("1003")
    office.arrives("今天")
    office.go("体检")
    office.arrives("支部体检：")
    office.sees("按上级汇总", "党委、总支自己的职责", "待核未启用")
    office.look("4-board")
    look_back(office, "2026-05-17")
    office.sees("截至 2026-05-17 的情况")
    office.look("5-board-of-an-earlier-day")
    office.click("看今天的")
    office.click("外科党支部")
    office.arrives("支部体检：")
    office.click("豁免：主题党日")
    office.arrives("豁免")
    office.type("原因", "科室整体搬迁")
    office.send("豁免")
    office.sees("科室整体搬迁（陈岚）")
    office.look("6-waived")


def test_the_office_keeps_an_eye_on_what_it_asks_for_and_only_the_office(visitor: Come) -> None:
    office = visitor("1003")
    office.arrives("今天")
    office.go("基层负担")
    office.arrives("基层负担：")
    office.sees("内科党支部", "收到的单据（≤3）")
    office.look("7-burden")


def test_the_daily_word_is_switched_off_by_whoever_gets_it(visitor: Come) -> None:
    secretary = visitor("3001", phone=True)
    secretary.arrives("今天")
    secretary.go("通知")
    secretary.arrives("通知")
    secretary.click("不再收每日摘要")
    secretary.sees("不再发送每日摘要")
    secretary.look("8-digest-off")
    secretary.click("恢复每日摘要")
    secretary.sees("已恢复每日摘要")
