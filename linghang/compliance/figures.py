"""How a cell of a checkup is opened: the records of a stretch of days, and how the duty was judged in it."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.dateparse import parse_date

from linghang.compliance import checkup
from linghang.compliance.judge import judged, scene_of
from linghang.compliance.models import Duty
from linghang.kernel import clock
from linghang.kernel.figures import Query, Sight, figure
from linghang.org.models import Unit
from linghang.rules.periods import add_years

Judge = Duty.Judge


@figure("compliance.duties", "compliance.view_checkup")
def open_duty(person: Any, pk: int, query: Query) -> Sight | None:
    """One duty (`duty`) of one branch over some days (`since`, `until`; else the last year)."""
    unit = Unit.objects.within(person, "compliance.view_checkup").branches().filter(pk=pk).first()
    today = clock.today()
    since, until = _day(query, "since") or add_years(today, -1), _day(query, "until") or today
    # What was held early in a year may belong to the year before.
    code = query.get("duty", "")
    scene = scene_of([unit], since=add_years(since, -1), code=code) if unit and code else None
    check = next(iter(judged([unit], scene)[unit.pk]), None) if unit and scene else None
    if unit is None or check is None:
        return None
    standings, refs = checkup.behind(check, since, until)
    return Sight(
        title=str(check.duty),
        home=(f"{unit}体检", reverse("compliance:checkup", args=[unit.pk])),
        words=[f"{since} 至 {until}", check.demand],
        refs=refs,
        empty="这一段没有记录。" if check.duty.judge in (Judge.MEETINGS, Judge.LINES) else "",
        judged=[(each.period.label, each.status.label, each.sentence) for each in standings]
        or [("这一段", "不要求", "不要求")],
        action=checkup.action(check, person),
        cite=check.cite,
        inhouse=check.inhouse,
    )


def _day(query: Query, name: str) -> date | None:
    """A day from the address, or none where it is not one."""
    try:
        return parse_date(query.get(name, ""))
    except ValueError:
        return None
