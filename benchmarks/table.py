"""The figures as one table in Chinese, each with its aim beside it."""

import os
import platform
import unicodedata
from collections.abc import Sequence
from typing import Any

QUERIES = 15
Found = dict[str, dict[str, Any]]


def show(found: Found) -> str:
    """Pages side by side for every database, then what concerns the whole."""
    first = next(iter(found.values()))
    counts = "，".join(f"{name} {count:,}" for name, count in first["counts"].items())
    machine = f"{os.cpu_count()} 核，Python {platform.python_version()}，{platform.machine()}"
    parts = [f"数据：{counts}", f"机器：{machine}", "", _pages(found), "", _whole(found)]
    return "\n".join(parts)


def _pages(found: Found) -> str:
    heads = ["谁", "页面"]
    for name in found:
        heads += [f"{name} p50", "p95", "处理器", "查询"]
    rows: list[list[str]] = [[*heads, "目标"]]
    for same in zip(*(one["pages"] for one in found.values()), strict=True):
        row = [same[0]["who"], same[0]["page"]]
        for one in same:
            row += [
                _marked(f"{one['p50']:.0f} ms", one["p50"] > one["aim"]),
                f"{one['p95']:.0f} ms",
                f"{one['cpu']:.0f} ms",
                _marked(str(one["queries"]), one["queries"] > QUERIES),
            ]
        rows.append([*row, f"≤ {same[0]['aim']} ms，≤ {QUERIES} 次"])
    return _table(rows)


WHOLE = (
    ("start", "网页进程启动到应答", "s", 1),
    ("first", "内存（第一页之后）", "MB", 0),
    ("memory", "内存（165 页之后）", "MB", 0),
    ("desk", "工作台经 HTTP", "ms", 0),
)


def _whole(found: Found) -> str:
    rows = [["整体", *found]]
    for same in zip(*(one["whole"] for one in found.values()), strict=True):
        rows.append([same[0][0], *(f"{seconds:.1f} s" for _, seconds in same)])
    for key, title, measure, digits in WHOLE:
        rows.append([title, *(f"{one['server'][key]:.{digits}f} {measure}" for one in found.values())])
    return _table(rows)


def _marked(text: str, over: bool) -> str:
    return f"{text} ×" if over else text


def _table(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(_width(row[at]) for row in rows) for at in range(len(rows[0]))]
    lines = ["  ".join(_padded(cell, widths[at], at) for at, cell in enumerate(row)).rstrip() for row in rows]
    rule = "  ".join("─" * width for width in widths)
    return "\n".join([lines[0], rule, *lines[1:]])


def _padded(cell: str, width: int, at: int) -> str:
    space = " " * (width - _width(cell))
    return cell + space if at < 2 else space + cell


def _width(text: str) -> int:
    """Columns on a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
