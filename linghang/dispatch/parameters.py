"""What an office may set about orders."""

from linghang.kernel.parameters import declare

BASIS = "dispatch.basis"
OF_ALL = "dispatch.lines_a_month"

declare(
    BASIS,
    "单据依据的院内规定",
    "院内规定",
    group="部署",
    help="待办和单据上注明的依据，如：院内规定 · 一会三单四查；留空不注明。",
)
declare(
    "dispatch.lines_per_reminder",
    "一张提示单的事项数",
    10,
    unit="条",
    group="部署",
    help="超过时提醒拟稿人精简，不禁止。",
)
declare(
    OF_ALL,
    "全院一个月下达的事项数",
    700,
    unit="条",
    group="基层负担",
    help="各支部的事项加在一起；将超过时在月度部署页和拟稿页提醒党办合并或改列下月，不禁止。0 为不设。",
    basis="整治形式主义为基层减负若干规定",
)
declare(
    "dispatch.text_length",
    "单据正文的字数",
    300,
    unit="字",
    group="部署",
    help="超过时提醒拟稿人精简，不禁止。",
)
declare(
    "dispatch.remind_before",
    "到期前多久自动提醒",
    3,
    unit="个工作日",
    group="部署",
    help="只发给责任人；没有指定责任人的发给书记。",
)
declare(
    "dispatch.urge_every",
    "逾期后每隔多久自动催办一次",
    3,
    unit="个工作日",
    group="部署",
    help="发给责任人和书记。督导单、约谈、通报须由人签发，系统不自动升级。",
)
declare(
    "dispatch.file_size",
    "一个附件的大小",
    20,
    unit="MB",
    group="部署",
    help="只收 PDF、OFD、Word、Excel 和图片，不收带宏的文件。",
)
declare(
    "dispatch.recur_day",
    "经常性事项几日起单独拟单",
    8,
    unit="日",
    group="部署",
    help="每月第一张提示单自动带上经常性事项；到这一天还没有提示单的支部，系统另拟一张工作清单，由党办核稿、签发。",
)
