"""A blueprint's folder: every slip is told with file, line and remedy; applying twice changes nothing."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from linghang.blueprints.loading import BlueprintProblem, apply, folder, load
from linghang.kernel.models import BlueprintVersion
from linghang.org.models import Grant, Person, Unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def write(tmp_path, settings):
    """Write files of an invented blueprint and read it."""
    settings.BASE_DIR = tmp_path

    def make(**files: str) -> Path:
        for name, text in {"mine__blueprint": "title: 我院\n", **files}.items():
            path = tmp_path / "blueprints" / f"{name.replace('__', '/')}.yaml"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return tmp_path

    return make


def problems(name: str = "mine") -> list[str]:
    with pytest.raises(BlueprintProblem) as told:
        load(name)
    assert str(told.value) == "\n".join(told.value.problems)
    return told.value.problems


@pytest.mark.parametrize("name", ["tiny", "tiny-general", "liuan", "jiangjin"])
def test_every_blueprint_in_the_box_has_no_problem(name, hospital):
    found = load(name)
    assert found.title
    assert [section.order for section, _ in found.sections] == sorted(s.order for s, _ in found.sections)


def test_a_hospitals_own_blueprint_stands_with_its_data_and_builds_on_the_shared_one(tmp_path, settings):
    settings.VAR_DIR = tmp_path
    own = tmp_path / "blueprints" / "我院"
    own.mkdir(parents=True)
    (own / "blueprint.yaml").write_text("title: 我院\nextends: [common]\n", encoding="utf-8")
    (own / "roles.yaml").write_text("org.roles:\n  - {code: librarian, name: 图书员}\n", encoding="utf-8")
    roles = next(entries for section, entries in load("我院").sections if section.name == "org.roles")
    assert {"librarian", "secretary"} <= {role.code for role in roles}
    assert "我院" in "".join(problems("无此院")), "it is named among those there are"


@pytest.mark.under_a_committee
def test_applying_twice_changes_nothing(hospital):
    before = (
        Unit.objects.count(),
        Person.objects.count(),
        Grant.objects.count(),
        BlueprintVersion.objects.count(),
    )
    assert set(apply(load("tiny")).values()) == {0}
    after = (
        Unit.objects.count(),
        Person.objects.count(),
        Grant.objects.count(),
        BlueprintVersion.objects.count(),
    )
    assert before == after


def test_a_preview_takes_everything_back(hospital, write):
    write(mine__units="org.units:\n  - {code: b-x, name: 新支部, kind: branch, parent: party}\n")
    assert apply(load("mine"), dry=True)["单位"] == 1
    assert not Unit.objects.filter(code="b-x").exists()
    assert apply(load("mine"))["单位"] == 1
    assert BlueprintVersion.objects.first().title == "我院"


def test_an_unknown_blueprint_is_answered_with_those_there_are(hospital, write):
    write()
    assert problems("theirs") == ["没有名为“theirs”的蓝本；可用：mine"]
    assert folder("mine").name == "mine"


def test_an_unknown_reference_is_told_with_place_and_suggestion(hospital, write):
    write(mine__grants="org.grants:\n  - verb: dispatch.isue\n    to: {office_director: tree}\n")
    (told,) = problems()
    assert told.startswith("mine/grants.yaml 第 2 行 verb：")
    assert "是否为“dispatch.issue”？" in told


def test_unknown_keys_and_missing_ones_are_told(hospital, write):
    write(mine__roles="org.roles:\n  - {code: chief, nmae: 主任}\n  - {name: 无编码}\n")
    told = "\n".join(problems())
    assert "第 2 行 name：必须填写" in told
    assert "第 2 行 nmae：没有这个键" in told
    assert "第 3 行：缺少 code" in told


def test_an_unknown_section_is_answered_with_the_nearest(hospital, write):
    write(mine__roles="org.role:\n  - {code: x, name: 甲}\n")
    assert problems() == ["mine/roles.yaml：没有名为“org.role”的栏目；是否为“org.roles”？"]


def test_the_same_code_twice_in_one_folder_is_a_slip(hospital, write):
    row = "org.roles:\n  - {code: chief, name: 主任}\n"
    write(mine__a=row, mine__b=row)
    assert problems() == ["mine/b.yaml 第 2 行：“chief”与 mine/a.yaml 第 2 行重复"]


def test_a_section_that_is_no_list_is_told(hospital, write):
    write(mine__roles="org.roles: {code: chief}\n", mine__units="org.units: [甲, 乙]\n")
    told = problems()
    assert len(told) == 2
    assert all("应是一个列表" in one for one in told)


@pytest.mark.parametrize(
    ("text", "words"), [("a: [", "不是合法的 YAML"), ("- 1", "应以“栏目名: 列表”开头"), ("", "应以")]
)
def test_what_is_no_blueprint_is_told(hospital, write, text, words):
    write(mine__roles=text)
    assert words in problems()[0]


def test_a_hospitals_own_row_replaces_the_shared_one_and_may_leave_one_out(hospital, write):
    write(
        mine__blueprint="title: 我院\nextends: [common]\nwithout:\n  - {section: org.roles, key: gone}\n",
        common__roles="org.roles:\n  - {code: chief, name: 主任}\n  - {code: gone, name: 不要的}\n",
        mine__roles="org.roles:\n  - {code: chief, name: 我院主任}\n",
    )
    ((section, entries),) = load("mine").sections
    assert section.name == "org.roles"
    assert [(e.code, e.name) for e in entries] == [("chief", "我院主任")]


def test_the_command_checks_previews_and_applies(hospital, write, capsys):
    write(mine__units="org.units:\n  - {code: b-x, name: 新支部, kind: branch, parent: party}\n")
    call_command("blueprint", "check", "mine")
    call_command("blueprint", "plan", "mine")
    assert not Unit.objects.filter(code="b-x").exists()
    call_command("blueprint", "apply", "mine")
    said = capsys.readouterr().out
    assert "“我院”：1 项，未发现问题" in said
    assert "单位：将变动 1 项" in said
    assert "单位：变动 1 项" in said
    assert Unit.objects.get(code="b-x").parent.code == "party"
    with pytest.raises(CommandError, match="没有名为“theirs”的蓝本"):
        call_command("blueprint", "check", "theirs")
