"""What may be done about duties: excusing a unit, ending that, and having the daily digest or not."""

from datetime import date

from django.core.exceptions import ValidationError

from linghang.compliance.models import Digest, Duty, Waiver
from linghang.kernel import clock
from linghang.kernel.access import Actor
from linghang.kernel.flow import creation, step, verb
from linghang.kernel.parameters import guarded
from linghang.org.models import Unit

VIEW = verb("compliance.view_checkup", "查看体检")
VIEW_BOARD = verb("compliance.view_board", "查看体检总览")
VIEW_BURDEN = verb("compliance.view_burden", "查看基层负担")
VIEW_DOUBLE_LIFE = verb("compliance.view_double_life", "查看领导双重组织生活")


@creation(Waiver, "compliance.waive")
def waive(by: Actor, *, unit: Unit, duty: str, since: date, until: date, reason: str) -> Waiver:
    """豁免"""
    guarded(since)
    if unit.kind != Unit.Kind.BRANCH:
        raise ValidationError({"unit": "只有党支部有体检职责"})
    if not Duty.objects.filter(code=duty).on(clock.today()).exists():
        raise ValidationError({"duty": "没有这项职责"})
    return Waiver(unit=unit, duty=duty, since=since, until=until, reason=reason, by_name=by.name)


@step(Waiver, "compliance.close_waiver")
def close_waiver(waiver: Waiver, by: Actor, *, reason: str) -> None:
    """结束豁免：已经过去的期间仍然豁免，从今天起不再豁免"""
    today = clock.today()
    guarded(today)
    if waiver.closed_on or waiver.until <= today:
        raise ValidationError("这项豁免已经结束")
    waiver.closed_on = today


@creation(Digest, "compliance.switch_digest")
def switch_digest(by: Actor, *, wanted: bool) -> Digest:
    """设置每日摘要"""
    mine = Digest.objects.filter(person=by.pk).first() or Digest(person_id=by.pk)
    mine.wanted = wanted
    return mine
