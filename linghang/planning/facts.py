"""What others may count: plans by the day on which they are to be done."""

from datetime import date

from django.db.models import Exists, OuterRef

from linghang.kernel.facts import Bool, Code, Date, Rows, Units, facts, of_units
from linghang.planning.models import Item, Plan


@facts("planning.plans", "计划", of="planning.Plan", span=Code, ended=Date, dual=Bool, deployed=Bool)
def plans(start: date, end: date, units: Units = None) -> Rows:
    """A plan's unit is whoever answers for it. `dual`: with a Party and a business side; `deployed`: taken into a month."""
    found = (
        Plan.objects.filter(of_units("department", units), until__range=(start, end))
        .exclude(state=Plan.State.DROPPED)
        .annotate(deployed=Exists(Item.objects.filter(plan=OuterRef("pk"))))
        .order_by("pk")
    )
    for plan in found:
        dual = bool(plan.party and plan.business)
        yield plan.pk, plan.department_id, None, plan.until, plan.span, plan.ended_on, dual, plan.deployed
