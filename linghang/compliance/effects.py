"""What a new frequency will ask, before it is set: of which duty, from when, of how many, and what it does to today."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from linghang.compliance.judge import judged, scene_of
from linghang.compliance.models import Duty
from linghang.compliance.parameters import FREQUENCIES, read_frequency, write_frequency
from linghang.compliance.scene import Scene
from linghang.kernel import clock
from linghang.kernel.parameters import Declared, Effect, History, history, preview, value_on
from linghang.org.models import Unit
from linghang.rules import duties as rules
from linghang.rules.frequency import Light
from linghang.rules.periods import Kind, Period, add_months

SOURCE = "compliance.duties"
DAY = timedelta(days=1)
LACKING = {"": "不适用", rules.COMMITTEE: "没有支委会", rules.GROUPS: "没有党小组"}


@preview
def frequencies(declared: Declared, written: Any, since: date) -> Iterator[Effect]:
    """One sentence for each duty that a frequency governs."""
    law = FREQUENCIES.get(declared.code)
    if law is None:
        return
    changed = [*((day, held) for day, held in history(declared.code) if day < since), (since, written)]
    before, after = (_frequency(value_on(changed, day)) for day in (since - DAY, since))
    if before == after:
        yield Effect(f"与 {since} 之前一样，仍是{write_frequency(*after)}。", since)
        return
    own = {day: read_frequency(held) for day, held in changed if day != date.min}
    rule = rules.statutory(law, own=own)
    first = _first(rule, *after, since)
    duties = Duty.objects.on(max(since, first.start)).filter(parameter=declared.code, active=True)
    for duty in duties:
        yield _told(duty, rule, changed, first, before, since)
    if not duties:
        yield Effect(f"现在没有启用的职责按“{declared.title}”要求，改了不多要求什么。", since)


def _frequency(written: str) -> tuple[Kind, int]:
    found = read_frequency(written)
    return Kind(found["period_months"]), found["times_per_period"]


def _first(rule: rules.Duty, kind: Kind, times: int, since: date) -> Period:
    """The first period under the new frequency: one under way is finished under the old."""
    periods = rule.periods(since, add_months(since, 24))
    return next(p for p, asked in periods if p.start >= since and (p.kind, asked) == (kind, times))


def _told(
    duty: Duty,
    rule: rules.Duty,
    changed: History,
    first: Period,
    before: tuple[Kind, int],
    since: date,
) -> Effect:
    units = _units(duty, first.start)
    begun = first.start <= clock.today()
    scene = scene_of(units, code=duty.code, members=False, since=first.start if begun else None)
    excused = Counter(filter(None, (_excuse(duty, rule, first, unit, scene) for unit in units)))
    noun = "支部" if duty.units == [Unit.Kind.BRANCH] else "党组织"
    whom = f"涉及 {len(units) - excused.total()} 个{noun}"
    if excused:
        whom += f"（不要求：{'，'.join(f'{count} 个{why}' for why, count in excused.items())}）"
    text = f"从 {first.start} 起，{duty.title}{write_frequency(*_frequency(changed[-1][1]))}，{whom}；"
    text += f"此前{'开始的期间' if first.start > since else ''}仍按{write_frequency(*before)}。"
    if begun:
        text += _today(duty, units, changed, scene)
    return Effect(text, first.start, SOURCE, {"duty": duty.code})


def _units(duty: Duty, day: date) -> list[Unit]:
    """Whom a duty concerns on a day."""
    return [unit for unit in Unit.objects.party().on(day) if duty.concerns(unit)]


def _excuse(duty: Duty, rule: rules.Duty, period: Period, unit: Unit, scene: Scene) -> str:
    """Why a unit does not owe the duty in its first period under the new frequency; empty where it does."""
    if why := duty.lets_off(unit):
        return why
    return "" if rule.applies(scene.units[unit.pk], period) else LACKING[rule.needs or ""]


def _today(duty: Duty, units: Sequence[Unit], changed: History, scene: Scene) -> str:
    """Periods that have begun are judged anew: how many lights turn red today."""
    before = _red(units, judged(units, scene))
    histories = {**scene.settings.histories, duty.parameter: changed}
    scene.settings = replace(scene.settings, histories=histories)
    more = len(_red(units, judged(units, scene)) - before)
    return f"已经开始的期间照此重算，今天有 {more} 个变为“要办”。" if more else "今天的灯都不变为“要办”。"


def _red(units: Sequence[Unit], found: dict[int, list[Any]]) -> set[int]:
    return {unit.pk for unit in units if any(check.light is Light.RED for check in found[unit.pk])}
