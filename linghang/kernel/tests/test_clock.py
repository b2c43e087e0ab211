"""The day of the house."""

from datetime import UTC, date, datetime

import pytest
import time_machine

from linghang.kernel import clock
from linghang.kernel.ticks import TICKS, tick


def test_the_day_begins_at_midnight_in_china():
    with time_machine.travel(datetime(2026, 5, 1, 16, 30, tzinfo=UTC), tick=False):
        assert clock.today() == date(2026, 5, 2)


def test_another_day_is_stood_on_for_a_block_only():
    before = clock.today()
    with clock.at(date(2024, 2, 29), hour=23):
        assert clock.today() == date(2024, 2, 29)
        with clock.at(date(2023, 1, 1)):
            assert clock.today() == date(2023, 1, 1)
        assert clock.today() == date(2024, 2, 29)
    assert clock.today() == before


def test_the_block_ends_when_something_goes_wrong():
    before = clock.today()
    with pytest.raises(RuntimeError), clock.at(date(2024, 2, 29)):
        raise RuntimeError
    assert clock.today() == before


def test_a_tick_is_offered_by_name(monkeypatch):
    monkeypatch.setattr("linghang.kernel.ticks.TICKS", {})
    from linghang.kernel.ticks import TICKS as NOW

    @tick("test.tick")
    def run():
        return 3

    assert NOW["test.tick"]() == 3


@pytest.mark.django_db
def test_every_tick_done_twice_changes_nothing_the_second_time(hospital):
    from linghang.kernel.models import Notice, Trail

    for name, run in TICKS.items():
        run()
        before = Trail.objects.count(), Notice.objects.count()
        run()
        assert (Trail.objects.count(), Notice.objects.count()) == before, name
