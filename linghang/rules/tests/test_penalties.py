"""How long a penalty weighs and what it forbids (纪律处分条例, 政务处分法)."""

from datetime import date

import pytest

from linghang.rules.clauses import Level
from linghang.rules.penalties import Act, Penalty, Sanction, merged, permits, watch_time, weight
from linghang.rules.register import NotInForce

SINCE = date(2026, 5, 20)


@pytest.mark.parametrize(
    ("penalty", "until"),
    [
        (Penalty.WARNING, date(2027, 5, 19)),
        (Penalty.SERIOUS_WARNING, date(2027, 11, 19)),
        (Penalty.REMOVAL, date(2028, 5, 19)),
        (Penalty.EXPULSION, date(2031, 5, 19)),
        (Penalty.OFFICIAL_WARNING, date(2026, 11, 19)),  # 政务处分法 第八条
        (Penalty.OFFICIAL_DEMERIT, date(2027, 5, 19)),
        (Penalty.OFFICIAL_SERIOUS_DEMERIT, date(2027, 11, 19)),
        (Penalty.OFFICIAL_DEMOTION, date(2028, 5, 19)),
        (Penalty.OFFICIAL_DISMISSAL, date(2028, 5, 19)),
        (Penalty.STAFF_WARNING, date(2026, 11, 19)),
        (Penalty.STAFF_DEMERIT, date(2027, 5, 19)),
        (Penalty.STAFF_DEMOTION, date(2028, 5, 19)),
    ],
)
def test_a_penalty_weighs_in_natural_months_and_ends_by_itself(penalty, until):
    found = weight(Sanction(penalty, SINCE))
    assert (found.span.since, found.span.until) == (SINCE, until)
    assert permits(Sanction(penalty, SINCE), Act.HONOUR, on=until).met is False
    assert permits(Sanction(penalty, SINCE), Act.HONOUR, on=until.replace(day=20)).met


def test_a_watch_of_one_year_weighs_two_more_after_rights_came_back():
    found = weight(Sanction(Penalty.PROBATION, SINCE, watch_months=12))
    assert found.watch.until == date(2027, 5, 19)
    assert found.span.until == date(2029, 5, 19)
    assert found.sentence == "留党察看：2026-05-20 至 2029-05-19，其中留党察看到 2027-05-19"
    with pytest.raises(ValueError, match="一年或两年"):
        weight(Sanction(Penalty.PROBATION, SINCE, watch_months=18))


WATCHED = Sanction(Penalty.PROBATION, SINCE, watch_months=12)
WARNED = Sanction(Penalty.WARNING, SINCE)
EXPELLED = Sanction(Penalty.EXPULSION, SINCE)
FINED = Sanction(Penalty.OFFICIAL_DEMERIT, SINCE)


@pytest.mark.parametrize(
    ("sanction", "act", "on", "code", "level"),
    [
        (WATCHED, Act.VOTING, date(2026, 9, 1), "R-DZ-03", Level.BLOCK),
        (WATCHED, Act.VOTING, date(2027, 5, 20), None, Level.INFO),
        (WARNED, Act.VOTING, date(2026, 9, 1), None, Level.INFO),
        (WARNED, Act.INTRODUCING, date(2026, 9, 1), "R-FZ-09", Level.WARN),  # 第十四条 影响期内不宜
        (WATCHED, Act.INTRODUCING, date(2026, 9, 1), "R-FZ-09", Level.BLOCK),
        (FINED, Act.INTRODUCING, date(2026, 9, 1), None, Level.INFO),
        (Sanction(Penalty.WARNING, date(2024, 5, 20)), Act.INTRODUCING, date(2024, 9, 1), None, Level.INFO),
        (EXPELLED, Act.REJOINING, date(2030, 1, 1), "R-JL-01", Level.BLOCK),
        (WARNED, Act.REJOINING, date(2026, 9, 1), None, Level.INFO),
        (WARNED, Act.PROMOTION, date(2026, 9, 1), "R-JL-01", Level.BLOCK),
        (FINED, Act.PROMOTION, date(2026, 9, 1), "R-JL-03", Level.BLOCK),
    ],
)
def test_what_a_penalty_stands_in_the_way_of(sanction, act, on, code, level):
    verdict = permits(sanction, act, on=on)
    assert verdict.level is level
    assert verdict.met is (code is None)
    assert code is None or verdict.rule.code == code


@pytest.mark.parametrize(("months", "met"), [((24, 24), True), ((24, 18, 12), False)])
def test_merged_penalties_last_four_years_at_most(months, met):
    assert merged(months, on=SINCE).met is met


def test_a_decision_is_held_against_the_edition_of_its_day():
    assert weight(Sanction(Penalty.WARNING, date(2019, 3, 1))).rule.cite == "纪律处分条例（2018） 总则第二章"
    with pytest.raises(NotInForce):
        weight(Sanction(Penalty.WARNING, date(2010, 3, 1)))


@pytest.mark.parametrize(
    ("until", "begun", "met"),
    [
        (date(2027, 5, 20), None, True),  # 一年
        (date(2028, 5, 20), None, True),  # 两年
        (date(2027, 11, 20), None, False),  # 一年半
        (date(2029, 5, 20), None, False),  # 三年
        (date(2027, 5, 20), date(2025, 5, 20), True),  # 一年期满，延长一年
        (date(2028, 5, 20), date(2025, 5, 20), False),
        (date(2027, 5, 20), date(2024, 5, 20), False),  # 已察看两年
    ],
)
def test_a_watch_lasts_a_year_or_two_with_its_prolongation(until, begun, met):
    found = watch_time(SINCE, until, begun)
    assert (found.met, found.rule.code) == (met, "R-DZ-03")
