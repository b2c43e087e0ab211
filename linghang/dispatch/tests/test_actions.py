"""How orders and lines move, and who is refused."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from linghang.dispatch import actions
from linghang.dispatch.actions import LineDraft
from linghang.dispatch.models import Line, Order
from linghang.dispatch.ticks import remind
from linghang.kernel import clock
from linghang.kernel.flow import OwnWork, WrongState, steps_for, steps_for_each
from linghang.kernel.models import Notice, Trail
from linghang.kernel.refs import origins
from tests import making

DAY = date(2026, 10, 12)


@pytest.fixture(autouse=True)
def monday() -> Any:
    """Every test of this file stands on a working Monday."""
    with clock.at(DAY):
        yield


def due(days: int = 10) -> date:
    return clock.today() + timedelta(days=days)


def make_order(cast: Any, hospital: Any, kind: str = "reminder", **more: Any) -> Order:
    """A draft by the office's clerk for 内科党支部."""
    unit = more.pop("unit", hospital.b_medicine)
    lines = more.pop("lines", [LineDraft("召开一次支部党员大会", due()), LineDraft("报送三季度自查", due(5))])
    title = more.pop("title", "十月重点工作")
    return actions.draft(
        cast.clerk_office, kind=kind, unit=unit, issuer=hospital.party, title=title, lines=lines, **more
    )


def make_supervision(cast: Any, hospital: Any) -> Order:
    lines = [LineDraft("补开支部党员大会", due(), owner=cast.secretary, verifier=cast.clerk_office)]
    return make_order(cast, hospital, "supervision", title="未按期召开支部党员大会", lines=lines)


def issued(cast: Any, order: Order) -> Order:
    """Take a draft through the office."""
    actions.check(order, cast.office)
    if order.kind == Order.Kind.SUPERVISION:
        actions.sign_supervision(order, cast.leader)
    else:
        actions.sign(order, cast.office)
    return actions.issue(order, cast.clerk_office)


def report_all(cast: Any, order: Order) -> None:
    for line in order.lines.all():
        actions.report(line, cast.secretary, result="已按要求完成")


@pytest.mark.mechanism("S0-13")
def test_reminder_goes_from_draft_to_closed(cast: SimpleNamespace, hospital: SimpleNamespace) -> None:
    order = issued(cast, make_order(cast, hospital))
    assert (order.state, order.number, order.signer_name, order.due_on) == (
        "issued",
        1,
        cast.office.name,
        due(),
    )
    assert Notice.objects.filter(to=cast.secretary.ref, about=order.ref).exists()
    first, second = order.lines.all()
    actions.report(first, cast.clerk, result="10 月 15 日已召开")
    assert first.state == Line.State.REPORTED
    actions.confirm(first, cast.secretary)
    actions.report(second, cast.secretary, result="已报送")
    assert second.state == Line.State.CONFIRMED
    actions.review(first, cast.reviewer)
    order.refresh_from_db()
    assert order.state == Order.State.ISSUED
    actions.review(second, cast.reviewer)
    order.refresh_from_db()
    assert (order.state, order.closed_on) == (Order.State.CLOSED, DAY)
    verbs = list(Trail.objects.filter(subject=order.ref).order_by("pk").values_list("verb", flat=True))
    assert verbs == [f"dispatch.{one}" for one in ("draft", "check", "sign", "issue", "finish")]


@pytest.mark.mechanism("S0-13")
def test_a_sheet_is_tailored_before_it_is_checked(cast: SimpleNamespace, hospital: SimpleNamespace) -> None:
    order = make_order(cast, hospital)
    first = order.lines.first()
    keep = LineDraft(first.text, first.due_on, pk=first.pk)
    actions.edit_order(
        order, cast.office, title=order.title, lines=[keep, LineDraft("影像科质控自查", due(3))]
    )
    assert [line.text for line in order.lines.all()] == ["召开一次支部党员大会", "影像科质控自查"]
    assert order.lines.first().pk == keep.pk
    actions.check(order, cast.office)
    with pytest.raises(WrongState):
        actions.edit_order(order, cast.office, title="改", lines=[keep])


