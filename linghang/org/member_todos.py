"""What waits for a branch about its members: letters on their way, and those away whom nobody has been in touch with."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from django.urls import reverse

from linghang.kernel import clock
from linghang.kernel.parameters import value
from linghang.kernel.todos import Offered, Todo, Told, Waits, todos
from linghang.org.models import Contact, Spell, Transfer
from linghang.org.parameters import RECEIPT_DAYS
from linghang.rules.membership import contacted
from linghang.rules.periods import add_months

FEW = 20


@todos("org.members")
def members(person: Any) -> Offered:
    """Members to receive, receipts that have not come back, and those away whom nobody has been in touch with."""
    sent: Any = Transfer.objects.filter(state=Transfer.State.SENT)
    if reach := person.reach("org.receive_transfer"):
        mine = sent.filter(target__in=reach.units)
        yield Waits(mine, "out_on", _to_receive, ("person", "source"), FEW)
        late = clock.today() - timedelta(days=value(RECEIPT_DAYS))
        overdue = sent.filter(source__in=reach.units, out_on__lt=late)
        yield Waits(overdue, "out_on", _overdue, ("person", "source", "target"), FEW)
    if reach := person.reach("org.contact"):
        touched = Contact.objects.filter(on__gt=add_months(clock.today(), -6)).values("spell")
        away = Spell.objects.standing().filter(kind=Spell.Kind.FLOATING, until=None, unit__in=reach.units)
        lost = away.filter(since__lte=add_months(clock.today(), -6)).exclude(pk__in=touched)
        yield Waits(lost, "since", _out_of_touch, ("person",), FEW)


def _to_receive(found: Sequence[Transfer], count: int) -> Iterable[Told]:
    for each in found:
        title = f"接收{each.person}的组织关系"
        yield Todo(title, f"{each.source}转来，接收后退回执", each.get_absolute_url(), "接收", "转")


def _overdue(found: Sequence[Transfer], count: int) -> Iterable[Told]:
    today = clock.today()
    for each in found:
        title = f"{each.person}的介绍信还没有回执"
        why = f"已开出 {each.waited(today)} 天，转往{each.target or each.outside}；收到回执以前仍由本支部管理"
        yield Todo(title, why, each.get_absolute_url(), "催问", "转", cite="R-JY-04")


def _out_of_touch(found: Sequence[Spell], count: int) -> Iterable[Told]:
    for each in found:
        verdict = contacted(each.since, today=clock.today())
        url = reverse("org:spell_contact", args=[each.pk])
        yield Todo(
            f"联系流动党员{each.person}", "半年内没有联系记录", url, "登记", "联", cite=verdict.rule.code
        )
