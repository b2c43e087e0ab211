"""One day of orders and lines in the demo hospital, through the verbs: sheets go out, branches answer, some too late."""

import random
from collections.abc import Iterable
from contextlib import suppress
from datetime import date, timedelta

from django.core.exceptions import PermissionDenied, ValidationError

from linghang.dispatch import actions
from linghang.dispatch.drafts import LineDraft
from linghang.dispatch.models import Line, Order
from linghang.dispatch.ticks import remind
from linghang.kernel.models import Trail
from linghang.org.demo import branches, face, holder, home
from linghang.org.models import Person, Unit

State = Order.State
SUPERVISIONS_A_MONTH = 2
RESULTS = (
    "已按要求完成，材料存支部记录本",
    "已组织学习并讨论，形成意见三条",
    "已召开支委会研究，明确责任人",
    "已对照条目自查，问题当场整改",
    "已完成，门诊和病区同步落实",
    "已向科室传达，全体党员知晓",
)
RETURNS = ("没有写明日期和到会情况", "只写了计划，还没有结果", "与上月内容相同，请核对")
ASKED_BECAUSE = ("等级医院评审期间科室人手紧", "相关数据要等信息科月底提供", "主讲人外出学习，下周返院")
ASKED = "核对今年组织生活记录，缺的补记并说明原因"
NOTICE = """为做好年底党员信息核对工作，现将有关事项通知如下。
一、核对范围
全体党员，含离退休和规培学员党员。
二、核对内容
姓名、入党时间、转正时间、所在支部和联系方式。
三、时间安排
各党支部在本月 25 日前完成核对并上报。"""
OWN_LINES = ("通知全体党员并确认时间地点", "整理相关记录备查", "与科室晨会一并布置", "安排专人跟进并月底小结")


def play(day: date, rng: random.Random) -> None:
    """What the office, the branches, the 总支 and the verifiers do on this day."""
    _office(day)
    _receive(day, rng)
    _answer(day, rng)
    _extend(day)
    _judge(day, rng)
    _escalate(day, rng)
    remind(day)


def _office(day: date) -> None:
    """Yesterday's drafts are checked by whoever did not draft them, then signed and issued."""
    drafts = Order.objects.filter(state__in=(State.DRAFTED, State.CHECKED, State.SIGNED), drafted_on__lt=day)
    for order in drafts.select_related("unit", "issuer", "seat").prefetch_related("lines"):
        if order.missing():
            _complete(order, day)
        if order.state == State.DRAFTED:
            drafted = Trail.objects.filter(subject=order.ref, verb="dispatch.draft").values_list(
                "actor", flat=True
            )
            checkers = [one for one in (holder("office_director"), holder("office_clerk")) if one]
            actions.check(order, next(one for one in checkers if one.ref not in drafted))
        if order.state == State.CHECKED:
            _sign(order)
        actions.issue(order, _must("office_clerk"))


def _sign(order: Order) -> None:
    if order.kind == Order.Kind.SUPERVISION:
        actions.sign_supervision(order, _must("deputy_party_secretary"))
    else:
        actions.sign(order, _must("office_director"))


def _complete(order: Order, day: date) -> None:
    """Give the lines of a draft what a signature wants: owner, deadline, verifier."""
    due, owner, verifier = day + timedelta(days=21), holder("secretary", order.unit), _verifier()
    wanted = [
        LineDraft(
            one.text, one.due_on or due, one.owner or owner, one.verifier or verifier, one.business, pk=one.pk
        )
        for one in order.lines.select_related("owner", "verifier")
    ] or [LineDraft("分析原因，按要求整改并报告结果", due, owner, verifier)]
    actions.edit_order(order, _must("office_clerk"), title=order.title, text=order.text, lines=wanted)


def _verifier() -> Person:
    """What was urged in vain is looked at by the discipline office."""
    return holder("discipline_clerk") or _must("office_clerk")


def _must(role: str) -> Person:
    found = holder(role)
    if found is None:
        raise LookupError(f"nobody holds {role}")
    return found


def _receive(day: date, rng: random.Random) -> None:
    """Secretaries open their 提示单, some plan lines of their own, and sign for a 督导单."""
    for order in Order.objects.unread().filter(issued_on__lt=day).select_related("unit", "seat"):
        secretary = holder("secretary", order.unit)
        if secretary is None or rng.random() > 0.6:
            continue
        actions.read(order, secretary)
        if order.kind == Order.Kind.REMINDER and rng.random() < 0.15:
            _plan(order, secretary, rng)
    waiting = Order.objects.filter(kind=Order.Kind.SUPERVISION, state=State.ISSUED, issued_on__lt=day)
    for order in waiting.select_related("unit", "seat"):
        if secretary := holder("secretary", order.unit) or holder("general_secretary", order.unit):
            actions.receive(order, secretary)


