"""飞检：抽签密封，当天公布；到现场录入时网络断了，内容留在页面上，网络恢复后只送一次。"""

import re
from collections.abc import Callable

import pytest

from tests.journeys.test_four_inspections import BRANCHES
from tests.journeys.visitor import Visitor

Come = Callable[..., Visitor]
SCENES = ("year",)
TITLE = "十月飞检"


def seal(office: Visitor) -> str:
    """安排、抽签、定检查组；抽到谁只有党办看得到。"""
    office.go("督查")
    office.click("安排检查")
    office.arrives("安排检查")
    office.type("名称", TITLE)
    office.choose("方式", "党委督查")
    office.choose("检查表", "党支部工作检查表（2020 年版）")
    office.type("抽查几个支部", "1")
    office.tick(re.compile("^飞检"))
    office.send("安排检查")
    office.arrives(TITLE)
    office.click("抽签")
    office.type("抽签号", "20261014")
    office.send("抽签")
    office.arrives(TITLE)
    office.sees("密封的抽签结果")
    office.look("1-sealed")
    drawn: str = office.page.locator(".row-pair").filter(has_text="抽到").locator("dd").inner_text().strip()
    office.click("统一指定检查组")
    for name in ("吴纪明", "韩外"):
        office.tick(re.compile(f"^{name}"))
    office.send("统一指定检查组")
    office.arrives(TITLE)
    return drawn


@pytest.mark.mechanism("S1-19")
def test_a_sealed_visit_is_opened_on_the_day_and_entered_where_the_network_fails(visitor: Come) -> None:
    office = visitor("1003")
    drawn = seal(office)
    assert drawn in BRANCHES
    leader = visitor("1002", phone=True)
    leader.arrives("今天")
    leader.page.goto(office.page.url)
    leader.arrives(TITLE)
    leader.misses(drawn)
    leader.look("2-sealed-for-the-leader")

    office.click("开始检查")
    office.sees("检查中")
    office.sees(drawn)
    inspector = visitor("1005" if drawn != "机关党支部" else "4001", phone=True)
    inspector.arrives("今天")
    inspector.click(f"去检查：检查{drawn}")
    with inspector.download():
        inspector.click("打印检查表")
    inspector.page.reload()
    inspector.click("录入结果")
    inspector.arrives("录入结果")
    inspector.choose("A1 结论", "不符合")
    inspector.type("A1 查到什么", "9 月没有学习议程")
    inspector.choose("A1 处置", "限期整改")
    inspector.context.set_offline(True)
    inspector.click("保存结果")
    inspector.sees("没有送出：网络不通")
    assert inspector.field("A1 查到什么").input_value() == "9 月没有学习议程"
    inspector.look("3-lost")
    assert inspector.problems
    assert all("控制台：htmx:" in problem for problem in inspector.problems), "only that the network is gone"
    inspector.problems.clear()
    inspector.context.set_offline(False)
    inspector.arrives(drawn)
    inspector.sees("9 月没有学习议程", "发现的问题")
    inspector.look("4-sent")
