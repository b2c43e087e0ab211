"""The twenty-five steps of becoming a Party member: R-FZ-01 … 25, by the texts of 2014 and of 2026.

A file that is read back is judged by the text of the day on which each step was taken. What the edition of 2026 added
(consent and publicity before the candidate is named, a month for the meeting, a month for the oath) is off in 2014's.
"""

from dataclasses import replace

from linghang.rules.clauses import Confidence, Level, Parameter, Rule, Strict
from linghang.rules.texts.regulations import DEVELOPMENT, DEVELOPMENT_2014

_BLOCK, _WARN, _REMIND, _INFO = Level.BLOCK, Level.WARN, Level.REMIND, Level.INFO
_MIN, _MAX, _FIXED = Strict.MIN, Strict.MAX, Strict.FIXED
_OLD_NOTE = "2014 年版的条号待核，只用于历史档案"


def _fz(number: int, name: str, article: str, level: Level, *parameters: Parameter, note: str = "") -> Rule:
    code, sure = f"R-FZ-{number:02}", Confidence.HIGH
    return DEVELOPMENT.rule(code, name, article, level, sure, *parameters, version=2, note=note)


_STEPS: tuple[Rule, ...] = (
    _fz(1, "递交入党申请书", "第五条、第六条", _BLOCK, Parameter("min_age", "申请人年龄", 18, _MIN)),
    _fz(2, "党组织派人谈话", "第七条", _WARN, Parameter("talk_months", "谈话月数", 1, _MAX)),
    _fz(3, "推荐和确定入党积极分子", "第八条", _BLOCK),
    _fz(4, "积极分子报上级党委备案", "第八条", _BLOCK),
    _fz(
        5,
        "指定培养联系人",
        "第九条",
        _BLOCK,
        Parameter("least", "培养联系人最少", 1, _FIXED),
        Parameter("most", "培养联系人最多", 2, _FIXED),
    ),
    _fz(6, "培养教育考察", "第十一条", _WARN, Parameter("review_months", "考察间隔月数", 6, _MAX)),
    _fz(7, "拟列发展对象", "第十三条", _BLOCK, Parameter("training_months", "培养教育月数", 12, _MIN)),
    _fz(8, "上级党委同意并公示", "第十三条", _BLOCK, Parameter("posted_workdays", "公示工作日", 5, _MIN)),
    _fz(9, "确定入党介绍人", "第十四条", _BLOCK, Parameter("introducers", "入党介绍人数", 2, _FIXED)),
    _fz(10, "政治审查", "第十六条", _BLOCK),
    _fz(
        11,
        "集中培训",
        "第十七条",
        _BLOCK,
        Parameter("training_days", "培训天数", 3, _MIN),
        Parameter("training_hours", "培训学时", 24, _MIN),
        note="不少于 3 天或 24 学时，达到其一即可",
    ),
    _fz(12, "支部委员会审查", "第十八条", _BLOCK),
    _fz(13, "上级党委预审", "第十八条", _WARN, Parameter("leaving_months", "将离开单位的月数", 3, _MIN)),
    _fz(14, "填写入党志愿书", "第十八条", _BLOCK),
    _fz(
        15,
        "支部党员大会讨论接收",
        "第十九条、第二十条",
        _WARN,
        Parameter("meeting_months", "预审后开会月数", 1, _MAX),
    ),
    _fz(16, "上级党委派人谈话", "第二十三条", _BLOCK),
    _fz(
        17,
        "上级党委审批",
        "第二十二条、第二十四条、第二十五条",
        _WARN,
        Parameter("approval_months", "审批月数", 3, _MAX),
        Parameter("longest_months", "特殊情况审批月数", 6, _MAX),
        note="党总支、临时党组织和党组不能审批；超过特殊情况的期限不得继续",
    ),
    _fz(18, "报上级组织部门备案", "第二十五条", _BLOCK),
    _fz(19, "编入党支部和党小组", "第二十八条", _REMIND),
    _fz(20, "入党宣誓", "第二十九条", _WARN, Parameter("oath_months", "宣誓月数", 1, _MAX)),
    _fz(21, "继续教育考察", "第三十一条", _INFO, Parameter("probation_months", "预备期月数", 12, _FIXED)),
    _fz(22, "提出转正申请", "第三十一条、第三十二条", _WARN),
    _fz(
        23,
        "支部党员大会讨论转正",
        "第三十一条",
        _BLOCK,
        Parameter("shortest_months", "延长预备期最短月数", 6, _MIN),
        Parameter("longest_months", "延长预备期最长月数", 12, _MAX),
        Parameter("times", "延长次数", 1, _MAX),
    ),
    _fz(24, "上级党委审批转正", "第三十三条", _WARN, Parameter("approval_months", "审批月数", 3, _MAX)),
    _fz(25, "归档", "第三十六条", _BLOCK),
)
# Steps that the edition of 2014 knew by another name; their new demands begin with the edition of 2026.
_OTHERWISE = {8: "上级党委备案"}
_NEW_DEMANDS = frozenset({8, 15, 20})


def _as_of_2014(new: Rule, number: int) -> Rule:
    """The step as the edition of 2014 had it: without the demands that are new in 2026."""
    return replace(
        new,
        name=_OTHERWISE.get(number, new.name),
        regulation=DEVELOPMENT_2014,
        since=DEVELOPMENT_2014.since,
        until=DEVELOPMENT_2014.until,
        version=1,
        confidence=Confidence.MEDIUM,
        parameters=() if number in _NEW_DEMANDS else new.parameters,
        note=f"{new.note}；{_OLD_NOTE}" if new.note else _OLD_NOTE,
    )


RULES: tuple[Rule, ...] = (*(_as_of_2014(each, n) for n, each in enumerate(_STEPS, 1)), *_STEPS)
