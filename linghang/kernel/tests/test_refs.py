"""References between rows: shown under the reader's own permission, tied once, walked both ways."""

import pytest
from django.urls import reverse

from linghang.kernel import refs
from linghang.kernel.models import Link
from linghang.kernel.refs import (
    key_of,
    link,
    model_of,
    offer_link,
    origins,
    resolve,
    results,
    show,
    siblings,
    tie,
)
from tests.making import make_line, make_meeting, model

pytestmark = pytest.mark.django_db


def test_a_reference_names_model_and_key(hospital):
    row = make_meeting()
    assert row.ref == f"activities.meeting:{row.pk}"
    assert model_of(row.ref) is model("activities.Meeting")
    assert key_of(row.ref) == row.pk
    assert resolve(row.ref) == row


def test_a_reference_to_nothing_is_none_and_to_no_model_is_an_error(hospital):
    assert resolve("activities.meeting:0") is None
    assert resolve("system") is None
    with pytest.raises(LookupError):
        resolve("nowhere.thing:1")


def test_words_where_a_reference_might_stand_lead_nowhere():
    with pytest.raises(LookupError):
        refs.model_of("账号 3001")


def test_what_is_out_of_reach_is_not_shown(hospital, cast):
    mine, other = make_meeting(), make_meeting(unit=hospital.b_surgery)
    wanted = [other.ref, hospital.b_medicine.ref, mine.ref, "system"]
    assert [s.ref for s in show(cast.secretary, wanted)] == [mine.ref]
    shown = show(cast.office, wanted)
    assert [s.ref for s in shown] == [other.ref, hospital.b_medicine.ref, mine.ref]
    assert shown[1].title == "内科党支部"
    assert shown[1].url == hospital.b_medicine.get_absolute_url()


def test_many_references_cost_one_query_a_model(hospital, cast, django_assert_num_queries):
    wanted = [make_meeting(kind=kind).ref for kind in ("assembly", "board", "lesson")]
    cast.office.reach("activities.view_meeting")
    # One for the meetings, one for what their kinds are called.
    with django_assert_num_queries(2):
        assert len(show(cast.office, wanted)) == 3


def test_a_tie_is_made_once_and_takes_rows_or_references(hospital):
    meeting, line = make_meeting(), make_line()
    tie(meeting, line)
    tie(meeting.ref, line.ref)
    tie(meeting, line, "evidence")
    assert Link.objects.filter(source=meeting.ref).count() == 2
    assert str(Link.objects.first()) == f"{meeting.ref} → {line.ref}"


def test_a_thread_is_walked_both_ways(hospital):
    tie("a.a:1", "b.b:2")
    tie("b.b:2", "c.c:3")
    tie("b.b:2", "d.d:4")
    assert origins("c.c:3") == ["a.a:1", "b.b:2"]
    assert results("b.b:2") == ["c.c:3", "d.d:4"]
    assert origins("a.a:1") == []


def test_what_else_led_to_a_record_stands_beside_its_first_origin_and_proofs_lead_nowhere():
    tie("plan.plan:1", "a.item:1", "plan")
    tie("m.meeting:1", "a.item:1", "deployment")
    tie("x.policy:1", "a.item:1", "basis")
    tie("a.item:1", "d.line:1", "origin")
    tie("d.line:9", "d.line:1", "evidence")
    assert origins("d.line:1") == ["plan.plan:1", "m.meeting:1", "a.item:1"]


def test_siblings_came_of_the_same_record_and_are_of_another_kind():
    for target in ("d.line:1", "d.line:2", "i.round:1"):
        tie("a.item:1", target)
    assert siblings("d.line:1") == ["i.round:1"]
    assert siblings("i.round:1") == ["d.line:1", "d.line:2"]


def test_the_whole_way_back_is_one_query(hospital, django_assert_num_queries):
    for key in range(5):
        tie(f"z.z:{key}", f"z.z:{key + 1}")
    with django_assert_num_queries(1):
        assert origins("z.z:5") == [f"z.z:{key}" for key in range(5)]


def test_a_thread_that_bites_its_tail_or_has_no_end_is_cut(hospital):
    tie("a.a:1", "b.b:2")
    tie("b.b:2", "a.a:1")
    assert origins("a.a:1") == ["a.a:1", "b.b:2"]
    for key in range(10):
        tie(f"z.z:{key}", f"z.z:{key + 1}")
    assert len(origins("z.z:10")) == 8


def test_a_page_is_found_by_the_verb_it_does(monkeypatch):
    monkeypatch.setattr(refs, "LINKS", {})
    assert link("test.do", unit=7) == ""
    offer_link("test.do", "desk:notices")
    assert link("test.do") == reverse("desk:notices")
    assert link("test.do", unit=7, kind="", line=None) == f"{reverse('desk:notices')}?unit=7"


def test_every_offered_page_exists():
    for verb in refs.LINKS:
        assert link(verb).startswith("/")
