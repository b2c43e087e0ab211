"""四查：自查核对系统预填的，互查、交叉互查抽签配对，党委督查查出三种轻重的问题，各有去处。"""

import re
from collections.abc import Callable

import pytest

from tests.journeys.visitor import Visitor

Come = Callable[..., Visitor]
SCENES = ("year",)
BRANCHES = {"内科党支部", "外科党支部", "影像党支部", "机关党支部"}


def arrange(office: Visitor, title: str, method: str) -> None:
    """安排一轮；要抽签的抽签。"""
    office.go("督查")
    office.click("安排检查")
    office.arrives("安排检查")
    office.type("名称", title)
    office.choose("方式", method)
    office.choose("检查表", "党支部工作检查表（2020 年版）")
    office.type("检查自", "2026-10-14")
    office.type("检查至", "2026-10-23")
    office.send("安排检查")
    office.arrives(title)
    if office.offers("抽签"):
        office.click("抽签")
        office.type("抽签号", "20261014")
        office.send("抽签")
        office.arrives(title)
        office.sees("抽签号")


def pairs(page: Visitor) -> dict[str, str]:
    """被查支部 → 检查人, as the round's page shows them."""
    rows = page.page.locator("main tbody tr").filter(has=page.page.locator("td[data-label=检查人]"))
    found = {}
    for row in rows.all():
        inspected = row.locator("td[data-label=被查支部]").inner_text().strip()
        found[inspected] = row.locator("td[data-label=检查人]").inner_text().strip()
    return found


@pytest.mark.mechanism("S0-16")
def test_a_self_check_is_prefilled_confirmed_by_the_secretary_and_typed_by_nobody(visitor: Come) -> None:
    office = visitor("1003")
    arrange(office, "四季度支部自查", "支部自查")
    office.click("开始检查")
    office.sees("检查中")
    office.look("1-self-round")

    clerk = visitor("3002", phone=True)
    clerk.arrives("今天")
    clerk.click("去自查：四季度支部自查")
    clerk.arrives("自查：内科党支部")
    clerk.sees("系统预填", "应 9 次，已 9 次")
    clerk.look("2-self-check-prefilled")
    typed = clerk.fields
    clerk.click("确认自查")
    clerk.arrives("内科党支部")
    assert clerk.fields == typed, "自查不需要填任何一格"

    secretary = visitor("3001", phone=True)
    secretary.arrives("今天")
    secretary.click("确认：四季度支部自查")
    secretary.arrives("内科党支部")
    secretary.sees("系统预填")
    secretary.click("确认自查")
    secretary.sees("已确认")
    secretary.look("3-self-check-confirmed")


@pytest.mark.mechanism("S0-17", "S0-18")
def test_peers_are_drawn_by_lot_never_themselves_and_their_findings_are_advice(visitor: Come) -> None:
    office = visitor("1003")
    arrange(office, "各总支互查", "总支互查")
    mutual = pairs(office)
    assert set(mutual) == BRANCHES
    assert all(unit not in by for unit, by in mutual.items()), "不能自己查自己"
    office.sees("放宽的规则", "在本总支内")
    office.look("4-mutual-drawn")

    arrange(office, "年度交叉互查", "交叉互查")
    drawn = pairs(office)
    assert set(drawn) == BRANCHES
    assert all(unit not in by for unit, by in drawn.items()), "不能自己查自己"
    office.look("5-cross-drawn")
    office.click("重新抽签")
    office.type("新抽签号", "20261014")
    office.type("为什么重抽", "当众复核一次")
    office.send("重新抽签")
    office.arrives("年度交叉互查")
    assert pairs(office) == drawn, "同一个抽签号抽出同样的结果"
    office.click("开始检查")
    office.sees("检查中")

    by_surgery = next(unit for unit, by in drawn.items() if "外科党支部" in by)
    inspector = visitor("4001", phone=True)
    inspector.arrives("今天")
    inspector.look("6-inspector-desk")
    inspector.click(f"去检查：检查{by_surgery}")
    enter(inspector, {"A1": ("不符合", "9 月两次会议没有学习议程", "限期整改")})
    inspector.sees("等总支或党办确认")
    inspector.look("7-peer-result")

    office.go("工作台")
    office.click("去确认：1 份检查结果待确认")
    office.arrives("检查")
    office.click(by_surgery)
    office.click("确认结果")
    office.page.get_by_label("同时确认其中的问题").uncheck()
    office.send("确认结果")
    office.sees("9 月两次会议没有学习议程")
    office.click("9 月两次会议没有学习议程")
    office.sees("这是检查人的建议")
    office.look("8-advice")
    office.click("确认问题")
    office.send("确认问题")
    office.misses("这是检查人的建议")


