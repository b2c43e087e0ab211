"""What comes again and again, and where a branch said 符合 and those above did not: by checklist item, without any ranking."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Max

from linghang.inspections.models import Answer, Check, ChecklistItem, Finding, Round
from linghang.kernel.access import Actor
from linghang.kernel.parameters import value
from linghang.rules.periods import add_months

VIEW = "inspections.view_patterns"
Verdict = Answer.Verdict
Key = tuple[str, str]


@dataclass(frozen=True)
class Place:
    """One branch in a pattern: the record that shows it, and how often."""

    name: str
    ref: tuple[str, int]
    times: int = 1


@dataclass
class Pattern:
    """One line of a checklist: where it was found wanting, where again and again, where the branch saw it otherwise."""

    item: ChecklistItem | None = None
    found: list[Place] = field(default_factory=list)
    denied: list[Place] = field(default_factory=list)

    @property
    def again(self) -> list[Place]:
        return [place for place in self.found if place.times > 1]

    def tells(self, many: int) -> bool:
        """Whether there is anything to say of it."""
        return bool(self.again or self.denied or len(self.found) >= many)


def patterns(person: Actor, day: date) -> list[Pattern]:
    """The items of which there is something to say, in the order of their checklists; five queries."""
    since = add_months(day, -value("inspections.repeat_months"))
    lines: dict[Key, Pattern] = {}
    for key, place in _found(person, since):
        lines.setdefault(key, Pattern()).found.append(place)
    for key, place in _denied(person, since):
        lines.setdefault(key, Pattern()).denied.append(place)
    items = ChecklistItem.objects.filter(code__in={code for _, code in lines}).select_related("checklist")
    for item in items.order_by("checklist__since"):
        if (key := (item.checklist.code, item.code)) in lines:
            lines[key].item = item
    many = value("inspections.many_branches")
    told = [(key, line) for key, line in lines.items() if line.item is not None and line.tells(many)]
    return [
        line
        for _, line in sorted(told, key=lambda each: (each[0][0], each[1].item.place if each[1].item else 0))
    ]


def _found(person: Actor, since: date) -> list[tuple[Key, Place]]:
    rows = Finding.objects.within(person, VIEW).standing().filter(found_on__gt=since, item__isnull=False)
    by = ("item__checklist__code", "item__code", "inspection__unit__path", "inspection__unit__name")
    counted = rows.order_by().values(*by).annotate(times=Count("pk"), last=Max("pk")).order_by(by[2])
    return [
        ((row[by[0]], row[by[1]]), Place(row[by[3]], ("finding", row["last"]), row["times"]))
        for row in counted
    ]


def _denied(person: Actor, since: date) -> list[tuple[Key, Place]]:
    """Where the last self-check before had said 符合, and those above came and said 不符合."""
    checks = Check.objects.within(person, VIEW).confirmed().filter(held_on__gt=since)
    above = checks.filter(round__method__in=(Round.Method.COMMITTEE, Round.Method.WARD))
    seen = _answers(above, verdict=Verdict.NOT_OK)
    own = checks.filter(round__method=Round.Method.SELF, unit__in={row[3] for row in seen})
    told: dict[tuple[Key, int], list[tuple[date, str]]] = {}
    for key, verdict, _, unit, _, held_on in _answers(own, item__code__in={row[0][1] for row in seen}):
        told.setdefault((key, unit), []).append((held_on, verdict))
    found: dict[tuple[Key, int], Place] = {}
    for key, _, check, unit, name, held_on in seen:
        before = [verdict for day, verdict in told.get((key, unit), []) if day <= held_on]
        if before and before[-1] == Verdict.OK:
            found[key, unit] = Place(name, ("check", check))
    return [(key, place) for (key, _), place in found.items()]


def _answers(checks: Any, **narrowed: Any) -> list[tuple[Key, str, int, int, str, date]]:
    """(checklist and item, verdict, check, unit, its name, day), earliest first."""
    rows = Answer.objects.filter(inspection__in=checks, **narrowed).order_by(
        "inspection__held_on", "inspection"
    )
    columns = ("item__checklist__code", "item__code", "verdict", "inspection", "inspection__unit")
    more = ("inspection__unit__name", "inspection__held_on")
    return [((a, b), c, d, e, f, g) for a, b, c, d, e, f, g in rows.values_list(*columns, *more)]
