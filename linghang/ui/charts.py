"""Charts as plain data: builders give an ECharts option made of JSON only, and `table` gives its numbers back.

Colours are names of tokens ("var(--chart-green)") that `charts.js` resolves, so that light, dark and print stay in
one place. Every datum may carry `url`, the records it was counted from, and always carries `text`, what it says.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Option = dict[str, Any]

INK, QUIET = "var(--ink)", "var(--ink-2)"


@dataclass(frozen=True)
class Part:
    """One stretch of a stage bar: how many of its records stand there, in a state's tone."""

    name: str
    count: int
    tone: str = "grey"
    url: str = ""


@dataclass(frozen=True)
class Stage:
    """One bar: a kind of record with its parts, and a few words at its right end."""

    label: str
    parts: Sequence[Part]
    note: str = ""
    url: str = ""


@dataclass(frozen=True)
class TableCell:
    text: str
    url: str = ""


@dataclass(frozen=True)
class Table:
    """The numbers of a chart as words: a head, and rows whose first cell names the row."""

    head: list[str]
    rows: list[list[TableCell]]


def stage_bars(stages: Sequence[Stage]) -> Option:
    """Stacked horizontal bars, each stretched to the full width: the share that stands at each state."""
    names = list(dict.fromkeys(part.name for stage in stages for part in stage.parts))
    option = _frame(left=0, right=4, top=0, bottom=0)
    option["xAxis"] = {"type": "value", "max": 1, "show": False}
    option["yAxis"] = [
        _categories([stage.label for stage in stages], inverse=True),
        _categories([stage.note for stage in stages], inverse=True, position="right", align="left"),
    ]
    option["series"] = [_stretch(name, stages) for name in names]
    return option


def table(option: Option) -> Table:
    """The same numbers as a table, read back from the option: what is drawn and what is read cannot differ."""
    axes = [axis for key in ("xAxis", "yAxis") for axis in _listed(option[key])]
    categories = next(axis["data"] for axis in axes if axis["type"] == "category")
    series = option["series"]
    rows = [
        [TableCell(label), *(_cell(one["data"], index) for one in series)]
        for index, label in enumerate(categories)
    ]
    return Table(head=["", *(one["name"] for one in series)], rows=rows)


def _listed(axis: Any) -> list[Option]:
    return axis if isinstance(axis, list) else [axis]


def _cell(data: Sequence[Option], index: int) -> TableCell:
    datum = data[index] if index < len(data) else {}
    return TableCell(datum.get("text", "—"), datum.get("url", ""))


def _frame(**grid: int) -> Option:
    """What all charts share. Tooltips are rich text: the default writes inline styles, which the policy refuses."""
    return {
        "tooltip": {"renderMode": "richText", "confine": True},
        "grid": grid | {"outerBoundsMode": "same", "outerBoundsContain": "axisLabel"},
        "textStyle": {"fontFamily": "var(--font)"},
    }


def _categories(labels: Sequence[str], *, align: str = "", **more: Any) -> Option:
    label: Option = {"color": INK, "fontSize": 12}
    if align:
        label |= {"align": align, "color": QUIET}
    return {
        "type": "category",
        "data": list(labels),
        "axisTick": {"show": False},
        "axisLine": {"show": False},
        "axisLabel": label,
    } | more


def _stretch(name: str, stages: Sequence[Stage]) -> Option:
    return {
        "type": "bar",
        "stack": "all",
        "name": name,
        "barMaxWidth": 26,
        "label": {"show": True, "color": "var(--chart-ink)", "fontSize": 12, "formatter": ""},
        "data": [_share(stage, name) for stage in stages],
    }


def _share(stage: Stage, name: str) -> Option:
    total = sum(part.count for part in stage.parts)
    part = next((part for part in stage.parts if part.name == name), Part(name, 0))
    share = part.count / total if total else 0
    # A stretch too narrow for its number keeps it in the tooltip, the note at the right end and the table.
    return {
        "value": round(share, 4),
        "text": str(part.count),
        "url": part.url,
        "itemStyle": {"color": f"var(--chart-{part.tone})"},
        "label": {
            "formatter": f"{name} {part.count}" if share > 0.3 else str(part.count) if share > 0.12 else ""
        },
        "tooltip": {"formatter": f"{stage.label}　{name} {part.count}"},
    }
