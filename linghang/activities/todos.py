"""What waits for whom: records for the secretary's one tap, meetings coming up and what to print for them.

Nothing is called overdue here: whether a duty was met in its period is the checkup's to say.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.urls import reverse

from linghang.activities import election_todos as election_todos
from linghang.activities.actions import CONFIRM, CONFIRM_VOTE, RECORDING, VIEW
from linghang.activities.keepers import keeps, kept
from linghang.activities.models import Meeting, Vote
from linghang.activities.roll import calls
from linghang.kernel import clock
from linghang.kernel.flow import did_to_each
from linghang.kernel.todos import Coming, Todo, Waits, coming, todos
from linghang.ui.templatetags.house import cn_date

State, KEEPING = Meeting.State, "activities.record_planned"
TOMORROW = timedelta(days=1)
BEHIND = timedelta(days=60)


@todos("activities")
def waiting(person: Any) -> Iterator[Waits]:
    """Records to confirm, plans for today and tomorrow, plans of the past that were not written down."""
    yield from _to_confirm(person)
    yield _votes(person)
    yield _planned(person)


def _to_confirm(person: Any) -> Iterator[Waits]:
    """What others recorded is asked for; what one recorded oneself waits for somebody else."""
    mine = did_to_each(Meeting, person, *RECORDING)
    recorded = Meeting.objects.filter(state=State.RECORDED)
    asked = kept(recorded.within(person, CONFIRM), person, CONFIRM).filter(~mine)
    yield Waits(asked, "held_on", _tell_to_confirm, related=("unit",))
    recent = recorded.within(person, KEEPING).filter(mine, recorded_on__gte=clock.today() - BEHIND)
    yield Waits(recent, "held_on", _tell_recorded, related=("unit",))


def _votes(person: Any) -> Waits:
    """Votes of meetings that are confirmed already; those of the others go with the meeting's one tap."""
    open_ = Vote.objects.filter(state=Vote.State.RECORDED, meeting__state=State.CONFIRMED)
    asked = kept(open_.within(person, CONFIRM_VOTE), person, CONFIRM_VOTE, unit="meeting__unit")
    return Waits(asked, "meeting__held_on", _tell_votes, related=("meeting__unit",))


def _tell_votes(votes: Sequence[Vote], count: int) -> Iterator[Todo]:
    for one in votes:
        why = f"{one.recorder_name}登记 · {one.result} · {one.meeting.unit}"
        yield Todo(f"请确认表决：{one}", why, one.get_absolute_url(), "看表决", "会")


def _tell_to_confirm(meetings: Sequence[Meeting], count: int) -> Iterator[Todo]:
    for one in meetings:
        why = f"{one.recorder_name}于 {one.recorded_on:%m-%d} 记录{'（补记）' if one.recorded_late else ''} · {one.unit}"
        yield Todo(f"请确认：{one}", why, one.get_absolute_url(), "看记录", "会")


def _tell_recorded(meetings: Sequence[Meeting], count: int) -> Iterator[Todo]:
    for one in meetings:
        yield Todo(f"{one}", f"等书记确认 · {one.unit}", one.get_absolute_url(), "看进度", "会", waiting=True)


def _planned(person: Any) -> Waits:
    today = clock.today()
    plans = Meeting.objects.filter(state=State.PLANNED).between(today - BEHIND, today + TOMORROW)
    found = kept(plans.within(person, KEEPING), person, KEEPING)
    return Waits(found, "held_on", _tell_planned, related=("unit",))


def _tell_planned(meetings: Sequence[Meeting], count: int) -> Iterator[Todo]:
    today = clock.today()
    for one in meetings:
        address = reverse("activities:meeting_record_planned", args=[one.pk])
        if one.recorded_on:
            yield Todo(
                f"记录被退回：{one}", "看一下退回原因，改好再记录", one.get_absolute_url(), "去修改", "会"
            )
        elif one.held_on < today:
            yield Todo(
                f"{one}",
                f"原定 {cn_date(one.held_on)}；开过请记一笔，没开就改期或取消",
                address,
                "去记录",
                "会",
            )
        else:
            why = " · ".join(filter(None, (_when(one), "会前打印议程、签到表", one.unit.name)))
            yield Todo(f"{one}", why, one.get_absolute_url(), "看安排", "会", due_on=one.held_on)


@coming("activities")
def ahead(person: Any, since: date, until: date) -> Iterator[Waits]:
    """Meetings that are planned: those one keeps the record of, and those one is called to."""
    plans = Meeting.objects.filter(state=State.PLANNED, recorded_on=None).between(since, until)
    mine = kept(plans.within(person, KEEPING), person, KEEPING) | plans.filter(calls(person))
    yield Waits(mine, "held_on", partial(_tell_ahead, person), related=("unit__parent",))


def _tell_ahead(person: Any, meetings: Sequence[Meeting], count: int) -> Iterator[Coming]:
    for one in meetings:
        open_to = person.may(VIEW, one)
        keeps_it = open_to and keeps(person, KEEPING, one.unit)
        why = " · ".join(filter(None, (one.place, one.unit.name)))
        address = one.get_absolute_url() if open_to else ""
        words = "打印议程、签到表" if keeps_it else "看安排"
        title = f"{one.kinds_shown}{'：' + one.title if one.title else ''}"
        yield Coming(one.held_on, title, address, why, words, one.starts_at)


def _when(one: Meeting) -> str:
    return " ".join(
        filter(None, (cn_date(one.held_on), f"{one.starts_at:%H:%M}" if one.starts_at else "", one.place))
    )
