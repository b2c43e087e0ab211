"""What waits for a branch about its members: letters on their way, those away, those nobody has been in touch with."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from linghang.kernel import clock
from linghang.kernel.parameters import value
from linghang.kernel.todos import Offered, Todo, Told, Waits, todos
from linghang.org.models import Contact, Spell, Transfer
from linghang.org.parameters import RECEIPT_DAYS
from linghang.rules import membership
from linghang.rules.clauses import Verdict
from linghang.rules.periods import add_months
from linghang.rules.register import rule

FEW = 20
Kind = Spell.Kind


@todos("org.members")
def members(person: Any) -> Offered:
    """Members to receive, receipts that have not come back, and what is to be looked into about those who are away."""
    today = clock.today()
    sent: Any = Transfer.objects.filter(state=Transfer.State.SENT)
    if reach := person.reach("org.receive_transfer"):
        mine = sent.filter(target__in=reach.units)
        yield Waits(mine, "out_on", _to_receive, ("person", "source"), FEW)
        late = today - timedelta(days=value(RECEIPT_DAYS))
        overdue = sent.filter(source__in=reach.units, out_on__lt=late)
        yield Waits(overdue, "out_on", _overdue, ("person", "source", "target"), FEW)
    if reach := person.reach("org.contact"):
        own = Spell.objects.standing().filter(until=None, unit__in=reach.units)
        half = add_months(today, -membership.months("R-JY-09", on=today))
        touched = Contact.objects.filter(on__gt=half).values("spell")
        away = own.filter(kind=Kind.FLOATING, since__lte=half)
        yield Waits(away.exclude(pk__in=touched), "since", _out_of_touch, ("person",), FEW)
        yield Waits(own.filter(_come_due(today, sent)), "since", _to_look_into, ("person",), FEW)


def _come_due(today: date, sent: Any) -> Q:
    """Spells so old that a rule may ask for something (R-JY-04 … 06), where it has not been seen to already.

    The rules judge them once more, to the day; this only leaves out the rest.
    """
    others = Spell.objects.standing().filter(person=OuterRef("person"), until=None)
    stopped, lost = Exists(others.filter(kind=Kind.STOPPED)), Exists(others.filter(kind=Kind.LOST))
    on_their_way = Exists(sent.filter(person=OuterRef("person")))
    due = {code: membership.horizon(code, today=today) for code in ("R-JY-04", "R-JY-05", "R-JY-06")}
    settled = Q(~on_their_way, kind=Kind.FLOATING, settled=True, since__lte=due["R-JY-04"])
    abroad = Q(~stopped, kind=Kind.FLOATING, place=Spell.Place.ABROAD, since__lte=due["R-JY-06"])
    unheard = Q(~stopped, kind=Kind.LOST, since__lte=due["R-JY-05"])
    return settled | abroad | unheard | Q(lost, kind=Kind.STOPPED)


def _to_receive(found: Sequence[Transfer], count: int) -> Iterable[Told]:
    for each in found:
        title = f"接收{each.person}的组织关系"
        yield Todo(title, f"{each.source}转来，接收后退回执", each.get_absolute_url(), "接收", "转")


def _overdue(found: Sequence[Transfer], count: int) -> Iterable[Told]:
    today = clock.today()
    cite = rule("R-JY-04", today).cite
    for each in found:
        title = f"{each.person}的介绍信还没有回执"
        why = f"已开出 {each.waited(today)} 天，转往{each.target or each.outside}；收到回执以前仍由本支部管理"
        yield Todo(title, why, each.get_absolute_url(), "催问", "转", cite=cite)


def _out_of_touch(found: Sequence[Spell], count: int) -> Iterable[Told]:
    today = clock.today()
    law, months = rule("R-JY-09", today), membership.months("R-JY-09", on=today)
    for each in found:
        url = reverse("org:spell_contact", args=[each.pk])
        why = f"近 {months} 个月没有联系记录"
        yield Todo(f"联系流动党员{each.person}", why, url, "登记", "联", cite=law.cite)


def _to_look_into(found: Sequence[Spell], count: int) -> Iterable[Told]:
    for each in found:
        title, verdict = _judged(each)
        if not verdict.met:
            url = each.person.get_absolute_url()
            yield Todo(title, verdict.sentence, url, "看一看", "外", cite=verdict.rule.cite)


def _judged(spell: Spell) -> tuple[str, Verdict]:
    """What to see to about somebody who is away, and what the rule says of it; the organisation decides."""
    today, who = clock.today(), spell.person
    if spell.kind == Kind.LOST:
        return f"{who}失去联系，研究是否停止党籍", membership.lost(spell.since, None, today=today)
    if spell.kind == Kind.STOPPED:
        lost = membership.lost(spell.since, spell.since, today=today)
        return f"{who}停止党籍后仍失去联系，研究处理", lost
    if spell.place == Spell.Place.ABROAD and not (gone := membership.abroad(spell.since, today=today)).met:
        return f"{who}出国（境）逾期未归，研究是否停止党籍", gone
    away = membership.away(spell.since, spell.settled, today=today)
    return f"{who}外出已久，问一问组织关系转不转", away
