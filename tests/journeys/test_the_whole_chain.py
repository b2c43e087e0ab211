"""一件事走到头：框架条目、计划、部署会、议题、党委会、每个支部一张单、逾期催办、交叉互查、督导单、销号，每一步都点得过去、点得回来。"""

import re
from collections.abc import Callable

import pytest

from tests.journeys import test_four_inspections as inspections
from tests.journeys import test_rectification as rectification
from tests.journeys.chain import (
    AIM,
    BUSINESS,
    FOUND,
    ITEM,
    LATE,
    MEASURE,
    PARTY,
    PLAN,
    REVIEWERS,
    ROUND,
    SECRETARIES,
    TASK,
    TOPIC,
    the_meeting_says_what_became_of_it,
    the_secretary_reads_back_to_what_was_found,
    the_thread_goes_both_ways,
)
from tests.journeys.test_decisions import turn
from tests.journeys.visitor import Visitor

Come = Callable[..., Visitor]
SCENES = ("leadership", "frameworks")


@pytest.mark.mechanism("S0-14", "S0-18", "S1-03", "S2-04")
def test_one_matter_from_the_framework_to_the_closed_line_and_every_hop_goes_both_ways(visitor: Come) -> None:
    clerk, director = visitor("1004"), visitor("1003")
    a_plan_under_the_framework(clerk)
    a_department_takes_it_into_the_month(visitor("1006"))
    the_meeting_of_the_month_agrees(clerk)
    a_topic_is_put_up(clerk)
    turn(visitor("1002", phone=True), f"请签批议题：{TOPIC}", "签批")
    it_is_argued_and_studied(clerk)
    for leader in (visitor("1001"), visitor("1101", phone=True)):
        turn(leader, f"请双签议题：{TOPIC}", "签字")
    it_may_not_be_listed_before_the_branch_is_heard(clerk)
    the_branch_is_heard(visitor("3001", phone=True))
    it_is_put_on_the_agenda(clerk)
    clerk.site.days_later(2)
    the_sitting_decides(clerk)
    branches = every_branch_gets_a_sheet(clerk)
    they_are_checked_signed_and_issued(director, branches)

    clerk.site.days_later(10)
    all_but_one_report(visitor, branches)
    clerk.site.days_later(7)
    late, general = visitor(SECRETARIES[LATE], phone=True), visitor("2002")
    the_late_one_is_urged_and_reports(late, general)
    a_cross_inspection_is_drawn(director)
    the_peer_finds_something(visitor, director)
    the_general_branch_takes_it_up(general)
    a_supervision_is_signed(clerk, director, visitor("1002"))
    it_is_put_right(late, visitor("1005"), clerk)

    the_thread_goes_both_ways(director)
    the_secretary_reads_back_to_what_was_found(late)
    the_meeting_says_what_became_of_it(visitor("1001"))


# --- from the framework to the decision ---------------------------------------------------------------------------------


def a_plan_under_the_framework(office: Visitor) -> None:
    """党办在框架条目下拟计划，两侧都写。"""
    office.go("部署")
    office.click("战略框架")
    office.arrives("战略框架")
    office.click(f"拟计划：{AIM}")
    office.arrives("拟定计划")
    office.type("计划", PLAN)
    office.choose("责任部门或支部", "党委办公室")
    office.type("党建一侧", PARTY)
    office.type("业务一侧", BUSINESS)
    office.send("拟定计划")
    office.arrives(PLAN)
    office.sees(AIM)


def a_department_takes_it_into_the_month(department: Visitor) -> None:
    """职能科室把计划列入月度部署，不用再写。"""
    department.go("部署")
    department.click("计划")
    department.arrives("年计划")
    department.click(PLAN)
    department.arrives(PLAN)
    department.click("列入月度部署")
    department.arrives("报送部署事项")
    department.send("报送部署事项")
    department.arrives("2026 年 10 月部署")
    department.sees(ITEM)


def the_meeting_of_the_month_agrees(office: Visitor) -> None:
    """党办采纳，安排部署会，会后记录。"""
    office.go("工作台")
    office.click("去采纳：10 月部署会：1 项待采纳")
    office.arrives("2026 年 10 月部署")
    office.click(f"采纳：{ITEM}")
    office.sees("已采纳 1 项")
    office.click("安排部署会")
    office.arrives("安排部署会")
    office.type("日期", "2026-10-14")
    office.send("安排部署会")
    office.arrives("月度部署")
    office.click("2026 年 10 月")
    office.arrives("2026 年 10 月部署")
    office.click("打印议程、记录会议")
    office.arrives("部署会")
    office.sees(ITEM)
    office.click("记录")
    office.arrives("记一次")
    office.click("保存")
    office.sees("已记录")


