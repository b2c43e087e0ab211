"""A large hospital's years of records, written in bulk: what its pages are timed on."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import cycle, islice

from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from linghang.activities.models import Attendance, Meeting, Resolution, Topic, kind_of
from linghang.assessment.actions import open_cycle
from linghang.assessment.models import Cycle, Scheme
from linghang.blueprints.loading import apply, load
from linghang.dispatch.models import EVIDENCE, Line, Order
from linghang.inspections.models import Check, Checklist, Finding, Round
from linghang.kernel import clock, parameters
from linghang.kernel.access import SYSTEM
from linghang.kernel.flow import VERBS
from linghang.kernel.models import Counter, Link, Notice, Trail
from linghang.org import demo as people
from linghang.org.models import DuesMonth, Membership, Person, Post, Unit

BATCH = 2000
LINES_EACH = 10
RUNNING_MONTHS = 2
YEARS = 6
TEXTS = (
    "召开支部委员会研究本月重点工作",
    "开展主题党日并于会后三日内记录",
    "核对党员名册和组织关系",
    "完成廉政风险点复评",
    "梳理门诊等候时间较长的环节",
    "分析本科室平均住院日",
    "推荐入党积极分子人选",
    "报送支部品牌活动信息一篇",
    "清理意识形态阵地台账",
    "开展安全生产自查",
)


@dataclass
class Branch:
    """One branch with the people who act in it."""

    unit: Unit
    members: list[int]
    committee: list[int]
    reviewer: Person
    heads: dict[str, Person] = field(default_factory=dict)


def build(lines: int, attendances: int) -> None:
    """The whole hospital in one transaction, so that a build that was cut off leaves nothing."""
    today, rng = clock.today(), random.Random(2026)
    with transaction.atomic():
        _found(today, rng)
        branches = _branches()
        _orders(branches, lines, today, rng)
        _meetings(branches, attendances, today, rng)
        _evidence()
        _dues(branches, today)
        _inspections(branches, lines // 5, today, rng)
        _notices(branches)
        _assessment(today)
    if connection.vendor == "postgresql":
        # What autovacuum does by itself within a minute of such a load.
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _found(today: date, rng: random.Random) -> None:
    start = _month(today, YEARS * 12)
    with clock.at(start - timedelta(days=1)):
        apply(load("liuan"))
        for _ in people.people(start, rng):
            pass
    people.accounts()
    parameters.Parameter.objects.create(code="compliance.go_live", value=start.isoformat(), since=start)


def _branches() -> list[Branch]:
    units = list(Unit.objects.branches().select_related("parent"))
    members: dict[int, list[int]] = {unit.pk: [] for unit in units}
    for unit, person in Membership.objects.filter(until=None).values_list("branch_id", "person_id"):
        members[unit].append(person)
    seats: dict[int, list[Post]] = {unit.pk: [] for unit in units}
    for post in Post.objects.filter(unit__in=units, role__on_committee=True).select_related(
        "person", "role", "unit"
    ):
        seats[post.unit_id].append(post)
    generals = {
        p.unit_id: p.person for p in Post.objects.filter(role="general_secretary").select_related("person")
    }
    return [
        Branch(
            unit,
            members[unit.pk],
            [post.person_id for post in seats[unit.pk]],
            generals[unit.parent_id],
            {post.role_id: post.person for post in seats[unit.pk]},
        )
        for unit in units
    ]


def _month(today: date, back: int) -> date:
    """The first day of the month so many months ago."""
    number = today.year * 12 + today.month - 1 - back
    return date(number // 12, number % 12 + 1, 1)


# --- orders ----------------------------------------------------------------------------------------------------------


def _orders(branches: list[Branch], lines: int, today: date, rng: random.Random) -> None:
    """Sheets of ten lines, month by month back in time until there are enough."""
    made = list(islice(_sheets(branches, today), lines // LINES_EACH))
    made.reverse()
    Order.objects.bulk_create([order for order, _ in made], BATCH)
    series: dict[str, int] = {}
    for order, _ in made:
        if order.number:
            name = f"{order.kind}-{order.year}"
            series[name] = max(series.get(name, 0), order.number)
    Counter.objects.bulk_create(Counter(series=name, last=last) for name, last in series.items())
    written = [line for order, branch in made for line in _lines(order, branch, today, rng)]
    Line.objects.bulk_create(written, BATCH)
    _settle(made, written)
    office = {role: people.holder(role) for role in ("office_director", "office_clerk")}
    Trail.objects.bulk_create(_order_trail(made, office), BATCH)
    Trail.objects.bulk_create(_line_trail(written, {order.pk: branch for order, branch in made}), BATCH)


# A 提示单 and a 工作清单 each month, a 限期整改 each quarter, a 督导单 twice a year.
EVERY = {
    Order.Kind.REMINDER: 1,
    Order.Kind.WORKLIST: 1,
    Order.Kind.RECTIFICATION: 3,
    Order.Kind.SUPERVISION: 6,
}


def _sheets(branches: list[Branch], today: date) -> Iterator[tuple[Order, Branch]]:
    """The newest month first; numbers run within a year and kind."""
    party = Unit.objects.get(kind=Unit.Kind.COMMITTEE)
    for back in range(400):
        month = _month(today, back)
        for kind, every in EVERY.items():
            for place, branch in enumerate(branches, 1):
                if (month.month + place) % every:
                    continue
                own = kind == Order.Kind.WORKLIST
                day = min(month + timedelta(days=2), today)
                order = Order(
                    kind=kind, unit=branch.unit, seat=branch.unit, period=month, state=Order.State.ISSUED
                )
                order.issuer = branch.unit if own else party
                order.title = f"{month.year} 年 {month.month} 月{order.get_kind_display()}"
                order.drafted_on = order.issued_on = order.read_on = day
                if not own:
                    order.year, order.number = month.year, (month.month - 1) * len(branches) + place
                    order.signed_on, order.signer_name = day, "党办主任"
                if kind == Order.Kind.SUPERVISION:
                    order.state, order.received_on = Order.State.RECEIVED, day
                yield order, branch


def _lines(order: Order, branch: Branch, today: date, rng: random.Random) -> Iterator[Line]:
    last = _month(order.period, -1) - timedelta(days=1)
    running = order.period >= _month(today, RUNNING_MONTHS - 1)
    for place, text in enumerate(TEXTS, 1):
        line = Line(order=order, place=place, text=f"{text}（{order.period.month} 月）")
        line.due_on = last - timedelta(days=rng.choice((0, 0, 3, 6)))
        line.owner_id = rng.choice(branch.committee)
        line.verifier = branch.reviewer if order.kind == Order.Kind.SUPERVISION else None
        _live(line, rng.random(), running, today)
        yield line


def _live(line: Line, luck: float, running: bool, today: date) -> None:
    """Old lines are closed but for a few; of the running months' some are open, reported, confirmed or closed."""
    open_below, reported_below, confirmed_below = (0.5, 0.6, 0.75) if running else (0.008, 0.01, 0.015)
    if luck < open_below:
        return
    done = min(line.due_on - timedelta(days=1), today)
    line.result, line.reported_on = "已按要求办理，材料存支部档案盒", done
    line.state = Line.State.REPORTED
    if luck >= reported_below:
        line.state, line.confirmed_on = Line.State.CONFIRMED, done
    if luck >= confirmed_below:
        line.state, line.closed_on = Line.State.CLOSED, done


