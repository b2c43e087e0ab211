"""Plans under a framework: drawn up, divided, taken into a month, and how far they came."""

from datetime import date
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from linghang.activities.actions import ResolutionDraft, record_planned
from linghang.dispatch.models import Line, Order
from linghang.kernel import clock
from linghang.kernel.access import SYSTEM
from linghang.kernel.blueprint import SECTIONS
from linghang.kernel.facts import SOURCES
from linghang.kernel.parameters import put
from linghang.kernel.refs import link, origins, tie
from linghang.kernel.todos import FORECASTS, OFFERS
from linghang.planning import actions
from linghang.planning.fulfilment import four, fulfilled, missing
from linghang.planning.models import Aim, Item, Plan
from linghang.planning.parameters import FRAMEWORKS
from tests import making

YEAR = {"since": date(2026, 1, 1), "until": date(2026, 12, 31)}
QUARTER = {"since": date(2026, 10, 1), "until": date(2026, 12, 31)}
OCTOBER = date(2026, 10, 1)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def october(on_day: Any) -> Any:
    """Every test of this file stands on 9 October 2026."""
    with on_day(date(2026, 10, 9)):
        yield


@pytest.fixture
def used(cast: Any) -> Any:
    """The hospital works by the 4243 型."""
    put(SYSTEM, FRAMEWORKS, "4243 型", date(2026, 1, 1))


def drawn(cast: Any, hospital: Any, **more: Any) -> Plan:
    given = {"unit": hospital.party, "title": "提升医疗质量", **YEAR, **more}
    return actions.draw_plan(cast.office, **given)


def deployed(cast: Any, hospital: Any, plan: Plan, **more: Any) -> list[Order]:
    """An item of the plan goes out to the branches as lines of issued sheets."""
    wanted = {"text": plan.as_item, "due_on": date(2026, 10, 28), "plan": plan, **more}
    item = actions.submit(
        cast.office, unit=hospital.party, department=hospital.party, month=OCTOBER, **wanted
    )
    actions.accept(item, cast.office)
    made = actions.deploy_month(cast.office, unit=hospital.party, month=OCTOBER)
    Order.objects.filter(pk__in=[one.pk for one in made]).update(state="issued", issued_on=clock.today())
    return made


def done_of(plan: Plan) -> Any:
    return fulfilled(Plan.objects.below(plan))[plan.pk]


# --- frameworks ------------------------------------------------------------------------------------------------------


@pytest.mark.mechanism("S1-01")
def test_a_framework_of_four_levels_rolls_up_what_was_done_under_each(
    client_of: Any, cast: Any, hospital: Any, used: Any
) -> None:
    rate = Aim.objects.get(code="f4243.quality-closed")
    assert rate.depth == 4
    plan = drawn(cast, hospital, aim=rate)
    made = deployed(cast, hospital, plan)
    Line.objects.filter(order=made[0]).update(state="closed", closed_on=clock.today())
    shown = client_of(cast.office).get(reverse("planning:aims"))
    (framework,) = shown.context["frameworks"]
    assert framework.words == "板块 → 条目 → 任务 → 指标"
    nodes = {node.aim.title: node for node in framework.nodes}
    for title in ("四个聚焦", "聚焦就医难点，攻坚优质服务", "流程优化、一站式服务", "就医难点按期整改率"):
        node = nodes[title]
        assert (len(node.done.plans), len(node.done.lines), len(node.done.closed)) == (1, 4, 1), title
    assert not nodes["两个推进"].done.plans
    opened = client_of(cast.office).get(nodes["四个聚焦"].urls["closed"])
    assert made[0].lines.get().get_absolute_url() in opened.content.decode()
    assert "四个聚焦：已办结的单据事项：1 条记录" in opened.content.decode()


