"""一个科室重大事项从申报到落实：支部意见、双签、上会、回避、票决、交办；三重一大换一个会上不了。"""

from collections.abc import Callable

import pytest

from tests.journeys.visitor import Visitor

Come = Callable[..., Visitor]
SCENES = ("leadership",)
TITLE = "购置磁共振"


@pytest.mark.mechanism("S1-03", "S2-04", "S2-10")
def test_a_department_matter_comes_to_its_decision_and_its_lines(visitor: Come) -> None:
    office = visitor("1003")
    propose(office)
    leader = visitor("1002")
    turn(leader, f"请签批议题：{TITLE}", "签批")
    steps_of_the_office(office)
    president = visitor("1101")
    turn(president, f"请双签议题：{TITLE}", "签字")
    secretary = visitor("1001")
    turn(secretary, f"请双签议题：{TITLE}", "签字")
    secretary.sees("没有支部意见")
    secretary.look("3-signed-but-unheard")
    branch(visitor("3001"))
    on_the_agenda(office)
    office.site.days_later(2)
    decided(office)
    handed_out(office)


def propose(office: Visitor) -> None:
    """一事一表。"""
    office.go("决策")
    office.arrives("决策")
    office.click("提出议题")
    office.choose("提出部门", "内科")
    office.choose("事项类别", "大型设备购置")
    office.type("议题", TITLE)
    office.choose("分管领导", "孙国维")
    office.send("提出议题")
    office.arrives(TITLE)
    office.look("1-proposed")


def turn(person: Visitor, todo: str, verb: str) -> None:
    """工作台上轮到谁，谁点一下。"""
    person.click(f"{verb}：{todo}")
    person.arrives(todo.partition("：")[2])
    person.click(verb)
    person.sees(f"已{verb}")


def steps_of_the_office(office: Visitor) -> None:
    """论证和院长办公会只登记结果和日期。"""
    office.page.reload()
    office.click("登记论证")
    office.choose("专业委员会", "医疗装备委员会")
    office.type("论证日期", "2026-10-13")
    office.tick("同意")
    office.send("登记论证")
    office.arrives(TITLE)
    office.click("登记院长办公会研究")
    office.type("会议日期", "2026-10-14")
    office.type("纪要编号", "院办纪要〔2026〕8号")
    office.tick("同意")
    office.send("登记院长办公会研究")
    office.arrives(TITLE)
    office.look("2-for-both-signatures")


def branch(secretary: Visitor) -> None:
    """支部先开会，再登记意见。"""
    secretary.go("组织生活")
    secretary.click("记一次")
    secretary.arrives("记一次")
    secretary.tick("支部委员会")
    secretary.type("议定事项", "同意购置磁共振")
    secretary.click("保存")
    secretary.sees("已记录")
    secretary.go("工作台")
    secretary.click(f"登记意见：请支部研究并登记意见：{TITLE}")
    secretary.arrives(TITLE)
    secretary.click("登记支部意见")
    meeting = secretary.field("支部会议")
    meeting.select_option(index=1)
    secretary.tick("同意")
    secretary.send("登记支部意见")
    secretary.arrives(TITLE)
    secretary.look("4-heard")


def on_the_agenda(office: Visitor) -> None:
    """双签、支部意见都齐了，列入党委会议程。"""
    office.go("决策")
    office.click("会议")
    office.click("安排会议")
    office.arrives("安排")
    office.type("日期", "2026-10-16")
    office.type("第一议题", "学习近期重要讲话精神")
    office.click("安排")
    office.sees("已安排")
    office.go("决策")
    office.click(TITLE)
    office.click("列入议程")
    office.send("列入议程")
    office.sees("已列入议程")
    office.click("10-16 党委会", office.page.locator("main .columns"))
    office.arrives("党委会")
    office.sees("第一议题：学习近期重要讲话精神", TITLE)
    office.look("5-agenda")


def decided(office: Visitor) -> None:
    """会后记到会，登记票数和回避。"""
    office.go("决策")
    office.click("会议")
    office.click(office.page.locator("tbody a").first.inner_text())
    office.click("会议记录")
    office.click("记录")
    office.arrives("记一次")
    office.click("保存")
    office.sees("已记录")
    office.go("决策")
    office.click(TITLE)
    office.click("登记决定")
    office.tick("无记名票决")
    office.type("赞成", "4")
    office.tick("委员甲")
    office.look("6-counts")
    office.send("登记决定")
    office.arrives(TITLE)
    office.sees("委员甲（不计入应到会）", "通过")
    office.look("7-decided")


def handed_out(office: Visitor) -> None:
    """决定变成支部工作清单上的一行。"""
    office.click("交办")
    office.type("期限", "2026-12-20")
    office.send("交办")
    office.arrives(TITLE)
    office.sees("办结 0/1 条")
    office.look("8-handed-out")
