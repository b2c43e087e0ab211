"""Who keeps a unit's records: its own people, the branch's for its groups, the office's for the hospital's committee.

A post that looks far (the office sees every branch) does not write in a branch's book. In two forms, as every gate.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q

from linghang.kernel.access import SYSTEM, Actor
from linghang.org.models import Unit


def keeps(by: Actor, verb: str, unit: Unit) -> bool:
    """Whether this person may do the verb to this unit's own meetings."""
    if by is SYSTEM:
        return True
    reach = by.reach(verb)
    if unit.pk in reach.units or unit.path in reach.trees:
        return True
    above = unit.parent
    if above is None:
        return False
    if unit.kind == Unit.Kind.GROUP:
        return above.path in reach.trees
    return above.kind == Unit.Kind.HOSPITAL and unit.path.startswith(reach.trees)


def kept(rows: Any, by: Actor, verb: str, unit: str = "unit") -> Any:
    """The rows of units whose records this person keeps; `unit` is the way to it, empty for units themselves."""
    reach, to = by.reach(verb), f"{unit}__" if unit else ""
    found = Q(**{f"{to}pk__in": reach.units})
    for tree in reach.trees:
        found |= Q(**{f"{to}path": tree}) | Q(**{f"{to}kind": Unit.Kind.GROUP, f"{to}parent__path": tree})
        found |= Q(**{f"{to}path__startswith": tree, f"{to}parent__kind": Unit.Kind.HOSPITAL})
    return rows.filter(found)


def only_keepers(by: Actor, verb: str, unit: Unit) -> None:
    """Raise PermissionDenied for whoever reaches the unit but does not keep its records."""
    if not keeps(by, verb, unit):
        raise PermissionDenied(f"“{unit}”的记录由本单位自己记、自己确认")
