"""The pages of inspections beside one another: whoever opens one sees the others that they may open."""

from django.urls import reverse

from linghang.ui.requests import HouseRequest

SECTIONS = (
    ("rounds", "检查轮次", "inspections.view_round"),
    ("checks", "各次检查", "inspections.view_check"),
    ("findings", "问题清单", "inspections.view_finding"),
    ("campaigns", "专项整改", "inspections.view_campaign"),
    ("plans", "年度计划", "inspections.view_plan"),
    ("standards", "达标", "inspections.view_standards"),
    ("patterns", "反复与对照", "inspections.view_patterns"),
    ("conflicts", "回避登记", "inspections.view_conflict"),
)


def sections(request: HouseRequest, here: str) -> list[tuple[str, str, bool]]:
    """The tabs of the module for this reader; none where they would show a single page."""
    shown = [(name, title) for name, title, verb in SECTIONS if request.person.may(verb)]
    tabs = [(title, reverse(f"inspections:{name}"), name == here) for name, title in shown]
    return tabs if len(tabs) > 1 else []
