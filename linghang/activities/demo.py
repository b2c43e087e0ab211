"""One day of organisational life in the demo hospital, through the verbs: plans, records, confirmations, a few late."""

import random
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import lru_cache
from typing import Any

from linghang.activities import actions
from linghang.activities.actions import ResolutionDraft, TopicDraft
from linghang.activities.actions.votes import present_of
from linghang.activities.answers import fitting, open_lines
from linghang.activities.bases import base_of
from linghang.activities.models import Attendance, How, Meeting, Theme, Topic, asked_of, kind_of
from linghang.activities.roll import expected
from linghang.activities.turns import rota
from linghang.kernel.parameters import read_once
from linghang.org.demo import branches, holder, home
from linghang.org.models import Person, Unit
from linghang.rules.periods import add_months
from linghang.rules.workdays import next_workday

Kind, State = Meeting.Kind, Meeting.State
AHEAD = timedelta(days=6)
# One branch in three enters its themed day beforehand; the others write it down when it has been.
PLANNERS = 3
RESOLUTION = "R-BJ-01"
THEMES = (
    "重走胸痛急救路",
    "走进社区义诊",
    "党员示范岗亮身份",
    "清廉行医承诺",
    "老党员讲传统",
    "优化门诊流程献一计",
    "应急演练与急救培训",
    "红色教育基地现场学习",
)
LESSONS = ("学习党章第六章", "学习纪律处分条例", "医德医风专题", "公立医院高质量发展专题")
FIRST = ("学习近期重要讲话精神", "学习全会精神", "学习卫生健康工作重要论述")
MATTERS = (
    "研究党员发展计划",
    "通报党费收缴情况",
    "讨论评优推荐",
    "研究科室设备申购意见",
    "分析患者意见建议",
    "研究下月工作",
)
AGREED = (
    "完善交接班制度，减少等候时间",
    "组织一次党员义诊",
    "整理组织生活台账",
    "对两名积极分子开展谈话",
    "推广床旁结算做法",
    "开展一次廉洁提醒",
)
# What is written where a kind asks for a line; some leave it empty.
TOLD = {
    "lecturer": ("孙检察", "郑主任", ""),
    "lecturer_from": ("县纪委监委", "市委党校", ""),
    "coverage": ("市日报《义诊进社区》", "县融媒体《家门口的专家》", "", ""),
}
TOPICS_OF_MONTHS = {3: "学雷锋志愿行", 5: "护佑生命", 7: "重温入党誓词", 8: "医者仁心", 10: "清廉行医"}


@dataclass(frozen=True)
class Habit:
    """A meeting that comes round: its kind, in which months, on which day of the month."""

    kind: str
    months: tuple[int, ...]
    day: int
    spread: int
    also: tuple[str, ...] = ()


EVERY = tuple(range(1, 13))
BRANCH = (
    Habit(Kind.THEMED_DAY, tuple(m for m in EVERY if m % 3 != 2), 10, 15),
    Habit(Kind.THEMED_DAY, (2, 5, 8, 11), 10, 15, also=(Kind.LESSON,)),
    Habit(Kind.BOARD, EVERY, 3, 7),
    Habit(Kind.ASSEMBLY, (3, 6, 9, 12), 18, 8),
    Habit(Kind.LIFE, (1,), 12, 14, also=(Kind.REVIEW,)),
    Habit("training", (5,), 16, 6),
    Habit("warning", (6,), 8, 12),
    Habit("clinic", (7,), 1, 6),
    Habit(Kind.STUDY, (4, 10), 20, 8),
)
GENERAL = (Habit(Kind.GENERAL_BOARD, EVERY, 4, 5),)
COMMITTEE = (
    Habit(Kind.COMMITTEE, EVERY, 8, 1),
    Habit(Kind.COMMITTEE, EVERY, 22, 1),
    Habit("central_study", EVERY, 15, 1),
    Habit("quarterly", (2, 8), 18, 1, also=("governance",)),
    Habit("quarterly", (5, 11), 18, 1),
    Habit("democratic_life", (1,), 20, 1),
    Habit("debrief", (1,), 26, 1),
    Habit("secretary_lesson", (6, 12), 10, 1),
)
# A lesson early in one month, a lecture late in the third after it, and so on.
MID = 20
TURNS = {5: "micro_lesson", MID: "micro_lecture"}
TALK_MONTHS = (6, 12)


def play(day: date, rng: random.Random) -> None:
    """What happens on this day: yesterday's records are confirmed, today's meetings held, the next ones planned."""
    with read_once():
        _live(day, rng)


def _live(day: date, rng: random.Random) -> None:
    _give_out_theme(day)
    for unit in branches():
        _keep_up(unit, BRANCH, day, rng, zeal=0.8 if unit.pk % 7 == 0 else 0.97)
        _tap(unit, day, rng)
    for unit in Unit.objects.filter(kind__in=(Unit.Kind.GENERAL, Unit.Kind.COMMITTEE), until=None):
        _keep_up(unit, GENERAL if unit.kind == Unit.Kind.GENERAL else COMMITTEE, day, rng, zeal=1)
    _catch_up(day, rng)


