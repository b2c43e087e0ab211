"""How branches stand in their duties. One computation for lights, checklists, to-dos and scores (支部工作条例).

The demands and the arithmetic are those of `linghang.rules`; here they meet the records of a hospital.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from linghang.compliance import records, structure
from linghang.compliance.models import Duty
from linghang.compliance.parameters import read_frequency, write_frequency
from linghang.compliance.scene import FAR, Scene, Waived, load
from linghang.kernel import clock
from linghang.kernel.parameters import value_on
from linghang.org.models import Unit
from linghang.rules import duties as rules
from linghang.rules.clauses import Basis
from linghang.rules.frequency import Light, Standing, Status, deciding
from linghang.rules.frequency import standings as recurring
from linghang.rules.periods import Kind, add_months
from linghang.rules.register import versions

LONG = 2
OF_MEMBERS = (Duty.Judge.STUDY, Duty.Judge.DUES)
COUNTED = frozenset({Status.DONE, Status.DUE_SOON, Status.OVERDUE, Status.NOT_YET})


class Shape(NamedTuple):
    """A duty as the rules see it, and the words that go with it."""

    duty: Duty
    rule: rules.Duty
    demand: str
    inhouse: bool
    cite: str


@dataclass(frozen=True)
class Check:
    """One duty of one unit: its standings by period, the one that decides its light, and why."""

    unit: Unit
    duty: Duty
    demand: str
    inhouse: bool
    cite: str
    standings: tuple[Standing, ...]
    deciding: Standing | None
    sentence: str
    waived: frozenset[date]
    days: Mapping[str, date]
    today: date
    scene: Scene

    @property
    def status(self) -> Status:
        return self.deciding.status if self.deciding else Status.NOT_REQUIRED

    @property
    def light(self) -> Light:
        return self.status.light

    @property
    def records(self) -> list[str]:
        """The records that count, by their days."""
        return list(dict.fromkeys(ref for each in self.standings for ref in each.records))

    @property
    def later(self) -> list[str]:
        """补记: what counts because of its day and was written down only after the day that is asked about."""
        return [ref for ref in self.records if self._recorded_after(ref)]

    @property
    def faulty(self) -> list[str]:
        """The records of counted periods that are not in order: another matter than whether it was held."""
        held, due = self.scene.held, [each for each in self.standings if each.status in COUNTED]
        refs = dict.fromkeys(ref for each in due for ref in each.records)
        return [ref for ref in refs if ref in held and held[ref].faults]

    def _recorded_after(self, ref: str) -> bool:
        held = self.scene.held.get(ref)
        return bool(held and held.recorded_on and held.recorded_on > self.today)

    @property
    def current(self) -> Standing | None:
        """The standing of the period that is running."""
        return next((each for each in reversed(self.standings) if self.today in each.period), None)


def checkups(
    units: Sequence[Unit], *, today: date | None = None, since: date | None = None
) -> dict[int, list[Check]]:
    """Every duty of every unit, from the period of `since` (the last twelve months) up to today."""
    return judged(units, scene_of(units, today=today, since=since))


def scene_of(
    units: Sequence[Unit],
    *,
    today: date | None = None,
    since: date | None = None,
    plans: bool = True,
    members: bool = True,
    without: Collection[str] = (),
    **more: Any,
) -> Scene:
    """What is known of these units on a day, of all duties or (`code`) one, with or without (`plans`) what is to come.

    On an earlier day: records dated up to it, on the organisation, the duties and the parameters of that day. What was
    planned then is not known any more. Without `members` their hours and dues are left out: two queries less; `without`
    names other ways of judging to leave out.
    """
    day = today or clock.today()
    scene = load(units, since or add_months(day.replace(day=1), -11), day, **more)
    left_out = {*without, *(() if members else OF_MEMBERS)}
    scene.duties = [duty for duty in scene.duties if duty.judge not in left_out]
    records.load(scene, {unit.pk for unit in units}, plans=plans and day >= clock.today())
    return scene


def judged(units: Sequence[Unit], scene: Scene) -> dict[int, list[Check]]:
    """How these units stand in every duty of a scene."""
    shapes = [_shape(duty, scene) for duty in scene.duties]
    found = {}
    for unit in units:
        days = {event.record: event.day for event in scene.events.get(unit.pk, ())}
        found[unit.pk] = [_check(unit, versions_, days, scene) for versions_ in _latest(shapes, unit)]
    return found


def _latest(shapes: list[Shape], unit: Unit) -> list[list[Shape]]:
    """The versions of each duty that concerns a unit, one list a duty."""
    found: dict[str, list[Shape]] = defaultdict(list)
    for shape in shapes:
        if shape.duty.concerns(unit):
            found[shape.duty.code].append(shape)
    return list(found.values())


def _shape(duty: Duty, scene: Scene) -> Shape:
    if duty.judge != Duty.Judge.MEETINGS:
        laws = versions(duty.rule) if duty.rule else ()
        inhouse = not laws or laws[-1].basis is Basis.HOSPITAL
        cite = duty.basis if inhouse else laws[-1].cite
        return Shape(
            duty, rules.Duty(duty.title, frozenset(duty.kinds), laws, ()), duty.demand, inhouse, cite
        )
    held = scene.settings.histories[duty.parameter]
    own = {day: read_frequency(written) for day, written in held if day != date.min}
    known = rules.statutory(
        duty.rule,
        own=own,
        closes=scene.settings.closes(scene.since, scene.today),
        amber=scene.settings.amber,
    )
    law = known.versions[-1]
    now, usual = value_on(held, scene.today), held[0][1]
    inhouse = law.basis is Basis.HOSPITAL or read_frequency(now) != read_frequency(usual)
    cite = duty.basis if inhouse and duty.basis else law.cite
    return Shape(duty, replace(known, kinds=frozenset(duty.kinds)), _demand(held, scene.today), inhouse, cite)


def _demand(held: list[tuple[date, str]], today: date) -> str:
    """“每季度 1 次”, with a change that is already decided: “每季度 1 次（2027-01-01 起每月 1 次）”."""
    words = _words(value_on(held, today))
    later = [f"{since} 起{_words(written)}" for since, written in held if since > today]
    return f"{words}（{'，'.join(later)}）" if later else words


def _words(written: str) -> str:
    found = read_frequency(written)
    return write_frequency(Kind(found["period_months"]), found["times_per_period"])


def _check(unit: Unit, shapes: list[Shape], days: Mapping[str, date], scene: Scene) -> Check:
    found: list[Standing] = []
    waivers = scene.waivers.get((unit.pk, shapes[-1].duty.code), [])
    waived: set[date] = set()
    for shape in shapes:
        why = shape.duty.lets_off(unit)
        for standing in _standings(unit, shape, scene):
            if why and shape.duty.governs(standing.period.start):
                found.append(_let_off(standing, why))
            elif shape.duty.governs(standing.period.start):
                waiver = _waiver(standing, waivers)
                waived |= {standing.period.start} if waiver else set()
                found.append(_excuse(standing, waiver) if waiver else standing)
    last = shapes[-1]
    decisive = _deciding(last.duty, found, scene)
    return Check(
        unit,
        last.duty,
        last.demand,
        last.inhouse,
        last.cite,
        tuple(found),
        decisive,
        _sentence(last.duty, found, decisive, scene),
        frozenset(waived),
        days,
        scene.today,
        scene,
    )


def _standings(unit: Unit, shape: Shape, scene: Scene) -> list[Standing]:
    if shape.duty.judge != Duty.Judge.MEETINGS:
        return list(structure.standings(shape.duty, shape.rule, unit, scene))
    return recurring(
        shape.rule,
        scene.units[unit.pk],
        scene.events.get(unit.pk, ()),
        go_live=scene.settings.go_live,
        today=scene.today,
        since=scene.since,
    )


def _waiver(standing: Standing, waivers: list[Waived]) -> Waived | None:
    period = standing.period
    inside = (w for w in waivers if w.since <= period.start and period.end <= w.until)
    return next(inside, None) if standing.due and standing.status is not Status.DONE else None


def _let_off(standing: Standing, why: str) -> Standing:
    """What this kind of branch does not owe; what lies before the go-live day stays not included."""
    if standing.status is Status.NOT_INCLUDED:
        return standing
    return replace(standing, due=False, required=0, status=Status.NOT_REQUIRED, sentence=why)


def _excuse(standing: Standing, waiver: Waived) -> Standing:
    words = f"{standing.period.short}已豁免：{waiver.words}"
    return replace(standing, due=False, required=0, status=Status.NOT_REQUIRED, sentence=words)


def _deciding(duty: Duty, found: list[Standing], scene: Scene) -> Standing | None:
    """A missed meeting colours the whole year; a state that was put right, or a task that was done, is right again."""
    if duty.judge in (Duty.Judge.MEETINGS, Duty.Judge.STUDY):
        return deciding(found, scene.today, year_start=scene.settings.missed_since)
    if duty.judge in (Duty.Judge.LINES, Duty.Judge.DUES):
        return deciding(found, scene.today, year_start=scene.since)
    return found[-1] if found else None


def _runs(missed: list[Standing]) -> Iterator[str]:
    """“二季度、三季度”, and “1 月至 9 月” where three or more follow one another."""
    runs: list[list[Standing]] = []
    for each in missed:
        if runs and runs[-1][-1].period.next == each.period:
            runs[-1].append(each)
        else:
            runs.append([each])
    for run in runs:
        first, last = run[0].period.short, run[-1].period.short
        gap = " " if last[0].isdigit() else ""
        yield f"{first}至{gap}{last}" if len(run) > LONG else "、".join(each.period.short for each in run)


def _sentence(duty: Duty, found: list[Standing], decisive: Standing | None, scene: Scene) -> str:
    if decisive is None:
        return "尚未开始"
    if scene.settings.go_live == FAR:
        return "尚未设定起算日，未纳入"
    if duty.judge != Duty.Judge.MEETINGS or decisive.status is not Status.OVERDUE:
        return decisive.sentence
    missed = [
        each for each in found if each.status is Status.OVERDUE and each.due_on >= scene.settings.missed_since
    ]
    nothing = [each for each in missed if not each.done]
    parts = [f"{'、'.join(_runs(nothing))}未{decisive.duty.verb}"] if nothing else []
    parts += [each.sentence for each in missed if each.done]
    parts += [f"{each.period.short}{each.sentence}" for each in found[-1:] if each.planned_on]
    return "；".join(parts)
