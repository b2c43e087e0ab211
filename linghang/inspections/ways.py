"""The ways of inspecting that a hospital has, in its own words."""

from linghang.inspections.models import Round
from linghang.org.models import Unit

Method = Round.Method


def methods() -> list[tuple[str, str]]:
    """四查, or what is left of it where a 总支 heads the hospital: no 交叉互查 between 总支, and 总支督查 for 党委督查."""
    if Unit.objects.filter(kind=Unit.Kind.COMMITTEE, until=None).exists():
        return list(Method.choices)
    return [(Method.SELF, "支部自查"), (Method.MUTUAL, "总支互查"), (Method.COMMITTEE, "总支督查")]
