"""Which meetings of a branch are due or overdue, for those who record them."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from linghang.compliance.judge import Check, checkups
from linghang.compliance.models import Duty
from linghang.compliance.parameters import BACKFILL_DAYS
from linghang.kernel import clock
from linghang.kernel.parameters import value
from linghang.kernel.refs import link
from linghang.kernel.todos import Todo, todos
from linghang.org.models import Unit
from linghang.rules.frequency import Standing, Status

RECORD, VIEW = "activities.record", "compliance.view_checkup"


def own_checkups(person: Any) -> dict[Unit, list[Check]]:
    """How the branches stand in which this person holds a post; computed once a request, for the desk asks twice."""
    if not hasattr(person, "_own_checkups"):
        # The branch's own people; who is sent there to inspect looks at another place.
        reach, own = person.reach(VIEW), {post.unit for post in person.posts_now}
        near = [unit for unit in own if unit.pk in reach.units or unit.path in reach.trees]
        units = [unit for unit in near if unit.kind == Unit.Kind.BRANCH]
        found = checkups(units) if units else {}
        person._own_checkups = {unit: found.get(unit.pk, []) for unit in units}
    checked: dict[Unit, list[Check]] = person._own_checkups
    return checked


@todos("compliance.duties")
def duties(person: Any) -> Iterator[Todo]:
    """Meetings without a record: those of the running period when it ends soon, and those just missed."""
    fileable = clock.today() - timedelta(days=value(BACKFILL_DAYS))
    for unit, checks in own_checkups(person).items():
        for check in checks if person.may(RECORD, unit) else ():
            if check.duty.judge == Duty.Judge.MEETINGS:
                yield from _of(check, fileable)


def _of(check: Check, fileable: date) -> Iterator[Todo]:
    """What was missed is offered for filing for a while after its last day; from then on it is only a light."""
    for standing in check.standings:
        missed = standing.status is Status.OVERDUE and standing.due_on >= fileable
        if missed or (standing.status is Status.DUE_SOON and standing.planned_on is None):
            yield _todo(check, standing, missed)


def _todo(check: Check, standing: Standing, missed: bool) -> Todo:
    return Todo(
        title=f"{standing.period.short}{check.duty.title}还没有记录",
        why=f"{check.unit.name} · {check.demand}" + ("；开过的请补记" if missed else ""),
        url=link(RECORD, unit=check.unit.pk, kind=check.duty.kinds[0]),
        button="补记" if missed else "记一次",
        glyph="记",
        due_on=standing.due_on,
        cite=check.cite,
    )
