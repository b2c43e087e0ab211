"""Doors and looks: who gets in, what stands there, and how many queries it takes."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from linghang.dispatch import actions
from linghang.dispatch.actions import LineDraft
from linghang.dispatch.models import Line, Order
from linghang.dispatch.tests.test_actions import due, issued, make_order, make_supervision, report_all
from linghang.kernel import clock
from linghang.kernel.flow import traces
from linghang.kernel.todos import FORECASTS, OFFERS
from linghang.org.models import Unit

INSIDE = ("office", "clerk_office", "leader", "party_secretary", "secretary", "clerk", "general", "inspector")
OUTSIDE = ("outsider", "other_general", "imaging", "member", "contributor", "admin", "auditor")
PAGES = (
    "orders",
    "reminders",
    "worklists",
    "rectifications",
    "supervisions",
    "lines",
    "late-lines",
)


def titles(person: Any) -> list[str]:
    return [todo.title for todo in OFFERS["dispatch"](person) if not todo.waiting]


@pytest.mark.parametrize("part", INSIDE)
def test_those_concerned_open_order_and_line(part: str, cast: Any, hospital: Any, client_of: Any) -> None:
    order = issued(cast, make_supervision(cast, hospital))
    client = client_of(getattr(cast, part))
    page = client.get(order.get_absolute_url()).content.decode()
    assert "未按期召开支部党员大会" in page
    assert order.number_text in page
    assert "整改措施" in page
    assert client.get(order.lines.get().get_absolute_url()).status_code == 200


def test_whoever_a_draft_names_sees_nothing_of_it_before_it_is_issued(
    cast: Any, hospital: Any, client_of: Any
) -> None:
    order = make_supervision(cast, hospital)
    line = order.lines.get()
    assert line.owner is not None
    client = client_of(line.owner)
    assert client.get(line.get_absolute_url()).status_code == 404
    assert line.text not in client.get("/dispatch/all-lines/").content.decode()
    assert client_of(cast.office).get(line.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("part", OUTSIDE)
def test_everybody_else_gets_404(part: str, cast: Any, hospital: Any, client_of: Any) -> None:
    order = issued(cast, make_supervision(cast, hospital))
    client = client_of(getattr(cast, part))
    for url in (
        order.get_absolute_url(),
        f"{order.get_absolute_url()}paper/",
        order.lines.get().get_absolute_url(),
    ):
        assert client.get(url).status_code == 404, url
    assert client.post(f"{order.get_absolute_url()}receive/").status_code == 404


def test_every_list_opens_and_shows_only_ones_own(cast: Any, hospital: Any, client_of: Any) -> None:
    issued(cast, make_order(cast, hospital, title="只给内科"))
    for page in PAGES:
        assert client_of(cast.outsider).get(f"/dispatch/{page}/").status_code == 200
    assert "只给内科" not in client_of(cast.outsider).get("/dispatch/orders/").content.decode()
    assert "只给内科" in client_of(cast.secretary).get("/dispatch/reminders/").content.decode()
    assert "只给内科" not in client_of(cast.secretary).get("/dispatch/rectifications/").content.decode()
    assert client_of(cast.member).get("/dispatch/orders/").status_code == 404


@pytest.mark.mechanism("S0-13")
def test_office_handles_many_sheets_in_one_go(cast: Any, hospital: Any, client_of: Any) -> None:
    units = (hospital.b_medicine, hospital.b_surgery, hospital.b_imaging)
    made = [make_order(cast, hospital, unit=unit) for unit in units]
    keys = {"row": [order.pk for order in made]}
    office = client_of(cast.office)
    for tail in ("check", "sign", "issue"):
        office.post(f"/dispatch/orders/many/{tail}/", keys)
    found = Order.objects.filter(pk__in=keys["row"])
    assert {order.state for order in found} == {Order.State.ISSUED}
    assert sorted(order.number for order in found) == [1, 2, 3]
    again = office.post("/dispatch/orders/many/issue/", keys, follow=True).content.decode()
    assert "没有下发" in again
    assert client_of(cast.secretary).post("/dispatch/orders/many/check/", keys).status_code == 302
    assert office.post("/dispatch/orders/many/void/", keys).status_code == 404


@pytest.mark.mechanism("S0-13")
def test_only_what_the_rows_wait_for_is_offered_at_once(cast: Any, hospital: Any, client_of: Any) -> None:
    client = client_of(cast.office)
    sheets = {}
    make_order(cast, hospital)
    sheets["drafted"] = client.get("/dispatch/orders/").content.decode()
    Order.objects.update(state=Order.State.ISSUED)
    sheets["issued"] = client.get("/dispatch/orders/").content.decode()
    assert "核稿所选" in sheets["drafted"]
    assert "签发所选" not in sheets["drafted"]
    assert "所选" not in sheets["issued"]


@pytest.mark.mechanism("S0-13")
def test_own_drafts_have_no_tick_and_a_sentence_says_whose_turn_it_is(
    cast: Any, hospital: Any, client_of: Any
) -> None:
    """`make_order` is the office clerk's draft: four eyes keep its 核稿 for the director."""
    mine = [make_order(cast, hospital, unit=unit) for unit in (hospital.b_medicine, hospital.b_surgery)]
    clerk, director = client_of(cast.clerk_office), client_of(cast.office)
    page = clerk.get("/dispatch/orders/?state=drafted").content.decode()
    assert "所选" not in page
    assert 'name="row"' not in page
    assert "本页 2 张由您拟稿，须由他人核稿" in page
    given = {"kind": "reminder", "unit": hospital.b_imaging, "issuer": hospital.party, "title": "十月提示单"}
    actions.draft(cast.office, **given, lines=[LineDraft("补记", due())])
    page = director.get("/dispatch/orders/?state=drafted").content.decode()
    assert page.count('name="row"') == len(mine)
    assert "核稿所选" in page
    assert "本页 1 张由您拟稿，须由他人核稿" in page


