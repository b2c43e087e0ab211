"""What an office may set about registers and posts."""

from datetime import date
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError

from linghang.kernel.parameters import declare

LARGE_IMPORT = "org.large_import"

declare(
    LARGE_IMPORT,
    "名册超过多少行，确认时要二次验证",
    200,
    unit="行",
    group="组织",
    help="确认和撤销都一样；小名册不打扰。",
)

DUES_BASE = "org.dues_base"
RECEIPT_DAYS = "org.receipt_days"

declare(
    DUES_BASE,
    "记录党费基数",
    False,
    group="组织",
    help="默认不记，只记已交、未交。启用后只有有权限的人经二次验证才能看到。外网型部署不要启用。",
)
declare(
    RECEIPT_DAYS,
    "介绍信开出后多少天没有回执，提醒支部",
    30,
    unit="天",
    group="组织",
)

FULLTIME_PERCENT = "org.fulltime_percent"


def _percent(held: str, since: date) -> None:
    if not held:
        return
    try:
        share = Decimal(held)
    except InvalidOperation:
        share = Decimal(0)
    if not 0 < share <= 100:
        raise ValidationError("请填 0 到 100 之间的数，如“0.5”；不判就空着")


declare(
    FULLTIME_PERCENT,
    "专职党务人员不少于党员的百分之几",
    "",
    unit="%",
    group="组织",
    help="如“0.5”；空着为待核，不判：没有查到国家规定的数字，由医院自定。",
    check=_percent,
)

PENALTIES = "org.penalties"

declare(
    PENALTIES,
    "登记留党察看",
    True,
    group="组织",
    help="只记起止、决定机关和文号，用来把没有表决权的党员算出应到会之外。外网型部署不登记处分，请关掉。",
)

DUAL_POSITIONS = "org.dual_positions"
DUAL_TITLES = "org.dual_titles"

declare(
    DUAL_POSITIONS,
    "“双带头人”：行政职务含有哪些词",
    "主任 副主任 护士长 处长 科长 部长",
    group="组织",
    help="词与词之间用空格；支部书记的行政职务含有其中一个即是。",
)
declare(
    DUAL_TITLES,
    "“双带头人”：或职称是哪些",
    "",
    group="组织",
    help="词与词之间用空格，如“主任医师 主任护师”；空着则只看行政职务。",
)
