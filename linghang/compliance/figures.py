"""How a cell of a checkup is opened: the records of a stretch of days, and how the duty was judged in it."""

from typing import Any

from django.urls import reverse

from linghang.compliance import checkup
from linghang.compliance.actions import VIEW_DOUBLE_LIFE
from linghang.compliance.asof import as_of, asked_day
from linghang.compliance.double_life import asked_year, lives
from linghang.compliance.judge import Check, judged, scene_of
from linghang.compliance.models import Duty
from linghang.kernel.figures import Query, Sight, figure
from linghang.org.models import Post, Unit
from linghang.rules.periods import add_years

Judge = Duty.Judge
VIEW = "compliance.view_checkup"


@figure("compliance.duties", VIEW)
def open_duty(person: Any, pk: int, query: Query) -> Sight | None:
    """One duty (`duty`) of one unit over some days (`since`, `until`; else the last year), as known on a day (`on`)."""
    known = as_of(query)
    since, until = (
        asked_day(query, "since") or add_years(known.day, -1),
        asked_day(query, "until") or known.day,
    )
    # What was held early in a year may belong to the year before.
    check = _check(person, pk, query, since=add_years(since, -1))
    if check is None:
        return None
    standings, refs = checkup.behind(check, since, until)
    return Sight(
        title=str(check.duty),
        home=_home(check, known.query),
        words=[f"{since} 至 {until}", check.demand, *([f"截至 {known.day}"] if known.past else [])],
        refs=refs,
        empty="这一段没有记录。" if check.duty.judge in (Judge.MEETINGS, Judge.LINES) else "",
        judged=[(each.period.label, each.status.label, each.sentence) for each in standings]
        or [("这一段", "不要求", "不要求")],
        action=None if known.past else checkup.action(check, person),
        cite=check.cite,
        inhouse=check.inhouse,
    )


@figure("compliance.records", VIEW)
def open_records(person: Any, pk: int, query: Query) -> Sight | None:
    """The records of one duty that are not in order, or (`what=later`) were written down after the day asked about."""
    known, later = as_of(query), query.get("what") == "later"
    check = _check(person, pk, query)
    if check is None:
        return None
    refs, held = (check.later if later else check.faulty), check.scene.held
    said = {ref: "" if later else "、".join(held[ref].faults) for ref in refs}
    words = f"{known.day} 以后才补记" if later else "记录要补正"
    return Sight(
        title=f"{check.duty}：{words}",
        home=_home(check, known.query),
        words=["开没开与记录规不规范是两件事：补记照样计入，补正后这里自然消失"],
        refs=refs,
        empty="没有这样的记录。",
        judged=[
            (f"{held[ref].day}", "快到期", words or f"{held[ref].recorded_on} 记录")
            for ref, words in said.items()
        ],
        cite=check.cite,
        inhouse=check.inhouse,
    )


@figure("compliance.double_life", VIEW_DOUBLE_LIFE)
def open_double_life(person: Any, pk: int, query: Query) -> Sight | None:
    """The attendances of one leader in their own branch in a year: where they were expected, or (`of=came`) came."""
    year = asked_year(query)
    found = lives(Post.objects.within(person, VIEW_DOUBLE_LIFE).filter(person=pk), year)
    if not found:
        return None
    [life], came = found, query.get("of") == "came"
    return Sight(
        title=f"{life.post.person}：{'参加' if came else '应参加'}所在支部的组织生活",
        home=("双重组织生活", f"{reverse('compliance:double_life')}?year={year.key}"),
        words=[life.post.label, year.label],
        heading="参会记录",
        refs=life.came if came else life.called,
        empty="没有这样的记录。",
    )


def _check(person: Any, pk: int, query: Query, **more: Any) -> Check | None:
    """The duty of a unit within reach, judged on the day asked about."""
    unit = Unit.objects.within(person, VIEW).party().filter(pk=pk).first()
    code, day = query.get("duty", ""), as_of(query).day
    if unit is None or not code:
        return None
    # A lesson of the secretary may have been given in any branch.
    units = [unit] if unit.kind == Unit.Kind.BRANCH else [unit, *Unit.objects.branches().on(day)]
    scene = scene_of(units, today=day, code=code, **more)
    return next(iter(judged([unit], scene)[unit.pk]), None)


def _home(check: Check, on: str) -> tuple[str, str]:
    branch = check.unit.kind == Unit.Kind.BRANCH
    home = reverse("desk:branch", args=[check.unit.pk]) if branch else reverse("compliance:board")
    return f"{check.unit}体检", f"{home}?on={on}" if on else home
