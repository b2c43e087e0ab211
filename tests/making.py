"""Plain functions that make one record of each kind, by default in 内科党支部. Written straight to the tables: what the
verbs do has its own tests, and a record in a certain state is quicker made than played."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.files.base import ContentFile

from linghang.kernel import clock
from linghang.kernel.access import SYSTEM
from linghang.kernel.flow import VERBS
from linghang.kernel.models import Job, Notice, Trail
from linghang.org.models import Coverage, Grant, Import, Membership, Person, Post, Role, Unit, User


def unit(code: str) -> Unit:
    """A unit of the tiny hospital by its code."""
    return Unit.objects.get(code=code)


def branch() -> Unit:
    """内科党支部, where everything is made unless another place is given."""
    return unit("b-medicine")


def somebody(number: str) -> Person:
    """A person of the tiny hospital, read afresh: posts and rights are loaded once for each copy."""
    return Person.objects.select_related("branch", "department").get(staff_number=number)


def afresh(person: Person) -> Person:
    """The same person as the next request would load them."""
    return Person.objects.select_related("branch", "department").get(pk=person.pk)


def model(label: str) -> Any:
    return apps.get_model(label)


# --- organisation ----------------------------------------------------------------------------------------------------


def make_unit(**more: Any) -> Unit:
    """One more branch beside 内科党支部."""
    parent = more.pop("parent", None) or branch().parent
    given = {
        "code": "b-new",
        "name": "新建党支部",
        "kind": Unit.Kind.BRANCH,
        "since": date(2021, 1, 1),
        **more,
    }
    made = Unit.objects.create(parent=parent, **given)
    made.path = f"{parent.path}{made.pk:05}/"
    made.save()
    made.placements.create(parent=parent, since=made.since)
    return made


def make_person(
    number: str = "7001", *, home: Unit | None = None, account: bool = False, **more: Any
) -> Person:
    """A full member of the branch; without a branch when `branch=None` is given."""
    place = more.pop("branch", branch())
    made = Person.objects.create(
        staff_number=number, name=more.pop("name", "甲乙"), branch=place, department=home, **more
    )
    if place is not None:
        Membership.objects.create(person=made, branch=place, status="full", since=date(2020, 1, 1))
    if account:
        User.objects.create_user(username=number, person=made)
    return made


def make_post(person: Person, role: str, place: Unit | None = None, **more: Any) -> Post:
    """A post that began long ago and has no end."""
    given = {"since": date(2020, 1, 1), **more}
    return Post.objects.create(
        person=person, unit=place or branch(), role=Role.objects.get(code=role), **given
    )


def make_grant(role: str, verb: str, extent: str = "unit", **more: Any) -> Grant:
    """Let a role do a verb; the verb need not be one of the product's."""
    VERBS.setdefault(verb, verb)
    return Grant.objects.create(role_id=role, verb=verb, extent=extent, **{"since": date(2020, 1, 1), **more})


def make_coverage(place: Unit, department: Unit, **more: Any) -> Coverage:
    return Coverage.objects.create(branch=place, department=department, **{"since": date(2020, 1, 1), **more})


def make_import(**more: Any) -> Import:
    """A real register of members, uploaded and previewed; it wants another state only when that is said."""
    from linghang.org.imports import import_roster

    sample = settings.BASE_DIR / "linghang/org/tests/samples/roster-small.xlsx"
    place = more.pop("unit", None) or branch()
    made = import_roster(SYSTEM, content=sample.read_bytes(), name="名册.xlsx", unit=place)
    Import.objects.filter(pk=made.pk).update(**more)
    made.refresh_from_db()
    return made


def make_trail(**more: Any) -> Trail:
    given = {"actor": "system", "actor_name": "系统", "verb": "org.add_unit", "label": "新增单位", **more}
    return Trail.objects.create(**{"subject": branch().ref, "subject_name": "内科党支部", **given})


def make_notice(to: Person, **more: Any) -> Notice:
    return Notice.objects.create(to=to.ref, **{"text": "您有新的提示单", "about": branch().ref, **more})


def make_job(owner: Person, **more: Any) -> Job:
    return Job.objects.create(owner=owner.ref, **{"title": "导入名册", "state": Job.State.DONE, **more})


# --- members ---------------------------------------------------------------------------------------------------------


def make_milestone(**more: Any) -> Any:
    """Somebody without a branch, on the staff of 内科, has become an activist."""
    person = more.pop("person", None) or make_person("7601", branch=None, home=unit("d-medicine"))
    given = {"unit": branch(), "kind": "activist", "on": date(2026, 3, 1), **more}
    return model("org.Milestone").objects.create(person=person, **given)


