"""Which open cycles count what a change of a parameter moves."""

from datetime import date

import pytest

from linghang.assessment.models import Cycle
from linghang.assessment.tests.acts import AFTER, go_live, open_cycle
from linghang.kernel import clock, parameters

pytestmark = pytest.mark.django_db
THEMED = "compliance.themed_day_frequency"
SAID = (
    "“2026 年度”考核（2025-12-01 至 2026-11-30，进行中）的“B5 主题党日”、“V6 半年以上不开展组织生活”按它计。"
)


@pytest.fixture
def cycle(hospital, cast):
    go_live()
    with clock.at(AFTER):
        yield open_cycle(cast.office, hospital.party)


def test_an_open_cycle_that_counts_the_duty_is_named_with_its_item(cycle):
    assert SAID in parameters.effects(THEMED, "每月 2 次", date(2026, 11, 1))


def test_a_change_after_its_period_does_not_reach_it(cycle):
    assert not any("考核" in line for line in parameters.effects(THEMED, "每月 2 次", date(2026, 12, 1)))


def test_a_locked_cycle_is_not_open(cycle):
    Cycle.objects.update(state=Cycle.State.LOCKED)
    assert SAID not in parameters.effects(THEMED, "每月 2 次", date(2026, 11, 1))


def test_what_moves_no_facts_concerns_no_cycle(cycle):
    assert parameters.effects("assessment.objection_days", 7, date(2026, 11, 1)) == []


def test_office_reads_it_on_the_settings_page_before_it_is_set(cast, client_of, cycle):
    data = {"value": "每月 2 次", "since": "2026-11-01", "preview": "1"}
    text = client_of(cast.office).post(f"/blueprints/settings/{THEMED}/", data).content.decode()
    assert "从 2026-11-01 起，主题党日每月 2 次" in text
    assert SAID in text
    assert parameters.value(THEMED, date(2026, 11, 1)) == "每月 1 次"
