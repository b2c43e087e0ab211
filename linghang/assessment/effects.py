"""Which assessments count what a change of a parameter moves."""

from collections.abc import Iterator, Sequence

from linghang.assessment.definition import ItemEntry
from linghang.assessment.models import Cycle
from linghang.kernel.parameters import Effect, watch


@watch
def cycles(effects: Sequence[Effect]) -> Iterator[str]:
    """The open cycles whose period a change reaches, with the items that count those facts."""
    moved = [effect for effect in effects if effect.source]
    if not moved:
        return
    still_open = Cycle.objects.exclude(state=Cycle.State.LOCKED).select_related("scheme")
    for cycle in still_open.filter(until__gte=min(effect.since for effect in moved)).order_by("since"):
        reached = [effect for effect in moved if effect.since <= cycle.until]
        items = [item for item in cycle.scheme.content.items if any(_counts(item, e) for e in reached)]
        if items:
            named = "、".join(f"“{item.code} {item.name}”" for item in items)
            yield f"“{cycle}”考核（{cycle.since} 至 {cycle.until}，{cycle.get_state_display()}）的{named}按它计。"


def _counts(item: ItemEntry, effect: Effect) -> bool:
    """Whether an item counts facts of this kind."""
    measure = item.measure
    return (
        measure is not None
        and measure.source == effect.source
        and all(_lets(measure.where.get(column), value) for column, value in effect.where.items())
    )


def _lets(wanted: object, value: str) -> bool:
    return wanted is None or value in (wanted if isinstance(wanted, list | tuple) else [wanted])
