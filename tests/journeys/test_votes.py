"""党员大会表决：书面意见何时计票、人不够不能表决；书记一分钟排好一年。"""

import re
from collections.abc import Callable

import pytest

from tests.journeys.visitor import Visitor

Come = Callable[..., Visitor]
RESOLUTION, CONFIRMATION = "讨论评优推荐名单", "新晓按期转正"


def test_written_opinions_count_only_where_they_should(visitor: Come) -> None:
    organiser = visitor("3002")
    record(organiser, "2026-10-12", away=("何员", "林小满"), text="按推荐名单上报（王蕾，10-20前）")
    general_resolution(organiser)
    confirmation(organiser)
    secretary = visitor("3001", phone=True)
    one_tap(secretary)


def test_without_a_quorum_the_vote_cannot_pass(visitor: Come) -> None:
    organiser = visitor("3002")
    record(organiser, "2026-10-13", away=("何员", "林小满", "钱总"), text="讨论党费使用")
    organiser.click("登记表决")
    organiser.arrives("登记表决")
    organiser.sees("应到会有表决权 5 人")
    fill(organiser, "讨论党费使用", yes="2")
    organiser.sees("不能表决：还差 1 人到会", "支部工作条例")
    organiser.sees("应到会 5 人，实到 2 人，须超过半数到会（至少 3 人），不能开会")
    organiser.look("3-no-quorum")


@pytest.mark.mechanism("S0-12")
def test_secretary_plans_a_year_by_one_press(visitor: Come) -> None:
    secretary = visitor("3001")
    secretary.go("组织生活")
    secretary.clicks = secretary.fields = 0
    secretary.click("年度安排")
    secretary.arrives("2026 年安排")
    secretary.click("2027 年")
    secretary.arrives("2027 年安排")
    secretary.type("第 1 行日期", "2027-01-08")
    secretary.look("4-year")
    secretary.click(re.compile("安排勾选的"))
    secretary.arrives("日历")
    secretary.sees("2027 年 12 月")
    secretary.click("生成订阅地址")
    secretary.sees("知道地址的人都能看到")
    secretary.look("5-calendar")
    assert secretary.fields <= 1
    assert secretary.clicks <= 4


@pytest.mark.mechanism("S3-09")
def test_turns_talks_and_hours_cost_a_tap(visitor: Come) -> None:
    organiser = visitor("3002")
    organiser.go("组织生活")
    organiser.click("轮讲与谈心")
    organiser.arrives("轮讲与谈心")
    organiser.clicks = organiser.fields = 0
    organiser.send("登记")
    organiser.sees("已记录")
    assert (organiser.clicks, organiser.fields) == (1, 0)
    organiser.look("6-turns")
    organiser.click("谈心谈话")
    organiser.sees("只记日期和双方，不记内容", "应谈")
    organiser.choose("谁谈", "周明")
    organiser.choose("与谁谈", "何员")
    organiser.send("登记")
    organiser.sees("已记录", "已谈 1 项")
    organiser.look("7-talks")
    organiser.click("学时")
    organiser.arrives("学时")
    organiser.look("8-hours")


def record(organiser: Visitor, day: str, away: tuple[str, ...], text: str) -> None:
    """谁没来、为什么，议定了什么。"""
    organiser.go("组织生活")
    organiser.click("记一次")
    organiser.arrives("记一次")
    organiser.tick("支部党员大会")
    organiser.type("日期", day)
    organiser.sees("没来的（应到 6 人）")
    for name in away:
        organiser.tick(name)
        organiser.choose(f"{name}缺席原因", "请假")
    organiser.type("议定事项", text)
    organiser.click("保存")
    organiser.sees("等书记确认")


def fill(organiser: Visitor, matter: str, **counts: str) -> None:
    """票数照计票单填，判定由系统给出。"""
    labels = {"yes": "赞成", "no": "不赞成", "written": "会前正式书面意见", "written_yes": "其中赞成"}
    organiser.type("表决内容", matter)
    for name, number in counts.items():
        organiser.type(labels[name], number)
    organiser.send("登记")
    organiser.arrives("支部党员大会")


def general_resolution(organiser: Visitor) -> None:
    """两人请假、一份书面意见：列出，不计票。"""
    organiser.click("登记表决")
    organiser.arrives("登记表决")
    organiser.sees("应到会有表决权 5 人；不计入 1 人：新晓（预备党员）")
    fill(organiser, RESOLUTION, yes="3", written="1", written_yes="1")
    organiser.sees("赞成 3 票（会前书面意见 1 份，只作记录，不计票）", "至少 3 票")
    organiser.sees(re.compile("会前书面意见只在接收预备党员、预备党员转正时计票（.*第.*条"))


def confirmation(organiser: Visitor) -> None:
    """转正：无记名，书面意见计票，少一张当场票也能通过。"""
    organiser.click("登记表决")
    organiser.arrives("登记表决")
    organiser.tick(re.compile("预备党员转正"))
    organiser.choose("对象（预备党员）", "新晓")
    organiser.choose("处理意见", "按期转正")
    organiser.tick("无记名投票")
    organiser.look("1-vote")
    fill(organiser, "", yes="2", no="1", written="1", written_yes="1")
    organiser.sees(CONFIRMATION, "赞成 3 票（会前书面意见 1 份，计入票数（赞成 1））")
    organiser.look("2-votes")


def one_tap(secretary: Visitor) -> None:
    """书记一次确认，会议和两项表决一并生效。"""
    secretary.go("组织生活")
    secretary.click("支部党员大会")
    secretary.click("确认")
    secretary.sees("已确认")
    secretary.misses("待书记确认")
