"""What the demo leaves open: whatever day today is, every role finds something of its own on the desk."""

import random
from datetime import date, timedelta
from typing import Any

import pytest

from linghang.demo.play import live
from linghang.kernel import clock
from linghang.kernel.models import Trail
from linghang.kernel.todos import coming_for, waiting_for
from linghang.org import demo as org
from linghang.org.models import Person
from linghang.rules.workdays import is_workday

# What each role finds among its own to-dos: words of a row.
FINDS = {
    "secretary": ("签收督导单", "确认：", "请确认：", "补办并说明原因"),
    "organiser": ("整理相关记录备查",),
    "office_director": ("张督导单", "项待采纳", "检查结果待确认"),
    "office_clerk": ("项待采纳",),
    "deputy_party_secretary": ("签发督导单",),
    "party_secretary": ("签发督导单",),
    "discipline_clerk": ("复核：",),
    "member": ("与科室晨会一并布置",),
}


@pytest.fixture
def living(cast: Any) -> Any:
    """The tiny hospital, and nothing kept of another one."""
    org.forget()
    yield cast
    org.forget()


@pytest.mark.parametrize(
    "today",
    [date(2026, 11, 1), date(2026, 11, 5), date(2026, 11, 15), date(2026, 11, 30), date(2027, 1, 4)],
    ids=["first of a month", "before the meeting", "a sunday", "last of a month", "early january"],
)
def test_every_role_finds_work_on_any_day(living: Any, today: date) -> None:
    days = [day for n in range(9, 0, -1) if is_workday(day := today - timedelta(days=n))]
    founded = Trail.objects.order_by("-pk")[0].pk
    assert list(live(days, random.Random(1))) == days
    with clock.at(today):
        for role, wanted in FINDS.items():
            face = org.face(role)
            assert face, role
            person = Person.objects.get(pk=face.pk)
            found = [todo.title for todo in waiting_for(person) if not todo.waiting]
            for words in wanted:
                assert any(words in title for title in found), (role, words, found)
            assert coming_for(person, today, today + timedelta(days=14)), f"{role} sees the next meeting"
        contributor = Person.objects.get(pk=living.contributor.pk)
        ahead = coming_for(contributor, today, today + timedelta(days=14))
        assert waiting_for(contributor) or ahead, "asked for items, or the meeting to which they went"
    early = Trail.objects.filter(pk__gt=founded, at__date__gte=today)
    assert not early.exists(), "nothing is done before its time"
