"""基层负担: what each branch was asked for in a month, against what the hospital set itself.

Counted from what was sent, never from how anybody worked: lines, what has to be written for them, inspections, and
meetings that only the hospital asks for. It is shown to the Party office alone, by branch, without names of persons.
(整治形式主义为基层减负若干规定)
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from linghang.compliance.models import Duty
from linghang.compliance.parameters import BURDEN, read_frequency
from linghang.dispatch.advice import adviser
from linghang.dispatch.models import Line, Order
from linghang.kernel import clock
from linghang.kernel.facts import SOURCES
from linghang.kernel.parameters import DECLARED, history, value, value_on
from linghang.org.models import Unit
from linghang.rules.clauses import Basis
from linghang.rules.periods import Kind, Period
from linghang.rules.register import PERIOD, TIMES, check_override, rule

# What a line asks to be written: how it was done. What the system knows (day, evidence) is not asked again.
FIELDS_OF_A_LINE = 1
VISITS = "inspections.asked"
VIEW = "compliance.view_burden"


@dataclass(frozen=True)
class Limit:
    """One thing that is counted, and from which number on the office is warned."""

    code: str
    title: str
    most: int


@dataclass(frozen=True)
class Burden:
    """What one branch was asked for in a month, in the order of the limits."""

    unit: Unit
    counts: list[tuple[Limit, int]]

    @property
    def over(self) -> list[tuple[Limit, int]]:
        """What is above its limit."""
        return [(limit, count) for limit, count in self.counts if count > limit.most]


def this_month(written: str) -> Period:
    """The month asked for (2026-10), else the present one; a coming one is not known yet."""
    now = Period.containing(Kind.MONTH, clock.today())
    try:
        asked = Period.parse(written)
    except ValueError:
        return now
    return asked if asked.kind is Kind.MONTH and asked.start <= now.start else now


def limits(on: date) -> list[Limit]:
    """What the hospital set for itself."""
    return [Limit(code, DECLARED[code].title, int(value(code, on))) for code in BURDEN]


def burdens(units: Sequence[Unit], month: Period) -> tuple[list[Burden], list[Limit]]:
    """What each of these branches was asked for, those above a limit first: two queries."""
    keys, known = [unit.pk for unit in units], limits(month.end)
    lines, sheets = _lines(keys, month)
    forms, visits = _visits(keys, month)
    beyond = sum(_beyond(duty, month) for duty in Duty.objects.on(month.end) if _recurs(duty))
    found = []
    for unit in units:
        written = lines[unit.pk] * FIELDS_OF_A_LINE + forms[unit.pk]
        numbers = (sheets[unit.pk], lines[unit.pk], written, visits[unit.pk], beyond)
        found.append(Burden(unit, list(zip(known, numbers, strict=True))))
    return sorted(found, key=lambda each: (-len(each.over), each.unit.path)), known


def _lines(keys: list[int], month: Period) -> tuple[Counter[int], Counter[int]]:
    """Lines and sheets that others issued to a branch; its own worklist is its own affair."""
    issued = Line.objects.filter(order__unit__in=keys, order__issued_on__range=tuple(month))
    asked = issued.exclude(order__state=Order.State.VOID).values_list(
        "order__unit_id", "order__issuer_id", "order"
    )
    others = [(unit, order) for unit, issuer, order in asked.order_by() if unit != issuer]
    return Counter(unit for unit, _ in others), Counter(unit for unit, _ in set(others))


def _visits(keys: list[int], month: Period) -> tuple[Counter[int], Counter[int]]:
    """Fields of the forms that were sent out, and inspections that come to the house."""
    forms, visits = Counter[int](), Counter[int]()
    source = SOURCES.get(VISITS)
    if source is None:
        return forms, visits
    names = list(source.schema)
    for values in source.rows(month.start, month.end, keys):
        row: dict[str, Any] = dict(zip(names, values, strict=True))
        forms[row["unit"]] += int(row["fields"])
        visits[row["unit"]] += int(row["on_site"])
    return forms, visits


def _recurs(duty: Duty) -> bool:
    return duty.active and duty.judge == Duty.Judge.MEETINGS and duty.is_of_branches


def _beyond(duty: Duty, month: Period) -> int:
    """How many meetings fall due in a month that the hospital asks for and the text does not."""
    law = rule(duty.rule, month.start)
    own = read_frequency(value_on(history(duty.parameter), month.start))
    text = check_override(law, None)
    asked = _falling_due(own[PERIOD], own[TIMES], month)
    if law.basis is Basis.HOSPITAL:
        return asked
    return max(0, asked - _falling_due(text.number(PERIOD), text.number(TIMES), month))


def _falling_due(months: int, times: int, month: Period) -> int:
    return times if Period.containing(Kind(months), month.start).end == month.end else 0


@adviser
def enough(order: Order, person: Any) -> Iterator[str]:
    """For the office: this sheet would ask a branch for more than the hospital set itself for the month."""
    if order.unit.kind != Unit.Kind.BRANCH or not person.reach(VIEW):
        return
    month = this_month("")
    found, _ = burdens([order.unit], month)
    new = order.lines.count()
    more = {"compliance.burden_sheets": 1, "compliance.burden_lines": new, "compliance.burden_fields": new}
    for limit, count in found[0].counts:
        added = more.get(limit.code, 0)
        if added and count + added > limit.most:
            told = f"{order.unit}本月{limit.title}将达 {count + added}"
            yield f"{told}，院内约定不超过 {limit.most}，请考虑合并或改列下月"
