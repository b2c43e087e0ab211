"""What the deployment waits for."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse

from linghang.activities.models import Meeting
from linghang.dispatch.models import Order
from linghang.dispatch.todos import CITE
from linghang.kernel import clock
from linghang.kernel.parameters import value
from linghang.kernel.todos import Todo, todos
from linghang.planning.models import Item, meeting_of, month_of, top_unit


@todos("planning")
def waiting(person: Any) -> Iterator[Todo]:
    """For 党办: items to accept, a month without its meeting, a meeting without its sheets. At most five queries."""
    if not person.reach("planning.accept") or (unit := top_unit()) is None:
        return
    today = clock.today()
    month = month_of(today)
    url = reverse("planning:month", args=[f"{month:%Y-%m}"])
    items = list(
        Item.objects.within(person, "planning.accept").filter(month=month).values_list("state", flat=True)
    )
    if count := items.count(Item.State.SUBMITTED):
        yield Todo(
            f"{month.month} 月部署会：{count} 项待采纳", "各部门会前报送", url, "去采纳", "会", count=count
        )
    meeting = meeting_of(unit, month)
    if meeting is None:
        if today.day >= value("planning.call_by"):
            why = "每月一次，本月还没有安排"
            yield Todo(f"安排 {month.month} 月部署会", why, reverse("planning:call"), "安排", "会", cite=CITE)
    elif meeting.state != Meeting.State.PLANNED and Item.State.ACCEPTED in items:
        reminders = Order.objects.filter(kind=Order.Kind.REMINDER, issuer=unit, period=month)
        if not reminders.exclude(state=Order.State.VOID).exists():
            why = f"{meeting.held_on:%m-%d} 已开会，{items.count(Item.State.ACCEPTED)} 项已议定"
            yield Todo(f"生成 {month.month} 月提示单", why, url, "生成", "提", cite=CITE)
