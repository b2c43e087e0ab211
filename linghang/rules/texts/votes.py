"""Who counts and how many votes decide: R-BJ-01 … 08, our own numbers for the clauses on voting."""

from dataclasses import replace
from fractions import Fraction

from linghang.rules.clauses import Basis, Confidence, Level, Parameter, Regulation, Rule, Share, Strict
from linghang.rules.texts.regulations import BRANCH, COUNTING, DEVELOPMENT, DEVELOPMENT_2014, HOSPITAL

_OVER_HALF = Share(Fraction(1, 2), exclusive=True)
_HALF = Share(Fraction(1, 2))
_TWO_THIRDS = Share(Fraction(2, 3))
_FAIR, _MEDIUM = Confidence.FAIR, Confidence.MEDIUM


def _shares(quorum: Share, secret: bool, strict: Strict) -> tuple[Parameter, ...]:
    return (
        Parameter("quorum", "到会比例", quorum, strict),
        Parameter("majority", "通过须得赞成票", _OVER_HALF, strict),
        Parameter("secret_ballot", "须无记名（1 是，0 否）", int(secret), strict, (0, 1)),
    )


def _bj(
    number: int,
    name: str,
    regulation: Regulation,
    article: str,
    quorum: Share,
    *,
    secret: bool = False,
    level: Level = Level.BLOCK,
    confidence: Confidence = _FAIR,
    basis: Basis = Basis.PARTY,
    note: str = "",
) -> Rule:
    """A rule on a vote; what the Party's regulations set a hospital may only tighten."""
    shares = _shares(quorum, secret, Strict.MIN if basis is Basis.PARTY else Strict.FREE)
    code = f"R-BJ-{number:02}"
    return regulation.rule(code, name, article, level, confidence, *shares, basis=basis, note=note)


def _both(number: int, name: str, article: str) -> tuple[Rule, Rule]:
    """A clause on admitting members as the editions of 2014 and 2026 have it."""
    new = _bj(number, name, DEVELOPMENT, article, _OVER_HALF, secret=True, confidence=Confidence.HIGH)
    old = _bj(
        number,
        name,
        DEVELOPMENT_2014,
        article,
        _OVER_HALF,
        confidence=_MEDIUM,
        note="2014 年版的条号和是否已写明无记名待核，只用于历史档案",
    )
    return old, replace(new, version=2)


RULES: tuple[Rule, ...] = (
    _bj(
        1,
        "党员大会表决",
        BRANCH,
        "第十一条",
        _OVER_HALF,
        note="条例写“半数以上到会”，是否含恰好半数待核，按超过半数处理",
    ),
    *_both(2, "接收预备党员", "第十九条、第二十条"),
    *_both(3, "预备党员转正、延长或取消", "第三十一条、第三十二条"),
    _bj(
        4,
        "支部委员会会议表决",
        BRANCH,
        "第十二条",
        _HALF,
        level=Level.WARN,
        note="条例未写票数，按少数服从多数，以到会委员过半计",
    ),
    _bj(
        5,
        "党委会一般议题",
        HOSPITAL,
        "会议表决",
        _HALF,
        confidence=_MEDIUM,
        basis=Basis.HOSPITAL,
        note="按多数医院的议事规则，须换成本院规定",
    ),
    _bj(
        6,
        "党委会干部任免等重要事项",
        HOSPITAL,
        "会议表决",
        _TWO_THIRDS,
        confidence=_MEDIUM,
        basis=Basis.HOSPITAL,
        note="按多数医院的议事规则，干部任免宜票决，须换成本院规定",
    ),
    COUNTING.rule(
        "R-BJ-07",
        "不计入应到会的情形",
        "五种情形",
        Level.WARN,
        _MEDIUM,
        note="须经上级党组织同意并经党员大会通过",
    ),
    _bj(
        8,
        "中层竞聘民主投票",
        HOSPITAL,
        "竞聘方案",
        _HALF,
        secret=True,
        confidence=_MEDIUM,
        basis=Basis.HOSPITAL,
        note="到会和通过比例由竞聘方案定",
    ),
)
