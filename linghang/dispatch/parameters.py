"""What an office may set about orders."""

from linghang.kernel.parameters import declare

declare(
    "dispatch.lines_per_reminder",
    "一张提示单的事项数",
    10,
    group="部署",
    help="超过时提醒拟稿人精简，不禁止。",
)
declare(
    "dispatch.text_length",
    "单据正文的字数",
    300,
    group="部署",
    help="超过时提醒拟稿人精简，不禁止。",
)
declare(
    "dispatch.remind_before",
    "到期前几个工作日自动提醒",
    3,
    group="部署",
    help="只发给责任人；没有指定责任人的发给书记。",
)
declare(
    "dispatch.urge_every",
    "逾期后每几个工作日自动催办一次",
    3,
    group="部署",
    help="发给责任人和书记。督导单、约谈、通报须由人签发，系统不自动升级。",
)
