"""Where other modules lead for inspections, and which items of the checklists in use rest on a rule."""

from collections.abc import Iterator, Sequence
from functools import reduce
from operator import or_

from django.db.models import Q

from linghang.inspections.models import Checklist, ChecklistItem
from linghang.kernel import clock
from linghang.kernel.access import Actor
from linghang.kernel.bases import Resting, rests
from linghang.kernel.refs import offer_link

offer_link("inspections.open_round", "inspections:round_new")
offer_link("inspections.view_check", "inspections:checks")
offer_link("inspections.view_standards", "inspections:standards")
offer_link("inspections.view_finding", "inspections:findings")


@rests
def items_resting(person: Actor, names: Sequence[str]) -> Iterator[Resting]:
    """Items of the checklists of today, for whoever sees rounds or checks."""
    if not (person.reach("inspections.view_round") or person.reach("inspections.view_check")):
        return
    named = reduce(or_, (Q(basis__contains=name) for name in names))
    usable = Checklist.objects.on(clock.today()).usable()
    items = ChecklistItem.objects.filter(named, checklist__in=usable).select_related("checklist")
    for item in items.order_by("checklist__code", "place"):
        yield Resting(str(item), item.checklist.title, item.basis)
