"""What was found: 认定 or not, then an order that puts it right."""

from datetime import date

from django.core.exceptions import ValidationError

from linghang.dispatch import actions as dispatch
from linghang.dispatch.actions import LineDraft
from linghang.dispatch.models import Order
from linghang.inspections.models import Check, Finding
from linghang.kernel import clock
from linghang.kernel.access import Actor
from linghang.kernel.flow import step
from linghang.org.models import Person

Weight = Finding.Weight


def _is_advice(finding: Finding) -> bool:
    return (
        finding.advice and finding.dismissed_on is None and finding.inspection.state == Check.State.CONFIRMED
    )


def _wants_order(finding: Finding) -> bool:
    settled = finding.advice or finding.dismissed_on or finding.closed_on
    return not settled and finding.inspection.state == Check.State.CONFIRMED and finding.order is None


@step(Finding, "inspections.confirm_finding", when=_is_advice)
def confirm_finding(finding: Finding, by: Actor, *, weight: str = "", note: str = "") -> None:
    """确认问题：from here on it is no longer 建议; its weight may be changed."""
    finding.advice, finding.confirmed_on = False, clock.today()
    if weight and weight != finding.weight:
        finding.weight = weight
        finding.closed_on = finding.found_on if weight == Weight.ON_SPOT else None


@step(Finding, "inspections.dismiss_finding", when=_is_advice)
def dismiss_finding(finding: Finding, by: Actor, *, reason: str) -> None:
    """不予认定"""
    finding.dismissed_on, finding.closed_on = clock.today(), None


@step(Finding, "inspections.draft_order", when=_wants_order)
def draft_order(
    finding: Finding, by: Actor, *, measures: list[str], due_on: date, owner: Person, verifier: Person
) -> None:
    """起草整改单：a 限期整改, or for what is serious a 督导单 that a leader signs. One finding, one order."""
    if owner.pk == verifier.pk:
        raise ValidationError({"verifier": "复核人不能是整改责任人"})
    if due_on <= finding.found_on:
        raise ValidationError({"due_on": f"期限应晚于发现日期 {finding.found_on}"})
    heavy, this = finding.weight == Weight.SUPERVISION, finding.inspection.round
    dispatch.draft(
        by,
        kind=Order.Kind.SUPERVISION if heavy else Order.Kind.RECTIFICATION,
        unit=finding.inspection.unit,
        issuer=this.unit,
        title=finding.text[:120],
        text=_words(finding),
        about=finding.ref,
        lines=[LineDraft(text=words, due_on=due_on, owner=owner, verifier=verifier) for words in measures],
    )
    finding.due_on = due_on


def _words(finding: Finding) -> str:
    inspection, item = finding.inspection, finding.item
    this = inspection.round
    way = "" if this.method_words in this.title else f"（{this.method_words}）"
    parts = [f"{finding.found_on} {this}{way}发现：{finding.text}。"]
    if item is not None:
        parts.append(f"检查项：{item.text}。" + (f"依据：{item.basis}。" if item.basis else ""))
    return "".join([*parts, "同一项一年内再次出现。" if finding.repeat else ""])
