"""Doors and looks of the pages of meetings."""

from datetime import date, timedelta
from io import BytesIO

import openpyxl
import pytest
from django.urls import reverse

from linghang.activities import actions
from linghang.activities.models import Meeting
from linghang.dispatch.models import Line, Order
from linghang.kernel import clock
from linghang.kernel.refs import link, results

Kind, State = Meeting.Kind, Meeting.State
DAY = date(2026, 10, 28)


@pytest.fixture(autouse=True)
def stand_on_the_day():
    with clock.at(DAY):
        yield


def make_meeting(by, unit, **more):
    return actions.record(
        by, **{"unit": unit, "kind": Kind.THEMED_DAY, "held_on": DAY, "title": "重走急救路", **more}
    )


def words(response):
    return response.content.decode()


def post(client, **more):
    return client.post(reverse("activities:record"), {"kind": "assembly", "held_on": "2026-10-28", **more})


def test_record_page_is_filled_in_from_the_link(cast, hospital, client_of):
    address = link("activities.record", unit=hospital.b_medicine.pk, kind="themed_day")
    form = client_of(cast.clerk).get(address).context["form"]
    assert form.kind_now == "themed_day"
    assert form["held_on"].value() == DAY
    assert form["chair"].value() == cast.secretary.pk
    assert [seat.person.name for seat in form.seats if seat.absent] == []
    assert {seat.person.name for seat in form.seats} == {"钱总", "周明", "王蕾", "林小满", "何员", "新晓"}


@pytest.mark.mechanism("S1-14")
def test_clerk_records_a_meeting_in_one_form(cast, hospital, client_of):
    response = post(
        client_of(cast.clerk),
        absent=[cast.member.pk],
        **{f"reason-{cast.member.pk}": "duty"},
        first_topic="学习重要讲话精神",
        resolutions="1. 整理台账（王蕾，11-30前）\n2、通过评优名单",
    )
    meeting = Meeting.objects.get()
    assert response.url == meeting.get_absolute_url()
    assert [(r.text, r.due_on, r.owner) for r in meeting.resolutions.all()] == [
        ("整理台账", date(2026, 11, 30), cast.clerk),
        ("通过评优名单", None, None),
    ]
    assert meeting.attendances.get(present=False).person == cast.member
    page = words(client_of(cast.secretary).get(response.url))
    assert "应到 6 人，缺席 1 人" in page
    assert "何员（值班）" in page


def test_page_number_of_the_paper_book_is_enough(cast, hospital, client_of):
    assert post(client_of(cast.clerk)).status_code == 422
    assert post(client_of(cast.clerk), book_page="第 14 页").status_code == 302
    assert Meeting.objects.get().book_page == "第 14 页"


def test_at_most_eight_things_are_asked_at_a_time(cast, hospital, client_of):
    page = words(client_of(cast.clerk).get(reverse("activities:record")))
    shown, more = page[page.index('<form class="house-form') :].split('<details class="more', 1)
    assert shown.count('class="form-label"') <= 8
    assert "<details" not in more
    often, _ = shown.split("其他类别", 1)
    assert often.count("form-selectgroup-item") <= 8


def test_second_record_of_the_day_is_asked_about_once(cast, hospital, client_of):
    client = client_of(cast.clerk)
    assert "当天确有两次" not in words(client.get(reverse("activities:record")))
    post(client, book_page="第 1 页")
    again = post(client, book_page="第 2 页")
    assert again.status_code == 422
    assert "已记过" in words(again)
    assert "当天确有两次" in words(again)
    assert Meeting.objects.get().get_absolute_url() in words(again)
    assert post(client, book_page="第 2 页", again="on").status_code == 302
    assert Meeting.objects.count() == 2


def test_absence_without_a_reason_keeps_what_was_typed(cast, hospital, client_of):
    refused = post(client_of(cast.clerk), absent=[cast.member.pk], resolutions="一句话")
    assert refused.status_code == 422
    assert "请选择缺席原因：何员" in words(refused)
    assert "一句话" in words(refused)


def test_choosing_another_kind_renews_the_roll_alone(cast, hospital, client_of):
    region = client_of(cast.clerk).get(
        reverse("activities:record"), {"kind": "board"}, headers={"HX-Request": "true", "HX-Target": "roll"}
    )
    assert "<html" not in words(region)
    assert "林小满" in words(region)
    assert "何员" not in words(region)


