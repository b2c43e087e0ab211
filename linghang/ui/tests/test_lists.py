"""Filters of lists."""

from datetime import date
from typing import Any

from linghang.kernel import clock
from linghang.rules.periods import Kind, Period
from linghang.ui.lists import Filter, month_filter
from linghang.ui.stages import stages


class Asked:
    """Rows that only remember what they were narrowed by."""

    def __init__(self) -> None:
        self.by: dict[str, Any] = {}

    def filter(self, **by: Any) -> "Asked":
        self.by |= by
        return self


STATES = [("open", "在办"), ("closed", "办结")]


def test_a_filter_compares_the_field_of_its_name_or_of_its_path():
    assert Filter("state", "状态", STATES, value="open").narrow(Asked()).by == {"state": "open"}
    assert Filter("state", "状态", STATES, value="open", path="order__state").narrow(Asked()).by == {
        "order__state": "open"
    }


def test_what_is_no_choice_narrows_nothing():
    for value in ("", "elsewhere"):
        assert Filter("state", "状态", [("", "全部"), *STATES], value=value).narrow(Asked()).by == {}


def test_months_run_from_the_next_one_back():
    asked: list[Period] = []
    with clock.at(date(2026, 1, 15)):
        found = month_filter("month", "月份", lambda rows, month: asked.append(month), back=2)
    assert found.choices == [
        ("2026-02", "2026 年 2 月"),
        ("2026-01", "2026 年 1 月"),
        ("2025-12", "2025 年 12 月"),
        ("2025-11", "2025 年 11 月"),
    ]
    assert found.apply is not None
    found.apply(None, "2025-12")
    assert asked == [Period(date(2025, 12, 1), Kind.MONTH)]


def test_a_life_has_one_present_stage_or_is_over():
    life = [("拟稿", ""), ("下发", "10-08"), ("办结", "")]
    assert [one.state for one in stages(life, 1)] == ["done", "now", "ahead"]
    assert [one.state for one in stages(life, 3)] == ["done", "done", "done"]
