"""Study and training (党员教育管理工作条例 第二十条，党员教育培训规划): hours and courses a year."""

from collections.abc import Mapping
from datetime import date

from linghang.rules.clauses import Value, Verdict
from linghang.rules.periods import add_months, add_years
from linghang.rules.register import check_override, rule

Own = Mapping[str, Value] | None


def hours(studied: float, *, on: date, own: Own = None) -> Verdict:
    """R-JY-01: a member studies at least 32 hours a year, together with others (第二十条)."""
    law = rule("R-JY-01", on)
    least = check_override(law, own).number("hours")
    return law.verdict(studied >= least, _fact(studied, least))


def leader_hours(studied: float, courses: int, *, on: date, own: Own = None) -> Verdict:
    """R-JY-02: a secretary or committee member at least 56 hours, one training course among them (培训规划)."""
    law = rule("R-JY-02", on)
    settings = check_override(law, own)
    least, wanted = settings.number("hours"), settings.number("courses")
    fact = f"{_fact(studied, least)}；集中培训 {courses} 次，应不少于 {wanted} 次"
    return law.verdict(studied >= least and courses >= wanted, fact)


def induction(appointed_on: date, trained_on: date | None, *, today: date) -> Verdict:
    """R-JY-02: a new secretary is trained within half a year of taking office (培训规划)."""
    law = rule("R-JY-02", today)
    due = add_months(appointed_on, check_override(law, None).number("induction_months"))
    if trained_on is None:
        return law.verdict(today <= due, f"{appointed_on} 任职，任职培训应在 {due} 前参加")
    return law.verdict(trained_on <= due, f"{appointed_on} 任职，{trained_on} 参加任职培训，应在 {due} 前")


def early_courses(
    admitted_on: date, confirmed_on: date | None, courses: tuple[date, ...], *, today: date
) -> Verdict:
    """R-JY-03: one superior's course in the probationary year, one in the year after confirmation (培训规划)."""
    law = rule("R-JY-03", today)
    first_ends = confirmed_on or today
    missing = []
    if today >= add_years(admitted_on, 1) and not any(admitted_on <= day <= first_ends for day in courses):
        missing.append("预备期内")
    if confirmed_on and today >= add_years(confirmed_on, 1):
        until = add_years(confirmed_on, 1)
        missing += [] if any(confirmed_on < day <= until for day in courses) else ["转正后一年内"]
    said = f"{'、'.join(missing)}没有参加上级集中培训" if missing else "预备期和转正后一年内的集中培训没有缺"
    return law.verdict(not missing, said)


def _fact(studied: float, least: int) -> str:
    return f"本年度 {studied:g} 学时，应不少于 {least} 学时"
