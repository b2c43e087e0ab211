"""The register out and in again, and held against the export of another system."""

from datetime import date

import pytest

from linghang.kernel import clock
from linghang.org import difference, imports, register
from linghang.org.models import Import, Membership, Person, Post
from linghang.org.tests.registers import decide, state
from linghang.ui.sheets import read_workbook
from linghang.ui.tests.workbooks import xlsx_of
from tests.making import branch, make_person, make_post, somebody, unit

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 16)


@pytest.fixture(autouse=True)
def day():
    with clock.at(TODAY):
        yield


@pytest.fixture
def told(cast, hospital):
    """Members with every field, a history and a transfer."""
    full = make_person(
        "7001",
        branch=None,
        name="吴齐全",
        home=unit("d-medicine"),
        sex="female",
        ethnicity="回族",
        birth_on=date(1980, 3, 2),
        education="研究生",
        title="主任医师",
        position="护士长",
        phone="13800001234",
        note="九三学社社员",
        joined_on=date(2010, 5, 4),
        confirmed_on=date(2011, 5, 4),
    )
    moved = make_person(
        "7002", branch=None, name="郑转来", joined_on=date(2005, 7, 1), confirmed_on=date(2006, 7, 1)
    )
    for person, rows in (
        (full, [("probationary", date(2010, 5, 4), date(2011, 5, 4)), ("full", date(2011, 5, 4), None)]),
        (moved, [("full", date(2021, 3, 9), None)]),
    ):
        for status, since, until in rows:
            Membership.objects.create(person=person, branch=branch(), status=status, since=since, until=until)
        Person.objects.filter(pk=person.pk).update(branch=branch())
    make_post(moved, "publicist")
    return full, moved


def written(by, choice=register.STANDARD):
    found = register.lines(by, "org.export_register")
    return register.workbook(found, choice, "党员名册")


def cells(content):
    return read_workbook(content, "党员名册.xlsx")[0].rows


def test_the_register_goes_out_and_in_again_without_a_change(cast, told):
    office, before = somebody("1003"), state()
    found = imports.import_roster(office, content=written(office), name="党员名册.xlsx")
    entries = [e for e in found.outcome if e["kind"] in ("imported", "merged", "refused")]
    assert [e for e in entries if e["kind"] != "merged" or e["changes"] or e["faults"]] == []
    assert len(entries) == Membership.objects.on(TODAY).count()
    imports.confirm_roster(found, office)
    assert state() == before


def test_an_emptied_hospital_gets_everything_back_but_the_identity_number(cast, told):
    Person.objects.filter(pk=told[0].pk).update(identity_masked="1101**********002X")
    office = somebody("1003")
    out = written(office)
    history = list(
        Membership.objects.filter(person__in=told).values_list("person__name", "status", "since", "until")
    )
    gone = Person.objects.filter(pk__in=[person.pk for person in told])
    Post.objects.filter(person__in=gone).delete()
    gone.delete()
    found = decide(imports.import_roster(office, content=out, name="党员名册.xlsx"), office)
    imports.confirm_roster(found, office)
    again = list(
        Membership.objects.filter(person__name__in=[p.name for p in told]).values_list(
            "person__name", "status", "since", "until"
        )
    )
    assert sorted(again, key=str) == sorted(history, key=str)
    at = next(row.index("公民身份号码") for row in cells(out) if "公民身份号码" in row)
    blanked = [[cell if i != at else None for i, cell in enumerate(row)] for row in cells(out)]
    now = [[cell if i != at else None for i, cell in enumerate(row)] for row in cells(written(office))]
    assert sorted(now, key=str) == sorted(blanked, key=str)
    assert any("1101**********002X" in row for row in cells(out))


def test_a_masked_number_that_comes_back_leaves_the_kept_one_as_it_is(cast, told, settings):
    settings.KEEP_IDENTITY = True
    Person.objects.filter(pk=told[0].pk).update(
        identity_digest="a" * 64, identity_masked="1101**********002X"
    )
    office, before = somebody("1003"), state()
    found = imports.import_roster(office, content=written(office), name="党员名册.xlsx")
    imports.confirm_roster(found, office)
    assert state() == before
    known = Person.objects.get(pk=told[0].pk)
    assert (known.identity_digest, known.identity_masked) == ("a" * 64, "1101**********002X")


