"""One day of inspection in the demo hospital: rounds begin, people go and look, results are confirmed, orders drafted."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from linghang.activities.models import Meeting
from linghang.inspections import actions
from linghang.inspections.actions import AnswerDraft
from linghang.inspections.models import Check, Checklist, ChecklistItem, Finding, Plan, PlanLine, Round
from linghang.inspections.pairing import draw as draw_lots
from linghang.inspections.prefill import known
from linghang.inspections.recusals import recusals
from linghang.inspections.ways import methods
from linghang.org.demo import holder, home
from linghang.org.models import Person, Unit
from linghang.rules.periods import Kind, Period
from linghang.rules.workdays import is_workday

Method, State = Round.Method, Check.State
# The year's plan: self each quarter, mutual each half-year, cross and committee once (month → method).
PLAN = {
    2: Method.SELF,
    4: Method.MUTUAL,
    5: Method.SELF,
    6: Method.CROSS,
    8: Method.SELF,
    9: Method.COMMITTEE,
    10: Method.MUTUAL,
    11: Method.SELF,
}
BEGINS, LASTS, SAMPLE = 11, 14, 12
# “六有” is verified at every branch in the first month without another round; most pass, a few have something missing.
PREMISES = "premises"
SEEN = {
    "A1": "抽查三次会议记录，一次未安排学习议程",
    "A2": "两项提示单事项逾期后才上报",
    "B1": "上季度未召开支部党员大会，记录本无记载",
    "B2": "上月支部委员会未召开",
    "B3": "党小组会记录缺一个月",
    "B4": "主题党日记录不全，缺活动内容",
    "B5": "本季度党课未安排",
    "B6": "组织生活会查摆问题未形成清单",
    "C1": "支委分工未公布，纪检委员空缺",
    "C2": "一名发展对象政审材料缺函调回函",
    "D1": "科室设备申购未见支部意见记录",
    "E1": "上次检查的问题再次出现",
    "W1": "记录本与工作清单对不上一项",
    "W2": "对本月任务的进度说不清",
    "L1": "活动室与库房混用，开会要临时找地方",
    "L2": "投影设备坏了没有报修",
    "L3": "党员公示栏还是上一届支委",
    "L4": "党旗褪色，没有更换",
    "L5": "报刊架上只有去年的党报",
    "L6": "上墙的制度是旧版",
}
MEASURES = ("补办并说明原因", "明确责任人和完成时间，纳入支委会研究", "核对全年安排，防止再次发生")


def play(day: date, rng: random.Random) -> None:
    """What is planned begins; what runs goes on; what was entered is confirmed; what was found is settled."""
    director = holder("office_director")
    if director is None:
        return
    if day == _begins(day.year, day.month) and day.month in PLAN:
        _begin(PLAN[day.month], day, director)
    elif day == _begins(day.year, day.month) and not Round.objects.filter(checklist__code=PREMISES).exists():
        _begin(Method.COMMITTEE, day, director, PREMISES)
    for this in Round.objects.filter(state=Round.State.OPEN).select_related("checklist", "unit"):
        _go_on(this, day, director, rng)
    _confirm(director, rng)
    _settle(day, director, rng)


@lru_cache(maxsize=64)
def _begins(year: int, month: int) -> date:
    days = [day for n in range(1, 29) if is_workday(day := date(year, month, n))]
    return days[BEGINS]


def _begin(method: str, day: date, director: Person, code: str = "standard") -> None:
    head = Unit.objects.party().filter(until=None).order_by("path").first()
    checklist = Checklist.objects.on(day).filter(code=code).first()
    named = dict(methods())
    if head is None or checklist is None or method not in named:
        return
    # What is looked at is the quarter that has passed, whole.
    quarter = Period.containing(Kind.QUARTER, day).previous
    this = actions.open_round(
        director,
        title=f"{checklist.title}核验" if checklist.is_standard else f"{quarter.label}{named[method]}",
        method=method,
        checklist=checklist,
        unit=head,
        since=day,
        until=day + timedelta(days=LASTS),
        period_since=quarter.start,
        period_until=quarter.end,
        sample=SAMPLE if method == Method.COMMITTEE and not checklist.is_standard else None,
        source=_agreed_at(head, day),
        line=None if checklist.is_standard else _line(head, day, method, director),
    )
    if this.by_lot:
        actions.draw(this, director)
    if method == Method.COMMITTEE:
        _send(this, director, [one for one in (holder("office_clerk"), holder("discipline_clerk")) if one])
    if method == Method.SELF or not this.checks.filter(team__isnull=True).exists():
        actions.start(this, director)


def _line(head: Unit, day: date, method: str, director: Person) -> PlanLine | None:
    """The line of the year's plan, which is drafted and filed with its first round."""
    plan = Plan.objects.filter(unit=head, year=day.year).first()
    if plan is None:
        plan = actions.draft_plan(director, unit=head, year=day.year)
        actions.file_plan(plan, director, document=f"院党字〔{day.year}〕5 号", filed_on=day)
    return plan.lines.filter(month=day.month, method=method).first()


