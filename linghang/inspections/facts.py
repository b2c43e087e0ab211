"""What others may count: confirmed checks with their scores, and what was found."""

from datetime import date

from django.db.models import Count, Q

from linghang.inspections.models import Check, Finding, Round
from linghang.inspections.standards import begun
from linghang.kernel import clock
from linghang.kernel.facts import Bool, Code, Date, Number, Rows, Units, facts, of_units


@facts("inspections.checks", "检查", of="inspections.Check", method=Code, score=Number, full=Number)
def checks(start: date, end: date, units: Units = None) -> Rows:
    """Confirmed checks by the day of the visit; `unit` is the one inspected, 不适用 lines are out of both numbers.

    Those by a standard are left out: what came of them is `inspections.standards`.
    """
    found = (
        Check.objects.confirmed()
        .filter(of_units("unit", units), held_on__range=(start, end))
        .filter(round__checklist__lasts_months=None)
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


@facts("inspections.standards", "达标", of="inspections.Check", standard=Code, until=Date)
def standards(start: date, end: date, units: Units = None) -> Rows:
    """Verifications that passed, by the day from which the standard is held; `until` is the first day without it."""
    for each in begun(of_units("unit", units), min(end, clock.today())):
        if each.check and each.since and each.since >= start:
            yield each.check.pk, each.check.unit_id, None, each.since, each.standard.code, each.until


@facts("inspections.asked", "检查安排", of="inspections.Check", method=Code, on_site=Bool, fields=Number)
def asked(start: date, end: date, units: Units = None) -> Rows:
    """What rounds ask of a branch, by their first day: a visit, or a self-check with lines that nothing prefills."""
    typed = Count("round__checklist__items", filter=Q(round__checklist__items__source=""))
    found = (
        Check.objects.filter(of_units("unit", units), round__since__range=(start, end))
        .exclude(round__state__in=(Round.State.PLANNED, Round.State.WITHDRAWN))
        .order_by("pk")
        .annotate(typed=typed)
        .values_list("pk", "unit_id", "round__since", "round__method", "typed")
    )
    for pk, unit, day, method, count in found:
        own = method == Round.Method.SELF
        yield pk, unit, None, day, method, not own, float(count if own else 0)
