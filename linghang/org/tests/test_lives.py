"""Lives of units: renamed, raised, merged, split, temporary; nothing of what was before is lost."""

import random
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count

from linghang.kernel import clock
from linghang.kernel.access import SYSTEM
from linghang.org import actions
from linghang.org.models import Coverage, Event, Membership, Person, Placement, Post, Role, Unit
from linghang.org.ticks import end_temporary
from tests.making import afresh, make_person

pytestmark = pytest.mark.django_db
JULY = date(2026, 7, 1)
PAPER = "院党字〔2026〕21 号"


@pytest.fixture(autouse=True)
def november(on_day):
    with on_day(date(2026, 11, 2)):
        yield


def role(code: str) -> Role:
    return Role.objects.get(code=code)


def merge(by, unit, into, **more):
    return actions.merge(unit, by, **{"into": into, "since": JULY, "document": PAPER, **more})


# --- names -----------------------------------------------------------------------------------------------------------


@pytest.mark.mechanism("S0-04", "S2-01")
def test_a_renamed_branch_keeps_the_name_of_former_days(cast, hospital):
    branch = hospital.b_medicine
    actions.rename(branch, cast.office, name="大内科党支部", since=JULY, document=PAPER)
    assert branch.name == "大内科党支部"
    assert branch.called_on(JULY - timedelta(days=1)) == ("内科党支部", "branch")
    assert branch.called_on(JULY) == ("大内科党支部", "branch")
    event = branch.events.get(kind=Event.Kind.RENAMED)
    assert (event.happened_on, event.document, event.words) == (JULY, PAPER, "更名：原名“内科党支部”")


def test_a_second_name_begins_after_the_first(cast, hospital):
    actions.rename(hospital.b_medicine, cast.office, name="大内科党支部", since=JULY)
    with pytest.raises(ValidationError, match="应晚于上次"):
        actions.rename(hospital.b_medicine, cast.office, name="内科系统党支部", since=JULY)
    with pytest.raises(ValidationError, match="还没到这一天"):
        actions.rename(hospital.b_medicine, cast.office, name="内科系统党支部", since=date(2027, 1, 1))


def test_only_the_office_changes_what_a_unit_is(cast, hospital):
    with pytest.raises(PermissionDenied):
        actions.rename(hospital.b_medicine, cast.secretary, name="别名", since=JULY)
    with pytest.raises(PermissionDenied):
        merge(cast.secretary, hospital.b_medicine, hospital.b_surgery)


# --- raised ----------------------------------------------------------------------------------------------------------


@pytest.mark.mechanism("S2-01")
@pytest.mark.under_a_committee
def test_a_branch_is_raised_and_its_members_go_on_in_a_branch_below(cast, hospital):
    branch, members = hospital.b_medicine, set(hospital.b_medicine.members.all())
    given = {"kind": "general", "name": "内科党总支", "since": JULY, "document": PAPER}
    with pytest.raises(ValidationError, match="请选择新的上级"):
        actions.promote(branch, cast.office, branch_name="内科第一党支部", **given)
    actions.promote(branch, cast.office, parent=hospital.party, branch_name="内科第一党支部", **given)
    branch.refresh_from_db()
    first = branch.children.get(kind="branch")
    assert (branch.kind, branch.parent, branch.called_on(date(2026, 6, 30))) == (
        "general",
        hospital.party,
        ("内科党支部", "branch"),
    )
    assert set(first.members.all()) == members
    assert {m.branch_id for m in Membership.objects.on(date(2026, 6, 30)).filter(person__in=members)} == {
        branch.pk
    }
    assert first.covers.on(JULY).get().department == hospital.d_medicine
    assert first.children.get() == Unit.objects.get(code="n-medicine-1")
    assert not branch.posts.on(JULY).filter(role__on_committee=True).exists()


# --- merged ----------------------------------------------------------------------------------------------------------


