"""Random rosters, votes and leaves: the verdict equals an independent count, slow and obvious, one person at a time."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from linghang.rules import voting
from linghang.rules.electorate import EXCUSES, Excuse, Member, base
from linghang.rules.periods import Span
from linghang.rules.voting import Count, Poll

DAY = date(2026, 9, 1)
days = st.integers(-400, 400).map(lambda shift: DAY + timedelta(days=shift))


@st.composite
def spans(draw):
    since = draw(days)
    return Span(since, draw(st.none() | st.integers(0, 500).map(lambda more: since + timedelta(days=more))))


@st.composite
def excuses(draw):
    return Excuse(draw(st.sampled_from(EXCUSES)), draw(spans()), draw(st.none() | days))


@st.composite
def rosters(draw):
    return [
        Member(
            key=str(number),
            name=str(number),
            belongs=draw(spans()),
            confirmed_on=draw(st.none() | days),
            watched=tuple(draw(st.lists(spans(), max_size=1))),
            suspended=tuple(draw(st.lists(spans(), max_size=1))),
            excuses=tuple(draw(st.lists(excuses(), max_size=2))),
        )
        for number in range(draw(st.integers(0, 12)))
    ]


def inside(span):
    return span.since <= DAY and not (span.until and span.until < DAY)


def has_a_vote(member):
    """One question after the other, as a clerk would ask them."""
    if not inside(member.belongs):
        return False
    if not member.confirmed_on or member.confirmed_on > DAY:
        return False
    for span in member.watched + member.suspended:
        if inside(span):
            return False
    for excuse in member.excuses:
        if inside(excuse.span) and excuse.passed_on and excuse.passed_on <= DAY:
            return False
    return True


@given(rosters())
def test_the_base_is_who_a_clerk_would_count(roster):
    found = base(roster, DAY)
    expected = {member.key for member in roster if has_a_vote(member)}
    assert {member.key for member in found.counted} == expected
    there = {member.key for member in roster if inside(member.belongs)}
    assert {each.member.key for each in found.left_out} == there - expected
    assert not [member for member in found.counted if member.confirmed_on is None]


def raised_hands(data, expected):
    """Who came, who sent a written opinion, and what each said: 'yes', 'no' or nothing."""
    came = [data.draw(st.booleans()) for _ in range(expected)]
    wrote = [not here and data.draw(st.booleans()) for here in came]
    yes = [data.draw(st.booleans()) for _ in range(expected)]
    return came, wrote, yes


@given(st.data(), st.integers(1, 60))
def test_resolutions_and_admissions_are_decided_as_counted_one_by_one(data, expected):
    came, wrote, yes = raised_hands(data, expected)
    hands = [here and says for here, says in zip(came, yes, strict=True)]
    letters = [sent and says for sent, says in zip(wrote, yes, strict=True)]
    count = Count(expected, sum(came), sum(hands), sum(wrote), sum(letters), secret=True)
    half_came = sum(came) * 2 > expected
    assert voting.resolution(count, on=DAY).passed is (half_came and sum(hands) * 2 > expected)
    counted = sum(hands) + sum(letters)
    assert voting.admission(count, on=DAY).passed is (half_came and counted * 2 > expected)
    assert voting.confirmation(count, on=DAY).passed is (half_came and counted * 2 > expected)
    board = voting.branch_committee(count, on=DAY)
    assert board.passed is (sum(came) * 2 >= expected and sum(hands) * 2 > sum(came))


@given(st.data(), st.integers(1, 60), st.integers(1, 4))
def test_an_election_is_decided_as_counted_ballot_by_ballot(data, expected, seats):
    present = data.draw(st.integers(0, expected))
    names = [f"候选{n}" for n in range(data.draw(st.integers(1, seats + 2)))]
    ballots = [
        data.draw(st.lists(st.sampled_from(names), unique=True, max_size=seats)) for _ in range(present)
    ]
    votes = {name: sum(name in ballot for ballot in ballots) for name in names}
    found = voting.election(Poll(expected, present, present, present, seats, votes), on=DAY)
    enough = present * 5 >= expected * 4
    assert found.held is enough
    if not enough:
        assert not found.elected
        return
    through = [name for name in names if votes[name] * 2 > present]
    better = {name: sum(votes[other] > votes[name] for other in through) for name in through}
    level = {name: sum(votes[other] == votes[name] for other in through) for name in through}
    safe = {name for name in through if better[name] + level[name] <= seats}
    assert set(found.elected) == safe
    assert set(found.tied) == {name for name in through if better[name] < seats and name not in safe}
