"""What a unit wrote before and would write again: where it meets, and what it studies these weeks."""

from datetime import timedelta
from typing import Any

from django.db.models import Max

from linghang.activities.actions import VIEW
from linghang.activities.models import Meeting, Topic
from linghang.kernel import clock
from linghang.org.models import Person, Unit
from linghang.ui.forms import HouseForm

LATELY, A_YEAR = timedelta(days=92), timedelta(days=366)
MOST = 6


def recall(form: HouseForm, unit: Unit, *names: str) -> None:
    """Let the fields of these names (`place`, `first_topic`) offer what was written before, the latest first."""
    fields: Any = form.fields
    for name in names:
        fields[name].widget.suggestions = WRITTEN[name](form.person, unit)


def _places(person: Person, unit: Unit) -> list[str]:
    held = _lately(person, unit, A_YEAR).exclude(place="")
    return list(held.values_list("place", flat=True).annotate(last=Max("held_on")).order_by("-last")[:MOST])


def _studied(person: Person, unit: Unit) -> list[str]:
    """One document is studied by the committee, the groups and the assembly: it is written once."""
    study = Topic.objects.filter(kind__in=(Topic.Kind.FIRST, Topic.Kind.STUDY))
    found = study.filter(meeting__in=_lately(person, unit, LATELY)).values_list("title", flat=True)
    return list(found.annotate(last=Max("meeting__held_on")).order_by("-last")[:MOST])


def _lately(person: Person, unit: Unit, back: timedelta) -> Any:
    """Meetings of the unit and of the one above it, as far as this person may read them, also those to come."""
    near = [unit.pk, unit.parent_id]
    held = Meeting.objects.within(person, VIEW).filter(unit__in=near, held_on__gte=clock.today() - back)
    return held.exclude(state=Meeting.State.CANCELLED).order_by()


WRITTEN = {"place": _places, "first_topic": _studied}
