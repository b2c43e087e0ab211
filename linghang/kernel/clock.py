"""What day it is. One place, so that a demo year can be played and a test can stand on any day."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time, timedelta

from django.utils import timezone

_offset: ContextVar[timedelta] = ContextVar("clock_offset", default=timedelta())


def now() -> datetime:
    """The present moment, timezone-aware."""
    return timezone.now() + _offset.get()


def today() -> date:
    """The present day at the hospital."""
    return timezone.localtime(now()).date()


@contextmanager
def at(day: date, hour: int = 9) -> Iterator[None]:
    """Stand on another day for the length of a block: whatever is done inside is dated there."""
    moment = timezone.make_aware(datetime.combine(day, time(hour)))
    token = _offset.set(moment - timezone.now())
    try:
        yield
    finally:
        _offset.reset(token)
