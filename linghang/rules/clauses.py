"""The shape of a rule: which regulation says what, from when, how strictly, and how sure we are of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Self


class Level(StrEnum):
    """What follows when a rule is not met."""

    BLOCK = "BLOCK"
    WARN = "WARN"
    REMIND = "REMIND"
    INFO = "INFO"

    @property
    def label(self) -> str:
        """The consequence in Chinese."""
        return {"BLOCK": "不得继续", "WARN": "提示并说明", "REMIND": "到期提醒", "INFO": "仅供参考"}[self]


class Confidence(StrEnum):
    """How well the text behind a rule has been checked."""

    HIGH = "高"
    FAIR = "中高"
    MEDIUM = "中"
    LOW = "低"


class Basis(StrEnum):
    """On whose authority a demand rests; shown beside every demand."""

    PARTY = "党内法规"
    HOSPITAL = "院内规定"


class Strict(StrEnum):
    """In which direction a hospital may move a parameter."""

    MIN = "min"  # the default is a floor: only more
    MAX = "max"  # the default is a ceiling: only less
    FIXED = "fixed"
    FREE = "free"


@dataclass(frozen=True, order=True)
class Share:
    """A part of a body of people, exact: “超过半数” or “五分之四以上”. The stricter share compares greater."""

    of: Fraction
    exclusive: bool = False

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read “>1/2” (more than) or “>=4/5” (at least)."""
        sign = next((sign for sign in (">=", ">") if text.startswith(sign)), None)
        if sign is None:
            raise ValueError(f"“{text}”看不懂：请写成 >1/2（超过）或 >=4/5（不少于）")
        share = Fraction(text.removeprefix(sign).strip())
        if not 0 < share <= 1:
            raise ValueError(f"“{text}”超出范围：比例须大于 0、不超过 1")
        return cls(share, exclusive=sign == ">")

    @property
    def text(self) -> str:
        """The form that `parse` reads."""
        return f"{'>' if self.exclusive else '>='}{self.of}"

    def least(self, total: int) -> int:
        """The smallest head count that satisfies this share of `total`."""
        part = self.of.numerator * total
        if self.exclusive:
            return part // self.of.denominator + 1
        return -(-part // self.of.denominator)

    def reached(self, count: int, total: int) -> bool:
        """Whether `count` of `total` suffices; whole numbers only, so that no edge is lost to rounding."""
        left, right = self.of.denominator * count, self.of.numerator * total
        return left > right if self.exclusive else left >= right

    def __str__(self) -> str:
        names = {Fraction(1, 2): "半数", Fraction(2, 3): "三分之二", Fraction(4, 5): "五分之四"}
        name = names.get(self.of, str(self.of))
        return f"超过{name}" if self.exclusive else f"{name}以上"


Value = int | Share


@dataclass(frozen=True)
class Regulation:
    """A regulation in one edition: full title, the short title used in citations, and its dates."""

    title: str
    short: str
    since: date
    until: date | None = None

    def rule(
        self,
        code: str,
        name: str,
        article: str,
        level: Level,
        confidence: Confidence,
        *parameters: "Parameter",
        version: int = 1,
        basis: Basis = Basis.PARTY,
        note: str = "",
    ) -> "Rule":
        """One of its rules, in force as long as this edition is."""
        return Rule(
            code=code,
            name=name,
            regulation=self,
            article=article,
            level=level,
            confidence=confidence,
            since=self.since,
            until=self.until,
            version=version,
            basis=basis,
            parameters=parameters,
            note=note,
        )

    def __str__(self) -> str:
        return self.title


@dataclass(frozen=True)
class Parameter:
    """A number in a rule, and the direction in which a hospital may be stricter."""

    name: str
    label: str
    default: Value
    strict: Strict = Strict.FREE
    choices: tuple[int, ...] = ()

    @property
    def demand(self) -> str:
        """What the text demands of this number, in Chinese."""
        words = {Strict.MIN: "不得低于", Strict.MAX: "不得高于", Strict.FIXED: "只能是", Strict.FREE: "默认"}
        return f"{self.label}{words[self.strict]} {self.default}"


@dataclass(frozen=True)
class Rule:
    """One rule in one version: what it asks, where that is written, and when it is in force."""

    code: str
    name: str
    regulation: Regulation
    article: str
    level: Level
    confidence: Confidence
    since: date
    until: date | None = None
    version: int = 1
    basis: Basis = Basis.PARTY
    parameters: tuple[Parameter, ...] = ()
    note: str = ""
    says: str = ""

    def in_force(self, on: date) -> bool:
        """Whether this version is the law on that day; `until` is its last day."""
        return self.since <= on and (self.until is None or on <= self.until)

    @property
    def cite(self) -> str:
        """The source as shown under a demand: “支部工作条例 第十一条”."""
        return f"{self.regulation.short} {self.article}"

    @property
    def enabled(self) -> bool:
        """Whether the rule is on by default: what rests on a weak source waits until someone has checked it."""
        return self.confidence is not Confidence.LOW

    @property
    def mark(self) -> str:
        """“待核” for a rule whose source is still to be checked, else nothing."""
        return "" if self.enabled else "待核"

    @property
    def defaults(self) -> Mapping[str, Value]:
        """The parameters as the text has them."""
        return {parameter.name: parameter.default for parameter in self.parameters}

    def verdict(self, met: bool, sentence: str, level: Level | None = None) -> "Verdict":
        """Judge by this rule: what is met is only information, what is not has the rule's level."""
        return Verdict(self, met, sentence, Level.INFO if met else level or self.level)


@dataclass(frozen=True)
class Verdict:
    """Whether a rule is met, why, and how much that matters."""

    rule: Rule
    met: bool
    sentence: str
    level: Level

    @property
    def cite(self) -> str:
        """The article that the verdict rests on."""
        return self.rule.cite
