"""What a checklist came to in one check: the lines that are not simply as expected, and what was found by them."""

from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError

from linghang.inspections.models import Answer, Check, ChecklistItem, Finding
from linghang.inspections.prefill import Known, half_up
from linghang.kernel import clock
from linghang.kernel.flow import keep
from linghang.kernel.parameters import value
from linghang.kernel.refs import tie
from linghang.rules.periods import add_months

Verdict, Weight = Answer.Verdict, Finding.Weight


@dataclass(frozen=True)
class AnswerDraft:
    """One line that is not simply as expected: the verdict, what was seen, how heavily it weighs ("" for no finding).

    `proof` says where the 佐证 is, in words; `proof_ref` names the record, where it is one of ours.
    """

    item: ChecklistItem
    verdict: str
    note: str = ""
    points: Decimal | None = None
    weight: str = ""
    proof: str = ""
    proof_ref: str = ""


def fill_in(inspection: Check, exceptions: dict[int, AnswerDraft], known: dict[int, Known]) -> None:
    """Write all answers and findings anew; until they are confirmed nothing hangs on them."""
    inspection.answers.all().delete()
    inspection.findings.all().delete()
    answers = []
    for item in inspection.round.checklist.items.all():
        draft = exceptions.get(item.pk)
        answer = _judged(item, draft, known.get(item.pk))
        answer.inspection = inspection
        if draft is not None:
            answer.proof, answer.proof_ref = draft.proof, draft.proof_ref
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
    finding.advice = not inspection.round.from_above
    finding.closed_on = day if draft.weight == Weight.ON_SPOT else None
    finding.repeat = _is_repeat(finding)
    keep(finding)
    tie(inspection, finding, "finding")


def _is_repeat(finding: Finding) -> bool:
    since = add_months(finding.found_on, -value("inspections.repeat_months"))
    earlier = Finding.objects.standing().filter(
        inspection__unit=finding.inspection.unit_id, found_on__gte=since
    )
    return earlier.filter(
        item__code=finding.item.code if finding.item else "",
        item__checklist__code=finding.inspection.round.checklist.code,
        found_on__lt=finding.found_on,
    ).exists()
