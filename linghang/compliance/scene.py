"""Everything that judging needs to know about some branches over some months, in a handful of queries."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import Case, CharField, Count, F, Q, Value, When
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils import timezone

from linghang.compliance.models import Duty, Waiver
from linghang.compliance.parameters import (
    AMBER_DAYS,
    BACKFILL_DAYS,
    CLOSING_DAY,
    GO_LIVE,
    SETTLE_DAYS,
    YEAR_START,
    read_day,
)
from linghang.dispatch.models import Line, Order
from linghang.kernel.parameters import History, histories, value_on
from linghang.org.models import Coverage, DuesMonth, Membership, Placement, Post, Term, Unit
from linghang.rules import duties as rules
from linghang.rules.periods import Kind, Period, Span, add_years
from linghang.rules.terms import Postponement

SEAT, MEMBER, GROUP, WAIVER, HOME, COVER, TENURE, TASK, OWED, PAID = range(10)
COMMITTEE_SIZE = 3
PARTY_SECRETARY = "party_secretary"
DAY = timedelta(days=1)
FAR = date(9999, 1, 1)


class Seat(NamedTuple):
    """Somebody on a branch committee for a time."""

    person: int
    role: str
    name: str
    since: date
    until: date | None


class Member(NamedTuple):
    person: int
    status: str
    since: date
    until: date | None


class Tenure(NamedTuple):
    """A term of office as it was entered, with a postponement that was approved."""

    postponed: Postponement | None
    since: date
    until: date | None


class Covered(NamedTuple):
    """A department that a branch covers for a time."""

    department: int
    since: date
    until: date | None


class Waived(NamedTuple):
    """A time for which a branch is excused from a duty, and why."""

    pk: int
    words: str
    since: date
    until: date


class Held(NamedTuple):
    """How a meeting was written down: what is not in order with it, and on which day it was recorded."""

    day: date
    faults: tuple[str, ...]
    recorded_on: date | None


@dataclass
class Dues:
    """How many members of a branch have paid for a month, and what is noted as not paid."""

    paid: int = 0
    owed: list[str] = field(default_factory=list)


class Task(NamedTuple):
    """A line of an order that a branch answers for."""

    key: int
    kind: str
    due_on: date
    closed_on: date | None

    @property
    def ref(self) -> str:
        return f"dispatch.line:{self.key}"


@dataclass(frozen=True)
class Settings:
    """The parameters that judging needs, as they stand on a day, with the dated ones as histories.

    A miss colours its light from `missed_since` on: through the assessment year, and while it may still be filed.
    """

    go_live: date
    missed_since: date
    settled_on: date
    amber: Mapping[Kind, int]
    histories: Mapping[str, History]

    @property
    def began(self) -> str:
        """The day from which periods count, as it is shown; empty while it is not set."""
        return "" if self.go_live == FAR else self.go_live.isoformat()

    def closes(self, since: date, until: date) -> dict[int, date]:
        """The last day for each year's yearly duties: the closing day in force when that year ended."""
        held = self.histories[CLOSING_DAY]
        return {
            year: read_day(f"{year + 1}-{value_on(held, date(year, 12, 31))}")
            for year in range(since.year - 1, until.year + 1)
        }


class Homes:
    """To which branch a unit's records belonged on a day: a group's to the branch under which it stood."""

    def __init__(self, branches: Iterable[int], placed: Iterable[tuple[int, int, date, date | None]]) -> None:
        self._branches = set(branches)
        self.groups: dict[int, list[tuple[int, Span]]] = defaultdict(list)
        for group, branch, since, until in placed:
            self.groups[group].append((branch, Span(since, until - DAY if until else None)))

    def of(self, unit: int, day: date) -> int | None:
        if unit in self._branches:
            return unit
        return next((branch for branch, span in self.groups.get(unit, ()) if day in span), None)

    def spans(self, branch: int) -> list[Span]:
        """The times during which the branch had at least one group."""
        return [span for held in self.groups.values() for home, span in held if home == branch]


