"""A topic at its sitting and afterwards, read top to bottom: 列入议程 → 登记决定 → 交办 → 后评价.

What a sitting is (who came, its agenda, its votes) is the affair of activities; what is carried out, of dispatch.
"""

from collections.abc import Collection, Iterable
from datetime import date, timedelta

from django.core.exceptions import ValidationError

from linghang.activities import actions as activities
from linghang.activities.models import Meeting, Vote
from linghang.activities.models import Topic as AgendaItem
from linghang.decisions.models import Topic
from linghang.decisions.parameters import DAYS_BEFORE, EVALUATE_AFTER
from linghang.dispatch import actions as dispatch
from linghang.dispatch.actions import LineDraft
from linghang.dispatch.models import Order
from linghang.kernel import clock
from linghang.kernel.access import Actor
from linghang.kernel.flow import step
from linghang.kernel.notices import tell
from linghang.kernel.parameters import value
from linghang.kernel.refs import results, tie
from linghang.org.models import Person, Unit
from linghang.rules.periods import add_months

State, Manner, Conclusion = Topic.State, Topic.Manner, Topic.Conclusion


def _nothing_lacks(topic: Topic, by: Actor) -> None:
    if lacks := topic.lacks(clock.today()):
        raise ValidationError(f"还不能上会：{lacks}", code="not_ready")


@step(Topic, "decisions.list_topic", at=Topic.OPEN, to=State.LISTED, only=_nothing_lacks)
def list_topic(topic: Topic, by: Actor, *, sitting: Meeting) -> None:
    """列入议程：no topic is put up on the spot."""
    topic.check_body(sitting)
    _check_in_time(sitting)
    listed = list(Topic.objects.on_agenda(sitting))
    topic.sitting, topic.place = sitting, max((one.place for one in listed), default=0) + 1
    tie(sitting, topic, "decision")
    _put_on_agenda(sitting, by, [*listed, topic])


def others(sitting: Meeting, topics: Iterable[Topic]) -> list[AgendaItem]:
    """The lines of an agenda that stand for none of these topics; one that was written anew by hand is known by its title."""
    ours, titles = f"{Topic._meta.label_lower}:", {topic.title for topic in topics}
    items = sitting.topics.all()
    return [
        one for one in items if not one.source.startswith(ours) and (one.source or one.title not in titles)
    ]


def _check_in_time(sitting: Meeting) -> None:
    if sitting.state != Meeting.State.PLANNED or sitting.recorded_on is not None:
        raise ValidationError(f"{sitting}已经开过，不能再列议题；请列入下一次会议")
    if (before := value(DAYS_BEFORE)) and sitting.held_on < clock.today() + timedelta(days=before):
        raise ValidationError(f"议题须至少提前 {before} 天列入议程，不临时动议；请列入下一次会议")


def _put_on_agenda(sitting: Meeting, by: Actor, topics: Iterable[Topic]) -> None:
    """Write the agenda anew: the 第一议题 stays first, then what others put there, then our topics in their order."""
    ordered = sorted(topics, key=lambda topic: (topic.place, topic.pk))
    kept = others(sitting, ordered)
    drafts = [activities.TopicDraft(item.title, kind=item.kind, source=item.source) for item in kept]
    drafts += [activities.TopicDraft(topic.title, source=topic.ref) for topic in ordered]
    activities.rewrite_agenda(sitting, by, drafts)


@step(Topic, "decisions.take_off", at={State.LISTED}, to=State.READY)
def take_off(topic: Topic, by: Actor, *, reason: str) -> None:
    """移出议程：before the sitting, or 缓议 at it."""
    sitting, topic.sitting = topic.sitting, None
    if sitting is not None and sitting.state == Meeting.State.PLANNED and sitting.recorded_on is None:
        _put_on_agenda(sitting, by, Topic.objects.on_agenda(sitting).exclude(pk=topic.pk))


@step(Topic, "decisions.decide", at={State.LISTED}, to=State.DECIDED)
def decide(
    topic: Topic,
    by: Actor,
    *,
    manner: str,
    yes: int = 0,
    no: int = 0,
    abstain: int = 0,
    recused: Collection[Person] = (),
    minutes_number: str = "",
    conclusion: str = "",
) -> None:
    """登记决定：the counts and who stepped aside; base, quorum and verdict are the rule's.

    A body that does not vote (院长办公会) gives its `conclusion` instead.
    """
    sitting = _held(topic)
    if sitting.about.ballots:
        topic.vote = _vote(topic, by, sitting, manner, (yes, no, abstain), recused)
        conclusion = Conclusion.PASSED if topic.vote.passed else Conclusion.FAILED
    if conclusion not in Conclusion.values:
        raise ValidationError({"conclusion": "请选结论"})
    topic.manner, topic.conclusion = manner if topic.vote else "", conclusion
    topic.minutes_number, topic.decided_on = minutes_number, sitting.held_on
    topic.evaluate_by = _evaluation_day(topic, sitting.held_on)
    if topic.proposer:
        tell([topic.proposer], f"议题已决定：{topic}（{topic.get_conclusion_display()}）", about=topic)


