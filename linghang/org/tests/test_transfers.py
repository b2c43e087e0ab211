"""A membership travels with letter and receipt; until it is received, the old branch counts the member."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from linghang.kernel import clock
from linghang.kernel.flow import WrongState
from linghang.kernel.models import Notice
from linghang.org import actions
from linghang.org.electorate import members_on
from linghang.org.models import Milestone
from tests.making import afresh, branch, make_person, unit

pytestmark = pytest.mark.django_db
TODAY, SENT = date(2026, 11, 16), date(2026, 11, 2)


@pytest.fixture(autouse=True)
def day():
    with clock.at(TODAY):
        yield


def keys(place, day):
    return {member.key for member in members_on(place, day)}


def letter(by, person, **more):
    return actions.transfer_out(by, person=person, out_on=SENT, letter="2026-031", **more)


def test_the_old_branch_counts_until_the_day_of_the_receipt(cast, hospital):
    made, key = letter(cast.office, cast.member, target=hospital.b_surgery), str(cast.member.pk)
    assert key in keys(branch(), TODAY)
    actions.receive_transfer(made, cast.outsider, receipt_on=date(2026, 11, 10))
    assert key in keys(branch(), date(2026, 11, 9))
    assert key not in keys(branch(), date(2026, 11, 10))
    assert key in keys(hospital.b_surgery, date(2026, 11, 10))
    assert afresh(cast.member).branch == hospital.b_surgery
    assert Notice.objects.filter(to=cast.secretary.ref, text__contains="已由外科党支部接收").exists()


def test_only_the_receiving_branch_or_the_office_receives(cast, hospital):
    made = letter(cast.office, cast.member, target=hospital.b_surgery)
    with pytest.raises(ValidationError, match="由转入的外科党支部接收"):
        actions.receive_transfer(made, cast.secretary, receipt_on=TODAY)
    with pytest.raises(PermissionDenied):
        letter(cast.secretary, make_person(), target=hospital.b_surgery)


def test_a_member_who_goes_outside_is_gone_with_the_receipt(cast):
    made = letter(cast.office, cast.member, outside="市卫生健康委机关党委")
    with pytest.raises(ValidationError, match="回执不能早于开出"):
        actions.file_receipt(made, cast.clerk, receipt_on=date(2026, 11, 1))
    actions.file_receipt(made, cast.clerk, receipt_on=TODAY)
    assert afresh(cast.member).branch is None
    assert Milestone.objects.get(person=cast.member).kind == "transferred"
    with pytest.raises(WrongState):
        actions.file_receipt(made, cast.clerk, receipt_on=TODAY)


def test_one_letter_at_a_time_and_one_destination(cast, hospital):
    with pytest.raises(ValidationError, match="二者取一"):
        letter(cast.office, cast.member, target=hospital.b_surgery, outside="外单位")
    with pytest.raises(ValidationError, match="就在"):
        letter(cast.office, cast.member, target=branch())
    made = letter(cast.office, cast.member, target=hospital.b_surgery)
    with pytest.raises(ValidationError, match="已有一张介绍信在途"):
        letter(cast.office, cast.member, outside="外单位")
    actions.void_transfer(made, cast.office)
    letter(cast.office, cast.member, outside="外单位")


def test_a_letter_for_somebody_who_has_left_meanwhile_is_void(cast, hospital):
    made = letter(cast.office, cast.member, target=hospital.b_surgery)
    actions.end_membership(afresh(cast.member), cast.office, kind="died", on=TODAY)
    with pytest.raises(ValidationError, match="请作废"):
        actions.receive_transfer(made, cast.outsider, receipt_on=TODAY)


def test_somebody_comes_from_outside_with_the_day_of_our_receipt(cast, hospital):
    person = make_person(branch=None, home=unit("d-medicine"), name="新来")
    made = actions.transfer_in(
        cast.office,
        person=person,
        target=branch(),
        outside="省中医院党委",
        status="full",
        out_on=SENT,
        receipt_on=date(2026, 11, 9),
    )
    assert made.state == "received"
    assert str(person.pk) in keys(branch(), date(2026, 11, 9))
    assert str(person.pk) not in keys(branch(), date(2026, 11, 8))
    with pytest.raises(ValidationError, match="已编入支部"):
        actions.transfer_in(
            cast.office,
            person=person,
            target=branch(),
            outside="别处",
            status="full",
            out_on=SENT,
            receipt_on=TODAY,
        )