@dataclass
class Scene:
    """Branches with their lives, meetings, committees, members and open tasks, up to `today`."""

    since: date
    today: date
    settings: Settings
    duties: list[Duty]
    units: dict[int, rules.Unit]
    history: bool = True
    events: dict[int, list[rules.Event]] = field(default_factory=lambda: defaultdict(list))
    seats: dict[int, list[Seat]] = field(default_factory=lambda: defaultdict(list))
    members: dict[int, list[Member]] = field(default_factory=lambda: defaultdict(list))
    tasks: dict[int, list[Task]] = field(default_factory=lambda: defaultdict(list))
    waivers: dict[tuple[int, str], list[Waived]] = field(default_factory=lambda: defaultdict(list))
    covers: dict[int, list[Covered]] = field(default_factory=lambda: defaultdict(list))
    tenures: dict[int, list[Tenure]] = field(default_factory=lambda: defaultdict(list))
    held: dict[str, Held] = field(default_factory=dict)
    parents: dict[int, int] = field(default_factory=dict)
    approvers: dict[int, str] = field(default_factory=dict)
    hours: dict[tuple[int, int], float] | None = None
    dues: dict[tuple[int, date], Dues] = field(default_factory=lambda: defaultdict(Dues))
    homes: Homes = field(default_factory=lambda: Homes((), ()))

    @cached_property
    def months(self) -> list[Period]:
        return list(Period.between(Kind.MONTH, self.since, self.today))

    @cached_property
    def years(self) -> list[Period]:
        """Without history only those that may still colour a light."""
        since = self.since if self.history else max(self.since, self.settings.missed_since)
        return list(Period.between(Kind.YEAR, since, self.today))

    @cached_property
    def secretaries(self) -> dict[int, list[Seat]]:
        """Who led a 党委, by its unit."""
        found = {
            unit: [each for each in seats if each.role == PARTY_SECRETARY]
            for unit, seats in self.seats.items()
        }
        return {unit: seats for unit, seats in found.items() if seats}

    def ended(self, until: date | None) -> date | None:
        """The end of something as far as it is known on this day: what ends later is still going on."""
        return until if until and until <= self.today else None

    @property
    def duties_now(self) -> list[Duty]:
        """The duties in force today."""
        return [duty for duty in self.duties if duty.governs(self.today)]

    def asks(self, judge: str) -> bool:
        """Whether any duty is judged this way."""
        return any(duty.judge == judge for duty in self.duties)

    def on_committee(self, unit: int) -> list[Seat]:
        """Who sits on a committee today."""
        return [seat for seat in self.seats[unit] if holds(seat, self.today)]

    def members_now(self, unit: int) -> list[Member]:
        """Who belongs to a branch today."""
        return [member for member in self.members[unit] if holds(member, self.today)]


def load(units: Sequence[Unit], since: date, today: date, *, code: str = "", history: bool = True) -> Scene:
    """Three queries, however many branches and months: all but the records, which `records.load` brings.

    `code` keeps to one duty; without `history` a state is judged of today only.
    """
    keys = [unit.pk for unit in units]
    duties = Duty.objects.during(since, today).filter(active=True)
    asked = duties.filter(code=code) if code else duties
    scene = Scene(since, today, _settings(histories(), today), list(asked), {}, history)
    scene.homes = _load_standing(scene, keys)
    scene.units = {unit.pk: _rules_unit(unit, scene, scene.homes) for unit in units}
    return scene


def _settings(held: dict[str, History], today: date) -> Settings:
    now = {code: value_on(history, today) for code, history in held.items()}
    go_live = read_day(now[GO_LIVE]) if now[GO_LIVE] else FAR
    start = date(today.year, int(now[YEAR_START]), 1)
    fileable = today - timedelta(days=int(now[BACKFILL_DAYS]))
    return Settings(
        go_live=go_live,
        missed_since=min(start if start <= today else add_years(start, -1), fileable),
        settled_on=go_live if go_live == FAR else go_live + timedelta(days=int(now[SETTLE_DAYS])),
        amber={kind: int(now[code]) for kind, code in AMBER_DAYS.items()},
        histories=held,
    )


