"""Filters of lists."""

from datetime import date
from types import SimpleNamespace
from typing import Any

from linghang.kernel import clock
from linghang.kernel.access import Reach
from linghang.rules.periods import Kind, Period
from linghang.ui.lists import Cell, Column, Filter, _told, month_filter
from linghang.ui.stages import stages
from linghang.ui.templatetags.house import heads


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


COLUMNS = [Column("title", "标题"), Column("unit", "单位", kind="unit"), Column("note", "说明")]


def told(reach: Reach, *rows: tuple[str, str, str]) -> list[str]:
    """The labels of the columns that somebody of this reach is shown."""
    request: Any = SimpleNamespace(
        person=SimpleNamespace(reach=lambda verb: reach), verb="dispatch.view_order"
    )
    kept, cells = _told(request, COLUMNS, [[Cell(text) for text in row] for row in rows])
    assert all(len(row) == len(kept) for row in cells)
    return [column.label for column in kept]


def test_a_column_that_is_empty_all_the_way_down_is_left_off():
    whole = Reach(trees=("/00001/",))
    assert told(whole, ("甲", "内科", ""), ("乙", "外科", "")) == ["标题", "单位"]
    assert told(whole, ("甲", "内科", "补记"), ("乙", "内科", "")) == ["标题", "单位", "说明"]


def test_whoever_has_one_unit_is_not_told_it_in_every_row():
    one = Reach(units=frozenset({7}))
    assert told(one, ("甲", "内科", "补记")) == ["标题", "说明"]
    assert told(one, ("甲", "内科", "补记"), ("乙", "外科", "")) == ["标题", "单位", "说明"]


def test_a_head_with_a_mark_stands_over_its_numbers():
    assert heads("项目|得分#|") == [("项目", ""), ("得分", "number"), ("", "")]
