"""Votes and elections: who must be present, how many votes decide, and why; whole numbers only.

Three bases must not be mixed up: resolutions and the admission of members are decided by those who should be
there (应到会), an election by those who are there (实到会), and an election needs four fifths of the members present.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from linghang.rules.clauses import Level, Rule, Share, Value, Verdict
from linghang.rules.electorate import Base
from linghang.rules.register import check_override, rule

Own = Mapping[str, Value] | None


@dataclass(frozen=True)
class Count:
    """What was counted at a meeting: expected D, present A, yes Y, and written opinions W of those absent."""

    base: int | Base
    present: int
    yes: int
    written: int = 0
    written_yes: int = 0
    secret: bool = False

    def __post_init__(self) -> None:
        _check(self.expected >= 1, "应到会人数至少为 1")
        _check(min(self.present, self.written) >= 0, "人数不能为负")
        _check(self.present + self.written <= self.expected, "实到与书面意见之和多于应到会人数")
        _check(0 <= self.yes <= self.present, "赞成票多于实到人数")
        _check(0 <= self.written_yes <= self.written, "书面赞成多于书面意见")

    @property
    def expected(self) -> int:
        """D as a number."""
        return self.base.size if isinstance(self.base, Base) else self.base


@dataclass(frozen=True)
class Vote:
    """The verdict on one vote: could the meeting be held, did the motion pass, and by which rule."""

    rule: Rule
    base: int
    present: int
    yes: int
    needed_present: int
    needed_yes: int
    held: bool
    passed: bool
    sentence: str

    @property
    def level(self) -> Level:
        """How much it matters: nothing when it passed, else the rule's level."""
        return Level.INFO if self.passed else self.rule.level


@dataclass(frozen=True)
class _Manner:
    """How one occasion counts: by which rule, whether written opinions count, and of whom the majority is taken."""

    code: str
    written_counts: bool = False
    of_present: bool = False


def resolution(count: Count, *, on: date, own: Own = None) -> Vote:
    """A general resolution of a members' meeting: present and in favour more than half of those expected.

    支部工作条例 第十一条 (R-BJ-01). Written opinions are shown, not counted.
    """
    return _judge(_Manner("R-BJ-01"), count, on, own)


def admission(count: Count, *, on: date, own: Own = None) -> Vote:
    """Admitting a probationary member: by secret ballot, more than half of those expected.

    发展党员工作细则 第十九、二十条 (R-BJ-02). A written opinion given before the meeting counts as a vote.
    """
    return _judge(_Manner("R-BJ-02", written_counts=True), count, on, own)


def confirmation(count: Count, *, on: date, own: Own = None) -> Vote:
    """Confirming, extending or cancelling a probationary membership: as for admission.

    发展党员工作细则 第三十一、三十二条 (R-BJ-03).
    """
    return _judge(_Manner("R-BJ-03", written_counts=True), count, on, own)


def branch_committee(count: Count, *, on: date, own: Own = None) -> Vote:
    """A branch committee: at least half of its members present, decided by the majority of those present.

    支部工作条例 第十二条 (R-BJ-04); the text names no number of votes, so a miss is a warning, not a refusal.
    """
    return _judge(_Manner("R-BJ-04", of_present=True), count, on, own)


def party_committee(count: Count, *, on: date, own: Own = None) -> Vote:
    """An ordinary topic of the hospital's Party committee: half present, more than half of all in favour.

    Rests on the hospital's own rules of procedure (R-BJ-05); opinions of those absent are not counted.
    """
    return _judge(_Manner("R-BJ-05"), count, on, own)


def party_committee_cadres(count: Count, *, on: date, own: Own = None) -> Vote:
    """Appointments and other weighty topics: two thirds present, more than half of all members in favour.

    Rests on the hospital's own rules of procedure (R-BJ-06); opinions of those absent are not counted.
    """
    return _judge(_Manner("R-BJ-06"), count, on, own)


