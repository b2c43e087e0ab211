"""A campaign of rectification, read top to bottom: 发起 → 列问题、措施 → 发整改单 → （上报、复核、销号在单据）→ 回头看 → 结束."""

from collections.abc import Sequence
from datetime import date
from difflib import SequenceMatcher
from typing import Any

from django.core.exceptions import ValidationError

from linghang.dispatch import actions as dispatch
from linghang.dispatch.actions import LineDraft
from linghang.dispatch.models import Order
from linghang.inspections.models import Finding
from linghang.inspections.models.campaigns import Campaign, CampaignKind, Problem, ProblemImport
from linghang.kernel import clock
from linghang.kernel.access import Actor
from linghang.kernel.flow import creation, keep, step, verb
from linghang.kernel.models import Link, Trail
from linghang.kernel.parameters import value
from linghang.kernel.refs import tie
from linghang.org.models import Person, Unit
from linghang.rules.periods import add_months

State, Stage = Campaign.State, ProblemImport.State
REPEAT = "repeat"
ALIKE = 0.8  # of two texts: the share that is the same
Measure = dict[str, Any]
verb("inspections.view_campaign", "查看专项整改")
verb("inspections.view_problem", "查看专项问题")


@creation(Campaign, "inspections.open_campaign", to=State.OPEN)
def open_campaign(
    by: Actor, /, *, kind: CampaignKind, unit: Unit, basis: str = "", **wanted: Any
) -> Campaign:
    """发起专项整改"""
    campaign = Campaign(kind=kind, unit=unit)
    _frame(campaign, basis=basis or kind.basis, **wanted)
    return campaign


@step(Campaign, "inspections.edit_campaign", at={State.OPEN})
def edit_campaign(campaign: Campaign, by: Actor, /, **wanted: Any) -> None:
    """修改专项"""
    _frame(campaign, **wanted)


def _frame(
    campaign: Campaign,
    *,
    title: str,
    since: date,
    until: date,
    phases: Sequence[Sequence[str]] = (),
    basis: str = "",
) -> None:
    campaign.title, campaign.since, campaign.until, campaign.basis = title.strip(), since, until, basis
    campaign.phases = [list(phase) for phase in phases]


@step(Campaign, "inspections.close_campaign", at={State.OPEN}, to=State.CLOSED)
def close_campaign(campaign: Campaign, by: Actor, *, note: str = "") -> None:
    """结束专项"""
    if left := campaign.problems.with_order().unsettled().count():
        raise ValidationError(f"还有 {left} 个问题没有销号，销号或移出后才能结束")
    campaign.closed_on = clock.today()


# --- its problems ----------------------------------------------------------------------------------------------------


@creation(Problem, "inspections.add_problem")
def add_problem(by: Actor, /, *, campaign: Campaign, text: str, unit: Unit, **wanted: Any) -> Problem:
    """登记问题"""
    if campaign.state != State.OPEN:
        raise ValidationError("专项已结束，不能再列问题")
    last = campaign.problems.order_by("-number").values_list("number", flat=True).first() or 0
    problem = Problem(campaign=campaign, number=last + 1)
    _fill(problem, text=text, unit=unit, **wanted)
    keep(problem)
    recognise([problem])
    return problem


def _fill(
    problem: Problem,
    *,
    text: str,
    unit: Unit,
    aspect: str = "",
    department: Unit | None = None,
    leader: Person | None = None,
    owner: Person | None = None,
    verifier: Person | None = None,
    due_on: date | None = None,
    plan: Sequence[Measure] = (),
) -> None:
    problem.text, problem.unit, problem.aspect, problem.department = (
        text.strip(),
        unit,
        aspect.strip(),
        department,
    )
    problem.leader, problem.owner, problem.verifier = leader, owner, verifier
    problem.due_on, problem.plan = due_on, list(plan)


