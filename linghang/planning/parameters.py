"""What an office may set about the monthly deployment."""

from linghang.kernel.parameters import declare

declare(
    "planning.call_by",
    "每月几号前应安排部署会",
    10,
    unit="日",
    group="部署",
    help="到这一天还没有安排，党办的工作台会提醒。",
)
