"""一个支部的一个月：12 次活动、10 条事项，组织委员用手机记，书记点一下确认。数一数要打几次字。"""

import re
from collections.abc import Callable
from typing import Any

from tests.journeys.tally import Tally
from tests.journeys.visitor import Visitor

Come = Callable[..., Visitor]
Act = Callable[[Visitor, Visitor], None]
SCENES = ("year", "habits")
MOST, WISHED = 60, 40
ACTIVITIES, LINES, OWN = 12, 10, 3
STUDY = "学习党的二十届四中全会精神"


def test_a_month_of_a_branch_is_little_typing(visitor: Come, site: Any) -> None:
    site.days_later(19)  # Monday, 2 November
    site.play("november")
    organiser, secretary = visitor("3002", phone=True), visitor("3001", phone=True)
    tally = Tally()
    for one in (organiser, secretary):
        tally.watch(one)
    for days, acts in MONTH:
        site.days_later(days)
        for act in acts:
            act(organiser, secretary)
    everything_is_there(secretary, visitor("2001"))
    print(f"\n一个月 {ACTIVITIES} 次活动、{LINES} 条事项，打字 {len(tally.written)} 处：\n{tally}")
    assert len(tally.written) == tally.by_hand, f"数漏了，实际写了 {tally.by_hand} 处：\n{tally}"
    assert len(tally.written) <= WISHED <= MOST, f"一个月要打字 {len(tally.written)} 处：\n{tally}"
    assert not tally.twice, f"同样的话打了两遍：{tally.twice}\n{tally}"


# 安排 -------------------------------------------------------------------------------------------------------------------


def plan_what_is_left_of_the_year(organiser: Visitor, secretary: Visitor) -> None:
    """日期按频次和往常的日子排好，时间地点照上次；只把党员大会提前到十一月。"""
    organiser.go("组织生活")
    organiser.click("年度安排")
    organiser.click("2026 年")
    organiser.arrives("2026 年安排")
    assembly = organiser.row("支部党员大会")
    organiser.type(re.compile(r"第 \d+ 行日期"), "2026-11-20", assembly)
    organiser.look("1-year")
    organiser.click(re.compile("安排勾选的"))
    organiser.arrives("日历")
    organiser.sees("2026 年 11 月", "内科示教室")
    organiser.look("2-calendar")


def prepare_themed_day(organiser: Visitor, secretary: Visitor) -> None:
    """主题和学习内容会前写一次，印在议程上，记录时不再写。"""
    open_plan(organiser, "主题党日")
    organiser.click("修改安排")
    organiser.arrives("修改安排")
    organiser.type("主题", "以案为镜守初心")
    organiser.type("第一议题", STUDY)
    organiser.look("3-plan")
    organiser.send("修改安排")
    organiser.sees(STUDY)


def prepare_assembly(organiser: Visitor, secretary: Visitor) -> None:
    """学过的内容从单子里选。"""
    open_plan(organiser, "支部党员大会")
    organiser.click("修改安排")
    organiser.arrives("修改安排")
    organiser.pick("地点", "内科示教室")
    organiser.pick("第一议题", STUDY)
    organiser.type("其他议题", "推荐年度优秀党员")
    organiser.send("修改安排")
    organiser.sees("内科示教室", "推荐年度优秀党员")


def open_plan(organiser: Visitor, kind: str) -> None:
    """安排好的会，在日历里。"""
    organiser.go("组织生活")
    organiser.click("日历")
    organiser.arrives("日历")
    organiser.click(re.compile(kind), organiser.page.locator("main"))
    organiser.arrives(kind)


# 开过记一次 -------------------------------------------------------------------------------------------------------------


def take_down(organiser: Visitor, kind: str) -> None:
    """从工作台打开今天的会，点记录。"""
    organiser.go("工作台")
    organiser.arrives("今天")
    organiser.click(re.compile(f"^看安排：.*{kind}"))
    organiser.arrives(kind)
    organiser.click("记录")
    organiser.arrives("记一次")


