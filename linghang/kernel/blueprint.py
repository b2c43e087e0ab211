"""A hospital as data: each module offers its section of the YAML, checked before anything is written."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, ClassVar

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationInfo

from linghang.kernel import clock

Wanted = Mapping[str, Any]


class Entry(BaseModel):
    """One row of a section. Unknown keys are errors, so that a typing slip is not silently ignored.

    `key` names the field that identifies the row: a hospital's own row replaces the shared one of the same key.
    """

    model_config = ConfigDict(extra="forbid")
    key: ClassVar[str] = "code"


def Ref(section: str) -> AfterValidator:
    """Marks a field that names another section's code: `role: Annotated[str, Ref("org.roles")]`.

    Validation with context {"codes": {section: [...]}} refuses an unknown one and suggests the nearest.
    """

    def known(value: str, info: ValidationInfo) -> str:
        codes = (info.context or {}).get("codes", {}).get(section)
        if codes is not None and value and value not in codes:
            near = get_close_matches(value, codes, n=1)
            raise ValueError(f"“{value}”不在 {section} 中" + (f"，是否为“{near[0]}”？" if near else ""))
        return value

    return AfterValidator(known)


@dataclass(frozen=True)
class Section:
    """A module's part of a blueprint: its schema, the codes it offers to others, and how it is applied.

    `apply(entries, by)` is idempotent and gives the number of rows it changed; what a hospital has decided itself it
    leaves alone. `order` says on which floor it is applied (lower first). What belongs to the `founding` an upgrade
    does not bring again: units and people are the hospital's own from its first day.
    """

    name: str
    title: str
    schema: type[Entry]
    apply: Callable[[list[Any], Any], int]
    codes: Callable[[], Iterable[str]]
    order: int
    founding: bool = False


SECTIONS: dict[str, Section] = {}


def section(
    name: str,
    title: str,
    schema: type[Entry],
    *,
    codes: Callable[[], Iterable[str]],
    order: int,
    founding: bool = False,
) -> Callable[[Callable[[list[Any], Any], int]], Callable[[list[Any], Any], int]]:
    """Offer a section."""

    def decorate(apply: Callable[[list[Any], Any], int]) -> Callable[[list[Any], Any], int]:
        SECTIONS[name] = Section(name, title, schema, apply, codes, order, founding)
        return apply

    return decorate


# --- how a section is written ----------------------------------------------------------------------------------------


def write_rows(model: Any, rows: Iterable[Wanted], **first: Any) -> int:
    """Make or change the rows of these codes where they differ; `first` is what only a new one begins with.

    Gives how many. Raises Django's ValidationError for a row that the model refuses.
    """
    changed = 0
    for wanted in rows:
        known = model.objects.filter(code=wanted["code"]).first()
        if known is not None and not _differs(known, wanted):
            continue
        row = known or model(**first)
        for name, said in wanted.items():
            setattr(row, name, said)
        row.full_clean()
        row.save()
        changed += 1
    return changed


def _differs(row: Any, wanted: Wanted, apart: str = "") -> bool:
    return any(getattr(row, name) != said for name, said in wanted.items() if name != apart)


def retire_others(model: Any, codes: Iterable[str]) -> int:
    """Put out of use what these codes do not name; what points at it keeps it. Gives how many."""
    gone: int = model.objects.exclude(code__in=list(codes)).filter(retired=False).update(retired=True)
    return gone


def write_dated(model: Any, rows: Iterable[Wanted], key: Sequence[str] = ("code",)) -> int:
    """Close today what changed or is gone, open what is new; gives how many.

    Only at the founding does a row begin on the day that the file names (`since`): what is past stays as it was.
    """
    today, stands = clock.today(), model.objects.exists()
    now = {tuple(getattr(row, name) for name in key): row for row in model.objects.on(today)}
    changed = 0
    for row in rows:
        old = now.pop(tuple(row[name] for name in key), None)
        if old is None or _differs(old, row, apart="since"):
            changed += 1
            _renew(model, old, {**row, "since": max(row["since"], today) if stands else row["since"]})
    gone: int = model.objects.filter(pk__in=[row.pk for row in now.values()]).update(until=today)
    return changed + gone


def _renew(model: Any, old: Any, row: Wanted) -> None:
    if old is not None and old.since == row["since"]:
        model.objects.filter(pk=old.pk).update(**row)
        return
    if old is not None:
        model.objects.filter(pk=old.pk).update(until=row["since"])
    model(**row).save()
