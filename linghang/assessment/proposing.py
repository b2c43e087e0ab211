"""From a stored run to proposals: candidates, ceilings of vetoes, ties, quotas (示范 15 %, 优秀 30 %)."""

from collections import defaultdict

from linghang.assessment import compute
from linghang.assessment.models import Cycle, Score
from linghang.engine.rate import Candidate, Proposal, rate


def proposals(cycle: Cycle) -> dict[int, Proposal]:
    """What is proposed for each branch of the current run."""
    frame = compute.load(cycle)
    names = [rating.name for rating in frame.content.ratings]
    totals: dict[int, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    ceilings: dict[int, list[str]] = defaultdict(list)
    for score in Score.objects.filter(run=cycle.run_id):
        if score.section == "base" and score.points is not None:
            totals[score.unit_id][score.dimension] += float(score.points)
        entry = frame.content.entry(score.code)
        if entry is not None and score.section == "veto" and entry.bites(score.value):
            ceilings[score.unit_id].append(entry.ceiling)
    ties = compute.tie_keys(frame, totals)
    order = ["", *reversed(names)]
    found = [
        Candidate(
            rating.unit_id,
            rating.total,
            ties[rating.unit_id],
            rating.unit.category,
            min(ceilings[rating.unit_id], key=order.index, default=None),
        )
        for rating in cycle.ratings.select_related("unit")
        if rating.unit_id in ties
    ]
    return {proposal.subject: proposal for proposal in rate(frame.content.rules(), found)}
