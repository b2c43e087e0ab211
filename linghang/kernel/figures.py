"""Figures: every number on a page leads to what it was counted from, and one that must last keeps it.

Modules offer how a figure of theirs is opened (`@figure`); one page shows them all, and the records behind it under the
reader's own permission. What a locked result rests on is kept as a `Figure`: the definition, the day, the number and the
records with a digest of what their source said of them, so that months later it can be said what has changed since.
"""

import hashlib
import json
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from django.urls import reverse
from django.utils.http import urlencode

from linghang.kernel.models import Figure

SHORT = 12
Query = Mapping[str, str]


# --- how a figure is opened ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """What became of the records since a figure was kept; `edited` says that the kept figure itself was tampered with."""

    as_of: date
    changed: tuple[str, ...] = ()
    gone: int = 0
    later: tuple[str, ...] = ()
    edited: bool = False

    @property
    def same(self) -> bool:
        return not (self.changed or self.gone or self.later or self.edited)

    @property
    def words(self) -> str:
        """What became of them: “1 条改过，2 条是后来补的，未计入”."""
        counts = (
            (len(self.changed), "条改过"),
            (self.gone, "条已不再计入"),
            (len(self.later), "条是后来补的，未计入"),
        )
        return "，".join(f"{count} {said}" for count, said in counts if count)


@dataclass(frozen=True)
class Sight:
    """What the page of a figure shows: its name, where it stands, the records behind it and how it was judged.

    `empty` says what it means that there are no records; a figure without it never has any, and is judged otherwise.
    """

    title: str
    home: tuple[str, str]
    words: Sequence[str] = ()
    heading: str = "记录"
    why: str = ""
    refs: Sequence[str] = ()
    empty: str = ""
    judged: Sequence[tuple[str, str, str]] = ()
    action: tuple[str, str] | None = None
    cite: str = ""
    inhouse: bool = False
    change: Change | None = None


Opener = Callable[[Any, int, Query], Sight | None]


@dataclass(frozen=True)
class Offer:
    """A kind of figure: the verb without which nobody opens one, and how it is opened. None: out of reach."""

    verb: str
    open: Opener


OFFERS: dict[str, Offer] = {}


def figure(kind: str, verb: str) -> Callable[[Opener], Opener]:
    """Offer a kind of figure, named like the source or the row that it stands on."""

    def decorate(opener: Opener) -> Opener:
        OFFERS[kind] = Offer(verb, opener)
        return opener

    return decorate


def open_figure(person: Any, kind: str, pk: int, query: Query) -> Sight | None:
    """What this person may see of a figure; None where it is none or out of reach."""
    offer = OFFERS.get(kind)
    return offer.open(person, pk, query) if offer and person.reach(offer.verb) else None


def figure_url(kind: str, pk: int, **query: Any) -> str:
    """The page of a figure: figure_url("compliance.duties", unit.pk, duty="assembly", since=…, until=…)."""
    given = {key: value for key, value in query.items() if value not in (None, "")}
    return reverse("desk:figure", args=[kind, pk]) + (f"?{urlencode(given)}" if given else "")


# --- a figure that lasts ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Part:
    """The records behind one of a figure's numbers: their model, and a digest of what was known of each."""

    of: str
    digests: Mapping[int, str]

    def refs(self) -> list[str]:
        """References to these records."""
        return [f"{self.of.lower()}:{key}" for key in self.digests]


Parts = Mapping[str, Part]
NO_PART = Part("", {})


def part(of: str, keys: Iterable[int], facts: pl.DataFrame) -> Part:
    """Records with a digest of all that their source says of them; one record may have several facts."""
    wanted = sorted(set(keys))
    said: dict[int, list[str]] = {key: [] for key in wanted}
    for row in facts.filter(pl.col("record").is_in(wanted)).iter_rows():
        said[row[0]].append(repr(row))
    return Part(of, {key: _digest("\n".join(sorted(rows)))[:SHORT] for key, rows in said.items()})


def make_figure(
    code: str, title: str, definition: dict[str, Any], as_of: date, value: str, parts: Parts
) -> Figure:
    """A figure with its seal, not yet saved."""
    kept = {name: [each.of, each.digests] for name, each in parts.items()}
    records = zlib.compress(json.dumps(kept, separators=(",", ":")).encode())
    count = sum(len(each.digests) for each in parts.values())
    made = Figure(
        code=code, title=title, definition=definition, as_of=as_of, value=value, records=records, count=count
    )
    made.digest = _seal(made)
    return made


def kept_parts(kept: Figure) -> dict[str, Part]:
    """The records that a figure was counted from."""
    found = json.loads(zlib.decompress(bytes(kept.records)))
    return {
        name: Part(of, {int(key): digest for key, digest in digests.items()})
        for name, (of, digests) in found.items()
    }


def change_since(kept: Figure, now: Parts) -> Change:
    """Whether the records behind a figure are what they were, compared with the same counted afresh."""
    if kept.digest != _seal(kept):
        return Change(kept.as_of, edited=True)
    then, present = _by_ref(kept_parts(kept)), _by_ref(now)
    both = then.keys() & present.keys()
    return Change(
        kept.as_of,
        tuple(sorted(ref for ref in both if then[ref] != present[ref])),
        len(then.keys() - both),
        tuple(sorted(present.keys() - both)),
    )


def _by_ref(parts: Parts) -> dict[str, str]:
    return {
        ref: digest
        for each in parts.values()
        for ref, digest in zip(each.refs(), each.digests.values(), strict=True)
    }


def _seal(kept: Figure) -> str:
    definition = json.dumps(kept.definition, sort_keys=True, ensure_ascii=False)
    said = (kept.code, kept.title, definition, kept.as_of.isoformat(), kept.value)
    return _digest("\n".join(said), bytes(kept.records))


def _digest(text: str, content: bytes = b"") -> str:
    return hashlib.sha256(text.encode() + content).hexdigest()
