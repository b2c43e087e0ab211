"""提醒 and 催办: the two rungs of the ladder that time may take, and drafts of what recurs.

Anything harsher is a draft that a person signs.
"""

from collections.abc import Iterable
from datetime import date
from functools import cache
from itertools import groupby
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from linghang.dispatch.actions import draft
from linghang.dispatch.models import Line, Order, Recurring
from linghang.dispatch.recurring import month_lines
from linghang.kernel import clock
from linghang.kernel.access import SYSTEM
from linghang.kernel.flow import record, verb
from linghang.kernel.models import Counter, Trail
from linghang.kernel.notices import tell
from linghang.kernel.parameters import value
from linghang.kernel.ticks import tick
from linghang.org.models import Person, Post, Unit
from linghang.rules.periods import month_words
from linghang.rules.workdays import add_workdays, is_workday, workdays_between

REMIND = verb("dispatch.remind", "自动提醒和催办")
RECUR = verb("dispatch.recur", "自动拟经常性事项")


@tick("dispatch.remind")
def remind_today() -> int:
    """What `remind` does, for the present day."""
    return remind(clock.today())


def remind(today: date) -> int:
    """One round of 提醒 before and 催办 after the deadline, on a working day, once a day; gives the notices left.

    Only owners and the heads of their units hear of it. A round takes up where the last one stopped, so that a day on
    which the machine was off is made good.
    """
    if not is_workday(today) or _done(today):
        return 0
    with transaction.atomic():
        Counter.take(REMIND)
        if _done(today):
            return 0
        last = _last_round(today)
        left = _before_deadline(today, last) + _after_deadline(today, last)
        record(SYSTEM, REMIND, _round(today), note=f"{left} 条通知")
    return left


def _round(day: date, what: str = REMIND) -> str:
    return f"{what}:{day.isoformat()}"


def _done(day: date, what: str = REMIND) -> bool:
    return Trail.objects.filter(subject=_round(day, what)).exists()


def _last_round(today: date) -> date | None:
    rounds = Trail.objects.filter(verb=REMIND, subject__lt=_round(today)).order_by("-subject")
    subject = rounds.values_list("subject", flat=True).first()
    return date.fromisoformat(subject.rpartition(":")[2]) if subject else None


@tick("dispatch.recur")
def recur_today() -> int:
    """What `recur` does, for the present day."""
    return recur(clock.today())


def recur(today: date) -> int:
    """Once a month: a draft with what recurs for each branch whose month has no sheet to carry it; gives how many.

    Only a draft: the office checks, signs and issues it like any other.
    """
    month = today.replace(day=1)
    if today.day < value("dispatch.recur_day") or not is_workday(today) or _done(month, RECUR):
        return 0
    with transaction.atomic():
        Counter.take(RECUR)
        if _done(month, RECUR):
            return 0
        drafted = _draft_recurring(month) if Recurring.objects.on(today).exists() else 0
        record(SYSTEM, RECUR, _round(month, RECUR), note=f"{drafted} 张")
    return drafted


def _draft_recurring(month: date) -> int:
    head, drafted = Unit.objects.party().earliest("path"), 0
    for branch in Unit.objects.on(clock.today()).branches().order_by("path"):
        if lines := month_lines(branch, month):
            title = f"{month_words(month)}经常性工作"
            draft(
                SYSTEM,
                kind=Order.Kind.WORKLIST,
                unit=branch,
                issuer=head,
                title=title,
                period=month,
                lines=lines,
            )
            drafted += 1
    return drafted


def _before_deadline(today: date, last: date | None) -> int:
    ahead = value("dispatch.remind_before")
    due = _waiting().filter(due_on__gte=today, due_on__lte=add_workdays(today, ahead).day)
    if last:
        due = due.filter(due_on__gt=add_workdays(last, ahead).day)
    return _tell(due, "提醒：{count} 条将于 {day:%m-%d} 前到期，{order}", heads_too=False)


def _after_deadline(today: date, last: date | None) -> int:
    every = max(1, value("dispatch.urge_every"))

    @cache
    def urged(due: date, day: date) -> int:
        """How many times a line due then has been urged by that day: on the next working day, then each `every`."""
        return 0 if day <= due else (workdays_between(due, day).count + every - 1) // every

    late = _waiting().filter(due_on__lt=today)
    now = [
        line
        for line in late
        if line.due_on and urged(line.due_on, today) > urged(line.due_on, last or line.due_on)
    ]
    for order, lines in groupby(now, key=lambda line: line.order):
        record(SYSTEM, "dispatch.urge", order, label="自动催办", note=f"{len(list(lines))} 条逾期未上报")
    return _tell(now, "催办：{count} 条已过 {day:%m-%d} 的期限，{order}", heads_too=True)


def _waiting() -> "QuerySet[Line]":
    """Lines that the unit has still to hand in, order by order."""
    states = (Line.State.OPEN, Line.State.REPORTED)
    found: QuerySet[Line] = Line.objects.filter(state__in=states, order__state__in=Order.RUNNING)
    return found.select_related("order", "owner").order_by("order_id", "due_on", "pk")


def _tell(lines: Iterable[Line], words: str, *, heads_too: bool) -> int:
    """One notice a person, however many sheets and lines are meant, instead of the one that still lies there unread."""
    found = list(lines)
    heads = _heads({line.order.unit_id for line in found})
    meant: dict[Person, list[Line]] = {}
    for line in found:
        above = heads.get(line.order.unit_id, []) if heads_too or line.owner is None else []
        for person in {*above, *([line.owner] if line.owner else [])}:
            meant.setdefault(person, []).append(line)
    left = 0
    for person, own in meant.items():
        first = min(own, key=lambda line: (line.due_on, line.pk))
        sheets = len({line.order_id for line in own})
        order = f"{first.order}{f'等 {sheets} 张单' if sheets > 1 else ''}"
        text = words.format(count=len(own), day=first.due_on, order=order)
        left += tell([person], text, about=first.order if len(own) > 1 else first, instead=words[:3])
    return left


def _heads(units: set[int]) -> dict[int, list[Person]]:
    posts: Any = Post.objects
    held = posts.on(clock.today()).filter(unit__in=units, role__leads=True).select_related("person")
    found: dict[int, list[Person]] = {}
    for post in held:
        found.setdefault(post.unit_id, []).append(post.person)
    return found
