"""Assessment schemes as data."""

from typing import Any

from linghang.assessment.definition import SchemeEntry
from linghang.assessment.models import Scheme
from linghang.kernel import clock
from linghang.kernel.blueprint import section


@section(
    "assessment.schemes",
    "考核方案",
    SchemeEntry,
    codes=lambda: Scheme.objects.values_list("code", flat=True).distinct(),
    order=60,
)
def apply_schemes(entries: list[SchemeEntry], by: Any) -> int:
    """A changed scheme begins a new version today; cycles that are under way keep the one they were opened with."""
    today, changed = clock.today(), 0
    for entry in entries:
        content = entry.model_dump(mode="json")
        now = Scheme.objects.filter(code=entry.code).on(today).first()
        if now is not None and now.definition == content:
            continue
        since = today if now is not None else entry.since
        if now is not None and (now.since == today and not now.cycles.exists()):
            now.definition, now.title = content, entry.title
            now.save()
        else:
            Scheme.objects.filter(code=entry.code, until__isnull=True).update(until=since)
            Scheme(code=entry.code, title=entry.title, definition=content, since=since).save()
        changed += 1
    return changed