def recognise(problems: Sequence[Problem]) -> None:
    """Mark those that the same unit had within the time in which something counts as coming back; tied to what was before.

    Alike is what reads alike: nearly the same words, in a campaign or an inspection.
    """
    since = add_months(clock.today(), -value("inspections.repeat_months"))
    units = {problem.unit_id for problem in problems}
    own = {problem.pk for problem in problems}
    known: dict[int, list[tuple[str, str]]] = {}
    earlier = Problem.objects.standing().filter(unit__in=units, found_on__gte=since).exclude(pk__in=own)
    found = Finding.objects.standing().filter(inspection__unit__in=units, found_on__gte=since)
    for one in earlier:
        known.setdefault(one.unit_id, []).append((one.text, one.ref))
    for finding in found.select_related("inspection"):
        known.setdefault(finding.inspection.unit_id, []).append((finding.text, finding.ref))
    for problem in problems:
        before = next(
            (ref for text, ref in known.get(problem.unit_id, ()) if _alike(text, problem.text)), None
        )
        if before:
            problem.repeat = True
            tie(before, problem, REPEAT)
    Problem.objects.bulk_update(problems, ["repeat"])


def _alike(one: str, other: str) -> bool:
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= ALIKE


def _unordered(problem: Problem) -> bool:
    return problem.dropped_on is None and problem.campaign.state == State.OPEN and problem.order is None


@step(Problem, "inspections.edit_problem", when=_unordered)
def edit_problem(problem: Problem, by: Actor, /, **wanted: Any) -> None:
    """修改问题

    Until the order is drafted; from then on the order's lines are what is to be done.
    """
    _fill(problem, **wanted)


@step(Problem, "inspections.drop_problem", when=_unordered)
def drop_problem(problem: Problem, by: Actor, *, reason: str) -> None:
    """移出清单"""
    problem.dropped_on = clock.today()


@step(Problem, "inspections.order_problem", when=_unordered)
def order_problem(problem: Problem, by: Actor) -> None:
    """起草整改单

    One 限期整改 with the measures and sub-measures as its lines, each verified by somebody else.
    """
    if wanted := missing(problem):
        raise ValidationError(f"第 {problem.number} 号问题还没有{'、'.join(wanted)}，请先补充")
    people = Person.objects.in_bulk(_named(problem.plan))
    dispatch.draft(
        by,
        kind=Order.Kind.RECTIFICATION,
        unit=problem.unit,
        issuer=problem.campaign.unit,
        title=problem.text[:120],
        text=_words(problem),
        about=problem.ref,
        lines=[_line(problem, one, people) for one in problem.plan],
    )


def missing(problem: Problem) -> list[str]:
    """What an order for it still wants, in words."""
    wanted = {"plan": "措施", "verifier_id": "复核人"}
    found = [label for name, label in wanted.items() if not getattr(problem, name)]
    leaves = [leaf for one in problem.plan for leaf in (one.get("children") or [one])]
    if not problem.owner_id and not all(leaf.get("owner") for leaf in leaves):
        found.append("责任人")
    if not problem.due_on and not all(leaf.get("due_on") for leaf in leaves):
        found.append("期限")
    return found


def _named(plan: Sequence[Measure]) -> set[int]:
    every = [*plan, *(child for one in plan for child in one.get("children", ()))]
    return {one["owner"] for one in every if one.get("owner")}


def _line(problem: Problem, one: Measure, people: dict[int, Person]) -> LineDraft:
    """One measure with its sub-measures; what it does not say itself is the problem's."""
    children = tuple(_line(problem, child, people) for child in one.get("children", ()))
    due = date.fromisoformat(one["due_on"]) if one.get("due_on") else problem.due_on
    last = max((child.due_on for child in children if child.due_on), default=None)
    return LineDraft(
        one["text"],
        max(filter(None, (due, last)), default=None) if children else due,
        owner=people.get(one.get("owner") or 0) or problem.owner,
        verifier=problem.verifier,
        children=children,
    )


def _words(problem: Problem) -> str:
    campaign = problem.campaign
    parts = [f"{campaign.title}第 {problem.number} 号问题：{problem.text}。"]
    parts += [f"责任领导：{problem.leader}。"] if problem.leader else []
    parts += [f"责任部门：{problem.department}。"] if problem.department else []
    return "".join([*parts, "一年内再次出现。" if problem.repeat else ""])[:1500]


