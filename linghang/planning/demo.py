"""One day of the monthly deployment in the demo hospital: items come in, the meeting is called, held, and sent out."""

import random
from datetime import date, time, timedelta
from functools import lru_cache

from linghang.activities.actions import ResolutionDraft, record_planned
from linghang.activities.models import Meeting
from linghang.kernel import clock
from linghang.org.demo import holder
from linghang.org.models import Person, Unit
from linghang.planning import actions, plan_demo
from linghang.planning.models import Item, meeting_of, month_of, next_month, top_unit
from linghang.rules.workdays import is_workday

# What departments ask for in the course of a year: text, reason, scope, whether it is business.
EVERY_OTHER_MONTH = (
    ("开展主题党日并于会后三日内记录", "支部工作条例 第十六条", Item.Scope.ALL, False),
    ("召开支部委员会，研究本月重点工作和党员思想状况", "支部工作条例 第十二条", Item.Scope.ALL, False),
)
SOMETIMES = (
    ("开展警示教育，组织观看警示片并讨论", "纪检监察室年度计划", Item.Scope.ALL, False),
    ("核对党员名册和组织关系，报送变动情况", "组织人事部", Item.Scope.ALL, False),
    ("报送支部品牌活动信息一篇", "宣传部年度计划", Item.Scope.ALL, False),
    ("完成廉政风险点复评", "纪检监察室", Item.Scope.CATEGORY, False),
    ("梳理门诊等候时间较长的环节，提出一条改进措施", "改善就医感受主题活动", Item.Scope.CATEGORY, True),
    ("分析本科室平均住院日并报改进目标", "医院年度运营目标", Item.Scope.CATEGORY, True),
    ("推荐入党积极分子人选", "年度发展党员计划", Item.Scope.ALL, False),
    ("组织一次党员义诊或进社区服务", "党委年度工作要点", Item.Scope.CATEGORY, True),
    ("清理意识形态阵地，核对微信群和公众号台账", "宣传部", Item.Scope.ALL, False),
    ("开展安全生产自查，报送隐患整改情况", "医院安全生产委员会", Item.Scope.ALL, True),
)
# What two other departments send in for the next meeting: it lies there for 党办 to accept.
LAST = (
    ("discipline_clerk", "组织观看警示教育片，支委会对照检查一次", "纪检监察室年度计划", Item.Scope.ALL),
    ("discipline_clerk", "核对廉政风险点清单，变动的报纪检监察室", "纪检监察室年度计划", Item.Scope.ALL),
    ("office_clerk", "报送先进典型线索一条", "宣传部来函", Item.Scope.ALL),
)
DECLINED = ("已列入季度安排，不重复布置", "属于职能科室职责，不下到支部", "与上月事项重复，合并办理")


@lru_cache(maxsize=64)
def working_days(month: date) -> tuple[date, ...]:
    """The working days of a month, in order."""
    length = (next_month(month) - month).days
    return tuple(day for n in range(length) if is_workday(day := month + timedelta(days=n)))


def play(day: date, rng: random.Random) -> None:
    """Submitted on the second working day, called on the third, held on the fifth and sent out the same afternoon."""
    unit, director = top_unit(), holder("office_director")
    days = working_days(month_of(day))
    if unit is None or director is None or day not in days or len(days) < 6:
        return
    plan_demo.play(unit, director, day, first=day == days[0])
    match days.index(day):
        case 1:
            _submit(unit, month_of(day), rng)
        case 2:
            _call(unit, director, days[4], rng)
        case 4:
            _hold(unit, director, month_of(day))


def _submit(unit: Unit, month: date, rng: random.Random) -> None:
    by = holder("contributor") or holder("office_clerk")
    if by is None or Item.objects.of(unit, month).exists():
        return
    last = working_days(month)[-1]
    for text, reason, scope, business in (EVERY_OTHER_MONTH[month.month % 2], rng.choice(SOMETIMES)):
        categories = ("clinical", "technical", "nursing") if scope == Item.Scope.CATEGORY else ()
        actions.submit(
            by,
            unit=unit,
            department=by.department or unit,
            month=month,
            text=text,
            reason=reason,
            due_on=last - timedelta(days=rng.choice((0, 0, 3, 6))),
            scope=scope,
            categories=categories,
            business=business,
            plan=plan_demo.serves(text, month),
        )


def _call(unit: Unit, director: Person, held_on: date, rng: random.Random) -> None:
    waiting = list(Item.objects.of(unit, month_of(held_on)).waiting().order_by("place"))
    for number, item in enumerate(waiting):
        if number and rng.random() < 0.12:
            actions.decline(item, director, reason=rng.choice(DECLINED))
        else:
            actions.accept(item, director)
    if meeting_of(unit, month_of(held_on)) is None:
        actions.call(director, unit=unit, held_on=held_on, starts_at=time(15), place="第一会议室")


def _hold(unit: Unit, director: Person, month: date) -> None:
    meeting = meeting_of(unit, month)
    if meeting is None or meeting.state != Meeting.State.PLANNED or meeting.held_on > clock.today():
        return
    items = list(Item.objects.of(unit, month).agreed().order_by("place"))
    agreed = [ResolutionDraft(item.text, item.due_on) for item in items]
    record_planned(meeting, director, chair=holder("party_secretary"), resolutions=agreed)
    if items:
        actions.deploy_month(director, unit=unit, month=month)


def leave(day: date, left: int) -> None:
    """On the last day: the next meeting stands, departments are asked for items, and what came in waits for 党办."""
    unit, director = top_unit(), holder("office_director")
    if left or unit is None or director is None:
        return
    month = month_of(day) if day < working_days(month_of(day))[4] else next_month(month_of(day))
    for role, text, reason, scope in LAST:
        if by := holder(role):
            wanted = {"text": text, "reason": reason, "scope": scope, "due_on": working_days(month)[-1]}
            actions.submit(by, unit=unit, department=by.department or unit, month=month, **wanted)
    if meeting_of(unit, month) is None:
        held_on = working_days(month)[4]
        actions.call(director, unit=unit, held_on=held_on, starts_at=time(15), place="第一会议室")
