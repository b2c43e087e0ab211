"""A real hospital's second day: founded, the register imported, nothing else done. No light is red then."""

from datetime import date

import pytest

from linghang.compliance.board import board
from linghang.compliance.parameters import GO_LIVE
from linghang.kernel import clock, parameters
from linghang.kernel.access import SYSTEM
from linghang.org.committees import committees
from linghang.org.models import Unit
from linghang.org.tests.registers import AS_OF, SAMPLES, bring_in, found_hospital, line
from linghang.rules.clauses import Level

pytestmark = pytest.mark.django_db


def no_light_is_red(day: date) -> None:
    units = list(Unit.objects.party().on(day))
    total = board(units, day).total
    assert (total.branches > 0, total.red) == (True, 0)
    found = committees(units, day)
    assert [v.sentence for each in found for v in each.unmet if v.level is Level.BLOCK] == []


def test_after_the_register_of_a_hospital_headed_by_a_general_branch(db: None) -> None:
    director = found_hospital("jiangjin")
    with clock.at(AS_OF):
        parameters.put(SYSTEM, GO_LIVE, AS_OF.isoformat(), AS_OF)
        bring_in(director, content=(SAMPLES / "roster-small.xlsx").read_bytes())
        no_light_is_red(AS_OF)


def test_after_a_register_that_gives_every_office_twice_and_fills_a_committee(db: None) -> None:
    director = found_hospital("jiangjin")
    branch = Unit.objects.branches().first().name
    posts = ["支部书记", "组织委员", "纪检委员", *["支部委员"] * 9]
    rows = [line(f"甲{n}乙", branch, 党内职务=post) for n, post in enumerate([*posts, *posts])]
    with clock.at(AS_OF):
        parameters.put(SYSTEM, GO_LIVE, AS_OF.isoformat(), AS_OF)
        bring_in(director, *rows)
        no_light_is_red(AS_OF)
