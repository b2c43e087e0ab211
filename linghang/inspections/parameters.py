"""What an office may set about inspections."""

from linghang.kernel.parameters import declare

declare(
    "inspections.no_repeat_rounds",
    "互查配对：最近几轮不重复",
    2,
    group="督查",
    help="排不出来时先放宽这一条，再放宽跨总支；放宽会记在该轮上。",
)
declare(
    "inspections.deadline_days",
    "限期整改默认几天",
    15,
    group="督查",
    help="起草整改单时的默认期限，可改。",
)
declare(
    "inspections.gap",
    "自查与督查相差多少分要提示",
    15,
    group="督查",
    help="按百分折算；只提示，不自动扣分。",
)
declare(
    "inspections.repeat_months",
    "几个月内同一项再出问题算反复",
    12,
    group="督查",
)
