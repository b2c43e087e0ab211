"""What others may count: every line of an issued order once (a 措施 and each of its 子措施 alike), and every order.

Void sheets never count.
"""

from datetime import date

from django.db.models import BigIntegerField, F, Q, Value
from django.db.models.functions import Coalesce

from linghang.dispatch.models import Line, Order
from linghang.kernel import clock
from linghang.kernel.facts import Bool, Code, Date, Rows, Units, facts, of_units


@facts(
    "dispatch.lines",
    "单据事项",
    of="dispatch.Line",
    kind=Code,
    due=Date,
    closed=Date,
    reported=Date,
    late=Bool,
)
def lines(start: date, end: date, units: Units = None) -> Rows:
    """A line's day is its deadline, else the day its order was issued. Late: not handed in by the deadline."""
    dated = Q(due_on__range=(start, end)) | Q(due_on__isnull=True, order__issued_on__range=(start, end))
    found = (
        Line.objects.filter(dated, of_units("order__unit", units), order__issued_on__isnull=False)
        .exclude(order__state=Order.State.VOID)
        .order_by("pk")
        .values_list(
            "pk",
            "order__unit_id",
            "owner_id",
            Coalesce("due_on", F("order__issued_on")),
            "order__kind",
            "due_on",
            "closed_on",
            "reported_on",
            "confirmed_on",
        )
    )
    today = clock.today()
    for *fixed, due, closed, reported, confirmed in found.iterator(chunk_size=2000):
        yield (*fixed, due, closed, reported, bool(due and (confirmed or closed or today) > due))


@facts("dispatch.orders", "单据", of="dispatch.Order", kind=Code, issued=Date, closed=Date)
def orders(start: date, end: date, units: Units = None) -> Rows:
    """An order's day is the day it was issued."""
    found: Rows = (
        Order.objects.issued()
        .filter(of_units("unit", units), issued_on__range=(start, end))
        .order_by("pk")
        .annotate(nobody=Value(None, BigIntegerField()), day=F("issued_on"))
        .values_list("pk", "unit_id", "nobody", "day", "kind", "issued_on", "closed_on")
    )
    return found
