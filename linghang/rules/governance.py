"""How a hospital is led and watched (公立医院党建意见, 三级医院评审标准, 院内规定): who decides, who may not be who."""

from collections.abc import Collection
from datetime import date

from linghang.rules.clauses import Verdict
from linghang.rules.deadlines import kept
from linghang.rules.register import check_override, rule

MONEY_AND_PEOPLE = ("人事", "财务", "基建", "采购")


def decided_by(meeting: str, *, on: date) -> Verdict:
    """R-GY-02: 三重一大 is decided by the Party committee together, never by a joint conference instead."""
    law = rule("R-GY-02", on)
    return law.verdict(meeting == "党委会", f"由{meeting}讨论；三重一大须经党委会集体讨论决定")


def heads_apart(secretary: str, president: str, discipline_secretary: str, *, on: date) -> Verdict:
    """R-GY-03: a tertiary hospital has a secretary and a president, and a secretary for discipline."""
    law = rule("R-GY-03", on)
    missing = [] if secretary and secretary != president else ["书记、院长没有分设"]
    missing += [] if discipline_secretary else ["没有纪委书记"]
    return law.verdict(not missing, "；".join(missing) or "书记、院长分设，有纪委书记")


def agreed_before(secretary_on: date | None, president_on: date | None, meeting_on: date) -> Verdict:
    """R-GY-04: secretary and president agree on a topic before it comes to the meeting (会前双签)."""
    law = rule("R-GY-04", meeting_on)
    signed = {"书记": secretary_on, "院长": president_on}
    missing = [who for who, day in signed.items() if day is None or day > meeting_on]
    return law.verdict(
        not missing, f"上会前{'、'.join(missing)}没有签字" if missing else "书记、院长会前意见一致"
    )


def secretary_heads_a_unit(is_head: bool, *, on: date) -> Verdict:
    """R-GY-05: a branch secretary is generally the head of a department and a Party member."""
    law = rule("R-GY-05", on)
    return law.verdict(is_head, f"支部书记{'' if is_head else '不'}是内设机构负责人")


def branch_heard(opinion_on: date | None, decided_on: date) -> Verdict:
    """R-GY-06: the branch is heard on a department's weighty matters before they are decided."""
    law = rule("R-GY-06", decided_on)
    met = opinion_on is not None and opinion_on <= decided_on
    return law.verdict(met, f"支部意见 {opinion_on}" if met else "决定之前没有支部意见")


def first_topic(kinds: Collection[str], *, on: date) -> Verdict:
    """R-GY-09: a meeting opens with 第一议题; `kinds` are the topics in their order."""
    law = rule("R-GY-09", on)
    met = next(iter(kinds), "") == "第一议题"
    return law.verdict(met, "会议从第一议题开始" if met else "议程第一项不是第一议题")


def office_span(years: int, *, on: date) -> Verdict:
    """R-LD-01: a leader's term is three to five years; the source is still to be checked, so it is off by default."""
    law = rule("R-LD-01", on)
    settings = check_override(law, None)
    least, most = settings.number("least_years"), settings.number("most_years")
    return law.verdict(least <= years <= most, f"任期 {years} 年，应为 {least} 至 {most} 年")


def charge_of(portfolios: Collection[str], *, on: date) -> Verdict:
    """R-DW-07: secretary and president generally do not themselves run personnel, finance, building and purchasing."""
    law = rule("R-DW-07", on)
    held = [each for each in MONEY_AND_PEOPLE if each in portfolios]
    return law.verdict(not held, f"直接分管{'、'.join(held)}" if held else "不直接分管人财物")


def review_of_risk(level: str, last_on: date, today: date) -> Verdict:
    """R-LJ-01: a risk point has one of three levels and is looked at again within its period."""
    if level not in ("高", "中", "低"):
        raise ValueError("风险等级只有高、中、低")
    return kept("R-LJ-01", "review_months", last_on, None, today=today)


def grid(levels: Collection[str], has_groups: bool, *, on: date) -> Verdict:
    """R-LJ-02: the grid reaches from the discipline secretary over the branch's member to the group leader."""
    law = rule("R-LJ-02", on)
    wanted = ["纪委书记", "纪工委委员", "支部纪检委员", *(["党小组长"] if has_groups else [])]
    missing = [level for level in wanted if level not in levels]
    return law.verdict(not missing, f"网格缺{'、'.join(missing)}" if missing else "网格各级齐备")


def buying_apart(proposer: str, buyer: str, *, on: date) -> Verdict:
    """R-LJ-04: the department that proposes a project is not the one that buys."""
    law = rule("R-LJ-04", on)
    return law.verdict(proposer != buyer, f"立项部门{proposer}，采购部门{buyer}")


def closed_by_another(rectifier: str, closer: str, *, on: date) -> Verdict:
    """R-XC-01: what was put right is closed by somebody who did not do it."""
    law = rule("R-XC-01", on)
    return law.verdict(rectifier != closer, f"整改人{rectifier}，销号人{closer}")


def returnable(ruled: bool, *, on: date) -> Verdict:
    """R-RX-03: a hotline ticket that was ruled upon may not be returned again (第二十二条)."""
    law = rule("R-RX-03", on)
    return law.verdict(not ruled, "已经裁定，不得再退" if ruled else "尚未裁定，可以退回")
