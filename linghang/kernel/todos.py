"""What waits for whom, and what is coming up: computed when asked, never stored.

An offer says which rows wait and how they are told. It does not read them: what all modules ask is read together, so
that a desk costs one query for the keys and one for each kind of record, however many things may wait.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time
from itertools import chain
from typing import Any

from django.db.models import IntegerField, QuerySet, Value

from linghang.kernel.parameters import read_once


@dataclass(frozen=True)
class Todo:
    """One thing to do: what, why, by which rule, until when, and the one button that does it.

    `waiting` marks what somebody else must do; it is shown apart and never counted.
    """

    title: str
    why: str
    url: str
    button: str
    glyph: str
    due_on: date | None = None
    cite: str = ""
    cite_url: str = ""
    waiting: bool = False
    count: int = 1


@dataclass(frozen=True)
class Coming:
    """Something of the days ahead that concerns a reader: when, what, whose, and the one link that helps."""

    day: date
    title: str
    url: str
    why: str = ""
    link: str = "查看"
    at: time | None = None


Told = Todo | Coming


@dataclass(frozen=True)
class Waits:
    """Rows of a gated query that wait for something, and how they are told.

    `tell` gets the first `most` of them by the date that `by` leads to, with what `related` names, and their number.
    """

    rows: "QuerySet[Any]"
    by: str
    tell: Callable[[list[Any], int], Iterable[Told]]
    related: tuple[str, ...] = ()
    most: int = 60


Offered = Iterable[Told | Waits]


@dataclass(frozen=True)
class Offer:
    """A module's to-dos of a person: what it asks, and called, what it tells."""

    asks: Callable[[Any], Offered]

    def __call__(self, person: Any) -> list[Todo]:
        return _todos(told(self.asks(person)))


@dataclass(frozen=True)
class Forecast:
    """What a module knows of the days ahead of a person."""

    asks: Callable[[Any, date, date], Offered]

    def __call__(self, person: Any, since: date, until: date) -> list[Coming]:
        return _coming(told(self.asks(person, since, until)))


OFFERS: dict[str, Offer] = {}
FORECASTS: dict[str, Forecast] = {}


def todos(name: str) -> Callable[[Callable[[Any], Offered]], Offer]:
    """Offer a module's to-dos: a function from a person to what waits for them."""

    def decorate(asks: Callable[[Any], Offered]) -> Offer:
        OFFERS[name] = Offer(asks)
        return OFFERS[name]

    return decorate


def coming(name: str) -> Callable[[Callable[[Any, date, date], Offered]], Forecast]:
    """Offer what a module knows of the days ahead: a function from a person, a first and a last day.

    Apart from the to-dos, because these are counted on every page and the days ahead are shown on one.
    """

    def decorate(asks: Callable[[Any, date, date], Offered]) -> Forecast:
        FORECASTS[name] = Forecast(asks)
        return FORECASTS[name]

    return decorate


def waiting_for(person: Any) -> list[Todo]:
    """Everything that waits for this person, soonest deadline first, undated last."""
    return _todos(told(_waiting(person)))


def waiting_with(person: Any, more: Iterable[Waits]) -> list[Todo]:
    """What waits for this person and what more is asked, read together."""
    return _todos(told(chain(_waiting(person), more)))


def coming_for(person: Any, since: date, until: date) -> list[Coming]:
    """What the days ahead hold for this person, in their order."""
    return _coming(told(_ahead(person, since, until)))


def waiting_and_coming(person: Any, since: date, until: date) -> tuple[list[Todo], list[Coming]]:
    """Both at once, read together: what the desk shows."""
    found = told(chain(_waiting(person), _ahead(person, since, until)))
    return _todos(found), _coming(found)


def _waiting(person: Any) -> Offered:
    return chain.from_iterable(offer.asks(person) for offer in OFFERS.values())


def _ahead(person: Any, since: date, until: date) -> Offered:
    return chain.from_iterable(each.asks(person, since, until) for each in FORECASTS.values())


def _todos(found: Iterable[Told]) -> list[Todo]:
    mine = (each for each in found if isinstance(each, Todo))
    return sorted(mine, key=lambda todo: (todo.due_on or date.max, todo.title))


def _coming(found: Iterable[Told]) -> list[Coming]:
    mine = (each for each in found if isinstance(each, Coming))
    return sorted(mine, key=lambda each: (each.day, each.at or time.max, each.title))


def told(offered: Offered) -> list[Told]:
    """What is offered, with the rows that wait read together, and what the office has set read once."""
    with read_once():
        found = list(offered)
        asked = [each for each in found if isinstance(each, Waits)]
        keys = _keys(asked)
        rows = _rows(asked, keys)
        plain = [each for each in found if not isinstance(each, Waits)]
        return [*plain, *chain.from_iterable(_tell(each, rows, keys[i]) for i, each in enumerate(asked))]


def _tell(this: Waits, rows: dict[Any, dict[int, Any]], keys: list[int]) -> Iterator[Told]:
    if keys:
        held = rows[this.rows.model]
        yield from this.tell([held[key] for key in keys[: this.most] if key in held], len(keys))


def _keys(asked: Sequence[Waits]) -> list[list[int]]:
    """The keys of the rows that wait, for each that asks, the soonest first: one query for all."""
    found: list[dict[int, date]] = [{} for _ in asked]
    parts = [
        each.rows.order_by().values_list(Value(i, output_field=IntegerField()), "pk", each.by)
        for i, each in enumerate(asked)
    ]
    for i, key, day in parts[0].union(*parts[1:], all=True) if parts else ():
        found[i][key] = day or date.max
    return [sorted(each, key=lambda key: (each[key], key)) for each in found]


def _rows(asked: Sequence[Waits], keys: Sequence[list[int]]) -> dict[Any, dict[int, Any]]:
    """The rows themselves, with all that is told of them: one query for each model of which something waits."""
    wanted: dict[Any, set[int]] = defaultdict(set)
    related: dict[Any, set[str]] = defaultdict(set)
    for each, own in zip(asked, keys, strict=True):
        wanted[each.rows.model] |= set(own[: each.most])
        related[each.rows.model] |= set(each.related)
    return {
        model: model._base_manager.select_related(*sorted(related[model])).in_bulk(pks) if pks else {}
        for model, pks in wanted.items()
    }
