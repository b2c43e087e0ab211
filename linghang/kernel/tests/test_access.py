"""The gate in its two forms says the same, and rights follow the post: at once, for that post only, for its time only."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linghang.kernel import clock, flow
from linghang.kernel.access import NOWHERE, SYSTEM, Gated, Reach, covers
from linghang.kernel.models import Trail
from tests.making import (
    MAKERS,
    afresh,
    make_coverage,
    make_grant,
    make_meeting,
    make_person,
    make_post,
    model,
    somebody,
    unit,
)

pytestmark = pytest.mark.django_db
GATED = [m for m in apps.get_models() if issubclass(m, Gated)]


@pytest.fixture
def everything(hospital):
    """One row of every model in 内科党支部, beside all that the tiny hospital holds."""
    return {label: make() for label, make in MAKERS.items()}


@dataclass(frozen=True)
class Somebody:
    """An actor with one and the same reach for every verb."""

    pk: int
    held: Reach
    name: str = "某人"
    ref: str = "test:1"

    def reach(self, verb: str) -> Reach:
        return self.held

    def may(self, verb: str, obj: Any = None) -> bool:
        return bool(self.held) if obj is None else covers(self.held, obj, self)

    def acting_as(self, verb: str, obj: Any = None) -> str:
        return "某人"


def both_gates(which: Any, actor: Any, verb: str) -> tuple[set[Any], set[Any]]:
    """What the query gives out, and what memory allows of all rows."""
    asked = set(which.objects.within(actor, verb).values_list("pk", flat=True))
    judged = {row.pk for row in which._base_manager.all() if actor.may(verb, row)}
    return asked, judged


# --- declared, not guessed -------------------------------------------------------------------------------------------


def test_every_gated_model_has_a_maker_and_every_maker_a_model():
    assert {m._meta.label for m in GATED} == set(MAKERS)


@pytest.mark.parametrize("which", GATED, ids=lambda m: m._meta.label)
def test_a_gated_model_says_where_it_lives_and_which_verb_opens_it(which, everything):
    assert which.view_verb in flow.VERBS
    assert callable(which.objects.within)
    for path in which.unit_paths:
        assert end_of(which, path) is model("org.Unit"), path
    for path in which.own_paths:
        assert end_of(which, path) is model("org.Person"), path
    assert everything[which._meta.label].ref.startswith(which._meta.label_lower)


def end_of(which: Any, path: str) -> Any:
    for name in filter(None, path.split("__")):
        field = which._meta.get_field(name)
        assert field.many_to_one or field.one_to_one, f"{path} would give rows twice"
        which = field.related_model
    return which


# --- both gates agree ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("which", GATED, ids=lambda m: m._meta.label)
def test_query_and_memory_agree_for_every_person_and_every_granted_verb(which, everything):
    verbs = set(model("org.Grant").objects.values_list("verb", flat=True))
    for person in model("org.Person").objects.select_related("branch", "department"):
        by_reach = defaultdict(list)
        for verb in sorted(verbs):
            by_reach[person.reach(verb)].append(verb)
        for held, same in by_reach.items():
            asked, judged = both_gates(which, person, same[0])
            assert asked == judged, (person, held, same)
            assert bool(held) or not asked


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_query_and_memory_agree_for_any_reach(everything, data):
    units = list(model("org.Unit").objects.all())
    people = list(model("org.Person").objects.values_list("pk", flat=True))
    held = Reach(
        own=data.draw(st.booleans()),
        units=frozenset(data.draw(st.lists(st.sampled_from([u.pk for u in units]), max_size=3))),
        trees=tuple(sorted(set(data.draw(st.lists(st.sampled_from([u.path for u in units]), max_size=2))))),
    )
    actor = Somebody(data.draw(st.sampled_from(people)), held)
    which = data.draw(st.sampled_from(GATED))
    asked, judged = both_gates(which, actor, "any.verb")
    assert asked == judged


def test_memory_judges_without_a_query_of_its_own(everything, cast, django_assert_num_queries):
    line = (
        type(everything["dispatch.Line"])
        .objects.select_related("order__seat")
        .get(pk=everything["dispatch.Line"].pk)
    )
    cast.secretary.reach("dispatch.report")
    with django_assert_num_queries(0):
        assert cast.secretary.may("dispatch.report", line)


def test_whoever_holds_a_verb_nowhere_gets_no_row(everything, cast):
    assert cast.member.reach("org.set_grant") == NOWHERE
    assert not cast.member.may("org.set_grant")
    for which in GATED:
        assert not which.objects.within(cast.member, "org.set_grant").exists()


def test_the_machine_reaches_everything(everything):
    for which in GATED:
        assert which.objects.within(SYSTEM, "any.verb").count() == which._base_manager.count(), which
        assert SYSTEM.may("any.verb", everything[which._meta.label])


def test_a_person_who_lies_nowhere_lies_with_the_head_of_the_tree(cast):
    lost = make_person(branch=None)
    verb = "org.view_person"
    for part, sees in (("office", True), ("admin", True), ("general", False), ("secretary", False)):
        person = getattr(cast, part)
        assert person.may(verb, lost) is sees, part
        assert type(lost).objects.within(person, verb).filter(pk=lost.pk).exists() is sees, part


# --- rights follow the post ------------------------------------------------------------------------------------------


def test_two_posts_of_different_reach_never_merge_into_the_wider_one(hospital):
    """总支书记 of one tree and 支部书记 elsewhere: each verb goes as far as the posts that grant this very verb."""
    make_grant("general_secretary", "test.oversee", "tree")
    make_grant("secretary", "test.act", "unit")
    person = make_person(branch=hospital.b_surgery)
    make_post(person, "general_secretary", hospital.g1)
    make_post(person, "secretary", hospital.b_surgery)
    person = afresh(person)
    inside, own = make_meeting(unit=hospital.b_medicine), make_meeting(unit=hospital.b_surgery)
    assert person.may("test.oversee", inside)
    assert not person.may("test.oversee", own)
    assert person.may("test.act", own)
    assert not person.may("test.act", inside)


def test_two_posts_with_the_same_verb_reach_both_places_and_nothing_between(hospital):
    make_grant("secretary", "test.act", "unit")
    person = make_person()
    make_post(person, "secretary", hospital.b_medicine)
    make_post(person, "secretary", hospital.b_imaging)
    person = afresh(person)
    reached = model("org.Unit").objects.within(person, "test.act")
    assert set(reached) == {hospital.b_medicine, hospital.b_imaging}


def test_own_rows_of_one_role_do_not_open_those_of_others(hospital, cast):
    """本人 from being on the staff, 本单位 from a post: the union, never the product."""
    make_grant("employee", "test.see", "own")
    make_grant("secretary", "test.see", "unit")
    found = set(model("org.Person").objects.within(afresh(cast.outsider), "test.see"))
    assert cast.outsider in found
    assert cast.member not in found
    assert set(model("org.Person").objects.within(afresh(cast.member), "test.see")) == {cast.member}


def test_rights_end_with_the_post_at_once(cast, on_day):
    post, last = cast.secretary.posts.get(), clock.today()
    type(post).objects.filter(pk=post.pk).update(until=last + timedelta(days=1))
    row = make_meeting()
    assert somebody("3001").may("activities.confirm", row)
    with on_day(last + timedelta(days=1)):
        former = somebody("3001")
        assert not former.may("activities.confirm", row)
        assert not type(row).objects.within(former, "activities.confirm").exists()


def test_a_future_post_gives_nothing_yet(hospital, on_day):
    start = clock.today() + timedelta(days=10)
    person = make_person()
    make_post(person, "secretary", hospital.b_imaging, since=start)
    row = make_meeting(unit=hospital.b_imaging)
    assert not afresh(person).may("activities.confirm", row)
    with on_day(start):
        assert afresh(person).may("activities.confirm", row)


def test_a_grant_begins_and_ends_on_its_day(hospital, cast, on_day):
    today = clock.today()
    make_grant("member", "test.vote", since=today, until=today + timedelta(days=2))
    for days, holds in ((-1, False), (0, True), (1, True), (2, False)):
        with on_day(today + timedelta(days=days)):
            assert somebody("3004").may("test.vote", hospital.b_medicine) is holds, days


def test_members_and_staff_hold_two_roles_without_a_post(hospital, cast):
    make_grant("member", "test.vote")
    make_grant("employee", "test.ask")
    assert afresh(cast.member).reach("test.vote") == Reach(units=frozenset({hospital.b_medicine.pk}))
    assert afresh(cast.contributor).reach("test.vote") == NOWHERE
    assert afresh(cast.contributor).reach("test.ask") == Reach(units=frozenset({hospital.d_office.pk}))


def test_coverage_reaches_the_covered_departments_while_it_lasts(hospital, cast, on_day):
    make_grant("secretary", "test.count", "covered")
    today = clock.today()
    make_coverage(hospital.b_medicine, hospital.d_imaging, since=today, until=today + timedelta(days=5))
    wanted = {hospital.b_medicine.pk, hospital.d_medicine.pk}
    assert somebody("3001").reach("test.count").units == wanted | {hospital.d_imaging.pk}
    with on_day(today + timedelta(days=5)):
        assert somebody("3001").reach("test.count").units == wanted


# --- a stand-in ------------------------------------------------------------------------------------------------------


def stand_in(hospital: Any) -> Any:
    """韩外, secretary of 外科, stands in for the secretary of 内科 from today on."""
    person = somebody("4001")
    original = somebody("3001").posts.get()
    make_post(person, "secretary", hospital.b_medicine, since=clock.today(), acting_for=original)
    return afresh(person)


def test_a_stand_in_gets_the_rights_and_is_marked_in_every_trace(hospital):
    person = stand_in(hospital)
    assert person.may("activities.confirm", make_meeting())
    make_grant("secretary", "test.note")
    at_home, away = make_meeting(unit=hospital.b_surgery), make_meeting()
    assert flow.record(person, "activities.confirm", away).actor_post == "内科党支部书记（代）"
    assert flow.record(person, "activities.confirm", at_home).actor_post == "外科党支部书记"


def test_a_stand_in_is_a_head_of_the_unit_while_it_lasts(hospital):
    person = stand_in(hospital)
    assert set(hospital.b_medicine.heads()) == {person, somebody("3001")}


@pytest.mark.under_a_committee
def test_the_trace_names_the_post_that_carries_the_verb_to_this_row(cast, hospital):
    """陈岚 is 党办主任 and secretary of the office's branch: which of the two acts depends on the row."""
    make_grant("office_director", "test.sign", "tree")
    make_grant("secretary", "test.confirm", "unit")
    row = make_meeting(unit=hospital.b_office)
    assert somebody("1003").acting_as("test.sign", row) == "党委办公室主任"
    assert somebody("1003").acting_as("test.confirm", row) == "机关党支部书记"


