"""What the deployment waits for, and when it meets."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.urls import reverse

from linghang.activities.models import Meeting
from linghang.dispatch.models import Order
from linghang.dispatch.parameters import BASIS
from linghang.kernel import clock
from linghang.kernel.parameters import value
from linghang.kernel.todos import Coming, Todo, Waits, coming, todos
from linghang.planning.models import Item, Plan, Pledge, meetings_now, month_of

State = Item.State
FEW_PLANS = 3


@todos("planning")
def waiting(person: Any) -> Iterator[Todo | Waits]:
    """For 党办 what a month still wants; for departments that their items are asked for. At most three queries.

    Besides, read with all that waits: lists to sign, plans whose time is over.
    """
    yield Waits(
        Pledge.objects.within(person, "planning.sign_pledge").unsigned().filter(person=person.pk),
        "handed_on",
        _tell_to_sign,
        related=Pledge.title_paths,
    )
    over = Plan.objects.within(person, "planning.conclude").running().filter(until__lt=clock.today())
    yield Waits(over, "until", _tell_over)
    if person.may("planning.accept"):
        yield from _of_the_office(person)
    elif person.may("planning.submit"):
        yield from _of_a_department(person)


def _of_the_office(person: Any) -> Iterator[Todo]:
    month = month_of(clock.today())
    items = Item.objects.within(person, "planning.accept").filter(month__gte=month)
    states = list(items.order_by("month").values_list("month", "state"))
    for each in sorted({of for of, state in states if state == State.SUBMITTED}):
        count = states.count((each, State.SUBMITTED))
        title = f"{each.month} 月部署会：{count} 项待采纳"
        yield Todo(title, "各部门会前报送", _page(each), "去采纳", "会", count=count)
    meeting = next((one for one in meetings_now() if month_of(one.held_on) == month), None)
    if meeting is None:
        if clock.today().day >= value("planning.call_by"):
            why = "每月一次，本月还没有安排"
            yield Todo(
                f"安排 {month.month} 月部署会", why, reverse("planning:call"), "安排", "会", cite=value(BASIS)
            )
    elif meeting.state != Meeting.State.PLANNED and (agreed := states.count((month, State.ACCEPTED))):
        reminders = Order.objects.filter(kind=Order.Kind.REMINDER, issuer=meeting.unit_id, period=month)
        if not reminders.exclude(state=Order.State.VOID).exists():
            why = f"{meeting.held_on:%m-%d} 已开会，{agreed} 项已议定"
            yield Todo(f"生成 {month.month} 月提示单", why, _page(month), "生成", "提", cite=value(BASIS))


def _tell_to_sign(found: Sequence[Pledge], count: int) -> Iterator[Todo]:
    for pledge in found:
        why = f"{pledge.post.label} · {len(pledge.charges)} 项职责"
        yield Todo(f"签署 {pledge.year} 年岗位责任清单", why, pledge.get_absolute_url(), "去签署", "责")


def _tell_over(found: Sequence[Plan], count: int) -> Iterator[Todo]:
    """One by one while they are few, else all in one line."""
    if count <= FEW_PLANS:
        for plan in found:
            yield Todo(f"计划已到期：{plan}", "小结办结，或改到期日", plan.get_absolute_url(), "去小结", "计")
    else:
        why = f"最早的 {found[0].until} 到期"
        yield Todo(
            f"{count} 项计划已到期，待小结", why, reverse("planning:plans"), "去小结", "计", count=count
        )


def _page(month: date) -> str:
    return reverse("planning:month", args=[f"{month:%Y-%m}"])


def _of_a_department(person: Any) -> Iterator[Todo]:
    """Asked once the meeting stands, until something is submitted or the meeting is held: whoever has nothing waits."""
    meeting = _next_meeting(clock.today())
    if meeting is None:
        return
    month = month_of(meeting.held_on)
    own = Item.objects.filter(submitter=person.pk, month=month).values_list("state", flat=True)
    if not own:
        why = "有要支部办的事请会前报送，没有不必报"
        title = f"{month.month} 月部署会征集事项"
        yield Todo(
            title, why, reverse("planning:submit"), "报送", "会", due_on=meeting.held_on, cite=value(BASIS)
        )
    elif count := list(own).count(State.SUBMITTED):
        why, title = "等党办采纳", f"已报送 {count} 项部署事项"
        yield Todo(title, why, _page(month), "看进度", "会", waiting=True, count=count)


def _next_meeting(day: date) -> Meeting | None:
    """The first deployment meeting that is still to be held, this month or next."""
    planned = (one for one in meetings_now() if one.state == Meeting.State.PLANNED)
    return next((one for one in planned if one.held_on >= day), None)


@coming("planning")
def ahead(person: Any, since: date, until: date) -> Iterator[Coming | Waits]:
    """The deployment meeting, for those who submit to it without being called to it: one query. Plans that end soon."""
    ending = Plan.objects.within(person, "planning.join").running().filter(until__range=(since, until))
    yield Waits(ending, "until", _tell_ending, most=FEW_PLANS)
    if not person.reach("planning.submit") or person.reach("activities.record_planned"):
        return
    meeting = _next_meeting(since)
    if meeting and meeting.held_on <= until:
        month = month_of(meeting.held_on)
        yield Coming(
            meeting.held_on, str(meeting.title), _page(month), "会前可报送事项", "看议程", meeting.starts_at
        )


def _tell_ending(found: Sequence[Plan], count: int) -> Iterator[Coming]:
    for plan in found:
        yield Coming(
            plan.until, f"{plan.span_words}到期：{plan}", plan.get_absolute_url(), plan.when, "看进度"
        )
