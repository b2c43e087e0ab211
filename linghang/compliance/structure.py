"""Duties that are states rather than meetings, judged month by month: terms, committees, size, tasks in time."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from operator import attrgetter

from linghang.compliance.excuses import Found, excused_on
from linghang.compliance.members import fees, hours
from linghang.compliance.models import Duty
from linghang.compliance.scene import COMMITTEE_SIZE, Member, Scene, Seat, holds, seated
from linghang.org.actions.posts import BODIES
from linghang.org.committees import DUTIES
from linghang.org.models import Unit
from linghang.rules import branch, terms
from linghang.rules import duties as rules
from linghang.rules.clauses import Level, Verdict
from linghang.rules.frequency import Standing, Status
from linghang.rules.periods import Kind, Period
from linghang.rules.register import check_override, rule

Judge = Callable[[Unit, Scene, date], Found]
POSTS = {"secretary": "书记", **{role: f"{name}委员" for role, name in DUTIES.items()}}
NO_ROSTER = "尚无党员名册"


def standings(duty: Duty, shape: rules.Duty, unit: Unit, scene: Scene) -> Iterator[Standing]:
    """One standing a month, judged on the month's last day, or today; hours of study are judged by the year."""
    if duty.judge == Duty.Judge.LINES:
        yield from (_tasks(duty, shape, unit.pk, scene, month) for month in scene.months)
    elif duty.judge == Duty.Judge.DUES:
        yield from (fees(shape, unit, scene, month) for month in scene.months)
    elif duty.judge == Duty.Judge.STUDY:
        yield from (hours(shape, unit, scene, year) for year in scene.years)
    else:
        shown = scene.months if scene.history else scene.months[-1:]
        yield from (_state(duty, shape, unit, scene, month) for month in shown)


def _state(duty: Duty, shape: rules.Duty, unit: Unit, scene: Scene, period: Period) -> Standing:
    day = min(period.end, scene.today)
    law = shape.rule(day)
    excused = excused_on(unit, scene, period, day, law)
    status, sentence, due_on = excused or JUDGES[duty.judge](unit, scene, day)
    if status is Status.OVERDUE and day < scene.settings.settled_on:
        status, sentence = Status.DUE_SOON, f"{sentence}（上线核对期：请核对名册和任职）"
    due = status not in (Status.NOT_REQUIRED, Status.NOT_INCLUDED)
    met = int(due and status is not Status.OVERDUE)
    return Standing(period, shape, law, due, int(due), met, (), due_on, status, sentence)


def _term(unit: Unit, scene: Scene, day: date) -> Found:
    """The term runs from the election that was entered; else from the day on which most of the committee took office
    (支部工作条例 第二十一条)."""
    held = _tenure(unit, scene, day)
    if held is None:
        return Status.NOT_REQUIRED, "尚无班子的任职记录", day
    elected_on, postponed, said = held
    term = terms.term(BODIES[unit.kind], elected_on, on=day, postponed=postponed)
    status = {terms.Stage.RUNNING: Status.DONE, terms.Stage.OVERDUE: Status.OVERDUE}.get(
        term.stage, Status.DUE_SOON
    )
    return status, f"{term.sentence}{said}", term.ends_on


def _tenure(unit: Unit, scene: Scene, day: date) -> tuple[date, terms.Postponement | None, str] | None:
    """When the leadership of this day was elected, whether its election was postponed, and how that is known."""
    if entered := next((each for each in scene.tenures[unit.pk] if holds(each, day)), None):
        return entered.since, entered.postponed, ""
    begun = Counter(seat.since for seat in scene.seats[unit.pk] if holds(seat, day))
    if not begun:
        return None
    elected_on, _ = max(begun.items(), key=lambda each: (each[1], each[0]))
    return elected_on, None, "（按任职日期推算，登记换届后以选举日期为准）"


