"""The one list function: filter, search, sort, page and export any queryset."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.http import urlencode

from linghang.kernel import clock
from linghang.kernel.flow import VERBS, Offers, offers_for_each, record
from linghang.rules.periods import Kind, Period, add_months, month_words
from linghang.ui.second_factor import confirmed, demand
from linghang.ui.sheet_writing import Heading, write_workbook
from linghang.ui.sheet_writing import Kind as CellKind
from linghang.ui.sheet_writing import Page as Sheet

PER_PAGE = 20
EXPORT_LIMIT = 100_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Column:
    """One column of a list: how to read it off a row, and how it looks on screen and in Excel.

    A column of the kind `unit` says whose each row is; see `_told` for when the screen leaves it off.
    """

    key: str
    label: str
    read: Callable[[Any], Any] | None = None
    kind: str = "text"
    link: Callable[[Any], str] | None = None
    tone: Callable[[Any], str] | None = None

    def value(self, row: Any) -> Any:
        return self.read(row) if self.read else getattr(row, self.key)


@dataclass(frozen=True)
class Cell:
    text: Any
    url: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Row:
    key: Any
    cells: list[Cell]
    url: str = ""
    pick: bool = True


@dataclass(frozen=True)
class Bulk:
    """A verb for many rows at once, offered where a row of the page admits it for the reader; `unit` counts them: 12 张."""

    verb: str
    url: str
    text: str
    unit: str = "条"


@dataclass(frozen=True)
class Filter:
    """One filter of a list: its choices, and what a choice means: rows whose `path` (else `name`) equals it, or `apply`."""

    name: str
    label: str
    choices: Sequence[tuple[str, str]]
    apply: Callable[[Any, str], Any] | None = None
    value: str = ""
    path: str = ""

    def narrow(self, rows: Any) -> Any:
        """The rows that the chosen value leaves; all of them where none of the choices was made."""
        if self.value not in {value for value, _ in self.choices if value}:
            return rows
        return (
            self.apply(rows, self.value)
            if self.apply
            else rows.filter(**{self.path or self.name: self.value})
        )


def month_filter(name: str, label: str, apply: Callable[[Any, Period], Any], *, back: int) -> Filter:
    """By month: the one to come, the present one, and so many before it."""
    today = clock.today()
    months = [Period.containing(Kind.MONTH, add_months(today, n)) for n in range(1, -back - 1, -1)]
    choices = [(month.key, month_words(month.start)) for month in months]
    return Filter(name, label, choices, lambda rows, value: apply(rows, Period.parse(value)))


@dataclass
class Listing:
    """What `<c-list>` shows: one page of rows with search, filters, sorting and export."""

    title: str
    columns: list[Column]
    rows: list[Row]
    page: Page[Any]
    q: str = ""
    searchable: bool = False
    filters: list[Filter] = field(default_factory=list)
    sort: str = ""
    sortable: set[str] = field(default_factory=set)
    export_url: str = ""
    empty: str = "这里还没有内容。"
    empty_action: tuple[str, str] | None = None
    bulk: list[tuple[str, str]] = field(default_factory=list)
    kept_back: list[str] = field(default_factory=list)
    params: Mapping[str, str] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return self.page.paginator.count

    @property
    def narrowed(self) -> bool:
        """Whether the reader searched or filtered."""
        return bool(self.q or any(f.value for f in self.filters))

    def querystring(self, **changes: Any) -> str:
        """The present address's query with changes; empty values leave it."""
        merged = {**self.params, **{k: str(v) for k, v in changes.items()}}
        kept = {k: v for k, v in merged.items() if v}
        return f"?{urlencode(kept)}" if kept else "?"


def listing(
    request: HttpRequest,
    queryset: Any,
    columns: Sequence[Column],
    *,
    title: str,
    search: Sequence[str] = (),
    filters: Sequence[Filter] = (),
    sort: Mapping[str, str] | None = None,
    row_url: Callable[[Any], str] | None = None,
    export: str = "",
    per_page: int = PER_PAGE,
    bulk: Sequence[Bulk] = (),
    **look: Any,
) -> Listing | HttpResponse:
    """Filter, search, sort, page and export any queryset. `export` names the verb that may take it out as Excel.

    Gives an HttpResponse (the workbook) when the address says `?export=1`.
    """
    params = {key: value for key, value in request.GET.items() if value and key not in ("export",)}
    q = params.get("q", "").strip()
    chosen = [replace(f, value=params.get(f.name, "")) for f in filters]
    queryset = _ordered(_narrowed(queryset, search, q, chosen), sort or {}, params.get("sort", ""))
    if (may_export := bool(export and request.person.may(export))) and request.GET.get("export"):
        return _workbook(request, queryset, columns, title, export)
    page = BothEnds(queryset, per_page).get_page(params.get("page"))
    kept, cells = _told(request, columns, [_cells(row, columns) for row in page.object_list])
    offers = _offers(request, page.object_list, bulk)
    look |= {"bulk": _admitted(offers, bulk), "kept_back": _kept_back(offers, bulk)}
    found = Listing(
        title,
        kept,
        _rows(page.object_list, cells, row_url, offers),
        page,
        q=q,
        searchable=bool(search),
        filters=chosen,
        sort=params.get("sort", ""),
        sortable=set(sort or {}),
        params=params,
        **look,
    )
    if may_export:
        found.export_url = found.querystring(export=1)
    return found


def _offers(request: HttpRequest, rows: Sequence[Any], bulk: Sequence[Bulk]) -> dict[str, Offers]:
    """What the verbs for many rows find on this page; at most one query, whatever its length."""
    verbs = [one.verb for one in bulk if request.person.may(one.verb)]
    return offers_for_each(rows, request.person, verbs) if verbs else {}


