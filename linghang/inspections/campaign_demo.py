"""One campaign in the demo hospital's year: begun after the meeting in April, listed, ordered; dispatch plays the rest."""

import random
from datetime import date, timedelta
from typing import Any

from linghang.inspections.actions import campaigns as actions
from linghang.inspections.campaign_forms import spread
from linghang.inspections.models.campaigns import Campaign, CampaignKind
from linghang.org.demo import branches, holder
from linghang.org.models import Unit

TITLE = "巡察反馈问题整改"
# text, aspect, measures with their sub-measures
FOUND: tuple[tuple[str, str, dict[str, tuple[str, ...]]], ...] = (
    (
        "理论学习不系统，少数支部以读代学",
        "政治建设",
        {"制定季度学习计划": ("列出必学篇目", "明确领学人"), "开展学习交流": ()},
    ),
    (
        "党费收缴公示不及时",
        "组织建设",
        {"补齐公示": ("核对上半年台账", "在公示栏张贴"), "指定专人按月公示": ()},
    ),
    (
        "支委会记录与会议纪要不一致",
        "组织建设",
        {"逐次核对并更正说明": (), "统一记录格式": ("印发样式", "培训记录人")},
    ),
    (
        "廉政风险点三年未更新",
        "全面从严治党",
        {"重新排查风险点": ("列出岗位清单", "评定等级", "制定防控措施")},
    ),
    (
        "高值耗材管理监督不到位",
        "全面从严治党",
        {"每季度抽查一次": (), "建立双人复核": ("修订流程", "组织培训")},
    ),
    (
        "门诊候诊时间长，群众反映集中",
        "服务群众",
        {"梳理堵点": ("统计分时段候诊", "征求患者意见"), "调整分诊排班": ()},
    ),
)
ORDERED = 5  # of them; the rest still waits for its order


def play(day: date, rng: random.Random) -> None:
    """The campaign is opened in the middle of April with its list; most of it is ordered the day after."""
    clerk = holder("office_clerk")
    if clerk is None or day.month != 4 or day.day < 12:
        return
    campaign = Campaign.objects.filter(title=TITLE).first()
    if campaign is None:
        _open(day, clerk)
    elif not campaign.problems.exclude(number__gt=ORDERED).with_order().exclude(order_pk=None).exists():
        for problem in campaign.problems.filter(number__lte=ORDERED).select_related("unit", "campaign__unit"):
            actions.order_problem(problem, clerk)


def _open(day: date, clerk: Any) -> None:
    head = Unit.objects.party().filter(until=None).order_by("path").first()
    kind = CampaignKind.objects.filter(code="tour").first()
    if head is None or kind is None:
        return
    until = day + timedelta(days=200)
    days: dict[str, Any] = {"since": day, "until": until, "phases": spread(kind.phases, day, until)}
    campaign = actions.open_campaign(clerk, kind=kind, title=TITLE, unit=head, **days)
    for number, (text, aspect, measures) in enumerate(FOUND):
        unit = branches()[number * 7 % len(branches())]
        actions.add_problem(
            clerk,
            campaign=campaign,
            text=text,
            aspect=aspect,
            unit=unit,
            leader=holder("deputy_party_secretary") or holder("party_secretary"),
            owner=holder("secretary", unit),
            verifier=holder("discipline_clerk") or holder("office_director"),
            due_on=day + timedelta(days=45 + 20 * number),
            plan=[_measure(told, parts) for told, parts in measures.items()],
        )


def _measure(text: str, parts: tuple[str, ...]) -> dict[str, Any]:
    children = [{"text": part, "owner": None, "due_on": ""} for part in parts]
    return {"text": text, "owner": None, "due_on": "", "children": children}
