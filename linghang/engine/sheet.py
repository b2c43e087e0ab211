"""Lines to a total: one sheet per subject, and a year composed of weighted parts.

How a total comes about, the same on every engine:

1. Every line shows points rounded half-up to two decimals.
2. Inapplicable lines leave the base (不适用项从分母剔除). If what is left does not carry the full marks, one more line,
   折算, lifts the sum: sum ÷ applicable full × full, rounded half-up, less the sum.
3. Bonus lines come after that and a line 加分封顶 caps them; of a group only the highest counts (就高不重复); deductions
   follow, and a line 扣至零 keeps the total at or above 0.
4. The total is the plain sum of the lines shown, these included. One unknown line makes the total 无法判定.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from linghang.engine.definition import unknown_name
from linghang.engine.measure import Reading, Status
from linghang.engine.score import Line, Number, exact, half_up


@dataclass(frozen=True, slots=True)
class Part:
    """One weighted part of a year: 月度检查均分 40 %."""

    code: str
    name: str
    weight: Number


@dataclass(frozen=True, slots=True)
class Dimension:
    """The lines of one dimension: points, full marks of the applicable lines, and their rate (None: nothing applies)."""

    name: str
    points: Decimal
    full: Decimal
    rate: float | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One subject's lines, 折算 and caps included; the total is their sum, or None with the reason."""

    subject: int
    lines: tuple[Line, ...]
    total: Decimal | None
    status: Status
    reason: str = ""

    @property
    def rate(self) -> float | None:
        """得分率 of the base: points over the full marks of the lines that apply and are known."""
        return _rate([line for line in self.lines if _counts(line)])

    @property
    def ceilings(self) -> tuple[str, ...]:
        """The rating caps of the vetoes that were hit; an empty string means no rating at all."""
        return tuple(line.item.ceiling for line in self.lines if line.item and line.hit)

    def dimensions(self) -> list[Dimension]:
        """The base by dimension, in the order of the scheme; their points add up to the total before 折算."""
        found: dict[str, list[Line]] = {}
        for line in self.lines:
            if line.section == "base":
                found.setdefault(line.dimension, []).append(line)
        return [_dimension(name, [line for line in lines if _counts(line)]) for name, lines in found.items()]


def total(lines: Iterable[Line], *, full: Number = 100, plus_cap: Number = 10) -> list[Sheet]:
    """One sheet per subject, in the order in which subjects first appear; the module's text says how totals are made."""
    found: dict[int, list[Line]] = {}
    for line in lines:
        found.setdefault(line.subject, []).append(line)
    return [_sheet(key, _highest(own), exact(full), exact(plus_cap)) for key, own in found.items()]


def _sheet(subject: int, lines: list[Line], full: Fraction, plus_cap: Fraction) -> Sheet:
    if unknown := [line for line in lines if line.status == "unknown"]:
        reason = "无法判定：" + "；".join(f"{line.code} {line.reason}" for line in unknown)
        return Sheet(subject, tuple(lines), None, "unknown", reason)
    base = [line for line in lines if _counts(line)]
    earned, applicable = _sum(base), sum((exact(line.full) for line in base), Fraction(0))
    if not applicable:
        return Sheet(subject, tuple(lines), None, "inapplicable", "不适用：没有适用的项")
    scaled = exact(half_up(earned * full / applicable))
    plus = min(_sum(lines, "plus"), plus_cap)
    minus = max(_sum(lines, "minus"), -scaled - plus)
    formula = f"{half_up(earned)} ÷ {half_up(applicable)} × {half_up(full)} ＝ {half_up(scaled)}"
    shown = [
        *lines,
        *_adjustment(subject, "折算", scaled - earned, f"按适用项满分折算：{formula}"),
        *_adjustment(
            subject, "加分封顶", plus - _sum(lines, "plus"), f"加分合计不超过 {half_up(plus_cap)} 分"
        ),
        *_adjustment(subject, "扣至零", minus - _sum(lines, "minus"), "总分扣至 0 为止"),
    ]
    return Sheet(subject, tuple(shown), half_up(_sum(shown)), "known")


def _adjustment(subject: int, name: str, value: Fraction, reason: str) -> list[Line]:
    """A line that a total needs besides its items, or none."""
    points = half_up(value)
    return [Line(subject, name, name, "", "adjust", Decimal(0), points, "known", reason)] if points else []


def _highest(lines: list[Line]) -> list[Line]:
    """就高不重复: within a group the highest line keeps its points, the others show 0."""
    best: dict[str, Line] = {}
    for line in sorted(lines, key=lambda line: line.points or 0, reverse=True):
        best.setdefault(_group(line), line)
    return [_yield_to(best[_group(line)], line) if _group(line) and line.points else line for line in lines]


def _yield_to(best: Line, line: Line) -> Line:
    reason = f"就高不重复，已计“{best.name}”"
    return line if line is best else replace(line, points=Decimal("0.00"), reason=reason)


def _group(line: Line) -> str:
    return line.item.group if line.item and line.section == "plus" else ""


def compose(
    parts: Sequence[Part],
    scores: Mapping[str, Mapping[int, Decimal | None]],
    subjects: Iterable[int],
    *,
    extras: Iterable[Line] = (),
    plus_cap: Number = 10,
) -> list[Sheet]:
    """A year from weighted parts (score × weight, over 100), then bonus, deductions and vetoes as for any sheet.

    A part that a subject has no score for (key absent) leaves the base and its weight leaves too; None is a score that
    cannot be known.
    """
    if strangers := set(scores) - {part.code for part in parts}:
        raise unknown_name("组成部分", min(strangers), [part.code for part in parts])
    lines = [_part(part, scores.get(part.code, {}), key) for key in subjects for part in parts]
    return total([*lines, *extras], full=100, plus_cap=plus_cap)


def _part(part: Part, scores: Mapping[int, Decimal | None], subject: int) -> Line:
    weight, score = half_up(exact(part.weight)), scores.get(subject)
    status: Status = "unknown" if subject in scores else "inapplicable"
    if score is None:
        reason = "得分无法判定" if status == "unknown" else "本年度未开展"
        return Line(subject, part.code, part.name, "年度合成", "base", weight, None, status, reason)
    reading = Reading(float(score), float(score), None, "known", "")
    points = half_up(exact(score) * exact(part.weight) / 100)
    return Line(subject, part.code, part.name, "年度合成", "base", weight, points, "known", "", reading)


def _counts(line: Line) -> bool:
    """Whether a line is part of the base that rates are made of."""
    return line.section == "base" and line.status == "known"


def _sum(lines: Iterable[Line], section: str = "") -> Fraction:
    return sum((exact(line.points or 0) for line in lines if section in ("", line.section)), Fraction(0))


def _rate(lines: list[Line]) -> float | None:
    full = sum((exact(line.full) for line in lines), Fraction(0))
    return float(_sum(lines) / full) if full else None


def _dimension(name: str, lines: list[Line]) -> Dimension:
    return Dimension(
        name, half_up(_sum(lines)), half_up(sum((exact(li.full) for li in lines), Fraction(0))), _rate(lines)
    )