def _rows(
    found: Sequence[Any],
    cells: Sequence[list[Cell]],
    row_url: Callable[[Any], str] | None,
    offers: Mapping[str, Offers],
) -> list[Row]:
    """The rows as they are shown; one may be picked where it admits something."""
    return [
        Row(row.pk, own, row_url(row) if row_url else "", bool(offers and offers[row.ref].may))
        for row, own in zip(found, cells, strict=True)
    ]


def _admitted(offers: Mapping[str, Offers], bulk: Sequence[Bulk]) -> list[tuple[str, str]]:
    admitted = {step.verb for each in offers.values() for step in each.may}
    return [(one.url, one.text) for one in bulk if one.verb in admitted]


def _kept_back(offers: Mapping[str, Offers], bulk: Sequence[Bulk]) -> list[str]:
    """Why rows of the page have no tick: four eyes, in a sentence for each thing that the reader did to them."""
    units = {one.verb: one.unit for one in bulk}
    count = Counter((done.label, step) for each in offers.values() for step, done in each.own)
    return [
        f"本页 {n} {units[step.verb]}由您{done}，须由他人{step.label}" for (done, step), n in count.items()
    ]


def _narrowed(queryset: Any, search: Sequence[str], q: str, chosen: Sequence[Filter]) -> Any:
    if q and search:
        queryset = queryset.filter(_matches(search, q))
    for f in chosen:
        queryset = f.narrow(queryset)
    return queryset


def _ordered(queryset: Any, sort: Mapping[str, str], wanted: str) -> Any:
    if order := sort.get(wanted.lstrip("-")):
        queryset = queryset.order_by(f"-{order}" if wanted.startswith("-") else order, "pk")
    own = queryset.query.order_by or queryset.model._meta.ordering
    # Equal rows need an order of their own, or a page may show one twice and the next page another never. Said aloud
    # even where the model says the same: a grouped query forgets its model's ordering.
    return queryset.order_by(*own, *(() if {"pk", "-pk"}.intersection(own) else ("pk",)))


class BothEnds(Paginator):  # type: ignore[type-arg]
    """Reads the second half of a long list from its end: the last page costs what the first does."""

    def page(self, number: Any) -> Page:  # type: ignore[type-arg]
        number = self.validate_number(number)
        bottom = (number - 1) * self.per_page
        if 2 * bottom < self.count:
            return super().page(number)
        top = min(bottom + self.per_page, self.count)
        found = list(self.object_list.reverse()[self.count - top : self.count - bottom])
        shown: Page = self._get_page(found[::-1], number, self)  # type: ignore[type-arg]
        return shown


def _matches(search: Sequence[str], q: str) -> Q:
    found = Q()
    for word in q.split():
        # Chinese has no case: PostgreSQL need not raise a hundred thousand rows to capitals to compare them.
        lookup, one = "contains" if word.upper() == word.lower() else "icontains", Q()
        for name in search:
            one |= Q(**{f"{name}__{lookup}": word})
        found &= one
    return found


def _cells(row: Any, columns: Sequence[Column]) -> list[Cell]:
    return [Cell(c.value(row), c.link(row) if c.link else "", c.tone(row) if c.tone else "") for c in columns]


def _told(
    request: HttpRequest, columns: Sequence[Column], cells: list[list[Cell]]
) -> tuple[list[Column], list[list[Cell]]]:
    """The columns that tell this reader something: not one that is empty all the way down, nor the unit to who has only one."""
    if not cells:
        return list(columns), cells
    kept = [
        i
        for i, column in enumerate(columns)
        if not i
        or _tells(request, column, {str(row[i].text if row[i].text is not None else "") for row in cells})
    ]
    return [columns[i] for i in kept], [[row[i] for i in kept] for row in cells]


def _tells(request: HttpRequest, column: Column, texts: set[str]) -> bool:
    if column.kind == "unit" and len(texts) == 1:
        return bool(request.person.reach(request.verb).trees)  # type: ignore[attr-defined]
    return texts != {""}


def _workbook(
    request: HttpRequest, queryset: Any, columns: Sequence[Column], title: str, export: str
) -> HttpResponse:
    if not confirmed(request) and VERBS.get(export, "").startswith("导出"):
        return demand(request)
    found = [[c.value(row) for c in columns] for row in queryset[:EXPORT_LIMIT]]
    record(request.person, export, f"{title}（{len(found)} 行）", label="导出 Excel")
    return workbook_response(title, [c.label for c in columns], found)


def workbook_response(title: str, labels: Sequence[str], found: Iterable[Sequence[Any]]) -> HttpResponse:
    """A real workbook as a download."""
    cells = [list(row) for row in found]
    headings = [Heading(label, _kind([row[i] for row in cells])) for i, label in enumerate(labels)]
    return download(write_workbook(Sheet(title, headings, cells, title=title)), f"{title}.xlsx", XLSX)


def _kind(values: Sequence[Any]) -> CellKind:
    """What a column holds, by its first filled cell."""
    first = next((value for value in values if value not in (None, "")), "")
    if isinstance(first, datetime):
        return "datetime"
    if isinstance(first, date):
        return "date"
    if isinstance(first, int) and not isinstance(first, bool):
        return "integer"
    return "number" if isinstance(first, float | Decimal) else "text"


def download(content: bytes, name: str, kind: str) -> HttpResponse:
    """A file to be saved, with its Chinese name."""
    response = HttpResponse(content, content_type=kind)
    response.headers["Content-Disposition"] = (
        f"attachment; filename*=UTF-8''{urlencode({'n': name})[2:].replace('+', '%20')}"
    )
    return response
