"""A rule asked on the command line: text in, the verdict's sentence out. Functions are read by their annotations."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from inspect import Parameter, signature
from types import NoneType, UnionType
from typing import Any, get_args, get_type_hints

from linghang.rules.catalogue import how, judge_of
from linghang.rules.register import rule

YES, NO = ("是", "1", "true"), ("否", "0", "false")


class Unclear(ValueError):
    """What was given cannot be asked; the message says what is wanted."""


def _truth(text: str) -> bool:
    if text not in YES + NO:
        raise ValueError(text)
    return text in YES


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.replace("，", ",").split(",") if name.strip()]


def _counts(text: str) -> dict[str, int]:
    pairs = (name.replace("：", ":").partition(":") for name in _names(text))
    return {name: int(count) for name, _, count in pairs}


_READERS: Mapping[Any, tuple[str, Callable[[str], Any]]] = {
    int: ("整数", int),
    float: ("数", float),
    Decimal: ("数", Decimal),
    bool: ("是或否", _truth),
    date: ("日期", date.fromisoformat),
    str: ("文字", str),
    Collection[str]: ("用逗号分开的文字", _names),
    Mapping[str, int]: ("如 甲:4,乙:2", _counts),
}


def ask(code: str, on: date, given: Mapping[str, str]) -> str:
    """The sentence that a rule's function answers to named values, such as {"members": "51"}, on a day.

    Raises Unclear where values are missing, strange or not to be had on a command line, LookupError for an unknown rule.
    """
    judge = judge_of(rule(code, on))
    if judge is None:
        raise Unclear(f"{code} {how(code)}")
    left = dict(given)
    try:
        arguments = _arguments(judge, {"on": on, "today": on, "code": code}, left)
        if left:
            raise Unclear(f"{code} 不认识 {'、'.join(left)}")
        found = judge(**arguments)
    except Unclear:
        raise
    except ValueError as problem:
        raise Unclear(str(problem)) from problem
    return str(getattr(found, "sentence", found))


def _arguments(called: Callable[..., Any], known: Mapping[str, Any], left: dict[str, str]) -> dict[str, Any]:
    """What a function or a record wants, taken out of what was given; defaults stay where nothing is said."""
    hints = get_type_hints(called)
    found: dict[str, Any] = {}
    for name, parameter in signature(called).parameters.items():
        if name in left or not (name in known or parameter.default is not Parameter.empty):
            found[name] = _value(name, hints[name], known, left)
        elif name in known:
            found[name] = known[name]
    return found


def _value(name: str, kind: Any, known: Mapping[str, Any], left: dict[str, str]) -> Any:
    """One argument by its annotation; of several that are allowed the first that can be read from text."""
    kinds = get_args(kind) if isinstance(kind, UnionType) else (kind,)
    plain = next((each for each in kinds if _reader(each)), None)
    if plain is None:
        record = next((each for each in kinds if isinstance(each, type) and is_dataclass(each)), None)
        if record is None or not _plain(record):
            raise Unclear("要看整份档案或全部党员，不能在命令行问，请在程序里调用")
        return record(**_arguments(record, known, left))
    words, read = _reader(plain)
    if name not in left:
        raise Unclear(f"还要给出 {name}（{words}）")
    text = left.pop(name).strip()
    if not text and NoneType in kinds:
        return None
    try:
        return read(text)
    except (ValueError, ArithmeticError) as problem:
        raise Unclear(f"{name} 应是{words}，不能是“{text}”") from problem


def _plain(record: type) -> bool:
    """Whether every field that a record must have can be read from text."""
    hints = get_type_hints(record)
    wanted = [
        each.name for each in fields(record) if each.default is MISSING and each.default_factory is MISSING
    ]
    return bool(wanted) and all(any(map(_reader, get_args(hints[name]) or (hints[name],))) for name in wanted)


def _reader(kind: Any) -> Any:
    """The word for a kind of value and the function that reads it from text; nothing for what is no plain value."""
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return "、".join(kind) + "之一", kind
    return _READERS.get(kind)
