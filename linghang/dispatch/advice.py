"""What other modules have to say to whoever drafts an order, before it is issued. It warns and forbids nothing."""

from collections.abc import Callable, Iterable
from typing import Any

from linghang.dispatch.models import Order

Adviser = Callable[[Order, Any], Iterable[str]]
ADVISERS: list[Adviser] = []


def adviser(tell: Adviser) -> Adviser:
    """Offer advice: a function from a sheet in drafting and its reader to sentences."""
    ADVISERS.append(tell)
    return tell


def advice(order: Order, person: Any) -> list[str]:
    """All that is to be said of a sheet in drafting."""
    return [words for tell in ADVISERS for words in tell(order, person)]