def _give_out_theme(day: date) -> None:
    """The office gives the themed days of some months a theme, at the end of the month before."""
    month = add_months(day.replace(day=1), 1)
    text = TOPICS_OF_MONTHS.get(month.month)
    if day.day != 25 or text is None:
        return
    by, top = holder("office_director"), Unit.objects.party().filter(until=None).order_by("path").first()
    if by and top:
        actions.set_theme(by, unit=top, month=month, text=text)


def _replies(unit: Unit, kind: str, day: date) -> dict[str, Any]:
    """What the kind asks besides. Its own dice: the year's other chances stay what they were."""
    rng = random.Random(f"{unit.pk} {kind} {day}")
    found: dict[str, Any] = {}
    for code, ask in asked_of([kind]).items():
        words = rng.choice(ask.options or TOLD.get(code, ("",)))
        found[code] = rng.randint(30, 120) if ask.how == How.NUMBER else words
    return found


def _keep_up(unit: Unit, habits: tuple[Habit, ...], day: date, rng: random.Random, zeal: float) -> None:
    ahead = _working_day(day + AHEAD)
    for habit in habits:
        if _falls_on(habit, unit, day) and rng.random() < zeal:
            _hold(unit, habit, day, rng)
        if habit.kind == Kind.THEMED_DAY and unit.pk % PLANNERS == 0 and _falls_on(habit, unit, ahead):
            _plan(unit, habit, ahead, rng)


def _falls_on(habit: Habit, unit: Unit, day: date) -> bool:
    """Each unit has its own day of the month; what falls on a holiday is held on the next working day."""
    own = habit.day + unit.pk % habit.spread
    return day.month in habit.months and day == _working_day(day.replace(day=own))


_working_day = lru_cache(maxsize=1024)(next_workday)


def _plan(unit: Unit, habit: Habit, day: date, rng: random.Random) -> None:
    by = _recorder(unit)
    if by is None or Meeting.objects.twins(unit, habit.kind, day).exists():
        return
    topics = [TopicDraft(rng.choice(FIRST), Topic.Kind.FIRST), *_lesson(habit, rng)]
    title = rng.choice(THEMES)
    if (theme := Theme.objects.for_unit(unit, day, day)) and unit.pk % 5:
        title = next(iter(theme.values()))
    actions.plan(
        by,
        unit=unit,
        kind=habit.kind,
        held_on=day,
        place="科室示教室",
        title=title,
        topics=topics,
        also=habit.also,
    )


def _lesson(habit: Habit, rng: random.Random) -> list[TopicDraft]:
    return [TopicDraft(rng.choice(LESSONS), Topic.Kind.STUDY)] if Kind.LESSON in habit.also else []


def _hold(unit: Unit, habit: Habit, day: date, rng: random.Random) -> None:
    plan = Meeting.objects.filter(unit=unit, kind=habit.kind, held_on=day, state=State.PLANNED).first()
    if plan is not None:
        if rng.random() < 0.9:
            _write_down(plan, day, rng)
        return
    by = _recorder(unit)
    if by is None or Meeting.objects.twins(unit, habit.kind, day).exists():
        return
    first = [TopicDraft(rng.choice(FIRST), Topic.Kind.FIRST)] if rng.random() < 0.9 else []
    made = actions.record(
        by,
        unit=unit,
        kind=habit.kind,
        held_on=day,
        also=habit.also,
        topics=[*first, *rng.sample(MATTERS, 2)],
        absent=_absent(unit, habit.kind, day, rng),
        steps=[step for kind in habit.also for step in kind_of(kind).steps],
        days=2 if _lasts(habit.kind) else 1,
        replies=_replies(unit, habit.kind, day),
        resolutions=_agreed(unit, day, rng),
    )
    if habit.kind == Kind.ASSEMBLY and rng.random() < 0.5:
        _vote(made, by, rng)


def _lasts(kind: str) -> bool:
    """Whether it goes on for more than a day, as training does."""
    return kind_of(kind).course


def _vote(meeting: Meeting, by: Person, rng: random.Random) -> None:
    """The last matter on the agenda is put to the vote; now and then somebody is against it."""
    topic = meeting.topics.filter(kind=Topic.Kind.MATTER).last()
    present = present_of(meeting, base_of(meeting.unit, RESOLUTION, meeting.held_on))
    if topic is None or not present:
        return
    no = min(int(rng.random() < 0.2), present - 1)
    given = {"rule_code": RESOLUTION, "matter": topic.title, "topic": topic}
    actions.vote(by, meeting=meeting, yes=present - no, no=no, **given)


