"""Four eyes, quotas, publication, objections and the lock."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from linghang.assessment import actions
from linghang.assessment.models import Cycle, Rating, Run, Score
from linghang.assessment.tests.acts import AFTER, UNTIL, go_live, mark_all, open_cycle
from linghang.kernel import clock, parameters
from linghang.kernel.access import SYSTEM
from linghang.kernel.facts import SOURCES
from linghang.kernel.flow import OwnWork, WrongState
from linghang.kernel.models import Trail
from linghang.org.models import Unit

pytestmark = pytest.mark.django_db
State = Cycle.State


@pytest.fixture
def cycle(hospital, cast):
    """Computed after the year's end: 内科 leads, 外科 and 影像 follow, 机关 is last. Nothing was counted, all was marked."""
    with clock.at(AFTER):
        found = open_cycle(cast.office, hospital.party)
        share = {hospital.b_surgery.pk: "0.93", hospital.b_imaging.pk: "0.91", hospital.b_office.pk: "0.55"}
        mark_all(found, cast.office, share)
        yield actions.compute(found, cast.office)


def proposed(cycle, cast):
    return actions.propose(cycle, cast.clerk_office)


def published(cycle, cast):
    actions.confirm_rating(proposed(cycle, cast), cast.leader)
    return actions.publish(cycle, cast.office)


def rating(cycle, unit):
    return Rating.objects.get(cycle=cycle, unit=unit)


@pytest.mark.mechanism("S2-32")
def test_four_branches_get_one_model_and_one_excellent_place(hospital, cast, cycle):
    proposed(cycle, cast)
    found = {row.unit.code: row.proposed for row in cycle.ratings.select_related("unit")}
    assert found == {"b-medicine": "示范", "b-surgery": "优秀", "b-imaging": "良好", "b-office": "差"}
    assert rating(cycle, hospital.b_imaging).proposal.endswith("更高等次的名额已满")


@pytest.mark.mechanism("S2-32")
def test_equals_at_the_edge_are_left_to_the_committees_vote(hospital, cast):
    with clock.at(AFTER):
        cycle = open_cycle(cast.office, hospital.party)
        mark_all(cycle, cast.office, {hospital.b_office.pk: "0.55"})
        actions.compute(cycle, cast.office)
        actions.propose(cycle, cast.clerk_office)
        tied = rating(cycle, hospital.b_medicine)
        assert (tied.proposed, tied.among) == ("", ["示范", "优秀", "良好"])
        with pytest.raises(ValidationError, match="票决"):
            actions.confirm_rating(cycle, cast.leader)
        units = (hospital.b_medicine, hospital.b_surgery, hospital.b_imaging)
        decided = {
            rating(cycle, unit).pk: name for unit, name in zip(units, ("示范", "优秀", "良好"), strict=True)
        }
        actions.confirm_rating(
            cycle, cast.leader, decided=decided, reasons=dict.fromkeys(decided, "党委会票决")
        )
    assert rating(cycle, hospital.b_surgery).confirmed == "优秀"


@pytest.mark.parametrize(("branches", "model", "excellent"), [(70, 10, 21), (7, 1, 2), (4, 1, 1)])
def test_places_are_rounded_down_and_at_least_one(branches, model, excellent):
    assert actions.quota(branches, 0.15) == model
    assert actions.quota(branches, 0.3) == excellent


def test_no_more_places_than_the_quota(hospital, cast, cycle):
    proposed(cycle, cast)
    row = rating(cycle, hospital.b_imaging)
    with pytest.raises(ValidationError, match="“优秀”只有 1 个名额"):
        actions.confirm_rating(cycle, cast.leader, decided={row.pk: "优秀"}, reasons={row.pk: "党委会研究"})


def test_a_decision_that_differs_needs_a_reason(hospital, cast, cycle):
    proposed(cycle, cast)
    row = rating(cycle, hospital.b_imaging)
    with pytest.raises(ValidationError, match="请写明理由"):
        actions.confirm_rating(cycle, cast.leader, decided={row.pk: "一般"})
    actions.confirm_rating(cycle, cast.leader, decided={row.pk: "一般"}, reasons={row.pk: "党委会研究"})
    assert rating(cycle, hospital.b_imaging).confirmed == "一般"


