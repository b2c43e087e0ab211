"""What is special about a member for a time: 留党察看, going away, losing touch; how a wrong entry is mended."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from linghang.kernel import clock
from linghang.kernel.flow import WrongState
from linghang.kernel.models import Parameter, Trail
from linghang.kernel.todos import waiting_for
from linghang.org import actions
from linghang.org.electorate import members_on
from linghang.org.models import Spell
from linghang.rules.electorate import base
from tests.making import afresh, branch, make_person, make_spell, make_transfer, unit

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 16)
SINCE = date(2026, 5, 20)


@pytest.fixture(autouse=True)
def day():
    with clock.at(TODAY):
        yield


def watch(by, person, since=SINCE, until=date(2027, 5, 20), **more):
    given = {"kind": "watched", "decided_by": "医院党委", **more}
    return actions.restrict(by, person=person, since=since, until=until, **given)


def without_vote(day=TODAY):
    return {each.member.name: each.reason for each in base(members_on(branch(), day), day).left_out}


# --- 留党察看 ---------------------------------------------------------------------------------------------------------


def test_a_watch_takes_the_vote_until_its_last_day_and_gives_it_back_by_itself(cast):
    watch(cast.office, cast.member)
    assert without_vote()["何员"] == "留党察看期间"
    assert "何员" in without_vote(date(2027, 5, 19))
    assert "何员" not in without_vote(date(2027, 5, 20))


def test_a_watch_is_for_a_year_or_two_and_says_until_when(cast):
    for wrong in (date(2026, 11, 20), date(2029, 5, 20)):
        with pytest.raises(ValidationError, match="只能是一年或两年"):
            watch(cast.office, cast.member, until=wrong)
    with pytest.raises(ValidationError, match="须填写期满日期"):
        watch(cast.office, cast.member, until=None)
    with pytest.raises(ValidationError, match="其他情形不填"):
        watch(cast.office, cast.member, kind="paused")
    with pytest.raises(PermissionDenied):
        watch(cast.secretary, cast.member)


def test_a_year_under_watch_is_prolonged_by_one_and_no_more(cast):
    watch(cast.office, cast.member, since=date(2024, 5, 20), until=date(2025, 5, 20))
    with pytest.raises(ValidationError, match="合计最长 2 年"):
        watch(cast.office, cast.member, since=date(2025, 5, 20), until=date(2027, 5, 20))
    watch(cast.office, cast.member, since=date(2025, 5, 20), until=date(2026, 5, 20))
    with pytest.raises(ValidationError, match="还没到这一天"):
        watch(cast.office, cast.member, since=date(2026, 12, 1), until=date(2027, 12, 1))


def test_a_watch_follows_the_member_to_another_branch_and_ends_with_the_membership(cast, hospital):
    made = watch(cast.office, cast.member)
    sent = actions.transfer_out(cast.office, person=cast.member, target=hospital.b_surgery, out_on=TODAY)
    actions.receive_transfer(sent, cast.office, receipt_on=TODAY)
    made.refresh_from_db()
    assert made.unit == hospital.b_surgery
    actions.end_membership(afresh(cast.member), cast.office, kind="expelled", on=TODAY)
    made.refresh_from_db()
    assert made.until == TODAY


def test_where_penalties_are_not_kept_no_watch_is_entered_nor_offered(client_of, cast):
    page = f"/org/people/{cast.member.pk}/restrict/"
    assert "留党察看" in client_of(cast.office).get(page).content.decode()
    Parameter.objects.create(code="org.penalties", value=False, since=date(2026, 1, 1))
    assert "留党察看到" not in client_of(cast.office).get(page).content.decode()
    with pytest.raises(ValidationError, match="没有启用留党察看"):
        watch(cast.office, cast.member)


# --- corrections ------------------------------------------------------------------------------------------------------


def test_a_wrong_entry_is_mended_beside_itself_with_the_reason_in_the_trail(cast):
    wrong = make_spell()
    actions.contact(wrong, cast.clerk, on=date(2026, 8, 1))
    actions.correct_spell(
        wrong, cast.clerk, since=date(2026, 4, 1), place="province", settled=True, note="日期登错"
    )
    rows = Spell.objects.order_by("pk").values_list("since", "place", "settled", "corrected")
    assert list(rows) == [
        (date(2026, 3, 1), "abroad", False, True),
        (date(2026, 4, 1), "province", True, False),
    ]
    assert [each.on for each in Spell.objects.get(corrected=False).contacts.all()] == [date(2026, 8, 1)]
    assert wrong.contacts.count() == 1
    assert Trail.objects.get(verb="org.correct_spell").note == "日期登错"
    with pytest.raises(WrongState):
        actions.correct_spell(wrong, cast.clerk, note="再改")


def test_what_never_was_is_struck_out_and_nothing_put_in_its_place(cast):
    wrong = actions.restrict(
        cast.office, person=cast.member, kind="paused", since=SINCE, decided_by="医院党委"
    )
    assert "何员" in without_vote()
    actions.correct_spell(wrong, cast.office, note="登错了人")
    assert "何员" not in without_vote()
    assert Spell.objects.get().corrected


def test_an_end_that_was_entered_too_early_is_taken_back(cast):
    ended = make_spell(until=date(2026, 9, 1))
    actions.correct_spell(ended, cast.clerk, since=ended.since, place="abroad", note="人还没回来")
    assert Spell.objects.get(corrected=False).until is None


def test_days_ahead_backwards_or_taken_are_refused_and_the_old_row_stays(cast):
    other = make_spell(until=date(2026, 5, 1))
    wrong = make_spell(since=date(2026, 6, 1))
    for since, until, why in (
        (date(2026, 12, 1), None, "还没到这一天"),
        (date(2026, 7, 1), date(2026, 6, 30), "不能早于开始"),
        (date(2026, 4, 1), None, "与另一段重叠：2026-03-01 至 2026-05-01"),
    ):
        with pytest.raises(ValidationError, match=why):
            actions.correct_spell(wrong, cast.clerk, since=since, until=until, note="误")
    assert not Spell.objects.filter(corrected=True).exists()
    assert other.is_over


def test_a_branch_mends_its_own_entries_and_not_those_of_the_office(cast):
    paused = actions.restrict(
        cast.office, person=cast.member, kind="paused", since=SINCE, decided_by="医院党委"
    )
    with pytest.raises(PermissionDenied, match="由登记它的党办更正"):
        actions.correct_spell(paused, cast.secretary, note="误")
    with pytest.raises(PermissionDenied):
        actions.correct_spell(make_spell(), cast.outsider, note="误")


def test_the_page_offers_the_correction_and_shows_both_rows(client_of, cast):
    wrong, clerk = make_spell(), client_of(cast.clerk)
    url = f"/org/spells/{wrong.pk}/correct-spell/"
    page = f"/org/people/{cast.member.pk}/"
    assert url in clerk.get(page).content.decode()
    assert 'value="2026-03-01"' in clerk.get(url).content.decode()
    assert clerk.post(url, {"since": "2026-04-01", "place": "city"}).status_code == 422  # no reason given
    assert clerk.post(url, {"since": "2026-04-01", "place": "city", "note": "误"}).status_code == 302
    text = clerk.get(page).content.decode()
    assert "<s>流动党员（境外）</s>（已更正）" in text
    assert "流动党员（本市）" in text
    assert client_of(cast.outsider).get(url).status_code == 404


# --- calm reminders ---------------------------------------------------------------------------------------------------


def reminders(person):
    return [(t.title, t.cite) for t in waiting_for(afresh(person)) if t.glyph == "外"]


EDUCATION = "党员教育管理工作条例"


def test_half_a_year_at_a_settled_place_asks_about_the_transfer(cast):
    make_spell(since=date(2026, 5, 17), place="province", settled=True)
    assert reminders(cast.clerk) == []
    Spell.objects.update(since=date(2026, 5, 16))
    asked = [("何员外出已久，问一问组织关系转不转", f"{EDUCATION} 第二十五条")]
    assert reminders(cast.clerk) == reminders(cast.secretary) == asked
    assert reminders(cast.outsider) == reminders(cast.member) == reminders(cast.office) == []
    make_transfer(out_on=TODAY)
    assert reminders(cast.clerk) == []


def test_half_a_year_out_of_touch_and_five_years_abroad_are_looked_into(cast):
    made = actions.note_spell(cast.clerk, person=cast.member, kind="lost", since=date(2026, 5, 16))
    asked = [("何员失去联系，研究是否停止党籍", f"{EDUCATION} 第二十四条")]
    assert reminders(cast.clerk) == asked
    actions.end_spell(made, cast.clerk, until=TODAY)
    make_spell(since=date(2021, 11, 16))
    assert reminders(cast.clerk) == []
    Spell.objects.filter(kind="floating").update(since=date(2021, 11, 15))
    assert [title for title, _ in reminders(cast.clerk)] == ["何员出国（境）逾期未归，研究是否停止党籍"]


def test_once_stopped_it_is_quiet_for_two_years(cast):
    make_spell(kind="lost", since=date(2023, 1, 1), place="")
    stopped = make_spell(kind="stopped", since=date(2024, 11, 17), place="")
    assert reminders(cast.clerk) == []
    Spell.objects.filter(pk=stopped.pk).update(since=date(2024, 11, 16))
    assert [title for title, _ in reminders(cast.clerk)] == ["何员停止党籍后仍失去联系，研究处理"]


def test_reminders_cost_the_same_however_many_are_away(cast, django_assert_max_num_queries):
    make_spell(settled=True)
    person = afresh(cast.clerk)
    waiting_for(person)
    with django_assert_max_num_queries(14) as one:
        waiting_for(afresh(cast.clerk))
    for number in range(8):
        away = make_person(f"75{number:02}", name="外出人")
        make_spell(person=away, unit=unit("b-medicine"), settled=True, since=date(2025, 1, 1))
    with django_assert_max_num_queries(len(one)):
        assert len(waiting_for(afresh(cast.clerk))) > 8