def a_topic_is_put_up(office: Visitor) -> None:
    """部署会同意的事项要上党委会：从事项一点就提，来由自己带上。"""
    office.go("部署")
    office.click("2026 年 10 月")
    office.arrives("2026 年 10 月部署")
    office.click(ITEM)
    office.arrives(PLAN)
    office.click("提请决策")
    office.arrives("提出议题")
    office.sees(f"起因：{ITEM}")
    office.choose("提出部门", "内科")
    office.choose("事项类别", "大型设备购置")
    office.type("议题", TOPIC)
    office.choose("分管领导", "孙国维")
    office.look("1-topic-from-the-month")
    office.send("提出议题")
    office.arrives(TOPIC)


def it_is_argued_and_studied(office: Visitor) -> None:
    office.page.reload()
    office.click("登记论证")
    office.arrives("登记论证")
    office.choose("专业委员会", "医疗装备委员会")
    office.type("论证日期", "2026-10-13")
    office.tick("同意")
    office.send("登记论证")
    office.arrives(TOPIC)
    office.click("登记院长办公会研究")
    office.arrives("登记院长办公会研究")
    office.type("会议日期", "2026-10-14")
    office.type("纪要编号", "院办纪要〔2026〕8号")
    office.tick("同意")
    office.send("登记院长办公会研究")
    office.arrives(TOPIC)


def it_may_not_be_listed_before_the_branch_is_heard(office: Visitor) -> None:
    office.page.reload()
    office.sees("书记、院长已签", "没有支部意见")
    assert not office.offers("列入议程")


def the_branch_is_heard(secretary: Visitor) -> None:
    """支部书记在手机上记支委会，再登记意见。"""
    secretary.go("组织生活")
    secretary.arrives("组织生活")
    secretary.click("记一次")
    secretary.arrives("记一次")
    secretary.tick("支部委员会")
    secretary.type("议定事项", f"同意{TOPIC}")
    secretary.click("保存")
    secretary.sees("已记录")
    secretary.go("工作台")
    secretary.click(f"登记意见：请支部研究并登记意见：{TOPIC}")
    secretary.arrives(TOPIC)
    secretary.click("登记支部意见")
    secretary.arrives("登记支部意见")
    secretary.field("支部会议").select_option(index=1)
    secretary.tick("同意")
    secretary.send("登记支部意见")
    secretary.arrives(TOPIC)
    secretary.look("2-branch-opinion")


def it_is_put_on_the_agenda(office: Visitor) -> None:
    office.go("决策")
    office.arrives("决策")
    office.click("会议")
    office.sees("安排会议")
    office.click("安排会议")
    office.arrives("安排")
    office.type("日期", "2026-10-16")
    office.type("第一议题", "学习近期重要讲话精神")
    office.click("安排")
    office.sees("已安排")
    office.go("决策")
    office.arrives("决策")
    office.click(TOPIC)
    office.arrives(TOPIC)
    office.click("列入议程")
    office.arrives("列入议程")
    office.send("列入议程")
    office.sees("已列入议程")


def the_sitting_decides(office: Visitor) -> None:
    """一人请假、一人回避，到会仍过半数；票数由人记，判定由规则给。"""
    office.page.reload()
    office.click("10-16 党委会", office.page.locator("main .columns"))
    office.arrives("党委会")
    office.click("会议记录")
    office.sees("第一议题")
    office.click("记录")
    office.arrives("记一次")
    office.tick("委员乙")
    office.choose("委员乙缺席原因", "请假")
    office.click("保存")
    office.sees("已记录")
    office.click(TOPIC)
    office.arrives(TOPIC)
    office.click("登记决定")
    office.arrives("登记决定")
    office.tick("无记名票决")
    office.type("赞成", "3")
    office.tick("委员甲")
    office.send("登记决定")
    office.arrives(TOPIC)
    office.sees("委员甲（不计入应到会）", "通过")
    office.look("3-decided")


def every_branch_gets_a_sheet(office: Visitor) -> list[str]:
    """交办给全院每个党支部，一个支部一张。"""
    office.click("交办")
    office.arrives("交办")
    offered = office.page.get_by_role("group", name="承办单位").locator("label").all_inner_texts()
    branches = [name.strip() for name in offered if name.strip() in SECRETARIES]
    assert len(branches) == len(SECRETARIES), offered
    office.tick(re.compile("^全部党支部"))
    office.field("事项").fill(TASK)
    office.type("期限", "2026-10-30")
    office.look("4-for-every-branch")
    office.send("交办")
    office.arrives(TOPIC)
    office.sees(f"办结 0/{len(branches)} 条")
    return branches


def they_are_checked_signed_and_issued(director: Visitor, branches: list[str]) -> None:
    for word in ("核稿", "签发", "下发"):
        director.go("工作台")
        director.click(f"{word}：{word} {len(branches)} 张工作清单")
        director.arrives("工作清单")
        director.tick("全选本页")
        director.click(f"{word}所选")
        director.sees(f"已{word} {len(branches)} 张")


