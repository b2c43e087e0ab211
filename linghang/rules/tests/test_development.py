"""The twenty-five steps (发展党员工作细则), by the texts of 2014 and of 2026, with the article beside each case."""

from dataclasses import replace
from datetime import date

import pytest

from linghang.rules.clauses import Level
from linghang.rules.development import extension, extensions, following, judge, standings
from linghang.rules.dossier import HEARD, PAPERS, Dossier, Outcome, Sponsor, Step
from linghang.rules.penalties import Penalty, Sanction
from linghang.rules.periods import Span
from linghang.rules.voting import Count

TODAY = date(2028, 12, 1)
DAYS = {
    Step.APPLICATION: date(2025, 1, 6),
    Step.TALK: date(2025, 2, 6),
    Step.ACTIVIST: date(2025, 4, 8),
    Step.ACTIVIST_FILED: date(2025, 4, 20),
    Step.MENTORS: date(2025, 4, 25),
    Step.REVIEWS: date(2026, 4, 7),
    Step.CANDIDATE_PROPOSED: date(2026, 5, 20),
    Step.CANDIDATE_AGREED: date(2026, 6, 8),
    Step.INTRODUCERS: date(2026, 6, 9),
    Step.VETTING: date(2026, 6, 20),
    Step.TRAINING: date(2026, 6, 25),
    Step.EXAMINED: date(2026, 7, 1),
    Step.PRESCREENED: date(2026, 7, 10),
    Step.FORM: date(2026, 7, 12),
    Step.ADMISSION: date(2026, 8, 10),
    Step.INTERVIEW: date(2026, 9, 1),
    Step.APPROVAL: date(2026, 11, 10),
    Step.FILED: date(2026, 11, 12),
    Step.ENROLLED: date(2026, 11, 15),
    Step.OATH: date(2026, 12, 10),
    Step.PROBATION: date(2027, 8, 10),
    Step.CONFIRMATION_ASKED: date(2027, 8, 10),
    Step.CONFIRMATION: date(2027, 8, 20),
    Step.CONFIRMATION_APPROVED: date(2027, 11, 20),
    Step.ARCHIVED: date(2027, 12, 1),
}
VOTE = Count(base=20, present=15, yes=14, secret=True)
GOOD = Dossier(
    done=DAYS,
    born_on=date(2000, 1, 6),
    reviews=(date(2025, 10, 8), date(2026, 4, 7)),
    heard=frozenset(HEARD),
    posted=Span(date(2026, 6, 1), date(2026, 6, 5)),
    mentors=(Sponsor("李"),),
    introducers=(Sponsor("李"), Sponsor("王")),
    vetted=True,
    training_days=3,
    admission_count=VOTE,
    confirmation_count=VOTE,
    outcome=Outcome.CONFIRMED,
    papers=frozenset(PAPERS),
)


def missed(file, step):
    return [verdict for verdict in judge(file, step) if not verdict.met]


def on(step, day, **more):
    """The good file with one step on another day."""
    return replace(GOOD, done={**DAYS, step: day}, **more)


def test_a_file_in_good_order_misses_nothing():
    for standing in standings(GOOD, today=TODAY):
        assert standing.level is Level.INFO, (standing.step, standing.verdicts)
    assert following(GOOD) is None


