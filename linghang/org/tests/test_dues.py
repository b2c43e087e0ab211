"""Dues by month: ticks of a branch, a sheet and the way back, and a base that nobody keeps unless it was switched on."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from linghang.kernel import clock
from linghang.kernel.models import Parameter, Trail
from linghang.org import actions
from linghang.org.actions.dues import payers
from linghang.org.models import DuesMonth
from tests.making import branch, make_person

pytestmark = pytest.mark.django_db
TODAY, OCTOBER = date(2026, 11, 16), date(2026, 10, 1)


@pytest.fixture(autouse=True)
def day():
    with clock.at(TODAY):
        yield


def entry(person, paid=True, month=OCTOBER, fault=""):
    return {"person": person.pk, "month": month.isoformat(), "paid": paid, "fault": fault}


def test_a_branch_ticks_who_paid_and_the_rest_has_not(cast):
    actions.record_dues(branch(), cast.clerk, month=date(2026, 10, 20), paid=[cast.member.pk])
    rows = DuesMonth.present.filter(month=OCTOBER)
    assert {row.person_id for row in rows if row.paid} == {cast.member.pk}
    assert rows.count() == len(payers(branch(), OCTOBER))
    actions.record_dues(branch(), cast.clerk, month=OCTOBER, paid=[cast.secretary.pk])
    assert {row.person_id for row in DuesMonth.present.filter(paid=True)} == {cast.secretary.pk}
    assert Trail.objects.filter(verb="org.record_dues").count() == 2


def test_a_probationer_pays_from_the_month_of_admission(cast):
    names = lambda month: {m.person.name for m in payers(branch(), month)}  # noqa: E731
    assert "新晓" not in names(date(2026, 2, 1))
    assert "新晓" in names(date(2026, 3, 1))


def test_dues_of_strangers_of_the_future_and_by_strangers_are_refused(cast):
    with pytest.raises(ValidationError, match="当月不在"):
        actions.record_dues(branch(), cast.clerk, month=OCTOBER, paid=[cast.outsider.pk])
    with pytest.raises(ValidationError, match="还没到"):
        actions.record_dues(branch(), cast.clerk, month=date(2026, 12, 1), paid=[])
    for stranger in (cast.outsider, cast.office):
        with pytest.raises(PermissionDenied):
            actions.record_dues(branch(), stranger, month=OCTOBER, paid=[])


def test_a_temporary_branch_takes_no_dues(cast, hospital):
    given = {"parent": hospital.party, "since": date(2026, 10, 1), "ends_on": date(2026, 12, 1)}
    paper = {"task": "防汛", "document": "院党字〔2026〕40 号", "secretary": cast.secretary}
    unit = actions.add_temporary(cast.office, name="防汛临时党支部", **given, **paper)
    with pytest.raises(ValidationError, match=r"不办理收缴党费（.*第八条"):
        actions.record_dues(unit, cast.secretary, month=OCTOBER, paid=[])


def test_a_sheet_is_confirmed_and_taken_back(cast):
    DuesMonth.objects.create(person=cast.clerk, branch=branch(), month=OCTOBER, paid=False)
    made = actions.import_dues(
        cast.clerk,
        unit=branch(),
        name="党费.xlsx",
        outcome=[entry(cast.member), entry(cast.clerk), entry(cast.outsider, fault="不在您的权限内")],
    )
    assert DuesMonth.present.count() == 1
    actions.confirm_dues(made, cast.clerk)
    assert set(DuesMonth.present.filter(paid=True).values_list("person", flat=True)) == {
        cast.member.pk,
        cast.clerk.pk,
    }
    actions.undo_dues(made, cast.clerk)
    assert list(DuesMonth.present.values_list("person", "paid")) == [(cast.clerk.pk, False)]


def test_what_was_changed_since_is_not_taken_back(cast):
    made = actions.import_dues(cast.clerk, unit=branch(), name="党费.xlsx", outcome=[entry(cast.member)])
    actions.confirm_dues(made, cast.clerk)
    actions.record_dues(branch(), cast.clerk, month=OCTOBER, paid=[])
    with pytest.raises(ValidationError, match="又登记过"):
        actions.undo_dues(made, cast.clerk)


def test_the_sheet_of_another_branch_is_not_confirmed(cast):
    made = actions.import_dues(cast.clerk, unit=branch(), name="党费.xlsx", outcome=[entry(cast.outsider)])
    with pytest.raises(ValidationError, match="重新上传"):
        actions.confirm_dues(made, cast.clerk)
    assert not DuesMonth.present.exists()


def test_a_base_is_kept_only_where_the_hospital_switched_it_on_and_never_in_the_trail(cast):
    given = {"person": cast.member, "payer": "在职", "base": Decimal("8000")}
    with pytest.raises(ValidationError, match="没有启用"):
        actions.settle_dues(cast.clerk, **given)
    Parameter.objects.create(code="org.dues_base", value=True, since=date(2026, 1, 1))
    made = actions.settle_dues(cast.clerk, **given)
    assert (made.reckoned().amount, made.masked) == (Decimal("120.00"), "8***")
    told = Trail.objects.get(verb="org.settle_dues")
    assert "8000" not in f"{told.changes}{told.note}{told.subject_name}"
    with pytest.raises(PermissionDenied):
        actions.settle_dues(cast.office, **{**given, "person": cast.secretary})
    with pytest.raises(ValidationError, match="同意的数额"):
        actions.settle_dues(cast.clerk, person=make_person(), payer="经批准少交或免交")


def test_a_note_is_not_overwritten_and_any_day_tells_what_was_known(cast):
    with clock.at(date(2026, 10, 20)):
        actions.record_dues(branch(), cast.clerk, month=OCTOBER, paid=[])
    with clock.at(date(2026, 11, 3)):
        actions.record_dues(branch(), cast.clerk, month=OCTOBER, paid=[cast.member.pk])
    own = DuesMonth.objects.filter(person=cast.member, month=OCTOBER)
    assert [
        own.on(date(2026, *day)).values_list("paid", flat=True).first() for day in ((10, 19), (10, 20))
    ] == [
        None,
        False,
    ]
    assert [row.paid for row in own.on(date(2026, 11, 2))] == [False]
    assert [row.paid for row in own.on(date(2026, 11, 3))] == [True]
    assert [row.paid for row in cast.member.dues.all()] == [True]
