"""Which branches hold which standard, on any day: read off the latest verification, kept nowhere.

自评 is a branch's own check by a standard, 核验 the check of those above. A branch holds the standard from the day its
verification passed, or what was found then was put right, until the standard's time is over.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from linghang.inspections.models import Answer, Check, Checklist, Finding, Round
from linghang.kernel import clock
from linghang.kernel.parameters import value
from linghang.org.models import Unit
from linghang.rules.periods import add_months

HUNDRED = Decimal(100)
LASTING = (6, 12, 24, 36)  # months; what a blueprint may say
WRONG = (Answer.Verdict.PARTLY, Answer.Verdict.NOT_OK)


class State(models.TextChoices):
    """How a branch stands by a standard."""

    HELD = "held", "达标"
    LAPSING = "lapsing", "将到期"
    LAPSED = "lapsed", "已到期"
    NOT_REACHED = "not_reached", "未达标"
    NEVER = "never", "未核验"


TONES = {State.HELD: "green", State.LAPSING: "amber", State.LAPSED: "red", State.NOT_REACHED: "red"}
LIGHTS = {"green": "正常", "amber": "快到期", "red": "要办", "grey": "未到期"}


@dataclass(frozen=True)
class Standing:
    """How one branch stands by one standard: since when and until (not included), or what is missing."""

    unit: Unit
    standard: Checklist
    state: State
    check: Check | None = None
    since: date | None = None
    until: date | None = None
    missing: tuple[str, ...] = ()

    @property
    def held(self) -> bool:
        return self.state in (State.HELD, State.LAPSING)

    @property
    def last_day(self) -> date | None:
        """The last day on which it is valid."""
        return self.until - timedelta(days=1) if self.until else None

    @property
    def tone(self) -> str:
        return TONES.get(self.state, "grey")

    @property
    def light(self) -> str:
        """The same in the words of a branch's lights."""
        return LIGHTS[self.tone]

    @property
    def words(self) -> str:
        """In one line: “达标，有效至 2027-03-11”, “未达标，还差：有制度（待整改）”."""
        if self.state == State.LAPSED:
            return f"已于 {self.last_day} 到期"
        if self.since:
            return f"{self.state.label}，有效至 {self.last_day}"
        lacks = f"，还差：{'、'.join(self.missing)}" if self.missing else ""
        return f"{self.state.label}{lacks}"


def in_force(day: date) -> Any:
    """The standards of that day, in the order of their codes."""
    return Checklist.objects.on(day).standards().order_by("code")


def bound(units: Any, day: date) -> Any:
    """The branches that standards are for on a day: a temporary one has its task and ends with it."""
    return units.on(day).branches().exclude(shape__in=Unit.TEMPORARY)


def standings(units: Iterable[Unit], day: date, standards: Iterable[Checklist]) -> list[Standing]:
    """How these branches stood on a day by each of these standards. At most three queries, however many there are."""
    branches, wanted = list(units), list(standards)
    if not branches or not wanted:
        return []
    checks = _verifications(branches, day).filter(round__checklist__code__in={each.code for each in wanted})
    latest = _latest(checks)
    tell = _teller(list(latest.values()), day)
    return [
        tell(unit, standard, latest.get((unit.pk, standard.code))) for standard in wanted for unit in branches
    ]


def verified(unit: Unit, day: date) -> list[Standing]:
    """How a branch stood on a day by each standard that it was ever verified by and that was in force."""
    still = in_force(day).filter(code=OuterRef("round__checklist__code"))
    latest = _latest(_verifications([unit], day).filter(Exists(still)))
    tell = _teller(list(latest.values()), day)
    return [tell(unit, check.round.checklist, check) for check in latest.values()]


def begun(where: Q, day: date) -> list[Standing]:
    """What every verification there came to, not only the latest, as known on that day."""
    checks = list(_known(where, day).select_related("unit"))
    tell = _teller(checks, day)
    return [tell(check.unit, check.round.checklist, check) for check in checks]


def _verifications(units: Sequence[Unit], day: date) -> Any:
    return _known(Q(unit__in=[unit.pk for unit in units]), day)


def _known(where: Q, day: date) -> Any:
    """Verifications as known on that day, the earlier first."""
    found = Check.objects.verifying().filter(where, confirmed_on__lte=day)
    return _scored(found).order_by("round__checklist__code", "confirmed_on", "pk")


def _scored(checks: Any) -> Any:
    """With the score; `flawed` where something was not 符合."""
    wrong = Answer.objects.filter(inspection=OuterRef("pk"), verdict__in=WRONG)
    return checks.with_score().annotate(flawed=Exists(wrong)).select_related("round__checklist")