@pytest.mark.parametrize(
    ("step", "file", "level"),
    [
        (Step.APPLICATION, replace(GOOD, born_on=date(2007, 1, 7)), Level.BLOCK),  # 第五条 年满十八岁
        (Step.APPLICATION, replace(GOOD, born_on=None), Level.WARN),
        (Step.TALK, on(Step.TALK, date(2025, 2, 7)), Level.WARN),  # 第七条 一个月内
        (Step.MENTORS, replace(GOOD, mentors=()), Level.BLOCK),  # 第九条 一至两名
        (Step.MENTORS, replace(GOOD, mentors=(Sponsor("李", full=False),)), Level.BLOCK),
        (Step.REVIEWS, replace(GOOD, reviews=(date(2025, 10, 9),)), Level.WARN),  # 第十一条 每半年
        (Step.CANDIDATE_PROPOSED, on(Step.ACTIVIST, date(2025, 5, 21)), Level.BLOCK),  # 第十三条 满一年
        (Step.CANDIDATE_PROPOSED, replace(GOOD, heard=frozenset({"党员"})), Level.WARN),
        (Step.CANDIDATE_AGREED, replace(GOOD, posted=None), Level.BLOCK),  # 第十三条 公示
        (Step.CANDIDATE_AGREED, replace(GOOD, posted=Span(date(2026, 6, 2), date(2026, 6, 5))), Level.BLOCK),
        (Step.CANDIDATE_AGREED, replace(GOOD, posted=Span(date(2026, 6, 1))), Level.BLOCK),
        (Step.INTRODUCERS, replace(GOOD, introducers=(Sponsor("李"),)), Level.BLOCK),  # 第十四条 两名
        (Step.VETTING, replace(GOOD, vetted=False), Level.BLOCK),  # 第十六条
        (Step.TRAINING, replace(GOOD, training_days=2, training_hours=23), Level.BLOCK),  # 第十七条
        (Step.PRESCREENED, replace(GOOD, leaving_on=date(2026, 10, 10)), Level.WARN),  # 第十八条 三个月
        (Step.ADMISSION, on(Step.ADMISSION, date(2026, 8, 11)), Level.WARN),  # 第十九条 一个月内
        (Step.ADMISSION, replace(GOOD, admission_count=None), Level.WARN),
        (
            Step.ADMISSION,
            replace(GOOD, admission_count=Count(20, 10, 10, secret=True)),
            Level.BLOCK,
        ),  # 第二十条
        (Step.APPROVAL, replace(GOOD, approver="党总支"), Level.BLOCK),  # 第二十二条
        (Step.APPROVAL, replace(GOOD, approver="临时党支部"), Level.BLOCK),
        (Step.APPROVAL, on(Step.APPROVAL, date(2026, 11, 11)), Level.WARN),  # 第二十五条 三个月
        (Step.APPROVAL, on(Step.APPROVAL, date(2027, 2, 11)), Level.BLOCK),  # 特殊情况六个月
        (Step.OATH, on(Step.OATH, date(2026, 12, 11)), Level.WARN),  # 第二十九条 一个月
        (Step.CONFIRMATION_ASKED, on(Step.CONFIRMATION_ASKED, date(2027, 8, 9)), Level.WARN),  # 第三十一条
        (Step.CONFIRMATION, replace(GOOD, outcome=None), Level.BLOCK),
        (Step.CONFIRMATION, replace(GOOD, extensions=2), Level.BLOCK),
        (
            Step.CONFIRMATION,
            replace(GOOD, extended_to=date(2028, 2, 9), extensions=1),
            Level.BLOCK,
        ),  # 不足半年
        (
            Step.CONFIRMATION,
            replace(GOOD, extended_to=date(2028, 8, 11), extensions=1),
            Level.BLOCK,
        ),  # 超过一年
        (
            Step.CONFIRMATION_APPROVED,
            on(Step.CONFIRMATION_APPROVED, date(2027, 11, 21)),
            Level.WARN,
        ),  # 第三十三条
        (Step.ARCHIVED, replace(GOOD, papers=frozenset({"入党志愿书"})), Level.BLOCK),  # 第三十六条
    ],
)
def test_what_the_text_of_2026_finds(step, file, level):
    assert level in [verdict.level for verdict in missed(file, step)]
    assert any(standing.step is step and standing.level <= level for standing in standings(file, today=TODAY))


def test_an_extension_of_half_a_year_to_a_year_is_in_order():
    file = on(Step.CONFIRMATION_ASKED, date(2028, 2, 10), extended_to=date(2028, 2, 10), extensions=1)
    file = replace(file, done={**file.done, Step.CONFIRMATION: date(2028, 2, 20)})
    assert file.probation_ends == date(2028, 2, 10)
    assert not missed(file, Step.CONFIRMATION)