def make_spell(**more: Any) -> Any:
    """何员 of the branch, away since March."""
    given = {"unit": branch(), "kind": "floating", "since": date(2026, 3, 1), "place": "abroad", **more}
    return model("org.Spell").objects.create(person=given.pop("person", None) or somebody("3004"), **given)


def make_transfer(**more: Any) -> Any:
    """何员 is on the way from the branch to an organisation outside."""
    given = {"source": branch(), "outside": "市卫生健康委机关党委", "out_on": date(2026, 9, 1), **more}
    return model("org.Transfer").objects.create(person=given.pop("person", None) or somebody("3004"), **given)


def make_duesimport(**more: Any) -> Any:
    """A sheet of the branch that says that 何员 has paid for September."""
    entry = {
        "row": 2,
        "name": "何员",
        "person": somebody("3004").pk,
        "month": "2026-09-01",
        "paid": True,
        "fault": "",
    }
    given = {"unit": branch(), "name": "党费.xlsx", "outcome": [entry], **more}
    return model("org.DuesImport").objects.create(**given)


# --- posts -----------------------------------------------------------------------------------------------------------


def make_term(**more: Any) -> Any:
    """内科党支部 was elected two years ago."""
    given = {"unit": branch(), "elected_on": date(2024, 10, 1), **more}
    return model("org.Term").objects.create(**given)


def make_handover(**more: Any) -> Any:
    """周明 is to hand the branch over to 王蕾."""
    given = {"unit": branch(), "role_id": "secretary", "giver": somebody("3001"), "taker": somebody("3002")}
    items = [{"title": "完成党员信息核对", "why": "月度提示单", "due": "2026-10-20"}]
    return model("org.Handover").objects.create(
        **{**given, "drawn_on": clock.today(), "items": items, **more}
    )


# --- orders ----------------------------------------------------------------------------------------------------------


def make_order(**more: Any) -> Any:
    """An issued reminder for the branch."""
    today = clock.today()
    given = {"kind": "reminder", "state": "issued", "title": "本月提示", "drafted_on": today, **more}
    if given["state"] not in ("drafted", "checked", "signed"):
        given.setdefault("issued_on", today)
    given.setdefault("due_on", today + timedelta(days=10))
    given.setdefault("unit", branch())
    return model("dispatch.Order").objects.create(issuer=given.pop("issuer", None) or unit("party"), **given)


def make_line(**more: Any) -> Any:
    """An open line of an issued reminder, owned by a member of the branch."""
    order = more.pop("order", None) or make_order()
    given = {"text": "召开支部党员大会", "due_on": order.due_on, "owner": somebody("3004"), **more}
    return model("dispatch.Line").objects.create(order=order, **given)


def make_part(**more: Any) -> Any:
    """外科党支部 leads a line in which 内科党支部 takes part."""
    line = more.pop("line", None) or make_line(order=make_order(unit=unit("b-surgery")))
    return model("dispatch.Part").objects.create(**{"line": line, "unit": branch(), **more})


def make_pattern(**more: Any) -> Any:
    """A sheet to begin with."""
    given = {"code": "p1", "name": "节前提醒", "kind": "reminder", "title": "节前廉洁提醒", **more}
    given.setdefault("lines", [{"text": "组织一次提醒", "days": 7}])
    return model("dispatch.Pattern").objects.create(**given)


def make_recurring(**more: Any) -> Any:
    """A line of every month."""
    given = {
        "code": "r1",
        "text": "报送本月党费收缴情况",
        "since": clock.today() - timedelta(days=60),
        **more,
    }
    return model("dispatch.Recurring").objects.create(**given)


def make_document(**more: Any) -> Any:
    """The draft of a 通知 of the hospital's Party organisation."""
    given = {"kind": "notice", "issuer": unit("party"), "title": "关于开展主题党日的通知", **more}
    given.setdefault("addressees", "各党支部")
    return model("dispatch.Document").objects.create(**{"text": "请按时开展。", **given})


def make_attachment(**more: Any) -> Any:
    """A file that belongs to an issued sheet of the branch."""
    given = {
        "name": "签到表.pdf",
        "size": 5,
        "digest": "0" * 64,
        "by": "org.person:1",
        "by_name": "王蕾",
        **more,
    }
    given.setdefault("subject", make_order().ref)
    return model("kernel.Attachment").objects.create(file=ContentFile(b"%PDF-", name="a.pdf"), **given)


# --- meetings --------------------------------------------------------------------------------------------------------


def make_meeting(**more: Any) -> Any:
    """A confirmed assembly of the branch, held today."""
    given = {"unit": branch(), "kind": "assembly", "state": "confirmed", "held_on": clock.today(), **more}
    if given["state"] in ("recorded", "confirmed"):
        given = {"recorded_on": given["held_on"], "recorder_name": "王蕾", **given}
    return model("activities.Meeting").objects.create(**given)


