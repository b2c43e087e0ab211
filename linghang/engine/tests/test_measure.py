"""Every kind of measure by a table of numbers, and all of them against a plain slow reading of the same definitions."""

from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linghang.engine import DefinitionError, Measure, check, measure, records
from linghang.engine.measure import earlier

YEAR = (date(2026, 1, 1), date(2026, 12, 31))
TYPES = {
    "record": pl.Int64, "unit": pl.Int64, "person": pl.Int64, "day": pl.Date, "kind": pl.String, "score": pl.Float64,
    "weight": pl.Float64, "due": pl.Date, "done": pl.Date, "ok": pl.Boolean, "asked": pl.Boolean,
}  # fmt: skip
NONE: dict[str, Any] = dict.fromkeys(TYPES)
SUBJECTS = pl.DataFrame({"subject": [1, 2]})


def make_facts(*rows: dict[str, Any]) -> pl.DataFrame:
    full = [NONE | {"record": n, "unit": 1, "day": date(2026, 6, 1)} | row for n, row in enumerate(rows, 1)]
    return pl.DataFrame(full, schema=TYPES)


def reading(definition: Measure, facts: pl.DataFrame, subject: int = 1, **options: Any) -> tuple[Any, ...]:
    frame = measure(definition, facts, SUBJECTS, *YEAR, **options)
    assert frame.columns == ["subject", "value", "numerator", "denominator", "status", "reason"]
    return frame.row(by_predicate=pl.col("subject") == subject)[1:5]


FACTS = make_facts(
    {"kind": "talk", "person": 11, "score": 2.0, "weight": 1.0, "ok": True, "due": date(2026, 3, 1), "done": date(2026, 3, 1)},
    {"kind": "talk", "person": 11, "score": 4.0, "weight": 3.0, "ok": False, "due": date(2026, 4, 1), "done": date(2026, 4, 2)},
    {"kind": "visit", "person": 12, "score": 6.0, "weight": 0.0, "ok": True, "due": date(2026, 5, 1)},
    {"kind": "visit", "person": None, "score": 8.0, "weight": 1.0, "ok": None, "due": date(2027, 1, 5)},
    {"kind": "talk", "person": 13, "score": 100.0, "day": date(2025, 6, 1), "ok": True},
)  # fmt: skip


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        (Measure("count"), (4, 4, None, "known")),
        (Measure("count", where={"kind": "talk"}), (2, 2, None, "known")),
        (Measure("count", where={"kind": ["talk", "visit"], "ok": True}), (2, 2, None, "known")),
        (Measure("count", where={"score": {"min": 4, "max": 6}}), (2, 2, None, "known")),
        (Measure("count", where={"score": {"max": 4}}), (2, 2, None, "known")),
        (Measure("count", where={"due": {"min": date(2026, 5, 1)}}), (2, 2, None, "known")),
        (Measure("count", where={"done": None}), (2, 2, None, "known")),
        (Measure("count", once="kind"), (2, 2, None, "known")),
        (Measure("people"), (2, 2, None, "known")),
        (Measure("people", where={"kind": "visit"}), (1, 1, None, "known")),
        (Measure("sum", column="score"), (20, 20, None, "known")),
        (Measure("sum", column="score", once="kind"), (12, 12, None, "known")),
        (Measure("mean", column="score"), (5, 20, 4, "known")),
        (Measure("mean", column="score", weight="weight"), (4.4, 22, 5, "known")),
        (Measure("share", where={"ok": True}), (0.5, 2, 4, "known")),
        (Measure("share", where={"ok": True}, over={"kind": "talk"}), (0.5, 1, 2, "known")),
        (Measure("share", where={"ok": True}, once="person"), (1, 2, 2, "known")),
        (Measure("on_time", column="done", due="due"), (1 / 3, 1, 3, "known")),
        (Measure("missing", column="done", due="due"), (1, 1, 3, "known")),
        (Measure("missing", column="ok"), (2, 2, 4, "known")),
        (Measure("missing", column="done", due="ok"), (1, 1, 2, "known")),
        (Measure("growth", of="count"), (3, 4, 1, "known")),
        (Measure("growth", column="score"), (-0.8, 20, 100, "known")),
        (Measure("growth", column="score", of="mean"), (-0.95, 5, 100, "known")),
    ],
    ids=str,
)
def test_each_kind_counts_what_it_says(definition: Measure, expected: tuple[Any, ...]) -> None:
    found = reading(definition, FACTS)
    assert found[:3] == pytest.approx(expected[:3], nan_ok=True)
    assert found[3] == expected[3]


