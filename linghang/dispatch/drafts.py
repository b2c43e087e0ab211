"""Lines as they are drafted, and how they are written into an order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError

from linghang.dispatch.models import ORIGIN, Line, Order
from linghang.kernel.models import Link
from linghang.org.models import Person

WRITTEN = ("place", "text", "due_on", "business", "owner", "verifier")


@dataclass(frozen=True)
class LineDraft:
    """One line as it is drafted. `source` refers to what it came from; `pk` keeps an existing line when edited."""

    text: str
    due_on: date | None
    owner: Person | None = None
    verifier: Person | None = None
    business: bool = False
    source: str = ""
    pk: int | None = None


def write_lines(order: Order, drafts: Sequence[LineDraft]) -> None:
    """Make these the order's lines: known ones are kept, new ones made, the rest removed. A few queries in all.

    Raises ValidationError that names the line.
    """
    known = {line.pk: line for line in order.lines.all()}
    written = [
        _write(known.get(one.pk or 0) or Line(order=order), place, one) for place, one in enumerate(drafts, 1)
    ]
    new = [line for line in written if line.pk is None]
    old = [line for line in written if line.pk is not None]
    order.lines.exclude(pk__in=[line.pk for line in old]).delete()
    Line.objects.bulk_update(old, WRITTEN)
    Line.objects.bulk_create(new)
    sources = zip(written, drafts, strict=True)
    ties = [Link(source=one.source, target=line.ref, kind=ORIGIN) for line, one in sources if one.source]
    Link.objects.bulk_create(ties, ignore_conflicts=True)
    order.due_on = max((line.due_on for line in written if line.due_on), default=None)


def _write(line: Line, place: int, wanted: LineDraft) -> Line:
    line.place, line.text, line.due_on = place, wanted.text.strip(), wanted.due_on
    line.owner, line.verifier, line.business = wanted.owner, wanted.verifier, wanted.business
    if wanted.owner and wanted.verifier and wanted.owner.pk == wanted.verifier.pk:
        raise ValidationError({"lines": f"第 {place} 条：复核人不能是整改责任人"})
    try:
        # The foreign keys hold rows that were read a moment ago: asking for each again would cost a query a line.
        line.clean_fields(exclude=("order", "owner", "verifier"))
    except ValidationError as problem:
        raise ValidationError({"lines": f"第 {place} 条：{'；'.join(problem.messages)}"}) from problem
    return line
