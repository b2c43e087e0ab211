"""What time itself brings about in the organisation: a temporary branch ends with its task."""

from linghang.kernel import clock
from linghang.kernel.access import SYSTEM
from linghang.kernel.ticks import tick
from linghang.org.actions import close_unit
from linghang.org.models import Unit
from linghang.rules import branch as branch_rules


@tick("org.end_temporary")
def end_temporary() -> int:
    """Temporary branches whose task is over end by themselves (支部工作条例 第八条, R-ZB-08); gives how many."""
    today = clock.today()
    over = Unit.objects.filter(shape__in=Unit.TEMPORARY, until=None, ends_on__lte=today)
    for unit in over:
        verdict = branch_rules.temporary_stands(unit.ends_on, on=today)
        close_unit(unit, SYSTEM, until=unit.ends_on, note=f"{verdict.sentence}（{verdict.rule.cite}）")
    return len(over)
