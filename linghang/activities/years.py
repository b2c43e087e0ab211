"""The plan of a year: how often by the rules, on which days by habit; what stands already is not proposed again."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from typing import Any

from linghang.activities.models import How, Kind, Meeting, Theme, held_by, kind_of
from linghang.kernel import clock
from linghang.kernel.parameters import DECLARED, value
from linghang.org.models import Post, Unit
from linghang.rules.duties import COMMITTEE, GROUPS, read_frequency, statutory
from linghang.rules.periods import Kind as Length
from linghang.rules.periods import Period, add_years
from linghang.rules.workdays import is_workday, next_workday

FULL_COMMITTEE = 3


@dataclass(frozen=True)
class Proposal:
    """One meeting that the plan of a year proposes."""

    kind: str
    held_on: date
    why: str
    also: tuple[str, ...] = ()
    title: str = ""
    starts_at: time | None = None
    place: str = ""
    replies: dict[str, str] = field(default_factory=dict)


@dataclass
class Habits:
    """When and where a unit met: everything it held or planned in the year before and the one in question."""

    met: list[Meeting]
    latest: dict[str, Meeting] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.latest = {meeting.kind: meeting for meeting in self.met}

    def within(self, kind: str, period: Period) -> list[Meeting]:
        """The meetings that counted as this kind in a period."""
        return [m for m in self.met if kind in (m.kind, *m.also) and m.held_on in period]


def habits(unit: Unit, year: int) -> Habits:
    """What a unit held, or has planned, since the beginning of the year before."""
    rows = Meeting.objects.filter(unit=unit).exclude(state=Meeting.State.CANCELLED)
    return Habits(list(rows.between(date(year - 1, 1, 1), date(year, 12, 31)).order_by("held_on", "pk")))


def by_rules(unit: Unit, year: int, today: date) -> list[Proposal]:
    """As often as the rules (or the hospital, where stricter) ask for, less what stands already."""
    known, has = habits(unit, year), _presuppositions(unit)
    found: dict[str, list[Proposal]] = {}
    for kind in sorted(held_by(unit.kind), key=lambda kind: bool(kind.joins)):
        if not kind.rule or statutory(kind.rule).needs not in (None, *has):
            continue
        found[kind.code] = list(_owed(kind, year, today, known, found.get(kind.joins, [])))
    owed = sorted((one for each in found.values() for one in each), key=lambda one: one.held_on)
    return _themed(unit, year, owed)


def _themed(unit: Unit, year: int, proposed: list[Proposal]) -> list[Proposal]:
    """The same, the themed days of a month that has a theme called by it."""
    themes = Theme.objects.for_unit(unit, date(year, 1, 1), date(year, 12, 31))

    def named(one: Proposal) -> Proposal:
        theme = themes.get(one.held_on.replace(day=1)) if one.kind == Meeting.Kind.THEMED_DAY else None
        return replace(one, title=theme) if theme else one

    return [named(one) for one in proposed]


def _presuppositions(unit: Unit) -> set[str]:
    """What some duties presuppose: a committee of at least three, groups."""
    has = {GROUPS} if unit.children.filter(kind=Unit.Kind.GROUP, until=None).exists() else set()
    held: Any = Post.objects
    seats = held.on(clock.today()).filter(unit=unit, role__on_committee=True).values("person").distinct()
    return has | ({COMMITTEE} if seats.count() >= FULL_COMMITTEE else set())


def _owed(kind: Kind, year: int, today: date, known: Habits, hosts: list[Proposal]) -> Iterator[Proposal]:
    """The meetings of one kind; one that usually joins another takes that one's day and is not a meeting of its own."""
    length, times = frequency(kind, date(year, 1, 1))
    for period in Period.between(length, date(year, 1, 1), date(year, 12, 31)):
        missing = times - len(known.within(kind.code, period))
        for place in range(times - missing, times) if period.end >= today else ():
            host = _host(hosts, period, kind.code)
            if host is not None:
                hosts[hosts.index(host)] = replace(host, also=(*host.also, kind.code))
            else:
                yield _proposal(kind, known, _day(kind, period, place, times, known, today), "按频次")


def _host(hosts: list[Proposal], period: Period, code: str) -> Proposal | None:
    inside = [one for one in hosts if one.held_on in period and code not in one.also]
    return inside[len(inside) // 2] if inside else None


def frequency(kind: Kind, on: date) -> tuple[Length, int]:
    """How often a kind is wanted: the hospital's own frequency where one is declared, else the text's."""
    usual = statutory(kind.rule).frequencies[0]
    own = read_frequency(str(value(kind.frequency, on))) if kind.frequency in DECLARED else None
    return own or (usual.kind, usual.times)


def _day(kind: Kind, period: Period, place: int, times: int, known: Habits, today: date) -> date:
    """The day of a year ago, or the usual one in the right month of the period; never past, never a holiday."""
    before = known.within(kind.code, Period.containing(period.kind, add_years(period.start, -1)))
    if place < len(before):
        day = add_years(before[place].held_on, 1)
    else:
        last = known.latest.get(kind.code)
        month = period.start.month + (place + 1) * period.kind // times - 1
        day = date(period.year, month, min(last.held_on.day, 28) if last else kind.usual_day)
    return working(max(day, today), period)


def working(day: date, period: Period) -> date:
    """The working day at or after a day, or before it where the period would end."""
    later = next_workday(day)
    if later in period:
        return later
    return next((each for i in range(15) if is_workday(each := day - timedelta(days=i))), day)


def _proposal(kind: Kind, known: Habits, day: date, why: str) -> Proposal:
    last = known.latest.get(kind.code)
    return Proposal(
        kind.code, day, why, starts_at=last.starts_at if last else None, place=last.place if last else ""
    )


def by_last_year(unit: Unit, year: int, today: date) -> list[Proposal]:
    """What was held in the year before, a year later; kinds that are recorded by one tap are not planned."""
    known = habits(unit, year)
    planned: dict[tuple[str, int], int] = defaultdict(int)
    for meeting in known.met:
        planned[meeting.kind, meeting.held_on.month] += meeting.held_on.year == year
    return _themed(unit, year, list(_again((m for m in known.met if m.held_on.year < year), planned, today)))


def _again(
    meetings: Iterable[Meeting], planned: dict[tuple[str, int], int], today: date
) -> Iterator[Proposal]:
    for one in meetings:
        day = working(add_years(one.held_on, 1), Period.containing(Length.YEAR, add_years(one.held_on, 1)))
        if kind_of(one.kind).one_tap or kind_of(one.kind).retired or day < today:
            continue
        if planned[one.kind, one.held_on.month] > 0:
            planned[one.kind, one.held_on.month] -= 1
            continue
        why = f"去年 {one.held_on:%m-%d}"
        again = (tuple(one.also), one.title, one.starts_at, one.place, modes_of(one))
        yield Proposal(one.kind, day, why, *again)


def modes_of(meeting: Meeting) -> dict[str, str]:
    """How it was held, of the options that its kind asks for: what a plan can say beforehand (S0-03)."""
    options = {code: ask.options for code, ask in meeting.asked.items() if ask.how == How.CHOICE}
    return {code: reply for code, reply in meeting.replies.items() if reply in options.get(code, ())}
