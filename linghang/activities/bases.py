"""The base of a vote: who counts on the day of the meeting and who does not, by the roster and the rules."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any

from django.core.exceptions import ValidationError

from linghang.org.electorate import members_among, members_on
from linghang.org.models import Post, Unit
from linghang.rules import electorate, voting
from linghang.rules.electorate import Base, LeftOut, Member
from linghang.rules.periods import Span
from linghang.rules.register import rule
from linghang.rules.voting import Count, Vote

Judge = Callable[..., Vote]
# What may be put to the vote, by the rule that judges it.
OCCASIONS: Mapping[str, Judge] = MappingProxyType(
    {
        "R-BJ-01": voting.resolution,
        "R-BJ-02": voting.admission,
        "R-BJ-03": voting.confirmation,
        "R-BJ-04": voting.branch_committee,
        "R-BJ-05": voting.party_committee,
        "R-BJ-06": voting.party_committee_cadres,
    }
)
OF_COMMITTEES = frozenset({"R-BJ-04", "R-BJ-05", "R-BJ-06"})
CONFIRMATION = "R-BJ-03"
OF_MEMBERSHIP = frozenset({"R-BJ-02", CONFIRMATION})
RECUSED = "回避"


def base_of(unit: Unit, code: str, day: date) -> Base:
    """Who counts when this is put to the vote at the unit on that day, and why the others do not."""
    return committee_base(unit, day) if code in OF_COMMITTEES else electorate.base(members_on(unit, day), day)


def committee_base(unit: Unit, day: date) -> Base:
    """The members of a unit's committee on that day: each counts once, whatever posts they hold.

    Who is under 留党察看 or suspended has no vote here either (R-XJ-03); to be left out of the members' meeting because of
    illness or absence (R-BJ-07) takes nobody's seat on a committee.
    """
    held: Any = Post.objects
    posts = held.on(day).filter(unit=unit, role__on_committee=True).select_related("person")
    people = {post.person_id: post.person.name for post in posts}
    known = {each.key: replace(each, excuses=()) for each in members_among(people, day)}
    seats = (known.get(str(pk), Member(str(pk), name, Span(day), day)) for pk, name in people.items())
    return electorate.base(seats, day)


def without(base: Base, recused: Collection[int], code: str) -> Base:
    """The base without those who step aside because the matter touches them: they count neither as expected nor as present.

    Raises ValidationError for somebody who has no vote anyway.
    """
    aside = {str(pk) for pk in recused}
    if aside - {member.key for member in base.counted}:
        raise ValidationError({"recused": "回避的人须是有表决权的应到人员"})
    law = rule(code, base.on)
    out = [LeftOut(member, RECUSED, law) for member in base.counted if member.key in aside]
    left = tuple(member for member in base.counted if member.key not in aside)
    return replace(base, counted=left, left_out=(*base.left_out, *out))


def judge(code: str, count: Count, day: date) -> Vote:
    """The verdict by the rule of that day. Raises ValueError for numbers that cannot be."""
    return OCCASIONS[code](count, on=day)


def called(code: str, day: date) -> str:
    """What the occasion is called, with the article it rests on."""
    law = rule(code, day)
    return f"{law.name}（{law.cite}）"
