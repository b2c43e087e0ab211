"""四查: 抽签配对、派出检查人、收回."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from linghang.inspections import actions
from linghang.inspections.actions import AnswerDraft
from linghang.inspections.models import Check, Checklist, Round
from linghang.inspections.tests.sending import send
from linghang.kernel.access import SYSTEM
from linghang.kernel.facts import SOURCES
from linghang.kernel.flow import WrongState, steps_for
from linghang.kernel.models import Notice, Trail
from linghang.kernel.parameters import put
from linghang.kernel.todos import FORECASTS, OFFERS
from linghang.org.models import Person, Post, Unit
from tests.making import make_unit

DAY = date(2026, 10, 12)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def october(on_day: Any) -> Any:
    """Every test of this file stands on 12 October 2026."""
    with on_day(DAY):
        yield


def make_round(cast: SimpleNamespace, hospital: SimpleNamespace, method: str = "cross", **more: Any) -> Round:
    given: dict[str, Any] = {
        "title": "第四季度检查",
        "method": method,
        "checklist": Checklist.objects.get(code="standard"),
        "unit": hospital.party,
        "since": date(2026, 10, 10),
        "until": date(2026, 10, 25),
        **more,
    }
    return actions.open_round(cast.office, **given)


def started(cast: SimpleNamespace, hospital: SimpleNamespace, method: str = "cross", **more: Any) -> Round:
    this = make_round(cast, hospital, method, **more)
    if this.by_lot:
        this = actions.draw(this, cast.office, number=20261012)
    if method == "committee":
        send(this, cast)
    return actions.start(this, cast.office)


def check_of(this: Round, unit: Any) -> Check:
    return this.checks.get(unit=unit)


def item(check: Check, code: str) -> Any:
    return check.round.checklist.items.get(code=code)


def again(person: Person) -> Person:
    """The same person as a new request would load them: posts are kept for one request only."""
    return Person.objects.get(pk=person.pk)


def entered(check: Check, by: Person, *exceptions: AnswerDraft) -> Check:
    actions.print_checklist(check, by)
    return actions.enter(check, by, held_on=DAY, exceptions=exceptions)


# Who inspects whom ---------------------------------------------------------------------------------------------------


@pytest.mark.mechanism("S0-18")
@pytest.mark.under_a_committee
def test_cross_pairs_are_with_another_general_branch_never_itself_never_mutual(
    cast: Any, hospital: Any
) -> None:
    this = actions.draw(make_round(cast, hospital), cast.office, number=7)
    pairs = {(check.inspecting, check.unit) for check in this.checks.all()}
    assert {unit for _, unit in pairs} == {inspecting for inspecting, _ in pairs}
    assert len(pairs) == 4
    assert all(a != b and a.parent_id != b.parent_id and (b, a) not in pairs for a, b in pairs)
    assert all("7" in check.reason for check in this.checks.all()), (
        "each pair explains itself with the draw number"
    )
    assert (this.state, this.draw_number, this.relaxations) == (Round.State.DRAWN, 7, [])


@pytest.mark.mechanism("S0-18")
def test_the_same_draw_number_gives_the_same_pairs(cast: Any, hospital: Any) -> None:
    def pairs(this: Round) -> set[tuple[int, int]]:
        return set(this.checks.values_list("inspecting", "unit"))

    first = pairs(actions.draw(make_round(cast, hospital), cast.office, number=99))
    Round.objects.all().delete()
    assert pairs(actions.draw(make_round(cast, hospital), cast.office, number=99)) == first


@pytest.mark.mechanism("S0-18")
def test_relaxation_is_recorded_when_pairs_must_repeat(cast: Any, hospital: Any) -> None:
    rounds = [
        actions.draw(make_round(cast, hospital, title=f"第 {n} 轮"), cast.office, number=n) for n in (1, 2, 3)
    ]
    relaxed = [one for this in rounds for one in this.relaxations]
    assert relaxed, "four branches cannot go on for three rounds without repeating"
    assert {"rule", "note", "pairs"} <= relaxed[0].keys()
    assert relaxed[0]["note"]


@pytest.mark.mechanism("S0-17")
def test_mutual_pairs_stay_within_a_general_branch_where_they_can(cast: Any, hospital: Any) -> None:
    this = actions.draw(make_round(cast, hospital, "mutual"), cast.office, number=5)
    assert all(check.inspecting_id != check.unit_id for check in this.checks.all())
    assert this.checks.count() == 4


def mutual_of_surgery(cast: Any, hospital: Any) -> Round:
    return actions.open_round(
        cast.other_general,
        title="第二总支互查",
        method="mutual",
        checklist=Checklist.objects.get(code="standard"),
        unit=hospital.g2,
        since=DAY,
        until=date(2026, 10, 20),
    )


@pytest.mark.mechanism("S0-17")
def test_general_secretary_arranges_the_mutual_round_of_their_own_branches(cast: Any, hospital: Any) -> None:
    third = make_unit(parent=hospital.g2)
    Post.objects.create(person=cast.member, unit=third, role_id="secretary", since=date(2026, 1, 1))
    this = mutual_of_surgery(cast, hospital)
    actions.start(actions.draw(this, cast.other_general), cast.other_general)
    pairs = {(c.inspecting, c.unit) for c in this.checks.all()}
    assert {unit for _, unit in pairs} == {hospital.b_surgery, hospital.b_imaging, third}
    assert all((b, a) not in pairs for a, b in pairs)
    assert this.relaxations == []
    with pytest.raises(PermissionDenied):
        actions.close_round(this, cast.general, note="不是我的")


@pytest.mark.mechanism("S0-17")
def test_two_branches_do_not_inspect_each_other_and_it_is_said_what_to_do(cast: Any, hospital: Any) -> None:
    with pytest.raises(
        ValidationError, match=r"只有 2 个支部，同一轮不能你查我.*党委安排总支互查（各总支一起抽签）"
    ):
        mutual_of_surgery(cast, hospital)
    third = make_unit(parent=hospital.g2)
    this = mutual_of_surgery(cast, hospital)
    Unit.objects.filter(pk=third.pk).update(until=date(2026, 9, 30))
    with pytest.raises(ValidationError, match=r"第二党总支只有 2 个支部.*同一轮不互查.*由党委一起安排的互查"):
        actions.draw(this, cast.other_general)
    together = actions.draw(make_round(cast, hospital, "mutual"), cast.office, number=3)
    pairs = set(together.checks.values_list("inspecting", "unit"))
    assert len(pairs) == 4
    assert all((b, a) not in pairs for a, b in pairs)
    assert [one["rule"] for one in together.relaxations] == ["在本总支内"]


@pytest.mark.under_a_committee
@pytest.mark.mechanism("S0-17")
def test_the_mutual_round_may_be_between_general_branches(cast: Any, hospital: Any) -> None:
    put(SYSTEM, "inspections.mutual_between", True, date(2026, 1, 1))
    this = actions.draw(make_round(cast, hospital, "mutual"), cast.office, number=3)
    assert all(check.inspecting.parent_id != check.unit.parent_id for check in this.checks.all())
    assert this.relaxations == []


@pytest.mark.under_a_committee
@pytest.mark.mechanism("S0-18")
@pytest.mark.parametrize(("first", "yields"), [(False, {"跨总支", "近几轮不重复"}), (True, {"近几轮不重复"})])
def test_the_hospital_says_which_rule_yields_first(
    cast: Any, hospital: Any, first: bool, yields: set[str]
) -> None:
    put(SYSTEM, "inspections.repeat_first", first, date(2026, 1, 1))
    put(SYSTEM, "inspections.no_repeat_rounds", 9, date(2026, 1, 1))
    rounds = [
        actions.draw(make_round(cast, hospital, title=f"第 {n} 轮"), cast.office, number=n)
        for n in range(1, 6)
    ]
    assert {one["rule"] for this in rounds for one in this.relaxations} == yields


def test_cross_round_is_not_arranged_by_a_general_branch(cast: Any, hospital: Any) -> None:
    with pytest.raises(ValidationError, match="党委安排"):
        make_round(cast, hospital, unit=hospital.g2)


@pytest.mark.mechanism("S0-19")
def test_committee_draws_a_sample_by_lot_and_names_its_team(cast: Any, hospital: Any) -> None:
    this = actions.draw(make_round(cast, hospital, "committee", sample=2), cast.office, number=3)
    first = set(this.checks.values_list("unit", flat=True))
    assert len(first) == 2
    assert all("抽查 2 个" in check.reason for check in this.checks.all())
    with pytest.raises(ValidationError, match="还没有检查人"):
        actions.start(this, cast.office)
    send(this, cast)
    actions.start(this, cast.office)
    assert set(this.checks.values_list("unit", flat=True)) == first
    sent = [person for person in (cast.inspector, cast.outsider) for _ in OFFERS["inspections"](person)]
    assert len(sent) == 2


def test_drawing_is_refused_once_started(cast: Any, hospital: Any) -> None:
    this = started(cast, hospital)
    with pytest.raises(WrongState):
        actions.draw(this, cast.office, number=1)
    with pytest.raises(WrongState):
        actions.redraw(this, cast.office, number=1, reason="换一个")


def test_a_second_lot_is_a_redraw_that_takes_the_place_of_the_first(cast: Any, hospital: Any) -> None:
    this = actions.draw(make_round(cast, hospital, "committee", sample=2), cast.office, number=3)
    with pytest.raises(WrongState):
        actions.draw(this, cast.office, number=4)
    actions.redraw(this, cast.office, number=4, reason="外科迎接评审")
    assert (this.draw_number, this.checks.count()) == (4, 2)
    assert Trail.objects.get(subject=this.ref, verb="inspections.redraw").note == "外科迎接评审"


@pytest.mark.parametrize("method", ["self", "committee"])
def test_where_every_branch_is_inspected_nothing_is_drawn(cast: Any, hospital: Any, method: str) -> None:
    this = make_round(cast, hospital, method)
    assert (this.state, this.draw_number, this.checks.count()) == (Round.State.DRAWN, None, 4)
    with pytest.raises(WrongState):
        actions.redraw(this, cast.office, number=1, reason="没有签可抽")


# Inspectors' posts ---------------------------------------------------------------------------------------------------


def test_inspectors_get_dated_posts_at_what_they_inspect_and_lose_them_with_the_round(
    cast: Any, hospital: Any
) -> None:
    this = started(cast, hospital)
    check = this.checks.get(inspecting=hospital.b_medicine)
    post = Post.objects.get(person=cast.secretary, role="inspector")
    assert (post.unit, post.since, post.until) == (check.unit, DAY, date(2026, 10, 26))
    assert again(cast.secretary).may("inspections.enter", check)
    assert not again(cast.member).may("inspections.view_check", check)
    actions.close_round(this, cast.office, note="其余支部疫情停查")
    assert not again(cast.secretary).may("inspections.enter", check)


def test_extending_a_round_extends_the_posts(cast: Any, hospital: Any) -> None:
    this = started(cast, hospital)
    actions.extend(this, cast.office, until=date(2026, 10, 31), note="节假日")
    held = Post.objects.on(date(2026, 10, 31)).filter(person=cast.secretary, role="inspector")
    assert held.count() == 1


def test_a_member_of_the_inspected_branch_is_not_sent(cast: Any, hospital: Any) -> None:
    check = check_of(started(cast, hospital, "committee"), hospital.b_office)
    with pytest.raises(ValidationError, match="回避"):
        actions.assign_inspectors(check, cast.office, team=[cast.inspector])


def test_somebody_else_may_be_sent_and_the_former_loses_the_post(cast: Any, hospital: Any) -> None:
    check = check_of(started(cast, hospital, "committee"), hospital.b_medicine)
    actions.assign_inspectors(check, cast.office, team=[cast.clerk_office])
    assert again(cast.clerk_office).may("inspections.enter", check)
    assert not again(cast.inspector).reach("inspections.enter").units & {hospital.b_medicine.pk}


# Withdrawn -----------------------------------------------------------------------------------------------------------


def notices_of(person: Person) -> list[str]:
    return list(Notice.objects.filter(to=person.ref, read_at=None).values_list("text", flat=True))


@pytest.mark.parametrize("method", ["self", "cross", "committee"])
def test_a_withdrawn_round_waits_for_nobody_and_counts_nowhere(cast: Any, hospital: Any, method: str) -> None:
    people = (cast.secretary, cast.outsider, cast.inspector)
    this = started(cast, hospital, method)
    asked, waiting = SOURCES["inspections.asked"], OFFERS["inspections"]
    assert asked.frame(DAY.replace(day=1), DAY).height == 4
    assert any(waiting(again(person)) for person in people)
    actions.withdraw(this, cast.office, reason="选错了方式")
    assert this.state == Round.State.WITHDRAWN
    assert asked.frame(DAY.replace(day=1), DAY).is_empty()
    assert [waiting(again(person)) for person in people] == [[], [], []]
    assert not [one for person in people for one in FORECASTS["inspections"](again(person), DAY, this.until)]
    assert Check.objects.running().count() == 0
    assert all(check.status == "已撤销" for check in this.checks.select_related("round"))


def test_inspectors_posts_end_with_the_withdrawal_and_whoever_was_told_is_told_again(
    cast: Any, hospital: Any
) -> None:
    this = started(cast, hospital)
    check = this.checks.get(inspecting=hospital.b_medicine)
    assert f"{this.title}：2026-10-10 至 2026-10-25" in notices_of(cast.outsider)
    actions.withdraw(this, cast.office, reason="总支另有安排")
    inspector = again(cast.secretary)
    assert not inspector.may("inspections.enter", check)
    with pytest.raises(WrongState):
        actions.print_checklist(check, cast.office)
    with pytest.raises(WrongState):
        actions.assign_inspectors(check, cast.office, team=[cast.inspector])
    for person in (cast.secretary, cast.outsider):
        told = [text for text in notices_of(person) if this.title in text]
        assert told == ["第四季度检查已撤销：总支另有安排"], "what was said before is no longer true"
    assert notices_of(cast.member) == []


def test_a_round_that_had_not_begun_is_withdrawn_without_a_word_to_anybody(cast: Any, hospital: Any) -> None:
    planned = make_round(cast, hospital)
    drawn = actions.draw(make_round(cast, hospital), cast.office, number=1)
    for this in (planned, drawn):
        actions.withdraw(this, cast.office, reason="重复安排")
        assert Trail.objects.get(subject=this.ref, verb="inspections.withdraw").note == "重复安排"
    assert not Notice.objects.exists()
    with pytest.raises(WrongState):
        actions.start(drawn, cast.office)


def test_a_round_with_results_is_not_withdrawn_not_even_when_they_were_returned(
    cast: Any, hospital: Any
) -> None:
    this = started(cast, hospital, "committee")
    check = check_of(this, hospital.b_medicine)
    entered(check, again(cast.inspector))
    with pytest.raises(ValidationError, match="已有 1 个支部录入过结果"):
        actions.withdraw(this, cast.office, reason="安排错了")
    actions.return_check(check, cast.office, reason="请核对")
    with pytest.raises(ValidationError, match="已有 1 个支部录入过结果"):
        actions.withdraw(this, cast.office, reason="安排错了")
    assert "inspections.withdraw" not in {step.verb for step in steps_for(this, cast.office)}


@pytest.mark.under_a_committee
def test_the_pairs_of_a_withdrawn_round_may_be_drawn_again(cast: Any, hospital: Any) -> None:
    first = actions.draw(make_round(cast, hospital), cast.office, number=5)
    pairs = set(first.checks.values_list("inspecting", "unit"))
    actions.withdraw(first, cast.office, reason="检查表选错")
    second = actions.draw(make_round(cast, hospital), cast.office, number=5)
    assert set(second.checks.values_list("inspecting", "unit")) == pairs
    assert second.relaxations == []


def test_only_whoever_arranges_rounds_withdraws_them(cast: Any, hospital: Any) -> None:
    this = started(cast, hospital)
    for person in (cast.secretary, cast.inspector, cast.general, cast.leader):
        with pytest.raises(PermissionDenied):
            actions.withdraw(this, again(person), reason="不查了")
