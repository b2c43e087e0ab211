"""A round: 安排 → 抽签 → 开始检查 → 结束, or 撤销."""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError

from linghang.inspections import inspectors
from linghang.inspections.models import Check, Checklist, Plan, PlanLine, Round
from linghang.inspections.pairing import Drawn, too_few
from linghang.inspections.pairing import draw as draw_lots
from linghang.kernel import clock
from linghang.kernel.access import Actor
from linghang.kernel.flow import creation, keep, step
from linghang.kernel.notices import tell
from linghang.kernel.refs import tie
from linghang.org.models import Person, Unit

State = Round.State


@creation(Round, "inspections.open_round")
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
    unannounced: bool = False,
    units: Iterable[Unit] = (),
    source: str = "",
    line: PlanLine | None = None,
) -> Round:
    """安排检查：`source` names the record it comes from (an item of the deployment), for the thread.

    Where nothing is drawn by lot, it is settled at once who is inspected: all branches, or the `units` that are named.
    What comes `unannounced` (飞检) is always drawn, and kept sealed until its first day.
    """
    named = list(units)
    this = Round(title=title, method=method, checklist=checklist, unit=unit, since=since, until=until)
    this.sample, this.unannounced, this.line = sample, unannounced, line
    _refuse(this, named)
    filed = Plan.objects.filter(unit=unit, year=since.year, state=Plan.State.FILED)
    this.unplanned = line is None and filed.exists()
    this.period_since = period_since or date(since.year, 1, 1)
    this.period_until = period_until or until
    keep(this)
    if source:
        tie(source, this, "inspection")
    if not this.by_lot:
        _settle(this, None, named)
        this.state = State.DRAWN
    return this


def _refuse(this: Round, named: list[Unit]) -> None:
    """What cannot be arranged like this, each at its field. Raises ValidationError."""
    above = this.unit.parent
    if this.method == Round.Method.CROSS and this.unit.kind == Unit.Kind.GENERAL and above and above.is_party:
        raise ValidationError({"method": "交叉互查在总支之间进行，请由党委安排"})
    if this.by_peers and (words := too_few(this)):
        raise ValidationError({"method": words})
    if this.unannounced and not (this.from_above and this.sample):
        raise ValidationError({"unannounced": "飞检由督查组或查房组去，并写明抽查几个支部"})
    if named and this.by_lot:
        raise ValidationError({"units": "抽签的检查不能指定支部；要指定，请用自查，或不抽查的督查"})


def _settle(this: Round, number: int | None, named: Iterable[Unit] = ()) -> None:
    """Write down who is inspected and by whom, in place of what was drawn before; of a 飞检 under seal."""
    drawn, this.relaxations = draw_lots(this, number or 0, named)
    if this.unannounced:
        this.sealed = {"number": number, "units": [one.unit.pk for one in drawn]}
        return
    _name(this, drawn, number)


def _name(this: Round, drawn: Iterable[Drawn], number: int | None) -> None:
    """Who is inspected is known from here on."""
    this.draw_number = number
    this.checks.all().delete()
    for one in drawn:
        made = Check(round=this, unit=one.unit, inspecting=one.inspecting, reason=one.reason)
        keep(made)
        if one.inspecting:
            made.team.set(one.inspecting.heads())
        tie(this, made, "check")


@step(Round, "inspections.draw", at={State.PLANNED}, to=State.DRAWN)
def draw(this: Round, by: Actor, *, number: int | None = None, note: str = "") -> None:
    """抽签：the same draw number gives the same round."""
    _settle(this, number or int(f"{clock.today():%Y%m%d}"))


@step(Round, "inspections.redraw", at={State.DRAWN}, to=State.DRAWN, when=lambda this: this.by_lot)
def redraw(this: Round, by: Actor, *, number: int, reason: str) -> None:
    """重新抽签：what had been drawn is replaced, and the trace says why."""
    _settle(this, number)


def _lacks_people(this: Round) -> bool:
    return this.is_sealed or (this.on_site and this.checks.filter(team__isnull=True).exists())


