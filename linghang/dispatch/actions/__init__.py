"""Every way orders and their lines move, by noun.

拟稿 → 核稿 → 签发（编号）→ 下发 → 签收（督导单）→ 每条：上报 → 书记确认 → 审核或复核 → 办结；督导单另行销号。
"""

from linghang.dispatch.actions.documents import (
    check_document,
    draft_document,
    drop_document,
    edit_document,
    number_document,
    return_document,
)
from linghang.dispatch.actions.files import (
    attach_file,
    file_scan,
)
from linghang.dispatch.actions.joint import (
    join,
    write_part,
)
from linghang.dispatch.actions.lines import (
    ask_extension,
    assign,
    confirm,
    decline_extension,
    grant_extension,
    plan_line,
    report,
    return_line,
    review,
    verify,
)
from linghang.dispatch.actions.orders import (
    check,
    close,
    draft,
    draft_each,
    draft_supervision,
    edit_order,
    finish,
    issue,
    read,
    receive,
    send_back,
    sign,
    sign_supervision,
    urge,
    void,
    withdraw,
)
from linghang.dispatch.actions.patterns import (
    drop_pattern,
    end_recurring,
    keep_recurring,
    save_pattern,
)
from linghang.dispatch.drafts import LineDraft

__all__ = [
    "LineDraft",
    "ask_extension",
    "assign",
    "attach_file",
    "check",
    "check_document",
    "close",
    "confirm",
    "decline_extension",
    "draft",
    "draft_document",
    "draft_each",
    "draft_supervision",
    "drop_document",
    "drop_pattern",
    "edit_document",
    "edit_order",
    "end_recurring",
    "file_scan",
    "finish",
    "grant_extension",
    "issue",
    "join",
    "keep_recurring",
    "number_document",
    "plan_line",
    "read",
    "receive",
    "report",
    "return_document",
    "return_line",
    "review",
    "save_pattern",
    "send_back",
    "sign",
    "sign_supervision",
    "urge",
    "verify",
    "void",
    "withdraw",
    "write_part",
]