@pytest.mark.mechanism("S4-13")
@pytest.mark.mechanism("S2-37")
@pytest.mark.mechanism("S3-14")
@pytest.mark.parametrize(
    ("title", "entries"),
    [
        ("1457 型", {"一个愿景", "四个文化维度", "五个体系", "七项工程", "铸魂工程", "国防教育", "高地学科"}),
        ("三基础四重点二破冰型", {"三项基础", "四项重点", "两项破冰", "组织基础：总支、支部、科室三级网格"}),
        ("1·2·3+N 型", {"一个目标", "两条底线", "三个基础", "N 项重点任务", "一支部一品牌一活动"}),
    ],
)
def test_a_hospital_chooses_its_framework_and_plans_under_it(
    client_of: Any, cast: Any, hospital: Any, title: str, entries: set[str]
) -> None:
    client = client_of(cast.office)
    page = client.get(reverse("planning:aims"))
    assert title in [str(aim) for aim in page.context["library"]]
    put(SYSTEM, FRAMEWORKS, title, date(2026, 1, 1))
    (framework,) = client.get(reverse("planning:aims")).context["frameworks"]
    assert entries <= {node.aim.title for node in framework.nodes}
    form = client.get(framework.nodes[0].plan_url).context["form"]
    assert form.initial["aim"] == framework.nodes[0].aim.pk


@pytest.mark.mechanism("S4-19")
def test_an_engineering_project_keeps_the_ledger_of_its_tasks(
    client_of: Any, cast: Any, hospital: Any
) -> None:
    put(SYSTEM, FRAMEWORKS, "1457 型", date(2026, 1, 1))
    climb = Aim.objects.get(code="f1457.project-climb")
    task = drawn(cast, hospital, title="申报重点实验室", aim=climb, department=hospital.d_office)
    day = date(2026, 11, 20)
    step = drawn(cast, hospital, parent=task, title="提交申报书", since=day, until=day)
    client = client_of(cast.office)
    (framework,) = client.get(reverse("planning:aims")).context["frameworks"]
    node = next(node for node in framework.nodes if node.aim == climb)
    assert node.done.plans == [task.ref, step.ref]
    ledger = client.get(node.urls["plans"]).content.decode()
    assert "申报重点实验室" in ledger
    assert "提交申报书" in ledger


@pytest.mark.mechanism("S4-18")
def test_a_discipline_that_is_raised_is_a_project_of_its_branch_batch_by_batch(
    client_of: Any, cast: Any, hospital: Any
) -> None:
    """学科 122: each discipline stands under its rank with the branch that carries it; the batches are parts of it."""
    put(SYSTEM, FRAMEWORKS, "1457 型", date(2026, 1, 1))
    high, support = (Aim.objects.get(code=f"f1457.discipline-{rank}") for rank in ("high", "support"))
    own = {"title": "心血管内科进阶", "aim": high, "department": hospital.b_medicine}
    raised = drawn(
        cast, hospital, **own, until=date(2027, 12, 31), party="党员带题攻关", business="省级重点学科"
    )
    batch = drawn(cast, hospital, parent=raised, title="第一批扶持", department=hospital.b_medicine)
    other = {"title": "微创外科扶持", "aim": support, "department": hospital.b_surgery}
    helped = drawn(cast, hospital, **other)
    client = client_of(cast.office)
    (framework,) = client.get(reverse("planning:aims")).context["frameworks"]
    nodes = {node.aim.title: node for node in framework.nodes}
    assert nodes["高地学科"].done.plans == [raised.ref, batch.ref]
    assert nodes["分批扶持学科"].done.plans == [helped.ref]
    assert len(nodes["学科 122 进阶工程"].done.plans) == 3
    ledger = client.get(nodes["学科 122 进阶工程"].urls["plans"]).content.decode()
    assert "心血管内科进阶" in ledger
    assert "微创外科扶持" in ledger
    by_branch = {
        row.plan.title: row.plan.department
        for row in client.get(reverse("planning:plans")).context["year"].rows
    }
    assert by_branch == {
        "心血管内科进阶": hospital.b_medicine,
        "第一批扶持": hospital.b_medicine,
        "微创外科扶持": hospital.b_surgery,
    }
    made = deployed(cast, hospital, batch, scope="chosen", units=[hospital.b_medicine])
    assert [order.unit for order in made] == [hospital.b_medicine]
    secretary = client_of(cast.secretary)
    page = secretary.get(raised.get_absolute_url()).content.decode()
    assert "内科党支部" in page
    assert "高地学科" in page
    assert len(done_of(raised).lines) == 1
    assert secretary.get(helped.get_absolute_url()).status_code == 404
    assert "微创外科扶持" not in secretary.get(reverse("planning:plans")).content.decode()