def test_refusal_of_many_names_the_branch_of_each_sheet_once_for_each_reason(
    cast: Any, hospital: Any, client_of: Any
) -> None:
    units = (hospital.b_medicine, hospital.b_surgery)
    keys = {"row": [make_order(cast, hospital, unit=unit).pk for unit in units]}
    answer = client_of(cast.clerk_office).post("/dispatch/orders/many/check/", keys, follow=True)
    said = [str(word) for word in answer.context["messages"]]
    assert len(said) == 1
    assert said[0].startswith("没有核稿（本人经办的事项不能由本人核稿）")
    assert "内科党支部：" in said[0]
    assert "外科党支部：" in said[0]


def test_what_may_be_done_to_a_page_of_rows_is_asked_in_one_query(
    cast: Any, hospital: Any, client_of: Any
) -> None:
    client, address = client_of(cast.office), "/dispatch/orders/?state=drafted"
    counts = []
    for _ in range(2):
        for _ in range(6):
            make_order(cast, hospital)
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_reviewer_who_reported_a_line_is_not_offered_its_review(
    cast: Any, hospital: Any, client_of: Any
) -> None:
    own = issued(cast, make_order(cast, hospital, unit=hospital.g1))
    for line in own.lines.all():
        actions.report(line, cast.general, result="已办")
    client, address = client_of(cast.general), "/dispatch/lines/?state=confirmed"
    page = client.get(address).content.decode()
    assert "审核所选" not in page
    assert f"本页 {own.lines.count()} 条由您上报，须由他人审核" in page
    report_all(cast, issued(cast, make_order(cast, hospital)))
    assert "审核所选" in client.get(address).content.decode()


def test_a_branch_is_not_told_its_own_name_in_every_row(cast: Any, hospital: Any, client_of: Any) -> None:
    issued(cast, make_order(cast, hospital))
    head = '<th scope="col">单位</th>'
    page = client_of(cast.office).get("/dispatch/orders/").content.decode()
    assert page.index(head) < page.index('<th scope="col">标题</th>')
    assert head not in client_of(cast.secretary).get("/dispatch/orders/").content.decode()


def test_opening_a_reminder_marks_it_read_once(cast: Any, hospital: Any, client_of: Any) -> None:
    order = issued(cast, make_order(cast, hospital))
    client_of(cast.office).get(order.get_absolute_url())
    order.refresh_from_db()
    assert order.read_on is None
    for _ in range(2):
        client_of(cast.secretary).get(order.get_absolute_url())
    order.refresh_from_db()
    assert order.read_on == clock.today()
    assert [one.verb for one in traces(order)].count("dispatch.read") == 1