def _rules_unit(unit: Unit, scene: Scene, homes: Homes) -> rules.Unit:
    until = scene.ended(unit.until)
    return rules.Unit(
        Span(unit.since, until - DAY if until else None),
        {rules.COMMITTEE: list(committee_spans(scene.seats[unit.pk])), rules.GROUPS: homes.spans(unit.pk)},
    )


def committee_spans(seats: Sequence[Seat]) -> Iterator[Span]:
    """The times during which a branch had a committee: three people or more in committee posts."""
    turns = sorted({seat.since for seat in seats} | {seat.until for seat in seats if seat.until})
    began: date | None = None
    for day in turns:
        enough = len(seated(seats, day)) >= COMMITTEE_SIZE
        if enough and began is None:
            began = day
        elif not enough and began is not None:
            yield Span(began, day - DAY)
            began = None
    if began is not None:
        yield Span(began)


def seated(seats: Iterable[Seat], day: date) -> set[int]:
    """Who sat on the committee on a day."""
    return {seat.person for seat in seats if holds(seat, day)}


def holds(row: Seat | Member | Covered | Tenure, day: date) -> bool:
    return row.since <= day and (row.until is None or day < row.until)


def _load_standing(scene: Scene, keys: list[int]) -> Homes:
    """Committees, members, groups, superiors, waivers, tasks and dues: dated rows alike, so one query brings them all."""
    days, nothing = ("since", "until"), Value("")
    seats = Post.objects.filter(unit__in=keys, role__on_committee=True, acting_for__isnull=True)
    members = Membership.objects.during(scene.since, scene.today).filter(branch__in=keys)
    groups = Placement.objects.filter(parent__in=keys, unit__kind=Unit.Kind.GROUP)
    covers = Coverage.objects.filter(branch__in=keys)
    # A postponement that was entered after the day that is asked about was not known on it.
    known = When(postponed_on__lte=scene.today, then=Cast("postponed_to", CharField()))
    tenures = Term.objects.filter(unit__in=keys).annotate(
        to=Case(known, default=nothing), begun=F("elected_on")
    )
    approver = Coalesce("unit__approved_by__name", nothing)
    homes = Placement.objects.on(scene.today).filter(unit__in=keys)
    first, *others = (
        _marked(seats, SEAT).values_list("what", "unit_id", "person_id", "role_id", "person__name", *days),
        _marked(members, MEMBER).values_list("what", "branch_id", "person_id", "status", nothing, *days),
        _marked(groups, GROUP).values_list("what", "parent_id", "unit_id", nothing, nothing, *days),
        _marked(homes, HOME).values_list("what", "unit_id", "parent_id", nothing, approver, *days),
        _marked(covers, COVER).values_list("what", "branch_id", "department_id", nothing, nothing, *days),
        _marked(tenures, TENURE).values_list("what", "unit_id", "pk", "to", "approval", "begun", "until"),
        _given(scene, keys),
        *_tasks(scene, keys),
        *_dues(scene, keys),
    )
    placed: list[tuple[int, int, date, date | None]] = []
    for what, unit, key, code, said, since, until in first.union(*others, all=True):
        _place(scene, placed, what, unit, key, code, said, since, until)
    for tasks in scene.tasks.values():
        tasks.sort(key=lambda task: (task.due_on, task.key))
    return Homes(keys, placed)


