"""What inspections wait for: visits, own checks, confirmations, findings to be settled."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse

from linghang.inspections.models import Check, Finding, Round
from linghang.kernel.models import Trail
from linghang.kernel.todos import Todo, todos

CITE = "院内规定 · 四查"


@todos("inspections")
def waiting(person: Any) -> Iterator[Todo]:
    """Six queries at most, whatever waits."""
    yield from _visits(person)
    yield from _own(person)
    yield from _results(person)
    yield from _findings(person)


def _visits(person: Any) -> Iterator[Todo]:
    if not person.reach("inspections.enter"):
        return
    mine = (
        Check.objects.running().filter(state=Check.State.WAITING, team=person).exclude(round__method="self")
    )
    for check in mine.select_related("round", "unit"):
        why = f"{check.round} · " + ("检查表已打印，查过后录入" if check.printed_on else "先打印检查表")
        yield Todo(
            f"检查{check.unit}", why, check.get_absolute_url(), "去检查", "查", check.round.until, CITE
        )


def _own(person: Any) -> Iterator[Todo]:
    running = Check.objects.running().filter(round__method=Round.Method.SELF).select_related("round")
    if person.reach("inspections.self_check"):
        for check in running.within(person, "inspections.self_check").filter(state=Check.State.WAITING):
            url = reverse("inspections:check_self_check", args=[check.pk])
            yield Todo(str(check.round), "系统已预填，核对即可", url, "去自查", "查", check.round.until, CITE)
    if person.reach("inspections.confirm_self"):
        for check in running.within(person, "inspections.confirm_self").filter(state=Check.State.ENTERED):
            why = "支部干事已填好，等您确认"
            yield Todo(str(check.round), why, check.get_absolute_url(), "确认", "查", check.round.until, CITE)


def _results(person: Any) -> Iterator[Todo]:
    if not person.reach("inspections.confirm_check"):
        return
    entered = (
        Check.objects.within(person, "inspections.confirm_check").running().filter(state=Check.State.ENTERED)
    )
    refs = {check.ref for check in entered.exclude(round__method=Round.Method.SELF)}
    own = Trail.objects.filter(subject__in=refs, verb="inspections.enter", actor=person.ref) if refs else ()
    if count := len(refs - {trace.subject for trace in own}):
        url = f"{reverse('inspections:checks')}?state={Check.State.ENTERED}"
        yield Todo(f"{count} 份检查结果待确认", "检查人已录入", url, "去确认", "查", cite=CITE, count=count)


def _findings(person: Any) -> Iterator[Todo]:
    url = reverse("inspections:findings")
    if person.reach("inspections.confirm_finding"):
        rows = Finding.objects.within(person, "inspections.confirm_finding")
        if count := rows.to_confirm().count():
            why = "互查和自查提出的是建议，认定后才处置"
            yield Todo(
                f"{count} 个问题待认定", why, f"{url}?state=confirm", "去认定", "问", cite=CITE, count=count
            )
    if person.reach("inspections.draft_order"):
        rows = Finding.objects.within(person, "inspections.draft_order").with_order()
        if count := rows.to_dispose().count():
            why = "已认定，还没有整改单"
            yield Todo(
                f"{count} 个问题待处置",
                why,
                f"{url}?state=dispose",
                "起草整改单",
                "问",
                cite=CITE,
                count=count,
            )
