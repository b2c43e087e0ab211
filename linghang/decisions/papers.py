"""What the papers of decisions say: 议题申报表, the agenda of a sitting, and what it decided."""

from typing import Any

from linghang.activities.models import Meeting, Vote
from linghang.decisions.actions import others
from linghang.decisions.models import Topic
from linghang.decisions.road import recused
from linghang.rules.periods import month_words
from linghang.ui.templatetags.house import cn_date

OF_SITTINGS = {"agenda": "会议议程", "decisions": "决定事项"}


def form_of(topic: Topic) -> dict[str, Any]:
    """The words of 议题申报表. What is signed in the system is a trace of the handling: the paper keeps its places for pens."""
    matter = topic.matter
    return {
        "unit": topic.unit.name,
        "title": topic.title,
        "matter": f"{matter}（{matter.get_category_display()}）",
        "department": topic.department.name,
        "proposer": str(topic.proposer or ""),
        "day": _day(topic.proposed_on),
        "month": month_words(topic.month),
        "leader": _dated(str(topic.leader), topic.endorsed_on),
        "materials": "、".join(matter.materials) or "按需要",
        "argued": _dated(str(topic.argued_by or ""), topic.argued_on) if matter.argued else "不要求",
        "studied": _dated(topic.study_number, topic.studied_on) if matter.studied else "不要求",
        "opinion": _opinion(topic) if matter.heard else "不要求",
        "secretary": _day(topic.secretary_on) if matter.signed else "不要求",
        "president": _day(topic.president_on) if matter.signed else "不要求",
        "body": topic.body_name,
    }


def _opinion(topic: Topic) -> str:
    said = topic.get_opinion_result_display()
    return f"{topic.branch or ''} {_day(topic.opinion.held_on)} {said}" if topic.opinion else ""


def _dated(words: str, day: Any) -> str:
    return f"{words}　{_day(day)}" if day else words


def _day(day: Any) -> str:
    """As a form writes it: without the day of the week, which only the time of a sitting carries."""
    return f"{day.year} 年 {day.month} 月 {day.day} 日" if day else ""


def sitting_of(sitting: Meeting, topics: list[Topic]) -> dict[str, Any]:
    """The words of a sitting's agenda and of what it decided."""
    words = [
        {"kind": item.get_kind_display(), "text": item.title, "department": ""}
        for item in others(sitting, topics)
    ] + [
        {
            "kind": topic.matter.get_category_display(),
            "text": topic.title,
            "department": topic.department.name,
        }
        for topic in topics
    ]
    return {
        "unit": sitting.unit.name,
        "kind": sitting.get_kind_display(),
        "day": cn_date(sitting.held_on),
        "time": f"{sitting.starts_at:%H:%M}" if sitting.starts_at else "",
        "place": sitting.place,
        "chair": str(sitting.chair or ""),
        "items": [{"number": number, **each} for number, each in enumerate(words, 1)],
        "decisions": [_decision(number, topic) for number, topic in enumerate(topics, 1)],
    }


def _decision(number: int, topic: Topic) -> dict[str, Any]:
    return {
        "number": number,
        "title": topic.title,
        "conclusion": topic.get_conclusion_display() or "未决定",
        "vote": _vote(topic, topic.vote) if topic.vote else "",
        "recused": f"{'、'.join(aside)}回避" if (aside := recused(topic.vote)) else "",
        "minutes": topic.minutes_number,
    }


def _vote(topic: Topic, vote: Vote) -> str:
    counted = f"赞成 {vote.yes}、不赞成 {vote.no}、弃权 {vote.abstain}"
    return f"{topic.get_manner_display()}：{counted}。{vote.sentence}（{vote.rule.cite}）"
