"""What inspections offer to be counted, their checklists as data, and what the records answer by themselves."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from linghang.dispatch.models import Order
from linghang.inspections import actions
from linghang.inspections.actions import AnswerDraft
from linghang.inspections.blueprint import ChecklistEntry, ItemEntry, apply_checklists
from linghang.inspections.models import Check, Checklist, ChecklistItem, Finding, Round
from linghang.inspections.prefill import Tally, _answer, _finding, known
from linghang.inspections.reading import gaps, percent
from linghang.inspections.tests.sending import send
from linghang.kernel.access import SYSTEM
from linghang.kernel.facts import SOURCES
from linghang.kernel.todos import OFFERS
from linghang.org.models import Person
from tests.making import make_unit

DAY = date(2026, 10, 12)
YEAR = (date(2026, 1, 1), date(2026, 12, 31))
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def october(on_day: Any) -> Any:
    """Every test of this file stands on 12 October 2026."""
    with on_day(DAY):
        yield


def run_check(cast: Any, hospital: Any, method: str, *exceptions: tuple[str, str, str]) -> Check:
    """One confirmed check of 内科: (item, verdict, weight) for what is not 符合."""
    this = Round(title=f"{method} 轮", method=method, checklist=Checklist.objects.get(code="standard"))
    this.unit, this.since, this.until, this.period_since, this.period_until = (
        hospital.party,
        DAY,
        DAY,
        DAY,
        DAY,
    )
    this.save()
    actions.draw(this, cast.office, number=1)
    if method != "self":
        send(this, cast)
    actions.start(this, cast.office)
    check = this.checks.get(unit=hospital.b_medicine)
    items = {item.code: item for item in this.checklist.items.all()}
    drafts = [
        AnswerDraft(items[code], verdict, "所见", weight=weight) for code, verdict, weight in exceptions
    ]
    if method == "self":
        return actions.self_check(check, cast.secretary, exceptions=drafts)
    inspector = Person.objects.get(pk=cast.inspector.pk)
    actions.print_checklist(check, inspector)
    actions.enter(check, inspector, held_on=DAY, exceptions=drafts)
    return actions.confirm_check(check, cast.office)


def test_checks_count_once_confirmed_with_score_and_full(cast: Any, hospital: Any) -> None:
    check = run_check(cast, hospital, "committee", ("B1", "not_ok", "deadline"), ("C2", "na", ""))
    frame = SOURCES["inspections.checks"].frame(*YEAR)
    assert frame.rows() == [(check.pk, hospital.b_medicine.pk, None, DAY, "committee", 84.0, 92.0)]


def test_findings_carry_the_dates_of_their_order(cast: Any, hospital: Any) -> None:
    check = run_check(cast, hospital, "committee", ("B1", "not_ok", "deadline"), ("B2", "partly", "on_spot"))
    heavy = check.findings.get(weight="deadline")
    due = date(2026, 10, 30)
    actions.draft_order(
        heavy, cast.office, measures=["补开"], due_on=due, owner=cast.secretary, verifier=cast.clerk_office
    )
    Order.objects.filter(about=heavy.ref).update(state=Order.State.CLOSED, closed_on=date(2026, 10, 28))
    rows = {row[5]: row for row in SOURCES["inspections.findings"].frame(*YEAR).rows()}
    assert rows["deadline"][6:] == (False, date(2026, 10, 28), due)
    assert rows["on_spot"][6:] == (False, DAY, None)


def test_advice_and_unconfirmed_results_are_no_facts(cast: Any, hospital: Any) -> None:
    run_check(cast, hospital, "self", ("D1", "not_ok", "deadline"))
    assert Finding.objects.count() == 1
    assert SOURCES["inspections.findings"].frame(*YEAR).is_empty()
    assert SOURCES["inspections.checks"].frame(*YEAR).height == 1


@pytest.mark.mechanism("S0-19")
def test_own_view_that_is_much_better_is_pointed_out(cast: Any, hospital: Any) -> None:
    run_check(cast, hospital, "self")
    seen = run_check(
        cast, hospital, "committee", *[(code, "not_ok", "deadline") for code in ("A2", "B1", "B2")]
    )
    checks = list(Check.objects.with_score().filter(pk=seen.pk).select_related("unit"))
    assert percent(checks[0]) == Decimal("72.00")
    (gap,) = gaps(checks)
    assert gap.own == Decimal("100.00")
    assert gap.wide
    assert gap.words == "自查高 28 分"


def test_nothing_owed_is_not_full_marks_and_waived_is_not_applicable() -> None:
    item = ChecklistItem(code="B1", text="党员大会", points=Decimal(8))
    assert _answer(item, Tally()) is None
    assert (known_ := _answer(item, Tally(waived=2)))
    assert known_.verdict == "na"
    assert (part := _answer(item, Tally(owed=3, done=1)))
    assert (part.verdict, str(part.points)) == (
        "partly",
        "2.67",
    )
    assert (none := _answer(item, Tally(owed=3)))
    assert (none.verdict, none.points) == ("not_ok", 0)


def test_a_finding_within_its_deadline_is_not_counted_yet() -> None:
    assert _finding({"due": date(2026, 10, 30), "closed": None}, "") is None
    assert _finding({"due": date(2026, 10, 1), "closed": None}, "") == (1, 0, 0)
    assert _finding({"due": date(2026, 10, 1), "closed": date(2026, 9, 30)}, "") == (1, 1, 0)


def test_a_source_that_nobody_offers_is_left_to_people() -> None:
    item = ChecklistItem(pk=1, code="X", text="x", points=Decimal(5), source="moon.phases")
    assert known([item], [1], *YEAR) == {}


def entry(**more: Any) -> ChecklistEntry:
    items = [ItemEntry(code="X1", text="看一看", points=Decimal(10))]
    return ChecklistEntry(
        **{"code": "own", "title": "院内检查表", "items": items, "since": date(2026, 1, 1), **more}
    )


def test_checklist_is_applied_once_and_rewritten_while_unused() -> None:
    assert apply_checklists([entry()], SYSTEM) == 1
    assert apply_checklists([entry()], SYSTEM) == 0
    assert apply_checklists([entry(title="改名")], SYSTEM) == 1
    assert Checklist.objects.get(code="own").title == "改名"


def test_used_checklist_gets_a_new_version_and_the_old_one_ends(cast: Any, hospital: Any) -> None:
    apply_checklists([entry()], SYSTEM)
    used = Checklist.objects.get(code="own")
    actions.open_round(
        cast.office, title="x", method="self", checklist=used, unit=hospital.party, since=DAY, until=DAY
    )
    with pytest.raises(ValidationError, match="新版本的生效日期"):
        apply_checklists([entry(title="改名")], SYSTEM)
    assert apply_checklists([entry(title="改名", since=date(2026, 12, 1))], SYSTEM) == 1
    used.refresh_from_db()
    assert used.until == date(2026, 12, 1)
    assert Checklist.objects.on(date(2027, 1, 1)).get(code="own").title == "改名"


def test_every_item_of_the_shared_checklists_names_its_basis() -> None:
    assert ChecklistItem.objects.filter(checklist__code="standard").count() == 12
    assert not ChecklistItem.objects.filter(basis="").exists()
    for checklist in Checklist.objects.filter(code__in=("standard", "monthly")):
        assert sum(item.points for item in checklist.items.all()) == 100


def todos_of(person: Person) -> list[str]:
    return [todo.title for todo in OFFERS["inspections"](Person.objects.get(pk=person.pk))]


def test_todos_go_to_whoever_must_act(cast: Any, hospital: Any, django_assert_max_num_queries: Any) -> None:
    make_unit()
    this = actions.open_round(
        cast.office,
        title="党委督查",
        method="committee",
        checklist=Checklist.objects.get(code="standard"),
        unit=hospital.party,
        since=DAY,
        until=date(2026, 10, 20),
    )
    send(this, cast)
    actions.start(this, cast.office)
    # Many visits are one row that says how many; a few are named.
    assert todos_of(cast.inspector) == ["检查 4 个支部"]
    check = this.checks.get(unit=hospital.b_medicine)
    inspector = Person.objects.get(pk=cast.inspector.pk)
    actions.print_checklist(check, inspector)
    draft = AnswerDraft(this.checklist.items.get(code="B1"), "not_ok", "未开", weight="deadline")
    actions.enter(check, inspector, held_on=DAY, exceptions=[draft])
    assert set(todos_of(cast.inspector)) == {f"检查{name}党支部" for name in ("外科", "影像", "新建")}
    assert "1 份检查结果待确认" in todos_of(cast.office)
    actions.confirm_check(check, cast.office)
    assert todos_of(cast.office) == ["1 个问题待处置"]
    assert todos_of(cast.imaging) == []
    with django_assert_max_num_queries(12):
        todos_of(cast.office)
