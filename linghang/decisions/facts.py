"""What others may count of decisions: topics, what became of them, and how long it took."""

from datetime import date

from linghang.decisions.models import Topic
from linghang.kernel.facts import Bool, Code, Date, Number, Rows, Units, facts, of_units


@facts(
    "decisions.topics",
    "议题",
    of="decisions.Topic",
    matter=Code,
    kind=Code,
    decided=Date,
    passed=Bool,
    wants_opinion=Bool,
    has_opinion=Bool,
    days=Number,
)
def topics(start: date, end: date, units: Units = None) -> Rows:
    """Topics by the day they were proposed; `unit` is the branch whose opinion is wanted, else the proposing department.

    `days` is from proposal to decision.
    """
    found = (
        Topic.objects.filter(of_units("branch", units) | of_units("department", units))
        .filter(proposed_on__range=(start, end))
        .order_by("pk")
        .select_related("matter")
    )
    for one in found:
        unit = one.branch_id if one.branch_id and one.matter.heard else one.department_id
        if units is not None and unit not in units:
            continue
        days = float((one.decided_on - one.proposed_on).days) if one.decided_on else None
        passed = one.conclusion == Topic.Conclusion.PASSED
        said = (one.matter_id, one.matter.category, one.decided_on, passed)
        heard = (one.matter.heard, one.opinion_id is not None)
        yield one.pk, unit, one.proposer_id, one.proposed_on, *said, *heard, days
