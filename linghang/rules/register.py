"""The register: every rule by its code and the day asked about, and the limits of what a hospital may change."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from functools import cache

from linghang.rules.clauses import (
    Basis,
    Confidence,
    Level,
    Parameter,
    Regulation,
    Rule,
    Share,
    Strict,
    Value,
    Verdict,
)
from linghang.rules.texts import RULES

__all__ = [
    "PERIOD",
    "TIMES",
    "Basis",
    "Confidence",
    "Level",
    "NotInForce",
    "Parameter",
    "Regulation",
    "Rule",
    "Settings",
    "Share",
    "Strict",
    "TooLoose",
    "Value",
    "Verdict",
    "all_rules",
    "check_override",
    "rule",
    "versions",
]

TIMES = "times_per_period"
PERIOD = "period_months"


class NotInForce(LookupError):
    """The rule exists, but not yet or no longer on the day asked about."""


class TooLoose(ValueError):
    """A hospital's own value would be looser than the text."""


class Settings(dict[str, Value]):
    """The parameters of one rule after a hospital's own values were checked."""

    def number(self, name: str) -> int:
        """A parameter that is a whole number."""
        value = self[name]
        if not isinstance(value, int):
            raise TypeError(f"{name} 不是整数")
        return value

    def share(self, name: str) -> Share:
        """A parameter that is a share of a body of people."""
        value = self[name]
        if not isinstance(value, Share):
            raise TypeError(f"{name} 不是比例")
        return value


def all_rules(on: date | None = None) -> tuple[Rule, ...]:
    """Every rule in every version, or only those in force on a day."""
    return RULES if on is None else tuple(each for each in RULES if each.in_force(on))


@cache
def versions(code: str) -> tuple[Rule, ...]:
    """All versions of one rule, oldest first."""
    found = sorted((each for each in RULES if each.code == code), key=lambda each: each.since)
    if not found:
        raise LookupError(f"没有编号为 {code} 的规则")
    return tuple(found)


def rule(code: str, on: date) -> Rule:
    """The version of a rule that was the law on that day."""
    for each in versions(code):
        if each.in_force(on):
            return each
    first = versions(code)[0]
    raise NotInForce(f"{code}（{first.cite}）在 {on} 尚未施行或已经废止，{first.since} 起施行")


def check_override(law: Rule, changes: Mapping[str, Value] | None) -> Settings:
    """The rule's parameters with a hospital's own values; a value looser than the text is refused."""
    if not changes:
        return Settings(law.defaults)
    known = {parameter.name: parameter for parameter in law.parameters}
    for name, value in changes.items():
        if name not in known:
            raise ValueError(f"{law.code} {law.name}没有名为 {name} 的参数")
        _check_form(law, known[name], value)
    settings = Settings({**law.defaults, **changes})
    for parameter in law.parameters:
        if _looser(parameter, settings, Settings(law.defaults)):
            raise TooLoose(
                f"{law.code} {law.name}：{parameter.demand}（{law.cite}），院内规定只能更严，不能更松"
            )
    return settings


def _check_form(law: Rule, parameter: Parameter, value: Value) -> None:
    where = f"{law.code} {law.name}：{parameter.label}"
    if isinstance(parameter.default, Share):
        if not isinstance(value, Share):
            raise ValueError(f"{where}应填比例，如 >1/2 或 >=2/3")
    elif isinstance(value, Share | bool) or value < 0:
        raise ValueError(f"{where}应填不小于 0 的整数")
    elif parameter.choices and value not in parameter.choices:
        raise ValueError(f"{where}只能填 {'、'.join(map(str, parameter.choices))}")


def _looser(parameter: Parameter, own: Settings, text: Settings) -> bool:
    mine, theirs = _rank(parameter.name, own), _rank(parameter.name, text)
    return {
        Strict.MIN: mine < theirs,
        Strict.MAX: mine > theirs,
        Strict.FIXED: mine != theirs,
        Strict.FREE: False,
    }[parameter.strict]


def _rank(name: str, settings: Settings) -> tuple[Fraction, bool]:
    value = settings[name]
    if isinstance(value, Share):
        return value.of, value.exclusive
    if name == TIMES and PERIOD in settings:  # once a quarter is more than twice a year
        return Fraction(value, settings.number(PERIOD)), False
    return Fraction(value), False
