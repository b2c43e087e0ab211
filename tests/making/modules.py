"""One record of each kind of the modules."""

from datetime import date, timedelta
from typing import Any

from linghang.kernel import clock
from linghang.org.models import Post
from tests.making.people import Makers, branch, model, somebody, unit
from tests.making.work import make_meeting


def make_item(**more: Any) -> Any:
    """An item that 内科 handed in for this month's deployment meeting of the 党委."""
    today = clock.today()
    given = {"unit": unit("party"), "department": unit("d-medicine"), "month": today.replace(day=1), **more}
    return model("planning.Item").objects.create(**{"text": "开展警示教育", "due_on": today, **given})


def make_topic(**more: Any) -> Any:
    """A topic on equipment that 内科 put up and 孙国维, in charge of it, is to approve."""
    matters = model("decisions.Matter").objects
    today, matter = clock.today(), more.pop("matter", "equipment")
    given = {"unit": unit("party"), "department": unit("d-medicine"), "branch": branch(), **more}
    given = {"leader": somebody("1002"), "proposer": somebody("1006"), "title": "购置磁共振", **given}
    if given.get("state") in ("listed", "decided"):
        given.setdefault("sitting", make_meeting(unit=given["unit"], kind="committee"))
    return model("decisions.Topic").objects.create(
        **{"matter": matters.get(pk=matter), "month": today.replace(day=1), **given}
    )


def make_force(**more: Any) -> Any:
    """A task force on weighty work that the secretary leads alone."""
    given = {"unit": unit("party"), "title": "学科建设领导小组", "since": clock.today(), **more}
    return model("decisions.TaskForce").objects.create(**{"lead": somebody("1001"), **given})


def make_aim(**more: Any) -> Any:
    """An entry of a framework of two levels."""
    aims = model("planning.Aim").objects
    given = {"framework": "f", "since": date(2020, 1, 1)}
    aims.get_or_create(
        code="f", since=given["since"], defaults={**given, "title": "试用型", "levels": ["条目"]}
    )
    wanted = {**given, "code": "f.quality", "above": "f", "title": "医疗质量", "depth": 1, "place": 1, **more}
    return aims.get_or_create(code=wanted.pop("code"), since=wanted.pop("since"), defaults=wanted)[0]


def make_plan(**more: Any) -> Any:
    """This year's plan of the 党委, for which 内科党支部 answers."""
    year, parent = clock.today().year, more.get("parent")
    given = {"unit": unit("party"), "department": branch(), "title": "提升医疗质量", **more}
    given = {"since": date(year, 1, 1), "until": date(year, 12, 31), **given}
    made = model("planning.Plan").objects.create(**given)
    made.path = f"{parent.path if parent else '/'}{made.pk}/"
    made.save()
    return made


def make_pledge(**more: Any) -> Any:
    """The list of duties of the branch's secretary for this year, not signed yet."""
    post = more.pop("post", None) or Post.objects.get(person__staff_number="3001")
    way = {
        "source": "activities.meetings",
        "words": "讲党课",
        "unit": "次",
        "by": "person",
        "where": {"kind": ["lesson"]},
    }
    said = {"part_of": "five", "code": "members", "heading": "书记五项领导职责", "title": "抓党员教育管理"}
    charges = [{**said, "basis": "", "inhouse": True, "shown_by": [way]}]
    given = {"post": post, "person": post.person, "year": clock.today().year, "charges": charges, **more}
    known = {name: given.pop(name) for name in ("post", "year")}
    return model("planning.Pledge").objects.update_or_create(**known, defaults=given)[0]


def make_research(**more: Any) -> Any:
    given = {"unit": unit("party"), "title": "透析床位不足", "lead": somebody("1001"), **more}
    return model("decisions.Research").objects.create(**given)


def make_round(**more: Any) -> Any:
    """A running cross inspection, arranged by what stands above 内科党支部."""
    today, lists = clock.today(), model("inspections.Checklist").objects
    checklist = lists.first() or lists.create(code="x", title="检查表", since=date(2020, 1, 1))
    given = {
        "title": "交叉互查",
        "method": "cross",
        "checklist": checklist,
        "unit": branch().parent,
        "state": "open",
        **more,
    }
    days = {"since": today, "until": today, "period_since": today, "period_until": today}
    return model("inspections.Round").objects.create(**{**days, **given})


