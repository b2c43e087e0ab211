"""临时党支部只做任务期间该做的，联合党支部什么都做：前者的党员仍在原支部，后者把几个科室的党员编在一起。"""

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.journeys.visitor import Visitor

Come = Callable[..., Visitor]
SCENES = ("joint",)
TASK, JOINT = "防汛医疗队临时党支部", "影像内镜联合党支部"


@pytest.mark.mechanism("S0-45", "S1-23")
def test_a_temporary_branch_meets_refuses_what_it_may_not_do_and_ends_on_its_day(
    visitor: Come, site: Any
) -> None:
    office, leader = visitor("1003"), visitor("3001", phone=True)
    founded_only_with_a_paper(office)
    address = office.page.url
    members_stay_where_they_are(office)
    it_meets(leader)
    nobody_is_admitted(office)
    nobody_pays(leader, address)
    nobody_is_elected(leader, address)
    site.days_later(7)
    site.play("tasks_end")
    it_is_over(office, leader, address)


def founded_only_with_a_paper(office: Visitor) -> None:
    """批准组织、批复文号、指定的书记，缺一样都设立不了。"""
    office.go("组织")
    office.click("设立临时党支部")
    office.type("名称", TASK)
    office.type("任务", "防汛医疗救援")
    office.choose("批准组织", "医院党委")
    office.type("批复文号", " ")
    office.type("成立日期", "2026-10-14")
    office.type("任务结束日期", "2026-10-20")
    office.type("书记（由批准组织指定）", "3001")
    office.type("党员", "3004、4001、3005")
    office.send("设立临时党支部")
    office.sees(re.compile("必填|不能为空|这个字段是必填项"))
    office.type("批复文号", "院党字〔2026〕40 号")
    office.look("1-temporary")
    office.send("设立临时党支部")
    office.arrives(TASK)
    office.sees("医院党委批准", "到期自然撤销", "不发展党员")


def members_stay_where_they_are(office: Visitor) -> None:
    """组织关系仍在原支部，编制册上一个人也没动。"""
    office.sees("韩外", "何员")
    office.go("党员")
    office.type("在本表中查找", "韩外")
    office.sees("外科党支部", inside=office.row("韩外"))


def it_meets(leader: Visitor) -> None:
    """应到的是派来的四个人，不论各在哪个支部。"""
    leader.go("记一次")
    leader.click(TASK)
    leader.arrives("记一次")
    leader.tick("支部党员大会")
    leader.sees("没来的（应到 4 人）", "韩外")
    leader.type("议定事项", "分成两班，轮流值守安置点")
    leader.look("2-meeting")
    leader.click("保存")
    leader.sees("已确认")
    leader.click("登记表决")
    leader.sees("应到会有表决权 3 人；不计入 1 人：新晓（预备党员）")
    leader.tick(re.compile("预备党员转正"))
    leader.type("表决内容", "新晓转正")
    leader.type("赞成", "3")
    leader.tick("无记名投票")
    leader.send("登记")
    leader.sees("临时党支部不办理发展党员", "第八条")
    leader.look("3-no-confirmation")


def nobody_is_admitted(office: Visitor) -> None:
    office.go("党员")
    office.click("新增人员")
    office.type("姓名", "罗新")
    office.type("工号", "3010")
    office.choose("所在科室", "内科")
    office.send("新增人员")
    office.arrives("罗新")
    office.click("编入支部")
    office.choose("党支部", TASK)
    office.send("编入支部")
    office.sees("临时党支部不办理发展党员", "第八条")
    office.look("4-not-admitted")


def nobody_pays(leader: Visitor, address: str) -> None:
    """党费在原支部交；直接敲地址也登记不了。"""
    leader.page.goto(f"{address}dues/")
    leader.send("保存本月")
    leader.sees("临时党支部不办理收缴党费", "第八条")
    leader.look("5-no-dues")


def nobody_is_elected(leader: Visitor, address: str) -> None:
    """换届页面上没有它；直接敲地址也发起不了。"""
    leader.go("组织生活")
    leader.click("换届选举")
    leader.arrives("换届和补选")
    leader.misses(re.compile(TASK))
    key = re.findall(r"\d+", address)[-1]
    leader.page.goto(f"/activities/elections/begin/?unit={key}")
    leader.type("拟定选举日", "2026-10-18")
    leader.send("发起选举")
    leader.sees("临时党支部不办理换届选举", "第八条")
    leader.look("6-no-election")


def it_is_over(office: Visitor, leader: Visitor, address: str) -> None:
    """到了日子自己撤销，任职一并结束，开过的会还在。"""
    office.page.goto(address)
    office.arrives(TASK)
    office.sees("已于 2026-10-20 撤销", "自然撤销", "这一天已没有人在此任职")
    office.look("7-over")
    leader.go("记一次")
    leader.arrives("记一次")
    leader.misses(TASK)
    office.go("组织生活")
    office.sees(TASK)


@pytest.mark.mechanism("S0-04")
def test_a_joint_branch_of_two_departments_does_all_that_a_branch_does(visitor: Come) -> None:
    head, office = visitor("3021", phone=True), visitor("1003")
    it_covers_two_departments(office)
    it_confirms_a_member(head)
    it_takes_dues(head)
    it_asks_for_an_election(head)
    office.go("组织")
    office.click("换届日历")
    office.sees(JOINT)


def it_covers_two_departments(office: Visitor) -> None:
    """两个科室各按权重算在它名下，党员就编在它这里。"""
    office.go("组织")
    office.click(JOINT)
    office.arrives(JOINT)
    office.sees("联合党支部（代码 632）", "影像科", "0.5", "内科", "0.3", "正式党员", "3 名")
    office.look("8-joint")


def it_confirms_a_member(head: Visitor) -> None:
    """两个科室的党员一起开会，预备党员转正照样表决。"""
    head.go("记一次")
    head.arrives("记一次")
    head.tick("支部党员大会")
    head.sees("没来的（应到 4 人）", "许一", "许二")
    head.type("议定事项", "同意许四按期转正")
    head.click("保存")
    head.sees("已确认")
    head.click("登记表决")
    head.sees("应到会有表决权 3 人；不计入 1 人：许四（预备党员）")
    head.tick(re.compile("预备党员转正"))
    head.choose("对象（预备党员）", "许四")
    head.choose("处理意见", "按期转正")
    head.type("赞成", "3")
    head.tick("无记名投票")
    head.send("登记")
    head.sees("许四按期转正", "赞成 3 票")
    head.look("9-confirmed")


def it_takes_dues(head: Visitor) -> None:
    head.go("党员")
    head.click("党费")
    head.arrives(f"{JOINT}：2026 年 9 月党费")
    head.send("保存本月")
    head.sees("已登记 2026 年 9 月党费")


def it_asks_for_an_election(head: Visitor) -> None:
    head.go("组织生活")
    head.click("换届选举")
    head.click("发起选举")
    head.type("拟定选举日", "2026-10-28")
    head.send("发起选举")
    head.arrives(f"{JOINT} 2026 年换届选举")
    head.look("10-election")