@pytest.mark.mechanism("S0-04", "S2-01")
def test_a_merge_moves_members_and_coverage_and_keeps_both_histories(cast, hospital):
    old, new = hospital.b_medicine, hospital.b_surgery
    before, own = set(old.members.all()), set(new.members.all())
    merge(cast.office, old, new)
    old.refresh_from_db()
    assert (old.until, old.successor, old.parent, old.path.startswith(new.path)) == (JULY, new, new, True)
    assert set(new.members.all()) == before | own
    day = JULY - timedelta(days=1)
    assert set(Person.objects.of_branch(old, day)) == before
    assert set(Person.objects.of_branch(new, day)) == own
    assert {c.department.code for c in new.covers.on(JULY)} == {"d-medicine", "d-surgery"}
    assert not Post.objects.on(JULY).filter(unit=old).exists()
    assert Post.objects.on(day).filter(unit=old, role="secretary").exists()
    assert Unit.objects.get(code="n-medicine-1").parent == new
    assert [e.kind for e in old.events.all()][-1] == "merged"
    assert [e.kind for e in new.events.all()][-1] == "absorbed"
    assert Placement.objects.on(day).get(unit=old).parent == hospital.g1


def test_the_secretary_of_the_successor_reaches_the_records_of_the_merged_branch(cast, hospital):
    merge(cast.office, hospital.b_medicine, hospital.b_surgery)
    reach = afresh(cast.outsider).reach("org.view_person")
    assert hospital.b_medicine.pk in reach.units
    assert hospital.b_imaging.pk not in reach.units
    assert not afresh(cast.secretary).reach("org.stand_in")


def test_a_merge_is_refused_where_it_cannot_be(cast, hospital):
    for into, why in ((hospital.b_medicine, "另一个"), (hospital.g2, "另一个")):
        with pytest.raises(ValidationError, match=why):
            merge(cast.office, hospital.b_medicine, into)
    make_person(number="7100", branch=None)
    late = Person.objects.get(staff_number="7100")
    actions.enroll(late, SYSTEM, branch=hospital.b_medicine, status="full", since=date(2026, 8, 1))
    with pytest.raises(ValidationError, match="编入的日期"):
        merge(cast.office, hospital.b_medicine, hospital.b_surgery)
    assert Unit.objects.get(code="b-medicine").until is None
    merge(cast.office, hospital.b_medicine, hospital.b_surgery, since=date(2026, 9, 1))
    with pytest.raises(ValidationError, match="不适用"):
        actions.move_unit(hospital.b_medicine, cast.office, parent=hospital.g2, since=date(2026, 10, 1))


def test_shares_of_one_department_add_up_in_the_successor(cast, hospital):
    SYSTEM_GIVES = {"weight": "0.6", "since": date(2026, 1, 1)}
    actions.cover(hospital.b_medicine, SYSTEM, department=hospital.d_imaging, **SYSTEM_GIVES)
    actions.cover(
        hospital.b_surgery, SYSTEM, department=hospital.d_imaging, weight="0.3", since=date(2026, 1, 1)
    )
    merge(cast.office, hospital.b_medicine, hospital.b_surgery)
    held = Coverage.objects.on(JULY).get(branch=hospital.b_surgery, department=hospital.d_imaging)
    assert str(held.weight) == "0.900"


# --- split -----------------------------------------------------------------------------------------------------------


@pytest.mark.mechanism("S2-01")
def test_a_branch_is_split_and_the_new_one_takes_members_and_departments(cast, hospital):
    branch = hospital.b_medicine
    given = {"name": "呼吸内科党支部", "since": JULY, "document": PAPER, "departments": [hospital.d_medicine]}
    actions.split(branch, cast.office, members=[cast.member, cast.clerk], **given)
    made = Unit.objects.get(name="呼吸内科党支部")
    assert set(made.members.all()) == {cast.member, cast.clerk}
    assert made.covers.on(JULY).get().department == hospital.d_medicine
    assert not branch.covers.on(JULY).exists()
    assert not cast.clerk.posts.on(JULY).filter(unit=branch, role__on_committee=True).exists()
    assert branch.events.get(kind="split").other == made
    with pytest.raises(ValidationError, match="不是“内科党支部”的党员"):
        actions.split(branch, cast.office, members=[cast.outsider], **given | {"name": "又一党支部"})


