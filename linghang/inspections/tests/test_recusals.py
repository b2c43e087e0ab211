"""回避: who is not sent where, what stands beside a name when a team is chosen, and pairs changed by hand."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from linghang.inspections import actions
from linghang.inspections.models import Check, Conflict, Round
from linghang.inspections.team_forms import TeamForm
from linghang.inspections.tests.sending import send
from linghang.inspections.tests.test_actions import DAY, check_of, make_round
from linghang.kernel.flow import WrongState
from linghang.kernel.models import Trail
from linghang.org.models import Person, Post, Unit
from tests.making import make_person, make_post, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def october(on_day: Any) -> Any:
    with on_day(DAY):
        yield


def bar(cast: Any, person: Person, unit: Unit, kind: str = "kin", since: date = date(2026, 1, 1)) -> Conflict:
    return actions.enter_conflict(cast.office, person=person, unit=unit, kind=kind, since=since)


@pytest.mark.mechanism("S0-19")
@pytest.mark.parametrize(("kind", "words"), [("kin", "亲属"), ("seconded", "借调"), ("complaint", "投诉")])
def test_nobody_is_sent_where_a_conflict_was_entered(cast: Any, hospital: Any, kind: str, words: str) -> None:
    check = check_of(make_round(cast, hospital, "committee"), hospital.b_imaging)
    conflict = bar(cast, cast.inspector, hospital.b_imaging, kind)
    with pytest.raises(ValidationError, match=f"吴纪明（{words}）应当回避影像党支部"):
        actions.assign_inspectors(check, cast.office, team=[cast.inspector, cast.clerk_office])
    assert not check.team.exists()
    actions.end_conflict(conflict, cast.office, until=DAY)
    actions.assign_inspectors(check, cast.office, team=[cast.inspector])


def test_members_staff_and_office_holders_of_a_branch_need_no_entry(cast: Any, hospital: Any) -> None:
    this = make_round(cast, hospital, "committee")
    check = check_of(this, hospital.b_medicine)
    Post.objects.create(
        person=cast.outsider, unit=hospital.b_medicine, role_id="organiser", since=date(2026, 1, 1)
    )
    Person.objects.filter(pk=cast.clerk_office.pk).update(department=hospital.d_medicine)
    staff = Person.objects.get(pk=cast.clerk_office.pk)
    for person, words in (
        (cast.member, "本支部党员"),
        (cast.outsider, "在该支部任职"),
        (staff, "在所属科室工作"),
    ):
        with pytest.raises(ValidationError, match=words):
            actions.assign_inspectors(check, cast.office, team=[person])


def test_a_team_for_all_leaves_out_whoever_must_stay_away_and_says_where_nobody_is_left(
    cast: Any, hospital: Any
) -> None:
    this = make_round(cast, hospital, "committee")
    with pytest.raises(ValidationError, match="机关党支部没有人能去：吴纪明（本支部党员）应当回避"):
        actions.assign_team(this, cast.office, team=[cast.inspector])
    bar(cast, cast.inspector, hospital.b_imaging)
    actions.assign_team(this, cast.office, team=[cast.inspector, cast.outsider])
    sent = {check.unit: set(check.team.all()) for check in this.checks.all()}
    assert sent == {
        hospital.b_medicine: {cast.inspector, cast.outsider},
        hospital.b_surgery: {cast.inspector},
        hospital.b_imaging: {cast.outsider},
        hospital.b_office: {cast.outsider},
    }


@pytest.mark.mechanism("S0-17", "S0-18")
def test_a_committee_with_a_conflict_is_not_drawn_for_that_branch(cast: Any, hospital: Any) -> None:
    for unit in (hospital.b_imaging, hospital.b_office):
        bar(cast, cast.clerk, unit)
    for number in range(1, 6):
        this = actions.draw(
            make_round(cast, hospital, "mutual", title=f"{number}"), cast.office, number=number
        )
        assert this.checks.get(inspecting=hospital.b_medicine).unit == hospital.b_surgery
        actions.withdraw(this, cast.office, reason="只是试")
    bar(cast, cast.clerk, hospital.b_surgery)
    with pytest.raises(
        ValidationError, match=r"“回避”与“各查一次”相冲突，内科党支部没有可检查的支部.*回避：亲属"
    ):
        actions.draw(make_round(cast, hospital, "mutual"), cast.office, number=1)


def test_load_and_expertise_stand_beside_the_names(cast: Any, hospital: Any) -> None:
    first = make_round(cast, hospital, "committee")
    send(first, cast)
    actions.start(first, cast.office)
    bar(cast, cast.inspector, hospital.b_imaging, "seconded")
    this = make_round(cast, hospital, "committee", title="再查一次")
    form = TeamForm(person=cast.office, obj=check_of(this, hospital.b_imaging))
    told = {str(label) for _, label in form.fields["team"].choices}  # type: ignore[attr-defined]
    assert "吴纪明（党委办公室 · 近一年查 3 个支部 · 回避：借调）" in told
    assert "李静（党委办公室 · 近一年查 0 个支部）" in told


def test_conflicts_are_entered_by_the_party_office_and_seen_by_few(
    client_of: Any, cast: Any, hospital: Any
) -> None:
    url = reverse("inspections:conflict_new")
    data = {"number": "1005", "unit": hospital.b_imaging.pk, "kind": "complaint", "since": "2026-10-01"}
    made = client_of(cast.clerk_office).post(url, data, follow=True)
    assert "吴纪明" in made.content.decode()
    conflict = Conflict.objects.get()
    assert Trail.objects.filter(subject=conflict.ref, verb="inspections.enter_conflict").exists()
    again = client_of(cast.clerk_office).post(url, data)
    assert (again.status_code, Conflict.objects.count()) == (422, 1)
    unknown = client_of(cast.clerk_office).post(url, data | {"number": "0"})
    assert "没有工号是 0 的在院人员" in unknown.content.decode()
    for person in (cast.secretary, cast.outsider, cast.member):
        assert client_of(person).get(reverse("inspections:conflicts")).status_code == 404
    with pytest.raises(PermissionDenied):
        actions.enter_conflict(
            cast.secretary, person=cast.member, unit=hospital.b_medicine, kind="kin", since=DAY
        )
    end = reverse("inspections:conflict_end_conflict", args=[conflict.pk])
    client_of(cast.office).post(end, {"until": "2026-10-12"})
    conflict.refresh_from_db()
    assert conflict.until == DAY
    with pytest.raises(WrongState):
        actions.end_conflict(conflict, cast.office, until=DAY)


# A pair changed by hand ----------------------------------------------------------------------------------------------


def seven(cast: Any, hospital: Any) -> Round:
    """A mutual round of seven branches: among fewer, two that change their targets mostly meet each other."""
    for number in range(3):
        extra = make_unit(code=f"b-{number}", name=f"新建{number}党支部")
        make_post(make_person(f"70{number}", branch=extra), "secretary", extra)
    return actions.draw(make_round(cast, hospital, "mutual"), cast.office, number=7)


def arcs(this: Round) -> set[tuple[Any, Any]]:
    return {(check.inspecting, check.unit) for check in this.checks.all()}


def swaps(this: Round) -> tuple[list[tuple[Check, Unit]], list[tuple[Check, Unit]]]:
    """What may be asked for: (allowed, forbidden) changes of one check to another inspector."""
    good, bad = [], []
    for check in this.checks.all():
        for other in this.checks.exclude(pk=check.pk):
            pairs = (arcs(this) - {(check.inspecting, check.unit), (other.inspecting, other.unit)}) | {
                (other.inspecting, check.unit),
                (check.inspecting, other.unit),
            }
            wrong = any(a == b or (b, a) in pairs for a, b in pairs)
            (bad if wrong else good).append((check, other.inspecting))
    return good, bad


@pytest.mark.mechanism("S0-17", "S0-18")
def test_a_pair_is_changed_by_hand_with_a_reason_and_keeps_the_hard_rules(cast: Any, hospital: Any) -> None:
    this = seven(cast, hospital)
    good, bad = swaps(this)
    before = arcs(this)
    for check, inspecting in bad:
        with pytest.raises(ValidationError, match=r"不能这样换，违反“(不自查|同一轮不互查)”"):
            actions.adjust_pair(check, cast.office, inspecting=inspecting, reason="换一下")
    assert arcs(this) == before
    check, inspecting = good[0]
    former = check.inspecting
    actions.adjust_pair(check, cast.office, inspecting=inspecting, reason="路远不便")
    after = arcs(this)
    assert (inspecting, check.unit) in after
    assert len(after - before) == 2
    assert {a for a, _ in after} == {b for _, b in after}
    check.refresh_from_db()
    assert check.reason == f"{inspecting}检查{check.unit}：人工调整（原由{former}检查），路远不便"
    assert set(check.team.all()) == set(inspecting.heads())
    assert Trail.objects.get(subject=this.ref, verb="inspections.adjust_pair").note.endswith("路远不便")


def test_what_a_change_relaxes_is_recorded_and_conflicts_forbid_it(cast: Any, hospital: Any) -> None:
    this = seven(cast, hospital)
    recorded = len(this.relaxations)
    check, inspecting = swaps(this)[0][0]
    actions.adjust_pair(check, cast.office, inspecting=inspecting, reason="路远不便")
    this.refresh_from_db()
    away = {(a, b) for a, b in arcs(this) if a.parent != b.parent}
    new = [one for one in this.relaxations[recorded:] if one["note"] == "人工调整：路远不便"]
    changed = {f"{check.unit}", f"{inspecting}"}
    told = {pair for one in new for pair in one["pairs"]}
    assert told <= {f"{a} → {b}" for a, b in away}
    assert all(any(name in pair for name in changed) or pair for pair in told)
    check, inspecting = swaps(this)[0][0]
    head = inspecting.heads().first()
    bar(cast, head, check.unit)
    with pytest.raises(ValidationError, match="违反“回避”"):
        actions.adjust_pair(check, cast.office, inspecting=inspecting, reason="再换")


def test_pairs_are_changed_only_between_the_lot_and_the_start(
    cast: Any, hospital: Any, client_of: Any
) -> None:
    this = seven(cast, hospital)
    check, inspecting = swaps(this)[0][0]
    page = client_of(cast.office).get(check.get_absolute_url()).content.decode()
    assert "调整配对" in page
    url = reverse("inspections:check_adjust_pair", args=[check.pk])
    data = {"inspecting": inspecting.pk, "reason": "两个支部同一天换届"}
    assert client_of(cast.office).post(url, data, follow=True).status_code == 200
    assert check_of(this, check.unit).inspecting == inspecting
    with pytest.raises(PermissionDenied):
        actions.adjust_pair(check, cast.secretary, inspecting=check.inspecting, reason="换")
    actions.start(this, cast.office)
    with pytest.raises(WrongState):
        actions.adjust_pair(
            check_of(this, check.unit), cast.office, inspecting=check.inspecting, reason="晚了"
        )
