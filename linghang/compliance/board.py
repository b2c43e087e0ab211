"""The board of all lights: branches by duty, the 党委 and 总支 themselves, and how many stand how under each of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from linghang.compliance import checkup
from linghang.compliance.judge import Check, judged, scene_of
from linghang.compliance.models import Duty
from linghang.compliance.scene import Scene
from linghang.org.models import Unit
from linghang.rules.frequency import Light

Cell = tuple[Duty, Check | None, str]


@dataclass(frozen=True)
class Line:
    """One unit on the board."""

    unit: Unit
    parent: Unit | None
    cells: list[Cell]
    red: int
    amber: int

    @property
    def urgency(self) -> tuple[int, int, str]:
        """What has something to do comes first; it is no ranking."""
        return -self.red, -self.amber, self.unit.path


@dataclass(frozen=True)
class Sum:
    """How many branches under a superior have something to do, and how many duties these are."""

    unit: Unit | None
    branches: int
    red: int
    amber: int
    red_duties: int
    amber_duties: int


@dataclass(frozen=True)
class Board:
    """What the page shows."""

    scene: Scene
    duties: list[Duty]
    lines: list[Line]
    quiet: list[Duty]
    own_duties: list[Duty]
    own: list[Line]
    sums: list[Sum]
    total: Sum
    parents: list[Unit]


def board(units: Sequence[Unit], day: date, parent: str = "") -> Board:
    """All units of the Party on a day, under the superiors of that day; `parent` keeps to the branches of one."""
    scene = scene_of(units, today=day, history=False)
    known = {unit.pk: unit for unit in units}
    above = {unit.pk: known.get(scene.parents.get(unit.pk, 0)) for unit in units}
    found = judged(units, scene)
    duties, own_duties = _columns(scene, branches=True), _columns(scene, branches=False)
    lines = [_line(u, above[u.pk], found[u.pk], duties) for u in units if u.kind == Unit.Kind.BRANCH]
    shown = [each for each in lines if not parent or str(each.parent.pk if each.parent else "") == parent]
    own = [
        _line(u, above[u.pk], found[u.pk], own_duties)
        for u in units
        if u.kind != Unit.Kind.BRANCH and found[u.pk] and not parent
    ]
    parents = sorted({each.parent for each in lines if each.parent}, key=lambda unit: unit.path)
    sums = [_sum(one, [each for each in lines if each.parent == one]) for one in parents]
    shown.sort(key=lambda each: each.urgency)
    return Board(scene, duties, shown, _quiet(shown), own_duties, own, sums, _sum(None, shown), parents)


def _quiet(lines: list[Line]) -> list[Duty]:
    """Duties that nobody has to think of on that day: not yet due, or required of none of these branches."""
    told = {
        duty.code
        for line in lines
        for duty, check, _ in line.cells
        if check and check.light is not Light.GREY
    }
    return [duty for duty, _, _ in (lines[0].cells if lines else ()) if duty.code not in told]


def _columns(scene: Scene, *, branches: bool) -> list[Duty]:
    return [duty for duty in scene.duties_now if duty.is_of_branches == branches]


def _line(unit: Unit, parent: Unit | None, checks: list[Check], duties: list[Duty]) -> Line:
    by_duty = {check.duty.code: check for check in checks}
    own = [(duty, by_duty.get(duty.code)) for duty in duties]
    cells = [(duty, check, checkup.word(check) if check else "") for duty, check in own]
    lights = [check.light for check in checks]
    return Line(unit, parent, cells, lights.count(Light.RED), lights.count(Light.AMBER))


def _sum(unit: Unit | None, lines: list[Line]) -> Sum:
    return Sum(
        unit,
        len(lines),
        sum(bool(each.red) for each in lines),
        sum(bool(each.amber) for each in lines),
        sum(each.red for each in lines),
        sum(each.amber for each in lines),
    )


def unchecked(day: date) -> list[Duty]:
    """待核: duties that are off because their text is not well checked."""
    return list(Duty.objects.on(day).filter(active=False))
