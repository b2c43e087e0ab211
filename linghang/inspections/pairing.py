"""Who is inspected in a round, and by whom: all, a sample by lot, or pairs by lot. Reproducible from the draw number."""

import random
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from linghang.engine.pair import Branch, NoPairing, Pairing, pair
from linghang.inspections.models import Check, Round
from linghang.kernel.parameters import value
from linghang.org.models import Coverage, Post, Unit


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
    if this.method == Round.Method.COMMITTEE and this.sample and this.sample < len(branches):
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
    by_key = {unit.pk: unit for unit in branches}
    asked = [Branch(unit.pk, unit.parent_id or 0, unit.name, str(unit.parent)) for unit in branches]
    try:
        found: Pairing = pair(
            asked,
            "mutual" if this.method == Round.Method.MUTUAL else "cross",
            number,
            history=_history(this),
            rounds=value("inspections.no_repeat_rounds"),
            conflicts=_conflicts(branches, this.since),
        )
    except NoPairing as problem:
        raise ValidationError(str(problem)) from problem
    drawn = [Drawn(by_key[one.inspected], by_key[one.inspector], one.reason[:200]) for one in found.pairs]
    relaxed = [
        {
            "rule": one.rule,
            "note": one.note,
            "pairs": [f"{by_key[a]} → {by_key[b]}" for a, b in one.pairs],
        }
        for one in found.relaxations
    ]
    return drawn, relaxed


def _history(this: Round) -> list[list[tuple[int, int]]]:
    """The pairs of earlier rounds of the same method, the latest last."""
    earlier = Round.objects.filter(method=this.method, unit=this.unit, since__lte=this.since).exclude(
        pk=this.pk
    )
    rounds: dict[int, list[tuple[int, int]]] = {
        pk: []
        for pk in earlier.exclude(state__in=(Round.State.PLANNED, Round.State.WITHDRAWN))
        .order_by("since", "pk")
        .values_list("pk", flat=True)
    }
    pairs = Check.objects.filter(round__in=rounds, inspecting__isnull=False)
    for key, inspector, inspected in pairs.values_list("round_id", "inspecting_id", "unit_id"):
        rounds[key].append((inspector, inspected))
    return list(rounds.values())


def _conflicts(branches: list[Unit], day: date) -> dict[tuple[int, int], str]:
    """回避: branches that share a department, or somebody who sits on both committees, do not inspect each other."""
    keys = [unit.pk for unit in branches]
    shared: dict[tuple[str, int], set[int]] = defaultdict(set)
    for branch, department in (
        Coverage.objects.on(day).filter(branch__in=keys).values_list("branch", "department")
    ):
        shared["同科室", department].add(branch)
    posts = Post.objects.on(day).filter(unit__in=keys, role__on_committee=True)
    for branch, person in posts.values_list("unit", "person"):
        shared["有人在两边任职", person].add(branch)
    return {
        (a, b): f"回避：{why}"
        for (why, _), together in shared.items()
        for a in together
        for b in together
        if a != b
    }
