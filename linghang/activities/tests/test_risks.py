"""警示教育 and a 专项总结 by their columns, and drills that are followed until what they showed is put right."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.urls import reverse
from docx import Document

from linghang.activities import actions
from linghang.activities.actions import ResolutionDraft
from linghang.activities.models import Kind, Meeting
from linghang.dispatch import actions as dispatch
from linghang.dispatch.models import Line
from linghang.kernel import clock
from linghang.kernel.parameters import forget

DAY = date(2026, 10, 28)


@pytest.fixture(autouse=True)
def stand_on_the_day() -> Any:
    with clock.at(DAY):
        yield


def words(client: Any, address: str, **query: Any) -> str:
    answer = client.get(address, query)
    assert answer.status_code == 200
    return str(answer.content.decode())


@pytest.mark.mechanism("S2-23")
def test_a_drill_is_planned_held_and_what_it_showed_is_put_right(
    cast: Any, hospital: Any, client_of: Any
) -> None:
    client = client_of(cast.clerk)
    plan = actions.plan(cast.clerk, unit=hospital.b_medicine, kind="drill", held_on=DAY, title="病区消防演练")
    assert "病区消防演练" in words(client, "/activities/calendar/")
    record = reverse("activities:meeting_record_planned", args=[plan.pk])
    form = client.get(record).context["form"]
    assert form.fields["ask_scene"].choices[1:] == [(one, one) for one in form.asked["scene"].options]
    told = {"scene": "消防", "found": "三楼通道堆放杂物"}
    clear = ResolutionDraft("清理三楼通道", date(2026, 11, 10), owner=cast.member)
    actions.record_planned(plan, cast.clerk, replies=told, resolutions=[clear])
    actions.confirm(plan, cast.secretary)
    page = words(client, plan.get_absolute_url())
    assert "三楼通道堆放杂物" in page
    (way,) = [
        url for _, _, url in client_of(cast.secretary).get(plan.get_absolute_url()).context["resolutions"]
    ]
    assert "清理三楼通道" in words(client_of(cast.secretary), way)
    resolution = plan.resolutions.get()
    line = dispatch.plan_line(
        cast.secretary,
        unit=hospital.b_medicine,
        text="清理三楼通道",
        due_on=date(2026, 11, 10),
        owner=cast.member,
        source=resolution.ref,
    )
    assert "已列入工作清单" in words(client, plan.get_absolute_url())
    dispatch.report(line, cast.member, result="通道已清空，贴了标识")
    dispatch.confirm(line, cast.secretary)
    dispatch.review(line, cast.general)
    line.refresh_from_db()
    assert line.state == Line.State.CLOSED
    paper = client.get(reverse("activities:meeting_paper", args=[plan.pk, "minutes"]))
    text = "".join(each.text for each in Document(BytesIO(b"".join(paper))).paragraphs)
    assert "演练科目：消防" in text
    assert "病区消防演练" in words(client_of(cast.office), "/activities/meetings/", kind="drill")


@pytest.mark.mechanism("S1-27")
def test_a_case_is_spoken_of_under_the_columns_that_the_hospital_sets(
    cast: Any, hospital: Any, client_of: Any
) -> None:
    """五说, 四说 or any other: the columns are data."""
    client, record = client_of(cast.clerk), "/activities/record/"
    form = client.get(record, {"kind": "cases"}).context["form"]
    labels = [form.fields[f"ask_{code}"].label for code in form.asked]
    assert labels == ["案例", "说德", "说纪", "说法", "说责", "说改"]
    data = {"kind": "cases", "held_on": "2026-10-28", "title": "身边案例", "ask_case": "某市通报 3 号"}
    done = client.post(record, data | {"ask_virtue": "医者仁心", "ask_law": "守住底线"})
    assert done.status_code == 302
    page = words(client, done.url)
    assert "医者仁心" in page
    assert "守住底线" in page
    kind = Kind.objects.get(code="cases")
    Kind.objects.filter(pk=kind.pk).update(asks=[ask for ask in kind.asks if ask["code"] != "lesson_drawn"])
    forget()
    labels = [
        each.label
        for name, each in client.get(record, {"kind": "cases"}).context["form"].fields.items()
        if name.startswith("ask_")
    ]
    assert labels == ["案例", "说德", "说纪", "说法", "说责"]
    assert Meeting.objects.get().replies["virtue"] == "医者仁心"


@pytest.mark.under_a_committee
@pytest.mark.mechanism("S4-05")
def test_a_special_effort_is_summed_up_under_five_headings_and_printed(
    cast: Any, hospital: Any, client_of: Any
) -> None:
    """抗疫“五个一”: one summary by headings that the hospital may word anew; its minutes bear them."""
    client, record = client_of(cast.clerk_office), "/activities/record/"
    query = {"kind": "summing_up", "unit": hospital.party.pk}
    form = client.get(record, query).context["form"]
    labels = [form.fields[f"ask_{code}"].label for code in form.asked]
    assert labels == ["一股绳", "一盘棋", "一整套", "一流水平", "全市唯一"]
    told = {"ask_one_rope": "党员签名请战 120 人", "ask_one_set": "流程 8 项"}
    data = {"kind": "summing_up", "held_on": "2026-10-28", "title": "应急救治专项总结"}
    done = client.post(f"{record}?unit={hospital.party.pk}", data | told)
    assert done.status_code == 302, done.context["form"].errors
    made = Meeting.objects.get()
    assert made.unit == hospital.party
    paper = client.get(reverse("activities:meeting_paper", args=[made.pk, "minutes"]))
    text = [each.text for each in Document(BytesIO(b"".join(paper))).paragraphs]
    assert text[text.index("另记") + 1 :][:2] == ["一股绳：党员签名请战 120 人", "一整套：流程 8 项"]
