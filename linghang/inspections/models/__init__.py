"""四查, by noun: what is looked at, how it is done, what was found."""

from linghang.inspections.models.checklists import Checklist, ChecklistItem
from linghang.inspections.models.findings import Finding, FindingQuerySet
from linghang.inspections.models.rounds import Answer, Check, CheckQuerySet, Round, RoundQuerySet

__all__ = [
    "Answer",
    "Check",
    "CheckQuerySet",
    "Checklist",
    "ChecklistItem",
    "Finding",
    "FindingQuerySet",
    "Round",
    "RoundQuerySet",
]
