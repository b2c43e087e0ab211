"""The kinds of meetings and events as data."""

from decimal import Decimal
from typing import Any, Literal

from pydantic import Field, field_validator

from linghang.activities.bases import OCCASIONS
from linghang.activities.models import Kind
from linghang.activities.papers import PAPERS
from linghang.kernel.blueprint import Entry, section
from linghang.kernel.parameters import forget
from linghang.rules.duties import STATUTORY

Holder = Literal["committee", "subcommittee", "general", "branch", "group"]


class KindEntry(Entry):
    """One kind. `rule` says how often the text wants it, `frequency` names the hospital's own parameter; `ballots` what may be put to the vote at it; `aliases` what a line may call it."""

    code: str = Field(max_length=16)
    title: str = Field(max_length=20)
    aliases: list[str] = []
    holders: list[Holder]
    who: Literal["members", "full_members", "committee", "heads", "pair", "speaker"] = "members"
    common: bool = False
    agenda: list[str] = []
    ballots: list[str] = []
    hours: Decimal = Field(Decimal(0), ge=0, le=80)
    window: int | None = Field(None, ge=1, le=6)
    papers: list[str] = []
    steps: list[str] = []
    bare: bool = False
    one_tap: bool = False
    course: bool = False
    rule: str = ""
    frequency: str = ""
    joins: str = ""
    usual_day: int = Field(15, ge=1, le=28)

    @field_validator("ballots", "papers", "rule")
    @classmethod
    def _known(cls, value: Any, info: Any) -> Any:
        known = {"ballots": set(OCCASIONS), "papers": set(PAPERS), "rule": {*STATUTORY, ""}}[info.field_name]
        if wrong := {value} - known if isinstance(value, str) else set(value) - known:
            raise ValueError(
                f"不认识 {'、'.join(sorted(wrong))}，可写：{'、'.join(sorted(filter(None, known)))}"
            )
        return value


@section(
    "activities.kinds",
    "组织生活类别",
    KindEntry,
    codes=lambda: Kind.objects.values_list("code", flat=True),
    order=30,
)
def apply_kinds(entries: list[KindEntry], by: Any) -> int:
    """Kinds by code; one that is no longer named is retired, and what was recorded under it keeps its name."""
    changed = 0
    for order, entry in enumerate(entries):
        data = {**entry.model_dump(), "order": order, "retired": False}
        if not Kind.objects.filter(**data).exists():
            Kind.objects.update_or_create(code=data.pop("code"), defaults=data)
            changed += 1
    gone = Kind.objects.exclude(code__in=[entry.code for entry in entries]).filter(retired=False)
    retired: int = gone.update(retired=True)
    forget()
    return changed + retired
