"""How the year of a kind of meeting is opened: its records, all of them or those with one reply."""

from typing import Any

from django.urls import reverse

from linghang.activities.actions import VIEW
from linghang.activities.models import Ask, How, Meeting, Theme, kinds
from linghang.activities.outcomes import FIGURE as OUTCOME
from linghang.activities.outcomes import WHAT, outcomes
from linghang.activities.yearly import FIGURE
from linghang.kernel.figures import Query, Sight, figure
from linghang.org.models import Unit


@figure(FIGURE, VIEW)
def open_year(person: Any, pk: int, query: Query) -> Sight | None:
    """The meetings of a kind (`of`) that were held in a year, those with a reply (`reply`) to a question (`ask`)."""
    kind = kinds().get(query.get("of", ""))
    if kind is None or not 2000 <= pk <= 2100:
        return None
    held = Meeting.objects.within(person, VIEW).held().filter(held_on__year=pk).of_kind(kind.code)
    asked = {row["code"]: Ask.of(row) for row in kind.asks}
    ask, reply = asked.get(query.get("ask", "")), query.get("reply", "")
    if ask is not None and ask.how != How.NUMBER:
        held = held.filter(**{f"replies__{ask.code}": reply})
    found = list(held.values_list("pk", flat=True))
    return Sight(
        title=f"{pk} 年{kind.title}",
        home=("组织生活", f"{reverse('activities:meetings')}?kind={kind.code}"),
        words=[*([f"{ask.label}：{reply}"] if ask is not None and reply else []), f"{len(found)} 次"],
        refs=[f"{Meeting._meta.label_lower}:{each}" for each in found],
        empty="没有这样的记录。",
    )


@figure("activities.theme", VIEW)
def open_theme(person: Any, pk: int, query: Query) -> Sight | None:
    """The themed days of a month that followed its theme, in the branches that the reader sees."""
    theme = Theme.objects.filter(pk=pk).select_related("unit").first()
    branches = Unit.objects.within(person, VIEW).filter(until=None).branches()
    if theme is None or not branches.under(theme.unit).exists():
        return None
    found = list(theme.followed.filter(unit__in=branches).values_list("pk", "unit"))
    return Sight(
        title=str(theme),
        home=("组织生活", reverse("activities:meetings")),
        words=[f"{len({unit for _, unit in found})} 个支部已按主题开展"],
        refs=[f"{Meeting._meta.label_lower}:{each}" for each, _ in found],
        empty="还没有支部按主题开展。",
    )


@figure(OUTCOME, VIEW)
def open_outcome(person: Any, pk: int, query: Query) -> Sight | None:
    """The lines that came of one item (`of`) of a meeting: all that were issued, or (`what`) those closed, late, returned."""
    meeting = Meeting.objects.within(person, VIEW).filter(pk=pk).first()
    what = query.get("what", "lines")
    if meeting is None or what not in WHAT:
        return None
    found = next((one for one in outcomes(meeting) if one.ref == query.get("of")), None)
    if found is None:
        return None
    return Sight(
        title=f"{found.title}：{WHAT[what]}",
        home=(str(meeting), meeting.get_absolute_url()),
        refs=getattr(found, what),
        empty="没有这样的单据事项。",
    )
