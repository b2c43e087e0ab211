"""What rules wait for: whoever owns one looks at it again when its day comes."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from linghang.kernel import clock
from linghang.kernel.todos import Offered, Todo, Waits, todos
from linghang.org.models import Grant, Post
from linghang.policies.actions import REVIEW
from linghang.policies.models import Policy


def _own(person: Any) -> Any:
    """The rules that this person is to review: those of the own units; for the whole hospital's office, those that
    nobody else looks after."""
    reach = person.reach(REVIEW)
    mine = Q(owner__in=reach.units)
    if reach.whole:
        roles = Grant.objects.on(clock.today()).filter(verb=REVIEW, extent="unit").values("role")
        kept = Post.objects.on(clock.today()).filter(unit=OuterRef("owner"), role__in=roles)
        mine |= Q(~Exists(kept))
    return Policy.objects.within(person, REVIEW).filter(mine)


@todos("policies")
def waiting(person: Any) -> Offered:
    """Rules whose day of review has come or comes soon."""
    if person.may(REVIEW):
        units = person.reach(REVIEW).units
        query = f"?owner={next(iter(units))}" if len(units) == 1 else ""
        yield Waits(_own(person).due(), "review_on", partial(_tell, query), most=0)


def _tell(query: str, _: Any, count: int) -> Iterator[Todo]:
    why = "到复审日的确认继续有效，或提请修订、废止"
    url = f"{reverse('policies:reviews')}{query}"
    yield Todo(f"复审 {count} 项制度", why, url, "去复审", "制", count=count)