def make_line(hospital, text="开展主题党日", **more):
    order = Order.objects.create(
        kind=Order.Kind.REMINDER, unit=hospital.b_medicine, issuer=hospital.party, title="十月提示单",
        issued_on=DAY, state=Order.State.ISSUED,
    )  # fmt: skip
    return Line.objects.create(order=order, text=text, **{"due_on": DAY, **more})


def ticked(client, **query):
    answers = client.get(reverse("activities:record"), query).context["form"].answers
    return {one.line.text for one in answers if one.ticked}


@pytest.mark.mechanism("S1-14")
def test_the_line_that_asked_for_the_meeting_is_ticked_and_saving_reports_it(cast, hospital, client_of):
    line, _ = make_line(hospital), make_line(hospital, "报送品牌活动信息一篇")
    client = client_of(cast.clerk)
    address = link("activities.record", unit=hospital.b_medicine.pk, line=line.ref)
    form = client.get(address).context["form"]
    assert form.kind_chosen == "themed_day"
    assert [(one.line, one.ticked) for one in form.answers] == [(line, True), (_, False)]
    answer = post(client, kind="themed_day", title="重走急救路", line=line.pk, also=["lesson"])
    meeting = Meeting.objects.get()
    line.refresh_from_db()
    assert line.state == Line.State.REPORTED
    assert results(line.ref) == [meeting.ref]
    assert meeting.also == ["lesson"]
    page = words(client.get(answer.url))
    assert "并上报 1 条事项" in page
    assert "随会上报" in page


def test_which_line_a_meeting_answers_follows_its_kind_by_any_name_and_its_day(cast, hospital, client_of):
    make_line(hospital, "召开支委会，研究发展党员", due_on=DAY + timedelta(days=2))
    make_line(hospital, "召开支部委员会（九月）", due_on=DAY - timedelta(days=28))
    make_line(hospital, "支委会对照检查材料报党办")
    client = client_of(cast.clerk)
    assert ticked(client) == set()
    assert ticked(client, kind="board") == {"召开支委会，研究发展党员"}
    assert ticked(client, kind="assembly") == set()
    assert ticked(client, kind="board", held_on="2026-09-20") == set()
    Line.objects.filter(text__startswith="召开支委会").update(state=Line.State.CLOSED)
    assert ticked(client, kind="board") == {"召开支部委员会（九月）"}


def test_what_was_ticked_because_it_fitted_goes_with_the_kind_and_what_was_ticked_by_hand_stays(
    cast, hospital, client_of
):
    fit, other = make_line(hospital), make_line(hospital, "报送品牌活动信息一篇")
    sent = {"kind": "lesson", "line": [fit.pk, other.pk], "fitted": [fit.pk]}
    assert ticked(client_of(cast.clerk), **sent) == {other.text}


def test_no_kind_is_chosen_before_somebody_chooses(cast, hospital, client_of):
    client = client_of(cast.clerk)
    for name in ("record", "plan"):
        page = words(client.get(reverse(f"activities:{name}")))
        assert " checked" not in page[page.index('class="kinds"') : page.index("其他类别")]
    refused = client.post(reverse("activities:record"), {"held_on": DAY, "book_page": "第 1 页"})
    assert refused.status_code == 422
    assert refused.context["form"].has_error("kind")
    assert refused.context["form"].fields["kind"].choices


def test_resolution_that_names_nobody_is_asked_about_once_and_then_kept_as_written(cast, hospital, client_of):
    client, line = client_of(cast.clerk), "整理台账（何园，11-30前）"
    asked = post(client, resolutions=f"{line}\n通过方案（草案）")
    assert asked.status_code == 422
    assert "没有“何园”，请核对姓名" in words(asked)
    assert "再保存一次，按原文记下" in words(asked)
    assert "草案”" not in words(asked)
    assert post(client, resolutions="整理台账（何圆，11-30前）", as_written=[line]).status_code == 422
    assert post(client, resolutions=line, as_written=[line]).status_code == 302
    kept = Meeting.objects.get().resolutions.get()
    assert (kept.text, kept.owner, kept.due_on) == (line, None, None)


