"""Every way plans, items of a month and duty lists move, by noun."""

from linghang.planning.actions.items import (
    FIRST,
    Sheet,
    accept,
    adopt,
    arrange,
    call,
    decline,
    deploy,
    deploy_month,
    edit_item,
    postpone,
    reword,
    sheets,
    submit,
)
from linghang.planning.actions.plans import conclude, draw_plan, drop_plan, edit_plan, join
from linghang.planning.actions.pledges import hand_out, hand_out_year, sign_pledge

__all__ = [
    "FIRST",
    "Sheet",
    "accept",
    "adopt",
    "arrange",
    "call",
    "conclude",
    "decline",
    "deploy",
    "deploy_month",
    "draw_plan",
    "drop_plan",
    "edit_item",
    "edit_plan",
    "hand_out",
    "hand_out_year",
    "join",
    "postpone",
    "reword",
    "sheets",
    "sign_pledge",
    "submit",
]
