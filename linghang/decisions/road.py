"""A topic's road as its page and its paper show it: where it stands, what is behind it and what is still ahead."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from linghang.activities.models import Vote
from linghang.decisions.models import Topic
from linghang.dispatch.models import Line
from linghang.kernel.refs import key_of, results
from linghang.ui.templatetags.house import short_date

State = Topic.State


@dataclass(frozen=True)
class Station:
    """One station of the road as `<c-steps>` draws it: done, now, stop or ahead."""

    label: str
    sub: str
    state: str


def road(topic: Topic) -> list[Station]:
    """The stations of its matter's road, in order."""
    return [Station(label, sub, _mark(topic, states, done)) for label, sub, states, done in _stations(topic)]


Told = tuple[str, str, tuple[str, ...], bool]


def _stations(topic: Topic) -> Iterator[Told]:
    matter = topic.matter
    yield "提出", _day(topic.proposed_on), (State.RETURNED,), topic.state != State.RETURNED
    yield (
        "分管领导签批",
        _day(topic.endorsed_on) or str(topic.leader),
        (State.PROPOSED,),
        bool(topic.endorsed_on),
    )
    if matter.argued:
        yield "专业委员会论证", _day(topic.argued_on), (State.ARGUING,), bool(topic.argued_on)
    if matter.studied:
        yield "院长办公会研究", _day(topic.studied_on), (State.STUDYING,), bool(topic.studied_on)
    if matter.heard:
        heard = topic.opinion
        yield "支部意见", _day(heard.held_on) if heard else "还没有", (), heard is not None
    if matter.signed:
        yield "双签", _signed(topic), (State.SIGNING, State.HELD), topic.both_signed
    sitting = topic.sitting
    on = sitting is not None
    yield "列入议程", _day(sitting.held_on) if sitting else "", (State.READY,), on
    decided = topic.state == State.DECIDED
    yield topic.body_name, topic.get_conclusion_display() if decided else "", (State.LISTED,), decided


def _mark(topic: Topic, states: tuple[str, ...], done: bool) -> str:
    if topic.state in states:
        return "stop" if topic.state in (State.HELD, State.RETURNED) else "now"
    return "done" if done else "ahead"


def _signed(topic: Topic) -> str:
    if topic.state == State.HELD:
        return "暂缓"
    signed = (("书记", topic.secretary_on), ("院长", topic.president_on))
    return "、".join(who for who, day in signed if day) + ("已签" if any(day for _, day in signed) else "")


def _day(day: date | None) -> str:
    return short_date(day) if day else ""


@dataclass(frozen=True)
class Progress:
    """How far a decision has been carried out: its lines, those closed, those late."""

    lines: int
    closed: int
    late: int

    @property
    def words(self) -> str:
        """In a sentence."""
        if not self.lines:
            return "还没有交办"
        late = f"，逾期 {self.late} 条" if self.late else ""
        return "已全部办结" if self.closed == self.lines else f"办结 {self.closed}/{self.lines} 条{late}"


def came_of(topic: Topic) -> tuple[list[int], list[str]]:
    """The keys of the lines that came of a topic, and references to what else did."""
    label, found = f"{Line._meta.label_lower}:", results(topic.ref)
    lines = [key_of(ref) for ref in found if ref.startswith(label)]
    return lines, [ref for ref in found if not ref.startswith(label)]


def keys_of_lines(topic: Topic) -> list[int]:
    """The keys of the lines that came of a topic."""
    return came_of(topic)[0]


def progress(keys: list[int]) -> Progress:
    """Derived from the lines whenever it is asked; void sheets do not count."""
    lines = list(Line.objects.filter(pk__in=keys).exclude(order__state="void").select_related("order"))
    closed = sum(line.state == Line.State.CLOSED for line in lines)
    return Progress(len(lines), closed, sum(line.is_late for line in lines))


def recused(vote: Vote | None) -> list[str]:
    """Who stepped aside at its vote."""
    return [name for name, reason, _ in vote.left_out if reason == "回避"] if vote else []
