"""What an office may set: declared in code with its default and bounds, stored as dated rows.

A change takes effect from a day on, never inside a locked cycle, and never looser than the rule it rests on.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from linghang.kernel import clock, flow
from linghang.kernel.access import Actor
from linghang.kernel.models import Parameter

Preview = Callable[["Declared", Any, date], list[str]]
Check = Callable[[Any, date], None]


@dataclass(frozen=True)
class Declared:
    """A parameter as its module declares it. `check` raises ValidationError for a value that may not be."""

    code: str
    title: str
    default: Any
    kind: type
    group: str
    help: str = ""
    basis: str = ""
    check: Check | None = None
    preview: Preview | None = None

    @property
    def ref(self) -> str:
        return f"kernel.parameter:{self.code}"

    def __str__(self) -> str:
        return self.title


DECLARED: dict[str, Declared] = {}
GUARDS: list[Callable[[date], None]] = []
SET = flow.verb("kernel.set_parameter", "设置参数")
flow.verb("kernel.audit", "查看留痕")


def declare(code: str, title: str, default: Any, *, group: str, **more: Any) -> None:
    """Offer a parameter for the settings page; its kind (int, bool, str) is that of the default."""
    DECLARED[code] = Declared(code, title, default, type(default), group, **more)


def guard(check: Callable[[date], None]) -> Callable[[date], None]:
    """Have every dated change asked first: the function raises ValidationError for a day that is locked."""
    GUARDS.append(check)
    return check


def value(code: str, on: date | None = None) -> Any:
    """The value in force on a day; the declared default where nothing was set."""
    row = Parameter.objects.filter(code=code).on(on or clock.today()).order_by("-since").first()
    return row.value if row else DECLARED[code].default


def history(code: str) -> list[tuple[date, Any]]:
    """Every value with the day it began, the default first."""
    rows = Parameter.objects.filter(code=code).order_by("since").values_list("since", "value")
    return [(date.min, DECLARED[code].default), *rows]


def histories() -> dict[str, list[tuple[date, Any]]]:
    """All parameters' histories in one query."""
    found: dict[str, list[tuple[date, Any]]] = {code: [(date.min, d.default)] for code, d in DECLARED.items()}
    for code, since, held in Parameter.objects.order_by("since").values_list("code", "since", "value"):
        found.setdefault(code, []).append((since, held))
    return found


def guarded(since: date) -> None:
    """Raise ValidationError when a dated change from this day would reach into a locked cycle."""
    for check in GUARDS:
        check(since)


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
    return row