def test_an_entry_that_is_worded_anew_keeps_its_plans(cast: Any, hospital: Any, used: Any) -> None:
    old = Aim.objects.get(code="f4243.focus-people")
    plan = drawn(cast, hospital, aim=old)
    section = SECTIONS["planning.frameworks"]
    library = yaml.safe_load(
        (settings.BASE_DIR / "blueprints/common/planning_frameworks.yaml").read_text("utf-8")
    )
    entries: list[Any] = [section.schema.model_validate(each) for each in library[section.name]]
    first = next(entry for entry in entries if entry.code == "f4243")
    first.aims[0].aims[3].title = "聚焦职工关切，办好十件实事"
    assert section.apply(entries, None) == 1
    assert section.apply(entries, None) == 0
    old.refresh_from_db()
    assert old.until == clock.today()
    new = Aim.objects.on(clock.today()).get(code=old.code)
    assert new.title == "聚焦职工关切，办好十件实事"
    from linghang.planning.years import frameworks, year_of

    (framework,) = frameworks(clock.today(), year_of(""), Plan.objects.all())
    node = next(node for node in framework.nodes if node.aim == new)
    assert node.done.plans == [plan.ref]


@pytest.mark.mechanism("S3-18")
def test_what_stands_under_one_framework_is_grouped_anew_by_the_five_new(
    client_of: Any, cast: Any, hospital: Any
) -> None:
    """五新: the same plans and aims seen from another side; each counts once, wherever it stands."""
    put(SYSTEM, FRAMEWORKS, "1457 型、五新型", date(2026, 1, 1))
    talent, warm, climb = (
        Aim.objects.get(code=f"f1457.{code}") for code in ("project-talent", "warm-mdt", "project-climb")
    )
    hire = drawn(cast, hospital, title="引进学科带头人", aim=talent)
    drawn(cast, hospital, title="多学科门诊", aim=warm)
    drawn(cast, hospital, title="申报重点实验室", aim=climb)
    part = drawn(cast, hospital, parent=hire, title="博士招聘", aim=talent, **QUARTER)
    drawn(cast, hospital, title="直接写在五新下", aim=Aim.objects.get(code="fnew.momentum"))
    deployed(cast, hospital, part)
    client = client_of(cast.office)
    page = client.get(reverse("planning:aims"))
    new = next(each for each in page.context["frameworks"] if each.root.title == "五新型")
    counts = {node.aim.title: len(node.done.plans) for node in new.nodes}
    assert counts == {"构建新体系": 1, "引领新趋势": 1, "提升新效能": 0, "激活新动力": 3, "建设新文化": 0}
    momentum = next(node for node in new.nodes if node.aim.title == "激活新动力")
    assert [aim.title for aim in momentum.grouped] == ["人才培养体系", "人才 111 工程"]
    assert "含 人才培养体系、人才 111 工程" in page.content.decode()
    assert len(momentum.done.lines) == 4
    opened = client.get(momentum.urls["plans"]).content.decode()
    for title in ("引进学科带头人", "博士招聘", "直接写在五新下"):
        assert title in opened
    assert "多学科门诊" not in opened
    trend = client.get(next(node for node in new.nodes if node.aim.title == "引领新趋势").urls["plans"])
    assert "申报重点实验室" in trend.content.decode()
    schema, apply = SECTIONS["planning.frameworks"].schema, SECTIONS["planning.frameworks"].apply
    lost = [{"code": "a", "title": "甲", "also": ["nowhere.trend"]}]
    with pytest.raises(ValidationError, match=r"没有：nowhere\.trend"):
        apply([schema.model_validate({"code": "x", "title": "某型", "levels": ["条目"], "aims": lost})], None)


