"""Which function judges which rule, and why no machine judges the others; what docs and command line are made from."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from linghang.rules import (
    branch,
    deadlines,
    development,
    dues,
    elections,
    electorate,
    ethics,
    frequency,
    governance,
    meetings,
    membership,
    penalties,
    study,
    terms,
    voting,
)
from linghang.rules.clauses import Rule
from linghang.rules.dossier import Step
from linghang.rules.duties import STATUTORY
from linghang.rules.register import versions

Judge = Callable[..., Any]

_JUDGES: dict[str, Judge] = {
    "R-ZB-01": branch.has_branch,
    "R-ZB-02": branch.size,
    "R-ZB-03": branch.joint_units,
    "R-ZB-04": branch.project_branch,
    "R-ZB-05": deadlines.kept,
    "R-ZB-06": branch.temporary,
    "R-ZB-07": branch.temporary_may,
    "R-ZB-08": branch.temporary_stands,
    "R-ZB-11": meetings.discussed_first,
    "R-ZB-13": meetings.chaired,
    "R-ZB-19": meetings.talked,
    "R-ZB-20": branch.has_committee,
    "R-ZB-21": branch.committee_size,
    "R-ZB-22": branch.officers,
    "R-ZB-23": branch.committee_duties,
    "R-ZB-24": terms.term,
    "R-ZB-25": terms.election_day,
    "R-ZB-26": branch.vacancy,
    "R-ZB-27": branch.secretary_seniority,
    "R-ZB-29": branch.group_leader,
    "R-XJ-01": terms.election_day,
    "R-XJ-02": elections.delegates_allowed,
    "R-XJ-03": electorate.base,
    "R-XJ-04": voting.nomination,
    "R-XJ-05": elections.delegates,
    "R-XJ-06": voting.election,
    "R-XJ-07": voting.election,
    "R-XJ-08": voting.ballots_valid,
    "R-XJ-09": voting.election,
    "R-XJ-10": elections.may_reduce,
    "R-XJ-11": elections.reported,
    "R-XJ-12": terms.term,
    "R-BJ-01": voting.resolution,
    "R-BJ-02": voting.admission,
    "R-BJ-03": voting.confirmation,
    "R-BJ-04": voting.branch_committee,
    "R-BJ-05": voting.party_committee,
    "R-BJ-06": voting.party_committee_cadres,
    "R-BJ-07": electorate.base,
    "R-BJ-08": voting.contest,
    **{step.code: development.judge for step in Step},
    "R-JY-01": study.hours,
    "R-JY-02": study.leader_hours,
    "R-JY-03": study.early_courses,
    "R-JY-04": membership.away,
    "R-JY-05": membership.lost,
    "R-JY-06": membership.abroad,
    "R-JY-07": membership.correction,
    "R-JY-08": membership.absent,
    "R-JY-09": membership.contacted,
    "R-JY-10": membership.absent,
    "R-DF-01": dues.monthly,
    "R-DF-02": dues.monthly,
    "R-DF-03": dues.monthly,
    "R-DF-04": dues.first_month,
    "R-DF-05": dues.back_payment,
    "R-DF-06": dues.settled,
    "R-DZ-01": voting.resolution,
    "R-DZ-02": terms.term,
    "R-DZ-03": penalties.permits,
    "R-DW-07": governance.charge_of,
    "R-GY-02": governance.decided_by,
    "R-GY-03": governance.heads_apart,
    "R-GY-04": governance.agreed_before,
    "R-GY-05": governance.secretary_heads_a_unit,
    "R-GY-06": governance.branch_heard,
    "R-GY-09": governance.first_topic,
    "R-LD-01": governance.office_span,
    "R-YD-01": ethics.graded,
    "R-YD-02": ethics.excellent,
    "R-YD-03": ethics.poor,
    "R-YD-04": ethics.appraisal_cycle,
    "R-JL-01": penalties.weight,
    "R-JL-02": penalties.weight,
    "R-JL-03": penalties.weight,
    "R-JL-05": penalties.weight,
    "R-LJ-01": governance.review_of_risk,
    "R-LJ-02": governance.grid,
    "R-LJ-04": governance.buying_apart,
    "R-TS-02": deadlines.kept,
    "R-TS-03": deadlines.kept,
    "R-RX-02": deadlines.kept,
    "R-RX-03": governance.returnable,
    "R-XF-01": deadlines.kept,
    "R-XF-02": deadlines.kept,
    "R-XF-03": deadlines.kept,
    "R-XF-04": deadlines.kept,
    "R-XC-01": governance.closed_by_another,
}
JUDGES: Mapping[str, Judge] = MappingProxyType(_JUDGES)

UNJUDGED: Mapping[str, str] = MappingProxyType(
    {
        "R-ZB-28": "记录里没有轮训由哪一级举办；集中培训次数按 R-JY-02 判",
        "R-JY-11": "对工作方式的要求，没有可数的事实",
        "R-DZ-04": "统计口径，用作分类，不下结论",
        "R-GY-01": "写在章程里，由人核对文本",
        "R-GY-07": "没有可判的界限，只统计进展",
        "R-GY-08": "比例无法核实，作为参数由医院自定，默认不判",
        "R-LD-02": "来源未核，作为参数，默认不判",
        "R-LJ-03": "网格员名单和培训到课由人掌握，频次作为参数",
        "R-LJ-05": "廉洁谈话只登记日期和对象，对象是否齐全由人核对，频次作为参数",
        "R-JL-04": "对象的范围，不判对错",
        "R-TS-01": "办理方式，由流程保证",
        "R-RX-01": "时限由地方定，作为参数",
        "R-RX-04": "行业惯例，来源置信低，作为参数，默认不判",
        "R-XF-05": "检举材料不进本系统",
    }
)


def judge_of(law: Rule) -> Judge | None:
    """The function that judges a rule, or None where no machine does."""
    if law.code in JUDGES:
        return JUDGES[law.code]
    return frequency.standings if law.code in STATUTORY else None


def how(code: str) -> str:
    """In what way a rule is in force here: judged, or why it is not. Raises LookupError for an unknown rule."""
    judge = judge_of(versions(code)[-1])
    if judge is not None:
        return f"{judge.__module__.removeprefix('linghang.')}.{judge.__name__}"
    return f"不由系统判定：{UNJUDGED[code]}"
