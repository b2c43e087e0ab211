"""Kinds of campaigns as data: 巡察整改, 集中整治, 专项行动, 主题教育 and any other, each with its phases."""

from typing import Any

from linghang.inspections.models.campaigns import CampaignKind
from linghang.kernel.blueprint import Entry, section, write_rows


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
    return write_rows(
        CampaignKind, ({**entry.model_dump(), "order": at} for at, entry in enumerate(entries, 1))
    )
