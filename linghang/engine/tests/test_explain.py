"""Every line has one sentence that says what was counted, what it scored and why."""

import doctest
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

import linghang.engine
from linghang.engine import (
    Item,
    Line,
    Measure,
    Part,
    Rule,
    Words,
    compose,
    counted,
    explain,
    score_items,
    why,
)
from linghang.engine.tests.test_sheet import give, lines_of, sheet_of

SHARE = Measure("share", where={"ok": True})
MISSED = Measure("missing", column="ok")
COUNT, MEAN = Measure("count"), Measure("mean", column="score")


def line(
    rule: Rule, measure: Measure | None, reading: tuple[Any, ...], full: float = 4, **fields: Any
) -> Line:
    """One line as the engine scores it, from the numbers that were counted."""
    value, top, bottom = reading
    rows = {"share": _shared, "on_time": _shared, "missing": _missed}.get(
        measure.kind if measure else "", _valued
    )
    facts = rows(value, top, bottom)
    item = Item("X1", "维度", "事项", full, rule, measure, **fields)
    marks = {} if measure else {"X1": {1: value}}
    frame = pl.DataFrame({"subject": [1]})
    [found] = score_items([item], {"": facts}, frame, date(2026, 1, 1), date(2026, 12, 31), marks=marks)
    return found


def _frame(**columns: Any) -> pl.DataFrame:
    height = max(map(len, columns.values()))
    fixed = {
        "record": range(height),
        "unit": [1] * height,
        "person": [1] * height,
        "day": [date(2026, 5, 1)] * height,
    }
    return pl.DataFrame(fixed | columns)


def _shared(value: Any, top: int, bottom: int) -> pl.DataFrame:
    due = [date(2026, 3, 1)] * bottom
    done = [date(2026, 2, 1)] * top + [date(2026, 4, 1)] * (bottom - top)
    return _frame(ok=[True] * top + [False] * (bottom - top), due=due, done=done)


def _missed(value: Any, top: int, bottom: int) -> pl.DataFrame:
    return _shared(value, bottom - top, bottom)


def _valued(value: float, top: Any, bottom: Any) -> pl.DataFrame:
    """As many rows as a count says, or the one value of a mean; and one row of the year before."""
    now = _frame(score=[float(value)] * (top or 1))
    return pl.concat([now, _frame(score=[10.0]).with_columns(day=pl.lit(date(2025, 5, 1)))])


