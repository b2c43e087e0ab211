"""Charts as data: nothing but JSON, no inline-style tooltips, and a table that says exactly what is drawn."""

import json

from linghang.ui import charts
from linghang.ui.charts import Part, Point, Stage

LOOP = [
    Stage(
        "提示单",
        [Part("办结", 361, "green", "/a"), Part("在办", 44, "blue", "/b"), Part("逾期", 7, "red")],
        "在办 44",
    ),
    Stage("督导单", [Part("办结", 0, "green")]),
]
MONTHS = [Point("9月", 91, "/9"), Point("10月", None), Point("11月", 93.5)]


def words(option: charts.Option) -> list[list[str]]:
    return [[cell.text for cell in row] for row in charts.table(option).rows]


def test_stage_bars_share_the_whole_width_and_keep_their_counts():
    option = charts.stage_bars(LOOP)
    first = [series["data"][0]["value"] for series in option["series"]]
    assert abs(sum(first) - 1) < 0.001
    assert words(option) == [["提示单", "361", "44", "7"], ["督导单", "0", "0", "0"]]


def test_an_empty_stage_divides_by_nothing():
    option = charts.stage_bars(LOOP)
    assert [series["data"][1]["value"] for series in option["series"]] == [0, 0, 0]


def test_a_narrow_stretch_keeps_its_number_out_of_the_bar():
    done, open_, late = (
        series["data"][0]["label"]["formatter"] for series in charts.stage_bars(LOOP)["series"]
    )
    assert (done, open_, late) == ("办结 361", "", "")


def test_records_stay_one_click_away_in_drawing_and_table():
    option = charts.stage_bars(LOOP)
    assert option["series"][0]["data"][0]["url"] == "/a"
    assert charts.table(option).rows[0][1].url == "/a"


def test_trend_shows_a_gap_where_nothing_is_known():
    option = charts.trend(MONTHS, [Point("9月", 80)], unit="%")
    assert option["series"][0]["data"][1]["value"] is None
    assert words(option) == [["9月", "91%", "80%"], ["10月", "—", "—"], ["11月", "93.5%", "—"]]


def test_last_year_is_dashed_and_absent_when_unknown():
    assert charts.trend(MONTHS, MONTHS)["series"][1]["lineStyle"]["type"] == "dashed"
    assert [series["name"] for series in charts.trend(MONTHS)["series"]] == ["今年"]


def test_a_percentage_axis_begins_on_the_ten_below_and_other_units_at_zero():
    assert charts.trend([Point("a", 78), Point("b", 93)], unit="%")["yAxis"]["min"] == 70
    assert charts.trend([Point("a", 78)], unit="次")["yAxis"]["min"] == 0
    assert charts.trend([Point("a", None)], unit="%")["yAxis"]["min"] == 0


def test_bars_draw_the_target_only_where_there_is_one():
    assert charts.bars(MONTHS, target=90)["series"][0]["markLine"]["data"] == [{"xAxis": 90}]
    assert "markLine" not in charts.bars(MONTHS)["series"][0]


def test_nothing_at_all_is_still_a_chart():
    for option in (charts.stage_bars([]), charts.trend([]), charts.bars([])):
        assert charts.table(option).rows == []


def test_every_option_is_json_with_rich_text_tooltips_and_no_colour_of_its_own():
    for option in (
        charts.stage_bars(LOOP),
        charts.trend(MONTHS, MONTHS, unit="%"),
        charts.bars(MONTHS, target=90),
    ):
        text = json.dumps(option)
        assert option["tooltip"]["renderMode"] == "richText"
        assert "#" not in text
        assert "rgb(" not in text
        assert "dataView" not in text