def test_outsider_gets_404(cast, hospital, client_of):
    meeting = make_meeting(cast.secretary, hospital.b_medicine)
    client = client_of(cast.outsider)
    for name in (
        "meeting",
        "meeting_record_planned",
        "meeting_correct",
        "meeting_cancel",
        "meeting_edit_plan",
    ):
        assert client.get(reverse(f"activities:{name}", args=[meeting.pk])).status_code == 404
    assert client.get(reverse("activities:meeting_paper", args=[meeting.pk, "minutes"])).status_code == 404
    assert client.post(reverse("activities:meeting_confirm", args=[meeting.pk])).status_code == 404
    assert client.get(reverse("activities:record"), {"unit": hospital.b_medicine.pk}).status_code == 404
    assert client.post(reverse("activities:record"), {"unit": hospital.b_medicine.pk}).status_code == 404
    assert client.get(reverse("activities:plan"), {"like": meeting.pk}).status_code == 404
    assert "重走急救路" not in words(client.get(reverse("activities:meetings")))


def test_member_reads_own_branch_and_changes_nothing(cast, hospital, client_of):
    meeting = make_meeting(cast.secretary, hospital.b_medicine)
    client = client_of(cast.member)
    assert "重走急救路" in words(client.get(reverse("activities:meetings")))
    assert client.get(meeting.get_absolute_url()).context["buttons"] == []
    assert client.get(reverse("activities:record")).status_code == 404


def test_office_reads_a_branch_and_writes_in_the_book_of_the_committee_only(cast, hospital, client_of):
    meeting = make_meeting(cast.clerk, hospital.b_medicine)
    client = client_of(cast.clerk_office)
    assert client.get(meeting.get_absolute_url()).context["buttons"] == []
    assert client.get(reverse("activities:record")).context["unit"] == hospital.party
    assert client.get(reverse("activities:record"), {"unit": hospital.b_medicine.pk}).status_code == 404
    client_of(cast.office).post(reverse("activities:meeting_confirm", args=[meeting.pk]))
    meeting.refresh_from_db()
    assert meeting.state == State.RECORDED


def test_administrator_and_auditor_have_no_business_here(cast, hospital, client_of):
    for person in (cast.admin, cast.auditor):
        assert client_of(person).get(reverse("activities:meetings")).status_code == 404


def test_secretary_confirms_from_the_page(cast, hospital, client_of):
    meeting = make_meeting(cast.clerk, hospital.b_medicine)
    client = client_of(cast.secretary)
    labels = [b.label for b in client.get(meeting.get_absolute_url()).context["buttons"]]
    assert labels == ["确认", "退回", "取消"]
    assert [b.solid for b in client_of(cast.clerk).get(meeting.get_absolute_url()).context["buttons"]] == [
        False
    ]
    client.post(reverse("activities:meeting_confirm", args=[meeting.pk]))
    page = words(client.get(meeting.get_absolute_url()))
    assert "已确认" in page
    assert "更正" in page


def test_record_sent_back_comes_with_its_reason_and_its_text(cast, hospital, client_of):
    meeting = make_meeting(
        cast.clerk, hospital.b_medicine, absent={cast.member.pk: "duty"}, resolutions=["整理台账"]
    )
    client_of(cast.secretary).post(
        reverse("activities:meeting_send_back", args=[meeting.pk]), {"reason": "何员是请假"}
    )
    client = client_of(cast.clerk)
    assert "何员是请假" in words(client.get(meeting.get_absolute_url()))
    address = reverse("activities:meeting_record_planned", args=[meeting.pk])
    form = client.get(address).context["form"]
    assert [(s.person.name, s.reason) for s in form.seats if s.absent] == [("何员", "duty")]
    assert form["resolutions"].value() == "整理台账"
    sent = {"kind": "themed_day", "held_on": DAY, "resolutions": "整理台账", "absent": [cast.member.pk]}
    assert client.post(address, sent | {f"reason-{cast.member.pk}": "leave"}).status_code == 302
    assert meeting.attendances.get(present=False).reason == "leave"


