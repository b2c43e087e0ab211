"""What an office may set: declared in code with its default and bounds, stored as dated rows.

A change takes effect from a day on, never inside a locked cycle, and never looser than the rule it rests on.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar, cast

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from linghang.kernel import clock, flow
from linghang.kernel.access import Actor
from linghang.kernel.models import Parameter

T = TypeVar("T")
Check = Callable[[Any, date], None]


@dataclass(frozen=True)
class Declared:
    """A parameter as its module declares it, with its unit ("天") and the article it rests on.

    `check` raises ValidationError for a value that may not be.
    """

    code: str
    title: str
    default: Any
    kind: type
    group: str
    unit: str = ""
    help: str = ""
    basis: str = ""
    check: Check | None = None

    @property
    def ref(self) -> str:
        return f"kernel.parameter:{self.code}"

    def __str__(self) -> str:
        return self.title

    def said(self, held: Any) -> str:
        """A value of it in words: “启用”, “15 天”."""
        if isinstance(held, bool):
            return "启用" if held else "不启用"
        return f"{held} {self.unit}" if self.unit and held != "" else str(held)


@dataclass(frozen=True)
class Effect:
    """What a change will do, in a sentence: from which day, and which facts it moves (a source, narrowed by columns)."""

    text: str
    since: date
    source: str = ""
    where: Mapping[str, str] = field(default_factory=dict)


# What a module says of a change before it is made, and what those who count the facts that it moves say to that.
Preview = Callable[[Declared, Any, date], Iterable[Effect]]
Watch = Callable[[Sequence[Effect]], Iterable[str]]

DECLARED: dict[str, Declared] = {}
GUARDS: list[Callable[[date], None]] = []
PREVIEWS: list[Preview] = []
WATCHES: list[Watch] = []
SET = flow.verb("kernel.set_parameter", "设置参数")
flow.verb("kernel.audit", "查看留痕")


def declare(code: str, title: str, default: Any, *, group: str, **more: Any) -> None:
    """Offer a parameter for the settings page; its kind (int, bool, str) is that of the default."""
    DECLARED[code] = Declared(code, title, default, type(default), group, **more)


def guard(check: Callable[[date], None]) -> Callable[[date], None]:
    """Have every dated change asked first: the function raises ValidationError for a day that is locked."""
    GUARDS.append(check)
    return check


def preview(tell: Preview) -> Preview:
    """Have a change told of before it is made: the function yields its effects, of whichever parameter it knows."""
    PREVIEWS.append(tell)
    return tell


def watch(tell: Watch) -> Watch:
    """Have those told of who count what a change moves: the function yields a sentence for each."""
    WATCHES.append(tell)
    return tell


History = list[tuple[date, Any]]
# What a request has read so far, by name; None outside of one.
_READ: ContextVar[dict[str, Any] | None] = ContextVar("parameters_read", default=None)


@contextmanager
def read_once() -> Iterator[None]:
    """For the length of a block (a request) the stored values are read once, however often they are asked for."""
    if _READ.get() is not None:
        yield
        return
    token = _READ.set({})
    try:
        yield
    finally:
        _READ.reset(token)


def once(name: str, read: Callable[[], T]) -> T:
    """What `read` gives, asked for at most once in a `read_once` block and each time anew outside of one."""
    held = _READ.get()
    if held is None:
        return read()
    if name not in held:
        held[name] = read()
    return cast(T, held[name])


def forget() -> None:
    """Have everything read again: what was read in this request has been changed."""
    (_READ.get() or {}).clear()


def _stored() -> dict[str, History]:
    return once("kernel.parameters", _histories_stored)


def _histories_stored() -> dict[str, History]:
    found: dict[str, History] = defaultdict(list)
    for code, since, held in Parameter.objects.order_by("since").values_list("code", "since", "value"):
        found[code].append((since, held))
    return found


def value(code: str, on: date | None = None) -> Any:
    """The value in force on a day; the declared default where nothing was set."""
    return value_on(history(code), on or clock.today())


def value_on(held: History, day: date) -> Any:
    """The value of a history on a day."""
    return held[bisect_right([since for since, _ in held], day) - 1][1]


def history(code: str) -> History:
    """Every value with the day it began, the default first; each holds until the next begins."""
    return [(date.min, DECLARED[code].default), *_stored().get(code, ())]


def histories() -> dict[str, History]:
    """All parameters' histories in one query."""
    stored = _stored()
    return {code: [(date.min, d.default), *stored.get(code, ())] for code, d in DECLARED.items()}


def guarded(since: date) -> None:
    """Raise ValidationError when a dated change from this day would reach into a locked cycle."""
    for check in GUARDS:
        check(since)


def effects(code: str, new: Any, since: date) -> list[str]:
    """What setting a parameter from a day on would do, in sentences; nothing is changed."""
    declared = DECLARED[code]
    told = [effect for tell in PREVIEWS for effect in tell(declared, new, since)]
    later = [(day, held) for day, held in history(code) if day >= since]
    replaced = [f"原定 {day} 起为“{declared.said(held)}”，由这次调整取代。" for day, held in later]
    watched = [line for tell in WATCHES for line in tell(told)]
    return [*(effect.text for effect in told), *watched, *replaced]


def put(by: Actor, code: str, new: Any, since: date, note: str = "") -> Parameter:
    """Set a parameter from a day on: the row in force ends there, a new one begins, later ones are replaced.

    Raises ValidationError for a locked day or a value that is looser than the rule allows.
    """
    declared = DECLARED[code]
    if not by.may(SET):
        raise ValidationError("您的职务不能设置参数")
    guarded(since)
    if declared.check:
        declared.check(new, since)
    with transaction.atomic():
        old = value(code, since)
        rows = Parameter.objects.filter(code=code)
        rows.filter(since__gte=since).delete()
        rows.filter(Q(until__isnull=True) | Q(until__gt=since)).update(until=since)
        row = Parameter.objects.create(code=code, value=new, since=since, note=note, by_name=by.name)
        changes = {"value": [str(old), str(new)], "since": ["", since.isoformat()]}
        flow.record(by, SET, declared, changes=changes, note=note)
    forget()
    return row
