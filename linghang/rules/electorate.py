"""Who counts in a vote: the base D on the day of the meeting, with a reason for everyone left out.

Probationary members and those under 留党察看 have no vote (选举工作条例 第五条, R-XJ-03); the five situations of
R-BJ-07 leave a member out only after the superior organisation agreed and the members' meeting passed it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from linghang.rules.clauses import Rule
from linghang.rules.periods import Span
from linghang.rules.register import rule

EXCUSES = (
    "精神疾病或因病不能表达意志",
    "出国（境）半年以上",
    "未受留党察看以上处分但正在服刑",
    "年老体弱卧床或长期生病生活不能自理",
    "因调动、下派、外出学习工作半年以上，应转未转组织关系",
)


@dataclass(frozen=True)
class Excuse:
    """A reason, usually one of EXCUSES, for not counting a member, and the day on which that was passed."""

    reason: str
    span: Span
    passed_on: date | None = None

    def holds(self, on: date) -> bool:
        """Whether it leaves the member out of a vote on that day."""
        return on in self.span and self.passed_on is not None and self.passed_on <= on


@dataclass(frozen=True)
class Member:
    """A member of the branch as far as voting goes; without `confirmed_on` still probationary."""

    key: str
    name: str
    belongs: Span
    confirmed_on: date | None = None
    watched: tuple[Span, ...] = ()
    suspended: tuple[Span, ...] = ()
    excuses: tuple[Excuse, ...] = ()


@dataclass(frozen=True)
class LeftOut:
    """A member who does not count, why, and the rule that says so."""

    member: Member
    reason: str
    rule: Rule


@dataclass(frozen=True)
class Base:
    """The number of members expected with a vote (应到会有表决权人数), and how it was found."""

    on: date
    counted: tuple[Member, ...]
    left_out: tuple[LeftOut, ...]
    amended_to: int | None = None
    amended_because: str = ""

    @property
    def size(self) -> int:
        """D: as computed, or as amended by hand."""
        return len(self.counted) if self.amended_to is None else self.amended_to

    @property
    def sentence(self) -> str:
        """How the number came about, in Chinese."""
        parts = [f"应到会有表决权 {self.size} 人"]
        if self.amended_to is not None:
            parts.append(f"系统算得 {len(self.counted)} 人，改动理由：{self.amended_because}")
        if self.left_out:
            names = "、".join(f"{each.member.name}（{each.reason}）" for each in self.left_out)
            parts.append(f"不计入 {len(self.left_out)} 人：{names}")
        return "；".join(parts)

    def amended(self, size: int, because: str) -> "Base":
        """The base set by hand, which is allowed only with a reason."""
        if not because.strip():
            raise ValueError("改动应到会人数必须填写理由")
        return replace(self, amended_to=size, amended_because=because.strip())


def base(members: Iterable[Member], on: date) -> Base:
    """The base of a vote held on a day, from the members who belong to the branch that day (R-XJ-03, R-BJ-07)."""
    counted, left_out = [], []
    for member in (member for member in members if on in member.belongs):
        without = _without_vote(member, on)
        if without:
            left_out.append(without)
        else:
            counted.append(member)
    return Base(on, tuple(counted), tuple(left_out))


def _without_vote(member: Member, on: date) -> LeftOut | None:
    voters = rule("R-XJ-03", on)
    if member.confirmed_on is None or on < member.confirmed_on:
        return LeftOut(member, "预备党员", voters)
    if any(on in span for span in member.watched):
        return LeftOut(member, "留党察看期间", voters)
    if any(on in span for span in member.suspended):
        return LeftOut(member, "党员权利被中止", voters)
    excuse = next((excuse for excuse in member.excuses if excuse.holds(on)), None)
    return LeftOut(member, excuse.reason, rule("R-BJ-07", on)) if excuse else None
