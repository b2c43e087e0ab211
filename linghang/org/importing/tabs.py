"""An import as it is looked at: one list a tab, a page of it at a time."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.core.paginator import Paginator
from django.urls import reverse

from linghang.org.importing.entries import Entry, figures
from linghang.org.models import Import
from linghang.ui.lists import PER_PAGE, Cell, Column, Filter, Listing, Row
from linghang.ui.requests import HouseRequest

TABS = {
    "imported": "导入",
    "merged": "合并",
    "refused": "未导入",
    "cautions": "提醒",
    "units": "新单位",
}
_EMPTY = {
    "imported": "没有新人员：名册里的人系统都已认识，或都没有导入。",
    "merged": "没有与已有人员或前面各行合并的行。",
    "refused": "没有未导入的行。",
    "cautions": "没有提醒。",
    "units": "名册里的单位系统都已有，不用新建。",
}


@dataclass(frozen=True)
class Tab:
    """One tab as a link with its count."""

    code: str
    label: str
    count: int
    url: str
    current: bool


def first_tab(imp: Import) -> str:
    """Where a look begins: what must be decided, else what was not taken, else who comes."""
    counts = figures(imp)
    if imp.state == Import.State.PREVIEWED and counts["open"]:
        return "units"
    return next((code for code in ("refused", "imported", "merged") if counts[code]), "imported")


def tabs(imp: Import, current: str) -> list[Tab]:
    """The tabs with their counts: rows of the file, except for the units."""
    counts = figures(imp)
    counts["cautions"] = counts["cautioned"]
    return [
        Tab(code, label, counts[code], reverse("org:import_rows", args=[imp.pk, code]), code == current)
        for code, label in TABS.items()
    ]


def entries(imp: Import, *kinds: str) -> list[Entry]:
    """The kept outcomes of some kinds."""
    return [entry for entry in imp.outcome if entry["kind"] in kinds]


def listed(request: HouseRequest, imp: Import, tab: str) -> Listing:
    """One tab as a list: searched, filtered, paged."""
    found, columns = _ROWS[tab](imp), _COLUMNS[tab]
    params = {key: str(value) for key, value in request.GET.items() if value}
    if q := params.get("q", "").strip():
        found = [line for line in found if all(word in _text(line) for word in q.split())]
    filters = [_about(found, params.get("about", ""))] if tab in ("refused", "cautions") else []
    for one in filters:
        found = one.apply(found, one.value) if one.value else found
    page = Paginator(found, PER_PAGE).get_page(params.get("page"))
    rows = [_row(line, columns, at) for at, line in enumerate(page.object_list, page.start_index())]
    return Listing(
        TABS[tab],
        columns,
        rows,
        page,
        q=q,
        searchable=True,
        filters=filters,
        params=params,
        empty=_EMPTY[tab],
    )


def _about(found: Sequence[Entry], chosen: str) -> Filter:
    """Which column the reasons are about."""
    names = list(dict.fromkeys(line["column"] for line in found if line["column"]))
    choices = [(name, name) for name in names]
    kept = Filter("about", "列", choices, lambda rows, value: [row for row in rows if row["column"] == value])
    return replace(kept, value=chosen if chosen in names else "")


def _text(line: Entry) -> str:
    return " ".join(str(value) for value in line.values())


def _row(line: Entry, columns: Sequence[Column], at: int) -> Row:
    cells = [Cell(column.value(line), column.link(line) if column.link else "") for column in columns]
    return Row(at, cells)


# What stands in each tab ----------------------------------------------------------------------------------------------


def _faults(imp: Import, part: str, kinds: Iterable[str]) -> list[Entry]:
    """One line for each reason, with the row that it is about."""
    lines: list[Entry] = []
    for entry in entries(imp, *kinds):
        where = {key: entry[key] for key in ("sheet", "row", "name", "branch")}
        lines += [{**where, **fault} for fault in entry[part]]
    return lines


_ROWS: dict[str, Callable[[Import], list[Entry]]] = {
    "imported": lambda imp: entries(imp, "imported"),
    "merged": lambda imp: entries(imp, "merged"),
    "refused": lambda imp: _faults(imp, "faults", ("refused",)),
    "cautions": lambda imp: _faults(imp, "cautions", ("imported", "merged", "refused")),
    "units": lambda imp: entries(imp, "unit"),
}


def _person_url(line: Entry) -> str:
    return reverse("org:person", args=[line["person"]]) if line.get("person") else ""


def _column(key: str, label: str, read: Callable[[Entry], Any] | None = None, **more: Any) -> Column:
    return Column(key, label, read=read or (lambda line: line.get(key, "")), **more)


def place(line: Entry) -> str:
    """Where a reason points: the cell where it is known, else the whole row."""
    return line.get("cell") or "整行"


def chosen(line: Entry) -> str:
    """A unit's choice in words."""
    return str(dict(line["options"]).get(line["choice"], "")) if line["choice"] else "待选择"


_WHERE = [
    _column("name", "姓名", lambda line: line["name"] or "（无姓名）"),
    _column("row", "行", lambda line: str(line["row"])),
]
_COLUMNS: dict[str, list[Column]] = {
    "imported": [
        *_WHERE,
        _column("branch", "党支部"),
        _column("department", "科室"),
        _column("status", "党员类别"),
        _column("joined", "入党时间"),
        _column("confirmed", "转正时间"),
        _column("changes", "任职", lambda line: "；".join(line["changes"])),
    ],
    "merged": [
        _column("name", "姓名", link=_person_url),
        _column("row", "行", lambda line: str(line["row"])),
        _column("into", "与谁合并"),
        _column("changes", "变动", lambda line: "；".join(line["changes"]) or "无变动"),
    ],
    "refused": [
        *_WHERE,
        _column("sheet", "工作表"),
        _column("cell", "单元格", place),
        _column("column", "列"),
        _column("reason", "原因"),
        _column("remedy", "怎样改"),
    ],
    "cautions": [
        *_WHERE,
        _column("cell", "单元格", place),
        _column("column", "列"),
        _column("reason", "提醒"),
        _column("remedy", "建议"),
    ],
    "units": [
        _column("name", "名册里的名称"),
        _column("what", "类别"),
        _column("rows", "行数", kind="number"),
        _column("choice", "怎样处理", chosen),
    ],
}
