"""月看体检、年看成绩单：灯有依据、格子点得开、每一分点得开；拟定、确认、公示、异议、答复、锁定各由各人。"""

import re
from collections.abc import Callable

from openpyxl import load_workbook

from tests.journeys.test_branch_on_the_phone import words_of
from tests.journeys.visitor import Visitor

Come = Callable[..., Visitor]
SCENES = ("year",)
CYCLE = "2026 年前三季度"
# What each branch is marked below the full points of each item, so that no two are equal.
SHARES = {"内科党支部": 1.0, "外科党支部": 0.8, "影像党支部": 0.9, "机关党支部": 0.7}


def test_the_checkup_names_the_article_and_every_cell_opens_its_records(visitor: Come) -> None:
    secretary = visitor("4001", phone=True)
    secretary.arrives("今天")
    secretary.look("1-desk-with-checkup")
    secretary.click(re.compile("^全部"))
    secretary.arrives("支部体检：")
    secretary.sees("要办", "支部工作条例 第十六条")
    secretary.look("2-checkup")
    themed = secretary.page.locator("#themed_day")
    assert themed.get_by_text("要办").count() >= 1
    themed.get_by_role("link", name=re.compile("2026 年 7 月")).click()
    secretary.arrives("主题党日：1 条记录")
    secretary.sees("7 月已开展")
    secretary.look("3-cell-opened")

    office = visitor("1003")
    office.go("体检")
    office.arrives("支部体检：")
    office.sees("外科党支部")
    office.look("4-board")
    with office.download() as files:
        office.click("导出 Excel")
    heads = [cell.value for row in load_workbook(files[0]).active.iter_rows() for cell in row]
    assert "外科党支部" in heads
    assert "主题党日" in heads


def test_a_value_looser_than_the_regulation_is_refused_in_words(visitor: Come) -> None:
    office = visitor("1003")
    office.go("设置")
    office.arrives("设置")
    office.click("调整主题党日频次")
    office.type("新的取值", "每季度 1 次")
    office.send("确定调整")
    office.sees(re.compile("不得低于|更严|更松|不能"))
    office.look("5-looser-is-refused")


def test_a_year_is_computed_confirmed_by_another_published_objected_to_answered_and_locked(
    visitor: Come,
) -> None:
    clerk, director, leader = visitor("1004"), visitor("1003"), visitor("1002")
    open_cycle(director)
    mark(clerk)
    compute_and_propose(clerk)
    confirm(leader)
    publish(director)
    secretary = visitor("4001", phone=True)
    read_sheet_and_object(secretary)
    answer(director)
    outsiders_see_the_list_only(visitor("3004", phone=True))
    director.site.days_later(21)
    lock(director)


def open_cycle(director: Visitor) -> None:
    director.go("考核")
    director.arrives("考核")
    director.click("开启考核")
    director.type("名称", CYCLE)
    director.type("考核期自", "2026-01-01")
    director.type("考核期至", "2026-09-30")
    director.send("开启考核")
    director.arrives(f"{CYCLE}考核")
    director.sees("4 个支部")


def mark(clerk: Visitor) -> None:
    """人工项按支部评，一页评完一个支部。"""
    clerk.go("考核")
    clerk.click(CYCLE)
    clerk.click("评分")
    clerk.arrives("人工评分")
    for branch, share in SHARES.items():
        clerk.click(branch)
        clerk.arrives(branch)
        for field in clerk.page.locator("main tbody input[type=number]").all():
            most = float(field.get_attribute("max") or 0)
            if most < 20:
                field.fill(f"{most * share:.2f}")
        if share == 1:
            clerk.look("6-marks")
        clerk.click("保存")
        clerk.sees(f"已保存：{branch}")


def compute_and_propose(clerk: Visitor) -> None:
    """试算有进度条；再拟定等次。"""
    clerk.go("考核")
    clerk.click(CYCLE)
    clerk.sees("已评完")
    clerk.click("试算")
    clerk.sees("完成")
    clerk.look("7-job")
    clerk.go("考核")
    clerk.click(CYCLE)
    clerk.sees("已试算", "校验码")
    clerk.click("各支部一览")
    clerk.arrives("考核一览")
    clerk.look("8-board")
    clerk.misses("无法判定")
    clerk.page.go_back()
    clerk.click("拟定等次")
    clerk.sees("已拟定等次")


def confirm(leader: Visitor) -> None:
    """党委领导确认；试算和拟定的人没有这个按钮。"""
    leader.go("工作台")
    leader.click(f"去确认：{CYCLE}考核")
    leader.click("确认等次")
    leader.arrives("确认等次")
    leader.look("9-decide")
    leader.click("确认等次", leader.page.locator("main form"))
    leader.agree()
    leader.sees("已研究确认")


def publish(director: Visitor) -> None:
    director.go("工作台")
    director.click(f"去公示：{CYCLE}考核")
    director.click("公示")
    director.sees("公示中", "无异议不需回复")
    director.look("10-published")


def read_sheet_and_object(secretary: Visitor) -> None:
    """书记在手机上看成绩单，点开一个数字看记录，对一项提出异议。"""
    secretary.go("考核")
    secretary.arrives("成绩单")
    secretary.click(re.compile(CYCLE), secretary.page.locator("main table"))
    secretary.arrives(f"{CYCLE}成绩单")
    secretary.sees("每一分怎么来的")
    secretary.look("11-sheet")
    unfold(secretary, "B 组织生活")
    line = secretary.row("B5 主题党日")
    line.locator("td[data-label=计了什么] a").last.click()
    secretary.arrives("B5 主题党日：")
    secretary.sees("到今天没有变动")
    secretary.look("12-records-behind-a-figure")
    secretary.page.locator("main dl a, main dd a").first.click()
    secretary.arrives("主题党日")
    secretary.go("考核")
    secretary.click(re.compile(CYCLE), secretary.page.locator("main table"))
    with secretary.download() as files:
        secretary.click("导出 Word")
    assert "外科党支部" in words_of(files[0])
    unfold(secretary, "B 组织生活")
    secretary.click(re.compile("^提出异议：B5"))
    secretary.arrives("提出异议")
    secretary.type("异议内容", "8 月主题党日与内科联合开展，记录在内科党支部")
    secretary.send("提出异议")
    secretary.sees("异议已提出")
    secretary.look("13-objected")


def unfold(reader: Visitor, dimension: str) -> None:
    """The sheet is folded by dimension; this one opens."""
    reader.page.locator("main summary").filter(has_text=dimension).click()


def answer(director: Visitor) -> None:
    """答复的人不是拟定等次的人。"""
    director.go("工作台")
    director.click("去答复：外科党支部提出异议")
    director.arrives("外科党支部提出异议")
    director.click("答复")
    director.type("答复", "联合开展的请各自记录；本次核对纸质本，维持原结果。")
    director.send("答复")
    director.sees("维持原结果")
    director.look("14-answered")


def outsiders_see_the_list_only(member: Visitor) -> None:
    """党员看得到公示名单，看不到分数。"""
    member.go("考核")
    member.arrives("考核公示")
    member.sees("示范党支部")
    member.misses(re.compile(r"\d+\.\d+"))
    member.look("15-list-for-everybody")


def lock(director: Visitor) -> None:
    """公示期满，锁定；之后拿到结果运用建议。"""
    director.go("工作台")
    director.click(f"去锁定：{CYCLE}考核")
    director.click("锁定")
    director.sees("已锁定")
    with director.download() as files:
        director.click("结果运用建议")
    assert load_workbook(files[0]).active.max_row >= 5
    director.look("16-locked")
