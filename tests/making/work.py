"""Sheets with their lines, meetings with what belongs to them."""

from datetime import date, timedelta
from typing import Any

from django.core.files.base import ContentFile

from linghang.kernel import clock
from linghang.org.models import Role
from tests.making.people import Makers, branch, model, somebody, unit

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


MAKERS: Makers = {
    "dispatch.Order": make_order,
    "dispatch.Line": make_line,
    "dispatch.Part": make_part,
    "dispatch.Pattern": make_pattern,
    "dispatch.Recurring": make_recurring,
    "dispatch.Document": make_document,
    "activities.Meeting": make_meeting,
    "activities.Attendance": make_attendance,
    "activities.Resolution": make_resolution,
    "activities.Vote": make_vote,
    "activities.Leave": make_leave,
    "activities.Feed": make_feed,
    "activities.Election": make_election,
    "activities.Theme": make_theme,
}
