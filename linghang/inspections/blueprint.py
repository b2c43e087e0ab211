"""A hospital's checklists as data."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from django.core.exceptions import ValidationError
from pydantic import model_validator

from linghang.inspections import campaign_blueprint as campaign_blueprint
from linghang.inspections.models import Checklist, ChecklistItem
from linghang.kernel.blueprint import Entry, Ref, section

BEGINNING = date(2020, 1, 1)
OWN = ("title", "basis", "passes_at", "lasts_months")
TAKEN = ("text", "basis", "basis_kind", "judge", "source")


class LibraryItem(Entry):
    """One line that checklists may take over; `source` names what the system knows of it, as in a checklist."""

    code: str
    text: str
    basis: str = ""
    basis_kind: Literal["statute", "sector", "house"] = "house"
    judge: str = ""
    source: str = ""


class LibraryEntry(Entry):
    """A library of lines (条目库): nobody is inspected by it; checklists are composed from it."""

    code: str
    title: str
    basis: str = ""
    since: date = BEGINNING
    items: list[LibraryItem]


class ItemEntry(LibraryItem):
    """One line; `source` names what the system knows of it: a fact source, with a code where it has one.

    `use` takes everything but code and points over from the checklist's library, by the code that the line has there.
    """

    text: str = ""
    points: Decimal
    use: str = ""

    @model_validator(mode="after")
    def says_something(self) -> Self:
        """Refuse a line that is neither written nor taken over."""
        if not (self.text or self.use):
            raise ValueError(f"{self.code} 要写 text，或用 use 取自条目库")
        return self


class ChecklistEntry(Entry):
    """One version of a checklist. To change it in use, give the new version a later `since`.

    With `passes_at` (per cent of the points) and `lasts_months` it is a standard, which a branch holds once verified.
    """

    code: str
    title: str
    basis: str = ""
    since: date = BEGINNING
    passes_at: Decimal | None = None
    lasts_months: Literal[6, 12, 24, 36] | None = None
    library: Annotated[str, Ref("inspections.library")] = ""
    items: list[ItemEntry]


def _library_codes() -> list[str]:
    return list(Checklist.objects.filter(library=True).values_list("code", flat=True))


@section("inspections.library", "检查条目库", LibraryEntry, codes=_library_codes, order=39)
def apply_library(entries: list[LibraryEntry], by: Any) -> int:
    """Write what differs. A checklist keeps what it took over until it is applied itself."""
    return sum(_apply(_stocked(entry), library=True) for entry in entries)


def _stocked(entry: LibraryEntry) -> "ChecklistEntry":
    """A library as it is stored: a checklist whose lines are worth nothing."""
    items = [ItemEntry(**item.model_dump(), points=Decimal(0)) for item in entry.items]
    return ChecklistEntry(
        code=entry.code, title=entry.title, basis=entry.basis, since=entry.since, items=items
    )


@section(
    "inspections.checklists",
    "检查表",
    ChecklistEntry,
    codes=lambda: Checklist.objects.values_list("code", flat=True),
    order=40,
)
def apply_checklists(entries: list[ChecklistEntry], by: Any) -> int:
    """Write what differs; a version that a round has used stays as it is. Raises ValidationError for such a change."""
    return sum(_apply(_composed(entry)) for entry in entries)


def _composed(entry: ChecklistEntry) -> ChecklistEntry:
    """The entry with what its lines take over from a library in place of the reference to it."""
    items = [_taken(item, entry.library) for item in entry.items]
    return entry.model_copy(update={"items": items, "library": ""})


def _taken(item: ItemEntry, library: str) -> ItemEntry:
    if not item.use:
        return item
    held = ChecklistItem.objects.filter(checklist__library=True, checklist__code=library, code=item.use)
    found = held.order_by("-checklist__since").first()
    if found is None:
        raise ValidationError(f"条目库“{library}”里没有“{item.use}”")
    given = {name for name in TAKEN if name in item.model_fields_set}
    return item.model_copy(
        update={"use": "", **{name: getattr(found, name) for name in TAKEN if name not in given}}
    )


def _apply(entry: ChecklistEntry, library: bool = False) -> int:
    known = Checklist.objects.filter(code=entry.code, since=entry.since).first()
    if known is not None and _as_entry(known) == entry:
        return 0
    if known is not None and known.rounds.exists():
        words = f"检查表“{known}”已用于检查，不能改写；请把 since 改为新版本的生效日期"
        raise ValidationError(words)
    if known is None:
        known = Checklist(code=entry.code, since=entry.since)
        later = Checklist.objects.filter(code=entry.code, since__gt=entry.since).order_by("since").first()
        known.until = later.since if later else None
        Checklist.objects.filter(code=entry.code, since__lt=entry.since).exclude(
            until__lte=entry.since
        ).update(until=entry.since)
    for name in OWN:
        setattr(known, name, getattr(entry, name))
    known.library = library
    known.full_clean()
    known.save()
    known.items.all().delete()
    for place, item in enumerate(entry.items, 1):
        row = ChecklistItem(checklist=known, place=place, **item.model_dump(exclude={"use"}))
        row.full_clean()
        row.save()
    return 1


def _as_entry(known: Checklist) -> ChecklistEntry:
    names = ItemEntry.model_fields.keys() - {"use"}
    items = [ItemEntry(**{name: getattr(item, name) for name in names}) for item in known.items.all()]
    own = {name: getattr(known, name) for name in OWN}
    return ChecklistEntry(code=known.code, since=known.since, items=items, **own)
