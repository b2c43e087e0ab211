"""What a form says to whoever filled it in wrongly."""

from datetime import date

from django import forms

from linghang.ui.forms import HouseForm


class Slip(HouseForm):
    title = forms.CharField(label="议题", max_length=10)
    kind = forms.ChoiceField(label="类别", choices=[("plan", "计划")])
    month = forms.IntegerField(label="月份", min_value=1, max_value=12)
    day = forms.DateField(label="日期", error_messages={"required": "哪一天开的？"})


def told(**given: object) -> dict[str, list[str]]:
    form = Slip({"title": "修订", "kind": "plan", "month": 3, "day": date(2026, 3, 1), **given})
    return {name: list(words) for name, words in form.errors.items()}


def test_what_is_missing_is_named_with_what_to_do() -> None:
    words = told(title="", kind="", month="", day="")
    assert words["title"] == ["必填，请填写“议题”"]
    assert words["kind"] == ["必填，请选择“类别”"]
    assert words["day"] == ["哪一天开的？"]


def test_what_is_too_much_says_how_much_is_allowed() -> None:
    words = told(title="长" * 12, month=13, kind="else")
    assert words["title"] == ["最多 10 字，现在有 12 字，请精简"]
    assert words["month"] == ["不能大于 12，请改小"]
    assert words["kind"] == ["列表里没有这一项，请重新选择"]
    assert told(month=0)["month"] == ["不能小于 1，请改大"]
    assert not told()
