"""The bulk path: a plan into the database with a journal of it, and the journal back out again."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Max

from linghang.kernel.models import Trail
from linghang.org.actions import step_of
from linghang.org.importing.plan import Plan
from linghang.org.models import Membership, Person, Placement, Post, Unit

Journal = list[dict[str, Any]]
# What is deleted first, so that nothing that stays points at what goes.
_BACKWARDS = ("org.post", "org.membership", "org.person", "org.placement")
_BATCH = 200


def write(plan: Plan) -> Journal:
    """Write everything that was planned and say, row by row, what was made and what stood there before."""
    placements = _plant(plan.units)
    Person.objects.bulk_create(plan.people)
    # Memberships end before new ones begin: a person has one that is open.
    for rows in _by_model(plan.changed):
        names = sorted({name for _, before in rows for name in before})
        fields = [type(rows[0][0])._meta.get_field(name).name for name in names]
        type(rows[0][0])._base_manager.bulk_update([row for row, _ in rows], fields, batch_size=_BATCH)
    Membership.objects.bulk_create(plan.memberships)
    Post.objects.bulk_create(plan.posts)
    made = [*plan.units, *placements, *plan.people, *plan.memberships, *plan.posts]
    return [
        *({"model": row._meta.label_lower, "pk": row.pk, "mark": mark(row)} for row in made),
        *(_kept(row, before) for row, before in plan.changed),
        {"bounds": _bounds(), "trail": Trail.objects.aggregate(last=Max("pk"))["last"] or 0},
    ]


def _plant(units: Sequence[Unit]) -> list[Placement]:
    """New units, level by level: a path needs the key of its own unit and the path of the one above."""
    placements: list[Placement] = []
    for _, level in groupby(units, key=lambda unit: unit.kind):
        made = Unit.objects.bulk_create(list(level))
        for unit in made:
            unit.path = f"{unit.parent.path if unit.parent else '/'}{step_of(unit)}"
        Unit.objects.bulk_update(made, ["path"])
        found = [Placement(unit=unit, parent=unit.parent, since=unit.since) for unit in made]
        placements += Placement.objects.bulk_create(found)
    return placements


def _by_model(
    changed: Iterable[tuple[models.Model, dict[str, Any]]],
) -> list[list[tuple[models.Model, dict[str, Any]]]]:
    found: dict[type[models.Model], list[tuple[models.Model, dict[str, Any]]]] = defaultdict(list)
    for row, before in changed:
        found[type(row)].append((row, before))
    return list(found.values())


def _kept(row: models.Model, before: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value.isoformat() if isinstance(value, date) else value for name, value in before.items()}
    return {
        "model": row._meta.label_lower,
        "pk": row.pk,
        "before": kept,
        "mark": mark(row, sorted(before)),
        "name": str(row),
    }


def mark(row: models.Model, names: Iterable[str] = ()) -> str:
    """A short digest of a row, or of some of its columns: whether it is still as the import left it."""
    wanted = list(names) or [field.attname for field in row._meta.concrete_fields]
    said = "\x1f".join(f"{name}={getattr(row, name)}" for name in wanted)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _bounds() -> dict[str, int]:
    """The last key of everything that may point at a person: what comes later was built on the import."""
    found = {}
    for relation in pointing_at(Person):
        model = relation.related_model
        found[model._meta.label_lower] = model._base_manager.aggregate(last=Max("pk"))["last"] or 0
    return found


def pointing_at(model: type[models.Model]) -> list[Any]:
    """Every foreign key of any module that points at a model, many-to-many tables included."""
    fields = model._meta.get_fields(include_hidden=True)
    return [f for f in fields if f.auto_created and not f.concrete and (f.one_to_many or f.one_to_one)]


def revert(journal: Journal) -> None:
    """Take back what was written: first what was added, then what stood there before. Ask `built_on` before."""
    made: dict[str, list[int]] = defaultdict(list)
    for entry in journal:
        if "mark" in entry and "before" not in entry:
            made[entry["model"]].append(entry["pk"])
    for label in _BACKWARDS[:2]:
        _delete(label, made[label])
    _restore([entry for entry in journal if "before" in entry])
    for label in _BACKWARDS[2:]:
        _delete(label, made[label])
    # Units were made from the top down and go from the bottom up.
    for unit in sorted(Unit.objects.filter(pk__in=made["org.unit"]), key=lambda u: -len(u.path)):
        unit.delete()


def _delete(label: str, keys: list[int]) -> None:
    for at in range(0, len(keys), _BATCH):
        apps.get_model(label)._base_manager.filter(pk__in=keys[at : at + _BATCH]).delete()


def _restore(entries: Journal) -> None:
    for label, group in groupby(sorted(entries, key=lambda e: e["model"]), key=lambda e: e["model"]):
        model, kept = apps.get_model(label), {entry["pk"]: entry["before"] for entry in group}
        rows = list(model._base_manager.in_bulk(list(kept)).values())
        for row in rows:
            for name, value in kept[row.pk].items():
                setattr(row, name, model._meta.get_field(name).to_python(value))
        names = sorted({name for before in kept.values() for name in before})
        fields = [model._meta.get_field(name).name for name in names]
        model._base_manager.bulk_update(rows, fields, batch_size=_BATCH)
