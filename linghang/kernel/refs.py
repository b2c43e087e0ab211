"""Text references between rows, and how to show one to somebody who may not import its model."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.apps import apps
from django.urls import reverse

from linghang.kernel.access import Actor, Gated
from linghang.kernel.models import Link
from linghang.kernel.parameters import read_once

LINKS: dict[str, str] = {}
# Ties to what shows that a record is right; they do not say where it came from.
BESIDE = ("evidence", "basis")


@dataclass(frozen=True)
class Shown:
    """A record as one reader may see it: its title, its address where they may open it, and the day it is known by."""

    ref: str
    title: str
    url: str
    day: date | None = None


def model_of(ref: str) -> type[Gated]:
    """The model that a reference points into. Raises LookupError for an unknown one."""
    label = ref.partition(":")[0]
    if "." not in label:
        raise LookupError(f"“{ref}”不指向一条记录")
    return apps.get_model(label)


def key_of(ref: str) -> int:
    """The key that a reference points at."""
    return int(ref.partition(":")[2])


def resolve(ref: str) -> Any:
    """The row itself, or None when it is gone."""
    return model_of(ref)._base_manager.filter(pk=key_of(ref)).first() if ":" in ref else None


def show(person: Actor, refs: Iterable[str]) -> list[Shown]:
    """These records under the reader's own permission, one query a model; what is out of reach is left out."""
    keys: dict[str, list[int]] = defaultdict(list)
    ordered = [ref for ref in refs if ":" in ref]
    for ref in ordered:
        keys[ref.partition(":")[0]].append(key_of(ref))
    found: dict[str, Shown] = {}
    with read_once():
        for label, pks in keys.items():
            found |= _shown(person, apps.get_model(label), pks)
    return [found[ref] for ref in ordered if ref in found]


def _shown(person: Actor, model: Any, pks: list[int]) -> dict[str, Shown]:
    rows = model.objects.within(person, model.view_verb).filter(pk__in=pks)
    found = {}
    for row in rows.select_related(*model.title_paths) if model.title_paths else rows:
        day = getattr(row, model.day_field) if model.day_field else None
        found[row.ref] = Shown(row.ref, str(row), row.get_absolute_url(), day)
    return found


def evidence(person: Actor, refs: Sequence[str]) -> tuple[list[Shown], int]:
    """The records behind a figure that this reader may see, and how many more there are."""
    found = show(person, refs)
    return found, len(refs) - len(found)


def tie(source: Any, target: Any, kind: str = "") -> None:
    """Remember that `target` came from `source`; both ways readable, twice is once."""
    Link.objects.get_or_create(
        source=getattr(source, "ref", source), target=getattr(target, "ref", target), kind=kind
    )


# All ties that lead to a record, however far back: one question instead of one for each step.
UPSTREAM = """
WITH RECURSIVE led(id, source, target, depth) AS (
    SELECT id, source, target, 1 FROM kernel_link
    WHERE target = %(ref)s AND kind NOT IN (%(evidence)s, %(basis)s)
    UNION
    SELECT before.id, before.source, before.target, led.depth + 1
    FROM kernel_link AS before JOIN led ON before.target = led.source
    WHERE before.kind NOT IN (%(evidence)s, %(basis)s) AND led.depth < %(depth)s
)
SELECT DISTINCT id, source, target FROM led ORDER BY id
"""


def origins(ref: str, depth: int = 8) -> list[str]:
    """The chain of references that led to this one, farthest first.

    It is followed along the first tie of each; what else a record came of (the meeting at which a plan's item was taken
    up) stands between the first and the record itself.
    """
    led: dict[str, list[str]] = defaultdict(list)
    given = {"ref": ref, "depth": depth, "evidence": BESIDE[0], "basis": BESIDE[1]}
    for each in Link.objects.raw(UPSTREAM, given):
        if each.source not in led[each.target]:
            led[each.target].append(each.source)
    chain: list[str] = []
    while depth and (sources := led[ref]) and sources[0] not in chain:
        ref, depth = sources[0], depth - 1
        chain[:0] = [source for source in sources if source not in chain]
    return chain


def siblings(ref: str) -> list[str]:
    """What else, of other kinds than this one, came of the records that it came of."""
    led = Link.objects.filter(target=ref).exclude(kind__in=BESIDE)
    ties = Link.objects.filter(source__in=led.values("source")).exclude(kind__in=BESIDE)
    found = ties.exclude(target__startswith=f"{ref.partition(':')[0]}:").order_by("pk")
    return list(dict.fromkeys(found.values_list("target", flat=True)))


def results(ref: str) -> list[str]:
    """The references of what came of this one."""
    return list(Link.objects.filter(source=ref).order_by("pk").values_list("target", flat=True))


def offer_link(verb: str, url_name: str) -> None:
    """Say which page does a verb, so that other modules can lead there without importing it."""
    LINKS[verb] = url_name


def link(verb: str, **query: Any) -> str:
    """The address that does a verb, such as link("activities.record", unit=7); empty when nobody offers it."""
    if verb not in LINKS:
        return ""
    given = {key: value for key, value in query.items() if value not in (None, "")}
    return reverse(LINKS[verb]) + (f"?{urlencode(given)}" if given else "")
