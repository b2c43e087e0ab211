"""Whose turn it is: the fair rota of short lessons, and which talks of the year are still to be held."""

from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Any

from django.db.models import Count, F, Max, Q

from linghang.activities.models import Attendance, Kind, Meeting, kind_of
from linghang.activities.roll import expected
from linghang.org.models import Person, Post, Unit
from linghang.rules import meetings as rules
from linghang.rules.clauses import Verdict

TALK = "talk"


def rota(unit: Unit, kind: str, day: date) -> list[Person]:
    """Everybody who may speak, whoever spoke least this year first, then whoever spoke longest ago."""
    spoke = Q(
        attendances__meeting__unit=unit,
        attendances__meeting__kind=kind,
        attendances__meeting__held_on__year=day.year,
        attendances__meeting__state__in=(Meeting.State.RECORDED, Meeting.State.CONFIRMED),
    )
    people = expected(unit, kind, day).annotate(
        times=Count("attendances", filter=spoke, distinct=True),
        last=Max("attendances__meeting__held_on", filter=spoke),
    )
    return list(people.order_by("times", F("last").asc(nulls_first=True), "pinyin", "pk"))


@dataclass(frozen=True)
class Talks:
    """How the talks of a year stand (R-ZB-19), and some of the pairs that have not met yet."""

    verdict: Verdict
    missing: list[str]


def talks(unit: Unit, day: date, limit: int = 6) -> Talks:
    """Who talked with whom this year; by the text the committee with one another and with every member, yearly."""
    people = dict(expected(unit, TALK, day).values_list("pk", "name"))
    held: Any = Post.objects
    seats = held.on(day).filter(unit=unit, role__on_committee=True).order_by("role__order")
    committee = [pk for pk in dict.fromkeys(seats.values_list("person", flat=True)) if pk in people]
    met = _pairs(unit, day.year)
    named = {frozenset(map(str, pair)) for pair in met}
    verdict = rules.talked([str(pk) for pk in committee], [str(pk) for pk in people], named, on=day)
    wanted = [*combinations(committee, 2), *((a, b) for a in committee for b in people if b not in committee)]
    missing = [f"{people[a]}—{people[b]}" for a, b in wanted if frozenset((a, b)) not in met]
    return Talks(verdict, missing[:limit])


def _pairs(unit: Unit, year: int) -> set[frozenset[int]]:
    rows = Attendance.objects.filter(
        meeting__in=Meeting.objects.held().filter(unit=unit, kind=TALK, held_on__year=year)
    )
    found: dict[int, set[int]] = {}
    for meeting, person in rows.values_list("meeting", "person"):
        found.setdefault(meeting, set()).add(person)
    return {frozenset(pair) for pair in found.values()}


def is_talk(kind: str) -> bool:
    """Whether this kind is between two people."""
    return kind_of(kind).who == Kind.Who.PAIR
