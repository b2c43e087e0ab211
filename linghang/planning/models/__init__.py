"""What is planned and deployed, by noun: frameworks and plans under them, items of a month, duty lists of posts."""

from linghang.planning.models.charges import Charge, Pledge
from linghang.planning.models.items import (
    Item,
    meeting_of,
    meetings_now,
    month_of,
    next_month,
    top_unit,
)
from linghang.planning.models.plans import Aim, Plan

__all__ = [
    "Aim",
    "Charge",
    "Item",
    "Plan",
    "Pledge",
    "meeting_of",
    "meetings_now",
    "month_of",
    "next_month",
    "top_unit",
]
