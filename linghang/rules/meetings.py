"""How a single meeting is prepared, chaired and recorded (支部工作条例 第十二条、第十四条、第十六至十八条)."""

from collections.abc import Collection
from datetime import date
from enum import StrEnum
from itertools import combinations

from linghang.rules.clauses import Level, Verdict
from linghang.rules.register import rule

APPRAISAL_STEPS = ("个人自评", "党员互评", "民主测评", "组织评定")


class Chair(StrEnum):
    """Who chairs, by post."""

    SECRETARY = "书记"
    DEPUTY = "副书记"
    COMMITTEE_MEMBER = "委员"
    GROUP_LEADER = "党小组组长"
    OTHER = "其他党员"


def discussed_first(committee_met_on: date | None, meeting_on: date) -> Verdict:
    """R-ZB-11: a weighty matter generally passes the branch committee before the members' meeting (第十二条)."""
    law = rule("R-ZB-11", meeting_on)
    if committee_met_on is None:
        return law.verdict(False, "重要事项提交党员大会前，没有支委会讨论的记录")
    if committee_met_on > meeting_on:
        return law.verdict(False, f"支委会 {committee_met_on} 才讨论，晚于党员大会 {meeting_on}")
    return law.verdict(True, f"支委会已于 {committee_met_on} 讨论")


def chaired(chair: Chair, *, on: date, group: bool = False, entrusted: bool = False) -> Verdict:
    """R-ZB-13: the secretary, or a deputy or committee member so entrusted; a group's meeting its leader (第十四条)."""
    law = rule("R-ZB-13", on)
    if group:
        return law.verdict(chair is Chair.GROUP_LEADER, f"{chair}主持；党小组会由党小组组长召集并主持")
    stand_in = chair in {Chair.DEPUTY, Chair.COMMITTEE_MEMBER}
    if stand_in and not entrusted:
        return law.verdict(False, f"{chair}主持，请注明受书记委托")
    return law.verdict(
        stand_in or chair is Chair.SECRETARY, f"{chair}主持；由书记或受其委托的副书记、委员主持"
    )


def themed_day(fixed_day: int | None, held_on: date) -> Verdict:
    """R-ZB-14: the themed day keeps to much the same day each month; another day wants a word of reason (第十六条)."""
    law = rule("R-ZB-14", held_on)
    if fixed_day is None:
        return law.verdict(False, "尚未固定主题党日，请定下每月的日期", Level.INFO)
    met = held_on.day == fixed_day
    return law.verdict(
        met, f"固定日为每月 {fixed_day} 日，本次 {held_on.day} 日{'' if met else '，请说明原因'}", Level.INFO
    )


def life_meeting_season(held_on: date) -> Verdict:
    """R-ZB-17: the organisational life meeting generally falls in the fourth quarter; otherwise a remark (第十七条)."""
    law = rule("R-ZB-17", held_on)
    return law.verdict(held_on.month >= 10, f"{held_on} 召开；一般安排在第四季度", Level.INFO)


def appraisal_complete(steps: Collection[str], *, on: date) -> Verdict:
    """R-ZB-18: self-appraisal, mutual appraisal, a poll, then the branch's opinion (第十八条)."""
    law = rule("R-ZB-18", on)
    missing = [step for step in APPRAISAL_STEPS if step not in steps]
    if missing:
        return law.verdict(False, f"民主评议还缺：{'、'.join(missing)}")
    return law.verdict(True, "民主评议四步齐全")


Pair = frozenset[str]


def talked(
    committee: Collection[str], members: Collection[str], talks: Collection[Pair], *, on: date
) -> Verdict:
    """R-ZB-19: committee members with one another and with every member, members among themselves, yearly (第十九条).

    Names only; `talks` are the pairs that talked. Of members among themselves each is to have had one.
    """
    law = rule("R-ZB-19", on)
    others = [name for name in members if name not in committee]
    wanted = {frozenset(pair) for pair in combinations(committee, 2)}
    wanted |= {frozenset((leader, other)) for leader in committee for other in others}
    among = [name for name in others if len(others) > 1 and not _talked_with(name, others, talks)]
    missing = len(wanted - set(talks)) + len(among)
    owed = len(wanted) + (len(others) if len(others) > 1 else 0)
    return law.verdict(not missing, f"应谈 {owed} 项，已谈 {owed - missing} 项")


def _talked_with(name: str, others: Collection[str], talks: Collection[Pair]) -> bool:
    return any(name in pair and pair <= set(others) for pair in talks)
