"""How units and people change: the happy path, each refusal, the trace."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from linghang.kernel import parameters
from linghang.kernel.access import SYSTEM
from linghang.kernel.models import Trail
from linghang.org import actions
from linghang.org.models import Coverage, Grant, Person, Placement, Post, Role, Unit
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
