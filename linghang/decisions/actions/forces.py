"""Task forces and professional committees, and what the leadership looks into: who leads, from when to when."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from linghang.decisions.models import Research, TaskForce
from linghang.decisions.seats import leaders
from linghang.kernel import clock
from linghang.kernel.access import Actor
from linghang.kernel.flow import creation, step
from linghang.org.models import Person, Unit


@creation(TaskForce, "decisions.add_force")
def add_force(by: Actor, /, *, unit: Unit, **wanted: Any) -> TaskForce:
    """登记领导小组：whoever leads it is of the leadership; who is missing beside the first is told, not refused."""
    force = TaskForce(unit=unit)
    _fill(force, **wanted)
    return force


@step(TaskForce, "decisions.edit_force")
def edit_force(force: TaskForce, by: Actor, /, **wanted: Any) -> None:
    """修改登记"""
    _fill(force, **wanted)


def _fill(
    force: TaskForce,
    *,
    title: str,
    kind: str = TaskForce.Kind.FORCE,
    weighty: bool,
    lead: Person,
    partner: Person | None = None,
    document: str = "",
    since: date,
) -> None:
    force.title, force.kind, force.document, force.since = title, kind, document, since
    force.weighty = weighty and kind == TaskForce.Kind.FORCE
    _lead(force, lead, partner)


@step(TaskForce, "decisions.end_force", when=lambda force: force.until is None)
def end_force(force: TaskForce, by: Actor, *, until: date) -> None:
    """撤销"""
    if until < force.since:
        raise ValidationError({"until": "撤销不能早于成立"})
    force.until = until


def _lead(force: TaskForce, lead: Person, partner: Person | None) -> None:
    ours = {one.pk for one in leaders()}
    for name, person in (("lead", lead), ("partner", partner)):
        if person is not None and person.pk not in ours:
            raise ValidationError({name: f"{person}不是院级班子成员；领导小组由党委领导牵头"})
    force.lead, force.partner = lead, partner


@creation(Research, "decisions.open_research")
def open_research(by: Actor, *, unit: Unit, title: str, lead: Person, opened_on: date) -> Research:
    """登记调研课题"""
    if lead.pk not in {one.pk for one in leaders()}:
        raise ValidationError({"lead": f"{lead}不是院级班子成员；调研由班子成员牵头"})
    return Research(unit=unit, title=title, lead=lead, opened_on=opened_on)


@step(Research, "decisions.conclude_research", when=lambda research: research.concluded_on is None)
def conclude_research(research: Research, by: Actor, *, concluded_on: date, conclusion: str) -> None:
    """结题：what it came to; what is to be decided is put up as a topic."""
    if not research.opened_on <= concluded_on <= clock.today():
        raise ValidationError({"concluded_on": "结题在选题之后、今天以前"})
    research.concluded_on, research.conclusion = concluded_on, conclusion