def _held(topic: Topic) -> Meeting:
    """The sitting once it was held, with nothing lacking on its day: it may have been moved since the topic was listed."""
    sitting = topic.sitting
    if sitting is None or sitting.state not in (Meeting.State.RECORDED, Meeting.State.CONFIRMED):
        raise ValidationError("先记录会议（谁到会），再登记决定")
    if lacks := topic.lacks(sitting.held_on):
        raise ValidationError(f"不能决定：{lacks}；请移出议程，补齐后列入下一次会议")
    return sitting


def _vote(
    topic: Topic,
    by: Actor,
    sitting: Meeting,
    manner: str,
    counts: tuple[int, int, int],
    recused: Collection[Person],
) -> Vote:
    yes, no, abstain = counts
    found = activities.vote(
        by,
        meeting=sitting,
        rule_code=topic.matter.rule_code,
        matter=topic.title,
        topic=_agenda_item(topic, sitting),
        yes=yes,
        no=no,
        abstain=abstain,
        secret=manner == Manner.TICKET,
        recused=[person.pk for person in recused],
    )
    if not found.held:
        raise ValidationError(f"{found.sentence}；人到齐后另行表决，或移出议程")
    return found


def _agenda_item(topic: Topic, sitting: Meeting) -> AgendaItem | None:
    """Its line of the agenda; where somebody wrote the agenda anew by hand, the line of that title."""
    items = list(sitting.topics.all())
    return next((one for one in items if one.source == topic.ref), None) or next(
        (one for one in items if one.title == topic.title), None
    )


def _passed(topic: Topic) -> bool:
    return topic.conclusion == Conclusion.PASSED


def _evaluation_day(topic: Topic, decided_on: date) -> date | None:
    months = value(EVALUATE_AFTER)
    wanted = months and _passed(topic) and topic.matter.is_grave
    return add_months(decided_on, months) if wanted else None


def _not_handed_out(topic: Topic, by: Actor) -> None:
    if results(topic.ref):
        raise ValidationError("已经交办，不能更正登记；请在会议记录上写更正说明")


@step(Topic, "decisions.withdraw_decision", at={State.DECIDED}, to=State.LISTED, only=_not_handed_out)
def withdraw_decision(topic: Topic, by: Actor, *, reason: str) -> None:
    """更正决定登记：what was entered wrong stays in sight as a void vote; the right one is entered anew."""
    vote, topic.vote = topic.vote, None
    topic.manner = topic.conclusion = ""
    topic.decided_on = topic.evaluate_by = None
    if vote is not None and vote.state != Vote.State.VOID:
        activities.void_vote(vote, by, reason=reason)


# --- afterwards -------------------------------------------------------------------------------------------------------


@step(Topic, "decisions.file_minutes", at={State.DECIDED}, when=lambda topic: not topic.minutes_number)
def file_minutes(topic: Topic, by: Actor, *, minutes_number: str) -> None:
    """填纪要编号"""
    topic.minutes_number = minutes_number


@step(Topic, "decisions.hand_out", at={State.DECIDED}, when=_passed)
def hand_out(topic: Topic, by: Actor, *, units: Collection[Unit], text: str, due_on: date) -> None:
    """交办：a drafted 工作清单 for each unit, its line tied to the topic and the sheet to the sitting, both ways."""
    if due_on <= clock.today():
        raise ValidationError({"due_on": "期限应晚于今天"})
    if not units:
        raise ValidationError({"units": "请选择承办单位"})
    for unit in units:
        dispatch.draft(
            by,
            kind=Order.Kind.WORKLIST,
            unit=unit,
            issuer=topic.unit,
            title=f"落实“{topic.title[:80]}”",
            about=topic.sitting.ref if topic.sitting else "",
            lines=[LineDraft(text, due_on, owner=unit.heads().first(), source=topic.ref)],
        )


def _unevaluated(topic: Topic) -> bool:
    return topic.evaluate_by is not None and topic.evaluated_on is None


@step(Topic, "decisions.evaluate", at={State.DECIDED}, when=_unevaluated)
def evaluate(topic: Topic, by: Actor, *, evaluated_on: date, evaluation: str) -> None:
    """登记后评价"""
    if evaluated_on > clock.today() or (topic.decided_on and evaluated_on < topic.decided_on):
        raise ValidationError({"evaluated_on": "后评价在决定之后、今天以前"})
    topic.evaluated_on, topic.evaluation = evaluated_on, evaluation
