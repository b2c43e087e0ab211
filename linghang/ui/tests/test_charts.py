"""Charts as data: nothing but JSON, no inline-style tooltips, and a table that says exactly what is drawn."""

import json

from linghang.ui import charts
from linghang.ui.charts import Part, Stage

LOOP = [
    Stage(
        "提示单",
        [Part("办结", 361, "green", "/a"), Part("在办", 44, "blue", "/b"), Part("逾期", 7, "red")],
        "在办 44",
    ),
    Stage("督导单", [Part("办结", 0, "green")]),
]


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


def test_nothing_at_all_is_still_a_chart():
    assert charts.table(charts.stage_bars([])).rows == []


def test_an_option_is_json_with_rich_text_tooltips_and_no_colour_of_its_own():
    option = charts.stage_bars(LOOP)
    text = json.dumps(option)
    assert option["tooltip"]["renderMode"] == "richText"
    assert "#" not in text
    assert "rgb(" not in text
    assert "dataView" not in text
