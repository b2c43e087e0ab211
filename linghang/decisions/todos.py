"""What topics wait for: the leader's approval, the two signatures, a branch's opinion, the office's next step."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from django.db.models import Q
from django.urls import reverse

from linghang.activities.models import Meeting
from linghang.decisions.models import SOON, TaskForce, Topic
from linghang.decisions.seats import seats, short_of_leaders
from linghang.kernel import clock
from linghang.kernel.todos import Offered, Todo, Waits, todos

State, GLYPH = Topic.State, "决"

# What the office does next, by the state in which a topic waits for it.
NEXT = (
    (State.ARGUING, "decisions.argue", "待登记论证", "专业委员会论证后登记结果和日期"),
    (State.STUDYING, "decisions.study", "待登记院长办公会研究", "院长办公会提出方案后登记"),
    (State.HELD, "decisions.resume", "暂缓", "书记、院长意见不一致，沟通后重新提请双签"),
    (State.READY, "decisions.list_topic", "待列入议程", "书记、院长已签字"),
)


@todos("decisions")
def waiting(person: Any) -> Offered:
    """Whoever has the turn is asked; nobody else."""
    if person.may("decisions.endorse"):
        mine = Topic.objects.within(person, "decisions.endorse").filter(
            state=State.PROPOSED, leader=person.pk
        )
        yield _waits(mine, "请签批议题", "您是分管领导", "签批")
    if person.may("decisions.sign"):
        yield from _signatures(person)
    if person.may("decisions.give_opinion"):
        asked = Topic.objects.within(person, "decisions.give_opinion")
        unheard = asked.filter(matter__heard=True, opinion=None, state__in=Topic.OPEN)
        yield _waits(unheard, "请支部研究并登记意见", "科室重大事项，缺支部意见不得上会", "登记意见")
    if person.may("decisions.revise"):
        own = Topic.objects.within(person, "decisions.revise").filter(
            state=State.RETURNED, proposer=person.pk
        )
        yield _waits(own, "议题被退回", "看一下退回原因，改好再提出", "去修改")
    yield from _of_the_office(person)


def _signatures(person: Any) -> Iterator[Waits]:
    """Topics whose seat this person holds and that they have not signed."""
    open_ = Q(pk__in=[])
    for seat in seats().of(person):
        open_ |= Q(**{f"{seat}_signer": None})
    asked = Topic.objects.within(person, "decisions.sign").filter(open_, state=State.SIGNING)
    unsigned = asked.exclude(secretary_signer=person.pk).exclude(president_signer=person.pk)
    yield _waits(unsigned, "请双签议题", "书记、院长都签字后才能上会", "签字")


def _of_the_office(person: Any) -> Iterator[Waits]:
    for state, verb, title, why in NEXT:
        if person.may(verb):
            rows = Topic.objects.within(person, verb).filter(state=state)
            yield Waits(rows, "proposed_on", partial(_tell_number, state, f"个议题{title}", why), most=1)
    if person.may("decisions.decide"):
        held = (Meeting.State.RECORDED, Meeting.State.CONFIRMED)
        rows = Topic.objects.within(person, "decisions.decide").filter(state=State.LISTED)
        yield _waits(rows.filter(sitting__state__in=held), "请登记决定", "会议已记录", "去登记")
    if person.may("decisions.evaluate"):
        due = Topic.objects.within(person, "decisions.evaluate").to_evaluate(clock.today() + SOON)
        yield Waits(due, "evaluate_by", _tell_evaluations)
    if person.may("decisions.edit_force"):
        rows = short_of_leaders(TaskForce.objects.within(person, "decisions.edit_force"))
        yield Waits(rows, "since", _tell_forces)


def _waits(rows: Any, title: str, why: str, button: str) -> Waits:
    return Waits(rows, "proposed_on", partial(_tell_each, title, why, button), related=("department",))


def _tell_each(title: str, why: str, button: str, topics: Sequence[Topic], count: int) -> Iterator[Todo]:
    for one in topics:
        yield Todo(f"{title}：{one}", f"{one.department} · {why}", one.get_absolute_url(), button, GLYPH)


def _tell_number(state: str, what: str, why: str, topics: Sequence[Topic], count: int) -> Iterator[Todo]:
    one = f"{reverse('decisions:topics')}?state={state}" if count > 1 else topics[0].get_absolute_url()
    title = f"{count} {what}" if count > 1 else f"{what.removeprefix('个议题')}：{topics[0]}"
    yield Todo(title, why, one, "去办", GLYPH, count=count)


def _tell_evaluations(topics: Sequence[Topic], count: int) -> Iterator[Todo]:
    first = topics[0]
    if count > 1:
        title, address = f"{count} 个决定待后评价", f"{reverse('decisions:topics')}?after=due"
    else:
        title, address = f"后评价：{first}", first.get_absolute_url()
    why = f"{first.decided_on} 决定，看落实得怎样"
    yield Todo(title, why, address, "登记后评价", GLYPH, first.evaluate_by, count=count)


def _tell_forces(forces: Sequence[TaskForce], count: int) -> Iterator[Todo]:
    for one in forces:
        why = "涉重大工作的由书记、院长任双组长"
        yield Todo(f"{one}缺一位组长", why, one.get_absolute_url(), "去补齐", GLYPH)
