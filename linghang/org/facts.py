"""What others may count of the register: who belongs where, and whose dues are in."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from linghang.kernel.facts import Bool, Code, Units, facts, of_units
from linghang.org.models import DuesMonth, Membership


@facts("org.members", "党员", of="org.Person", status=Code)
def members(start: date, end: date, units: Units = None) -> Iterator[tuple[Any, ...]]:
    """Who became a member of a branch in these days, by the first day of the membership."""
    rows = Membership.objects.filter(since__range=(start, end)).filter(of_units("branch", units))
    yield from rows.order_by("since", "pk").values_list(
        "person_id", "branch_id", "person_id", "since", "status"
    )


@facts("org.dues", "党费", of="org.DuesMonth", paid=Bool)
def dues(start: date, end: date, units: Units = None) -> Iterator[tuple[Any, ...]]:
    """Months of dues that a branch has noted, by the first day of the month; a month without a row is not known."""
    rows = DuesMonth.present.filter(month__range=(start, end)).filter(of_units("branch", units))
    yield from rows.order_by("month", "pk").values_list("pk", "branch_id", "person_id", "month", "paid")
