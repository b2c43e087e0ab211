"""A hospital's checklists as data."""

from datetime import date
from decimal import Decimal
from typing import Any, Literal

from django.core.exceptions import ValidationError

from linghang.inspections.models import Checklist, ChecklistItem
from linghang.kernel.blueprint import Entry, section

BEGINNING = date(2020, 1, 1)
OWN = ("title", "basis", "passes_at", "lasts_months")


class ItemEntry(Entry):
    """One line; `source` names what the system knows of it: a fact source, with a code where it has one."""

    code: str
    text: str
    points: Decimal
    basis: str = ""
    basis_kind: Literal["statute", "house"] = "house"
    judge: str = ""
    source: str = ""


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
    items: list[ItemEntry]


@section(
    "inspections.checklists",
    "检查表",
    ChecklistEntry,
    codes=lambda: Checklist.objects.values_list("code", flat=True),
    order=40,
)
def apply_checklists(entries: list[ChecklistEntry], by: Any) -> int:
    """Write what differs; a version that a round has used stays as it is. Raises ValidationError for such a change."""
    return sum(_apply(entry) for entry in entries)


def _apply(entry: ChecklistEntry) -> int:
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
    known.full_clean()
    known.save()
    known.items.all().delete()
    for place, item in enumerate(entry.items, 1):
        row = ChecklistItem(checklist=known, place=place, **item.model_dump())
        row.full_clean()
        row.save()
    return 1


def _as_entry(known: Checklist) -> ChecklistEntry:
    names = ItemEntry.model_fields
    items = [ItemEntry(**{name: getattr(item, name) for name in names}) for item in known.items.all()]
    own = {name: getattr(known, name) for name in OWN}
    return ChecklistEntry(code=known.code, since=known.since, items=items, **own)
