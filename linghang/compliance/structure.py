"""Duties that are states rather than meetings, judged month by month: terms, committees, size, tasks in time."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from linghang.compliance.models import Duty
from linghang.compliance.scene import COMMITTEE_SIZE, Member, Scene, Seat, holds, seated
from linghang.rules import branch, terms
from linghang.rules import duties as rules
from linghang.rules.clauses import Level, Rule, Verdict
from linghang.rules.frequency import Standing, Status
from linghang.rules.periods import Kind, Period

Found = tuple[Status, str, date]
Judge = Callable[[Duty, int, Scene, date], Found]
SEATS = {"organiser": "组织", "publicist": "宣传", "disciplinarian": "纪检"}


def standings(duty: Duty, shape: rules.Duty, unit: int, scene: Scene) -> Iterator[Standing]:
    """One standing a month, judged on the month's last day, or today."""
    if duty.judge == Duty.Judge.LINES:
        yield from (_tasks(duty, shape, unit, scene, month) for month in scene.months)
    else:
        shown = scene.months if scene.history else scene.months[-1:]
        yield from (_state(duty, shape, unit, scene, month) for month in shown)


def _state(duty: Duty, shape: rules.Duty, unit: int, scene: Scene, period: Period) -> Standing:
    day = min(period.end, scene.today)
    law = shape.rule(day)
    excused = _excused(unit, scene, period, day, law)
    status, sentence, due_on = excused or JUDGES[duty.judge](duty, unit, scene, day)
    if status is Status.OVERDUE and day < scene.settings.settled_on:
        status, sentence = Status.DUE_SOON, f"{sentence}（上线核对期：请核对名册和任职）"
    due = status not in (Status.NOT_REQUIRED, Status.NOT_INCLUDED)
    met = int(due and status is not Status.OVERDUE)
    return Standing(period, shape, law, due, int(due), met, (), due_on, status, sentence)


def _excused(unit: int, scene: Scene, period: Period, day: date, law: Rule | None) -> Found | None:
    if period.start < scene.settings.go_live:
        return Status.NOT_INCLUDED, f"{period.short}未纳入", day
    if law is None:
        return Status.NOT_REQUIRED, f"{period.short}尚无此项要求", day
    if day not in scene.units[unit].life:
        return Status.NOT_REQUIRED, f"{period.short}支部不存续，不要求", day
    return None


def _term(duty: Duty, unit: int, scene: Scene, day: date) -> Found:
    """The term runs from the day on which most of the present committee took office (支部工作条例 第二十一条)."""
    begun = [seat.since for seat in scene.seats[unit] if holds(seat, day)]
    if not begun:
        return Status.NOT_REQUIRED, "尚无支部班子的任职记录", day
    elected_on, _ = max(Counter(begun).items(), key=lambda each: (each[1], each[0]))
    term = terms.term(terms.Body.BRANCH, elected_on, on=day)
    status = {terms.Stage.RUNNING: Status.DONE, terms.Stage.OVERDUE: Status.OVERDUE}.get(
        term.stage, Status.DUE_SOON
    )
    return status, term.sentence, term.ends_on


def _committee(duty: Duty, unit: int, scene: Scene, day: date) -> Found:
    """Whether the committee, its size and its three duties are there (支部工作条例 第二十条)."""
    full = sum(member.status == "full" for member in _members(scene, unit, day))
    if not full:
        return Status.NOT_REQUIRED, "尚无党员名册", day
    seats = [seat for seat in scene.seats[unit] if holds(seat, day)]
    verdicts = _verdicts(full, seats, day)
    missing = next((each for each in verdicts if not each.met), None)
    if missing is None:
        return Status.DONE, verdicts[-1].sentence, day
    # Six or seven members want a reason, nothing more; too few or eight are a failing.
    crowded = missing.level is Level.WARN and len(seated(seats, day)) >= COMMITTEE_SIZE
    soft = crowded and missing.rule.code == "R-ZB-21"
    return (Status.DUE_SOON if soft else Status.OVERDUE), missing.sentence, day


def _verdicts(full: int, seats: list[Seat], day: date) -> list[Verdict]:
    if not branch.needs_committee(full, on=day):
        roles = Counter(seat.role for seat in seats)
        return [branch.officers(full, roles["secretary"], roles["deputy_secretary"], on=day)]
    people = len(seated(seats, day))
    return [
        branch.has_committee(full, people > 0, on=day),
        branch.committee_duties([SEATS[seat.role] for seat in seats if seat.role in SEATS], on=day),
        branch.committee_size(people, on=day),
    ]


def _size(duty: Duty, unit: int, scene: Scene, day: date) -> Found:
    """More than fifty is a hint, not a failing: the text says “generally” (支部工作条例 第四条)."""
    found = branch.size(len(_members(scene, unit, day)), on=day)
    return (Status.DONE if found.met else Status.DUE_SOON), found.sentence, day


def _members(scene: Scene, unit: int, day: date) -> list[Member]:
    return [member for member in scene.members[unit] if holds(member, day)]


JUDGES: dict[str, Judge] = {
    Duty.Judge.TERM: _term,
    Duty.Judge.COMMITTEE: _committee,
    Duty.Judge.SIZE: _size,
}


def _tasks(duty: Duty, shape: rules.Duty, unit: int, scene: Scene, period: Period) -> Standing:
    """The tasks that fall due in a month; the running month also shows those that fall due soon after it."""
    soon = scene.today + timedelta(days=scene.settings.amber[Kind.MONTH])
    last = max(period.end, soon) if scene.today in period else period.end
    mine = [t for t in scene.tasks[unit] if t.kind in duty.kinds and period.start <= t.due_on <= last]
    if not mine or period.start < scene.settings.go_live:
        status = Status.NOT_INCLUDED if period.start < scene.settings.go_live else Status.NOT_REQUIRED
        return Standing(
            period, shape, None, False, 0, 0, (), period.end, status, f"{period.short}没有到期事项"
        )
    left = [task for task in mine if task.closed_on is None]
    late = [task for task in left if task.due_on < scene.today]
    due_on = (left or mine)[0].due_on
    status, sentence = _task_words(len(mine), len(left), len(late), due_on, due_on <= soon)
    records = tuple(task.ref for task in mine)
    return Standing(
        period, shape, None, True, len(mine), len(mine) - len(left), records, due_on, status, sentence
    )


def _task_words(count: int, left: int, late: int, due_on: date, soon: bool) -> tuple[Status, str]:
    if late:
        return Status.OVERDUE, f"{late} 项逾期未办结，最早应于 {due_on:%m-%d} 办结"
    if left:
        return (Status.DUE_SOON if soon else Status.NOT_YET), f"{left} 项进行中，{due_on:%m-%d} 到期"
    return Status.DONE, f"到期 {count} 项均已办结"
