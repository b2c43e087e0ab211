"""Party leadership of a public hospital and its leaders: R-GY-01 … 09, R-LD-01 … 02."""

from linghang.rules.clauses import Basis, Confidence, Level, Parameter, Rule, Strict
from linghang.rules.texts.regulations import ACCREDITATION, HOSPITAL, HOSPITAL_PARTY, LEADERS, LEADERS_2017

_HIGH, _FAIR, _LOW = Confidence.HIGH, Confidence.FAIR, Confidence.LOW
_WARN, _REMIND, _INFO = Level.WARN, Level.REMIND, Level.INFO
_TERM = (
    Parameter("least_years", "任期最短年数", 3, Strict.MIN),
    Parameter("most_years", "任期最长年数", 5, Strict.MAX),
)

RULES: tuple[Rule, ...] = (
    HOSPITAL_PARTY.rule("R-GY-01", "党委领导下的院长负责制", "领导体制", _WARN, _HIGH),
    HOSPITAL_PARTY.rule(
        "R-GY-02",
        "三重一大由党委会讨论决定",
        "议事决策",
        Level.BLOCK,
        _HIGH,
        note="不得以党政联席会代替党委会",
    ),
    ACCREDITATION.rule("R-GY-03", "书记院长分设、设纪委书记", "党建条款", _WARN, _FAIR),
    HOSPITAL_PARTY.rule("R-GY-04", "书记院长会前沟通一致", "议事决策", Level.BLOCK, _HIGH),
    HOSPITAL_PARTY.rule("R-GY-05", "支部书记由内设机构负责人担任", "基层组织", _WARN, _HIGH),
    HOSPITAL_PARTY.rule("R-GY-06", "支部参与科室重大问题", "基层组织", _WARN, _FAIR),
    HOSPITAL_PARTY.rule("R-GY-07", "双培养", "党员队伍", _INFO, _FAIR),
    HOSPITAL_PARTY.rule(
        "R-GY-08",
        "专职党务人员配比",
        "党务力量",
        _INFO,
        _LOW,
        note="是否有国家规定的比例无法核实，由医院自定，默认不判",
    ),
    HOSPITAL.rule(
        "R-GY-09", "第一议题", "第一议题制度", _WARN, _HIGH, basis=Basis.HOSPITAL, note="频次由院内规定"
    ),
    LEADERS_2017.rule(
        "R-LD-01",
        "公立医院领导人员任期",
        "任期",
        _REMIND,
        _LOW,
        *_TERM,
        Parameter("same_post_years", "同一岗位连任年数", 10, Strict.MAX),
        note="是否已修订待核",
    ),
    LEADERS.rule("R-LD-02", "事业单位领导人员任期", "任期", _REMIND, _LOW, *_TERM, note="未核"),
)
