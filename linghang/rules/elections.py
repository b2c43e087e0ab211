"""What belongs to an election beside its ballot (基层组织选举工作条例): delegates, second ballots, approval."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from linghang.rules.clauses import Value, Verdict
from linghang.rules.register import check_override, rule
from linghang.rules.voting import Election, Poll, election

Own = Mapping[str, Value] | None

REPORTED = ("书记", "副书记")


def delegates_allowed(members: int, scattered: bool, approval: str, *, on: date) -> Verdict:
    """R-XJ-02: five hundred members, or members far apart, may with approval elect by delegates (第四条)."""
    law = rule("R-XJ-02", on)
    least = check_override(law, None).number("min_members")
    reason = members >= least or scattered
    fact = f"党员 {members} 人{'，驻地分散' if scattered else ''}"
    return law.verdict(
        reason and bool(approval.strip()), f"{fact}；{least} 人以上或驻地分散的，经批准可开党员代表大会"
    )


def delegates(seats: int, candidates: int, *, on: date) -> Verdict:
    """R-XJ-05: a hundred to two hundred delegates, at most three hundred, with a fifth more candidates than seats."""
    law = rule("R-XJ-05", on)
    settings = check_override(law, None)
    low, high, most = (settings.number(name) for name in ("usual_min", "usual_max", "max_delegates"))
    needed = seats + settings.share("spare").least(seats)
    met = low <= seats <= high and candidates >= needed
    return law.verdict(
        met,
        f"代表 {seats} 名，一般 {low} 至 {high} 名，最多 {most} 名；候选人 {candidates} 名，至少 {needed} 名",
    )


def second_ballot(first: Election, poll: Poll, *, on: date) -> Election:
    """R-XJ-09, R-XJ-10: those tied at the last seat, or candidates for the seats left over, are voted on again.

    Raises ValueError where the first ballot left no seat, or somebody stands who was elected already.
    """
    if not first.vacant:
        raise ValueError("第一次投票已选满，不需要再次投票")
    if twice := [name for name in poll.votes if name in first.elected]:
        raise ValueError(f"{'、'.join(twice)}已经当选")
    if first.tied and set(poll.votes) != set(first.tied):
        raise ValueError(f"只就票数相等的{'、'.join(first.tied)}再次投票")
    return election(replace(poll, seats=first.vacant), on=on)


def may_reduce(elected: int, seats: int, *, on: date) -> Verdict:
    """R-XJ-10: with fewer through than seats there is another election; close to the number, seats may be reduced."""
    law = rule("R-XJ-10", on)
    if elected >= seats:
        return law.verdict(True, f"应选 {seats} 名，当选 {elected} 名")
    return law.verdict(
        False, f"应选 {seats} 名，当选 {elected} 名，应另行选举；接近应选名额的，经大会同意可减额"
    )


def reported(approvals: Mapping[str, str], *, on: date) -> Verdict:
    """R-XJ-11: secretary and deputy are reported for approval, the committee is filed (呈报审批章)."""
    law = rule("R-XJ-11", on)
    missing = [post for post in REPORTED if post in approvals and not approvals[post].strip()]
    said = f"{'、'.join(missing)}的选举结果还没有上级批复" if missing else "选举结果已经批复"
    return law.verdict(not missing, said)
