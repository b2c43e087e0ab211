"""Kinds of campaigns as data: 巡察整改, 集中整治, 专项行动, 主题教育 and any other, each with its phases."""

from typing import Any

from linghang.inspections.models.campaigns import CampaignKind
from linghang.kernel.blueprint import Entry, section


class CampaignKindEntry(Entry):
    """One kind, with the phases that a campaign of it begins with, in their order."""

    code: str
    title: str
    basis: str = ""
    phases: list[str] = []


@section(
    "inspections.campaign_kinds",
    "专项类别",
    CampaignKindEntry,
    codes=lambda: CampaignKind.objects.values_list("code", flat=True),
    order=41,
)
def apply_campaign_kinds(entries: list[CampaignKindEntry], by: Any) -> int:
    """Write what differs; campaigns that run keep their own phases."""
    changed = 0
    known = CampaignKind.objects.in_bulk()
    for place, entry in enumerate(entries, 1):
        wanted = {"title": entry.title, "basis": entry.basis, "phases": entry.phases, "order": place}
        held = known.get(entry.code)
        if held is None or any(getattr(held, name) != told for name, told in wanted.items()):
            CampaignKind.objects.update_or_create(code=entry.code, defaults=wanted)
            changed += 1
    return changed