def test_every_dated_step_of_a_membership_comes_back(cast, told, hospital):
    """Joined, confirmed, transferred in: the three days that a register carries, for a probationer and for a full member."""
    probing = make_person("7003", branch=None, name="冯预备", joined_on=date(2026, 3, 2))
    Membership.objects.create(
        person=probing, branch=hospital.b_surgery, status="probationary", since=date(2026, 3, 2)
    )
    Person.objects.filter(pk=probing.pk).update(branch=hospital.b_surgery)
    names = ("吴齐全", "郑转来", "冯预备")

    def days():
        rows = Membership.objects.filter(person__name__in=names)
        found = rows.values_list("person__name", "branch__name", "status", "since", "until")
        people = Person.objects.filter(name__in=names).values_list("name", "joined_on", "confirmed_on")
        return sorted(map(str, found)), sorted(map(str, people))

    office, before = somebody("1003"), days()
    out, gone = written(office), Person.objects.filter(name__in=names)
    Post.objects.filter(person__in=gone).delete()
    gone.delete()
    assert days() == ([], [])
    imports.confirm_roster(
        decide(imports.import_roster(office, content=out, name="党员名册.xlsx"), office), office
    )
    assert days() == before


def test_the_columns_are_those_of_the_last_import(cast, hospital):
    content = xlsx_of(
        {
            "名册": [
                ["序号", "姓名", "组织关系所在支部", "入党时间", "籍贯"],
                ["1", "吴梅", "内科党支部", "2010-05-04", "某地"],
            ]
        }
    )
    imports.confirm_roster(imports.import_roster(cast.office, content=content, name="本院.xlsx"), cast.office)
    assert Import.objects.get().state == "confirmed"
    heads = [label for label, _ in register.headings(register.OWN)]
    assert heads == ["序号", "姓名", "组织关系所在支部", "入党时间", "籍贯", "党员类别"]
    rows = cells(written(cast.office, register.OWN))
    assert any("吴梅" in row and "内科党支部" in row for row in rows)


def test_every_row_carries_the_class_code_of_its_branch(cast):
    rows = cells(written(cast.office))
    head = next(at for at, row in enumerate(rows) if register.CLASS_CODE in row)
    at = rows[head].index(register.CLASS_CODE)
    assert {row[at] for row in rows[head + 1 :]} == {"631"}


def test_a_branch_takes_out_its_own_members_only(cast):
    names = {line.person.name for line in register.lines(cast.secretary, "org.export_register")}
    assert cast.member.name in names
    assert cast.outsider.name not in names
    assert not register.lines(cast.outsider, "org.compare_register")


def test_a_register_costs_the_same_queries_whatever_its_length(cast, django_assert_max_num_queries):
    for number in range(30):
        make_person(f"80{number:02}")
    office = somebody("1003")
    with django_assert_max_num_queries(8):
        written(office)


def test_the_difference_names_who_is_only_there_only_here_and_told_differently(cast, told):
    before = state()
    content = xlsx_of(
        {
            "党员信息": [
                ["姓名", "性别", "所在党支部", "入党时间", "党员类别", "工号"],
                ["吴齐全", "男", "内科党支部", "2010-05", "正式党员", "7001"],
                ["郑转来", "", "外科党支部", "2005-07-01", "正式党员", "7002"],
                ["生面孔", "女", "内科党支部", "2015-05-04", "正式党员", "9876"],
            ]
        }
    )
    found = difference.compare(somebody("1003"), read_workbook(content, "导出.xlsx"))
    assert [row.name for row, _ in found.there] == ["生面孔"]
    assert {(d.line.person.name, d.title, d.here, d.there) for d in found.differs} == {
        ("吴齐全", "性别", "女", "男"),
        ("郑转来", "所在党支部", "内科党支部", "外科党支部"),
    }
    assert cast.member.name in {line.person.name for line in found.here}
    names = [sheet.name for sheet in read_workbook(difference.workbook(found), "差异.xlsx")]
    assert names == ["不一致", "只在本系统", "只在对方表", "没有读懂的行"]
    assert state() == before


def test_our_own_register_differs_in_nothing(cast, told):
    found = difference.compare(somebody("1003"), read_workbook(written(somebody("1003")), "导出.xlsx"))
    assert (found.there, found.here, found.differs, found.unread) == ([], [], [], [])
