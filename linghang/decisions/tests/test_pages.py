"""Doors and looks of the pages of decisions: one button for whoever has the turn, to-dos, papers, the register."""

from io import BytesIO
from typing import Any

import pytest
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook

from linghang.decisions import actions
from linghang.decisions.models import Research, Topic
from linghang.decisions.tests.staging import DAY, SITTING, call, hear, hold, make, prepare
from linghang.dispatch.models import Line
from linghang.kernel import clock
from linghang.kernel.todos import OFFERS
from tests.making import afresh, make_force

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("november")]


def page(client: Any, obj: Any) -> str:
    return client.get(obj if isinstance(obj, str) else obj.get_absolute_url()).content.decode()


def todos(person: Any) -> list[str]:
    return [todo.title for todo in OFFERS["decisions"](afresh(person))]


def text_of(response: Any) -> str:
    document = Document(BytesIO(response.content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([each.text for each in document.paragraphs] + cells)


def step(client: Any, topic: Topic, tail: str, **data: Any) -> Any:
    return client.post(reverse(f"decisions:topic_{tail}", args=[topic.pk]), data, follow=True)


@pytest.mark.mechanism("S0-01", "S1-03", "S2-04", "S2-10")
def test_a_topic_is_led_to_its_lines_by_the_people_whose_turn_it_is(stage: Any, client_of: Any) -> None:
    cast, hospital = stage.cast, stage.hospital
    department, office = client_of(stage.proposer), client_of(cast.office)
    given = {
        "department": hospital.d_medicine.pk,
        "matter": "equipment",
        "title": "购置磁共振",
        "leader": cast.leader.pk,
        "month": "2026-11-01",
    }
    made = department.post(reverse("decisions:propose"), given, follow=True)
    assert "已提出议题：购置磁共振" in made.content.decode()
    topic = Topic.objects.get()
    assert "签批</button>" not in page(department, topic)
    assert "签批</button>" in page(client_of(cast.leader), topic)
    step(client_of(cast.leader), topic, "endorse")
    argued = {"committee": stage.committee.pk, "held_on": "2026-11-02", "agreed": "yes"}
    step(department, topic, "argue", **argued)
    step(office, topic, "study", held_on="2026-11-02", number="院办纪要 8 号", agreed="yes")
    step(client_of(stage.president), topic, "sign")
    topic.refresh_from_db()
    assert topic.state == Topic.State.SIGNING
    step(client_of(stage.secretary), topic, "sign")
    sitting = call(stage)
    refused = step(office, topic, "list_topic", sitting=sitting.pk)
    assert "没有支部意见" in refused.content.decode()
    branch = client_of(cast.secretary)
    opinion = hear(stage, topic)
    assert opinion.get_absolute_url() in page(branch, topic)
    assert topic.get_absolute_url() in page(branch, opinion)
    step(office, topic, "list_topic", sitting=sitting.pk)
    shown = page(office, reverse("decisions:sitting", args=[sitting.pk]))
    assert shown.index("学习重要讲话精神") < shown.index("购置磁共振")
    with clock.at(SITTING):
        hold(stage, sitting)
        counts = {"manner": "ticket", "yes": "4", "recused": [stage.seats[3].pk]}
        decided = step(office, topic, "decide", **counts).content.decode()
        assert "赞成 4、不赞成 0、弃权 0" in decided
        assert "委员2（不计入应到会）" in decided
        lines = {"units": [hospital.b_medicine.pk], "text": "完成论证和采购", "due_on": "2026-12-20"}
        handed = step(office, topic, "hand_out", **lines).content.decode()
    assert "完成论证和采购" in handed
    assert "办结 0/1 条" in handed
    (line,) = Line.objects.filter(text="完成论证和采购")
    assert topic.get_absolute_url() in page(office, line)
    assert line.get_absolute_url() in page(office, topic)
    assert topic.get_absolute_url() in page(office, sitting)
    assert sitting.get_absolute_url() in page(office, line.order)
    register = office.get(reverse("decisions:topics"), {"export": "1"})
    rows = list(load_workbook(BytesIO(register.content)).active.values)
    assert any("购置磁共振" in row and "通过" in row for row in rows)


def test_the_steps_are_refused_on_the_page_with_what_to_do(stage: Any, client_of: Any) -> None:
    topic, office = prepare(stage, sign=False), client_of(stage.cast.office)
    shown = page(office, topic)
    assert "上会前书记、院长没有签字" in shown
    assert "列入议程</a>" not in shown
    refused = step(office, topic, "list_topic", sitting=call(stage).pk).content.decode()
    assert "请书记、院长先签字" in refused
    for person in (stage.cast.office, stage.cast.leader, stage.proposer):
        step(client_of(person), topic, "sign")
    topic.refresh_from_db()
    assert (topic.secretary_on, topic.president_on) == (None, None)


def test_each_is_asked_when_it_is_their_turn(stage: Any) -> None:
    cast = stage.cast
    topic = make(stage, "talent")
    assert todos(cast.leader) == ["请签批议题：发展规划"]
    assert todos(cast.secretary) == ["请支部研究并登记意见：发展规划"]
    assert todos(stage.president) == todos(cast.office) == []
    actions.endorse(topic, cast.leader)
    assert todos(cast.office) == ["待登记论证：发展规划"]
    actions.argue(topic, cast.office, committee=stage.committee, held_on=DAY, agreed=True)
    actions.study(topic, cast.office, held_on=DAY, number="8", agreed=True)
    assert todos(stage.president) == todos(stage.secretary) == ["请双签议题：发展规划"]
    actions.sign(topic, stage.president)
    assert (todos(stage.president), len(todos(stage.secretary))) == ([], 1)
    actions.sign(topic, stage.secretary)
    hear(stage, topic)
    assert todos(cast.secretary) == []
    assert todos(cast.office) == ["待列入议程：发展规划"]
    sitting = call(stage)
    actions.list_topic(topic, cast.office, sitting=sitting)
    assert todos(cast.office) == []
    with clock.at(SITTING):
        hold(stage, sitting)
        assert todos(cast.office) == ["请登记决定：发展规划"]
        actions.decide(topic, cast.office, manner="ticket", yes=5)
        assert todos(cast.office) == []
    with clock.at(topic.evaluate_by):
        assert todos(cast.office) == ["后评价：发展规划"]


def test_a_decision_is_offered_after_the_sitting_and_a_revision_stands_out_only_when_sent_back(
    stage: Any, client_of: Any
) -> None:
    topic, client = make(stage), client_of(stage.cast.office)

    def page() -> str:
        return str(client.get(topic.get_absolute_url()).content.decode())

    assert f"请分管领导{topic.leader}签批" in page()
    solid = '<a class="btn btn-solid" href'
    assert solid not in page()
    actions.return_topic(topic, stage.cast.office, reason="材料不全")
    assert solid in page()
    other = make(stage, "talent")
    actions.endorse(other, stage.cast.leader)
    actions.argue(other, stage.cast.office, committee=stage.committee, held_on=DAY, agreed=True)
    actions.study(other, stage.cast.office, held_on=DAY, number="8", agreed=True)
    actions.sign(other, stage.president)
    actions.sign(other, stage.secretary)
    hear(stage, other)
    assert "还没有排好的会议" in client.get(f"{other.get_absolute_url()}list-topic/").content.decode()
    sitting = call(stage)
    actions.list_topic(other, stage.cast.office, sitting=sitting)
    topic = other
    assert "/decide/" not in page()
    assert "会议开过、记录（谁到会）以后" in page()
    with clock.at(SITTING):
        hold(stage, sitting)
        assert "/decide/" in page()
        assert "以后，登记决定" not in page()


def test_a_returned_topic_waits_for_its_proposer_and_a_lone_leader_is_told_to_the_office(stage: Any) -> None:
    actions.return_topic(make(stage), stage.cast.office, reason="材料不全")
    assert todos(stage.proposer) == ["议题被退回：发展规划"]
    make_force()
    assert todos(stage.cast.office) == ["学科建设领导小组缺一位组长"]


def test_the_register_is_for_the_leadership_and_a_branch_sees_its_own_topic_alone(
    stage: Any, client_of: Any
) -> None:
    topic, other = make(stage, "equipment"), make(stage, title="外科的", matter="plan")
    Topic.objects.filter(pk=other.pk).update(
        department=stage.hospital.d_surgery, branch=stage.hospital.b_surgery
    )
    register = reverse("decisions:topics")
    for person in (stage.cast.member, stage.cast.secretary, stage.cast.admin):
        assert client_of(person).get(register).status_code == 404
    branch = client_of(stage.cast.secretary)
    assert branch.get(topic.get_absolute_url()).status_code == 200
    assert branch.get(other.get_absolute_url()).status_code == 404
    seen = page(client_of(stage.proposer), register)
    assert "发展规划" in seen


def test_the_papers_keep_places_for_pens_and_leave_nothing_unfilled(stage: Any, client_of: Any) -> None:
    topic, office = prepare(stage), client_of(stage.cast.office)
    form = text_of(office.get(reverse("decisions:topic_paper", args=[topic.pk])))
    assert "签字：" in form
    assert "发展规划、年度计划和重要改革（重大决策）" in form
    sitting = call(stage)
    actions.list_topic(topic, stage.cast.office, sitting=sitting)
    agenda = text_of(office.get(reverse("decisions:sitting_paper", args=[sitting.pk, "agenda"])))
    assert agenda.index("第一议题") < agenda.index("重大决策")
    assert "主要负责人末位表态" in agenda
    with clock.at(SITTING):
        hold(stage, sitting)
        aside = {"yes": 4, "recused": [stage.seats[4]], "minutes_number": "20 号"}
        actions.decide(topic, stage.cast.office, manner="ticket", **aside)
        decided = text_of(office.get(reverse("decisions:sitting_paper", args=[sitting.pk, "decisions"])))
    assert "无记名票决：赞成 4" in decided
    assert "委员3回避" in decided
    assert not any(mark in form + agenda + decided for mark in ("{{", "{%", "None"))
    wrong = office.get(reverse("decisions:sitting_paper", args=[sitting.pk, "other"]))
    assert wrong.status_code == 404


def test_task_forces_say_who_is_missing(stage: Any, client_of: Any) -> None:
    office, home = client_of(stage.cast.office), reverse("decisions:forces")
    given = {"kind": "force", "title": "学科建设领导小组", "weighty": "on"}
    given |= {"lead": stage.secretary.pk, "since": "2026-11-02"}
    shown = office.post(reverse("decisions:add_force"), given, follow=True).content.decode()
    assert "缺院长任组长" in shown
    assert "没有纪委书记" in shown
    assert client_of(stage.cast.secretary).get(home).status_code == 404
    assert "修改登记" not in page(client_of(stage.president), home)


@pytest.mark.mechanism("S2-29")
def test_a_research_is_concluded_and_leads_to_its_topic(stage: Any, client_of: Any) -> None:
    office, home = client_of(stage.cast.office), reverse("decisions:researches")
    opened = {"title": "透析床位不足", "lead": stage.president.pk, "opened_on": "2026-11-02"}
    assert "调研中" in office.post(reverse("decisions:open_research"), opened, follow=True).content.decode()
    research = Research.objects.get()
    concluded = {"concluded_on": "2026-11-02", "conclusion": "新建透析中心"}
    onward = f"{reverse('decisions:propose')}?research={research.pk}"
    assert onward not in office.get(home).content.decode()
    office.post(reverse("decisions:research_conclude_research", args=[research.pk]), concluded)
    assert onward in office.get(home).content.decode()
    assert f'<option value="{research.pk}" selected>' in office.get(onward).content.decode()
    given = {"department": stage.hospital.d_medicine.pk, "matter": "plan", "title": "新建透析中心项目"}
    given |= {"leader": stage.cast.leader.pk, "month": "2026-11-01", "research": research.pk}
    office.post(reverse("decisions:propose"), given)
    topic = Topic.objects.get()
    assert topic.get_absolute_url() in page(office, home)
    assert "透析床位不足" in page(office, topic)
    assert client_of(stage.cast.secretary).get(home).status_code == 404


def test_a_meeting_that_decides_nothing_has_no_such_page(stage: Any, client_of: Any) -> None:
    meeting = hear(stage, make(stage, "equipment"))
    assert (
        client_of(stage.cast.office).get(reverse("decisions:sitting", args=[meeting.pk])).status_code == 404
    )
    listed = page(client_of(stage.cast.office), reverse("decisions:sittings"))
    assert "还没有会议" in listed


def test_pages_cost_few_queries(stage: Any, client_of: Any, django_assert_max_num_queries: Any) -> None:
    sitting, office = call(stage), client_of(stage.cast.office)
    for title in ("甲", "乙", "丙"):
        topic = prepare(stage, title=title)
        actions.list_topic(topic, stage.cast.office, sitting=sitting)
    office.get("/")
    for address in (
        reverse("decisions:topics"),
        reverse("decisions:sittings"),
        reverse("decisions:sitting", args=[sitting.pk]),
        topic.get_absolute_url(),
        reverse("decisions:forces"),
        reverse("decisions:researches"),
    ):
        with django_assert_max_num_queries(15):
            office.get(address)
