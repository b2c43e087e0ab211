"""What an office may set about meetings and their records."""

from linghang.kernel.parameters import declare

LATE_AFTER = "activities.late_after"
RECORD_WITHIN = "activities.record_within"

declare(
    LATE_AFTER,
    "会后几天内记录算及时",
    7,
    unit="天",
    group="组织生活",
    help="更晚的标“补记”，照样算数；按开会那天的规定。",
)
declare(
    RECORD_WITHIN,
    "会后几个月内可以补录",
    12,
    unit="个月",
    group="组织生活",
    help="院内规定；更早的会以纸质记录本为准，不再补录。",
)
