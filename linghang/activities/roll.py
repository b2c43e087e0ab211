"""Who holds which kind of meeting, and who is expected there: members, the committee, or the heads of branches."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from django.db.models import Q, QuerySet

from linghang.activities.models import Meeting
from linghang.org.models import Person, Post, Unit

Kind = Meeting.Kind
_UPPER = (Kind.STUDY, Kind.LESSON, Kind.THEMED_DAY)

# 支部工作条例 第十一条至第十八条 for branches and groups; committees and general branches by their own rules.
HOLDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        Unit.Kind.BRANCH: (
            Kind.ASSEMBLY,
            Kind.BOARD,
            Kind.THEMED_DAY,
            Kind.LESSON,
            Kind.GROUP,
            Kind.STUDY,
            Kind.LIFE,
            Kind.REVIEW,
        ),
        Unit.Kind.GROUP: (Kind.GROUP, Kind.STUDY, Kind.LIFE),
        Unit.Kind.GENERAL: (Kind.GENERAL_BOARD, *_UPPER, Kind.DEPLOYMENT),
        Unit.Kind.COMMITTEE: (Kind.COMMITTEE, Kind.DEPLOYMENT, *_UPPER),
        Unit.Kind.SUBCOMMITTEE: (Kind.COMMITTEE, Kind.DEPLOYMENT, *_UPPER),
    }
)
YEARLY = frozenset({Kind.LIFE, Kind.REVIEW})


def expected(unit: Unit, kind: str, day: date) -> QuerySet[Person]:
    """Whoever should be at this meeting by the roster of that day; probationary members are called as well.

    A group keeps no roster of its own: all members of its branch are offered.
    """
    if kind == Kind.DEPLOYMENT:
        return _called_up(unit, day)
    if unit.kind == Unit.Kind.GROUP and unit.parent is not None:
        return Person.objects.of_branch(unit.parent, day)
    if unit.kind == Unit.Kind.BRANCH and kind != Kind.BOARD:
        return Person.objects.of_branch(unit, day)
    return _holding(day, Q(unit=unit, role__on_committee=True))


def _called_up(unit: Unit, day: date) -> QuerySet[Person]:
    """The deployment meeting: the committee itself, and whoever leads a branch or a general branch below it."""
    below = Q(unit__path__startswith=unit.path, role__leads=True) & ~Q(unit__kind=Unit.Kind.GROUP)
    return _holding(day, Q(unit=unit, role__on_committee=True) | below)


def _holding(day: date, posts: Q) -> QuerySet[Person]:
    held: Any = Post.objects
    return Person.objects.filter(posts__in=held.on(day).filter(posts)).distinct()


def year_of(kind: str, day: date) -> int | None:
    """The year that a yearly meeting belongs to: held from January to March it is still last year's."""
    if kind not in YEARLY:
        return None
    return day.year - 1 if day.month <= 3 else day.year
