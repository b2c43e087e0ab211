"""A topic's road to an agenda, read top to bottom: 提出 → 分管领导签批 →（论证 → 院长办公会研究）→ 支部意见 → 双签."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError

from linghang.activities.models import Meeting
from linghang.decisions.models import Matter, Research, TaskForce, Topic
from linghang.decisions.seats import seats
from linghang.kernel import clock
from linghang.kernel.access import Actor
from linghang.kernel.flow import creation, keep, step
from linghang.kernel.notices import tell
from linghang.kernel.refs import tie
from linghang.org.models import Coverage, Person, Unit

State = Topic.State


@creation(Topic, "decisions.propose", to=State.PROPOSED)
def propose(
    by: Actor,
    /,
    *,
    unit: Unit,
    department: Unit,
    research: Research | None = None,
    about: str = "",
    **wanted: Any,
) -> Topic:
    """提出议题：of itself, out of what a research came to, or because of a record (`about`: an item of the month)."""
    topic = Topic(unit=unit, department=department)
    topic.proposer = by if isinstance(by, Person) else None
    _fill(topic, **wanted)
    topic.branch = topic.covering()
    keep(topic)
    if research is not None:
        if research.concluded_on is None:
            raise ValidationError({"research": "这个课题还没有结题，结题后再提出议题"})
        tie(research, topic, "research")
    if about:
        tie(about, topic, "topic")
    tell([topic.leader], f"请签批议题：{topic}", about=topic)
    return topic


def _fill(topic: Topic, *, matter: Matter, title: str, leader: Person, month: date) -> None:
    if matter.retired:
        raise ValidationError({"matter": f"“{matter}”已不再使用，请另选事项类别"})
    if topic.proposer is not None and topic.proposer.pk == leader.pk:
        raise ValidationError({"leader": "提出人不能是签批的分管领导，请另选"})
    topic.matter, topic.title, topic.leader, topic.month = matter, title, leader, month.replace(day=1)


@step(Topic, "decisions.revise", at={State.PROPOSED, State.RETURNED}, to=State.PROPOSED)
def revise(topic: Topic, by: Actor, /, **wanted: Any) -> None:
    """修改后提出：the road begins anew; the branch's opinion stays."""
    _forget_signatures(topic)
    topic.endorsed_on = topic.argued_on = topic.studied_on = None
    topic.argued_by, topic.study_number = None, ""
    _fill(topic, **wanted)


def _the_leader(topic: Topic, by: Actor) -> None:
    if by.pk != topic.leader_id:
        raise PermissionDenied(f"由分管领导{topic.leader}签批")


@step(Topic, "decisions.endorse", at={State.PROPOSED}, checks="decisions.propose", only=_the_leader)
def endorse(topic: Topic, by: Actor) -> str:
    """签批"""
    topic.endorsed_on = clock.today()
    return _onward(topic)


@step(Topic, "decisions.argue", at={State.ARGUING})
def argue(topic: Topic, by: Actor, *, committee: TaskForce, held_on: date, agreed: bool) -> str:
    """登记论证：by a professional committee (药事、装备、质量安全 …); its result and the day, nothing of what was said."""
    _check_past(held_on)
    if committee.kind != TaskForce.Kind.COMMITTEE or committee.until is not None:
        raise ValidationError({"committee": f"“{committee}”不是在设的专业委员会，请先登记"})
    topic.argued_by, topic.argued_on = committee, held_on
    return _onward(topic) if agreed else _turn_down(topic, f"{committee}论证没有同意")


@step(Topic, "decisions.study", at={State.STUDYING})
def study(topic: Topic, by: Actor, *, held_on: date, number: str, agreed: bool) -> str:
    """登记院长办公会研究：it works out the proposal; the Party committee decides."""
    _check_past(held_on)
    topic.studied_on, topic.study_number = held_on, number
    return _onward(topic) if agreed else _turn_down(topic, "院长办公会研究没有同意")