def enter(inspector: Visitor, found: dict[str, tuple[str, str, str]]) -> None:
    """打印检查表，到现场查过，回来只改查出问题的项。"""
    inspector.sees("先打印检查表")
    with inspector.download() as files:
        inspector.click("打印检查表")
    assert files[0].suffix == ".docx"
    inspector.page.reload()
    inspector.click("录入结果")
    inspector.arrives("录入结果")
    for code, (verdict, words, weight) in found.items():
        inspector.choose(f"{code} 结论", verdict)
        inspector.type(f"{code} 查到什么", words)
        inspector.choose(f"{code} 处置", weight)
    inspector.look(f"entry-{inspector.size}-{len(found)}")
    inspector.click("保存结果")
    inspector.sees("发现的问题")


@pytest.mark.mechanism("S0-19")
def test_the_committees_findings_are_put_right_at_once_by_a_deadline_or_by_a_supervision(
    visitor: Come,
) -> None:
    office = visitor("1003")
    arrange(office, "下半年督查", "党委督查")
    office.click("统一指定检查组")
    office.tick(re.compile("^吴纪明"))
    office.tick(re.compile("^李静"))
    office.send("统一指定检查组")
    office.sees("机关党支部没有人能去", "应当回避")
    office.look("9-recused")
    office.tick(re.compile("^韩外"))
    office.send("统一指定检查组")
    office.click("开始检查")
    office.sees("检查中")
    office.look("9-committee-round")

    clerk = visitor("1004")
    clerk.arrives("今天")
    clerk.click("去检查：检查外科党支部")
    clerk.arrives("外科党支部")
    found = {
        "A1": ("不符合", "学习笔记没有日期，当场补齐", "立行立改"),
        "A2": ("部分符合", "两项部署没有上报", "限期整改"),
        "B4": ("不符合", "8 月、9 月主题党日未开展", "督导单"),
    }
    enter(clerk, found)
    clerk.look("10-committee-result")

    office.go("工作台")
    office.click(re.compile("^去确认：1 份检查结果待确认"))
    office.click("外科党支部")
    office.click("确认结果")
    office.sees("立行立改", "限期整改", "督导单")
    office.look("11-three-weights")
    for words, order in (("两项部署没有上报", "限期整改"), ("8 月、9 月主题党日未开展", "督导单")):
        dispose(office, words, order)
    office.go("督查")
    office.click("问题清单")
    office.arrives("问题清单")
    office.sees("已立行立改", "整改单拟稿")
    office.look("12-findings")
    with office.download() as files:
        office.click("导出")
    assert files[0].suffix == ".xlsx"


def dispose(office: Visitor, words: str, order: str) -> None:
    """为一个问题起草整改单；一个问题只有一张单。"""
    office.go("督查")
    office.click("问题清单")
    office.click(words)
    office.click("起草整改单")
    office.arrives("起草整改单")
    office.choose("整改责任人", "韩外")
    office.choose("复核人", "吴纪明")
    office.send("起草整改单")
    office.arrives(words)
    office.sees(f"{order}")
    assert not office.offers("起草整改单")
    office.look(f"disposed-{order}")
