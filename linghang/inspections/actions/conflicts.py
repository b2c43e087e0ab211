"""回避: entered by the Party office with its kind only, and ended; nothing is rewritten."""

from datetime import date

from linghang.inspections.models import Conflict
from linghang.kernel.access import Actor
from linghang.kernel.flow import creation, step
from linghang.org.models import Person, Unit


@creation(Conflict, "inspections.enter_conflict")
def enter_conflict(by: Actor, *, person: Person, unit: Unit, kind: str, since: date) -> Conflict:
    """登记回避"""
    return Conflict(person=person, unit=unit, kind=kind, since=since)


@step(Conflict, "inspections.end_conflict", when=lambda conflict: conflict.until is None)
def end_conflict(conflict: Conflict, by: Actor, *, until: date) -> None:
    """结束回避"""
    conflict.until = until