@pytest.mark.parametrize(
    ("step", "day", "kept"),
    [
        (Step.CANDIDATE_AGREED, date(2024, 6, 3), True),  # 2014 年版：备案后可列为发展对象
        (Step.CANDIDATE_AGREED, date(2026, 5, 10), True),
        (Step.CANDIDATE_AGREED, date(2026, 5, 11), False),  # 2026 年版：同意并公示
        (Step.OATH, date(2026, 12, 11), False),
    ],
)
def test_a_step_is_judged_by_the_text_of_its_day(step, day, kept):
    file = replace(
        GOOD, posted=None, done={Step.APPROVAL: DAYS[Step.APPROVAL], Step.INTRODUCERS: day, step: day}
    )
    in_itself = [verdict for verdict in missed(file, step) if "前一步" not in verdict.sentence]
    assert (not in_itself) is kept


@pytest.mark.parametrize(
    ("first", "last", "met"),
    [
        (date(2026, 9, 28), date(2026, 10, 9), True),  # 10-01 至 10-07 放假
        (date(2026, 9, 28), date(2026, 10, 8), False),
        (date(2026, 9, 29), date(2026, 10, 10), True),  # 周六调休上班，算工作日
        (date(2026, 9, 29), date(2026, 10, 9), False),
        (date(2026, 9, 30), date(2026, 10, 11), False),  # 周日不算
        (date(2026, 9, 30), date(2026, 10, 12), True),
    ],
)
def test_a_candidate_is_posted_for_five_working_days_across_the_national_day(first, last, met):
    """第十三条 公示不少于 5 个工作日（R-FZ-08）."""
    file = replace(GOOD, posted=Span(first, last), done={Step.CANDIDATE_AGREED: last})
    found = [verdict for verdict in judge(file, Step.CANDIDATE_AGREED) if "公示" in verdict.sentence]
    assert [(verdict.rule.code, verdict.met) for verdict in found] == [("R-FZ-08", met)]


@pytest.mark.parametrize("day", [date(2024, 5, 20), date(2026, 6, 22)])  # 2014 年版、2026 年版
@pytest.mark.parametrize(
    ("approver", "met"), [("党委", True), ("党总支", False), ("临时党支部", False), ("党组", False)]
)
def test_only_a_party_committee_approves_a_probationary_member(day, approver, met):
    """第二十二条：预备党员由党委审批；党总支、临时党组织、党组不能审批（R-FZ-17）."""
    file = Dossier(done={Step.APPROVAL: day}, approver=approver)
    said = next(verdict for verdict in judge(file, Step.APPROVAL) if "审批预备党员" in verdict.sentence)
    assert (said.rule.code, said.met) == ("R-FZ-17", met)
    assert said.level is (Level.INFO if met else Level.BLOCK)
    assert said.sentence.startswith(f"由{approver}审批；总支、临时党组织和党组不能审批")


def test_an_admission_of_2024_needs_no_meeting_within_a_month_and_no_secret_ballot():
    """2014 年版没有一个月和无记名的明文；2026 年版有。"""
    open_vote = replace(VOTE, secret=False)
    old = {Step.FORM: date(2024, 3, 2), Step.PRESCREENED: date(2024, 3, 1), Step.ADMISSION: date(2024, 5, 20)}
    new = {Step.FORM: date(2026, 6, 2), Step.PRESCREENED: date(2026, 6, 1), Step.ADMISSION: date(2026, 6, 20)}
    assert not missed(Dossier(done=old, admission_count=open_vote), Step.ADMISSION)
    found = missed(Dossier(done=new, admission_count=open_vote), Step.ADMISSION)
    assert [verdict.rule.code for verdict in found] == ["R-BJ-02"]
    assert judge(Dossier(done=old), Step.ADMISSION)[0].rule.version == 1


