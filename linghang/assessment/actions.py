"""Every way an assessment moves. Read top to bottom: open, mark, compute, propose, confirm, publish, object, lock."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError

from linghang.assessment import compute as computing
from linghang.assessment import proposing
from linghang.assessment.definition import ItemEntry, SchemeEntry
from linghang.assessment.models import (
    Cycle,
    Mark,
    MarkImport,
    Objection,
    Rating,
    Run,
    Scheme,
    Score,
    read_said,
    said,
)
from linghang.assessment.parameters import OBJECTION_DAYS
from linghang.engine.rate import quota
from linghang.kernel import clock, parameters
from linghang.kernel.access import Actor
from linghang.kernel.flow import OwnWork, WrongState, creation, did, step, verb
from linghang.kernel.models import Figure
from linghang.kernel.notices import tell
from linghang.org.models import Unit
from linghang.rules.workdays import add_workdays

State = Cycle.State
# Item → branch → points, or None where the item does not apply.
Marks = Mapping[str, Mapping[int, Decimal | None]]
VIEW_CYCLE = verb("assessment.view_cycle", "查看考核")
VIEW_SHEET = verb("assessment.view_sheet", "查看成绩单")
EXPORT_SCORES = verb("assessment.export_scores", "导出考核得分")
VIEW_PUBLISHED = verb("assessment.view_published", "查看公示")


@creation(Cycle, "assessment.open_cycle", to=State.OPEN)
def open_cycle(by: Actor, *, scheme: Scheme, unit: Unit, title: str, since: date, until: date) -> Cycle:
    """开启考核"""
    overlapping = Cycle.objects.filter(unit=unit, since__lte=until, until__gte=since).first()
    if overlapping:
        raise ValidationError(f"与“{overlapping}”（{overlapping.since} 至 {overlapping.until}）的考核期重叠")
    return Cycle(scheme=scheme, unit=unit, title=title, since=since, until=until)


@step(Cycle, "assessment.enter_manual", at={State.OPEN, State.COMPUTED})
def enter_manual(
    cycle: Cycle,
    by: Actor,
    *,
    marks: Marks,
    notes: Mapping[str, Mapping[int, str]] | None = None,
    note: str = "",
) -> None:
    """评分：items and their branches; None says that the item does not apply to that branch.

    What is as it was keeps the name and the time of whoever gave it.
    """
    branches = {unit.pk: unit for unit in cycle.branches()}
    for code, given in marks.items():
        _check_marks(cycle.scheme.content.entry(code), code, given, branches)
    rows = [
        Mark(
            cycle=cycle,
            unit_id=unit,
            code=code,
            value=value,
            note=(notes or {}).get(code, {}).get(unit, ""),
            by_name=by.name,
        )
        for code, given in marks.items()
        for unit, value in given.items()
    ]
    known = cycle.marks_by_item()
    Mark.objects.bulk_create(
        [row for row in rows if not row.says_the_same(known.get(row.code, {}).get(row.unit_id))],
        batch_size=500,
        update_conflicts=True,
        unique_fields=["cycle", "unit", "code"],
        update_fields=["value", "note", "by_name", "at"],
    )


def _check_marks(
    entry: ItemEntry | None, code: str, marks: Mapping[int, Decimal | None], branches: Mapping[int, Unit]
) -> None:
    if entry is None or not entry.marked:
        raise ValidationError(f"“{code}”不是人工评分项")
    for unit, value in marks.items():
        if unit not in branches:
            raise ValidationError("只能给参加本次考核的支部评分")
        if value is not None and not 0 <= value <= Decimal(str(entry.most)):
            raise ValidationError(f"{branches[unit]}：{entry.name}应在 0 至 {entry.most:g} 之间")


@creation(MarkImport, "assessment.import_marks", to=MarkImport.State.PREVIEWED)
def import_marks(
    by: Actor, *, cycle: Cycle, name: str, outcome: dict[str, Any], note: str = ""
) -> MarkImport:
    """上传评分表：read and compared with what is there; nothing is marked yet."""
    if cycle.state not in (State.OPEN, State.COMPUTED):
        raise WrongState(f"当前为“{cycle.get_state_display()}”，不能评分")
    if not outcome["changes"] and not outcome["refused"]:
        raise ValidationError(f"表中 {outcome['same']} 处都与现有评分一致，没有要写入的")
    return MarkImport(cycle=cycle, name=name[:200], outcome=outcome, note=note)


@step(
    MarkImport,
    "assessment.confirm_marks",
    at={MarkImport.State.PREVIEWED},
    to=MarkImport.State.CONFIRMED,
)
def confirm_marks(upload: MarkImport, by: Actor) -> None:
    """确认评分表：all of it or nothing, and only on what the preview has shown."""
    if upload.refused:
        raise ValidationError(
            f"有 {len(upload.refused)} 处不能导入，请在表中改正后重新上传；现在什么都没有写入"
        )
    known = upload.cycle.marks_by_item()
    marks: dict[str, dict[int, Decimal | None]] = defaultdict(dict)
    for cell in upload.changes:
        if said(known.get(cell["code"], {}).get(cell["unit"])) != cell["was"]:
            raise ValidationError("预览之后有人改过评分，请重新上传，看过新的预览再确认")
        marks[cell["code"]][cell["unit"]] = read_said(cell["now"])
    notes = {code: dict.fromkeys(given, upload.note) for code, given in marks.items()}
    enter_manual(upload.cycle, by, marks=marks, notes=notes, note=f"评分表“{upload.name}”")


@step(
    MarkImport,
    "assessment.discard_marks",
    at={MarkImport.State.PREVIEWED},
    to=MarkImport.State.DISCARDED,
)
def discard_marks(upload: MarkImport, by: Actor) -> None:
    """放弃评分表"""


def _is_called_for(cycle: Cycle, by: Actor) -> None:
    if cycle.state == State.PUBLISHED and not _upheld(cycle):
        raise ValidationError("公示期间没有成立的异议，不需要重新计算")


@step(
    Cycle,
    "assessment.compute",
    at={State.OPEN, State.COMPUTED, State.PROPOSED, State.PUBLISHED},
    to=State.COMPUTED,
    only=_is_called_for,
)
def compute(
    cycle: Cycle, by: Actor, *, result: computing.Result | None = None, discard: bool = False
) -> None:
    """试算：always a new run. After publication only where an objection was upheld.

    It makes void what was proposed or decided on the last one; whoever asks for it says so (`discard`).
    """
    if not discard and (count := cycle.ratings.settled().count()):
        raise ValidationError(f"重新试算会作废 {count} 个支部已有的等次，请先确认作废")
    found = result or computing.run(cycle)
    run = Run(
        cycle=cycle, number=cycle.runs.count() + 1, as_of=found.as_of, by_name=by.name, digest=found.digest
    )
    run.save()
    _keep(run, found.scores)
    kept = [sheet.subject for sheet in found.sheets]
    cycle.ratings.exclude(unit__in=kept).filter(objections__isnull=True).delete()
    for sheet in found.sheets:
        data = {"total": sheet.total, "status": sheet.status, "note": sheet.reason[:600]}
        fresh = {"proposed": "", "proposal": "", "among": [], "confirmed": "", "reason": ""}
        Rating.objects.update_or_create(cycle=cycle, unit_id=sheet.subject, defaults=data | fresh)
    cycle.run, cycle.published_on, cycle.objections_until = run, None, None


def _keep(run: Run, scores: list[Score]) -> None:
    """A run's lines with the figures that they rest on."""
    Figure.objects.bulk_create([score.figure for score in scores if score.figure is not None])
    for score in scores:
        score.run, score.figure = run, score.figure
    Score.objects.bulk_create(scores)