def _latest(checks: Iterable[Any]) -> dict[tuple[int, str], Any]:
    """(unit, standard) ⇒ its latest verification, by whichever version of the standard."""
    return {(check.unit_id, check.round.checklist.code): check for check in checks}


def _teller(checks: Sequence[Any], day: date) -> Callable[[Unit, Checklist, Any], Standing]:
    """What tells how a branch stood by its check; all that has to be read for it is read here."""
    wrong = _wrong([check for check in checks if check.flawed])
    soon = day + timedelta(days=value("inspections.recheck_days")) if checks else day

    def tell(unit: Unit, standard: Checklist, check: Any) -> Standing:
        if check is None:
            return Standing(unit, standard, State.NEVER)
        return _judged(unit, standard, check, wrong.get(check.pk, []), day, soon)

    return tell


def _wrong(checks: Sequence[Check]) -> dict[int, list[Any]]:
    """What was not 符合 in each check: whether it was a finding, and the day on which that was put right."""
    if not checks:
        return {}
    found = Finding.objects.standing().filter(inspection=OuterRef("inspection"), item=OuterRef("item"))
    settled = found.with_order().annotate(settled=Coalesce("closed_on", "order_closed")).values("settled")
    answers = Answer.objects.filter(inspection__in=[check.pk for check in checks], verdict__in=WRONG)
    lines = answers.annotate(weighed=Exists(found), made_good_on=Subquery(settled[:1])).select_related("item")
    rows: dict[int, list[Any]] = defaultdict(list)
    for line in lines.order_by("item__place"):
        rows[line.inspection_id].append(line)
    return rows


def _judged(unit: Unit, standard: Checklist, check: Any, lines: list[Any], day: date, soon: date) -> Standing:
    """By the mark and the time of the version that was verified; what was put right counts as 符合 from that day."""
    mark = check.round.checklist
    good = [line for line in lines if line.made_good_on and line.made_good_on <= day]
    left = [line for line in lines if line not in good]
    blocked = any(line.weighed or line.verdict == Answer.Verdict.NOT_OK for line in left)
    score = check.score + sum(line.item.points - line.points for line in good)
    if blocked or not check.full or HUNDRED * score < mark.passes_at * check.full:
        missing = tuple(line.item.text + ("（待整改）" if line.weighed else "") for line in left)
        return Standing(unit, standard, State.NOT_REACHED, check, missing=missing)
    since = max([check.confirmed_on, *(line.made_good_on for line in good)])
    until = add_months(since, mark.lasts_months)
    state = State.LAPSED if until <= day else State.LAPSING if until <= soon else State.HELD
    return Standing(unit, standard, state, check, since, until)


def to_recheck(within: Any) -> list[Standing]:
    """Of the branches of these checks, those to be verified again; the soonest first."""
    checks = list(_scored(lapsing(within)).select_related("unit"))
    tell = _teller(checks, clock.today())
    told = [tell(check.unit, check.round.checklist, check) for check in checks]
    return sorted(told, key=lambda each: (each.until or date.min, each.unit.path))


def lapsing(within: Any) -> Any:
    """Of these checks, the latest verifications whose time is over or ends soon, with no new one arranged. The time runs
    from the day on which what was found had been put right."""
    today = clock.today()
    near = today + timedelta(days=value("inspections.recheck_days"))
    mended = Finding.objects.standing().with_order().annotate(settled=Coalesce("closed_on", "order_closed"))
    old = Q()
    for months in LASTING:
        last = add_months(near, -months)
        since = Exists(mended.filter(inspection=OuterRef("pk"), settled__gt=last))
        old |= Q(~since, round__checklist__lasts_months=months, confirmed_on__lte=last)
    still = in_force(today).filter(code=OuterRef("round__checklist__code"))
    same = Check.objects.filter(
        unit=OuterRef("unit"), round__checklist__code=OuterRef("round__checklist__code")
    )
    later = Q(confirmed_on__gt=OuterRef("confirmed_on")) | Q(
        confirmed_on=OuterRef("confirmed_on"), pk__gt=OuterRef("pk")
    )
    again, arranged = same.verifying().filter(later), same.being_verified()
    here = bound(Unit.objects, today)
    return within.verifying().filter(old, Exists(still), ~Exists(again), ~Exists(arranged), unit__in=here)


def standing_of(check: Check) -> Standing | None:
    """How its branch stands today by the standard that this check verified; None where a later check says so."""
    standard = check.round.checklist
    if not standard.is_standard or check.round.method != Round.Method.COMMITTEE:
        return None
    (found,) = standings([check.unit], clock.today(), [standard])
    return found if found.check == check else None