@pytest.mark.mechanism("S0-14")
def test_one_button_for_each_who_has_the_turn(cast: Any, hospital: Any, client_of: Any) -> None:
    order = issued(cast, make_supervision(cast, hospital))
    line = order.lines.get()
    secretary, verifier = client_of(cast.secretary), client_of(cast.clerk_office)
    assert f"/orders/{order.pk}/receive/" in secretary.get(order.get_absolute_url()).content.decode()
    secretary.post(f"/dispatch/orders/{order.pk}/receive/")
    page = secretary.get(order.get_absolute_url()).content.decode()
    assert f"/lines/{line.pk}/report/" in page
    assert "办理痕迹，不代替纸质签字" in page
    assert "/verify/" not in page
    assert secretary.post(f"/dispatch/lines/{line.pk}/report/", {"result": ""}).status_code == 422
    secretary.post(f"/dispatch/lines/{line.pk}/report/", {"result": "已补开，到会 23 人"})
    assert f"/lines/{line.pk}/verify/" in verifier.get(order.get_absolute_url()).content.decode()
    assert "/verify/" not in client_of(cast.office).get(order.get_absolute_url()).content.decode()
    verifier.post(f"/dispatch/lines/{line.pk}/verify/", {"note": "查看了记录本"})
    page = client_of(cast.office).get(order.get_absolute_url()).content.decode()
    assert f"/orders/{order.pk}/close/" in page
    assert "查看了记录本" in page


def test_overdue_is_said_in_red_words(cast: Any, hospital: Any, client_of: Any) -> None:
    order = issued(cast, make_order(cast, hospital))
    with clock.at(due(12)):
        page = client_of(cast.secretary).get(order.get_absolute_url()).content.decode()
        assert "state-red" in page
        assert "逾期 2 天" in page
        late = client_of(cast.office).get("/dispatch/late-lines/").content.decode()
        assert "报送三季度自查" in late
        line = order.lines.last()
        assert "起草督导单" in client_of(cast.office).get(line.get_absolute_url()).content.decode()
        assert "起草督导单" not in client_of(cast.secretary).get(line.get_absolute_url()).content.decode()
        response = client_of(cast.office).post(f"{line.get_absolute_url()}supervise/")
        made = Order.objects.about(line).get()
        assert response.url == f"/dispatch/orders/{made.pk}/edit-order/"


@pytest.mark.mechanism("S0-14")
def test_office_drafts_and_completes_a_supervision(cast: Any, hospital: Any, client_of: Any) -> None:
    office = client_of(cast.clerk_office)
    data = {
        "kind": "supervision",
        "unit": hospital.b_medicine.pk,
        "title": "记录不规范",
        "text": "第 3 页缺签字",
    }
    url = office.post("/dispatch/orders/draft/", data).url
    assert office.get(url).status_code == 200
    rows = {
        "title": "记录不规范",
        "text": "第 3 页缺签字",
        "line-TOTAL_FORMS": "2",
        "line-INITIAL_FORMS": "0",
        "line-0-text": "补签",
        "line-0-due_on": due().isoformat(),
        "line-0-owner": str(cast.secretary.pk),
        "line-0-verifier": str(cast.clerk_office.pk),
        "line-1-text": "",
    }
    office.post(url, rows)
    order = Order.objects.get(title="记录不规范")
    assert order.missing() == []
    line = order.lines.get()
    assert (line.text, line.owner, line.verifier) == ("补签", cast.secretary, cast.clerk_office)
    gone = {**rows, "line-INITIAL_FORMS": "1", "line-0-pk": str(line.pk), "line-0-DELETE": "on"}
    office.post(url, gone)
    assert order.lines.count() == 0


@pytest.mark.mechanism("S0-15")
def test_branch_plans_a_line_on_the_phone(cast: Any, hospital: Any, client_of: Any) -> None:
    reminder = issued(cast, make_order(cast, hospital))
    secretary = client_of(cast.secretary)
    page = secretary.get(f"/dispatch/plan-line/?source={reminder.lines.first().ref}").content.decode()
    assert "召开一次支部党员大会" in page
    data = {"unit": hospital.b_medicine.pk, "text": "定会场", "due_on": due().isoformat(), "source": ""}
    secretary.post("/dispatch/plan-line/", data)
    worklist = Line.objects.get(text="定会场").order
    assert worklist.is_own
    again = f"/dispatch/plan-line/?unit={hospital.b_medicine.pk}"
    assert again in secretary.get(worklist.get_absolute_url()).content.decode()
    data["unit"] = hospital.b_surgery.pk
    assert secretary.post("/dispatch/plan-line/", data).status_code == 422


