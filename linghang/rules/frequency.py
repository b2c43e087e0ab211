"""Whether a unit met its recurring duties: one standing a period, one light a duty (支部工作条例 第十一至十八条).

What counts, in order:

1. A period is **not included** (未纳入) unless its needed part begins on or after the hospital's go-live day.
2. A duty is **not required** (不要求) where its rule is not yet in force, it is not yet introduced, or the unit
   does not live, or lacks what the duty presupposes, through the whole of the needed part. The first and last
   partial period of a life are therefore never owed; whole months (quarters, years) are. The needed part is the
   whole period; for the yearly 组织生活会 and 民主评议 it is the last quarter, when they are usually held.
3. A record counts once for a duty, however many kinds of meeting it serves as; for another duty it counts again.
4. Yearly records that name the year they belong to count for that year, also when held in the months after it;
   held after the last day they still count, and are marked late.
5. Red (要办) only when the last day has passed; amber (快到期) within the last days; else green or grey.

Only what is dated up to `today` is known, so that any earlier day can be asked about.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from linghang.rules.clauses import Rule
from linghang.rules.duties import Duty, Event, Unit
from linghang.rules.periods import Kind, Period


class Light(StrEnum):
    """The colour shown, always beside its word."""

    RED = "red"
    AMBER = "amber"
    GREEN = "green"
    GREY = "grey"


class Status(StrEnum):
    """How a duty stands in one period."""

    DONE = "done"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    NOT_YET = "not_yet"
    NOT_REQUIRED = "not_required"
    NOT_INCLUDED = "not_included"

    @property
    def label(self) -> str:
        """The word on the page."""
        words = ("正常", "快到期", "要办", "未到期", "不要求", "未纳入")
        return dict(zip(Status, words, strict=True))[self]

    @property
    def light(self) -> Light:
        """The colour of the word."""
        lights = {Status.DONE: Light.GREEN, Status.DUE_SOON: Light.AMBER, Status.OVERDUE: Light.RED}
        return lights.get(self, Light.GREY)


@dataclass(frozen=True)
class Standing:
    """How one duty stands in one period: what was owed, what was done, and the sentence that says so."""

    period: Period
    duty: Duty
    rule: Rule | None
    due: bool
    required: int
    done: int
    records: tuple[str, ...]
    due_on: date
    status: Status
    sentence: str
    planned_on: date | None = None
    late: bool = False

    @property
    def light(self) -> Light:
        """The colour of this period."""
        return self.status.light


def standings(
    duty: Duty,
    unit: Unit,
    events: Iterable[Event],
    *,
    go_live: date,
    today: date,
    since: date | None = None,
) -> list[Standing]:
    """One standing a period, from the period of `since` (the start of the go-live year) to the one of `today`."""
    mine = sorted((event for event in events if event.kind in duty.kinds), key=lambda event: event.day)
    days = [event.day for event in mine]
    first = since or date(go_live.year, 1, 1)
    return [
        _judge(duty, unit, period, times, _within(mine, days, period), go_live, today)
        for period, times in duty.periods(first, today)
    ]


def deciding(found: Sequence[Standing], today: date, *, year_start: date | None = None) -> Standing | None:
    """The standing that decides a duty's light: the latest miss of the running assessment year, else the current.

    The year runs from `year_start` (1 January). Of several open periods the one that is soonest due goes first.
    """
    start = year_start or date(today.year, 1, 1)
    missed = [each for each in found if each.status is Status.OVERDUE and each.due_on >= start]
    if missed:
        return max(missed, key=lambda each: each.due_on)
    pressing = [each for each in found if each.status is Status.DUE_SOON]
    current = [each for each in found if today in each.period]
    return min(pressing or current, key=lambda each: each.due_on, default=None)


def light_of(found: Sequence[Standing], today: date, *, year_start: date | None = None) -> Light:
    """The light of a duty today: red after a miss in the running assessment year, else the current period's."""
    standing = deciding(found, today, year_start=year_start)
    return standing.light if standing else Light.GREY


def _within(events: list[Event], days: list[date], period: Period) -> list[Event]:
    """The events of a period, of events in the order of their days; a year's may name the year they belong to."""
    if period.kind is Kind.YEAR:
        return [event for event in events if _belongs(event, period)]
    return events[bisect_left(days, period.start) : bisect_right(days, period.end)]


def _belongs(event: Event, period: Period) -> bool:
    if event.year_of is not None:
        return event.year_of == period.year and event.day >= period.start
    return event.day in period


def _judge(
    duty: Duty, unit: Unit, period: Period, times: int, events: list[Event], go_live: date, today: date
) -> Standing:
    held = _held(events, today)
    planned_on = min((event.day for event in events if not event.held and event.day >= today), default=None)
    due_on = duty.due_on(period)
    law = duty.rule(period.start)
    excused = _excused(duty, unit, period, times if law else 0, go_live)
    if excused:
        status, sentence = excused
    else:
        status = _status(duty, period, times, len(held), today)
        sentence = _sentence(duty, period, times, held, status, planned_on)
    due = excused is None
    return Standing(
        period=period,
        duty=duty,
        rule=law,
        due=due,
        required=times if due else 0,
        done=len(held),
        records=tuple(event.record for event in held),
        due_on=due_on,
        status=status,
        sentence=sentence,
        planned_on=planned_on,
        late=status is Status.DONE and held[times - 1].day > due_on,
    )


def _held(events: list[Event], today: date) -> list[Event]:
    """The events held up to today, one a record, in their order."""
    first: dict[str, Event] = {}
    for event in events:
        if event.held and event.day <= today:
            first.setdefault(event.record, event)
    return list(first.values())


def _excused(duty: Duty, unit: Unit, period: Period, times: int, go_live: date) -> tuple[Status, str] | None:
    """Why nothing is owed in a period, or None where the duty is owed."""
    start, end = duty.needed_part(period)
    if start < go_live:
        return Status.NOT_INCLUDED, f"{period.short}在起算日 {go_live} 之前开始，未纳入"
    if not times:
        return Status.NOT_REQUIRED, f"{period.short}尚无此项要求"
    if not (start in unit.life and end in unit.life):
        return Status.NOT_REQUIRED, f"{period.short}支部存续不满，不要求"
    if not duty.applies(unit, period):
        return Status.NOT_REQUIRED, f"{period.short}不具备{duty.name}的前提，不要求"
    return None


def _status(duty: Duty, period: Period, times: int, done: int, today: date) -> Status:
    due_on = duty.due_on(period)
    if done >= times:
        return Status.DONE
    if today > due_on:
        return Status.OVERDUE
    if due_on - today < timedelta(days=duty.amber[period.kind]):
        return Status.DUE_SOON
    return Status.NOT_YET


def _sentence(
    duty: Duty, period: Period, times: int, held: list[Event], status: Status, planned_on: date | None
) -> str:
    due_on, done = duty.due_on(period), len(held)
    if status is Status.DONE:
        days = "、".join(_day(event.day, period) for event in held)
        late = f"，晚于 {due_on}" if held[times - 1].day > due_on else ""
        return f"{period.short}已{duty.verb}{f' {done} 次' if done > 1 else ''}（{days}）{late}"
    count = f"只{duty.verb} {done} 次，应{duty.verb} {times} 次" if done else f"未{duty.verb}"
    if status is Status.OVERDUE:
        return f"{period.short}{count}"
    if planned_on:
        return f"计划 {_day(planned_on, period)}"
    return f"{period.short}{count.replace('只', '已')}，{_day(due_on, period)} 前完成"


def _day(day: date, period: Period) -> str:
    return f"{day:%m-%d}" if day.year == period.year else day.isoformat()