@pytest.mark.parametrize(
    ("penalty", "level"), [(Penalty.WARNING, Level.WARN), (Penalty.PROBATION, Level.BLOCK)]
)
def test_an_introducer_under_a_penalty(penalty, level):
    """第十四条 影响期内不宜，留党察看不能."""
    punished = Sponsor("王", sanctions=(Sanction(penalty, date(2026, 1, 5), watch_months=12),))
    found = missed(replace(GOOD, introducers=(Sponsor("李"), punished)), Step.INTRODUCERS)
    assert [verdict.level for verdict in found] == [level]
    assert found[0].sentence.startswith("王：2026-06-09 在影响期内")
    later = replace(punished, sanctions=(Sanction(Penalty.WARNING, date(2025, 1, 5)),))
    assert not missed(replace(GOOD, introducers=(Sponsor("李"), later)), Step.INTRODUCERS)


def test_a_step_before_its_time_or_without_the_one_before_is_told_not_refused():
    found = missed(replace(GOOD, done={**DAYS, Step.FORM: date(2026, 7, 1)}), Step.FORM)
    assert [(verdict.level, verdict.sentence) for verdict in found] == [
        (Level.WARN, "前一步“上级党委预审”在 2026-07-10，晚于本步 2026-07-01")
    ]
    alone = missed(Dossier(done={Step.FORM: date(2026, 7, 1)}), Step.FORM)
    assert alone[0].sentence == "前一步“上级党委预审”没有记录"


def test_what_is_open_shows_its_deadline_and_is_told_when_it_is_late():
    done = {step: day for step, day in DAYS.items() if step < Step.ADMISSION}
    file = replace(GOOD, done=done)
    assert following(file) is Step.ADMISSION
    meeting = standings(file, today=date(2026, 8, 10))[Step.ADMISSION - 1]
    assert (meeting.due.day, meeting.verdicts, meeting.level) == (date(2026, 8, 10), (), Level.INFO)
    late = standings(file, today=date(2026, 8, 11))[Step.ADMISSION - 1]
    assert late.level is Level.WARN
    assert late.verdicts[0].sentence.endswith("已经超期")


def test_a_file_of_the_middle_has_what_it_has():
    """Old files lack days; what cannot be known is not held against them."""
    bare = Dossier(
        done={
            Step.TALK: date(2026, 6, 1),
            Step.CANDIDATE_PROPOSED: date(2026, 6, 2),
            Step.OATH: date(2026, 7, 1),
        },
        heard=frozenset(HEARD),
    )
    assert bare.probation_ends is None
    assert [v.sentence for v in missed(bare, Step.TALK)] == ["前一步“递交入党申请书”没有记录"]
    assert not [v for v in missed(bare, Step.CANDIDATE_PROPOSED) if "前一步" not in v.sentence]
    asked = Dossier(done={Step.CONFIRMATION_ASKED: date(2026, 7, 1), Step.APPROVAL: date(2026, 7, 1)})
    assert not [v for v in missed(asked, Step.CONFIRMATION_ASKED) if "前一步" not in v.sentence]
    assert not [v for v in missed(asked, Step.APPROVAL) if "前一步" not in v.sentence]
    nobody = Dossier(done={Step.REVIEWS: date(2026, 7, 1)})
    assert not judge(nobody, Step.REVIEWS)[-1].met
    extended = Dossier(
        done={Step.CONFIRMATION: date(2026, 7, 1)}, extended_to=date(2027, 1, 1), outcome=Outcome.EXTENDED
    )
    assert not [v for v in missed(extended, Step.CONFIRMATION) if "延长到" in v.sentence]


def test_an_extension_says_how_long_it_may_be_and_between_which_days():
    found = extension(date(2026, 3, 1), date(2028, 3, 2), on=date(2027, 3, 10))
    assert (found.met, found.rule.code) == (False, "R-FZ-23")
    assert found.sentence == (
        "预备期到 2027-03-01，延长到 2028-03-02；延长不少于半年、不超过一年，即 2027-09-01 至 2028-03-01"
    )
    assert extension(date(2026, 3, 1), date(2028, 3, 1), on=date(2027, 3, 10)).met


def test_a_probation_is_extended_once():
    assert extensions(1, on=date(2026, 7, 1)).met
    assert extensions(2, on=date(2026, 7, 1)).sentence == "预备期延长 2 次，只能延长一次"
