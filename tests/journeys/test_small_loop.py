"""党总支型把闭环走一遍：部署、提示单、支部上报、总支督查、整改复核、考核；支部和党总支办公室之间没有第二级总支经手。"""

import re
from collections.abc import Callable

from tests.journeys import test_deployment as deployment
from tests.journeys import test_four_inspections as inspections
from tests.journeys import test_month_and_year as year
from tests.journeys.test_rectification import report
from tests.journeys.visitor import Visitor

Come = Callable[..., Visitor]
FOUNDED = "found_small"
SCENES = ("year",)
ROUND, FOUND = "下半年总支督查", "两项部署没有上报"
MEASURE = f"整改：{FOUND}"


def test_the_loop_once_where_a_general_branch_heads_the_hospital(visitor: Come) -> None:
    deployment.submit_items(visitor("1006"))
    clerk = visitor("1004")
    deployment.accept(clerk)
    deployment.hold_the_meeting(clerk)
    deployment.deploy_and_tailor(clerk)
    director = visitor("1003")
    deployment.check_sign_issue(director)
    secretary = visitor("4001", phone=True)
    the_branch_acts(secretary)
    the_office_reviews(clerk)
    the_head_inspects(director, clerk)
    it_is_put_in_writing(director, clerk)
    report(secretary, MEASURE, "两项都已补报，责任到人")
    it_is_verified(visitor("1005"))
    it_is_scored(director, clerk, visitor("1002"))
    the_branch_reads_its_sheet(secretary)


def the_branch_acts(secretary: Visitor) -> None:
    secretary.go("工作台")
    secretary.click(f"上报：{deployment.ITEM}")
    secretary.arrives(deployment.ITEM)
    secretary.click("上报")
    secretary.type("办理情况", "已组织观看警示教育片并讨论")
    secretary.send("上报")
    secretary.sees("待审核")


def the_office_reviews(clerk: Visitor) -> None:
    """没有第二级总支，支部报来的由党总支办公室审核。"""
    clerk.go("工作台")
    clerk.click(f"审核：审核：{deployment.ITEM}")
    clerk.arrives(deployment.ITEM)
    clerk.click("审核")
    clerk.sees("已办结")
    clerk.look("1-reviewed")


def the_head_inspects(director: Visitor, clerk: Visitor) -> None:
    """党总支自己的督查叫总支督查；没有第二级总支，不能安排交叉互查。"""
    director.go("督查")
    director.click("安排检查")
    ways = director.field("方式").locator("option").all_inner_texts()
    assert [words for words in ways if words.strip("- ")] == ["支部自查", "总支互查", "总支督查", "党建查房"]
    inspections.arrange(director, ROUND, "总支督查")
    director.click("统一指定检查组")
    for name in ("吴纪明", "李静", "韩外"):
        director.tick(re.compile(f"^{name}"))
    director.send("统一指定检查组")
    director.click("开始检查")
    director.sees("检查中")
    director.look("2-round")
    clerk.go("工作台")
    clerk.click("去检查：检查外科党支部")
    inspections.enter(clerk, {"A2": ("部分符合", FOUND, "限期整改")})
    director.go("工作台")
    director.click("去确认：1 份检查结果待确认")
    director.click("外科党支部")
    director.click("确认结果")
    director.sees("限期整改")
    inspections.dispose(director, FOUND, "限期整改")


def it_is_put_in_writing(director: Visitor, clerk: Visitor) -> None:
    """起草的人不核自己的稿；签发、下发之后支部才看到。"""
    for person, word, done in (
        (clerk, "核稿", "已核稿"),
        (director, "签发", "已签发"),
        (clerk, "下发", "已下发"),
    ):
        person.go("工作台")
        person.click(f"{word}：{word} 1 张限期整改")
        person.click(FOUND)
        person.click(word)
        person.sees(done)


def it_is_verified(verifier: Visitor) -> None:
    verifier.arrives("今天")
    verifier.click(f"复核：复核：{MEASURE}")
    verifier.click("复核")
    verifier.type("说明", "现场看过台账")
    verifier.send("复核")
    verifier.sees("已办结")


def it_is_scored(director: Visitor, clerk: Visitor, leader: Visitor) -> None:
    year.open_cycle(director)
    year.mark(clerk)
    year.compute_and_propose(clerk)
    year.confirm(leader)
    year.publish(director)


def the_branch_reads_its_sheet(secretary: Visitor) -> None:
    secretary.go("考核")
    secretary.arrives("成绩单")
    secretary.click(re.compile(year.CYCLE), secretary.page.locator("main table"))
    secretary.arrives(f"{year.CYCLE}成绩单")
    secretary.sees("每一分怎么来的")
    secretary.look("3-sheet")
