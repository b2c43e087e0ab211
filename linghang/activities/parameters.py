"""What an office may set about meetings and their records."""

from linghang.kernel.parameters import declare

LATE_AFTER = "activities.late_after"

declare(
    LATE_AFTER,
    "会后几天内记录算及时",
    7,
    unit="天",
    group="组织生活",
    help="更晚的标“补记”，照样算数；按开会那天的规定。",
)
