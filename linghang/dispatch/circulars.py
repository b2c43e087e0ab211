"""The first words of a 通报 about what is overdue: facts by unit, no rank and no names of persons."""

from collections.abc import Iterable
from itertools import groupby

from linghang.dispatch.models import Line
from linghang.kernel import clock
from linghang.rules.periods import day_words

MOST = 60


def late_words(lines: Iterable[Line]) -> dict[str, str]:
    """Kind, title and text of a draft about these overdue lines; whether it goes out a leader decides."""
    found = sorted(lines, key=lambda one: (str(one.order.unit.path), one.due_on or clock.today()))[:MOST]
    parts = []
    for unit, held in groupby(found, key=lambda one: one.order.unit):
        told = "；".join(f"“{one.text}”（期限 {day_words(one.due_on)}）" for one in held)
        parts.append(f"{unit}：{told}。")
    text = "\n".join(
        [
            f"截至{day_words(clock.today())}，下列事项已过期限尚未上报，现予通报。",
            "一、未按期办理的事项",
            *parts,
            "二、有关要求",
            "请有关党组织在收到本通报之日起 5 个工作日内办结并上报，说明未按期办理的原因。",
        ]
    )
    return {"kind": "circular", "title": "关于部分事项未按期办理情况的通报", "text": text}
