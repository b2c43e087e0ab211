"""What stands beside the to-dos: what to ask about and whose it is, one's own year, and what the auditor watches."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Min, Q
from django.urls import reverse

from linghang.activities.models import Attendance, Meeting
from linghang.dispatch.models import Line
from linghang.kernel import clock
from linghang.kernel.models import Trail
from linghang.org.models import Person, Post

FEW, WATCHED = 5, timedelta(days=7)
VIEW = "dispatch.view_line"


@dataclass(frozen=True)
class Fact:
    """One row: what it is about, what is known of it, and where the records are."""

    label: str
    words: str
    url: str


def to_ask(person: Person) -> list[Fact]:
    """The branches below with something overdue, the oldest first, and who answers for each: two queries, no ranking."""
    if not person.reach(VIEW).trees:
        return []
    late = Line.objects.within(person, VIEW).overdue().order_by().values("order__unit", "order__unit__name")
    found = list(late.annotate(count=Count("pk"), first=Min("due_on")).order_by("first", "order__unit__path"))
    posts: Any = Post.objects
    units = [row["order__unit"] for row in found[:FEW]]
    held = (
        posts.on(clock.today()).filter(unit__in=units, role__leads=True).values_list("unit", "person__name")
    )
    heads = dict(held) if units else {}
    return [
        Fact(
            row["order__unit__name"],
            f"{heads.get(row['order__unit'], '')} {row['count']} 项，自 {row['first']:%m-%d}".strip(),
            f"{reverse('dispatch:late_lines')}?unit={row['order__unit']}",
        )
        for row in found
    ]


def own_year(person: Person) -> list[Fact]:
    """Since January: meetings to which one was called and came, and one's own lines. Facts for oneself, no score."""
    if person.branch_id is None:
        return []
    held = Meeting.objects.held().filter(held_on__year=clock.today().year)
    seen = Attendance.objects.filter(meeting__in=held, person=person.pk).aggregate(
        all=Count("pk"), came=Count("pk", filter=Q(present=True))
    )
    lines = Line.objects.filter(owner=person.pk, order__issued_on__year=clock.today().year)
    done = lines.aggregate(all=Count("pk"), closed=Count("pk", filter=Q(state=Line.State.CLOSED)))
    meetings = f"{reverse('activities:meetings')}?me=called"
    words = f"应到 {seen['all']} 次，到会 {seen['came']} 次" if seen["all"] else "今年还没有记录"
    found = [Fact("组织生活", words, meetings if seen["all"] else "")]
    if done["all"]:
        words = f"{done['all']} 件，已办结 {done['closed']} 件"
        found.append(Fact("负责的事", words, reverse("dispatch:all_lines")))
    return found


# What an auditor looks for first, and the words under which the trail finds it.
WATCH: tuple[tuple[str, Q, str], ...] = (
    ("登录失败", Q(verb="org.sign_in_failed"), "登录失败"),
    ("导出", Q(label__startswith="导出"), "导出"),
    ("权限变更", Q(verb="org.set_grant"), "设置权限"),
    ("任职变更", Q(verb="org.appoint"), "任职"),
)


def watched(person: Person) -> Iterator[Fact]:
    """What the trail holds of the last seven days: one query."""
    if not person.reach("kernel.audit"):
        return
    since = clock.now() - WATCHED
    counts = {f"n{place}": Count("pk", filter=wanted) for place, (_, wanted, _) in enumerate(WATCH)}
    recent = Trail.objects.filter(at__gte=since).aggregate(all=Count("pk"), **counts)
    trail = reverse("org:trail")
    yield Fact("全部", f"{recent['all']} 条", f"{trail}?days={WATCHED.days}")
    for place, (label, _, words) in enumerate(WATCH):
        yield Fact(label, f"{recent[f'n{place}']} 条", f"{trail}?q={words}&days={WATCHED.days}")
