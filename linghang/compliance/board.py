"""The board of all lights: branches by duty, the 党委 and 总支 themselves, and how many stand how under each of them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.urls import reverse

from linghang.compliance import checkup
from linghang.compliance.judge import Check, judged, scene_of
from linghang.compliance.models import Duty
from linghang.compliance.scene import Scene
from linghang.kernel import clock
from linghang.kernel.figures import figure_url
from linghang.org.models import Unit
from linghang.rules.frequency import Light


class Cell(NamedTuple):
    """One duty of one unit; a duty that is none of its own leaves the cell empty."""

    duty: Duty
    check: Check | None
    word: str
    url: str

    @property
    def label(self) -> str:
        return self.duty.title

    @property
    def title(self) -> str:
        """What is said of it before one opens it."""
        return f"{self.duty}：{self.check.sentence}" if self.check else ""


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

    @property
    def told(self) -> list[Duty]:
        """The columns that are shown."""
        return [duty for duty in self.duties if duty not in self.quiet]

    def cells(self, line: Line) -> list[Cell]:
        """Those of its cells whose columns are shown."""
        return [cell for cell in line.cells if cell.duty not in self.quiet]

    @property
    def let_off(self) -> list[tuple[str, str]]:
        """What some of these branches do not owe because of their shape: (branches, duties)."""
        found: dict[str, list[str]] = defaultdict(list)
        for duty in self.duties:
            units = [
                line.unit for line in self.lines if duty.concerns(line.unit) and duty.lets_off(line.unit)
            ]
            found["、".join(str(unit) for unit in units)].append(duty.title)
        return [(names, "、".join(titles)) for names, titles in found.items() if names]


def board(units: Sequence[Unit], day: date, parent: str = "") -> Board:
    """All units of the Party on a day, under the superiors of that day; `parent` keeps to the branches of one."""
    scene = scene_of(units, today=day, history=False)
    known = {unit.pk: unit for unit in units}
    above = {unit.pk: known.get(scene.parents.get(unit.pk, 0)) for unit in units}
    found = judged(units, scene)
    on = day.isoformat() if day < clock.today() else ""
    heads = [unit for unit in units if unit.kind != Unit.Kind.BRANCH and found[unit.pk] and not parent]
    duties = _columns(scene, branches=True)
    own_duties = [d for d in _columns(scene, branches=False) if any(d.concerns(unit) for unit in heads)]
    lines = [_line(u, above[u.pk], found[u.pk], duties, on) for u in units if u.kind == Unit.Kind.BRANCH]
    shown = [each for each in lines if not parent or str(each.parent.pk if each.parent else "") == parent]
    own = [_line(u, above[u.pk], found[u.pk], own_duties, on) for u in heads]
    parents = sorted({each.parent for each in lines if each.parent}, key=lambda unit: unit.path)
    sums = [_sum(one, [each for each in lines if each.parent == one]) for one in parents]
    shown.sort(key=lambda each: each.urgency)
    return Board(scene, duties, shown, _quiet(shown), own_duties, own, sums, _sum(None, shown), parents)


def _quiet(lines: list[Line]) -> list[Duty]:
    """Duties that nobody has to think of on that day: not yet due, required of none, or in order with the few they
    concern."""
    cells = [cell for line in lines for cell in line.cells if cell.check]
    told = {cell.duty.code for cell in cells if cell.check and _tells(cell.duty, cell.check.light)}
    return [cell.duty for cell in (lines[0].cells if lines else ()) if cell.duty.code not in told]


def _tells(duty: Duty, light: Light) -> bool:
    return light in checkup.URGENT or (light is Light.GREEN and not duty.shapes)


def _columns(scene: Scene, *, branches: bool) -> list[Duty]:
    return [duty for duty in scene.duties_now if duty.is_of_branches == branches]


def _line(unit: Unit, parent: Unit | None, checks: list[Check], duties: list[Duty], on: str) -> Line:
    by_duty = {check.duty.code: check for check in checks}
    home = reverse("desk:branch", args=[unit.pk]) if unit.kind == Unit.Kind.BRANCH else ""
    cells = []
    for duty in duties:
        check = by_duty.get(duty.code)
        cells.append(Cell(duty, check, checkup.word(check) if check else "", _url(unit, duty, home, on)))
    lights = [check.light for check in checks]
    return Line(unit, parent, cells, lights.count(Light.RED), lights.count(Light.AMBER))


def _url(unit: Unit, duty: Duty, home: str, on: str) -> str:
    """Its line on the home page of a branch; who has no such page has the one of the duty itself."""
    if home:
        return f"{home}?all=1{f'&on={on}' if on else ''}#{duty.code}"
    return figure_url("compliance.duties", unit.pk, duty=duty.code, on=on)


def _sum(unit: Unit | None, lines: list[Line]) -> Sum:
    return Sum(
        unit,
        len(lines),
        sum(bool(each.red) for each in lines),
        sum(bool(each.amber) for each in lines),
        sum(each.red for each in lines),
        sum(each.amber for each in lines),
    )


def unchecked(day: date, units: Sequence[Unit]) -> list[Duty]:
    """待核: duties of some of these units that are off because their text is not well checked."""
    off = Duty.objects.on(day).filter(active=False)
    return [duty for duty in off if any(duty.concerns(unit) for unit in units)]
