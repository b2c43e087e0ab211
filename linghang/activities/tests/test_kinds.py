"""What single kinds of activity bring with them: study hours, their fixed agenda, business within a themed day."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from linghang.activities import actions
from linghang.activities.actions import TopicDraft
from linghang.activities.models import Topic
from linghang.kernel import clock
from linghang.kernel.facts import SOURCES

DAY = date(2026, 10, 28)


@pytest.fixture(autouse=True)
def stand_on_the_day() -> Any:
    with clock.at(DAY):
        yield


def record(by: Any, unit: Any, kind: str, **more: Any) -> Any:
    return actions.record(by, **{"unit": unit, "kind": kind, "held_on": DAY, **more})


def counted(name: str) -> list[dict[str, Any]]:
    return SOURCES[name].frame(date(2026, 1, 1), date(2026, 12, 31)).to_dicts()


@pytest.mark.mechanism("S1-15")
def test_a_lecture_is_written_down_with_its_subject_and_gives_hours_to_whoever_came(cast, hospital):
    made = record(
        cast.clerk, hospital.b_medicine, "lecture", title="名家讲中华文化", absent={cast.member.pk: "duty"}
    )
    assert str(made) == "10-28 名家讲座：名家讲中华文化"
    hours = {row["person"]: row["hours"] for row in counted("activities.study")}
    assert hours[cast.clerk.pk] == 2
    assert cast.member.pk not in hours


@pytest.mark.mechanism("S1-24")
def test_a_themed_day_holds_the_work_of_the_hospital_and_counts_as_both(cast, hospital):
    record(cast.clerk, hospital.b_medicine, "themed_day", also=["clinic"], title="七一义诊进社区")
    assert sorted(row["kind"] for row in counted("activities.meetings")) == ["clinic", "themed_day"]


@pytest.mark.mechanism("S2-06")
@pytest.mark.parametrize("opens", [True, False])
def test_the_committee_of_a_general_branch_opens_with_the_first_topic_or_is_marked(
    cast, hospital, client_of, opens
):
    """The 第一议题 stands first wherever it was handed in; without one the record says so on list and page."""
    study = TopicDraft("学习重要讲话", Topic.Kind.FIRST)
    topics = [TopicDraft("研究支部换届"), *([study] if opens else [])]
    made = record(cast.general, hospital.g1, "general_board", topics=topics)
    assert made.lacks_first_topic is not opens
    assert str(made.topics.first()) == ("学习重要讲话" if opens else "研究支部换届")
    for address in (made.get_absolute_url(), reverse("activities:meetings")):
        said = client_of(cast.general).get(address).content.decode()
        assert ("未列第一议题" in said) is not opens


@pytest.mark.mechanism("S2-22")
def test_a_quarterly_meeting_brings_its_two_standing_topics(cast, hospital):
    """安全信访稳定 and 意识形态 stand on its agenda without being written; more may follow."""
    given = {"unit": hospital.party, "kind": "quarterly", "held_on": DAY + timedelta(days=2)}
    made = actions.plan(cast.office, **given)
    assert [str(topic) for topic in made.topics.all()] == ["安全信访稳定", "意识形态"]


def test_members_of_a_temporary_branch_are_called_though_they_belong_elsewhere(cast, hospital, client_of):
    from linghang.activities.roll import expected
    from linghang.org import actions as org

    given = {"parent": hospital.party, "since": date(2026, 10, 1), "ends_on": date(2026, 12, 1)}
    sent = {"secretary": cast.secretary, "members": [cast.member, cast.outsider]}
    unit = org.add_temporary(
        cast.office, name="防汛临时党支部", task="防汛", document="院党字〔2026〕40 号", **given, **sent
    )
    called = {cast.secretary, cast.member, cast.outsider}
    assert set(expected(unit, "assembly", DAY)) == called
    assert not set(expected(unit, "assembly", date(2026, 12, 1))) - called
    plan = actions.plan(cast.secretary, unit=unit, kind="themed_day", held_on=DAY + timedelta(days=1))
    page = client_of(cast.outsider).get(reverse("activities:calendar")).content.decode()
    assert str(plan.held_on.day) in page
    assert unit.name in page
