"""One order as its page and its paper show it: how far it has come, who is in charge, what happened."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from linghang.dispatch.models import Line, Order
from linghang.kernel.models import Trail
from linghang.ui.stages import Stage, stages
from linghang.ui.templatetags.house import due, short_date

State = Order.State
TRACE = "办理痕迹，不代替纸质签字"
WORDS = {
    "dispatch.sign": "签发",
    "dispatch.sign_supervision": "签发",
    "dispatch.assign": "指定责任人：",
    "dispatch.join": "请协办：",
}
TONES = {
    "dispatch.return_line": "red",
    "dispatch.send_back": "red",
    "dispatch.void": "red",
    "dispatch.urge": "amber",
    "dispatch.withdraw": "red",
    "dispatch.decline_extension": "red",
    "dispatch.ask_extension": "amber",
}


def progress(order: Order) -> list[Stage]:
    """The stages of an order's life with their days; the first that is not reached is the present one."""
    wanted = [*_office_stages(order), *_unit_stages(order)]
    if order.state == State.VOID:
        reached = [(label, sub) for label, sub, done in wanted if done]
        return [*stages(reached, len(reached)), Stage(order.state_words, _day(order.withdrawn_on), "stop")]
    now = next((i for i, (_, _, done) in enumerate(wanted) if not done), len(wanted))
    return stages([(label, sub) for label, sub, _ in wanted], now)


Wanted = list[tuple[str, str, bool]]


def _office_stages(order: Order) -> Wanted:
    if order.is_own:
        return [("列入清单", short_date(order.issued_on), True)]
    signer = f"{short_date(order.signed_on)} {order.signer_name}" if order.signed_on else ""
    return [
        ("拟稿核稿", short_date(order.drafted_on), order.state != State.DRAFTED),
        ("签发", signer, order.signed_on is not None),
        ("下发", short_date(order.issued_on) if order.issued_on else "", order.issued_on is not None),
    ]


def _unit_stages(order: Order) -> Wanted:
    lines = list(order.lines.all())
    handed_in = bool(lines) and all(line.confirmed_on for line in lines)
    closed = bool(lines) and all(line.state == Line.State.CLOSED for line in lines)
    until = f"至 {short_date(order.due_on)}" if order.due_on else ""
    found: Wanted = []
    if order.kind == Order.Kind.SUPERVISION:
        found.append(
            ("签收", short_date(order.received_on) if order.received_on else "", bool(order.received_on))
        )
        found.append(("整改", until, handed_in))
        found.append(("复核", "、".join(verifiers(lines)), closed))
        found.append(("销号", _day(order.closed_on), order.state == State.CLOSED))
        return found
    if not order.is_own:
        found.append(("已阅", _day(order.read_on), order.read_on is not None or handed_in))
    found.append(("办理", until, handed_in))
    found.append(("审核", "", closed))
    found.append(("办结", _day(order.closed_on), order.state == State.CLOSED))
    return found


def _day(day: date | None) -> str:
    return short_date(day) if day else ""


def verifiers(lines: Iterable[Line]) -> list[str]:
    """Names of those who verify these lines, each once."""
    return list(dict.fromkeys(line.verifier.name for line in lines if line.verifier))


def pill(order: Order) -> tuple[str, str]:
    """An order's state in words with what is left of its time, and the tone."""
    words = order.state_words
    if order.state not in Order.RUNNING:
        return words, {State.CLOSED: "green", State.VOID: "grey"}.get(State(order.state), "blue")
    if late := order.late_lines:
        return f"{words} · {late} 条逾期", "red"
    left = due(order.due_on)
    return (
        (f"{words} · {left.text}", left.tone if left.tone == "amber" else "blue")
        if left.text
        else (words, "blue")
    )


def line_pill(line: Line) -> tuple[str, str]:
    """A line's state in words, with lateness and returns, and the tone."""
    words = str(line.get_state_display())
    if line.state == Line.State.CONFIRMED and line.verifier_id:
        words = "待复核"
    if line.is_late:
        over = due(line.due_on).text if not line.confirmed_on else "逾期上报"
        return f"{words} · {over}", "red"
    if line.asked_until:
        return "申请延期", "amber"
    if line.state == Line.State.OPEN and line.returns:
        return f"退回 {line.returns} 次", "amber"
    if line.state == Line.State.OPEN:
        left = due(line.due_on)
        return words, "amber" if left.tone == "amber" else "grey"
    return words, "green" if line.state == Line.State.CLOSED else "blue"


@dataclass(frozen=True)
class Entry:
    """One line of 经过: what somebody did, to which lines."""

    text: str
    at: datetime
    actor_post: str = ""
    note: str = ""
    tone: str = ""


def story(trail: Sequence[Trail], order: Order, limit: int = 60) -> list[Entry]:
    """经过, latest first: what one person did to several lines in one sitting is told in one sentence."""
    places = {line.ref: line.place for line in order.lines.all()}
    shown = [one for one in trail if one.verb != "dispatch.edit_order"][:limit]
    groups = groupby(shown, key=lambda one: (one.actor, one.verb, one.at.date(), one.note))
    return [_entry(list(group), places, order) for _, group in groups]


def _entry(group: Sequence[Trail], places: dict[str, int], order: Order) -> Entry:
    one = group[0]
    numbers = sorted({places[row.subject] for row in group if row.subject in places})
    text = f"{one.actor_name} {WORDS.get(one.verb, one.label)}"
    if numbers:
        text += f"第 {'、'.join(map(str, numbers))} 条"
    if one.verb in ("dispatch.sign", "dispatch.sign_supervision"):
        text += f"，编号 {order.number}"
    note = "；".join(filter(None, (one.note, TRACE if one.verb == "dispatch.receive" else "")))
    return Entry(text, one.at, one.actor_post, note, TONES.get(one.verb, ""))
