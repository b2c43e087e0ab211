"""A rule's life: entered, reviewed by its owner, given a new edition, merged, repealed; never rewritten."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from linghang.kernel.flow import WrongState, steps_for
from linghang.kernel.models import Trail
from linghang.kernel.refs import tie
from linghang.kernel.todos import waiting_for
from linghang.policies import actions
from linghang.policies.models import BASIS, Policy, citing
from tests.making import make_meeting, make_person, make_post, somebody, unit

DAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def day(on_day: Any) -> Any:
    with on_day(DAY):
        yield


def make_policy(**more: Any) -> Policy:
    given = {"title": "会诊制度", "number": "院字〔2020〕5号", "published_on": date(2020, 3, 1), **more}
    return Policy.objects.create(**given)


def test_office_enters_a_rule_and_the_trail_says_so(cast):
    made = actions.add_policy(
        cast.office,
        title="查对制度",
        number="院字〔2026〕8号",
        published_on=date(2026, 11, 1),
        owner=unit("d-medicine"),
    )
    assert made.state == "in_force"
    assert Trail.objects.get(subject=made.ref).verb == "policies.add_policy"


def test_the_same_rule_is_not_entered_twice(cast):
    held = make_policy()
    with pytest.raises(ValidationError, match="修订"):
        actions.add_policy(cast.office, title=held.title, number=held.number)


def test_a_branch_secretary_enters_no_rule(cast):
    with pytest.raises(PermissionDenied):
        actions.add_policy(cast.secretary, title="查对制度")


def test_what_is_not_published_yet_is_not_entered(cast):
    with pytest.raises(ValidationError, match="晚于今天"):
        actions.add_policy(cast.office, title="查对制度", published_on=date(2026, 12, 1))


@pytest.mark.mechanism("S1-02", "S2-11")
def test_a_new_edition_takes_over_and_both_stay_readable(cast):
    old = make_policy(title="党委会议事规则", version="第一版")
    actions.revise(
        old,
        cast.office,
        title=old.title,
        number="院字〔2026〕9号",
        version="第二版",
        published_on=date(2026, 11, 10),
    )
    new = old.successor
    assert (old.state, old.ended_on) == ("superseded", date(2026, 11, 10))
    assert (new.state, new.version) == ("in_force", "第二版")
    assert new.earlier() == [old]
    with pytest.raises(WrongState):
        actions.edit_policy(old, cast.office, title="改名")


def test_a_new_edition_is_not_older_than_the_one_before(cast):
    old = make_policy()
    with pytest.raises(ValidationError, match="不能早于"):
        actions.revise(old, cast.office, title=old.title, published_on=date(2019, 1, 1))
    assert Policy.objects.count() == 1


def test_the_records_that_rest_on_any_edition_are_known(cast):
    old = make_policy(title="党委会议事规则")
    meeting = make_meeting()
    tie(old, meeting, BASIS)
    actions.revise(old, cast.office, title=old.title, published_on=DAY)
    new = old.successor
    assert citing([new, *new.earlier()]) == [meeting.ref]


def test_a_rule_goes_into_another_that_is_in_force(cast):
    one, other, gone = (
        make_policy(),
        make_policy(title="多学科会诊制度"),
        make_policy(title="旧", state="repealed"),
    )
    with pytest.raises(ValidationError, match="现行"):
        actions.merge_policy(one, cast.office, into=gone)
    actions.merge_policy(one, cast.office, into=other)
    assert (one.state, one.successor, one.ended_on) == ("merged", other, DAY)


def test_a_rule_is_repealed_with_its_day_and_a_reason(cast):
    held = make_policy()
    with pytest.raises(ValidationError, match="早于发布日期"):
        actions.repeal(held, cast.office, ended_on=date(2019, 1, 1), reason="院字〔2026〕1号")
    actions.repeal(held, cast.office, ended_on=DAY, reason="院字〔2026〕1号")
    assert (held.state, held.ended_on) == ("repealed", DAY)
    assert Trail.objects.get(subject=held.ref).note == "院字〔2026〕1号"


def test_the_owner_reviews_its_own_rules_and_no_others(cast):
    own = make_policy(owner=unit("d-office"), review_on=DAY)
    other = make_policy(title="查对制度", owner=unit("d-medicine"), review_on=DAY)
    with pytest.raises(PermissionDenied, match="内科"):
        actions.review(other, cast.contributor)
    assert steps_for(other, cast.contributor) == []
    actions.review(own, cast.contributor)
    assert (own.reviewed_on, own.review_on) == (DAY, date(2029, 11, 20))


@pytest.mark.mechanism("S2-11", "S3-15")
def test_whoever_owns_a_rule_is_asked_and_the_office_only_where_nobody_does(cast):
    make_policy(owner=unit("d-office"), review_on=date(2026, 12, 1))
    make_policy(title="查对制度", owner=unit("d-medicine"), review_on=date(2026, 12, 1))
    make_policy(title="分级护理制度", owner=unit("d-medicine"), review_on=date(2027, 6, 1))
    assert told(somebody("1006")) == [("复审 1 项制度", f"/policies/reviews/?owner={unit('d-office').pk}")]
    assert told(somebody("1003")) == [("复审 1 项制度", "/policies/reviews/")]
    keeper = make_person("7010", home=unit("d-medicine"))
    make_post(keeper, "contributor", unit("d-medicine"))
    assert told(somebody("1003")) == []
    assert told(keeper) == [("复审 1 项制度", f"/policies/reviews/?owner={unit('d-medicine').pk}")]


def told(person: Any) -> list[tuple[str, str]]:
    return [(todo.title, todo.url) for todo in waiting_for(person) if todo.glyph == "制"]
