"""Members who are away, out of touch or absent (党员教育管理工作条例 第二十三至三十四条): what the branch must look into.

Stopping or ending a membership is decided by the organisation; these functions only say what has come due.
"""

from datetime import date, timedelta

from linghang.rules.clauses import Level, Verdict
from linghang.rules.periods import add_months
from linghang.rules.register import PERIOD, check_override, rule

_ENDS_OF_MONTHS = timedelta(days=3)


# What comes due after how long, by rule: the name of its parameter.
_AFTER = {
    "R-JY-04": "away_months",
    "R-JY-05": "lost_months",
    "R-JY-06": "abroad_months",
    "R-JY-09": PERIOD,
}


def months(code: str, *, on: date) -> int:
    """After how many months one of these rules asks for something: R-JY-04 … 06 and 09."""
    return check_override(rule(code, on), None).number(_AFTER[code])


def horizon(code: str, *, today: date) -> date:
    """Nothing that began after this day has come due by this rule; what began before may have."""
    # Months are of unequal length: 31 August and half a year is 28 February.
    return add_months(today, -months(code, on=today)) + _ENDS_OF_MONTHS


def away(since: date, settled: bool, *, today: date) -> Verdict:
    """R-JY-04: who is away for six months or more at a settled place transfers their membership (第二十五条)."""
    law = rule("R-JY-04", today)
    months = check_override(law, None).number("away_months")
    due = settled and today >= add_months(since, months)
    fact = f"{since} 外出{'，地点固定' if settled else '，地点不固定'}"
    return law.verdict(
        not due, f"{fact}，{f'已满 {months} 个月，应转移组织关系' if due else '暂不要求转移组织关系'}"
    )


def lost(since: date, stopped_on: date | None, *, today: date) -> Verdict:
    """R-JY-05: out of touch for six months, membership stops; two years later it ends (第二十四条)."""
    law = rule("R-JY-05", today)
    settings = check_override(law, None)
    if stopped_on is not None:
        ends = add_months(stopped_on, settings.number("stopped_months"))
        return law.verdict(today < ends, f"{stopped_on} 停止党籍，{ends} 起仍失去联系的按自行脱党除名")
    stops = add_months(since, settings.number("lost_months"))
    return law.verdict(today < stops, f"{since} 起失去联系，{stops} 起应停止党籍")


def abroad(since: date, *, today: date) -> Verdict:
    """R-JY-06: abroad for study or research for more than five years without return, membership stops (第二十四条)."""
    law = rule("R-JY-06", today)
    until = add_months(since, check_override(law, None).number("abroad_months"))
    return law.verdict(today <= until, f"{since} 出国（境），到 {until} 满五年，超过的一般停止党籍")


def correction(since: date, until: date) -> Verdict:
    """R-JY-07: the time given to mend one's ways is at most a year (第三十条)."""
    law = rule("R-JY-07", since)
    latest = add_months(since, check_override(law, None).number("months"))
    return law.verdict(until <= latest, f"限期改正 {since} 至 {until}，最迟到 {latest}")


def absent(months: int, *, today: date, excused: bool = False) -> Verdict:
    """R-JY-08, R-JY-10: six months without taking part, paying dues or doing Party work, and without good reason.

    第三十一条（六）、第二十三条: first warning after three months, second after five; nothing hard is asked of the old and sick.
    """
    if excused:
        return rule("R-JY-10", today).verdict(True, "年老体弱，不作硬性要求，不计缺勤")
    law = rule("R-JY-08", today)
    settings = check_override(law, None)
    fact = f"连续 {months} 个月没有参加组织生活"
    if months >= settings.number("months"):
        return law.verdict(False, f"{fact}，请党组织研究处置")
    if months >= settings.number("late_months"):
        return law.verdict(False, f"{fact}，再次提醒", Level.REMIND)
    if months >= settings.number("early_months"):
        return law.verdict(False, f"{fact}，首次提醒", Level.REMIND)
    return law.verdict(True, fact)


def contacted(last_on: date, *, today: date) -> Verdict:
    """R-JY-09: a floating member is kept in touch with; abroad for study at least every half-year (第三十二、三十四条)."""
    law = rule("R-JY-09", today)
    due = add_months(last_on, check_override(law, None).number("period_months"))
    return law.verdict(today <= due, f"上次联系 {last_on}，下次应在 {due} 前")
