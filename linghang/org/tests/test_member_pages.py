"""The pages of a member's life, dues and the register: what each reader finds there, and in how many queries."""

from datetime import date
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from linghang.kernel import clock
from linghang.kernel.models import Parameter, Trail
from linghang.kernel.todos import waiting_for
from linghang.org import actions
from linghang.org.models import DuesBase, DuesImport, DuesMonth, Milestone, Transfer
from linghang.ui.sheets import read_workbook
from linghang.ui.tests.workbooks import xlsx_of
from tests.making import (
    afresh,
    branch,
    make_duesimport,
    make_milestone,
    make_person,
    make_spell,
    make_transfer,
    somebody,
    unit,
)

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 16)


@pytest.fixture(autouse=True)
def day():
    with clock.at(TODAY):
        yield


def words(response):
    return response.content.decode()


def person_url(person, tail=""):
    return f"/org/people/{person.pk}/{tail}"


# --- a person's page -------------------------------------------------------------------------------------------------


def test_the_history_shows_steps_branches_and_corrections(client_of, cast):
    made = make_milestone(unit=branch())
    actions.correct_milestone(made, cast.office, on=date(2026, 4, 1), note="误")
    text = words(client_of(somebody("1003")).get(person_url(made.person)))
    assert "<s>确定为入党积极分子</s>（已更正）" in text
    assert "2026-04-01" in text
    assert "登记培养进展" in text


def test_what_is_special_shows_to_the_branch_and_to_oneself_and_nobody_else(client_of, cast):
    make_spell()
    url = person_url(cast.member)
    assert "流动党员（境外）" in words(client_of(cast.secretary).get(url))
    assert "流动党员（境外）" in words(client_of(cast.member).get(url))
    general = client_of(cast.general).get(url)
    assert general.status_code == 200
    assert "流动党员" not in words(general)


def test_a_probationer_is_confirmed_on_the_page(client_of, cast):
    office, url = client_of(cast.office), person_url(somebody("3005"))
    assert "转为正式党员" in words(office.get(url))
    form = words(office.get(f"/org/persons/{somebody('3005').pk}/confirm-member/"))
    assert 'value="2027-03-01"' in form
    refused = office.post(f"/org/persons/{somebody('3005').pk}/confirm-member/", {"on": "2027-03-01"})
    assert refused.status_code == 422
    assert "还没到这一天" in words(refused)
    office.post(
        f"/org/persons/{somebody('3005').pk}/confirm-member/", {"on": "2026-11-02", "document": "〔2026〕9号"}
    )
    assert "转为正式党员" not in words(office.get(url)).split("党籍经过")[0]


def test_the_branch_notes_a_step_of_somebody_on_its_staff(client_of, cast):
    person = make_person("7301", branch=None, home=unit("d-medicine"))
    client = client_of(cast.clerk)
    given = {"kind": "applied", "on": "2026-10-09", "unit": branch().pk}
    assert client.post(person_url(person, "note-milestone/"), given).status_code == 302
    assert Milestone.objects.get().kind == "applied"
    assert client_of(cast.outsider).get(person_url(person, "note-milestone/")).status_code == 404


def test_a_persons_page_costs_the_same_however_long_the_life(client_of, cast, django_assert_max_num_queries):
    make_spell()
    make_transfer(state="void")
    for month in range(1, 11):
        DuesMonth.objects.create(person=cast.member, branch=branch(), month=date(2026, month, 1), paid=True)
    client = client_of(cast.secretary)
    with django_assert_max_num_queries(18):  # three of them the session
        client.get(person_url(cast.member))


# --- transfers -------------------------------------------------------------------------------------------------------


def test_a_member_is_sent_and_received_and_the_desks_say_so(client_of, cast, hospital):
    given = {"target": hospital.b_surgery.pk, "letter": "2026-031", "out_on": "2026-10-01"}
    client_of(cast.office).post(person_url(cast.member, "transfer-out/"), given)
    made = Transfer.objects.get()
    assert [t.title for t in waiting_for(afresh(cast.outsider)) if t.glyph == "转"] == ["接收何员的组织关系"]
    overdue = [t for t in waiting_for(afresh(cast.clerk)) if t.glyph == "转"]
    assert [(t.title, t.cite) for t in overdue] == [
        ("何员的介绍信还没有回执", "党员教育管理工作条例 第二十五条")
    ]
    page = words(client_of(cast.outsider).get(made.get_absolute_url()))
    assert "接收并退回执" in page
    assert "接收并退回执" not in words(client_of(cast.secretary).get(made.get_absolute_url()))
    client_of(cast.outsider).post(f"{made.get_absolute_url()}receive-transfer/", {"receipt_on": "2026-11-10"})
    assert afresh(cast.member).branch == hospital.b_surgery
    assert not [t for t in waiting_for(afresh(cast.clerk)) if t.glyph == "转"]


def test_a_fresh_letter_is_not_overdue_and_strangers_see_no_transfer(client_of, cast):
    made = make_transfer(out_on=date(2026, 11, 10))
    assert not [t for t in waiting_for(cast.clerk) if t.glyph == "转"]
    assert client_of(cast.outsider).get(made.get_absolute_url()).status_code == 404


