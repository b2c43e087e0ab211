"""Doors and looks of the inspection pages."""

import re
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from linghang.dispatch.models import Order
from linghang.inspections import actions
from linghang.inspections.models import Check, Checklist, Finding, Round
from linghang.inspections.tests.sending import send
from linghang.kernel.models import Trail
from linghang.org.models import Person

DAY = date(2026, 10, 12)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def october(on_day: Any) -> Any:
    """Every test of this file stands on 12 October 2026."""
    with on_day(DAY):
        yield


@pytest.fixture
def make_round(cast: Any, hospital: Any) -> Any:
    """A round that is under way; 纪检 inspects for the committee."""

    def make(method: str = "committee") -> Round:
        this = actions.open_round(
            cast.office,
            title="2026 年党委督查",
            method=method,
            checklist=Checklist.objects.get(code="standard"),
            unit=hospital.party,
            since=DAY,
            until=date(2026, 10, 25),
        )
        if this.by_lot:
            actions.draw(this, cast.office, number=20261012)
        if method == "committee":
            send(this, cast)
        return actions.start(this, cast.office)

    return make


def entry(check: Check, **more: Any) -> dict[str, Any]:
    """A filled entry page: everything 符合 but what is named, such as B1=("not_ok", "未开", "deadline")."""
    data = {"held_on": "2026-10-12", "note": "总体较好"}
    for item in check.round.checklist.items.all():
        verdict, note, weight = more.get(item.code, ("ok", "", ""))
        data |= {f"verdict-{item.pk}": verdict, f"note-{item.pk}": note, f"weight-{item.pk}": weight}
    return data


@pytest.mark.under_a_committee
def test_office_arranges_draws_and_starts_a_cross_round(client_of: Any, cast: Any, hospital: Any) -> None:
    client = client_of(cast.office)
    data = {
        "title": "第四季度交叉互查",
        "method": "cross",
        "checklist": Checklist.objects.get(code="standard").pk,
        "unit": hospital.party.pk,
        "since": "2026-10-12",
        "until": "2026-10-25",
    }
    assert client.post(reverse("inspections:round_new"), data).status_code == 302
    this = Round.objects.get()
    client.post(reverse("inspections:round_draw", args=[this.pk]), {"number": 20261012})
    client.post(reverse("inspections:round_start", args=[this.pk]))
    this.refresh_from_db()
    text = client.get(this.get_absolute_url()).content.decode()
    assert this.state == Round.State.OPEN
    assert "20261012" in text
    assert "4 个支部：0 个已确认，0 份待确认，4 个未查" in text
    assert all(check.why in text for check in this.checks.all())


def test_what_was_drawn_is_drawn_again_only_with_a_reason_and_under_another_word(
    client_of: Any, cast: Any, hospital: Any
) -> None:
    this = actions.open_round(
        cast.office,
        title="x",
        method="cross",
        checklist=Checklist.objects.get(code="standard"),
        unit=hospital.party,
        since=DAY,
        until=DAY,
    )
    client = client_of(cast.office)

    def offered() -> dict[str, bool]:
        shown = client.get(this.get_absolute_url()).context["buttons"]
        return {button.label: button.solid for button in shown if "抽签" in button.label}

    assert offered() == {"抽签": True}
    actions.draw(this, cast.office, number=1)
    assert offered() == {"重新抽签": False}
    url = reverse("inspections:round_redraw", args=[this.pk])
    assert client.get(url).context["form"]["number"].value() == 2
    assert client.post(url, {"number": 2}).status_code == 422
    assert client.post(url, {"number": 2, "reason": "秦影外出"}).status_code == 302
    this.refresh_from_db()
    assert this.draw_number == 2
    assert "秦影外出" in client.get(this.get_absolute_url()).content.decode()


def test_a_withdrawn_round_stays_in_the_list_as_withdrawn_without_progress(
    client_of: Any, cast: Any, make_round: Any
) -> None:
    this, client = make_round(), client_of(cast.office)
    url = reverse("inspections:round_withdraw", args=[this.pk])
    assert client.post(url, {}).status_code == 422
    assert client.post(url, {"reason": "与省里的督查重复"}).status_code == 302
    shown = client.get(this.get_absolute_url())
    text = shown.content.decode()
    assert "已撤销，不再检查，不计入任何统计" in text
    assert "与省里的督查重复" in text
    assert shown.context["buttons"] == []
    assert "打印全部检查表" not in text
    assert "待检查" not in [cell.text for row in shown.context["listing"].rows for cell in row.cells]
    listed = client.get(reverse("inspections:rounds"), {"state": "withdrawn"}).context["listing"]
    assert [cell.text for cell in listed.rows[0].cells][-2:] == ["—", "已撤销"]
    assert client.get(reverse("inspections:rounds"), {"state": "open"}).context["listing"].total == 0
    assert client.get(reverse("inspections:checks")).context["listing"].total == 0


