"""The ways of inspecting that a hospital has, in its own words."""

from linghang.inspections.models import Round
from linghang.org.models import Unit

Method = Round.Method


def methods() -> list[tuple[str, str]]:
    """四查 and 党建查房; where a 总支 heads the hospital there is no 交叉互查, and 党委督查 is called 总支督查."""
    if Unit.objects.filter(kind=Unit.Kind.COMMITTEE, until=None).exists():
        return list(Method.choices)
    own = {Method.COMMITTEE: "总支督查"}
    return [(way.value, own.get(way, str(way.label))) for way in Method if way != Method.CROSS]
