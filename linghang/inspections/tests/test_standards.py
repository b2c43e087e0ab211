"""标准: 自评, 核验, 达标 until it lapses, all read off the confirmed checks (S0-07, S0-08)."""

from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook

from linghang.dispatch.models import Order
from linghang.inspections import actions
from linghang.inspections.actions import AnswerDraft
from linghang.inspections.blueprint import ChecklistEntry, ItemEntry, apply_checklists
from linghang.inspections.models import Answer, Check, Checklist, Round
from linghang.inspections.standards import Standing, State, bound, standings, verified
from linghang.inspections.tests.sending import send
from linghang.kernel.access import SYSTEM
from linghang.kernel.facts import SOURCES
from linghang.kernel.figures import open_figure
from linghang.kernel.todos import OFFERS
from linghang.org.models import Person, Unit

DAY = date(2026, 3, 12)
LATER = date(2026, 3, 30)
pytestmark = pytest.mark.django_db


def arrange(cast: Any, hospital: Any, day: date, **more: Any) -> Round:
    """A round by the 六有 list, of the committee's people unless told otherwise, begun on this day."""
    given = {"title": "“六有”核验", "method": "committee", "unit": hospital.party, "since": day, "until": day}
    this = actions.open_round(
        cast.office, checklist=Checklist.objects.get(code=more.pop("code", "premises")), **{**given, **more}
    )
    if this.on_site:
        send(this, cast)
    return actions.start(this, cast.office)


def verify(cast: Any, this: Round, unit: Unit, day: date, *wrong: tuple[str, str, str]) -> Check:
    """The inspector looks, the office confirms: (item, verdict, weight) for what was not 符合."""
    check, inspector = this.checks.get(unit=unit), Person.objects.get(pk=cast.inspector.pk)
    items = {item.code: item for item in this.checklist.items.all()}
    drafts = [AnswerDraft(items[code], verdict, "所见", weight=weight) for code, verdict, weight in wrong]
    actions.print_checklist(check, inspector)
    actions.enter(check, inspector, held_on=day, exceptions=drafts)
    return actions.confirm_check(check, cast.office)


def standing(unit: Unit, day: date, code: str = "premises") -> Standing:
    (found,) = standings([unit], day, [Checklist.objects.get(code=code)])
    return found


@pytest.mark.mechanism("S0-07")
def test_a_branch_that_passes_holds_the_standard_until_its_time_is_over(
    cast: Any, hospital: Any, on_day: Any
) -> None:
    with on_day(DAY):
        check = verify(cast, arrange(cast, hospital, DAY), hospital.b_medicine, DAY)
    states = {
        day: standing(hospital.b_medicine, day).state
        for day in (
            date(2026, 3, 11),
            DAY,
            date(2027, 1, 10),
            date(2027, 1, 11),
            date(2027, 3, 11),
            date(2027, 3, 12),
        )
    }
    assert list(states.values()) == ["never", "held", "held", "lapsing", "lapsing", "lapsed"]
    found = standing(hospital.b_medicine, DAY)
    assert (found.check, found.since, found.last_day) == (check, DAY, date(2027, 3, 11))
    assert found.words == "达标，有效至 2027-03-11"


def test_a_standard_lasts_by_calendar_months_even_from_the_end_of_august(
    cast: Any, hospital: Any, on_day: Any
) -> None:
    Checklist.objects.filter(code="premises").update(lasts_months=6)
    day = date(2026, 8, 31)
    with on_day(day):
        verify(cast, arrange(cast, hospital, day), hospital.b_medicine, day)
    assert standing(hospital.b_medicine, day).until == date(2027, 2, 28)


@pytest.mark.mechanism("S0-07")
def test_what_is_not_put_right_is_missing_by_name_and_what_is_counts_from_that_day(
    cast: Any, hospital: Any, on_day: Any
) -> None:
    with on_day(DAY):
        check = verify(
            cast, arrange(cast, hospital, DAY), hospital.b_medicine, DAY, ("L6", "not_ok", "deadline")
        )
        actions.draft_order(
            check.findings.get(),
            cast.office,
            measures=["补上制度"],
            due_on=LATER,
            owner=cast.secretary,
            verifier=cast.clerk_office,
        )
        found = standing(hospital.b_medicine, DAY)
        assert (found.state, found.missing, found.since) == (State.NOT_REACHED, ("有制度（待整改）",), None)
    Order.objects.filter(about=check.findings.get().ref).update(state="closed", closed_on=LATER)
    assert standing(hospital.b_medicine, date(2026, 3, 29)).state == State.NOT_REACHED
    found = standing(hospital.b_medicine, LATER)
    assert (found.state, found.since, found.last_day) == (State.HELD, LATER, date(2027, 3, 29))


