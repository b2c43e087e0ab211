"""Lines as they are drafted, and how they are written into an order."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.core.exceptions import ValidationError

from linghang.dispatch.models import ORIGIN, Line, Order
from linghang.kernel.models import Link
from linghang.org.models import Person

WRITTEN = ("place", "parent", "text", "due_on", "business", "owner", "verifier")


@dataclass(frozen=True)
class LineDraft:
    """One line as it is drafted. `source` refers to what it came from; `pk` keeps an existing line when edited.

    `children` are the 子措施 of a 措施: lines of the same order under this one, one level deep.
    """

    text: str
    due_on: date | None
    owner: Person | None = None
    verifier: Person | None = None
    business: bool = False
    source: str = ""
    pk: int | None = None
    children: "Sequence[LineDraft]" = ()


def nest(rows: Iterable[tuple[LineDraft, bool]]) -> list[LineDraft]:
    """Rows in reading order, each with whether it stands under the measure above it, as measures with children."""
    found = list[LineDraft]()
    for one, under in rows:
        if under and found:
            found[-1] = replace(found[-1], children=(*found[-1].children, one))
        else:
            found.append(one)
    return found


def write_lines(order: Order, drafts: Sequence[LineDraft]) -> None:
    """Make these the order's lines: known ones are kept, new ones made, the rest removed. A few queries in all.

    `place` runs through the sheet in reading order, each measure before its children. Raises ValidationError that
    names the line.
    """
    if order.kind not in Order.MEASURED and any(one.children for one in drafts):
        raise ValidationError({"lines": "只有督导单和限期整改单的措施可以再分子措施"})
    known = {line.pk: line for line in order.lines.all()}
    written, sources = list[Line](), list[str]()
    for place, (one, top) in enumerate(_unfold(drafts), 1):
        line = _write(known.get(one.pk or 0) or Line(order=order), place, one)
        line.parent = written[top] if top is not None else None
        written.append(line)
        sources.append(one.source)
    _keep(order, written, known)
    ties = [
        Link(source=source, target=line.ref, kind=ORIGIN)
        for line, source in zip(written, sources, strict=True)
        if source
    ]
    Link.objects.bulk_create(ties, ignore_conflicts=True)
    order.due_on = max((line.due_on for line in written if line.due_on), default=None)


def _unfold(drafts: Sequence[LineDraft]) -> Iterator[tuple[LineDraft, int | None]]:
    """Every draft in reading order, a child with the position of its parent."""
    at = 0
    for one in drafts:
        yield one, None
        for child in one.children:
            if child.children:
                raise ValidationError({"lines": f"“{child.text}”：子措施下不能再分子措施"})
            yield child, at
        at += 1 + len(one.children)


def _keep(order: Order, written: list[Line], known: dict[int, Line]) -> None:
    """New parents first, for a child wants its parent's key; what is gone goes last, so that it takes nothing kept."""
    Line.objects.bulk_create([line for line in written if line.pk is None and line.parent is None])
    Line.objects.bulk_update([line for line in written if line.pk in known], WRITTEN)
    Line.objects.bulk_create([line for line in written if line.pk is None])
    order.lines.exclude(pk__in=[line.pk for line in written]).delete()


def _write(line: Line, place: int, wanted: LineDraft) -> Line:
    line.place, line.text, line.due_on = place, wanted.text.strip(), wanted.due_on
    line.owner, line.verifier, line.business = wanted.owner, wanted.verifier, wanted.business
    if wanted.owner and wanted.verifier and wanted.owner.pk == wanted.verifier.pk:
        raise ValidationError({"lines": f"第 {place} 条：复核人不能是整改责任人"})
    try:
        # The foreign keys hold rows that were read a moment ago: asking for each again would cost a query a line.
        line.clean_fields(exclude=("order", "parent", "owner", "verifier"))
    except ValidationError as problem:
        raise ValidationError({"lines": f"第 {place} 条：{'；'.join(problem.messages)}"}) from problem
    return line