# --- temporary and joint ---------------------------------------------------------------------------------------------


def temporary(by, hospital, cast, **more):
    given = {
        "name": "防汛临时党支部",
        "parent": hospital.party,
        "since": JULY,
        "ends_on": date(2026, 12, 1),
        "task": "防汛医疗救援",
        "secretary": cast.secretary,
        "members": [cast.member, cast.outsider],
        "document": PAPER,
    }
    return actions.add_temporary(by, **{**given, **more})


@pytest.mark.mechanism("S0-45", "S1-23")
def test_a_temporary_branch_needs_approval_and_ends_by_itself_on_its_day(cast, hospital, on_day):
    with pytest.raises(ValidationError, match="第八条"):
        temporary(cast.office, hospital, cast, document="")
    unit = temporary(cast.office, hospital, cast)
    assert (unit.kind_name, unit.class_code, unit.approved_by) == ("临时党支部", "931", hospital.party)
    assert {p.person for p in unit.posts.on(JULY)} == {cast.secretary, cast.member, cast.outsider}
    assert afresh(cast.member).branch == hospital.b_medicine
    assert end_temporary() == 0
    with on_day(date(2026, 12, 2)):
        assert end_temporary() == 1
        assert end_temporary() == 0
        unit.refresh_from_db()
        assert unit.until == date(2026, 12, 1)
        assert not unit.posts.on(clock.today()).exists()
        assert "自然撤销" in unit.events.get(kind="dissolved").text


@pytest.mark.mechanism("S1-23")
def test_a_temporary_branch_takes_nobody_in_and_elects_nobody(cast, hospital):
    unit = temporary(cast.office, hospital, cast)
    newcomer = make_person(number="7101", branch=None)
    with pytest.raises(ValidationError, match=r"不办理发展党员（.*第八条"):
        actions.enroll(newcomer, cast.office, branch=unit, status="probationary", since=JULY)
    with pytest.raises(ValidationError, match="不办理换届选举"):
        actions.begin_term(cast.office, unit=unit, elected_on=JULY)
    with pytest.raises(ValidationError, match="不能互改"):
        actions.edit_unit(unit, cast.office, name=unit.name, shape="ordinary")
    with pytest.raises(ValidationError, match="设立临时党支部"):
        actions.add_unit(
            cast.office, name="又一临时", kind="branch", parent=hospital.party, since=JULY, shape="temporary"
        )


def test_a_task_is_extended_by_a_later_paper_only(cast, hospital):
    unit = temporary(cast.office, hospital, cast)
    with pytest.raises(ValidationError, match="应晚于"):
        actions.extend_task(unit, cast.office, ends_on=date(2026, 11, 20), document=PAPER)
    actions.extend_task(unit, cast.office, ends_on=date(2027, 1, 1), document="院党字〔2026〕30 号")
    assert unit.ends_on == date(2027, 1, 1)
    assert unit.events.last().document == "院党字〔2026〕30 号"


@pytest.mark.parametrize(
    ("kind", "shape", "code"),
    [
        ("committee", "ordinary", "611"),
        ("subcommittee", "ordinary", "611"),
        ("general", "ordinary", "621"),
        ("branch", "ordinary", "631"),
        ("branch", "joint", "632"),
        ("group", "ordinary", "641"),
        ("committee", "temporary", "911"),
        ("general", "temporary", "921"),
        ("branch", "temporary", "931"),
        ("branch", "temporary_joint", "932"),
        ("department", "ordinary", ""),
    ],
)
def test_each_kind_has_its_class_code(kind, shape, code):
    assert Unit(kind=kind, shape=shape).class_code == code


def test_a_joint_group_does_not_exist(cast, hospital):
    with pytest.raises(ValidationError, match="没有“联合党小组”"):
        actions.add_unit(
            cast.office, name="联", kind="group", parent=hospital.b_medicine, since=JULY, shape="joint"
        )


