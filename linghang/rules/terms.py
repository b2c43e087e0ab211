"""Terms of office and the days on which an election is due (支部工作条例 第二十一条，基层组织任期意见，选举工作条例 第三条)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from linghang.rules.clauses import Level, Rule, Value, Verdict
from linghang.rules.periods import add_months, add_years
from linghang.rules.register import check_override, rule

Own = Mapping[str, Value] | None


class Body(StrEnum):
    """The kinds of organisation that elect a leadership; a temporary branch has no term."""

    COMMITTEE = "基层党委"
    GENERAL_BRANCH = "党总支"
    BRANCH = "党支部"


class Stage(StrEnum):
    """Where in its term a leadership stands."""

    RUNNING = "任期内"
    PREPARE = "准备换届"
    POSTPONED = "延期中"
    OVERDUE = "届满未换"


@dataclass(frozen=True)
class Postponement:
    """A postponed election: until when, and the superior's approval (number or date of the reply)."""

    to: date
    approval: str


@dataclass(frozen=True)
class Term:
    """One term of office seen on one day."""

    rule: Rule
    elected_on: date
    ends_on: date
    remind_on: date
    latest_on: date
    stage: Stage
    sentence: str
    level: Level


def term_years(body: Body, *, on: date) -> int:
    """R-XJ-12, R-ZB-24: five years for a primary committee, three for a general branch or a branch."""
    law = _term_rule(body, on)
    return check_override(law, None).number("committee_years" if body is Body.COMMITTEE else "branch_years")


def term_end(body: Body, elected_on: date, *, on: date) -> date:
    """The day on which the term is full: the same day of the year, so many years after the election."""
    return add_years(elected_on, term_years(body, on=on))


def term(
    body: Body, elected_on: date, *, on: date, postponed: Postponement | None = None, own: Own = None
) -> Term:
    """R-ZB-24/25, R-XJ-01/12: the stage of a term on a day: reminder six months before, at most a year's delay."""
    settings = check_override(_shift_rule(body, on), own)
    ends_on = term_end(body, elected_on, on=on)
    remind_on = add_months(ends_on, -settings.number("remind_months"))
    latest_on = add_months(ends_on, settings.number("shift_months"))
    stage = _stage(ends_on, remind_on, postponed, on)
    law = _term_rule(body, on) if stage is Stage.RUNNING else _shift_rule(body, on)
    sentence, level = _say(stage, ends_on, latest_on, postponed)
    return Term(law, elected_on, ends_on, remind_on, latest_on, stage, sentence, level)


def election_day(body: Body, ends_on: date, held_on: date, approval: str, *, own: Own = None) -> Verdict:
    """R-ZB-25, R-XJ-01: an election before or after its day needs approval and stays within a year of it."""
    law = _shift_rule(body, held_on)
    months = check_override(law, own).number("shift_months")
    if held_on == ends_on:
        return law.verdict(True, f"{held_on} 按期换届")
    side = "延期" if held_on > ends_on else "提前"
    fact = f"应于 {ends_on} 换届，{side}到 {held_on}"
    if not add_months(ends_on, -months) <= held_on <= add_months(ends_on, months):
        return law.verdict(False, f"{fact}，{side}一般不超过 {months} 个月", Level.WARN)
    if not approval.strip():
        return law.verdict(False, f"{fact}，须填上级党组织的批复", Level.WARN)
    return law.verdict(True, f"{fact}，已经批准（{approval}）")


def _stage(ends_on: date, remind_on: date, postponed: Postponement | None, on: date) -> Stage:
    if on < remind_on:
        return Stage.RUNNING
    if on <= ends_on:
        return Stage.PREPARE
    if postponed and postponed.approval.strip() and on <= postponed.to:
        return Stage.POSTPONED
    return Stage.OVERDUE


def _say(stage: Stage, ends_on: date, latest_on: date, postponed: Postponement | None) -> tuple[str, Level]:
    if stage is Stage.POSTPONED and postponed:
        fact = f"{ends_on} 届满，经批准延期到 {postponed.to}（{postponed.approval}）"
        if postponed.to > latest_on:
            return f"{fact}，超过一般期限 {latest_on}", Level.WARN
        return fact, Level.REMIND
    return {
        Stage.RUNNING: (f"任期到 {ends_on}", Level.INFO),
        Stage.PREPARE: (f"{ends_on} 届满，请准备换届", Level.REMIND),
        Stage.OVERDUE: (f"{ends_on} 届满，尚未换届，也没有有效的延期批复", Level.WARN),
    }[stage]


def _term_rule(body: Body, on: date) -> Rule:
    return rule("R-ZB-24" if body is Body.BRANCH else "R-XJ-12", on)


def _shift_rule(body: Body, on: date) -> Rule:
    return rule("R-ZB-25" if body is Body.BRANCH else "R-XJ-01", on)
