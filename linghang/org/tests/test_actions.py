"""Every way the organisation changes: the happy path, each refusal, the trace."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from linghang.kernel import clock, parameters
from linghang.kernel.access import SYSTEM
from linghang.kernel.flow import steps_for
from linghang.kernel.models import Notice, Trail
from linghang.org import actions
from linghang.org.models import Coverage, Grant, Person, Placement, Post, Role, Unit, User
from tests.making import afresh, make_coverage, make_person, make_post, make_unit, somebody

pytestmark = pytest.mark.django_db
MAY, JULY = date(2026, 5, 1), date(2026, 7, 1)


def last_trace(verb: str) -> Trail:
    found = Trail.objects.filter(verb=verb).order_by("-pk")
    return found[0]


def role(code: str) -> Role:
    return Role.objects.get(code=code)


@pytest.fixture
def locked(monkeypatch):
    """A year that is closed to dated changes."""

    def refuse(since):
        if since < JULY:
            raise ValidationError("该日在已锁定的考核周期内")

    monkeypatch.setattr(parameters, "GUARDS", [refuse])


# --- units -----------------------------------------------------------------------------------------------------------


def add(by, parent, **more):
    return actions.add_unit(
        by, **{"name": "急诊党支部", "kind": "branch", "parent": parent, "since": MAY, **more}
    )


def test_office_adds_a_branch_under_its_general_branch(cast, hospital):
    made = add(cast.office, hospital.g1, category="clinical")
    made.refresh_from_db()
    assert made.path == f"{hospital.g1.path}{made.pk:05}/"
    assert made.code.startswith("branch-")
    placed = made.placements.get()
    assert (placed.parent, placed.since, placed.until) == (hospital.g1, MAY, None)
    trace = last_trace("org.add_unit")
    assert (trace.label, trace.subject, trace.actor_post) == ("新增单位", made.ref, "党委办公室主任")


def test_a_general_branch_may_stand_at_the_head(cast, hospital):
    made = add(cast.office, hospital.hospital, name="第三党总支", kind="general")
    assert made.path == f"{hospital.hospital.path}{made.pk:05}/"


@pytest.mark.parametrize(
    ("kind", "parent", "words"),
    [
        ("branch", "d_medicine", "党支部不能设在“内科”（科室）之下"),
        ("general", "b_medicine", "党总支不能设在“内科党支部”（党支部）之下"),
        ("ward", "hospital", "病区不能设在“示例医院”（医院）之下"),
        ("group", "g1", "党小组不能设在"),
    ],
)
def test_a_unit_stands_only_where_its_kind_may(cast, hospital, kind, parent, words):
    with pytest.raises(ValidationError, match=words):
        add(cast.office, getattr(hospital, parent), kind=kind)


def test_only_a_hospital_stands_under_nothing(cast, hospital):
    with pytest.raises(ValidationError, match="请选择上级单位"):
        add(cast.office, None)
    assert add(SYSTEM, None, name="分院", kind="hospital").path.count("/") == 2


def test_whoever_may_not_add_units_is_refused_and_nothing_is_left(cast, hospital):
    before = Unit.objects.count(), Placement.objects.count()
    with pytest.raises(PermissionDenied):
        add(cast.general, hospital.g1)
    assert (Unit.objects.count(), Placement.objects.count()) == before


def test_a_code_is_given_once(cast, hospital):
    with pytest.raises(ValidationError):
        add(cast.office, hospital.g1, code="b-medicine")


def test_a_unit_is_renamed_with_a_trace_of_both_names(cast, hospital):
    actions.edit_unit(
        hospital.b_medicine, cast.office, name="大内科党支部", category="clinical", note="批复〔2026〕3 号"
    )
    trace = last_trace("org.edit_unit")
    assert trace.changes == {"name": ["内科党支部", "大内科党支部"]}
    assert trace.note == "批复〔2026〕3 号"
    with pytest.raises(PermissionDenied):
        actions.edit_unit(hospital.b_medicine, cast.secretary, name="别名")


def test_a_moved_unit_takes_its_whole_subtree_and_leaves_its_history(cast, hospital):
    branch, group = hospital.b_medicine, hospital.n_medicine_1
    actions.move_unit(branch, cast.office, parent=hospital.g2, since=MAY, note="批复〔2026〕5 号")
    branch.refresh_from_db()
    group.refresh_from_db()
    assert branch.parent == hospital.g2
    assert branch.path == f"{hospital.g2.path}{branch.pk:05}/"
    assert group.path == f"{branch.path}{group.pk:05}/"
    history = list(branch.placements.values_list("parent", "since", "until"))
    assert history == [(hospital.g1.pk, date(2020, 1, 1), MAY), (hospital.g2.pk, MAY, None)]
    assert list(group.placements.values_list("parent", flat=True)) == [branch.pk]
    trace = last_trace("org.move_unit")
    assert trace.changes["parent_id"] == [str(hospital.g1.pk), str(hospital.g2.pk)]
    assert set(trace.changes) == {"parent_id", "path"}


def test_permissions_follow_a_moved_unit(cast, hospital):
    actions.move_unit(hospital.b_medicine, cast.office, parent=hospital.g2, since=MAY)
    branch = Unit.objects.get(code="b-medicine")
    assert not somebody("2001").may("dispatch.view_order", branch)
    assert somebody("2002").may("dispatch.view_order", branch)


def test_neighbours_with_a_like_path_stay_where_they_are(cast, hospital):
    before = dict(Unit.objects.exclude(code__in=("b-medicine", "n-medicine-1")).values_list("code", "path"))
    actions.move_unit(hospital.b_medicine, cast.office, parent=hospital.g2, since=MAY)
    after = dict(Unit.objects.exclude(code__in=("b-medicine", "n-medicine-1")).values_list("code", "path"))
    assert before == after


@pytest.mark.parametrize(
    ("unit", "parent", "since", "words"),
    [
        ("g1", "g2", MAY, "不能设在"),
        ("party", "g1", MAY, "不能设在"),
        ("b_medicine", "d_medicine", MAY, "不能设在"),
        ("b_medicine", "g1", MAY, "已在“第一党总支”之下"),
        ("b_medicine", "g2", date(2019, 1, 1), "应晚于上次调整的日期 2020-01-01"),
    ],
)
def test_a_move_that_makes_no_sense_is_refused(cast, hospital, unit, parent, since, words):
    with pytest.raises(ValidationError, match=words):
        actions.move_unit(getattr(hospital, unit), cast.office, parent=getattr(hospital, parent), since=since)


def test_a_unit_cannot_hang_under_itself(cast, hospital):
    inner = make_unit(code="d-ward", kind="department", name="院区", parent=hospital.hospital)
    with pytest.raises(ValidationError, match=r"不能设在|不能移到自己的下级之下"):
        actions.move_unit(inner, cast.office, parent=inner, since=MAY)
    upper = make_unit(code="sub", kind="subcommittee", name="二级党委", parent=hospital.party)
    lower = make_unit(code="g3", kind="general", name="第三党总支", parent=upper)
    Unit.objects.filter(pk=upper.pk).update(kind="general")
    Unit.objects.filter(pk=lower.pk).update(kind="committee")
    with pytest.raises(ValidationError, match="不能移到自己的下级之下"):
        actions.move_unit(upper, cast.office, parent=Unit.objects.get(pk=lower.pk), since=MAY)


def test_a_move_into_a_locked_cycle_is_refused(cast, hospital, locked):
    with pytest.raises(ValidationError, match="已锁定"):
        actions.move_unit(hospital.b_medicine, cast.office, parent=hospital.g2, since=MAY)
    actions.move_unit(hospital.b_medicine, cast.office, parent=hospital.g2, since=JULY)


def test_an_empty_branch_is_closed_with_its_placement_posts_and_coverage(cast, hospital):
    branch = make_unit()
    running = make_post(make_person("7001", branch=None), "secretary", branch)
    dated = make_post(make_person("7002", branch=None), "clerk", branch, until=date(2027, 1, 1))
    future = make_post(make_person("7003", branch=None), "organiser", branch, since=JULY)
    make_coverage(branch, hospital.d_imaging)
    actions.close_unit(branch, cast.office, until=MAY, note="批复〔2026〕6 号")
    assert Unit.objects.get(pk=branch.pk).until == MAY
    assert branch.placements.get().until == MAY
    assert Coverage.objects.get(branch=branch).until == MAY
    ends = [Post.objects.get(pk=post.pk).until for post in (running, dated, future)]
    assert ends == [MAY, MAY, JULY]
    assert not Post.objects.on(JULY).filter(unit=branch).exists()
    assert last_trace("org.close_unit").note == "批复〔2026〕6 号"


def test_a_unit_with_something_in_it_is_not_closed(cast, hospital):
    with pytest.raises(ValidationError, match="下级“内科第一党小组”还在"):
        actions.close_unit(hospital.b_medicine, cast.office, until=MAY)
    with pytest.raises(ValidationError, match=r"还有 \d 名党员在“外科党支部”，请先转出"):
        actions.close_unit(hospital.b_surgery, cast.office, until=MAY)


def test_a_unit_is_closed_once_and_after_it_began(cast, hospital):
    branch = make_unit()
    with pytest.raises(ValidationError, match="撤销日期应晚于成立日期"):
        actions.close_unit(branch, cast.office, until=branch.since)
    actions.close_unit(Unit.objects.get(pk=branch.pk), cast.office, until=MAY)
    with pytest.raises(ValidationError, match="不适用撤销单位"):
        actions.close_unit(branch, cast.office, until=JULY)


def test_a_unit_is_not_closed_inside_a_locked_cycle(cast, hospital, locked):
    with pytest.raises(ValidationError, match="已锁定"):
        actions.close_unit(make_unit(), cast.office, until=MAY)


def test_a_branch_covers_a_department_with_a_weight(cast, hospital):
    actions.cover(hospital.b_medicine, cast.office, department=hospital.d_imaging, weight="0.5", since=MAY)
    actions.cover(hospital.b_medicine, cast.office, department=hospital.d_imaging, weight="0.25", since=JULY)
    rows = hospital.b_medicine.covers.filter(department=hospital.d_imaging).order_by("since")
    assert [(float(c.weight), c.since, c.until) for c in rows] == [(0.5, MAY, JULY), (0.25, JULY, None)]
    actions.cover(hospital.b_medicine, cast.office, department=hospital.d_imaging, weight="0.3", since=JULY)
    assert float(rows.get(since=JULY).weight) == 0.3
    assert last_trace("org.cover").subject == hospital.b_medicine.ref


def test_only_branches_cover_and_only_departments_are_covered(cast, hospital):
    for unit, department in ((hospital.g1, hospital.d_medicine), (hospital.b_medicine, hospital.b_surgery)):
        with pytest.raises(ValidationError, match=r"不适用设置覆盖科室|只能覆盖科室或病区"):
            actions.cover(unit, cast.office, department=department, since=MAY)


# --- people ----------------------------------------------------------------------------------------------------------


def test_a_person_is_added_with_pinyin_for_searching(cast, hospital):
    made = actions.add_person(cast.office, name="周明", staff_number="7001", department=hospital.d_medicine)
    assert made.pinyin == "zhouming zm"
    assert last_trace("org.add_person").subject == made.ref


def test_a_staff_number_belongs_to_one_person(cast, hospital):
    with pytest.raises(ValidationError):
        actions.add_person(cast.office, name="某某", staff_number="3001", department=hospital.d_medicine)


def test_a_secretary_adds_nobody(cast, hospital):
    with pytest.raises(PermissionDenied):
        actions.add_person(cast.secretary, name="某某", department=hospital.d_medicine)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("138 0013 8000", "13800138000"),
        ("+86-13800138000", "13800138000"),
        ("（0564）3312345转801", "0564-3312345-801"),
        ("01062345678", "010-62345678"),
        ("3312345", "3312345"),
        ("8123", "8123"),
        ("", ""),
    ],
)
def test_a_telephone_number_is_kept_in_one_way(cast, written, kept):
    actions.edit_person(cast.member, cast.clerk, phone=written)
    assert afresh(cast.member).phone == kept


@pytest.mark.parametrize("written", ["abc", "1380013800", "12345678901", "无", "12", "1234567"])
def test_what_is_no_telephone_number_is_refused_in_words(cast, hospital, written):
    with pytest.raises(ValidationError, match="不是有效的电话号码：11 位手机号"):
        actions.edit_person(cast.member, cast.clerk, phone=written)
    with pytest.raises(ValidationError, match="不是有效的电话号码"):
        actions.add_person(cast.office, name="新人", department=hospital.d_medicine, phone=written)


def test_a_person_is_edited_and_the_phone_stays_out_of_the_trace(cast):
    actions.edit_person(cast.member, cast.clerk, name="何圆", phone="13800138000", position="护士长")
    cast.member.refresh_from_db()
    assert (cast.member.pinyin, cast.member.phone_masked) == ("heyuan hy", "138****8000")
    trace = last_trace("org.edit_person")
    assert trace.changes["phone"] == ["***", "***"]
    assert trace.changes["name"] == ["何员", "何圆"]
    assert "138" not in str(trace.changes)
    with pytest.raises(PermissionDenied):
        actions.edit_person(cast.outsider, cast.clerk, name="别名")


def enroll(person, by, branch, since=MAY, status="full", note=""):
    return actions.enroll(person, by, branch=branch, status=status, since=since, note=note)


def test_a_member_changes_branches_by_letter_only(cast, hospital):
    with pytest.raises(ValidationError, match="转往其他支部请开介绍信"):
        enroll(cast.member, cast.office, hospital.b_surgery)
    sent = actions.transfer_out(cast.office, person=cast.member, target=hospital.b_surgery, out_on=MAY)
    actions.receive_transfer(sent, cast.office, receipt_on=MAY)
    rows = cast.member.memberships.values_list("branch", "since", "until", "status")
    assert list(rows) == [
        (hospital.b_medicine.pk, date(2020, 1, 1), MAY, "full"),
        (hospital.b_surgery.pk, MAY, None, "full"),
    ]
    assert afresh(cast.member).branch == hospital.b_surgery
    assert set(Person.objects.of_branch(hospital.b_medicine, date(2026, 4, 30))) >= {cast.member}
    assert cast.member not in Person.objects.of_branch(hospital.b_medicine, MAY)


def test_enrolling_needs_a_living_branch_and_reach_at_both_ends(cast, hospital):
    closed, person = make_unit(until=date(2026, 1, 1)), make_person(branch=None, home=hospital.d_medicine)
    for place in (closed, hospital.d_medicine, hospital.g1):
        with pytest.raises(ValidationError, match="请选择在用的党支部"):
            enroll(person, cast.office, place)
    with pytest.raises(PermissionDenied):
        enroll(person, cast.secretary, hospital.b_medicine)
    Grant.objects.create(role=role("secretary"), verb="org.enroll", extent="covered", since=date(2020, 1, 1))
    with pytest.raises(ValidationError, match="您的职务不能编入“外科党支部”"):
        enroll(person, afresh(cast.secretary), hospital.b_surgery)


def test_who_was_enrolled_wrongly_is_taken_out_and_in_again_with_a_reason_each_time(cast, hospital):
    spell = actions.note_spell(cast.clerk, person=cast.member, kind="spared", since=date(2026, 2, 1))
    actions.leave_branch(cast.member, cast.office, until=MAY, note="名册误登")
    assert afresh(cast.member).branch is None
    assert cast.member.memberships.get().until == MAY
    assert last_trace("org.leave_branch").note == "名册误登"
    spell.refresh_from_db()
    assert spell.until == MAY
    with pytest.raises(ValidationError, match="曾编入内科党支部，再次编入是补录，请写明依据"):
        enroll(afresh(cast.member), cast.office, hospital.b_medicine, since=JULY)
    with pytest.raises(ValidationError, match="不能早于离开内科党支部的 2026-05-01"):
        enroll(afresh(cast.member), cast.office, hospital.b_medicine, since=date(2026, 4, 30), note="补录")
    enroll(afresh(cast.member), cast.office, hospital.b_medicine, since=JULY, note="档案核实")
    assert afresh(cast.member).branch == hospital.b_medicine


def test_taking_out_needs_a_membership_a_day_within_it_and_a_reason(cast):
    with pytest.raises(ValidationError, match="不在任何支部"):
        actions.leave_branch(cast.contributor, cast.office, until=MAY, note="误登")
    with pytest.raises(ValidationError, match="不能早于编入日期 2020-01-01"):
        actions.leave_branch(cast.member, cast.office, until=date(2019, 12, 31), note="误登")
    with pytest.raises(ValidationError, match="转出组织关系请开介绍信"):
        actions.leave_branch(cast.member, cast.office, until=MAY, note=" ")
    assert afresh(cast.member).branch is not None
    with pytest.raises(PermissionDenied):
        actions.leave_branch(cast.member, cast.secretary, until=MAY, note="误登")


def test_somebody_without_any_unit_is_still_within_the_offices_reach(cast, hospital):
    lost = make_person(branch=None)
    enroll(lost, cast.office, hospital.b_medicine)
    assert afresh(lost).branch == hospital.b_medicine


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
