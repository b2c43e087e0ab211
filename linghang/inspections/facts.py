"""What others may count: confirmed checks with their scores, and what was found."""

from datetime import date

from linghang.inspections.models import Check, Finding
from linghang.kernel.facts import Bool, Code, Date, Number, Rows, Units, facts, of_units


@facts("inspections.checks", "检查", of="inspections.Check", method=Code, score=Number, full=Number)
def checks(start: date, end: date, units: Units = None) -> Rows:
    """Confirmed checks by the day of the visit; `unit` is the one inspected, 不适用 lines are out of both numbers."""
    found = (
        Check.objects.confirmed()
        .filter(of_units("unit", units), held_on__range=(start, end))
        .with_score()
        .order_by("pk")
        .values_list("pk", "unit_id", "held_on", "round__method", "score", "full")
    )
    for pk, unit, day, method, score, full in found:
        yield pk, unit, None, day, method, float(score), float(full)


@facts(
    "inspections.findings",
    "检查问题",
    of="inspections.Finding",
    method=Code,
    weight=Code,
    repeat=Bool,
    closed=Date,
    due=Date,
)
def findings(start: date, end: date, units: Units = None) -> Rows:
    """Confirmed findings by the day they were found; deadline and closing day are those of their order."""
    found = (
        Finding.objects.standing()
        .filter(of_units("inspection__unit", units), found_on__range=(start, end))
        .with_order()
        .order_by("pk")
        .values_list(
            "pk",
            "inspection__unit_id",
            "found_on",
            "inspection__round__method",
            "weight",
            "repeat",
            "closed_on",
            "order_closed",
            "order_due",
            "due_on",
        )
    )
    for pk, unit, day, method, weight, repeat, on_spot, closed, order_due, due in found:
        yield pk, unit, None, day, method, weight, repeat, on_spot or closed, order_due or due
