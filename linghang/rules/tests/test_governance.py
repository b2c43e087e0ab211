"""How a hospital is led and watched (公立医院党建意见, 三级医院评审标准, 院内规定)."""

from datetime import date

import pytest

from linghang.rules import governance
from linghang.rules.clauses import Level

DAY, BEFORE = date(2026, 9, 1), date(2026, 8, 25)


@pytest.mark.parametrize(("meeting", "met"), [("党委会", True), ("党政联席会", False)])
def test_weighty_matters_go_to_the_party_committee(meeting, met):
    verdict = governance.decided_by(meeting, on=DAY)
    assert verdict.met is met
    assert verdict.level is (Level.INFO if met else Level.BLOCK)


@pytest.mark.parametrize(
    ("heads", "said"),
    [
        (("云", "孙", "吕"), "书记、院长分设，有纪委书记"),
        (("云", "云", "吕"), "书记、院长没有分设"),
        (("", "孙", ""), "书记、院长没有分设；没有纪委书记"),
    ],
)
def test_secretary_and_president_are_two(heads, said):
    assert governance.heads_apart(*heads, on=DAY).sentence == said


@pytest.mark.parametrize(
    ("secretary_on", "president_on", "met"),
    [(BEFORE, DAY, True), (BEFORE, None, False), (date(2026, 9, 2), BEFORE, False)],
)
def test_both_agree_before_the_meeting(secretary_on, president_on, met):
    assert governance.agreed_before(secretary_on, president_on, DAY).met is met


@pytest.mark.parametrize("is_head", [True, False])
def test_a_secretary_heads_a_department(is_head):
    assert governance.secretary_heads_a_unit(is_head, on=DAY).met is is_head


@pytest.mark.parametrize(("opinion_on", "met"), [(BEFORE, True), (None, False), (date(2026, 9, 2), False)])
def test_the_branch_is_heard_before_the_decision(opinion_on, met):
    assert governance.branch_heard(opinion_on, DAY).met is met


@pytest.mark.parametrize(("kinds", "met"), [(("第一议题", "议题"), True), (("议题",), False), ((), False)])
def test_a_meeting_opens_with_the_first_topic(kinds, met):
    assert governance.first_topic(kinds, on=DAY).met is met


@pytest.mark.parametrize(("years", "met"), [(2, False), (3, True), (5, True), (6, False)])
def test_a_term_of_three_to_five_years_awaits_its_source(years, met):
    verdict = governance.office_span(years, on=DAY)
    assert verdict.met is met
    assert not verdict.rule.enabled


@pytest.mark.parametrize(("portfolios", "met"), [(("党建",), True), (("采购", "党建"), False)])
def test_the_heads_do_not_run_money_and_people_themselves(portfolios, met):
    assert governance.charge_of(portfolios, on=DAY).met is met


@pytest.mark.parametrize(("last_on", "met"), [(date(2025, 9, 1), True), (date(2025, 8, 31), False)])
def test_a_risk_point_is_looked_at_again(last_on, met):
    assert governance.review_of_risk("高", last_on, DAY).met is met
    with pytest.raises(ValueError, match="只有高、中、低"):
        governance.review_of_risk("特高", last_on, DAY)


@pytest.mark.parametrize(
    ("levels", "groups", "met"),
    [
        (("纪委书记", "纪工委委员", "支部纪检委员"), False, True),
        (("纪委书记", "纪工委委员", "支部纪检委员"), True, False),
        (("纪委书记",), False, False),
    ],
)
def test_the_grid_reaches_every_level(levels, groups, met):
    assert governance.grid(levels, groups, on=DAY).met is met


@pytest.mark.parametrize(("other", "met"), [("采购中心", True), ("设备科", False)])
def test_who_proposes_does_not_buy(other, met):
    assert governance.buying_apart("设备科", other, on=DAY).met is met


@pytest.mark.parametrize(("closer", "met"), [("吴纪明", True), ("韩外", False)])
def test_who_puts_it_right_does_not_close_it(closer, met):
    assert governance.closed_by_another("韩外", closer, on=DAY).met is met


@pytest.mark.parametrize("ruled", [True, False])
def test_what_was_ruled_upon_is_not_returned(ruled):
    assert governance.returnable(ruled, on=DAY).met is not ruled
