"""An import taken back, given up, and the two registers as hospitals send them."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from linghang.kernel.access import SYSTEM
from linghang.kernel.flow import WrongState
from linghang.kernel.models import Trail
from linghang.org import actions, imports
from linghang.org.models import (
    Import,
    Membership,
    Person,
    Post,
    Unit,
)
from linghang.org.tests.registers import (
    AS_OF,
    SAMPLES,
    bring_in,
    found_hospital,
    line,
    state,
    upload,
)
from tests.making import make_person


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


# Undo ------------------------------------------------------------------------------------------------------------------


def test_undo_restores_every_row_and_leaves_one_trail_row(cast):
    before = state()
    rows = (
        line("吴梅", "药学党支部", 所在科室="药学部", 党内职务="党支部书记"),
        line("何员", "药学党支部", 工号="3004", 手机号码="13900001111", 性别="男", 所在科室="药学部"),
        line("周明", 工号="3001", 党内职务="宣传委员", 出生日期="1975-01-02"),
    )
    found = bring_in(cast.office, *rows)
    assert state() != before
    trail = Trail.objects.count()
    imports.undo_roster(found, cast.office, reason="传错了文件")
    assert state() == before
    assert Trail.objects.count() == trail + 1
    assert Trail.objects.first().note == "传错了文件"
    with pytest.raises(WrongState):
        imports.undo_roster(found, cast.office)


@pytest.mark.parametrize(
    ("build", "word"),
    [
        (
            lambda p, by: actions.open_account(SYSTEM, person=p, password="Xy12345678", username="wumei"),
            "账号",
        ),
        (lambda p, by: actions.edit_person(p, by, name="吴莓"), "修改人员信息"),
        (lambda p, by: Person.objects.filter(pk=p.pk).update(title="护师"), "之后又有改动"),
        (lambda p, by: actions.end_post(p.posts.get(), SYSTEM, until=date(2026, 12, 1)), "免职"),
        (lambda p, by: actions.leave_branch(p, by, until=date(2026, 12, 1), note="误登"), "移出支部"),
    ],
)
def test_undo_is_refused_when_something_was_built_on_the_import(cast, build, word):
    found = bring_in(cast.office, line("吴梅", 党内职务="宣传委员"))
    build(Person.objects.get(name="吴梅"), cast.office)
    after = state()
    with pytest.raises(ValidationError, match=word):
        imports.undo_roster(found, cast.office)
    assert state() == after


def test_undo_is_refused_when_a_new_branch_has_got_another_member(cast):
    found = bring_in(cast.office, line("吴梅", "药学党支部"))
    branch = Unit.objects.get(name="药学党支部")
    late = make_person("7001", branch=None)
    actions.enroll(late, cast.office, branch=branch, status="full", since=date(2026, 11, 20))
    with pytest.raises(ValidationError, match="药学党支部：之后有组织关系 1 条"):
        imports.undo_roster(found, cast.office)


def test_undo_of_the_first_waits_for_undo_of_the_second(cast):
    before = state()
    first = bring_in(cast.office, line("吴梅", 手机号码="13900001111"))
    second = bring_in(cast.office, line("吴梅", 手机号码="13900002222"))
    with pytest.raises(ValidationError, match="吴梅：之后又有改动"):
        imports.undo_roster(first, cast.office)
    imports.undo_roster(second, cast.office)
    imports.undo_roster(first, cast.office)
    assert state() == before


def test_a_waiting_import_can_be_given_up(cast):
    found = upload(cast.office, line("吴梅"))
    imports.discard_roster(found, cast.office)
    assert found.state == Import.State.UNDONE
    with pytest.raises(WrongState):
        imports.confirm_roster(found, cast.office)


# The two registers as hospitals send them ------------------------------------------------------------------------------


def test_large_register_comes_in_row_by_row_again_and_back_out(db):
    director = found_hospital("liuan")
    before = state()
    content = (SAMPLES / "roster-large.xlsx").read_bytes()
    found = imports.import_roster(director, content=content, name="roster-large.xlsx", as_of=AS_OF)
    count = found.counts
    assert (count["rows"], count["imported"], count["merged"], count["refused"]) == (1477, 1462, 0, 15)
    assert count["units"] == 0
    imports.confirm_roster(found, director)
    assert Membership.objects.filter(until=None).count() == 1462
    assert Post.objects.filter(role="secretary").count() == 69
    once = state()
    again = imports.import_roster(director, content=content, name="roster-large.xlsx", as_of=AS_OF)
    assert (again.counts["imported"], again.counts["merged"], again.counts["changed"]) == (0, 1462, 0)
    imports.confirm_roster(again, director)
    assert state() == once
    imports.undo_roster(again, director)
    imports.undo_roster(found, director)
    assert state() == before


def test_small_register_comes_into_a_hospital_headed_by_a_general_branch(db):
    director = found_hospital("jiangjin")
    content = (SAMPLES / "roster-small.xlsx").read_bytes()
    found = bring_in(director, content=content)
    count = found.counts
    assert (count["rows"], count["imported"], count["units"]) == (114, 114, 0)
    assert Post.objects.filter(role="secretary").count() == 7


@pytest.mark.under_a_committee
def test_small_register_builds_its_branches_in_a_hospital_that_lacks_them(cast, hospital):
    before = state()
    content = (SAMPLES / "roster-small.xlsx").read_bytes()
    found = upload(cast.office, content=content)
    assert found.counts["open"] == found.counts["units"] == 15
    found = bring_in(cast.office, content=content)
    assert found.counts["rows"] == found.counts["imported"] + found.counts["merged"] + found.counts["refused"]
    # The register's own head, a 党总支, is taken for the head of this hospital; a branch that is only alike is not.
    assert Unit.objects.get(name="内分泌科党支部").parent == hospital.party
    assert Unit.objects.filter(parent=hospital.party, kind=Unit.Kind.BRANCH).count() == 8
    imports.undo_roster(found, cast.office)
    assert state() == before
