"""Medical ethics, penalties and integrity: R-YD-01 … 04, R-JL-01 … 05, R-LJ-01 … 05."""

from linghang.rules.clauses import Basis, Confidence, Level, Parameter, Regulation, Rule, Share, Strict
from linghang.rules.periods import Kind
from linghang.rules.texts.branch import every
from linghang.rules.texts.regulations import (
    DISCIPLINE,
    DISCIPLINE_2015,
    DISCIPLINE_2018,
    ETHICS,
    INSTITUTION_STAFF,
    INTEGRITY,
    PHYSICIANS,
    PUBLIC_OFFICIALS,
    RISK_GUIDE,
    SUPERVISION,
)

_HIGH, _FAIR, _MEDIUM = Confidence.HIGH, Confidence.FAIR, Confidence.MEDIUM
_BLOCK, _WARN, _REMIND, _INFO = Level.BLOCK, Level.WARN, Level.REMIND, Level.INFO
_MAX, _FIXED = Strict.MAX, Strict.FIXED


def _months(name: str, label: str, months: int) -> Parameter:
    return Parameter(name, f"{label}月数", months, _FIXED)


_OLD = "旧版条例，期限待核，只用于历史档案"


def _penalties(edition: Regulation, version: int, note: str = "") -> tuple[Rule, Rule]:
    """How long the Party's penalties weigh, as one edition has it."""
    weight = edition.rule(
        "R-JL-01",
        "党纪处分影响期",
        "总则第二章",
        _BLOCK,
        _MEDIUM if note else _FAIR,
        _months("warning", "警告影响期", 12),
        _months("serious_warning", "严重警告影响期", 18),
        _months("removal", "撤销党内职务影响期", 24),
        _months("after_probation", "留党察看恢复权利后的影响期", 24),
        _months("expulsion", "开除党籍后不得重新入党", 60),
        version=version,
        note=note,
    )
    said = note or "自处分决定生效之日起算，期满自动解除限制"
    span = edition.rule(
        "R-JL-02", "影响期的起算和届满", "总则第二章", _INFO, _MEDIUM, version=version, note=said
    )
    return weight, span


RULES: tuple[Rule, ...] = (
    ETHICS.rule(
        "R-YD-01",
        "医德考评等次",
        "考评办法",
        _WARN,
        _FAIR,
        note="优秀、良好、一般、较差四档，每年一次，入医德档案",
    ),
    ETHICS.rule(
        "R-YD-02",
        "医德考评优秀比例",
        "考评办法",
        _WARN,
        _MEDIUM,
        Parameter("usual", "优秀一般比例", Share.parse(">=1/10"), _MAX),
        Parameter("most", "优秀最高比例", Share.parse(">=3/20"), _MAX),
        note="未读到原文，比例可由院内规定收紧",
    ),
    ETHICS.rule("R-YD-03", "医德考评较差的情形", "考评标准", _WARN, _MEDIUM),
    PHYSICIANS.rule(
        "R-YD-04", "医师定期考核", "第四十二条", _INFO, _FAIR, Parameter("years", "考核周期年数", 3, _FIXED)
    ),
    *_penalties(DISCIPLINE_2015, 1, _OLD),
    *_penalties(DISCIPLINE_2018, 2, _OLD),
    *_penalties(DISCIPLINE, 3),
    PUBLIC_OFFICIALS.rule(
        "R-JL-03",
        "政务处分期",
        "第八条、第十五条",
        _BLOCK,
        _HIGH,
        _months("warning", "警告", 6),
        _months("demerit", "记过", 12),
        _months("serious_demerit", "记大过", 18),
        _months("demotion", "降级", 24),
        _months("dismissal", "撤职", 24),
        _months("longest", "合并最长", 48),
    ),
    SUPERVISION.rule(
        "R-JL-04", "监察对象", "第十五条", _INFO, _HIGH, note="公办医疗卫生单位中从事管理的人员"
    ),
    INSTITUTION_STAFF.rule(
        "R-JL-05",
        "事业单位处分期",
        "处分的种类和适用",
        _BLOCK,
        _MEDIUM,
        _months("warning", "警告", 6),
        _months("demerit", "记过", 12),
        _months("demotion", "降低岗位等级", 24),
    ),
    RISK_GUIDE.rule(
        "R-LJ-01",
        "廉洁风险点分级和复评",
        "分级管理",
        _REMIND,
        _FAIR,
        Parameter("review_months", "复评周期月数", 12),
        basis=Basis.HOSPITAL,
    ),
    INTEGRITY.rule("R-LJ-02", "廉政网格", "网格", _WARN, _HIGH, basis=Basis.HOSPITAL),
    INTEGRITY.rule(
        "R-LJ-03",
        "网格员培训",
        "网格",
        _REMIND,
        _HIGH,
        *every(Kind.QUARTER, strict=False),
        basis=Basis.HOSPITAL,
    ),
    INTEGRITY.rule("R-LJ-04", "立项与采购分开", "采购", _WARN, _HIGH, basis=Basis.HOSPITAL),
    INTEGRITY.rule(
        "R-LJ-05",
        "廉洁谈话和承诺",
        "谈话与承诺",
        _REMIND,
        _HIGH,
        *every(Kind.YEAR, strict=False),
        basis=Basis.HOSPITAL,
    ),
)