def test_group_leader_marks_who_does_not_belong_once(cast, hospital, client_of):
    client = client_of(cast.group_leader)
    away = {f"reason-{p}": "outside" for p in (cast.secretary.pk, cast.general.pk)}
    sent = {"kind": "group", "held_on": DAY, "title": "学习", "unit": hospital.n_medicine_1.pk}
    absent = [cast.secretary.pk, cast.general.pk]
    assert client.post(reverse("activities:record"), sent | away | {"absent": absent}).status_code == 302
    assert Meeting.objects.get().attendances.count() == 4
    form = client.get(reverse("activities:record"), {"unit": hospital.n_medicine_1.pk}).context["form"]
    assert {s.person.pk for s in form.seats if s.reason == "outside"} == set(absent)


@pytest.mark.mechanism("S0-02")
def test_meeting_without_first_topic_is_marked_in_list_and_page(cast, hospital, client_of):
    meeting = make_meeting(cast.secretary, hospital.b_medicine, kind=Kind.ASSEMBLY)
    client = client_of(cast.secretary)
    assert "未列第一议题" in words(client.get(meeting.get_absolute_url()))
    assert "未列第一议题" in words(client.get(reverse("activities:meetings")))


def test_plan_takes_over_the_last_agenda(cast, hospital, client_of):
    client = client_of(cast.clerk)
    address = reverse("activities:plan")
    sent = {"kind": "board", "held_on": "2026-10-30", "starts_at": "17:30", "place": "示教室"}
    agenda = {"first_topic": "学习重要讲话", "agenda": "学习：党章第六章\n研究入党积极分子"}
    assert client.post(address, sent | agenda).status_code == 302
    plan = Meeting.objects.get()
    assert [(t.kind, t.title) for t in plan.topics.all()] == [
        ("first", "学习重要讲话"),
        ("study", "党章第六章"),
        ("matter", "研究入党积极分子"),
    ]
    form = client.get(address, {"like": plan.pk}).context["form"]
    assert form["agenda"].value() == "学习：党章第六章\n研究入党积极分子"
    assert form["held_on"].value() is None
    changed = {"held_on": "2026-10-31", "first_topic": "学习重要讲话", "agenda": "研究评优"}
    assert client.post(reverse("activities:meeting_edit_plan", args=[plan.pk]), changed).status_code == 302
    assert [t.title for t in plan.topics.all()] == ["学习重要讲话", "研究评优"]


def test_resolution_leads_to_the_worklist(cast, hospital, client_of):
    drafts = [actions.ResolutionDraft("整理台账", DAY + timedelta(days=9), cast.member)]
    meeting = make_meeting(cast.secretary, hospital.b_medicine, resolutions=drafts)
    one, unit = meeting.resolutions.get(), hospital.b_medicine.pk
    address = link("dispatch.plan_line", source=one.ref, unit=unit, due_on=one.due_on, owner=cast.member.pk)
    assert address
    assert address.replace("&", "&amp;") in words(client_of(cast.secretary).get(meeting.get_absolute_url()))


@pytest.mark.mechanism("S1-14")
def test_late_record_shows_both_days(cast, hospital, client_of):
    meeting = make_meeting(cast.secretary, hospital.b_medicine, held_on=DAY - timedelta(days=18))
    page = words(client_of(cast.secretary).get(meeting.get_absolute_url()))
    assert "2026-10-10" in page
    assert "2026-10-28" in page
    assert "补记" in page


def test_list_filters_exports_and_asks_few_questions(
    cast, hospital, client_of, django_assert_max_num_queries
):
    for n in range(30):
        make_meeting(cast.secretary, hospital.b_medicine, held_on=DAY - timedelta(days=n), title=f"第{n}次")
    make_meeting(cast.secretary, hospital.b_medicine, kind=Kind.BOARD, title="研究工作")
    client, address = client_of(cast.secretary), reverse("activities:meetings")
    with django_assert_max_num_queries(15):
        assert client.get(address).context["listing"].total == 31
    assert client.get(address, {"kind": "board"}).context["listing"].total == 1
    assert client.get(address, {"month": "2026-09"}).context["listing"].total == 2
    book = openpyxl.load_workbook(BytesIO(client.get(address, {"kind": "board", "export": 1}).content))
    assert any("支部委员会：研究工作" in str(cell.value) for row in book.active for cell in row)
