"""党总支型：同样的岗位（没有第二级总支）把看得到的链接都走一遍。"""

from collections.abc import Callable

import pytest

from tests.journeys import test_every_page as large
from tests.journeys.visitor import Visitor

FOUNDED = "found_small"
SCENES = ("lived",)
ROLES = large.ROLES | {"party_committee_member": "2001"}
del ROLES["general_secretary"]


@pytest.mark.parametrize("number", ROLES.values(), ids=ROLES.keys())
def test_whatever_a_role_is_shown_opens_and_works_under_a_general_branch(
    visitor: Callable[..., Visitor], number: str
) -> None:
    large.walk(visitor(number))
