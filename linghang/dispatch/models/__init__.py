"""The nouns of dispatch: orders with their lines, parts of others in a line, patterns, and drafts of official papers."""

from linghang.dispatch.models.documents import Document
from linghang.dispatch.models.orders import (
    EVIDENCE,
    ORIGIN,
    Line,
    LineQuerySet,
    Order,
    OrderQuerySet,
    staff_of,
)
from linghang.dispatch.models.parts import Part
from linghang.dispatch.models.patterns import Pattern, Recurring

__all__ = [
    "EVIDENCE",
    "ORIGIN",
    "Document",
    "Line",
    "LineQuerySet",
    "Order",
    "OrderQuerySet",
    "Part",
    "Pattern",
    "Recurring",
    "staff_of",
]
