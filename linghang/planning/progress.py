"""How far a month's 提示单 have come, drawn: a bar for each 总支, or for each branch where none stands in between."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from linghang.dispatch.models import Line
from linghang.org.models import Unit
from linghang.planning.reading import Month
from linghang.ui.charts import Option, Part, Stage, stage_bars

# What a line's state is called here, and the tone of its stretch.
PARTS = {"办结": "green", "已报": "blue", "未办": "grey", "逾期": "red"}
WORDS: dict[str, str] = {
    Line.State.CLOSED: "办结",
    Line.State.CONFIRMED: "已报",
    Line.State.REPORTED: "已报",
    Line.State.OPEN: "未办",
}


def drawn(month: Month, lines: Any) -> Option | None:
    """The chart of what was issued for a month; None before. `lines` are those within the reader's reach."""
    issued = [order.pk for order in month.orders if order.issued_on]
    found = list(lines.filter(order__in=issued).select_related("order__unit__parent"))
    return stage_bars(_stages(month, found)) if found else None


def _stages(month: Month, lines: Iterable[Line]) -> list[Stage]:
    counts: dict[Unit, Counter[str]] = defaultdict(Counter)
    by_branch = len({line.order.unit.parent_id for line in lines}) == 1
    for line in lines:
        unit = line.order.unit
        counts[unit if by_branch else unit.parent or unit]["逾期" if line.is_late else WORDS[line.state]] += 1
    return [_stage(month, unit, counts[unit]) for unit in sorted(counts, key=lambda unit: unit.path)]


def _stage(month: Month, unit: Unit, counted: Counter[str]) -> Stage:
    url = f"{reverse('dispatch:reminders')}?{urlencode({'period': month.key, 'unit': str(unit.pk)})}"
    parts = [Part(name, counted[name], tone, url) for name, tone in PARTS.items()]
    return Stage(unit.name, parts, f"{counted['办结']}/{counted.total()}", url)
