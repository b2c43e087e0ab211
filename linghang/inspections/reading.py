"""A round and a check as their pages show them: how far, how well, and how a branch's own view compares."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from linghang.dispatch.models import Line, Order
from linghang.inspections.models import Check, Finding, Round
from linghang.inspections.prefill import half_up, known
from linghang.kernel.parameters import value
from linghang.kernel.refs import key_of, siblings
from linghang.org.models import Unit
from linghang.ui.stages import Stage, stages

HUNDRED = Decimal(100)


def percent(check: Check) -> Decimal | None:
    """The share reached of the points that apply, in hundredths; None where nothing was judged."""
    full: Decimal = check.full
    return half_up(HUNDRED * check.score / full) if full else None


def asked_of(check: Check, person: Any) -> list[Line]:
    """The lines by which the matter that is inspected was asked of this very unit, as the reader may see them."""
    label = f"{Line._meta.label_lower}:"
    keys = [key_of(ref) for ref in siblings(check.round.ref) if ref.startswith(label)]
    issued = Line.objects.filter(pk__in=keys, order__unit=check.unit, order__issued_on__isnull=False)
    return list(issued.within(person, "dispatch.view_line")) if keys else []


@dataclass(frozen=True)
class Gap:
    """A branch's own check beside what others saw (S0-19)."""

    check: Check
    seen: Decimal
    own: Decimal
    wide: bool

    @property
    def words(self) -> str:
        more = (self.own - self.seen).normalize()
        return f"自查高 {more:f} 分" if more > 0 else f"自查低 {-more:f} 分" if more < 0 else "一致"


def gaps(checks: list[Check]) -> list[Gap]:
    """For each confirmed check of a round by others: the branch's latest own check before it. One query more."""
    done = [check for check in checks if check.state == Check.State.CONFIRMED and check.held_on]
    own: dict[int, list[Check]] = {}
    found = Check.objects.confirmed().filter(
        round__method=Round.Method.SELF,
        round__checklist__code__in={c.round.checklist.code for c in done},
        unit__in={c.unit_id for c in done},
    )
    for check in found.with_score().order_by("-held_on", "-pk"):
        own.setdefault(check.unit_id, []).append(check)
    limit, rows = value("inspections.gap"), []
    for check in done:
        before = next((one for one in own.get(check.unit_id, []) if one.held_on <= check.held_on), None)
        seen, told = percent(check), percent(before) if before else None
        if seen is not None and told is not None:
            rows.append(Gap(check, seen, told, abs(told - seen) > limit))
    return rows


def how_far(this: Round) -> str:
    """Confirmed checks of all, after `with_progress`; a round that was withdrawn has none to make."""
    counts = this.total and this.state != Round.State.WITHDRAWN
    return f"{this.confirmed} / {this.total}" if counts else "—"


def progress(this: Round, checks: list[Check]) -> tuple[str, list[Stage]]:
    """The sentence at the top of a round's page, and its stages."""
    State = Check.State
    left = [sum(1 for check in checks if check.state == state) for state in (State.WAITING, State.ENTERED)]
    done = len(checks) - sum(left)
    words = (
        f"{len(checks)} 个支部：{done} 个已确认，{left[1]} 份待确认，{left[0]} 个未查"
        if checks
        else "还没有抽签确定对象"
    )
    if this.is_sealed:
        words = f"已抽签，结果密封到 {this.since:%m-%d}，当天开始时公布"
    life = [
        ("安排", ""),
        ("确定对象", f"抽签号 {this.draw_number}" if this.draw_number else ""),
        ("检查", f"{this.since:%m-%d} 至 {this.until:%m-%d}"),
        ("结束", ""),
    ]
    if this.state == Round.State.WITHDRAWN:
        reached = life[: 2 if checks else 1]
        return "已撤销，不再检查，不计入任何统计", [*stages(reached, len(reached)), Stage("撤销", "", "stop")]
    ended = this.state == Round.State.CLOSED
    return words, stages(life, len(life) if ended else [*Round.State].index(Round.State(this.state)))


def sheets(checks: list[Check]) -> list[dict[str, Any]]:
    """What the Word checklist prints, one sheet a check; with what the records say, so that the visit can compare."""
    if not checks:
        return []
    this = checks[0].round
    items = list(this.checklist.items.all())
    told = known(items, [check.unit_id for check in checks], this.period_since, this.period_until)
    return [
        {
            "title": this.checklist.title,
            "round": this.title,
            "unit": check.unit.name,
            "by": check.by_whom,
            "period": f"{this.period_since} 至 {this.period_until}",
            "reason": check.reason,
            "rows": [
                {
                    "code": item.code,
                    "text": item.text,
                    "judge": item.judge,
                    "basis": f"{item.get_basis_kind_display()}：{item.basis}" if item.basis else "",
                    "points": f"{item.points.normalize():f}",
                    "known": told[check.unit_id, item.pk].note if (check.unit_id, item.pk) in told else "",
                }
                for item in items
            ],
        }
        for check in checks
    ]


def envelope(this: Round) -> dict[str, Any] | None:
    """What was drawn of a 飞检 and is kept until the day: to be shown to whoever arranges it, and nobody else."""
    if not this.is_sealed:
        return None
    units = Unit.objects.filter(pk__in=this.sealed["units"]).order_by("path")
    return {"number": this.sealed["number"], "units": units, "team": this.team.all()}


STATES: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "confirm": ("待确认", lambda rows: rows.to_confirm()),
    "dispose": ("待处置", lambda rows: rows.to_dispose()),
    "running": (
        "整改中",
        lambda rows: rows.standing().filter(order_pk__isnull=False).exclude(order_state="closed"),
    ),
    "closed": ("已销号", lambda rows: rows.filter(order_state="closed")),
    "on_spot": ("已立行立改", lambda rows: rows.standing().filter(closed_on__isnull=False)),
    "dismissed": ("不予认定", lambda rows: rows.filter(dismissed_on__isnull=False)),
}


def in_state(rows: Any, code: str) -> Any:
    """Findings by where they stand; after `with_order`."""
    return STATES[code][1](rows)


def subjects(finding: Finding, order: Order | None) -> list[str]:
    """The references whose traces together tell the story of a finding and of the order made because of it."""
    lines = [line.ref for line in order.lines.all()] if order else []
    return [finding.ref, finding.inspection.ref, *([order.ref] if order else []), *lines]
