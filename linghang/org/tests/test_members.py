"""A member's life as its verbs write it: steps in order, one membership at a time, nothing rewritten."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from linghang.kernel import clock
from linghang.kernel.models import Trail
from linghang.org import actions
from linghang.org.electorate import members_on
from linghang.org.models import Membership, Milestone, Person, Spell
from linghang.rules.electorate import base
from tests.making import afresh, branch, make_person, somebody, unit

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 16)


@pytest.fixture(autouse=True)
def day():
    with clock.at(TODAY):
        yield


def new():
    """新晓: admitted on 1 March 2026, in 内科党支部."""
    return somebody("3005")


def note(by, person, kind, on, **more):
    return actions.note_milestone(by, person=person, unit=branch(), kind=kind, on=on, **more)


# --- towards the Party -----------------------------------------------------------------------------------------------


def test_the_road_is_kept_as_dated_steps_in_order(cast):
    person = make_person(branch=None, name="积极", home=unit("d-medicine"))
    note(cast.clerk, person, "applied", date(2025, 1, 10))
    note(cast.clerk, person, "activist", date(2025, 6, 1), decided_by="内科党支部")
    with pytest.raises(ValidationError, match="先后不符"):
        note(cast.clerk, person, "candidate", date(2025, 5, 1))
    note(cast.clerk, person, "candidate", date(2026, 7, 1))
    assert [m.kind for m in person.milestones.all()] == ["applied", "activist", "candidate"]
    assert Trail.objects.filter(verb="org.note_milestone").count() == 3


def test_an_earlier_step_may_be_filled_in_later(cast):
    person = make_person(branch=None, home=unit("d-medicine"))
    note(cast.clerk, person, "activist", date(2025, 6, 1))
    with pytest.raises(ValidationError, match="先后不符"):
        note(cast.clerk, person, "applied", date(2025, 6, 2))
    note(cast.clerk, person, "applied", date(2025, 1, 10))


def test_who_was_dropped_may_begin_anew(cast):
    person = make_person(branch=None, home=unit("d-medicine"))
    note(cast.clerk, person, "candidate", date(2024, 6, 1))
    note(cast.clerk, person, "dropped", date(2024, 9, 1))
    note(cast.clerk, person, "applied", date(2025, 1, 1))


def test_a_member_is_on_no_road_and_an_outsider_notes_nobody(cast):
    with pytest.raises(ValidationError, match="已是党员"):
        note(cast.clerk, cast.member, "applied", date(2025, 1, 1))
    with pytest.raises(PermissionDenied):
        note(cast.outsider, make_person(branch=None), "applied", date(2025, 1, 1))


# --- probation -------------------------------------------------------------------------------------------------------


def test_confirmation_closes_the_probation_and_begins_the_vote(cast):
    person = actions.confirm_member(new(), cast.office, on=date(2026, 11, 2), document="〔2026〕9号")
    rows = list(person.memberships.values_list("status", "since", "until"))
    assert rows == [
        ("probationary", date(2026, 3, 1), date(2026, 11, 2)),
        ("full", date(2026, 11, 2), None),
    ]
    assert afresh(person).confirmed_on == date(2026, 11, 2)
    assert person.milestones.get().document == "〔2026〕9号"
    with pytest.raises(ValidationError, match="现在不是预备党员"):
        actions.confirm_member(person, cast.office, on=TODAY)


def test_the_probation_is_extended_once_and_by_half_a_year_to_a_year(cast):
    person = new()
    for wrong in (date(2027, 8, 31), date(2028, 3, 2)):
        with pytest.raises(ValidationError, match="不少于半年、不超过一年"):
            actions.extend_probation(person, cast.office, on=TODAY, until=wrong)
    actions.extend_probation(person, cast.office, on=TODAY, until=date(2027, 9, 1))
    with pytest.raises(ValidationError, match="只能延长一次"):
        actions.extend_probation(person, cast.office, on=TODAY, until=date(2028, 3, 1))


def test_only_the_office_confirms(cast):
    with pytest.raises(PermissionDenied):
        actions.confirm_member(new(), cast.secretary, on=TODAY)


# --- leaving ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["died", "resigned", "lapsed", "removed", "expelled"])
def test_a_member_leaves_on_a_day_with_a_kind_and_no_reason(cast, kind):
    person = actions.end_membership(cast.member, cast.office, kind=kind, on=TODAY, document="〔2026〕3号")
    assert afresh(person).branch is None
    assert person.memberships.get().until == TODAY
    assert person.milestones.get().kind == kind
    assert not [m for m in members_on(branch(), TODAY) if m.key == str(person.pk)]


def test_only_a_probationer_is_cancelled(cast):
    with pytest.raises(ValidationError, match="只有预备党员"):
        actions.end_membership(cast.member, cast.office, kind="cancelled", on=TODAY)
    actions.end_membership(new(), cast.office, kind="cancelled", on=TODAY)


def test_leaving_ends_what_was_special(cast):
    made = actions.note_spell(cast.clerk, person=cast.member, kind="spared", since=date(2026, 5, 1))
    actions.end_membership(cast.member, cast.office, kind="died", on=TODAY)
    made.refresh_from_db()
    assert made.until == TODAY


# --- what is special for a time --------------------------------------------------------------------------------------


def test_a_suspended_member_is_out_of_the_base_until_lifted(cast):
    made = actions.restrict(
        cast.office, person=cast.member, kind="stopped", since=date(2026, 9, 1), decided_by="医院党委"
    )
    out = {m.member.name for m in base(members_on(branch(), TODAY), TODAY).left_out}
    assert cast.member.name in out
    actions.lift(made, cast.office, until=TODAY, decided_by="医院党委")
    assert cast.member.name not in {m.member.name for m in base(members_on(branch(), TODAY), TODAY).left_out}
    with pytest.raises(ValidationError):
        actions.lift(made, cast.office, until=TODAY, decided_by="医院党委")


def test_to_be_left_out_of_the_base_wants_a_situation_and_the_day_of_the_meeting(cast):
    given = {"person": cast.member, "kind": "excused", "since": date(2026, 9, 1), "decided_by": "医院党委"}
    with pytest.raises(ValidationError, match="五种情形之一"):
        actions.restrict(cast.office, **given, situation=4)
    actions.restrict(cast.office, **given, situation=4, passed_on=date(2026, 9, 20))


def test_a_branch_notes_who_is_away_but_restricts_nobody(cast):
    with pytest.raises(PermissionDenied):
        actions.restrict(cast.secretary, person=cast.member, kind="stopped", since=TODAY, decided_by="支部")
    with pytest.raises(ValidationError, match="外出地"):
        actions.note_spell(cast.clerk, person=cast.member, kind="floating", since=date(2026, 3, 1))
    made = actions.note_spell(
        cast.clerk, person=cast.member, kind="floating", since=date(2026, 3, 1), place="abroad"
    )
    actions.contact(made, cast.clerk, on=date(2026, 8, 1))
    actions.contact(made, cast.clerk, on=date(2026, 8, 1))
    assert made.contacts.count() == 1
    with pytest.raises(ValidationError, match="已登记"):
        actions.note_spell(
            cast.clerk, person=cast.member, kind="floating", since=date(2026, 4, 1), place="abroad"
        )
    actions.end_spell(made, cast.clerk, until=TODAY)


# --- corrections -----------------------------------------------------------------------------------------------------


def test_a_step_is_corrected_by_a_new_row_and_the_old_one_stays(cast):
    person = make_person(branch=None, home=unit("d-medicine"))
    made = note(cast.clerk, person, "activist", date(2025, 6, 1))
    actions.correct_milestone(made, cast.office, on=date(2025, 7, 1), note="会议记录为 7 月")
    rows = list(Milestone.objects.filter(person=person).values_list("on", "corrected"))
    assert rows == [(date(2025, 6, 1), True), (date(2025, 7, 1), False)]


def test_a_closed_membership_is_corrected_beside_itself(cast):
    person = actions.confirm_member(new(), cast.office, on=date(2026, 11, 2))
    closed = person.memberships.get(status="probationary")
    with pytest.raises(ValidationError, match="重叠"):
        actions.correct_membership(
            person, cast.office, membership=closed, since=date(2026, 3, 1), until=date(2026, 11, 3), note="误"
        )
    actions.correct_membership(
        person, cast.office, membership=closed, since=date(2026, 3, 8), until=date(2026, 11, 2), note="误"
    )
    told = Membership.told.filter(person=person, status="probationary").values_list("since", "corrected")
    assert sorted(told) == [(date(2026, 3, 1), True), (date(2026, 3, 8), False)]
    assert person.memberships.count() == 2
    assert not [m for m in members_on(branch(), date(2026, 3, 5)) if m.key == str(person.pk)]


def test_nothing_is_entered_for_a_day_to_come(cast):
    tomorrow = date(2026, 11, 17)
    with pytest.raises(ValidationError, match="还没到这一天"):
        actions.confirm_member(new(), cast.office, on=tomorrow)
    with pytest.raises(ValidationError, match="还没到这一天"):
        actions.end_membership(cast.member, cast.office, kind="died", on=tomorrow)
    assert not Milestone.objects.exists()
    assert not Spell.objects.exists()
    assert Person.objects.get(pk=cast.member.pk).branch_id
