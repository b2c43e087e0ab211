"""One day of the demo hospital's decisions: topics come in, go from hand to hand, are decided once a month, followed up."""

import random
from datetime import date, time, timedelta
from functools import lru_cache

from linghang.activities.actions import TopicDraft, plan, record_planned
from linghang.activities.models import Meeting
from linghang.activities.models import Topic as AgendaItem
from linghang.activities.roll import committee
from linghang.decisions import actions
from linghang.decisions.models import Matter, Research, TaskForce, Topic, head_unit, party_body
from linghang.decisions.road import keys_of_lines
from linghang.decisions.seats import leaders, seats
from linghang.org.demo import branches, holder
from linghang.org.models import Coverage, Person, Unit
from linghang.rules.workdays import is_workday, next_workday

State = Topic.State
# What is put up in the course of a year: the matter's code, what is to be decided, the department that puts it up.
WANTED = (
    ("equipment", "购置彩色超声诊断仪", "设备科"),
    ("plan", "年度重点工作安排", "党政办公室"),
    ("appointment", "中层干部任免", "组织人事科"),
    ("funds", "门诊楼电梯更新", "总务科"),
    ("talent", "引进学科带头人", "组织人事科"),
    ("discipline", "全面从严治党工作安排", "纪检监察室"),
    ("department", "成立日间手术中心", "麻醉手术科"),
    ("pay", "绩效分配方案修订", "财务科"),
    ("honour", "先进支部和优秀党员推荐", "组织人事科"),
    ("project", "住院楼病房改造", "总务科"),
    ("selection", "中层后备干部选拔方案", "组织人事科"),
    ("budget", "上年决算和本年预算", "财务科"),
    ("equipment", "更新血液透析机", "血液净化中心"),
    ("organisation", "党支部设置调整", "组织人事科"),
    ("promotion", "高级职称晋升推荐", "组织人事科"),
    ("unplanned", "应急物资采购", "设备科"),
    ("regulation", "采购管理办法修订", "设备科"),
    ("department", "重症医学科扩建", "重症医学科"),
)
FIRST = "学习近期重要讲话和重要指示批示精神"
# The working days of a month: when topics come in, when the sitting is called and held.
COMES, CALLED, SITS = (2, 3), 5, 17
# How long the leadership looks into a question.
LOOKS = timedelta(days=70)
LOOKED_INTO = {
    "重症医学科床位不足": "病人多、床位少，拟扩建；提出议题，经党组织会议决定后办理",
    "门诊等候时间长": "上午集中、下午空闲，拟全面分时段预约，增开午间和周末门诊；由门诊部办理",
}


def play(day: date, rng: random.Random) -> None:
    """Its own dice: the year's other chances stay what they were."""
    office, unit = holder("office_director"), head_unit()
    if office is None or unit is None or holder("president") is None:
        return
    own = random.Random(f"decisions {day}")
    if not TaskForce.objects.exists():
        _form_groups(office, unit, day)
    for number, comes in enumerate(COMES):
        if day == _workday(day.year, day.month, comes):
            _put_up(unit, day, *WANTED[(2 * day.month + number) % len(WANTED)], own)
    if day == _workday(day.year, day.month, CALLED):
        _call(office, unit, next_workday(day.replace(day=SITS)))
    for topic in Topic.objects.filter(state__in=Topic.OPEN).select_related("matter", "leader", "branch"):
        _move(topic, office, day)
    if day == next_workday(day.replace(day=SITS)):
        _sit(office, unit, day, own)
    _evaluate(office, day)
    for research in Research.objects.filter(concluded_on=None, opened_on__lte=day - LOOKS):
        actions.conclude_research(research, office, concluded_on=day, conclusion=LOOKED_INTO[research.title])


@lru_cache(maxsize=64)
def _workday(year: int, month: int, number: int) -> date:
    days = [day for n in range(1, 32 - 3) if is_workday(day := date(year, month, n))]
    return days[min(number, len(days)) - 1]


def _form_groups(office: Person, unit: Unit, day: date) -> None:
    now = seats()
    if now.secretary and now.president:
        pair = {"lead": now.secretary[0], "partner": now.president[0]}
        given = {"unit": unit, "since": day, "weighty": True}
        actions.add_force(office, title="公立医院高质量发展领导小组", **pair, **given)
        actions.add_force(office, title="学科建设领导小组", lead=now.president[0], **given)
        for title in LOOKED_INTO:
            actions.open_research(office, unit=unit, title=title, lead=now.president[0], opened_on=day)
        board = {**given, "kind": TaskForce.Kind.COMMITTEE, "lead": now.president[0]}
        for title in ("医疗质量与安全管理委员会", "医疗装备委员会", "药事管理与药物治疗学委员会"):
            actions.add_force(office, title=title, **board)


def _committee() -> TaskForce:
    found: TaskForce = TaskForce.objects.filter(kind=TaskForce.Kind.COMMITTEE, until=None).earliest("pk")
    return found


