"""How the organisation's figures are opened: the people and the posts that they were counted from."""

from typing import Any

from django.urls import reverse
from django.utils.dateparse import parse_date

from linghang.kernel import clock
from linghang.kernel.figures import Query, Sight, figure
from linghang.org.committees import dual_leaders
from linghang.org.models import Membership, Unit
from linghang.org.party_staff import staffing


@figure("org.unit_members", "org.view_unit")
def open_members(person: Any, pk: int, query: Query) -> Sight | None:
    """The members of a branch, or the full members on the staff of a department and its wards, on a day (`on`)."""
    unit = Unit.objects.within(person, "org.view_unit").filter(pk=pk).first()
    if unit is None:
        return None
    day = _day(query)
    held = Membership.objects.on(day)
    held = (
        held.filter(branch=unit)
        if unit.is_party
        else held.filter(person__department__path__startswith=unit.path, status=Membership.Status.FULL)
    )
    people = sorted(set(held.values_list("person", flat=True)))
    return Sight(
        title=f"{unit}的{'党员' if unit.is_party else '正式党员'}",
        home=(str(unit), unit.get_absolute_url()),
        words=[f"截至 {day}", f"{len(people)} 名"],
        heading="党员",
        refs=[f"org.person:{each}" for each in people],
        empty="这一天没有党员。",
    )


@figure("org.dual_leaders", "org.view_unit")
def open_dual_leaders(person: Any, pk: int, query: Query) -> Sight | None:
    """The branch secretaries below a unit who are dual leaders by the hospital's definition, or (`not`) those who are not."""
    unit = Unit.objects.within(person, "org.view_unit").filter(pk=pk).first()
    if unit is None:
        return None
    dual = [post for post, is_dual in dual_leaders(unit, clock.today()) if is_dual is ("not" not in query)]
    return Sight(
        title=f"{unit}{'未达到“双带头人”的' if 'not' in query else '“双带头人”'}支部书记",
        home=("双带头人", reverse("org:dual_leaders")),
        words=[f"{len(dual)} 名"],
        heading="任职",
        refs=[post.ref for post in dual],
        empty="没有。",
    )


@figure("org.party_staff", "org.view_unit")
def open_party_staff(person: Any, pk: int, query: Query) -> Sight | None:
    """The posts of those who do Party work below a unit, full-time (`of=fulltime`) or besides other work (`of=besides`)."""
    unit = Unit.objects.within(person, "org.view_unit").filter(pk=pk).select_related("parent").first()
    of = query.get("of", "fulltime")
    if unit is None or of not in ("fulltime", "besides"):
        return None
    found = staffing(unit, clock.today())
    whole = of == "fulltime"
    return Sight(
        title=f"{'专职' if whole else '兼职'}党务人员",
        home=("党务人员", reverse("org:party_staff")),
        words=[f"{found.people if whole else found.others} 名"],
        heading="任职",
        refs=[post.ref for post in (found.fulltime if whole else found.besides)],
        empty="没有。",
    )


def _day(query: Query) -> Any:
    """The day asked about, today where it is none."""
    try:
        return parse_date(query.get("on", "")) or clock.today()
    except ValueError:
        return clock.today()
