"""What became of a meeting's items: the lines that were issued because of them, how far these are, what else came of them.

A topic names the record that it was put up for, a resolution is one itself; from there the links lead on to the lines of
sheets, also through the item that it became or the topic that it was put up for decision as.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch, Q, prefetch_related_objects

from linghang.activities.models import Meeting, Resolution
from linghang.dispatch.models import EVIDENCE, Line, Order
from linghang.kernel.figures import figure_url
from linghang.kernel.models import Link
from linghang.kernel.refs import Shown, key_of, show

FIGURE = "activities.outcome"
LINE = f"{Line._meta.label_lower}:"
RESOLUTION = f"{Resolution._meta.label_lower}:"
INSPECTED = "inspections."
# Ties by which a decision rests on a meeting: a branch was heard there, a body decides there.
RESTS_ON = ("opinion", "decision")
Ties = list[tuple[str, str, str]]
WHAT = {"lines": "下达", "closed": "办结", "late": "逾期", "returned": "退回过"}


@dataclass
class Outcome:
    """One item of a meeting with references to what came of it."""

    ref: str
    title: str
    lines: list[str] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    returned: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Told:
    """The same as a page shows it to one reader."""

    title: str
    url: str
    figures: list[tuple[str, int, str]]
    others: list[Shown]


def outcomes(meeting: Meeting, ties: Ties | None = None) -> list[Outcome]:
    """What came of each item that led to anything; `ties` are the meeting's, where they were read before."""
    roots = _roots(meeting)
    found = {ref: Outcome(ref, title) for ref, title in roots.items()}
    ties = ties_of(meeting) if ties is None else ties
    own = [(source, target) for source, target, kind in ties if source in roots and kind != EVIDENCE]
    if own:
        _sort_in(_onward(own), found)
    return [each for each in found.values() if each.lines or each.others]


def ties_of(meeting: Meeting) -> Ties:
    """What led to a meeting, what came of its items, and what rests on it: source, target and kind, in one query."""
    near = Q(source__in=_roots(meeting)) | Q(target=meeting.ref) | Q(source=meeting.ref, kind__in=RESTS_ON)
    return list(Link.objects.filter(near).order_by("pk").values_list("source", "target", "kind"))


def _roots(meeting: Meeting) -> dict[str, str]:
    """The references of a meeting's resolutions and of what its topics were put up for, each with its words."""
    prefetch_related_objects(
        [meeting], "topics", Prefetch("resolutions", Resolution.objects.select_related("owner"))
    )
    sources = {topic.source: topic.title for topic in meeting.topics.all()}
    asked = {ref: title for ref, title in sources.items() if ref and not ref.startswith(LINE)}
    return {one.ref: one.text for one in meeting.resolutions.all()} | asked


def _onward(ties: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Each reference with the item that it came of; what an item became in its turn leads on, save an inspection."""
    near = [(target, source) for source, target in ties]
    ahead = {ref: root for ref, root in near if not ref.startswith((LINE, INSPECTED))}
    came = Link.objects.filter(source__in=ahead).exclude(kind=EVIDENCE).order_by("pk")
    pairs = came.values_list("source", "target") if ahead else []
    return list(dict.fromkeys([*near, *((target, ahead[source]) for source, target in pairs)]))


def _sort_in(ties: Iterable[tuple[str, str]], found: dict[str, Outcome]) -> None:
    ties = list(ties)
    keys = [key_of(ref) for ref, _ in ties if ref.startswith(LINE)]
    issued = Line.objects.filter(pk__in=keys, order__issued_on__isnull=False).select_related("order")
    lines = {line.ref: line for line in issued.exclude(order__state=Order.State.VOID)} if keys else {}
    for ref, root in ties:
        outcome = found[root]
        if line := lines.get(ref):
            outcome.lines.append(ref)
            outcome.closed += [ref] if line.state == Line.State.CLOSED else []
            outcome.late += [ref] if line.is_late else []
            outcome.returned += [ref] if line.returns else []
        elif not ref.startswith(LINE) and ref not in found:
            outcome.others.append(ref)


def told(person: Any, meeting: Meeting, ties: Ties) -> list[Told]:
    """For one reader: each item with its figures, every one of which opens its records, and what else came of it."""
    found = outcomes(meeting, ties)
    seen = {each.ref: each for each in show(person, _named(found))}
    return [
        Told(
            one.title,
            seen[one.ref].url if one.ref in seen else "",
            _figures(meeting, one),
            [seen[ref] for ref in one.others if ref in seen],
        )
        for one in found
    ]


def _named(found: Iterable[Outcome]) -> list[str]:
    named = (ref for one in found for ref in (one.ref, *one.others))
    return [ref for ref in dict.fromkeys(named) if not ref.startswith(RESOLUTION)]


def _figures(meeting: Meeting, one: Outcome) -> list[tuple[str, int, str]]:
    return [
        (label, len(refs), figure_url(FIGURE, meeting.pk, of=one.ref, what=what))
        for what, label in WHAT.items()
        if (refs := getattr(one, what)) or what in ("lines", "closed")
    ]
