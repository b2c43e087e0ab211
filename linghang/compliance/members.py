"""What is owed by members and shown of their branch as a count, never by name: hours of study, dues."""

from datetime import date, timedelta

from linghang.compliance.excuses import excused_on
from linghang.compliance.scene import Dues, Scene, holds
from linghang.org.models import Unit
from linghang.rules import duties as rules
from linghang.rules import study
from linghang.rules.frequency import Standing, Status
from linghang.rules.periods import Kind, Period

UNKNOWN = "还没有可以依据的记录"
NOTHING = Dues()


def hours(shape: rules.Duty, unit: Unit, scene: Scene, year: Period) -> Standing:
    """R-JY-01: how many members have their hours of the year (党员教育管理工作条例 第二十条).

    Who joined the branch in the course of the year is not counted: the hours of the time before are not all known.
    """
    day, law = min(year.end, scene.today), shape.rule(year.start)
    excused = excused_on(unit, scene, year, day, law)
    members = {m.person for m in scene.members[unit.pk] if m.since <= year.start and holds(m, day)}
    if excused or scene.hours is None or not members:
        status, words, _ = excused or (Status.NOT_REQUIRED, UNKNOWN, day)
        return Standing(year, shape, law, False, 0, 0, (), year.end, status, words)
    done = sum(study.hours(scene.hours.get((who, year.year), 0), on=year.start).met for who in members)
    short = len(members) - done
    words = f"{year.short}应学 {len(members)} 人，已达学时 {done} 人" + (
        f"，还差 {short} 人" if short else ""
    )
    status = _year_status(short, year, scene)
    return Standing(year, shape, law, True, len(members), done, (), year.end, status, words)


def _year_status(short: int, year: Period, scene: Scene) -> Status:
    if not short:
        return Status.DONE
    if scene.today > year.end:
        return Status.OVERDUE
    soon = year.end - scene.today < timedelta(days=scene.settings.amber[Kind.YEAR])
    return Status.DUE_SOON if soon else Status.NOT_YET


def fees(shape: rules.Duty, unit: Unit, scene: Scene, month: Period) -> Standing:
    """Dues of a month that nobody has entered as paid by the end of the month after it (党费规定)."""
    day, law = min(month.end, scene.today), shape.rule(month.start)
    excused = excused_on(unit, scene, month, day, law)
    noted = scene.dues.get((unit.pk, month.start), NOTHING)
    due_on, left, count = month.next.end, tuple(noted.owed), noted.paid + len(noted.owed)
    if excused or not count:
        status, words, _ = excused or (Status.NOT_REQUIRED, f"{month.short}{UNKNOWN}", day)
        return Standing(month, shape, law, False, 0, 0, (), due_on, status, words)
    status, words = _fee_words(count, len(left), month, due_on, scene.today)
    return Standing(month, shape, law, True, count, noted.paid, left, due_on, status, words)


def _fee_words(count: int, left: int, month: Period, due_on: date, today: date) -> tuple[Status, str]:
    if not left:
        return Status.DONE, f"{month.short} {count} 人均已交"
    words = f"{month.short} {left} 人未交"
    if today > due_on:
        return Status.OVERDUE, words
    return (Status.DUE_SOON if today > month.end else Status.NOT_YET), words