def test_my_lines_are_mine(cast: Any, hospital: Any, client_of: Any) -> None:
    order = issued(cast, make_order(cast, hospital))
    actions.assign(order.lines.first(), cast.secretary, owner=cast.member)
    page = client_of(cast.member).get("/dispatch/mine/").content.decode()
    assert "召开一次支部党员大会" in page
    assert "报送三季度自查" not in page
    assert "没有等我办的事项" in client_of(cast.outsider).get("/dispatch/mine/").content.decode()


def test_desk_tells_each_what_waits(cast: Any, hospital: Any) -> None:
    order = make_order(cast, hospital)
    assert "核稿 1 张提示单" in titles(cast.office)
    assert "核稿 1 张提示单" not in titles(cast.clerk_office), "自己拟的不由自己核"
    issued(cast, order)
    assert titles(cast.secretary) == ["报送三季度自查"], "the other line is due in ten days"
    report_all(cast, order)
    assert [title for title in titles(cast.general) if title.startswith("审核")]
    assert not [title for title in titles(cast.office) if title.startswith("审核")], "有总支的由总支审核"
    supervision = issued(cast, make_supervision(cast, hospital))
    assert f"签收督导单{supervision.number_text}" in titles(cast.secretary)
    actions.receive(supervision, cast.secretary)
    line = supervision.lines.get()
    actions.report(line, cast.secretary, result="已补开")
    assert f"复核：{line.text}" in titles(cast.clerk_office)
    actions.verify(line, cast.clerk_office)
    assert f"销号：督导单{supervision.number_text}" in titles(cast.office)


def test_lines_that_do_not_press_are_among_what_is_coming(cast: Any, hospital: Any) -> None:
    lines = [LineDraft(f"事项 {n}", due(10)) for n in range(2)]
    order = issued(cast, make_order(cast, hospital, lines=lines))
    ahead = FORECASTS["dispatch"](cast.secretary, due(0), due(14))
    assert [each.title for each in ahead] == ["事项 0", "事项 1"]
    assert FORECASTS["dispatch"](cast.outsider, due(0), due(14)) == []
    assert titles(cast.secretary) == [f"请看：{order.title}"], "a new sheet is to be opened"
    actions.read(order, cast.secretary)
    assert titles(cast.secretary) == []
    with clock.at(due(4)):
        assert titles(cast.secretary) == ["事项 0", "事项 1"]


def test_many_lines_of_one_sheet_are_one_row_that_says_how_many(cast: Any, hospital: Any) -> None:
    lines = [LineDraft(f"事项 {n}", due(5)) for n in range(4)]
    order = issued(cast, make_order(cast, hospital, lines=lines))
    (todo,) = OFFERS["dispatch"](cast.secretary)
    assert (todo.title, todo.count) == ("十月重点工作：4 条要上报", 4)
    assert todo.url == order.get_absolute_url()


def test_lists_filter_search_and_export(cast: Any, hospital: Any, client_of: Any) -> None:
    issued(cast, make_order(cast, hospital, title="甲", lines=[LineDraft("打印签到表", due())]))
    issued(
        cast,
        make_order(cast, hospital, title="乙", unit=hospital.b_surgery, lines=[LineDraft("装订", due())]),
    )
    office = client_of(cast.office)
    assert "打印签到表" in office.get("/dispatch/lines/?q=签到").content.decode()
    assert "装订" not in office.get("/dispatch/lines/?q=签到").content.decode()
    only = office.get(f"/dispatch/orders/?unit={hospital.g2.pk}").content.decode()
    assert (">乙<" in only, ">甲<" in only) == (True, False)
    book = load_workbook(BytesIO(office.get("/dispatch/lines/?export=1").content))
    words = {cell.value for row in book.active.iter_rows() for cell in row}
    assert {"打印签到表", "装订", "内科党支部"} <= words


