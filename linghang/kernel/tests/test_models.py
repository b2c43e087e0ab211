"""What every module shares: the trail that is only added to, numbers without gaps, rows with a beginning and an end."""

from datetime import date

import pytest
from django.db import transaction

from linghang.kernel.models import (
    Attachment,
    BlueprintVersion,
    Counter,
    Figure,
    Notice,
    Parameter,
    Trail,
)
from tests.making import make_trail

pytestmark = pytest.mark.django_db
DAYS = [date(2026, month, 1) for month in range(1, 13)]


def test_a_trace_is_never_changed_and_never_deleted(hospital):
    trace = make_trail()
    trace.actor_name = "别人"
    with pytest.raises(TypeError, match="只增不改"):
        trace.save()
    with pytest.raises(TypeError, match="只增不删"):
        trace.delete()
    assert Trail.objects.get(pk=trace.pk).actor_name == "系统"
    assert str(trace) == "别人 新增单位 内科党支部"


def test_not_in_bulk_either(hospital):
    make_trail()
    before = Trail.objects.count()
    with pytest.raises(TypeError):
        Trail.objects.filter(actor="system").update(actor_name="别人")
    with pytest.raises(TypeError):
        Trail.objects.all().delete()
    assert Trail.objects.count() == before


def test_numbers_have_no_gap_and_no_double(db):
    with transaction.atomic():
        assert [Counter.take("reminder-2026") for _ in range(3)] == [1, 2, 3]
        assert Counter.take("reminder-2027") == 1
    assert str(Counter.objects.get(series="reminder-2026")) == "reminder-2026: 3"


def test_a_number_taken_in_vain_is_given_back(db):
    Counter.take("x")
    with transaction.atomic():
        assert Counter.take("x") == 2
        transaction.set_rollback(True)
    assert Counter.take("x") == 2


def test_rows_in_force_on_a_day(db):
    Parameter.objects.create(code="x", value=1, since=DAYS[0], until=DAYS[3])
    Parameter.objects.create(code="x", value=2, since=DAYS[3])
    held = [
        [p.value for p in Parameter.objects.filter(code="x").on(day)] for day in (DAYS[2], DAYS[3], DAYS[9])
    ]
    assert held == [[1], [2], [2]]
    assert not Parameter.objects.filter(code="x").on(date(2025, 12, 31))


def test_rows_in_force_during_a_period(db):
    Parameter.objects.create(code="x", value=1, since=DAYS[2], until=DAYS[5])
    for start, end, holds in (
        (DAYS[0], DAYS[1], False),
        (DAYS[0], DAYS[2], True),
        (DAYS[3], DAYS[4], True),
        (DAYS[5], DAYS[6], False),
        (DAYS[4], DAYS[11], True),
    ):
        assert Parameter.objects.filter(code="x").during(start, end).exists() is holds, (start, end)


def test_rows_say_what_they_are(db):
    assert str(Parameter(code="x", value=3)) == "x=3"
    assert str(Notice(text="请确认")) == "请确认"
    assert str(Attachment(name="签到表.pdf")) == "签到表.pdf"
    assert str(Figure(title="按期率", value="93%")) == "按期率 93%"
    assert str(BlueprintVersion(title="示例医院", digest="abcdef123456")) == "示例医院 abcdef12"
