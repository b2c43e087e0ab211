"""党组织的一生：两个支部合并而两边的历史都在，临时党支部从成立到自然撤销，联合党支部管到几个科室。"""

import re
from collections.abc import Callable
from typing import Any

from tests.journeys.visitor import Visitor

Come = Callable[..., Visitor]


def at(office: Visitor, unit: str) -> None:
    """打开一个单位的页面。"""
    office.go("组织")
    office.click(unit)
    office.arrives(unit)


def test_a_merge_of_two_branches_keeps_both_histories(visitor: Come) -> None:
    office = visitor("1003")
    at(office, "影像党支部")
    office.click("并入其他单位")
    office.choose("并入", "外科党支部")
    office.type("自哪天起", "2026-10-12")
    office.type("批复文号", "院党字〔2026〕33 号")
    office.send("并入其他单位")
    office.arrives("影像党支部")
    office.sees("2026-10-12 并入", "院党字〔2026〕33 号")
    office.look("1-merged")
    office.type("截至哪天", "2026-10-11")
    office.click("查看")
    office.sees("这是 2026-10-11 的样子", "支部书记")
    office.look("2-as-of-the-day-before")
    office.click("看今天")
    office.click("外科党支部")
    office.arrives("外科党支部")
    office.sees("接收并入", "影像科")
    office.look("3-successor")
    office.go("组织")
    office.misses("影像党支部")
    office.click("组织全景")
    office.arrives("组织全景")
    office.misses("影像党支部")
    office.look("4-trees-today")
    office.type("截至哪天", "2026-10-11")
    office.click("看这一天")
    office.sees("影像党支部")
    office.look("5-trees-the-day-before")


def test_a_joint_branch_covers_several_departments(visitor: Come) -> None:
    office = visitor("1003")
    office.go("组织")
    office.click("新增单位")
    office.type("名称", "门诊联合党支部")
    office.choose("类别", "党支部")
    office.choose("形式", "联合")
    office.choose("上级单位", "第一党总支")
    office.type("成立日期", "2026-09-01")
    office.send("新增单位")
    office.arrives("门诊联合党支部")
    office.sees("代码 632")
    office.click("设置覆盖科室")
    office.choose("科室", "影像科")
    office.type("权重", "0.5")
    office.send("设置覆盖科室")
    office.sees("影像科", "0.5")
    office.go("组织")
    office.click("组织全景")
    office.arrives("组织全景")
    office.sees("各支部的覆盖权重合计 1.5，应为 1")
    office.look("6-joint-and-a-gap")


def test_a_temporary_branch_ends_with_its_task(visitor: Come, site: Any) -> None:
    office = visitor("1003")
    office.go("组织")
    office.click("设立临时党支部")
    office.sees("不发展党员")
    office.type("名称", "防汛医疗队临时党支部")
    office.type("任务", "防汛医疗救援")
    office.choose("批准组织", "医院党委")
    office.type("批复文号", "院党字〔2026〕40 号")
    office.type("成立日期", "2026-10-14")
    office.type("任务结束日期", "2026-10-20")
    office.type("书记（由批准组织指定）", "3001")
    office.type("党员", "3004、4001")
    office.look("7-temporary-form")
    office.send("设立临时党支部")
    office.arrives("防汛医疗队临时党支部")
    office.sees("到期自然撤销", "代码 931", "临时党支部党员")
    office.look("8-temporary")
    site.days_later(7)
    site.play("tasks_end")
    at_end = visitor("1003")
    at_end.go("组织")
    at_end.misses("防汛医疗队临时党支部")


def test_the_pages_of_posts_show_what_is_due(visitor: Come) -> None:
    office = visitor("1003", phone=True)
    office.go("组织")
    office.click("班子")
    office.arrives("班子")
    office.look("9-committees")
    office.click("换届日历")
    office.arrives("换届日历")
    office.click("登记换届：内科党支部")
    office.type("选举日期", "2023-12-01")
    office.send("登记换届")
    office.arrives("内科党支部")
    office.go("组织")
    office.click("换届日历")
    office.sees("准备换届", "2026-12-01")
    office.look("10-calendar")
    office.click("延期换届：内科党支部")
    office.type("延期到", "2027-06-01")
    office.type("上级批复文号", "院党字〔2026〕41 号")
    office.send("延期换届")
    office.sees("院党字〔2026〕41 号")
    office.go("组织")
    office.click("双带头人")
    office.arrives("双带头人")
    office.look("11-dual-leaders")
    office.go("组织")
    office.click("纪检网格")
    office.arrives("纪检网格")
    office.look("12-grid")


def test_a_post_changes_hands_with_a_sheet_that_both_sign(visitor: Come) -> None:
    office = visitor("1003")
    at(office, "内科党支部")
    office.click("交接单：周明")
    office.type("接收人", "3002")
    office.type("移交说明", "支部印章一枚，记录本三册")
    office.send("制作岗位交接单")
    office.arrives("内科党支部书记交接单")
    with office.download() as files:
        office.click("下载 Word")
    assert files[0].suffix == ".docx"
    giver, taker = visitor("3001"), visitor("3002")
    giver.click(re.compile("^去确认"))
    giver.click("确认移交")
    giver.send("确认移交")
    giver.sees("待接收人确认")
    giver.look("13-handover")
    taker.go("工作台")
    taker.click(re.compile("^去确认"))
    taker.click("确认接收")
    taker.sees("已交接")