def test_a_hit_veto_caps_the_rating(hospital, cast, cycle):
    actions.enter_manual(cycle, cast.office, marks={"V1": {hospital.b_medicine.pk: Decimal(1)}})
    actions.compute(cycle, cast.office)
    proposed(cycle, cast)
    assert rating(cycle, hospital.b_medicine).proposed == "一般"


def test_whoever_computed_or_proposed_may_not_confirm(hospital, cast, cycle):
    proposed(cycle, cast)
    for person in (cast.office, cast.clerk_office):
        with pytest.raises(PermissionDenied):
            actions.confirm_rating(cycle, person)
    Trail.objects.create(
        actor=cast.leader.ref,
        actor_name="x",
        verb="assessment.compute",
        label="试算",
        subject=cycle.ref,
        subject_name="x",
    )
    with pytest.raises(OwnWork):
        actions.confirm_rating(cycle, cast.leader)
    assert actions.confirm_rating(cycle, cast.party_secretary).state == State.CONFIRMED


def test_nothing_is_proposed_before_the_period_is_over(hospital, cast, cycle):
    with clock.at(UNTIL - timedelta(days=30)), pytest.raises(ValidationError, match="期满后"):
        actions.propose(cycle, cast.clerk_office)


def test_marks_stay_within_the_points_and_within_automatic_bounds(hospital, cast, cycle):
    with pytest.raises(ValidationError, match="0 至 10"):
        actions.enter_manual(cycle, cast.office, marks={"D2": {hospital.b_medicine.pk: Decimal(11)}})
    with pytest.raises(ValidationError, match="不是人工评分项"):
        actions.enter_manual(cycle, cast.office, marks={"B1": {hospital.b_medicine.pk: Decimal(1)}})
    with pytest.raises(PermissionDenied):
        actions.enter_manual(cycle, cast.secretary, marks={"D2": {hospital.b_medicine.pk: Decimal(1)}})


def test_the_list_stands_five_working_days_for_objections(hospital, cast, cycle):
    published(cycle, cast)
    assert (cycle.published_on, cycle.objections_until) == (date(2026, 12, 10), date(2026, 12, 17))
    with pytest.raises(ValidationError, match="2026-12-17"):
        actions.lock(cycle, cast.office)


def test_an_objection_is_answered_by_somebody_who_did_not_propose(hospital, cast, cycle):
    published(cycle, cast)
    row = rating(cycle, hospital.b_surgery)
    score = Score.objects.get(run=cycle.run, unit=hospital.b_surgery, code="D2")
    objection = actions.raise_objection(cast.outsider, rating=row, score=score, text="少计一项")
    with pytest.raises(OwnWork):
        actions.answer(objection, cast.clerk_office, answer="核对无误")
    with pytest.raises(PermissionDenied):
        actions.answer(objection, cast.outsider, answer="成立", upheld=True)
    actions.answer(objection, cast.office, answer="核对无误，维持")
    assert (objection.state, objection.upheld) == ("answered", False)


def test_a_branch_objects_only_to_its_own_sheet_and_only_in_time(hospital, cast, cycle):
    row = rating(cycle, hospital.b_medicine)
    with pytest.raises(ValidationError, match="公示后"):
        actions.raise_objection(cast.secretary, rating=row, text="早了")
    published(cycle, cast)
    row.refresh_from_db()
    with pytest.raises(PermissionDenied):
        actions.raise_objection(cast.outsider, rating=row, text="别人的")
    with clock.at(date(2026, 12, 18)), pytest.raises(ValidationError, match="公示期内"):
        actions.raise_objection(cast.secretary, rating=row, text="晚了")