def _plan(order: Order, secretary: Person, rng: random.Random) -> None:
    line = order.lines.filter(due_on__isnull=False).order_by("place").first()
    if line is not None and line.due_on:
        actions.plan_line(
            secretary, unit=order.unit, text=rng.choice(OWN_LINES), due_on=line.due_on, source=line.ref
        )


def _answer(day: date, rng: random.Random) -> None:
    """Lines whose deadline comes near are reported, by the secretary or by the 组织委员 and then confirmed."""
    near = Line.objects.running().ready().filter(state__in=(Line.State.OPEN, Line.State.REPORTED))
    near = near.filter(due_on__lte=day + timedelta(days=10))
    for line in near.select_related("order__unit", "order__seat", "owner").order_by("pk"):
        secretary = holder("secretary", line.order.unit) or holder("general_secretary", line.order.unit)
        if secretary is None or secretary.pk == line.verifier_id:
            continue
        if line.state == Line.State.REPORTED:
            actions.confirm(line, secretary)
        elif rng.random() < _zeal(line.order.unit, late=bool(line.due_on and line.due_on < day)):
            clerk = holder("organiser", line.order.unit)
            by = clerk if clerk and clerk.pk != line.verifier_id and rng.random() < 0.15 else secretary
            actions.report(line, by, result=rng.choice(RESULTS))


def _extend(day: date) -> None:
    """Yesterday's askings are answered, most of them with yes; now and then a branch asks for a later day."""
    dice = random.Random(f"extension {day}")
    for line in Line.objects.asking().select_related("order__unit", "owner"):
        supervised = line.order.kind == Order.Kind.SUPERVISION
        leader = _must("deputy_party_secretary" if supervised else "office_director")
        with suppress(ValidationError, PermissionDenied):
            if dice.random() < 0.8:
                actions.grant_extension(line, leader)
            else:
                actions.decline_extension(line, leader, reason="上级要求按期完成，请先报已办部分")
    if dice.random() < 0.1:
        _ask(day, dice)


def _ask(day: date, dice: random.Random) -> None:
    soon = Line.objects.running().filter(
        state=Line.State.OPEN, order__kind=Order.Kind.REMINDER, due_on__range=(day, day + timedelta(days=4))
    )
    line = soon.select_related("order__unit").order_by("pk").first()
    secretary = line and holder("secretary", line.order.unit)
    if line and line.due_on and secretary:
        until = line.due_on + timedelta(days=dice.choice((7, 10)))
        with suppress(ValidationError, PermissionDenied):
            actions.ask_extension(line, secretary, until=until, reason=dice.choice(ASKED_BECAUSE))


def _zeal(unit: Unit, *, late: bool) -> float:
    """Every ninth branch needs to be reminded; what is late is done more slowly still."""
    return (0.08 if late else 0.1) if unit.pk % 9 == 0 else (0.15 if late else 0.33)


def _judge(day: date, rng: random.Random) -> None:
    """总支 review, verifiers verify, the office closes; a few lines go back."""
    found = Line.objects.running().filter(state=Line.State.CONFIRMED, confirmed_on__lt=day)
    for line in found.select_related("order__unit__parent", "order__seat", "verifier").order_by("pk"):
        if rng.random() < 0.4:
            continue
        for judge in _judges(line):
            if _settle(line, judge, rng):
                break
    full = Order.objects.filter(kind=Order.Kind.SUPERVISION, state=State.RECEIVED).prefetch_related("lines")
    for order in full.select_related("seat"):
        if all(line.state == Line.State.CLOSED for line in order.lines.all()):
            actions.close(order, _must("office_director"), note="措施全部复核通过")


def _judges(line: Line) -> Iterable[Person]:
    if line.verifier:
        return [line.verifier]
    near = holder("general_secretary", line.order.unit.parent)
    return [one for one in (near, holder("office_clerk"), holder("office_director")) if one]


def _settle(line: Line, judge: Person, rng: random.Random) -> bool:
    """Whether this judge could settle it: nobody reviews what they reported themselves."""
    try:
        if line.returns == 0 and rng.random() < 0.04:
            actions.return_line(line, judge, reason=rng.choice(RETURNS))
        elif line.verifier_id:
            actions.verify(line, judge, note="看过记录和现场")
        else:
            actions.review(line, judge)
    except (ValidationError, PermissionDenied):
        return False
    return True


def _escalate(day: date, rng: random.Random) -> None:
    """Long overdue lines become drafts of a 督导单, a few a month, for a leader to sign or not."""
    month = Order.objects.filter(kind=Order.Kind.SUPERVISION, drafted_on__gte=day.replace(day=1))
    if month.count() >= SUPERVISIONS_A_MONTH:
        return
    late = Line.objects.overdue(day - timedelta(days=15)).exclude(order__kind=Order.Kind.SUPERVISION)
    for line in late.select_related("order__unit", "order__issuer", "owner").order_by("due_on", "pk")[:5]:
        if rng.random() < 0.3 and not Order.objects.about(line).exists() and not line.order.is_own:
            actions.draft_supervision(_must("office_clerk"), line=line)
            return


