"""What a figure of a sheet says of its records, on the day and months later."""

from datetime import date

import pytest
from django.apps import apps

from linghang.assessment import actions
from linghang.assessment.models import Rating, Score
from linghang.assessment.tests.acts import AFTER, go_live, held, mark_all, open_cycle
from linghang.kernel import clock
from linghang.kernel.models import Figure

pytestmark = pytest.mark.django_db
LATER = date(2027, 3, 2)


@pytest.fixture
def cycle(hospital, cast):
    """内科 held two themed days and an assembly."""
    go_live()
    for day in (date(2026, 3, 9), date(2026, 4, 9)):
        held(cast.secretary, hospital.b_medicine, "themed_day", day)
    held(cast.secretary, hospital.b_medicine, "assembly", date(2026, 4, 20))
    with clock.at(AFTER):
        found = open_cycle(cast.office, hospital.party)
        mark_all(found, cast.office)
        found = actions.compute(found, cast.office)
    with clock.at(LATER):
        yield found


def page(client, cycle, unit, code, part="numerator"):
    score = Score.objects.get(run=cycle.run, unit=unit, code=code)
    response = client.get(score.get_absolute_url(), {"part": part})
    assert response.status_code == 200
    return response.content.decode()


def test_months_later_the_same_records_say_so(hospital, cast, client_of, cycle):
    text = page(client_of(cast.office), cycle, hospital.b_medicine, "B5")
    assert "B5 主题党日：2 条记录" in text
    assert "2026-11-30 计入的记录，到今天没有变动" in text


def test_what_was_added_or_changed_afterwards_is_named_and_the_score_stays(hospital, cast, client_of, cycle):
    held(cast.secretary, hospital.b_medicine, "themed_day", date(2026, 5, 9))
    apps.get_model("activities.Meeting").objects.filter(held_on=date(2026, 3, 9)).update(
        held_on=date(2026, 3, 10)
    )
    text = page(client_of(cast.office), cycle, hospital.b_medicine, "B5")
    assert "计入后有变动，已算出的得分不受影响" in text
    assert "后补：<a" in text
    assert "05-09 主题党日" in text
    assert "改过：<a" in text
    assert "03-10 主题党日" in text
    other = page(client_of(cast.office), cycle, hospital.b_medicine, "B1")
    assert "到今天没有变动" in other


def test_what_no_longer_counts_is_counted_even_where_nobody_may_open_it(hospital, cast, client_of, cycle):
    apps.get_model("activities.Meeting").objects.filter(held_on=date(2026, 3, 9)).update(state="cancelled")
    text = page(client_of(cast.office), cycle, hospital.b_medicine, "B5")
    assert "1 条已不再计入" in text


def test_a_score_that_was_edited_by_hand_does_not_match_the_seal(hospital, cast, client_of, cycle):
    Score.objects.filter(run=cycle.run, unit=hospital.b_surgery, code="D2").update(points=10, value=10)
    assert cycle.run.intact
    Score.objects.filter(run=cycle.run, unit=hospital.b_surgery, code="B5").update(points=3)
    assert not cycle.run.intact
    text = page(client_of(cast.office), cycle, hospital.b_medicine, "B5")
    assert "留存的数与校验码不符" in text


def test_a_figure_that_was_edited_by_hand_is_found_out(hospital, cast, client_of, cycle):
    score = Score.objects.get(run=cycle.run, unit=hospital.b_medicine, code="B5")
    Figure.objects.filter(pk=score.figure_id).update(value="12")
    text = page(client_of(cast.office), cycle, hospital.b_medicine, "B5")
    assert "留存的数与校验码不符" in text


def test_what_has_no_records_shows_how_each_month_was_judged(hospital, cast, client_of, cycle):
    text = page(client_of(cast.office), cycle, hospital.b_medicine, "C1-2")
    assert "C1-2 班子配备" in text
    assert "条记录" not in text
    assert "怎么判的" in text
    assert "2026 年 3 月" in text
    assert "到今天没有变动" in text


def test_what_was_owed_opens_at_its_source(hospital, cast, client_of, cycle):
    client = client_of(cast.office)
    sheet = Rating.objects.get(cycle=cycle, unit=hospital.b_medicine)
    address = (
        f"/figures/compliance.duties/{hospital.b_medicine.pk}/"
        "?duty=themed_day&amp;since=2025-12-01&amp;until=2026-11-30"
    )
    assert address in client.get(sheet.get_absolute_url()).content.decode()
    live = client.get(address.replace("&amp;", "&")).content.decode()
    assert "主题党日：2 条记录" in live
    assert "怎么判的" in live


def test_a_figure_costs_few_queries(hospital, cast, client_of, cycle, django_assert_max_num_queries):
    client = client_of(cast.office)
    page(client, cycle, hospital.b_medicine, "B5")
    with django_assert_max_num_queries(36):
        page(client, cycle, hospital.b_medicine, "B5")


def test_nobody_opens_a_figure_of_another_branch_or_before_publication(hospital, cast, client_of, cycle):
    url = Score.objects.get(run=cycle.run, unit=hospital.b_medicine, code="B5").get_absolute_url()
    for person in (cast.secretary, cast.outsider, cast.member, cast.general):
        assert client_of(person).get(url).status_code == 404
    assert (
        client_of(cast.office).get(url.replace("assessment.score", "assessment.nothing")).status_code == 404
    )
