"""Members' affairs of the demo year: dues every month, now and then a letter of transfer, a member who works elsewhere."""

import random
from datetime import date, timedelta

from linghang.org import actions
from linghang.org.actions.dues import payers
from linghang.org.demo import branches, holder
from linghang.org.models import DuesMonth, Membership, Person, Spell, Transfer, Unit
from linghang.rules.workdays import workdays_between

# Working days of the month: from the eighth on each branch writes its dues down on a day of its own.
MOVING, RECEIVING, PAYING = 12, 3, 8
AWAY_MONTHS = (3, 9)
LATE = 0.02


def play(day: date, rng: random.Random) -> None:
    """Branches write their dues down; once a month the office opens a letter, and the other branch answers it."""
    today = workdays_between(day.replace(day=1) - timedelta(days=1), day).count
    for unit in branches():
        if today == PAYING + unit.pk % 8 and (by := holder("organiser", unit)):
            _dues(unit, by, day, rng)
    if today == MOVING:
        _move(day, rng)
    elif today == RECEIVING:
        _receive(day)


def _dues(unit: Unit, by: Person, day: date, rng: random.Random) -> None:
    """Nearly all have paid; whoever was late last month has paid meanwhile."""
    last = (day.replace(day=1) - timedelta(days=1)).replace(day=1)
    if DuesMonth.present.filter(branch=unit, month=last, paid=False).exists():
        actions.record_dues(unit, by, month=last, paid=[each.person_id for each in payers(unit, last)])
    paid = [each.person_id for each in payers(unit, day) if rng.random() >= LATE]
    actions.record_dues(unit, by, month=day.replace(day=1), paid=paid)


def _plain(unit: Unit) -> Person | None:
    """A member without a post, for whom nothing special has been noted."""
    held = Membership.objects.filter(branch=unit, until=None, status=Membership.Status.FULL)
    plain = Person.objects.filter(pk__in=held.values("person"), posts=None, spells=None, transfers=None)
    return plain.order_by("-staff_number").first()


def _move(day: date, rng: random.Random) -> None:
    office = holder("office_director")
    source, target = rng.sample(branches(), 2)
    if office and (person := _plain(source)):
        letter = f"转〔{day.year}〕{day.month} 号"
        actions.transfer_out(office, person=person, out_on=day, target=target, letter=letter)
    if day.month in AWAY_MONTHS and (by := holder("organiser", target)) and (person := _plain(target)):
        kind, place = str(Spell.Kind.FLOATING), str(Spell.Place.COUNTRY)
        actions.note_spell(by, person=person, kind=kind, since=day, place=place)


def _receive(day: date) -> None:
    """Who is expected is received; the last letter of the year is still on its way when the demo begins."""
    sent = Transfer.objects.filter(state=Transfer.State.SENT, out_on__lt=day).select_related("target")
    for transfer in sent:
        if by := holder("organiser", transfer.target):
            actions.receive_transfer(transfer, by, receipt_on=day)
