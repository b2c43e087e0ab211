"""What an office may set about plans and the monthly deployment."""

from linghang.kernel.parameters import declare

FRAMEWORKS = "planning.frameworks"

declare(
    "planning.call_by",
    "每月几号前应安排部署会",
    10,
    unit="日",
    group="部署",
    help="到这一天还没有安排，党办的工作台会提醒。",
)
declare(
    FRAMEWORKS,
    "本院按哪些战略框架做计划",
    "",
    group="部署",
    help="写框架的名称，几个之间用顿号隔开，如：4243 型；可选的列在“战略框架”页。留空不用框架。",
)