def test_a_framework_deeper_than_its_levels_is_refused() -> None:
    schema = SECTIONS["planning.frameworks"].schema
    aims = [{"code": "a", "title": "甲", "aims": [{"code": "b", "title": "乙"}]}]
    with pytest.raises(ValueError, match="levels 只有 1 级"):
        schema.model_validate({"code": "x", "title": "某型", "levels": ["条目"], "aims": aims})
    twice = [{"code": "a", "title": "甲"}, {"code": "a", "title": "乙"}]
    with pytest.raises(ValueError, match="编码重复：a"):
        schema.model_validate({"code": "x", "title": "某型", "levels": ["条目"], "aims": twice})


# --- plans -----------------------------------------------------------------------------------------------------------


@pytest.mark.mechanism("S4-14")
def test_three_years_are_divided_into_years_and_what_is_done_in_one_counts_for_all(
    client_of: Any, cast: Any, hospital: Any
) -> None:
    three = drawn(cast, hospital, title="三年行动", until=date(2028, 12, 31))
    year = drawn(cast, hospital, parent=three, title="开局之年")
    deployed(cast, hospital, year)
    assert (three.span_words, three.when, year.when) == ("多年计划", "2026 至 2028 年", "2026 年")
    assert len(done_of(three).lines) == len(done_of(year).lines) == 4
    text = client_of(cast.party_secretary).get(three.get_absolute_url()).content.decode()
    assert "开局之年" in text
    assert "0/4" in text
    with pytest.raises(ValidationError, match="上级计划的时间"):
        drawn(cast, hospital, parent=three, since=date(2028, 1, 1), until=date(2029, 1, 31))


@pytest.mark.mechanism("S0-12")
def test_year_quarters_and_the_months_themes_stand_in_one_view(
    client_of: Any, cast: Any, hospital: Any
) -> None:
    year = drawn(cast, hospital)
    quarter = drawn(cast, hospital, parent=year, title="四季度集中整改", **QUARTER)
    making.make_theme(unit=hospital.party, month=OCTOBER, text="清廉从医")
    deployed(cast, hospital, quarter)
    shown = client_of(cast.office).get(reverse("planning:plans"))
    assert [row.plan for row in shown.context["year"].long] == [year]
    last = shown.context["year"].quarters[3]
    assert [row.plan for row in last.rows] == [quarter]
    assert last.months[0].theme.text == "清廉从医"
    assert last.months[0].items == 1
    text = shown.content.decode()
    assert "“清廉从医”" in text
    assert "下达 4 条，办结 0 条" in text
    summary = client_of(cast.office).get(reverse("planning:summary")).content.decode()
    assert "列入月度部署" in summary
    assert "仍在办理" in summary