def _closed(problem: Problem) -> bool:
    order = problem.order
    return problem.dropped_on is None and order is not None and order.state == Order.State.CLOSED


@step(Problem, "inspections.recheck", when=_closed)
def recheck(problem: Problem, by: Actor, *, held: bool, note: str = "") -> None:
    """回头看

    What has come back is to be put right anew: the closed order no longer counts, another is drafted.
    """
    order = problem.order
    if order is not None and order.lines.filter(owner=by.pk).exists():
        raise ValidationError("整改责任人不能对自己的问题回头看")
    if held:
        problem.rechecked_on = clock.today()
        return
    if problem.campaign.state != State.OPEN:
        raise ValidationError("专项已结束；反弹的问题请列入新的专项，或在督查里作为问题处置")
    problem.relapsed_on, problem.repeat, problem.rechecked_on = clock.today(), True, None


# --- a list of problems from a sheet ---------------------------------------------------------------------------------


@creation(ProblemImport, "inspections.import_problems", to=Stage.PREVIEWED)
def import_problems(by: Actor, *, campaign: Campaign, name: str, outcome: dict[str, Any]) -> ProblemImport:
    """上传问题清单"""
    if campaign.state != State.OPEN:
        raise ValidationError("专项已结束，不能再列问题")
    if not outcome["rows"]:
        raise ValidationError(
            "没有找到可以认出的行：表头要有“问题”，以及措施、责任单位、责任人、期限中的一列"
        )
    return ProblemImport(campaign=campaign, name=name[:200], outcome=outcome)


@step(ProblemImport, "inspections.confirm_problems", at={Stage.PREVIEWED}, to=Stage.CONFIRMED)
def confirm_problems(upload: ProblemImport, by: Actor) -> None:
    """确认问题导入"""
    campaign, wanted = upload.campaign, upload.outcome["problems"]
    if not wanted:
        raise ValidationError("没有可以导入的问题")
    Campaign.objects.select_for_update().get(pk=campaign.pk)
    if campaign.problems.standing().filter(text__in=[one["text"] for one in wanted]).exists():
        raise ValidationError("预览之后清单有变动，请放弃这次导入，重新上传")
    last = campaign.problems.order_by("-number").values_list("number", flat=True).first() or 0
    fresh = [_made(campaign, last + at, one) for at, one in enumerate(wanted, 1)]
    made = Problem.objects.bulk_create(fresh, batch_size=200)
    recognise(made)
    upload.journal = [problem.pk for problem in made]


def _made(campaign: Campaign, number: int, one: dict[str, Any]) -> Problem:
    keys = {f"{name}_id": one[name] for name in ("unit", "department", "leader", "owner", "verifier")}
    due = date.fromisoformat(one["due_on"]) if one["due_on"] else None
    plain = {name: one[name] for name in ("text", "aspect", "plan")}
    return Problem(campaign=campaign, number=number, due_on=due, **plain, **keys)


@step(ProblemImport, "inspections.discard_problems", at={Stage.PREVIEWED}, to=Stage.UNDONE)
def discard_problems(upload: ProblemImport, by: Actor) -> None:
    """放弃问题导入"""


@step(ProblemImport, "inspections.undo_problems", at={Stage.CONFIRMED}, to=Stage.UNDONE)
def undo_problems(upload: ProblemImport, by: Actor) -> None:
    """撤销问题导入"""
    made = Problem.objects.filter(pk__in=upload.journal)
    refs = {problem.ref: problem for problem in made}
    acted = Trail.objects.filter(subject__in=refs).values_list("subject", flat=True)
    tied = Link.objects.filter(source__in=refs).values_list("source", flat=True)
    if used := [refs[ref] for ref in dict.fromkeys([*acted, *tied])]:
        named = "；".join(f"第 {problem.number} 号" for problem in used[:5])
        raise ValidationError(
            f"导入之后有 {len(used)} 个问题已经办理（{named}），不能撤销；不该列的请逐个移出"
        )
    Link.objects.filter(target__in=refs, kind=REPEAT).delete()
    made.delete()
    upload.journal = []
