"""A hospital as data: each module offers its section of the YAML, checked before anything is written."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, ClassVar

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationInfo


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