def leave(day: date, left: int) -> None:
    """What the last days leave open: 督导单 at every station, lines to report, to confirm, to review and to verify."""
    branch = home()
    if branch is None or branch.parent is None:
        return
    others = [unit for unit in branches() if unit.pk != branch.pk]
    near = [unit for unit in others if unit.parent_id == branch.parent_id][:2]
    match left:
        case 3:
            # Signed and issued tomorrow, signed for the day after, reported on the last day.
            _draft_supervision(others[:1])
        case 1:
            _draft_supervision([branch])
        case 0:
            _leave_drafts(day, others[1:4])
            _leave_lines(day, branch, near)
            _report_measures(others[0])
            _leave_asked(day, near)


def _draft_supervision(units: list[Unit]) -> list[Order]:
    """One for each of these branches: about a line it is late with, else about its records."""
    clerk, issuer, found = _must("office_clerk"), _must("party_secretary").posts_now[0].unit, []
    for unit in units:
        late = Line.objects.overdue().filter(order__unit=unit).exclude(order__kind=Order.Kind.SUPERVISION)
        open_ = (
            line
            for line in late.select_related("order__unit", "order__issuer", "owner")
            if not line.order.is_own
        )
        line = next((one for one in open_ if not Order.objects.about(one).exists()), None)
        if line is not None:
            found.append(actions.draft_supervision(clerk, line=line))
            continue
        given = {
            "unit": unit,
            "issuer": issuer,
            "title": "关于补齐组织生活记录的督导",
            "lines": [LineDraft(ASKED, None)],
        }
        found.append(actions.draft(clerk, kind=Order.Kind.SUPERVISION, **given))
    return found


def _leave_drafts(day: date, units: list[Unit]) -> None:
    """The first waits for 核稿, the others for a leader's signature."""
    for number, order in enumerate(_draft_supervision(units)):
        _complete(order, day)
        if number:
            actions.check(order, _must("office_director"))


def _leave_lines(day: date, branch: Unit, near: list[Unit]) -> None:
    """The branch's own lines, one of them waiting for its secretary; what its neighbours reported waits for review."""
    secretary, organiser, soon = (
        _must_at("secretary", branch),
        _must_at("organiser", branch),
        day + timedelta(days=6),
    )
    for owner, text in zip((secretary, organiser, face("member")), OWN_LINES, strict=False):
        actions.plan_line(secretary, unit=branch, text=text, due_on=soon, owner=owner)
    waiting = actions.plan_line(secretary, unit=branch, text=OWN_LINES[3], due_on=soon, owner=organiser)
    actions.report(waiting, organiser, result=RESULTS[2])
    contributor = holder("contributor")
    if contributor and contributor.branch and contributor.branch_id != branch.pk:
        head = _must_at("secretary", contributor.branch)
        actions.plan_line(head, unit=contributor.branch, text=OWN_LINES[1], due_on=soon, owner=contributor)
    for unit in near:
        head = _must_at("secretary", unit)
        line = actions.plan_line(head, unit=unit, text=OWN_LINES[0], due_on=soon, owner=head)
        actions.report(line, head, result=RESULTS[5])


def _report_measures(unit: Unit) -> None:
    secretary = _must_at("secretary", unit)
    measures = Line.objects.running().filter(
        order__unit=unit, order__kind=Order.Kind.SUPERVISION, owner=secretary
    )
    for line in measures.filter(state=Line.State.OPEN).select_related("order__unit", "order__seat"):
        actions.report(line, secretary, result=RESULTS[0])


def _leave_asked(day: date, near: list[Unit]) -> None:
    """A later day that waits for an answer, and a paper that waits for whoever did not draft it."""
    _ask(day, random.Random(f"extension {day}"))
    if near:
        line = Line.objects.running().filter(order__unit=near[0], order__kind=Order.Kind.REMINDER).first()
        branch = home()
        if line is not None and branch is not None and line.state == Line.State.OPEN:
            actions.join(line, _must("office_clerk"), units=[branch])
    actions.draft_document(
        _must("office_clerk"),
        kind="notice",
        issuer=_must("party_secretary").posts_now[0].unit,
        title="关于做好年底党员信息核对工作的通知",
        addressees="各党总支、党支部",
        text=NOTICE,
    )


def _must_at(role: str, unit: Unit) -> Person:
    found = holder(role, unit)
    if found is None:
        raise LookupError(f"nobody is {role} of {unit}")
    return found
