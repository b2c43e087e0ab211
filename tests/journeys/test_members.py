"""党员的事：组织关系从一个支部转到另一个并有回执，党费表导入，名册导出再导入一字不变。"""

import re
from collections.abc import Callable
from pathlib import Path

from linghang.ui.tests.workbooks import xlsx_of
from tests.journeys.visitor import Visitor

Come = Callable[..., Visitor]
WORKER = True


def test_a_member_moves_to_another_branch_with_letter_and_receipt(visitor: Come) -> None:
    office, receiving = visitor("1003"), visitor("4002", phone=True)
    person_of(office, "何员")
    office.click("开介绍信")
    office.choose("转入支部（院内）", "外科党支部")
    office.type("介绍信编号", "2026-031")
    office.send("开介绍信")
    office.sees("已开介绍信", "收到回执以前")
    office.look("1-letter")

    receiving.go("工作台")
    receiving.sees("接收何员的组织关系")
    receiving.click(re.compile("^接收"), receiving.row("接收何员的组织关系"))
    receiving.arrives("何员：组织关系转接")
    receiving.click("接收并退回执")
    receiving.send("接收并退回执")
    receiving.sees("已收到回执")
    receiving.look("2-received-on-the-phone")

    person_of(office, "何员")
    office.sees("外科党支部", "组织关系转接：已收到回执")
    office.look("3-history")


def person_of(office: Visitor, name: str) -> None:
    """从名册打开一个人。"""
    office.go("党员")
    office.arrives("党员和职工")
    office.click(name, office.row(name))
    office.arrives(name)


def test_dues_come_from_a_sheet_and_can_be_taken_back(visitor: Come) -> None:
    clerk = visitor("3002")
    clerk.go("党员")
    clerk.click("党费")
    clerk.arrives("内科党支部：2026 年 9 月党费")
    clerk.look("4-dues-of-a-month")
    clerk.click("导入党费表")
    rows = [["姓名", "8月", "9月"], ["周明", "√", "√"], ["王蕾", "√", "×"], ["查无此人", "√", "√"]]
    sheet = clerk.site.var / "党费.xlsx"
    sheet.write_bytes(xlsx_of({"党费": rows}))
    clerk.field("党费表（Excel）").set_input_files(sheet)
    clerk.send("上传并预览")
    clerk.arrives("党费.xlsx")
    clerk.sees("没有这名党员，或不在您的权限内", "可导入 4 条")
    clerk.look("5-dues-preview")
    clerk.click("确认党费导入")
    clerk.sees("已导入")

    secretary = visitor("3001", phone=True)
    secretary.go("党员")
    secretary.click("党费")
    secretary.sees("欠交", "2026-09")
    secretary.look("6-arrears-for-the-secretary")

    clerk.click("撤销党费导入")
    clerk.sees("已撤销")


def test_the_register_goes_out_and_in_again_unchanged(visitor: Come) -> None:
    office = visitor("1003")
    office.go("党员")
    office.click("导出名册")
    office.arrives("导出党员名册")
    office.choose("用哪套列", "标准列（带党组织类别代码）")
    office.look("7-register")
    with office.download() as files:
        office.send("导出")
    bring_back(office, files[0])
    office.look("8-register-in-again")


def bring_back(office: Visitor, register: Path) -> None:
    """再导入刚导出的名册：全部合并，没有一处改动。"""
    office.go("党员")
    office.click("导入名册")
    office.page.locator("main input[type=file]").set_input_files(register)
    office.send("上传并预览")
    office.arrives("名册")
    office.sees("合并")
    office.misses("党支部：", "党员类别：", "入党时间：")
