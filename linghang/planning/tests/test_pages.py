"""Doors and looks of the deployment pages."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from linghang.activities.actions import ResolutionDraft, record_planned
from linghang.dispatch.models import Order
from linghang.kernel.todos import FORECASTS, OFFERS
from linghang.org.models import Person
from linghang.planning import actions
from linghang.planning.models import Item, meeting_of
from linghang.ui.charts import table
from tests import making

OCTOBER = date(2026, 10, 1)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def october(on_day: Any) -> Any:
    """Every test of this file stands on 12 October 2026."""
    with on_day(date(2026, 10, 12)):
        yield


@pytest.fixture
def item(cast: Any, hospital: Any) -> Item:
    return actions.submit(
        cast.contributor,
        unit=hospital.party,
        department=hospital.d_office,
        month=OCTOBER,
        text="开展警示教育",
        due_on=date(2026, 10, 28),
    )


MONTH = "/planning/2026-10/"


def test_contributor_submits_and_sees_own_items_only(
    client_of: Any, cast: Any, hospital: Any, item: Item
) -> None:
    client = client_of(cast.contributor)
    data = {
        "department": hospital.d_office.pk,
        "month": "2026-10-01",
        "text": "报送信息一篇",
        "due_on": "2026-10-30",
        "scope": "category",
    }
    refused = client.post(reverse("planning:submit"), data)
    assert refused.status_code == 422
    assert "请选择至少一个分类" in refused.content.decode()
    done = client.post(reverse("planning:submit"), data | {"categories": ["clinical", "nursing"]})
    assert done.status_code == 302
    actions.submit(
        cast.office,
        unit=hospital.party,
        department=hospital.party,
        month=OCTOBER,
        text="党办自提",
        due_on=OCTOBER,
    )
    text = client.get(MONTH).content.decode()
    assert "报送信息一篇" in text
    assert "临床、护理" in text
    assert "党办自提" not in text
    assert "各支部将收到" not in text


def test_the_office_accepts_all_that_waits_at_once_and_a_department_is_told_who_does(
    client_of: Any, cast: Any, hospital: Any, item: Item
) -> None:
    assert "由党办在会前采纳" in client_of(cast.contributor).get(MONTH).content.decode()
    client = client_of(cast.office)
    assert "全部采纳" not in client.get(MONTH).content.decode()
    other = actions.submit(
        cast.contributor,
        unit=hospital.party,
        department=hospital.d_office,
        month=OCTOBER,
        text="报送信息一篇",
        due_on=date(2026, 10, 30),
    )
    assert "全部采纳（2 项）" in client.get(MONTH).content.decode()
    done = client.post(reverse("planning:items_accept"), {"row": [item.pk, other.pk], "next": MONTH})
    assert done.url == MONTH
    assert not Item.objects.filter(state=Item.State.SUBMITTED).exists()


def test_secretary_and_outsider_get_404(client_of: Any, cast: Any, item: Item) -> None:
    for person in (cast.secretary, cast.outsider, cast.member, cast.admin):
        assert client_of(person).get(MONTH).status_code == 404
        assert client_of(person).get(item.get_absolute_url()).status_code == 404


@pytest.mark.mechanism("S0-11")
def test_the_month_from_items_to_sheets(client_of: Any, cast: Any, hospital: Any, item: Item) -> None:
    client = client_of(cast.office)
    assert "部署会还没有安排 · 1 项待采纳" in client.get(MONTH).content.decode()
    client.post(reverse("planning:items_accept"), {"row": item.pk, "next": MONTH})
    call = {"held_on": "2026-10-12", "starts_at": "15:00", "place": "会议室", "first": "学习最新重要讲话精神"}
    assert client.post(reverse("planning:call"), call).status_code == 302
    text = client.get(MONTH).content.decode()
    assert "第一议题：学习最新重要讲话精神" in text
    assert "各支部将收到" in text
    assert "4 张" in text
    meeting = meeting_of(hospital.party, OCTOBER)
    assert meeting is not None
    record_planned(
        meeting, cast.office, resolutions=["开展警示教育", ResolutionDraft("清理台账", date(2026, 10, 25))]
    )
    text = client.get(MONTH).content.decode()
    assert "会上另外议定" in text
    assert "清理台账" in text
    resolution = meeting.resolutions.get(text="清理台账")
    adopt = reverse("planning:adopt", args=[resolution.pk])
    assert client.get(adopt).context["form"].initial["text"] == "清理台账"
    client.post(adopt, {"text": "清理台账", "due_on": "2026-10-25", "scope": "all"})
    done = client.post(reverse("planning:deploy", args=["2026-10"]), follow=True)
    assert "已生成 4 张提示单" in done.content.decode()
    assert {order.lines.count() for order in Order.objects.filter(period=OCTOBER)} == {2}
    again = client.post(reverse("planning:deploy", args=["2026-10"]), follow=True)
    assert "没有再生成第二套" in again.content.decode()
    assert Order.objects.count() == 4
    listed = client.get(again.context["orders_url"])
    assert listed.context["listing"].total == 4


@pytest.mark.under_a_committee
def test_the_month_draws_how_far_its_sheets_have_come(
    client_of: Any, cast: Any, hospital: Any, item: Item
) -> None:
    assert client_of(cast.office).get(MONTH).context["progress"] is None
    late = date(2026, 10, 9)
    for unit, state, due_on in (("b_medicine", "closed", late), ("b_surgery", "open", late)):
        order = making.make_order(unit=getattr(hospital, unit), period=OCTOBER)
        making.make_line(order=order, state=state, due_on=due_on)
    making.make_line(order=making.make_order(period=OCTOBER, state="signed"))
    shown = client_of(cast.office).get(MONTH)
    rows = {row[0].text: [cell.text for cell in row[1:]] for row in table(shown.context["progress"]).rows}
    assert rows == {"第一党总支": ["1", "0", "0", "0"], "第二党总支": ["0", "0", "0", "1"]}
    assert "提示单办到哪里" in shown.content.decode()


def test_clerk_of_another_office_cannot_deploy(client_of: Any, cast: Any, item: Item) -> None:
    assert client_of(cast.contributor).post(reverse("planning:deploy", args=["2026-10"])).status_code == 404
    assert (
        client_of(cast.contributor).post(reverse("planning:item_decline", args=[item.pk])).status_code == 404
    )


def test_order_of_the_agenda_is_written_on_the_page(
    client_of: Any, cast: Any, hospital: Any, item: Item
) -> None:
    other = actions.submit(
        cast.office,
        unit=hospital.party,
        department=hospital.party,
        month=OCTOBER,
        text="乙",
        due_on=date(2026, 10, 20),
    )
    for one in (item, other):
        actions.accept(one, cast.office)
    client_of(cast.office).post(
        reverse("planning:arrange", args=["2026-10"]),
        {f"place-{item.pk}": "2", f"place-{other.pk}": "1", "place-x": "?"},
    )
    assert [one.text for one in Item.objects.of(hospital.party, OCTOBER).order_by("place")] == [
        "乙",
        "开展警示教育",
    ]


def test_item_page_shows_the_thread_and_the_lines(
    client_of: Any, cast: Any, hospital: Any, item: Item
) -> None:
    actions.accept(item, cast.office)
    meeting = actions.call(cast.office, unit=hospital.party, held_on=date(2026, 10, 9))
    record_planned(meeting, cast.office)
    actions.deploy_month(cast.office, unit=hospital.party, month=OCTOBER)
    text = client_of(cast.office).get(item.get_absolute_url()).content.decode()
    assert "月度部署会" in text
    assert "共 4 条" in text


def test_months_and_wrong_addresses(
    client_of: Any, cast: Any, item: Item, django_assert_max_num_queries: Any
) -> None:
    client = client_of(cast.office)
    with django_assert_max_num_queries(14):
        assert "2026 年 10 月" in client.get(reverse("planning:months")).content.decode()
    assert client.get("/planning/2026-13/").status_code == 404
    assert client.get("/planning/somewhere/").status_code == 404


def todos_of(person: Person) -> list[str]:
    return [todo.title for todo in OFFERS["planning"](Person.objects.get(pk=person.pk))]


def test_todos_of_the_office_follow_the_month(cast: Any, hospital: Any, item: Item, on_day: Any) -> None:
    assert todos_of(cast.office) == ["10 月部署会：1 项待采纳", "安排 10 月部署会"]
    assert todos_of(cast.secretary) == todos_of(cast.contributor) == []
    actions.accept(item, cast.office)
    meeting = actions.call(cast.office, unit=hospital.party, held_on=date(2026, 10, 12))
    assert todos_of(cast.office) == []
    record_planned(meeting, cast.office)
    assert todos_of(cast.office) == ["生成 10 月提示单"]
    actions.deploy_month(cast.office, unit=hospital.party, month=OCTOBER)
    assert todos_of(cast.office) == []
    with on_day(date(2026, 11, 3)):
        assert todos_of(cast.office) == [], "the meeting is asked for from the tenth of the month"


def test_a_department_is_asked_until_it_submits_or_the_meeting_is_held(
    cast: Any, hospital: Any, on_day: Any
) -> None:
    assert todos_of(cast.contributor) == [], "nobody is asked before the meeting stands"
    actions.call(cast.office, unit=hospital.party, held_on=date(2026, 10, 12))
    assert todos_of(cast.contributor) == ["10 月部署会征集事项"]
    (ahead,) = FORECASTS["planning"](cast.contributor, date(2026, 10, 1), date(2026, 10, 15))
    assert (ahead.day, ahead.url) == (date(2026, 10, 12), "/planning/2026-10/")
    assert FORECASTS["planning"](cast.secretary, date(2026, 10, 1), date(2026, 10, 15)) == []
    with on_day(date(2026, 10, 13)):
        assert todos_of(cast.contributor) == []
    wanted = {"text": "核对名册", "due_on": date(2026, 10, 30)}
    home = cast.contributor.department
    actions.submit(cast.contributor, unit=hospital.party, department=home, month=OCTOBER, **wanted)
    (todo,) = OFFERS["planning"](cast.contributor)
    assert (todo.title, todo.waiting) == ("已报送 1 项部署事项", True)


def test_items_for_the_next_month_wait_on_the_desk_as_well(cast: Any, hospital: Any, item: Item) -> None:
    actions.postpone(item, cast.office, due_on=date(2026, 11, 20))
    assert "11 月部署会：1 项待采纳" in todos_of(cast.office)
