"""What a unit wrote before and would write again: where it meets, and what it studies these weeks."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.db.models import Max

from linghang.activities.actions import VIEW
from linghang.activities.models import Meeting, Theme, Topic
from linghang.kernel import clock
from linghang.org.models import Person, Unit
from linghang.rules.periods import add_months
from linghang.ui.forms import HouseForm

LATELY, A_YEAR = timedelta(days=92), timedelta(days=366)
MOST, MANY = 6, 60


def recall(form: HouseForm, unit: Unit, *names: str) -> None:
    """Let the fields of these names (`place`, `first_topic`, `title`) offer what was written before, the latest first."""
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


def replied(person: Person, unit: Unit, codes: Collection[str]) -> dict[str, list[str]]:
    """What the unit replied to these questions within a year, the latest first: one query."""
    found: dict[str, list[str]] = {code: [] for code in codes}
    if not codes:
        return found
    lately = _lately(person, unit, A_YEAR).filter(unit=unit).exclude(replies={})
    for given in lately.order_by("-held_on", "-pk").values_list("replies", flat=True)[:MANY]:
        for code in found.keys() & given.keys():
            if given[code] not in found[code] and len(found[code]) < MOST:
                found[code].append(given[code])
    return found


def _lately(person: Person, unit: Unit, back: timedelta) -> Any:
    """Meetings of the unit and of the one above it, as far as this person may read them, also those to come."""
    near = [unit.pk, unit.parent_id]
    held = Meeting.objects.within(person, VIEW).filter(unit__in=near, held_on__gte=clock.today() - back)
    return held.exclude(state=Meeting.State.CANCELLED).order_by()


def _themes(person: Person, unit: Unit) -> list[str]:
    """The month's theme from above, then the next month's and the last one's (S0-12)."""
    today = clock.today()
    near = Theme.objects.for_unit(unit, add_months(today, -1), add_months(today, 1))
    return [
        near[month]
        for month in sorted(near, key=lambda month: (month.month != today.month, -month.toordinal()))
    ]


WRITTEN = {"place": _places, "first_topic": _studied, "title": _themes}
