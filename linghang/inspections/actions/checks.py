"""One check: 指定检查人 → 打印检查表 → 录入结果 (or 自查) → 确认, or 退回."""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError

from linghang.inspections import inspectors
from linghang.inspections.actions.answers import AnswerDraft, fill_in
from linghang.inspections.models import Check, Round
from linghang.inspections.prefill import Known, known_of
from linghang.kernel import clock
from linghang.kernel.access import Actor
from linghang.kernel.flow import step
from linghang.kernel.notices import tell
from linghang.org.models import Person

BEFORE_THE_END = {Round.State.DRAWN, Round.State.OPEN}


def _underway(inspection: Check) -> bool:
    return inspection.round.state == Round.State.OPEN


def _on_site(inspection: Check) -> bool:
    return _underway(inspection) and inspection.round.on_site


def _by_itself(inspection: Check) -> bool:
    return _underway(inspection) and not inspection.round.on_site


@step(
    Check,
    "inspections.assign_inspectors",
    at={Check.State.WAITING},
    when=lambda inspection: inspection.round.on_site and inspection.round.state in BEFORE_THE_END,
)
def assign_inspectors(inspection: Check, by: Actor, *, team: Iterable[Person], note: str = "") -> None:
    """指定检查人"""
    people, before = list(team), list(inspection.team.all())
    if own := [person.name for person in people if person.branch_id == inspection.unit_id]:
        raise ValidationError({"team": f"{'、'.join(own)}是被查支部的党员，应当回避"})
    inspection.team.set(people)
    if _underway(inspection):
        inspectors.dismiss(inspection, [person for person in before if person not in people])
        inspectors.post(inspection, people)


@step(Check, "inspections.print_checklist", when=_on_site)
def print_checklist(inspection: Check, by: Actor) -> None:
    """打印检查表"""
    inspection.printed_on = inspection.printed_on or clock.today()


@step(
    Check,
    "inspections.enter",
    at={Check.State.WAITING, Check.State.ENTERED},
    to=Check.State.ENTERED,
    when=_on_site,
)
def enter(
    inspection: Check, by: Actor, *, held_on: date, exceptions: Iterable[AnswerDraft] = (), note: str = ""
) -> None:
    """录入结果：everything is 符合 but the exceptions. The paper comes first, then the visit, then this."""
    if inspection.printed_on is None:
        raise ValidationError("请先打印检查表，到现场查过再录入")
    if not inspection.printed_on <= held_on <= clock.today():
        raise ValidationError({"held_on": f"检查日期应在打印（{inspection.printed_on}）之后、今天之前"})
    if isinstance(by, Person) and by.branch_id == inspection.unit_id:
        raise ValidationError("不能录入对本支部的检查结果")
    inspection.held_on, inspection.entered_on, inspection.note = held_on, clock.today(), note
    fill_in(inspection, {draft.item.pk: draft for draft in exceptions}, {})


@step(
    Check,
    "inspections.self_check",
    at={Check.State.WAITING, Check.State.ENTERED},
    when=_by_itself,
)
def self_check(
    inspection: Check,
    by: Actor,
    *,
    exceptions: Iterable[AnswerDraft] = (),
    note: str = "",
    told: dict[int, Known] | None = None,
) -> str:
    """自查：what the system knows stands as it is unless corrected. The secretary's own entry needs no second tap.

    `told` is what the records say, where it was asked for many units at once.
    """
    inspection.held_on = inspection.entered_on = clock.today()
    inspection.note = note
    fill_in(
        inspection,
        {draft.item.pk: draft for draft in exceptions},
        known_of(inspection, inspection.round.checklist.items.all()) if told is None else told,
    )
    if by.may("inspections.confirm_self", inspection):
        inspection.confirmed_on = clock.today()
        return Check.State.CONFIRMED
    return Check.State.ENTERED


@step(
    Check,
    "inspections.confirm_self",
    at={Check.State.ENTERED},
    to=Check.State.CONFIRMED,
    when=lambda inspection: not inspection.round.on_site,
    checks="inspections.self_check",
)
def confirm_self(inspection: Check, by: Actor) -> None:
    """确认自查"""
    inspection.confirmed_on = clock.today()


@step(
    Check,
    "inspections.confirm_check",
    at={Check.State.ENTERED},
    to=Check.State.CONFIRMED,
    when=lambda inspection: inspection.round.on_site,
    checks="inspections.enter",
)
def confirm_check(inspection: Check, by: Actor, *, with_findings: bool = False) -> None:
    """确认结果：with its findings, where they are not to be looked at one by one."""
    inspection.confirmed_on = clock.today()
    if with_findings:
        for finding in inspection.findings.filter(advice=True):
            finding.advice, finding.confirmed_on = False, clock.today()
            finding.save()


@step(Check, "inspections.return_check", at={Check.State.ENTERED}, to=Check.State.WAITING)
def return_check(inspection: Check, by: Actor, *, reason: str) -> None:
    """退回重录"""
    people = list(inspection.team.all()) or list(inspection.unit.heads())
    tell(people, f"检查结果被退回：{inspection}。{reason}", about=inspection)