def _onward(topic: Topic) -> str:
    """The next station of its matter's road."""
    matter = topic.matter
    if matter.argued and not topic.argued_on:
        return State.ARGUING
    if matter.studied and not topic.studied_on:
        return State.STUDYING
    if matter.signed and not topic.both_signed:
        return State.SIGNING
    return State.READY


def _turn_down(topic: Topic, why: str) -> str:
    if topic.proposer:
        tell([topic.proposer], f"议题退回：{topic}（{why}）", about=topic)
    return State.RETURNED


def _check_past(day: date) -> None:
    if day > clock.today():
        raise ValidationError({"held_on": "还没到这一天：开过再登记"})


@step(Topic, "decisions.give_opinion", at=Topic.OPEN, when=lambda topic: topic.matter.heard)
def give_opinion(topic: Topic, by: Actor, *, meeting: Meeting, result: str) -> None:
    """登记支部意见：what the covering branch resolved on a weighty matter of its department (R-GY-06)."""
    if meeting.state not in (Meeting.State.RECORDED, Meeting.State.CONFIRMED):
        raise ValidationError({"meeting": "这次会还没有记录：先记录会议，再登记意见"})
    covered: Any = Coverage.objects
    if not covered.on(meeting.held_on).filter(branch=meeting.unit, department=topic.department).exists():
        raise ValidationError(
            {"meeting": f"“{meeting.unit}”不覆盖“{topic.department}”，请选覆盖该科室的支部的会议"}
        )
    topic.opinion, topic.opinion_result, topic.branch = meeting, result, meeting.unit
    tie(meeting, topic, "opinion")


def _open_seat(topic: Topic, by: Actor) -> None:
    _seat(topic, by)


def _seat(topic: Topic, by: Actor) -> str:
    """The seat for which somebody signs now. Raises PermissionDenied for whoever holds none that is open to them."""
    now = seats()
    if not (held := now.of(by)):
        raise PermissionDenied("双签由书记、院长本人签；一人兼任两职的，第二签字人由蓝图（设置）指定")
    signed = {"secretary": topic.secretary_signer_id, "president": topic.president_signer_id}
    if by.pk in signed.values():
        other = "；第二签字人由蓝图（设置）指定" if now.doubled else ""
        raise ValidationError(f"您已签过字；另一方须由另一人签{other}")
    if not (free := [seat for seat in held if signed[seat] is None]):
        raise ValidationError("这一方已经签过字")
    return free[0]


@step(Topic, "decisions.sign", at={State.SIGNING}, only=_open_seat)
def sign(topic: Topic, by: Actor) -> str:
    """签字：secretary and president, in either order (R-GY-04); a trace of the handling, not an electronic signature."""
    seat = _seat(topic, by)
    setattr(topic, f"{seat}_on", clock.today())
    setattr(topic, f"{seat}_signer_id", by.pk)
    return State.READY if topic.both_signed else State.SIGNING


@step(Topic, "decisions.hold", at={State.SIGNING}, to=State.HELD, only=_open_seat)
def hold(topic: Topic, by: Actor, *, reason: str) -> None:
    """暂缓：where the two do not agree the topic waits until they have talked."""
    _forget_signatures(topic)


@step(Topic, "decisions.resume", at={State.HELD}, to=State.SIGNING)
def resume(topic: Topic, by: Actor, *, note: str) -> None:
    """重新提请双签：the note says what secretary and president came to when they talked."""


def _forget_signatures(topic: Topic) -> None:
    topic.secretary_on = topic.secretary_signer = None
    topic.president_on = topic.president_signer = None


@step(Topic, "decisions.return_topic", at=set(Topic.OPEN) - {State.RETURNED}, to=State.RETURNED)
def return_topic(topic: Topic, by: Actor, *, reason: str) -> None:
    """退回"""
    _forget_signatures(topic)
    _turn_down(topic, reason)