def test_what_was_put_right_on_the_spot_does_not_stand_in_the_way(
    cast: Any, hospital: Any, on_day: Any
) -> None:
    with on_day(DAY):
        verify(cast, arrange(cast, hospital, DAY), hospital.b_medicine, DAY, ("L3", "not_ok", "on_spot"))
    assert standing(hospital.b_medicine, DAY).since == DAY


def test_partly_met_counts_by_its_points_against_the_mark(cast: Any, hospital: Any, on_day: Any) -> None:
    """“六有”要各项都符合；标准化 90 分达线，扣掉 5.5 分仍达标，再少就不达标。"""
    with on_day(DAY):
        verify(cast, arrange(cast, hospital, DAY), hospital.b_medicine, DAY, ("L1", "partly", ""))
        this = arrange(cast, hospital, DAY, code="standardisation")
        verify(cast, this, hospital.b_medicine, DAY, ("Z01", "partly", ""), ("Z03", "partly", ""))
        verify(cast, this, hospital.b_surgery, DAY, *((f"Z0{n}", "partly", "") for n in (1, 3, 6, 7)))
    assert standing(hospital.b_medicine, DAY).missing == ("有场所",)
    assert standing(hospital.b_medicine, DAY, "standardisation").held
    missed = standing(hospital.b_surgery, DAY, "standardisation")
    assert (missed.state, len(missed.missing)) == (State.NOT_REACHED, 4)


def test_the_latest_verification_decides_even_before_the_earlier_one_lapses(
    cast: Any, hospital: Any, on_day: Any
) -> None:
    with on_day(DAY):
        verify(cast, arrange(cast, hospital, DAY), hospital.b_medicine, DAY)
    with on_day(LATER):
        verify(cast, arrange(cast, hospital, LATER), hospital.b_medicine, LATER, ("L2", "not_ok", "deadline"))
    assert standing(hospital.b_medicine, DAY).held
    assert not standing(hospital.b_medicine, LATER).held


def test_a_self_check_alone_never_reaches_a_standard(cast: Any, hospital: Any, on_day: Any) -> None:
    with on_day(DAY):
        this = arrange(cast, hospital, DAY, method="self")
        check = actions.self_check(this.checks.get(unit=hospital.b_medicine), cast.secretary)
    assert check.state == Check.State.CONFIRMED
    assert standing(hospital.b_medicine, DAY).state == State.NEVER
    assert verified(hospital.b_medicine, DAY) == []


def test_a_temporary_branch_is_bound_by_no_standard(hospital: Any) -> None:
    before = bound(Unit.objects, DAY).count()
    Unit.objects.filter(pk=hospital.b_surgery.pk).update(shape="temporary")
    assert bound(Unit.objects, DAY).count() == before - 1


def test_checks_by_a_standard_count_as_standards_and_not_as_scores(
    cast: Any, hospital: Any, on_day: Any
) -> None:
    with on_day(DAY):
        check = verify(cast, arrange(cast, hospital, DAY), hospital.b_medicine, DAY)
        year = (date(2026, 1, 1), date(2026, 12, 31))
        rows = SOURCES["inspections.standards"].frame(*year, units=[hospital.b_medicine.pk]).rows()
        assert SOURCES["inspections.checks"].frame(*year).rows() == []
        assert SOURCES["inspections.standards"].frame(date(2026, 4, 1), date(2026, 6, 30)).rows() == []
    assert rows == [(check.pk, hospital.b_medicine.pk, None, DAY, "premises", date(2027, 3, 12))]


@pytest.mark.parametrize("own", [{"passes_at": Decimal(90)}, {"lasts_months": 12}])
def test_a_standard_needs_both_a_mark_and_a_time(own: dict[str, Any]) -> None:
    items = [ItemEntry(code="Q1", text="项", points=Decimal(1))]
    with pytest.raises(ValidationError, match="标准要同时写达标线"):
        apply_checklists([ChecklistEntry(code="q", title="半个标准", items=items, **own)], SYSTEM)


# --- pages -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def confirmed(cast: Any, hospital: Any, on_day: Any) -> Check:
    """内科 passed and 外科 did not, on 12 March."""
    with on_day(DAY):
        this = arrange(cast, hospital, DAY)
        verify(cast, this, hospital.b_surgery, DAY, ("L4", "not_ok", "deadline"))
        return verify(cast, this, hospital.b_medicine, DAY)


