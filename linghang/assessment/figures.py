"""How a line of a 成绩单 is opened: the records it was counted from, and whether they are still what they were."""

from typing import Any

from linghang.assessment.compute import count_again
from linghang.assessment.definition import ItemEntry
from linghang.assessment.models import Rating, Score
from linghang.assessment.sheets import asked, may_see
from linghang.kernel.figures import (
    NO_PART,
    Change,
    Query,
    Sight,
    change_since,
    figure,
    kept_parts,
    open_figure,
)

HEADINGS = {"numerator": "计到的记录", "denominator": "应计的记录"}


@figure("assessment.score", "assessment.view_sheet")
def open_score(person: Any, pk: int, query: Query) -> Sight | None:
    """A line of a sheet, for whoever may see the sheet."""
    lines = Score.objects.within(person, Score.view_verb).select_related(
        "run__cycle__scheme", "unit", "figure"
    )
    score = lines.filter(pk=pk).first()
    if score is None or not may_see(person, score.run.cycle):
        return None
    name = query.get("part") or "numerator"
    run, entry = score.run, score.run.cycle.scheme.content.entry(score.code)
    sheet = Rating.objects.within(person, Rating.view_verb).filter(cycle=run.cycle, unit=score.unit).first()
    source = _at_the_source(person, score, entry)
    recorded = source is None or bool(source.empty)
    kept = kept_parts(score.figure).get(name, NO_PART) if score.figure and recorded else NO_PART
    words = [str(score.unit), score.counted, f"计至 {run.as_of}", f"校验码 {run.code}"]
    return Sight(
        title=str(score),
        home=(f"{run.cycle}成绩单", sheet.get_absolute_url() if sheet else ""),
        words=[each for each in words if each],
        heading=HEADINGS.get(name, HEADINGS["numerator"]),
        why=score.why,
        refs=kept.refs(),
        empty=_nothing(score) if recorded else "",
        judged=source.judged if source else (),
        cite=entry.basis if entry else "",
        inhouse=entry.inhouse if entry else False,
        change=_change(score, entry),
    )


def _at_the_source(person: Any, score: Score, entry: ItemEntry | None) -> Sight | None:
    """The same as its source shows it, where the source has a page of its own: how each period was judged."""
    if entry is None or entry.measure is None or score.figure is None:
        return None
    return open_figure(person, entry.measure.source, score.unit_id, asked(score, entry))


def _nothing(score: Score) -> str:
    return "人工评定，没有系统记录。" if score.by_hand else "没有记录：这个数是零，不是缺数据。"


def _change(score: Score, entry: ItemEntry | None) -> Change | None:
    """What became of the records since the run; nothing for what was given by hand."""
    if not score.run.intact:
        return Change(score.run.as_of, edited=True)
    if score.figure is None or entry is None:
        return None
    now = count_again(score.run.cycle, entry, score.unit, score.run.as_of)
    return change_since(score.figure, now)
