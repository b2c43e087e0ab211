"""One check: 指定检查人 → 打印检查表 → 录入结果 (or 自查) → 确认, or 退回."""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError

from linghang.inspections import inspectors
from linghang.inspections.actions.answers import AnswerDraft, fill_in
from linghang.inspections.models import Check, Round
from linghang.inspections.pairing import judged, relaxed
from linghang.inspections.prefill import Known, known_of
from linghang.kernel import clock
from linghang.kernel.access import Actor
from linghang.kernel.flow import record, step
from linghang.kernel.notices import tell
from linghang.org.models import Person, Unit

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
    inspectors.refuse(people, inspection.unit, clock.today())
    inspection.team.set(people)
    if _underway(inspection):
        inspectors.dismiss(inspection, [person for person in before if person not in people])
        inspectors.post(inspection, people)


def _drawn_peers(inspection: Check) -> bool:
    return inspection.round.by_peers and inspection.round.state == Round.State.DRAWN


@step(Check, "inspections.adjust_pair", at={Check.State.WAITING}, when=_drawn_peers)
def adjust_pair(inspection: Check, by: Actor, *, inspecting: Unit, reason: str) -> None:
    """调整配对：another branch inspects this one, and this one's inspector whom that branch was to inspect.

    What may never be is refused; a soft rule that it breaks is recorded with the round as the lot's own are.
    """
    this, before = inspection.round, inspection.inspecting
    checks = list(this.checks.select_related("unit__parent", "inspecting"))
    other = next((each for each in checks if each.inspecting_id == inspecting.pk), None)
    if other is None or before is None or other.pk == inspection.pk:
        raise ValidationError({"inspecting": f"{inspecting}不在本轮配对中，或本来就检查{inspection.unit}"})
    arcs = [
        (each.inspecting_id or 0, each.unit_id) for each in checks if each.pk not in (inspection.pk, other.pk)
    ]
    swapped = [(inspecting.pk, inspection.unit_id), (before.pk, other.unit_id)]
    units = {each.unit_id: each.unit for each in checks}
    hard, soft = judged(this, [*arcs, *swapped], list(units.values()))
    if hard:
        told = "；".join(f"“{rule}”：{_arcs(held, units)}" for rule, held in hard.items())
        raise ValidationError({"inspecting": f"不能这样换，违反{told}"})
    for rule, held in soft.items():
        if new := [arc for arc in held if arc in swapped]:
            this.relaxations.append(relaxed(rule, f"人工调整：{reason}", new, units))
    _inspect(inspection, inspecting, before, reason)
    _inspect(other, before, inspecting, reason)
    other.save(update_fields=["inspecting", "reason"])
    this.save(update_fields=["relaxations"])
    record(by, "inspections.adjust_pair", this, note=f"{inspection.unit}、{other.unit}互换检查支部：{reason}")


def _arcs(arcs: Iterable[tuple[int, int]], units: dict[int, Unit]) -> str:
    return "、".join(f"{units[a]}检查{units[b]}" for a, b in arcs)


def _inspect(check: Check, inspecting: Unit, before: Unit, reason: str) -> None:
    check.inspecting = inspecting
    check.reason = f"{inspecting}检查{check.unit}：人工调整（原由{before}检查），{reason}"[:200]
    check.team.set(inspecting.heads())


def _once(inspection: Check, token: str) -> None:
    if token and token == inspection.sent_as:
        raise ValidationError("这份结果已经收到，不用再交")
    inspection.sent_as = token


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
    inspection: Check,
    by: Actor,
    *,
    held_on: date,
    exceptions: Iterable[AnswerDraft] = (),
    note: str = "",
    heard: str = "",
    visited: str = "",
    token: str = "",
) -> None:
    """录入结果：everything is 符合 but the exceptions. The paper comes first, then the visit, then this.

    What is sent again under the same `token`, because the answer was lost on the way, is refused: it is there.
    """
    _once(inspection, token)
    if inspection.printed_on is None:
        raise ValidationError("请先打印检查表，到现场查过再录入")
    if not inspection.printed_on <= held_on <= clock.today():
        raise ValidationError({"held_on": f"检查日期应在打印（{inspection.printed_on}）之后、今天之前"})
    if isinstance(by, Person) and by.branch_id == inspection.unit_id:
        raise ValidationError("不能录入对本支部的检查结果")
    inspection.held_on, inspection.entered_on, inspection.note = held_on, clock.today(), note
    inspection.heard, inspection.visited = heard, visited
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
    token: str = "",
) -> str:
    """自查：what the system knows stands as it is unless corrected. The secretary's own entry needs no second tap.

    `told` is what the records say, where it was asked for many units at once.
    """
    _once(inspection, token)
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
