"""The month as its page shows it: the stage it is at, what waits, what is agreed, what each branch would get."""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from linghang.activities.models import Meeting, Resolution, Theme
from linghang.dispatch.models import Order
from linghang.dispatch.volume import crowded
from linghang.kernel.parameters import value
from linghang.org.models import Unit
from linghang.planning.actions import Sheet, sheets
from linghang.planning.models import Item, meeting_of, month_of, next_month
from linghang.rules.periods import month_words


@dataclass(frozen=True)
class Group:
    """Branches that get the same lines."""

    items: list[Item]
    sheets: list[Sheet]


@dataclass
class Month:
    """One month of one Party organisation, for one reader's items."""

    unit: Unit
    first: date
    items: list[Item]
    today: date
    meeting: Meeting | None = None
    orders: list[Order] = field(default_factory=list)

    @property
    def title(self) -> str:
        return f"{month_words(self.first)}部署"

    @property
    def key(self) -> str:
        return f"{self.first:%Y-%m}"

    @property
    def waiting(self) -> list[Item]:
        return [item for item in self.items if item.state == Item.State.SUBMITTED]

    @property
    def agreed(self) -> list[Item]:
        return [item for item in self.items if item.state in (Item.State.ACCEPTED, Item.State.DEPLOYED)]

    @property
    def declined(self) -> list[Item]:
        return [item for item in self.items if item.state == Item.State.DECLINED]

    @property
    def is_deployed(self) -> bool:
        return any(item.state == Item.State.DEPLOYED for item in self.items)

    @property
    def is_held(self) -> bool:
        return self.meeting is not None and self.meeting.state in (
            Meeting.State.RECORDED,
            Meeting.State.CONFIRMED,
        )

    @cached_property
    def sheets(self) -> list[Sheet]:
        """What each branch would get, or got."""
        return sheets(self.unit, self.first)

    @property
    def groups(self) -> list[Group]:
        """The sheets with the same lines together, the largest group first: seventy sheets are a few rows."""
        found: dict[tuple[int, ...], Group] = {}
        for sheet in self.sheets:
            key = tuple(item.pk for item in sheet.items)
            found.setdefault(key, Group(sheet.items, [])).sheets.append(sheet)
        return sorted(found.values(), key=lambda group: -len(group.sheets))

    @property
    def too_long(self) -> int:
        """How many sheets have more lines than the office wants: the writer is told, not stopped."""
        most = value("dispatch.lines_per_reminder")
        return sum(1 for sheet in self.sheets if len(sheet.items) > most)

    @property
    def crowded(self) -> str:
        """That the hospital as a whole would be asked for too much with the sheets that do not exist yet; else empty."""
        return crowded(self.first, sum(len(sheet.items) for sheet in self.sheets if sheet.known is None))

    @cached_property
    def resolved(self) -> list[Resolution]:
        """What the meeting resolved beyond the items: it may be taken up as an item."""
        if self.meeting is None:
            return []
        known = {item.text for item in self.items}
        return [found for found in self.meeting.resolutions.all() if found.text not in known]

    @property
    def issued(self) -> int:
        return sum(1 for order in self.orders if order.issued_on)

    @property
    def is_issued(self) -> bool:
        return bool(self.orders) and self.issued == len(self.orders)

    @property
    def sentence(self) -> str:
        """The one line at the top that says what matters now."""
        if self.orders:
            left = len(self.orders) - self.issued
            return f"{len(self.orders)} 张提示单" + (
                f"，{left} 张待核稿、签发或下发" if left else "，全部已下发"
            )
        meeting = self.meeting
        when = (
            f"部署会{'已开' if self.is_held else '定于'} {meeting.held_on:%m-%d}"
            if meeting
            else "部署会还没有安排"
        )
        return f"{when} · {len(self.waiting)} 项待采纳 · {len(self.agreed)} 项已采纳"

    @property
    def steps(self) -> list[dict[str, str]]:
        """The month's five stages for the bar at the top."""
        done = [bool(self.items), self.meeting is not None, self.is_held, bool(self.orders), self.is_issued]
        labels = ["会前征集", "安排部署会", "开会议定", "生成提示单", "下发"]
        subs = [
            f"{len(self.items)} 项" if self.items else "",
            f"{self.meeting.held_on:%m-%d}" if self.meeting else "",
            f"{len(self.agreed)} 项" if self.is_held else "",
            f"{len(self.orders)} 张" if self.orders else "",
            f"{self.issued} 张" if self.issued else "",
        ]
        now = next((i for i, passed in enumerate(done) if not passed), len(done))
        states = ["done" if passed else ("now" if i == now else "ahead") for i, passed in enumerate(done)]
        return [{"label": a, "sub": b, "state": c} for a, b, c in zip(labels, subs, states, strict=True)]


