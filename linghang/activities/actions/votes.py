"""Every way a vote moves: taken down with its verdict, confirmed by the second person, void when it was wrong."""

from collections.abc import Collection

from django.core.exceptions import ValidationError

from linghang.activities.bases import CONFIRMATION, OF_MEMBERSHIP, base_of, judge, without
from linghang.activities.keepers import keeps, only_keepers
from linghang.activities.models import Meeting, Topic, Vote
from linghang.kernel.access import Actor
from linghang.kernel.flow import creation, step
from linghang.org.actions import check_act
from linghang.org.models import Person
from linghang.rules.electorate import Base
from linghang.rules.voting import Count

State = Vote.State
CONFIRM_VOTE = "activities.confirm_vote"


@creation(Vote, "activities.vote")
def vote(
    by: Actor,
    *,
    meeting: Meeting,
    rule_code: str,
    matter: str,
    topic: Topic | None = None,
    proposal: str = "",
    subject: Person | None = None,
    yes: int,
    no: int = 0,
    abstain: int = 0,
    written: int = 0,
    written_yes: int = 0,
    secret: bool = False,
    base: int | None = None,
    base_reason: str = "",
    recused: Collection[int] = (),
) -> Vote:
    """登记表决：the base comes from the roster of the day, who was there from the attendance, the verdict from the rule.

    Another base is taken only with a reason; whoever steps aside (回避) leaves it and is named. Raises ValidationError for numbers that cannot be.
    """
    only_keepers(by, "activities.vote", meeting.unit)
    _check_occasion(meeting, rule_code, proposal)
    whole = without(base_of(meeting.unit, rule_code, meeting.held_on), recused, rule_code)
    found = Vote(meeting=meeting, rule_code=rule_code, matter=matter, topic=topic, proposal=proposal)
    found.subject, found.secret, found.recorder_name = subject, secret, by.name
    found.yes, found.no, found.abstain = yes, no, abstain
    found.written, found.written_yes = written, written_yes
    found.present = present_of(meeting, whole)
    _check_written(meeting, whole, written)
    _judge(found, whole, base, base_reason)
    found.state = State.CONFIRMED if keeps(by, CONFIRM_VOTE, meeting.unit) else State.RECORDED
    return found


@step(Vote, CONFIRM_VOTE, at={State.RECORDED}, to=State.CONFIRMED, checks="activities.vote")
def confirm_vote(vote: Vote, by: Actor) -> None:
    """确认表决"""
    only_keepers(by, CONFIRM_VOTE, vote.meeting.unit)


@step(Vote, "activities.void_vote", at={State.RECORDED, State.CONFIRMED}, to=State.VOID)
def void_vote(vote: Vote, by: Actor, *, reason: str) -> None:
    """作废表决：what was taken down wrong stays in sight, struck out; the right one is taken down anew."""
    only_keepers(by, "activities.void_vote", vote.meeting.unit)


# What the verbs are made of ------------------------------------------------------------------------------------------


def present_of(meeting: Meeting, base: Base) -> int:
    """How many of those who count were there, by the attendance."""
    counted = [int(member.key) for member in base.counted]
    return meeting.attendances.filter(present=True, person__in=counted).count()


def _check_occasion(meeting: Meeting, code: str, proposal: str) -> None:
    if meeting.state not in (Meeting.State.RECORDED, Meeting.State.CONFIRMED):
        raise ValidationError("先记录会议（谁到会），再登记表决")
    if code not in meeting.about.ballots:
        raise ValidationError({"rule_code": f"{meeting.get_kind_display()}不就此表决"})
    if code in OF_MEMBERSHIP:
        check_act(meeting.unit, "发展党员", meeting.held_on)
    if (code == CONFIRMATION) != bool(proposal):
        wrong = "请选处理意见" if code == CONFIRMATION else "只有预备党员转正、延长、取消才选处理意见"
        raise ValidationError({"proposal": wrong})


def _check_written(meeting: Meeting, base: Base, written: int) -> None:
    away = len(base.counted) - present_of(meeting, base)
    if written > away:
        raise ValidationError({"written": f"有表决权而未到会的只有 {away} 人，书面意见不能多于此数"})


def _judge(found: Vote, whole: Base, size: int | None, reason: str) -> None:
    """Ask the rule of the day and keep what it says, with its version."""
    try:
        base = whole if size in (None, len(whole.counted)) else whole.amended(size, reason)
    except ValueError as problem:
        raise ValidationError({"base_reason": str(problem)}) from None
    given = {"yes": found.yes, "written": found.written, "written_yes": found.written_yes}
    try:
        count = Count(base, found.present, secret=found.secret, **given)
        verdict = judge(found.rule_code, count, found.meeting.held_on)
    except ValueError as problem:
        raise ValidationError(str(problem)) from None
    found.computed, found.base, found.base_reason = len(whole.counted), base.size, base.amended_because
    found.left_out = [[out.member.name, out.reason, out.rule.code] for out in base.left_out]
    found.rule_since, found.sentence = verdict.rule.since, verdict.sentence
    found.needed_present, found.needed_yes = verdict.needed_present, verdict.needed_yes
    found.held, found.passed = verdict.held, verdict.passed
