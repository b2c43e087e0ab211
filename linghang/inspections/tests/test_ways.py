"""四查 in the words of the hospital."""

from datetime import date
from typing import Any

import pytest

from linghang.inspections.models import Round
from linghang.inspections.ways import methods
from linghang.org.models import Unit

pytestmark = pytest.mark.django_db


@pytest.mark.under_a_committee
def test_under_a_committee_all_are_there(hospital: Any) -> None:
    assert methods() == list(Round.Method.choices)


def test_under_a_general_branch_nothing_is_called_after_a_committee(hospital: Any) -> None:
    Unit.objects.filter(kind=Unit.Kind.COMMITTEE).update(until=date(2026, 1, 1))
    assert dict(methods()) == {
        "self": "支部自查",
        "mutual": "总支互查",
        "committee": "总支督查",
        "ward": "党建查房",
    }
    general = Unit.objects.filter(kind=Unit.Kind.GENERAL).first()
    assert Round(method="committee", unit=general).method_words == "总支督查"
