"""The section by which a blueprint sets parameters: a hospital's own values from the first day."""

from datetime import date
from typing import Annotated

from linghang.kernel import parameters
from linghang.kernel.access import Actor
from linghang.kernel.blueprint import Entry, Ref, section
from linghang.kernel.models import Parameter

BEGINNING = date(2020, 1, 1)


class ParameterEntry(Entry):
    code: Annotated[str, Ref("kernel.parameters")]
    value: bool | int | str
    since: date = BEGINNING
    note: str = "蓝本"


@section("kernel.parameters", "参数", ParameterEntry, codes=lambda: parameters.DECLARED, order=5)
def apply_parameters(entries: list[ParameterEntry], by: Actor) -> int:
    """Only what nobody has set yet: from then on the settings page is where a parameter changes."""
    taken = set(Parameter.objects.values_list("code", flat=True))
    fresh = [entry for entry in entries if entry.code not in taken]
    for entry in fresh:
        parameters.put(by, entry.code, entry.value, entry.since, entry.note)
    return len(fresh)
