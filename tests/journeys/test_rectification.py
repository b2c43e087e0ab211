"""一张督导单的一生：领导签发、书记签收、措施上报、退回再报、指定的复核人复核、销号；逾期看得见。"""

from collections.abc import Callable

import pytest

from tests.journeys.visitor import Visitor

Come = Callable[..., Visitor]
TITLE = "主题党日连续两月未开展"
FIRST, SECOND = "补开主题党日并完善台账", "建立支委会月度提醒"


@pytest.mark.mechanism("S0-14")
def test_a_supervision_is_signed_for_rectified_verified_and_closed(visitor: Come) -> None:
    office = visitor("1004")
    draft(office)
    check(visitor("1003"))
    sign(visitor("1002"))
    issue(office)
    secretary = visitor("3001", phone=True)
    receive_and_report(secretary)
    verifier = visitor("1005")
    verifier_returns_one(verifier)
    report_again(secretary)
    verifier_accepts(verifier)
    close(office)
    whole_thread(secretary)


def draft(office: Visitor) -> None:
    """党办干事拟督导单：每条措施都有责任人、期限和复核人。"""
    office.go("单据")
    office.click("拟单")
    office.arrives("拟单")
    office.choose("类别", "督导单")
    office.choose("承办单位", "内科党支部")
    office.type("标题", TITLE)
    office.type("问题或说明", "8 月、9 月没有主题党日记录，提示后仍未整改。")
    office.send("拟单")
    office.arrives("修改督导单")
    rows = office.page.locator("main tbody tr")
    for place, words in enumerate((FIRST, SECOND), 1):
        row = rows.nth(place - 1)
        office.type(f"第 {place} 行事项", words, row)
        office.type(f"第 {place} 行期限", f"2026-10-{18 + place}", row)
        office.choose(f"第 {place} 行责任人", "周明", row)
        office.choose(f"第 {place} 行复核人", "吴纪明", row)
    office.look("1-draft")
    office.send("保存")
    office.arrives(TITLE)
    assert not office.offers("核稿"), "拟稿人不能核自己的稿"


def check(director: Visitor, title: str = TITLE) -> None:
    director.go("工作台")
    director.click("核稿：核稿 1 张督导单")
    director.click(title)
    director.arrives(title)
    director.click("核稿")
    director.sees("已核稿")
    assert not director.offers("签发督导单"), "督导单由领导签发"


def sign(leader: Visitor, title: str = TITLE) -> None:
    """分管副书记签发，这时才有编号。"""
    leader.go("工作台")
    leader.look("2-leader-desk")
    leader.click("签发：签发督导单")
    leader.arrives(title)
    leader.click("签发督导单")
    leader.sees("已签发", "〔2026〕1号")
    leader.look("3-signed")


def issue(office: Visitor, title: str = TITLE) -> None:
    office.go("工作台")
    office.click("下发：下发 1 张督导单")
    office.click(title)
    office.click("下发")
    office.sees("已下发")
    with office.download() as files:
        office.click("打印")
    assert files[0].suffix == ".docx"


def receive_and_report(secretary: Visitor) -> None:
    """书记在手机上签收、上报两条措施。"""
    secretary.arrives("今天")
    secretary.look("4-secretary-desk")
    secretary.click("签收：签收督导单〔2026〕1号")
    secretary.arrives(TITLE)
    secretary.click("签收")
    secretary.sees("已签收", "不代替纸质签字")
    secretary.look("5-received")
    for words in (FIRST, SECOND):
        report(secretary, words, "已补开，记录已整理")
    secretary.look("6-reported")


def report(secretary: Visitor, words: str, result: str, then: str = "待复核") -> None:
    """上报一条措施：本人就是书记，上报即为确认。"""
    secretary.go("工作台")
    secretary.click(f"上报：{words}")
    secretary.arrives(words)
    secretary.click("上报")
    secretary.type("办理情况", result)
    secretary.send("上报")
    secretary.sees(then)
    assert not secretary.offers("复核"), "整改的人不能复核"


def verifier_returns_one(verifier: Visitor) -> None:
    """指定的复核人通过一条，退回一条。"""
    verifier.arrives("今天")
    verifier.look("7-verifier-desk")
    verifier.click(f"复核：复核：{FIRST}")
    verifier.arrives(FIRST)
    verifier.click("复核")
    verifier.type("说明", "现场看过记录本")
    verifier.send("复核")
    verifier.sees("已办结")
    verifier.go("工作台")
    verifier.click(f"复核：复核：{SECOND}")
    verifier.click("退回")
    verifier.type("原因", "没有说明提醒由谁发")
    verifier.send("退回")
    verifier.sees("退回 1 次")


def report_again(secretary: Visitor) -> None:
    secretary.go("工作台")
    secretary.sees("退回 1 次")
    secretary.look("8-returned")
    report(secretary, SECOND, "每月 25 日由组织委员在群里提醒")


def verifier_accepts(verifier: Visitor) -> None:
    verifier.go("工作台")
    verifier.click(f"复核：复核：{SECOND}")
    verifier.click("复核")
    verifier.send("复核")
    verifier.sees("已办结")


def close(office: Visitor) -> None:
    """措施都复核了，党办销号。"""
    office.go("工作台")
    office.click("销号：销号：督导单〔2026〕1号")
    office.arrives(TITLE)
    office.click("销号")
    office.send("销号")
    office.sees("已办结")
    office.look("9-closed")


def whole_thread(secretary: Visitor) -> None:
    """每一步是谁、以什么职务、哪天做的，都在“经过”里。"""
    secretary.go("整改")
    secretary.arrives("整改")
    secretary.click(TITLE)
    secretary.sees("孙国维 签发", "周明 签收", "吴纪明 退回第 2 条", "李静 销号")
    secretary.look("10-thread")


@pytest.mark.mechanism("S0-15")
def test_what_is_overdue_is_red_for_the_branch_and_for_the_office(visitor: Come) -> None:
    secretary = visitor("4001", phone=True)
    secretary.go("整改")
    secretary.click("列入工作清单")
    secretary.type("要做什么", "更新科室公开栏")
    secretary.type("期限", "2026-10-16")
    secretary.send("列入工作清单")
    secretary.sees("更新科室公开栏")
    secretary.site.days_later(5)
    secretary.go("工作台")
    secretary.sees("逾期 3 天")
    late = secretary.row("更新科室公开栏").locator(".state-red")
    assert late.count() == 1
    secretary.look("11-overdue-on-the-desk")

    office = visitor("1003")
    office.go("单据")
    office.click("事项")
    office.click("逾期")
    office.sees("更新科室公开栏")
    office.look("12-overdue-lines")
    office.click("更新科室公开栏")
    office.click("起草督导单")
    office.arrives("修改督导单")