@pytest.mark.mechanism("S0-08")
def test_the_office_sees_the_share_and_opens_the_branches_behind_it(
    client_of: Any, cast: Any, hospital: Any, on_day: Any, confirmed: Check
) -> None:
    with on_day(DAY):
        client = client_of(cast.office)
        assert (
            client.get(reverse("inspections:standards")).headers["Location"]
            == "/inspections/standards/premises/"
        )
        shown = client.get(reverse("inspections:standard", args=["premises"]))
        figure = client.get(shown.context["coverage"]["url"])
        missed = client.get(shown.context["coverage"]["left_url"]).content.decode()
        other = client.get(reverse("inspections:standard", args=["standardisation"])).content.decode()
    text = shown.content.decode()
    assert (shown.context["coverage"]["share"], shown.context["coverage"]["total"]) == (25, 4)
    assert "有党旗（待整改）" in text
    assert "2027-03-11" in text
    assert "1 / 4 个支部" in figure.content.decode()
    assert "3 / 4 个支部" in missed
    assert "未核验" in other


def test_branches_are_filtered_by_how_they_stand_and_taken_out_as_excel(
    client_of: Any, cast: Any, on_day: Any, confirmed: Check
) -> None:
    url = reverse("inspections:standard", args=["premises"])
    with on_day(DAY):
        client = client_of(cast.office)
        found = client.get(url, {"state": "not_reached"}).context["listing"]
        sheet = client.get(url, {"export": 1})
    assert [row.cells[0].text for row in found.rows] == ["外科党支部"]
    lines = list(load_workbook(BytesIO(sheet.content)).active.values)
    (held,) = [line for line in lines if "内科党支部" in line]
    assert "达标" in held


def test_a_secretary_sees_the_own_branch_only(
    client_of: Any, cast: Any, on_day: Any, confirmed: Check
) -> None:
    with on_day(DAY):
        client = client_of(cast.secretary)
        shown = client.get(reverse("inspections:standard", args=["premises"]))
        figure = open_figure(
            cast.outsider, "inspections.standards", confirmed.unit_id, {"standard": "premises"}
        )
    assert [row.cells[0].text for row in shown.context["listing"].rows] == ["内科党支部"]
    assert shown.context["coverage"] == {}
    assert figure is None


def test_a_list_that_is_no_standard_has_no_page(client_of: Any, cast: Any) -> None:
    url = reverse("inspections:standard", args=["standard"])
    assert client_of(cast.office).get(url).status_code == 404


def test_the_home_page_of_a_branch_names_its_standards(
    client_of: Any, cast: Any, hospital: Any, on_day: Any, confirmed: Check
) -> None:
    with on_day(DAY):
        text = client_of(cast.secretary).get(reverse("desk:branch", args=[hospital.b_medicine.pk]))
    assert "达标，有效至 2027-03-11" in text.content.decode()


@pytest.mark.mechanism("S0-08")
def test_the_certificate_is_printed_for_who_holds_it_and_for_nobody_else(
    client_of: Any, cast: Any, hospital: Any, on_day: Any, confirmed: Check
) -> None:
    missed = confirmed.round.checks.get(unit=hospital.b_surgery)
    with on_day(DAY):
        client = client_of(cast.office)
        file = client.get(reverse("inspections:check_certificate", args=[confirmed.pk]))
        refused = client.get(reverse("inspections:check_certificate", args=[missed.pk]))
    with on_day(date(2027, 3, 12)):
        lapsed = client_of(cast.office).get(reverse("inspections:check_certificate", args=[confirmed.pk]))
    document = Document(BytesIO(file.content))
    words = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "内科党支部：" in words
    assert "自 2026 年 3 月 12 日起达标，有效至 2027 年 3 月 11 日" in words
    assert "签发人" in document.tables[0].cell(0, 0).text
    assert "{" not in words
    assert (refused.status_code, lapsed.status_code) == (302, 302)
    outsider = client_of(cast.outsider).get(reverse("inspections:check_certificate", args=[confirmed.pk]))
    assert outsider.status_code == 404


# --- the re-check ----------------------------------------------------------------------------------------------------


def lapsing(person: Any) -> list[Any]:
    return [
        todo for todo in OFFERS["inspections"](Person.objects.get(pk=person.pk)) if "达标要复核" in todo.title
    ]