def _send(this: Round, director: Person, team: list[Person]) -> None:
    """These people go; where all of them have to stay away, the secretary of another branch does."""
    if this.is_sealed:
        actions.assign_team(this, director, team=team)
        return
    checks = list(this.checks.select_related("unit"))
    barred = recusals(team, {check.unit_id for check in checks}, this.since)
    for check in checks:
        if all((one.pk, check.unit_id) in barred for one in team):
            others = (holder("secretary", each.unit) for each in checks if each.unit_id != check.unit_id)
            if by := next(filter(None, others), None):
                actions.assign_inspectors(check, director, team=[by])
    if this.checks.filter(team=None).exists():
        actions.assign_team(this, director, team=team)


def _agreed_at(head: Unit, day: date) -> str:
    """The last deployment meeting: inspections are arranged there."""
    held = Meeting.objects.held().filter(unit=head, kind=Meeting.Kind.DEPLOYMENT, held_on__lte=day)
    meeting = held.order_by("-held_on").first()
    return meeting.ref if meeting else ""


def _go_on(this: Round, day: date, director: Person, rng: random.Random) -> None:
    """A fifth of what is left each day, the rest on the last; then the round ends."""
    last = day >= this.until - timedelta(days=2)
    waiting = list(this.checks.filter(state=State.WAITING).select_related("unit").prefetch_related("team"))
    chosen = [check for check in waiting if last or rng.random() < 0.2]
    items = list(this.checklist.items.all())
    if this.method == Method.SELF:
        _look_inwards(this, chosen, items, rng)
    else:
        for check in chosen:
            check.round = this
            _visit(check, items, day, rng)
    if day >= this.until and not this.checks.filter(state=State.ENTERED).exists():
        actions.close_round(this, director, note="按期结束")


def _look_inwards(this: Round, chosen: list[Check], items: list[ChecklistItem], rng: random.Random) -> None:
    told = (
        known(items, [check.unit_id for check in chosen], this.period_since, this.period_until)
        if chosen
        else {}
    )
    for check in chosen:
        check.round = this
        by = holder("secretary", check.unit)
        if by is not None:
            own = {item: answer for (unit, item), answer in told.items() if unit == check.unit_id}
            actions.self_check(check, by, exceptions=_exceptions(items, rng, 0.02, weighted=False), told=own)


def _visit(check: Check, items: list[ChecklistItem], day: date, rng: random.Random) -> None:
    team = [person for person in check.team.all() if person.branch_id != check.unit_id]
    if not team:
        return
    # Freshly loaded: the temporary post is younger than what a cached person remembers.
    by = Person.objects.get(pk=team[0].pk)
    if by.may("inspections.enter", check):
        actions.print_checklist(check, by)
        found = _exceptions(items, rng, 0.05)
        actions.enter(check, by, held_on=day, exceptions=found, note="材料较齐，配合良好")


def _exceptions(
    items: list[ChecklistItem], rng: random.Random, share: float, weighted: bool = True
) -> list[AnswerDraft]:
    return list(_drafts(items, rng, share, weighted))


def _drafts(
    items: list[ChecklistItem], rng: random.Random, share: float, weighted: bool
) -> Iterator[AnswerDraft]:
    for item in items:
        if rng.random() < share:
            verdict = rng.choice(("not_ok", "partly"))
            weight = rng.choices(Finding.Weight.values, (60, 33, 7))[0] if weighted else ""
            yield AnswerDraft(item, verdict, SEEN.get(item.code, "记录不完整"), weight=weight)


def _confirm(director: Person, rng: random.Random) -> None:
    entered = Check.objects.running().filter(state=State.ENTERED).exclude(round__method=Method.SELF)
    for check in entered.select_related("unit__parent", "round"):
        if rng.random() < 0.5:
            by = holder("general_secretary", check.unit.parent) if check.unit.parent else None
            actions.confirm_check(check, by or director, with_findings=rng.random() < 0.85)