def contest(count: Count, *, on: date, quorum: Share, majority: Share) -> Vote:
    """A democratic vote in a contest for a post (R-BJ-08): always secret, both shares set by the contest's plan."""
    return _judge(_Manner("R-BJ-08"), count, on, {"quorum": quorum, "majority": majority})


def _judge(manner: _Manner, count: Count, on: date, own: Own) -> Vote:
    law = rule(manner.code, on)
    settings = check_override(law, own)
    quorum, majority = settings.share("quorum"), settings.share("majority")
    yes = count.yes + (count.written_yes if manner.written_counts else 0)
    voters = count.present if manner.of_present else count.expected
    held = quorum.reached(count.present, count.expected)
    in_form = count.secret or not settings.number("secret_ballot")
    passed = held and in_form and majority.reached(yes, voters)
    needed_yes = majority.least(voters)
    return Vote(
        rule=law,
        base=count.expected,
        present=count.present,
        yes=yes,
        needed_present=quorum.least(count.expected),
        needed_yes=needed_yes,
        held=held,
        passed=passed,
        sentence=_attendance(law, quorum, count)
        + (_ballot(manner, majority, count, yes, needed_yes, in_form) if held else ""),
    )


def _attendance(law: Rule, quorum: Share, count: Count) -> str:
    fact = f"应到会 {count.expected} 人，实到 {count.present} 人"
    if quorum.reached(count.present, count.expected):
        return f"{fact}，可以开会"
    edge = f"（{law.note}）" if law.note and 2 * count.present == count.expected else ""
    return f"{fact}，须{quorum}到会（至少 {quorum.least(count.expected)} 人），不能开会{edge}"


def _ballot(manner: _Manner, majority: Share, count: Count, yes: int, needed: int, in_form: bool) -> str:
    if not in_form:
        return "；须无记名投票，本次表决不作数"
    written = ""
    if count.written:
        how = f"计入票数（赞成 {count.written_yes}）" if manner.written_counts else "只作记录，不计票"
        written = f"（会前书面意见 {count.written} 份，{how}）"
    whom = "实到会" if manner.of_present else "应到会"
    result = "通过" if yes >= needed else "未通过"
    return f"；赞成 {yes} 票{written}，须{whom}人数{majority}（至少 {needed} 票），{result}"


@dataclass(frozen=True)
class Poll:
    """An election by ballot as it was counted: candidates with their votes, ballots issued F and returned H."""

    base: int | Base
    present: int
    issued: int
    returned: int
    seats: int
    votes: Mapping[str, int]
    secret: bool = True
    proxies: int = 0

    def __post_init__(self) -> None:
        _check(self.expected >= 1 and self.seats >= 1, "应到会人数和应选名额至少为 1")
        _check(0 <= self.present <= self.expected, "实到人数多于应到会人数")
        _check(0 <= self.issued <= self.present, "发出选票多于实到人数")
        _check(all(0 <= got <= self.returned for got in self.votes.values()), "得票多于收回选票")
        _check(sum(self.votes.values()) <= self.returned * self.seats, "得票总数多于全部选票可选的人数")

    @property
    def expected(self) -> int:
        """D as a number."""
        return self.base.size if isinstance(self.base, Base) else self.base


@dataclass(frozen=True)
class Election:
    """The verdict on an election: held, valid, who is elected, who is voted on again, and the seats left over."""

    rule: Rule
    held: bool
    valid: bool
    base: int
    present: int
    needed_present: int
    needed_yes: int
    elected: tuple[str, ...]
    tied: tuple[str, ...]
    vacant: int
    sentence: str

    @property
    def level(self) -> Level:
        """How much it matters: nothing when every seat is filled, else the level of the rule in the way."""
        return Level.INFO if self.valid and not self.vacant else self.rule.level


