"""支部主页: how one branch stands, on one page, in few queries."""

from datetime import date

import pytest
from django.apps import apps
from django.urls import reverse

from linghang.kernel import clock, parameters
from linghang.kernel.access import SYSTEM
from linghang.kernel.flow import STEPS
from linghang.org.models import Membership, Unit
from tests.making import make_check, make_finding, make_line, make_order

pytestmark = pytest.mark.django_db
TODAY = date(2026, 10, 28)


@pytest.fixture(autouse=True)
def live(hospital):
    parameters.put(SYSTEM, "compliance.go_live", "2026-01-01", date(2026, 1, 1))
    with clock.at(TODAY):
        yield


def url(unit, **query):
    return reverse("desk:branch", args=[unit.pk], query=query or None)


def held(by, unit, kind, day, **more):
    with clock.at(more.pop("recorded_on", day)):
        return STEPS["activities.record"].run(by, unit=unit, kind=kind, held_on=day, **more)


def text_of(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_a_secretary_reads_reasons_articles_open_things_and_what_comes_next(hospital, cast, client_of):
    order = make_order(unit=hospital.b_medicine, issued_on=date(2026, 10, 8))
    make_line(order=order, text="核对党员名册", due_on=date(2026, 10, 20))
    check = make_check(unit=hospital.b_medicine, state="confirmed")
    finding = make_finding(
        inspection=check, text="记录本缺签名", found_on=date(2026, 10, 9), confirmed_on=TODAY
    )
    plan = STEPS["activities.plan"].run(
        cast.secretary, unit=hospital.b_medicine, kind="themed_day", held_on=date(2026, 10, 30)
    )
    text = text_of(client_of(cast.secretary), url(hospital.b_medicine))
    for words in ("项要办", "支部工作条例 第十一条", "核对党员名册", "逾期", "主题党日（已安排）", "周明"):
        assert words in text, words
    assert finding.get_absolute_url() in text
    assert reverse("activities:meeting_paper", args=[plan.pk, "sign-in"]) in text
    assert "分" not in text.partition("<main")[2].partition("职责</th>")[0], "no score above the lights"


def test_the_desk_leads_there_in_one_click(hospital, cast, client_of):
    assert url(hospital.b_medicine) in client_of(cast.secretary).get("/").content.decode()


def test_desk_and_branch_page_show_the_same_lights_dues_and_hours_among_them(hospital, cast, client_of):
    given = {"person": cast.member, "branch": hospital.b_medicine, "paid": False}
    apps.get_model("org.DuesMonth").objects.create(month=date(2026, 8, 1), since=date(2026, 8, 20), **given)
    Membership.objects.filter(branch=hospital.b_medicine).update(since=date(2025, 1, 1))
    client = client_of(cast.secretary)
    for day in (TODAY, date(2026, 12, 1)):
        with clock.at(day):
            home, desk = client.get(url(hospital.b_medicine)).context, client.get("/").context
            urgent = {row.check.duty.code: (row.word, row.check.sentence) for row in home["rows"]}
            shown = {row.check.duty.code: (row.word, row.check.sentence) for row in desk["pressing"]}
            assert shown.items() <= urgent.items()
            assert len(urgent) == desk["duties"] - desk["quiet"]
            assert desk["duties"] == len(urgent) + home["folded"]
            assert urgent["dues"] == ("要办", "8 月 1 人未交")
            assert ("hours" in urgent) is (day.month == 12), (
                "a year's hours are asked for when the year is nearly over"
            )


def test_outsider_gets_404(hospital, cast, client_of):
    for part in ("outsider", "member", "other_general", "admin"):
        assert client_of(getattr(cast, part)).get(url(hospital.b_medicine)).status_code == 404, part
    for part in ("office", "general", "leader", "party_secretary"):
        assert client_of(getattr(cast, part)).get(url(hospital.b_medicine)).status_code == 200, part
    assert client_of(cast.office).get(url(hospital.g1)).status_code == 404


@pytest.mark.mechanism("S1-14")
def test_an_earlier_day_shows_what_was_known_by_its_day_and_marks_what_was_written_later(
    hospital, cast, client_of
):
    made = held(
        cast.secretary, hospital.b_medicine, "themed_day", date(2026, 5, 10), recorded_on=date(2026, 6, 20)
    )
    client = client_of(cast.secretary)
    text = text_of(client, url(hospital.b_medicine, on="2026-06-05", all=1))
    assert "截至 2026-06-05" in text
    assert "补记 1" in text
    assert "记一次：" not in text, "nothing is done in the past"
    later = reverse("desk:figure", args=["compliance.records", hospital.b_medicine.pk])
    behind = text_of(client, f"{later}?what=later&duty=themed_day&on=2026-06-05")
    assert made.get_absolute_url() in behind
    assert "补记 1" not in text_of(client, url(hospital.b_medicine, on="2026-06-21", all=1))


def test_records_that_are_not_in_order_open_from_their_own_card(hospital, cast, client_of):
    made = held(cast.clerk, hospital.b_medicine, "themed_day", date(2026, 10, 12))
    client = client_of(cast.secretary)
    assert "记录待补正 1" in text_of(client, url(hospital.b_medicine))
    address = reverse("desk:figure", args=["compliance.records", hospital.b_medicine.pk])
    text = text_of(client, f"{address}?what=faulty&duty=themed_day")
    assert made.get_absolute_url() in text
    assert "待书记确认" in text
    assert client_of(cast.outsider).get(f"{address}?what=faulty&duty=themed_day").status_code == 404


def test_a_branch_that_has_ended_is_shown_as_it_last_was(hospital, cast, client_of):
    Unit.objects.filter(pk=hospital.b_imaging.pk).update(until=date(2026, 7, 1))
    text = text_of(client_of(cast.office), url(hospital.b_imaging))
    assert "截至 2026-06-30" in text
    assert "已于 2026-07-01 撤销" in text


@pytest.mark.parametrize("on", ["", "2026-05-17", "2025-01-01", "2031-01-01", "昨天"])
def test_any_day_costs_at_most_fifteen_queries(hospital, cast, client_of, django_assert_max_num_queries, on):
    for month in range(1, 11):
        held(cast.secretary, hospital.b_medicine, "themed_day", date(2026, month, 12))
        make_line(order=make_order(unit=hospital.b_medicine, issued_on=date(2026, month, 2)))
    client, query = client_of(cast.secretary), {"on": on} if on else {}
    for address in (url(hospital.b_medicine, **query), reverse("compliance:board")):
        reader = client if "branches" in address else client_of(cast.office)
        reader.get(address, query)
        with django_assert_max_num_queries(15):
            assert reader.get(address, query).status_code == 200
