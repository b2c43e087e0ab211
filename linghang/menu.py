"""The side bar: the loop itself, so that a newcomer learns the system by reading it.

An entry is seen by whoever holds its verb somewhere. `tab` puts it on the phone's bottom bar, the group 底栏 only there.
`under` names further addresses whose pages belong to it.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    group: str
    label: str
    icon: str
    url_name: str
    verb: str
    tab: bool = False
    badge: str = ""
    under: tuple[str, ...] = ()


STRUCTURE = (
    "/org/trees/",
    "/org/committees/",
    "/org/calendar/",
    "/org/dual-leaders/",
    "/org/branch-grid/",
    "/org/grid/",
    "/org/party-staff/",
    "/org/handovers/",
)
MEMBERS = ("/org/units/", "/org/register/", "/org/transfers/", "/org/duesimports/", "/org/imports/")

MENU = (
    Entry("", "工作台", "layout-list", "desk:desk", "", tab=True, badge="todos"),
    Entry("主线", "部署", "calendar-event", "planning:months", "planning.view_item"),
    Entry("主线", "决策", "gavel", "decisions:topics", "decisions.view_register", under=("/decisions/",)),
    Entry("主线", "单据", "files", "dispatch:orders", "dispatch.draft", under=("/dispatch/",)),
    Entry("主线", "组织", "sitemap", "org:units", "org.view_unit", under=STRUCTURE),
    Entry("底栏", "记一次", "plus", "activities:record", "activities.record", tab=True),
    Entry(
        "主线",
        "组织生活",
        "users-group",
        "activities:meetings",
        "activities.view_meeting",
        under=("/activities/",),
    ),
    Entry("主线", "党员", "users", "org:people", "org.view_person", under=MEMBERS),
    Entry("主线", "督查", "clipboard-check", "inspections:rounds", "inspections.view_round"),
    # Whoever has no 督查 (a branch) finds its own checks and problems under 整改.
    Entry("主线", "整改", "tool", "dispatch:rectifications", "dispatch.view_order", under=("/inspections/",)),
    Entry(
        "主线",
        "体检",
        "heartbeat",
        "compliance:board",
        "compliance.view_board",
        under=("/compliance/double-life/",),
    ),
    Entry("主线", "基层负担", "scale", "compliance:burden", "compliance.view_burden"),
    Entry("主线", "考核", "chart-bar", "assessment:home", "assessment.view_published"),
    Entry("全局", "制度", "book", "policies:policies", "policies.open_library"),
    Entry("全局", "设置", "settings", "blueprints:settings", "kernel.set_parameter"),
    Entry("全局", "账号", "key", "org:accounts", "org.manage_accounts"),
    Entry("全局", "岗位权限", "lock", "org:grants", "org.set_grant"),
    Entry("全局", "留痕", "history", "org:trail", "kernel.audit"),
    Entry("底栏", "通知", "bell", "desk:notices", "", tab=True, badge="notices"),
)
