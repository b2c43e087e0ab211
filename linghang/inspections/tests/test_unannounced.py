"""飞检: drawn by number, sealed until the day. 党建查房: 查、听、访、评、改."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from linghang.inspections import actions
from linghang.inspections.actions import AnswerDraft
from linghang.inspections.models import Check, Checklist, Finding, Round
from linghang.inspections.tests.test_actions import DAY, again, make_round
from linghang.kernel import clock
from linghang.kernel.models import Notice, Trail
from linghang.kernel.todos import OFFERS
from linghang.org.models import Unit

pytestmark = pytest.mark.django_db
COMES = date(2026, 10, 14)


@pytest.fixture(autouse=True)
def october(on_day: Any) -> Any:
    with on_day(DAY):
        yield


def spot(cast: Any, hospital: Any, **more: Any) -> Round:
    """A 飞检 of two branches, drawn today for the day after tomorrow."""
    given = {"title": "十月飞检", "since": COMES, "sample": 2, "unannounced": True, **more}
    return actions.draw(make_round(cast, hospital, "committee", **given), cast.office, number=20261014)


@pytest.mark.mechanism("S1-19")
def test_who_is_inspected_is_sealed_until_the_day_and_only_whoever_arranges_sees_it(
    client_of: Any, cast: Any, hospital: Any
) -> None:
    this = spot(cast, hospital)
    drawn = set(Unit.objects.filter(pk__in=this.sealed["units"]))
    assert len(drawn) == 2
    assert not Check.objects.exists(), "nobody is named anywhere before"
    assert this.draw_number is None, "with the number anybody could draw it again"
    url = this.get_absolute_url()
    page = client_of(cast.office).get(url).content.decode()
    assert "密封的抽签结果" in page
    assert all(str(unit) in page for unit in drawn)
    for person in (cast.leader, cast.party_secretary, cast.inspector):
        seen = client_of(person).get(url).content.decode()
        assert not any(str(unit) in seen for unit in drawn)
        assert "20261014" not in seen
    for person in (cast.secretary, cast.outsider):
        assert client_of(person).get(url).status_code == 404
    trail = Trail.objects.filter(subject=this.ref)
    assert all("units" not in str(row.changes) for row in trail)
    assert not Notice.objects.exists()


@pytest.mark.mechanism("S1-19")
def test_on_the_day_it_is_opened_as_it_was_drawn_and_nobody_was_told_before(cast: Any, hospital: Any) -> None:
    this = spot(cast, hospital)
    drawn = set(this.sealed["units"])
    with pytest.raises(ValidationError, match="密封到 2026-10-14，当天才能开始"):
        actions.start(this, cast.office)
    with clock.at(COMES):
        with pytest.raises(ValidationError, match="还没有检查组"):
            actions.start(this, again(cast.office))
        actions.assign_team(this, again(cast.office), team=[cast.inspector, cast.outsider])
        actions.start(this, again(cast.office))
        assert set(this.checks.values_list("unit", flat=True)) == drawn
        assert this.draw_number == 20261014
        assert all("按抽签号 20261014 抽查 2 个支部" in check.reason for check in this.checks.all())
        assert not Notice.objects.exists(), "不打招呼"
        sent = [
            todo
            for person in (cast.inspector, cast.outsider)
            for todo in OFFERS["inspections"](again(person))
        ]
        assert sent
        assert len(actions.withdraw(this, again(cast.office), reason="临时停查").checks.all()) == 2


def test_the_same_number_seals_the_same_branches_and_a_redraw_says_why(cast: Any, hospital: Any) -> None:
    this, other = spot(cast, hospital), spot(cast, hospital, title="另一次")
    assert this.sealed == other.sealed
    actions.redraw(this, cast.office, number=5, reason="抽到正在评审的科室")
    assert this.sealed["number"] == 5
    assert not Check.objects.exists()


def test_whoever_must_stay_away_is_refused_without_opening_the_seal(cast: Any, hospital: Any) -> None:
    this = spot(cast, hospital, sample=4)
    with pytest.raises(ValidationError, match="机关党支部没有人能去"):
        actions.assign_team(this, cast.office, team=[cast.inspector])
    assert not Check.objects.exists()


@pytest.mark.parametrize(("method", "sample"), [("mutual", None), ("self", None), ("committee", None)])
def test_only_what_comes_from_above_with_a_sample_comes_unannounced(
    cast: Any, hospital: Any, method: str, sample: int | None
) -> None:
    with pytest.raises(ValidationError, match="飞检由督查组或查房组去，并写明抽查几个支部"):
        make_round(cast, hospital, method, sample=sample, unannounced=True)


def test_it_is_arranged_on_the_page(client_of: Any, cast: Any, hospital: Any) -> None:
    data = {
        "title": "飞检",
        "method": "committee",
        "checklist": Checklist.objects.get(code="standard").pk,
        "unit": hospital.party.pk,
        "since": "2026-10-14",
        "until": "2026-10-16",
        "sample": "1",
        "unannounced": "on",
    }
    client = client_of(cast.office)
    page = client.post(reverse("inspections:round_new"), data, follow=True).content.decode()
    assert "（飞检）" in page
    this = Round.objects.get()
    client.post(reverse("inspections:round_draw", args=[this.pk]), {"number": "7"})
    team = client.get(reverse("inspections:round_assign_team", args=[this.pk])).content.decode()
    assert "吴纪明（" in team
    assert client.get(reverse("inspections:round_redraw", args=[this.pk])).status_code == 200


# 党建查房 ------------------------------------------------------------------------------------------------------------


@pytest.mark.mechanism("S1-18")
def test_a_ward_round_tells_what_was_looked_at_heard_asked_said_and_put_right(
    client_of: Any, cast: Any, hospital: Any
) -> None:
    checklist = Checklist.objects.get(code="ward")
    given = {"checklist": checklist, "title": "十月党建查房", "units": [hospital.b_medicine]}
    this = make_round(cast, hospital, "ward", **given)
    actions.assign_team(this, cast.office, team=[cast.inspector])
    actions.start(this, cast.office)
    check = this.checks.get()
    inspector = client_of(again(cast.inspector))
    inspector.post(reverse("inspections:check_print_checklist", args=[check.pk]))
    url = reverse("inspections:check_enter", args=[check.pk])
    assert "访：访谈几人" in inspector.get(url).content.decode()
    data = {"held_on": "2026-10-12", "heard": "汇报重点工作", "visited": "访谈 3 人", "note": "进度清楚"}
    for item in checklist.items.all():
        wrong = item.code == "W1"
        data |= {
            f"verdict-{item.pk}": "partly" if wrong else "ok",
            f"note-{item.pk}": "台账缺一页" if wrong else "",
        }
        data[f"weight-{item.pk}"] = "on_spot" if wrong else ""
    page = inspector.post(url, data, follow=True).content.decode()
    for words in ("查房记录", "汇报重点工作", "访谈 3 人", "进度清楚", "现场交办 1 个问题", "台账缺一页"):
        assert words in page
    finding = Finding.objects.get()
    assert not finding.advice, "a round from above gives no mere advice"
    assert finding.closed_on == DAY


def test_a_deadline_given_on_the_round_becomes_an_order(cast: Any, hospital: Any) -> None:
    checklist = Checklist.objects.get(code="ward")
    this = make_round(cast, hospital, "ward", checklist=checklist, units=[hospital.b_medicine])
    actions.assign_team(this, cast.office, team=[cast.inspector])
    actions.start(this, cast.office)
    check, by = this.checks.get(), again(cast.inspector)
    actions.print_checklist(check, by)
    wrong = AnswerDraft(checklist.items.get(code="W2"), "not_ok", "说不清本月任务", weight="deadline")
    actions.enter(check, by, held_on=DAY, exceptions=[wrong], heard="汇报", visited="2 人")
    actions.confirm_check(check, cast.office)
    finding = check.findings.get()
    due = {"due_on": date(2026, 10, 30), "owner": cast.secretary, "verifier": cast.clerk_office}
    actions.draft_order(finding, cast.office, measures=["补课"], **due)
    assert finding.order is not None
    assert "党建查房" in finding.order.text
