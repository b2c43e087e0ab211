"""What inspections wait for: visits, own checks, confirmations, findings to be settled."""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from typing import Any

from django.urls import reverse

from linghang.inspections import campaign_todos as campaign_todos
from linghang.inspections.models import Check, Finding, Plan, PlanLine, Round
from linghang.inspections.parameters import BASIS
from linghang.inspections.standards import lapsing
from linghang.kernel import clock
from linghang.kernel.flow import did_to_each
from linghang.kernel.parameters import value
from linghang.kernel.todos import Coming, Offered, Todo, Waits, coming, todos

FEW = 3


@todos("inspections")
def waiting(person: Any) -> Offered:
    """Visits to make, own checks to fill in and confirm, results to confirm, findings to settle."""
    yield from _visits(person)
    yield from _own(person)
    yield from _results(person)
    yield from _findings(person)
    yield from _lapsing(person)
    yield from _planned(person)


def _visits(person: Any) -> Iterator[Waits]:
    if person.may("inspections.enter"):
        found = Check.objects.running().filter(state=Check.State.WAITING, team=person)
        sent = found.exclude(round__method=Round.Method.SELF)
        yield Waits(sent, "round__until", partial(_tell_visits, person), related=("round", "unit"))


def _tell_visits(person: Any, visits: Sequence[Check], count: int) -> Iterator[Todo]:
    if len(visits) > FEW:
        first = visits[0].round
        url = f"{reverse('inspections:checks')}?state={Check.State.WAITING}&team={person.pk}"
        title = f"检查 {count} 个支部"
        yield Todo(title, str(first), url, "去检查", "查", first.until, value(BASIS), count=count)
        return
    for check in visits:
        why = f"{check.round} · " + ("检查表已打印，查过后录入" if check.printed_on else "先打印检查表")
        yield Todo(
            f"检查{check.unit}",
            why,
            check.get_absolute_url(),
            "去检查",
            "查",
            check.round.until,
            value(BASIS),
        )


def _own(person: Any) -> Iterator[Waits]:
    running = Check.objects.running().filter(round__method=Round.Method.SELF)
    for verb, state, tell in (
        ("inspections.self_check", Check.State.WAITING, _tell_to_fill_in),
        ("inspections.confirm_self", Check.State.ENTERED, _tell_to_confirm),
    ):
        if person.may(verb):
            own = running.within(person, verb).filter(state=state)
            yield Waits(own, "round__until", tell, related=("round", "unit"))


def _tell_to_fill_in(checks: Sequence[Check], count: int) -> Iterator[Todo]:
    for check in checks:
        url, until = reverse("inspections:check_self_check", args=[check.pk]), check.round.until
        yield Todo(str(check.round), "系统已预填，核对即可", url, "去自查", "查", until, value(BASIS))


def _tell_to_confirm(checks: Sequence[Check], count: int) -> Iterator[Todo]:
    for check in checks:
        why, until = "支部干事已填好，等您确认", check.round.until
        yield Todo(str(check.round), why, check.get_absolute_url(), "确认", "查", until, value(BASIS))


def _results(person: Any) -> Iterator[Waits]:
    """Results that somebody else has entered."""
    if person.may("inspections.confirm_check"):
        entered = Check.objects.within(person, "inspections.confirm_check").running()
        own = did_to_each(Check, person, "inspections.enter")
        others = entered.filter(~own, state=Check.State.ENTERED)
        url = f"{reverse('inspections:checks')}?state={Check.State.ENTERED}"
        tell = partial(_tell_number, "份检查结果待确认", "检查人已录入", url, "去确认", "查")
        yield Waits(others.exclude(round__method=Round.Method.SELF), "round__until", tell, most=0)


def _findings(person: Any) -> Iterator[Waits]:
    url = reverse("inspections:findings")
    if person.may("inspections.confirm_finding"):
        rows = Finding.objects.within(person, "inspections.confirm_finding").to_confirm()
        why = "互查和自查提出的是建议，认定后才处置"
        tell = partial(_tell_number, "个问题待认定", why, f"{url}?state=confirm", "去认定", "问")
        yield Waits(rows, "found_on", tell, most=0)
    if person.may("inspections.draft_order"):
        rows = Finding.objects.within(person, "inspections.draft_order").with_order().to_dispose()
        why = "已认定，还没有整改单"
        tell = partial(_tell_number, "个问题待处置", why, f"{url}?state=dispose", "起草整改单", "问")
        yield Waits(rows, "found_on", tell, most=0)


def _lapsing(person: Any) -> Iterator[Waits]:
    """Standards that lapse soon, to be verified again."""
    if person.may("inspections.open_round"):
        rows = lapsing(Check.objects.within(person, "inspections.open_round"))
        url = reverse("inspections:standards")
        tell = partial(_tell_number, "项达标要复核", "离上次核验快满或已满有效期", url, "去安排", "查")
        yield Waits(rows, "confirmed_on", tell, most=0)


def _planned(person: Any) -> Iterator[Waits]:
    """Rounds of this month in the year's filed plan that nobody has arranged yet."""
    if person.may("inspections.open_round"):
        today = clock.today()
        plans = Plan.objects.within(person, "inspections.open_round").filter(state=Plan.State.FILED)
        lines = PlanLine.objects.filter(plan__in=plans, plan__year=today.year, month=today.month)
        yield Waits(
            lines.filter(rounds=None), "plan__filed_on", _tell_planned, related=("plan__unit", "checklist")
        )


def _tell_planned(lines: Sequence[PlanLine], count: int) -> Iterator[Todo]:
    for line in lines:
        url = f"{reverse('inspections:round_new')}?line={line.pk}"
        why = f"{line.plan}（{line.plan.document}）· {line.checklist.title}"
        yield Todo(f"安排{line}", why, url, "去安排", "查", cite=value(BASIS))


def _tell_number(
    what: str, why: str, url: str, button: str, glyph: str, _: Any, count: int
) -> Iterator[Todo]:
    yield Todo(f"{count} {what}", why, url, button, glyph, cite=value(BASIS), count=count)


@coming("inspections")
def ahead(person: Any, since: date, until: date) -> Iterator[Waits]:
    """The last days of rounds that run within reach, and when one's own branch is visited until."""
    rounds = Round.objects.within(person, "inspections.view_round").filter(state=Round.State.OPEN)
    yield Waits(rounds.filter(until__range=(since, until)), "until", _tell_ends)
    if own := {post.unit_id for post in person.posts_now if post.role.on_committee}:
        found = Check.objects.running().within(person, "inspections.view_check")
        visits = found.filter(unit__in=own, state=Check.State.WAITING, round__until__range=(since, until))
        others = visits.exclude(round__method=Round.Method.SELF)
        yield Waits(others, "round__until", _tell_visitors, related=("round", "unit"))


def _tell_ends(rounds: Sequence[Round], count: int) -> Iterator[Coming]:
    for one in rounds:
        yield Coming(one.until, f"{one.title}结束", one.get_absolute_url(), "", "看进度")


def _tell_visitors(checks: Sequence[Check], count: int) -> Iterator[Coming]:
    for check in checks:
        title, why = f"{check.round.title}在此之前到本支部", f"{check.unit} · 检查人会先与您约时间"
        yield Coming(check.round.until, title, check.get_absolute_url(), why, "看检查")
