"""The lists of orders and of lines: their columns, filters and tabs."""

from contextlib import suppress
from datetime import date
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse

from linghang.dispatch.models import Line, Order
from linghang.dispatch.sheet import line_pill, pill
from linghang.org.models import Unit
from linghang.rules.periods import Period
from linghang.ui.lists import Column, Filter, month_filter
from linghang.ui.shortcuts import rows

MANY = {"check": "核稿", "sign": "签发", "issue": "下发"}
WAITS_FOR = {Order.State.DRAFTED: "check", Order.State.CHECKED: "sign", Order.State.SIGNED: "issue"}
MANY_LINES = {"review": "审核"}
KINDS = {
    "orders": ("全部", ()),
    "reminders": ("提示单", (Order.Kind.REMINDER,)),
    "worklists": ("工作清单", (Order.Kind.WORKLIST,)),
    "rectifications": ("整改", (Order.Kind.RECTIFICATION, Order.Kind.SUPERVISION)),
    "supervisions": ("督导单", (Order.Kind.SUPERVISION,)),
}
LINE_TABS = {"lines": "未办结", "late_lines": "逾期", "closed_lines": "已办结", "all_lines": "全部"}

TITLE = Column("title", "标题", link=lambda o: o.get_absolute_url())
UNIT = Column("unit", "单位", kind="unit", read=lambda o: o.unit.name)
ORDER_COLUMNS = [
    Column("number", "单据", kind="code", read=lambda o: f"{o.get_kind_display()}{o.number_text}"),
    Column("issued_on", "下发", kind="date"),
    Column("due_on", "期限", kind="date"),
    Column("progress", "办结", kind="code", read=lambda o: f"{o.closed_lines}/{len(o.lines.all())}"),
    Column("state", "状态", kind="state", read=lambda o: pill(o)[0], tone=lambda o: pill(o)[1]),
]
# What a unit did, shown where it is judged: many reports are read side by side before they are ticked.
RESULT = Column("result", "办理情况")


def line_columns(person: Any, judging: bool) -> list[Column]:
    """Whose line it is, on which sheet, until when; the sheet opens for whoever may see it whole."""

    def sheet(one: Line) -> str:
        return one.order.get_absolute_url() if person.may("dispatch.view_order", one.order) else ""

    return [
        Column("text", "事项"),
        *([RESULT] if judging else []),
        Column("unit", "单位", kind="unit", read=lambda one: one.order.unit.name),
        Column(
            "order",
            "单据",
            kind="code",
            read=lambda one: f"{one.order.get_kind_display()}{one.order.number_text}",
            link=sheet,
        ),
        Column("owner", "责任人", read=lambda one: one.owner.name if one.owner else ""),
        Column("due_on", "期限", kind="date"),
        Column(
            "state",
            "状态",
            kind="state",
            read=lambda one: line_pill(one)[0],
            tone=lambda one: line_pill(one)[1],
        ),
    ]


def order_columns(request: HttpRequest) -> list[Column]:
    """A month's seventy sheets bear one title: to whoever looks after many units each is known by its unit."""
    many = bool(request.person.reach("dispatch.view_order").trees)
    return [*((UNIT, TITLE) if many else (TITLE, UNIT)), *ORDER_COLUMNS]


def order_tabs(person: Any, here: str) -> list[tuple[str, str, bool]]:
    """Kinds of orders, and the lines of all of them."""
    names = [*KINDS, "lines"]
    if person.reach("dispatch.report") and not person.reach("dispatch.draft"):
        names = ["rectifications", "reminders", "worklists", "lines"]
    more = {"documents": "dispatch.view_document", "patterns": "dispatch.view_pattern"}
    names += [name for name, verb in more.items() if person.reach(verb)]
    labels = {name: label for name, (label, _) in KINDS.items()}
    labels |= {"lines": "事项", "documents": "公文稿", "patterns": "常用"}
    return [(labels[name], reverse(f"dispatch:{name}"), name == here) for name in names]


def order_filters(request: HttpRequest, kinds: bool) -> list[Filter]:
    """By unit where there are several, by kind where the tab leaves it open, by month, by state."""
    return [
        *_unit_filter(request, ""),
        *([Filter("kind", "类别", Order.Kind.choices)] if kinds else []),
        month_filter("period", "月份", _of_month, back=12),
        Filter("state", "状态", [*Order.State.choices, ("late", "逾期")], _order_state),
    ]


def line_filters(request: HttpRequest, states: bool) -> list[Filter]:
    """By unit where there are several, by kind of order, by the month of the deadline, by state."""
    return [
        *_unit_filter(request, "order__"),
        Filter("kind", "单据", Order.Kind.choices, path="order__kind"),
        month_filter("month", "期限", _due_in_month, back=12),
        *([Filter("state", "状态", Line.State.choices)] if states else []),
    ]


def _unit_filter(request: HttpRequest, path: str) -> list[Filter]:
    """A branch by itself, a 总支 with its branches."""
    kinds = (Unit.Kind.GENERAL, Unit.Kind.BRANCH)
    units = list(
        rows(request, Unit).filter(kind__in=kinds, until=None).order_by("path").values_list("pk", "name")
    )
    if len(units) < 2:
        return []

    def apply(found: Any, value: str) -> Any:
        return found.filter(Q(**{f"{path}unit": value}) | Q(**{f"{path}unit__parent": value}))

    return [Filter("unit", "单位", [(str(pk), name) for pk, name in units], apply)]


def _order_state(found: Any, value: str) -> Any:
    return found.late() if value == "late" else found.filter(state=value)


def _of_month(found: Any, month: Period) -> Any:
    """Sheets of a month: those that name it, else those drafted in it."""
    return found.filter(Q(period=month.start) | Q(period=None, drafted_on__range=tuple(month)))


def _due_in_month(found: Any, month: Period) -> Any:
    return found.filter(due_on__range=tuple(month))


def due_between(found: Any, since: str, until: str) -> Any:
    """Lines due from a day to a day, as other modules' links ask for; what is no day is left out."""
    with suppress(ValueError):
        found = found.filter(due_on__gte=date.fromisoformat(since))
    with suppress(ValueError):
        found = found.filter(due_on__lte=date.fromisoformat(until))
    return found