def _given(scene: Scene, keys: list[int]) -> Any:
    """Waivers that had been given by the day that is asked about, as far as they hold after an early end."""
    known = timezone.make_aware(datetime.combine(scene.today + DAY, time()))
    given = Waiver.objects.filter(unit__in=keys, until__gte=scene.since, at__lt=known)
    # Closed early it holds to the day before; a later day on which it was closed is not known yet.
    early = Q(closed_on__lte=scene.today) & Q(closed_on__lte=F("until"))
    until = Case(When(early, then=F("closed_on")), default=F("until"))
    words = Concat("reason", Value("（"), "by_name", Value("）"))
    return _marked(given, WAIVER).values_list("what", "unit_id", "pk", "duty", words, "since", until)


def _tenure(_: int, postponed_to: str, approval: str, *days: Any) -> Tenure:
    return Tenure(Postponement(date.fromisoformat(postponed_to), approval) if postponed_to else None, *days)


# What is kept of a unit as a list: under which name, and how a row of it is read.
_LISTS: dict[int, tuple[str, Callable[..., Any]]] = {
    SEAT: ("seats", Seat),
    MEMBER: ("members", lambda key, status, _, *days: Member(key, status, *days)),
    COVER: ("covers", lambda key, _code, _said, *days: Covered(key, *days)),
    TENURE: ("tenures", _tenure),
}


def _place(
    scene: Scene, placed: list[Any], what: int, unit: int, key: int, code: str, said: str, *days: Any
) -> None:
    since, until = days
    if what in _LISTS:
        name, read = _LISTS[what]
        getattr(scene, name)[unit].append(read(key, code, said, since, scene.ended(until)))
    elif what == TASK:
        scene.tasks[unit].append(_task(scene, key, code, said, since))
    elif what == OWED:
        scene.dues[unit, since].owed.append(f"org.duesmonth:{key}")
    elif what == PAID:
        scene.dues[unit, since].paid = key
    elif what == GROUP:
        placed.append((key, unit, since, scene.ended(until)))
    elif what == HOME:
        scene.parents[unit], scene.approvers[unit] = key, said
    else:
        scene.waivers[unit, code].append(Waived(key, said, since, until))


def _marked(rows: Any, what: int) -> Any:
    """Rows that say what they are, so that they can be told apart among others."""
    return rows.order_by().annotate(what=Value(what))


def _tasks(scene: Scene, keys: list[int]) -> Iterator[Any]:
    # Only the kinds that a duty asks about: most lines of a hospital belong to reminders and worklists.
    kinds = {kind for duty in scene.duties if duty.judge == Duty.Judge.LINES for kind in duty.kinds}
    if kinds:
        asked = Line.objects.filter(order__unit__in=keys, order__kind__in=kinds, due_on__gte=scene.since)
        lines = asked.filter(order__issued_on__lte=scene.today).exclude(order__state=Order.State.VOID)
        closed = Coalesce(Cast("closed_on", CharField()), Value(""))
        marked = _marked(lines, TASK).annotate(done=closed, due=F("due_on"))
        yield marked.values_list("what", "order__unit_id", "pk", "order__kind", "done", "due", "due_on")


def _task(scene: Scene, key: int, kind: str, closed: str, due_on: date) -> Task:
    # On an earlier day nobody knew that it would be closed later.
    closed_on = date.fromisoformat(closed) if closed else None
    known = closed_on if closed_on and closed_on <= scene.today else None
    return Task(key, kind, due_on, known)


def _dues(scene: Scene, keys: list[int]) -> Iterator[Any]:
    """What is noted as not paid, row by row, and of what is paid how much in each month."""
    if scene.asks(Duty.Judge.DUES):
        first = scene.since.replace(day=1)
        known = DuesMonth.objects.on(scene.today)
        noted = known.filter(branch__in=keys, month__range=(first, scene.today))
        days, nothing = (F("month"), F("month")), Value("")
        owed = _marked(noted.filter(paid=False), OWED)
        yield owed.values_list("what", "branch_id", "pk", nothing, nothing, *days)
        paid = _marked(noted.filter(paid=True).values("branch_id", "month"), PAID).annotate(n=Count("pk"))
        yield paid.values_list("what", "branch_id", "n", nothing, nothing, *days)
