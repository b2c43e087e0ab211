"""The names of the one matter that is followed from end to end, and the walk along its thread, each hop there and back."""

import re

from tests.journeys.visitor import Name, Visitor

AIM, PLAN, TOPIC = "党员驿站、义诊四进", "巡回义诊进社区", "购置移动诊疗车"
PARTY, BUSINESS = "党员轮流参加义诊", "配备移动诊疗车"
ITEM = f"{PLAN}；党建：{PARTY}；业务：{BUSINESS}"
TASK, ROUND, FOUND = "报送巡回义诊党员排班", "巡回义诊落实情况交叉互查", "排班表没有公示"
MEASURE, LATE = f"整改：{FOUND}", "外科党支部"
SECRETARIES = {"内科党支部": "3001", "外科党支部": "4001", "影像党支部": "5001", "机关党支部": "1003"}
REVIEWERS = {"内科党支部": "2001", "影像党支部": "2002", "机关党支部": "1004"}
MONTH_MEETING, SITTING = re.compile("^10-14 .*部署会"), re.compile("^10-16 党委会")
SHEET = re.compile(f"^工作清单.*落实“{TOPIC}”")
ORDER = re.compile(f"^督导单.*{FOUND}")


def hop(person: Visitor, onward: Name, there: Name, back: Name, here: Name) -> None:
    """点过去，点回来，再点过去。"""
    for link, heading in ((onward, there), (back, here), (onward, there)):
        follow(person, link, heading)


def follow(person: Visitor, link: Name, heading: Name) -> None:
    person.click(link, person.page.locator("main"))
    person.arrives(heading)


def whole(words: str) -> re.Pattern[str]:
    """This heading and no longer one."""
    return re.compile(f"^{words}$")


def the_thread_goes_both_ways(person: Visitor) -> None:
    from_the_framework_to_the_topic(person)
    from_the_topic_to_the_sheet(person)
    from_the_sheet_to_the_finding(person)
    from_the_finding_to_the_closed_line(person)


def from_the_framework_to_the_topic(person: Visitor) -> None:
    person.go("部署")
    person.arrives("月度部署")
    follow(person, "战略框架", "战略框架")
    hop(person, re.compile(f"^{AIM}：计划 1 项"), f"{AIM}：计划", "战略框架", whole("战略框架"))
    hop(person, PLAN, whole(PLAN), AIM, f"{AIM}：计划")
    person.look("8-plan")
    hop(person, ITEM, ITEM, PLAN, whole(PLAN))
    hop(person, TOPIC, TOPIC, ITEM, ITEM)
    follow(person, ITEM, ITEM)
    hop(person, MONTH_MEETING, "部署会", ITEM, ITEM)
    hop(person, TOPIC, TOPIC, MONTH_MEETING, "部署会")
    person.look("9-topic-with-its-thread")


def from_the_topic_to_the_sheet(person: Visitor) -> None:
    """议题 ↔ 支部的会、党委会、会议记录、每个支部那一条、那一张单。"""
    opinion = re.compile("^内科党支部 2026-10-14")
    hop(person, opinion, "支部委员会", TOPIC, TOPIC)
    follow(person, TOPIC, TOPIC)
    for _ in "there", "and back":
        person.click(SITTING, person.page.locator("main .columns"))
        person.sees("会议记录")
        follow(person, TOPIC, TOPIC)
    hop(person, SITTING, "党委会", TOPIC, TOPIC)
    person.sees("表决", "委员甲（回避）")
    follow(person, TOPIC, TOPIC)
    for _ in "there", "and back":
        the_line_of_the_late_one(person)
        follow(person, TOPIC, TOPIC)
    the_line_of_the_late_one(person)
    hop(person, SHEET, f"落实“{TOPIC}”", TASK, TASK)
    person.sees("自动催办")
    follow(person, TASK, TASK)


def the_line_of_the_late_one(person: Visitor) -> None:
    person.click(TASK, person.row(LATE))
    person.arrives(TASK)
    person.sees("同一来由")


def from_the_sheet_to_the_finding(person: Visitor) -> None:
    """单上那一条 ↔ 就同一件事安排的检查 ↔ 被查支部 ↔ 查出的问题。"""
    hop(person, ROUND, ROUND, TOPIC, TOPIC)
    hop(person, LATE, whole(LATE), ROUND, ROUND)
    for heading, link in ((TASK, TASK), (ROUND, ROUND), (whole(LATE), LATE)):
        follow(person, link, heading)
    hop(person, FOUND, FOUND, f"{ROUND}：{LATE}", whole(LATE))


def from_the_finding_to_the_closed_line(person: Visitor) -> None:
    """问题 ↔ 督导单 ↔ 措施；谁报、谁退、谁复核、谁销号，都在经过里。"""
    hop(person, MEASURE, MEASURE, FOUND, whole(FOUND))
    person.sees("韩外 上报第 1 条", "吴纪明 退回第 1 条", "吴纪明 复核第 1 条", "1 次，原因见经过")
    person.look("10-closed-line")
    person.click(ORDER, person.page.locator("main"))
    the_order_and_its_finding(person)


def the_order_and_its_finding(person: Visitor) -> None:
    """两页同名：看单是谁下给谁的，问题是哪里发现的。"""
    main, order = person.page.locator("main"), f"医院党委 → {LATE}"
    person.sees(order, "李静 销号")
    for link, words in ((FOUND, "发现 · 交叉互查"), (ORDER, order), (FOUND, "发现 · 交叉互查")):
        person.click(link, main)
        person.sees(words)


def the_secretary_reads_back_to_what_was_found(secretary: Visitor) -> None:
    """被督导的支部在手机上也看得到：单、问题、检查和自己那一条。"""
    secretary.go("整改")
    secretary.arrives("整改")
    secretary.click(FOUND)
    secretary.sees(f"医院党委 → {LATE}", "吴纪明 退回")
    the_order_and_its_finding(secretary)
    secretary.look("11-finding-on-the-phone")
    follow(secretary, f"{ROUND}：{LATE}", whole(LATE))
    follow(secretary, TASK, TASK)


def the_meeting_says_what_became_of_it(leader: Visitor) -> None:
    """党委书记打开当月的部署会：议的事项下达几条、办结几条、逾期几条，议题和检查都点得开。"""
    leader.go("部署")
    leader.arrives("月度部署")
    follow(leader, "2026 年 10 月", "2026 年 10 月部署")
    follow(leader, "看会议记录", "部署会")
    row, count = leader.row(ITEM), len(SECRETARIES)
    leader.sees(f"{count} 条", ROUND, TOPIC, inside=row)
    told = row.locator("td[data-label=单据事项]").inner_text().replace(" ", "")
    assert told == f"下达{count}条，办结{count}条", told
    leader.look("12-what-became-of-it")
    leader.click(ROUND, row)
    leader.arrives(ROUND)
