"""What an office may set about an assessment: how long objections may be raised, and who sees a trial run."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from linghang.kernel.parameters import declare

OBJECTION_DAYS = "assessment.objection_days"
SHOW_TRIAL = "assessment.show_trial"
LEAST = 5


def _at_least_five(days: Any, since: date) -> None:
    if int(days) < LEAST:
        raise ValidationError(f"公示不少于 {LEAST} 个工作日")


declare(
    OBJECTION_DAYS,
    "考核公示期",
    LEAST,
    unit="个工作日",
    group="考核",
    help="公示期内可以提出异议；不少于 5 个工作日",
    check=_at_least_five,
)
declare(
    SHOW_TRIAL,
    "试算结果给本支部看",
    False,
    group="考核",
    help="打开后，支部在公示前也能看到自己成绩单的试算；仍然只有本支部和党办看得到",
)
