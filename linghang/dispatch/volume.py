"""How much all branches together are asked for in a month, against what the hospital set itself: a warning, no bar."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Q

from linghang.dispatch.models import Line, Order
from linghang.dispatch.parameters import OF_ALL
from linghang.kernel import clock
from linghang.kernel.parameters import value
from linghang.org.models import Unit
from linghang.rules.periods import Kind, Period


def lines_of_all(month: Period) -> int:
    """How many lines were issued to branches in a month; a branch's own worklist is its own affair."""
    count: int = _of_branches().filter(order__issued_on__range=tuple(month)).count()
    return count


def _of_branches() -> Any:
    return (
        Line.objects.sent().filter(order__unit__kind=Unit.Kind.BRANCH).exclude(order__state=Order.State.VOID)
    )


def crowded(day: date, more: int = 0) -> str:
    """That a month becomes too much, in words: what was issued in it, what lies in drafting, and `more`; else empty."""
    most, month = value(OF_ALL), Period.containing(Kind.MONTH, day)
    if not most:
        return ""
    here = Q(order__issued_on__range=tuple(month)) | Q(order__issued_on=None)
    count = _of_branches().filter(here).count() + more
    if count <= most:
        return ""
    told = f"{month.label}下达各支部的事项连同在拟的将达 {count} 条"
    return f"{told}，全院约定一个月不超过 {most} 条，请合并事项或改列下月"


def too_much(order: Order, person: Any) -> Iterator[str]:
    """The same of a sheet in drafting, for the office, which answers for the whole."""
    if order.unit.kind == Unit.Kind.BRANCH and not order.is_own and person.reach("dispatch.issue").whole:
        yield from filter(None, [crowded(clock.today())])
