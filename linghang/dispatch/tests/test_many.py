"""One sheet for many: recipients by 总支, class and name; patterns to begin with; what recurs."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from linghang.dispatch import actions
from linghang.dispatch.actions import LineDraft
from linghang.dispatch.blueprint import RecurringEntry, apply_patterns, apply_recurring
from linghang.dispatch.models import Order, Pattern, Recurring
from linghang.dispatch.tests.test_actions import due, issued, make_order
from linghang.dispatch.ticks import recur
from linghang.kernel import clock
from linghang.kernel.access import SYSTEM
from linghang.kernel.refs import origins
from linghang.org.models import Unit
from tests import making

DAY = date(2026, 10, 12)
URL = "/dispatch/orders/draft-many/"


@pytest.fixture(autouse=True)
def monday() -> Any:
    with clock.at(DAY):
        yield


def sheet(**more: Any) -> dict[str, Any]:
    data = {"kind": "reminder", "title": "安全生产月", "line-TOTAL_FORMS": "2", "line-INITIAL_FORMS": "0"}
    return data | {"line-0-text": "组织一次隐患自查", "line-0-due_on": f"{due(9)}", **more}


def units_of(orders: Any) -> set[str]:
    return set(orders.values_list("unit__code", flat=True))


@pytest.mark.mechanism("S0-13", "S2-31")
def test_one_action_makes_one_sheet_a_branch_each_tailored_by_itself(
    cast: Any, hospital: Any, client_of: Any
) -> None:
    answer = client_of(cast.clerk_office).post(URL, sheet(kinds="branch"))
    assert answer.status_code == 302
    made = Order.objects.filter(title="安全生产月")
    assert units_of(made) == set(Unit.objects.on(DAY).branches().values_list("code", flat=True))
    first, second = made.order_by("pk")[:2]
    assert [line.text for line in first.lines.all()] == ["组织一次隐患自查"]
    actions.edit_order(
        first, cast.clerk_office, title=first.title, lines=[LineDraft("检查影像设备接地", due(5))]
    )
    assert [line.text for line in second.lines.all()] == ["组织一次隐患自查"]
    assert {order.state for order in made} == {Order.State.DRAFTED}


@pytest.mark.mechanism("S2-31")
def test_class_and_general_branch_narrow_each_other_and_names_are_added(
    cast: Any, hospital: Any, client_of: Any
) -> None:
    general = hospital.g1
    Unit.objects.branches().update(category="")
    Unit.objects.filter(pk__in=[hospital.b_medicine.pk, hospital.b_surgery.pk]).update(category="clinical")
    client = client_of(cast.clerk_office)
    client.post(URL, sheet(title="按类别", categories="clinical"))
    assert units_of(Order.objects.filter(title="按类别")) == {"b-medicine", "b-surgery"}
    client.post(URL, sheet(title="两者", categories="clinical", generals=str(general.pk)))
    inside = {unit.code for unit in (hospital.b_medicine, hospital.b_surgery) if unit.parent_id == general.pk}
    assert units_of(Order.objects.filter(title="两者")) == inside
    client.post(URL, sheet(title="点名", categories="clinical", units=str(hospital.b_office.pk)))
    assert units_of(Order.objects.filter(title="点名")) == {"b-medicine", "b-surgery", "b-office"}


def test_a_sheet_goes_to_the_general_branches_themselves(cast: Any, hospital: Any, client_of: Any) -> None:
    client_of(cast.clerk_office).post(URL, sheet(kinds="general"))
    assert units_of(Order.objects.filter(title="安全生产月")) == {hospital.g1.code, hospital.g2.code}


def test_nobody_chosen_is_said_at_once(cast: Any, hospital: Any, client_of: Any) -> None:
    answer = client_of(cast.clerk_office).post(URL, sheet())
    assert answer.status_code == 422
    assert "请选择发给哪些单位" in answer.content.decode()


def test_a_general_branch_sends_to_its_own_only(cast: Any, hospital: Any, client_of: Any) -> None:
    client_of(cast.general).post(URL, sheet(kinds="branch"))
    made = Order.objects.filter(title="安全生产月")
    assert made.exists()
    assert all(order.unit.path.startswith(hospital.g1.path) for order in made)
    foreign = sheet(title="越界", units=str(hospital.b_imaging.pk))
    if not hospital.b_imaging.path.startswith(hospital.g1.path):
        assert client_of(cast.general).post(URL, foreign).status_code == 422


def test_all_or_none(cast: Any, hospital: Any) -> None:
    more = {"kind": "reminder", "issuer": hospital.party, "title": "x"}
    with pytest.raises(PermissionDenied):
        actions.draft_each(
            cast.general, units=[hospital.b_medicine, hospital.b_office, hospital.party], **more
        )
    assert not Order.objects.exists()
    with pytest.raises(ValidationError):
        actions.draft_each(cast.office, units=[], **more)


# --- 常用单据 -----------------------------------------------------------------------------------------------------------


def test_a_sheet_is_kept_as_a_pattern_and_begun_from_it(cast: Any, hospital: Any, client_of: Any) -> None:
    order = make_order(cast, hospital, title="节前提醒")
    client = client_of(cast.clerk_office)
    assert client.post(f"{order.get_absolute_url()}save-pattern/", {"name": "节前提醒"}).status_code == 302
    pattern = Pattern.objects.get(name="节前提醒")
    assert pattern.lines == [
        {"text": "召开一次支部党员大会", "days": 10, "under": False},
        {"text": "报送三季度自查", "days": 5, "under": False},
    ]
    assert "用它拟单" in client.get("/dispatch/patterns/").content.decode()
    page = client.get(f"{URL}?pattern={pattern.pk}").content.decode()
    assert "召开一次支部党员大会" in page
    assert str(due(10)) in page
    actions.drop_pattern(pattern, cast.office)
    assert "节前提醒" not in client.get("/dispatch/patterns/").content.decode()


def test_a_pattern_keeps_what_stands_under_what(cast: Any, hospital: Any, client_of: Any) -> None:
    measure = LineDraft("补齐记录", due(9), children=[LineDraft("补学规定", due(3))])
    order = make_order(cast, hospital, "rectification", lines=[measure, LineDraft("明确专人", due(9))])
    pattern = actions.save_pattern(cast.office, order=order, name="记录整改")
    url = f"{URL}?pattern={pattern.pk}"
    client = client_of(cast.clerk_office)
    assert "子措施" in client.get(url).content.decode()
    data = sheet(kind="rectification", title="补齐", units=str(hospital.b_surgery.pk))
    data |= {"line-TOTAL_FORMS": "3", "line-INITIAL_FORMS": "3"}
    for n, row in enumerate(pattern.lines):
        data |= {f"line-{n}-text": row["text"], f"line-{n}-due_on": f"{due(row['days'])}"}
        data |= {f"line-{n}-under": "on"} if row["under"] else {}
    assert client.post(url, data).status_code == 302
    made = Order.objects.get(title="补齐")
    assert [(one.text, one.parent_id is not None) for one in made.lines.all()] == [
        ("补齐记录", False),
        ("补学规定", True),
        ("明确专人", False),
    ]


def test_the_blueprints_patterns_stand_and_are_written_once(hospital: Any) -> None:
    assert Pattern.objects.filter(code="overdue", kind="supervision").exists()
    entry = RecurringEntry(code="dues", text="报送党费收缴情况", due_day=20)
    assert (apply_recurring([entry], SYSTEM), apply_recurring([entry], SYSTEM)) == (1, 0)
    assert apply_patterns([], SYSTEM) == 0


# --- 经常性事项 ---------------------------------------------------------------------------------------------------------


def test_what_recurs_stands_on_the_months_first_reminder_only(cast: Any, hospital: Any) -> None:
    recurring = actions.keep_recurring(cast.office, text="报送本月党费收缴情况", every=1, due_day=31)
    month = DAY.replace(day=1)
    first = make_order(cast, hospital, period=month)
    assert [line.text for line in first.lines.all()][-1] == recurring.text
    line = first.lines.last()
    assert line.due_on == date(2026, 10, 31)
    assert origins(line.ref) == [recurring.ref]
    second = make_order(cast, hospital, period=month)
    assert recurring.text not in [line.text for line in second.lines.all()]
    third = make_order(cast, hospital, kind="rectification")
    assert recurring.text not in [line.text for line in third.lines.all()]


def test_a_quarters_line_comes_in_its_month_and_for_its_class(cast: Any, hospital: Any) -> None:
    Unit.objects.branches().update(category="")
    Unit.objects.filter(pk=hospital.b_medicine.pk).update(category="clinical")
    hospital.b_medicine.refresh_from_db()
    hospital.b_surgery.refresh_from_db()
    given = {"text": "报送季度自查", "every": 3, "nth": 1, "due_day": 25, "category": "clinical"}
    actions.keep_recurring(cast.office, **given)
    october, november = DAY.replace(day=1), date(2026, 11, 1)
    assert make_order(cast, hospital, period=october).lines.count() == 3
    assert make_order(cast, hospital, period=october, unit=hospital.b_surgery).lines.count() == 2
    assert make_order(cast, hospital, period=november).lines.count() == 2
    with pytest.raises(ValidationError, match="不能超过一个周期"):
        actions.keep_recurring(cast.office, text="x", every=3, nth=4, due_day=1)


def test_a_branch_without_a_sheet_gets_a_draft_by_itself_once_a_month(cast: Any, hospital: Any) -> None:
    actions.keep_recurring(cast.office, text="报送本月党费收缴情况", every=1, due_day=25)
    make_order(cast, hospital, period=DAY.replace(day=1))
    branches = Unit.objects.on(DAY).branches().count()
    assert recur(date(2026, 10, 7)) == 0
    assert recur(DAY) == branches - 1
    assert recur(DAY + timedelta(days=1)) == 0
    made = Order.objects.filter(kind=Order.Kind.WORKLIST)
    assert {order.state for order in made} == {Order.State.DRAFTED}
    assert hospital.b_medicine.code not in units_of(made)
    assert issued(cast, made.first()).number == 1


def test_what_was_taken_off_a_sheet_stays_off(cast: Any, hospital: Any) -> None:
    actions.keep_recurring(cast.office, text="报送本月党费收缴情况", every=1, due_day=25)
    order = make_order(cast, hospital, period=DAY.replace(day=1))
    keep = [LineDraft(one.text, one.due_on, pk=one.pk) for one in order.lines.all()[:2]]
    actions.edit_order(order, cast.office, title=order.title, lines=keep)
    recur(DAY)
    assert not Order.objects.filter(unit=hospital.b_medicine, kind=Order.Kind.WORKLIST).exists()


def test_what_is_ended_comes_no_more(cast: Any, hospital: Any, client_of: Any) -> None:
    client = client_of(cast.office)
    data = {"text": "报送党费", "every": "1", "nth": "1", "due_day": "25"}
    assert client.post("/dispatch/patterns/keep-recurring/", data).status_code == 302
    recurring = Recurring.objects.get()
    assert "每月 25 日前" in client.get("/dispatch/patterns/").content.decode()
    client.post(f"/dispatch/recurrings/{recurring.pk}/end-recurring/")
    assert make_order(cast, hospital, period=DAY.replace(day=1)).lines.count() == 2
    assert making.make_recurring(code="r9").rhythm == "每月 25 日前"