def test_whoever_has_no_post_acts_as_member_or_as_staff(cast):
    assert cast.member.acting_as("org.view_person") == "内科党支部党员"
    assert make_person(branch=None).acting_as("org.view_person") == "职工"
    assert cast.contributor.acting_as("org.view_person") == "党委办公室报送人"


def test_a_verb_about_something_without_rows_asks_only_whether_it_is_held(cast):
    assert cast.office.may("kernel.set_parameter", "compliance.go_live")
    assert not cast.secretary.may("kernel.set_parameter", "compliance.go_live")
    assert Trail.objects.within(cast.auditor, "kernel.audit").exists()
    assert not Trail.objects.within(cast.admin, "kernel.audit").exists()


def test_units_are_reached_by_their_own_path(hospital, cast):
    reached = set(model("org.Unit").objects.within(cast.general, "org.view_unit"))
    assert reached == {hospital.g1, hospital.b_medicine, hospital.n_medicine_1}


def test_a_moved_unit_takes_the_reach_with_it(hospital, cast):
    other = unit("b-imaging")
    type(other).objects.filter(pk=other.pk).update(
        parent=hospital.g1, path=f"{hospital.g1.path}{other.pk:05}/"
    )
    assert somebody("2001").may("org.view_unit", unit("b-imaging"))
    assert not somebody("2002").may("org.view_unit", unit("b-imaging"))


def test_reach_is_true_where_it_carries_anywhere():
    assert not NOWHERE
    assert Reach(own=True)
    assert Reach(units=frozenset({1}))
    assert Reach(trees=("/00001/",))
    assert Reach(trees=("/00001/",)).whole
    assert not Reach(trees=("/00001/00002/",)).whole
