"""What was written once is offered, not asked for again; a list of records is not buried under the plans of a year."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from linghang.activities import actions
from linghang.activities.actions import TopicDraft
from linghang.activities.models import Topic
from linghang.kernel import clock

DAY = date(2026, 10, 28)
STUDY = TopicDraft("学习全会精神", Topic.Kind.FIRST)


@pytest.fixture(autouse=True)
def stand_on_the_day():
    with clock.at(DAY):
        yield


def plan(by, unit, kind="themed_day", days=3, **more):
    return actions.plan(by, unit=unit, kind=kind, held_on=DAY + timedelta(days=days), **more)


def test_rooms_and_study_of_the_branch_are_offered_in_the_next_form(cast, hospital, client_of):
    plan(cast.clerk, hospital.b_medicine, place="内科示教室", topics=[STUDY])
    client = client_of(cast.clerk)
    page = client.get(reverse("activities:plan"), {"unit": hospital.b_medicine.pk}).content.decode()
    assert '<option value="内科示教室"></option>' in page
    assert '<option value="学习全会精神"></option>' in page
    page = client.get(reverse("activities:record"), {"unit": hospital.b_medicine.pk}).content.decode()
    assert '<option value="学习全会精神"></option>' in page


def test_what_another_branch_wrote_is_not_offered(cast, hospital, client_of):
    plan(cast.outsider, hospital.b_surgery, place="外科示教室", topics=[STUDY])
    page = client_of(cast.clerk).get(reverse("activities:plan")).content.decode()
    assert "外科示教室" not in page
    assert "学习全会精神" not in page


def test_words_of_a_suggestion_are_only_words(cast, hospital, client_of):
    plan(cast.clerk, hospital.b_medicine, place='"><b>室')
    page = client_of(cast.clerk).get(reverse("activities:plan")).content.decode()
    assert "<b>室" not in page


def test_plans_ahead_stand_in_the_calendar_and_in_the_list_when_asked_for(cast, hospital, client_of):
    plan(cast.clerk, hospital.b_medicine, title="以后的会")
    plan(cast.clerk, hospital.b_medicine, kind="board", days=0, title="今天的会")
    client, address = client_of(cast.clerk), reverse("activities:meetings")
    shown = client.get(address).content.decode()
    assert "今天的会" in shown
    assert "以后的会" not in shown
    for asked in ({"state": "planned"}, {"q": "以后"}, {"month": "2026-10"}):
        assert "以后的会" in client.get(address, asked).content.decode()
