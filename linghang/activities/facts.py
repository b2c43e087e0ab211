"""What others may count of meetings: that they were held, in which order, and who came."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, Sum

from linghang.activities.models import Attendance, How, Meeting, Topic, kinds
from linghang.activities.parameters import LATE_AFTER
from linghang.kernel.facts import Bool, Code, Date, Number, Units, facts, of_units
from linghang.kernel.parameters import history, value_on
from linghang.org.models import Membership

State = Meeting.State


@facts(
    "activities.meetings",
    "组织生活记录",
    of="activities.Meeting",
    kind=Code,
    of_year=Number,
    has_study=Bool,
    confirmed=Bool,
    late=Bool,
    recorded=Date,
    attended=Bool,
)
def meetings(start: date, end: date, units: Units = None) -> Iterator[tuple[Any, ...]]:
    """Meetings that were held, by the day of the event; one that counts as several kinds gives a row for each."""
    study = Topic.objects.filter(meeting=OuterRef("pk"), kind__in=(Topic.Kind.FIRST, Topic.Kind.STUDY))
    called = Attendance.objects.filter(meeting=OuterRef("pk"))
    rows = (
        Meeting.objects.held()
        .between(start, end)
        .filter(of_units("unit", units))
        .annotate(has_study=Exists(study), attended=Exists(called))
        .order_by("held_on", "pk")
        .values_list(
            "pk",
            "unit_id",
            "chair_id",
            "held_on",
            "kind",
            "also",
            "of_year",
            "has_study",
            "state",
            "recorded_on",
            "attended",
        )
    )
    allowed = history(LATE_AFTER)
    for pk, unit, chair, day, kind, also, of_year, has_study, state, recorded_on, attended in rows:
        late = bool(recorded_on and (recorded_on - day).days > value_on(allowed, day))
        for each in (kind, *also):
            said = (each, of_year, has_study, state == State.CONFIRMED, late, recorded_on, attended)
            yield pk, unit, chair, day, *said


@facts(
    "activities.replies",
    "组织生活另问的回答",
    of="activities.Meeting",
    kind=Code,
    ask=Code,
    choice=Code,
    number=Number,
)
def replies(start: date, end: date, units: Units = None) -> Iterator[tuple[Any, ...]]:
    """What meetings that were held replied to what their kind asks besides: the option, the number, or that it was said."""
    held = Meeting.objects.held().between(start, end).filter(of_units("unit", units)).exclude(replies={})
    rows = held.order_by("held_on", "pk")
    for one in rows.only("unit_id", "chair_id", "held_on", "kind", "also", "replies"):
        asked = one.asked
        for code, reply in one.replies.items():
            how = asked[code].how if code in asked else How.TEXT
            choice = reply if how == How.CHOICE else None
            number = float(reply) if how == How.NUMBER else None
            yield one.pk, one.unit_id, one.chair_id, one.held_on, one.kind, code, choice, number


@facts("activities.attendance", "参会记录", of="activities.Attendance", kind=Code, present=Bool)
def attendance(start: date, end: date, units: Units = None) -> Any:
    """Who was expected at meetings that were held, and whether they came."""
    return (
        Attendance.objects.filter(
            of_units("meeting__unit", units),
            meeting__held_on__range=(start, end),
            meeting__state__in=(State.RECORDED, State.CONFIRMED),
        )
        .order_by("pk")
        .values_list("pk", "meeting__unit_id", "person_id", "meeting__held_on", "meeting__kind", "present")
    )


@facts("activities.plans", "组织生活安排", of="activities.Meeting", kind=Code)
def plans(start: date, end: date, units: Units = None) -> Iterator[tuple[Any, ...]]:
    """Meetings that are planned and not yet recorded: what a checkup may name as coming up."""
    rows = (
        Meeting.objects.filter(of_units("unit", units), state=State.PLANNED)
        .between(start, end)
        .order_by("held_on", "pk")
        .values_list("pk", "unit_id", "held_on", "kind", "also")
    )
    for pk, unit, day, kind, also in rows:
        for each in (kind, *also):
            yield pk, unit, None, day, each


@facts("activities.study", "党员学时", of="activities.Attendance", kind=Code, hours=Number, course=Bool)
def study(start: date, end: date, units: Units = None) -> Iterator[tuple[Any, ...]]:
    """Hours of study by whoever came: derived from what they attended, never typed (R-JY-01, R-JY-02)."""
    courses = {code for code, kind in kinds().items() if kind.course}
    rows = (
        Attendance.objects.filter(
            of_units("meeting__unit", units),
            meeting__held_on__range=(start, end),
            meeting__state__in=(State.RECORDED, State.CONFIRMED),
            meeting__hours__gt=0,
            present=True,
        )
        .order_by("pk")
        .values_list("pk", "meeting__unit", "person", "meeting__held_on", "meeting__kind", "meeting__hours")
    )
    for pk, unit, person, day, kind, hours in rows:
        yield pk, unit, person, day, kind, float(hours), kind in courses


@facts("activities.study_years", "党员年度学时", of="org.Person", hours=Number)
def study_years(start: date, end: date, units: Units = None) -> Iterator[tuple[Any, ...]]:
    """The same, added up by person and year, of the members of these branches, wherever they attended."""
    mine = (
        Q() if units is None else Q(person__in=Membership.objects.filter(branch__in=units).values("person"))
    )
    came = Attendance.objects.filter(
        mine,
        meeting__held_on__range=(start, end),
        meeting__state__in=(State.RECORDED, State.CONFIRMED),
        meeting__hours__gt=0,
        present=True,
    )
    # A sum for each year, not a group: SQLite would ask Python for the year of every single row.
    years = range(start.year, end.year + 1)
    sums = {f"in_{year}": Sum("meeting__hours", filter=Q(meeting__held_on__year=year)) for year in years}
    for person, *totals in came.order_by().values_list("person").annotate(**sums):
        for year, total in zip(years, totals, strict=True):
            if total:
                yield person, None, person, min(end, date(year, 12, 31)), float(total)