@pytest.mark.mechanism("S0-13")
def test_reading_is_marked_and_a_reminder_is_never_signed_for(cast: Any, hospital: Any) -> None:
    order = issued(cast, make_order(cast, hospital))
    with pytest.raises(WrongState):
        actions.receive(order, cast.secretary)
    actions.read(order, cast.secretary)
    assert order.read_on == DAY
    assert order.state == Order.State.ISSUED


def test_nobody_checks_their_own_draft(cast: SimpleNamespace, hospital: SimpleNamespace) -> None:
    order = make_order(cast, hospital)
    with pytest.raises(OwnWork):
        actions.check(order, cast.clerk_office)
    actions.check(order, cast.office)
    actions.send_back(order, cast.office, reason="期限太紧")
    assert order.state == Order.State.DRAFTED
    assert Notice.objects.filter(to=cast.clerk_office.ref, text__contains="期限太紧").exists()


def test_a_branch_neither_drafts_nor_sees_a_draft(cast: SimpleNamespace, hospital: SimpleNamespace) -> None:
    order = make_order(cast, hospital)
    assert not Order.objects.within(cast.secretary, "dispatch.view_order").filter(pk=order.pk).exists()
    assert not cast.secretary.may("dispatch.view_order", order)
    issued(cast, order)
    assert Order.objects.within(cast.secretary, "dispatch.view_order").filter(pk=order.pk).exists()
    assert cast.secretary.may("dispatch.view_order", order)
    assert not cast.outsider.may("dispatch.view_order", order)
    with pytest.raises(PermissionDenied):
        actions.draft(
            cast.secretary, kind="reminder", unit=hospital.b_medicine, issuer=hospital.party, title="x"
        )


def test_a_general_branch_drafts_only_for_its_own(cast: SimpleNamespace, hospital: SimpleNamespace) -> None:
    more = {"kind": "rectification", "title": "记录不完整", "lines": [LineDraft("补齐签到表", due())]}
    order = actions.draft(cast.general, unit=hospital.b_medicine, issuer=hospital.party, **more)
    assert order.seat == hospital.g1
    with pytest.raises(PermissionDenied):
        actions.draft(cast.general, unit=hospital.b_surgery, issuer=hospital.party, **more)


@pytest.mark.mechanism("S0-14")
def test_supervision_needs_owner_deadline_and_verifier(
    cast: SimpleNamespace, hospital: SimpleNamespace
) -> None:
    order = make_order(cast, hospital, "supervision", lines=[LineDraft("补开支部党员大会", None)])
    actions.check(order, cast.office)
    with pytest.raises(ValidationError, match="第 1 条没有期限、责任人、复核人"):
        actions.sign_supervision(order, cast.leader)
    assert order.number is None


@pytest.mark.mechanism("S0-14", "S2-27")
def test_supervision_is_received_verified_and_closed(
    cast: SimpleNamespace, hospital: SimpleNamespace
) -> None:
    order = issued(cast, make_supervision(cast, hospital))
    line = order.lines.get()
    with pytest.raises(WrongState):
        actions.report(line, cast.secretary, result="已补开")
    actions.receive(order, cast.secretary)
    line.refresh_from_db()
    actions.report(line, cast.secretary, result="已补开")
    with pytest.raises(WrongState):
        actions.review(line, cast.reviewer)
    with pytest.raises(PermissionDenied):
        actions.verify(line, cast.leader)
    actions.verify(line, cast.clerk_office)
    order.refresh_from_db()
    assert order.state == Order.State.RECEIVED
    actions.close(order, cast.office)
    assert (order.state, order.closed_on) == (Order.State.CLOSED, DAY)


@pytest.mark.mechanism("S0-14")
def test_only_a_leader_signs_a_supervision(cast: SimpleNamespace, hospital: SimpleNamespace) -> None:
    order = make_supervision(cast, hospital)
    actions.check(order, cast.office)
    with pytest.raises(WrongState):
        actions.sign(order, cast.office)
    with pytest.raises(PermissionDenied):
        actions.sign_supervision(order, cast.office)
    actions.sign_supervision(order, cast.party_secretary)
    assert order.signer_name == cast.party_secretary.name


