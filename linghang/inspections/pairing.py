"""Who is inspected in a round, and by whom: all, a sample by lot, or pairs by lot. Reproducible from the draw number."""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError

from linghang.engine.pair import (
    HARD,
    OTHER,
    RECENT,
    YIELDS,
    Arc,
    Branch,
    Method,
    NoPairing,
    Pairing,
    broken,
    pair,
)
from linghang.inspections.models import Check, Round
from linghang.inspections.recusals import between
from linghang.kernel.parameters import value
from linghang.org.models import Unit

FEWEST = 3  # of two, each could only inspect the other


@dataclass(frozen=True)
class Drawn:
    """One unit to be inspected, who inspects it (None: itself, or people to be named), and why."""

    unit: Unit
    inspecting: Unit | None
    reason: str


def branches_of(this: Round) -> list[Unit]:
    """The branches below the unit that arranges the round, on the day it begins."""
    return list(
        Unit.objects.on(this.since).branches().under(this.unit).select_related("parent").order_by("path")
    )


def too_few(this: Round) -> str:
    """Why the branches below a unit are too few to inspect each other, and what to do instead; empty where they are not."""
    count = len(branches_of(this))
    if not 0 < count < FEWEST:
        return ""
    why = "没有别的支部可查" if count == 1 else "同一轮不能你查我、我查你"
    above = this.unit.parent
    if above and above.is_party:
        words = f"请{above}安排总支互查（各总支一起抽签），或向其申请督查"
    else:
        words = "请改用督查（抽查或全查）"
    return f"{this.unit}只有 {count} 个支部，{why}，自己排不出互查；{words}"


def draw(this: Round, number: int, named: Iterable[Unit] = ()) -> tuple[list[Drawn], list[dict[str, Any]]]:
    """The units of a round and the rules that had to yield. Raises ValidationError when no pairing exists.

    Where units are `named`, it is these and no others, and nothing is drawn.
    """
    branches = branches_of(this)
    if not branches:
        raise ValidationError(f"“{this.unit}”下面没有党支部")
    if wanted := {unit.pk for unit in named}:
        return _named(this, branches, wanted), []
    if this.by_peers:
        return _pairs(this, branches, number)
    if this.from_above and this.sample and this.sample < len(branches):
        # The lot is drawn over the branches in the order of their keys, so that anybody can repeat it.
        lot = random.Random(number).sample(sorted(branches, key=lambda unit: unit.pk), this.sample)  # noqa: S311
        reason = f"按抽签号 {number} 从 {len(branches)} 个支部中抽查 {this.sample} 个"
        return [Drawn(unit, None, reason) for unit in sorted(lot, key=lambda unit: unit.path)], []
    reason = "对照检查表自查" if this.method == Round.Method.SELF else "全查"
    return [Drawn(unit, None, reason) for unit in branches], []


def _named(this: Round, branches: list[Unit], wanted: set[int]) -> list[Drawn]:
    found = [unit for unit in branches if unit.pk in wanted]
    if len(found) < len(wanted):
        raise ValidationError({"units": f"有支部不在“{this.unit}”下面"})
    return [Drawn(unit, None, f"指定检查 {len(found)} 个支部") for unit in found]


def _pairs(this: Round, branches: list[Unit], number: int) -> tuple[list[Drawn], list[dict[str, Any]]]:
    by_key, method = {unit.pk: unit for unit in branches}, way(this)
    try:
        found: Pairing = pair(
            asked(branches),
            method,
            number,
            history=_history(this),
            rounds=value("inspections.no_repeat_rounds"),
            conflicts=between(branches, this.since),
            yields=(RECENT, OTHER) if method == "cross" and value("inspections.repeat_first") else (),
        )
    except NoPairing as problem:
        raise ValidationError(f"{problem}。可改用{_instead(this)}，或核对回避登记") from problem
    drawn = [Drawn(by_key[one.inspected], by_key[one.inspector], one.reason[:200]) for one in found.pairs]
    return drawn, [relaxed(one.rule, one.note, one.pairs, by_key) for one in found.relaxations]


def _instead(this: Round) -> str:
    return "由党委一起安排的互查" if this.unit.parent and this.unit.parent.is_party else "抽查或全查"


def relaxed(rule: str, note: str, pairs: Iterable[Arc], units: Mapping[int, Unit]) -> dict[str, Any]:
    """A rule that yielded, as it is kept with the round."""
    return {"rule": rule, "note": note, "pairs": [f"{units[a]} → {units[b]}" for a, b in pairs]}


def asked(branches: Iterable[Unit]) -> list[Branch]:
    """The branches as the engine knows them."""
    return [Branch(unit.pk, unit.parent_id or 0, unit.name, str(unit.parent)) for unit in branches]


def way(this: Round) -> Method:
    """Between 总支 or within each: 总支互查 is the one or the other, as the hospital has it."""
    within = this.method == Round.Method.MUTUAL and not value("inspections.mutual_between")
    return "mutual" if within else "cross"


def judged(
    this: Round, arcs: Sequence[Arc], branches: Sequence[Unit]
) -> tuple[dict[str, list[Arc]], dict[str, list[Arc]]]:
    """The hard rules and the soft ones that these pairs (inspecting, inspected) of a round break, whoever made them."""
    method, rounds = way(this), value("inspections.no_repeat_rounds")
    history = _history(this)
    recent = [arc for past in history[max(0, len(history) - rounds) :] for arc in past]
    found = broken(arcs, asked(branches), recent, between(branches, this.since))
    hard, soft = ({rule: found[rule] for rule in rules if rule in found} for rules in (HARD, YIELDS[method]))
    return hard, soft


def _history(this: Round) -> list[list[Arc]]:
    """The pairs of earlier rounds of the same method, the latest last."""
    earlier = Round.objects.filter(method=this.method, unit=this.unit, since__lte=this.since).exclude(
        pk=this.pk
    )
    rounds: dict[int, list[Arc]] = {
        pk: []
        for pk in earlier.exclude(state__in=(Round.State.PLANNED, Round.State.WITHDRAWN))
        .order_by("since", "pk")
        .values_list("pk", flat=True)
    }
    pairs = Check.objects.filter(round__in=rounds, inspecting__isnull=False)
    for key, inspector, inspected in pairs.values_list("round_id", "inspecting_id", "unit_id"):
        rounds[key].append((inspector, inspected))
    return list(rounds.values())
