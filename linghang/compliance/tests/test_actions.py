"""The one thing that may be done about a duty: excusing a branch from it, with a reason and a name."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from linghang.compliance.actions import waive
from linghang.compliance.models import Waiver
from linghang.kernel import parameters
from linghang.kernel.models import Trail

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2026, 1, 1), date(2026, 3, 31)


def excuse(by, unit, **more):
    return waive(
        by, **{"unit": unit, "duty": "assembly", "since": FIRST, "until": LAST, "reason": "支部新建", **more}
    )


def test_office_excuses_a_branch_for_a_period_with_its_reason(cast, hospital):
    made = excuse(cast.office, hospital.b_medicine)
    assert (made.unit, made.by_name, made.reason) == (hospital.b_medicine, "陈岚", "支部新建")
    trace = Trail.objects.get(verb="compliance.waive")
    assert (trace.label, trace.subject, trace.note) == ("豁免", made.ref, "支部新建")


def test_nobody_below_the_office_excuses_a_branch(cast, hospital):
    for by in (cast.secretary, cast.general, cast.leader, cast.outsider):
        with pytest.raises(PermissionDenied):
            excuse(by, hospital.b_medicine)
    assert not Waiver.objects.exists()


def test_only_branches_are_excused_and_only_from_duties_that_there_are(cast, hospital):
    with pytest.raises(ValidationError, match="只有党支部有体检职责"):
        excuse(cast.office, hospital.g1)
    with pytest.raises(ValidationError, match="没有这项职责"):
        excuse(cast.office, hospital.b_medicine, duty="nothing")


def test_a_period_is_excused_once_and_ends_after_it_begins(cast, hospital):
    excuse(cast.office, hospital.b_medicine)
    with pytest.raises(ValidationError):
        excuse(cast.office, hospital.b_medicine)
    with pytest.raises(ValidationError, match="结束日期不能早于开始日期"):
        excuse(cast.office, hospital.b_medicine, since=LAST, until=FIRST)
    with pytest.raises(ValidationError):
        excuse(cast.office, hospital.b_surgery, reason="")


def test_a_locked_period_is_not_excused(cast, hospital, monkeypatch):
    def locked(since):
        raise ValidationError("该日在已锁定的考核周期内")

    monkeypatch.setattr(parameters, "GUARDS", [locked])
    with pytest.raises(ValidationError, match="已锁定"):
        excuse(cast.office, hospital.b_medicine)
