"""What a measure may say: its kinds and fields, and the check of its columns against a source's types."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, Literal, get_args

import narwhals as nw
from narwhals.typing import IntoFrame

Kind = Literal["count", "sum", "mean", "share", "people", "on_time", "missing", "idle", "growth"]
Where = Mapping[str, Any]
Columns = Mapping[str, nw.dtypes.DType]

# What each kind may say besides kind, source, where, by; required fields first, after them the optional ones.
_FIELDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "count": ((), ("once",)),
    "sum": (("column",), ("once",)),
    "mean": (("column",), ("weight",)),
    "share": (("where",), ("over", "once")),
    "people": ((), ()),
    "on_time": (("column", "due"), ()),
    "missing": (("column",), ("due",)),
    "idle": (("where",), ("over",)),
    "growth": ((), ("column", "of", "against")),
}


class DefinitionError(ValueError):
    """A definition that the vocabulary does not know; the message says where and suggests a name."""


def unknown_name(what: str, name: str, known: Iterable[str]) -> DefinitionError:
    """The error for a misspelt name, with the nearest known one."""
    names = sorted(known)
    near = get_close_matches(name, names, n=1, cutoff=0.5)
    hint = f"是不是“{near[0]}”？" if near else f"可用的有：{'、'.join(names)}"
    return DefinitionError(f"没有{what}“{name}”，{hint}")


def check_fields(what: str, definition: Any, required: tuple[str, ...], optional: tuple[str, ...]) -> None:
    """Refuse a definition that lacks a required field or fills one that its kind never reads."""
    shared = {"kind", "source", "where", "by"}
    filled = {f.name for f in fields(definition) if not _is_default(f, getattr(definition, f.name))}
    for name in required:
        if name not in filled:
            raise DefinitionError(f"{what}“{definition.kind}”必须写明“{name}”")
    for name in sorted(filled - shared - {*required, *optional}):
        raise DefinitionError(f"{what}“{definition.kind}”用不到“{name}”")


def _is_default(spec: Any, value: object) -> bool:
    """Whether a field was left as it is; an empty mapping is the default of a mapping."""
    return value == spec.default or value == {}


@dataclass(frozen=True, slots=True)
class Measure:
    """What is counted. `where` filters rows by column: a value, a list, {"min", "max"} (inclusive), a bool, or None (empty).

    `share` counts rows of `over` that also match `where`; `on_time` is `column` ≤ `due` among rows due by the period's end;
    `missing` counts due rows whose `column` is false or empty; `idle` is the longest run of months with rows of `over`, none
    of which matches `where`; `growth` compares `of` (count, sum, mean) with the same
    period a year before (`against="year"`) or the one just before ("period"). `once` names a column whose every value
    counts once, at its highest (就高不重复); `by` says whether a subject is a unit or a person.
    """

    kind: Kind
    source: str = ""
    where: Where = field(default_factory=dict)
    over: Where = field(default_factory=dict)
    column: str = ""
    due: str = ""
    weight: str = ""
    once: str = ""
    of: Literal["count", "sum", "mean"] = "sum"
    against: Literal["year", "period"] = "year"
    by: Literal["unit", "person"] = "unit"

    def __post_init__(self) -> None:
        if self.kind not in _FIELDS:
            raise unknown_name("计量", self.kind, get_args(Kind))
        check_fields("计量", self, *_FIELDS[self.kind])
        if self.kind == "growth" and (self.of == "count") == bool(self.column):
            raise DefinitionError("增长按条数（of: count）不写列，按合计或均值必须写列（column）")
        for name, choices in (
            ("of", ("count", "sum", "mean")),
            ("against", ("year", "period")),
            ("by", ("unit", "person")),
        ):
            if getattr(self, name) not in choices:
                raise unknown_name(f"“{name}”的取值", getattr(self, name), choices)


def check(definition: Measure, facts: IntoFrame) -> None:
    """Refuse unknown columns and values of the wrong type; an empty frame with the source's types is enough."""
    columns = nw.from_native(facts).lazy().collect_schema()
    for name in ("record", "day", definition.by):
        column_type(columns, name)
    for name, wanted in (*definition.where.items(), *definition.over.items()):
        for value in _values(name, wanted):
            _expect(columns, name, _type_of(value))
    _expect(columns, definition.weight, "数字")
    _expect(columns, definition.once)
    if definition.kind == "on_time":
        _expect(columns, definition.column, "日期")
        _expect(columns, definition.due, "日期")
    elif definition.kind == "missing":
        _expect(columns, definition.column, "日期", "是否")
        _expect(columns, definition.due, "日期", "是否")
    else:
        _expect(columns, definition.column, "数字")


def _values(name: str, wanted: object) -> list[object]:
    """The plain values of one filter, bounds checked for misspelt keys."""
    if isinstance(wanted, Mapping):
        for key in wanted:
            if key not in ("min", "max"):
                raise unknown_name(f"“{name}”的界限", str(key), ("min", "max"))
        return list(wanted.values())
    if isinstance(wanted, (list, tuple, set, frozenset)):
        return list(wanted)
    return [] if wanted is None else [wanted]


def _type_of(value: object) -> str:
    kinds: tuple[tuple[type | tuple[type, ...], str], ...] = (
        (bool, "是否"), (str, "代码"), (date, "日期"), ((int, float, Decimal), "数字"),
    )  # fmt: skip
    for python, name in kinds:
        if isinstance(value, python):
            return name
    raise DefinitionError(f"条件里只能写代码、数字、日期、是否，不能写 {value!r}")


def column_type(columns: Columns, name: str) -> str:
    """The column's type in the reader's words; empty when an untyped frame leaves it open."""
    if name not in columns:
        raise unknown_name("列", name, columns)
    dtype = columns[name]
    if dtype.is_numeric():
        return "数字"
    if isinstance(dtype, nw.Boolean):
        return "是否"
    if isinstance(dtype, (nw.Date, nw.Datetime)):
        return "日期"
    return "代码" if isinstance(dtype, (nw.String, nw.Categorical, nw.Enum)) else ""


def _expect(columns: Columns, name: str, *wanted: str) -> None:
    """An unset field passes; a set one must exist and, where types are named, have one of them."""
    if name and (found := column_type(columns, name)) and wanted and found not in wanted:
        raise DefinitionError(f"列“{name}”是{found}，这里要的是{'或'.join(wanted)}")