def _settle(made: list[tuple[Order, Branch]], written: list[Line]) -> None:
    """A sheet whose lines are all closed is closed; every sheet knows its last deadline."""
    own: dict[int, list[Line]] = {}
    for line in written:
        own.setdefault(line.order_id, []).append(line)
    for order, _ in made:
        order.due_on = max(line.due_on for line in own[order.pk])
        if all(line.closed_on for line in own[order.pk]):
            order.state = Order.State.CLOSED
            order.closed_on = max(line.closed_on for line in own[order.pk])
    Order.objects.bulk_update([order for order, _ in made], ["due_on", "state", "closed_on"], BATCH // 4)


def _order_trail(made: list[tuple[Order, Branch]], office: dict[str, Person]) -> Iterator[Trail]:
    for order, branch in made:
        by = (office["office_clerk"], office["office_director"])
        who = (branch.heads["secretary"],) * 2 if order.issuer_id == order.unit_id else by
        for place, verb in enumerate(("dispatch.draft", "dispatch.check", "dispatch.sign", "dispatch.issue")):
            yield _trail(who[place % 2], verb, order.ref, order.title, order.issued_on)


def _line_trail(written: list[Line], home: dict[int, Branch]) -> Iterator[Trail]:
    for line in written:
        branch = home[line.order_id]
        people_ = (branch.heads["organiser"], branch.heads["secretary"], branch.reviewer)
        days = (line.reported_on, line.confirmed_on, line.closed_on)
        steps = zip(("dispatch.report", "dispatch.confirm", "dispatch.review"), people_, days, strict=True)
        for verb, person, day in steps:
            if day:
                yield _trail(person, verb, line.ref, line.text, day)


def _trail(person: Person, verb: str, subject: str, name: str, day: date) -> Trail:
    at = timezone.make_aware(datetime.combine(day, time(10)))
    found = Trail(at=at, actor=person.ref, actor_name=person.name, verb=verb, label=VERBS[verb])
    found.subject, found.subject_name = subject, name
    return found


# --- meetings --------------------------------------------------------------------------------------------------------

# Each month: a themed day, a board; each quarter an assembly and a lesson.
HABITS = (
    (Meeting.Kind.THEMED_DAY, 1, 12),
    (Meeting.Kind.BOARD, 1, 5),
    (Meeting.Kind.ASSEMBLY, 3, 20),
    (Meeting.Kind.LESSON, 3, 25),
)


def _meetings(branches: list[Branch], attendances: int, today: date, rng: random.Random) -> None:
    made: list[tuple[Meeting, list[int]]] = []
    count = 0
    for meeting, called in _held(branches, today):
        if count + len(called) > attendances:
            break
        made.append((meeting, called))
        count += len(called)
    made.reverse()
    held = Meeting.objects.bulk_create([meeting for meeting, _ in made], BATCH)
    Attendance.objects.bulk_create((_called(m, pk, rng) for m, called in made for pk in called), BATCH)
    kinds = cycle((Topic.Kind.FIRST, Topic.Kind.MATTER))
    Topic.objects.bulk_create(
        (
            Topic(meeting=m, place=n, kind=next(kinds), title="学习近期重要讲话精神")
            for m in held
            for n in (1, 2)
        ),
        BATCH,
    )
    Resolution.objects.bulk_create((Resolution(meeting=m, text="完善交接班制度") for m in held), BATCH)


def _held(branches: list[Branch], today: date) -> Iterator[tuple[Meeting, list[int]]]:
    for back in range(400):
        month = _month(today, back)
        for kind, every, on in HABITS:
            day = month.replace(day=on)
            if month.month % every or day >= today:
                continue
            for branch in branches:
                meeting = Meeting(
                    unit=branch.unit, kind=kind, state=Meeting.State.CONFIRMED, held_on=day, title=""
                )
                meeting.recorded_on = meeting.confirmed_on = day
                meeting.hours = kind_of(kind).hours
                meeting.recorder_name = branch.heads["organiser"].name
                yield meeting, branch.committee if kind == Meeting.Kind.BOARD else branch.members


def _called(meeting: Meeting, person: int, rng: random.Random) -> Attendance:
    present = rng.random() > 0.07
    reason = "" if present else Attendance.Reason.DUTY
    return Attendance(meeting=meeting, person_id=person, present=present, reason=reason)


def _dues(branches: list[Branch], today: date) -> None:
    """Two years of months, noted by the branches; a few of the last two months are still open."""
    months = [_month(today, back) for back in range(24)]
    DuesMonth.objects.bulk_create(
        (
            DuesMonth(person_id=pk, branch=branch.unit, month=month, paid=back > 1 or pk % 20 > 0)
            for back, month in enumerate(months)
            for branch in branches
            for pk in branch.members
        ),
        BATCH,
    )


def _evidence() -> None:
    """A third of the closed lines are shown by a meeting of their branch."""
    meetings = dict(Meeting.objects.values_list("unit_id", "pk"))
    closed = Line.objects.filter(state=Line.State.CLOSED).values_list("pk", "order__unit_id")[::3]
    Link.objects.bulk_create(
        (
            Link(source=f"dispatch.line:{pk}", target=f"activities.meeting:{meetings[unit]}", kind=EVIDENCE)
            for pk, unit in closed
            if unit in meetings
        ),
        BATCH,
    )


# --- the rest --------------------------------------------------------------------------------------------------------


def _inspections(branches: list[Branch], findings: int, today: date, rng: random.Random) -> None:
    """A cross inspection each quarter of five years; so many findings in all, each put right on the spot."""
    party, checklist = Unit.objects.get(kind=Unit.Kind.COMMITTEE), Checklist.objects.get(code="standard")
    days, items = [_month(today, back) for back in range(2, YEARS * 12 + 2, 3)], list(checklist.items.all())
    rounds = [
        Round(
            title="交叉互查",
            method=Round.Method.CROSS,
            checklist=checklist,
            unit=party,
            state=Round.State.CLOSED,
        )
        for _ in days
    ]
    for this, day in zip(rounds, days, strict=True):
        this.since = this.period_since = day
        this.until = this.period_until = day + timedelta(days=20)
    Round.objects.bulk_create(rounds)
    done = {"state": Check.State.CONFIRMED}
    checks = [
        Check(
            round=this,
            unit=b.unit,
            held_on=this.since,
            entered_on=this.since,
            confirmed_on=this.since,
            **done,
        )
        for this in rounds
        for b in branches
    ]
    Check.objects.bulk_create(checks, BATCH)
    Finding.objects.bulk_create(
        Finding(
            inspection=one,
            item=rng.choice(items),
            text="记录不全，缺活动内容",
            weight="on_spot",
            found_on=one.held_on,
            closed_on=one.held_on,
        )
        for one in rng.choices(checks, k=findings)
    )


def _notices(branches: list[Branch]) -> None:
    people_ = [person for branch in branches for person in branch.heads.values()]
    Notice.objects.bulk_create(
        (Notice(to=p.ref, text=f"您有新的提示单 {n}") for p in people_ for n in range(30)), BATCH
    )


def _assessment(today: date) -> None:
    """The hospital-year that is scored: the twelve months up to today."""
    party = Unit.objects.get(kind=Unit.Kind.COMMITTEE)
    scheme = Scheme.objects.filter(code="branch").first()
    since = today - timedelta(days=364)
    open_cycle(SYSTEM, scheme=scheme, unit=party, title="基准年度", since=since, until=today)


def counts() -> dict[str, int]:
    """How much of everything stands in the database."""
    models = {
        "单据": Order,
        "事项": Line,
        "组织生活": Meeting,
        "参会记录": Attendance,
        "检查问题": Finding,
        "留痕": Trail,
        "人员": Person,
    }
    return {name: model.objects.count() for name, model in models.items()}


def ready(lines: int, attendances: int) -> float | None:
    """Build where nothing stands yet; gives the seconds it took, None when it was there."""
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    if Cycle.objects.exists():
        return None
    began = datetime.now()
    build(lines, attendances)
    return (datetime.now() - began).total_seconds()
