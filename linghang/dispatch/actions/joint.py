"""协办: further units take part in a line; its lead alone reports."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError

from linghang.dispatch.models import Line, Order, Part
from linghang.kernel import clock
from linghang.kernel.access import Actor
from linghang.kernel.flow import step, verb
from linghang.kernel.notices import tell
from linghang.org.models import Unit

verb("dispatch.view_part", "查看协办")


@step(
    Line,
    "dispatch.join",
    at={Line.State.OPEN, Line.State.REPORTED},
    when=lambda line: not line.order.is_own and line.order.state != Order.State.VOID,
)
def join(line: Line, by: Actor, *, units: Iterable[Unit], note: str = "") -> None:
    """请协办

    Names further units of a line; those named before stay. They see it once its sheet is issued.
    """
    known = set(line.parts.values_list("unit_id", flat=True))
    wanted = [unit for unit in units if unit.pk not in known]
    if any(unit.pk == line.order.unit_id for unit in wanted):
        raise ValidationError({"units": f"“{line.order.unit}”是牵头单位，不能同时协办"})
    for unit in wanted:
        part = Part.objects.create(line=line, unit=unit)
        if line.order.issued_on:
            tell(unit.heads(), f"请协办：{line}", about=part)


def _open(part: Part) -> bool:
    return part.line.order.is_running and part.line.state in (Line.State.OPEN, Line.State.REPORTED)


@step(Part, "dispatch.write_part", when=_open)
def write_part(part: Part, by: Actor, *, text: str) -> None:
    """填写协办情况

    May be written again until the lead's secretary has handed the line in.
    """
    part.text, part.written_on, part.writer_name = text.strip(), clock.today(), by.name
    if not part.text:
        raise ValidationError({"text": "请写一句协办情况"})
    lead = {*part.line.order.unit.heads(), *([part.line.owner] if part.line.owner else [])}
    tell(lead, f"{part.unit}已填写协办情况：{part.line}", about=part.line)
