"""What one kind of meeting came to in a year: how often, whom it reached, and what was replied to its questions."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from linghang.activities.models import Ask, Attendance, How, Kind
from linghang.kernel.figures import figure_url
from linghang.org.models import Person

EVERYBODY = (Kind.Who.MEMBERS, Kind.Who.FULL_MEMBERS, Kind.Who.TREE)
FIGURE = "activities.year"


@dataclass(frozen=True)
class Share:
    """How many of all there are took part at least once."""

    came: int
    of: int
    unit: str


@dataclass(frozen=True)
class Reply:
    """What was replied to a question, how often, and the page of the meetings behind it."""

    text: str
    times: int
    url: str


@dataclass(frozen=True)
class Answered:
    """One question over the year: a sum of numbers, or each reply with how often it was given."""

    ask: Ask
    total: int = 0
    replies: list[Reply] = field(default_factory=list)

    @property
    def is_sum(self) -> bool:
        return self.ask.how == How.NUMBER


@dataclass(frozen=True)
class Yearly:
    """The year of a kind, for one reader."""

    kind: Kind
    year: int
    times: int
    url: str
    shares: list[Share]
    answered: list[Answered]

    @property
    def told(self) -> list[Answered]:
        """The questions that something was replied to and that can be summed or listed."""
        return [one for one in self.answered if one.total or one.replies]


def yearly(kind: Kind, year: int, meetings: Any, units: Any) -> Yearly:
    """What the meetings of a kind that a reader sees came to in a year, against the branches that they see."""
    held = meetings.held().filter(held_on__year=year).of_kind(kind.code)
    given = list(held.order_by("held_on", "pk").values_list("replies", flat=True))
    address = figure_url(FIGURE, year, of=kind.code)
    shares = _shares(held, units) if kind.who in EVERYBODY else []
    asked = [Ask.of(row) for row in kind.asks]
    return Yearly(
        kind, year, len(given), address, shares, [_answered(ask, given, kind, year) for ask in asked]
    )


def _shares(held: Any, units: Any) -> list[Share]:
    """Which branches and members took part: whoever came to at least one of these meetings."""
    branches = units.branches()
    came = Attendance.objects.filter(meeting__in=held, present=True, person__branch__in=branches)
    people = dict(came.values_list("person", "person__branch").distinct())
    members = Person.objects.filter(branch__in=branches).count()
    shares = [
        Share(len(set(people.values())), branches.count(), "个支部"),
        Share(len(people), members, "名党员"),
    ]
    return shares if shares[0].of > 1 else shares[1:]


def _answered(ask: Ask, given: list[Mapping[str, Any]], kind: Kind, year: int) -> Answered:
    said = [one[ask.code] for one in given if ask.code in one]
    if ask.how == How.NUMBER:
        return Answered(ask, total=sum(said))
    if ask.how != How.CHOICE and not ask.listed:
        return Answered(ask)
    found = Counter(map(str, said)).most_common()
    return Answered(ask, replies=[Reply(text, n, _behind(kind, year, ask, text)) for text, n in found])


def _behind(kind: Kind, year: int, ask: Ask, text: str) -> str:
    return figure_url(FIGURE, year, of=kind.code, ask=ask.code, reply=text)
