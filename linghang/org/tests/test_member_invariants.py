"""Whatever is legally done in whatever order: one membership at a time, no probationer in a base, dates in order."""

import random
from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.core.exceptions import ValidationError

from linghang.kernel import clock
from linghang.org import actions
from linghang.org.actions.members import ORDER
from linghang.org.electorate import members_on
from linghang.org.models import Membership, Person, Transfer, Unit
from linghang.rules.electorate import base
from tests.making import make_person, somebody, unit

pytestmark = pytest.mark.django_db
START = date(2024, 1, 10)


def _enroll(office, person, rng, day):
    place = unit(rng.choice(["b-medicine", "b-surgery", "b-imaging"]))
    status = rng.choice(["full", "probationary"])
    if status == "probationary" and person.memberships.filter(status="full").exists():
        status = "full"
    actions.enroll(person, office, branch=place, status=status, since=day, note="补录")


def _confirm(office, person, rng, day):
    actions.confirm_member(person, office, on=day - timedelta(days=rng.randrange(3)))


def _end(office, person, rng, day):
    kind = rng.choice(["died", "removed", "cancelled", "lapsed"])
    actions.end_membership(person, office, kind=kind, on=day - timedelta(days=rng.randrange(5)))


def _send(office, person, rng, day):
    place = unit(rng.choice(["b-medicine", "b-surgery"]))
    actions.transfer_out(office, person=person, out_on=day, target=place)


def _leave(office, person, rng, day):
    actions.transfer_out(office, person=person, out_on=day, outside="外单位党委")


def _receive(office, person, rng, day):
    for made in Transfer.objects.filter(person=person, state="sent"):
        verb = actions.receive_transfer if made.target_id else actions.file_receipt
        verb(made, office, receipt_on=day)


def _restrict(office, person, rng, day):
    kind = rng.choice(["stopped", "paused"])
    actions.restrict(office, person=person, kind=kind, since=day, decided_by="医院党委")


def _note(office, person, rng, day):
    kind = rng.choice(["applied", "activist", "candidate", "dropped"])
    on = day - timedelta(days=rng.randrange(200))
    actions.note_milestone(office, person=person, unit=unit("b-medicine"), kind=kind, on=on)


ACTS = (_enroll, _confirm, _end, _send, _leave, _receive, _receive, _restrict, _note)


@pytest.mark.parametrize("seed", range(6))
def test_no_sequence_of_legal_acts_breaks_what_must_hold(hospital, seed):
    rng, office, done = random.Random(seed), somebody("1003"), 0
    cast = [make_person(f"65{n:02}", branch=None, home=unit("d-medicine")).pk for n in range(4)]
    for turn in range(60):
        day = START + timedelta(days=9 * turn)
        with clock.at(day):
            person = Person.objects.get(pk=rng.choice(cast))
            try:
                rng.choice(ACTS)(office, person, rng, day)
                done += 1
            except ValidationError:
                continue
            _check(cast, day)
    assert done > 15


def _check(cast, today):
    for person in Person.objects.filter(pk__in=cast):
        rows = list(person.memberships.order_by("since"))
        assert all(one.until is not None and one.until <= two.since for one, two in pairwise(rows))
        assert all(row.until is None or row.since <= row.until for row in rows)
        here = next((row for row in rows if row.until is None), None)
        assert person.branch_id == (here.branch_id if here else None)
        steps = [m for m in person.milestones.filter(corrected=False) if m.kind in ORDER]
        assert all(m.on <= today for m in steps)
    for place in Unit.objects.branches():
        for day in (today, today - timedelta(days=30)):
            held = base(members_on(place, day), day)
            probing = Membership.objects.on(day).filter(branch=place, status="probationary")
            counted = {int(each.key) for each in held.counted}
            assert not counted & set(probing.values_list("person", flat=True))
