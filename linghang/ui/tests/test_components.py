"""Components render with nothing, with much, and never with an inline style or script."""

import re
from datetime import date, timedelta
from types import SimpleNamespace as Thing
from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, engines
from django.test import RequestFactory
from django.utils.safestring import SafeString
from django_cotton.compiler_regex import CottonCompiler

from linghang.kernel import clock
from linghang.kernel.todos import Todo
from linghang.ui import charts
from linghang.ui.lists import Cell, Column, Filter, Listing, Row
from linghang.ui.templatetags import house

LONG = "关于进一步落实交叉互查发现问题整改并在规定期限内报送整改情况的通知" * 4
EVIL = "<script>alert(1)</script>"


def render(source: str, **context: Any) -> str:
    request = RequestFactory().get("/somewhere/", {"q": "甲"})
    template = engines["django"].from_string(CottonCompiler().process(source))
    return template.template.render(Context({"request": request, "csrf_token": "t", **context}))


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


class Meeting(forms.Form):
    title = forms.CharField(label="题目", help_text="写在签到表上")
    held_on = forms.DateField(label="日期", required=False)
    kind = forms.ChoiceField(label="类型", choices=[("a", "大会")], widget=forms.RadioSelect, required=False)
    absent = forms.MultipleChoiceField(label="请假", choices=[("1", "李静"), ("2", "王蕾")], required=False)
    place = forms.ChoiceField(label="地点", choices=[("x", "示教室")], required=False)
    note = forms.CharField(label="要点", widget=forms.Textarea, required=False)
    checked = forms.BooleanField(label="已核对", required=False)
    file = forms.FileField(label="佐证", required=False)
    secret = forms.CharField(widget=forms.HiddenInput, required=False)


# --- words about time and state --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "text", "tone"),
    [
        (-3, "逾期 3 天", "red"),
        (0, "今天", "amber"),
        (1, "明天", "amber"),
        (2, "剩 2 天", "amber"),
        (3, "剩 3 天", "grey"),
    ],
)
def test_deadlines_are_said_in_words(days: int, text: str, tone: str):
    with clock.at(date(2026, 10, 28)):
        assert house.due(clock.today() + timedelta(days=days)) == (text, tone)


def test_a_far_deadline_is_a_date_and_none_is_nothing():
    with clock.at(date(2026, 10, 28)):
        assert house.due(date(2027, 3, 15)).text == "至 2027-03-15"
    assert house.due(None).text == ""


def test_dates_are_written_as_in_the_office():
    with clock.at(date(2026, 10, 28)):
        assert house.cn_date(clock.today()) == "2026 年 10 月 28 日 星期三"
        assert house.short_date(date(2026, 10, 9)) == "10-09"
        assert house.short_date(date(2025, 10, 9)) == "2025-10-09"
        assert house.moment(clock.now()) == "10-28 09:00"
    assert house.cn_date(None) == "—"


def test_a_missing_number_is_a_dash_and_never_zero():
    assert [house.number(value) for value in (None, "", 0, 1234, 3.5, -0.0)] == [
        "—",
        "—",
        "0",
        "1,234",
        "3.5",
        "0",
    ]
    assert house.number(8, 1) == "8.0"


def test_cells_are_written_as_in_the_office():
    with clock.at(date(2026, 10, 28)):
        values = [clock.today(), clock.now(), True, 12345, None, "甲"]
    assert [house.shown(v) for v in values] == ["2026-10-28", "2026-10-28 09:00", "是", "12,345", "", "甲"]


@pytest.mark.parametrize(
    ("state", "tone"),
    [
        ("逾期", "red"),
        ("要办", "red"),
        ("未到期", "grey"),
        ("快到期", "amber"),
        ("进行中", "blue"),
        ("已办结", "green"),
        ("未完成", "red"),
        ("已完成", "green"),
        ("closed", "green"),
        ("disclosed", "grey"),
        ("", "grey"),
        (None, "grey"),
    ],
)
def test_states_have_a_tone(state: str | None, tone: str):
    assert house.tone_of(state) == tone


# --- components -------------------------------------------------------------------------------------------------------