def _upheld(cycle: Cycle) -> bool:
    """Whether an objection against the present run was upheld."""
    since = cycle.published_on or cycle.until
    return Objection.objects.of(cycle).filter(upheld=True, raised_on__gte=since).exists()


def _period_is_over(cycle: Cycle, by: Actor) -> None:
    if not cycle.is_over:
        raise ValidationError(f"考核期到 {cycle.until} 才结束，期满后再拟定等次")


@step(Cycle, "assessment.propose", at={State.COMPUTED}, to=State.PROPOSED, only=_period_is_over)
def propose(cycle: Cycle, by: Actor) -> None:
    """拟定等次：under the scheme's quotas; what is equal at the edge is left to the committee's vote."""
    if cycle.run is None or cycle.run.as_of < cycle.until:
        raise ValidationError("最近一次试算时考核期还没有结束，请先重新试算")
    if cycle.marked_since:
        raise ValidationError("最近一次试算之后又有评分或认定，请先重新试算")
    if open_ones := cycle.undecided():
        names = "；".join(f"{score.unit}“{score}”" for score in open_ones[:3])
        raise ValidationError(
            f"系统发现的扣分和否决还有 {len(open_ones)} 条没有认定（{names}），认定后重新试算"
        )
    for unit, proposal in proposing.proposals(cycle).items():
        rating = cycle.ratings.get(unit=unit)
        rating.proposed, rating.proposal = proposal.rating or "", proposal.reason[:200]
        rating.among = list(proposal.among)
        rating.save()


@step(
    Cycle,
    "assessment.confirm_rating",
    at={State.PROPOSED},
    to=State.CONFIRMED,
    checks=("assessment.compute", "assessment.propose"),
)
def confirm_rating(
    cycle: Cycle,
    by: Actor,
    *,
    decided: Mapping[int, str] | None = None,
    reasons: Mapping[int, str] | None = None,
) -> None:
    """确认等次：by somebody who neither computed nor proposed. `decided` holds what differs from the proposal."""
    scheme = cycle.scheme.content
    names = [rating.name for rating in scheme.ratings]
    ratings = list(cycle.ratings.select_related("unit"))
    for rating in ratings:
        rating.confirmed = (decided or {}).get(rating.pk, rating.proposed)
        rating.reason = (reasons or {}).get(rating.pk, "").strip()
        _check_decision(rating, names)
    _check_quotas(scheme, ratings)
    for rating in ratings:
        rating.save()
    cycle.confirmed_on = clock.today()


