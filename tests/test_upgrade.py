"""A new version's blueprint: it brings what is new and leaves alone what the hospital has decided itself."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from linghang.blueprints.loading import apply, load
from linghang.compliance.models import Duty
from linghang.founding import renew
from linghang.kernel import clock, parameters
from linghang.kernel.models import BlueprintVersion, Parameter
from linghang.org import actions
from linghang.org.models import Coverage, Grant, Person, Role, Unit

pytestmark = pytest.mark.django_db
DAYS = "inspections.deadline_days"


@pytest.fixture
def version(tmp_path, settings, hospital):
    """Another version of the hospital's blueprint, as its files say it."""
    settings.BASE_DIR = tmp_path
    home = tmp_path / "blueprints" / "mine"
    home.mkdir(parents=True)
    (home / "blueprint.yaml").write_text("title: 我院\n", encoding="utf-8")

    def make(text: str) -> dict[str, int]:
        (home / "all.yaml").write_text(text, encoding="utf-8")
        return apply(load("mine"), founding=False)

    return make


def grants(role: str, verb: str) -> set[str]:
    found = Grant.objects.on(clock.today()).filter(role=role, verb=verb)
    return set(found.values_list("extent", flat=True))


def all_grants(**changed: Any) -> str:
    """The grants as they stand, as a file would name them, some verbs otherwise."""
    named: dict[str, dict[str, list[str]]] = {}
    for grant in Grant.objects.on(clock.today()):
        named.setdefault(grant.verb, {}).setdefault(grant.role_id, []).append(grant.extent)
    named |= {verb.replace("__", "."): to for verb, to in changed.items()}
    return "org.grants:\n" + "".join(f"  - {{verb: {verb}, to: {to}}}\n" for verb, to in named.items())


def test_a_grant_that_the_office_took_back_stays_taken(version, cast):
    role = Role.objects.get(code="secretary")
    kept = all_grants()
    actions.set_grant(cast.admin, role=role, code="dispatch.assign", extent=None, since=clock.today())
    assert version(kept)["权限"] == 0
    assert grants("secretary", "dispatch.assign") == set()


def test_a_grant_that_the_office_gave_stays_given(version, cast):
    kept = all_grants()
    role = Role.objects.get(code="publicist")
    actions.set_grant(cast.admin, role=role, code="dispatch.assign", extent="unit", since=clock.today())
    assert version(kept)["权限"] == 0
    assert grants("publicist", "dispatch.assign") == {"unit"}


def test_what_nobody_touched_follows_the_new_version(version, cast):
    assert grants("secretary", "dispatch.assign") == {"unit"}
    assert version(all_grants(dispatch__assign={"publicist": ["own"]}))["权限"] > 0
    assert (grants("secretary", "dispatch.assign"), grants("publicist", "dispatch.assign")) == (
        set(),
        {"own"},
    )


def test_a_parameter_set_on_the_page_stays(version, cast):
    parameters.put(cast.office, DAYS, 20, clock.today())
    assert version(f"kernel.parameters:\n  - {{code: {DAYS}, value: 10}}\n")["参数"] == 0
    assert parameters.value(DAYS) == 20


def test_a_parameter_that_only_a_blueprint_has_set_follows_it_from_today(version):
    assert version(f"kernel.parameters:\n  - {{code: {DAYS}, value: 10}}\n")["参数"] == 1
    assert version(f"kernel.parameters:\n  - {{code: {DAYS}, value: 12}}\n")["参数"] == 1
    assert version(f"kernel.parameters:\n  - {{code: {DAYS}, value: 12}}\n")["参数"] == 0
    yesterday = clock.today() - timedelta(days=1)
    assert (parameters.value(DAYS), parameters.value(DAYS, yesterday)) == (12, 15)


def test_a_locked_year_does_not_stand_in_the_way_of_a_new_parameter(version, monkeypatch):
    def locked(since: date) -> None:
        if since < clock.today():
            raise ValidationError("该日在已锁定的考核周期内")

    monkeypatch.setattr(parameters, "GUARDS", [locked])
    assert version(f"kernel.parameters:\n  - {{code: {DAYS}, value: 10}}\n")["参数"] == 1
    assert Parameter.objects.get(code=DAYS).since == clock.today()


def test_units_and_people_are_the_hospitals_own(version, cast, hospital):
    actions.edit_unit(hospital.b_medicine, cast.office, name="大内科党支部", category="clinical")
    changed = version(
        "org.units:\n  - {code: b-medicine, name: 内科党支部, kind: branch}\n  - {code: b-x, name: 新支部, kind: branch, parent: g1}\n"
        'org.people:\n  - {code: "7777", name: 甲乙}\n'
    )
    assert changed == {}
    assert Unit.objects.get(code="b-medicine").name == "大内科党支部"
    assert not Unit.objects.filter(code="b-x").exists()
    assert not Person.objects.filter(staff_number="7777").exists()


def test_applying_by_hand_renames_nothing_and_covers_nothing_anew(cast, hospital):
    actions.edit_unit(hospital.b_medicine, cast.office, name="大内科党支部", category="clinical")
    Coverage.objects.filter(branch=hospital.b_medicine).update(until=clock.today())
    assert set(apply(load("tiny")).values()) == {0}
    assert Unit.objects.get(code="b-medicine").name == "大内科党支部"
    assert not hospital.b_medicine.covers.filter(until=None).exists()


def test_a_duty_that_is_new_begins_today_not_in_the_past(version):
    kept = [duty.code for duty in Duty.objects.on(clock.today())]
    version("compliance.duties:\n  - {code: extra, title: 专题学习, rule: R-ZB-14, kinds: [study]}\n")
    assert Duty.objects.get(code="extra").since == clock.today()
    assert kept
    assert not Duty.objects.on(clock.today()).filter(code__in=kept).exists()


def test_an_upgrade_takes_the_blueprint_that_the_hospital_was_founded_with(hospital, capsys):
    renew()
    assert capsys.readouterr().out == ""
    Role.objects.filter(code="clerk").update(name="别名")
    renew()
    assert "岗位：按蓝本变动 1 项" in capsys.readouterr().out


def test_an_upgrade_whose_blueprint_is_gone_says_so(hospital):
    BlueprintVersion.objects.create(name="gone", title="没了的蓝本", digest="")
    with pytest.raises(SystemExit, match="蓝本“gone”有问题，没有应用"):
        renew()
