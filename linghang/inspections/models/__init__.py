"""四查, by noun: what is looked at, how it is done, what was found."""

from linghang.inspections.models.campaigns import Campaign, CampaignKind, Problem, ProblemImport
from linghang.inspections.models.checklists import Checklist, ChecklistItem
from linghang.inspections.models.conflicts import Conflict
from linghang.inspections.models.findings import Finding, FindingQuerySet
from linghang.inspections.models.plans import Plan, PlanLine
from linghang.inspections.models.rounds import Answer, Check, CheckQuerySet, Round, RoundQuerySet

__all__ = [
    "Answer",
    "Campaign",
    "CampaignKind",
    "Check",
    "CheckQuerySet",
    "Checklist",
    "ChecklistItem",
    "Conflict",
    "Finding",
    "FindingQuerySet",
    "Plan",
    "PlanLine",
    "Problem",
    "ProblemImport",
    "Round",
    "RoundQuerySet",
]
