"""Totals: what leaves the base, what comes on top, and that a total is the sum of the lines shown."""

from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linghang.engine import DefinitionError, Item, Line, Part, Rule, Sheet, compose, score_items, total
from linghang.engine.tests.test_score import BRANCHES, YEAR

D = Decimal


def give(code: str, full: float, mark: float | None, **fields: Any) -> tuple[Item, float | None]:
    return Item(code, code[0], code, full, fields.pop("rule", Rule("manual")), **fields), mark


def lines_of(*given: tuple[Item, float | None]) -> list[Line]:
    marks = {item.code: {1: mark} for item, mark in given if mark is not None}
    return score_items([item for item, _ in given], {}, pl.DataFrame({"subject": [1]}), *YEAR, marks=marks)


def sheet_of(*given: tuple[Item, float | None], **options: Any) -> Sheet:
    [sheet] = total(lines_of(*given), **options)
    return sheet


def shown(sheet: Sheet) -> dict[str, Decimal | None]:
    return {line.code: line.points for line in sheet.lines}


NOBODY = frozenset[int]()


def test_a_full_hundred_needs_no_rescale() -> None:
    sheet = sheet_of(give("A1", 60, 50.5), give("B1", 40, 40))
    assert (sheet.total, sheet.rate, len(sheet.lines)) == (D("90.50"), 0.905, 2)
    assert [(d.name, d.points, d.full, d.rate) for d in sheet.dimensions()] == [
        ("A", D("50.50"), D("60.00"), 50.5 / 60), ("B", D("40.00"), D("40.00"), 1),
    ]  # fmt: skip


def test_what_does_not_apply_leaves_the_base_and_the_rest_is_rescaled() -> None:
    sheet = sheet_of(give("A1", 60, 50), give("B1", 30, 20), give("B2", 10, None, applicable=NOBODY))
    assert shown(sheet) == {"A1": 50, "B1": 20, "B2": None, "折算": D("7.78")}
    assert sheet.total == D("77.78")
    assert sheet.lines[-1].reason == "按适用项满分折算：70.00 ÷ 90.00 × 100.00 ＝ 77.78"
    assert sheet.dimensions()[1].full == 30


def test_a_dimension_that_does_not_apply_has_no_rate() -> None:
    sheet = sheet_of(give("A1", 60, 60), give("B1", 40, None, applicable=NOBODY))
    assert sheet.total == 100
    assert sheet.dimensions()[1].rate is None


def test_one_unknown_line_makes_the_total_undecidable() -> None:
    sheet = sheet_of(give("A1", 60, 60), give("B1", 40, None))
    assert (sheet.total, sheet.status) == (None, "unknown")
    assert sheet.reason == "无法判定：B1 尚未评分"
    assert sheet.rate == 1


def test_nothing_applicable_gives_no_total() -> None:
    sheet = sheet_of(give("A1", 60, None, applicable=NOBODY))
    assert (sheet.total, sheet.status, sheet.rate) == (None, "inapplicable", None)


def test_bonus_is_capped_and_highest_of_a_group_counts_once() -> None:
    honours = {"extra": True, "group": "荣誉"}
    sheet = sheet_of(
        give("A1", 100, 80),
        give("P1", 5, 5, **honours),
        give("P2", 3, 3, **honours),
        give("P3", 5, 4, extra=True),
        give("P4", 5, 3, extra=True),
    )
    assert shown(sheet) == {"A1": 80, "P1": 5, "P2": 0, "P3": 4, "P4": 3, "加分封顶": D("-2.00")}
    assert sheet.total == 90
    assert sheet.lines[2].reason == "就高不重复，已计“P1”"


def test_deductions_stop_at_zero() -> None:
    minus = Rule("minus", step=10)
    sheet = sheet_of(give("A1", 100, 5), give("P1", 5, 2, extra=True), give("M1", 10, 1, rule=minus))
    assert (sheet.total, shown(sheet)["扣至零"]) == (D("0.00"), D("3.00"))
    assert sheet_of(give("A1", 100, 85), give("M1", 10, 1, rule=minus)).total == 75


def test_vetoes_cap_the_rating_not_the_total() -> None:
    sheet = sheet_of(
        give("A1", 100, 95),
        give("V1", 0, 1, rule=Rule("veto"), ceiling="一般"),
        give("V2", 0, 0, rule=Rule("veto"), ceiling="差"),
        give("V3", 0, 2, rule=Rule("veto")),
    )
    assert (sheet.total, sheet.ceilings) == (95, ("一般", ""))


