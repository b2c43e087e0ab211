"""A year of assessment in the demo hospital: opened, tried out each season, settled once its twelve months are over."""

import random
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal

from linghang.assessment import actions
from linghang.assessment.models import Cycle, Objection, Rating, Scheme, Score
from linghang.assessment.parameters import SHOW_TRIAL
from linghang.engine.rate import quota
from linghang.kernel import parameters
from linghang.org.demo import holder
from linghang.org.models import Person, Unit
from linghang.rules.periods import add_months

State = Cycle.State
TRIALS = (5, 8, 11)
TRIAL_DAY = 20
SETTLED = 60  # before that a cycle has too little in it to be worth a look
LATE_ITEM = "D2"
OBJECTIONS = ("三季度党员大会已按期召开，记录晚录了两天，请核对", "本支部今年没有发展党员任务，C2 应为不适用")


def play(day: date, rng: random.Random) -> None:
    """Open, try out, and once the period is over take one step a day."""
    office, clerk = holder("office_director"), holder("office_clerk")
    if office is None or clerk is None:
        return
    running = Cycle.objects.filter(since__lte=day, until__gte=day).first()
    if running is not None:
        _try_out(running, day, clerk, rng)
    else:
        _open(day, office)
    over = Cycle.objects.filter(until__lt=day).exclude(state=State.LOCKED).order_by("until").first()
    if over is not None:
        STEPS[State(over.state)](over, day, rng)


def _open(day: date, office: Person) -> None:
    unit = Unit.objects.filter(kind__in=(Unit.Kind.COMMITTEE, Unit.Kind.GENERAL)).order_by("path").first()
    scheme = Scheme.objects.on(day).first()
    if unit is None or scheme is None:
        return
    since = day.replace(day=1)
    until = add_months(since, 12) - timedelta(days=1)
    title = f"{until.year} 年度"
    actions.open_cycle(office, scheme=scheme, unit=unit, title=title, since=since, until=until)
    if not parameters.value(SHOW_TRIAL, day):
        parameters.put(office, SHOW_TRIAL, True, day, note="支部可看试算")


def _try_out(cycle: Cycle, day: date, clerk: Person, rng: random.Random) -> None:
    """Once in May, August and November: marks by hand, then a run. One figure is still missing until the year's end."""
    due = day.month in TRIALS and day.day >= TRIAL_DAY and (day - cycle.since).days > SETTLED
    if due and not cycle.runs.filter(as_of__gte=day.replace(day=1)).exists():
        missing = cycle.branches().last()
        _mark(cycle, clerk, rng, without={missing.pk} if missing else set())
        actions.compute(cycle, clerk)


def _mark(cycle: Cycle, by: Person, rng: random.Random, without: set[int]) -> int:
    """Marks for what is not there yet, and how many; a branch that is good at one thing is usually good at others."""
    given = 0
    known, branches = cycle.marks_by_item(), list(cycle.branches())
    level = {unit.pk: 0.78 + 0.2 * ((unit.pk * 7919) % 97) / 97 for unit in branches}
    for entry in cycle.scheme.content.items:
        if not entry.by_hand or entry.claimed:
            continue
        left = [unit.pk for unit in branches if unit.pk not in known.get(entry.code, {})]
        if entry.code == LATE_ITEM:
            left = [pk for pk in left if pk not in without]
        marks = {pk: _mark_of(entry.full, level[pk], rng) for pk in left}
        if marks:
            actions.enter_manual(cycle, by, marks={entry.code: marks})
            given += len(marks)
    return given


def _decide(cycle: Cycle, by: Person) -> int:
    """What the records suggest is looked into and confirmed, and how many there were."""
    found = cycle.undecided()
    for line in found:
        actions.enter_manual(
            cycle,
            by,
            marks={line.code: {line.unit_id: Decimal(1)}},
            notes={line.code: {line.unit_id: "已核对督查记录"}},
        )
    return len(found)


def _mark_of(full: float, level: float, rng: random.Random) -> Decimal:
    share = min(1.0, max(0.4, rng.gauss(level, 0.06)))
    return (Decimal(str(full)) * Decimal(str(share)) * 2).quantize(Decimal(1)) / 2


def _final_run(cycle: Cycle, day: date, rng: random.Random) -> None:
    clerk = holder("office_clerk")
    if clerk is None:
        return
    fresh = _mark(cycle, clerk, rng, without=set()) + _decide(cycle, clerk)
    if fresh or cycle.run is None or cycle.run.as_of < cycle.until:
        actions.compute(cycle, clerk)
    else:
        actions.propose(cycle, clerk)


def _confirm(cycle: Cycle, day: date, rng: random.Random) -> None:
    """The committee votes on those that are equal at the edge: places go round in the order of the tree."""
    leader = holder("deputy_party_secretary") or holder("party_secretary")
    if leader is None:
        return
    ratings = list(cycle.ratings.select_related("unit"))
    places = {
        each.name: quota(len(ratings), each.share) - sum(row.proposed == each.name for row in ratings)
        for each in cycle.scheme.content.ratings
        if each.share is not None
    }
    decided = {}
    for row in (row for row in ratings if row.among):
        name = next((each for each in row.among if places.get(each, 1) > 0), row.among[-1])
        places[name] = places.get(name, len(ratings)) - 1
        decided[row.pk] = name
    actions.confirm_rating(cycle, leader, decided=decided, reasons=dict.fromkeys(decided, "集体票决"))


def _publish(cycle: Cycle, day: date, rng: random.Random) -> None:
    office = holder("office_director")
    if office:
        actions.publish(cycle, office)


def _settle(cycle: Cycle, day: date, rng: random.Random) -> None:
    """Two branches object on the day after publication; the director answers; then the result is locked."""
    office = holder("office_director")
    raised = Objection.objects.of(cycle)
    if office is None or cycle.objections_until is None:
        return
    if day <= cycle.objections_until and not raised.exists():
        _object(cycle, rng)
    elif raised.open().exists():
        for each in raised.open():
            actions.answer(each, office, answer="已核对原始记录，计分无误，维持原结果。")
    elif day > cycle.objections_until:
        actions.lock(cycle, office)


def _object(cycle: Cycle, rng: random.Random) -> None:
    ratings: list[Rating] = list(cycle.ratings.select_related("unit", "cycle"))
    for rating, text in zip(_some(ratings, rng), OBJECTIONS, strict=False):
        secretary = holder("secretary", rating.unit)
        score = (
            Score.objects.filter(run=cycle.run, unit=rating.unit, section="base").order_by("points").first()
        )
        if secretary:
            actions.raise_objection(secretary, rating=rating, score=score, text=text)


def _some(ratings: list[Rating], rng: random.Random) -> Iterable[Rating]:
    return rng.sample(ratings, min(len(OBJECTIONS), len(ratings)))


STEPS: dict[State, Callable[[Cycle, date, random.Random], None]] = {
    State.OPEN: _final_run,
    State.COMPUTED: _final_run,
    State.PROPOSED: _confirm,
    State.CONFIRMED: _publish,
    State.PUBLISHED: _settle,
}
