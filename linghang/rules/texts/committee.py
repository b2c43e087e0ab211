"""Duties of the Party committee itself: R-DW-01 … 07, which a hospital follows by reference."""

from linghang.rules.clauses import Basis, Confidence, Level, Parameter, Regulation, Rule
from linghang.rules.periods import Kind
from linghang.rules.texts.branch import every
from linghang.rules.texts.regulations import (
    APPRAISAL,
    HOSPITAL,
    IDEOLOGY,
    LEADERS_MEETING,
    MAIN_DUTY,
    STUDY_GROUP,
)


def _dw(
    number: int,
    name: str,
    regulation: Regulation,
    confidence: Confidence,
    *parameters: Parameter,
    basis: Basis = Basis.PARTY,
    note: str = "",
) -> Rule:
    code, article = f"R-DW-{number:02}", "（条号待核）"
    return regulation.rule(code, name, article, Level.REMIND, confidence, *parameters, basis=basis, note=note)


_FAIR, _MEDIUM = Confidence.FAIR, Confidence.MEDIUM
_GRACE = Parameter("grace_months", "年后可补的月数", 3)

RULES: tuple[Rule, ...] = (
    _dw(1, "专题研究全面从严治党", MAIN_DUTY, _FAIR, *every(Kind.HALF)),
    _dw(2, "中心组集体学习研讨", STUDY_GROUP, _FAIR, *every(Kind.QUARTER)),
    _dw(3, "专题研究意识形态工作", IDEOLOGY, _MEDIUM, *every(Kind.YEAR, 2)),
    _dw(4, "领导班子民主生活会", LEADERS_MEETING, _FAIR, *every(Kind.YEAR), _GRACE),
    _dw(5, "书记抓党建述职评议", APPRAISAL, _FAIR, *every(Kind.YEAR), _GRACE),
    _dw(
        6,
        "党委会频次",
        HOSPITAL,
        _MEDIUM,
        *every(Kind.MONTH, strict=False),
        basis=Basis.HOSPITAL,
        note="频次由院内规定",
    ),
    _dw(
        7,
        "书记院长不直接分管人财物",
        HOSPITAL,
        Confidence.LOW,
        basis=Basis.HOSPITAL,
        note="见于个别医院的规定，核实前默认关闭",
    ),
)
