"""What the papers of an election say: drafts for the branch to print, put right, sign and send."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from linghang.activities.actions.ballots import named, on_the_ballot
from linghang.activities.actions.elections import seats_left, voters
from linghang.activities.models.elections import Ballot, Election
from linghang.kernel import clock
from linghang.rules import terms, voting

State = Election.State
PAPERS = {
    "request": "选举请示",
    "candidates": "选举候选人请示",
    "method": "选举办法",
    "script": "选举主持词",
    "slip": "选举选票",
    "tellers": "选举监票计票单",
    "report": "选举结果报告",
}
BEFORE_CANDIDATES = (State.DRAFTED, State.REQUESTED, State.APPROVED)
RESULT = (State.FORMED, State.REPORTED, State.ENACTED)


def offered(election: Election) -> list[str]:
    """The papers that this stage wants: none before what it says is known."""
    if election.state in BEFORE_CANDIDATES:
        return ["request"]
    names = ["request", "candidates", "method", "script", "slip", "tellers"]
    return [*names, "report"] if election.state in RESULT else names


def day_words(day: date | None) -> str:
    """As a document writes a day: “2026 年 11 月 22 日”; an unknown one is left to be filled in."""
    return f"{day.year} 年 {day.month} 月 {day.day} 日" if day else "    年  月  日"


def context_of(election: Election) -> dict[str, Any]:
    """Everything the seven templates may name."""
    today = clock.today()
    held_on = election.assembly.held_on if election.assembly else election.planned_on
    base = voters(election.unit, held_on)
    roster = [*base.counted, *(one.member for one in base.left_out)]
    left = seats_left(election)
    ballots = list(election.ballots.prefetch_related("tallies__person").select_related("scrutineer"))
    return {
        **_documents(election),
        **_candidates(election, left > 0),
        "unit": election.unit.name,
        "superior": election.unit.parent.name if election.unit.parent else "",
        "kind": election.get_kind_display(),
        "role": election.role.name if election.role else "",
        "direct": election.direct,
        "term": election.kind == Election.Kind.TERM,
        "reason": election.reason,
        "term_ends": day_words(election.term_ends_on),
        "planned": day_words(election.planned_on),
        "held_on": day_words(held_on),
        "place": election.assembly.place if election.assembly else "",
        "today": day_words(today),
        "seats": election.seats,
        "seats_left": left or election.seats,
        "open": left > 0,
        "what": _what(election),
        "full": sum(1 for one in roster if one.confirmed_on is not None and one.confirmed_on <= held_on),
        "expected": base.size,
        "base": base.sentence,
        "needed_present": _needed(base.size, held_on),
        "assembly_ballots": [_ballot(one) for one in ballots if one.contest == Ballot.Contest.MEMBERS],
        "board_ballots": [_ballot(one) for one in ballots if one.contest != Ballot.Contest.MEMBERS],
        "posts": [
            f"{one.role.name}：{one.person.name}"
            for one in election.assignments.select_related("person", "role")
        ],
    }


def _what(election: Election) -> str:
    if election.role is not None:
        return f"{election.role.name} 1 名"
    return "支部书记 1 名" if election.direct else f"支部委员会委员 {election.seats} 名"


def _documents(election: Election) -> dict[str, str]:
    return {
        "reply_number": election.reply_number,
        "replied_on": day_words(election.replied_on),
        "candidates_number": election.candidates_number,
        "candidates_on": day_words(election.candidates_on),
        "formed_on": day_words(election.formed_on),
    }


def _candidates(election: Election, open_: bool) -> dict[str, Any]:
    """Names, and the particulars that a request gives of each; on the ballot only those who are voted on next."""
    everybody = list(election.candidates.select_related("person"))
    now = on_the_ballot(election) if open_ else everybody
    names = named([one.person for one in everybody])
    return {
        "candidates": [_person(one.place, one.person) for one in everybody],
        "names": "、".join(names[one.person_id] for one in everybody),
        "slip": [{"name": names[one.person_id]} for one in now],
        "again": len(now) < len(everybody),
    }


def _person(number: int, person: Any) -> dict[str, Any]:
    return {
        "number": number,
        "name": person.name,
        "sex": person.get_sex_display(),
        "born": f"{person.birth_on:%Y.%m}" if person.birth_on else "",
        "joined": f"{person.joined_on:%Y.%m}" if person.joined_on else "",
        "position": "、".join(filter(None, (person.position, person.title))),
    }


def _ballot(one: Ballot) -> dict[str, Any]:
    tallies: Sequence[Any] = list(one.tallies.all())
    return {
        "title": str(one),
        "contest": one.get_contest_display(),
        "number": one.number,
        "held_on": day_words(one.held_on),
        "base": one.base,
        "present": one.present,
        "issued": one.issued,
        "returned": one.returned,
        "void": one.void,
        "scrutineer": one.scrutineer.name if one.scrutineer else "",
        "verdict": one.verdict,
        "cite": one.cite,
        "rows": [
            {"name": t.person.name, "votes": t.votes, "outcome": t.get_outcome_display()} for t in tallies
        ],
    }


def _needed(size: int, day: date) -> int:
    """How many must be present, by the rule of the day; nobody with a vote leaves nothing to compute."""
    if not size:
        return 0
    poll = voting.Poll(base=size, present=0, issued=0, returned=0, seats=1, votes={})
    return voting.election(poll, on=day).needed_present


def timing(election: Election) -> str:
    """Whether the election is early or late against the term, and the article that says what that wants (R-ZB-25)."""
    if election.kind != Election.Kind.TERM or election.term_ends_on is None:
        return ""
    day = election.assembly.held_on if election.assembly else election.planned_on
    found = terms.election_day(terms.Body.BRANCH, election.term_ends_on, day, election.reply_number)
    return f"{found.sentence}（{found.cite}）"
