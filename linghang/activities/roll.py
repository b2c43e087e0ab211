"""Who is expected at a meeting by the roster of its day: members, the committee, or the heads of branches."""

from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet, Subquery

from linghang.activities.models import Kind, kind_of
from linghang.org.models import Membership, Person, Post, Unit

Who = Kind.Who
_WITH_MEMBERS = (Unit.Kind.BRANCH, Unit.Kind.GROUP)


def expected(unit: Unit, kind: str, day: date) -> QuerySet[Person]:
    """Whoever should be at this meeting by the roster of that day; probationary members are called as well.

    A group keeps no roster of its own: all members of its branch are offered. Above the branch it is the committee.
    """
    who = kind_of(kind).who
    if who == Who.HEADS:
        return _called_up(unit, day)
    if who == Who.TREE:
        held = Membership.objects.on(day).filter(branch__path__startswith=unit.path)
        return Person.objects.filter(memberships__in=held).distinct()
    if who == Who.COMMITTEE or unit.kind not in _WITH_MEMBERS:
        return committee(unit, day)
    branch = unit.parent if unit.kind == Unit.Kind.GROUP and unit.parent is not None else unit
    members = Person.objects.of_branch(branch, day)
    if who == Who.FULL_MEMBERS:
        return members.with_status(day).filter(status=Membership.Status.FULL)
    return members


def committee(unit: Unit, day: date) -> QuerySet[Person]:
    """Whoever sits on the unit's committee on that day."""
    return _holding(day, Q(unit=unit, role__on_committee=True))


def _called_up(unit: Unit, day: date) -> QuerySet[Person]:
    """The deployment meeting: the committee itself, and whoever leads a branch or a general branch below it."""
    below = Q(unit__path__startswith=unit.path, role__leads=True) & ~Q(unit__kind=Unit.Kind.GROUP)
    return _holding(day, Q(unit=unit, role__on_committee=True) | below)


def _holding(day: date, posts: Q) -> QuerySet[Person]:
    held: Any = Post.objects
    return Person.objects.filter(posts__in=held.on(day).filter(posts)).distinct()


def calls(person: Any) -> Q:
    """The meetings that call somebody today, as `expected` has it: committees, members of the branch, heads."""
    found = Q(unit__in={post.unit_id for post in person.posts_now if post.role.on_committee})
    if person.branch_id:
        found |= Q(unit=person.branch_id) & ~Q(kind__in=_with(Who.COMMITTEE))
        found |= Q(unit__parent=person.branch_id, unit__kind=Unit.Kind.GROUP)
        found |= Q(unit__in=_above(person.branch_id), kind__in=_with(Who.TREE))
    sent_to = {post.unit_id for post in person.posts_now if post.unit.is_temporary}
    if sent_to:
        found |= Q(unit__in=sent_to) & ~Q(kind__in=_with(Who.COMMITTEE))
    if any(post.role.leads for post in person.posts_now):
        found |= Q(kind__in=_with(Who.HEADS))
    return found


def _above(branch: int) -> Any:
    """A branch and the units above it: those whose own path its path begins with. Asked inside the query that uses it."""
    here = Subquery(Unit.objects.filter(pk=branch).values("path"))
    return Unit.objects.alias(here=here).filter(here__startswith=F("path")).values("pk")


def _with(who: str) -> Any:
    """The kinds of meeting that call these people, asked for inside the query that uses them."""
    return Kind.objects.filter(who=who).values("code")


def year_of(kind: str, day: date) -> int | None:
    """The year that a yearly meeting belongs to: held within the window after New Year it is still last year's."""
    window = kind_of(kind).window
    if window is None:
        return None
    return day.year - 1 if day.month <= window else day.year
