"""Members' affairs of the demo year: dues every month, now and then a letter of transfer, a member who works elsewhere."""

import random
from datetime import date, timedelta

from linghang.org import actions
from linghang.org.actions.dues import payers
from linghang.org.demo import branches, holder
from linghang.org.dues_sheets import read_dues
from linghang.org.models import DuesMonth, Membership, Person, Spell, Transfer, Unit
from linghang.rules.workdays import workdays_between
from linghang.ui.sheet_reading import Sheet

# Working days of the month: on the twelfth the office opens a letter, and enters the sheet of dues.
MOVING, RECEIVING, PAYING = 12, 3, 12
AWAY_MONTHS = (3, 9)
LATE = 0.02


def play(day: date, rng: random.Random) -> None:
    """Once a month the office enters the sheet of dues and opens a letter, and the other branch answers it."""
    today = workdays_between(day.replace(day=1) - timedelta(days=1), day).count
    if today == PAYING and (office := holder("office_clerk")):
        _dues(office, day, rng)
    if today == MOVING:
        _move(day, rng)
    elif today == RECEIVING:
        _receive(day)


def _dues(office: Person, day: date, rng: random.Random) -> None:
    """Nearly all have paid; whoever was late last month has paid meanwhile."""
    month = day.replace(day=1)
    owing = [each.person for unit in branches() for each in payers(unit, day)]
    said = [(person, month, "已交" if rng.random() >= LATE else "未交") for person in owing]
    late = DuesMonth.present.filter(month__lt=month, paid=False).exclude(person__branch=None)
    said += [(each.person, each.month, "已交") for each in late.select_related("person")]
    sheet = Sheet("党费", [["工号", "姓名", "月份", "是否已交"]])
    sheet.rows += [[person.staff_number, person.name, of, paid] for person, of, paid in said]
    outcome = read_dues([sheet], office, "org.import_dues", day.year)
    top = Unit.objects.party().filter(until=None).order_by("path").first()
    if top is not None:
        name = f"{day.year}年{day.month}月党费交纳表.xlsx"
        actions.confirm_dues(actions.import_dues(office, unit=top, name=name, outcome=outcome), office)


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
