"""Rows are the permission. One gate in two forms: `within` for queries, `covers` for one object in memory.

A model declares where it lives: `unit_paths` (attribute chains that end at a unit with a `path` such as "/00001/00007/00031/")
and `own_paths` (chains that end at a person). A model with neither belongs to the whole hospital: whoever holds the
verb anywhere may use it. A row that lies nowhere (a person who left the branch and has no department) lies with the
head of the tree, so that nobody can slip out of everybody's reach.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar, Protocol, Self

from django.db import models
from django.db.models import CharField, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat


@dataclass(frozen=True)
class Reach:
    """How far one verb carries a person: own rows, single units, whole subtrees (path prefixes)."""

    own: bool = False
    units: frozenset[int] = frozenset()
    trees: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.own or self.units or self.trees)

    @property
    def whole(self) -> bool:
        """Whether it carries from the head of the tree: "/00001/" has no unit above it."""
        return any(tree.count("/") <= 2 for tree in self.trees)


NOWHERE = Reach()


class Actor(Protocol):
    """What the kernel needs to know of whoever acts: org's Person, or SYSTEM."""

    @property
    def pk(self) -> Any: ...

    @property
    def name(self) -> str: ...

    @property
    def ref(self) -> str: ...

    def reach(self, verb: str) -> Reach: ...

    def may(self, verb: str, obj: Any = None) -> bool: ...

    def acting_as(self, verb: str, obj: Any = None) -> str: ...


class System:
    """The machine itself: the tick, an import's bookkeeping. It may do only what the code lets it do."""

    pk: Any = None
    name: Any = "系统"
    ref: Any = "system"

    def reach(self, verb: str) -> Reach:
        return Reach(trees=("/",))

    def may(self, verb: str, obj: Any = None) -> bool:
        return True

    def acting_as(self, verb: str, obj: Any = None) -> str:
        return "自动"


SYSTEM = System()


class GatedQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Every read that answers a person starts with `within`."""

    def within(self, person: Actor, verb: str) -> Self:
        """The rows that this person may use with this verb; none when no current post grants it."""
        reach = person.reach(verb)
        if not reach:
            return self.none()
        unit_paths, own_paths = self.model.unit_paths, self.model.own_paths
        if not unit_paths and not own_paths:
            return self
        found = _inside(reach, unit_paths, own_paths, person)
        if reach.whole and _may_lie_nowhere(self.model):  # type: ignore[arg-type]
            found |= Q(**{f"{path}__isnull": True for path in unit_paths})
        return self.filter(found)


def _inside(reach: Reach, unit_paths: Iterable[str], own_paths: Iterable[str], person: Actor) -> Q:
    found = Q(pk__in=[])
    for path in unit_paths:
        prefix = f"{path}__" if path else ""
        for tree in reach.trees:
            found |= Q(**{f"{prefix}path__startswith": tree})
        if reach.units:
            found |= Q(**{f"{path}__in" if path else "pk__in": reach.units})
    if reach.own:
        for path in own_paths:
            found |= Q(**{path or "pk": person.pk})
    return found


@cache
def _may_lie_nowhere(model: Any) -> bool:
    return bool(model.unit_paths) and all(_may_be_null(model, path) for path in model.unit_paths)


def _may_be_null(model: Any, path: str) -> bool:
    for name in filter(None, path.split("__")):
        field = model._meta.get_field(name)
        if field.null:
            return True
        model = field.related_model
    return False


def covers(reach: Reach, obj: models.Model, person: Actor) -> bool:
    """Judge one object by the same reach as `within`, without a query of its own."""
    unit_paths, own_paths = obj.unit_paths, obj.own_paths  # type: ignore[attr-defined]
    if not unit_paths and not own_paths:
        return bool(reach)
    units = [unit for path in unit_paths if (unit := _follow(obj, path)) is not None]
    if any(unit.pk in reach.units or unit.path.startswith(reach.trees) for unit in units):
        return True
    if unit_paths and not units and reach.whole:
        return True
    return reach.own and any(_key(obj, path) == person.pk for path in own_paths)


def _follow(obj: Any, path: str) -> Any:
    for name in filter(None, path.split("__")):
        obj = getattr(obj, name) if obj is not None else None
    return obj


def _key(obj: Any, path: str) -> Any:
    """The key at the end of a chain, read from `<name>_id` so that the last hop costs no query."""
    head, _, last = path.rpartition("__")
    owner = _follow(obj, head)
    if owner is None:
        return None
    return getattr(owner, f"{last}_id") if last else owner.pk


class Gated(models.Model):
    """A model whose rows are given out by reach. `view_verb` opens its page."""

    unit_paths: ClassVar[tuple[str, ...]] = ()
    own_paths: ClassVar[tuple[str, ...]] = ()
    view_verb: ClassVar[str] = ""
    trail_hides: ClassVar[frozenset[str]] = frozenset()
    # By which day it is known where it stands among others, and what its title is read from.
    day_field: ClassVar[str] = ""
    title_paths: ClassVar[tuple[str, ...]] = ()

    objects: ClassVar[Any] = GatedQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def ref(self) -> str:
        """The text reference by which other rows point at this one, such as "dispatch.order:12"."""
        return f"{self._meta.label_lower}:{self.pk}"


def outer_ref(model: type[Gated]) -> Concat:
    """The reference of each row of an outer query over this model, for what asks about it inside the database."""
    return Concat(Value(f"{model._meta.label_lower}:"), Cast(OuterRef("pk"), CharField()))
