"""Joint and temporary branches: what they owe, what they do not, and why (支部工作条例 第五、八条)."""

from datetime import date

import pytest
from django.urls import reverse

from linghang.compliance.blueprint import DutyEntry
from linghang.compliance.judge import checkups
from linghang.compliance.models import Duty
from linghang.compliance.tests.acts import go_live, held
from linghang.kernel import clock
from linghang.kernel.access import SYSTEM
from linghang.kernel.facts import SOURCES
from linghang.kernel.flow import STEPS
from linghang.org.models import Coverage, Unit
from linghang.rules.branch import FORBIDDEN
from linghang.rules.frequency import Light, Status

pytestmark = pytest.mark.django_db
FOUNDED, TODAY = date(2026, 3, 2), date(2026, 10, 28)


@pytest.fixture
def team(hospital, cast):
    """A temporary branch of two, for a task that lasts into the next year."""
    go_live(date(2026, 1, 1))
    with clock.at(FOUNDED):
        return STEPS["org.add_temporary"].run(
            SYSTEM,
            name="援外医疗队临时党支部",
            parent=hospital.g1,
            since=FOUNDED,
            ends_on=date(2027, 6, 30),
            task="援外医疗",
            secretary=cast.clerk,
            document="示例党〔2026〕8 号",
            members=[cast.member],
        )


def checks(unit, day=TODAY):
    with clock.at(day):
        return {check.duty.code: check for check in checkups([unit])[unit.pk]}


def test_a_temporary_branch_lives_its_organisational_life_and_elects_nobody_and_takes_no_dues(team):
    found = checks(team)
    for code in ("assembly", "themed_day", "lesson"):
        assert found[code].light is Light.RED, code
    for code in ("term", "vacancy", "dues", "hours", "size", "few", "committee"):
        assert found[code].status is Status.NOT_REQUIRED, code
        assert "支部工作条例 第八条" in found[code].sentence, code
    assert found["dues"].sentence == "临时党支部不收缴党费（支部工作条例 第八条）"
    assert "joint" not in found


def test_its_meetings_count_like_those_of_any_branch(team, cast):
    held(cast.clerk, team, "themed_day", date(2026, 10, 12))
    assert checks(team)["themed_day"].current.status is Status.DONE
    assert checks(team)["themed_day"].current.records


def test_a_temporary_branch_has_an_approver_who_named_its_leaders(team):
    found = checks(team)["temporary"]
    assert (found.light, found.sentence) == (Light.GREEN, "第一党总支批准，班子由其指定")
    STEPS["org.end_post"].run(team.posts.get(role="secretary"), SYSTEM, until=date(2026, 9, 1))
    found = checks(team)["temporary"]
    assert (found.light, found.sentence) == (Light.RED, "临时党支部缺指定的班子")


def test_what_it_does_not_owe_leaves_the_base_of_every_score(team):
    with clock.at(TODAY):
        frame = SOURCES["compliance.duties"].frame(date(2026, 1, 1), date(2026, 9, 30), {team.pk})
    owed = frame.filter(frame["due"])["duty"].unique()
    assert {"assembly", "themed_day", "temporary"} <= set(owed)
    assert not {"term", "vacancy", "dues", "hours", "size", "few", "committee"} & set(owed)


def test_page_and_board_say_what_is_not_asked_and_why(team, cast, client_of):
    with clock.at(TODAY):
        home = client_of(cast.office).get(reverse("desk:branch", args=[team.pk]), {"all": 1})
        board = client_of(cast.office).get(reverse("compliance:board")).content.decode()
    assert "临时党支部不换届（支部工作条例 第八条）" in home.content.decode()
    assert "援外医疗队临时党支部不要求换届、班子配备、支部人数" in board
    assert "不转组织关系，名册在各人所在的支部" in home.content.decode()
    assert ("不要求", 10) in home.context["counts"]


def test_what_a_temporary_branch_may_not_do_is_asked_of_none(hospital):
    """Of what 第八条 names, 换届 and 收缴党费 are duties of other branches."""
    assert {"换届选举", "收缴党费"} <= set(FORBIDDEN)
    owed = Duty.objects.filter(judge__in=("term", "vacancy", "dues"), units__icontains="branch")
    assert owed.count() == 3
    assert all("temporary" in duty.not_for for duty in owed)


def test_a_joint_branch_is_judged_like_an_ordinary_one_and_by_what_it_covers(hospital):
    go_live(date(2026, 1, 1))
    branch = hospital.b_medicine
    ordinary = checks(branch)
    assert not {"joint", "temporary"} & set(ordinary)
    Unit.objects.filter(pk=branch.pk).update(shape=Unit.Shape.JOINT)
    branch.refresh_from_db()
    joint = checks(branch)
    assert set(joint) == {*ordinary, "joint"}
    assert [joint[code].sentence for code in ordinary] == [each.sentence for each in ordinary.values()]


def test_a_joint_branch_of_six_departments_is_a_hint(hospital):
    go_live(date(2026, 1, 1))
    Unit.objects.filter(pk=hospital.b_medicine.pk).update(shape=Unit.Shape.JOINT)
    branch = Unit.objects.get(pk=hospital.b_medicine.pk)
    for number in range(5):
        ward = Unit.objects.create(
            code=f"w{number}", name=f"病区{number}", kind="ward", since=date(2020, 1, 1)
        )
        Coverage.objects.create(branch=branch, department=ward, weight=1, since=date(2026, 6, 1))
    assert checks(branch, date(2026, 5, 17))["joint"].light is Light.GREEN
    assert checks(branch, date(2026, 6, 1))["joint"].light is Light.AMBER


def test_a_hospital_may_let_off_a_shape_and_says_why(hospital):
    go_live(date(2026, 1, 1))
    Duty.objects.filter(code="lesson").update(not_for={"joint": "联合党支部随牵头支部上党课"})
    Unit.objects.filter(pk=hospital.b_medicine.pk).update(shape=Unit.Shape.JOINT)
    found = checks(Unit.objects.get(pk=hospital.b_medicine.pk))["lesson"]
    assert (found.status, found.sentence) == (Status.NOT_REQUIRED, "联合党支部随牵头支部上党课")
    assert checks(hospital.b_surgery)["lesson"].light is Light.RED


def test_the_blueprint_knows_three_shapes():
    given = {"code": "x", "title": "某项", "judge": "size", "rule": "R-ZB-02"}
    assert DutyEntry(**given, shapes=["joint"]).shapes == ["joint"]
    with pytest.raises(ValueError, match="temporary_joint"):
        DutyEntry(**given, not_for={"temporary_joint": "不要求"})
