"""What an office may set about inspections."""

from linghang.kernel.parameters import declare

BASIS = "inspections.basis"

declare(
    BASIS,
    "检查依据的院内规定",
    "院内规定",
    group="督查",
    help="待办上注明的依据，如：院内规定 · 四查；留空不注明。",
)
declare(
    "inspections.no_repeat_rounds",
    "互查配对：最近几轮不重复",
    2,
    unit="轮",
    group="督查",
    help="排不出来时先放宽这一条，再放宽跨总支；放宽会记在该轮上。",
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
    "inspections.repeat_months",
    "多久之内同一项再出问题算反复",
    12,
    unit="个月",
    group="督查",
)