def make_attendance(**more: Any) -> Any:
    meeting = more.pop("meeting", None) or make_meeting()
    return model("activities.Attendance").objects.create(
        meeting=meeting, **{"person": somebody("3004"), **more}
    )


def make_resolution(**more: Any) -> Any:
    meeting = more.pop("meeting", None) or make_meeting()
    return model("activities.Resolution").objects.create(
        meeting=meeting, **{"text": "月底前完成自查", **more}
    )


def make_vote(**more: Any) -> Any:
    """A resolution that three of five passed, taken down and not yet confirmed."""
    meeting = more.pop("meeting", None) or make_meeting()
    given = {"rule_code": "R-BJ-01", "rule_since": date(2018, 10, 28), "matter": "讨论评优推荐"}
    given |= {"computed": 5, "base": 5, "present": 5, "yes": 3, "needed_present": 3, "needed_yes": 3}
    given |= {"held": True, "passed": True, "sentence": "赞成 3 票，通过", "recorder_name": "王蕾", **more}
    return model("activities.Vote").objects.create(meeting=meeting, **given)


def make_leave(**more: Any) -> Any:
    meeting = more.pop("meeting", None) or make_meeting(state="planned")
    given = {"person": somebody("3004"), "reason": "duty", **more}
    return model("activities.Leave").objects.create(meeting=meeting, **given)


def make_theme(**more: Any) -> Any:
    """What this month's themed days are about, given out by the 党委."""
    given = {"unit": unit("party"), "month": clock.today().replace(day=1), "text": "清廉行医", **more}
    return model("activities.Theme").objects.create(**given)


def make_feed(**more: Any) -> Any:
    given = {"person": somebody("3004"), "token": "a-token-of-thirty-two-octets-or-so", **more}
    return model("activities.Feed").objects.create(**given)


def make_election(**more: Any) -> Any:
    """A drafted 换届 of the branch; it takes the place of one that is running. A 补选 has come up to the top."""
    today, elections = clock.today(), model("activities.Election").objects
    given = {"unit": branch(), "kind": "term", "state": "drafted", "seats": 1, "direct": True, **more}
    elections.running().filter(unit=given["unit"]).update(state="cancelled")
    if given["kind"] == "by":
        given = {"role": Role.objects.get(code="publicist"), "direct": False, "forwarded_on": today, **given}
    if given["state"] not in ("drafted", "requested", "approved", "nominated"):
        given = {"candidates_on": today, "assembly": make_meeting(unit=given["unit"]), **given}
    made = elections.create(planned_on=given.pop("planned_on", today), **given)
    made.candidates.create(person=somebody("3004"))
    return made


# --- the modules -----------------------------------------------------------------------------------------------------


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


def make_duesmonth(**more: Any) -> Any:
    given = {"person": somebody("3004"), "branch": branch(), "month": date(2026, 9, 1), "paid": True, **more}
    return model("org.DuesMonth").objects.create(**given)


def make_duesbase(**more: Any) -> Any:
    return model("org.DuesBase").objects.create(**{"person": somebody("3004"), "base": 4000, **more})


def make_event(**more: Any) -> Any:
    given = {"unit": branch(), "kind": "renamed", "happened_on": date(2026, 9, 1), **more}
    return model("org.Event").objects.create(**given)


def make_digest(**more: Any) -> Any:
    return model("compliance.Digest").objects.create(**{"person": somebody("3001"), **more})


# Each model of the product whose rows are given out by reach, and how one of its rows is made.
MAKERS: dict[str, Callable[[], Any]] = {
    "kernel.Trail": make_trail,
    "org.Unit": branch,
    "org.Person": lambda: somebody("3004"),
    "org.Post": lambda: Post.objects.get(person__staff_number="3001"),
    "org.User": lambda: User.objects.get(username="3004"),
    "org.Import": make_import,
    "org.Term": make_term,
    "org.Handover": make_handover,
    "dispatch.Order": make_order,
    "dispatch.Line": make_line,
    "dispatch.Part": make_part,
    "dispatch.Pattern": make_pattern,
    "dispatch.Recurring": make_recurring,
    "dispatch.Document": make_document,
    "org.Milestone": make_milestone,
    "org.Spell": make_spell,
    "org.Transfer": make_transfer,
    "org.DuesImport": make_duesimport,
    "org.DuesMonth": make_duesmonth,
    "org.DuesBase": make_duesbase,
    "org.Event": make_event,
    "activities.Meeting": make_meeting,
    "activities.Attendance": make_attendance,
    "activities.Resolution": make_resolution,
    "activities.Vote": make_vote,
    "activities.Leave": make_leave,
    "activities.Feed": make_feed,
    "activities.Election": make_election,
    "activities.Theme": make_theme,
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
