"""What the office prints: each kind of order has its Word template, edited in Word or WPS by the office itself."""

from typing import Any

from linghang.dispatch.models import Line, Order
from linghang.rules.periods import day_words, month_words

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
        "period": month_words(order.period) if order.period else "",
        "text": order.text,
        "due": day_words(order.due_on),
        "drafted": day_words(order.drafted_on),
        "signed": day_words(order.signed_on),
        "issued": day_words(order.issued_on),
        "void": "（作废）" if order.state == Order.State.VOID else "",
        "lines": [_row(line) for line in order.lines.all()],
    }


def _row(line: Line) -> dict[str, Any]:
    return {
        "no": line.place,
        "text": line.text,
        "due": day_words(line.due_on),
        "owner": line.owner.name if line.owner else "",
        "verifier": line.verifier.name if line.verifier else "",
        "result": line.result,
        "state": line.get_state_display(),
    }