def _tap(unit: Unit, day: date, rng: random.Random) -> None:
    """Once a month somebody speaks at the morning handover; in the last month of a half-year the committee talks."""
    by = _recorder(unit)
    if by is None:
        return
    kind = TURNS.get(day.day) if (day.month + unit.pk) % 6 == (3 if day.day == MID else 0) else None
    if kind and (turns := rota(unit, kind, day)):
        given = {"roll": [turns[0].pk], "chair": turns[0], "title": rng.choice(LESSONS)}
        actions.record(by, unit=unit, kind=kind, held_on=day, **given)
    if day.month in TALK_MONTHS and day.day == 8 + unit.pk % 12:
        people = list(expected(unit, "talk", day).values_list("pk", flat=True))
        if len(people) > 1:
            actions.record(by, unit=unit, kind="talk", held_on=day, roll=rng.sample(people, 2))


def _write_down(plan: Meeting, day: date, rng: random.Random) -> None:
    by = _recorder(plan.unit)
    if by is None:
        return
    asked = fitting(open_lines(by, plan.unit), plan.about, plan.held_on)
    actions.record_planned(
        plan,
        by,
        absent=_absent(plan.unit, plan.kind, plan.held_on, rng),
        resolutions=_agreed(plan.unit, day, rng)[:1],
        evidence_for=[line.ref for line in asked],
    )


def _catch_up(day: date, rng: random.Random) -> None:
    """What was left lying: a forgotten record is made up for, or the plan given up; secretaries confirm."""
    for plan in Meeting.objects.filter(state=State.PLANNED, held_on__lt=day).select_related("unit"):
        if rng.random() < 0.12:
            _write_down(plan, day, rng)
        elif (day - plan.held_on).days > 25 and (by := _recorder(plan.unit)):
            actions.cancel(plan, by, reason="因抢救任务未开展，并入下月")
    for waiting in Meeting.objects.filter(state=State.RECORDED, recorded_on__lt=day).select_related("unit"):
        head = _head(waiting.unit)
        if head is not None and rng.random() < 0.6:
            actions.confirm(waiting, head)


def _recorder(unit: Unit) -> Person | None:
    """Whoever keeps the book: the organiser of a branch, the 总支 secretary, the office for the committee."""
    if unit.kind == Unit.Kind.BRANCH:
        return holder("organiser", unit) or holder("secretary", unit)
    return holder("general_secretary", unit) or holder("office_director")


def _head(unit: Unit) -> Person | None:
    return holder("secretary" if unit.kind == Unit.Kind.BRANCH else "general_secretary", unit)


def _absent(unit: Unit, kind: str, day: date, rng: random.Random) -> dict[int, str]:
    reasons = (
        Attendance.Reason.DUTY,
        Attendance.Reason.DUTY,
        Attendance.Reason.AWAY,
        Attendance.Reason.LEAVE,
    )
    people = expected(unit, kind, day).values_list("pk", flat=True)
    return {pk: str(rng.choice(reasons)) for pk in people if rng.random() < 0.07}


def _agreed(unit: Unit, day: date, rng: random.Random) -> list[ResolutionDraft]:
    owner = holder("organiser", unit)
    chosen = rng.sample(AGREED, 2)
    return [
        ResolutionDraft(chosen[0], day + timedelta(days=rng.randint(14, 40)), owner),
        ResolutionDraft(chosen[1]),
    ]


def leave(day: date, left: int) -> None:
    """On the last day: a record that waits for its secretary, the branch's next meeting, the next meeting at the top."""
    branch = home()
    if left or branch is None:
        return
    study = {"title": LESSONS[2], "topics": [TopicDraft(FIRST[0], Topic.Kind.FIRST)]}
    if by := _recorder(branch):
        actions.record(by, unit=branch, kind=Kind.STUDY, held_on=day, absent={}, again=True, **study)
        _plan_next(by, branch, day)
    top = Unit.objects.party().filter(until=None).order_by("path").first()
    if top and (by := _recorder(top)):
        given = {
            "held_on": _working_day(day + timedelta(days=8)),
            "starts_at": time(15),
            "place": "第二会议室",
        }
        kind = "central_study" if top.kind == Unit.Kind.COMMITTEE else Kind.GENERAL_BOARD
        actions.plan(by, unit=top, kind=kind, again=True, **given, **study)


def _plan_next(by: Person, branch: Unit, day: date) -> None:
    """The whole branch meets within the week; a themed day of its own habit may stand there already."""
    ahead = Meeting.objects.filter(unit=branch, kind=Kind.THEMED_DAY, state=State.PLANNED, held_on__gt=day)
    if not ahead.exists():
        given = {"held_on": _working_day(day + AHEAD), "starts_at": time(17, 30), "place": "科室示教室"}
        topics = [TopicDraft(FIRST[1], Topic.Kind.FIRST)]
        actions.plan(
            by, unit=branch, kind=Kind.THEMED_DAY, title=THEMES[0], topics=topics, again=True, **given
        )