def make_check(**more: Any) -> Any:
    given = {"unit": branch(), "state": "entered", "held_on": clock.today(), **more}
    return model("inspections.Check").objects.create(round=given.pop("round", None) or make_round(), **given)


def make_finding(**more: Any) -> Any:
    given = {"text": "记录不全", "weight": "deadline", "found_on": clock.today(), **more}
    return model("inspections.Finding").objects.create(
        inspection=given.pop("inspection", None) or make_check(state="confirmed"), **given
    )


def make_campaign(**more: Any) -> Any:
    """巡察整改 that the 党委 runs for half a year."""
    today, kinds = clock.today(), model("inspections.CampaignKind").objects
    given = {"title": "巡察整改", "unit": unit("party"), "since": today, "until": today + timedelta(days=180)}
    kind = more.pop("kind", None) or kinds.first() or kinds.create(code="x", title="专项行动")
    return model("inspections.Campaign").objects.create(kind=kind, **{**given, **more})


def make_problem(**more: Any) -> Any:
    """A problem of the branch with one measure, for which no order has been drafted."""
    campaign = more.pop("campaign", None) or make_campaign()
    given = {"text": "台账不全", "unit": branch(), "owner": somebody("3004"), "verifier": somebody("1005")}
    given |= {"due_on": clock.today(), "plan": [{"text": "补齐台账", "owner": None, "due_on": ""}], **more}
    number = campaign.problems.count() + 1
    return model("inspections.Problem").objects.create(campaign=campaign, number=number, **given)


def make_problemimport(**more: Any) -> Any:
    campaign = more.pop("campaign", None) or make_campaign()
    given = {"name": "问题清单.xlsx", "outcome": {"problems": [], "rows": []}, **more}
    return model("inspections.ProblemImport").objects.create(campaign=campaign, **given)


def make_policy(**more: Any) -> Any:
    """A rule in force without an owner, to be reviewed today."""
    given = {"title": "会诊制度", "category": "医疗核心", "review_on": clock.today(), **more}
    return model("policies.Policy").objects.create(**given)


def make_policyimport(**more: Any) -> Any:
    given = {"name": "制度目录.xlsx", "digest": "0" * 64, "journal": {"made": [], "changed": []}, **more}
    return model("policies.PolicyImport").objects.create(**given)


def make_conflict(**more: Any) -> Any:
    """吴纪明 stays away from 内科党支部."""
    given = {"person": somebody("1005"), "unit": branch(), "kind": "kin", "since": date(2026, 1, 1), **more}
    return model("inspections.Conflict").objects.create(**given)


def make_inspectionplan(**more: Any) -> Any:
    """What stands above 内科党支部 means to inspect this year: one round, not filed yet."""
    given = {"unit": branch().parent, "year": clock.today().year, **more}
    made = model("inspections.Plan").objects.create(**given)
    made.lines.create(month=9, method="committee", checklist=model("inspections.Checklist").objects.first())
    return made


def make_duty(**more: Any) -> Any:
    given = {"code": "extra", "title": "另一项职责", "since": date(2020, 1, 1), **more}
    return model("compliance.Duty").objects.create(**given)


def make_waiver(**more: Any) -> Any:
    given = {
        "unit": branch(),
        "duty": "assembly",
        "since": date(2026, 1, 1),
        "until": date(2026, 3, 31),
        **more,
    }
    return model("compliance.Waiver").objects.create(**{"reason": "新建", "by_name": "陈岚", **given})


def make_scheme(**more: Any) -> Any:
    schemes = model("assessment.Scheme").objects
    return (
        schemes.create(**more)
        if more
        else schemes.first()
        or schemes.create(code="x", title="考核方案", definition={}, since=date(2020, 1, 1))
    )


def make_cycle(**more: Any) -> Any:
    year = clock.today().year
    given = {
        "unit": unit("party"),
        "title": f"{year} 年度",
        "since": date(year, 1, 1),
        "until": date(year, 12, 31),
        **more,
    }
    known = model("assessment.Cycle").objects.filter(unit=given["unit"], title=given["title"]).first()
    return known or model("assessment.Cycle").objects.create(
        scheme=given.pop("scheme", None) or make_scheme(), **given
    )