@step(Round, "inspections.assign_team", at={State.DRAWN}, when=_lacks_people)
def assign_team(this: Round, by: Actor, *, team: Iterable[Person]) -> None:
    """统一指定检查组：for every check that has nobody yet; whoever has to stay away from one is left out of that one."""
    people = list(team)
    if this.is_sealed:
        inspectors.fit(people, Unit.objects.filter(pk__in=this.sealed["units"]), this.since)
        this.team.set(people)
        return
    bare = list(this.checks.filter(team__isnull=True).select_related("unit"))
    fit = inspectors.fit(people, [inspection.unit for inspection in bare], this.since)
    for inspection in bare:
        inspection.team.set(fit[inspection.unit_id])


def _unseal(this: Round) -> None:
    """The day has come: it is said who is inspected, as it was drawn."""
    if clock.today() < this.since:
        raise ValidationError(f"飞检的对象密封到 {this.since}，当天才能开始")
    people = list(this.team.all())
    if not people:
        raise ValidationError("还没有检查组，请先指定")
    number, keys = this.sealed["number"], this.sealed["units"]
    units = Unit.objects.in_bulk(keys)
    reason = f"飞检：按抽签号 {number} 抽查 {len(keys)} 个支部"
    _name(this, [Drawn(units[key], None, reason) for key in keys], number)
    fit = inspectors.fit(people, list(units.values()), this.since)
    for inspection in this.checks.all():
        inspection.team.set(fit[inspection.unit_id])


@step(Round, "inspections.start", at={State.DRAWN}, to=State.OPEN)
def start(this: Round, by: Actor) -> None:
    """开始检查"""
    if this.unannounced:
        _unseal(this)
    checks = list(this.checks.select_related("unit", "round").prefetch_related("team"))
    if this.on_site and (bare := [str(each.unit) for each in checks if not each.team.all()]):
        raise ValidationError(f"还没有检查人：{'、'.join(bare[:5])}{'等' if len(bare) > 5 else ''}，请先指定")
    if this.until < clock.today():
        raise ValidationError(f"检查期已于 {this.until} 结束，请先延长")
    for inspection in checks:
        if this.on_site:
            inspectors.post(inspection, inspection.team.all())
        if this.on_site and not this.unannounced:
            # Only those who are inspected: what is to be done oneself stands on the desk.
            tell(inspection.unit.heads(), f"{this.title}：{this.since} 至 {this.until}", about=inspection)


@step(Round, "inspections.extend", at={State.PLANNED, State.DRAWN, State.OPEN})
def extend(this: Round, by: Actor, *, until: date, note: str = "") -> None:
    """调整截止日期"""
    if until < max(this.since, clock.today()):
        raise ValidationError({"until": "截止日期不能早于今天和开始日期"})
    this.until = until
    if this.state == State.OPEN and this.on_site:
        for inspection in this.checks.exclude(state=Check.State.CONFIRMED).select_related("unit"):
            inspection.round = this
            inspectors.post(inspection, inspection.team.all())


@step(Round, "inspections.close_round", at={State.OPEN}, to=State.CLOSED)
def close_round(this: Round, by: Actor, *, note: str = "") -> None:
    """结束本轮：the inspectors' temporary posts end with it."""
    if waiting := this.checks.filter(state=Check.State.ENTERED).count():
        raise ValidationError(f"还有 {waiting} 份结果待确认，请先确认或退回")
    if not note and (left := this.checks.filter(state=Check.State.WAITING).count()):
        raise ValidationError({"note": f"还有 {left} 个支部没有查，请写明原因再结束"})
    inspectors.dismiss_all(this)


def _nothing_entered(this: Round, by: Actor) -> None:
    # What was returned was entered once: its findings are there, and the trace tells of them.
    seen = this.checks.exclude(state=Check.State.WAITING, entered_on__isnull=True).count()
    if seen:
        raise ValidationError(f"已有 {seen} 个支部录入过结果，不能撤销；请写明原因，结束本轮")


@step(
    Round,
    "inspections.withdraw",
    at={State.PLANNED, State.DRAWN, State.OPEN},
    to=State.WITHDRAWN,
    only=_nothing_entered,
)
def withdraw(this: Round, by: Actor, *, reason: str) -> None:
    """撤销：it was made by mistake and counts nowhere. Whoever it was waiting for is told."""
    if this.state != State.OPEN:
        return
    checks = this.checks.select_related("unit").prefetch_related("team")
    people = {person for each in checks for person in (*each.unit.heads(), *each.team.all())}
    tell(people, f"{this.title}已撤销：{reason}", about=this, instead=f"{this.title}：")
    inspectors.dismiss_all(this)
