"""Every way the organisation changes, by noun: units, people and memberships, posts, accounts and grants."""

from linghang.kernel.flow import verb
from linghang.org.actions.accounts import (
    one_time_password,
    open_account,
    reset_password,
    restore_account,
    set_grant,
    suspend_account,
)
from linghang.org.actions.people import add_person, edit_person, enroll, leave_branch, spell
from linghang.org.actions.posts import appoint, end_post, stand_in
from linghang.org.actions.units import add_unit, close_unit, cover, edit_unit, move_unit, step_of

__all__ = [
    "add_person",
    "add_unit",
    "appoint",
    "close_unit",
    "cover",
    "edit_person",
    "edit_unit",
    "end_post",
    "enroll",
    "leave_branch",
    "move_unit",
    "one_time_password",
    "open_account",
    "reset_password",
    "restore_account",
    "set_grant",
    "spell",
    "stand_in",
    "step_of",
    "suspend_account",
]

for code, label in (
    ("org.view_unit", "查看组织"),
    ("org.view_person", "查看人员"),
    ("org.view_contacts", "查看联系方式"),
    ("org.export_people", "导出人员"),
    ("org.manage_accounts", "管理账号"),
    ("org.sign_in_failed", "登录失败"),
):
    verb(code, label)
