"""What a branch's home page shows beside its lights: what is open, what comes next, and who makes up the branch."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse

from linghang.activities.papers import PAPERS
from linghang.compliance.judge import Check
from linghang.compliance.models import Duty
from linghang.compliance.scene import Scene
from linghang.dispatch.models import Line, Order
from linghang.inspections.models import Finding
from linghang.inspections.standards import verified
from linghang.kernel import clock
from linghang.kernel.figures import figure_url
from linghang.kernel.refs import key_of, link
from linghang.org.models import Unit
from linghang.rules.frequency import Status

FEW = 6
AHEAD = timedelta(days=45)
BEFORE = ("agenda", "sign-in")
STATES = (Duty.Judge.TERM, Duty.Judge.COMMITTEE, Duty.Judge.TEMPORARY, Duty.Judge.SIZE)


@dataclass(frozen=True)
class Next:
    """What is due next: the day, what, and where it is done or its papers are printed."""

    day: date
    words: str
    links: list[tuple[str, str]]


def open_lines(lines: Any, branch: Unit, day: date) -> list[Line]:
    """The lines that a branch had not done on a day, soonest deadline first; one more than are shown."""
    asked = lines.filter(order__unit=branch, order__issued_on__lte=day)
    left = asked.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=day)).exclude(
        order__state=Order.State.VOID
    )
    return list(left.select_related("order", "owner").order_by("due_on", "pk")[: FEW + 1])


def open_findings(findings: Any, branch: Unit, day: date) -> list[Finding]:
    """What was found at a branch and not yet put right on a day."""
    found = findings.standing().with_order().filter(inspection__unit=branch, found_on__lte=day)
    left = found.filter(
        Q(closed_on__isnull=True) | Q(closed_on__gt=day),
        Q(order_closed__isnull=True) | Q(order_closed__gt=day),
    )
    return list(left.select_related("inspection").order_by("found_on", "pk")[: FEW + 1])


def coming(checks: list[Check], person: Any) -> list[Next]:
    """Meetings that are planned, with the papers to print, then what is due soon and not planned yet."""
    if not checks:
        return []
    scene, branch = checks[0].scene, checks[0].unit
    titles = {kind: check.duty.title for check in checks for kind in check.duty.kinds}
    planned: dict[str, tuple[date, list[str]]] = {}
    for event in scene.events.get(branch.pk, ()):
        if not event.held and event.kind in titles:
            planned.setdefault(event.record, (event.day, []))[1].append(titles[event.kind])
    found = [
        Next(day, f"{'、'.join(words)}（已安排）", _papers(ref)) for ref, (day, words) in planned.items()
    ]
    found += [_due(check, person) for check in checks if _is_due(check)]
    return sorted(found, key=lambda each: each.day)[:FEW]


def _papers(ref: str) -> list[tuple[str, str]]:
    return [
        (f"打印{PAPERS[name]}", reverse("activities:meeting_paper", args=[key_of(ref), name]))
        for name in BEFORE
    ]


def _is_due(check: Check) -> bool:
    now = check.current
    if check.duty.judge != Duty.Judge.MEETINGS or now is None or now.planned_on:
        return False
    open_ = now.status in (Status.DUE_SOON, Status.NOT_YET)
    return open_ and now.due_on <= clock.today() + AHEAD


def _due(check: Check, person: Any) -> Next:
    now = check.current
    assert now is not None
    own = any(post.unit_id == check.unit.pk for post in person.posts_now)
    plan = own and person.may("activities.plan", check.unit)
    address = link("activities.plan", unit=check.unit.pk, kind=check.duty.kinds[0]) if plan else ""
    return Next(now.due_on, f"{check.duty}（还没安排）", [("安排", address)] if address else [])


def makeup(
    branch: Unit, checks: list[Check], scene: Scene, on: str, person: Any
) -> list[tuple[str, str, str, str]]:
    """How many members, who sits on the committee, and how the term stands: (label, words, address, light)."""
    members, seats = scene.members_now(branch.pk), scene.on_committee(branch.pk)
    states = Counter(member.status for member in members)
    people = (
        f"{len(members)} 人：正式 {states['full']}，预备 {states['probationary']}"
        if members
        else "不转组织关系，名册在各人所在的支部"
        if branch.is_temporary
        else "还没有党员名册"
    )
    opens = members and not on and person.may("org.view_person")
    roster = f"{reverse('org:people')}?branch={branch.pk}" if opens else ""
    found = [("党员", people, roster, "")]
    names = "、".join(dict.fromkeys(seat.name for seat in seats))
    posts = reverse("org:unit", args=[branch.pk]) if person.may("org.view_unit", branch) else ""
    found.append(("班子", names or "尚无任职记录", posts, ""))
    for check in checks:
        if check.duty.judge in STATES and not check.duty.lets_off(branch):
            address = figure_url("compliance.duties", branch.pk, duty=check.duty.code, on=on)
            found.append((check.duty.title, check.sentence, address, check.status.label))
    return found


def standards(branch: Unit, day: date, person: Any) -> list[tuple[str, str, str, str]]:
    """What the branch holds by verification (“六有”, 标准化), one line each, leading to the check that says so."""
    if not person.may("inspections.view_standards", branch):
        return []
    opens = person.may("inspections.view_check", branch)
    return [
        (
            each.standard.title,
            each.words,
            each.check.get_absolute_url() if opens and each.check else "",
            each.light,
        )
        for each in verified(branch, day)
    ]
