"""What an office may set about decisions."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from linghang.kernel.parameters import declare
from linghang.org.models import Role

SECOND_SIGNER = "decisions.second_signer"
DAYS_BEFORE = "decisions.days_before"
EVALUATE_AFTER = "decisions.evaluate_after"


def _a_role(code: Any, since: date) -> None:
    if code and not Role.objects.filter(code=code).exists():
        raise ValidationError(f"没有编码为“{code}”的岗位，请填岗位编码，如 deputy_party_secretary")


declare(
    SECOND_SIGNER,
    "书记、院长由一人担任时的第二签字人",
    "",
    group="决策",
    help="岗位编码，如 deputy_party_secretary；留空时一人不能代两方签字，议题不能上会。",
    check=_a_role,
)
declare(
    DAYS_BEFORE,
    "议题至少在会前几天列入议程",
    1,
    unit="天",
    group="决策",
    help="不临时动议：会议当天不再增加议题。",
)
declare(
    EVALUATE_AFTER,
    "三重一大决定后多久做后评价",
    6,
    unit="个月",
    group="决策",
    help="填 0 不要求；到期前 30 天工作台提醒。",
)