def test_an_item_comes_from_a_plan_with_one_pick(client_of: Any, cast: Any, hospital: Any) -> None:
    plan = drawn(
        cast, hospital, party="党员带头", business="核心制度落实", until=date(2026, 10, 31), since=OCTOBER
    )
    client = client_of(cast.office)
    month = client.get("/planning/2026-10/").content.decode()
    assert f"/planning/submit/?plan={plan.pk}" in month
    page = client.get(reverse("planning:submit"), {"plan": plan.pk})
    form = page.context["form"]
    assert form.initial["text"] == "提升医疗质量；党建：党员带头；业务：核心制度落实"
    sent = {"plan": plan.pk, "department": hospital.d_office.pk, "month": "2026-10-01", "scope": "all"}
    sent |= {"text": form.initial["text"], "due_on": "2026-10-31"}
    assert client.post(reverse("planning:submit"), sent).status_code == 302
    item = Item.objects.get(plan=plan)
    assert origins(item.ref) == [plan.ref]
    assert item.get_absolute_url() in client.get(plan.get_absolute_url()).content.decode()
    assert plan.get_absolute_url() in client.get(item.get_absolute_url()).content.decode()
    assert f"/planning/submit/?plan={plan.pk}" not in client.get("/planning/2026-10/").content.decode()


@pytest.mark.mechanism("S2-31")
def test_a_branch_has_a_task_of_its_own_that_only_it_gets(client_of: Any, cast: Any, hospital: Any) -> None:
    plan = drawn(cast, hospital, title="组建内科突击队", department=hospital.b_medicine)
    form = client_of(cast.office).get(reverse("planning:submit"), {"plan": plan.pk}).context["form"]
    assert (form.initial["scope"], form.initial["units"]) == ("chosen", [hospital.b_medicine.pk])
    made = deployed(cast, hospital, plan, scope="chosen", units=[hospital.b_medicine])
    assert [order.unit for order in made] == [hospital.b_medicine]
    assert "下达" in client_of(cast.secretary).get(plan.get_absolute_url()).content.decode()
    assert client_of(cast.outsider).get(plan.get_absolute_url()).status_code == 404


@pytest.mark.mechanism("S4-03")
def test_a_project_has_milestones_that_come_up_on_the_desk(cast: Any, hospital: Any) -> None:
    project = drawn(cast, hospital, title="运营样板间", since=date(2026, 8, 1), until=date(2026, 11, 30))
    day = date(2026, 10, 15)
    step = drawn(cast, hospital, parent=project, title="流程上墙", since=day, until=day)
    assert (step.span, step.span_words, step.when) == ("milestone", "节点", "2026-10-15")
    told = FORECASTS["planning"](cast.office, date(2026, 10, 9), date(2026, 10, 20))
    assert [each.title for each in told if "流程上墙" in each.title] == ["节点到期：流程上墙"]


def test_a_meeting_and_its_resolution_are_joined_and_what_came_of_them_counts(
    client_of: Any, cast: Any, hospital: Any
) -> None:
    plan = drawn(cast, hospital)
    meeting = actions.call(cast.office, unit=hospital.party, held_on=date(2026, 10, 9))
    record_planned(meeting, cast.office, resolutions=[ResolutionDraft("清理台账", date(2026, 10, 25))])
    resolution = meeting.resolutions.get()
    client = client_of(cast.office)
    address = reverse("planning:plan_join", args=[plan.pk])
    assert "清理台账" in client.get(address).content.decode()
    assert client.post(address, {"what": resolution.ref}).status_code == 302
    actions.join(plan, cast.office, what=meeting.ref)
    line = making.make_line(order=making.make_order(state="issued", issued_on=clock.today()))
    tie(resolution, line, "origin")
    done = done_of(plan)
    assert (done.meetings, done.resolutions, done.lines) == ([meeting.ref], [resolution.ref], [line.ref])
    with pytest.raises(ValidationError, match="请选择一次会议"):
        actions.join(plan, cast.office, what=line.ref)


def test_a_plan_is_closed_when_nothing_of_it_is_open(cast: Any, hospital: Any) -> None:
    year = drawn(cast, hospital)
    part = drawn(cast, hospital, parent=year, **QUARTER)
    made = deployed(cast, hospital, part)
    with pytest.raises(ValidationError, match="还有 4 条"):
        actions.conclude(part, cast.office)
    Line.objects.filter(order__in=made).update(state="closed", closed_on=clock.today())
    with pytest.raises(ValidationError, match="分解出的计划还有"):
        actions.conclude(year, cast.office)
    actions.conclude(part, cast.office, note="完成")
    actions.conclude(year, cast.office)
    assert (year.state, year.ended_on) == (Plan.State.CLOSED, clock.today())
    with pytest.raises(ValidationError, match="不能再据此报送"):
        deployed(cast, hospital, part)
    with pytest.raises(ValidationError, match="不能再分解"):
        drawn(cast, hospital, parent=year)


