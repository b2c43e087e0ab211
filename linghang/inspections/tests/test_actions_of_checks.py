"""What is found and what becomes of it: 先打印后录入、支部自查、建议与认定、立行立改、限期整改、督导单."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from linghang.activities.actions import record
from linghang.dispatch.models import Order
from linghang.inspections import actions
from linghang.inspections.actions import AnswerDraft
from linghang.inspections.models import Answer, Check, Finding, Round
from linghang.inspections.tests.test_actions import DAY, again, check_of, entered, item, started
from linghang.kernel import clock
from linghang.kernel.access import SYSTEM
from linghang.kernel.flow import OwnWork, WrongState
from linghang.kernel.models import Trail
from linghang.kernel.parameters import put
from linghang.kernel.refs import origins

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def october(on_day: Any) -> Any:
    with on_day(DAY):
        yield


# Results -------------------------------------------------------------------------------------------------------------


def test_checklist_is_printed_before_results_are_entered(cast: Any, hospital: Any) -> None:
    check = check_of(started(cast, hospital, "committee"), hospital.b_medicine)
    inspector = again(cast.inspector)
    with pytest.raises(ValidationError, match="请先打印检查表"):
        actions.enter(check, inspector, held_on=DAY)
    actions.print_checklist(check, inspector)
    with pytest.raises(ValidationError, match="检查日期"):
        actions.enter(check, inspector, held_on=date(2026, 10, 11))
    actions.enter(check, inspector, held_on=DAY)
    assert check.state == Check.State.ENTERED
    assert check.answers.filter(verdict="ok").count() == 12
    assert Trail.objects.filter(subject=check.ref, verb="inspections.print_checklist").exists()


@pytest.mark.mechanism("S0-19")
def test_only_exceptions_are_typed_and_the_score_follows(cast: Any, hospital: Any) -> None:
    check = check_of(started(cast, hospital, "committee"), hospital.b_medicine)
    entered(
        check,
        again(cast.inspector),
        AnswerDraft(item(check, "B1"), "not_ok", "二、三季度未开", weight="deadline"),
        AnswerDraft(item(check, "B2"), "partly", "缺 1 次", weight="on_spot"),
        AnswerDraft(item(check, "C2"), "na"),
    )
    scored = Check.objects.with_score().get(pk=check.pk)
    assert (scored.score, scored.full) == (80, 92)
    found = {f.item.code: f for f in check.findings.all()}
    assert found["B1"].weight == "deadline"
    assert found["B1"].closed_on is None
    assert not found["B1"].advice
    assert found["B2"].closed_on == DAY, "立行立改 is closed on the spot"


def test_not_ok_needs_a_weight_and_words(cast: Any, hospital: Any) -> None:
    check = check_of(started(cast, hospital, "committee"), hospital.b_medicine)
    with pytest.raises(ValidationError, match="怎样处置"):
        entered(check, again(cast.inspector), AnswerDraft(item(check, "B1"), "not_ok", "未开"))
    with pytest.raises(ValidationError, match="写明查到什么"):
        entered(check, again(cast.inspector), AnswerDraft(item(check, "B1"), "not_ok", weight="deadline"))
    check.refresh_from_db()
    assert check.state == Check.State.WAITING
    assert not check.answers.exists()


def test_results_are_confirmed_by_somebody_else(cast: Any, hospital: Any) -> None:
    this = started(cast, hospital, "committee")
    check = check_of(this, hospital.b_medicine)
    entered(check, again(cast.inspector))
    with pytest.raises(PermissionDenied):
        actions.confirm_check(check, cast.secretary)
    actions.confirm_check(check, cast.general)
    assert check.state == Check.State.CONFIRMED
    assert check.confirmed_on == DAY
    with pytest.raises(WrongState):
        actions.enter(check, again(cast.inspector), held_on=DAY)


def test_returned_results_are_entered_again_without_doubling(cast: Any, hospital: Any) -> None:
    check = check_of(started(cast, hospital, "committee"), hospital.b_medicine)
    wrong = AnswerDraft(item(check, "B1"), "not_ok", "未开", weight="deadline")
    entered(check, again(cast.inspector), wrong)
    actions.return_check(check, cast.office, reason="请核对记录本")
    actions.enter(check, again(cast.inspector), held_on=DAY)
    assert check.answers.count() == 12
    assert not check.findings.exists()


def one_assembly_of_three(cast: Any, hospital: Any) -> None:
    """The hospital counts from January; 内科 held its assembly in the first quarter and not in the next two."""
    put(SYSTEM, "compliance.go_live", "2026-01-01", date(2026, 1, 1))
    with clock.at(date(2026, 2, 6)):
        record(cast.secretary, unit=hospital.b_medicine, kind="assembly", held_on=date(2026, 2, 6))


@pytest.mark.mechanism("S0-16")
def test_self_check_is_prefilled_and_the_secretary_only_confirms(cast: Any, hospital: Any) -> None:
    one_assembly_of_three(cast, hospital)
    check = check_of(started(cast, hospital, "self"), hospital.b_medicine)
    actions.self_check(check, cast.secretary)
    answer = check.answers.get(item__code="B1")
    assert (answer.verdict, answer.prefilled, answer.note) == ("partly", True, "应 3 次，已 1 次")
    assert str(answer.points) == "2.67", "a third of eight points, rounded half up"
    assert not check.answers.get(item__code="D1").prefilled, "the system knows nothing of that"
    assert check.state == Check.State.CONFIRMED, "the secretary's own entry needs no second tap"


@pytest.mark.mechanism("S0-16")
def test_branch_corrects_what_the_system_prefilled(cast: Any, hospital: Any) -> None:
    one_assembly_of_three(cast, hospital)
    check = check_of(started(cast, hospital, "self"), hospital.b_medicine)
    paper = AnswerDraft(item(check, "B1"), "ok", "二、三季度已开，记在纸质本第 12 页")
    actions.self_check(check, cast.secretary, exceptions=[paper])
    answer = check.answers.get(item__code="B1")
    assert (answer.verdict, answer.prefilled, answer.points) == ("ok", False, 8)


@pytest.mark.mechanism("S0-16")
def test_self_check_draws_on_the_lines_that_are_already_recorded(
    cast: Any, hospital: Any, on_day: Any
) -> None:
    from linghang.dispatch import actions as dispatch

    line = dispatch.LineDraft("上报台账", date(2026, 10, 14), owner=cast.secretary)
    order = dispatch.draft(
        cast.office,
        kind="reminder",
        unit=hospital.b_medicine,
        issuer=hospital.party,
        title="提示单",
        lines=[line],
    )
    dispatch.check(order, cast.clerk_office)
    dispatch.sign(order, cast.office)
    dispatch.issue(order, cast.office)
    check = check_of(started(cast, hospital, "self"), hospital.b_medicine)
    with on_day(date(2026, 10, 20)):
        actions.self_check(check, again(cast.clerk))
    a2 = check.answers.get(item__code="A2")
    assert (a2.verdict, a2.prefilled, a2.points) == ("not_ok", True, 0)
    assert a2.note == "应 1 次，已 0 次"


@pytest.mark.mechanism("S0-16")
def test_self_check_by_the_organiser_waits_for_the_secretary(cast: Any, hospital: Any) -> None:
    check = check_of(started(cast, hospital, "self"), hospital.b_medicine)
    actions.self_check(
        check, cast.clerk, exceptions=[AnswerDraft(item(check, "D1"), "partly", "缺 1 份意见")]
    )
    assert check.state == Check.State.ENTERED
    with pytest.raises(PermissionDenied):
        actions.confirm_self(check, cast.clerk)
    actions.confirm_self(check, cast.secretary)
    assert check.state == Check.State.CONFIRMED
    with pytest.raises(PermissionDenied):
        actions.self_check(check_of(check.round, hospital.b_surgery), cast.secretary)


# What was found ------------------------------------------------------------------------------------------------------


def peer_finding(cast: Any, hospital: Any, weight: str = "deadline") -> Finding:
    this = started(cast, hospital)
    check = this.checks.get(inspecting=hospital.b_medicine)
    entered(
        check,
        again(cast.secretary),
        AnswerDraft(item(check, "B1"), "not_ok", "二季度未开党员大会", weight=weight),
    )
    actions.confirm_check(check, cast.office)
    return check.findings.get()


@pytest.mark.mechanism("S0-18")
def test_peer_finding_is_advice_until_confirmed(cast: Any, hospital: Any) -> None:
    finding = peer_finding(cast, hospital)
    assert finding.advice
    assert finding.status == "建议，待确认"
    with pytest.raises(WrongState):
        draft(finding, cast)
    with pytest.raises(PermissionDenied):
        actions.confirm_finding(finding, again(cast.secretary))
    actions.confirm_finding(finding, cast.office)
    assert not finding.advice
    assert finding.status == "待处置"


def test_confirming_the_results_may_confirm_the_findings_at_once(cast: Any, hospital: Any) -> None:
    this = started(cast, hospital)
    check = this.checks.get(inspecting=hospital.b_medicine)
    entered(check, again(cast.secretary), AnswerDraft(item(check, "B1"), "not_ok", "未开", weight="deadline"))
    actions.confirm_check(check, cast.office, with_findings=True)
    assert check.findings.get().status == "待处置"


def test_dismissed_advice_is_kept_and_leads_nowhere(cast: Any, hospital: Any) -> None:
    finding = actions.dismiss_finding(peer_finding(cast, hospital), cast.office, reason="记录本在机要柜")
    assert finding.status == "不予认定"
    with pytest.raises(WrongState):
        actions.confirm_finding(finding, cast.office)


def draft(finding: Finding, cast: Any) -> Finding:
    unit = finding.inspection.unit
    owner = unit.heads().first()
    return actions.draft_order(
        finding,
        cast.office,
        measures=["补开", "排定日期"],
        due_on=date(2026, 10, 30),
        owner=owner,
        verifier=cast.clerk_office,
    )


@pytest.mark.mechanism("S0-14")
def test_supervision_is_drafted_complete_and_a_leader_signs(cast: Any, hospital: Any) -> None:
    from linghang.dispatch import actions as dispatch

    finding = peer_finding(cast, hospital, "supervision")
    actions.confirm_finding(finding, cast.office)
    draft(finding, cast)
    order = finding.order
    assert order is not None
    assert order.kind == Order.Kind.SUPERVISION
    assert order.state == Order.State.DRAFTED
    assert all(line.owner and line.verifier and line.due_on for line in order.lines.all())
    assert origins(order.ref)[-1] == finding.ref
    assert origins(order.ref)[-3] == finding.inspection.round.ref
    dispatch.check(order, cast.clerk_office)
    with pytest.raises(PermissionDenied):
        dispatch.sign_supervision(order, cast.office)
    dispatch.sign_supervision(order, cast.leader)
    dispatch.issue(order, cast.office)
    assert finding.status == "整改单已下发"


@pytest.mark.mechanism("S0-19")
def test_finding_has_no_state_of_its_own_and_closes_with_its_order(cast: Any, hospital: Any) -> None:
    finding = peer_finding(cast, hospital)
    actions.confirm_finding(finding, cast.office)
    draft(finding, cast)
    assert not hasattr(finding, "state")
    assert finding.order is not None
    assert finding.order.kind == Order.Kind.RECTIFICATION
    with pytest.raises(WrongState):
        draft(finding, cast)
    Order.objects.filter(pk=finding.order.pk).update(state=Order.State.CLOSED, closed_on=DAY)
    assert finding.status == "已销号"
    assert Finding.objects.with_order().get(pk=finding.pk).settled_on == DAY


def test_verifier_is_not_the_owner(cast: Any, hospital: Any) -> None:
    finding = actions.confirm_finding(peer_finding(cast, hospital), cast.office)
    with pytest.raises(ValidationError, match="复核人不能是整改责任人"):
        actions.draft_order(
            finding,
            cast.office,
            measures=["改"],
            due_on=date(2026, 10, 30),
            owner=cast.office,
            verifier=cast.office,
        )


def test_changing_the_weight_on_confirming_moves_the_closing_day(cast: Any, hospital: Any) -> None:
    finding = peer_finding(cast, hospital, "on_spot")
    assert finding.closed_on == DAY
    actions.confirm_finding(finding, cast.office, weight="deadline", note="不是当场能改的")
    assert finding.closed_on is None
    assert finding.status == "待处置"


def test_the_same_item_within_a_year_is_marked_as_repeated(cast: Any, hospital: Any, on_day: Any) -> None:
    for day, expected in ((DAY, False), (date(2027, 3, 1), True), (date(2028, 6, 1), False)):
        with on_day(day):
            this = started(cast, hospital, "committee", since=day, until=day)
            check = check_of(this, hospital.b_medicine)
            actions.print_checklist(check, again(cast.inspector))
            one = AnswerDraft(item(check, "B1"), "not_ok", "未开", weight="deadline")
            actions.enter(check, again(cast.inspector), held_on=day, exceptions=[one])
            actions.confirm_check(check, cast.office)
            assert check.findings.get().repeat is expected


def test_round_closes_only_when_results_are_confirmed(cast: Any, hospital: Any) -> None:
    this = started(cast, hospital, "committee")
    entered(check_of(this, hospital.b_medicine), again(cast.inspector))
    with pytest.raises(ValidationError, match="待确认"):
        actions.close_round(this, cast.office, note="结束")
    actions.confirm_check(check_of(this, hospital.b_medicine), cast.office)
    with pytest.raises(ValidationError, match="没有查"):
        actions.close_round(this, cast.office)
    assert actions.close_round(this, cast.office, note="其余延到下轮").state == Round.State.CLOSED


def test_own_work_is_not_confirmed_by_whoever_entered_it(cast: Any, hospital: Any) -> None:
    this = started(cast, hospital, "committee")
    check = check_of(this, hospital.b_medicine)
    actions.assign_inspectors(check, cast.office, team=[cast.other_general, cast.office])
    entered(check, again(cast.office))
    with pytest.raises(OwnWork):
        actions.confirm_check(check, again(cast.office))
    assert Answer.objects.filter(inspection=check).count() == 12