def _check_decision(rating: Rating, names: list[str]) -> None:
    if rating.confirmed and rating.confirmed not in names:
        raise ValidationError(f"没有名为“{rating.confirmed}”的等次")
    if rating.among and not rating.confirmed:
        raise ValidationError(f"{rating.unit}并列待定，请填写票决的等次")
    if rating.confirmed != rating.proposed and not rating.reason:
        raise ValidationError(f"{rating.unit}的等次与拟定的不同，请写明理由（并列的写明票决结果）")


def _check_quotas(scheme: SchemeEntry, ratings: list[Rating]) -> None:
    """示范 15 %, 优秀 30 %: rounded down, at least one; a class has its own where the scheme says so."""
    classes = {rating.unit.category if scheme.by_class else "" for rating in ratings}
    for each in classes:
        own = [rating for rating in ratings if not scheme.by_class or rating.unit.category == each]
        given, used = Counter(rating.confirmed for rating in own), 0
        for entry in scheme.ratings:
            if entry.share is None:
                continue
            places = quota(len(own), entry.share)
            used = given[entry.name] + (0 if scheme.exclusive else used)
            if used > places:
                raise ValidationError(f"“{entry.name}”只有 {places} 个名额，现有 {used} 个")


@step(Cycle, "assessment.publish", at={State.CONFIRMED}, to=State.PUBLISHED)
def publish(cycle: Cycle, by: Actor) -> None:
    """公示：the list of ratings, never scores or order; at least five working days for objections."""
    days = parameters.value(OBJECTION_DAYS)
    cycle.published_on = clock.today()
    cycle.objections_until = add_workdays(cycle.published_on, days).day
    text = f"{cycle}考核名单已公示，异议可提至 {cycle.objections_until}；无异议不需回复"
    tell(cycle.heads(), text, about=cycle)


@creation(Objection, "assessment.object", to=Objection.State.RAISED)
def raise_objection(by: Actor, *, rating: Rating, text: str, score: Score | None = None) -> Objection:
    """提出异议"""
    if not rating.takes_objections:
        until = rating.cycle.objections_until
        raise ValidationError(f"异议可在公示期内提出（至 {until}）" if until else "名单公示后才可以提出异议")
    if score is not None and (score.run_id != rating.cycle.run_id or score.unit_id != rating.unit_id):
        raise ValidationError("这一项不在本支部当前的成绩单上")
    return Objection(rating=rating, score=score, text=text, by_name=by.name)


@step(
    Objection,
    "assessment.answer",
    at={Objection.State.RAISED},
    to=Objection.State.ANSWERED,
    checks="assessment.object",
)
def answer(objection: Objection, by: Actor, *, answer: str, upheld: bool = False) -> None:
    """答复：by somebody who did not propose the ratings; an upheld objection asks for a new computation."""
    cycle = objection.rating.cycle
    if did(cycle, by, ("assessment.propose",)):
        raise OwnWork("拟定等次的人不能答复异议，请由另一人答复", code="own_work")
    objection.answer, objection.upheld, objection.answered_by = answer, upheld, by.name
    objection.answered_on = clock.today()
    tell(objection.rating.unit.heads(), f"异议已答复：{objection}", about=objection)


def _days_are_over(cycle: Cycle, by: Actor) -> None:
    if cycle.objections_until and clock.today() <= cycle.objections_until:
        raise ValidationError(f"异议可提至 {cycle.objections_until}，之后才能锁定")


@step(Cycle, "assessment.lock", at={State.PUBLISHED}, to=State.LOCKED, only=_days_are_over)
def lock(cycle: Cycle, by: Actor) -> None:
    """锁定：after the days for objections, with every objection answered; nothing in the period changes from then on."""
    if count := Objection.objects.of(cycle).open().count():
        raise ValidationError(f"还有 {count} 条异议没有答复")
    if _upheld(cycle):
        raise ValidationError("有成立的异议，请重新计算、确认并公示后再锁定")
    cycle.locked_on = clock.today()
    tell(cycle.heads(), f"{cycle}考核结果已锁定，可查看成绩单", about=cycle)


@parameters.guard
def not_inside_a_locked_cycle(since: date) -> None:
    """Raise ValidationError for a day on or before the end of a locked cycle."""
    cycle = Cycle.objects.locked().filter(until__gte=since).order_by("-until").first()
    if cycle:
        raise ValidationError(
            f"{since} 在已锁定的“{cycle}”考核期内（至 {cycle.until}），只能从其后的日期起调整"
        )