def _committee(unit: Unit, scene: Scene, day: date) -> Found:
    """Whether the committee, its size and its three duties are there (支部工作条例 第二十条)."""
    full = _full(scene, unit, day)
    if not full:
        return Status.NOT_REQUIRED, NO_ROSTER, day
    seats = [seat for seat in scene.seats[unit.pk] if holds(seat, day)]
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
        branch.committee_duties([DUTIES[seat.role] for seat in seats if seat.role in DUTIES], on=day),
        branch.committee_size(people, on=day),
    ]


def _size(unit: Unit, scene: Scene, day: date) -> Found:
    """More than fifty is a hint, not a failing: the text says “generally” (支部工作条例 第四条)."""
    found = branch.size(len(_members(scene, unit, day)), on=day)
    return (Status.DONE if found.met else Status.DUE_SOON), found.sentence, day


def _few(unit: Unit, scene: Scene, day: date) -> Found:
    """Fewer than three full members are a hint: a joint branch may be the better form (支部工作条例 第四、五条)."""
    full = _full(scene, unit, day)
    if not full:
        return Status.NOT_REQUIRED, NO_ROSTER, day
    enough = full >= check_override(rule("R-ZB-01", day), None).number("min_members")
    found = branch.has_branch(full, True, on=day)
    return (Status.DONE if enough else Status.DUE_SOON), found.sentence, day


def _joint(unit: Unit, scene: Scene, day: date) -> Found:
    """A joint branch that covers more than five departments is a hint: the text says “generally” (第五条)."""
    found = branch.joint_units(len({c.department for c in scene.covers[unit.pk] if holds(c, day)}), on=day)
    return (Status.DONE if found.met else Status.DUE_SOON), found.sentence, day


def _temporary(unit: Unit, scene: Scene, day: date) -> Found:
    """Whether the superior approved a temporary branch and named its leaders (支部工作条例 第八条)."""
    named = any(seat.role == "secretary" and holds(seat, day) for seat in scene.seats[unit.pk])
    found = branch.temporary(scene.approvers.get(unit.pk, ""), named, on=day)
    return (Status.DONE if found.met else Status.OVERDUE), found.sentence, day


def _vacancy(unit: Unit, scene: Scene, day: date) -> Found:
    """A post that somebody held and nobody holds; the text sets no day, so it is never red (第二十一条)."""
    known = [seat for seat in scene.seats[unit.pk] if seat.role in POSTS and seat.since <= day]
    if not known:
        return Status.NOT_REQUIRED, "尚无班子的任职记录", day
    wanted = POSTS if branch.needs_committee(_full(scene, unit, day), on=day) else ("secretary",)
    for role in wanted:
        turns = [seat for seat in known if seat.role == role]
        left = max((seat.until for seat in turns if seat.until), default=None)
        if left and not any(holds(seat, day) for seat in turns):
            return Status.DUE_SOON, branch.vacancy(POSTS[role], left, on=day).sentence, day
    return Status.DONE, "没有空缺", day


def _full(scene: Scene, unit: Unit, day: date) -> int:
    return sum(member.status == "full" for member in _members(scene, unit, day))


def _members(scene: Scene, unit: Unit, day: date) -> list[Member]:
    return [member for member in scene.members[unit.pk] if holds(member, day)]


JUDGES: dict[str, Judge] = {
    Duty.Judge.TERM: _term,
    Duty.Judge.COMMITTEE: _committee,
    Duty.Judge.SIZE: _size,
    Duty.Judge.FEW: _few,
    Duty.Judge.JOINT: _joint,
    Duty.Judge.TEMPORARY: _temporary,
    Duty.Judge.VACANCY: _vacancy,
}


_due = attrgetter("due_on")


def _tasks(duty: Duty, shape: rules.Duty, unit: int, scene: Scene, period: Period) -> Standing:
    """The tasks that fall due in a month; the running month also shows those that fall due soon after it."""
    soon = scene.today + timedelta(days=scene.settings.amber[Kind.MONTH])
    last = max(period.end, soon) if scene.today in period else period.end
    tasks = scene.tasks[unit]
    first, after = bisect_left(tasks, period.start, key=_due), bisect_right(tasks, last, key=_due)
    mine = [task for task in tasks[first:after] if task.kind in duty.kinds]
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