@pytest.mark.mechanism("S2-27")
def test_whoever_reported_does_not_close(cast: SimpleNamespace, hospital: SimpleNamespace) -> None:
    """The office's director is also secretary of 机关党支部: there somebody else verifies and closes."""
    lines = [LineDraft("补齐记录", due(), owner=cast.office, verifier=cast.leader)]
    order = make_order(cast, hospital, "supervision", unit=hospital.b_office, lines=lines)
    actions.check(order, cast.office)
    actions.sign_supervision(order, cast.leader)
    actions.issue(order, cast.clerk_office)
    actions.receive(order, cast.office)
    line = order.lines.get()
    actions.report(line, cast.office, result="已补齐")
    with pytest.raises(ValidationError, match="不能销号"):
        actions.close(order, cast.clerk_office)
    actions.verify(line, cast.leader)
    with pytest.raises(OwnWork):
        actions.close(order, cast.office)
    assert "dispatch.close" not in {one.verb for one in steps_for(order, cast.office)}
    actions.close(order, cast.clerk_office)
    assert order.state == Order.State.CLOSED


def test_verifier_is_never_the_owner(cast: SimpleNamespace, hospital: SimpleNamespace) -> None:
    lines = [LineDraft("补开", due(), owner=cast.secretary, verifier=cast.secretary)]
    with pytest.raises(ValidationError, match="第 1 条：复核人不能是整改责任人"):
        make_order(cast, hospital, "supervision", lines=lines)
    order = issued(cast, make_supervision(cast, hospital))
    actions.receive(order, cast.secretary)
    line = order.lines.get()
    Line.objects.filter(pk=line.pk).update(verifier=cast.clerk)
    with pytest.raises(ValidationError, match="复核人不能是整改责任人"):
        actions.assign(line, cast.secretary, owner=cast.clerk)


def test_a_verifier_does_not_report_what_they_verify(
    cast: SimpleNamespace, hospital: SimpleNamespace
) -> None:
    order = issued(cast, make_supervision(cast, hospital))
    actions.receive(order, cast.secretary)
    line = order.lines.get()
    assert cast.clerk_office.may("dispatch.report", line)
    with pytest.raises(OwnWork):
        actions.report(line, cast.clerk_office, result="代为上报")
    assert "report" not in {one.tail for one in steps_for(line, cast.clerk_office)}


def test_return_needs_a_reason_and_counts(cast: SimpleNamespace, hospital: SimpleNamespace) -> None:
    line = issued(cast, make_order(cast, hospital)).lines.first()
    actions.report(line, cast.clerk, result="已办")
    actions.return_line(line, cast.secretary, reason="没有写日期")
    actions.report(line, cast.secretary, result="10 月 12 日已办")
    with pytest.raises(PermissionDenied):
        actions.return_line(line, cast.secretary, reason="又想改")
    with pytest.raises(TypeError):
        actions.return_line(line, cast.reviewer)  # type: ignore[call-arg]
    actions.return_line(line, cast.reviewer, reason="没有到会人数")
    assert (line.state, line.returns, line.reported_on, line.confirmed_on) == (Line.State.OPEN, 2, None, None)
    notes = Trail.objects.filter(subject=line.ref, verb="dispatch.return_line").values_list("note", flat=True)
    assert set(notes) == {"没有写日期", "没有到会人数"}


def test_office_reviews_where_no_general_branch_stands_above(cast: Any, hospital: Any) -> None:
    order = issued(
        cast, make_order(cast, hospital, unit=hospital.b_office, lines=[LineDraft("报送计划", due())])
    )
    line = order.lines.get()
    actions.report(line, cast.office, result="已报送")
    with pytest.raises(OwnWork):
        actions.review(line, cast.office)
    actions.review(line, cast.clerk_office)
    order.refresh_from_db()
    assert order.state == Order.State.CLOSED


def test_outsider_and_other_general_branch_do_nothing(
    cast: SimpleNamespace, hospital: SimpleNamespace
) -> None:
    line = issued(cast, make_order(cast, hospital)).lines.first()
    with pytest.raises(PermissionDenied):
        actions.report(line, cast.outsider, result="替他们报")
    actions.report(line, cast.secretary, result="已办")
    with pytest.raises(PermissionDenied):
        actions.review(line, cast.other_general)


