"""Sentences as a recorder types them, read into drafts: one a line, “（责任人，期限）” at the end where it matters."""

import re
from collections.abc import Iterable, Mapping
from datetime import date

from linghang.activities.actions import ResolutionDraft, TopicDraft
from linghang.activities.models import Topic
from linghang.org.models import Person

TAIL = re.compile(r"[（(]([^（）()]{1,30})[）)]\s*[。.；;]?$")
DAY = re.compile(r"(?:(\d{4})[-年/.])?(\d{1,2})[-月/.](\d{1,2})日?(?:之?前)?$")
NUMBERING = re.compile(r"^\s*(?:[（(]?\d{1,2}[)）、.．]|[一二三四五六七八九十]{1,2}、)\s*(?!\d)")
MARKS = {kind.label: kind for kind in (Topic.Kind.FIRST, Topic.Kind.STUDY)}


def sentences(text: str) -> list[str]:
    """The lines of a text, without numbering and blanks."""
    return [line for raw in text.splitlines() if (line := NUMBERING.sub("", raw).strip())]


def resolutions(text: str, people: Iterable[Person], held_on: date) -> list[ResolutionDraft]:
    """What was agreed; “整理台账（王蕾，11-30前）” names who and until when. What cannot be read stays as text."""
    known = {person.name: person for person in people}
    return [_resolution(line, known, held_on) for line in sentences(text)]


def _resolution(line: str, known: Mapping[str, Person], held_on: date) -> ResolutionDraft:
    tail = TAIL.search(line)
    if tail is None:
        return ResolutionDraft(line)
    owner, due_on = None, None
    for piece in filter(None, re.split(r"[，,、；;\s]+", tail[1])):
        if piece in known and owner is None:
            owner = known[piece]
        elif due_on is None and (day := _day(piece, held_on)):
            due_on = day
        else:
            return ResolutionDraft(line)
    return ResolutionDraft(line[: tail.start()].strip(), due_on, owner)


def _day(piece: str, held_on: date) -> date | None:
    found = DAY.match(piece)
    if found is None:
        return None
    try:
        day = date(int(found[1] or held_on.year), int(found[2]), int(found[3]))
        return day.replace(year=day.year + 1) if not found[1] and day < held_on else day
    except ValueError:
        return None


def written(draft: ResolutionDraft) -> str:
    """A resolution as it would have been typed."""
    tail = [draft.owner.name if draft.owner else "", f"{draft.due_on.isoformat()}前" if draft.due_on else ""]
    words = "，".join(filter(None, tail))
    return f"{draft.text}（{words}）" if words else draft.text


def topics(text: str, first: str = "") -> list[TopicDraft]:
    """An agenda: “学习：……” is a study topic, any other line a matter; `first` is the 第一议题."""
    drafts = [TopicDraft(first.strip(), Topic.Kind.FIRST)] if first.strip() else []
    for line in sentences(text):
        mark, _, rest = line.replace(":", "：", 1).partition("：")
        kind = MARKS.get(mark.strip())
        drafts.append(TopicDraft(rest.strip(), kind) if kind and rest.strip() else TopicDraft(line))
    return drafts


def agenda(rows: Iterable[Topic]) -> tuple[str, str]:
    """An agenda as text to be edited: its 第一议题, and the other lines."""
    first, lines = "", []
    for topic in rows:
        if topic.kind == Topic.Kind.FIRST and not first:
            first = topic.title
        else:
            mark = f"{topic.get_kind_display()}：" if topic.kind != Topic.Kind.MATTER else ""
            lines.append(f"{mark}{topic.title}")
    return first, "\n".join(lines)