def test_a_dropped_plan_says_why_and_is_left_out(client_of: Any, cast: Any, hospital: Any) -> None:
    plan = drawn(cast, hospital)
    assert client_of(cast.office).post(reverse("planning:plan_drop_plan", args=[plan.pk])).status_code == 422
    actions.drop_plan(plan, cast.office, reason="上级另有安排")
    shown = client_of(cast.office).get(reverse("planning:plans"))
    assert shown.context["year"].rows == []
    assert "上级另有安排" in client_of(cast.office).get(plan.get_absolute_url()).content.decode()


def test_departments_draw_their_own_plans_and_no_others(client_of: Any, cast: Any, hospital: Any) -> None:
    own = actions.draw_plan(
        cast.contributor, unit=hospital.party, department=hospital.d_office, title="科室计划", **YEAR
    )
    assert own.state == Plan.State.RUNNING
    with pytest.raises(PermissionDenied):
        actions.draw_plan(
            cast.contributor, unit=hospital.party, department=hospital.d_surgery, title="别人的", **YEAR
        )
    other = drawn(cast, hospital)
    client = client_of(cast.contributor)
    assert client.get(own.get_absolute_url()).status_code == 200
    assert client.get(other.get_absolute_url()).status_code == 404
    assert client.get(reverse("planning:plan_edit_plan", args=[other.pk])).status_code == 404


def test_the_form_of_a_part_offers_the_next_stretch(client_of: Any, cast: Any, hospital: Any) -> None:
    year = drawn(cast, hospital, until=date(2027, 12, 31))
    client, address = client_of(cast.office), f"{reverse('planning:plan_new')}?parent={year.pk}"
    first = client.get(address).context["form"].initial
    assert (first["since"], first["until"]) == (YEAR["since"], YEAR["until"])
    assert client.post(address, {"title": "开局之年", **YEAR}).status_code == 302
    part = Plan.objects.get(parent=year)
    then = client.get(address).context["form"].initial
    assert (then["since"], then["until"]) == (date(2027, 1, 1), date(2027, 12, 31))
    of_part = client.get(f"{reverse('planning:plan_new')}?parent={part.pk}").context["form"].initial
    assert (of_part["since"], of_part["until"]) == (QUARTER["since"], QUARTER["until"])


def test_a_plan_is_changed_but_not_out_of_its_parts(client_of: Any, cast: Any, hospital: Any) -> None:
    plan = drawn(cast, hospital)
    drawn(cast, hospital, parent=plan, **QUARTER)
    client, address = client_of(cast.office), reverse("planning:plan_edit_plan", args=[plan.pk])
    sent = {"title": "改名", "since": "2026-01-01", "until": "2026-11-30"}
    refused = client.post(address, sent)
    assert refused.status_code == 422
    assert "已经分解出的计划超出了这段时间" in refused.content.decode()
    assert client.post(address, sent | {"until": "2026-12-31"}).status_code == 302
    plan.refresh_from_db()
    assert plan.title == "改名"


def test_plans_whose_time_is_over_wait_on_the_desk(cast: Any, hospital: Any, on_day: Any) -> None:
    drawn(cast, hospital, title="九月安排", since=date(2026, 9, 1), until=date(2026, 9, 30))
    assert "计划已到期：九月安排" in [todo.title for todo in OFFERS["planning"](cast.office)]
    assert not [todo for todo in OFFERS["planning"](cast.secretary) if "计划" in todo.title]
    for n in range(4):
        drawn(cast, hospital, title=f"第 {n}", since=date(2026, 9, 1), until=date(2026, 9, 30))
    assert "5 项计划已到期，待小结" in [todo.title for todo in OFFERS["planning"](cast.office)]


