"""Complaints, the hotline, petitions, and rectification after inspections: R-TS, R-RX, R-XF, R-XC."""

from linghang.rules.clauses import Basis, Confidence, Level, Parameter, Rule, Strict
from linghang.rules.texts.regulations import COMPLAINTS, DISPUTES, HOTLINE, INSPECTION_WORK, PETITIONS

_HIGH, _MEDIUM, _LOW = Confidence.HIGH, Confidence.MEDIUM, Confidence.LOW
_BLOCK, _WARN, _REMIND, _INFO = Level.BLOCK, Level.WARN, Level.REMIND, Level.INFO


def _most(name: str, label: str, days: int) -> Parameter:
    return Parameter(name, label, days, Strict.MAX)


RULES: tuple[Rule, ...] = (
    COMPLAINTS.rule("R-TS-01", "首诉负责", "首诉负责制", _WARN, _HIGH),
    COMPLAINTS.rule(
        "R-TS-02",
        "投诉反馈期限",
        "投诉处理",
        _WARN,
        _MEDIUM,
        _most("complex_workdays", "较复杂投诉反馈工作日", 5),
        _most("joint_workdays", "跨科室投诉反馈工作日", 10),
        note="数字未见原文",
    ),
    DISPUTES.rule(
        "R-TS-03",
        "医疗纠纷人民调解期限",
        "第三十条、第三十四条",
        _WARN,
        _HIGH,
        _most("accept_workdays", "受理工作日", 3),
        _most("settle_workdays", "调解终结工作日", 30),
    ),
    HOTLINE.rule(
        "R-RX-01",
        "热线限时办结和三率",
        "考核",
        _REMIND,
        _HIGH,
        basis=Basis.HOSPITAL,
        note="国家层面只要求限时、闭环和响应率、解决率、满意率，数字由地方定",
    ),
    HOTLINE.rule(
        "R-RX-02",
        "热线办结期限",
        "办理",
        _WARN,
        _HIGH,
        Parameter("workdays", "办结工作日", 5),
        basis=Basis.HOSPITAL,
        note="地方条例的参考值",
    ),
    HOTLINE.rule(
        "R-RX-03", "裁定后不得再退", "第二十二条", _BLOCK, _HIGH, basis=Basis.HOSPITAL, note="潍坊热线条例"
    ),
    HOTLINE.rule(
        "R-RX-04",
        "先行联系和接单",
        "行业惯例",
        _INFO,
        _LOW,
        Parameter("contact_hours", "先行联系小时数", 24),
        Parameter("accept_workdays", "接单工作日", 1),
        basis=Basis.HOSPITAL,
    ),
    PETITIONS.rule("R-XF-01", "告知信访受理途径", "第二十三条", _WARN, _HIGH, _most("days", "告知日数", 15)),
    PETITIONS.rule(
        "R-XF-02", "转送事项提出异议", "第二十三条", _WARN, _HIGH, _most("workdays", "提出异议工作日", 5)
    ),
    PETITIONS.rule(
        "R-XF-03",
        "信访事项办结",
        "第三十四条",
        _WARN,
        _HIGH,
        _most("days", "办结日数", 60),
        _most("extension_days", "可延长日数", 30),
    ),
    PETITIONS.rule(
        "R-XF-04",
        "信访复查和复核",
        "第三十五条、第三十六条",
        _WARN,
        _HIGH,
        _most("review_request_days", "申请复查日数", 30),
        _most("review_days", "复查意见日数", 30),
        _most("appeal_request_days", "申请复核日数", 30),
        _most("appeal_days", "复核意见日数", 30),
    ),
    PETITIONS.rule("R-XF-05", "检举材料保密", "第三十条", _BLOCK, _HIGH),
    INSPECTION_WORK.rule(
        "R-XC-01",
        "巡察整改期限和独立复核",
        "整改",
        _WARN,
        _MEDIUM,
        _most("months", "集中整改月数", 6),
        note="数字未核原文",
    ),
)