SAMPLES = {
    "page": '<c-page title="{{ x }}" sub="{{ x }}">{{ x }}</c-page>',
    "card": '<c-card title="{{ x }}" aside="{{ x }}">{{ x }}</c-card>',
    "table": '<c-table head="甲|乙|"><tr><td>{{ x }}</td></tr></c-table>',
    "button": '<c-button kind="danger" confirm="{{ x }}">{{ x }}</c-button>',
    "status": '<c-status :text="x" />',
    "light": '<c-light state="要办">{{ x }}</c-light>',
    "todo": '<c-todo title="{{ x }}" why="{{ x }}" href="/a/" glyph="督" />',
    "steps": '<c-steps :steps="things" />',
    "thread": '<c-thread :records="things" />',
    "timeline": '<c-timeline :entries="things" />',
    "strip": '<c-strip :cells="things" />',
    "cite": '<c-cite :text="x" href="/a/" />',
    "figure": '<c-figure :value="x" href="/a/" label="{{ x }}" />',
    "gauge": '<c-gauge :label="x" :value="3" :max="5" />',
    "dl": '<c-dl :rows="pairs"><c-row label="{{ x }}">{{ x }}</c-row></c-dl>',
    "note": "<c-note>{{ x }}</c-note>",
    "empty": '<c-empty :text="x" href="/new/" button="{{ x }}" />',
    "tabs": '<c-tabs :tabs="tabs" />',
    "columns": '<c-columns>{{ x }}<c-slot name="aside">{{ x }}</c-slot></c-columns>',
    "verbs": '<c-verbs :buttons="things" />',
}


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("x", ["", LONG, EVIL])
def test_a_component_survives_emptiness_length_and_markup(name: str, x: str):
    thing = {
        "label": x,
        "title": x,
        "text": x,
        "note": x,
        "url": "/a/",
        "tone": "red",
        "state": "now",
        "danger": True,
    }
    html = render(SAMPLES[name], x=x, things=[thing, thing], pairs=[(x, x)], tabs=[(x, "/a/", True)])
    assert EVIL not in html
    assert "style=" not in html
    assert "<script" not in html
    assert x != LONG or LONG in html


@pytest.mark.parametrize("name", ["steps", "thread", "timeline", "strip", "dl", "tabs", "verbs"])
def test_a_component_survives_having_nothing_to_show(name: str):
    assert "None" not in render(SAMPLES[name], x="", things=[], pairs=[], tabs=[])


def test_a_component_does_not_take_words_from_the_page_around_it():
    html = render(
        "<c-card>内容</c-card><c-button>办</c-button>", title="外面的题目", href="/outside/", aside="外面"
    )
    assert "外面" not in html
    assert "/outside/" not in html


def test_a_state_says_its_word_beside_its_colour():
    html = render('<c-status text="逾期" />')
    assert "state-red" in html
    assert "<svg" in html
    assert plain(html) == "逾期"


def test_a_light_says_its_word_to_those_who_cannot_see_it():
    assert plain(render('<c-light state="快到期">换届</c-light>')).startswith("快到期：")


def test_a_todo_shows_its_reason_rule_and_one_button():
    with clock.at(date(2026, 10, 28)):
        todo = Todo(
            "督导单 17 号",
            "交叉互查发现",
            "/o/17/",
            "填办理情况",
            "督",
            date(2026, 10, 30),
            "条例 第十一条",
            "/r/",
        )
        html = render('<c-todo :todo="todo" :solid="True" />', todo=todo)
    assert "剩 2 天" in html
    assert 'href="/r/"' in html
    assert "btn-solid" in html
    assert html.count('class="btn') == 1


def test_a_danger_button_asks_first():
    assert 'data-confirm="确定撤销吗？"' in render(
        '<c-verbs :buttons="b" />', b=[Thing(label="撤销", url="/x/", asks=False, solid=False, danger=True)]
    )


def test_every_field_of_a_form_has_its_label():
    html = render('<c-form :form="form" submit="保存" />', form=Meeting())
    for name in ("title", "held_on", "place", "note", "checked", "file"):
        assert f'for="id_{name}"' in html
        assert f'id="id_{name}"' in html
    assert html.count("<legend") == 2
    assert html.count('type="checkbox"') == 3
    assert html.count("<form") == 1
    assert "form='" not in html
    assert 'enctype="multipart/form-data"' in html
    assert "csrfmiddlewaretoken" in html


def test_dates_are_given_to_the_browsers_picker_in_its_own_form():
    html = render('<c-field :field="form.held_on" />', form=Meeting(initial={"held_on": date(2026, 10, 28)}))
    assert 'type="date"' in html
    assert 'value="2026-10-28"' in html


def test_chosen_boxes_stay_chosen():
    html = render('<c-field :field="form.absent" />', form=Meeting({"title": "", "absent": ["2"]}))
    assert re.search(r'value="2"[^>]*checked|checked[^>]*value="2"', html)
    assert html.count("checked") == 1