def read_month(unit: Unit, first: date, items: Any, today: date) -> Month:
    """Collect a month: the reader's own items, the meeting, and the sheets that exist."""
    wanted = items.of(unit, first).select_related("department", "owner_role", "submitter")
    orders = Order.objects.filter(kind=Order.Kind.REMINDER, issuer=unit, period=first).exclude(
        state=Order.State.VOID
    )
    meeting = meeting_of(unit, first)
    return Month(
        unit,
        first,
        list(wanted.prefetch_related("units").order_by("place", "pk")),
        today,
        meeting,
        list(orders),
    )


@dataclass(frozen=True)
class Followed:
    """The month's theme, and how many of the branches it is meant for held their themed day by it."""

    text: str
    branches: int
    of: int
    url: str


def theme_followed(unit: Unit, first: date) -> Followed | None:
    """How the theme of a month is followed; None where none was given out."""
    theme = Theme.objects.of(unit, first).select_related("unit").first()
    if theme is None:
        return None
    branches = theme.followed.order_by().values("unit").distinct().count()
    return Followed(theme.text, branches, theme.branches.count(), theme.get_absolute_url())


@dataclass(frozen=True)
class Row:
    """One line in the list of months."""

    first: date
    meeting: Meeting | None
    items: int
    waiting: int
    sheets: int

    @property
    def key(self) -> str:
        return f"{self.first:%Y-%m}"

    @property
    def state(self) -> str:
        """Where the month stands, in one word."""
        if self.sheets:
            return "已生成提示单"
        if self.meeting is None:
            return "未安排"
        return "已安排" if self.meeting.state == Meeting.State.PLANNED else "已开会"

    @property
    def tone(self) -> str:
        """The colour family of that word."""
        return {"已生成提示单": "green", "未安排": "grey"}.get(self.state, "blue")


def months(unit: Unit, items: Any, today: date, count: int = 12) -> list[Row]:
    """Next month, this one and those before, newest first. Three queries whatever the count."""
    firsts = [next_month(month_of(today)), month_of(today)]
    while len(firsts) < count:
        firsts.append(month_of(date.fromordinal(firsts[-1].toordinal() - 1)))
    span = (firsts[-1], next_month(firsts[0]))
    found = list(items.filter(unit=unit, month__gte=span[0]).values_list("month", "state"))
    meetings: dict[date, Meeting] = {}
    held = Meeting.objects.filter(
        unit=unit, kind=Meeting.Kind.DEPLOYMENT, held_on__gte=span[0], held_on__lt=span[1]
    )
    for meeting in held.exclude(state=Meeting.State.CANCELLED).order_by("-held_on", "-pk"):
        meetings[month_of(meeting.held_on)] = meeting
    reminders = Order.objects.filter(kind=Order.Kind.REMINDER, issuer=unit, period__gte=span[0])
    periods = list(reminders.exclude(state=Order.State.VOID).values_list("period", flat=True))
    rows = [
        Row(
            first,
            meetings.get(first),
            sum(1 for month, _ in found if month == first),
            sum(1 for month, state in found if month == first and state == Item.State.SUBMITTED),
            periods.count(first),
        )
        for first in firsts
    ]
    return [row for row in rows if row.items or row.meeting or row.sheets or row.first == month_of(today)]