def saved(organiser: Visitor, answered: str = "") -> None:
    """交给书记；要求开会的那条事项随会上报。"""
    if answered:
        organiser.sees("随这次会上报", answered)
    organiser.click("保存")
    organiser.sees("并上报 1 条事项，等书记确认" if answered else "等书记确认")


def board(organiser: Visitor, secretary: Visitor) -> None:
    take_down(organiser, "支部委员会")
    organiser.type("议定事项", "修订支部学习制度（王蕾，11-25前）\n走访退休老党员（周明，11-27前）")
    organiser.look("4-board")
    saved(organiser, "召开支委会研究年底工作")


def group(organiser: Visitor, secretary: Visitor) -> None:
    take_down(organiser, "党小组会")
    away(organiser, "钱总", "值班")
    organiser.type("议定事项", "推荐新晓参加技能比武")
    saved(organiser)


def themed_day(organiser: Visitor, secretary: Visitor) -> None:
    """党课在主题党日里上，一会多用：勾一下。"""
    take_down(organiser, "主题党日")
    away(organiser, "何员", "请假")
    organiser.unfold("更多：一会多用")
    organiser.tick("党课", organiser.page.get_by_role("group", name="同时作为"))
    organiser.type("议定事项", "每人写一条廉洁承诺")
    organiser.look("5-themed-day")
    saved(organiser, "开展“以案促改”主题党日")
    organiser.sees("主题党日（兼党课）")


def assembly(organiser: Visitor, secretary: Visitor) -> None:
    """表决内容从议题里选，只填票数。"""
    take_down(organiser, "支部党员大会")
    away(organiser, "林小满", "外出")
    organiser.type("议定事项", "年度优秀党员推荐周明、何员")
    saved(organiser)
    organiser.click("登记表决")
    organiser.arrives("登记表决")
    organiser.choose("议题", "推荐年度优秀党员")
    organiser.type("赞成", "4")
    organiser.send("登记")
    organiser.sees("赞成 4 票")


def warning(organiser: Visitor, secretary: Visitor) -> None:
    unplanned(organiser, "警示教育")
    organiser.type("主题", "观看医药领域典型案例片")
    saved(organiser, "开展一次警示教育")


def study(organiser: Visitor, secretary: Visitor) -> None:
    unplanned(organiser, "理论学习")
    organiser.pick("第一议题（学习内容）", STUDY)
    saved(organiser, "组织理论学习，学习全会精神")


def clinic(organiser: Visitor, secretary: Visitor) -> None:
    unplanned(organiser, "义诊")
    away(organiser, "钱总", "值班")
    organiser.type("主题", "青山社区义诊，看诊 86 人")
    saved(organiser, "开展一次义诊")


def unplanned(organiser: Visitor, kind: str) -> None:
    """没有安排过的，开过直接记；日期就是今天。"""
    organiser.go("记一次")
    organiser.arrives("记一次")
    if kind in ("警示教育", "义诊"):
        organiser.unfold("其他类别")
    organiser.tick(kind)
    organiser.sees("没来的（应到 6 人）")


def away(organiser: Visitor, name: str, why: str) -> None:
    """到会的不用点。"""
    organiser.tick(name)
    organiser.choose(f"{name}缺席原因", why)


def speak(kind: str, title: str) -> Act:
    """轮到谁由系统排，讲什么写一句。"""

    def act(organiser: Visitor, secretary: Visitor) -> None:
        organiser.go("组织生活")
        organiser.click("轮讲与谈心")
        organiser.click(kind)
        organiser.arrives("轮讲与谈心")
        organiser.type("讲什么", title)
        organiser.send("登记")
        organiser.sees("已记录", title)

    return act


def talk(one: str, other: str) -> Act:
    """只记日期和双方：一个字不打。"""

    def act(organiser: Visitor, secretary: Visitor) -> None:
        organiser.go("组织生活")
        organiser.click("轮讲与谈心")
        organiser.click("谈心谈话")
        organiser.choose("谁谈", one)
        organiser.choose("与谁谈", other)
        organiser.send("登记")
        organiser.sees("已记录")

    return act


# 书记 -------------------------------------------------------------------------------------------------------------------