def test_a_wrong_field_says_so_and_keeps_what_was_typed():
    html = render('<c-form :form="form" />', form=Meeting({"title": "", "note": "写了很久"}))
    assert 'id="id_title_error"' in html
    assert "is-invalid" in html
    assert "写了很久" in html
    assert "有 1 处需要改" in html


def test_a_chart_always_carries_its_numbers():
    option = charts.stage_bars([charts.Stage("提示单", [charts.Part(EVIL, 361, "green", "/a/")])])
    html = render('<c-chart id="loop" label="闭环" :option="option" />', option=option)
    assert '<a href="/a/">361</a>' in html
    assert '<script id="loop" type="application/json">' in html
    assert EVIL not in html


def test_progress_asks_again_only_while_it_runs():
    job = Thing(pk=1, title="计算", state="running", get_state_display="进行中", percent=42, done=3, total=7)
    assert "every 1s" in render('<c-progress :job="job" url="/j/1/" />', job=job)
    job.state, job.url, job.get_state_display = "done", "/r/", "完成"
    html = render('<c-progress :job="job" url="/j/1/" />', job=job)
    assert "every 1s" not in html
    assert 'href="/r/"' in html


# --- the list ---------------------------------------------------------------------------------------------------------


def make_listing(count: int, **more: Any) -> Listing:
    rows = [
        Row(i, [Cell(f"督导单 {i} 号"), Cell("逾期", "", "red"), Cell(i)], f"/o/{i}/") for i in range(count)
    ]
    page = Paginator(rows, 20).get_page(2)
    columns = [
        Column("title", "名称"),
        Column("state", "状态", kind="state"),
        Column("n", "数", kind="number"),
    ]
    return Listing(
        "督导单", columns, list(page.object_list), page, searchable=True, sortable={"title"}, **more
    )


def test_a_list_labels_every_cell_for_the_phone():
    html = render('<c-list :listing="listing" />', listing=make_listing(45))
    assert html.count('data-label="名称"') == 20
    assert "共 45 条" in html
    assert 'href="/o/20/"' in html
    assert 'aria-current="page">2<' in html


def test_a_list_keeps_its_filters_while_turning_pages():
    listing = make_listing(45, params={"state": "late", "page": "2"})
    html = render('<c-list :listing="listing" />', listing=listing)
    assert 'href="?state=late&amp;page=3"' in html
    assert 'href="?state=late&amp;sort=title"' in html


def test_sorting_turns_round_and_says_so():
    html = render(
        '<c-list :listing="listing" />', listing=make_listing(3, sort="title", params={"sort": "title"})
    )
    assert 'aria-sort="ascending"' in html
    assert "sort=-title" in html


def test_rows_can_be_picked_only_where_there_is_something_to_do_with_them():
    assert 'name="row"' not in render('<c-list :listing="listing" />', listing=make_listing(3))
    html = render('<c-list :listing="listing" />', listing=make_listing(3, bulk=[("/remind/", "催办")]))
    assert html.count('name="row"') == 3
    assert 'formaction="/remind/"' in html


def test_an_empty_list_says_what_will_appear_and_how_to_begin():
    listing = make_listing(0, empty="收到的督导单会列在这里。", empty_action=("去看督查", "/inspections/"))
    html = render('<c-list :listing="listing" />', listing=listing)
    assert "收到的督导单会列在这里。" in html
    assert 'href="/inspections/"' in html
    assert "没有找到含“甲”" in render('<c-list :listing="listing" />', listing=make_listing(0, q="甲"))


def test_a_chosen_filter_stays_chosen():
    listing = make_listing(
        3, filters=[Filter("state", "状态", [("a", "在办"), ("b", "办结")], lambda q, v: q, "b")]
    )
    assert '<option value="b" selected>' in render('<c-list :listing="listing" />', listing=listing)


def test_cell_text_is_escaped():
    rows = [Row(1, [Cell(EVIL), Cell(EVIL), Cell(SafeString("1"))])]
    listing = make_listing(1)
    listing.rows = rows
    assert EVIL not in render('<c-list :listing="listing" />', listing=listing)


# --- whole templates --------------------------------------------------------------------------------------------------


def test_error_pages_need_nothing_but_themselves():
    for name in ("400", "403", "403_csrf", "404", "500"):
        html = engines["django"].get_template(f"{name}.html").template.render(Context())
        assert "style=" not in html
        assert "回到工作台" in html


def test_the_login_page_warns_against_classified_content():
    html = (
        engines["django"]
        .get_template("account/login.html")
        .render({"form": Meeting()}, RequestFactory().get("/"))
    )
    assert "本系统不得录入、上传涉密内容" in html
