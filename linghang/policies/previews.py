"""A catalogue before it is confirmed and after: its rows by what becomes of each, on the screen and as a workbook."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.urls import reverse

from linghang.policies.catalogue import Entry
from linghang.policies.models import Policy, PolicyImport
from linghang.ui.lists import PER_PAGE, Cell, Column, Listing, Row, workbook_response
from linghang.ui.requests import HouseRequest

TABS = {"imported": "导入", "merged": "合并", "refused": "未导入", "cautions": "提醒", "asides": "跳过"}
_STATES = dict(Policy.State.choices)
_FIELDS = {
    "number": "文号", "category": "类别", "version": "版本", "published_on": "发布日期", "review_on": "复审日",
    "owner_id": "责任部门", "owner_name": "责任部门", "text": "正文", "state": "效力",
}  # fmt: skip


def count(upload: PolicyImport) -> Counter[str]:
    """How many rows there are of each outcome, with `rows` for all of them."""
    found = Counter(row["outcome"] for row in upload.outcome)
    found["rows"] = len(upload.outcome)
    found["cautions"] = sum(bool(row["cautions"]) for row in upload.outcome)
    found["asides"] = len(upload.asides)
    return found


def tabs(upload: PolicyImport, chosen: str) -> list[tuple[str, str, bool]]:
    """The tabs that hold something, with their numbers."""
    numbers = count(upload)
    return [
        (
            f"{label} {numbers[name]}",
            reverse("policies:policyimport_rows", args=[upload.pk, name]),
            name == chosen,
        )
        for name, label in TABS.items()
        if numbers[name] or name == "imported"
    ]


def _changed(row: Entry) -> str:
    if "twin" in row:
        return "与前一行相同"
    said = [f"{_FIELDS[name]}补为“{_told(name, now, row)}”" for name, _, now in row["changes"]]
    return "；".join(said) or "库中已有，没有变动"


def _told(name: str, now: str, row: Entry) -> str:
    if name == "state":
        return str(_STATES[now])
    return str(row["owner"]) if name == "owner_id" else now[:40]


def _reasons(row: Entry, part: int) -> str:
    return "；".join(reason[part] for reason in [*row["faults"], *row["cautions"]])


def _policy_url(row: Entry) -> str:
    return reverse("policies:policy", args=[row["policy"]]) if row.get("policy") else ""


def _column(key: str, label: str, read: Callable[[Entry], Any] | None = None, **more: Any) -> Column:
    return Column(key, label, read=read or (lambda row: row.get(key) or ""), **more)


_WHERE = [
    _column("title", "名称", lambda row: row["title"] or "（没有名称）"),
    _column("row", "行", lambda row: str(row["row"])),
]
_WHY = [
    _column("reason", "原因", lambda row: _reasons(row, 0)),
    _column("remedy", "怎样改", lambda row: _reasons(row, 1)),
]
_COLUMNS = {
    "imported": [
        *_WHERE,
        _column("number", "文号"),
        _column("category", "类别"),
        _column("owner", "责任部门"),
        _column("published_on", "发布日期", kind="date"),
        _column("state", "效力", lambda row: str(_STATES[row["state"]])),
        _column("note", "原表备注"),
    ],
    "merged": [
        _column("title", "名称", link=_policy_url),
        _column("row", "行", lambda row: str(row["row"])),
        _column("changes", "变动", _changed),
    ],
    "refused": [*_WHERE, *_WHY],
    "cautions": [*_WHERE, *_WHY],
    "asides": [_column("text", "内容"), _column("row", "行", lambda row: str(row["row"])), _column("why", "当作")],
}  # fmt: skip


def listed(request: HouseRequest, upload: PolicyImport, tab: str) -> Listing:
    """One tab as a list: searched and paged."""
    found = _rows(upload, tab)
    params = {key: str(value) for key, value in request.GET.items() if value}
    q = params.get("q", "").strip()
    if q:
        found = [row for row in found if all(word in " ".join(map(str, row.values())) for word in q.split())]
    page = Paginator(found, PER_PAGE).get_page(params.get("page"))
    columns = _COLUMNS[tab]
    rows = [
        Row(at, [Cell(one.value(row), one.link(row) if one.link else "") for one in columns])
        for at, row in enumerate(page.object_list, page.start_index())
    ]
    return Listing(
        TABS[tab], columns, rows, page, q=q, searchable=True, params=params, empty="没有这样的行。"
    )


def _rows(upload: PolicyImport, tab: str) -> Sequence[Entry]:
    if tab == "asides":
        return list(upload.asides)
    if tab == "cautions":
        return [row for row in upload.outcome if row["cautions"]]
    return [row for row in upload.outcome if row["outcome"] == tab]


def report(upload: PolicyImport) -> HttpResponse:
    """Every row of the file with what became of it, why, and what to do."""
    labels = ["工作表", "行", "名称", "文号", "责任部门", "发布日期", "结果", "变动", "原因", "怎样改"]
    rows = [
        [
            row["sheet"], row["row"], row["title"], row["number"], row["owner"], row["published_on"],
            TABS[row["outcome"]], _changed(row) if row["outcome"] == "merged" else "", _reasons(row, 0), _reasons(row, 1),
        ]
        for row in upload.outcome
    ]  # fmt: skip
    return workbook_response(f"{upload.name.rpartition('.')[0]} 导入结果", labels, rows)