def test_a_round_stands_filled_in_as_usual_and_takes_its_name_from_quarter_and_way(
    client_of: Any, cast: Any, hospital: Any
) -> None:
    client, url = client_of(cast.office), reverse("inspections:round_new")
    form = client.get(url).context["form"]
    assert (form["since"].value(), form["until"].value()) == (DAY, date(2026, 10, 26))
    data = {
        "method": "self",
        "checklist": Checklist.objects.get(code="standard").pk,
        "unit": hospital.party.pk,
        "since": "2026-10-12",
        "until": "2026-10-26",
    }
    client.post(url, data)
    this = Round.objects.get()
    assert (this.title, this.state) == ("2026 年第四季度支部自查", Round.State.DRAWN)
    assert client.get(url).context["form"]["checklist"].value() == this.checklist_id


def test_entry_without_the_paper_leads_back_to_the_checklist(
    client_of: Any, cast: Any, hospital: Any, make_round: Any
) -> None:
    check = make_round().checks.get(unit=hospital.b_medicine)
    inspector, url = client_of(cast.inspector), reverse("inspections:check_enter", args=[check.pk])
    shown = inspector.get(url, follow=True)
    assert shown.redirect_chain[0][0] == check.get_absolute_url()
    assert "请先打印检查表" in shown.content.decode()
    inspector.post(reverse("inspections:check_print_checklist", args=[check.pk]))
    assert inspector.get(url).status_code == 200


def test_everything_that_is_missing_is_told_at_once_at_its_field(
    client_of: Any, cast: Any, hospital: Any, make_round: Any
) -> None:
    check = make_round().checks.get(unit=hospital.b_medicine)
    inspector = client_of(cast.inspector)
    inspector.post(reverse("inspections:check_print_checklist", args=[check.pk]))
    keys = {item.code: item.pk for item in check.round.checklist.items.all()}
    data = entry(check, B1=("not_ok", "未开", ""), B2=("partly", "", "deadline"), B3=("ok", "", ""))
    shown = inspector.post(reverse("inspections:check_enter", args=[check.pk]), data)
    assert shown.status_code == 422
    assert shown.context["form"].errors == {
        f"weight-{keys['B1']}": ["请选择怎样处置"],
        f"note-{keys['B2']}": ["请写明查到什么"],
    }


def test_results_entered_before_stand_in_the_form_when_they_are_changed(
    client_of: Any, cast: Any, hospital: Any, make_round: Any
) -> None:
    check = make_round().checks.get(unit=hospital.b_medicine)
    inspector, url = client_of(cast.inspector), reverse("inspections:check_enter", args=[check.pk])
    inspector.post(reverse("inspections:check_print_checklist", args=[check.pk]))
    pk = check.round.checklist.items.get(code="B1").pk
    inspector.post(url, entry(check, B1=("partly", "缺一次", "deadline")) | {f"points-{pk}": "5"})
    form = inspector.get(url).context["form"]
    told = [form[f"{name}-{pk}"].value() for name in ("verdict", "points", "note", "weight")]
    assert told == ["partly", 5, "缺一次", "deadline"]
    assert "修改结果" in inspector.get(check.get_absolute_url()).content.decode()


def test_results_with_nothing_to_judge_are_confirmed_with_one_tap(
    client_of: Any, cast: Any, hospital: Any, make_round: Any
) -> None:
    check = make_round("cross").checks.get(inspecting=hospital.b_medicine)
    secretary, office = Person.objects.get(pk=cast.secretary.pk), client_of(cast.office)
    actions.print_checklist(check, secretary)
    actions.enter(check, secretary, held_on=DAY)

    def confirm() -> Any:
        buttons = office.get(check.get_absolute_url()).context["buttons"]
        return next(button for button in buttons if button.label == "确认结果")

    assert (confirm().asks, confirm().solid) == (False, True)
    item = check.round.checklist.items.get(code="B1")
    draft = actions.AnswerDraft(item, "not_ok", "未开", weight="deadline")
    actions.enter(check, secretary, held_on=DAY, exceptions=[draft])
    assert (confirm().asks, confirm().solid) == (True, True)
    assert "未开（限期整改）" in office.get(confirm().url).content.decode()


