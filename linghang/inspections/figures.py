"""How 达标率 is opened: the branches that hold a standard, and those that do not with the reason."""

from typing import Any

from django.urls import reverse

from linghang.inspections.standards import bound, in_force, standings
from linghang.kernel import clock
from linghang.kernel.figures import Query, Sight, figure
from linghang.org.models import Unit


@figure("inspections.standards", "inspections.view_standards")
def open_standard(person: Any, pk: int, query: Query) -> Sight | None:
    """The branches below a unit that hold a standard (`standard`) today, or (`not`) those that do not."""
    within = Unit.objects.within(person, "inspections.view_standards")
    top, today = within.filter(pk=pk).first(), clock.today()
    standard = in_force(today).filter(code=query.get("standard", "")).first()
    if top is None or standard is None:
        return None
    found = standings(bound(within.under(top), today).order_by("path"), today, [standard])
    chosen = [each for each in found if each.held is ("not" not in query)]
    return Sight(
        title=f"{standard.title}{'未达标' if 'not' in query else '达标'}的支部",
        home=("达标", reverse("inspections:standard", args=[standard.code])),
        words=[f"截至 {today}", f"{len(chosen)} / {len(found)} 个支部"],
        heading="党支部",
        refs=[each.unit.ref for each in chosen],
        empty="没有。",
        judged=[(str(each.unit), each.light, each.words) for each in found],
        cite=standard.basis,
        inhouse=True,
    )
