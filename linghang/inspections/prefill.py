"""What the system already knows of a checklist's lines, pulled from the facts of other modules, never imported."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import F, FilteredRelation, OuterRef, Q, Subquery

from linghang.inspections.models import Answer, Check, ChecklistItem, Finding, Round
from linghang.kernel import clock
from linghang.kernel.facts import SOURCES

Verdict = Answer.Verdict
CENT = Decimal("0.01")
Row = dict[str, Any]


@dataclass(frozen=True)
class Tally:
    """How often something was owed, how often done; nothing owed and something waived means 不适用."""

    owed: int = 0
    done: int = 0
    waived: int = 0

    def plus(self, owed: int, done: int, waived: int) -> "Tally":
        return Tally(self.owed + owed, self.done + done, self.waived + waived)


@dataclass(frozen=True)
class Known:
    """An answer as the records give it: proposed, never decided."""

    verdict: str
    points: Decimal
    note: str


def half_up(points: Decimal) -> Decimal:
    """Two decimals, rounded as an office rounds."""
    return points.quantize(CENT, ROUND_HALF_UP)


def known(
    items: Iterable[ChecklistItem], units: Iterable[int], since: date, until: date
) -> dict[tuple[int, int], Known]:
    """(unit, item) ⇒ what the records of the period say. Items without a source, or without records, are left out."""
    wanted, found = set(units), {}
    rows: dict[str, list[Row]] = {}
    for item in items:
        name, _, code = item.source.partition(":")
        if name not in SOURCES or name not in COUNTS:
            continue
        if name not in rows:
            rows[name] = _rows(name, wanted, since, until)
        for unit, tally in _tally(name, code, rows[name]).items():
            if answer := _answer(item, tally):
                found[unit, item.pk] = answer
    return found


def known_of(inspection: Check, items: Iterable[ChecklistItem]) -> dict[int, Known]:
    """Item key ⇒ what the records say, for one check and the period that its round looks at."""
    this: Round = inspection.round
    found = known(items, [inspection.unit_id], this.period_since, this.period_until)
    return {item: answer for (_, item), answer in found.items()}


def answered(inspection: Check) -> Any:
    """The lines of its checklist with what was entered for each: `verdict`, `scored`, `seen`, `proven`, `weight`, or None."""
    found = Finding.objects.filter(inspection=inspection, item=OuterRef("pk")).order_by("found_on", "pk")
    items: Any = inspection.round.checklist.items
    return items.annotate(
        mine=FilteredRelation("answers", condition=Q(answers__inspection=inspection)),
        verdict=F("mine__verdict"),
        scored=F("mine__points"),
        seen=F("mine__note"),
        proven=F("mine__proof"),
        weight=Subquery(found.values("weight")[:1]),
    )


def _rows(name: str, units: set[int], since: date, until: date) -> list[Row]:
    """A source's rows of these units, read once however many lines of the checklist ask for it."""
    source = SOURCES[name]
    columns = list(source.schema)
    return [dict(zip(columns, values, strict=True)) for values in source.rows(since, until, units)]


def _tally(name: str, code: str, rows: list[Row]) -> dict[int, Tally]:
    found = defaultdict[int, Tally](Tally)
    for row in rows:
        if counted := COUNTS[name](row, code):
            found[row["unit"]] = found[row["unit"]].plus(*counted)
    return found


def _duty(row: Row, code: str) -> tuple[int, int, int] | None:
    if row["duty"] != code:
        return None
    owed = int(row["required"] or 0)
    if row["waived"] or not (owed or row["due"]):
        return 0, 0, 1
    if not row["due"]:
        return None  # The period is still running: not done yet is not a lapse.
    owed = owed or 1
    return owed, owed if row["done"] else min(int(row["times"] or 0), owed), 0


def _line(row: Row, code: str) -> tuple[int, int, int] | None:
    if code and row["kind"] != code:
        return None
    if row["closed"] is None and (row["due"] is None or row["due"] >= clock.today()):
        return None
    return 1, int(not row["late"]), 0


def _finding(row: Row, code: str) -> tuple[int, int, int] | None:
    due, closed = row["due"], row["closed"]
    if closed is None and (due is None or due >= clock.today()):
        return None
    return 1, int(closed is not None and (due is None or closed <= due)), 0


# How each source is counted; its name in a checklist may carry a code: "compliance.duties:assembly".
COUNTS: dict[str, Callable[[Row, str], tuple[int, int, int] | None]] = {
    "compliance.duties": _duty,
    "dispatch.lines": _line,
    "inspections.findings": _finding,
}


def _answer(item: ChecklistItem, tally: Tally) -> Known | None:
    if not tally.owed:
        return Known(Verdict.NOT_APPLICABLE, Decimal(0), "本期未纳入或不要求") if tally.waived else None
    words = f"应 {tally.owed} 次，已 {tally.done} 次"
    points = half_up(item.points * tally.done / tally.owed)
    if tally.done >= tally.owed:
        return Known(Verdict.OK, item.points, words)
    return Known(Verdict.PARTLY if tally.done else Verdict.NOT_OK, points, words)
