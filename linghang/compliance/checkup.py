"""The 支部体检 as a page shows it: a sentence at the top, the urgent first, each with its reason and one button."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from linghang.compliance.judge import Check
from linghang.compliance.models import Duty
from linghang.compliance.strip import Cell, cells, on_day
from linghang.kernel import clock
from linghang.kernel.figures import figure_url
from linghang.kernel.refs import link
from linghang.rules.frequency import Light, Standing, Status

WORDS = {Light.RED: "要办", Light.AMBER: "快到期", Light.GREEN: "正常", Light.GREY: "未到期"}
SAID = ("正常", "快到期", "要办", *(each.label for each in Status if each.light is Light.GREY))
URGENT = (Light.RED, Light.AMBER)


@dataclass(frozen=True)
class Row:
    """One duty on the page."""

    check: Check
    word: str
    cells: list[Cell]
    action: tuple[str, str] | None
    waive_url: str
    faulty: list[tuple[str, str]]


class Urgent(NamedTuple):
    """A duty that is to be done or soon will be, in a word."""

    check: Check
    word: str


def urgent(checks: Sequence[Check]) -> list[Urgent]:
    """What a glance is for: the pressing duties in the order of the page, without strips and buttons."""
    return [Urgent(each, word(each)) for each in _ordered(checks) if each.light in URGENT]


def _ordered(checks: Sequence[Check]) -> list[Check]:
    """Urgent ones first."""
    return sorted(checks, key=lambda each: (list(WORDS).index(each.light), each.duty.order))


def rows(checks: Sequence[Check], person: Any) -> list[Row]:
    """The rows of a checkup, urgent ones first."""
    ordered = _ordered(checks)
    past = any(check.today < clock.today() for check in ordered)
    return [
        Row(
            check,
            word(check),
            cells(check),
            None if past else action(check, person),
            "" if past else _waive_url(check, person),
            faults(check),
        )
        for check in ordered
    ]


def faults(check: Check) -> list[tuple[str, str]]:
    """What is to be said of the records beside whether it was held: (words, address of those records)."""
    found = (("later", "补记", check.later), ("faulty", "记录待补正", check.faulty))
    query = {"duty": check.duty.code, "on": on_day(check)}
    return [
        (f"{words} {len(refs)}", figure_url("compliance.records", check.unit.pk, what=what, **query))
        for what, words, refs in found
        if refs
    ]


def word(check: Check) -> str:
    """The word of the light; grey says which grey it is."""
    return check.status.label if check.light is Light.GREY else WORDS[check.light]


def counts(checks: Sequence[Check]) -> list[tuple[str, int]]:
    """How many duties have which light, in words; grey says which grey it is."""
    found = Counter(word(check) for check in checks)
    return [(each, found[each]) for each in SAID]


def title(checks: Sequence[Check]) -> str:
    """“2 项要办，3 项快到期”."""
    if urgent := pressing(checks):
        return urgent
    return "各项正常" if any(check.light is Light.GREEN for check in checks) else "还没有纳入的期间"


def pressing(checks: Sequence[Check]) -> str:
    """What has to be done and what soon has to be, in words; nothing where all is well."""
    found = dict(counts(checks))
    return "，".join(f"{found[WORDS[light]]} 项{WORDS[light]}" for light in URGENT if found[WORDS[light]])


def behind(check: Check, since: date, until: date) -> tuple[list[Standing], list[str]]:
    """The standings that touch a stretch of days, and the references of its records: by period, or by their day."""
    touched = [each for each in check.standings if each.period.start <= until and since <= each.period.end]
    records = [
        record
        for each in check.standings
        for record in each.records
        if (since <= each.period.start and each.period.end <= until)
        or since <= check.days.get(record, date.max) <= until
    ]
    return touched, list(dict.fromkeys(records))


def action(check: Check, person: Any) -> tuple[str, str] | None:
    """The one thing to do next about a duty, for whoever may do it: (words, address)."""
    if check.light not in URGENT:
        return None
    if check.duty.judge == Duty.Judge.LINES:
        address = link("dispatch.view_line", unit=check.unit.pk)
        return ("去办理", address) if address else None
    if check.duty.judge != Duty.Judge.MEETINGS:
        return None
    return meeting_action(check, person)


def meeting_action(check: Check, person: Any) -> tuple[str, str] | None:
    """Look at what is planned, else record what was held."""
    now = check.current
    if now is None or now.status is Status.DONE:
        return None
    kind = check.duty.kinds[0]
    if now.planned_on:
        month = f"{now.planned_on:%Y-%m}"
        address = link("activities.view_meeting", unit=check.unit.pk, kind=kind, month=month, state="planned")
        return ("看安排", address) if address else None
    # A post that looks far, such as the office's, does not write in a branch's book.
    own = any(post.unit_id == check.unit.pk for post in person.posts_now)
    if not own or not person.may("activities.record", check.unit):
        return None
    address = link("activities.record", unit=check.unit.pk, kind=kind)
    return ("记一次", address) if address else None


def _waive_url(check: Check, person: Any) -> str:
    decisive = check.deciding
    if check.light is not Light.RED or decisive is None or not person.may("compliance.waive", check.unit):
        return ""
    period = decisive.period
    query = {"unit": check.unit.pk, "duty": check.duty.code, "since": period.start, "until": period.end}
    return link("compliance.waive", **query)