def test_plans_are_counted_by_the_day_on_which_they_are_to_be_done(cast: Any, hospital: Any) -> None:
    plan = drawn(cast, hospital, party="甲", business="乙", department=hospital.b_medicine)
    deployed(cast, hospital, plan)
    frame = SOURCES["planning.plans"].frame(date(2026, 12, 1), date(2026, 12, 31))
    assert frame.select("record", "unit", "span", "dual", "deployed").rows() == [
        (plan.pk, hospital.b_medicine.pk, "year", True, True)
    ]


# --- 四同 -------------------------------------------------------------------------------------------------------------


@pytest.mark.mechanism("S1-22")
@pytest.mark.mechanism("S4-21")
def test_what_misses_one_of_the_four_says_which(client_of: Any, cast: Any, hospital: Any) -> None:
    plan = drawn(cast, hospital, party="党员带头")
    client = client_of(cast.office)
    row = client.get(reverse("planning:plans")).context["year"].rows[0]
    assert row.missing == "缺同谋划、同部署、同督察、同考核"
    assert row.four[0].words == "没有写业务一侧"
    wanted = {"title": plan.title, "since": plan.since, "until": plan.until, "party": "党员带头"}
    actions.edit_plan(plan, cast.office, **wanted, business="核心制度落实")
    deployed(cast, hospital, plan)
    making.make_cycle(since=date(2026, 1, 1), until=date(2026, 12, 31))
    tie(Item.objects.get(plan=plan), making.make_round(), "inspection")
    row = client.get(reverse("planning:plans")).context["year"].rows[0]
    assert row.missing == "四同齐全"
    text = client.get(plan.get_absolute_url()).content.decode()
    assert "党建、业务两侧都有安排" in text
    assert "4 条单据事项" in text
    assert "1 项" in text
    assert "1 次检查或问题" in text
    assert "按它计" in text


@pytest.mark.mechanism("S1-22")
def test_an_item_says_which_of_the_four_it_misses(client_of: Any, cast: Any, hospital: Any) -> None:
    plan = drawn(cast, hospital, party="党员带头", business="核心制度落实")
    deployed(cast, hospital, plan)
    client, item = client_of(cast.office), Item.objects.get(plan=plan)
    assert client.get(item.get_absolute_url()).context["missing"] == "缺同督察、同考核"
    making.make_cycle(since=date(2026, 1, 1), until=date(2026, 12, 31))
    tie(item, making.make_round(), "inspection")
    assert client.get(item.get_absolute_url()).context["missing"] == "四同齐全"
    loose = making.make_item(state="accepted", business=True)
    shown = client.get(loose.get_absolute_url())
    assert shown.context["missing"] == "缺同谋划、同部署、同督察、同考核"
    assert "不出自计划" in shown.content.decode()
    assert "四同" not in client.get(making.make_item(state="accepted").get_absolute_url()).content.decode()


@pytest.mark.mechanism("S0-10")
def test_party_and_business_are_deployed_together_and_each_line_says_which_it_is(
    client_of: Any, cast: Any, hospital: Any
) -> None:
    """同部署: a plan bears both sides; a line that is the hospital's business is told apart on sheet and page."""
    plan = drawn(cast, hospital, party="党员带头控费", business="平均住院日下降")
    made = deployed(cast, hospital, plan, text="本月平均住院日压降到位", business=True)
    client = client_of(cast.secretary)
    order = Order.objects.get(pk__in=[one.pk for one in made], unit=hospital.b_medicine)
    order.save()  # issued, it lies with the branch
    page = client.get(order.get_absolute_url()).content.decode()
    assert '本月平均住院日压降到位</a> <span class="quiet">业务</span>' in page
    assert "业务工作" in client.get(order.lines.get().get_absolute_url()).content.decode()
    shown = client_of(cast.office).get(plan.get_absolute_url()).content.decode()
    assert "党员带头控费" in shown
    assert "平均住院日下降" in shown


