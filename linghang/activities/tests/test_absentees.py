"""大型党课: a committee calls all members below it; who did not come is named, the roll is not ticked."""

from datetime import date
from typing import Any

import pytest
from django.db.models import Q

from linghang.activities.models import Meeting
from linghang.activities.roll import calls
from linghang.kernel import clock
from linghang.kernel.facts import SOURCES
from linghang.org.models import Membership

DAY = date(2026, 10, 28)
RECORD = "/activities/record/"


@pytest.fixture(autouse=True)
def stand_on_the_day() -> Any:
    with clock.at(DAY):
        yield


def lesson(hospital: Any, **more: Any) -> dict[str, Any]:
    given = {"unit": hospital.party.pk, "kind": "grand_lesson", "held_on": "2026-10-28"}
    return {**given, "title": "行医 85 周年座谈：党史里的医院", **more}


@pytest.mark.mechanism("S3-04")
def test_a_lesson_for_the_whole_hospital_calls_every_member_and_names_who_did_not_come(
    cast: Any, hospital: Any, client_of: Any
) -> None:
    client = client_of(cast.office)
    shown = client.get(RECORD, {"unit": hospital.party.pk, "kind": "grand_lesson"})
    form, page = shown.context["form"], shown.content.decode()
    members = Membership.objects.on(DAY).values("person").distinct().count()
    assert len(form.people) == members
    assert 'name="absent"' not in page, "nobody ticks the roll of a hospital"
    assert cast.member not in form.fields["chair"].queryset
    named = f"{cast.member.name}（值班）、{cast.outsider.staff_number}"
    done = client.post(RECORD, lesson(hospital, absentees=named))
    assert done.status_code == 302
    made = Meeting.objects.get()
    assert {(a.person, a.reason) for a in made.attendances.filter(present=False)} == {
        (cast.member, "duty"),
        (cast.outsider, "other"),
    }
    branches = {name: (came, of) for name, came, of in client.get(done.url).context["branches"]}
    inside = Membership.objects.on(DAY).filter(branch=hospital.b_medicine).count()
    assert branches[hospital.b_medicine.name] == (inside - 1, inside)
    hours = SOURCES["activities.study"].frame(date(2026, 1, 1), DAY).to_dicts()
    assert {row["person"] for row in hours} == set(
        made.attendances.filter(present=True).values_list("person", flat=True)
    )


@pytest.mark.mechanism("S3-04")
def test_who_is_on_no_roll_is_asked_about_before_anything_is_saved(
    cast: Any, hospital: Any, client_of: Any
) -> None:
    refused = client_of(cast.office).post(RECORD, lesson(hospital, absentees="查无此人、何员"))
    assert refused.status_code == 422
    assert "查无此人（不在应到名单里）" in refused.content.decode()
    assert not Meeting.objects.exists()


def test_a_member_is_called_by_the_units_above_and_not_by_others(cast: Any, hospital: Any) -> None:
    above = Meeting.objects.create(unit=hospital.party, kind="grand_lesson", held_on=DAY)
    Meeting.objects.create(unit=hospital.party, kind="lesson", held_on=DAY)
    Meeting.objects.create(unit=hospital.b_surgery, kind="grand_lesson", held_on=DAY)
    found: Q = calls(cast.member)
    assert list(Meeting.objects.filter(found)) == [above]
