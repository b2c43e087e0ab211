"""A meeting as others take it along: text for the branch's group, and an iCalendar file for a person's calendar."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time, timedelta

from django.utils import timezone

from linghang.activities.models import Meeting
from linghang.kernel import clock

WEEKDAYS = "一二三四五六日"
WIDTH = 72  # RFC 5545, 3.1: a line is folded before 75 octets
USUAL_LENGTH = timedelta(hours=1)


def invitation(meeting: Meeting) -> str:
    """What the branch's group is told: when, where, what about, and that leave is asked for beforehand."""
    day = f"{meeting.held_on:%-m 月 %-d 日}（周{WEEKDAYS[meeting.held_on.weekday()]}）"
    at = f"{meeting.starts_at:%H:%M} " if meeting.starts_at else ""
    place = f"在{meeting.place}" if meeting.place else ""
    subject = f"，主题：{meeting.title}" if meeting.title else ""
    topics = [f"{number}. {topic}" for number, topic in enumerate(meeting.topics.all(), 1)]
    agenda = ["议程：", *topics] if topics else []
    head = f"【{meeting.unit.name}通知】{day}{at}{place}召开{meeting.kinds_shown}{subject}。"
    return "\n".join([head, *agenda, "请安排好工作准时参加；不能到会的请提前请假，说明事由。"])


def calendar(name: str, meetings: Iterable[Meeting]) -> str:
    """Meetings as an iCalendar file (RFC 5545): kind, time and place, nothing of what is said there."""
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Linghang//CN", "METHOD:PUBLISH"]
    body = [line for meeting in meetings for line in _event(meeting)]
    lines = [*head, f"X-WR-CALNAME:{_escaped(name)}", *body, "END:VCALENDAR"]
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _event(meeting: Meeting) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:meeting-{meeting.pk}@linghang"
    yield f"DTSTAMP:{_moment(clock.now())}"
    if meeting.starts_at is None:
        yield f"DTSTART;VALUE=DATE:{meeting.held_on:%Y%m%d}"
    else:
        start = _at(meeting, meeting.starts_at)
        yield f"DTSTART:{_moment(start)}"
        yield f"DTEND:{_moment(start + USUAL_LENGTH)}"
    yield f"SUMMARY:{_escaped(f'{meeting.kinds_shown} · {meeting.unit.name}')}"
    if meeting.place:
        yield f"LOCATION:{_escaped(meeting.place)}"
    yield f"STATUS:{'CANCELLED' if meeting.state == Meeting.State.CANCELLED else 'CONFIRMED'}"
    yield "END:VEVENT"


def _at(meeting: Meeting, hour: time) -> datetime:
    return timezone.make_aware(datetime.combine(meeting.held_on, hour))


def _moment(when: datetime) -> str:
    return f"{when.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return " ".join(text.split())


def _folded(line: str) -> Iterator[str]:
    """Pieces of at most 75 octets, none of them ending inside a character; each but the first begins with a space."""
    piece = ""
    for sign in line:
        if len((piece + sign).encode()) > WIDTH:
            yield piece
            piece = " "
        piece += sign
    yield piece