def test_sheets_come_in_the_order_of_subjects() -> None:
    item = give("A1", 100, None)[0]
    lines = score_items([item], {}, BRANCHES, *YEAR, marks={"A1": {1: 10, 2: 30, 3: 20}})
    assert [(sheet.subject, sheet.total) for sheet in total(lines)] == [(1, 10), (2, 30), (3, 20)]


PARTS = [
    Part("month", "月度检查均分", 40), Part("self", "支部自查", 5), Part("mutual", "总支互查", 10),
    Part("cross", "交叉互查", 15), Part("committee", "党委督查", 20), Part("report", "述职测评", 10),
]  # fmt: skip


def test_a_year_is_composed_of_weighted_parts() -> None:
    scores = {"month": 88, "self": 95, "mutual": 90, "cross": 85, "committee": 80, "report": 92}
    [sheet] = compose(PARTS, {code: {1: D(score)} for code, score in scores.items()}, [1])
    assert list(shown(sheet).values()) == [D("35.20"), D("4.75"), 9, D("12.75"), 16, D("9.20")]
    assert sheet.total == D("86.90")


def test_a_part_not_held_leaves_with_its_weight_and_an_unknown_part_does_not() -> None:
    scores: dict[str, dict[int, Decimal | None]] = {
        "month": {1: D(90), 2: D(90)},
        "cross": {1: D(80), 2: None},
    }
    bonus = lines_of(give("P1", 5, 5, extra=True))
    held, open_ = compose(PARTS, scores, [1, 2], extras=bonus)
    assert held.total == D("92.27")
    assert shown(held)["折算"] == D("39.27")
    assert (open_.total, open_.reason) == (None, "无法判定：cross 得分无法判定")
    with pytest.raises(DefinitionError, match="没有组成部分“mounth”，是不是“month”"):
        compose(PARTS, {"mounth": {}}, [1])


FULLS = st.integers(1, 400).map(lambda n: n / 4)
GIVEN = st.lists(
    st.tuples(FULLS, st.floats(0, 1), st.sampled_from(["base", "base", "off", "plus", "minus"])),
    min_size=1,
    max_size=12,
)


def build(drawn: list[tuple[float, float, str]]) -> list[tuple[Item, float | None]]:
    found = []
    for n, (full, share, role) in enumerate(drawn):
        code, mark = f"{'ABC'[n % 3]}{n}", round(full * share, 2)
        if role == "minus":
            found.append(give(code, full, share, rule=Rule("minus", step=full)))
        else:
            scope = NOBODY if role == "off" else None
            found.append(
                give(
                    code,
                    full,
                    min(mark, full),
                    applicable=scope,
                    extra=role == "plus",
                    group="g" if n % 2 else "",
                )
            )
    return found


@given(GIVEN)
def test_a_total_is_the_sum_of_the_lines_shown(drawn: list[tuple[float, float, str]]) -> None:
    sheet = sheet_of(*build(drawn))
    if sheet.total is None:
        assert sheet.status == "inapplicable"
        return
    assert sheet.total == sum((line.points or D(0) for line in sheet.lines), D(0))
    assert 0 <= sheet.total <= 110
    assert all(line.points is None or line.points == round(line.points, 2) for line in sheet.lines)


@given(GIVEN, FULLS)
def test_an_inapplicable_item_changes_nothing(drawn: list[tuple[float, float, str]], full: float) -> None:
    items = build(drawn)
    without, with_it = sheet_of(*items), sheet_of(*items, give("A99", full, None, applicable=NOBODY))
    assert (without.total, without.rate, without.status) == (with_it.total, with_it.rate, with_it.status)
    rates = {d.name: d.rate for d in with_it.dimensions() if d.rate is not None}
    assert {d.name: d.rate for d in without.dimensions() if d.rate is not None} == rates


@given(GIVEN, st.integers(0, 11), st.floats(0, 1))
def test_more_points_on_a_line_never_lower_the_total(
    drawn: list[tuple[float, float, str]], which: int, share: float
) -> None:
    which %= len(drawn)
    full, before, role = drawn[which]
    more = [*drawn[:which], (full, max(before, share), role), *drawn[which + 1 :]]
    low, high = sheet_of(*build(drawn)).total, sheet_of(*build(more)).total
    if low is not None and high is not None:
        assert high <= low if role == "minus" else high >= low
