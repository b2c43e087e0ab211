"""The twenty-five steps of becoming a Party member (发展党员工作细则), judged each by the text of its own day.

The organisation decides; these functions only hold what it decided against the text: was the step taken in its order
and time, by enough people of the right standing, with the papers that belong to it. What is late is a warning and never
a refusal, or old files could not be read in; what the text forbids (总支审批, 未满十八岁) is BLOCK.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from linghang.rules.clauses import Level, Rule, Verdict
from linghang.rules.deadlines import Deadline, deadline
from linghang.rules.dossier import COMMITTEE, HEARD, PAPERS, Dossier, Sponsor, Step
from linghang.rules.penalties import Act, permits
from linghang.rules.periods import add_months, add_years
from linghang.rules.register import check_override, rule
from linghang.rules.voting import Count, Vote, admission, confirmation
from linghang.rules.workdays import workdays_between


@dataclass(frozen=True)
class Standing:
    """One step on one day: taken when, until when it is due, and what the text says of it."""

    step: Step
    rule: Rule
    done_on: date | None
    due: Deadline | None
    verdicts: tuple[Verdict, ...]

    @property
    def level(self) -> Level:
        """The gravest of what is not met; INFO when all is well."""
        order = list(Level)
        missed = [verdict.level for verdict in self.verdicts if not verdict.met]
        return min(missed, key=order.index, default=Level.INFO)


def standings(file: Dossier, *, today: date) -> list[Standing]:
    """All twenty-five steps as they stand: what was taken is judged, what is open shows its deadline."""
    return [_standing(file, step, today) for step in Step]


def following(file: Dossier) -> Step | None:
    """The first step that was not taken yet, or None when the file is closed."""
    return next((step for step in Step if step not in file.done), None)


def judge(file: Dossier, step: Step) -> tuple[Verdict, ...]:
    """What the text of its day says of a step that was taken. Raises KeyError for one that was not."""
    day = file.done[step]
    law = rule(step.code, day)
    return (*_in_order(file, step, law), *_CHECKS.get(step, _nothing)(file, day, law))


def _standing(file: Dossier, step: Step, today: date) -> Standing:
    done_on = file.done.get(step)
    if done_on is not None:
        return Standing(step, rule(step.code, done_on), done_on, _due(file, step), judge(file, step))
    due, law = _due(file, step), rule(step.code, today)
    if due is None or today <= due.day:
        return Standing(step, law, None, due, ())
    return Standing(
        step,
        law,
        None,
        due,
        (law.verdict(False, f"{law.name}应在 {due.sentence}前办，已经超期", Level.WARN),),
    )


# After which step, and by which parameter, a step has its time.
_TIMED: dict[Step, tuple[Step, str]] = {
    Step.TALK: (Step.APPLICATION, "talk_months"),
    Step.ADMISSION: (Step.PRESCREENED, "meeting_months"),
    Step.APPROVAL: (Step.ADMISSION, "approval_months"),
    Step.OATH: (Step.APPROVAL, "oath_months"),
    Step.CONFIRMATION_APPROVED: (Step.CONFIRMATION, "approval_months"),
}


def _due(file: Dossier, step: Step) -> Deadline | None:
    """Until when a step is to be taken, where the text of the day that set the clock running names a time."""
    if step not in _TIMED:
        return None
    start, name = _TIMED[step]
    since = file.done.get(start)
    if since is None or name not in rule(step.code, since).defaults:
        return None
    return deadline(step.code, name, since, table=file.table)


def _in_order(file: Dossier, step: Step, law: Rule) -> Iterator[Verdict]:
    """The step before this one was taken, and not after it. Reviews and probation go on for months and bar nothing."""
    earlier = [each for each in Step if each < step and each not in (Step.REVIEWS, Step.PROBATION)]
    if not earlier:
        return
    last, day = earlier[-1], file.done[step]
    name = rule(last.code, day).name
    if last not in file.done:
        yield law.verdict(False, f"前一步“{name}”没有记录", Level.WARN)
    elif file.done[last] > day:
        yield law.verdict(False, f"前一步“{name}”在 {file.done[last]}，晚于本步 {day}", Level.WARN)


Checks = Callable[[Dossier, date, Rule], Iterable[Verdict]]


def _nothing(file: Dossier, day: date, law: Rule) -> Iterable[Verdict]:
    """Steps of which only the day and the order are known."""
    return (law.verdict(True, f"{day} {law.name}"),)


def _of_age(file: Dossier, day: date, law: Rule) -> Iterable[Verdict]:
    least = _number(law, "min_age")
    if file.born_on is None:
        return (law.verdict(False, "没有出生日期，无法核对年龄", Level.WARN),)
    return (law.verdict(add_years(file.born_on, least) <= day, f"{file.born_on} 出生，须年满 {least} 岁"),)


def _in_time(file: Dossier, day: date, law: Rule) -> Iterable[Verdict]:
    due = _due(file, Step(int(law.code[-2:])))
    if due is None:
        return _nothing(file, day, law)
    in_time = day <= due.day
    return (
        law.verdict(
            in_time,
            f"{day} {law.name}，期限 {due.sentence}{'' if in_time else '，超期'}",
            Level.WARN if not in_time else None,
        ),
    )


def _mentored(file: Dossier, day: date, law: Rule) -> Iterable[Verdict]:
    least, most = _number(law, "least"), _number(law, "most")
    yield law.verdict(
        least <= len(file.mentors) <= most,
        f"培养联系人 {len(file.mentors)} 名，应为 {least} 至 {most} 名正式党员",
    )
    yield from _full(file.mentors, law)


def _reviewed(file: Dossier, day: date, law: Rule) -> Iterable[Verdict]:
    months = _number(law, "review_months")
    began = file.done.get(Step.ACTIVIST)
    known = sorted([*([began] if began else []), *file.reviews])
    gaps = [(a, b) for a, b in pairwise(known) if add_months(a, months) < b]
    if gaps:
        return (law.verdict(False, f"{gaps[0][0]} 至 {gaps[0][1]} 超过 {months} 个月没有考察"),)
    return (law.verdict(bool(file.reviews), f"考察 {len(file.reviews)} 次，应每 {months} 个月一次"),)


def _trained_long_enough(file: Dossier, day: date, law: Rule) -> Iterable[Verdict]:
    months, since = _number(law, "training_months"), file.done.get(Step.ACTIVIST)
    if since is not None:
        earliest = add_months(since, months)
        yield law.verdict(
            day >= earliest, f"{since} 确定为积极分子，培养教育满一年（{earliest}）后才能列为发展对象"
        )
    missing = [who for who in HEARD if who not in file.heard]
    yield law.verdict(
        not missing,
        f"没有听取{'、'.join(missing)}的意见" if missing else "已听取各方意见",
        Level.WARN if missing else None,
    )


def _posted(file: Dossier, day: date, law: Rule) -> Iterable[Verdict]:
    if "posted_workdays" not in law.defaults:
        return _nothing(file, day, law)
    least = _number(law, "posted_workdays")
    if file.posted is None or file.posted.until is None:
        return (law.verdict(False, f"没有公示，应公示不少于 {least} 个工作日"),)
    days = workdays_between(file.posted.since - timedelta(days=1), file.posted.until, file.table)
    met = days.count >= least and file.posted.until <= day
    return (
        law.verdict(
            met, f"公示 {file.posted.since} 至 {file.posted.until}，{days}，应不少于 {least} 个工作日"
        ),
    )


def _introduced(file: Dossier, day: date, law: Rule) -> Iterable[Verdict]:
    wanted = _number(law, "introducers")
    yield law.verdict(
        len(file.introducers) == wanted, f"入党介绍人 {len(file.introducers)} 名，应为 {wanted} 名正式党员"
    )
    yield from _full(file.introducers, law)
    for each in file.introducers:
        for found in (permits(sanction, Act.INTRODUCING, on=day) for sanction in each.sanctions):
            if not found.met:
                yield law.verdict(False, f"{each.name}：{found.sentence}", found.level)


def _full(people: tuple[Sponsor, ...], law: Rule) -> Iterator[Verdict]:
    """Mentors and introducers are full members."""
    for each in people:
        if not each.full:
            yield law.verdict(False, f"{each.name}不是正式党员")


def _vetted(file: Dossier, day: date, law: Rule) -> Iterable[Verdict]:
    return (law.verdict(file.vetted, f"政治审查{'合格' if file.vetted else '没有合格的结论，不能发展入党'}"),)


def _trained(file: Dossier, day: date, law: Rule) -> Iterable[Verdict]:
    days, hours = _number(law, "training_days"), _number(law, "training_hours")
    met = file.training_days >= days or file.training_hours >= hours
    return (
        law.verdict(
            met,
            f"培训 {file.training_days:g} 天、{file.training_hours:g} 学时，应不少于 {days} 天或 {hours} 学时",
        ),
    )


def _staying(file: Dossier, day: date, law: Rule) -> Iterable[Verdict]:
    until = add_months(day, _number(law, "leaving_months"))
    if file.leaving_on is None:
        return _nothing(file, day, law)
    return (
        law.verdict(
            file.leaving_on > until, f"预计 {file.leaving_on} 离开单位；到 {until} 前将离开的一般不办理接收"
        ),
    )


def _admitted(file: Dossier, day: date, law: Rule) -> Iterable[Verdict]:
    yield from _in_time(file, day, law)
    yield _voted(file.admission_count, admission, day, law)


def _voted(count: Count | None, by: Callable[..., Vote], day: date, law: Rule) -> Verdict:
    if count is None:
        return law.verdict(False, "没有表决的票数", Level.WARN)
    vote = by(count, on=day)
    return vote.rule.verdict(vote.passed, vote.sentence)


def _approved(file: Dossier, day: date, law: Rule) -> Iterable[Verdict]:
    yield law.verdict(
        file.approver == COMMITTEE,
        f"由{file.approver}审批；总支、临时党组织和党组不能审批预备党员",
        Level.BLOCK if file.approver != COMMITTEE else None,
    )
    yield from _in_time(file, day, law)
    held = file.done.get(Step.ADMISSION)
    if held is not None and "longest_months" in law.defaults:
        latest = add_months(held, _number(law, "longest_months"))
        if day > latest:
            yield law.verdict(False, f"{held} 党员大会通过，特殊情况也不超过 {latest}", Level.BLOCK)


def _asked(file: Dossier, day: date, law: Rule) -> Iterable[Verdict]:
    ends = file.probation_ends
    return (
        (law.verdict(ends is None or day >= ends, f"预备期到 {ends}，期满才提出转正申请"),)
        if ends
        else _nothing(file, day, law)
    )


def _confirmed(file: Dossier, day: date, law: Rule) -> Iterable[Verdict]:
    yield _voted(file.confirmation_count, confirmation, day, law)
    yield law.verdict(file.outcome is not None, f"决定：{file.outcome}" if file.outcome else "没有记录决定")
    yield extensions(file.extensions, on=day)
    held = file.done.get(Step.ADMISSION)
    if file.extended_to is not None and held is not None:
        yield extension(held, file.extended_to, on=day)


def probation_ends(admitted_on: date) -> date:
    """R-FZ-21: the day on which a probation that began on that day is over, where it is not extended (第三十一条)."""
    return add_months(admitted_on, _number(rule("R-FZ-21", admitted_on), "probation_months"))


def extensions(times: int, *, on: date) -> Verdict:
    """R-FZ-23: how often a probation may be extended (第三十一条)."""
    law = rule("R-FZ-23", on)
    most = _number(law, "times")
    return law.verdict(
        times <= most, f"预备期延长 {times} 次，只能延长{'一' if most == 1 else f' {most} '}次"
    )


def extension(admitted_on: date, until: date, *, on: date) -> Verdict:
    """R-FZ-23: an extension lasts at least half a year and at most a year (第三十一条)."""
    law, ends = rule("R-FZ-23", on), probation_ends(admitted_on)
    least, most = _number(law, "shortest_months"), _number(law, "longest_months")
    first, last = add_months(ends, least), add_months(ends, most)
    return law.verdict(
        first <= until <= last,
        f"预备期到 {ends}，延长到 {until}；延长不少于{_long(least)}、不超过{_long(most)}，即 {first} 至 {last}",
    )


def _long(months: int) -> str:
    return {6: "半年", 12: "一年"}.get(months, f"{months} 个月")


def _filed(file: Dossier, day: date, law: Rule) -> Iterable[Verdict]:
    missing = [paper for paper in PAPERS if paper not in file.papers]
    return (law.verdict(not missing, f"档案缺{'、'.join(missing)}" if missing else "档案材料齐全"),)


def _number(law: Rule, name: str) -> int:
    return check_override(law, None).number(name)


_CHECKS: dict[Step, Checks] = {
    Step.APPLICATION: _of_age,
    Step.TALK: _in_time,
    Step.MENTORS: _mentored,
    Step.REVIEWS: _reviewed,
    Step.CANDIDATE_PROPOSED: _trained_long_enough,
    Step.CANDIDATE_AGREED: _posted,
    Step.INTRODUCERS: _introduced,
    Step.VETTING: _vetted,
    Step.TRAINING: _trained,
    Step.PRESCREENED: _staying,
    Step.ADMISSION: _admitted,
    Step.APPROVAL: _approved,
    Step.OATH: _in_time,
    Step.CONFIRMATION_ASKED: _asked,
    Step.CONFIRMATION: _confirmed,
    Step.CONFIRMATION_APPROVED: _in_time,
    Step.ARCHIVED: _filed,
}
