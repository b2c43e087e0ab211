"""What may be done about duties: nothing but excusing a unit, with a reason and a name."""

from datetime import date

from django.core.exceptions import ValidationError

from linghang.compliance.models import Duty, Waiver
from linghang.kernel import clock
from linghang.kernel.access import Actor
from linghang.kernel.flow import creation, verb
from linghang.kernel.parameters import guarded
from linghang.org.models import Unit

VIEW = verb("compliance.view_checkup", "查看体检")
VIEW_BOARD = verb("compliance.view_board", "查看体检总览")


@creation(Waiver, "compliance.waive")
def waive(by: Actor, *, unit: Unit, duty: str, since: date, until: date, reason: str) -> Waiver:
    """豁免"""
    guarded(since)
    if unit.kind != Unit.Kind.BRANCH:
        raise ValidationError({"unit": "只有党支部有体检职责"})
    if not Duty.objects.filter(code=duty).on(clock.today()).exists():
        raise ValidationError({"duty": "没有这项职责"})
    return Waiver(unit=unit, duty=duty, since=since, until=until, reason=reason, by_name=by.name)
