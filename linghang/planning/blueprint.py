"""Strategic frameworks and duty lists of posts as data."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, Literal, Self

from django.core.exceptions import ValidationError
from pydantic import Field, model_validator

from linghang.kernel.blueprint import Entry, Ref, section, write_dated
from linghang.kernel.facts import SOURCES
from linghang.planning.models import Aim, Charge

BEGINNING = date(2020, 1, 1)
MOST_LEVELS = 4


class AimEntry(Entry):
    """One entry of a framework, with those below it; `also` names entries of other frameworks (fnew.trend) under which its plans count as well."""

    code: str = Field(max_length=30, pattern="^[a-z0-9][a-z0-9_-]*$")
    title: str = Field(max_length=120)
    also: list[str] = []
    aims: list["AimEntry"] = []


class FrameworkEntry(Entry):
    """A framework of up to four levels; `levels` says what each is called. Which ones are in use says `planning.frameworks`."""

    code: str = Field(max_length=40, pattern="^[a-z0-9][a-z0-9_-]*$")
    title: str = Field(max_length=60)
    levels: list[str] = Field(min_length=1, max_length=MOST_LEVELS)
    basis: str = Field("", max_length=120)
    since: date = BEGINNING
    aims: list[AimEntry]

    @model_validator(mode="after")
    def _levels_are_enough(self) -> Self:
        entries = list(_walk(self.aims, self.code, 1))
        deepest = max((depth for _, _, depth in entries), default=0)
        if deepest > len(self.levels):
            raise ValueError(f"“{self.title}”写到第 {deepest} 级，levels 只有 {len(self.levels)} 级的叫法")
        codes = [entry.code for entry, _, _ in entries]
        if twice := {code for code in codes if codes.count(code) > 1}:
            raise ValueError(f"“{self.title}”里编码重复：{'、'.join(sorted(twice))}")
        return self


def _walk(aims: list[AimEntry], above: str, depth: int) -> Iterator[tuple[AimEntry, str, int]]:
    for aim in aims:
        yield aim, above, depth
        yield from _walk(aim.aims, aim.code, depth + 1)


@section(
    "planning.frameworks",
    "战略框架",
    FrameworkEntry,
    codes=lambda: Aim.objects.filter(above="").values_list("code", flat=True),
    order=35,
)
def apply_frameworks(entries: list[FrameworkEntry], by: Any) -> int:
    """Dated rows: what is worded anew begins today, what is no longer named ends today, plans keep what they served."""
    rows = [row for place, entry in enumerate(entries) for row in _rows(entry, place * 1000)]
    # An entry that a hospital left out of its own edition of a framework is passed over; a framework that is nowhere is a slip.
    known = {entry.code for entry in entries}
    if lost := sorted(code for row in rows for code in row["also"] if code.partition(".")[0] not in known):
        raise ValidationError(f"also 写的框架没有：{'、'.join(lost)}；应写成 框架.条目，如 fnew.trend")
    return write_dated(Aim, rows)


def _rows(entry: FrameworkEntry, place: int) -> Iterator[dict[str, Any]]:
    shared = {"framework": entry.code, "since": entry.since}
    own = {"code": entry.code, "above": "", "title": entry.title, "depth": 0, "place": place}
    yield {**shared, **own, "levels": entry.levels, "basis": entry.basis, "also": []}
    for number, (aim, above, depth) in enumerate(_walk(entry.aims, "", 1), 1):
        code, over = f"{entry.code}.{aim.code}", f"{entry.code}.{above}" if above else entry.code
        said = {"code": code, "above": over, "title": aim.title, "depth": depth, "place": place + number}
        yield {**shared, **said, "levels": [], "basis": "", "also": aim.also}


class WayEntry(Entry):
    """One way in which a duty shows in the records: a source of facts, narrowed by columns, of the holder or of the unit."""

    source: Annotated[str, Ref("kernel.sources")]
    words: str = Field(max_length=30)
    unit: str = Field("次", max_length=4)
    by: Literal["person", "unit", "tree"] = "unit"
    where: dict[str, str | bool | list[str]] = {}

    @model_validator(mode="after")
    def _columns_are_known(self) -> Self:
        source = SOURCES.get(self.source)
        if source and (wrong := sorted(set(self.where) - set(source.columns))):
            raise ValueError(
                f"{self.source} 没有 {'、'.join(wrong)}，可用：{'、'.join(sorted(source.columns))}"
            )
        return self


class DutyOfPostEntry(Entry):
    """One duty of a list."""

    code: str = Field(max_length=40)
    title: str = Field(max_length=200)
    basis: str = Field("", max_length=120)
    inhouse: bool | None = None
    shown_by: list[WayEntry] = []


class ChargeEntry(Entry):
    """A list of duties of certain posts (书记五项职责、一岗双责 …); `basis` holds for those that name none themselves."""

    code: str = Field(max_length=40)
    title: str = Field(max_length=60)
    roles: list[Annotated[str, Ref("org.roles")]] = Field(min_length=1)
    basis: str = Field("", max_length=120)
    inhouse: bool = False
    since: date = BEGINNING
    duties: list[DutyOfPostEntry] = Field(min_length=1)


@section(
    "planning.charges",
    "岗位职责",
    ChargeEntry,
    codes=lambda: Charge.objects.values_list("part_of", flat=True).distinct(),
    order=36,
)
def apply_charges(entries: list[ChargeEntry], by: Any) -> int:
    """Dated rows likewise; lists that were handed out stay as they were worded then."""
    rows = []
    for place, entry in enumerate(entries):
        shared = {"part_of": entry.code, "heading": entry.title, "roles": entry.roles, "since": entry.since}
        for number, duty in enumerate(entry.duties):
            inhouse = entry.inhouse if duty.inhouse is None else duty.inhouse
            ways = [way.model_dump() for way in duty.shown_by]
            said = {"code": duty.code, "title": duty.title, "basis": duty.basis or entry.basis}
            rows.append(
                {**shared, **said, "inhouse": inhouse, "shown_by": ways, "place": place * 100 + number}
            )
    return write_dated(Charge, rows, ("part_of", "code"))
