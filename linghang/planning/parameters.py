"""What an office may set about the monthly deployment."""

from linghang.kernel.parameters import declare

declare(
    "planning.sheet_lines",
    "一张月度提示单最多几行",
    10,
    group="部署",
    help="超过时不能生成提示单，请合并事项或改列下月。",
)
declare(
    "planning.call_by",
    "每月几号前应安排部署会",
    10,
    group="部署",
    help="到这一天还没有安排，党办的工作台会提醒。",
)
