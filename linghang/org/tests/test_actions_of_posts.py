"""Posts, stand-ins, accounts and grants: who may act, from which day on, with which trace."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from linghang.kernel import clock
from linghang.kernel.flow import steps_for
from linghang.kernel.models import Notice
from linghang.org import actions
from linghang.org.models import Grant, Post, User
from linghang.org.tests.test_actions import JULY, MAY, last_trace, role
from tests.making import afresh, make_person, make_post, make_unit

pytestmark = pytest.mark.django_db


# --- posts -----------------------------------------------------------------------------------------------------------


def appoint(by, person, unit, code, since=MAY, **more):
    return actions.appoint(by, person=person, unit=unit, role=role(code), since=since, **more)


@pytest.mark.under_a_committee
def test_a_role_stands_only_where_the_blueprint_puts_it(cast, hospital):
    with pytest.raises(ValidationError, match="党支部不设“党委办公室主任”，只设在医院、党委"):
        appoint(cast.office, cast.member, hospital.b_medicine, "office_director")
    with pytest.raises(ValidationError, match="党委不设“支部书记”，只设在党支部"):
        appoint(cast.office, cast.member, hospital.party, "secretary")
    for place in (hospital.b_medicine, hospital.g1, hospital.d_medicine):  # no `at`: anywhere
        appoint(cast.office, cast.member, place, "inspector")


def test_an_appointment_carries_document_and_days(cast, hospital):
    made = appoint(cast.office, cast.member, hospital.b_medicine, "publicist", document="内党支〔2026〕1 号")
    assert (made.label, made.since, made.until) == ("内科党支部宣传委员", MAY, None)
    assert str(made) == "何员 内科党支部宣传委员"
    trace = last_trace("org.appoint")
    assert (trace.label, trace.subject_name) == ("任职", "何员 内科党支部宣传委员")
    assert afresh(cast.member).may("dispatch.report", hospital.b_medicine)


def test_a_single_post_is_given_when_it_is_free(cast, hospital):
    with pytest.raises(ValidationError, match="内科党支部书记现由周明担任，请先免去"):
        appoint(cast.office, cast.member, hospital.b_medicine, "secretary")
    actions.end_post(cast.secretary.posts.get(), cast.office, until=MAY)
    assert appoint(cast.office, cast.member, hospital.b_medicine, "secretary").pk
    assert appoint(cast.office, cast.clerk, hospital.b_imaging, "deputy_secretary").pk


def test_one_role_at_many_units_is_said_as_one(cast, hospital):
    first = cast.leader.posts_told
    make_post(cast.leader, "liaison", hospital.b_medicine)
    assert afresh(cast.leader).posts_told == [*first, "内科党支部联系委员"]
    for branch in (hospital.b_surgery, hospital.b_imaging):
        make_post(cast.leader, "liaison", branch)
    assert afresh(cast.leader).posts_told == [*first, "3 个党支部的联系委员"]


def test_the_same_post_is_not_given_twice(cast, hospital):
    with pytest.raises(ValidationError, match="王蕾已担任内科党支部组织委员"):
        appoint(cast.office, cast.clerk, hospital.b_medicine, "organiser")


def test_the_three_kinds_of_post_are_never_mixed_in_one_person(cast, hospital):
    with pytest.raises(ValidationError, match="管理员现任系统管理员；系统管理与业务岗位须由不同的人担任"):
        appoint(cast.office, cast.admin, hospital.b_office, "clerk")
    with pytest.raises(ValidationError, match="三员分立"):
        appoint(cast.admin, cast.admin, hospital.hospital, "auditor")
    with pytest.raises(ValidationError, match="三员分立"):
        appoint(cast.admin, cast.secretary, hospital.hospital, "auditor")


def test_office_and_administrator_each_appoint_their_own_kind(cast, hospital):
    plain = make_person()
    for by, code in ((cast.office, "administrator"), (cast.office, "auditor"), (cast.admin, "clerk")):
        with pytest.raises(ValidationError, match="岗位的任免（三员分立）"):
            appoint(by, plain, hospital.hospital, code)
    assert appoint(cast.admin, plain, hospital.hospital, "auditor").pk


def test_nobody_is_appointed_at_a_closed_unit(cast, hospital):
    closed = make_unit(until=MAY)
    with pytest.raises(ValidationError, match="“新建党支部”已于 2026-05-01 撤销"):
        appoint(cast.office, cast.member, closed, "clerk")


def test_a_secretary_appoints_nobody(cast, hospital):
    with pytest.raises(PermissionDenied):
        appoint(cast.secretary, cast.member, hospital.b_medicine, "clerk")
    assert not cast.member.posts.exists()


def test_a_post_ends_on_a_day_and_its_rights_with_it(cast, hospital):
    post = cast.clerk.posts.get()
    actions.end_post(post, cast.office, until=clock.today(), note="任期届满")
    assert not afresh(cast.clerk).may("dispatch.report", hospital.b_medicine)
    trace = last_trace("org.end_post")
    assert trace.changes == {"until": ["None", clock.today().isoformat()]}
    assert trace.note == "任期届满"


def test_a_post_ends_once_and_not_before_it_began(cast):
    post = cast.clerk.posts.get()
    with pytest.raises(ValidationError, match="不能早于任职日期 2020-01-01"):
        actions.end_post(post, cast.office, until=date(2019, 1, 1))
    actions.end_post(post, cast.office, until=MAY)
    with pytest.raises(ValidationError, match="该职务已于 2026-05-01 结束"):
        actions.end_post(post, cast.office, until=JULY)
    assert actions.end_post(post, cast.office, until=date(2026, 4, 1)).until == date(2026, 4, 1)


def test_the_administrator_ends_no_business_post_and_the_office_no_other(cast):
    for post, by in ((cast.clerk.posts.get(), cast.admin), (cast.auditor.posts.get(), cast.office)):
        with pytest.raises(ValidationError, match="三员分立"):
            actions.end_post(post, by, until=MAY)


# --- stand-ins -------------------------------------------------------------------------------------------------------


def stand_in(by, post, person, since=None, until=None):
    since = since or clock.today()
    return actions.stand_in(
        by, post=post, person=person, since=since, until=until or since + timedelta(days=14)
    )


def test_a_secretary_lets_somebody_stand_in_for_a_time(cast, hospital):
    made = stand_in(cast.secretary, cast.secretary.posts.get(), cast.member)
    assert (made.label, made.acting_for) == ("内科党支部书记（代）", cast.secretary.posts.get())
    assert afresh(cast.member).may("activities.confirm", hospital.b_medicine)
    assert cast.member in hospital.b_medicine.heads()
    assert Notice.objects.filter(to=cast.member.ref, text__contains="代办内科党支部书记的事务").exists()
    assert last_trace("org.stand_in").label == "授权代办"


def test_what_a_stand_in_does_is_marked_in_the_trace(cast, hospital):
    stand_in(cast.secretary, cast.secretary.posts.get(), cast.clerk)
    clerk = afresh(cast.clerk)
    stand_in(clerk, clerk.posts.get(acting_for=None), cast.member)
    assert last_trace("org.stand_in").actor_post == "内科党支部书记（代）"


def test_a_stand_ins_rights_end_by_themselves(cast, hospital, on_day):
    made = stand_in(cast.secretary, cast.secretary.posts.get(), cast.member)
    with on_day(made.until):
        assert not afresh(cast.member).may("activities.confirm", hospital.b_medicine)


def test_standing_in_ends_with_the_post_it_stands_for(cast, hospital):
    post, today = cast.secretary.posts.get(), clock.today()
    now = stand_in(cast.office, post, cast.member)
    later = stand_in(cast.office, post, cast.clerk, since=today + timedelta(days=30))
    actions.end_post(post, cast.office, until=today + timedelta(days=3))
    assert Post.objects.get(pk=now.pk).until == today + timedelta(days=3)
    assert Post.objects.get(pk=later.pk).until == later.since


def test_standing_in_is_refused_for_oneself_without_end_for_a_past_post_and_by_outsiders(cast, hospital):
    post, today = cast.secretary.posts.get(), clock.today()
    with pytest.raises(ValidationError, match="代办人不能是本人"):
        stand_in(cast.secretary, post, cast.secretary)
    with pytest.raises(ValidationError, match="代办须有结束日期"):
        stand_in(cast.secretary, post, cast.member, until=today)
    with pytest.raises(PermissionDenied):
        stand_in(cast.outsider, post, cast.member)
    with pytest.raises(ValidationError, match="三员分立"):
        stand_in(cast.secretary, post, cast.admin)
    actions.end_post(post, cast.office, until=today)
    with pytest.raises(ValidationError, match=r"内科党支部书记已于 .* 结束"):
        stand_in(cast.office, post, cast.member)


def test_the_office_gives_nobody_the_administrators_rights_by_standing_in(cast):
    with pytest.raises(ValidationError, match="三员分立"):
        stand_in(cast.office, cast.admin.posts.get(), make_person())


# --- accounts --------------------------------------------------------------------------------------------------------


def test_a_one_time_password_is_long_mixed_and_readable_on_paper():
    for _ in range(50):
        word = actions.one_time_password()
        assert len(word) == 12
        assert not set(word) & set("il1oO0I")
        assert any(c.islower() for c in word)
        assert any(c.isupper() for c in word)
        assert any(c.isdigit() for c in word)


def test_an_account_is_opened_with_a_password_that_must_be_changed(cast):
    person = make_person("7001")
    user = actions.open_account(cast.admin, person=person, password="One-Time-1")
    assert (user.username, user.must_change, user.check_password("One-Time-1")) == ("7001", True, True)
    trace = last_trace("org.open_account")
    assert trace.subject == user.ref
    assert user.password not in str(trace.changes)


def test_an_account_is_refused_twice_without_a_name_and_by_others(cast):
    with pytest.raises(ValidationError, match="周明已有账号 3001"):
        actions.open_account(cast.admin, person=cast.secretary, password="x")
    nameless = make_person(number=None)
    with pytest.raises(ValidationError, match="没有工号，请指定账号名"):
        actions.open_account(cast.admin, person=nameless, password="x")
    assert (
        actions.open_account(cast.admin, person=nameless, password="x", username="guest").username == "guest"
    )
    with pytest.raises(ValidationError):
        actions.open_account(cast.admin, person=make_person("7002"), password="x", username="guest")
    with pytest.raises(PermissionDenied):
        actions.open_account(cast.office, person=make_person("7003"), password="x")
    assert not User.objects.filter(username="7003").exists()


def test_a_reset_password_must_be_changed_and_stays_out_of_the_trace(cast):
    user = cast.member.user
    actions.reset_password(user, cast.admin, password="Neu-Pass-1")
    user.refresh_from_db()
    assert user.check_password("Neu-Pass-1")
    assert user.must_change
    trace = last_trace("org.reset_password")
    assert trace.changes == {"password": ["***", "***"], "must_change": ["False", "True"]}
    with pytest.raises(PermissionDenied):
        actions.reset_password(user, cast.office, password="x")


def test_an_account_is_suspended_and_restored_but_never_ones_own(cast):
    user = cast.member.user
    actions.suspend_account(user, cast.admin)
    assert not User.objects.get(pk=user.pk).is_active
    actions.restore_account(user, cast.admin)
    assert User.objects.get(pk=user.pk).is_active
    assert last_trace("org.restore_account").changes == {"is_active": ["False", "True"]}
    with pytest.raises(ValidationError, match="不能停用自己的账号"):
        actions.suspend_account(cast.admin.user, cast.admin)
    with pytest.raises(PermissionDenied):
        actions.suspend_account(user, cast.office)


# --- grants ----------------------------------------------------------------------------------------------------------


def set_grant(by, extent, since=None, code="dispatch.urge", role_code="clerk"):
    actions.set_grant(by, role=role(role_code), code=code, extent=extent, since=since or clock.today())


def test_a_role_gets_a_verb_from_a_day_on(cast, hospital, on_day):
    make_post(cast.member, "clerk", hospital.b_medicine)
    tomorrow = clock.today() + timedelta(days=1)
    set_grant(cast.admin, "unit", since=tomorrow)
    assert not afresh(cast.member).may("dispatch.urge", hospital.b_medicine)
    with on_day(tomorrow):
        assert afresh(cast.member).may("dispatch.urge", hospital.b_medicine)
    trace = last_trace("org.set_grant")
    assert trace.subject_name == "党务干事"
    assert trace.changes == {"dispatch.urge": ["", f"unit 自 {tomorrow}"]}


def test_a_verb_is_taken_away_and_the_past_stays(cast):
    set_grant(cast.admin, None, code="org.view_person")
    rows = Grant.objects.filter(role="clerk", verb="org.view_person")
    assert [(g.extent, g.until) for g in rows] == [("unit", clock.today())]
    assert last_trace("org.set_grant").changes["org.view_person"][1].startswith("取消")


def test_a_change_replaces_what_was_planned_for_later(cast):
    later = clock.today() + timedelta(days=30)
    set_grant(cast.admin, "tree", since=later)
    set_grant(cast.admin, "unit")
    assert list(
        Grant.objects.filter(role="clerk", verb="dispatch.urge").values_list("extent", flat=True)
    ) == ["unit"]


def test_rights_are_set_by_the_administrator_only_and_never_for_the_past(cast):
    for by in (cast.office, cast.auditor, cast.secretary):
        with pytest.raises(ValidationError, match="您的职务不能设置权限"):
            set_grant(by, "tree")
    with pytest.raises(ValidationError, match="权限只能从今天起调整"):
        set_grant(cast.admin, "tree", since=clock.today() - timedelta(days=1))
    assert not Grant.objects.filter(role="clerk", verb="dispatch.urge").exists()


# --- buttons ---------------------------------------------------------------------------------------------------------


def test_the_buttons_of_a_person_follow_the_posts(cast):
    labels = {
        part: [s.label for s in steps_for(cast.member, getattr(cast, part))]
        for part in ("office", "clerk", "secretary")
    }
    life = ["转为正式党员", "延长预备期", "登记党员减少", "更正组织关系日期"]
    assert labels["office"] == [*life, "修改人员信息", "移出支部（更正）"]
    assert labels["clerk"] == ["修改人员信息"]
    assert labels["secretary"] == []
