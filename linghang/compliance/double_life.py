"""双重组织生活: leaders take part in the life of their own branch as ordinary members; counted from who attended.

Seen by 党办 and by each leader for himself; in the order of posts, without rank and without a judgement.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from linghang.compliance.records import pulled
from linghang.kernel import clock
from linghang.kernel.figures import figure_url
from linghang.org.models import Membership, Post, Unit
from linghang.rules.periods import Kind, Period

ATTENDANCE = "activities.attendance"
# The leadership of the hospital: posts at the hospital itself and at the head of the Party tree.
TOP = Q(unit__kind=Unit.Kind.HOSPITAL) | Q(unit__kind__in=Unit.PARTY, unit__parent__kind__in=Unit.STAFF)


@dataclass
class Life:
    """One leader in one year: the branches they belonged to, where they were expected there, and where they came."""

    post: Post
    year: Period
    branches: list[str] = field(default_factory=list)
    called: list[str] = field(default_factory=list)
    came: list[str] = field(default_factory=list)

    @property
    def expected(self) -> int:
        return len(self.called)

    @property
    def times(self) -> int:
        return len(self.came)

    @property
    def called_url(self) -> str:
        return figure_url("compliance.double_life", self.post.person_id, year=self.year.key)

    @property
    def came_url(self) -> str:
        return figure_url("compliance.double_life", self.post.person_id, year=self.year.key, of="came")


def asked_year(query: Mapping[str, str]) -> Period:
    """The year that an address asks for (`year=2026`), else the present one; never one that has not begun."""
    today, asked = clock.today(), query.get("year", "")
    known = asked.isdecimal() and today.year - 10 <= int(asked) <= today.year
    return Period.containing(Kind.YEAR, today.replace(year=int(asked), day=1) if known else today)


def leading(posts: Any) -> Any:
    """Those of these posts that lead the hospital today."""
    return posts.on(clock.today()).filter(TOP, role__on_committee=True, acting_for=None)


def lives(posts: Any, year: Period) -> list[Life]:
    """The leaders among these posts in the order of their posts, with what is recorded of the year: in four queries."""
    held = leading(posts)
    found: dict[int, Life] = {}
    for post in held.select_related("person", "unit", "role").order_by("role__order", "since", "pk"):
        found.setdefault(post.person_id, Life(post, year))
    _attend(found, year)
    return list(found.values())


def _attend(found: dict[int, Life], year: Period) -> None:
    homes: dict[int, list[Membership]] = defaultdict(list)
    belonged = Membership.objects.filter(person__in=found, since__lte=year.end).exclude(until__lte=year.start)
    for each in belonged.select_related("branch").order_by("since"):
        homes[each.person_id].append(each)
        if each.branch.name not in found[each.person_id].branches:
            found[each.person_id].branches.append(each.branch.name)
    branches = {each.branch_id for own in homes.values() for each in own}
    groups = Unit.objects.filter(kind=Unit.Kind.GROUP, parent__in=branches)
    home_of: dict[int, int] = dict(groups.values_list("pk", "parent_id")) | {key: key for key in branches}
    for row in pulled(ATTENDANCE, year.start, min(year.end, clock.today()), set(home_of)):
        if any(_belongs(each, home_of[row["unit"]], row["day"]) for each in homes[row["person"]]):
            life = found[row["person"]]
            life.called.append(row["ref"])
            life.came.extend([row["ref"]] if row["present"] else [])


def _belongs(each: Membership, branch: int, day: Any) -> bool:
    """Whether that membership was in that branch on the day."""
    return each.branch_id == branch and each.since <= day and (each.until is None or day < each.until)
