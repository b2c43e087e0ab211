"""How the organisation is manned and whose it is: 党务人员, 三级网格 with its contacts, legal entities in one system."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from linghang.kernel.flow import WrongState
from linghang.kernel.parameters import put
from linghang.org import actions
from linghang.org.branch_grid import branch_grid
from linghang.org.entities import Entities
from linghang.org.models import Grant, Role, Unit
from linghang.org.party_staff import staffing
from linghang.rules.tests.test_credit_code import SAMPLE
from linghang.ui.sheets import read_workbook
from tests.making import afresh, make_person, make_post

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 2)


@pytest.fixture(autouse=True)
def november(on_day):
    with on_day(TODAY):
        yield


def text_of(client, path):
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def cells_of(client, path):
    [sheet] = read_workbook(client.get(path).content, "out.xlsx")
    return {str(cell) for row in sheet.rows for cell in row}


# --- 党务人员 ---------------------------------------------------------------------------------------------------------


@pytest.mark.mechanism("S1-06")
def test_full_time_workers_are_counted_against_the_hospitals_own_number(cast, hospital, client_of):
    client, page = client_of(cast.office), "/org/party-staff/"
    assert "本院没有规定比例（待核）" in text_of(client, page)
    post = cast.clerk_office.posts.get()
    assert client.post(f"/org/posts/{post.pk}/mark-fulltime/", {"fulltime": "1"}).status_code == 302
    put(cast.office, "org.fulltime_percent", "10", TODAY)
    assert "15 名党员应有 2 名，现有 1 名，还差 1 名" in text_of(client, page)
    figure = f"/figures/org.party_staff/{hospital.hospital.pk}/"
    assert "李静" in text_of(client, f"{figure}?of=fulltime")
    besides = text_of(client, f"{figure}?of=besides")
    assert "周明" in besides
    assert "李静" not in besides
    assert {"李静", "专职", "周明", "兼职"} <= cells_of(client, f"{page}?export=1")


@pytest.mark.mechanism("S1-06")
@pytest.mark.under_a_committee
def test_who_holds_one_full_time_post_is_full_time_and_counted_once(cast, hospital):
    before = staffing(hospital.hospital, TODAY)
    actions.mark_fulltime(cast.office.posts.get(role="office_director"), cast.clerk_office, fulltime=True)
    after = staffing(hospital.hospital, TODAY)
    assert before.people == 0
    assert (after.people, after.others) == (1, before.others - 1)
    assert cast.office.posts.count() == 2


def test_a_part_of_the_number_asks_for_a_whole_person_and_no_number_asks_for_nobody(cast, hospital):
    assert staffing(hospital.hospital, TODAY).needed is None
    put(cast.office, "org.fulltime_percent", "0.5", TODAY)
    assert staffing(hospital.hospital, TODAY).needed == 1
    for wrong in ("-1", "101", "千分之三"):
        with pytest.raises(ValidationError, match="0 到 100 之间"):
            put(cast.office, "org.fulltime_percent", wrong, TODAY)


def test_only_posts_of_party_work_are_full_time_or_not(cast, hospital):
    with pytest.raises(WrongState, match="不适用登记专职兼职"):
        actions.mark_fulltime(cast.clerk.posts.get(), cast.office, fulltime=True)
    given = {"person": cast.member, "unit": hospital.b_medicine, "since": TODAY, "fulltime": True}
    with pytest.raises(ValidationError, match="不是党务岗位"):
        actions.appoint(cast.office, role=Role.objects.get(code="publicist"), **given)
    with pytest.raises(ValidationError, match="已登记为兼职"):
        actions.mark_fulltime(cast.secretary.posts.get(), cast.office, fulltime=False)


# --- 三级网格 ---------------------------------------------------------------------------------------------------------


def contact(by, person, unit):
    return actions.appoint(by, person=person, unit=unit, role=Role.objects.get(code="liaison"), since=TODAY)


@pytest.mark.mechanism("S2-02")
def test_the_grid_says_which_branches_have_no_contact_and_whose_contact_lost_the_seat(
    cast, hospital, client_of
):
    contact(cast.office, cast.general, hospital.b_medicine)
    client, page = client_of(cast.office), "/org/branch-grid/"
    assert "4 个党支部：1 个有联系委员" in text_of(client, page)
    assert "钱总（自 2026-11-02）" in text_of(client, page)
    without = text_of(client, f"{page}?gap=contact").partition('id="list"')[2]
    assert "外科党支部" in without
    assert "内科党支部" not in without
    assert "联系委员" in text_of(client, hospital.b_medicine.get_absolute_url())
    actions.end_post(cast.general.posts.get(role="general_secretary"), cast.office, until=TODAY)
    assert "联系委员钱总已不在上级班子" in text_of(client, f"{page}?all=1")


@pytest.mark.mechanism("S2-02")
def test_a_contact_sits_on_a_committee_above_and_the_post_itself_gives_no_rights(cast, hospital):
    for person, unit in ((cast.general, hospital.b_surgery), (cast.member, hospital.b_medicine)):
        with pytest.raises(ValidationError, match="上级党委、总支的班子成员"):
            contact(cast.office, person, unit)
    post = contact(cast.office, cast.leader, hospital.b_surgery)
    assert post.label == "外科党支部联系委员"
    assert not Grant.objects.filter(role="liaison").exists()


@pytest.mark.mechanism("S2-02")
def test_secretaries_who_head_no_department_are_named_with_the_article(cast, hospital, client_of):
    meshes = branch_grid([hospital.b_medicine, hospital.b_surgery], TODAY)
    assert meshes[hospital.b_medicine.pk].headed.met
    assert ("支部书记不是内设机构负责人", "公立医院党建意见 基层组织") in meshes[hospital.b_surgery.pk].gaps
    assert meshes[hospital.b_medicine.pk].departments == ["内科"]


def test_a_handover_names_the_contact_of_the_branch_and_the_branches_of_a_contact(cast, hospital):
    contact(cast.office, cast.general, hospital.b_medicine)
    for giver, role in ((cast.secretary, "secretary"), (cast.general, "general_secretary")):
        post = giver.posts.get(role=role)
        sheet = actions.draw_handover(cast.office, post=post, taker=cast.clerk)
        assert "内科党支部的联系委员：钱总" in [item["title"] for item in sheet.items]


# --- legal entities --------------------------------------------------------------------------------------------------


@pytest.fixture
def clinic(cast, hospital):
    """A 卫生院 that is a legal entity of its own: a campus, the second 总支 and one more branch of that."""
    edit, since = actions.edit_unit, date(2026, 1, 1)
    home = actions.add_unit(
        cast.office, name="河口镇卫生院", kind="campus", parent=hospital.hospital, since=since
    )
    edit(home, cast.office, name=home.name, legal_name="河口镇中心卫生院", credit_code=SAMPLE.lower())
    edit(hospital.g2, cast.office, name="河口镇卫生院党总支", campus=home)
    branch = actions.add_unit(
        cast.office, name="河口门诊党支部", kind="branch", parent=hospital.g2, since=since
    )
    return home, hospital.g2, branch


@pytest.mark.mechanism("S3-19")
@pytest.mark.under_a_committee
def test_what_hangs_below_an_entity_or_names_its_campus_is_of_it(cast, hospital, clinic, client_of):
    home, _, branch = clinic
    entities = Entities()
    assert entities.of(branch) == home
    assert entities.of(hospital.b_medicine) is None
    client = client_of(cast.office)
    page = text_of(client, branch.get_absolute_url())
    assert "河口镇中心卫生院" in page
    assert SAMPLE in page
    assert "法人：河口镇中心卫生院" in text_of(client, "/org/trees/")
    listed = text_of(client, f"/org/units/?entity={home.pk}").partition('id="list"')[2]
    assert "河口门诊党支部" in listed
    assert "内科党支部" not in listed
    assert "河口镇中心卫生院" in cells_of(client, "/org/units/?export=1")


@pytest.mark.mechanism("S3-19")
@pytest.mark.under_a_committee
def test_the_people_of_one_entity_cannot_see_the_rows_of_another(cast, hospital, clinic, client_of):
    _, general, branch = clinic
    secretary = make_person("8002", name="河口生", branch=branch, account=True)
    make_post(secretary, "secretary", branch)
    for person in (cast.other_general, secretary):
        client = client_of(afresh(person))
        people = text_of(client, "/org/people/")
        assert "河口生" in people
        assert "何员" not in people
        assert client.get(f"/org/people/{cast.member.pk}/").status_code == 404
        assert client.get(f"/branches/{hospital.b_medicine.pk}/").status_code == 404
        assert client.get(f"/branches/{branch.pk}/").status_code == 200
    head = client_of(cast.other_general)
    assert head.get(hospital.b_medicine.get_absolute_url()).status_code == 404
    assert head.get(general.get_absolute_url()).status_code == 200
    other = client_of(cast.secretary)
    assert "河口生" not in text_of(other, "/org/people/")
    assert other.get(f"/branches/{branch.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [
        ("河口镇卫生院", "", "要一起填写"),
        ("", SAMPLE, "要一起填写"),
        ("河口镇卫生院", "91350100M000100Y44", "校验位不符"),
    ],
)
@pytest.mark.under_a_committee
def test_an_entity_has_a_name_and_a_sound_code(cast, clinic, name, code, said):
    home = clinic[0]
    with pytest.raises(ValidationError, match=said):
        actions.edit_unit(home, cast.office, name=home.name, legal_name=name, credit_code=code)


@pytest.mark.under_a_committee
def test_only_a_hospital_or_a_campus_is_an_entity_and_no_code_is_given_twice(cast, hospital, clinic):
    for unit, said in ((hospital.d_medicine, "登记在医院或院区"), (hospital.hospital, "已有单位登记了这个")):
        with pytest.raises(ValidationError, match=said):
            actions.edit_unit(unit, cast.office, name=unit.name, legal_name="内科", credit_code=SAMPLE)


@pytest.mark.under_a_committee
def test_an_edit_of_the_name_keeps_the_entity(cast, clinic):
    actions.edit_unit(clinic[0], cast.office, name="河口卫生院")
    assert Unit.objects.get(pk=clinic[0].pk).credit_code == SAMPLE


@pytest.mark.under_a_committee
def test_a_unit_that_has_ended_is_not_offered_to_be_closed(cast, clinic, client_of):
    branch = clinic[2]
    client = client_of(cast.office)
    assert "撤销单位" in text_of(client, branch.get_absolute_url())
    actions.close_unit(branch, cast.office, until=TODAY)
    assert f"/org/units/{branch.pk}/close-unit/" not in text_of(client, branch.get_absolute_url())


def test_the_pages_cost_no_more_queries_where_there_is_more(
    cast, hospital, client_of, django_assert_max_num_queries
):
    client = client_of(cast.office)
    client.get("/")
    for branch in (hospital.b_medicine, hospital.b_surgery, hospital.b_imaging, hospital.b_office):
        contact(cast.office, cast.leader, branch)
    unit = hospital.b_medicine.get_absolute_url()
    for page in ("/org/branch-grid/", "/org/party-staff/", "/org/trees/", "/org/units/", unit):
        with django_assert_max_num_queries(15):
            text_of(client, page)
