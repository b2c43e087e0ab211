"""Where a topic came from and what came of it: links there and back, from the month's item to whoever is inspected."""

from typing import Any

import pytest
from django.urls import reverse

from linghang.decisions import actions
from linghang.decisions.models import Topic
from linghang.decisions.tests.staging import DAY, SITTING, call, hold, prepare
from linghang.dispatch.models import Line, Order
from linghang.kernel import clock
from linghang.kernel.refs import link, origins, tie
from linghang.org.models import Unit
from tests.making import make_check, make_finding, make_item, make_meeting, make_plan, make_round

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("november")]
LINES = {"everybody": "on", "text": "报送排班", "due_on": "2026-12-20"}


def html(client: Any, address: str) -> str:
    return client.get(address).content.decode()


def decided(stage: Any) -> Topic:
    topic = prepare(stage)
    actions.list_topic(topic, stage.cast.office, sitting=(sitting := call(stage)))
    with clock.at(SITTING):
        hold(stage, sitting)
        actions.decide(topic, stage.cast.office, manner="show", yes=5)
    return topic


def test_an_item_of_the_month_is_put_up_for_decision_and_the_thread_goes_both_ways(
    stage: Any, client_of: Any
) -> None:
    office, hospital = client_of(stage.cast.office), stage.hospital
    item = make_item(state="accepted", text="巡回义诊", meeting=(month := make_meeting(kind="deployment")))
    tie(plan := make_plan(), item, "plan")
    tie(month, item, "deployment")
    address = link("decisions.propose", about=item.ref)
    assert address in html(office, item.get_absolute_url())
    assert "起因：巡回义诊" in html(office, address)
    sent = {"department": hospital.d_medicine.pk, "matter": "plan", "title": "义诊车", "month": "2026-11-01"}
    sent |= {"leader": stage.cast.leader.pk, "about": item.ref}
    office.post(reverse("decisions:propose"), sent)
    topic = Topic.objects.get()
    assert origins(topic.ref) == [plan.ref, month.ref, item.ref]
    led_here = html(office, topic.get_absolute_url())
    assert all(one.get_absolute_url() in led_here for one in (plan, month, item))
    assert topic.get_absolute_url() in html(office, item.get_absolute_url())


def test_nobody_puts_up_a_topic_because_of_what_is_out_of_their_reach(stage: Any, client_of: Any) -> None:
    sent = {
        "department": stage.hospital.d_medicine.pk,
        "matter": "plan",
        "title": "车",
        "month": f"{DAY:%Y-%m-01}",
    }
    sent |= {"leader": stage.cast.leader.pk, "about": make_finding().ref}
    assert client_of(stage.proposer).post(reverse("decisions:propose"), sent).status_code == 422
    assert not Topic.objects.exists()


def test_every_branch_gets_a_sheet_and_whoever_is_inspected_because_of_it_is_linked(
    stage: Any, client_of: Any
) -> None:
    topic, office = decided(stage), client_of(stage.cast.office)
    with clock.at(SITTING):
        refused = office.post(reverse("decisions:topic_hand_out", args=[topic.pk]), LINES | {"everybody": ""})
        assert "请选择承办单位" in refused.content.decode()
        office.post(reverse("decisions:topic_hand_out", args=[topic.pk]), LINES)
        asked = set(Order.objects.filter(kind="worklist").values_list("unit", flat=True))
        assert asked == set(Unit.objects.on(SITTING).branches().values_list("pk", flat=True))
        Order.objects.update(state="issued", issued_on=SITTING)
        assert link("inspections.open_round", source=topic.ref) in html(office, topic.get_absolute_url())
        tie(topic, this := make_round(), "inspection")
        line = Line.objects.get(order__unit=stage.hospital.b_medicine)
        inspected = make_check(round=this, unit=stage.hospital.b_medicine)
        assert this.get_absolute_url() in html(office, topic.get_absolute_url())
        assert this.get_absolute_url() in html(office, line.get_absolute_url())
        shown = html(office, inspected.get_absolute_url())
    assert line.get_absolute_url() in shown
    others = Line.objects.exclude(pk=line.pk)
    assert not any(f'"{one.get_absolute_url()}"' in shown for one in others), "only its own line"


def test_the_meeting_of_the_month_counts_the_lines_of_the_decision_that_its_item_led_to(
    stage: Any, client_of: Any
) -> None:
    office = client_of(stage.cast.office)
    item = make_item(state="accepted", text="巡回义诊", meeting=(month := make_meeting(kind="deployment")))
    month.topics.create(place=1, title="巡回义诊", source=item.ref)
    topic = decided(stage)
    tie(item, topic, "topic")
    with clock.at(SITTING):
        office.post(reverse("decisions:topic_hand_out", args=[topic.pk]), LINES)
        Order.objects.update(state="issued", issued_on=SITTING)
        tie(topic, this := make_round(), "inspection")
        tie(this, make_check(round=this), "check")
        (told,) = office.get(month.get_absolute_url()).context["outcomes"]
    assert [(label, count) for label, count, _ in told.figures][:2] == [("下达", 4), ("办结", 0)]
    assert [one.url for one in told.others] == [topic.get_absolute_url(), this.get_absolute_url()]
