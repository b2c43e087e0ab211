"""Ratings of locked cycles: what honours and reports may count."""

from datetime import date
from typing import Any

from linghang.assessment.models import Cycle, Rating
from linghang.kernel.facts import Code, Number, Units, facts, of_units


@facts("assessment.ratings", "考核等次", of="assessment.Rating", rating=Code, total=Number)
def ratings(start: date, end: date, units: Units = None) -> Any:
    """Confirmed ratings of locked cycles, dated at the end of their period."""
    locked = Rating.objects.filter(cycle__state=Cycle.State.LOCKED, cycle__until__range=(start, end))
    rows = locked.filter(of_units("unit", units)).order_by("pk")
    for row in rows.values_list("pk", "unit_id", "cycle__until", "confirmed", "total"):
        pk, unit, day, rating, total = row
        yield pk, unit, None, day, rating, None if total is None else float(total)
