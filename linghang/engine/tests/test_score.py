"""Scoring rules by tables of numbers, and the promises that hold for any number."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linghang.engine import DefinitionError, Item, Line, Measure, Rule, half_up, points, score_items

YEAR = (date(2026, 1, 1), date(2026, 12, 31))
BRANCHES = pl.DataFrame({"subject": [1, 2, 3], "category": ["a", "a", "b"], "grouped": [True, False, None]})
FACTS = {
    "duties": pl.DataFrame(
        {
            "record": range(12), "unit": [1] * 6 + [2] * 6, "person": [None] * 12, "day": [date(2026, 5, 1)] * 12,
            "done": [True] * 5 + [False] + [True] * 2 + [False] * 4, "value": [95.2] * 6 + [80.0] * 6,
        },
        schema_overrides={"person": pl.Int64},
    ),
}  # fmt: skip
MISSED = Measure("missing", "duties", column="done")


def make_item(rule: Rule, measure: Measure | None = None, full: float = 4, **fields: Any) -> Item:
    return Item("X1", "维度", "事项", full, rule, measure, **fields)


def score(item: Item, **options: Any) -> list[Line]:
    return score_items([item], FACTS, BRANCHES, *YEAR, **options)


def scored(item: Item, **options: Any) -> list[str | None]:
    return [None if line.points is None else str(line.points) for line in score(item, **options)]


@pytest.mark.parametrize(
    ("rule", "full", "value", "expected"),
    [
        (Rule("linear"), 4, Fraction(5, 6), "3.33"),
        (Rule("linear"), 5, 1, "5.00"),
        (Rule("linear"), 5, 1.7, "5.00"),
        (Rule("linear"), 5, -0.5, "0.00"),
        (Rule("linear", target=95), 4, 76, "3.20"),
        (Rule("linear", target=30, low=True), 3, 20, "3.00"),
        (Rule("linear", target=30, low=True), 3, 40, "2.25"),
        (Rule("linear", target=30, low=True), 3, -1, "3.00"),
        (Rule("ladder", steps=((0.9, 4), (0.8, 2.5))), 4, 0.9, "4.00"),
        (Rule("ladder", steps=((0.9, 4), (0.8, 2.5))), 4, 0.85, "2.50"),
        (Rule("ladder", steps=((0.9, 4), (0.8, 2.5))), 4, 0.7, "0.00"),
        (Rule("ladder", steps=((1, 4), (3, 2)), low=True), 4, 2, "2.00"),
        (Rule("each", step=0.75), 3, 2, "1.50"),
        (Rule("each", step=0.75), 3, 9, "0.00"),
        (Rule("each", step=1), 4, 0, "4.00"),
        (Rule("met", target=95), 4, 95, "4.00"),
        (Rule("met", target=95), 4, 94.99, "0.00"),
        (Rule("met", target=0.3, low=True), 4, 0.3, "4.00"),
        (Rule("plus", step=0.5), 2, 3, "1.50"),
        (Rule("plus", step=0.5), 2, 9, "2.00"),
        (Rule("plus", step=0.5), 2, -1, "0.00"),
        (Rule("minus", step=3), 10, 2, "-6.00"),
        (Rule("minus", step=3), 10, 4, "-10.00"),
        (Rule("manual"), 4, 3.5, "3.50"),
        (Rule("veto"), 0, 1, "0.00"),
    ],
    ids=str,
)
def test_rules_turn_numbers_into_points(rule: Rule, full: float, value: float, expected: str) -> None:
    assert str(points(rule, full, value)) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(Fraction(1005, 1000), "1.01"), (Fraction(1004999, 10**6), "1.00"), (Fraction(-1005, 1000), "-1.01"), (Fraction(0), "0.00")],
)  # fmt: skip
def test_halves_go_up(value: Fraction, expected: str) -> None:
    assert str(half_up(value)) == expected


def test_a_third_of_a_mark_is_exact() -> None:
    assert points(Rule("linear"), 0.015, Fraction(1, 3)) == Decimal("0.01")


def test_the_noise_of_adding_floats_never_shows() -> None:
    assert (
        points(Rule("manual"), 4, 1.0049999999999999) == points(Rule("manual"), 4, 1.005) == Decimal("1.01")
    )


def test_measured_items_are_scored_per_subject() -> None:
    assert scored(make_item(Rule("each", step=1), MISSED)) == ["3.00", "0.00", None]
    assert scored(make_item(Rule("linear"), MISSED)) == ["3.33", "1.33", None]
    assert scored(make_item(Rule("linear"), Measure("share", "duties", where={"done": True}))) == [
        "3.33",
        "1.33",
        None,
    ]
    average = Measure("mean", "duties", column="value")
    assert scored(make_item(Rule("linear", target=95), average)) == ["4.00", "3.37", None]
    growth = Measure("growth", "duties", of="count")
    assert [line.status for line in score(make_item(Rule("linear", target=0.1), growth))] == [
        "inapplicable"
    ] * 3


def test_growth_is_scored_by_its_rate() -> None:
    old = FACTS["duties"].head(5).with_columns(day=pl.lit(date(2025, 5, 1)))
    item = make_item(Rule("linear", target=0.4), Measure("growth", "duties", of="count"))
    lines = score_items([item], {"duties": pl.concat([FACTS["duties"], old])}, BRANCHES, *YEAR)
    assert [line.points for line in lines] == [Decimal("2.00"), None, None]


def test_incomplete_sources_give_no_points() -> None:
    lines = score(make_item(Rule("each", step=1), MISSED), complete={"duties": {1}})
    assert [(line.points, line.status) for line in lines] == [
        (Decimal("3.00"), "known"), (None, "unknown"), (None, "unknown"),
    ]  # fmt: skip
    assert lines[1].reason == "数据源尚未报齐"
    assert score(make_item(Rule("each", step=1), MISSED), complete={"other": {1}})[1].status == "known"


def test_what_does_not_apply_has_no_points_even_if_unknown() -> None:
    named = make_item(Rule("manual"), applicable=frozenset({1}), otherwise="无党小组")
    assert [(line.status, line.reason) for line in score(named)] == [
        ("unknown", "尚未评分"), ("inapplicable", "无党小组"), ("inapplicable", "无党小组"),
    ]  # fmt: skip
    by_column = make_item(Rule("manual"), applicable="grouped")
    assert [line.status for line in score(by_column, marks={"X1": {1: 3}})] == [
        "known",
        "inapplicable",
        "inapplicable",
    ]
    with pytest.raises(DefinitionError, match="没有对象的列“gruoped”，是不是“grouped”"):
        score(make_item(Rule("manual"), applicable="gruoped"))


def test_marks_by_hand() -> None:
    assert scored(make_item(Rule("manual")), marks={"X1": {1: 3.5, 2: 0}}) == ["3.50", "0.00", None]
    assert scored(make_item(Rule("linear", target=100)), marks={"X1": {1: 95}}) == ["3.80", None, None]
    for wrong in (-1, 4.5):
        with pytest.raises(ValueError, match=r"X1 事项：评分 .* 不在 0 至 4 之间"):
            score(make_item(Rule("manual")), marks={"X1": {1: wrong}})


def test_ranks_are_within_the_class_and_equals_share_the_better_place() -> None:
    steps = ((0.25, 4), (0.5, 3), (1, 1))
    item = make_item(Rule("rank", steps=steps))
    marks = {"X1": {1: 8, 2: 8, 3: 5}}
    assert [line.place for line in score(item, marks=marks)] == [(1, 2), (1, 2), (1, 1)]
    assert scored(item, marks={"X1": {1: 8, 2: 9, 3: 5}}) == ["1.00", "3.00", "1.00"]
    low = replace(item, rule=Rule("rank", steps=steps, low=True))
    assert scored(low, marks={"X1": {1: 8, 2: 9, 3: 5}}) == ["3.00", "1.00", "1.00"]
    together = score_items([item], {}, BRANCHES.select("subject"), *YEAR, marks=marks)
    assert [line.place for line in together] == [(1, 3), (1, 3), (3, 3)]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"kind": "liner"}, "没有计分规则“liner”，是不是“linear”"),
        ({"kind": "each"}, "必须写明“step”"),
        ({"kind": "met"}, "必须写明“target”"),
        ({"kind": "manual", "step": 1}, "用不到“step”"),
        ({"kind": "each", "step": 0}, "必须大于 0"),
        ({"kind": "linear", "target": -1}, "必须大于 0"),
    ],
)
def test_a_wrong_rule_is_refused(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(DefinitionError, match=message):
        Rule(**fields)


def test_a_wrong_item_is_refused() -> None:
    with pytest.raises(DefinitionError, match="各档得分不能超过满分"):
        make_item(Rule("ladder", steps=((1, 5),)))
    with pytest.raises(DefinitionError, match="分值不能小于 0"):
        make_item(Rule("manual"), full=-1)
    with pytest.raises(DefinitionError, match="人工评分项不写计量"):
        make_item(Rule("manual"), MISSED)
    with pytest.raises(DefinitionError, match="计量只能是count、sum"):
        make_item(Rule("each", step=1), Measure("share", "duties", where={"done": True}))
    item = make_item(Rule("manual"))
    with pytest.raises(DefinitionError, match="指标代码重复：X1"):
        score_items([item, item], {}, BRANCHES, *YEAR)
    with pytest.raises(DefinitionError, match="没有数据源“dutys”，是不是“duties”"):
        score(make_item(Rule("each", step=1), Measure("missing", "dutys", column="done")))


GOOD = st.sampled_from([
    Rule("linear"), Rule("linear", target=7), Rule("met", target=3), Rule("plus", step=0.3),
    Rule("ladder", steps=((1, 1), (5, 4), (3, 2))), Rule("manual"),
])  # fmt: skip
BAD = st.sampled_from([
    Rule("each", step=0.7), Rule("minus", step=2), Rule("linear", target=3, low=True), Rule("met", target=3, low=True),
    Rule("ladder", steps=((5, 1), (1, 4)), low=True),
])  # fmt: skip
VALUES = st.decimals(0, 20, places=3)


@given(GOOD, VALUES, VALUES)
def test_more_of_a_good_thing_never_scores_less(rule: Rule, one: Decimal, other: Decimal) -> None:
    assert points(rule, 4, min(one, other)) <= points(rule, 4, max(one, other))


@given(BAD, VALUES, VALUES)
def test_more_of_a_bad_thing_never_scores_more(rule: Rule, one: Decimal, other: Decimal) -> None:
    assert points(rule, 4, min(one, other)) >= points(rule, 4, max(one, other))


@given(st.dictionaries(st.integers(1, 3), VALUES, min_size=1), st.integers(1, 3), VALUES)
def test_a_better_value_never_ranks_lower(marks: dict[int, Decimal], who: int, more: Decimal) -> None:
    item = make_item(Rule("rank", steps=((0.4, 4), (0.7, 2))))
    before = next(line for line in score(item, marks={"X1": marks}) if line.subject == who)
    better = marks | {who: marks.get(who, Decimal(0)) + more}
    after = next(line for line in score(item, marks={"X1": better}) if line.subject == who)
    assert after.points is not None
    assert before.points is None or after.points >= before.points


@given(st.permutations(range(12)), st.permutations(range(3)))
def test_the_order_of_rows_changes_no_points(facts: list[int], subjects: list[int]) -> None:
    item = make_item(Rule("each", step=1), MISSED)
    shuffled = score_items([item], {"duties": FACTS["duties"][facts]}, BRANCHES[subjects], *YEAR)
    assert {line.subject: line.points for line in shuffled} == {
        line.subject: line.points for line in score(item)
    }
