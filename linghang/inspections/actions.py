"""How an inspection goes, read top to bottom: 安排 → 抽签 → 开始 → 打印 → 录入 → 确认 → 问题处置 → 结束."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError

from linghang.dispatch import actions as dispatch
from linghang.dispatch.actions import LineDraft
from linghang.dispatch.models import Order
from linghang.inspections import inspectors
from linghang.inspections.models import Answer, Check, Checklist, ChecklistItem, Finding, Round
from linghang.inspections.pairing import draw as draw_lots
from linghang.inspections.prefill import Known, half_up, known_of
from linghang.kernel import clock
from linghang.kernel.access import Actor
from linghang.kernel.flow import creation, step, verb
from linghang.kernel.notices import tell
from linghang.kernel.parameters import value
from linghang.kernel.refs import tie
from linghang.org.models import Person, Unit
from linghang.rules.periods import add_months

Verdict, Weight = Answer.Verdict, Finding.Weight
verb("inspections.view_round", "查看检查轮次")
verb("inspections.view_check", "查看检查")
verb("inspections.view_finding", "查看问题")
verb("inspections.export_findings", "导出问题清单")


# The round -----------------------------------------------------------------------------------------------------------


@creation(Round, "inspections.open_round", to=Round.State.PLANNED)
def open_round(
    by: Actor,
    *,
    title: str,
    method: str,
    checklist: Checklist,
    unit: Unit,
    since: date,
    until: date,
    period_since: date | None = None,
    period_until: date | None = None,
    sample: int | None = None,
    source: str = "",
) -> Round:
    """安排检查：`source` names the record it comes from (an item of the deployment), for the thread."""
    if (
        method == Round.Method.CROSS
        and unit.kind == Unit.Kind.GENERAL
        and unit.parent
        and unit.parent.is_party
    ):
        raise ValidationError({"method": "交叉互查在总支之间进行，请由党委安排"})
    this = Round(
        title=title, method=method, checklist=checklist, unit=unit, since=since, until=until, sample=sample
    )
    this.period_since = period_since or date(since.year, 1, 1)
    this.period_until = period_until or until
    this.full_clean()
    this.save()
    if source:
        tie(source, this, "inspection")
    return this


@step(Round, "inspections.draw", at={Round.State.PLANNED, Round.State.DRAWN}, to=Round.State.DRAWN)
def draw(this: Round, by: Actor, *, number: int | None = None, note: str = "") -> None:
    """抽签确定对象：the same draw number gives the same round. Drawing again replaces what was drawn, and is traced."""
    number = number or int(f"{clock.today():%Y%m%d}")
    drawn, this.relaxations = draw_lots(this, number)
    this.draw_number = number
    this.checks.all().delete()
    for one in drawn:
        made = Check(round=this, unit=one.unit, inspecting=one.inspecting, reason=one.reason)
        made.full_clean()
        made.save()
        if one.inspecting:
            made.team.set(one.inspecting.heads())
        tie(this, made, "check")


@step(Round, "inspections.assign_team", at={Round.State.DRAWN})
def assign_team(this: Round, by: Actor, *, team: Iterable[Person]) -> None:
    """统一指定检查组：for every check that has nobody yet."""
    people = list(team)
    for inspection in this.checks.filter(team__isnull=True):
        inspection.team.set(people)


@step(Round, "inspections.start", at={Round.State.DRAWN}, to=Round.State.OPEN)
def start(this: Round, by: Actor) -> None:
    """开始检查"""
    checks = list(this.checks.select_related("unit", "round").prefetch_related("team"))
    if this.on_site and (bare := [str(each.unit) for each in checks if not each.team.all()]):
        raise ValidationError(f"还没有检查人：{'、'.join(bare[:5])}{'等' if len(bare) > 5 else ''}，请先指定")
    if this.until < clock.today():
        raise ValidationError(f"检查期已于 {this.until} 结束，请先延长")
    for inspection in checks:
        if this.on_site:
            inspectors.post(inspection, inspection.team.all())
            # Only those who are inspected: what is to be done oneself stands on the desk.
            tell(inspection.unit.heads(), f"{this.title}：{this.since} 至 {this.until}", about=inspection)


@step(Round, "inspections.extend", at={Round.State.PLANNED, Round.State.DRAWN, Round.State.OPEN})
def extend(this: Round, by: Actor, *, until: date, note: str = "") -> None:
    """调整截止日期"""
    if until < max(this.since, clock.today()):
        raise ValidationError({"until": "截止日期不能早于今天和开始日期"})
    this.until = until
    if this.state == Round.State.OPEN and this.on_site:
        for inspection in this.checks.exclude(state=Check.State.CONFIRMED).select_related("unit"):
            inspection.round = this
            inspectors.post(inspection, inspection.team.all())


@step(Round, "inspections.close_round", at={Round.State.OPEN}, to=Round.State.CLOSED)
def close_round(this: Round, by: Actor, *, note: str = "") -> None:
    """结束本轮：the inspectors' temporary posts end with it."""
    if waiting := this.checks.filter(state=Check.State.ENTERED).count():
        raise ValidationError(f"还有 {waiting} 份结果待确认，请先确认或退回")
    if not note and (left := this.checks.filter(state=Check.State.WAITING).count()):
        raise ValidationError({"note": f"还有 {left} 个支部没有查，请写明原因再结束"})
    inspectors.dismiss_all(this)