# --- late, urged, inspected -----------------------------------------------------------------------------------------------


def all_but_one_report(visitor: Come, branches: list[str]) -> None:
    """各支部书记在手机上报，所属总支审核；没有总支的由党办审核。"""
    for name in branches:
        if name != LATE:
            rectification.report(visitor(SECRETARIES[name], phone=True), TASK, "排班已报", "待审核")
            reviewed(visitor(REVIEWERS[name]))


def reviewed(reviewer: Visitor) -> None:
    reviewer.go("工作台")
    reviewer.click(f"审核：审核：{TASK}")
    reviewer.arrives(TASK)
    reviewer.click("审核")
    reviewer.sees("已办结")


def the_late_one_is_urged_and_reports(secretary: Visitor, general: Visitor) -> None:
    """期限过了，系统自己催办；书记补报，总支审核。"""
    secretary.site.play("reminded")
    secretary.page.goto("/notices/")
    secretary.sees("催办：1 条已过 10-30 的期限")
    secretary.look("5-urged")
    secretary.click(re.compile("^催办"))
    secretary.arrives(TASK)
    secretary.sees("逾期")
    rectification.report(secretary, TASK, "补报排班", "待审核")
    reviewed(general)


def a_cross_inspection_is_drawn(director: Visitor) -> None:
    """就这项决定安排交叉互查，抽签号定谁查谁。"""
    director.go("决策")
    director.arrives("决策")
    director.click(TOPIC)
    director.arrives(TOPIC)
    director.sees("已全部办结")
    director.click("据此安排检查")
    director.arrives("安排检查")
    director.type("名称", ROUND)
    director.choose("方式", "交叉互查")
    director.choose("检查表", "党支部工作检查表（2020 年版）")
    director.send("安排检查")
    director.arrives(ROUND)
    director.click("抽签")
    director.arrives("抽签")
    director.type("抽签号", "20261103")
    director.send("抽签")
    director.arrives(ROUND)
    director.sees("20261103", "外科党支部")
    director.click("开始检查")
    director.sees("检查中")
    director.look("6-drawn")


def the_peer_finds_something(visitor: Come, director: Visitor) -> None:
    """抽到谁，谁到现场去查。"""
    by = inspections.pairs(director)[LATE]
    peer = visitor(next(number for name, number in SECRETARIES.items() if name in by), phone=True)
    peer.click(f"去检查：检查{LATE}")
    inspections.enter(peer, {"A2": ("部分符合", FOUND, "督导单")})
    peer.look("7-found")


def the_general_branch_takes_it_up(general: Visitor) -> None:
    """互查的问题是建议，由被查支部的总支认定。"""
    general.go("工作台")
    general.click("去确认：1 份检查结果待确认")
    general.arrives("检查")
    general.click(LATE)
    general.arrives(LATE)
    general.click("确认结果")
    general.arrives("确认结果")
    general.send("确认结果")
    general.sees(FOUND)
    general.misses("这是检查人的建议")


def a_supervision_is_signed(clerk: Visitor, director: Visitor, leader: Visitor) -> None:
    """督导单：党办拟，主任核，分管副书记签，这才下发。"""
    inspections.dispose(clerk, FOUND, "督导单")
    rectification.check(director, FOUND)
    rectification.sign(leader, FOUND)
    rectification.issue(clerk, FOUND)


def it_is_put_right(secretary: Visitor, verifier: Visitor, office: Visitor) -> None:
    """签收、上报，退回一次再报，由指定的人复核，党办销号。"""
    secretary.go("工作台")
    secretary.click("签收：签收督导单〔2026〕1号")
    secretary.arrives(FOUND)
    secretary.click("签收")
    secretary.sees("已签收")
    rectification.report(secretary, MEASURE, "已公示")
    judged(verifier, "退回", "公示没有日期", "退回 1 次")
    rectification.report(secretary, MEASURE, "已补日期，重新公示")
    assert not secretary.offers("复核"), "整改的人不能复核"
    judged(verifier, "复核", "现场看过公示栏", "已办结")
    office.go("工作台")
    office.click("销号：销号：督导单〔2026〕1号")
    office.arrives(FOUND)
    office.click("销号")
    office.arrives("销号")
    office.send("销号")
    office.sees("已办结")


def judged(verifier: Visitor, verb: str, words: str, then: str) -> None:
    verifier.go("工作台")
    verifier.click(f"复核：复核：{MEASURE}")
    verifier.arrives(MEASURE)
    verifier.click(verb)
    verifier.arrives(verb)
    verifier.type("原因" if verb == "退回" else "说明", words)
    verifier.send(verb)
    verifier.sees(then)