def _settle(day: date, director: Person, rng: random.Random) -> None:
    for finding in Finding.objects.to_confirm().select_related("inspection__unit", "inspection__round"):
        if rng.random() < 0.4:
            actions.confirm_finding(finding, director)
        elif rng.random() < 0.1:
            actions.dismiss_finding(finding, director, reason="经核对原始记录，不属实")
    open_ = (
        Finding.objects.with_order()
        .to_dispose()
        .select_related("inspection__unit__parent", "inspection__round")
    )
    for finding in open_:
        if rng.random() < 0.6:
            _order(finding, day, director, rng)


def _order(finding: Finding, day: date, director: Person, rng: random.Random) -> None:
    unit: Unit = finding.inspection.unit
    owner: Any = holder("secretary", unit)
    general = holder("general_secretary", unit.parent) if unit.parent else None
    verifier = next(
        (one for one in (general, holder("office_clerk")) if one and owner and one.pk != owner.pk), None
    )
    clerk = holder("office_clerk") or director
    if owner and verifier:
        due, measures = (
            day + timedelta(days=rng.choice((10, 15, 20))),
            rng.sample(MEASURES, rng.randint(1, 2)),
        )
        actions.draft_order(finding, clerk, measures=measures, due_on=due, owner=owner, verifier=verifier)


def leave(day: date, left: int) -> None:
    """The day before, one branch is visited unannounced; on the last, a ward round begins and one result lies there."""
    director, clerk, discipline = (
        holder("office_director"),
        holder("office_clerk"),
        holder("discipline_clerk"),
    )
    head = Unit.objects.party().filter(until=None).order_by("path").first()
    branch = home()
    if not (director and clerk and discipline and head and branch):
        return
    if left == 1:
        this = _on_site(day, director, head, "飞检", [discipline], meets=branch, unannounced=True, sample=1)
        for check in this.checks.select_related("unit", "round"):
            _enter(check, discipline, day)
            actions.confirm_check(check, director, with_findings=True)
            for finding in check.findings.filter(weight=Finding.Weight.DEADLINE):
                given = {
                    "due_on": day + timedelta(days=15),
                    "owner": holder("secretary", branch),
                    "verifier": discipline,
                }
                actions.draft_order(finding, clerk, measures=[MEASURES[0]], **given)
        actions.close_round(this, director, note="当天查完")
    elif left == 0:
        this = _on_site(day, director, head, "党建查房", [clerk, discipline], method=Method.WARD, sample=3)
        if check := this.checks.select_related("unit", "round").first():
            _enter(check, clerk, day)


def _on_site(
    day: date,
    director: Person,
    unit: Unit,
    name: str,
    team: list[Person],
    *,
    sample: int,
    meets: Unit | None = None,
    **more: Any,
) -> Round:
    """A visit of the committee's people, begun today; what comes unannounced is over on this very day.

    `meets` is a branch that the lot is to fall on, so that those who look at the demo find the visit.
    """
    method = more.setdefault("method", Method.COMMITTEE)
    checklist = Checklist.objects.on(day).get(code="ward" if method == Method.WARD else "standard")
    until = day + timedelta(days=0 if more.get("unannounced") else LASTS)
    this = actions.open_round(
        director,
        title=f"{day:%m-%d} {name}",
        checklist=checklist,
        unit=unit,
        since=day,
        until=until,
        period_since=day - timedelta(days=92),
        period_until=day,
        sample=sample,
        **more,
    )
    actions.draw(this, director, number=_number(this, day, meets))
    _send(this, director, team)
    actions.start(this, director)
    return this


def _number(this: Round, day: date, meets: Unit | None) -> int:
    """A draw number of the day, the first whose lot falls on the branch that is asked for."""
    first = int(f"{day:%Y%m%d}")
    fitting = (
        number
        for number in range(first, first + 1000)
        if meets is None or meets in (drawn.unit for drawn in draw_lots(this, number)[0])
    )
    return next(fitting, first)


def _enter(check: Check, by: Person, day: date) -> None:
    """One thing to be put right by a deadline, one put right on the spot."""
    items = list(check.round.checklist.items.all()[:2])
    weights = (Finding.Weight.DEADLINE, Finding.Weight.ON_SPOT)
    found = [
        AnswerDraft(item, "partly", SEEN.get(item.code, "记录不完整"), weight=weight)
        for item, weight in zip(items, weights, strict=False)
    ]
    by = Person.objects.get(pk=by.pk)  # the temporary post is younger than what a cached person remembers
    actions.print_checklist(check, by)
    told = {"heard": "书记汇报本月重点工作和两件难事", "visited": "访谈党员 2 人、职工 1 人，都知道本月主题"}
    more = told if check.round.method == Method.WARD else {}
    actions.enter(check, by, held_on=day, exceptions=found, note="现场看了记录本", **more)
