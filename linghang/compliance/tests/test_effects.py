"""What the settings page says of a new frequency before it is set."""

from datetime import date

import pytest

from linghang.compliance.models import Duty
from linghang.compliance.tests.acts import go_live, held
from linghang.kernel import clock, parameters
from linghang.kernel.access import SYSTEM
from linghang.kernel.models import Parameter
from linghang.org.models import Unit

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 16)
THEMED, ASSEMBLY = "compliance.themed_day_frequency", "compliance.assembly_frequency"


@pytest.fixture(autouse=True)
def day(hospital):
    with clock.at(TODAY):
        go_live(date(2026, 1, 1))
        yield


def branches():
    return Unit.objects.branches().on(TODAY).count()


def test_a_frequency_says_what_it_asks_from_when_and_of_how_many():
    found = parameters.effects(THEMED, "每月 2 次", date(2026, 12, 1))
    assert found == [f"从 2026-12-01 起，主题党日每月 2 次，涉及 {branches()} 个支部；此前仍按每月 1 次。"]
    assert not Parameter.objects.filter(code=THEMED).exists()


def test_a_period_under_way_is_finished_under_the_old_frequency():
    found = parameters.effects(ASSEMBLY, "每月 1 次", date(2026, 11, 10))
    assert found[0].startswith("从 2027-01-01 起，支部党员大会每月 1 次")
    assert "此前开始的期间仍按每季度 1 次" in found[0]


def test_who_lacks_what_a_duty_presupposes_is_not_counted():
    found = parameters.effects("compliance.group_frequency", "每月 2 次", date(2026, 12, 1))
    assert "个没有党小组）" in found[0]
    assert f"涉及 {branches()} 个支部" not in found[0]


def test_a_frequency_from_a_past_day_says_how_many_lights_turn_red(hospital, cast):
    for month in range(1, 11):
        for unit, by in ((hospital.b_medicine, cast.secretary), (hospital.b_surgery, cast.outsider)):
            held(by, unit, "themed_day", date(2026, month, 9))
    found = parameters.effects(THEMED, "每月 2 次", date(2026, 10, 1))
    assert "已经开始的期间照此重算，今天有 2 个变为“要办”" in found[0]


def test_the_same_frequency_again_says_so():
    assert parameters.effects(THEMED, "每月 1 次", date(2026, 12, 1)) == [
        "与 2026-12-01 之前一样，仍是每月 1 次。"
    ]


def test_a_later_change_that_falls_is_named():
    parameters.put(SYSTEM, THEMED, "每月 3 次", date(2027, 3, 1))
    found = parameters.effects(THEMED, "每月 2 次", date(2027, 1, 1))
    assert found[-1] == "原定 2027-03-01 起为“每月 3 次”，由这次调整取代。"


def test_what_no_duty_asks_about_is_told_as_that():
    Duty.objects.filter(parameter=THEMED).update(active=False)
    found = parameters.effects(THEMED, "每月 2 次", date(2026, 12, 1))
    assert found == ["现在没有启用的职责按“主题党日频次”要求，改了不多要求什么。"]


def test_few_queries(django_assert_max_num_queries):
    with django_assert_max_num_queries(15):
        parameters.effects(THEMED, "每月 2 次", date(2026, 10, 1))
