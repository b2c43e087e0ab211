"""Statutory deadlines: so many natural months, days or working days after an event, make-up days included.

A deadline is a parameter of a rule whose name ends in its unit: `talk_months` of R-FZ-02, `workdays` of R-XF-02,
`days` of R-XF-03. A month is the same day of a later month, a working day one of the national calendar.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from linghang.rules.clauses import Rule, Value, Verdict
from linghang.rules.periods import add_months, add_years
from linghang.rules.register import check_override, rule
from linghang.rules.workdays import Due, Table, add_workdays

Own = Mapping[str, Value] | None

_UNITS: Mapping[str, tuple[str, Callable[[date, int, Table | None], Due]]] = {
    "years": ("年", lambda day, count, table: Due(add_years(day, count), False)),
    "months": ("个月", lambda day, count, table: Due(add_months(day, count), False)),
    "days": ("日", lambda day, count, table: Due(day + timedelta(days=count), False)),
    "workdays": ("个工作日", add_workdays),
}


@dataclass(frozen=True)
class Deadline:
    """The last day, counted from an event; provisional while a year on the way has no published calendar."""

    rule: Rule
    since: date
    due: Due
    length: str

    @property
    def day(self) -> date:
        """The last day on which the thing is in time."""
        return self.due.day

    @property
    def sentence(self) -> str:
        """The deadline and how it was counted: “2026-03-02（2026-02-02 起 1 个月）”."""
        return f"{self.due}（{self.since} 起 {self.length}）"


def deadline(code: str, name: str, since: date, *, own: Own = None, table: Table | None = None) -> Deadline:
    """The deadline that a rule's parameter sets, by the text in force when it began to run.

    Raises ValueError for a parameter that is no stretch of time.
    """
    law = rule(code, since)
    count = check_override(law, own).number(name)
    unit = name.rpartition("_")[2]
    if unit not in _UNITS:
        raise ValueError(f"{code} 的参数 {name} 不是期限")
    words, reckon = _UNITS[unit]
    return Deadline(law, since, reckon(since, count, table), f"{count} {words}")


def kept(
    code: str,
    name: str,
    since: date,
    done_on: date | None,
    *,
    today: date,
    own: Own = None,
    table: Table | None = None,
) -> Verdict:
    """Whether what had to follow an event came in time; what is still open is met until its last day has passed."""
    found = deadline(code, name, since, own=own, table=table)
    what = found.rule.name
    if done_on is None:
        open_still = today <= found.day
        return found.rule.verdict(
            open_still, f"{what}应在 {found.sentence}前办，{'尚未到期' if open_still else '已经超期'}"
        )
    in_time = done_on <= found.day
    return found.rule.verdict(
        in_time, f"{what} {done_on} 办，期限 {found.sentence}，{'按期' if in_time else '超期'}"
    )
