"""Votes and elections: golden tables with the article beside each case."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linghang.rules import voting
from linghang.rules.clauses import Level, Share
from linghang.rules.electorate import EXCUSES, Excuse, Member, base
from linghang.rules.periods import Span
from linghang.rules.register import TooLoose
from linghang.rules.voting import Count, Poll

DAY = date(2026, 9, 1)
ALWAYS = Span(date(2015, 1, 1))
LONG_AGO = date(2016, 7, 1)


def member(name, **more):
    return Member(name, name, ALWAYS, **{"confirmed_on": LONG_AGO, **more})


@pytest.mark.parametrize(
    ("expected", "present", "yes", "held", "passed"),
    [
        (7, 4, 4, True, True),  # 第十一条 到会、赞成都以应到会人数计
        (7, 3, 3, False, False),
        (7, 5, 3, True, False),  # 赞成 3 票过了实到的一半，不够应到的一半
        (8, 4, 4, False, False),  # 恰好半数到会，从严不开
        (8, 5, 5, True, True),
        (8, 8, 4, True, False),  # 恰好半数赞成不算超过
        (1, 1, 1, True, True),
        (2, 2, 1, True, False),
        (50, 26, 26, True, True),
    ],
)
def test_a_resolution_needs_more_than_half_of_those_expected(expected, present, yes, held, passed):
    vote = voting.resolution(Count(expected, present, yes), on=DAY)
    assert (vote.held, vote.passed) == (held, passed)
    assert vote.rule.cite == "支部工作条例 第十一条"
    assert vote.level is (Level.INFO if passed else Level.BLOCK)


def test_the_sentence_says_why_exactly_half_is_not_enough():
    vote = voting.resolution(Count(8, 4, 4), on=DAY)
    assert vote.needed_present == 5
    assert vote.sentence.startswith(
        "应到会 8 人，实到 4 人，须超过半数到会（至少 5 人），不能开会（条例写“半数以上到会”"
    )
    assert voting.resolution(Count(8, 3, 3), on=DAY).sentence.endswith("不能开会")


def test_a_written_opinion_is_shown_but_not_counted_in_a_resolution():
    vote = voting.resolution(Count(7, 5, 3, written=2, written_yes=2), on=DAY)
    assert not vote.passed
    assert vote.yes == 3
    assert "会前书面意见 2 份，只作记录，不计票" in vote.sentence


@pytest.mark.parametrize("judge", [voting.admission, voting.confirmation])
@pytest.mark.parametrize(
    ("count", "held", "passed"),
    [
        (Count(7, 5, 3, written=1, written_yes=1, secret=True), True, True),  # 第二十条 书面意见计入票数
        (Count(7, 5, 3, written=1, secret=True), True, False),
        (Count(7, 3, 3, written=4, written_yes=4, secret=True), False, False),  # 书面意见不算到会
        (Count(7, 5, 5), True, False),  # 须无记名
        (Count(7, 4, 4, secret=True), True, True),
    ],
)
def test_admitting_and_confirming_members(judge, count, held, passed):
    """发展党员工作细则（2026）第十九、二十、三十一、三十二条."""
    vote = judge(count, on=DAY)
    assert (vote.held, vote.passed) == (held, passed)
    assert vote.rule.version == 2


def test_the_sentence_of_an_admission_names_written_opinions_and_form():
    counted = voting.admission(Count(7, 5, 3, written=1, written_yes=1, secret=True), on=DAY)
    assert counted.sentence.endswith(
        "赞成 4 票（会前书面意见 1 份，计入票数（赞成 1）），须应到会人数超过半数（至少 4 票），通过"
    )
    assert voting.admission(Count(7, 5, 5), on=DAY).sentence.endswith("须无记名投票，本次表决不作数")


def test_an_admission_before_the_revision_is_judged_by_the_older_text():
    vote = voting.admission(Count(7, 5, 5), on=date(2026, 5, 10))
    assert vote.passed
    assert vote.rule.cite.startswith("发展党员工作细则（2014）")


@pytest.mark.parametrize(
    ("expected", "present", "yes", "held", "passed"),
    [
        (5, 3, 2, True, True),  # 第十二条 半数以上委员到会，少数服从多数
        (4, 2, 2, True, True),  # 恰好半数可以开会
        (5, 2, 2, False, False),
        (4, 4, 2, True, False),
    ],
)
def test_a_branch_committee(expected, present, yes, held, passed):
    vote = voting.branch_committee(Count(expected, present, yes), on=DAY)
    assert (vote.held, vote.passed) == (held, passed)
    assert vote.rule.level is Level.WARN
    assert ("须实到会人数超过半数" in vote.sentence) is held


@pytest.mark.parametrize(
    ("judge", "expected", "present", "yes", "written_yes", "held", "passed"),
    [
        (voting.party_committee, 9, 5, 5, 0, True, True),  # 一般议题 半数到会
        (voting.party_committee, 9, 5, 4, 1, True, False),  # 缺席者意见不计票
        (voting.party_committee, 8, 4, 4, 0, True, False),
        (voting.party_committee_cadres, 9, 6, 5, 0, True, True),  # 干部任免 三分之二到会
        (voting.party_committee_cadres, 9, 5, 5, 0, False, False),
        (voting.party_committee_cadres, 7, 5, 4, 0, True, True),
    ],
)
def test_the_hospitals_party_committee(judge, expected, present, yes, written_yes, held, passed):
    vote = judge(Count(expected, present, yes, written=written_yes, written_yes=written_yes), on=DAY)
    assert (vote.held, vote.passed) == (held, passed)
    assert vote.rule.basis == "院内规定"


def test_a_hospital_sets_its_own_committee_quorum_but_not_a_branchs():
    own = {"quorum": Share(Fraction(2, 3))}
    assert not voting.party_committee(Count(9, 5, 5), on=DAY, own=own).held
    assert not voting.resolution(Count(9, 5, 5), on=DAY, own=own).held
    with pytest.raises(TooLoose):
        voting.resolution(Count(9, 5, 5), on=DAY, own={"quorum": Share(Fraction(1, 3))})


def test_a_contest_is_always_secret_and_follows_its_plan():
    shares = {"quorum": Share.parse(">=2/3"), "majority": Share.parse(">=1/2")}
    assert voting.contest(Count(9, 6, 5, secret=True), on=DAY, **shares).passed
    assert not voting.contest(Count(9, 6, 5), on=DAY, **shares).passed


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ({"base": 0, "present": 0, "yes": 0}, "至少为 1"),
        ({"base": 3, "present": -1, "yes": 0}, "不能为负"),
        ({"base": 3, "present": 3, "yes": 0, "written": 1}, "多于应到会"),
        ({"base": 3, "present": 2, "yes": 3}, "多于实到"),
        ({"base": 3, "present": 2, "yes": 1, "written": 1, "written_yes": 2}, "多于书面意见"),
    ],
)
def test_counts_that_cannot_be_are_refused(numbers, words):
    with pytest.raises(ValueError, match=words):
        Count(**numbers)


@given(st.integers(1, 60), st.data())
def test_one_more_vote_never_turns_yes_into_no(expected, data):
    present = data.draw(st.integers(1, expected))
    yes = data.draw(st.integers(0, present - 1))
    fewer = voting.resolution(Count(expected, present, yes), on=DAY)
    more = voting.resolution(Count(expected, present, yes + 1), on=DAY)
    assert fewer.passed <= more.passed
    assert fewer.passed == (2 * present > expected and 2 * yes > expected)


def poll(expected, present, votes, seats=1, **more):
    return Poll(
        expected, present, **{"issued": present, "returned": present, **more}, seats=seats, votes=votes
    )


@pytest.mark.parametrize(
    ("expected", "present", "on", "held"),
    [
        (5, 4, date(2026, 9, 1), True),  # 选举工作条例（2020）不少于五分之四：5×4 ≥ 4×5
        (7, 5, date(2026, 9, 1), False),  # 5×5 < 4×7
        (7, 6, date(2026, 9, 1), True),
        (10, 8, date(2026, 9, 1), True),
        (11, 8, date(2026, 9, 1), False),
        (5, 4, date(2020, 7, 12), False),  # 暂行条例（1990）超过五分之四
        (5, 5, date(2020, 7, 12), True),
        (5, 4, date(2020, 7, 13), True),
    ],
)
def test_four_fifths_must_be_present_to_elect(expected, present, on, held):
    outcome = voting.election(poll(expected, present, {"张": present}), on=on)
    assert outcome.held is held
    assert outcome.elected == (("张",) if held else ())
    assert outcome.level is (Level.INFO if held else Level.BLOCK)
    assert outcome.rule.code == ("R-XJ-09" if held else "R-XJ-06")


# 选举工作条例（2020）：实到会人数不少于应到会有选举权人数的五分之四。应到会 1…60 人各须实到几人（一行十个），逐个写出，不由公式算。
FOUR_FIFTHS = """
    1 2 3 4 4 5 6 7 8 8
    9 10 11 12 12 13 14 15 16 16
    17 18 19 20 20 21 22 23 24 24
    25 26 27 28 28 29 30 31 32 32
    33 34 35 36 36 37 38 39 40 40
    41 42 43 44 44 45 46 47 48 48
