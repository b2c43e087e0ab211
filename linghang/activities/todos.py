"""What waits for whom: records for the secretary's one tap, meetings coming up and what to print for them.

Nothing is called overdue here: whether a duty was met in its period is the checkup's to say.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.urls import reverse

from linghang.activities.actions import CONFIRM, RECORDING
from linghang.activities.keepers import kept
from linghang.activities.models import Meeting
from linghang.kernel import clock
from linghang.kernel.models import Trail
from linghang.kernel.todos import Todo, todos
from linghang.ui.templatetags.house import cn_date

State = Meeting.State
AHEAD = timedelta(days=14)
BEHIND = timedelta(days=60)


@todos("activities")
def waiting(person: Any) -> Iterator[Todo]:
    """Records to confirm, plans of the next two weeks, plans of the past that were not written down: four queries."""
    yield from _to_confirm(person)
    yield from _planned(person)


def _to_confirm(person: Any) -> Iterator[Todo]:
    recorded = Meeting.objects.filter(state=State.RECORDED).select_related("unit")
    asked = kept(recorded.within(person, CONFIRM), person, CONFIRM)
    recent = Trail.objects.filter(actor=person.ref, verb__in=RECORDING, at__gte=clock.now() - BEHIND)
    mine = set(recent.order_by().values_list("subject", flat=True))
    yours = [one for one in asked if one.ref not in mine]
    for one in yours:
        why = f"{one.recorder_name}于 {one.recorded_on:%m-%d} 记录{'（补记）' if one.recorded_late else ''} · {one.unit}"
        yield Todo(f"请确认：{one}", why, one.get_absolute_url(), "看记录", "会")
    for one in recorded.within(person, "activities.record_planned") if mine else ():
        if one.ref in mine:
            yield Todo(
                f"{one}", f"等书记确认 · {one.unit}", one.get_absolute_url(), "看进度", "会", waiting=True
            )


def _planned(person: Any) -> Iterator[Todo]:
    today = clock.today()
    plans = Meeting.objects.filter(state=State.PLANNED).between(today - BEHIND, today + AHEAD)
    found = kept(plans.within(person, "activities.record_planned"), person, "activities.record_planned")
    for one in found.select_related("unit").order_by("held_on", "pk"):
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


def _when(one: Meeting) -> str:
    return " ".join(
        filter(None, (cn_date(one.held_on), f"{one.starts_at:%H:%M}" if one.starts_at else "", one.place))
    )
