"""What an office may set about its rules."""

from linghang.kernel.parameters import declare

MONTHS = "policies.review_months"
NOTICE = "policies.notice_days"

declare(
    MONTHS,
    "制度多久复审一次",
    36,
    unit="个月",
    group="制度",
    help="登记、修订和复审时的默认间隔，可改；目录导入的制度没写复审日的，不自动推算。",
)
declare(NOTICE, "复审日前多久提醒责任部门", 30, unit="天", group="制度")
