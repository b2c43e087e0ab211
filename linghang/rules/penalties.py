"""How long a penalty weighs and what it forbids meanwhile (纪律处分条例, 政务处分法 第八条, 事业单位工作人员处分规定).

Only the kind and the dates of a decision that stands are ever asked for; no case, no reason.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from linghang.rules.clauses import Level, Rule, Verdict
from linghang.rules.periods import Span, add_months
from linghang.rules.register import check_override, rule

_DAY = timedelta(days=1)
_YEARS = (12, 24)


class Penalty(StrEnum):
    """The penalties of the Party, of public officials and of institutions' staff."""

    WARNING = "警告"
    SERIOUS_WARNING = "严重警告"
    REMOVAL = "撤销党内职务"
    PROBATION = "留党察看"
    EXPULSION = "开除党籍"
    OFFICIAL_WARNING = "政务警告"
    OFFICIAL_DEMERIT = "政务记过"
    OFFICIAL_SERIOUS_DEMERIT = "政务记大过"
    OFFICIAL_DEMOTION = "政务降级"
    OFFICIAL_DISMISSAL = "政务撤职"
    STAFF_WARNING = "处分警告"
    STAFF_DEMERIT = "处分记过"
    STAFF_DEMOTION = "降低岗位等级"


class Act(StrEnum):
    """What a penalty may stand in the way of."""

    PROMOTION = "提拔任职"
    HONOUR = "评优评先"
    INTRODUCING = "担任入党介绍人"
    VOTING = "表决、选举和被选举"
    REJOINING = "重新入党"


# By which rule and parameter the months of each are set.
_SOURCE: dict[Penalty, tuple[str, str]] = {
    Penalty.WARNING: ("R-JL-01", "warning"),
    Penalty.SERIOUS_WARNING: ("R-JL-01", "serious_warning"),
    Penalty.REMOVAL: ("R-JL-01", "removal"),
    Penalty.PROBATION: ("R-JL-01", "after_probation"),
    Penalty.EXPULSION: ("R-JL-01", "expulsion"),
    Penalty.OFFICIAL_WARNING: ("R-JL-03", "warning"),
    Penalty.OFFICIAL_DEMERIT: ("R-JL-03", "demerit"),
    Penalty.OFFICIAL_SERIOUS_DEMERIT: ("R-JL-03", "serious_demerit"),
    Penalty.OFFICIAL_DEMOTION: ("R-JL-03", "demotion"),
    Penalty.OFFICIAL_DISMISSAL: ("R-JL-03", "dismissal"),
    Penalty.STAFF_WARNING: ("R-JL-05", "warning"),
    Penalty.STAFF_DEMERIT: ("R-JL-05", "demerit"),
    Penalty.STAFF_DEMOTION: ("R-JL-05", "demotion"),
}


@dataclass(frozen=True)
class Sanction:
    """A decision that took effect on a day; 留党察看 also says for how many months (12 or 24)."""

    penalty: Penalty
    since: date
    watch_months: int = 0


@dataclass(frozen=True)
class Weight:
    """How long a sanction weighs; under 留党察看 first the watch itself, then the time after rights came back."""

    rule: Rule
    span: Span
    watch: Span | None
    sentence: str


def weight(sanction: Sanction) -> Weight:
    """R-JL-01 … 03, 05: from the day of effect, in natural months; ends by itself (期满自动解除).

    Raises ValueError for a watch that the charter does not know (R-DZ-03: one or two years).
    """
    code, name = _SOURCE[sanction.penalty]
    law = rule(code, sanction.since)
    months, watch = check_override(law, None).number(name), _watch(sanction)
    begins = watch.until + _DAY if watch and watch.until else sanction.since
    span = Span(sanction.since, add_months(begins, months) - _DAY)
    held = f"，其中留党察看到 {watch.until}" if watch else ""
    return Weight(law, span, watch, f"{sanction.penalty}：{span.since} 至 {span.until}{held}")


def _watch(sanction: Sanction) -> Span | None:
    if sanction.penalty is not Penalty.PROBATION:
        return None
    if sanction.watch_months not in _YEARS:
        raise ValueError("留党察看只能是一年或两年")
    return Span(sanction.since, add_months(sanction.since, sanction.watch_months) - _DAY)


def watch_time(since: date, until: date, begun: date | None = None) -> Verdict:
    """R-DZ-03: 留党察看 is for one year or two; a year that is prolonged by another makes two, and no more.

    `until` is the first day on which the rights are back, `begun` the day on which a watch began that this one prolongs.
    """
    law = rule("R-DZ-03", since)
    most = check_override(law, None).number("most_months")
    whole = [months for months in _YEARS if until == add_months(since, months)]
    latest = add_months(begun or since, most)
    said = f"留党察看自 {since} 至 {until}，只能是一年或两年，合计最长 {most // 12} 年（到 {latest}）"
    return law.verdict(bool(whole) and until <= latest, said)


def permits(sanction: Sanction, act: Act, *, on: date) -> Verdict:
    """Whether an act is open to somebody under a sanction on a day, and by which rule not."""
    found = weight(sanction)
    law, level = _bars(found, sanction, act, on)
    if law is None or on not in found.span:
        return found.rule.verdict(True, f"{on} 不受影响（{found.sentence}）")
    return law.verdict(False, f"{on} 在影响期内，不能{act}（{found.sentence}）", level)


def _bars(found: Weight, sanction: Sanction, act: Act, on: date) -> tuple[Rule | None, Level | None]:
    """The rule in the way, and how strictly: an introducer under a lesser penalty is only not fitting (2026 第十四条)."""
    watched = found.watch is not None and on in found.watch
    party = _SOURCE[sanction.penalty][0] == "R-JL-01"
    if act is Act.VOTING:
        return (rule("R-DZ-03", on), None) if watched else (None, None)
    if act is Act.REJOINING:
        return (found.rule, None) if sanction.penalty is Penalty.EXPULSION else (None, None)
    if act is Act.INTRODUCING:
        law = rule("R-FZ-09", on)
        return (
            (law, Level.BLOCK if watched else Level.WARN)
            if party and (watched or law.version > 1)
            else (None, None)
        )
    return found.rule, None


def merged(months: tuple[int, ...], *, on: date) -> Verdict:
    """R-JL-03: of several penalties the heaviest is carried out, longer than each, together at most 48 months (第十五条)."""
    law = rule("R-JL-03", on)
    most, total = check_override(law, None).number("longest"), sum(months)
    return law.verdict(total <= most, f"处分期合计 {total} 个月，合并执行最长 {most} 个月")
