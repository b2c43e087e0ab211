"""Who goes, in these tests."""

from typing import Any

from linghang.inspections import actions
from linghang.inspections.models import Round


def send(this: Round, cast: Any) -> None:
    """吴纪明 goes everywhere but to his own branch; there the secretary of 外科 goes."""
    for own in this.checks.filter(unit=cast.inspector.branch):
        actions.assign_inspectors(own, cast.office, team=[cast.outsider])
    if this.checks.filter(team=None).exists():
        actions.assign_team(this, cast.office, team=[cast.inspector])
