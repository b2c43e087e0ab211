"""What a kind asks besides, as data: asked in the form, kept with the record, shown, found, summed and counted."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from docx import Document

from linghang.activities import actions
from linghang.activities.blueprint import KindEntry, apply_kinds
from linghang.activities.models import Kind, Meeting, kind_of
from linghang.kernel import clock
from linghang.kernel.facts import SOURCES
from linghang.kernel.figures import open_figure
from linghang.kernel.parameters import forget

DAY = date(2026, 10, 28)
PARTNER = "示例大学附属第一医院心内科党支部"


@pytest.fixture(autouse=True)
def stand_on_the_day() -> Any:
    with clock.at(DAY):
        yield


def held(by: Any, unit: Any, kind: str, day: date = DAY, **replies: Any) -> Meeting:
    given = {"title": "活动", "replies": replies}
    return actions.record(by, unit=unit, kind=kind, held_on=day, **given)


def words(client: Any, address: str, **query: Any) -> str:
    answer = client.get(address, query)
    assert answer.status_code == 200
    return str(answer.content.decode())


MEETINGS, RECORD = "/activities/meetings/", "/activities/record/"


# --- asking ------------------------------------------------------------------------------------------------------------


@pytest.mark.mechanism("S2-19")
def test_a_partner_must_be_named_and_stands_on_page_paper_and_in_the_form_the_next_time(
    cast: Any, hospital: Any, client_of: Any
) -> None:
    client = client_of(cast.clerk)
    data = {
        "kind": "partnership",
        "held_on": "2026-10-28",
        "title": "联合义诊",
        "ask_agreement": "共建协议（2026）3 号",
    }
    refused = client.post(RECORD, data)
    assert refused.status_code == 422
    assert not Meeting.objects.exists()
    done = client.post(RECORD, data | {"ask_partner": PARTNER})
    assert done.status_code == 302
    shown = words(client, done.url)
    assert PARTNER in shown
    assert "共建协议（2026）3 号" in shown
    actions.confirm(Meeting.objects.get(), cast.secretary)
    again = client.get(RECORD, {"kind": "partnership"}).context["form"]
    assert again.fields["ask_partner"].widget.suggestions == [PARTNER]
    assert again["ask_partner"].field.required


def test_what_is_asked_follows_the_kind_and_those_as_which_it_counts(
    cast: Any, hospital: Any, client_of: Any
) -> None:
    client = client_of(cast.clerk)

    def asked(**query: Any) -> set[str]:
        return set(client.get(RECORD, query).context["form"].asked)

    assert asked() == asked(kind="assembly") == set()
    assert asked(kind="themed_day", also="clinic") == {"served", "coverage"}
    roll = client.get(
        RECORD, {"kind": "study"}, headers={"HX-Request": "true", "HX-Target": "roll"}
    ).content.decode()
    assert "另记：方式、组织形式、带学研学" in roll
    data = {"kind": "themed_day", "also": ["partnership"], "held_on": "2026-10-28", "title": "共建"}
    assert client.post(RECORD, data).status_code == 422, "the joined kind's question is asked as well"


def test_a_reply_is_one_of_the_options_a_number_or_short_and_nothing_that_nobody_asked(
    cast: Any, hospital: Any
) -> None:
    branch = hospital.b_medicine
    for kind, replies in (
        ("study", {"way": "电话"}),
        ("clinic", {"served": "许多"}),
        ("clinic", {"served": "-3"}),
        ("clinic", {"coverage": "长" * 121}),
        ("assembly", {"way": "线上"}),
        ("partnership", {}),
        ("carrier", {"form": "办实事"}),
    ):
        with pytest.raises(ValidationError):
            held(cast.clerk, branch, kind, **replies)
    assert held(cast.clerk, branch, "clinic", served="86").replies == {"served": 86}


@pytest.mark.mechanism("S4-09")
def test_an_event_is_closed_by_its_summary_which_its_minutes_bear(
    cast: Any, hospital: Any, client_of: Any
) -> None:
    """Planned without one, it is not recorded without one."""
    plan = actions.plan(cast.clerk, unit=hospital.b_medicine, kind="carrier", held_on=DAY, title="风采大会")
    with pytest.raises(ValidationError, match="活动总结"):
        actions.record_planned(plan, cast.clerk, replies={"form": "风采大会"})
    said = "表彰 12 人，全院 210 人参加，编印事迹一册。"
    actions.record_planned(plan, cast.clerk, replies={"form": "风采大会", "summary": said})
    client = client_of(cast.clerk)
    assert said in words(client, plan.get_absolute_url())
    paper = client.get(reverse("activities:meeting_paper", args=[plan.pk, "minutes"]))
    text = [each.text for each in Document(BytesIO(b"".join(paper))).paragraphs]
    assert text[text.index("另记") + 1 :][:2] == ["形式：风采大会", f"活动总结：{said}"]
    assert words(client, MEETINGS, kind="carrier").count("风采大会") >= 2


def test_a_blueprint_asks_one_question_by_one_code_and_nothing_by_one_tap() -> None:
    ask = {"code": "way", "label": "方式", "how": "choice", "options": ["线上", "线下"]}
    kind = {"code": "x", "title": "某会", "holders": ["branch"], "asks": [ask]}
    KindEntry(**kind)
    for wrong in (
        {"one_tap": True},
        {"asks": [ask | {"options": []}]},
        {"asks": [ask | {"how": "text"}]},
        {"asks": [ask | {"code": "Way!"}]},
    ):
        with pytest.raises(ValueError, match=r"."):
            KindEntry(**kind | wrong)


def test_one_code_is_one_question_in_all_kinds(db: None) -> None:
    ask = {"code": "way", "label": "方式"}
    one = KindEntry(code="x", title="甲", holders=["branch"], asks=[ask])
    other = KindEntry(code="y", title="乙", holders=["branch"], asks=[ask | {"label": "途径"}])
    with pytest.raises(ValidationError, match="way"):
        apply_kinds([one, other], None)


def test_a_reply_outlives_its_question(cast: Any, hospital: Any, client_of: Any) -> None:
    made = held(cast.clerk, hospital.b_medicine, "partnership", partner=PARTNER)
    Kind.objects.filter(code="partnership").update(asks=[])
    forget()
    assert kind_of("partnership").asks == []
    assert PARTNER in words(client_of(cast.clerk), made.get_absolute_url())


# --- finding and counting ----------------------------------------------------------------------------------------------


@pytest.mark.mechanism("S0-03")
def test_study_is_told_apart_by_mode_in_list_hours_and_file(cast: Any, hospital: Any, client_of: Any) -> None:
    """线上与线下、集中与自主、领导带学与全员研学: hours by each pair, from who came; no minute online is counted."""
    branch = hospital.b_medicine
    held(cast.clerk, branch, "study", way="线下", gathering="集中学习", leading="领导带学")
    held(cast.clerk, branch, "study", DAY - timedelta(days=9), way="线上", gathering="自主学习")
    client = client_of(cast.secretary)
    form = client.get(MEETINGS, {"kind": "study", "ask_way": "线上"}).context["listing"]
    assert form.total == 1
    assert "ask_way" not in words(client, MEETINGS, kind="assembly")
    study = words(client, "/activities/study/")
    people = Meeting.objects.first().attendances.count()
    assert f"线上 {people * 2} 学时" in study
    assert f"领导带学 {people * 2} 学时" in study
    book = openpyxl.load_workbook(BytesIO(b"".join(client.get("/activities/study/?export=1"))))
    rows = [list(row) for row in book.active.iter_rows(values_only=True)]
    heads = next(row for row in rows if "线上" in row)
    own = next(row for row in rows if cast.member.name in row)
    assert [own[heads.index(mode)] for mode in ("线上", "线下", "自主学习", "全员研学")] == [2, 2, 2, 0]


@pytest.mark.mechanism("S0-03")
def test_the_plan_of_the_next_year_says_how_it_was_studied(cast: Any, hospital: Any, client_of: Any) -> None:
    held(cast.secretary, hospital.b_medicine, "study", way="线下", gathering="集中学习")
    client = client_of(cast.secretary)
    address = "/activities/year/?year=2027&from=last"
    formset = client.get(address).context["formset"]
    assert [row.called for row in formset] == ["理论学习（线下、集中学习）"]
    data = {f"form-0-{name}": formset[0][name].value() or "" for name in formset[0].fields} | {
        "form-0-keep": "on"
    }
    sent = {**data, "form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 1, "year": 2027}
    assert client.post(address, sent).status_code == 302
    plan = Meeting.objects.get(state="planned")
    assert plan.replies == {"way": "线下", "gathering": "集中学习"}


@pytest.mark.mechanism("S2-19")
def test_partners_are_listed_with_the_activities_behind_each(
    cast: Any, hospital: Any, client_of: Any
) -> None:
    for back, partner in ((0, PARTNER), (3, PARTNER), (6, "县医院党总支")):
        held(cast.clerk, hospital.b_medicine, "partnership", DAY - timedelta(days=back), partner=partner)
    found = client_of(cast.office).get(MEETINGS, {"kind": "partnership"}).context["yearly"]
    partners = next(one for one in found.told if one.ask.code == "partner")
    assert [(one.text, one.times) for one in partners.replies] == [(PARTNER, 2), ("县医院党总支", 1)]
    assert "2026 年联建共建：2 条记录" in words(client_of(cast.office), partners.replies[0].url)
    assert client_of(cast.outsider).get(MEETINGS, {"kind": "partnership"}).context["yearly"].times == 0


@pytest.mark.mechanism("S1-28")
def test_warning_education_names_its_lecturer_and_says_whom_it_reached(
    cast: Any, hospital: Any, client_of: Any
) -> None:
    """外请的讲师和单位，覆盖了多少支部和党员；数字点开是那几次。"""
    absent = {cast.member.pk: "duty"}
    made = actions.record(
        cast.secretary,
        unit=hospital.b_medicine,
        kind="warning",
        held_on=DAY,
        title="以案促改",
        absent=absent,
        replies={"lecturer": "孙检察", "lecturer_from": "县纪委监委"},
    )
    found = client_of(cast.office).get(MEETINGS, {"kind": "warning"}).context["yearly"]
    branches, members = found.shares
    assert (found.times, branches.came, members.came) == (1, 1, made.attendances.count() - 1)
    assert branches.of > 1
    assert members.of > made.attendances.count()
    shown = words(client_of(cast.inspector), MEETINGS, kind="warning")
    assert "县纪委监委" in shown
    sight = open_figure(cast.inspector, "activities.year", 2026, {"of": "warning"})
    assert sight is not None
    assert sight.refs == [made.ref]
    assert open_figure(cast.inspector, "activities.year", 2026, {"of": "nothing"}) is None


@pytest.mark.mechanism("S2-20")
def test_whom_a_clinic_served_is_summed_and_what_was_written_about_it_listed(
    cast: Any, hospital: Any, client_of: Any
) -> None:
    held(cast.clerk, hospital.b_medicine, "clinic", served=86, coverage="市日报《义诊进社区》")
    held(cast.secretary, hospital.b_medicine, "themed_day", DAY - timedelta(days=5))
    joined = {"title": "七一义诊", "also": ["clinic"], "replies": {"served": 40}}
    actions.record(cast.clerk, unit=hospital.b_medicine, kind="themed_day", held_on=DAY, **joined)
    shown = words(client_of(cast.office), MEETINGS, kind="clinic")
    assert "合计 126" in shown
    assert "市日报《义诊进社区》" in shown
    book = client_of(cast.office).get(MEETINGS, {"export": 1})
    rows = list(openpyxl.load_workbook(BytesIO(b"".join(book))).active.iter_rows(values_only=True))
    assert any("服务人次：86；报道：市日报《义诊进社区》" in row for row in rows)


def test_replies_are_facts_without_free_text(cast: Any, hospital: Any) -> None:
    held(cast.clerk, hospital.b_medicine, "study", way="线上")
    held(cast.clerk, hospital.b_medicine, "clinic", served=86, coverage="市日报")
    rows = SOURCES["activities.replies"].frame(date(2026, 1, 1), date(2026, 12, 31)).to_dicts()
    assert [(r["kind"], r["ask"], r["choice"], r["number"]) for r in rows] == [
        ("study", "way", "线上", None),
        ("clinic", "served", None, 86.0),
        ("clinic", "coverage", None, None),
    ]


@pytest.mark.parametrize("kind", ["partnership", "warning", "study", "clinic"])
def test_the_list_of_a_kind_costs_few_queries(
    cast: Any, hospital: Any, client_of: Any, django_assert_max_num_queries: Any, kind: str
) -> None:
    for back in range(4):
        replies = {"partner": PARTNER} if kind == "partnership" else {}
        held(cast.clerk, hospital.b_medicine, kind, DAY - timedelta(days=back), **replies)
    client = client_of(cast.office)
    client.get("/")
    with django_assert_max_num_queries(15):
        client.get(MEETINGS, {"kind": kind})


@pytest.mark.mechanism("S4-16")
def test_the_spirit_of_the_house_is_taught_and_its_signs_are_checked(
    cast: Any, hospital: Any, client_of: Any
) -> None:
    """校史院史 and 国防教育 are kinds that give hours, 标识规范 a standard with its items: all of it data."""
    for kind in ("heritage", "defence"):
        made = held(cast.secretary, hospital.b_medicine, kind)
        assert made.hours == 1
        assert client_of(cast.office).get(MEETINGS, {"kind": kind}).context["yearly"].times == 1
    shown = words(client_of(cast.office), "/inspections/standards/signage/")
    assert "标识规范" in shown
    assert "内科党支部" in shown
