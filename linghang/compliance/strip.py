"""The last twelve months of a duty as cells, each leading to the records of its period."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from linghang.compliance.judge import Check
from linghang.kernel import clock
from linghang.kernel.figures import figure_url
from linghang.rules.frequency import Light, Standing, Status
from linghang.rules.periods import Kind, Period, add_months

MONTHS = 12


@dataclass(frozen=True)
class Cell:
    """What `<c-strip>` shows: one period, or the part of it that lies within the twelve months."""

    span: int
    tone: str
    title: str
    url: str
    current: bool


def cells(check: Check) -> list[Cell]:
    """Twelve months ending with this one; a quarter takes three, a year is shown month by month."""
    return [_cell(check, standing, months) for standing, months in _runs(check)]


def _runs(check: Check) -> Iterator[tuple[Standing | None, list[Period]]]:
    first = add_months(check.today.replace(day=1), 1 - MONTHS)
    months = Period.between(Kind.MONTH, first, check.today)
    owned = [(month, _standing(check, month)) for month in months]
    for _, run in groupby(owned, key=lambda each: _run_key(*each)):
        found = list(run)
        yield found[0][1], [month for month, _ in found]


def _run_key(month: Period, standing: Standing | None) -> date:
    joined = standing is not None and standing.period.kind == Kind.QUARTER
    return standing.period.start if joined and standing else month.start


def _standing(check: Check, month: Period) -> Standing | None:
    return next((each for each in check.standings if month.start in each.period), None)


def _cell(check: Check, standing: Standing | None, months: list[Period]) -> Cell:
    current = check.today in months[-1]
    if standing is None:
        return Cell(len(months), "grey", f"{months[0].label}：不要求", "", current)
    if standing.period.kind in (Kind.HALF, Kind.YEAR):
        return _part(check, standing, months[0], current)
    title = f"{standing.period.label}：{standing.status.label}，{standing.sentence}"
    return Cell(len(months), standing.light.value, title, _records(check, standing.period), current)


def _part(check: Check, standing: Standing, month: Period, current: bool) -> Cell:
    """A month of a longer period: green where something was held in it, red only once the last day has passed."""
    held = [record for each in check.standings for record in each.records if check.days[record] in month]
    missed = [each for each in check.standings if each.status is Status.OVERDUE and each.due_on in month]
    light = Light.GREEN if held else Light.RED if missed else Light.GREY
    if current and not held and standing.status is Status.DUE_SOON:
        light = standing.light
    words = "有记录" if held else (missed or [standing])[0].sentence
    return Cell(1, light.value, f"{month.label}：{words}", _records(check, month), current)


def _records(check: Check, period: Period) -> str:
    """The page of the records that a cell stands for."""
    days = {"since": period.start, "until": period.end, "on": on_day(check)}
    return figure_url("compliance.duties", check.unit.pk, duty=check.duty.code, **days)


def on_day(check: Check) -> str:
    """The day that a link has to name: none where today is meant."""
    return check.today.isoformat() if check.today < clock.today() else ""
