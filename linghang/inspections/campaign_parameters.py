"""What an office may set about campaigns of rectification."""

from linghang.kernel.parameters import declare

RECHECK = "inspections.recheck_after_months"

declare(
    RECHECK,
    "专项整改的问题销号后多久回头看",
    6,
    unit="个月",
    group="督查",
    help="销号后满这么多个月，工作台提醒党办回头看；反弹的重新整改。",
)
