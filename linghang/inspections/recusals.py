"""回避: who does not inspect whom, from what the organisation says and from what was entered."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date

from linghang.inspections.models import Conflict
from linghang.org.models import Coverage, Person, Post, Unit

MEMBER, WORKS, HOLDS = "本支部党员", "在所属科室工作", "在该支部任职"


def recusals(people: Collection[Person], units: Collection[int], day: date) -> dict[tuple[int, int], str]:
    """(person, unit) ⇒ why this person is not sent there. Three queries, however many of both."""
    found = {(one.pk, unit): MEMBER for one in people if (unit := one.branch_id or 0) in units}
    named = {one.pk for one in people}
    departments: dict[int, list[int]] = defaultdict(list)
    covered = Coverage.objects.on(day).filter(branch__in=units).order_by()
    for branch, department in covered.values_list("branch", "department"):
        departments[department].append(branch)
    for one in people:
        for branch in departments.get(one.department_id or 0, []):
            found.setdefault((one.pk, branch), WORKS)
    held = Post.objects.on(day).filter(unit__in=units, person__in=named, role__on_committee=True).order_by()
    for person, unit in held.values_list("person", "unit"):
        found.setdefault((person, unit), HOLDS)
    entered = Conflict.objects.on(day).filter(unit__in=units, person__in=named).order_by()
    for person, unit, kind in entered.values_list("person", "unit", "kind"):
        found.setdefault((person, unit), str(Conflict.Kind(kind).label))
    return found


def between(branches: Iterable[Unit], day: date) -> dict[tuple[int, int], str]:
    """(inspecting, inspected) ⇒ why not: a department in common, somebody on both committees, an entered conflict of
    somebody on the committee that would inspect."""
    keys = [unit.pk for unit in branches]
    shared: dict[tuple[str, int], set[int]] = defaultdict(set)
    covered = Coverage.objects.on(day).filter(branch__in=keys).order_by()
    for branch, department in covered.values_list("branch", "department"):
        shared["同科室", department].add(branch)
    seats: dict[int, set[int]] = defaultdict(set)
    posts = Post.objects.on(day).filter(unit__in=keys, role__on_committee=True).order_by()
    for branch, person in posts.values_list("unit", "person"):
        shared["有人在两边任职", person].add(branch)
        seats[person].add(branch)
    found = {
        (a, b): f"回避：{why}"
        for (why, _), together in shared.items()
        for a in together
        for b in together
        if a != b
    }
    entered = Conflict.objects.on(day).filter(unit__in=keys, person__in=seats).order_by()
    for person, unit, kind in entered.values_list("person", "unit", "kind"):
        for branch in seats[person] - {unit}:
            found.setdefault((branch, unit), f"回避：{Conflict.Kind(kind).label}")
    return found