def test_a_named_member_reports_their_own_line_only(cast: SimpleNamespace, hospital: SimpleNamespace) -> None:
    mine, other = issued(cast, make_order(cast, hospital)).lines.all()
    actions.assign(mine, cast.secretary, owner=cast.member)
    assert Notice.objects.filter(to=cast.member.ref, about=mine.ref).exists()
    actions.report(mine, cast.member, result="材料已交")
    assert mine.state == Line.State.REPORTED
    with pytest.raises(PermissionDenied):
        actions.report(other, cast.member, result="不是我的")
    with pytest.raises(ValidationError, match="请从本单位人员中指定"):
        actions.assign(other, cast.secretary, owner=cast.outsider)


def test_a_void_number_stays_and_is_not_given_again(cast: SimpleNamespace, hospital: SimpleNamespace) -> None:
    first = issued(cast, make_order(cast, hospital))
    actions.void(first, cast.office, reason="发错支部")
    second = issued(cast, make_order(cast, hospital))
    assert (first.state, first.number, second.number) == (Order.State.VOID, 1, 2)
    with pytest.raises(WrongState):
        actions.report(first.lines.first(), cast.secretary, result="已办")
    assert issued(cast, make_supervision(cast, hospital)).number == 1


@pytest.mark.mechanism("S0-15")
def test_branch_plans_its_own_line_from_a_reminder(cast: SimpleNamespace, hospital: SimpleNamespace) -> None:
    reminder = issued(cast, make_order(cast, hospital))
    source = reminder.lines.first()
    more = {"unit": hospital.b_medicine, "due_on": due(8)}
    line = actions.plan_line(cast.clerk, text="通知全体党员", owner=cast.member, source=source.ref, **more)
    other = actions.plan_line(cast.secretary, text="布置会场", **more)
    assert line.order == other.order
    assert (line.order.kind, line.order.state, line.order.is_own) == ("worklist", Order.State.ISSUED, True)
    assert origins(line.ref) == [source.ref]
    with pytest.raises(PermissionDenied):
        actions.plan_line(cast.outsider, text="替别人安排", **more)
    actions.report(line, cast.member, result="已通知", evidence=[reminder.ref])
    assert line.evidence() == [reminder.ref]
    actions.confirm(line, cast.secretary)
    actions.review(line, cast.reviewer)
    actions.report(other, cast.secretary, result="已布置")
    actions.review(other, cast.reviewer)
    line.order.refresh_from_db()
    assert line.order.state == Order.State.CLOSED
    assert actions.plan_line(cast.secretary, text="下一件", **more).order != line.order


@pytest.mark.mechanism("S0-14")
def test_an_overdue_line_becomes_a_draft_for_a_leader(
    cast: SimpleNamespace, hospital: SimpleNamespace
) -> None:
    line = issued(cast, make_order(cast, hospital)).lines.last()
    with pytest.raises(ValidationError, match="没有逾期"):
        actions.draft_supervision(cast.clerk_office, line=line)
    with clock.at(due(30)):
        made = actions.draft_supervision(cast.clerk_office, line=line)
        assert (made.kind, made.state, made.about) == ("supervision", Order.State.DRAFTED, line.ref)
        assert origins(made.ref)[-1] == line.ref
        with pytest.raises(ValidationError, match="已有督导单"):
            actions.draft_supervision(cast.clerk_office, line=line)


