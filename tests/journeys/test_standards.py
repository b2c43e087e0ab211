"""达标：支部自评并写明佐证，党委核验，达标、打印证书；快到期的一键安排复核。"""

import re
from collections.abc import Callable

import pytest

from tests.journeys.visitor import Visitor

Come = Callable[..., Visitor]
SCENES = ("premises",)
NAME = "“六有”支部阵地"


def arrange(office: Visitor, method: str, title: str) -> None:
    """安排一轮，按“六有”查内科和外科；名称由系统起。"""
    office.go("督查")
    office.click("安排检查")
    office.arrives("安排检查")
    office.choose("方式", method)
    office.choose("检查表", f"{NAME}（2020 年版）")
    office.tick("内科党支部")
    office.tick("外科党支部")
    office.send("安排检查")
    office.arrives(title)


@pytest.mark.mechanism("S0-07", "S0-08")
def test_a_standard_is_checked_by_the_branch_verified_held_certified_and_verified_again(
    visitor: Come,
) -> None:
    office = visitor("1003")
    arrange(office, "支部自查", f"2026 年第四季度{NAME}自评")
    office.sees("2 个支部")
    office.click("开始检查")
    office.sees("检查中")

    secretary = visitor("3001", phone=True)
    secretary.arrives("今天")
    secretary.click(f"去自查：2026 年第四季度{NAME}自评")
    secretary.arrives("自查：内科党支部")
    secretary.type("L6 佐证", "制度汇编第 3 页")
    secretary.look("1-self")
    secretary.click("确认自查")
    secretary.arrives("内科党支部")
    secretary.sees("佐证：制度汇编第 3 页")

    arrange(office, "党委督查", f"2026 年第四季度{NAME}核验")
    office.click("统一指定检查组")
    office.tick(re.compile("^李静"))
    office.send("统一指定检查组")
    office.click("开始检查")
    office.sees("检查中")

    clerk = visitor("1004")
    clerk.arrives("今天")
    for branch, wrong in (("内科党支部", False), ("外科党支部", True)):
        look_at(clerk, branch, wrong)
    for branch in ("内科党支部", "外科党支部"):
        office.go("工作台")
        office.click("去确认：" + ("2" if branch == "内科党支部" else "1") + " 份检查结果待确认")
        office.click(branch)
        office.click("确认结果")
        office.sees("已确认")
    office.sees("未达标，还差：有标志（待整改）")

    office.go("督查")
    office.click("达标")
    office.arrives(f"达标：{NAME}")
    office.sees("50 %", "4 个支部中", "有标志（待整改）", "将到期")
    office.look("2-standards")
    office.click("内科党支部")
    office.arrives("内科党支部")
    office.sees("达标，有效至 2027-10-13")
    with office.download() as files:
        office.click("达标证书")
    assert files[0].suffix == ".docx"

    recheck(office)


def look_at(clerk: Visitor, branch: str, wrong: bool) -> None:
    """打印、到现场、录入；内科的自评佐证就在检查项下面。"""
    clerk.go("工作台")
    clerk.click(f"去检查：检查{branch}")
    clerk.arrives(branch)
    with clerk.download():
        clerk.click("打印检查表")
    clerk.page.reload()
    clerk.click("录入结果")
    clerk.arrives("录入结果")
    if wrong:
        clerk.choose("L3 结论", "不符合")
        clerk.type("L3 查到什么", "公示栏还是上一届支委")
        clerk.choose("L3 处置", "限期整改")
    else:
        clerk.sees("自评佐证：制度汇编第 3 页")
        clerk.look("3-entry")
    clerk.click("保存结果")
    clerk.arrives(branch)


def recheck(office: Visitor) -> None:
    """影像下月到期：一个按钮，日期和支部都填好了。"""
    office.go("工作台")
    office.click("去安排：1 项达标要复核")
    office.click("安排到期复核（1 个支部）")
    office.arrives("安排检查")
    assert office.field("检查至").input_value() == "2026-11-11"
    ticked = office.page.locator("input[name=units]:checked")
    assert ticked.count() == 1
    typed = office.fields
    office.look("4-recheck")
    office.send("安排检查")
    office.arrives(f"2026 年第四季度{NAME}核验")
    office.sees("影像党支部", "1 个支部")
    assert office.fields == typed, "复核不需要填任何一格"
    office.go("工作台")
    office.arrives("今天")
    assert not office.offers("去安排：1 项达标要复核")