"""


@pytest.mark.parametrize(("expected", "least"), [*enumerate(map(int, FOUR_FIFTHS.split()), 1)])
def test_four_fifths_at_the_boundary_for_one_to_sixty_members(expected, least):
    """选举工作条例（2020）不少于五分之四；暂行条例（1990）超过五分之四：恰好五分之四的，旧文不够."""
    assert voting.election(poll(expected, least, {"张": least}), on=DAY).held
    assert not voting.election(poll(expected, least - 1, {"张": least - 1}), on=DAY).held
    exactly = least * 5 == expected * 4
    older = voting.election(poll(expected, least, {"张": least}), on=date(2020, 7, 12))
    assert older.held is not exactly
    assert exactly is (expected % 5 == 0)


@pytest.mark.parametrize(
    ("votes", "seats", "elected", "tied", "vacant"),
    [
        ({"张": 6, "李": 5, "王": 4}, 2, ("张", "李"), (), 0),  # 实到 8 人，须 5 票
        ({"张": 4}, 1, (), (), 1),  # 恰好实到一半，不当选
        ({"张": 5}, 1, ("张",), (), 0),
        ({"李": 5, "张": 6, "王": 5}, 2, ("张",), ("李", "王"), 1),  # 末位同票再投
        ({"张": 6, "李": 6, "王": 6}, 3, ("张", "李", "王"), (), 0),
        ({"赵": 5, "张": 7, "李": 6, "王": 6}, 3, ("张", "李", "王"), (), 0),
        ({"张": 7, "李": 4}, 2, ("张",), (), 1),  # 不足名额另选
    ],
)
def test_who_is_elected(votes, seats, elected, tied, vacant):
    """选举工作条例 选举的实施章：赞成票超过实到会有选举权人数的一半始得当选."""
    outcome = voting.election(poll(9, 8, votes, seats), on=DAY)
    assert (outcome.elected, outcome.tied, outcome.vacant) == (elected, tied, vacant)
    assert outcome.valid
    assert outcome.needed_yes == 5


@pytest.mark.parametrize(
    ("votes", "seats", "words"),
    [
        ({"张": 8}, 1, "实到会 8 人，须得赞成票 5 票以上；当选：张"),
        ({"张": 2}, 1, "当选：无；尚缺 1 名，另行选举"),
        ({"张": 7, "李": 5, "王": 4}, 2, "当选：张、李"),
        ({"张": 7, "李": 5, "王": 4}, 3, "当选：张、李；尚缺 1 名，另行选举"),
        ({"张": 5, "李": 5, "王": 5}, 2, "当选：无；张、李、王票数相等，应就他们再次投票"),
    ],
)
def test_the_outcome_in_words(votes, seats, words):
    assert words in voting.election(poll(9, 8, votes, seats), on=DAY).sentence


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"returned": 8, "issued": 7}, "R-XJ-08"),  # 收回多于发出，无效
        ({"secret": False}, "R-XJ-07"),
        ({"proxies": 1}, "R-XJ-07"),  # 不得委托他人代投
    ],
)
def test_an_election_is_void(more, code):
    outcome = voting.election(poll(9, 8, {"张": 7}, **more), on=DAY)
    assert outcome.held
    assert not outcome.valid
    assert outcome.elected == ()
    assert (outcome.rule.code, outcome.level) == (code, Level.BLOCK)
    assert "无效" in outcome.sentence


@pytest.mark.parametrize(("issued", "returned", "valid"), [(8, 8, True), (8, 7, True), (8, 9, False)])
def test_no_more_ballots_may_come_back_than_were_issued(issued, returned, valid):
    assert voting.ballots_valid(issued, returned, on=DAY).met is valid


@pytest.mark.parametrize(("chosen", "valid"), [(2, True), (3, True), (4, False)])
def test_a_ballot_with_too_many_names_is_void(chosen, valid):
    assert voting.ballot_valid(chosen, 3, on=DAY).met is valid


@pytest.mark.parametrize(
    ("seats", "candidates", "enough"),
    [(3, 4, True), (3, 3, False), (5, 6, True), (7, 8, False), (7, 9, True)],
)
def test_a_fifth_more_candidates_than_seats(seats, candidates, enough):
    """选举工作条例：委员候选人差额不少于应选人数的 20%."""
    assert voting.nomination(candidates, seats, on=DAY).met is enough


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ({"expected": 0, "present": 0, "votes": {}}, "至少为 1"),
        ({"expected": 5, "present": 5, "votes": {}, "seats": 0}, "至少为 1"),
        ({"expected": 5, "present": 6, "votes": {}}, "实到人数多于应到会"),
        ({"expected": 5, "present": 4, "votes": {}, "issued": 5}, "发出选票多于实到"),
        ({"expected": 5, "present": 4, "votes": {"张": 5}}, "得票多于收回"),
        ({"expected": 5, "present": 4, "votes": {"张": 3, "李": 3}}, "得票总数多于"),
    ],
)
def test_polls_that_cannot_be_are_refused(numbers, words):
    with pytest.raises(ValueError, match=words):
        poll(**numbers)


def test_the_base_counts_full_members_and_names_everyone_left_out():
    """选举工作条例第五条；应到会不计入的五种情形."""
    passed = Excuse(EXCUSES[3], Span(date(2026, 1, 1)), passed_on=date(2026, 3, 1))
    found = base(
        [
            member("甲"),
            member("乙", confirmed_on=None),
            member("丙", confirmed_on=date(2026, 9, 2)),
            member("丁", watched=(Span(date(2026, 1, 1), date(2026, 12, 31)),)),
            member("戊", suspended=(Span(date(2026, 8, 1)),)),
            member("己", excuses=(passed,)),
            member("庚", excuses=(Excuse(EXCUSES[1], Span(date(2026, 1, 1))),)),
            Member("辛", "辛", Span(date(2015, 1, 1), date(2026, 8, 31)), confirmed_on=LONG_AGO),
        ],
        DAY,
    )
    assert [each.key for each in found.counted] == ["甲", "庚"]
    assert [(each.member.key, each.reason, each.rule.code) for each in found.left_out] == [
        ("乙", "预备党员", "R-XJ-03"),
        ("丙", "预备党员", "R-XJ-03"),
        ("丁", "留党察看期间", "R-XJ-03"),
        ("戊", "党员权利被中止", "R-XJ-03"),
        ("己", EXCUSES[3], "R-BJ-07"),
    ]
    assert found.sentence.startswith("应到会有表决权 2 人；不计入 5 人：乙（预备党员）、")


@pytest.mark.parametrize(
    "judge",
    [
        voting.resolution,  # 支部工作条例 第十一条
        voting.admission,  # 发展党员工作细则（2026） 第二十条
        voting.confirmation,  # 第三十二条
    ],
)
def test_with_those_without_a_vote_in_the_base_the_same_vote_would_fail(judge):
    """选举工作条例 第五条：预备党员、留党察看、权利中止的都不在基数里；到会四人赞成四人，在七人里过半，在十人里不过半."""
    full = [member(name) for name in "甲乙丙丁戊己庚"]
    without = [
        member("预", confirmed_on=None),
        member("察", watched=(Span(date(2026, 1, 1), date(2026, 12, 31)),)),
        member("停", suspended=(Span(date(2026, 8, 1)),)),
    ]
    counted = base([*full, *without], DAY)
    assert (counted.size, len(counted.left_out)) == (7, 3)
    assert judge(Count(counted, 4, 4, secret=True), on=DAY).passed
    assert not judge(Count(len(full + without), 4, 4, secret=True), on=DAY).passed


def test_an_election_counts_nobody_without_a_vote_towards_its_four_fifths():
    """选举工作条例 第五条：五名正式党员到四名，够五分之四；连同一名预备党员按六名算就不够."""
    roster = [*(member(name) for name in "甲乙丙丁戊"), member("预", confirmed_on=None)]
    assert voting.election(poll(base(roster, DAY), 4, {"甲": 4}), on=DAY).held
    assert not voting.election(poll(6, 4, {"甲": 4}), on=DAY).held


@pytest.mark.parametrize(
    ("on", "size"), [(date(2026, 2, 28), 1), (date(2026, 3, 1), 0), (date(2026, 7, 1), 1)]
)
def test_an_excuse_holds_from_the_day_it_was_passed_until_it_ends(on, size):
    excuse = Excuse(EXCUSES[4], Span(date(2026, 1, 1), date(2026, 6, 30)), passed_on=date(2026, 3, 1))
    assert base([member("甲", excuses=(excuse,))], on).size == size


def test_the_base_may_be_amended_only_with_a_reason():
    found = base([member("甲"), member("乙"), member("丙")], DAY)
    assert found.sentence == "应到会有表决权 3 人"
    with pytest.raises(ValueError, match="必须填写理由"):
        found.amended(2, " ")
    amended = found.amended(2, "丙当日调离")
    assert amended.sentence == "应到会有表决权 2 人；系统算得 3 人，改动理由：丙当日调离"
    assert voting.resolution(Count(amended, 2, 2), on=DAY).base == 2
    assert voting.election(poll(amended, 2, {"甲": 2}), on=DAY).base == 2