def test_of_a_plan_without_sides_nothing_is_asked(cast: Any, hospital: Any) -> None:
    plan = drawn(cast, hospital)
    assert missing(four(plan, done_of(plan), "")) == ""


# --- what another module hands over ----------------------------------------------------------------------------------


def test_a_finding_becomes_an_item_and_the_thread_goes_both_ways(
    client_of: Any, cast: Any, hospital: Any
) -> None:
    finding = making.make_finding(confirmed_on=clock.today())
    client = client_of(cast.office)
    address = link("planning.submit", text="各支部对照自查党费收缴", about=finding.ref)
    page = client.get(address)
    assert page.context["form"].initial["text"] == "各支部对照自查党费收缴"
    assert f"起因：{finding}" in page.content.decode()
    sent = {"department": hospital.d_office.pk, "month": "2026-10-01", "scope": "all", "about": finding.ref}
    sent |= {"text": "各支部对照自查党费收缴", "due_on": "2026-10-31"}
    assert client.post(reverse("planning:submit"), sent).status_code == 302
    item = Item.objects.get()
    assert origins(item.ref)[-1] == finding.ref
    assert finding.get_absolute_url() in client.get(item.get_absolute_url()).content.decode()


def test_nobody_names_a_source_out_of_their_reach(client_of: Any, cast: Any, hospital: Any) -> None:
    finding = making.make_finding(confirmed_on=clock.today())
    sent = {"department": hospital.d_office.pk, "month": "2026-10-01", "scope": "all", "about": finding.ref}
    sent |= {"text": "自查", "due_on": "2026-10-31"}
    assert client_of(cast.contributor).post(reverse("planning:submit"), sent).status_code == 422
    assert not Item.objects.exists()


def test_the_meeting_says_what_became_of_each_item(
    client_of: Any, cast: Any, hospital: Any, django_assert_max_num_queries: Any
) -> None:
    item = actions.submit(
        cast.office,
        unit=hospital.party,
        department=hospital.party,
        month=OCTOBER,
        text="开展警示教育",
        due_on=date(2026, 10, 9),
    )
    actions.accept(item, cast.office)
    meeting = actions.call(cast.office, unit=hospital.party, held_on=date(2026, 10, 9))
    record_planned(meeting, cast.office)
    made = actions.deploy_month(cast.office, unit=hospital.party, month=OCTOBER)
    client = client_of(cast.office)
    assert not client.get(meeting.get_absolute_url()).context["outcomes"], "drafts have gone nowhere yet"
    Order.objects.filter(pk__in=[one.pk for one in made]).update(state="issued", issued_on=clock.today())
    Line.objects.filter(order=made[0]).update(state="closed", closed_on=clock.today())
    Line.objects.filter(order=made[1]).update(returns=1)
    tie(item, checking := making.make_round(), "inspection")
    with clock.at(date(2026, 10, 12)):
        with django_assert_max_num_queries(16):
            (told,) = client.get(meeting.get_absolute_url()).context["outcomes"]
        assert (told.title, told.url) == ("开展警示教育", item.get_absolute_url())
        figures = {label: (count, url) for label, count, url in told.figures}
        assert {label: count for label, (count, _) in figures.items()} == {
            "下达": 4,
            "办结": 1,
            "逾期": 3,
            "退回过": 1,
        }
        assert [one.url for one in told.others] == [checking.get_absolute_url()]
        opened = client.get(figures["退回过"][1]).content.decode()
        assert made[1].lines.get().get_absolute_url() in opened
        assert client_of(cast.member).get(figures["退回过"][1]).status_code == 404
