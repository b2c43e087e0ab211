"""年度督查检查计划: drafted with what is usual, filed once; a round comes from its line or is 计划外."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from linghang.inspections import actions
from linghang.inspections.models import Checklist, Plan, Round
from linghang.inspections.tests.test_actions import DAY, make_round
from linghang.kernel.access import SYSTEM
from linghang.kernel.flow import WrongState
from linghang.kernel.parameters import put
from linghang.kernel.todos import OFFERS

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def october(on_day: Any) -> Any:
    with on_day(DAY):
        yield


def planned(cast: Any, hospital: Any) -> Plan:
    return actions.draft_plan(cast.office, unit=hospital.party, year=2026)


def filed(cast: Any, hospital: Any) -> Plan:
    return actions.file_plan(planned(cast, hospital), cast.office, document="党字〔2026〕3 号", filed_on=DAY)


@pytest.mark.under_a_committee
@pytest.mark.mechanism("S1-20")
def test_what_is_usual_stands_in_the_draft(cast: Any, hospital: Any) -> None:
    lines = planned(cast, hospital).lines.all()
    assert [(line.month, line.method) for line in lines] == [
        (2, "self"),
        (4, "mutual"),
        (5, "self"),
        (6, "cross"),
        (8, "self"),
        (9, "committee"),
        (10, "mutual"),
        (11, "self"),
    ]
    with pytest.raises(ValidationError, match="这一年的计划已经有了"):
        planned(cast, hospital)
    with pytest.raises(PermissionDenied):
        actions.draft_plan(cast.secretary, unit=hospital.party, year=2027)


@pytest.mark.mechanism("S3-30")
def test_the_monthly_quick_check_of_all_branches_is_an_option(cast: Any, hospital: Any) -> None:
    assert not planned(cast, hospital).lines.filter(checklist__code="monthly").exists()
    put(SYSTEM, "inspections.monthly_check", True, date(2026, 1, 1))
    plan = actions.draft_plan(cast.office, unit=hospital.party, year=2027)
    monthly = plan.lines.filter(checklist__code="monthly")
    assert [line.month for line in monthly] == list(range(1, 13))
    assert all(line.sample is None for line in monthly), "全部支部都查"
    line = monthly[0]
    this = make_round(cast, hospital, line.method, checklist=line.checklist, line=line)
    assert this.checks.count() == 4


def test_a_draft_is_changed_and_what_is_filed_is_not(cast: Any, hospital: Any) -> None:
    plan = planned(cast, hospital)
    given = {"method": "committee", "checklist": Checklist.objects.get(code="standard"), "month": 6}
    with pytest.raises(ValidationError, match="写明抽查几个支部"):
        actions.add_line(plan, cast.office, unannounced=True, **given)
    actions.add_line(plan, cast.office, sample=2, unannounced=True, **given)
    actions.drop_line(plan, cast.office, line=plan.lines.filter(method="self").first())
    assert str(plan.lines.get(unannounced=True)).endswith("督查（飞检）")
    with pytest.raises(PermissionDenied):
        actions.file_plan(plan, cast.clerk_office, document="x", filed_on=DAY)
    actions.file_plan(plan, cast.office, document="党字〔2026〕3 号", filed_on=DAY)
    with pytest.raises(WrongState):
        actions.add_line(plan, cast.office, **given)
    with pytest.raises(WrongState):
        actions.drop_line(plan, cast.office, line=plan.lines.first())


def test_an_empty_plan_is_not_filed(cast: Any, hospital: Any) -> None:
    plan = planned(cast, hospital)
    for line in plan.lines.all():
        actions.drop_line(plan, cast.office, line=line)
    with pytest.raises(ValidationError, match="还没有轮次"):
        actions.file_plan(plan, cast.office, document="x", filed_on=DAY)


@pytest.mark.mechanism("S1-20")
def test_a_round_comes_from_its_line_and_any_other_says_that_it_does_not(
    client_of: Any, cast: Any, hospital: Any
) -> None:
    before = make_round(cast, hospital, title="备案以前的一轮")
    plan = filed(cast, hospital)
    line = plan.lines.filter(method="self").last()
    assert line
    client = client_of(cast.office)
    page = client.get(plan.get_absolute_url()).content.decode()
    url = f"{reverse('inspections:round_new')}?line={line.pk}"
    assert f"?line={line.pk}" in page
    assert f'value="{line.pk}"' in client.get(url).content.decode()
    data = {
        "method": "self",
        "checklist": line.checklist_id,
        "unit": hospital.party.pk,
        "since": "2026-10-12",
        "until": "2026-10-25",
        "line": line.pk,
    }
    client.post(url, data)
    made, besides = Round.objects.get(line=line), make_round(cast, hospital, title="临时检查")
    assert [each.unplanned for each in (before, made, besides)] == [False, False, True]
    page = client.get(plan.get_absolute_url()).content.decode()
    assert "已安排 1 轮" in page
    assert "临时检查" in page
    assert "备案以前的一轮" not in page
    assert "计划外" in client.get(besides.get_absolute_url()).content.decode()
    assert str(line) in client.get(made.get_absolute_url()).content.decode()


def test_the_pages_of_the_plan(client_of: Any, cast: Any, hospital: Any) -> None:
    client = client_of(cast.office)
    page = client.post(
        reverse("inspections:plan_new"), {"unit": hospital.party.pk, "year": "2026"}, follow=True
    ).content.decode()
    assert "2026 年督查检查计划" in page
    plan = Plan.objects.get()
    for tail in ("add_line", "drop_line", "file_plan"):
        assert client.get(reverse(f"inspections:plan_{tail}", args=[plan.pk])).status_code == 200
    client.post(
        reverse("inspections:plan_file_plan", args=[plan.pk]),
        {"document": "党字 1 号", "filed_on": "2026-10-12"},
    )
    assert "党字 1 号" in client.get(reverse("inspections:plans")).content.decode()
    assert client_of(cast.secretary).get(plan.get_absolute_url()).status_code == 404


@pytest.mark.mechanism("S1-20", "S3-30")
def test_the_pages_of_inspections_stand_beside_one_another(client_of: Any, cast: Any, hospital: Any) -> None:
    office = client_of(cast.office)
    for name in ("rounds", "checks", "findings", "campaigns", "plans", "patterns", "conflicts"):
        page = office.get(reverse(f"inspections:{name}")).content.decode()
        assert f'<a href="{reverse(f"inspections:{name}")}" aria-current="page">' in page, name
        assert "回避登记</a>" in page, name
    planned(cast, hospital)
    assert ">2026 年</a>" in office.get(reverse("inspections:plans")).content.decode()
    branch = client_of(cast.secretary).get(reverse("inspections:checks")).content.decode()
    assert "问题清单</a>" in branch
    assert "回避登记</a>" not in branch


def test_what_the_plan_has_for_this_month_waits_until_it_is_arranged(cast: Any, hospital: Any) -> None:
    plan = planned(cast, hospital)
    offers = OFFERS["inspections"]
    assert offers(cast.office) == []
    actions.file_plan(plan, cast.office, document="党字〔2026〕3 号", filed_on=DAY)
    (waits,) = offers(cast.office)
    line = plan.lines.get(month=10)
    assert (waits.title, waits.url) == (
        "安排10 月总支互查",
        f"{reverse('inspections:round_new')}?line={line.pk}",
    )
    assert offers(cast.secretary) == []
    make_round(cast, hospital, "mutual", line=line)
    assert offers(cast.office) == []


def test_times_a_year_are_such_as_the_months_can_share(cast: Any, hospital: Any) -> None:
    with pytest.raises(ValidationError, match="请填 0、1、2、4 或 12"):
        put(SYSTEM, "inspections.times_self", 3, date(2026, 1, 1))
    for way, times in (("self", 12), ("mutual", 0), ("committee", 1)):
        put(SYSTEM, f"inspections.times_{way}", times, date(2026, 1, 1))
    lines = planned(cast, hospital).lines
    assert [line.month for line in lines.filter(method="self")] == list(range(1, 13))
    assert not lines.filter(method="mutual").exists()
    assert [line.month for line in lines.filter(method="committee")] == [9]