def test_nothing_recorded_by_a_complete_source_is_a_known_zero() -> None:
    assert reading(Measure("count"), FACTS, 2) == (0, 0, None, "known")
    assert reading(Measure("sum", column="score"), FACTS, 2) == (0, 0, None, "known")


@pytest.mark.parametrize(
    "definition",
    [
        Measure("share", where={"ok": True}),
        Measure("on_time", column="done", due="due"),
        Measure("missing", column="done"),
        Measure("mean", column="score"),
        Measure("growth", of="count"),
    ],
    ids=str,
)
def test_zero_denominator_is_inapplicable(definition: Measure) -> None:
    found = reading(definition, FACTS, 2)
    assert (found[0], found[3]) == (None, "inapplicable")


def test_missing_is_not_zero() -> None:
    for definition in (Measure("count"), Measure("growth", of="count"), Measure("share", where={"ok": True})):
        found = reading(definition, FACTS, 2, complete={1})
        assert (found[0], found[3]) == (None, "unknown")
        assert reading(definition, FACTS, 1, complete={1})[3] == "known"


def test_an_empty_number_makes_a_sum_unknown_and_leaves_a_mean() -> None:
    facts = make_facts({"score": 2.0}, {"score": None})
    assert reading(Measure("sum", column="score"), facts) == (None, 2, None, "unknown")
    assert reading(Measure("mean", column="score"), facts) == (2, 2, 1, "known")
    assert reading(Measure("growth", column="score"), facts)[3] == "unknown"
    frame = measure(Measure("mean", column="score"), facts, SUBJECTS, *YEAR)
    assert frame["reason"].to_list() == ["1 条无数据，不计入", "期内没有应计的记录"]
    assert reading(Measure("mean", column="score"), make_facts({"score": None})) == (
        None,
        None,
        None,
        "unknown",
    )


def test_a_matter_that_nobody_named_makes_a_sum_unknown() -> None:
    assert reading(Measure("sum", column="score", once="kind"), make_facts({"score": 5.0}))[3] == "unknown"


def test_same_matter_counts_once_at_its_highest() -> None:
    facts = make_facts(
        {"kind": "case-a", "score": 5.0}, {"kind": "case-a", "score": 3.0}, {"kind": "case-b", "score": 3.0}
    )
    assert reading(Measure("sum", column="score", once="kind"), facts)[0] == 8


def test_a_person_can_be_the_subject() -> None:
    people = pl.DataFrame({"subject": [11, 12, 99]})
    frame = measure(Measure("count", by="person"), FACTS, people, *YEAR)
    assert frame["value"].to_list() == [2, 1, 0]


ASKED = {"kind": "asked"}


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ({"2026-01": None, "2026-02": None, "2026-03": True, "2026-04": None}, (2, 2, 4, "known")),
        ({"2025-12": None, "2026-01": None}, (1, 1, 1, "known")),
        ({"2026-01": None, "2026-03": None, "2026-04": None}, (2, 2, 3, "known")),
        ({"2026-05": True}, (0, 0, 1, "known")),
        ({}, (None, 0, 0, "inapplicable")),
    ],
    ids=["the longest", "within the period", "a month without asking ends it", "never idle", "nothing asked"],
)
def test_idle_is_the_longest_run_of_months_in_which_nothing_was_done(
    days: dict[str, Any], expected: tuple[Any, ...]
) -> None:
    rows = [ASKED | {"day": date.fromisoformat(f"{month}-28"), "ok": ok} for month, ok in days.items()]
    idle = Measure("idle", where={"ok": True}, over=ASKED)
    assert reading(idle, make_facts(*rows)) == expected


def test_one_thing_done_in_a_month_is_enough_for_it_not_to_be_idle() -> None:
    may = [ASKED | {"day": date(2026, 5, day), "ok": ok} for day, ok in ((4, None), (9, True), (20, False))]
    june = ASKED | {"day": date(2026, 6, 1), "ok": False}
    idle, facts = Measure("idle", where={"ok": True}, over=ASKED), make_facts(june, *may)
    assert reading(idle, facts)[0] == 1
    assert records(idle, facts, 1, *YEAR) == ((1,), (1, 2, 3, 4), (date(2026, 6, 1),))


def test_growth_from_a_negative_base_is_inapplicable() -> None:
    facts = make_facts({"score": 5.0}, {"score": -5.0, "day": date(2025, 5, 1)})
    assert reading(Measure("growth", column="score"), facts)[3] == "inapplicable"


