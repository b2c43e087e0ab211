"""廉政风险点 as what inspections go by, and 三个以案 as a campaign."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from linghang.dispatch import actions as dispatch
from linghang.inspections import actions
from linghang.inspections.actions import AnswerDraft
from linghang.inspections.models import Checklist, ChecklistItem, Finding
from linghang.inspections.models.campaigns import Campaign
from linghang.inspections.tests.test_actions import again, check_of, started
from linghang.kernel import clock

pytestmark = pytest.mark.django_db
FIRST, SECOND = date(2026, 3, 9), date(2026, 10, 12)


def found_at(point: ChecklistItem, cast: Any, hospital: Any, day: date) -> Finding:
    """纪检 goes by the list of risks and finds this point wanting in 内科."""
    this = started(
        cast,
        hospital,
        "committee",
        checklist=point.checklist,
        since=day,
        until=day,
        title=f"{day} 风险点督查",
    )
    check = check_of(this, hospital.b_medicine)
    by = again(check.team.get())
    actions.print_checklist(check, by)
    draft = AnswerDraft(point, "not_ok", "用量点评缺一季度", weight="deadline")
    actions.enter(check, by, held_on=day, exceptions=[draft])
    actions.confirm_check(check, again(cast.office))
    actions.close_round(this, again(cast.office), note="按期")
    return check.findings.get()


def put_right(finding: Finding, cast: Any, due: date) -> None:
    """One order with a measure, drafted, checked, signed, issued, reported and verified by another."""
    given = {"owner": cast.secretary, "verifier": cast.inspector, "due_on": due}
    actions.draft_order(finding, again(cast.clerk_office), measures=["补做点评并约谈"], **given)
    order: Any = finding.order
    dispatch.check(order, again(cast.office))
    dispatch.sign(order, again(cast.office))
    dispatch.issue(order, again(cast.office))
    line = order.lines.get()
    dispatch.report(line, again(cast.secretary), result="已点评，约谈 2 人")
    dispatch.verify(line, again(cast.inspector))


@pytest.mark.mechanism("S1-29")
def test_a_point_of_risk_is_looked_at_found_wanting_and_put_right(
    cast: Any, hospital: Any, client_of: Any
) -> None:
    """风险点 → 检查表 → 问题 → 整改; the same point is recognised when it comes back, and listed for the office."""
    point = Checklist.objects.get(code="integrity").items.get(code="I03")
    risk = ChecklistItem.objects.get(checklist__code="integrity_points", code="R04")
    assert (point.text, point.basis, point.judge) == (risk.text, risk.basis, risk.judge)
    with clock.at(FIRST):
        finding = found_at(point, cast, hospital, FIRST)
        page = client_of(cast.secretary).get(finding.get_absolute_url()).content.decode()
        assert point.text in page
        assert "行业规定：医疗机构工作人员廉洁从业九项准则" in page
        put_right(finding, cast, date(2026, 3, 30))
        assert Finding.objects.with_order().get().status == "已销号"
    with clock.at(SECOND):
        back = found_at(point, cast, hospital, SECOND)
        assert (finding.repeat, back.repeat) == (False, True)
        listed = client_of(cast.office).get(reverse("inspections:patterns")).content.decode()
        assert point.text in listed
        assert "内科党支部</a>（2 次）" in listed


@pytest.mark.mechanism("S1-27")
def test_warning_by_cases_is_a_campaign_of_three_phases(cast: Any, hospital: Any, client_of: Any) -> None:
    with clock.at(SECOND):
        client = client_of(cast.office)
        given = {"kind": "cases", "title": "三个以案警示教育", "unit": hospital.party.pk, "phases": ""}
        answer = client.post(
            "/inspections/campaigns/new/", given | {"since": "2026-10-12", "until": "2026-12-31"}
        )
        made = Campaign.objects.get()
        assert [name for name, _, _ in made.phases] == ["以案示警", "以案为戒", "以案促改"]
        page = client_of(cast.secretary).get(answer.url).content.decode()
        assert "以案为戒" in page