# One check -----------------------------------------------------------------------------------------------------------


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
    when=lambda inspection: inspection.round.on_site and inspection.round.state != Round.State.CLOSED,
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


@dataclass(frozen=True)
class AnswerDraft:
    """One line that is not simply 符合: the verdict, what was seen, and how heavily it weighs ("" for no finding)."""

    item: ChecklistItem
    verdict: str
    note: str = ""
    points: Decimal | None = None
    weight: str = ""


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
    _answer(inspection, {draft.item.pk: draft for draft in exceptions}, {})


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
    _answer(
        inspection,
        {draft.item.pk: draft for draft in exceptions},
        known_of(inspection, inspection.round.checklist.items.all()) if told is None else told,
    )
    if by.may("inspections.confirm_self", inspection):
        inspection.confirmed_on = clock.today()
        return Check.State.CONFIRMED
    return Check.State.ENTERED


def _answer(inspection: Check, exceptions: dict[int, AnswerDraft], known: dict[int, Known]) -> None:
    """Write all answers and findings anew; until they are confirmed nothing hangs on them."""
    inspection.answers.all().delete()
    inspection.findings.all().delete()
    answers = []
    for item in inspection.round.checklist.items.all():
        answer = _judged(item, exceptions.get(item.pk), known.get(item.pk))
        answer.inspection = inspection
        answer.clean_fields(exclude=("inspection", "item"))
        answers.append(answer)
    Answer.objects.bulk_create(answers)
    for answer in answers:
        if answer.item_id in exceptions:
            _find(inspection, answer, exceptions[answer.item_id])


def _judged(item: ChecklistItem, draft: AnswerDraft | None, told: Known | None) -> Answer:
    """The answer of one line: what was entered; else what the records say, marked 系统预填; else 符合."""
    if told is not None and (
        draft is None or (draft.verdict == told.verdict and draft.points in (None, told.points))
    ):
        note = draft.note if draft is not None and draft.note else told.note
        return Answer(item=item, verdict=told.verdict, points=told.points, note=note, prefilled=True)
    if draft is None:
        return Answer(item=item, verdict=Verdict.OK, points=item.points)
    return Answer(item=item, verdict=draft.verdict, points=_points(item, draft), note=draft.note)


def _points(item: ChecklistItem, draft: AnswerDraft) -> Decimal:
    """All for 符合, none for 不符合 and 不适用, what was given or half for 部分符合."""
    if draft.verdict != Verdict.PARTLY:
        return item.points if draft.verdict == Verdict.OK else Decimal(0)
    if draft.points is not None and draft.points > item.points:
        raise ValidationError(f"“{item}”满分 {item.points.normalize():f} 分，不能记 {draft.points}")
    return half_up(item.points / 2) if draft.points is None else draft.points


def _find(inspection: Check, answer: Answer, draft: AnswerDraft) -> None:
    if draft.verdict in (Verdict.OK, Verdict.NOT_APPLICABLE):
        return
    if draft.verdict == Verdict.NOT_OK and inspection.round.on_site and not draft.weight:
        raise ValidationError(f"“{answer.item}”不符合，请选择怎样处置")
    if not draft.weight:
        return
    if not draft.note:
        raise ValidationError(f"“{answer.item}”请写明查到什么")
    day = inspection.held_on or clock.today()
    finding = Finding(
        inspection=inspection, item=answer.item, text=draft.note, weight=draft.weight, found_on=day
    )
    finding.advice = inspection.round.method != Round.Method.COMMITTEE
    finding.closed_on = day if draft.weight == Weight.ON_SPOT else None
    finding.repeat = _is_repeat(finding)
    finding.full_clean()
    finding.save()
    tie(inspection, finding, "finding")


def _is_repeat(finding: Finding) -> bool:
    since = add_months(finding.found_on, -value("inspections.repeat_months"))
    earlier = Finding.objects.standing().filter(
        inspection__unit=finding.inspection.unit_id, found_on__gte=since
    )
    return earlier.filter(
        item__code=finding.item.code if finding.item else "", found_on__lt=finding.found_on
    ).exists()


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


# What was found ------------------------------------------------------------------------------------------------------


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