def test_records_are_the_evidence() -> None:
    talks = records(Measure("share", where={"ok": True}, over={"kind": "talk"}), FACTS, 1, *YEAR)
    assert (talks.numerator, talks.denominator, talks.days) == ((1,), (1, 2), (date(2026, 6, 1),))
    grown = records(Measure("growth", of="count"), FACTS, 1, *YEAR)
    assert (grown.numerator, grown.denominator) == ((1, 2, 3, 4), (5,))
    assert records(Measure("count"), FACTS, 2, *YEAR) == ((), (), ())


@pytest.mark.parametrize(
    ("start", "end", "against", "expected"),
    [
        ("2026-01-01", "2026-12-31", "year", ("2025-01-01", "2025-12-31")),
        ("2025-02-01", "2025-02-28", "year", ("2024-02-01", "2024-02-29")),
        ("2024-02-29", "2024-03-05", "year", ("2023-02-28", "2023-03-05")),
        ("2026-03-01", "2026-03-31", "period", ("2026-02-01", "2026-02-28")),
        ("2026-01-01", "2026-03-31", "period", ("2025-10-01", "2025-12-31")),
        ("2026-03-10", "2026-03-16", "period", ("2026-03-03", "2026-03-09")),
    ],
)
def test_earlier_period(start: str, end: str, against: str, expected: tuple[str, str]) -> None:
    found = earlier(date.fromisoformat(start), date.fromisoformat(end), against)
    assert tuple(map(str, found)) == expected


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"kind": "cuont"}, "没有计量“cuont”，是不是“count”"),
        ({"kind": "median"}, "没有计量“median”"),
        ({"kind": "zzz"}, "可用的有：count、growth"),
        ({"kind": "sum"}, "计量“sum”必须写明“column”"),
        ({"kind": "on_time", "column": "done"}, "必须写明“due”"),
        ({"kind": "count", "weight": "w"}, "计量“count”用不到“weight”"),
        ({"kind": "idle"}, "计量“idle”必须写明“where”"),
        ({"kind": "growth"}, "必须写列"),
        ({"kind": "growth", "of": "count", "column": "score"}, "不写列"),
        ({"kind": "growth", "of": "meen", "column": "score"}, "是不是“mean”"),
        ({"kind": "count", "by": "persn"}, "是不是“person”"),
    ],
)
def test_a_wrong_definition_is_refused_with_a_suggestion(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(DefinitionError, match=message):
        Measure(**fields)


@pytest.mark.parametrize(
    ("definition", "message"),
    [
        (Measure("count", where={"knd": "talk"}), "没有列“knd”，是不是“kind”"),
        (Measure("count", where={"kind": 3}), "列“kind”是代码，这里要的是数字"),
        (Measure("count", where={"ok": "yes"}), "列“ok”是是否，这里要的是代码"),
        (Measure("count", where={"due": "2026"}), "列“due”是日期，这里要的是代码"),
        (Measure("count", where={"score": ["a"]}), "列“score”是数字"),
        (Measure("count", where={"score": {"mn": 1}}), "没有“score”的界限“mn”，是不是“min”"),
        (Measure("count", where={"kind": b"?"}), "条件里只能写"),
        (Measure("sum", column="kind"), "列“kind”是代码，这里要的是数字"),
        (Measure("on_time", column="done", due="ok"), "这里要的是日期"),
        (Measure("missing", column="score"), "日期或是否"),
        (Measure("count", once="nobody"), "没有列“nobody”"),
    ],
    ids=str,
)
def test_columns_are_checked_against_the_source(definition: Measure, message: str) -> None:
    with pytest.raises(DefinitionError, match=message):
        check(definition, FACTS.clear())


def test_an_untyped_empty_frame_passes() -> None:
    untyped = pl.DataFrame({name: [] for name in TYPES}, schema=dict.fromkeys(TYPES, pl.Null))
    check(Measure("count", where={"kind": "talk"}), untyped)


def test_lazy_frames_give_the_same() -> None:
    for definition in (Measure("people"), Measure("growth", of="count"), Measure("mean", column="score")):
        eager = measure(definition, FACTS, SUBJECTS, *YEAR)
        assert eager.equals(measure(definition, FACTS.lazy(), SUBJECTS.lazy(), *YEAR))


# An independent reading: loops over dictionaries, nothing shared with the library but the definition.


def plain(definition: Measure, rows: list[dict[str, Any]], subject: int) -> tuple[Any, Any, Any, str]:
    inside = [r for r in rows if r["unit"] == subject and YEAR[0] <= r["day"] <= YEAR[1]]
    base = [r for r in inside if fits(r, definition.over if definition.kind == "share" else definition.where)]
    if definition.kind == "count":
        return len(base), len(base), None, "known"
    if definition.kind == "people":
        people = len({r["person"] for r in base} - {None})
        return people, people, None, "known"
    if definition.kind == "sum":
        amount = sum(r["score"] for r in base if r["score"] is not None)
        blank = any(r["score"] is None for r in base)
        return (None, amount, None, "unknown") if blank else (amount, amount, None, "known")
    if definition.kind == "mean":
        filled = [r["score"] for r in base if r["score"] is not None]
        if filled:
            return sum(filled) / len(filled), sum(filled), len(filled), "known"
        return (None, None, None, "unknown") if base else (None, 0, 0, "inapplicable")
    if definition.kind in ("on_time", "missing"):
        base = [r for r in base if r["due"] is not None and r["due"] <= YEAR[1]]
    tests = {
        "share": lambda r: fits(r, definition.where),
        "on_time": lambda r: r["done"] is not None and r["done"] <= r["due"],
        "missing": lambda r: r["done"] is None,
    }
    hits = sum(map(tests[definition.kind], base))
    if not base:
        return None, 0, 0, "inapplicable"
    return (hits if definition.kind == "missing" else hits / len(base)), hits, len(base), "known"


def fits(row: dict[str, Any], where: Any) -> bool:
    for name, wanted in where.items():
        value = row[name]
        if isinstance(wanted, dict):
            if value is None or value < wanted.get("min", value) or value > wanted.get("max", value):
                return False
        elif value not in (wanted if isinstance(wanted, list) else [wanted]):
            return False
    return True


DAYS = st.dates(date(2025, 11, 1), date(2027, 1, 31))
ROWS = st.lists(
    st.fixed_dictionaries({
        "unit": st.integers(1, 3), "person": st.none() | st.integers(1, 4), "day": DAYS,
        "kind": st.none() | st.sampled_from("ab"), "score": st.none() | st.integers(-4, 9).map(float),
        "weight": st.none(), "due": st.none() | DAYS, "done": st.none() | DAYS,
        "ok": st.none() | st.booleans(), "asked": st.none() | st.booleans(),
    }),
    max_size=25,
)  # fmt: skip
WHERE = st.fixed_dictionaries({}, optional={
    "kind": st.sampled_from(["a", ["a", "b"], ["b"]]), "ok": st.booleans(), "asked": st.none(),
    "score": st.sampled_from([{"min": 2.0}, {"max": 3.0}, {"min": 0.0, "max": 5.0}]),
})  # fmt: skip
DEFINITIONS = st.one_of(
    st.builds(Measure, kind=st.sampled_from(["count", "people"]), where=WHERE),
    st.builds(Measure, kind=st.sampled_from(["sum", "mean"]), where=WHERE, column=st.just("score")),
    st.builds(Measure, kind=st.just("share"), where=WHERE.filter(bool), over=WHERE),
    st.builds(Measure, kind=st.sampled_from(["on_time", "missing"]), where=WHERE, column=st.just("done"), due=st.just("due")),
)  # fmt: skip


@given(DEFINITIONS, ROWS)
@settings(max_examples=150)
def test_the_library_agrees_with_a_plain_reading(definition: Measure, rows: list[dict[str, Any]]) -> None:
    found = measure(definition, make_facts(*rows), pl.DataFrame({"subject": [1, 2, 3]}), *YEAR)
    for subject, value, top, bottom, status, _ in found.iter_rows():
        expected = plain(definition, rows, subject)
        assert (value, top, bottom) == pytest.approx(expected[:3])
        assert status == expected[3]


@given(DEFINITIONS, ROWS, st.randoms(use_true_random=False))
@settings(max_examples=50)
def test_the_order_of_rows_changes_nothing(
    definition: Measure, rows: list[dict[str, Any]], random: Any
) -> None:
    facts = make_facts(*rows)
    order = list(range(facts.height))
    random.shuffle(order)
    shuffled = facts[order]
    assert measure(definition, facts, SUBJECTS, *YEAR).equals(measure(definition, shuffled, SUBJECTS, *YEAR))
    assert records(definition, facts, 1, *YEAR) == records(definition, shuffled, 1, *YEAR)


@given(DEFINITIONS, ROWS)
@settings(max_examples=50)
def test_every_figure_opens_exactly_its_records(definition: Measure, rows: list[dict[str, Any]]) -> None:
    facts = make_facts(*rows)
    evidence = records(definition, facts, 1, *YEAR)
    assert set(evidence.numerator) <= set(evidence.denominator)
    assert len(evidence.days) == len(evidence.numerator)
    _, top, bottom, _ = reading(definition, facts)
    if definition.kind in ("count", "share", "on_time", "missing"):
        assert len(evidence.numerator) == top
        assert bottom in (None, len(evidence.denominator))
