"""Campaigns: a list of problems with measures and sub-measures, one record seen three ways, closed one by one."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from linghang.dispatch import actions as dispatch
from linghang.dispatch.models import Line, Order
from linghang.inspections.actions import campaigns as actions
from linghang.inspections.campaign_blueprint import CampaignKindEntry, apply_campaign_kinds
from linghang.inspections.models.campaigns import Campaign, CampaignKind, Problem, ProblemImport
from linghang.kernel.flow import OwnWork, WrongState, did, steps_for
from linghang.kernel.models import Link
from linghang.kernel.todos import waiting_for
from tests.making import branch, make_finding, somebody, unit

DAY = date(2026, 11, 20)
DUE = date(2026, 12, 20)
HEAD = (
    "序号",
    "问题",
    "整改措施",
    "子措施",
    "责任领导",
    "责任部门",
    "整改党组织",
    "责任人",
    "复核人",
    "完成时限",
)


@pytest.fixture(autouse=True)
def day(on_day: Any) -> Any:
    with on_day(DAY):
        yield


def opened(by: Any, kind: str = "tour", **more: Any) -> Campaign:
    given = {"title": "巡察反馈问题整改", "since": DAY, "until": date(2027, 5, 1), **more}
    return actions.open_campaign(by, kind=CampaignKind.objects.get(code=kind), unit=unit("party"), **given)


def measure(text: str, *children: str) -> dict[str, Any]:
    leaves = [{"text": one, "owner": None, "due_on": ""} for one in children]
    return {"text": text, "owner": None, "due_on": "", "children": leaves}


def listed(by: Any, campaign: Campaign, **more: Any) -> Problem:
    given = {
        "text": "党费收缴台账不全",
        "unit": branch(),
        "owner": somebody("3002"),
        "verifier": somebody("1004"),
        "due_on": DUE,
        "plan": [measure("完善台账", "核对名册", "补登三季度")],
        **more,
    }
    return actions.add_problem(by, campaign=campaign, **given)


def issued(problem: Problem, cast: Any) -> Order:
    """The order of a problem, drafted, checked, signed, issued."""
    actions.order_problem(problem, cast.clerk_office)
    return _issued(problem.order, cast)


def _issued(order: Any, cast: Any) -> Order:
    drafter = cast.office if did(order, cast.office, ["dispatch.draft"]) else cast.clerk_office
    dispatch.check(order, cast.clerk_office if drafter == cast.office else cast.office)
    dispatch.sign(order, cast.office)
    dispatch.issue(order, cast.office)
    return order


def done(order: Order, cast: Any, verifier: Any = None) -> None:
    """Every line handed in by the branch and verified, the sub-measures first."""
    for line in sorted(order.lines.all(), key=lambda line: line.parent_id is None):
        dispatch.report(line, cast.secretary, result="已完成")
        dispatch.verify(line, cast.clerk_office if verifier is None else verifier)


def workbook(*rows: tuple[Any, ...], merged: tuple[str, ...] = ()) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for one in merged:
        book.active.merge_cells(one)
    held = BytesIO()
    book.save(held)
    return held.getvalue()


def uploaded(client: Any, campaign: Campaign, content: bytes) -> ProblemImport:
    file = SimpleUploadedFile("问题清单.xlsx", content)
    answer = client.post(f"/inspections/campaigns/{campaign.pk}/import/", {"file": file})
    assert answer.status_code == 302, answer.content.decode()
    return ProblemImport.objects.latest("pk")


@pytest.mark.mechanism("S0-31")
def test_every_kind_brings_its_phases_and_the_days_are_spread(cast, client_of):
    client = client_of(cast.office)
    given = {"kind": "education", "title": "学习教育", "unit": unit("party").pk}
    answer = client.post(
        "/inspections/campaigns/new/", {**given, "since": "2026-11-01", "until": "2027-02-28", "phases": ""}
    )
    made = Campaign.objects.get()
    assert answer.url == made.get_absolute_url()
    assert [name for name, _, _ in made.phases] == ["学习", "查摆", "整改", "评估"]
    assert (made.phases[0][1], made.phases[-1][2]) == ("2026-11-01", "2027-02-28")
    page = client.get(answer.url).content.decode()
    assert "学习教育" in page
    assert "查摆" in page
    assert "主题教育" in page
    titles = set(CampaignKind.objects.values_list("title", flat=True))
    assert {"巡察整改", "集中整治", "专项行动", "主题教育", "三个以案专题活动"} <= titles


@pytest.mark.mechanism("S2-34")
def test_a_hospital_names_its_own_drives_in_its_blueprint(cast, client_of):
    own = CampaignKindEntry(code="six", title="六个专项行动之一", phases=["自查", "整改"])
    assert apply_campaign_kinds([own], None) == 1
    assert apply_campaign_kinds([own], None) == 0
    assert "六个专项行动之一" in client_of(cast.office).get("/inspections/campaigns/new/").content.decode()
    made = opened(cast.office, "six", title="规范收费专项")
    assert (
        "规范收费专项"
        in client_of(cast.office).get("/inspections/campaigns/", {"kind": "six"}).content.decode()
    )
    assert (
        made.get_absolute_url()
        not in client_of(cast.office).get("/inspections/campaigns/?kind=tour").content.decode()
    )


def test_phases_that_cannot_be_read_are_said_at_their_field(cast, client_of):
    made = opened(cast.office)
    given = {"title": made.title, "since": "2026-11-01", "until": "2027-02-28", "phases": "学习 2026-13-01"}
    answer = client_of(cast.office).post(f"/inspections/campaigns/{made.pk}/edit-campaign/", given)
    assert answer.status_code == 422
    assert "看不懂" in answer.content.decode()


def test_a_branch_opens_no_campaign_and_lists_no_problem(cast):
    with pytest.raises(PermissionDenied):
        opened(cast.secretary)
    with pytest.raises(PermissionDenied):
        listed(cast.secretary, opened(cast.office))


def test_a_problem_is_written_changed_ordered_and_left_out_on_its_pages(cast, client_of):
    campaign, client = opened(cast.office), client_of(cast.office)
    given = {"text": "台账不全", "unit": branch().pk, "verifier": cast.inspector.pk, "due_on": "2026-12-20"}
    plan = "完善台账\n- 核对名册\n－ 补登三季度\n公示一次"
    answer = client.post(f"/inspections/campaigns/{campaign.pk}/problems/new/", {**given, "plan": plan})
    made = campaign.problems.get()
    assert answer.url == made.get_absolute_url()
    assert [(one["text"], len(one["children"])) for one in made.plan] == [("完善台账", 2), ("公示一次", 0)]
    assert made.owner == cast.secretary  # whoever leads the branch, where nobody else was named
    edit = client.get(f"{answer.url}edit-problem/").content.decode()
    assert "- 补登三季度" in edit
    both = {**given, "plan": "完善台账", "owner": cast.secretary.pk}
    assert (
        client.post(f"{answer.url}edit-problem/", both | {"verifier": cast.secretary.pk}).status_code == 422
    )
    assert client.post(f"{answer.url}edit-problem/", both | {"plan": "长" * 301}).status_code == 422
    client.post(f"{answer.url}edit-problem/", both)
    made.refresh_from_db()
    assert [one["text"] for one in made.plan] == ["完善台账"]
    client.post(f"{answer.url}order-problem/")
    done(_issued(made.order, cast), cast, verifier=cast.inspector)
    client.post(f"{answer.url}recheck/", {"held": "yes", "note": "现场看过"})
    assert "回头看已巩固" in client.get(answer.url).content.decode()
    other = listed(cast.office, campaign, text="不属实的问题")
    client.post(f"{other.get_absolute_url()}drop-problem/", {"reason": "核实不属实"})
    client.post(f"{campaign.get_absolute_url()}close-campaign/", {"note": ""})
    campaign.refresh_from_db()
    assert campaign.state == "closed"


@pytest.mark.mechanism("S2-26", "S2-27")
def test_a_problem_becomes_an_order_whose_lines_are_its_measures(cast):
    problem = listed(cast.office, opened(cast.office))
    actions.order_problem(problem, cast.clerk_office)
    order = problem.order
    assert (order.kind, order.unit, order.about) == ("rectification", branch(), problem.ref)
    top, *children = order.lines.all()
    assert (top.text, [one.text for one in children]) == ("完善台账", ["核对名册", "补登三季度"])
    assert {one.parent for one in children} == {top}
    assert {one.verifier for one in order.lines.all()} == {cast.clerk_office}
    with pytest.raises(WrongState):
        actions.order_problem(problem, cast.clerk_office)


def test_an_order_wants_measure_owner_verifier_and_deadline(cast):
    problem = listed(cast.office, opened(cast.office), owner=None, verifier=None, due_on=None, plan=[])
    with pytest.raises(ValidationError, match="措施、复核人"):
        actions.order_problem(problem, cast.clerk_office)


@pytest.mark.mechanism("S2-27")
def test_it_is_closed_by_another_than_who_put_it_right(cast):
    problem = listed(cast.office, opened(cast.office))
    order = issued(problem, cast)
    child = order.lines.exclude(parent=None).first()
    dispatch.report(child, cast.secretary, result="已核对")
    with pytest.raises(PermissionDenied):
        dispatch.verify(child, cast.secretary)
    dispatch.return_line(child, cast.clerk_office, reason="缺两人")
    done(order, cast)
    found = Problem.objects.with_order().get()
    assert (found.status, found.order_closed) == ("已销号", DAY)
    with pytest.raises(ValidationError, match="复核人不能是整改责任人"):
        listed(cast.office, problem.campaign, text="另一个", verifier=somebody("3002"))


def test_a_campaign_ends_when_nothing_is_left(cast):
    campaign = opened(cast.office)
    problem = listed(cast.office, campaign)
    with pytest.raises(ValidationError, match="还有 1 个问题没有销号"):
        actions.close_campaign(campaign, cast.office)
    actions.drop_problem(problem, cast.office, reason="不属于本院")
    actions.close_campaign(campaign, cast.office)
    assert campaign.state == "closed"
    with pytest.raises(ValidationError, match="专项已结束"):
        listed(cast.office, campaign)


def test_a_campaign_whose_last_day_is_over_says_what_is_left(cast, client_of, on_day):
    campaign = opened(cast.office)
    listed(cast.office, campaign)
    page = campaign.get_absolute_url()
    assert "还有问题没有销号" not in client_of(cast.office).get(page).content.decode()
    with on_day(date(2027, 5, 2)):
        assert "结束日期 2027-05-01 已过" in client_of(cast.office).get(page).content.decode()


@pytest.mark.mechanism("S2-27")
def test_months_later_somebody_looks_again_and_what_came_back_is_put_right_anew(cast, on_day):
    problem = listed(cast.office, opened(cast.office, until=date(2027, 12, 31)))
    order = issued(problem, cast)
    done(order, cast)
    assert not [t for t in waiting_for(somebody("1003")) if "回头看" in t.title]
    with on_day(date(2027, 5, 21)):
        assert [t.title for t in waiting_for(somebody("1003")) if t.glyph == "专"] == ["1 个专项问题待回头看"]
        problem.refresh_from_db()
        actions.recheck(problem, cast.office, held=False, note="又缺两个月")
        again = Problem.objects.with_order().get()
        assert (again.status, again.repeat, again.order) == ("反弹，待重新整改", True, None)
        assert [t.title for t in waiting_for(somebody("1003")) if t.glyph == "专"] == [
            "1 个专项问题待发整改单"
        ]
        actions.order_problem(again, cast.clerk_office)
        assert again.order != order
        assert Problem.objects.with_order().get().status == "整改单拟稿"


def test_what_stays_right_is_noted_and_asked_no_more(cast, on_day):
    problem = listed(cast.office, opened(cast.office))
    done(issued(problem, cast), cast)
    with on_day(date(2027, 6, 1)):
        problem.refresh_from_db()
        actions.recheck(problem, cast.office, held=True)
        assert Problem.objects.with_order().get().status == "回头看已巩固"
        assert not [t for t in waiting_for(somebody("1003")) if t.glyph == "专"]


def test_what_an_inspection_found_at_the_branch_before_is_recognised(cast):
    finding = make_finding(text="党费收缴台账不完整", found_on=DAY - timedelta(days=60))
    problem = listed(cast.office, opened(cast.office), text="党费收缴台账不全")
    other = listed(cast.office, problem.campaign, text="会议记录本未编页码")
    elsewhere = listed(cast.office, problem.campaign, text="党费收缴台账不够完整", unit=unit("b-surgery"))
    assert (problem.repeat, other.repeat, elsewhere.repeat) == (True, False, False)
    assert Link.objects.get(kind=actions.REPEAT).source == finding.ref


@pytest.mark.mechanism("S2-26", "S2-27")
def test_33_problems_99_measures_and_165_parts_come_from_a_sheet_and_stand_on_one_page(
    cast, client_of, django_assert_max_num_queries
):
    rows, merged, at = [("某某医院巡察整改问题清单",), HEAD], [], 3
    for n in range(1, 34):
        begins = at
        for m in range(1, 4):
            top = at
            for k in range(1, 3 if m < 3 else 2):
                told = (
                    n,
                    f"第{n}类问题表现突出",
                    f"措施{n}之{m}",
                    f"细项{n}之{m}之{k}",
                    "孙国维",
                    "内科",
                    None,
                    "王蕾",
                    "李静",
                )
                rows.append((*told, "2026年12月底前" if n == 1 else "2027-1-15"))
                at += 1
            if at - top > 1:
                merged.append(f"C{top}:C{at - 1}")
        merged += [f"{column}{begins}:{column}{at - 1}" for column in "AB"]
    campaign = opened(cast.office)
    client = client_of(cast.office)
    made = uploaded(client, campaign, workbook(*rows, merged=tuple(merged)))
    outcomes = [row["outcome"] for row in made.outcome["rows"]]
    assert (len(outcomes), outcomes.count("imported"), outcomes.count("merged")) == (165, 33, 132)
    client.post(f"/inspections/problemimports/{made.pk}/confirm-problems/")
    assert campaign.problems.count() == 33
    first = campaign.problems.get(number=2)
    assert (first.unit, first.leader, first.owner) == (branch(), cast.leader, cast.clerk)
    assert [len(one["children"]) for one in first.plan] == [2, 2, 1]
    assert (first.due_on, campaign.problems.get(number=1).due_on) == (date(2027, 1, 15), date(2026, 12, 31))
    with django_assert_max_num_queries(15):
        page = client.get(campaign.get_absolute_url()).content.decode()
    assert "问题 33（销号 0）· 措施 99 · 子措施 165" in page
    client.post("/inspections/problems/orders/", {"row": [p.pk for p in campaign.problems.all()[:3]]})
    assert Line.objects.filter(order__about__startswith="inspections.problem:").count() == 3 * 8
    refused = client.post(f"/inspections/problemimports/{made.pk}/undo-problems/", follow=True)
    assert "不能撤销" in refused.content.decode()
    assert campaign.problems.count() == 33


def test_where_the_list_names_nobody_the_head_puts_it_right_and_one_is_named_who_verifies(cast, client_of):
    campaign = opened(cast.office)
    content = workbook(
        ("问题", "整改措施", "责任部门", "完成时限"), ("台账不全", "补齐台账", "内科", "2026-12-01")
    )
    file = SimpleUploadedFile("清单.xlsx", content)
    given = {"file": file, "verifier": cast.inspector.pk}
    preview = client_of(cast.office).post(f"/inspections/campaigns/{campaign.pk}/import/", given)
    client_of(cast.office).post(f"{preview.url}confirm-problems/")
    found = campaign.problems.get()
    assert (found.unit, found.owner, found.verifier) == (branch(), cast.secretary, cast.inspector)
    assert actions.missing(found) == []


def test_rows_that_cannot_be_placed_are_refused_with_reason_and_remedy(cast, client_of):
    campaign = opened(cast.office)
    listed(cast.office, campaign, text="已有的问题")
    content = workbook(
        HEAD,
        (1, "设备管理松散", "清点设备", None, None, "设备科", None, None, None, "长期坚持"),
        (None, None, "签订责任书", None, None, None, None, None, None, None),
        (2, "已有的问题", "再整改", None, None, "内科", None, None, None, None),
        (3, "会议记录不全", "补记", None, None, None, "内科党支部", "王蕾", "王蕾", "长期坚持"),
    )
    made = uploaded(client_of(cast.office), campaign, content)
    told = made.outcome["rows"]
    assert [row["outcome"] for row in told] == ["refused", "refused", "refused", "imported"]
    assert "设备科" in told[0]["faults"][0][0]
    assert "没有导入" in told[1]["faults"][0][0]
    assert "第 1 号已有同样的问题" in told[2]["faults"][0][0]
    assert [why for why, _ in told[3]["cautions"]] == ["复核人就是责任人", "期限“长期坚持”不是日期"]
    client_of(cast.office).post(f"/inspections/problemimports/{made.pk}/confirm-problems/")
    client_of(cast.office).post(f"/inspections/problemimports/{made.pk}/undo-problems/")
    assert list(campaign.problems.values_list("text", flat=True)) == ["已有的问题"]


@pytest.mark.mechanism("S2-27")
def test_one_record_is_seen_as_problems_tasks_and_who_answers(cast, client_of):
    campaign = opened(cast.office)
    problem = listed(cast.office, campaign, leader=cast.leader, department=unit("d-medicine"))
    listed(cast.office, campaign, text="外科的问题", unit=unit("b-surgery"), owner=somebody("4002"))
    issued(problem, cast)
    client = client_of(cast.office)
    home = campaign.get_absolute_url()
    assert "完善台账" in client.get(home).content.decode()
    tasks = client.get(f"{home}tasks/").content.decode()
    assert "补登三季度" in tasks
    assert "外科的问题" not in tasks
    for by, name in (("unit", "外科党支部"), ("leader", "孙国维"), ("department", "内科")):
        assert name in client.get(f"{home}duty/", {"by": by}).content.decode()
    for number, aspect in enumerate(("收费公示", "服务流程", "收费公示"), 1):
        listed(cast.office, campaign, text=f"堵点 {number}", aspect=aspect)
    by_aspect = client.get(f"{home}duty/", {"by": "aspect"}).context["plots"]
    assert [(plot.name, plot.problems) for plot, _ in by_aspect] == [("收费公示", 2), ("服务流程", 1)]
    narrowed = client.get(by_aspect[0][1]).content.decode()
    assert "堵点 3" in narrowed
    assert "堵点 2" not in narrowed
    only = client.get(home, {"leader": cast.leader.pk}).content.decode()
    assert "党费收缴台账不全" in only
    assert "外科的问题" not in only
    assert "外科的问题" in client.get(home, {"state": "open"}).content.decode()
    assert client.get(home, {"export": 1}).headers["Content-Type"].endswith("sheet")


def test_a_branch_sees_its_own_problems_and_no_others(cast, client_of):
    campaign = opened(cast.office)
    own = listed(cast.office, campaign)
    other = listed(cast.office, campaign, text="外科的问题", unit=unit("b-surgery"), owner=somebody("4002"))
    client = client_of(cast.secretary)
    every = client.get("/inspections/problems/", {"state": "open"}).content.decode()
    assert own.text in every
    assert other.text not in every
    page = client.get(campaign.get_absolute_url())
    assert (page.context["count"].problems, len(page.context["trees"])) == (1, 1)
    assert [label for _, label in dict(page.context["filters"][2])["choices"]] == [own.unit.name]
    assert own.text in page.content.decode()
    assert other.text not in page.content.decode()
    assert client.get(own.get_absolute_url()).status_code == 200
    assert client.get(other.get_absolute_url()).status_code == 404
    assert steps_for(own, somebody("3001")) == []


def test_a_branch_finds_the_campaigns_that_concern_it(cast, client_of):
    """Those that found something in it, and those that have found nothing anywhere yet; the office finds all."""
    ours, theirs = opened(cast.office), opened(cast.office, title="外科的专项")
    studying = opened(cast.office, "education", title="学习教育")
    listed(cast.office, ours)
    listed(cast.office, theirs, text="外科的问题", unit=unit("b-surgery"), owner=somebody("4002"))

    def found(person):
        page = client_of(person).get("/inspections/campaigns/").content.decode()
        return {one for one in (ours, theirs, studying) if one.get_absolute_url() in page}

    assert found(cast.secretary) == {ours, studying}
    assert found(cast.outsider) == {theirs, studying}
    assert found(cast.office) == found(cast.leader) == {ours, theirs, studying}


@pytest.mark.mechanism("S2-27")
def test_a_problem_is_offered_to_units_alike_for_their_next_reminder(cast, client_of):
    problem = listed(cast.office, opened(cast.office))
    page = client_of(cast.office).get(problem.get_absolute_url())
    way = page.context["spread"]
    assert way.startswith("/planning/")
    assert f"units={unit('b-surgery').pk}" in way
    assert f"units={branch().pk}" not in way
    form = client_of(cast.office).get(way).content.decode()
    assert "举一反三：对照“党费收缴台账不全”" in form


def test_nobody_looks_again_at_what_they_put_right_themselves(cast):
    problem = listed(cast.office, opened(cast.office), owner=cast.clerk_office, verifier=cast.inspector)
    done(issued(problem, cast), cast, verifier=cast.inspector)
    problem.refresh_from_db()
    with pytest.raises((OwnWork, ValidationError), match="不能对自己"):
        actions.recheck(problem, cast.clerk_office, held=True)
