"""What a record does to the lines that asked for the meeting: reported with it, confirmed with it, sent back with it."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError

from linghang.activities.answers import answered_by, sentence
from linghang.activities.models import Meeting
from linghang.dispatch import actions as dispatch
from linghang.dispatch.models import Line
from linghang.kernel.access import SYSTEM, Actor
from linghang.kernel.refs import key_of


def report_lines(meeting: Meeting, by: Actor, refs: Iterable[str]) -> None:
    """上报 each of these open lines of the unit; the record says what was done and is the evidence.

    Raises ValidationError for what is not an open line of the unit.
    """
    wanted = set(refs)
    keys = [key_of(ref) for ref in wanted if ref.startswith(f"{Line._meta.label_lower}:")]
    found = Line.objects.running().filter(pk__in=keys, order__unit=meeting.unit, state=Line.State.OPEN)
    lines: list[Line] = list(found.order_by("pk")) if keys else []
    if len(lines) != len(wanted):
        raise ValidationError({"line": "只能上报本单位未办的事项"})
    for line in lines:
        dispatch.report(line, by, result=sentence(meeting), evidence=[meeting.ref])


def confirm_lines(meeting: Meeting, by: Actor) -> None:
    """确认 what was reported with this record; what somebody wrote themselves waits for its own confirmation."""
    for line in _reported_with(meeting):
        if by.may("dispatch.confirm", line):
            dispatch.confirm(line, by)


def take_back_lines(meeting: Meeting, by: Actor, reason: str) -> None:
    """退回 what was reported with this record: with the record its report is gone."""
    for line in _reported_with(meeting):
        actor = by if by.may("dispatch.confirm", line) else SYSTEM
        dispatch.return_line(line, actor, reason=reason)


def _reported_with(meeting: Meeting) -> list[Line]:
    """Known by its words: between the record and its confirmation nothing about the meeting changes."""
    waiting = list(answered_by(meeting).filter(state=Line.State.REPORTED).select_related("order__seat"))
    words = sentence(meeting) if waiting else ""
    return [line for line in waiting if line.result == words]
