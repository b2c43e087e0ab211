"""Which open lines of a unit a meeting answers: those that ask for a meeting of its kind in the days when it was held."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from linghang.activities.models import Kind, Meeting, held_by
from linghang.dispatch.models import EVIDENCE, Line
from linghang.kernel.models import Link
from linghang.kernel.refs import key_of
from linghang.org.models import Unit

HOLDING = "召开|开展|举行|举办|组织|召集|开好|上好|过好|讲|上一?[次堂]|开一?次"


def open_lines(person: Any, unit: Unit) -> list[Line]:
    """What this person may report for the unit, soonest first."""
    found = Line.objects.within(person, "dispatch.report").running().exclude(verifier=person.pk)
    asked = found.filter(order__unit=unit, state=Line.State.OPEN).select_related("order")
    return list(asked.order_by("due_on", "pk"))


def asks_for(text: str, kind: Kind) -> bool:
    """Whether a line asks for a meeting of this kind to be held, by its title or an alias; not merely speaks of one."""
    name = "|".join(map(re.escape, (kind.title, *kind.aliases)))
    held = rf"(?:{HOLDING})[^，。；]{{0,12}}?(?:{name})|(?:{name})[^，。；]{{0,4}}?(?:召开|开展|举行)"
    return re.search(held, text) is not None


def fitting(lines: Sequence[Line], kind: Kind, day: date) -> list[Line]:
    """The lines that a meeting of this kind on this day answers: asked for in those days, else the last that is late."""
    asked = [line for line in lines if asks_for(line.text, kind)]
    now = [line for line in asked if _since(line) <= day <= (line.due_on or day)]
    return now or [line for line in asked if line.due_on and line.due_on < day][-1:]


def _since(line: Line) -> date:
    """A month's sheet asks for the month, though it is issued some days into it."""
    return (line.order.period or line.order.issued_on or line.order.drafted_on).replace(day=1)


def kind_asked(line: Line, unit: Unit) -> str:
    """The one kind of meeting that a line asks for; empty for none or several."""
    found = [kind.code for kind in held_by(unit.kind) if not kind.one_tap and asks_for(line.text, kind)]
    return found[0] if len(found) == 1 else ""


def answered_by(meeting: Meeting) -> Any:
    """The lines for which this record stands as evidence."""
    ties = Link.objects.filter(target=meeting.ref, kind=EVIDENCE).values_list("source", flat=True)
    label = f"{Line._meta.label_lower}:"
    return Line.objects.filter(pk__in=[key_of(ref) for ref in ties if ref.startswith(label)])


def sentence(meeting: Meeting) -> str:
    """What was done, as the record itself tells it: the report of a line that asked for the meeting."""
    seats = list(meeting.attendances.values_list("present", flat=True))
    agreed = meeting.resolutions.count()
    title = f"：{meeting.title}" if meeting.title else ""
    words = f"{meeting.held_on.month} 月 {meeting.held_on.day} 日{meeting.kinds_shown}{title}"
    return f"{words}，应到 {len(seats)} 人、实到 {sum(seats)} 人{f'，议定 {agreed} 项' if agreed else ''}。"
