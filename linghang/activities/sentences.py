"""Sentences as a recorder types them, one a line; an agenda read into drafts and back."""

import re
from collections.abc import Iterable

from linghang.activities.actions import TopicDraft
from linghang.activities.models import Topic

NUMBERING = re.compile(r"^\s*(?:[（(]?\d{1,2}[)）、.．]|[一二三四五六七八九十]{1,2}、)\s*(?!\d)")
MARKS = {kind.label: kind for kind in (Topic.Kind.FIRST, Topic.Kind.STUDY)}


def sentences(text: str) -> list[str]:
    """The lines of a text, without numbering and blanks."""
    return [line for raw in text.splitlines() if (line := NUMBERING.sub("", raw).strip())]


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
