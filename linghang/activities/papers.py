"""What a meeting's papers say: agenda and sign-in sheet before it, minutes for the official book after it."""

from collections import Counter
from typing import Any

from linghang.activities.bases import RECUSED, base_of
from linghang.activities.models import Meeting, Vote
from linghang.activities.roll import expected
from linghang.ui.templatetags.house import cn_date

PAPERS = {"agenda": "议程", "sign-in": "签到表", "ballot": "表决票", "minutes": "会议记录"}
ORDINALS = "一二三四五六七八九十"
BLANK_LINES = 6
EMPTY_ROWS = 3


def context_of(meeting: Meeting) -> dict[str, Any]:
    """Everything the four templates may name. Before the meeting the roster stands in for the attendance."""
    called = list(meeting.attendances.select_related("person").order_by("person__pinyin"))
    names = [one.person.name for one in called] or _names(meeting)
    absent = [one for one in called if not one.present]
    resolutions = list(meeting.resolutions.select_related("owner"))
    return {
        "unit": meeting.unit.name,
        "kind": meeting.kinds_shown,
        "title": meeting.title,
        "day": cn_date(meeting.held_on),
        "time": f"{meeting.starts_at:%H:%M}" if meeting.starts_at else "",
        "place": meeting.place,
        "chair": str(meeting.chair or ""),
        "recorder": meeting.recorder_name,
        "topics": [_topic(i, topic) for i, topic in enumerate(meeting.topics.all())],
        "seats": [{"left": left, "right": right} for left, right in _pairs(names)],
        "expected": len(names),
        "present": len(called) - len(absent) if called else "",
        "absent_count": len(absent) if called else "",
        "absent": "；".join(f"{one.person.name}（{one.get_reason_display()}）" for one in absent),
        "reasons": "、".join(f"{reason} {count} 人" for reason, count in _reasons(absent).items()),
        "resolutions": [_resolution(i, one) for i, one in enumerate(resolutions, 1)],
        "corrections": [f"{one.at:%Y-%m-%d} {one.by_name}：{one.text}" for one in meeting.corrections.all()],
        "came": "、".join(one.person.name for one in called if one.present),
        "votes": [_vote(i, one) for i, one in enumerate(standing(meeting), 1)],
        "lines": [""] * max(BLANK_LINES - len(resolutions), 0),
        "replies": [f"{label}：{reply}" for label, reply in meeting.replied],
        "book_page": meeting.book_page,
    }


def ballot_of(meeting: Meeting) -> dict[str, Any]:
    """What the ballot alone says: the matters to be voted on, and how many slips are handed out."""
    matters = [{"number": i, "text": text} for i, text in enumerate(_matters(meeting), 1)]
    return {"matters": matters, "ballots": _ballots(meeting)}


def papers_of(meeting: Meeting) -> list[tuple[str, str]]:
    """The papers of its kind, each with its title."""
    return [(name, PAPERS[name]) for name in meeting.about.papers]


def standing(meeting: Meeting) -> list[Vote]:
    """Its votes, without those that were declared void."""
    return [one for one in meeting.votes.all() if one.state != Vote.State.VOID]


def _vote(number: int, one: Vote) -> dict[str, Any]:
    aside = "、".join(name for name, reason, _ in one.left_out if reason == RECUSED)
    how = f"{'无记名投票' if one.secret else '表决'}{f'（{aside}回避）' if aside else ''}"
    counted = f"赞成 {one.yes}、不赞成 {one.no}、弃权 {one.abstain}"
    written = f"，会前书面意见 {one.written} 份" if one.written else ""
    words = {"number": number, "matter": one.matter, "how": how, "count": f"{counted}{written}"}
    return {**words, "sentence": one.sentence, "cite": one.rule.cite}


def _matters(meeting: Meeting) -> list[str]:
    """What stands on the ballot: the matters of the agenda, or empty rows to write them in."""
    found = [topic.title for topic in meeting.topics.all() if topic.kind == topic.Kind.MATTER]
    return found or [""] * EMPTY_ROWS


def _ballots(meeting: Meeting) -> int | str:
    """How many slips are handed out: one for each who has a vote on that day."""
    codes = meeting.about.ballots
    return base_of(meeting.unit, codes[0], meeting.held_on).size if codes else "____"


def _names(meeting: Meeting) -> list[str]:
    return list(expected(meeting.unit, meeting.kind, meeting.held_on).values_list("name", flat=True))


def _pairs(names: list[str]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Two columns on a sheet, numbered across, so that the order holds over several sheets; empty places for guests."""
    cells = [{"number": i, "name": name} for i, name in enumerate([*names, "", "", ""], 1)]
    if len(cells) % 2:
        cells.append({"number": len(cells) + 1, "name": ""})
    return list(zip(cells[::2], cells[1::2], strict=True))


def _topic(index: int, topic: Any) -> dict[str, str]:
    mark = "" if topic.kind == topic.Kind.MATTER else f"（{topic.get_kind_display()}）"
    ordinal = ORDINALS[index] if index < len(ORDINALS) else str(index + 1)
    return {"number": ordinal, "text": f"{mark}{topic.title}"}


def _resolution(number: int, one: Any) -> dict[str, Any]:
    due = f"{one.due_on:%Y-%m-%d}" if one.due_on else ""
    tail = "，".join(filter(None, (str(one.owner or ""), f"{due} 前" if due else "")))
    return {"number": number, "text": f"{one.text}{f'（{tail}）' if tail else ''}"}


def _reasons(absent: list[Any]) -> Counter[str]:
    return Counter(one.get_reason_display() for one in absent)
