"""Doors and looks of the organisation's pages."""

import pytest

from linghang.kernel import clock
from linghang.org.models import Grant, Person


@pytest.mark.parametrize(
    ("part", "path"),
    [
        ("office", "/org/units/"),
        ("office", "/org/units/?tree=staff"),
        ("office", "/org/units/?q=内科"),
        ("office", "/org/units/new/"),
        ("office", "/org/people/"),
        ("office", "/org/people/?status=full"),
        ("office", "/org/people/new/"),
        ("admin", "/org/accounts/"),
        ("admin", "/org/accounts/open/"),
        ("admin", "/org/grants/"),
        ("auditor", "/org/trail/"),
    ],
)
def test_page_opens_for_the_person_it_is_for(client_of, cast, part, path):
    response = client_of(getattr(cast, part)).get(path)
    assert response.status_code == 200
    assert "共" in response.content.decode() or "form" in response.content.decode()


def test_unit_page_shows_posts_coverage_and_the_buttons_of_the_office(client_of, cast, hospital):
    text = client_of(cast.office).get(f"/org/units/{hospital.b_medicine.pk}/").content.decode()
    for word in ("内科党支部", "周明", "支部书记", "覆盖科室", "内科", "任职", "调整隶属", "预备党员"):
        assert word in text


def test_unit_verbs_show_their_forms(client_of, cast, hospital):
    client = client_of(cast.office)
    for tail in ("edit-unit", "move-unit", "close-unit", "cover", "appoint"):
        assert client.get(f"/org/units/{hospital.b_medicine.pk}/{tail}/").status_code == 200


def test_secretary_finds_members_by_pinyin_initials(client_of, cast):
    text = client_of(cast.secretary).get("/org/people/?q=lxm").content.decode()
    assert "林小满" in text
    assert "王蕾" not in text


def test_secretary_sees_only_the_own_branch(client_of, cast):
    client = client_of(cast.secretary)
    assert "韩外" not in client.get("/org/people/").content.decode()
    assert client.get(f"/org/people/{cast.outsider.pk}/").status_code == 404
    assert client.get(f"/org/people/{cast.member.pk}/").status_code == 200


def test_roster_exports_as_a_workbook_that_opens(client_of, cast):
    from io import BytesIO

    import openpyxl

    response = client_of(cast.office).get("/org/people/?export=1")
    sheet = openpyxl.load_workbook(BytesIO(response.content)).active
    found = {cell.value for row in sheet.iter_rows() for cell in row}
    assert {"姓名", "周明", "内科党支部"} <= found
    assert sheet.freeze_panes is not None


def test_new_person_is_added_and_a_known_staff_number_is_refused(client_of, cast, hospital):
    client = client_of(cast.office)
    home = hospital.d_surgery.pk
    assert (
        client.post(
            "/org/people/new/", {"name": "新来", "staff_number": "7001", "department": home}
        ).status_code
        == 302
    )
    assert Person.objects.get(staff_number="7001").pinyin == "xinlai xl"
    again = client.post("/org/people/new/", {"name": "又来", "staff_number": "7001", "department": home})
    assert again.status_code == 422
    assert "工号 7001 已属于新来" in again.content.decode()


def test_accounts_are_opened_with_one_time_passwords_that_must_be_changed(client_of, cast, client):
    Person.objects.create(name="无账号", staff_number="7002", pinyin="x")
    text = client_of(cast.admin).post("/org/accounts/open/", {"who": "all"}).content.decode()
    assert "7002" in text
    user = Person.objects.get(staff_number="7002").user
    assert user.must_change
    client.force_login(user)
    assert client.get("/org/people/").headers["Location"] == "/accounts/password/change/"


def test_a_right_is_taken_away_only_by_saying_so(client_of, cast):
    client = client_of(cast.admin)
    told = {"role": "clerk", "code": "org.view_person", "since": clock.today().isoformat()}
    page = client.get("/org/grants/").content.decode()
    assert '<optgroup label="组织生活">' in page
    assert "登录失败" not in page
    client.post("/org/grants/", told)
    held = Grant.objects.filter(role="clerk", verb="org.view_person", until=None)
    assert held.exists()
    client.post("/org/grants/", told | {"extent": "none"})
    assert not held.exists()
