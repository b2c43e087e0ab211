"""The kinds of meetings and events as data."""

from decimal import Decimal
from typing import Any, Literal, Self

from django.core.exceptions import ValidationError
from pydantic import Field, field_validator, model_validator

from linghang.activities.bases import OCCASIONS
from linghang.activities.models import Kind
from linghang.activities.papers import PAPERS
from linghang.kernel.blueprint import Entry, retire_others, section, write_rows
from linghang.kernel.parameters import forget
from linghang.rules.duties import STATUTORY

Holder = Literal["committee", "subcommittee", "general", "branch", "group"]


class AskEntry(Entry):
    """One question that a kind asks besides. `how` is the kind of field, `options` what may be chosen; `listed` replies are listed with how often each was given."""

    code: str = Field(max_length=16, pattern="^[a-z][a-z_]*$")
    label: str = Field(max_length=20)
    how: Literal["text", "long", "choice", "number"] = "text"
    options: list[str] = []
    required: bool = False
    listed: bool = False
    hint: str = Field("", max_length=60)

    @model_validator(mode="after")
    def _options_belong_to_a_choice(self) -> Self:
        if (self.how == "choice") is not (len(self.options) > 1):
            raise ValueError("选一项的（how: choice）要有至少两个 options，其他的不写 options")
        return self


class KindEntry(Entry):
    """One kind. `rule` says how often the text wants it, `frequency` names the hospital's own parameter; `ballots` what may be put to the vote at it; `aliases` what a line may call it."""

    code: str = Field(max_length=16)
    title: str = Field(max_length=20)
    aliases: list[str] = []
    holders: list[Holder]
    who: Literal["members", "full_members", "committee", "heads", "tree", "pair", "speaker"] = "members"
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
    asks: list[AskEntry] = []
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

    @model_validator(mode="after")
    def _one_tap_asks_nothing(self) -> Self:
        if self.asks and (self.bare or self.one_tap):
            raise ValueError("只记日期和人的、一键登记的类别，不再另问（asks）")
        return self


@section(
    "activities.kinds",
    "组织生活类别",
    KindEntry,
    codes=lambda: Kind.objects.values_list("code", flat=True),
    order=30,
)
def apply_kinds(entries: list[KindEntry], by: Any) -> int:
    """Kinds by code; one that is no longer named is retired, and what was recorded under it keeps its name."""
    _same_questions(entries)
    rows = [{**entry.model_dump(), "order": at, "retired": False} for at, entry in enumerate(entries)]
    changed = write_rows(Kind, rows) + retire_others(Kind, [entry.code for entry in entries])
    forget()
    return changed


def _same_questions(entries: list[KindEntry]) -> None:
    """Raise ValidationError where one code stands for two questions: their replies would be added up."""
    known: dict[str, AskEntry] = {}
    for ask in (ask for entry in entries for ask in entry.asks):
        if known.setdefault(ask.code, ask) != ask:
            raise ValidationError(f"另问 {ask.code} 在两个类别里写得不一样；同一个 code 须是同一问")
