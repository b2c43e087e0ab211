"""Legal entities in one system (医共体): which hospital or campus is one, and who belongs to it by place in the tree.

A legal entity is a hospital or a campus with a code. What stands below it is of it; a Party organisation is of the
entity whose campus it names, and so is all that hangs below that organisation.
"""

from typing import Any

from django.db.models import Q

from linghang.org.models import Unit


class Entities:
    """The entities of the hospital and where each of them is seated in either tree, in one query."""

    def __init__(self) -> None:
        legal = ~Q(credit_code="")
        found = Unit.objects.filter(legal | Q(campus__in=Unit.objects.filter(legal)), until=None)
        seats = [
            (unit.path, unit if unit.credit_code else unit.campus) for unit in found.select_related("campus")
        ]
        self._seats: list[tuple[str, Any]] = sorted(seats, key=lambda seat: -len(seat[0]))
        self.known: list[Unit] = [unit for path, unit in sorted(seats) if unit.path == path]

    def of(self, unit: Unit) -> Unit | None:
        """The entity that a unit belongs to: that of the nearest seat at or above it."""
        return self._at(unit.path)

    def _at(self, path: str) -> Unit | None:
        return next((entity for seat, entity in self._seats if path.startswith(seat)), None)

    def name_of(self, unit: Unit) -> str:
        """What that entity is called; empty where none is entered."""
        found = self.of(unit)
        return found.legal_name if found else ""

    def seated(self, unit: Unit) -> str:
        """The name of the entity that begins at this very unit; empty for what only hangs below."""
        return next((entity.legal_name for seat, entity in self._seats if seat == unit.path), "")

    def narrow(self, units: Any, key: str) -> Any:
        """Those of these units that belong to one entity."""
        paths = units.order_by().values_list("pk", "path")
        own = [pk for pk, path in paths if (entity := self._at(path)) and str(entity.pk) == key]
        return units.filter(pk__in=own)
