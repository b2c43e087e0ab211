"""The section by which a blueprint sets parameters: a hospital's own values from the first day."""

from datetime import date
from typing import Annotated

from linghang.kernel import clock, parameters
from linghang.kernel.access import Actor
from linghang.kernel.blueprint import Entry, Ref, section
from linghang.kernel.models import BlueprintVersion, Parameter

BEGINNING = date(2020, 1, 1)


class ParameterEntry(Entry):
    code: Annotated[str, Ref("kernel.parameters")]
    value: bool | int | str
    since: date = BEGINNING
    note: str = "蓝本"


@section("kernel.parameters", "参数", ParameterEntry, codes=lambda: parameters.DECLARED, order=5)
def apply_parameters(entries: list[ParameterEntry], by: Actor) -> int:
    """What the office has set on the settings page stays; what only a blueprint has set follows the blueprint.

    At the founding from the day the file names, later from today on: what is past stays judged as it was.
    """
    decided = set(Parameter.objects.exclude(by_name=by.name).values_list("code", flat=True))
    stands, today = BlueprintVersion.objects.exists(), clock.today()
    now = {code: held[-1] for code, held in parameters.histories().items() if len(held) > 1}
    changed = 0
    for entry in entries:
        if entry.code not in decided and now.get(entry.code, (None, None))[1] != entry.value:
            since = max(entry.since, today) if stands else entry.since
            parameters.put(by, entry.code, entry.value, since, entry.note)
            changed += 1
    return changed