def test_a_cycle_is_locked_only_when_every_objection_is_answered(hospital, cast, cycle):
    published(cycle, cast)
    objection = actions.raise_objection(
        cast.secretary, rating=rating(cycle, hospital.b_medicine), text="请核对"
    )
    with clock.at(date(2026, 12, 20)):
        with pytest.raises(ValidationError, match="还有 1 条异议"):
            actions.lock(cycle, cast.office)
        actions.answer(objection, cast.office, answer="维持")
        assert actions.lock(cycle, cast.office).state == State.LOCKED


def test_an_upheld_objection_leads_to_a_new_run_confirmed_and_published_again(hospital, cast, cycle):
    published(cycle, cast)
    with pytest.raises(ValidationError, match="没有成立的异议"):
        actions.compute(cycle, cast.office)
    objection = actions.raise_objection(
        cast.secretary, rating=rating(cycle, hospital.b_medicine), text="少计"
    )
    actions.answer(objection, cast.office, answer="成立", upheld=True)
    with clock.at(date(2026, 12, 20)):
        with pytest.raises(ValidationError, match="有成立的异议"):
            actions.lock(cycle, cast.office)
        with pytest.raises(ValidationError, match="作废 4 个支部已有的等次"):
            actions.compute(cycle, cast.office)
        assert rating(cycle, hospital.b_medicine).confirmed != ""
        actions.compute(cycle, cast.office, discard=True)
        assert rating(cycle, hospital.b_medicine).confirmed == ""
        published(cycle, cast)
    assert Run.objects.filter(cycle=cycle).count() == 2
    with clock.at(date(2027, 1, 10)):
        assert actions.lock(cycle, cast.office).state == State.LOCKED


@pytest.mark.mechanism("S0-20")
def test_the_locked_result_is_offered_to_whoever_uses_it(hospital, cast, cycle):
    published(cycle, cast)
    assert SOURCES["assessment.ratings"].frame(UNTIL, UNTIL).is_empty()
    with clock.at(date(2026, 12, 20)):
        actions.lock(cycle, cast.office)
    frame = SOURCES["assessment.ratings"].frame(UNTIL, UNTIL)
    assert dict(frame.select("unit", "rating").rows())[hospital.b_medicine.pk] == "示范"


def test_a_locked_cycle_is_never_touched_again(hospital, cast, cycle):
    published(cycle, cast)
    with clock.at(date(2026, 12, 20)):
        actions.lock(cycle, cast.office)
        before = list(Score.objects.values_list("pk", "points"))
        for act in (actions.compute, actions.propose, actions.publish, actions.lock):
            with pytest.raises(WrongState):
                act(cycle, cast.office)
        with pytest.raises(WrongState):
            actions.enter_manual(cycle, cast.office, marks={"D2": {hospital.b_medicine.pk: Decimal(1)}})
    assert list(Score.objects.values_list("pk", "points")) == before


def test_no_frequency_changes_inside_a_locked_cycle(hospital, cast, cycle):
    go_live()
    published(cycle, cast)
    with clock.at(date(2026, 12, 20)):
        actions.lock(cycle, cast.office)
        with pytest.raises(ValidationError, match="已锁定的“2026 年度”"):
            parameters.put(cast.office, "compliance.assembly_frequency", "每月 1 次", date(2026, 10, 1))
        parameters.put(cast.office, "compliance.assembly_frequency", "每月 1 次", date(2026, 12, 1))
    assert parameters.value("compliance.assembly_frequency", date(2026, 11, 1)) == "每季度 1 次"


def test_cycles_do_not_overlap(hospital, cast, cycle):
    with pytest.raises(ValidationError, match="重叠"):
        open_cycle(cast.office, hospital.party)


def test_publicity_is_never_shorter_than_five_working_days(hospital):
    with pytest.raises(ValidationError, match="不少于 5"):
        parameters.put(SYSTEM, "assessment.objection_days", 3, date(2026, 1, 1))


def test_every_branch_of_the_committee_is_rated_and_no_other_unit(hospital, cast, cycle):
    assert set(cycle.ratings.values_list("unit_id", flat=True)) == set(
        Unit.objects.branches().values_list("pk", flat=True)
    )
