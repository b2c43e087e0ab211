"""What campaigns wait for: problems without an order, and those that were put right long enough ago to look again."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.urls import reverse

from linghang.inspections.models.campaigns import Problem
from linghang.kernel.todos import Offered, Todo, Waits, todos


@todos("inspections.campaigns")
def waiting(person: Any) -> Offered:
    """For whoever drafts the orders of a campaign, and looks again afterwards."""
    if person.may("inspections.order_problem"):
        rows = Problem.objects.within(person, "inspections.order_problem").with_order().to_order()
        why = "列入清单，还没有整改单"
        yield Waits(rows, "due_on", partial(_tell, "个专项问题待发整改单", why, "open", "去起草"), most=0)
    if person.may("inspections.recheck"):
        rows = Problem.objects.within(person, "inspections.recheck").with_order().to_recheck()
        why = "销号已满回头看的期限，看有没有反弹"
        yield Waits(rows, "found_on", partial(_tell, "个专项问题待回头看", why, "recheck", "回头看"), most=0)


def _tell(what: str, why: str, state: str, button: str, _: Any, count: int) -> Iterator[Todo]:
    url = f"{reverse('inspections:problems')}?state={state}"
    yield Todo(f"{count} {what}", why, url, button, "专", count=count)
