"""What an office may set about inspections."""

from datetime import date

from django.core.exceptions import ValidationError

from linghang.kernel.parameters import declare

BASIS = "inspections.basis"


def _of_a_year(times: int, _: date) -> None:
    """So many times a year as the months can be shared out evenly."""
    if times not in (0, 1, 2, 4, 12):
        raise ValidationError("每年次数请填 0、1、2、4 或 12")


declare(
    BASIS,
    "检查依据的院内规定",
    "院内规定",
    group="督查",
    help="待办上注明的依据，如：院内规定 · 四查；留空不注明。",
)
for way, words, often in (
    ("self", "支部自查", 4),
    ("mutual", "总支互查", 2),
    ("cross", "交叉互查", 1),
    ("committee", "党委督查", 1),
):
    declare(
        f"inspections.times_{way}",
        f"{words}每年几次",
        often,
        unit="次",
        group="督查",
        help="拟定年度督查检查计划时按此列出（0、1、2、4、12），可再改。",
        check=_of_a_year,
    )
declare(
    "inspections.monthly_check",
    "每月快检全覆盖",
    False,
    group="督查",
    help="启用后，年度督查检查计划每月列一轮月度快检，全部支部都查。",
)
declare(
    "inspections.no_repeat_rounds",
    "互查配对：最近几轮不重复",
    2,
    unit="轮",
    group="督查",
    help="排不出来时先放宽跨总支，再放宽这一条；放宽会记在该轮上。",
)
declare(
    "inspections.repeat_first",
    "交叉互查排不出来时先放宽“近几轮不重复”",
    False,
    group="督查",
    help="启用后宁可重复近几轮的配对，也不在本总支内配对。",
)
declare(
    "inspections.mutual_between",
    "总支互查在总支之间进行",
    False,
    group="督查",
    help="不启用：各总支所属支部之间互查；启用：由别的总支所属支部来查。",
)
declare(
    "inspections.deadline_days",
    "限期整改的默认期限",
    15,
    unit="天",
    group="督查",
    help="起草整改单时的默认期限，可改。",
)
declare(
    "inspections.gap",
    "自查与督查相差多少要提示",
    15,
    unit="分",
    group="督查",
    help="按百分折算；只提示，不自动扣分。",
)
declare(
    "inspections.recheck_days",
    "达标到期前多久提醒复核",
    60,
    unit="天",
    group="督查",
    help="到期前这么多天起，工作台提醒安排复核，达标页标“将到期”。",
)
declare(
    "inspections.many_branches",
    "同一项在几个支部查出算多发",
    3,
    unit="个支部",
    group="督查",
    help="“反复与对照”里列出的条件之一。",
)
declare(
    "inspections.repeat_months",
    "多久之内同一项再出问题算反复",
    12,
    unit="个月",
    group="督查",
)
