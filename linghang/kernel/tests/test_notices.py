"""Messages inside the application."""

import pytest

from linghang.kernel import clock
from linghang.kernel.models import Notice
from linghang.kernel.notices import tell
from tests.making import make_meeting

pytestmark = pytest.mark.django_db


def test_everybody_named_gets_one_notice(cast, hospital):
    meeting = make_meeting()
    assert tell([cast.secretary, cast.clerk, cast.secretary], "请确认", about=meeting) == 2
    found = Notice.objects.get(to=cast.clerk.ref)
    assert (found.text, found.about, found.read_at) == ("请确认", meeting.ref, None)
    assert str(found) == "请确认"


def test_the_same_words_about_the_same_thing_are_not_repeated_while_unread(cast, hospital):
    meeting = make_meeting()
    tell([cast.secretary], "催办", about=meeting)
    assert tell([cast.secretary, cast.clerk], "催办", about=meeting) == 1
    assert tell([cast.secretary], "催办", about=make_meeting(kind="board")) == 1
    assert tell([cast.secretary], "再催办", about=meeting) == 1


def test_once_it_is_read_it_may_be_said_again(cast):
    tell([cast.secretary], "催办")
    Notice.objects.update(read_at=clock.now())
    assert tell([cast.secretary], "催办") == 1


def test_of_what_is_said_again_and_again_only_the_last_unread_one_stays(cast):
    tell([cast.secretary], "催办：1 条")
    Notice.objects.update(read_at=clock.now())
    tell([cast.secretary], "催办：2 条", instead="催办")
    tell([cast.secretary], "请确认", instead="请")
    assert tell([cast.secretary, cast.clerk], "催办：3 条", instead="催办") == 2
    mine = Notice.objects.filter(to=cast.secretary.ref).order_by("pk")
    assert [one.text for one in mine] == ["催办：1 条", "请确认", "催办：3 条"], "what was read stays"


def test_long_words_are_cut_and_still_not_repeated(cast):
    assert tell([cast.secretary], "长" * 300) == 1
    assert tell([cast.secretary], "长" * 300) == 0
    assert len(Notice.objects.get().text) == 200


def test_telling_nobody_leaves_nothing(db):
    assert tell([], "没有人") == 0
    assert not Notice.objects.exists()
