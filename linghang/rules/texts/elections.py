"""Elections in the Party's primary organisations: R-XJ-01 … 12, by the regulations of 1990 and 2020."""

from dataclasses import replace
from fractions import Fraction

from linghang.rules.clauses import Confidence, Level, Parameter, Regulation, Rule, Share, Strict
from linghang.rules.texts.regulations import ELECTION, ELECTION_1990, TERMS

_HIGH, _FAIR, _MEDIUM = Confidence.HIGH, Confidence.FAIR, Confidence.MEDIUM
_BLOCK, _WARN, _REMIND, _INFO = Level.BLOCK, Level.WARN, Level.REMIND, Level.INFO
_CONDUCT = "选举的实施章"


def _xj(
    number: int, name: str, article: str, level: Level, confidence: Confidence, *parameters: Parameter
) -> Rule:
    return ELECTION.rule(f"R-XJ-{number:02}", name, article, level, confidence, *parameters, version=2)


def _quorum(share: Share) -> Parameter:
    return Parameter("quorum", "到会比例", share, Strict.MIN)


def _earlier(rule: Rule, regulation: Regulation) -> Rule:
    """The same rule as an older edition had it."""
    return replace(rule, regulation=regulation, since=regulation.since, until=regulation.until, version=1)


_SHIFT = _xj(
    1,
    "按期换届",
    "第三条",
    _WARN,
    _HIGH,
    Parameter("remind_months", "提前提醒月数", 6, Strict.MIN),
    Parameter("shift_months", "延期或提前月数", 12, Strict.MAX),
)
_VOTERS = _xj(3, "选举权与被选举权", "第五条", _BLOCK, _HIGH)
_SPARE = Parameter("spare", "差额比例", Share(Fraction(1, 5)), Strict.MIN)
_NOMINATION = _xj(4, "委员候选人差额", "委员会的产生章", _BLOCK, _FAIR, _SPARE)
_QUORUM = _xj(6, "选举到会人数", _CONDUCT, _BLOCK, _FAIR, _quorum(Share(Fraction(4, 5))))
_SECRET = _xj(7, "无记名投票、不得代投", _CONDUCT, _BLOCK, _FAIR)
_RETURNED = _xj(8, "收回选票", _CONDUCT, _BLOCK, _FAIR)
_ELECTED = _xj(
    9,
    "当选票数",
    _CONDUCT,
    _BLOCK,
    _FAIR,
    Parameter("majority", "当选须得赞成票", Share(Fraction(1, 2), exclusive=True), Strict.FIXED),
)

RULES: tuple[Rule, ...] = (
    *(_earlier(rule, ELECTION_1990) for rule in (_SHIFT, _VOTERS, _NOMINATION, _SECRET, _RETURNED, _ELECTED)),
    replace(_earlier(_QUORUM, ELECTION_1990), parameters=(_quorum(Share(Fraction(4, 5), exclusive=True)),)),
    _SHIFT,
    _xj(2, "可开党员代表大会", "第四条", _INFO, _HIGH, Parameter("min_members", "可开代表大会的党员数", 500)),
    _VOTERS,
    _NOMINATION,
    _xj(
        5,
        "代表名额与差额",
        "代表的产生章",
        _WARN,
        _MEDIUM,
        Parameter("usual_min", "代表名额通常下限", 100),
        Parameter("usual_max", "代表名额通常上限", 200),
        Parameter("max_delegates", "代表名额上限", 300, Strict.MAX),
        _SPARE,
    ),
    _QUORUM,
    _SECRET,
    _RETURNED,
    _ELECTED,
    _xj(10, "名额不足另选或减额", _CONDUCT, _BLOCK, _FAIR),
    _xj(11, "选举结果呈报审批", "呈报审批章", _WARN, _FAIR),
    TERMS.rule(
        "R-XJ-12",
        "任期",
        "第一条",
        _REMIND,
        _FAIR,
        Parameter("committee_years", "基层党委任期年数", 5, Strict.FIXED),
        Parameter("branch_years", "总支、支部任期年数", 3, Strict.FIXED),
        note="村、社区另有规定；意见印发前已换届的，从该届届满后执行",
    ),
)
