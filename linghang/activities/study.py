"""Hours of study, derived from who came: what somebody studied in a year, and whether that is enough."""

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Sum

from linghang.activities.models import Meeting, kinds
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