MEETING = Words("应开", "开了", "次", "quarter")


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (line(Rule("linear"), Measure("on_time", column="done", due="due"), (0, 5, 6)), "到期 6 项，按期 5 项，得 3.33 分（满分 4 分）：5 ÷ 6 × 4。"),
        (line(Rule("linear"), SHARE, (0, 9, 9), 5, words=Words("应有支部意见", "已有")), "应有支部意见 9 项，已有 9 项，得 5 分（满分 5 分）：达到要求。"),
        (line(Rule("linear", target=0.9), SHARE, (0, 8, 10)), "应有 10 项，已有 8 项，得 3.56 分（满分 4 分）：8 ÷ 10 ÷ 0.9 × 4。"),
        (line(Rule("linear"), MISSED, (0, 1, 4)), "应办 4 项，办了 3 项，得 3 分（满分 4 分）：3 ÷ 4 × 4。"),
        (line(Rule("linear", target=95), MEAN, (95.2, 0, 0)), "均值 95.2，目标 95，得 4 分（满分 4 分）：达到目标 95。"),
        (line(Rule("linear", target=95), MEAN, (80, 0, 0)), "均值 80，目标 95，得 3.37 分（满分 4 分）：80 ÷ 95 × 4。"),
        (line(Rule("linear", target=30, low=True), MEAN, (40, 0, 0)), "均值 40，目标 30，得 3 分（满分 4 分）：30 ÷ 40 × 4。"),
        (line(Rule("linear", low=True), MEAN, (2, 0, 0)), "均值 2，得 2 分（满分 4 分）：1 ÷ 2 × 4。"),
        (line(Rule("linear", target=4), Measure("growth", column="score"), (20, 0, 0)), "上期 10，本期 20，得 1 分（满分 4 分）：1 ÷ 4 × 4。"),
        (line(Rule("each", step=0.75), MISSED, (0, 2, 4), 3), "应办 4 项，办了 2 项，得 1.5 分（满分 3 分）：缺 2 项，每缺扣 0.75。"),
        (line(Rule("each", step=1), MISSED, (0, 0, 4), 3, words=MEETING), "应开 4 次，开了 4 次，得 3 分（满分 3 分）：达到要求。"),
        (line(Rule("each", step=1), COUNT, (0, 2, 0), words=Words("", "有责投诉", "件")), "有责投诉 2 件，得 2 分（满分 4 分）：2 件，每件扣 1。"),
        (line(Rule("each", step=2), COUNT, (0, 3, 0)), "计 3 项，得 0 分（满分 4 分）：3 项，每项扣 2，扣完为止。"),
        (line(Rule("ladder", steps=((0.9, 4), (0.8, 2))), SHARE, (0, 8, 10)), "应有 10 项，已有 8 项，得 2 分（满分 4 分）：达到“不低于 0.8”一档，得 2。"),
        (line(Rule("ladder", steps=((0.9, 4),)), SHARE, (0, 8, 10)), "应有 10 项，已有 8 项，得 0 分（满分 4 分）：未达到最低一档。"),
        (line(Rule("ladder", steps=((1, 4), (3, 2)), low=True), COUNT, (0, 3, 0)), "计 3 项，得 2 分（满分 4 分）：达到“不超过 3”一档，得 2。"),
        (line(Rule("met", target=2), COUNT, (0, 3, 0)), "计 3 项，目标 2，得 4 分（满分 4 分）：达到目标 2。"),
        (line(Rule("met", target=5), Measure("people"), (0, 3, 0)), "计 1 人，目标 5，得 0 分（满分 4 分）：未达到目标 5。"),
        (line(Rule("rank", steps=((1, 3),)), None, (7, 0, 0)), "填报 7，得 3 分（满分 4 分）：同类 1 个中居第 1。"),
        (line(Rule("manual"), None, (3.5, 0, 0)), "得 3.5 分（满分 4 分）：人工评定。"),
        (line(Rule("plus", step=0.5), COUNT, (0, 3, 0), 2, words=Words("", "采纳", "条")), "采纳 3 条，得 1.5 分（满分 2 分）：每条计 0.5，封顶 2。"),
        (line(Rule("plus", step=1), Measure("sum", column="score"), (5, 0, 0), 10, extra=True), "合计 5，得 5 分：每分计 1，封顶 10。"),
        (line(Rule("minus", step=3), COUNT, (0, 1, 0), 10, words=Words("", "重复问题", "个")), "重复问题 1 个，得 -3 分：每个扣 3，最多扣 10。"),
        (line(Rule("veto"), None, (1, 0, 0), 0, ceiling="一般"), "填报 1：命中一票否决，等次不高于“一般”。"),
        (line(Rule("veto"), COUNT, (0, 2, 0), 0), "计 2 项：命中一票否决，不定等次。"),
        (line(Rule("veto"), None, (0, 0, 0), 0), "填报 0：未命中一票否决。"),
        (line(Rule("manual"), None, (1, 0, 0), applicable=frozenset(), otherwise="无党小组"), "不适用：无党小组。"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_each_line_explains_itself(found: Line, sentence: str) -> None:
    assert explain(found) == sentence


def test_gaps_are_named_by_quarter_or_month() -> None:
    found = line(Rule("each", step=0.75), MISSED, (0, 2, 4), 3, words=MEETING)
    assert counted(found, "全年") == "全年应开 4 次，开了 2 次"
    assert why(found, [date(2026, 6, 30), date(2026, 9, 30)]) == "二、三季度各缺 1 次，每缺扣 0.75"
    assert why(found, [date(2026, 6, 30)] * 2) == "二季度缺 2 次，每缺扣 0.75"
    assert (
        why(found, [date(2025, 12, 30), date(2026, 3, 30)])
        == "2025 年 四、2026 年 一季度各缺 1 次，每缺扣 0.75"
    )
    assert why(found) == "缺 2 次，每缺扣 0.75"
    monthly = line(Rule("each", step=0.25), MISSED, (0, 3, 12), 3, words=Words("应开", "开了", "次", "month"))
    days = [date(2026, 3, 31), date(2026, 5, 31), date(2026, 5, 31)]
    assert why(monthly, days) == "3 月缺 1 次，5 月缺 2 次，每缺扣 0.25"
    in_office = Words("逐月核对", "任期内", "个月", "month", lack="逾期")
    overdue = line(Rule("each", step=2), MISSED, (0, 2, 12), 2, words=in_office)
    assert why(overdue, days[:2]) == "3、5 月各逾期 1 个月，每逾期扣 2，扣完为止"


IDLE = Measure("idle", where={"ok": True})


@pytest.mark.parametrize(
    ("months", "why_it_bites"),
    [
        ([(2026, month) for month in range(1, 8)], "2026 年 1 月至 7 月，命中一票否决，等次不高于“一般”"),
        (
            [(2025, 11), (2025, 12), *((2026, month) for month in range(1, 5))],
            "2025 年 11 月至 2026 年 4 月，命中一票否决，等次不高于“一般”",
        ),
        ([(2026, 3)], "未命中一票否决"),
    ],
)
def test_a_veto_names_the_months_in_which_nothing_happened(months: list[Any], why_it_bites: str) -> None:
    words, rule = Words("", "最长连续", "个月没有组织生活"), Rule("veto", target=6)
    item = Item("V6", "一票否决", "半年以上不开展", 0, rule, IDLE, ceiling="一般", words=words)
    days = [date(year, month, 28) for year, month in months]
    facts = _frame(ok=[False] * len(days)).with_columns(day=pl.Series(days))
    period = (date(2025, 11, 1), date(2026, 12, 31))
    [found] = score_items([item], {"": facts}, pl.DataFrame({"subject": [1]}), *period)
    assert counted(found) == f"最长连续 {len(months)} 个月没有组织生活"
    assert why(found, reversed(days)) == why_it_bites
    assert found.hit is (len(months) >= 6)


def test_what_cannot_be_known_says_why() -> None:
    [unmarked] = lines_of(give("A1", 5, None))
    assert explain(unmarked) == "无法判定：尚未评分。"


def test_rows_without_data_are_mentioned() -> None:
    facts = _frame(score=[80.0, None])
    item = Item("X1", "维度", "满意度", 4, Rule("met", target=80), MEAN)
    [found] = score_items(
        [item], {"": facts}, pl.DataFrame({"subject": [1]}), date(2026, 1, 1), date(2026, 12, 31)
    )
    assert explain(found) == "均值 80，目标 80，得 4 分（满分 4 分）：达到目标 80；1 条无数据，不计入。"


def test_the_lines_of_a_total_explain_themselves_too() -> None:
    sheet = sheet_of(
        give("A1", 50, 40), give("P1", 5, 5, extra=True, group="g"), give("P2", 5, 2, extra=True, group="g")
    )
    assert [explain(found) for found in sheet.lines] == [
        "得 40 分（满分 50 分）：人工评定。",
        "得 5 分：人工评定。",
        "得 0 分：就高不重复，已计“P1”。",
        "得 40 分：按适用项满分折算：40.00 ÷ 50.00 × 100.00 ＝ 80.00。",
    ]


def test_the_parts_of_a_year_explain_themselves() -> None:
    parts = [Part("month", "月度检查均分", 40), Part("cross", "交叉互查", 15)]
    [sheet] = compose(parts, {"month": {1: Decimal("88.5")}}, [1])
    assert [explain(found) for found in sheet.lines[:2]] == [
        "月度检查均分 88.5 分，得 35.4 分（满分 40 分）：88.5 × 40%。", "不适用：本年度未开展。",
    ]  # fmt: skip


def test_the_worked_example_of_the_library_holds() -> None:
    result = doctest.testmod(linghang.engine)
    assert result.attempted > 8
    assert result.failed == 0