@pytest.mark.under_a_committee
def test_relaxations_are_shown_on_the_round(client_of: Any, cast: Any, hospital: Any) -> None:
    this = Round(title="各总支互查", method="mutual", checklist=Checklist.objects.get(code="standard"))
    this.unit = hospital.party
    this.since = this.until = this.period_since = this.period_until = DAY
    this.save()
    actions.draw(this, cast.office, number=1)
    text = client_of(cast.office).get(this.get_absolute_url()).content.decode()
    assert "放宽的规则" in text
    assert this.relaxations[0]["rule"] in text


@pytest.mark.mechanism("S0-19")
def test_inspector_prints_enters_and_office_confirms(
    client_of: Any, cast: Any, hospital: Any, make_round: Any
) -> None:
    check = make_round().checks.get(unit=hospital.b_medicine)
    inspector, office = client_of(cast.inspector), client_of(cast.office)
    url = reverse("inspections:check_enter", args=[check.pk])
    filled = entry(check, B1=("not_ok", "二、三季度未开党员大会", "deadline"))
    early = inspector.post(url, filled)
    assert early.status_code == 422
    assert "请先打印检查表" in early.content.decode()
    printed = inspector.post(reverse("inspections:check_print_checklist", args=[check.pk]))
    assert printed["Content-Type"].endswith("wordprocessingml.document")
    assert inspector.post(url, filled).status_code == 302
    assert "结果由您录入" in inspector.get(check.get_absolute_url()).content.decode()
    office.post(reverse("inspections:check_confirm_check", args=[check.pk]), {"with_findings": "on"})
    check.refresh_from_db()
    assert check.state == Check.State.CONFIRMED
    text = office.get(check.get_absolute_url()).content.decode()
    assert "二、三季度未开党员大会" in text
    assert "待处置" in text
    assert ">92" in text


@pytest.mark.mechanism("S0-16")
def test_secretary_sees_the_prefilled_self_check_and_confirms_it(
    client_of: Any, cast: Any, hospital: Any, make_round: Any
) -> None:
    check = make_round("self").checks.get(unit=hospital.b_medicine)
    client, url = client_of(cast.secretary), reverse("inspections:check_self_check", args=[check.pk])
    shown = client.get(url)
    form = shown.context["form"]
    assert "系统预填" in shown.content.decode()
    data = {name: field.initial or "" for name, field in form.fields.items()}
    assert client.post(url, data).status_code == 302
    check.refresh_from_db()
    assert check.state == Check.State.CONFIRMED
    assert check.answers.filter(prefilled=True).count() == len(form.known) > 0
    assert "系统预填" in client.get(check.get_absolute_url()).content.decode()


def test_outsider_gets_404(client_of: Any, cast: Any, hospital: Any, make_round: Any) -> None:
    this = make_round()
    check = this.checks.get(unit=hospital.b_medicine)
    outsider = client_of(cast.outsider)
    assert outsider.get(check.get_absolute_url()).status_code == 404
    assert outsider.get(reverse("inspections:check_enter", args=[check.pk])).status_code == 404
    assert outsider.get(this.get_absolute_url()).status_code == 404
    assert client_of(cast.member).get(check.get_absolute_url()).status_code == 404
    own = this.checks.get(unit=hospital.b_surgery)
    assert outsider.get(own.get_absolute_url()).status_code == 200


def test_inspected_secretary_cannot_enter_results(
    client_of: Any, cast: Any, hospital: Any, make_round: Any
) -> None:
    check = make_round().checks.get(unit=hospital.b_medicine)
    client = client_of(cast.secretary)
    assert client.get(check.get_absolute_url()).status_code == 200
    assert client.post(reverse("inspections:check_enter", args=[check.pk]), entry(check)).status_code == 404


def found(cast: Any, check: Check, weight: str = "supervision") -> Finding:
    inspector = Person.objects.get(pk=cast.inspector.pk)
    actions.print_checklist(check, inspector)
    item = check.round.checklist.items.get(code="B1")
    draft = actions.AnswerDraft(item, "not_ok", "两个季度未开党员大会", weight=weight)
    actions.enter(check, inspector, held_on=DAY, exceptions=[draft])
    actions.confirm_check(check, cast.office)
    return check.findings.get()


