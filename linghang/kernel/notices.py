"""Messages inside the application: news, never what the desk already asks for.

At most one unread notice of the same words about the same thing.
"""

from collections.abc import Iterable
from typing import Any

from linghang.kernel.models import Notice


def tell(people: Iterable[Any], text: str, about: Any = None) -> int:
    """Leave a notice for each of these people; gives how many new ones were left."""
    ref = getattr(about, "ref", "") if about is not None else ""
    refs = {person.ref for person in people}
    if not refs:
        return 0
    known = set(
        Notice.objects.filter(to__in=refs, about=ref, text=text[:200], read_at=None).values_list(
            "to", flat=True
        )
    )
    fresh = [Notice(to=to, text=text[:200], about=ref) for to in sorted(refs - known)]
    Notice.objects.bulk_create(fresh)
    return len(fresh)
