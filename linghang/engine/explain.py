"""One Chinese sentence for each line: what was counted, what it scored, and why."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date

from linghang.engine.measure import Reading
from linghang.engine.score import Item, Line, Number, Words, exact

_WORDS = {
    "count": Words("", "计", "项"),
    "people": Words("", "计", "人"),
    "sum": Words("", "合计", ""),
    "mean": Words("", "均值", ""),
    "share": Words("应有", "已有", "项"),
    "on_time": Words("到期", "按期", "项"),
    "missing": Words("应办", "办了", "项"),
    "idle": Words("", "最长连续", "个月没有"),
    "growth": Words("上期", "本期", ""),
    "": Words("", "填报", ""),
}
_QUARTERS = "一二三四"


def explain(line: Line, days: Iterable[date] = (), period: str = "") -> str:
    """The whole sentence: 全年应开 4 次，开了 2 次，得 1.5 分（满分 3 分）：二、三季度各缺 1 次，每缺扣 0.75。

    `days` are the days of the counted records (`records(…).days`); with a cadence in the item's words they name the gaps.
    """
    if line.status != "known" or line.points is None:
        return f"{why(line)}。"
    scored = "" if line.section == "veto" else f"得 {number(line.points)} 分"
    full = f"（满分 {number(line.full)} 分）" if line.section == "base" else ""
    head = "，".join(text for text in (counted(line, period), scored + full) if text)
    return f"{head}：{why(line, days)}。"


def counted(line: Line, period: str = "") -> str:
    """What was counted: 全年应开 4 次，开了 2 次. Empty where nothing was, as for marks given by hand."""
    reading, item = line.reading, line.item
    if reading is None or reading.value is None or (item and item.rule.kind == "manual"):
        return ""
    if item is None:
        return f"{line.name} {number(reading.value)} 分"
    words, kind = _words(item), item.measure.kind if item.measure else ""
    top, bottom = reading.numerator or 0, reading.denominator or 0
    if kind in ("share", "on_time", "missing", "growth"):
        reached = bottom - top if kind == "missing" else top
        return f"{period}{words.due} {_with(bottom, words)}，{words.done} {_with(reached, words)}"
    goal = "" if item.rule.target is None or line.section == "veto" else f"，目标 {number(item.rule.target)}"
    return f"{period}{words.done} {_with(reading.value, words)}{goal}"


def why(line: Line, days: Iterable[date] = ()) -> str:
    """Why it scored that: the rule with its numbers, or the reason why it could not be scored."""
    if line.status == "unknown":
        return f"无法判定：{line.reason}"
    if line.status == "inapplicable":
        return f"不适用：{line.reason}"
    if line.reading is None or (line.section == "plus" and line.reason):
        return line.reason
    if line.item is None:
        return f"{number(line.reading.value)} × {number(line.full)}%"
    text = _RULES[line.item.rule.kind](line, line.item, line.reading, days)
    return f"{text}；{line.reason}" if line.reason else text


def number(value: Number | None) -> str:
    """At most four decimals, without idle zeros: 1.50 → 1.5."""
    text = f"{float(exact(value or 0)):.4f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _with(value: float, words: Words) -> str:
    return f"{number(value)} {words.unit}".rstrip()


def _words(item: Item) -> Words:
    return item.words or _WORDS[item.measure.kind if item.measure else ""]


def _reached(line: Line) -> bool:
    return line.points == line.full


def _linear(line: Line, item: Item, reading: Reading, days: Iterable[date]) -> str:
    kind = item.measure.kind if item.measure else ""
    target = "" if item.rule.target is None else number(item.rule.target)
    if _reached(line):
        return f"达到目标 {target}" if target else "达到要求"
    if item.rule.low:
        return f"{target or '1'} ÷ {number(reading.value)} × {number(line.full)}"
    top, bottom = reading.numerator or 0, reading.denominator or 0
    if kind in ("share", "on_time", "missing"):
        parts = [number(bottom - top if kind == "missing" else top), number(bottom), target]
    else:
        parts = [number(reading.value), target]
    return " ÷ ".join(part for part in parts if part) + f" × {number(line.full)}"


def _ladder(line: Line, item: Item, reading: Reading, days: Iterable[date]) -> str:
    if not line.points:
        return "未达到最低一档"
    bounds = [bound for bound, points in item.rule.steps if exact(points) == exact(line.points)]
    bound = max(bounds) if item.rule.low else min(bounds)
    return f"达到“{'不超过' if item.rule.low else '不低于'} {number(bound)}”一档，得 {number(line.points)}"


def _each(line: Line, item: Item, reading: Reading, days: Iterable[date]) -> str:
    if _reached(line):
        return "达到要求"
    words, missed = _words(item), bool(item.measure and item.measure.kind == "missing")
    gaps = _gaps(list(days), words) if missed and words.cadence else ""
    text = gaps or f"{words.lack if missed else ''} {_with(reading.value or 0, words)}".strip()
    each = f"每{words.lack if missed else words.unit}扣 {number(item.rule.step)}"
    return f"{text}，{each}" + ("" if line.points else "，扣完为止")


def _met(line: Line, item: Item, reading: Reading, days: Iterable[date]) -> str:
    return f"{'达到' if _reached(line) else '未达到'}目标 {number(item.rule.target)}"


def _rank(line: Line, item: Item, reading: Reading, days: Iterable[date]) -> str:
    place, size = line.place or (0, 0)
    return f"同类 {size} 个中居第 {place}"


def _manual(line: Line, item: Item, reading: Reading, days: Iterable[date]) -> str:
    return "人工评定"


def _veto(line: Line, item: Item, reading: Reading, days: Iterable[date]) -> str:
    if not line.hit:
        return "未命中一票否决"
    idle = item.measure is not None and item.measure.kind == "idle"
    hit = f"{_stretch(sorted(days)) if idle and days else ''}命中一票否决"
    return f"{hit}，等次不高于“{item.ceiling}”" if item.ceiling else f"{hit}，不定等次"


def _stretch(days: list[date]) -> str:
    """The months from the first day to the last: 2026 年 1 月至 7 月，."""
    first, last = days[0], days[-1]
    year = f"{last.year} 年 " if last.year > first.year else ""
    return f"{first.year} 年 {first.month} 月至 {year}{last.month} 月，"


def _plus(line: Line, item: Item, reading: Reading, days: Iterable[date]) -> str:
    return f"每{_words(item).unit or '分'}计 {number(item.rule.step)}，封顶 {number(line.full)}"


def _minus(line: Line, item: Item, reading: Reading, days: Iterable[date]) -> str:
    return f"每{_words(item).unit or '分'}扣 {number(item.rule.step)}，最多扣 {number(line.full)}"


def _gaps(days: list[date], words: Words) -> str:
    """二、三季度各缺 1 次: the gaps by month or quarter, periods with equally many gaps together."""
    quarterly = words.cadence == "quarter"
    found = Counter((day.year, (day.month - 1) // 3 if quarterly else day.month) for day in days)
    years = {year for year, _ in found}
    by_count: dict[int, list[str]] = {}
    for (year, part), count in sorted(found.items()):
        label = _QUARTERS[part] if quarterly else str(part)
        by_count.setdefault(count, []).append(f"{year} 年 {label}" if len(years) > 1 else label)
    suffix = "季度" if quarterly else " 月"
    return "，".join(
        f"{'、'.join(labels)}{suffix}{'各' if len(labels) > 1 else ''}{words.lack} {count} {words.unit}"
        for count, labels in by_count.items()
    )


_RULES: dict[str, Callable[[Line, Item, Reading, Iterable[date]], str]] = {
    "linear": _linear,
    "ladder": _ladder,
    "each": _each,
    "met": _met,
    "rank": _rank,
    "manual": _manual,
    "veto": _veto,
    "plus": _plus,
    "minus": _minus,
}
