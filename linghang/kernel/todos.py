"""What waits for whom: computed when asked, never stored."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any


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


Offer = Callable[[Any], Iterable[Todo]]
OFFERS: dict[str, Offer] = {}


def todos(name: str) -> Callable[[Offer], Offer]:
    """Offer a module's to-dos: a function from a person to what waits for them."""

    def decorate(offer: Offer) -> Offer:
        OFFERS[name] = offer
        return offer

    return decorate


def waiting_for(person: Any) -> list[Todo]:
    """Everything that waits for this person, soonest deadline first, undated last."""
    found = [todo for offer in OFFERS.values() for todo in offer(person)]
    return sorted(found, key=lambda todo: (todo.due_on or date.max, todo.title))
