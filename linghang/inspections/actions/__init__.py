"""Every way an inspection moves, by noun: the round, its checks, what they found."""

from linghang.inspections.actions import campaigns as campaigns
from linghang.inspections.actions.answers import AnswerDraft
from linghang.inspections.actions.checks import (
    adjust_pair,
    assign_inspectors,
    confirm_check,
    confirm_self,
    enter,
    print_checklist,
    return_check,
    self_check,
)
from linghang.inspections.actions.conflicts import end_conflict, enter_conflict
from linghang.inspections.actions.findings import confirm_finding, dismiss_finding, draft_order
from linghang.inspections.actions.plans import add_line, draft_plan, drop_line, file_plan
from linghang.inspections.actions.rounds import (
    assign_team,
    close_round,
    draw,
    extend,
    open_round,
    redraw,
    start,
    withdraw,
)
from linghang.kernel.flow import verb

verb("inspections.view_round", "查看检查轮次")
verb("inspections.view_check", "查看检查")
verb("inspections.view_finding", "查看问题")
verb("inspections.export_findings", "导出问题清单")
verb("inspections.view_standards", "查看达标")
verb("inspections.export_standards", "导出达标情况")
verb("inspections.print_certificate", "打印达标证书")
verb("inspections.view_conflict", "查看回避登记")
verb("inspections.view_plan", "查看年度督查检查计划")
verb("inspections.view_patterns", "查看反复与对照")

__all__ = [
    "AnswerDraft",
    "add_line",
    "adjust_pair",
    "assign_inspectors",
    "assign_team",
    "close_round",
    "confirm_check",
    "confirm_finding",
    "confirm_self",
    "dismiss_finding",
    "draft_order",
    "draft_plan",
    "draw",
    "drop_line",
    "end_conflict",
    "enter",
    "enter_conflict",
    "extend",
    "file_plan",
    "open_round",
    "print_checklist",
    "redraw",
    "return_check",
    "self_check",
    "start",
    "withdraw",
]
