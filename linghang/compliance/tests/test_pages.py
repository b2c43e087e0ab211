"""The doors and the words of the checkup and of the office's board."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from linghang.compliance import actions, judge
from linghang.compliance.models import Waiver
from linghang.compliance.tests.acts import go_live, held
from linghang.kernel import clock
from linghang.kernel.figures import figure_url
from linghang.kernel.todos import OFFERS
from linghang.rules.frequency import Light

pytestmark = pytest.mark.django_db
TODAY = date(2026, 10, 28)


@pytest.fixture(autouse=True)
def live(hospital):
    go_live(date(2026, 9, 1))
    with clock.at(TODAY):
        yield


def url(unit):
    return reverse("desk:branch", args=[unit.pk])


def test_secretary_sees_own_checkup_with_reasons_and_articles(hospital, cast, client_of):
    text = client_of(cast.secretary).get(url(hospital.b_medicine)).content.decode()
    assert "支部体检：" in text
    assert "项要办" in text
    assert "支部工作条例 第十六条" in text
    assert f"unit={hospital.b_medicine.pk}&amp;kind=themed_day" in text
    assert "记一次" in text


def test_outsider_gets_404(hospital, cast, client_of):
    assert client_of(cast.outsider).get(url(hospital.b_medicine)).status_code == 404
    assert client_of(cast.member).get(url(hospital.b_medicine)).status_code == 404


def test_home_leads_a_secretary_to_the_one_branch_and_the_office_to_all(hospital, cast, client_of):
    assert client_of(cast.secretary).get(reverse("compliance:checkups")).url == url(hospital.b_medicine)
    assert client_of(cast.office).get(reverse("compliance:checkups")).url == reverse("compliance:board")


def test_office_sees_every_branch_and_takes_the_workbook(hospital, cast, client_of):
    client = client_of(cast.office)
    text = client.get(reverse("compliance:board")).content.decode()
    assert "4 个支部" in text
    assert "内科党支部" in text
    only = client.get(reverse("compliance:board"), {"parent": hospital.g2.pk}).content.decode()
    assert "外科党支部" in only
    assert f'href="{url(hospital.b_medicine)}"' not in only
    book = client.get(reverse("compliance:board"), {"export": 1})
    assert book["Content-Type"].endswith("sheet")


def test_general_branch_sees_its_branches_only(hospital, cast, client_of):
    text = client_of(cast.general).get(reverse("compliance:board")).content.decode()
    assert "总支换届" in text
    assert "民主生活会" not in text, "a duty of the 党委 is none of a 总支"
    assert "待核未启用" not in text
    assert "内科党支部" in text
    assert "外科党支部" not in text


def test_pages_cost_few_queries(hospital, cast, client_of, django_assert_max_num_queries):
    for person, address in (
        (cast.secretary, url(hospital.b_medicine)),
        (cast.office, reverse("compliance:board")),
    ):
        client = client_of(person)
        client.get(address)
        with django_assert_max_num_queries(15):
            client.get(address)


def test_the_strip_has_twelve_months_and_leads_to_the_records(hospital, cast):
    from linghang.compliance.strip import cells

    held(cast.secretary, hospital.b_medicine, "themed_day", date(2026, 9, 9))
    check = next(
        c
        for c in judge.checkups([hospital.b_medicine])[hospital.b_medicine.pk]
        if c.duty.code == "themed_day"
    )
    found = cells(check)
    assert sum(cell.span for cell in found) == 12
    assert [cell.tone for cell in found[-2:]] == ["green", "amber"]
    assert found[-1].current
    assert "since=2026-09-01&until=2026-09-30" in found[-2].url


def test_a_cell_opens_exactly_the_records_of_its_period(hospital, cast, client_of):
    held(cast.secretary, hospital.b_medicine, "themed_day", date(2026, 9, 9))
    held(cast.secretary, hospital.b_medicine, "themed_day", date(2026, 10, 12))
    address = figure_url("compliance.duties", hospital.b_medicine.pk)
    duty = {"duty": "themed_day"}
    september = duty | {"since": "2026-09-01", "until": "2026-09-30"}
    text = client_of(cast.secretary).get(address, september).content.decode()
    assert "1 条记录" in text
    assert "09-09 主题党日" in text
    assert "10-12" not in text
    assert client_of(cast.outsider).get(address, september).status_code == 404
    assert client_of(cast.secretary).get(address, {"duty": "dance"}).status_code == 404
    assert client_of(cast.secretary).get(address).status_code == 404
    assert client_of(cast.secretary).get(address, duty | {"since": "2026-13-40"}).status_code == 200


def test_a_month_of_a_yearly_duty_opens_what_was_held_in_it(hospital, cast, client_of):
    held(cast.secretary, hospital.b_medicine, "life", date(2026, 1, 16), of_year=2025)
    address = figure_url("compliance.duties", hospital.b_medicine.pk)
    text = (
        client_of(cast.secretary)
        .get(address, {"duty": "life", "since": "2026-01-01", "until": "2026-01-31"})
        .content.decode()
    )
    assert "01-16 组织生活会" in text


def test_a_waived_period_leaves_the_light_and_the_base(hospital, cast, client_of):
    client = client_of(cast.office)
    data = {
        "unit": hospital.b_medicine.pk,
        "duty": "themed_day",
        "since": "2026-09-01",
        "until": "2026-09-30",
        "reason": "支部整建制外派",
    }
    assert client.post(reverse("compliance:waive"), data).url == f"{url(hospital.b_medicine)}#waivers"
    check = next(
        c
        for c in judge.checkups([hospital.b_medicine])[hospital.b_medicine.pk]
        if c.duty.code == "themed_day"
    )
    assert check.light is Light.AMBER
    assert "支部整建制外派" in check.standings[-2].sentence
    assert Waiver.objects.get().by_name == cast.office.name


def test_a_secretary_cannot_excuse_the_own_branch(hospital, cast):
    with pytest.raises(PermissionDenied):
        actions.waive(
            cast.secretary,
            unit=hospital.b_medicine,
            duty="themed_day",
            since=date(2026, 9, 1),
            until=date(2026, 9, 30),
            reason="忙",
        )


def test_todos_name_what_is_due_with_article_and_one_button(hospital, cast):
    found = {todo.title: todo for todo in OFFERS["compliance.duties"](cast.clerk)}
    todo = found["10 月主题党日还没有记录"]
    assert (todo.button, todo.due_on, todo.cite) == ("记一次", date(2026, 10, 31), "支部工作条例 第十六条")
    assert "kind=themed_day" in todo.url
    assert found["9 月主题党日还没有记录"].button == "补记"
    assert not list(OFFERS["compliance.duties"](cast.member))


def test_nothing_is_due_once_it_was_recorded(hospital, cast):
    held(cast.secretary, hospital.b_medicine, "themed_day", date(2026, 10, 12))
    assert "10 月主题党日还没有记录" not in {t.title for t in OFFERS["compliance.duties"](cast.secretary)}
