"""Posts that a register names: what a committee has room for, what an office is given once; names given once."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from linghang.kernel import clock
from linghang.org import actions, imports
from linghang.org.committees import committees
from linghang.org.models import Person, Post, Role, Unit
from linghang.org.tests.registers import AS_OF, bring_in, decide, line, of, said, upload
from linghang.rules.clauses import Level
from tests.making import make_unit

pytestmark = pytest.mark.django_db
MAY = date(2026, 5, 1)


def crowd(branch="影像党支部"):
    """影像 has its secretary; the register names nine plain members first, then three with an office."""
    plain = [line(f"委员{sign}", branch, 党内职务="支部委员") for sign in "甲乙丙丁戊己庚辛壬"]
    officers = [
        line("组织甲", branch, 党内职务="组织委员"),
        line("宣传甲", branch, 党内职务="宣传委员"),
        line("宣传乙", branch, 党内职务="宣传委员"),
    ]
    return [*plain, *officers]


def seats(branch):
    return set(
        Post.objects.filter(unit=branch, role__on_committee=True).values_list("person__name", flat=True)
    )


def test_a_committee_takes_seven_those_with_an_office_first_and_the_preview_says_who_not(cast, hospital):
    found = upload(cast.office, *crowd())
    for name in "己庚辛壬":
        entry = of(found, f"委员{name}")
        told = "“影像党支部”支部委员 8 人，超过最多 7 人（支部工作条例 第二十条）；人员照常导入，职务没有导入"
        assert (entry["kind"], told in said(entry)) == ("imported", True)
        assert entry["cautions"][-1]["remedy"] == "请在任职页调整"
    assert "职务没有导入" not in said(of(found, "委员甲")) + said(of(found, "组织甲"))
    imports.confirm_roster(found, cast.office)
    assert seats(hospital.b_imaging) == {"秦影", "组织甲", "宣传甲", *(f"委员{sign}" for sign in "甲乙丙丁")}
    assert Person.objects.filter(branch=hospital.b_imaging).count() == 13


def test_an_office_that_a_register_gives_twice_is_taken_by_the_first(cast, hospital):
    found = upload(cast.office, *crowd()[-2:], line("书记甲", "影像党支部", 党内职务="支部书记"))
    assert "影像党支部宣传委员在名册里已写给 宣传甲，只能由一人担任" in said(of(found, "宣传乙"))
    assert "影像党支部书记现任为 秦影，只能由一人担任；人员照常导入，职务没有导入" in said(
        of(found, "书记甲")
    )
    imports.confirm_roster(found, cast.office)
    assert Post.objects.get(unit=hospital.b_imaging, role="publicist").person.name == "宣传甲"
    assert Post.objects.get(unit=hospital.b_imaging, role="secretary").person == cast.imaging


def test_after_the_import_alone_nothing_is_out_of_bounds(cast, hospital):
    with clock.at(AS_OF):
        bring_in(cast.office, *crowd(), *crowd("药学党支部"))
        found = committees(Unit.objects.branches(), AS_OF)
        blocked = [v.sentence for each in found for v in each.unmet if v.level is Level.BLOCK]
    assert blocked == []


def test_a_post_that_such_a_unit_does_not_have_is_left_out_with_the_reason(cast, hospital):
    Role.objects.filter(pk="publicist").update(at=["general"])
    found = upload(cast.office, line("宣传甲", "影像党支部", 党内职务="宣传委员"))
    assert "党支部不设“宣传委员”，没有导入" in said(of(found, "宣传甲"))


# --- telephone numbers ------------------------------------------------------------------------------------------------


def test_a_number_that_is_none_is_named_and_the_row_comes_in_without_it(cast):
    rows = [
        line("吴梅", 手机号码="abc"),
        line("郑竹", 手机号码="0564-3312345转801"),
        line("冯菊", 手机号码="8123"),
    ]
    found = bring_in(cast.office, *rows, line("陈兰", 手机号码="138 0013 8000/8123"))
    assert "电话“abc”不是有效号码，没有导入；这一行照常导入" in said(of(found, "吴梅"))
    kept = dict(Person.objects.filter(name__in=["吴梅", "郑竹", "冯菊", "陈兰"]).values_list("name", "phone"))
    assert kept == {"吴梅": "", "郑竹": "0564-3312345-801", "冯菊": "8123", "陈兰": "13800138000"}


# --- names ------------------------------------------------------------------------------------------------------------


def test_no_two_units_below_one_parent_are_called_the_same(cast, hospital):
    why = "“第一党总支”下已有“内科党支部”"
    with pytest.raises(ValidationError, match=why):
        actions.add_unit(cast.office, name=" 内科党支部 ", kind="branch", parent=hospital.g1, since=MAY)
    other = actions.add_unit(cast.office, name="药学党支部", kind="branch", parent=hospital.g1, since=MAY)
    with pytest.raises(ValidationError, match=why):
        actions.edit_unit(other, cast.office, name="内科党支部")
    with clock.at(AS_OF), pytest.raises(ValidationError, match=why):
        actions.rename(other, cast.office, name="内科党支部", since=date(2026, 10, 1))
    twin = actions.add_unit(cast.office, name="内科党支部", kind="branch", parent=hospital.g2, since=MAY)
    with pytest.raises(ValidationError, match="“第一党总支”下已有“内科党支部”，请先更名再调整"):
        actions.move_unit(twin, cast.office, parent=hospital.g1, since=date(2026, 6, 1))
    actions.edit_unit(
        other, cast.office, name="药学党支部", category="technical"
    )  # its own name is no double


def test_a_name_is_free_again_once_its_unit_has_ended(cast, hospital):
    make_unit(name="老支部", parent=hospital.g1, until=MAY)
    actions.add_unit(cast.office, name="老支部", kind="branch", parent=hospital.g1, since=MAY)


def test_an_import_makes_no_double_of_a_unit(cast, hospital):
    rows = [line("甲一", "药学党支部"), line("乙二", "药学支部"), line("丙三", "药剂党支部")]
    found = decide(upload(cast.office, *rows), cast.office, "create")
    imports.confirm_roster(found, cast.office)
    names = list(Unit.objects.filter(parent=hospital.party, until=None).values_list("name", flat=True))
    assert len(names) == len(set(names))


# --- the form ---------------------------------------------------------------------------------------------------------


@pytest.mark.under_a_committee
def test_the_form_offers_what_stands_at_this_kind_of_unit(client_of, cast, hospital):
    def offered(place):
        page = client_of(cast.office).get(f"/org/units/{place.pk}/appoint/").content.decode()
        return {
            name
            for name in ("党委办公室主任", "支部书记", "党小组长", "党委副书记", "检查人")
            if f">{name}</option>" in page
        }

    assert offered(hospital.b_medicine) == {"支部书记", "检查人"}
    assert offered(hospital.party) == {"党委办公室主任", "党委副书记", "检查人"}
    assert offered(hospital.n_medicine_1) == {"党小组长", "检查人"}
