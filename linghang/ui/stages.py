"""The progress line at the top of a record's page (`<c-steps>`): what is behind, where it stands, what is ahead."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Stage:
    """One dot of the line; `state` is done, now, ahead or stop."""

    label: str
    sub: str = ""
    state: str = "ahead"


def stages(life: Iterable[tuple[str, str]], now: int) -> list[Stage]:
    """Label and day of each stage, `now` the place of the present one; past the last one all is done."""
    return [
        Stage(label, sub, "done" if place < now else "now" if place == now else "ahead")
        for place, (label, sub) in enumerate(life)
    ]
