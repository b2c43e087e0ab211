"""What others may count of meetings: that they were held, in which order, and who came."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef

from linghang.activities.models import Attendance, Meeting, Topic
from linghang.activities.parameters import LATE_AFTER
from linghang.kernel.facts import Bool, Code, Number, Units, facts, of_units
from linghang.kernel.parameters import history, value_on

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
)
def meetings(start: date, end: date, units: Units = None) -> Iterator[tuple[Any, ...]]:
    """Meetings that were held, by the day of the event; one that counts as several kinds gives a row for each."""
    study = Topic.objects.filter(meeting=OuterRef("pk"), kind__in=(Topic.Kind.FIRST, Topic.Kind.STUDY))
    rows = (
        Meeting.objects.held()
        .between(start, end)
        .filter(of_units("unit", units))
        .annotate(has_study=Exists(study))
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
        )
    )
    allowed = history(LATE_AFTER)
    for pk, unit, chair, day, kind, also, of_year, has_study, state, recorded_on in rows:
        late = bool(recorded_on and (recorded_on - day).days > value_on(allowed, day))
        for each in (kind, *also):
            yield pk, unit, chair, day, each, of_year, has_study, state == State.CONFIRMED, late


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
