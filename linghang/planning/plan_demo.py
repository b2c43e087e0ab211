"""The plans of the demo hospital: drawn up for a year, divided into quarters, served by the months' items; duty lists."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from linghang.kernel import clock
from linghang.org.demo import holder
from linghang.org.models import Person, Unit
from linghang.planning import actions
from linghang.planning.models import Aim, Plan, Pledge
from linghang.rules.periods import Kind, Period, add_months, add_years

# Title, Party side, business side, a word of the framework's entry that it serves, words of items that serve it.
PLANS = (
    (
        "理论学习和支部建设走深走实",
        "第一议题、主题党日有质量",
        "",
        "支部",
        ("主题党日", "支部委员会", "名册"),
    ),
    (
        "提升医疗质量和患者安全",
        "党员带头落实核心制度，查房问题进支部",
        "核心制度落实，平均住院日下降",
        "业务",
        ("平均住院日", "安全生产"),
    ),
    ("改善患者就医体验", "党员先锋岗进门诊", "缩短等候时间，优化流程", "服务", ("门诊等候", "义诊")),
    ("推进清廉医院建设", "警示教育，风险点复评", "", "廉", ("警示", "廉政")),
)
LONG = ("三年行动：学科和人才培育", "党员人才双培养", "重点学科、后备人才分批扶持", "培养")
STEPS = ("摸底定责", "集中推进", "检查整改", "总结巩固")
SIGNS = 5  # one in so many of those who have not signed, on a day


def play(unit: Unit, director: Person, day: date, *, first: bool) -> None:
    """On the first working day of a month plans are drawn up and closed; lists are signed from day to day."""
    year = Period.containing(Kind.YEAR, day)
    if first:
        if not Plan.objects.filter(since=year.start, parent=None).exists():
            _draw(unit, director, year, day)
            actions.hand_out_year(director, year=year.year)
        _conclude(director, day)
    _sign(day)


def _draw(unit: Unit, director: Person, year: Period, day: date) -> None:
    aims = list(Aim.objects.in_use(clock.today()).filter(depth__gt=1)) or list(
        Aim.objects.in_use(clock.today()).filter(depth=1)
    )
    contributor = holder("contributor")
    department = contributor.department if contributor else None
    for title, party, business, word, _ in PLANS:
        wanted: dict[str, Any] = {
            "party": party,
            "business": business,
            "department": department if business else None,
        }
        aim = next((aim for aim in aims if word in aim.title), None)
        start, end = year
        plan = actions.draw_plan(director, unit=unit, title=title, since=start, until=end, aim=aim, **wanted)
        for quarter, step in zip(Period.between(Kind.QUARTER, start, end), STEPS, strict=True):
            if quarter.end < day:
                continue
            part = {"title": f"{title}：{step}", "since": quarter.start, "until": quarter.end}
            actions.draw_plan(director, unit=unit, parent=plan, **part, **wanted)
    if not Plan.objects.filter(title=LONG[0]).exists():
        title, party, business, word = LONG
        until = add_years(year.end, 2)
        aim = next((aim for aim in aims if word in aim.title), None)
        given: dict[str, Any] = {
            "party": party,
            "business": business,
            "aim": aim,
            "since": year.start,
            "until": until,
        }
        actions.draw_plan(director, unit=unit, title=title, **given)


def serves(text: str, month: date) -> Plan | None:
    """The quarter's plan that an item carries out, by its words."""
    title = next((each[0] for each in PLANS if any(word in text for word in each[4])), "")
    running = Plan.objects.running().filter(parent__title=title, since__lte=month, until__gte=month)
    found: Plan | None = running.first() if title else None
    return found


def _conclude(director: Person, day: date) -> None:
    """What ended a month ago and has nothing open is closed; the rest waits on the office's desk."""
    for plan in Plan.objects.running().filter(until__lt=add_months(day, -1)).order_by("-path"):
        try:
            if plan.items.exists() or plan.parts.exists():
                actions.conclude(plan, director, note="按安排完成。")
            else:
                actions.drop_plan(plan, director, reason="本期没有安排，并入下一期。")
        except ValidationError:
            continue


def _sign(day: date) -> None:
    """A fifth of them each day, without chance, so that the rest of the year does not hang on it."""
    for pledge in Pledge.objects.unsigned().filter(handed_on__lt=day).select_related("person"):
        if (pledge.pk + day.toordinal()) % SIGNS == 0:
            actions.sign_pledge(pledge, pledge.person)
