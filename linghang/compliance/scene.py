"""Everything that judging needs to know about some branches over some months, in a handful of queries."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import Value
from django.db.models.functions import Concat

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
from linghang.kernel.facts import SOURCES
from linghang.kernel.parameters import History, histories, value_on
from linghang.org.models import Membership, Placement, Post, Unit
from linghang.rules import duties as rules
from linghang.rules.periods import Kind, Period, Span, add_years

MEETINGS, PLANS = "activities.meetings", "activities.plans"
SEAT, MEMBER, GROUP, WAIVER = range(4)
COMMITTEE_SIZE = 3
DAY = timedelta(days=1)
FAR = date(9999, 1, 1)


class Seat(NamedTuple):
    """Somebody on a branch committee for a time."""

    person: int
    role: str
    since: date
    until: date | None


class Member(NamedTuple):
    status: str
    since: date
    until: date | None


class Waived(NamedTuple):
    """A time for which a branch is excused from a duty, and why."""

    words: str
    since: date
    until: date


class Task(NamedTuple):
    """A line of an order that a branch answers for."""

    ref: str
    kind: str
    due_on: date
    closed_on: date | None


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

    @cached_property
    def months(self) -> list[Period]:
        return list(Period.between(Kind.MONTH, self.since, self.today))

    @property
    def duties_now(self) -> list[Duty]:
        """The duties in force today."""
        return [duty for duty in self.duties if duty.governs(self.today)]


def load(
    units: Sequence[Unit],
    since: date,
    today: date,
    *,
    code: str = "",
    plans: bool = True,
    history: bool = True,
) -> Scene:
    """Six queries, however many branches and months.

    `code` keeps to one duty, `plans` brings what is to come; without `history` a state is judged of today only.
    """
    keys = [unit.pk for unit in units]
    duties = Duty.objects.during(since, today)
    asked = duties.filter(code=code) if code else duties
    scene = Scene(since, today, _settings(histories(), today), list(asked), {}, history)
    homes = _load_standing(scene, keys)
    _load_tasks(scene, keys)
    scene.units = {unit.pk: _rules_unit(unit, scene, homes) for unit in units}
    if any(duty.judge == Duty.Judge.MEETINGS for duty in scene.duties):
        _load_events(scene, set(keys), homes, MEETINGS, held=True)
        if plans:
            _load_events(scene, set(keys), homes, PLANS, held=False)
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


def _rules_unit(unit: Unit, scene: Scene, homes: Homes) -> rules.Unit:
    return rules.Unit(
        Span(unit.since, unit.until - DAY if unit.until else None),
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


def holds(row: Seat | Member, day: date) -> bool:
    return row.since <= day and (row.until is None or day < row.until)


def _load_standing(scene: Scene, keys: list[int]) -> Homes:
    """Committees, members, groups and waivers of the branches: dated rows alike, so one query brings them all."""
    days, nothing = ("since", "until"), Value("")
    seats = Post.objects.filter(unit__in=keys, role__on_committee=True, acting_for__isnull=True)
    members = Membership.objects.during(scene.since, scene.today).filter(branch__in=keys)
    groups = Placement.objects.filter(parent__in=keys, unit__kind=Unit.Kind.GROUP)
    waivers = Waiver.objects.filter(unit__in=keys, until__gte=scene.since)
    words = Concat("reason", Value("（"), "by_name", Value("）"))
    first, *others = (
        _marked(seats, SEAT).values_list("what", "unit_id", "person_id", "role_id", nothing, *days),
        _marked(members, MEMBER).values_list("what", "branch_id", "person_id", "status", nothing, *days),
        _marked(groups, GROUP).values_list("what", "parent_id", "unit_id", nothing, nothing, *days),
        _marked(waivers, WAIVER).values_list("what", "unit_id", "pk", "duty", words, *days),
    )
    placed = []
    for what, branch, key, code, said, since, until in first.union(*others, all=True):
        if what == SEAT:
            scene.seats[branch].append(Seat(key, code, since, until))
        elif what == MEMBER:
            scene.members[branch].append(Member(code, since, until))
        elif what == GROUP:
            placed.append((key, branch, since, until))
        else:
            scene.waivers[branch, code].append(Waived(said, since, until))
    return Homes(keys, placed)


def _marked(rows: Any, what: int) -> Any:
    """Rows that say what they are, so that they can be told apart among others."""
    return rows.order_by().annotate(what=Value(what))


def _load_tasks(scene: Scene, keys: list[int]) -> None:
    # Only the kinds that a duty asks about: most lines of a hospital belong to reminders and worklists.
    kinds = {kind for duty in scene.duties if duty.judge == Duty.Judge.LINES for kind in duty.kinds}
    if not kinds:
        return
    asked = Line.objects.filter(order__unit__in=keys, order__kind__in=kinds, due_on__gte=scene.since)
    lines = (
        asked.filter(order__issued_on__lte=scene.today)
        .exclude(order__state=Order.State.VOID)
        .order_by("due_on", "pk")
        .values_list("order__unit_id", "pk", "order__kind", "due_on", "closed_on")
    )
    for unit, pk, kind, due_on, closed_on in lines:
        assert due_on is not None
        scene.tasks[unit].append(Task(f"dispatch.line:{pk}", kind, due_on, closed_on))


def _load_events(scene: Scene, keys: set[int], homes: Homes, name: str, held: bool) -> None:
    source = SOURCES.get(name)
    if source is None:
        return
    names, label = list(source.schema), source.of.lower()
    places = [names.index(each) for each in ("record", "unit", "day", "kind")]
    year = names.index("of_year") if "of_year" in names else None
    first = Period.containing(Kind.YEAR, scene.since).start if held else scene.today
    last = scene.today if held else Period.containing(Kind.YEAR, scene.today).end
    for row in source.rows(first, last, {*keys, *homes.groups}):
        record, unit, day, kind = (row[place] for place in places)
        home = homes.of(unit, day)
        if home in keys:
            of_year = row[year] if year is not None else None
            scene.events[home].append(
                rules.Event(day, kind, f"{label}:{record}", held, int(of_year) if of_year else None)
            )
