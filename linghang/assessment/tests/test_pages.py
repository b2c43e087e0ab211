"""Who sees what of an assessment, and what the pages say."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.urls import reverse
from docx import Document

from linghang.assessment import actions
from linghang.assessment.models import Cycle, Mark, Objection, Rating, Score
from linghang.assessment.tests.acts import AFTER, decline_all, go_live, held, mark_all, open_cycle
from linghang.kernel import clock, parameters
from linghang.kernel.access import SYSTEM
from linghang.kernel.todos import OFFERS

pytestmark = pytest.mark.django_db


@pytest.fixture
def cycle(hospital, cast):
    go_live()
    held(cast.secretary, hospital.b_medicine, "themed_day", date(2026, 3, 9))
    with clock.at(AFTER):
        found = open_cycle(cast.office, hospital.party)
        share = {hospital.b_surgery.pk: "0.99", hospital.b_imaging.pk: "0.98", hospital.b_office.pk: "0.9"}
        mark_all(found, cast.office, share)
        yield decline_all(actions.compute(found, cast.office), cast.office)


@pytest.fixture
def published(hospital, cycle, cast):
    actions.propose(cycle, cast.clerk_office)
    best = Rating.objects.get(cycle=cycle, unit=hospital.b_surgery).pk
    actions.confirm_rating(cycle, cast.leader, decided={best: "示范"}, reasons={best: "党委会研究"})
    return actions.publish(cycle, cast.office)


def sheet_url(cycle, unit, name="sheet"):
    return reverse(f"assessment:{name}", args=[Rating.objects.get(cycle=cycle, unit=unit).pk])


def body(response):
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_a_branch_sees_its_own_sheet_once_published_and_no_other(hospital, cast, client_of, published):
    text = body(client_of(cast.secretary).get(sheet_url(published, hospital.b_medicine)))
    assert "每一分怎么来的" in text
    assert ">12 次</a>" in text
    assert "提出异议（至 12-17）" in text
    assert client_of(cast.outsider).get(sheet_url(published, hospital.b_medicine)).status_code == 404
    assert client_of(cast.general).get(sheet_url(published, hospital.b_medicine)).status_code == 404
    assert client_of(cast.member).get(sheet_url(published, hospital.b_medicine)).status_code == 404


def test_before_publication_only_the_office_sees_scores(hospital, cast, client_of, cycle):
    assert client_of(cast.secretary).get(sheet_url(cycle, hospital.b_medicine)).status_code == 404
    assert (
        client_of(cast.secretary).get(sheet_url(cycle, hospital.b_medicine, "sheet_paper")).status_code == 404
    )
    assert "每一分怎么来的" in body(client_of(cast.office).get(sheet_url(cycle, hospital.b_medicine)))


def test_a_hospital_may_show_its_branches_the_trial(hospital, cast, client_of, cycle):
    parameters.put(SYSTEM, "assessment.show_trial", True, AFTER)
    assert "这是试算" in body(client_of(cast.secretary).get(sheet_url(cycle, hospital.b_medicine)))
    assert client_of(cast.outsider).get(sheet_url(cycle, hospital.b_medicine)).status_code == 404


def test_every_figure_opens_its_records_under_the_readers_permission(hospital, cast, client_of, published):
    score = Score.objects.get(run=published.run, unit=hospital.b_medicine, code="B5")
    url = score.get_absolute_url()
    assert f"{url}?part=numerator" in body(
        client_of(cast.secretary).get(sheet_url(published, hospital.b_medicine))
    )
    text = body(client_of(cast.secretary).get(url, {"part": "numerator"}))
    assert "03-09 主题党日" in text
    assert client_of(cast.outsider).get(url).status_code == 404


def test_an_unknown_total_says_so_and_why(hospital, cast, client_of, cycle):
    Mark.objects.filter(code="D2", unit=hospital.b_medicine).delete()
    actions.compute(cycle, cast.office)
    text = body(client_of(cast.office).get(sheet_url(cycle, hospital.b_medicine)))
    assert "无法判定" in text
    assert "D2 尚未评分" in text


def test_everybody_sees_the_published_list_without_scores(hospital, cast, client_of, published):
    model = Rating.objects.get(cycle=published, confirmed="示范")
    others = Rating.objects.filter(cycle=published).exclude(confirmed__in=("示范", "优秀"))
    for person in (cast.member, cast.outsider, cast.secretary, cast.contributor):
        text = body(client_of(person).get(reverse("assessment:published"))).partition("</h1>")[2]
        assert f"<dd>{model.unit}</dd>" in text
        assert str(model.total) not in text
        assert not any(f"<dd>{row.unit}</dd>" in text for row in others)


def test_nothing_is_public_before_publication(hospital, cast, client_of, cycle):
    assert "现在没有公示的名单" in body(client_of(cast.member).get(reverse("assessment:published")))


def test_home_leads_each_to_their_own_side(cast, client_of, published):
    for person, name in ((cast.office, "cycles"), (cast.secretary, "sheets"), (cast.member, "published")):
        assert client_of(person).get(reverse("assessment:home")).url == reverse(f"assessment:{name}")


def test_office_walks_through_the_whole_year(hospital, cast, client_of):
    go_live()
    with clock.at(AFTER):
        office, clerk, leader = (client_of(p) for p in (cast.office, cast.clerk_office, cast.leader))
        scheme = Cycle.scheme.field.related_model.objects.get(code="branch")
        data = {
            "scheme": scheme.pk,
            "unit": hospital.party.pk,
            "title": "2026 年度",
            "since": "2025-12-01",
            "until": "2026-11-30",
        }
        assert office.post(reverse("assessment:cycle_new"), data).status_code == 302
        cycle = Cycle.objects.get()
        mark_all(
            cycle,
            cast.office,
            {hospital.b_office.pk: "0.5", hospital.b_imaging.pk: "0.8", hospital.b_surgery.pk: "0.9"},
        )
        job = office.post(reverse("assessment:cycle_compute", args=[cycle.pk]))
        assert job.status_code == 302
        cycle.refresh_from_db()
        assert cycle.state == "computed"
        decline_all(cycle, cast.office)
        assert clerk.post(reverse("assessment:cycle_propose", args=[cycle.pk])).status_code == 302
        decide = reverse("assessment:cycle_confirm_rating", args=[cycle.pk])
        assert "拟定" in body(leader.get(decide))
        ratings = {f"rating_{row.pk}": row.proposed for row in cycle.ratings.all()}
        assert leader.post(decide, ratings).status_code == 302
        assert office.post(reverse("assessment:cycle_publish", args=[cycle.pk])).status_code == 302
        assert "公示中" in body(office.get(cycle.get_absolute_url()))
    with clock.at(date(2026, 12, 20)):
        office.post(reverse("assessment:cycle_lock", args=[cycle.pk]))
        cycle.refresh_from_db()
        assert cycle.state == "locked"
        assert office.get(reverse("assessment:uses", args=[cycle.pk]))["Content-Type"].endswith("sheet")


def test_a_new_trial_run_says_how_many_proposals_fall_before_they_do(hospital, cast, client_of, cycle):
    actions.propose(cycle, cast.clerk_office)
    url, client = reverse("assessment:cycle_compute", args=[cycle.pk]), client_of(cast.office)
    count, runs = cycle.ratings.settled().count(), cycle.runs.count()
    assert count == cycle.branches().count()
    assert f'href="{url}"' in body(client.get(cycle.get_absolute_url()))
    for response in (client.get(url), client.post(url)):
        assert f"{count} 个支部已有的等次会作废" in body(response)
    assert client.post(url, {"asked": "1"}).status_code == 422
    cycle.refresh_from_db()
    assert (cycle.state, cycle.runs.count()) == ("proposed", runs)
    assert cycle.ratings.settled().count() == count
    assert client.post(url, {"asked": "1", "discard": "on"}).status_code == 302
    cycle.refresh_from_db()
    assert (cycle.state, cycle.runs.count()) == ("computed", runs + 1)
    assert not cycle.ratings.settled().exists()


def test_marks_after_the_last_run_make_a_new_run_the_next_step(hospital, cast, client_of, cycle):
    client, url = client_of(cast.office), cycle.get_absolute_url()
    assert "又有评分或认定" not in body(client.get(url))
    actions.enter_manual(cycle, cast.office, marks={"D2": {hospital.b_medicine.pk: Decimal(1)}})
    page = client.get(url)
    assert "最近一次试算之后又有评分或认定" in body(page)
    assert [button.label for button in page.context["buttons"] if button.solid] == ["试算"]


def test_a_published_cycle_offers_only_what_can_be_done(hospital, cast, client_of, published):
    client, url = client_of(cast.office), published.get_absolute_url()
    offered = lambda: [button.label for button in client.get(url).context["buttons"]]  # noqa: E731
    assert offered() == []
    rating = Rating.objects.get(cycle=published, unit=hospital.b_medicine)
    objection = actions.raise_objection(cast.secretary, rating=rating, text="少计一次")
    actions.answer(objection, cast.office, answer="成立", upheld=True)
    assert offered() == ["试算"]
    text = body(client.get(reverse("assessment:cycle_compute", args=[published.pk])))
    assert "已公示的名单随之撤下" in text
    with clock.at(date(2026, 12, 18)):
        assert offered() == ["试算", "锁定"]


def test_the_committee_sees_how_the_proposal_divides(hospital, cast, client_of, cycle):
    actions.propose(cycle, cast.clerk_office)
    text = body(client_of(cast.leader).get(reverse("assessment:cycle_confirm_rating", args=[cycle.pk])))
    for name in {row.proposed for row in cycle.ratings.all() if row.proposed}:
        assert f"{name} {cycle.ratings.filter(proposed=name).count()} 个" in text
    votes = cycle.ratings.exclude(among=[]).count()
    assert (f"{votes} 个并列待票决" if votes else "没有并列待票决的") in text


def test_a_first_trial_run_asks_nothing(hospital, cast, client_of, cycle):
    url, runs = reverse("assessment:cycle_compute", args=[cycle.pk]), cycle.runs.count()
    assert client_of(cast.office).get(url).url == cycle.get_absolute_url()
    assert client_of(cast.office).post(url).status_code == 302
    assert cycle.runs.count() == runs + 1


def test_one_item_is_marked_for_all_branches_in_one_form(hospital, cast, client_of, cycle):
    url = reverse("assessment:manual_item", args=[cycle.pk, "D2"])
    client = client_of(cast.office)
    assert "内科党支部" in body(client.get(url))
    pk = hospital.b_medicine.pk
    assert client.post(url, {f"value_{pk}": "11"}).status_code == 422
    assert client.post(url, {f"value_{pk}": "7.5", f"note_{pk}": "三项达标"}).status_code == 302
    mark = Mark.objects.get(cycle=cycle, code="D2", unit=hospital.b_medicine)
    assert (str(mark.value), mark.note) == ("7.50", "三项达标")


def test_one_branch_is_marked_in_one_form(hospital, cast, client_of, cycle):
    url = reverse("assessment:manual_unit", args=[cycle.pk, hospital.b_medicine.pk])
    client = client_of(cast.office)
    assert "D2 质量安全" in body(client.get(url))
    assert client.post(url, {"out_C2": "on", "value_D1": "4"}).status_code == 302
    assert Mark.objects.get(cycle=cycle, code="C2", unit=hospital.b_medicine).value is None


def test_board_sorts_by_dimension_and_goes_out_as_a_workbook(hospital, cast, client_of, cycle):
    client = client_of(cast.office)
    url = reverse("assessment:board", args=[cycle.pk])
    text = body(client.get(url, {"sort": "-dim_D"})).partition("<tbody>")[2]
    assert text.index("内科党支部") < text.index("机关党支部")
    assert client.get(url, {"export": 1})["Content-Type"].endswith("sheet")
    assert client_of(cast.secretary).get(url).status_code == 404


def test_an_objection_is_raised_and_answered_on_pages(hospital, cast, client_of, published):
    score = Score.objects.get(run=published.run, unit=hospital.b_medicine, code="B1")
    url = sheet_url(published, hospital.b_medicine, "object")
    client = client_of(cast.secretary)
    assert "提出异议" in body(client.get(url, {"score": score.pk}))
    assert client.post(url, {"score": score.pk, "text": "三季度已开会，记录晚了"}).status_code == 302
    found = Objection.objects.get()
    assert [todo.button for todo in OFFERS["assessment.objections"](cast.office)] == ["去答复"]
    assert client_of(cast.outsider).get(found.get_absolute_url()).status_code == 404
    office = client_of(cast.office)
    assert "答复" in body(office.get(found.get_absolute_url()))
    office.post(reverse("assessment:objection_answer", args=[found.pk]), {"answer": "已核对，维持"})
    assert "维持原结果" in body(client.get(found.get_absolute_url()))


def test_whoever_proposed_is_told_that_somebody_else_answers(hospital, cast, client_of, published):
    row = Rating.objects.get(cycle=published, unit=hospital.b_medicine)
    found = actions.raise_objection(cast.secretary, rating=row, text="请核对")
    assert "另一位同事答复" in body(client_of(cast.clerk_office).get(found.get_absolute_url()))


def test_the_word_paper_holds_the_same_numbers(hospital, cast, client_of, published):
    response = client_of(cast.secretary).get(sheet_url(published, hospital.b_medicine, "sheet_paper"))
    document = Document(BytesIO(response.content))
    words = "\n".join(p.text for p in document.paragraphs)
    words += "\n".join(cell.text for table in document.tables for row in table.rows for cell in row.cells)
    row = Rating.objects.get(cycle=published, unit=hospital.b_medicine)
    assert str(row.total) in words
    assert "B5 主题党日" in words
    assert published.run.code in words
    assert "{{" not in words


def test_pages_cost_few_queries(hospital, cast, client_of, published, django_assert_max_num_queries):
    client = client_of(cast.office)
    for url in (
        sheet_url(published, hospital.b_medicine),
        reverse("assessment:board", args=[published.pk]),
        published.get_absolute_url(),
    ):
        client.get(url)
        with django_assert_max_num_queries(22):
            client.get(url)


def test_the_next_step_waits_for_the_right_person(hospital, cast, client_of, cycle):
    actions.propose(cycle, cast.clerk_office)
    assert [todo.button for todo in OFFERS["assessment.cycles"](cast.leader)] == ["去确认"]
    assert not list(OFFERS["assessment.cycles"](cast.office))