def election(poll: Poll, *, on: date, own: Own = None) -> Election:
    """An election at a members' meeting: four fifths present, elected by more than half of those present.

    基层组织选举工作条例, 选举的实施章 (R-XJ-06 … 10); until 2020-07-12 “more than” four fifths had to be present.
    """
    needed_present = _quorum(on, own).least(poll.expected)
    needed_yes = check_override(rule("R-XJ-09", on), None).share("majority").least(poll.present)
    obstacle = _obstacle(poll, needed_present, on)
    elected, tied = ((), ()) if obstacle else _ranked(poll, needed_yes)
    vacant = poll.seats - len(elected)
    law, sentence = obstacle or (rule("R-XJ-09", on), _outcome(poll, needed_yes, elected, tied))
    return Election(
        rule=law,
        held=poll.present >= needed_present,
        valid=obstacle is None,
        base=poll.expected,
        present=poll.present,
        needed_present=needed_present,
        needed_yes=needed_yes,
        elected=elected,
        tied=tied,
        vacant=vacant,
        sentence=sentence,
    )


def ballots_valid(issued: int, returned: int, *, on: date) -> Verdict:
    """R-XJ-08: an election is valid if no more ballots come back than were issued, else it is held again."""
    valid = returned <= issued
    fact = f"发出选票 {issued} 张，收回 {returned} 张"
    return rule("R-XJ-08", on).verdict(valid, f"{fact}，{'选举有效' if valid else '选举无效，应重新选举'}")


def ballot_valid(chosen: int, seats: int, *, on: date) -> Verdict:
    """R-XJ-08: a ballot that names more people than there are seats is void; fewer are allowed."""
    valid = chosen <= seats
    fact = f"应选 {seats} 人，本票选 {chosen} 人"
    return rule("R-XJ-08", on).verdict(valid, f"{fact}，{'有效' if valid else '为废票'}")


def nomination(candidates: int, seats: int, *, on: date, own: Own = None) -> Verdict:
    """R-XJ-04: candidates for a committee exceed the seats by at least a fifth."""
    law = rule("R-XJ-04", on)
    needed = seats + check_override(law, own).share("spare").least(seats)
    return law.verdict(candidates >= needed, f"应选 {seats} 人，候选人 {candidates} 人，至少应有 {needed} 人")


def _quorum(on: date, own: Own) -> Share:
    return check_override(rule("R-XJ-06", on), own).share("quorum")


def _obstacle(poll: Poll, needed_present: int, on: date) -> tuple[Rule, str] | None:
    """The first rule that makes the election void, and the sentence that says so."""
    if poll.present < needed_present:
        fact = f"应到会 {poll.expected} 人，实到 {poll.present} 人"
        return rule("R-XJ-06", on), f"{fact}，至少 {needed_present} 人到会才能选举"
    if not poll.secret or poll.proxies:
        return rule("R-XJ-07", on), "选举须无记名投票，不得委托他人代为投票，本次选举无效"
    returned = ballots_valid(poll.issued, poll.returned, on=on)
    return None if returned.met else (returned.rule, returned.sentence)


def _ranked(poll: Poll, needed: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Who is elected, and who is tied for the last seats and must be voted on again (R-XJ-09)."""
    through = sorted(
        (name for name, got in poll.votes.items() if got >= needed), key=lambda name: -poll.votes[name]
    )
    if len(through) <= poll.seats:
        return tuple(through), ()
    edge = poll.votes[through[poll.seats - 1]]
    if poll.votes[through[poll.seats]] < edge:
        return tuple(through[: poll.seats]), ()
    above = tuple(name for name in through if poll.votes[name] > edge)
    return above, tuple(name for name in through if poll.votes[name] == edge)


def _outcome(poll: Poll, needed: int, elected: tuple[str, ...], tied: tuple[str, ...]) -> str:
    parts = [f"实到会 {poll.present} 人，须得赞成票 {needed} 票以上", f"当选：{'、'.join(elected) or '无'}"]
    if tied:
        parts.append(f"{'、'.join(tied)}票数相等，应就他们再次投票")
    elif len(elected) < poll.seats:
        parts.append(f"尚缺 {poll.seats - len(elected)} 名，另行选举；接近应选名额的也可减额")
    return "；".join(parts)


def _check(holds: bool, complaint: str) -> None:
    if not holds:
        raise ValueError(complaint)