def test_pages_take_few_queries(cast: Any, hospital: Any, client_of: Any) -> None:
    lines = [
        LineDraft(f"事项 {n}", due(), owner=cast.secretary, verifier=cast.clerk_office) for n in range(10)
    ]
    order = issued(cast, make_order(cast, hospital, "supervision", lines=lines))
    for n in range(25):
        issued(cast, make_order(cast, hospital, title=f"第 {n} 张"))
    actions.receive(order, cast.secretary)
    report_all(cast, order)
    line = order.lines.first()
    office, secretary = client_of(cast.clerk_office), client_of(cast.secretary)
    for client in (office, secretary):
        for url in (
            order.get_absolute_url(),
            line.get_absolute_url(),
            "/dispatch/orders/",
            "/dispatch/lines/",
        ):
            client.get(url)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(url).status_code == 200
            assert len(queries) <= 15, (url, [one["sql"][:120] for one in queries])


def test_desk_offer_takes_a_fixed_number_of_queries(cast: Any, hospital: Any) -> None:
    def count() -> int:
        counts = []
        for person in (cast.office, cast.secretary, cast.general, cast.leader):
            titles(person)
            with CaptureQueriesContext(connection) as queries:
                titles(person)
            counts.append(len(queries))
        return max(counts)

    issued(cast, make_order(cast, hospital))
    before = count()
    for _ in range(5):
        issued(cast, make_order(cast, hospital))
        make_supervision(cast, hospital)
    assert count() <= before + 1
    assert before <= 10


def test_region_of_a_list_is_given_to_htmx(cast: Any, hospital: Any, client_of: Any) -> None:
    headers = {"HX-Request": "true", "HX-Target": "list"}
    page = client_of(cast.office).get("/dispatch/orders/", headers=headers).content.decode()
    assert page.lstrip().startswith("<section")
    assert "<html" not in page


def test_late_filter_finds_orders_with_a_late_line(cast: Any, hospital: Any, client_of: Any) -> None:
    issued(cast, make_order(cast, hospital, title="迟到的"))
    with clock.at(clock.today() + timedelta(days=7)):
        assert ">迟到的<" in client_of(cast.office).get("/dispatch/orders/?state=late").content.decode()
    assert ">迟到的<" not in client_of(cast.office).get("/dispatch/orders/?state=late").content.decode()


@pytest.mark.mechanism("S0-13")
def test_many_reports_are_read_side_by_side_and_reviewed_in_one_go(
    cast: Any, hospital: Any, client_of: Any
) -> None:
    order = issued(cast, make_order(cast, hospital))
    lines = list(order.lines.all())
    for line in lines:
        actions.report(line, cast.secretary, result="已学习并公示")
    address = f"/dispatch/lines/?state={Line.State.CONFIRMED}"
    assert "已学习并公示" in client_of(cast.general).get(address).content.decode()
    keys = {"row": [line.pk for line in lines]}
    client_of(cast.secretary).post("/dispatch/orders/many/review/", keys)
    assert not order.lines.filter(state=Line.State.CLOSED).exists()
    client_of(cast.general).post("/dispatch/orders/many/review/", keys)
    assert {line.state for line in order.lines.all()} == {Line.State.CLOSED}


@pytest.mark.under_a_committee
def test_office_reviews_where_the_general_branch_is_itself_the_top(cast: Any, hospital: Any) -> None:
    line = issued(cast, make_order(cast, hospital)).lines.first()
    actions.report(line, cast.secretary, result="已办")
    assert not [title for title in titles(cast.office) if title.startswith("审核")]
    Unit.objects.filter(pk=hospital.party.pk).update(kind=Unit.Kind.HOSPITAL)
    assert [title for title in titles(cast.office) if title.startswith("审核")] == [f"审核：{line.text}"]


def test_whoever_sees_a_line_but_not_its_sheet_is_led_to_no_closed_door(
    cast: Any, hospital: Any, client_of: Any
) -> None:
    lines = [LineDraft("补开支部党员大会", due(), owner=cast.secretary, verifier=cast.contributor)]
    order = issued(cast, make_order(cast, hospital, "supervision", title="未按期召开党员大会", lines=lines))
    visitor = client_of(cast.contributor)
    shown = visitor.get("/dispatch/lines/").content.decode()
    assert "补开支部党员大会" in shown
    assert order.get_absolute_url() not in shown
    assert 'href="/dispatch/orders/"' not in shown
    assert order.get_absolute_url() in client_of(cast.office).get("/dispatch/lines/").content.decode()
