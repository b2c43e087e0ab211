"""Hours of study, derived from who came: what somebody studied in a year, and whether that is enough."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Sum

from linghang.activities.models import Ask, Attendance, How, Meeting, kinds
from linghang.kernel import clock
from linghang.org.models import Post
from linghang.rules import study as rules
from linghang.rules.clauses import Verdict


def with_hours(people: Any, chosen: int) -> Any:
    """Members with what they studied in a year, and whether they sit on a committee."""
    came = Q(
        attendances__present=True,
        attendances__meeting__held_on__year=chosen,
        attendances__meeting__state__in=(Meeting.State.RECORDED, Meeting.State.CONFIRMED),
    )
    courses = [code for code, kind in kinds().items() if kind.course]
    held: Any = Post.objects
    seats = held.on(clock.today()).filter(person=OuterRef("pk"), role__on_committee=True)
    return (
        people.exclude(branch=None)
        .select_related("branch")
        .annotate(
            hours=Sum("attendances__meeting__hours", filter=came),
            courses=Count("attendances", filter=came & Q(attendances__meeting__kind__in=courses)),
            leads=Exists(seats),
        )
        .order_by("branch__path", "pinyin", "pk")
    )


def judged(person: Any, chosen: int) -> Verdict:
    """The rule for a member (R-JY-01), or for whoever sits on a committee (R-JY-02)."""
    on, studied = (
        min(clock.today(), clock.today().replace(year=chosen, month=12, day=28)),
        float(person.hours or 0),
    )
    if person.leads:
        return rules.leader_hours(studied, person.courses, on=on)
    return rules.hours(studied, on=on)


@dataclass(frozen=True)
class Mode:
    """One pair of ways to study (online or in a room, together or alone …), with the hours that went into each."""

    label: str
    hours: list[tuple[str, float]]


def modes() -> list[Ask]:
    """The questions with options that kinds which give hours ask: how was it studied (S0-03)."""
    rows = [row for kind in kinds().values() if kind.hours for row in kind.asks]
    asked = {row["code"]: Ask.of(row) for row in rows if row["how"] == How.CHOICE}
    return list(asked.values())


def came(people: Any, chosen: int) -> Any:
    """The attendances of these members in a year that give hours."""
    held = {"meeting__held_on__year": chosen, "meeting__hours__gt": 0, "present": True}
    states = (Meeting.State.RECORDED, Meeting.State.CONFIRMED)
    return Attendance.objects.filter(person__in=people, meeting__state__in=states, **held).order_by()


def hours_by_mode(people: Any, chosen: int) -> list[Mode]:
    """How the members' hours of a year divide into each pair of modes: one query, whatever is asked."""
    groups = list(came(people, chosen).values_list("meeting__replies").annotate(total=Sum("meeting__hours")))
    divided = ((ask, _divided(ask, groups)) for ask in modes())
    return [Mode(ask.label, list(hours.items())) for ask, hours in divided if hours]


def ledger(people: Any, chosen: int) -> dict[int, dict[str, float]]:
    """The same of each member, for the file: 学时台账 by mode."""
    groups = came(people, chosen).values_list("person", "meeting__replies")
    found: dict[int, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for person, replies, hours in groups.annotate(total=Sum("meeting__hours")):
        for ask in modes():
            if option := replies.get(ask.code):
                found[person][option] += float(hours)
    return found


def _divided(ask: Ask, groups: Iterable[tuple[Mapping[str, Any], Any]]) -> dict[str, float]:
    """The hours of each option in the order of the question; none where nobody replied."""
    found: dict[str, float] = defaultdict(float)
    for replies, hours in groups:
        found[replies.get(ask.code, "")] += float(hours)
    return {option: found[option] for option in ask.options if found[option]}
