"""The desk and what hangs on it: to-dos, badges, notices, search, jobs."""

from linghang.kernel.models import Job, Notice
from linghang.kernel.notices import tell
from tests.making import make_line, make_order


def test_desk_opens_for_everybody_and_says_how_many_things_wait(client_of, cast):
    for part in vars(cast):
        response = client_of(getattr(cast, part)).get("/")
        assert response.status_code == 200, part
        text = response.content.decode()
        assert "件事" in text or "今天没有要办的事" in text


def test_anonymous_is_sent_to_sign_in_and_back(client, hospital):
    assert client.get("/search/?q=内科").headers["Location"].startswith("/accounts/login/?next=%2Fsearch%2F")


def test_notice_is_read_by_opening_it_and_nobody_else_can(client_of, cast, hospital):
    tell([cast.secretary], "请看内科党支部", about=hospital.b_medicine)
    notice = Notice.objects.get(to=cast.secretary.ref)
    assert client_of(cast.outsider).get(f"/notices/{notice.pk}/").status_code == 404
    assert client_of(cast.secretary).get(f"/notices/{notice.pk}/").status_code == 302
    notice.refresh_from_db()
    assert notice.read_at is not None


def test_all_notices_are_marked_read_at_once(client_of, cast):
    tell([cast.secretary], "一")
    tell([cast.secretary], "二")
    client_of(cast.secretary).post("/notices/read-all/")
    assert not Notice.objects.filter(to=cast.secretary.ref, read_at=None).exists()


def test_badges_count_what_waits_and_what_is_unread(client_of, cast):
    tell([cast.secretary], "一")
    text = client_of(cast.secretary).get("/badges/").content.decode()
    assert "data-badge='notices'" in text
    assert ">1<" in text


def test_search_finds_people_by_initials_under_the_readers_own_permission(client_of, cast):
    assert "林小满" in client_of(cast.secretary).get("/search/?q=lxm").content.decode()
    assert "林小满" not in client_of(cast.outsider).get("/search/?q=lxm").content.decode()


def test_search_finds_lines_once_they_are_issued(client_of, cast, hospital):
    line = make_line(order=make_order(unit=hospital.b_medicine), text="清点红色书架")
    make_line(
        order=make_order(unit=hospital.b_medicine, state="drafted", issued_on=None), text="清点绿色书架"
    )
    shown = client_of(cast.secretary).get("/search/?q=书架").content.decode()
    assert line.get_absolute_url() in shown
    assert "绿色书架" not in shown
    assert "书架" not in client_of(cast.outsider).get("/search/?q=清点").content.decode()


def test_search_without_a_hit_says_so(client_of, cast):
    assert "没有找到" in client_of(cast.office).get("/search/?q=绝无此物").content.decode()


def test_progress_of_a_job_is_its_owners(client_of, cast):
    job = Job.objects.create(
        title="导入名册", owner=cast.office.ref, state=Job.State.RUNNING, done=3, total=4
    )
    assert "75" in client_of(cast.office).get(f"/jobs/{job.pk}/").content.decode()
    assert client_of(cast.secretary).get(f"/jobs/{job.pk}/").status_code == 404


def test_watchdog_page_answers_without_signing_in(client, hospital):
    assert client.get("/alive/").json() == {"alive": True}


def test_opening_a_record_reads_the_notices_about_it(client_of, cast, hospital):
    tell([cast.office], "党支部更名", about=hospital.b_medicine)
    tell([cast.office], "另一件事", about=hospital.b_surgery)
    page = f"http://testserver{hospital.b_medicine.get_absolute_url()}"
    client_of(cast.office).get("/badges/", headers={"hx-request": "true", "hx-current-url": page})
    assert [one.text for one in Notice.objects.filter(to=cast.office.ref, read_at=None)] == ["另一件事"]
