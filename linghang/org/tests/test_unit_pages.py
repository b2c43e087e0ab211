"""Pages of units and posts: any day of the past, both trees with their gaps, leaderships, terms, the grid, a handover."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from docx import Document

from linghang.kernel.access import SYSTEM
from linghang.kernel.todos import waiting_for
from linghang.org import actions, committees
from linghang.org.models import Membership, Role, Term, Unit
from linghang.org.trees import Forest
from tests.making import afresh, make_handover, make_person, make_post, make_term, make_unit

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 2)


@pytest.fixture(autouse=True)
def november(on_day):
    with on_day(TODAY):
        yield


def forest(day: date = TODAY) -> Forest:
    return Forest(Unit.objects.on(day), day)


def said(day: date = TODAY) -> list[tuple[str, str, str]]:
    return [(gap.node.name, gap.sentence, gap.cite) for gap in forest(day).gaps]


# --- trees -----------------------------------------------------------------------------------------------------------


@pytest.mark.mechanism("S0-05", "S4-06")
def test_a_department_with_three_full_members_and_no_branch_is_a_gap_with_its_article(hospital):
    assert said() == []
    home = actions.add_unit(
        SYSTEM, name="检验科", kind="department", parent=hospital.hospital, since=date(2026, 1, 1)
    )
    ward = actions.add_unit(SYSTEM, name="检验一组", kind="ward", parent=home, since=date(2026, 1, 1))
    for number, place in enumerate((home, home, ward)):
        assert not any("应建党支部" in sentence for _, sentence, _ in said())
        make_person(number=f"71{number:02}", branch=hospital.b_office, home=place)
    [(name, sentence, cite)] = said()
    assert name == "检验科"
    assert sentence == "没有党支部覆盖；正式党员 3 人，3 人以上应建党支部，尚未建立"
    assert cite.startswith("支部工作条例 第四条")
    actions.cover(hospital.b_office, SYSTEM, department=home, since=date(2026, 1, 1))
    assert said() == []


def test_shares_that_do_not_add_up_are_a_gap_until_they_do(hospital):
    actions.cover(
        hospital.b_surgery, SYSTEM, department=hospital.d_imaging, weight="0.4", since=date(2026, 5, 1)
    )
    assert [(name, sentence) for name, sentence, _ in said()] == [
        ("影像科", "各支部的覆盖权重合计 1.4，应为 1")
    ]
    assert said(date(2026, 4, 30)) == []
    actions.cover(
        hospital.b_imaging, SYSTEM, department=hospital.d_imaging, weight="0.6", since=date(2026, 6, 1)
    )
    assert said() == []


def test_a_branch_of_fifty_one_and_a_joint_branch_of_six_units_are_gaps(hospital):
    branch = hospital.b_medicine
    there = Membership.objects.on(TODAY).filter(branch=branch).count()
    for number in range(50 - there):
        make_person(number=f"72{number:02}")
    assert said() == []
    make_person(number="7299")
    [(name, sentence, cite)] = said()
    assert (name, sentence[:12]) == ("内科党支部", "支部党员 51 人，一般")
    assert "第四条" in cite
    joint = actions.add_unit(
        SYSTEM, name="联合党支部", kind="branch", parent=hospital.g1, since=date(2026, 1, 1), shape="joint"
    )
    for number in range(6):
        home = actions.add_unit(
            SYSTEM, name=f"小科{number}", kind="department", parent=hospital.hospital, since=date(2026, 1, 1)
        )
        actions.cover(joint, SYSTEM, department=home, since=date(2026, 1, 1))
    assert ("联合党支部", "联合党支部覆盖 6 个单位，一般不超过 5 个") in [row[:2] for row in said()]


def test_both_trees_stand_as_they_stood_on_a_day(cast, hospital, client_of):
    actions.rename(hospital.b_surgery, cast.office, name="大外科党支部", since=date(2026, 6, 1))
    actions.merge(hospital.b_imaging, cast.office, into=hospital.b_surgery, since=date(2026, 7, 1))
    client = client_of(cast.office)
    now = client.get("/org/trees/").content.decode()
    before = client.get("/org/trees/?on=2026-05-31").content.decode()
    assert "大外科党支部" in now
    assert "影像党支部" not in now
    assert "影像党支部" in before
    assert "今 大外科党支部" in before
    names = {node.name for node in forest(date(2026, 5, 31)).nodes.values()}
    assert {"外科党支部", "影像党支部"} <= names
    assert client.get("/org/trees/?on=never").status_code == 200
    assert client.get("/org/trees/?on=1999-01-01").status_code == 200


def test_a_tree_costs_the_same_for_many_units(cast, hospital, client_of, django_assert_max_num_queries):
    for number in range(30):
        make_unit(code=f"b-{number}", name=f"第{number}党支部")
    client = client_of(cast.office)
    for path in ("/org/trees/", "/org/committees/", "/org/calendar/", "/org/grid/", "/org/dual-leaders/"):
        with django_assert_max_num_queries(15):
            assert client.get(path).status_code == 200


def test_a_unit_is_shown_as_of_a_day_with_its_papers(cast, hospital, client_of):
    actions.merge(
        hospital.b_imaging,
        cast.office,
        into=hospital.b_surgery,
        since=date(2026, 7, 1),
        document="院党字〔2026〕9 号",
    )
    client = client_of(cast.office)
    text = client.get(f"/org/units/{hospital.b_imaging.pk}/").content.decode()
    assert "院党字〔2026〕9 号" in text
    assert "?on=2026-06-30" in text
    past = client.get(f"/org/units/{hospital.b_imaging.pk}/?on=2026-06-30").content.decode()
    assert "这是 2026-06-30 的样子" in past
    assert "支部书记" in past


# --- leaderships -----------------------------------------------------------------------------------------------------


def unmet(unit: Unit) -> list[str]:
    [found] = committees.committees([unit], TODAY)
    return [verdict.sentence for verdict in found.unmet]


def test_a_vacant_secretary_is_told_with_the_day_and_the_article(cast, hospital):
    post = cast.outsider.posts.get(role="secretary")
    actions.end_post(post, cast.office, until=date(2026, 9, 1))
    assert "书记自 2026-09-01 空缺，应及时补选" in unmet(hospital.b_surgery)


def test_seven_full_members_want_a_committee_with_its_three_duties(cast, hospital):
    branch = hospital.b_imaging
    have = Membership.objects.on(TODAY).filter(branch=branch, status="full").count()
    new = [make_person(number=f"73{n:02}", branch=branch) for n in range(7 - have)]
    assert any("尚未设立" in sentence for sentence in unmet(branch))
    for person, role in zip(new, ("organiser", "publicist"), strict=False):
        make_post(person, role, branch)
    assert unmet(branch) == ["支部委员分工缺纪检委员"]


@pytest.mark.mechanism("S0-06")
def test_dual_leaders_are_counted_by_the_hospitals_definition_and_open_their_posts(cast, hospital, client_of):
    cast.secretary.position = "内科副主任"
    cast.secretary.save()
    found = dict(committees.dual_leaders(hospital.party, TODAY))
    assert [post.person for post, dual in found.items() if dual] == [cast.secretary]
    client = client_of(cast.office)
    text = client.get(f"/figures/org.dual_leaders/{hospital.hospital.pk}/").content.decode()
    assert "周明" in text
    assert committees.is_dual(cast.secretary.posts.first(), ["护士长"], []) is False
    page = client.get("/org/dual-leaders/").content.decode()
    assert f"{len(found)} 名支部书记中" in page


@pytest.mark.mechanism("S0-06")
def test_the_reserve_is_a_list_of_posts_that_give_no_rights(cast, hospital, client_of):
    reserve = Role.objects.get(code="reserve")
    actions.appoint(cast.office, person=cast.member, unit=hospital.b_medicine, role=reserve, since=TODAY)
    assert cast.member.name in client_of(cast.office).get("/org/dual-leaders/").content.decode()
    assert not afresh(cast.member).may("activities.record")


@pytest.mark.mechanism("S3-24")
def test_the_grid_follows_the_posts(cast, hospital, client_of):
    page = "/org/grid/"
    post = make_post(cast.member, "disciplinarian", hospital.b_medicine)
    assert cast.member.name in client_of(cast.office).get(page).content.decode()
    actions.end_post(post, cast.office, until=date(2026, 10, 1))
    levels = committees.grid(Unit.objects.all(), TODAY)
    assert post not in [each for _, _, posts in levels for each in posts]
    verdict = committees.grid_verdict(levels, TODAY)
    assert verdict.met is False
    assert "纪工委委员" in verdict.sentence


# --- terms -----------------------------------------------------------------------------------------------------------


@pytest.mark.mechanism("S4-07")
def test_the_calendar_reminds_half_a_year_before_and_a_postponement_needs_a_paper(cast, hospital):
    term = actions.begin_term(cast.office, unit=hospital.b_medicine, elected_on=date(2024, 4, 1))
    due = next(d for d in committees.calendar([hospital.b_medicine], date(2026, 9, 30)))
    assert due.stage == "任期内"
    due = next(d for d in committees.calendar([hospital.b_medicine], date(2026, 10, 1)))
    assert (due.stage, due.tone, due.seen.ends_on) == ("准备换届", "amber", date(2027, 4, 1))
    assert "党组织要准备换届" in " ".join(todo.title for todo in waiting_for(afresh(cast.office)))
    with pytest.raises(ValidationError, match="不超过 12 个月"):
        actions.postpone(term, cast.office, to=date(2028, 4, 2), approval="院党字〔2027〕1 号")
    with pytest.raises(ValidationError, match="批复"):
        actions.postpone(term, cast.office, to=date(2027, 10, 1), approval=" ")
    actions.postpone(term, cast.office, to=date(2027, 10, 1), approval="院党字〔2027〕1 号")
    late = next(d for d in committees.calendar([hospital.b_medicine], date(2027, 9, 1)))
    assert late.stage == "延期中"


def test_a_new_election_ends_the_term_before_and_unknown_terms_are_said_to_be_unknown(cast, hospital):
    actions.begin_term(cast.office, unit=hospital.b_medicine, elected_on=date(2021, 4, 1))
    actions.begin_term(cast.office, unit=hospital.b_medicine, elected_on=date(2024, 4, 1))
    first, second = Term.objects.filter(unit=hospital.b_medicine)
    assert (first.until, second.until) == (date(2024, 4, 1), None)
    with pytest.raises(ValidationError, match="应晚于上次"):
        actions.begin_term(cast.office, unit=hospital.b_medicine, elected_on=date(2024, 4, 1))
    [due] = committees.calendar([hospital.b_surgery], TODAY)
    assert (due.stage, due.seen) == ("无法判定", None)
    assert make_term(unit=hospital.b_surgery).unit == hospital.b_surgery


# --- handover --------------------------------------------------------------------------------------------------------


def test_a_handover_lists_what_is_open_and_each_signs_for_himself(cast, hospital):
    actions.begin_term(cast.office, unit=hospital.b_medicine, elected_on=date(2023, 12, 1))
    post = cast.secretary.posts.get(role="secretary")
    sheet = actions.draw_handover(cast.office, post=post, taker=cast.clerk, remarks="印章一枚")
    assert [item["title"] for item in sheet.items] == [
        todo.title
        for todo in waiting_for(afresh(cast.secretary))
        if "交接单" not in todo.title and not todo.waiting
    ]
    with pytest.raises(PermissionDenied):
        actions.give_over(sheet, afresh(cast.clerk))
    with pytest.raises(ValidationError, match="不能确认接收"):
        actions.take_over(sheet, afresh(cast.clerk))
    actions.give_over(sheet, afresh(cast.secretary))
    with pytest.raises((PermissionDenied, ValidationError)):
        actions.take_over(sheet, afresh(cast.secretary))
    actions.take_over(sheet, afresh(cast.clerk))
    assert sheet.state == "taken"
    with pytest.raises(ValidationError, match="移交人本人"):
        actions.draw_handover(cast.office, post=post, taker=cast.secretary)


def test_a_handover_is_printed_with_its_items_and_hidden_from_strangers(cast, client_of):
    sheet = make_handover()
    path = f"/org/handovers/{sheet.pk}/"
    response = client_of(cast.secretary).get(path + "?word=1")
    document = Document(BytesIO(response.content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert {"完成党员信息核对", "2026-10-20"} <= set(cells)
    assert client_of(cast.clerk).get(path).status_code == 200
    assert client_of(cast.outsider).get(path).status_code == 404


def test_a_weight_is_a_share(hospital):
    actions.cover(
        hospital.b_surgery, SYSTEM, department=hospital.d_office, weight=Decimal("0.25"), since=TODAY
    )
    node = forest().nodes[hospital.d_office.pk]
    assert node.weight == Decimal("1.25")
