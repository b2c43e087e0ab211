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


def origins(ref: str, depth: int = 6) -> list[str]:
    """The chain of references that led to this one, farthest first."""
    chain: list[str] = []
    while (
        depth
        and (link := Link.objects.filter(target=ref).order_by("pk").first())
        and link.source not in chain
    ):
        chain.insert(0, link.source)
        ref, depth = link.source, depth - 1
    return chain


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