def test_who_is_away_for_half_a_year_without_a_word_waits_for_the_branch(cast):
    spell = make_spell()
    [todo] = [t for t in waiting_for(cast.clerk) if t.glyph == "联"]
    assert (todo.title, todo.why) == ("联系流动党员何员", "近 6 个月没有联系记录")
    assert todo.cite == "党员教育管理工作条例 第三十二条、第三十四条"
    actions.contact(spell, cast.clerk, on=TODAY)
    assert not [t for t in waiting_for(afresh(cast.clerk)) if t.glyph == "联"]


# --- dues ------------------------------------------------------------------------------------------------------------


def test_the_branch_ticks_and_only_the_secretary_sees_who_is_behind(client_of, cast):
    url = f"/org/units/{branch().pk}/dues/?month=2026-10"
    clerk = client_of(cast.clerk)
    assert clerk.post(url, {"paid": [cast.secretary.pk]}).status_code == 302
    assert DuesMonth.present.filter(paid=True).count() == 1
    assert "欠交" not in words(clerk.get(url))
    seen = words(client_of(cast.secretary).get(url))
    assert "欠交" in seen
    assert "2026-10" in seen
    assert client_of(cast.outsider).get(url).status_code == 404
    assert client_of(cast.office).get(url).status_code == 404


def test_more_than_six_months_behind_cites_the_rule(client_of, cast):
    for month in range(1, 8):
        DuesMonth.objects.create(person=cast.member, branch=branch(), month=date(2026, month, 1), paid=False)
    assert "一般不超过 6 个月" in words(client_of(cast.secretary).get(f"/org/units/{branch().pk}/dues/"))


def test_a_member_sees_their_own_dues_and_a_colleague_does_not(client_of, cast):
    DuesMonth.objects.create(person=cast.member, branch=branch(), month=date(2026, 10, 1), paid=False)
    assert "2026-10" in words(client_of(cast.member).get(person_url(cast.member)))
    assert "党费</h2>" not in words(client_of(cast.clerk).get(person_url(cast.member)))


@pytest.mark.parametrize(
    "rows",
    [
        [
            ["姓名", "月份", "是否已交"],
            ["何员", "2026年9月", "是"],
            ["王蕾", "2026-09", "未交"],
            ["无人", "2026-09", "是"],
        ],
        [
            ["工号", "姓名", "9月", "12月"],
            ["3004", "何员", "√", ""],
            ["3002", "王蕾", "×", "√"],
            ["4001", "韩外", "√", ""],
        ],
    ],
)
def test_a_sheet_of_dues_is_read_shown_confirmed_and_taken_back(client_of, cast, rows):
    client = client_of(cast.clerk)
    sheet = SimpleUploadedFile("党费.xlsx", xlsx_of({"党费": rows}))
    page = client.post("/org/duesimports/new/", {"file": sheet, "year": 2026}, follow=True)
    assert "不能导入" in words(page)
    assert not DuesMonth.present.exists()
    made = DuesImport.objects.get()
    client.post(f"{made.get_absolute_url()}confirm-dues/")
    found = DuesMonth.present.values_list("person__name", "month", "paid")
    assert set(found) == {("何员", date(2026, 9, 1), True), ("王蕾", date(2026, 9, 1), False)}
    client.post(f"{made.get_absolute_url()}undo-dues/")
    assert not DuesMonth.present.exists()


def test_the_base_page_does_not_exist_until_it_is_switched_on(client_of, cast, settings):
    url = person_url(cast.member, "dues-base/")
    assert client_of(cast.member).get(url).status_code == 404
    Parameter.objects.create(code="org.dues_base", value=True, since=date(2026, 1, 1))
    DuesBase.objects.create(person=cast.member, base=8765)
    assert "8765" in words(client_of(cast.member).get(url))
    seen = words(client_of(cast.clerk).get(url))
    assert "8***" in seen
    assert "8765" not in seen
    settings.SECOND_FACTOR = True
    assert client_of(cast.member).get(url).status_code == 302


# --- the register ----------------------------------------------------------------------------------------------------


def test_the_register_is_downloaded_with_a_trace_and_a_second_factor(client_of, cast, settings):
    client = client_of(cast.office)
    answer = client.post("/org/register/", {"columns": "standard"})
    assert read_workbook(answer.content, "名册.xlsx")[0].name == "党员名册"
    assert Trail.objects.filter(verb="org.export_register").exists()
    settings.SECOND_FACTOR = True
    assert client.get("/org/register/").status_code == 302


def test_a_foreign_file_is_compared_or_refused_in_words(client_of, cast):
    client = client_of(cast.office)
    register = BytesIO(client.post("/org/register/", {"columns": "standard"}).content)
    register.name = "导出.xlsx"
    answer = client.post("/org/register/compare/", {"file": register})
    assert read_workbook(answer.content, "差异.xlsx")[0].name == "不一致"
    junk = SimpleUploadedFile("党费.xlsx", xlsx_of({"表": [["甲", "乙"], ["1", "2"]]}))
    refused = client.post("/org/register/compare/", {"file": junk})
    assert (refused.status_code, "没有找到党员名册的表头" in words(refused)) == (422, True)
    assert client_of(cast.secretary).get("/org/register/compare/").status_code == 404


def test_the_list_of_dues_imports_holds_what_is_within_reach(client_of, cast):
    make_duesimport()
    assert "党费.xlsx" in words(client_of(cast.clerk).get("/org/duesimports/"))
    assert "党费.xlsx" not in words(client_of(cast.outsider).get("/org/duesimports/"))