def make_run(**more: Any) -> Any:
    cycle = more.pop("cycle", None) or make_cycle()
    given = {
        "number": cycle.runs.count() + 1,
        "as_of": clock.today(),
        "by_name": "陈岚",
        "digest": "0" * 64,
        **more,
    }
    made = model("assessment.Run").objects.create(cycle=cycle, **given)
    model("assessment.Cycle").objects.filter(pk=cycle.pk).update(run=made)
    cycle.run = made
    return made


def make_score(**more: Any) -> Any:
    given = {
        "unit": branch(),
        "code": "1.1",
        "name": "三会一课",
        "section": "items",
        "full": 10,
        "points": 9,
        **more,
    }
    return model("assessment.Score").objects.create(
        run=given.pop("run", None) or make_published().run, **{"status": "known", **given}
    )


def make_published(**more: Any) -> Any:
    """A cycle whose list is published and that takes objections; seen by the branches, unlike one that is running."""
    today = clock.today()
    days = {"published_on": today, "objections_until": today + timedelta(days=5)}
    cycle = make_cycle(**{"title": "公示中的周期", "state": "published", **days, **more})
    return cycle if cycle.run_id else make_run(cycle=cycle).cycle


def make_rating(**more: Any) -> Any:
    cycle = more.pop("cycle", None) or make_published()
    given = {"unit": branch(), "status": "known", "confirmed": "合格", **more}
    found, _ = model("assessment.Rating").objects.get_or_create(
        cycle=cycle, unit=given.pop("unit"), defaults=given
    )
    return found


def make_mark(**more: Any) -> Any:
    cycle = more.pop("cycle", None) or make_cycle()
    given = {"unit": branch(), "code": "1.1", "value": 5, "by_name": "陈岚", **more}
    return model("assessment.Mark").objects.create(cycle=cycle, **given)


def make_markimport(**more: Any) -> Any:
    """A sheet that gives the branch four points for 意识形态与宣传阵地."""
    cycle = more.pop("cycle", None) or make_cycle()
    told = {"unit": branch().pk, "branch": branch().name, "code": "A3", "item": "意识形态与宣传阵地"}
    outcome = {"changes": [{**told, "was": "", "now": "4"}], "refused": [], "same": 0, "unread": []}
    given = {"name": "评分表.xlsx", "outcome": outcome, **more}
    return model("assessment.MarkImport").objects.create(cycle=cycle, **given)


def make_objection(**more: Any) -> Any:
    rating = more.pop("rating", None) or make_rating()
    return model("assessment.Objection").objects.create(
        rating=rating, **{"text": "漏计一次", "by_name": "周明", **more}
    )


def make_digest(**more: Any) -> Any:
    return model("compliance.Digest").objects.create(**{"person": somebody("3001"), **more})


MAKERS: Makers = {
    "planning.Item": make_item,
    "planning.Aim": make_aim,
    "planning.Plan": make_plan,
    "planning.Pledge": make_pledge,
    "decisions.Topic": make_topic,
    "decisions.TaskForce": make_force,
    "decisions.Research": make_research,
    "inspections.Round": make_round,
    "inspections.Check": make_check,
    "inspections.Finding": make_finding,
    "inspections.Conflict": make_conflict,
    "inspections.Plan": make_inspectionplan,
    "inspections.Campaign": make_campaign,
    "inspections.Problem": make_problem,
    "inspections.ProblemImport": make_problemimport,
    "policies.Policy": make_policy,
    "policies.PolicyImport": make_policyimport,
    "compliance.Duty": make_duty,
    "compliance.Waiver": make_waiver,
    "compliance.Digest": make_digest,
    "assessment.Scheme": make_scheme,
    "assessment.Cycle": make_cycle,
    "assessment.Run": make_run,
    "assessment.Score": make_score,
    "assessment.Rating": make_rating,
    "assessment.Mark": make_mark,
    "assessment.MarkImport": make_markimport,
    "assessment.Objection": make_objection,
}