def confirmed(organiser: Visitor, secretary: Visitor) -> None:
    """书记把等着的会和上报逐件看过，各点一下。"""
    waiting = re.compile(r"^(看记录：请确认|确认：)")
    secretary.go("工作台")
    secretary.arrives("今天")
    while secretary.offers(waiting):
        secretary.click(waiting)
        secretary.click("确认", secretary.page.locator("main"))
        secretary.sees(re.compile("已确认|待审核"))
        secretary.go("工作台")
        secretary.arrives("今天")


def list_resolutions(organiser: Visitor, secretary: Visitor) -> None:
    """会上议定的两项列入工作清单：事项、责任人、期限都从决议带来。"""
    for text in ("修订支部学习制度", "走访退休老党员"):
        secretary.go("组织生活")
        secretary.click(re.compile("支部委员会"), secretary.page.locator("main table"))
        secretary.click("列入工作清单", secretary.row(text))
        secretary.arrives("列入工作清单")
        secretary.send("列入工作清单")
        secretary.sees(text)


def own_line(organiser: Visitor, secretary: Visitor) -> None:
    """书记自己想起的一件，写一句、定个日子。"""
    secretary.click("列入工作清单")
    secretary.arrives("列入工作清单")
    secretary.type("要做什么", "慰问援外队员家属")
    secretary.type("期限", "2026-11-26")
    secretary.choose("责任人", "王蕾")
    secretary.send("列入工作清单")
    secretary.sees("慰问援外队员家属")


def reports(text: str, result: str, *, who: str = "3002") -> Act:
    """办完写一句。"""

    def act(organiser: Visitor, secretary: Visitor) -> None:
        one = organiser if who == "3002" else secretary
        one.go("工作台")
        one.arrives("今天")
        if one.offers(f"上报：{text}"):
            one.click(f"上报：{text}")
            one.arrives(text)
            one.click("上报")
        else:
            one.click(re.compile("^去上报："))
            one.click("上报", one.row(text))
        one.type("办理情况", result)
        one.send("上报")
        one.sees(result)

    return act


def everything_is_there(secretary: Visitor, general: Visitor) -> None:
    """这个月 12 次活动都已确认；10 条事项总支一次审完，支部自己列的 3 条也就办结。"""
    general.go("组织生活")
    general.choose(re.compile("^月份"), "2026 年 11 月")
    general.sees(f"共 {ACTIVITIES} 条")
    assert general.page.locator("tbody").get_by_text("已确认").count() == ACTIVITIES
    general.look("9-activities")
    general.go("工作台")
    general.click(f"审核：审核 {LINES} 条上报")
    general.tick("全选本页")
    general.look("10-lines")
    general.click("审核所选")
    general.sees(f"已审核 {LINES} 条")
    secretary.go("整改")
    secretary.click("工作清单")
    secretary.click("2026 年 11 月工作清单")
    secretary.sees(f"{OWN} 条，完成 {OWN}")
    secretary.look("11-worklist")


MONTH: tuple[tuple[int, tuple[Act, ...]], ...] = (
    (0, (plan_what_is_left_of_the_year, prepare_themed_day)),
    (1, (speak("微党课", "入党为什么"),)),
    (6, (board, confirmed, list_resolutions, own_line, prepare_assembly)),
    (3, (group, talk("王蕾", "何员"))),
    (1, (themed_day, confirmed)),
    (4, (warning, reports("核对党员基本信息", "在册 6 人逐一核对，无变动"), confirmed)),
    (1, (speak("微讲座", "胸痛病人的五分钟"),)),
    (2, (assembly, confirmed)),
    (3, (study, reports("修订支部学习制度", "改后的制度已发支部群"), confirmed)),
    (2, (clinic,)),
    (1, (speak("微党课", "病房里的先锋"), reports("慰问援外队员家属", "上门看望，帮忙换了水管"))),
    (
        1,
        (
            talk("周明", "林小满"),
            reports("走访退休老党员", "走访 2 户，带去慰问信", who="3001"),
            reports("报送明年发展党员计划", "拟发展 1 人，已报党办", who="3001"),
            confirmed,
        ),
    ),
)
