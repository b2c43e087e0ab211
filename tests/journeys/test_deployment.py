"""一次月度部署：部门报送，党办归口、开会、生成提示单，核稿、签发、下发，一个支部一张。"""

from collections.abc import Callable

import pytest
from docx import Document

from tests.journeys.visitor import Visitor

Come = Callable[..., Visitor]
ITEM, OTHER = "开展“以案促改”警示教育", "整理三季度党费台账"
SHEETS = 4


@pytest.mark.mechanism("S0-11", "S0-13")
def test_a_departments_item_becomes_one_sheet_for_each_branch(visitor: Come) -> None:
    submit_items(visitor("1006"))
    office = visitor("1004")
    accept(office)
    hold_the_meeting(office)
    deploy_and_tailor(office)
    check_sign_issue(visitor("1003"))
    branch_reads(visitor("4001", phone=True))


def submit_items(department: Visitor) -> None:
    """职能科室在会前报送两项。"""
    department.go("部署")
    department.arrives("月度部署")
    for text in (ITEM, OTHER):
        department.click("报送事项")
        department.arrives("报送部署事项")
        department.type("事项", text)
        department.type("期限", "2026-10-30")
        department.send("报送部署事项")
        department.arrives("2026 年 10 月部署")
        department.sees(text)
    department.look("1-submitted")


def accept(office: Visitor) -> None:
    """党办采纳一项，不采纳另一项并说明原因。"""
    office.arrives("今天")
    office.sees("10 月部署会：2 项待采纳")
    office.look("2-office-desk")
    office.click("去采纳：10 月部署会：2 项待采纳")
    office.click(f"采纳：{ITEM}")
    office.sees("已采纳 1 项")
    office.click(f"不采纳：{OTHER}")
    office.type("原因", "财务另行布置")
    office.send("不采纳")
    office.sees("财务另行布置")


def hold_the_meeting(office: Visitor) -> None:
    """安排会议、打印议程，会后记录：采纳的事项已经在议程上。"""
    office.go("部署")
    office.click("安排部署会")
    office.type("日期", "2026-10-14")
    office.type("地点", "行政楼三楼会议室")
    office.send("安排部署会")
    office.arrives("月度部署")
    office.click("2026 年 10 月")
    office.look("3-month-before-the-meeting")
    office.click("打印议程、记录会议")
    office.arrives("部署会")
    office.sees(ITEM)
    with office.download() as files:
        office.click("议程")
    assert any(ITEM in paragraph.text for paragraph in everything_in(files[0]))
    office.click("记录")
    office.arrives("记一次")
    office.type("议定事项", "各支部月底前完成自查（2026-10-30前）")
    office.click("保存")
    office.sees("已记录")
    office.look("4-meeting-recorded")


def everything_in(path: object) -> list[object]:
    """The paragraphs of a Word file, those in its tables as well."""
    file = Document(str(path))
    cells = [cell for table in file.tables for row in table.rows for cell in row.cells]
    return [*file.paragraphs, *(paragraph for cell in cells for paragraph in cell.paragraphs)]


def deploy_and_tailor(office: Visitor) -> None:
    """一次生成四张，再为影像支部加一行。"""
    office.go("部署")
    office.click("2026 年 10 月")
    office.sees("会上另外议定")
    office.click("列为部署事项")
    office.arrives("列为部署事项")
    office.send("列为部署事项")
    office.arrives("2026 年 10 月部署")
    office.click("生成提示单")
    office.agree()
    office.sees(f"已生成 {SHEETS} 张提示单")
    office.look("5-sheets-drafted")
    office.click("影像党支部")
    office.arrives("2026 年 10 月月度提示单")
    office.sees("核稿", "修改")
    office.click("修改")
    rows = office.page.locator("main tbody tr")
    office.type(in_row("事项", 3), "报送辐射防护培训记录", rows.nth(2))
    office.type(in_row("期限", 3), "2026-10-28", rows.nth(2))
    office.look("6-tailoring")
    office.click("保存")
    office.sees("报送辐射防护培训记录")


def in_row(field: str, row: int) -> str:
    return f"第 {row} 行{field}"


def check_sign_issue(director: Visitor) -> None:
    """党办主任核稿（非拟稿人）、签发、下发，每步一次办完。"""
    director.arrives("今天")
    for word, number in (("核稿", 1), ("签发", 2), ("下发", 3)):
        director.go("工作台")
        director.sees(f"{word} {SHEETS} 张提示单")
        director.click(f"{word}：{word} {SHEETS} 张提示单")
        director.arrives("提示单")
        director.tick("全选本页")
        director.look(f"7-{number}-{word}")
        director.click(f"{word}所选")
        director.sees(f"已{word} {SHEETS} 张")
    director.go("单据")
    director.sees("已下发")
    director.look("8-issued")


def branch_reads(secretary: Visitor) -> None:
    """支部书记在手机上看到自己那一张，只看到自己那一张。"""
    secretary.arrives("今天")
    secretary.sees(ITEM)
    secretary.look("9-branch-desk")
    secretary.click(f"上报：{ITEM}")
    secretary.arrives(ITEM)
    secretary.page.get_by_role("link", name="提示单").first.click()
    secretary.arrives("月度提示单")
    secretary.sees("外科党支部")
    secretary.misses("报送辐射防护培训记录")
    secretary.look("10-branch-sheet")