# --- invariants ------------------------------------------------------------------------------------------------------


def check_invariants() -> None:
    """One secretary a branch, no open post in an ended unit, no unit under two parents, no person in two branches."""
    for table, key in ((Placement, "unit"), (Membership, "person"), (Coverage, "branch_id")):
        rows = list(
            table.objects.values_list(key, "since", "until", *(("department",) if table is Coverage else ()))
        )
        for a in rows:
            for b in rows:
                same = a[0] == b[0] and a[3:] == b[3:] and a is not b
                assert not (same and a[1] <= b[1] < (a[2] or date.max)), (table, a, b)
    for post in Post.objects.exclude(unit__until=None).select_related("unit"):
        assert (post.until or date.max) <= max(post.unit.until, post.since), post
    day = clock.today()
    heads = (
        Post.objects.on(day).filter(role="secretary", acting_for=None).values("unit").annotate(n=Count("pk"))
    )
    assert all(row["n"] == 1 for row in heads)
    ended = Unit.objects.exclude(until=None)
    assert not Membership.objects.filter(branch__in=ended, until=None).exists()
    for person in Person.objects.exclude(branch=None):
        assert person.memberships.get(until=None).branch_id == person.branch_id


def one_act(rng: random.Random, by: Person, day: date, n: int) -> None:
    """Something legal or not that somebody might try today."""
    branches = list(Unit.objects.branches().filter(until=None))
    generals = list(Unit.objects.filter(kind__in=("general", "committee"), until=None))
    people = list(Person.objects.filter(staff_number__startswith="8"))
    unit, person = rng.choice(branches), rng.choice(people)
    acts = {
        "add": lambda: actions.add_unit(
            by, name=f"支部{n}", kind="branch", parent=rng.choice(generals), since=day
        ),
        "rename": lambda: actions.rename(unit, by, name=f"新名{n}", since=day),
        "move": lambda: actions.move_unit(unit, by, parent=rng.choice(generals), since=day),
        "merge": lambda: actions.merge(unit, by, into=rng.choice(branches), since=day),
        "split": lambda: actions.split(
            unit, by, name=f"分设{n}", since=day, members=list(unit.members.all()[:2])
        ),
        "promote": lambda: actions.promote(
            unit, by, kind="general", name=f"总支{n}", branch_name=f"一支部{n}", parent=generals[0], since=day
        ),
        "close": lambda: actions.close_unit(unit, by, until=day + timedelta(days=rng.choice((0, 0, 9)))),
        "enroll": lambda: actions.enroll(person, by, branch=unit, status="full", since=day),
        "appoint": lambda: actions.appoint(
            by, person=person, unit=unit, role=role(rng.choice(("secretary", "organiser"))), since=day
        ),
        "end": lambda: actions.end_post(rng.choice(list(unit.posts.filter(until=None))), by, until=day),
        "cover": lambda: actions.cover(unit, by, department=Unit.objects.get(code="d-medicine"), since=day),
        "temporary": lambda: actions.add_temporary(
            by,
            name=f"临时{n}",
            parent=generals[0],
            since=day,
            ends_on=day + timedelta(days=5),
            task="任务",
            secretary=person,
            document=PAPER,
        ),
    }
    acts[rng.choice(list(acts))]()


@pytest.mark.parametrize("seed", range(4))
def test_no_sequence_of_acts_breaks_the_organisation(cast, hospital, on_day, seed):
    rng = random.Random(seed)
    for number in range(12):
        make_person(number=f"8{number:03}", branch=rng.choice((hospital.b_medicine, hospital.b_imaging)))
    done = 0
    for n in range(60):
        day = date(2026, 1, 1) + timedelta(days=3 * n)
        with on_day(day):
            end_temporary()
            try:
                one_act(rng, afresh(cast.office), day, n)
                done += 1
            except (ValidationError, IndexError):
                continue
            check_invariants()
    assert done > 20