@pytest.mark.mechanism("S0-13")
def test_reminding_and_urging_are_once_a_working_day(
    cast: SimpleNamespace, hospital: SimpleNamespace
) -> None:
    order = issued(cast, make_order(cast, hospital, lines=[LineDraft("报送自查", DAY + timedelta(days=3))]))
    line = order.lines.get()
    told = Notice.objects.filter(to=cast.secretary.ref)
    with clock.at(DAY + timedelta(days=1)):
        assert remind(clock.today()) == 1
        assert remind(clock.today()) == 0
        assert told.filter(text__startswith="提醒").count() == 1
    with clock.at(date(2026, 10, 17)):  # Saturday
        assert remind(clock.today()) == 0
    with clock.at(date(2026, 10, 16)):
        assert remind(clock.today()) == 1
        assert told.filter(text__startswith="催办").count() == 1
    with clock.at(date(2026, 10, 19)):
        assert remind(clock.today()) == 0
    line.refresh_from_db()
    assert (line.state, line.order.state) == (Line.State.OPEN, Order.State.ISSUED)
    assert Trail.objects.filter(subject=order.ref, verb="dispatch.urge", actor="system").count() == 1


def test_a_day_brings_one_reminding_however_many_sheets_are_meant(
    cast: SimpleNamespace, hospital: SimpleNamespace
) -> None:
    lines = [LineDraft("报送自查", DAY + timedelta(days=3)), LineDraft("核对名册", DAY + timedelta(days=2))]
    for _ in range(3):
        issued(cast, make_order(cast, hospital, lines=lines))
    told = Notice.objects.filter(to=cast.secretary.ref, text__startswith="提醒")
    with clock.at(DAY + timedelta(days=1)):
        assert remind(clock.today()) == 1
    assert "6 条" in told.get().text
    assert "等 3 张单" in told.get().text


def test_urging_tells_owner_and_head_until_all_is_reported(
    cast: SimpleNamespace, hospital: SimpleNamespace
) -> None:
    order = issued(cast, make_order(cast, hospital))
    actions.urge(order, cast.office, note="请本周内上报")
    assert Notice.objects.filter(to=cast.secretary.ref, text__contains="请本周内上报").count() == 1
    report_all(cast, order)
    with pytest.raises(ValidationError, match="不需要催办"):
        actions.urge(order, cast.office)


def test_handed_in_on_time_is_not_late_while_it_waits(
    cast: SimpleNamespace, hospital: SimpleNamespace
) -> None:
    order = issued(cast, make_order(cast, hospital))
    report_all(cast, order)
    with clock.at(due(40)):
        assert not Line.objects.overdue().filter(order=order).exists()
        assert not any(line.is_late for line in order.lines.all())


@pytest.mark.parametrize("order_state", Order.State.values)
@pytest.mark.parametrize("line_state", Line.State.values)
@pytest.mark.parametrize("handed_in", [None, -1, 0, 1])
def test_a_line_and_the_list_agree_on_what_is_late(
    hospital: SimpleNamespace, order_state: str, line_state: str, handed_in: int | None
) -> None:
    order = making.make_order(state=order_state)
    for days in (-1, 0, 1):
        day = clock.today() + timedelta(days=days)
        confirmed = None if handed_in is None else day + timedelta(days=handed_in)
        making.make_line(order=order, state=line_state, due_on=day, confirmed_on=confirmed)
    making.make_line(order=order, state=line_state, due_on=None)
    lines = Line.objects.filter(order=order)
    # What is handed in tomorrow nobody can know today.
    known = lines.exclude(confirmed_on__gt=clock.today())
    assert {one for one in known if one.is_late} == set(known.overdue())


def test_length_is_a_warning_not_a_ban(cast: SimpleNamespace, hospital: SimpleNamespace) -> None:
    order = make_order(
        cast, hospital, text="长" * 400, lines=[LineDraft(f"事项 {n}", due()) for n in range(12)]
    )
    assert len(order.too_long()) == 2
    assert issued(cast, order).number == 1


def test_buttons_are_exactly_what_the_verbs_admit(cast: SimpleNamespace, hospital: SimpleNamespace) -> None:
    """`steps_for_each` and the verbs themselves never disagree about who may."""
    order = issued(cast, make_supervision(cast, hospital))
    actions.receive(order, cast.secretary)
    line = order.lines.get()
    actions.report(line, cast.secretary, result="已补开")
    for person in vars(cast).values():
        wanted = {one.verb for one in steps_for_each([line], person)[line.ref]}
        assert ("dispatch.verify" in wanted) == (person == cast.clerk_office), person
        assert ("dispatch.return_line" in wanted) == (person == cast.clerk_office), person