@pytest.mark.mechanism("S0-07")
def test_what_lapses_soon_waits_for_the_office_until_its_recheck_is_arranged(
    client_of: Any, cast: Any, hospital: Any, on_day: Any, confirmed: Check
) -> None:
    with on_day(date(2027, 1, 10)):
        assert lapsing(cast.office) == []
    with on_day(date(2027, 1, 11)):
        (todo,) = lapsing(cast.office)
        assert (todo.title, todo.url) == ("2 项达标要复核", reverse("inspections:standards"))
        assert lapsing(cast.secretary) == []
        client = client_of(cast.office)
        seen = client.get(todo.url, follow=True)
        assert seen.context["recheck"] == 2, "who failed a year ago is verified again as well"
        assert "“六有”支部阵地（2 待复核）" in seen.content.decode()
        form = client.get(f"{reverse('inspections:round_new')}?standard=premises").context["form"]
        given = {name: form[name].value() for name in ("method", "checklist", "units", "since", "until")}
        unit = form["unit"].field.queryset.first()
        answer = client.post(reverse("inspections:round_new"), {**given, "unit": unit.pk})
        assert answer.status_code == 302
        this = Round.objects.latest("pk")
        assert this.title == "2027 年第一季度“六有”支部阵地核验"
        assert [check.unit for check in this.checks.all()] == [hospital.b_medicine, hospital.b_surgery]
        assert (this.state, this.until) == (Round.State.DRAWN, date(2027, 3, 11))
        assert lapsing(cast.office) == []
        actions.withdraw(this, cast.office, reason="排错了")
        assert len(lapsing(cast.office)) == 1


def test_named_branches_and_no_others_are_inspected(cast: Any, hospital: Any, on_day: Any) -> None:
    with on_day(DAY):
        this = arrange(cast, hospital, DAY, units=[hospital.b_surgery])
    assert [(check.unit, check.reason) for check in this.checks.all()] == [
        (hospital.b_surgery, "指定检查 1 个支部")
    ]


@pytest.mark.parametrize("given", [{"method": "mutual"}, {"sample": 1}])
def test_who_is_drawn_by_lot_cannot_be_named(
    cast: Any, hospital: Any, on_day: Any, given: dict[str, Any]
) -> None:
    with on_day(DAY), pytest.raises(ValidationError, match="抽签的检查不能指定支部"):
        arrange(cast, hospital, DAY, units=[hospital.b_surgery], **given)


def test_a_branch_elsewhere_cannot_be_named(cast: Any, hospital: Any, on_day: Any) -> None:
    with on_day(DAY), pytest.raises(ValidationError, match="不在“第一党总支”下面"):
        arrange(cast, hospital, DAY, unit=hospital.g1, units=[hospital.b_surgery])


# --- 佐证 -------------------------------------------------------------------------------------------------------------


def test_the_branch_says_where_its_proof_is_and_the_inspector_reads_it(
    client_of: Any, cast: Any, hospital: Any, on_day: Any, make_meeting: Any
) -> None:
    with on_day(DAY):
        meeting = make_meeting(hospital.b_medicine)
        own = arrange(cast, hospital, DAY, method="self").checks.get(unit=hospital.b_medicine)
        items = {item.code: item.pk for item in own.round.checklist.items.all()}
        client, url = client_of(cast.secretary), reverse("inspections:check_self_check", args=[own.pk])
        form = client.get(url).context["form"]
        (picked,) = [words for words, ref in form.records.items() if ref == meeting.ref]
        data = {f"verdict-{pk}": "ok" for pk in items.values()}
        data |= {f"proof-{items['L6']}": picked, f"proof-{items['L1']}": "台账第 12 页"}
        assert client.post(url, data).status_code == 302
        shown = client.get(own.get_absolute_url()).content.decode()
        visit = arrange(cast, hospital, DAY).checks.get(unit=hospital.b_medicine)
        actions.print_checklist(visit, Person.objects.get(pk=cast.inspector.pk))
        read = client_of(cast.inspector).get(reverse("inspections:check_enter", args=[visit.pk]))
    answers = {answer.item.code: answer for answer in Answer.objects.filter(inspection=own)}
    assert answers["L6"].proof_ref == meeting.ref
    assert (answers["L1"].proof, answers["L1"].proof_ref, answers["L1"].verdict) == ("台账第 12 页", "", "ok")
    assert meeting.get_absolute_url() in shown
    assert "台账第 12 页" in read.content.decode()
    assert Answer.objects.get(inspection=own, item__code="L2").proof == ""


@pytest.fixture
def make_meeting(cast: Any) -> Any:
    """A themed day that was held and recorded."""
    from tests import making

    return lambda unit: making.make_meeting(
        unit=unit, held_on=date(2026, 3, 5), state="confirmed", title="学制度"
    )


def test_an_ordinary_self_check_asks_for_no_proof(
    client_of: Any, cast: Any, hospital: Any, on_day: Any
) -> None:
    with on_day(DAY):
        own = arrange(cast, hospital, DAY, method="self", code="monthly").checks.get(unit=hospital.b_medicine)
        page = client_of(cast.secretary).get(reverse("inspections:check_self_check", args=[own.pk]))
    assert "佐证" not in page.content.decode()