def _put_up(unit: Unit, day: date, code: str, title: str, whose: str, rng: random.Random) -> Topic | None:
    """A department that a branch covers puts up one of the year's matters: the named one, where it stands here."""
    matter = Matter.objects.filter(code=code, retired=False).first()
    covered = list(Coverage.objects.on(day).filter(branch__in=branches()).select_related("department"))
    clerk, in_charge = holder("office_clerk"), list(leaders())
    if matter is None or clerk is None or not covered or not in_charge:
        return None
    departments = [one.department for one in covered]
    fitting = [one for one in departments if one.name == whose] or departments
    given = {"matter": matter, "title": title, "leader": rng.choice(in_charge), "month": day}
    return actions.propose(clerk, unit=unit, department=rng.choice(fitting), **given)


def _move(topic: Topic, office: Person, day: date) -> None:
    """One step a day, by whoever has the turn."""
    if topic.state == State.PROPOSED:
        actions.endorse(topic, topic.leader)
    elif topic.state == State.ARGUING:
        actions.argue(topic, office, committee=_committee(), held_on=day, agreed=True)
    elif topic.state == State.STUDYING:
        number = f"院办纪要〔{day.year}〕{day.month}号"
        actions.study(topic, office, held_on=day, number=number, agreed=True)
    elif topic.state == State.SIGNING:
        _sign(topic)
    elif topic.state == State.READY and not _hear(topic):
        _list(topic, office, day)


def _sign(topic: Topic) -> None:
    now = seats()
    for signer, signed in ((now.secretary, topic.secretary_on), (now.president, topic.president_on)):
        if signer and not signed:
            actions.sign(topic, signer[0])
            return


def _hear(topic: Topic) -> bool:
    """The branch's opinion from its latest committee meeting; whether it was wanted and could be given today."""
    if not topic.matter.heard or topic.opinion_id is not None or topic.branch is None:
        return False
    meeting = Meeting.objects.held().filter(unit=topic.branch, kind=Meeting.Kind.BOARD).first()
    secretary = holder("secretary", topic.branch)
    if meeting is None or secretary is None:
        return True
    actions.give_opinion(topic, secretary, meeting=meeting, result=Topic.Opinion.AGREED)
    return True


def _list(topic: Topic, office: Person, day: date) -> None:
    sittings = Meeting.objects.filter(unit=topic.unit, kind=topic.body, state=Meeting.State.PLANNED)
    sitting = sittings.filter(held_on__gt=day, recorded_on=None).order_by("held_on").first()
    if sitting is not None:
        actions.list_topic(topic, office, sitting=sitting)


def _call(office: Person, unit: Unit, day: date) -> None:
    first = [TopicDraft(FIRST, AgendaItem.Kind.FIRST)]
    given = {"held_on": day, "starts_at": time(15), "place": "第一会议室", "topics": first}
    plan(office, unit=unit, kind=party_body(unit), title="研究重大事项", again=True, announce=False, **given)


def _sit(office: Person, unit: Unit, day: date, rng: random.Random) -> None:
    """The sitting is recorded, its topics are voted on one by one; most are passed and handed out."""
    planned = Meeting.objects.filter(
        unit=unit, kind=party_body(unit), state=Meeting.State.PLANNED, held_on=day
    )
    for sitting in planned.filter(topics__source__startswith=Topic._meta.label_lower).distinct():
        record_planned(sitting, office)
        present = committee(unit, day).count()
        for topic in Topic.objects.on_agenda(sitting):
            no = int(rng.random() < 0.2)
            manner = Topic.Manner.TICKET if topic.matter.is_grave else Topic.Manner.SHOW
            number = f"会议纪要〔{day.year}〕{day.month}号"
            actions.decide(topic, office, manner=manner, yes=present - no, no=no, minutes_number=number)
            _hand_out(topic, office, day)


def _hand_out(topic: Topic, office: Person, day: date) -> None:
    if topic.conclusion == Topic.Conclusion.PASSED and topic.branch and not keys_of_lines(topic):
        given = {"text": f"落实决定：{topic.title}", "due_on": day + timedelta(days=30)}
        actions.hand_out(topic, office, units=[topic.branch], **given)


def _evaluate(office: Person, day: date) -> None:
    for topic in Topic.objects.to_evaluate(day):
        actions.evaluate(topic, office, evaluated_on=day, evaluation="按计划落实，达到预期")


def leave(day: date, left: int) -> None:
    """On the last day: a topic for the deputy in charge, and one that waits for both signatures."""
    unit, office = head_unit(), holder("office_director")
    deputy = holder("deputy_party_secretary")
    if left or unit is None or office is None or deputy is None or holder("president") is None:
        return
    rng = random.Random(f"left {day}")
    for code, title, whose in (
        ("regulation", "议事规则修订", "党政办公室"),
        ("budget", "年度预算调整", "财务科"),
    ):
        topic = _put_up(unit, day, code, title, whose, rng)
        if topic is not None:
            given = {"matter": topic.matter, "title": title, "leader": deputy, "month": day}
            actions.revise(topic, office, **given)
    waiting = Topic.objects.filter(title="年度预算调整", state=State.PROPOSED).last()
    if waiting is not None:
        actions.endorse(waiting, deputy)
        actions.argue(waiting, office, committee=_committee(), held_on=day, agreed=True)
        actions.study(waiting, office, held_on=day, number=f"院办纪要〔{day.year}〕99号", agreed=True)
