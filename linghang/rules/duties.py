"""What a unit owes: recurring meeting duties, how often, from when, and to whom they apply.

A duty carries the versions of its rule and a dated list of frequencies. A change of frequency governs the periods
that begin on or after its day; a period under way is finished under the old one. A hospital's own frequency may be
stricter than the text, never looser: `statutory` refuses it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType

from linghang.rules.clauses import Rule, Value
from linghang.rules.periods import Kind, Period, Span, add_months, unbroken
from linghang.rules.register import PERIOD, TIMES, Settings, check_override, rule, versions

COMMITTEE = "committee"
GROUPS = "groups"

AMBER: Mapping[Kind, int] = MappingProxyType({Kind.MONTH: 10, Kind.QUARTER: 20, Kind.HALF: 30, Kind.YEAR: 45})


@dataclass(frozen=True)
class Frequency:
    """So many times in each period of a kind, for the periods that begin on or after `since`."""

    since: date
    kind: Kind
    times: int

    def begins(self, day: date) -> bool:
        """Whether this frequency is in force on the day and a period of its kind begins then."""
        return self.since <= day and Period.containing(self.kind, day).start == day


_WRITTEN = re.compile(r"每\s*(月|季度|季|半年|年)\s*(\d{1,2})\s*次")
_KINDS = {"月": Kind.MONTH, "季": Kind.QUARTER, "季度": Kind.QUARTER, "半年": Kind.HALF, "年": Kind.YEAR}


def read_frequency(written: str) -> tuple[Kind, int] | None:
    """“每季度 1 次” as a kind of period and a number of times; None for what does not say that."""
    found = _WRITTEN.fullmatch(written.strip())
    return (_KINDS[found[1]], int(found[2])) if found and int(found[2]) else None


@dataclass(frozen=True)
class Unit:
    """A unit's life, and since when it has what some duties presuppose (`COMMITTEE`, `GROUPS`)."""

    life: Span
    has: Mapping[str, Sequence[Span]] = field(default_factory=dict)


@dataclass(frozen=True)
class Event:
    """A meeting of one kind, held or planned; one that serves as several kinds is several events of one record."""

    day: date
    kind: str
    record: str
    held: bool = True
    year_of: int | None = None


@lru_cache(maxsize=256)
def _periods(frequencies: tuple[Frequency, ...], since: date, until: date) -> tuple[tuple[Period, int], ...]:
    """The same for every unit of a hospital, so worked out once."""
    known = sorted(frequencies, key=lambda each: each.since, reverse=True)
    known.append(Frequency(date.min, known[-1].kind, 0))
    day, found = date(since.year, 1, 1), []
    while day <= until:
        frequency = next(each for each in known if each.begins(day))
        period = Period(day, frequency.kind)
        if period.end >= since:
            found.append((period, frequency.times))
        day = period.end + timedelta(days=1)
    return tuple(found)


@dataclass(frozen=True)
class Duty:
    """One recurring duty; `closes` is the last day set by a year's notice, in place of the grace after the year."""

    name: str
    kinds: frozenset[str]
    versions: tuple[Rule, ...]
    frequencies: tuple[Frequency, ...]
    verb: str = "开"
    needs: str | None = None
    last_quarter: bool = False
    grace_months: int = 0
    closes: Mapping[int, date] = field(default_factory=dict)
    amber: Mapping[Kind, int] = field(default_factory=lambda: AMBER)

    @property
    def code(self) -> str:
        """The code of the rule behind the duty."""
        return self.versions[0].code

    def rule(self, on: date) -> Rule | None:
        """The version of the rule in force on a day, if any."""
        return next((each for each in self.versions if each.in_force(on)), None)

    def periods(self, since: date, until: date) -> Iterator[tuple[Period, int]]:
        """Every period from the year of `since` to the one in which `until` lies, with the times owed in it."""
        return iter(_periods(self.frequencies, since, until))

    def due_on(self, period: Period) -> date:
        """The last day for a period: its end, or for a year the end of the grace or the day set by its notice."""
        if period.kind is not Kind.YEAR:
            return period.end
        usual = add_months(period.next.start, self.grace_months) - timedelta(days=1)
        return self.closes.get(period.year, usual)

    def needed_part(self, period: Period) -> tuple[date, date]:
        """The part through which a unit must live to owe the duty: the whole period, or a year's last quarter."""
        if self.last_quarter and period.kind is Kind.YEAR:
            return Period.containing(Kind.QUARTER, period.end).start, period.end
        return period.start, period.end

    def applies(self, unit: Unit, period: Period) -> bool:
        """Whether the unit has what the duty presupposes throughout the needed part of the period."""
        return self.needs is None or unbroken(unit.has.get(self.needs, ()), *self.needed_part(period))


@dataclass(frozen=True)
class _Outline:
    name: str
    kind: str
    verb: str = "开"
    needs: str | None = None
    last_quarter: bool = False


_OUTLINES: Mapping[str, _Outline] = MappingProxyType(
    {
        "R-ZB-09": _Outline("党员大会", "members_meeting"),
        "R-ZB-10": _Outline("支委会", "committee_meeting", needs=COMMITTEE),
        "R-ZB-12": _Outline("党小组会", "group_meeting", needs=GROUPS),
        "R-ZB-14": _Outline("主题党日", "themed_day", "开展"),
        "R-ZB-16": _Outline("党课", "lesson", "上"),
        "R-ZB-17": _Outline("组织生活会", "life_meeting", last_quarter=True),
        "R-ZB-15": _Outline("党委书记党课", "secretary_lesson", "讲"),
        "R-ZB-18": _Outline("民主评议党员", "appraisal", "开展", last_quarter=True),
        "R-DW-01": _Outline("专题研究全面从严治党", "governance", "研究"),
        "R-DW-02": _Outline("中心组学习", "central_study", "开展"),
        "R-DW-03": _Outline("专题研究意识形态工作", "quarterly"),
        "R-DW-04": _Outline("领导班子民主生活会", "democratic_life", last_quarter=True),
        "R-DW-05": _Outline("书记抓党建述职评议", "debrief", "开展", last_quarter=True),
        "R-DW-06": _Outline("党委会", "committee"),
    }
)
STATUTORY = tuple(_OUTLINES)


def statutory(
    code: str,
    *,
    own: Mapping[date, Mapping[str, Value]] | None = None,
    closes: Mapping[int, date] | None = None,
    amber: Mapping[Kind, int] | None = None,
) -> Duty:
    """A recurring duty of a text (one of STATUTORY) with a hospital's own values, each from its own day."""
    outline, texts = _OUTLINES[code], versions(code)
    usual = check_override(texts[0], None)
    frequencies = [_frequency(date.min, usual)]
    for since, changes in sorted((own or {}).items()):
        frequencies.append(_frequency(since, check_override(rule(code, since), changes)))
    return Duty(
        name=outline.name,
        kinds=frozenset({outline.kind}),
        versions=texts,
        frequencies=tuple(frequencies),
        verb=outline.verb,
        needs=outline.needs,
        last_quarter=outline.last_quarter,
        grace_months=usual.number("grace_months") if "grace_months" in usual else 0,
        closes=closes if closes and "grace_months" in usual else {},
        amber={**AMBER, **(amber or {})},
    )


def _frequency(since: date, settings: Settings) -> Frequency:
    return Frequency(since, Kind(settings.number(PERIOD)), settings.number(TIMES))
