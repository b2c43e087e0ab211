"""Messages inside the application: news, never what the desk already asks for.

At most one unread notice of the same words about the same thing.
"""

from collections.abc import Iterable
from typing import Any

from linghang.kernel.models import Notice


def tell(people: Iterable[Any], text: str, about: Any = None, *, instead: str = "") -> int:
    """Leave a notice for each of these people; gives how many new ones were left.

    It takes the place of unread ones that begin with `instead`: of what is said again and again only the last is news.
    """
    ref = getattr(about, "ref", "") if about is not None else ""
    refs = {person.ref for person in people}
    if not refs:
        return 0
    unread = Notice.objects.filter(to__in=refs, read_at=None)
    known = set(unread.filter(about=ref, text=text[:200]).values_list("to", flat=True))
    if instead:
        unread.filter(text__startswith=instead).exclude(to__in=known).delete()
    fresh = [Notice(to=to, text=text[:200], about=ref) for to in sorted(refs - known)]
    Notice.objects.bulk_create(fresh)
    return len(fresh)