def test_supervision_is_drafted_from_the_finding_with_one_form(
    client_of: Any, cast: Any, hospital: Any, make_round: Any
) -> None:
    finding = found(cast, make_round().checks.get(unit=hospital.b_medicine))
    client = client_of(cast.office)
    url = reverse("inspections:finding_draft_order", args=[finding.pk])
    form = client.get(url).context["form"]
    assert form.initial["owner"] == cast.secretary
    assert "两个季度未开党员大会" in form.initial["measures"]
    data = {
        "measures": "10 月底前补开党员大会\n排定全年会议日期",
        "due_on": "2026-10-30",
        "owner": cast.secretary.pk,
        "verifier": cast.clerk_office.pk,
    }
    assert client.post(url, data | {"verifier": cast.secretary.pk}).status_code == 422
    assert client.post(url, data).status_code == 302
    order = finding.order
    assert order is not None
    assert order.kind == Order.Kind.SUPERVISION
    assert order.lines.count() == 2
    text = client.get(finding.get_absolute_url()).content.decode()
    assert "2026 年党委督查" in text
    assert "排定全年会议日期" in text
    assert "李静" in text
    assert "整改单拟稿" in text
    for measure in order.lines.all():
        assert measure.get_absolute_url() in text
        assert finding.get_absolute_url() in client.get(measure.get_absolute_url()).content.decode()


def test_findings_are_filtered_by_where_they_stand_and_exported(
    client_of: Any, cast: Any, hospital: Any, make_round: Any
) -> None:
    this = make_round()
    open_one = found(cast, this.checks.get(unit=hospital.b_medicine))
    found(cast, this.checks.get(unit=hospital.b_surgery), "on_spot")
    client, url = client_of(cast.office), reverse("inspections:findings")

    def units(**query: str) -> set[str]:
        return {row.cells[1].text.name for row in client.get(url, query).context["listing"].rows}

    assert units() == {"内科党支部", "外科党支部"}
    assert units(state="dispose") == units(weight="supervision") == {"内科党支部"}
    assert units(state="on_spot") == {"外科党支部"}
    assert (
        units(state="closed")
        == units(state="confirm")
        == units(state="running")
        == units(state="dismissed")
        == set()
    )
    Order.objects.create(
        kind="supervision",
        unit=open_one.inspection.unit,
        issuer=hospital.party,
        title="x",
        about=open_one.ref,
    )
    assert units(state="running") == {"内科党支部"}
    assert client.get(url, {"export": 1})["Content-Type"].endswith("spreadsheetml.sheet")
    secretary = client_of(cast.secretary).get(url).context["listing"]
    assert secretary.total == 1
    assert not secretary.export_url


def test_lists_do_not_query_by_row(
    client_of: Any, cast: Any, hospital: Any, make_round: Any, django_assert_max_num_queries: Any
) -> None:
    this = make_round()
    for unit in (hospital.b_medicine, hospital.b_surgery, hospital.b_imaging):
        found(cast, this.checks.get(unit=unit))
    client = client_of(cast.office)
    for name in ("rounds", "checks", "findings"):
        with django_assert_max_num_queries(16):
            assert client.get(reverse(f"inspections:{name}")).status_code == 200
    with django_assert_max_num_queries(26):
        client.get(this.get_absolute_url())


@pytest.mark.mechanism("S0-19")
def test_results_that_are_sent_twice_are_taken_once(
    client_of: Any, cast: Any, hospital: Any, make_round: Any
) -> None:
    """The answer to the first was lost on the way: the second is told that all is well, and changes nothing."""
    check = make_round().checks.get(unit=hospital.b_medicine)
    inspector = client_of(Person.objects.get(pk=cast.inspector.pk))
    inspector.post(reverse("inspections:check_print_checklist", args=[check.pk]))
    url = reverse("inspections:check_enter", args=[check.pk])
    page = inspector.get(url).content.decode()
    assert "entry.js" in page
    token = re.search(r'name="token" value="([^"]{36})"', page)
    assert token
    data = entry(check, B1=("not_ok", "未开", "deadline")) | {"token": token[1]}
    first = inspector.post(url, data)
    finding = Finding.objects.get()
    second = inspector.post(url, data)
    assert (first.status_code, second.status_code, first.url) == (302, 302, second.url)
    assert Finding.objects.get() == finding
    assert Trail.objects.filter(subject=check.ref, verb="inspections.enter").count() == 1
    check.refresh_from_db()
    by = Person.objects.get(pk=cast.inspector.pk)
    with pytest.raises(ValidationError, match="已经收到"):
        actions.enter(check, by, held_on=DAY, token=token[1])
    assert inspector.post(url, data | {"token": "another"}).status_code == 302
    assert Trail.objects.filter(subject=check.ref, verb="inspections.enter").count() == 2
