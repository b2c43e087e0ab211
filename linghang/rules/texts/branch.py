"""《中国共产党支部工作条例（试行）》, in force since 2018-10-28: the rules R-ZB-01 … 29."""

from linghang.rules.clauses import Basis, Confidence, Level, Parameter, Rule, Strict
from linghang.rules.periods import Kind
from linghang.rules.texts.regulations import BRANCH

_HIGH, _FAIR, _MEDIUM = Confidence.HIGH, Confidence.FAIR, Confidence.MEDIUM
_BLOCK, _WARN, _REMIND, _INFO = Level.BLOCK, Level.WARN, Level.REMIND, Level.INFO
_MIN, _MAX, _FREE, _FIXED = Strict.MIN, Strict.MAX, Strict.FREE, Strict.FIXED


def _zb(
    number: int,
    name: str,
    article: str,
    level: Level,
    confidence: Confidence,
    *parameters: Parameter,
    basis: Basis = Basis.PARTY,
    note: str = "",
) -> Rule:
    code, where = f"R-ZB-{number:02}", f"第{article}条"
    return BRANCH.rule(code, name, where, level, confidence, *parameters, basis=basis, note=note)


def every(kind: Kind, times: int = 1, strict: bool = True) -> tuple[Parameter, Parameter]:
    """The two parameters of a recurring duty: so often in each period; a hospital may only ask for more."""
    lengths = tuple(int(each) for each in Kind)
    return (
        Parameter("period_months", "每期月数", int(kind), _MAX if strict else _FREE, lengths),
        Parameter("times_per_period", "每期次数", times, _MIN if strict else _FREE),
    )


_GRACE = Parameter("grace_months", "年后可补的月数", 3)

RULES: tuple[Rule, ...] = (
    _zb(1, "应建党支部", "四", _WARN, _HIGH, Parameter("min_members", "应建支部的正式党员数", 3, _MAX)),
    _zb(2, "支部人数", "四", _WARN, _HIGH, Parameter("max_members", "支部党员数", 50, _MAX)),
    _zb(3, "联合支部覆盖单位", "五", _WARN, _HIGH, Parameter("max_units", "联合支部覆盖单位数", 5, _MAX)),
    _zb(4, "项目支部", "五", _REMIND, _HIGH, Parameter("project_months", "应建支部的项目月数", 6, _MAX)),
    _zb(5, "成立批复期限", "六", _WARN, _FAIR, Parameter("reply_months", "批复月数", 1, _MAX)),
    _zb(6, "临时党支部的批准", "八", _BLOCK, _FAIR),
    _zb(7, "临时党支部不办的事项", "八", _BLOCK, _FAIR),
    _zb(8, "临时党支部自然撤销", "八", _INFO, _FAIR),
    _zb(9, "党员大会", "十一", _WARN, _HIGH, *every(Kind.QUARTER)),
    _zb(10, "支部委员会会议", "十二", _WARN, _HIGH, *every(Kind.MONTH)),
    _zb(11, "重要事项先经支委会", "十二", _WARN, _FAIR),
    _zb(12, "党小组会", "十三", _WARN, _HIGH, *every(Kind.MONTH)),
    _zb(13, "会议主持人", "十四", _WARN, _FAIR),
    _zb(14, "主题党日", "十六", _WARN, _FAIR, *every(Kind.MONTH)),
    _zb(15, "党委书记讲党课", "十六", _REMIND, _FAIR, *every(Kind.YEAR)),
    _zb(
        16,
        "党课",
        "十六",
        _INFO,
        _FAIR,
        *every(Kind.QUARTER, strict=False),
        basis=Basis.HOSPITAL,
        note="条例只要求按期上党课，未定频次；每季度一次是院内规定",
    ),
    _zb(17, "组织生活会", "十七", _WARN, _FAIR, *every(Kind.YEAR), _GRACE, note="一般安排在第四季度"),
    _zb(18, "民主评议党员", "十八", _WARN, _HIGH, *every(Kind.YEAR), _GRACE),
    _zb(19, "谈心谈话", "十九", _WARN, _FAIR, *every(Kind.YEAR)),
    _zb(
        20,
        "应设支部委员会",
        "二十",
        _WARN,
        _HIGH,
        Parameter("min_members", "应设支委会的正式党员数", 7, _MAX),
    ),
    _zb(
        21,
        "支部委员会人数",
        "二十",
        _BLOCK,
        _HIGH,
        Parameter("min_size", "支委最少人数", 3, _MIN),
        Parameter("usual_size", "支委通常人数上限", 5, _MAX),
        Parameter("max_size", "支委最多人数", 7, _MAX),
    ),
    _zb(22, "不设支委会的书记副书记", "二十", _WARN, _HIGH),
    _zb(23, "支部委员分工", "二十", _WARN, _HIGH),
    _zb(24, "支部任期", "二十一", _REMIND, _HIGH, Parameter("branch_years", "支部任期年数", 3, _FIXED)),
    _zb(
        25,
        "支部换届提醒与延期",
        "二十一",
        _REMIND,
        _HIGH,
        Parameter("remind_months", "提前提醒月数", 6, _MIN),
        Parameter("shift_months", "延期或提前月数", 12, _MAX),
    ),
    _zb(26, "空缺补选", "二十一", _REMIND, _FAIR),
    _zb(
        27,
        "书记党龄",
        "二十三",
        _WARN,
        _MEDIUM,
        Parameter("min_years", "书记党龄年数", 1, _MIN),
        note="条号待核",
    ),
    _zb(28, "书记集中轮训", "二十五", _REMIND, _MEDIUM, *every(Kind.YEAR), note="条号待核"),
    _zb(29, "党小组长产生方式", "十三", _INFO, _FAIR),
)
