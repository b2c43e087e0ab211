"""What others count of decisions."""

from datetime import date
from typing import Any

import pytest

from linghang.kernel.facts import SOURCES
from tests.making import make_meeting, make_topic, unit

pytestmark = pytest.mark.django_db
FROM, TO = date(2026, 1, 1), date(2026, 12, 31)


def test_topics_count_by_kind_with_their_days_and_whether_the_branch_was_heard(hospital: Any) -> None:
    day = date(2026, 11, 2)
    waiting = make_topic(proposed_on=day)
    sitting = make_meeting(unit=unit("party"), kind="committee", held_on=date(2026, 11, 9))
    done = {"state": "decided", "sitting": sitting, "decided_on": sitting.held_on, "conclusion": "passed"}
    decided = make_topic(matter="plan", proposed_on=day, **done)
    rows = {row["record"]: row for row in SOURCES["decisions.topics"].frame(FROM, TO).to_dicts()}
    first, second = rows[waiting.pk], rows[decided.pk]
    assert (first["unit"], first["kind"], first["wants_opinion"]) == (hospital.b_medicine.pk, "project", True)
    assert (first["has_opinion"], first["days"], first["passed"]) == (False, None, False)
    assert (second["unit"], second["kind"], second["days"]) == (hospital.d_medicine.pk, "major", 7)
    assert (second["passed"], second["decided"]) == (True, sitting.held_on)


def test_a_branch_is_asked_only_for_what_concerns_it(hospital: Any) -> None:
    heard, other = make_topic(), make_topic(matter="plan")
    source = SOURCES["decisions.topics"]
    of_branch = source.frame(date(2000, 1, 1), date(2100, 1, 1), [hospital.b_medicine.pk])
    assert of_branch["record"].to_list() == [heard.pk]
    of_department = source.frame(date(2000, 1, 1), date(2100, 1, 1), [hospital.d_medicine.pk])
    assert of_department["record"].to_list() == [other.pk]
