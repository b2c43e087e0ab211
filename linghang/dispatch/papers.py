"""What the office prints: each kind of order has its Word template, edited in Word or WPS by the office itself."""

import re
from typing import Any

from linghang.dispatch.models import Document, Line, Order
from linghang.rules.periods import day_words, month_words

PAPERS = {
    Order.Kind.REMINDER: "月度提示单",
    Order.Kind.WORKLIST: "工作清单",
    Order.Kind.RECTIFICATION: "限期整改通知",
    Order.Kind.SUPERVISION: "督导单",
}

DOCUMENT = "公文稿"


def paper_of(order: Order) -> str:
    """The template of an order."""
    return PAPERS[Order.Kind(order.kind)]


def context_of(order: Order, hospital: str) -> dict[str, Any]:
    """What stands in the template. 签发人 and 用印 stay blank for pen and seal."""
    month = month_words(order.period) if order.period else ""
    return {
        "hospital": hospital,
        "number": order.number_text,
        "title": order.title,
        "unit": order.unit.name,
        "issuer": order.issuer.name,
        "heading": "月度提示单" if order.period else "提示单",
        "period": month,
        # A sheet that belongs to no month says what it is about instead.
        "lead": month or f"“{order.title}”，",
        "text": order.text,
        "due": day_words(order.due_on),
        "drafted": day_words(order.drafted_on),
        "signed": day_words(order.signed_on),
        "issued": day_words(order.issued_on),
        "void": f"（{order.state_words}）" if order.state == Order.State.VOID else "",
        "lines": [_row(line) for line in order.lines.all()],
    }


def _row(line: Line) -> dict[str, Any]:
    return {
        "no": line.place,
        "text": line.text,
        "due": f"{day_words(line.due_on)}（原 {day_words(line.first_due_on)}）"
        if line.first_due_on
        else day_words(line.due_on),
        "owner": line.owner.name if line.owner else "",
        "verifier": line.verifier.name if line.verifier else "",
        "result": line.result,
        "state": line.get_state_display(),
    }


# How a paragraph of an official paper begins, and the style in which GB/T 9704-2012 (7.3.3) has it set.
HEADS = (
    (re.compile(r"[一二三四五六七八九十]+、"), "first"),
    (re.compile(r"（[一二三四五六七八九十]+）"), "second"),
)


def paragraphs_of(document: Document) -> list[tuple[str, str]]:
    """The paragraphs of a paper, each with its level: first (黑体), second (楷体) or plain (仿宋)."""
    found = (one.strip() for one in document.text.splitlines())
    return [(one, next((level for head, level in HEADS if head.match(one)), "plain")) for one in found if one]


def words_of(document: Document) -> dict[str, Any]:
    """What stands in the template of a paper. The number stays blank until OA has given it."""
    return {
        "title": document.title,
        "addressees": document.addressees.rstrip("：:"),
        "paragraphs": [{"text": text, level: True} for text, level in paragraphs_of(document)],
        "issuer": document.issuer.name,
        "number": document.number,
        "issued": day_words(document.issued_on),
    }
