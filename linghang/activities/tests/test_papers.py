"""Papers printed before and after a meeting: real Word files that say what the record says."""

import re
from datetime import date
from io import BytesIO
from urllib.parse import unquote

import pytest
from django.urls import reverse
from docx import Document

from linghang.activities import actions
from linghang.activities.actions import ResolutionDraft, TopicDraft
from linghang.activities.models import Meeting, Topic
from linghang.kernel import clock

DAY = date(2026, 10, 28)
TOPICS = [TopicDraft("学习重要讲话精神", Topic.Kind.FIRST), TopicDraft("研究<评优>&名单")]


@pytest.fixture(autouse=True)
def stand_on_the_day():
    with clock.at(DAY):
        yield


def words_of(response):
    document = Document(BytesIO(response.content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return document, "\n".join([p.text for p in document.paragraphs] + cells)


def get(client, meeting, name):
    response = client.get(reverse("activities:meeting_paper", args=[meeting.pk, name]))
    assert response.status_code == 200
    return response, *words_of(response)


def test_agenda_and_sign_in_sheet_are_ready_before_the_meeting(cast, hospital, client_of):
    plan = actions.plan(
        cast.clerk,
        unit=hospital.b_medicine,
        kind=Meeting.Kind.ASSEMBLY,
        held_on=DAY,
        place="示教室",
        topics=TOPICS,
    )
    client = client_of(cast.clerk)
    response, _, agenda = get(client, plan, "agenda")
    assert "内科党支部20261028支部党员大会议程.docx" in unquote(response.headers["Content-Disposition"])
    assert "一、（第一议题）学习重要讲话精神" in agenda
    assert "二、研究<评优>&名单" in agenda
    _, sheet, signed = get(client, plan, "sign-in")
    assert all(name in signed for name in ("周明", "王蕾", "何员", "新晓"))
    assert "应到 6 人" in signed
    assert len(sheet.tables[0].rows) == 6  # a head, and six members with four empty places in two columns


@pytest.mark.mechanism("S1-14")
def test_minutes_fit_the_book_and_leave_lines_to_sign(cast, hospital, client_of):
    meeting = actions.record(
        cast.secretary,
        unit=hospital.b_medicine,
        kind=Meeting.Kind.ASSEMBLY,
        held_on=DAY,
        absent={cast.member.pk: "duty"},
        topics=TOPICS,
        resolutions=[ResolutionDraft("整理台账", date(2026, 11, 30), cast.clerk)],
        book_page="第 14 页",
    )
    actions.correct(meeting, cast.clerk, note="主持人应为王蕾")
    _, document, minutes = get(client_of(cast.secretary), meeting, "minutes")
    for said in (
        "应到",
        "5 人",
        "何员（值班）",
        "1. 整理台账（王蕾，2026-11-30 前）",
        "主持人（签名）",
        "记录人（签名）",
        "第 14 页",
    ):
        assert said in minutes
    assert "王蕾：主持人应为王蕾" in minutes
    assert round(document.sections[0].page_width.mm) == 185


def test_no_paper_leaves_a_mark_of_the_template(cast, hospital, client_of):
    bare = actions.plan(cast.clerk, unit=hospital.b_medicine, kind=Meeting.Kind.LESSON, held_on=DAY)
    for name in ("agenda", "sign-in", "minutes"):
        _, _, text = get(client_of(cast.clerk), bare, name)
        assert not re.search(r"[{}%]|None", text)


def test_unknown_paper_is_404(cast, hospital, client_of):
    bare = actions.plan(cast.clerk, unit=hospital.b_medicine, kind=Meeting.Kind.LESSON, held_on=DAY)
    assert (
        client_of(cast.clerk).get(reverse("activities:meeting_paper", args=[bare.pk, "x"])).status_code == 404
    )
