"""What the office prints: each kind of order has its Word template, edited in Word or WPS by the office itself."""

from datetime import date
from typing import Any

from linghang.dispatch.models import Line, Order

PAPERS = {
    Order.Kind.REMINDER: "月度提示单",
    Order.Kind.WORKLIST: "工作清单",
    Order.Kind.RECTIFICATION: "限期整改通知",
    Order.Kind.SUPERVISION: "督导单",
}


def paper_of(order: Order) -> str:
    """The template of an order."""
    return PAPERS[Order.Kind(order.kind)]


def context_of(order: Order, hospital: str) -> dict[str, Any]:
    """What stands in the template. 签发人 and 用印 stay blank for pen and seal."""
    return {
        "hospital": hospital,
        "number": order.number_text,
        "title": order.title,
        "unit": order.unit.name,
        "issuer": order.issuer.name,
        "period": f"{order.period.year} 年 {order.period.month} 月" if order.period else "",
        "text": order.text,
        "due": _day(order.due_on),
        "drafted": _day(order.drafted_on),
        "signed": _day(order.signed_on),
        "issued": _day(order.issued_on),
        "void": "（作废）" if order.state == Order.State.VOID else "",
        "lines": [_row(line) for line in order.lines.all()],
    }


def _row(line: Line) -> dict[str, Any]:
    return {
        "no": line.place,
        "text": line.text,
        "due": _day(line.due_on),
        "owner": line.owner.name if line.owner else "",
        "verifier": line.verifier.name if line.verifier else "",
        "result": line.result,
        "state": line.get_state_display(),
    }


def _day(day: date | None) -> str:
    return f"{day.year} 年 {day.month} 月 {day.day} 日" if day else ""
