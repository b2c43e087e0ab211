"""Who of a branch counts on a day, as `rules.electorate` wants it: the one place where votes get their members from."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Min, Q

from linghang.org.models import Membership, Person, Spell, Unit
from linghang.rules.electorate import Excuse, Member
from linghang.rules.periods import Span

EXCUSED = "经上级同意并经大会通过，不计入应到会"
_DAY = timedelta(days=1)


def members_on(branch: Unit, day: date) -> list[Member]:
    """The members of a branch on a day with what bears on their vote: probation, 留党察看, suspension, leave from the base.

    `rules.electorate.base` judges them (选举工作条例 第五条, R-XJ-03, R-BJ-07). `key` is the person's primary key as text. Why
    somebody is excused stays where it is kept: the base says only that it was agreed and passed.
    """
    belong = Q(person__in=Person.objects.of_branch(branch, day)) if branch.is_temporary else Q(branch=branch)
    return _members(Membership.objects.on(day).filter(belong), day)


def members_among(people: Iterable[int], day: date) -> list[Member]:
    """Those of these people who are members on a day, whichever branch they belong to: for the votes of a committee."""
    return _members(Membership.objects.on(day).filter(person__in=list(people)), day)


def _members(held: Any, day: date) -> list[Member]:
    people = {each.person_id: each for each in held.select_related("person").order_by("person")}
    full = Membership.objects.filter(person__in=people, status=Membership.Status.FULL, since__lte=day)
    confirmed = dict(full.values("person").annotate(first=Min("since")).values_list("person", "first"))
    spells: dict[int, list[Spell]] = defaultdict(list)
    for spell in Spell.objects.standing().filter(person__in=people, kind__in=Spell.RIGHTS):
        spells[spell.person_id].append(spell)
    return [_member(each, confirmed.get(key), spells[key]) for key, each in people.items()]


def _member(held: Membership, first_full: date | None, spells: Iterable[Spell]) -> Member:
    by_kind: dict[str, list[Spell]] = defaultdict(list)
    for spell in spells:
        by_kind[spell.kind].append(spell)
    out = [*by_kind[Spell.Kind.STOPPED], *by_kind[Spell.Kind.PAUSED]]
    return Member(
        key=str(held.person_id),
        name=held.person.name,
        belongs=_span(held),
        confirmed_on=_confirmed(held, first_full),
        watched=tuple(_span(spell) for spell in by_kind[Spell.Kind.WATCHED]),
        suspended=tuple(_span(spell) for spell in out),
        excuses=tuple(
            Excuse(EXCUSED, _span(spell), spell.passed_on) for spell in by_kind[Spell.Kind.EXCUSED]
        ),
    )


def _confirmed(held: Membership, first_full: date | None) -> date | None:
    """When the probation ended; a register may know the day itself, or only that it is over."""
    if held.status != Membership.Status.FULL:
        return None
    known = [day for day in (first_full, held.person.confirmed_on) if day is not None]
    return min(known, default=held.since)


def _span(row: Membership | Spell) -> Span:
    """Rows end on the day that no longer counts, spans on the last that does."""
    return Span(row.since, row.until - _DAY if row.until else None)
