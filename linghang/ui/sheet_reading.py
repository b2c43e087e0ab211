"""Workbook or text table in, plain rows out: checked first, workbooks then parsed in a separate limited process."""

import csv
import datetime
import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import IO, Any

from .sheet_guard import LIMITS, Limits, SheetProblem, inspect
from .sheet_text import decoded, text_rows

Cell = str | int | float | bool | datetime.date | datetime.datetime | None
Merge = tuple[int, int, int, int]
_WORKER = Path(__file__).with_name("sheet_worker.py")
_PASSED_ON = ("PATH", "LANG", "LD_LIBRARY_PATH", "SYSTEMROOT")


@dataclass
class Sheet:
    """One worksheet: cells row by row from A1, and merged ranges (first row, column, last row, column; from 0)."""

    name: str
    rows: list[list[Cell]] = field(default_factory=list)
    merged: list[Merge] = field(default_factory=list)
    hidden: bool = False


def read_workbook(
    source: bytes | str | os.PathLike[str] | IO[bytes], name: str, limits: Limits = LIMITS
) -> list[Sheet]:
    """Read an .xlsx, .xls, .ods or .csv that a person sent; every refusal is a `SheetProblem`.

    Hidden sheets are named but not read.
    """
    content = _bytes(source, limits)
    if inspect(content, name, limits) == "csv":
        sheets = [_text_table(content, name, limits)]
    else:
        sheets = [_sheet(raw) for raw in _parse(content, name, limits)]
    if not any(cell is not None for sheet in sheets for row in sheet.rows for cell in row):
        raise SheetProblem(
            "工作簿里没有内容", where=name, remedy="请确认选对了文件，内容不要放在隐藏的工作表里"
        )
    return sheets


def _bytes(source: bytes | str | os.PathLike[str] | IO[bytes], limits: Limits) -> bytes:
    """At most one byte more than allowed: enough for the guard to say that it is too large."""
    if isinstance(source, bytes):
        return source
    if isinstance(source, (str, os.PathLike)):
        with Path(source).open("rb") as stream:
            return stream.read(limits.upload + 1)
    return source.read(limits.upload + 1)


def _text_table(content: bytes, name: str, limits: Limits) -> Sheet:
    """The one sheet of a text table, called after its file."""
    try:
        rows = text_rows(decoded(content) or "")
    except csv.Error as error:
        raise _problem("damaged", "", 0, name, limits) from error
    cells = len(rows) * max(map(len, rows), default=0)
    for code, count, most in (("rows", len(rows), limits.rows), ("cells", cells, limits.cells)):
        if count > most:
            raise _problem(code, "", count, name, limits)
    return Sheet(PurePath(name).stem, [[*row] for row in rows])


def _parse(content: bytes, name: str, limits: Limits) -> list[dict[str, Any]]:
    numbers = (limits.memory, limits.seconds, limits.rows, limits.cells)
    command = [sys.executable, "-I", str(_WORKER), *map(str, numbers)]
    # The parser needs none of the server's secrets, so it gets none of its environment.
    environment = {key: os.environ[key] for key in _PASSED_ON if key in os.environ}
    try:
        done = subprocess.run(  # noqa: S603 (our own script; the file comes in by standard input)
            command,
            input=content,
            capture_output=True,
            timeout=limits.seconds + 5,
            env=environment,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise _problem("slow", "", 0, name, limits) from error
    if done.returncode:
        raise _problem("area", "", 0, name, limits)
    answer = json.loads(done.stdout, object_hook=_revive)
    if "problem" in answer:
        code, sheet, count = answer["problem"]
        raise _problem(code, sheet, count, name, limits)
    sheets: list[dict[str, Any]] = answer["sheets"]
    return sheets


def _problem(code: str, sheet: str, count: int, name: str, limits: Limits) -> SheetProblem:
    copy = "请新建工作簿，只复制有内容的行列后再上传"
    what, remedy = {
        "rows": (f"有 {count} 行，超过上限 {limits.rows} 行", "请拆成几个文件，或删去表格下方多余的行"),
        "cells": (f"已用区域有 {count} 个单元格，超过上限", copy),
        "area": ("表格占用的区域过大，无法读取", copy),
        "slow": ("读取时间过长", copy),
        "locked": ("文件有打开密码", "请取消密码并另存后再上传"),
        "damaged": ("文件不完整或已损坏", "请重新下载或从原电脑重新另存一份"),
    }[code]
    return SheetProblem(what, where=f"工作表“{sheet}”" if sheet else name, remedy=remedy)


def _sheet(raw: dict[str, Any]) -> Sheet:
    merged = [(*first, *last) for first, last in raw.get("merged", [])]
    return Sheet(raw["name"], raw.get("rows", []), merged, raw["hidden"])


def _revive(value: dict[str, Any]) -> Any:
    if len(value) != 1:
        return value
    if "date" in value:
        return datetime.date.fromisoformat(value["date"])
    return datetime.datetime.fromisoformat(value["datetime"]) if "datetime" in value else value
