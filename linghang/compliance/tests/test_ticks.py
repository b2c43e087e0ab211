"""The daily digest: one a day, for whoever wants it, and nothing else."""

from datetime import date

import pytest
from django.urls import reverse

from linghang.compliance import ticks
from linghang.compliance.models import Digest
from linghang.compliance.tests.acts import go_live
from linghang.kernel import clock
from linghang.kernel.models import Notice

pytestmark = pytest.mark.django_db
TODAY = date(2026, 10, 28)


def digests(person):
    return Notice.objects.filter(to=person.ref, text__startswith=ticks.WORDS)


def test_a_secretary_hears_once_a_day_how_the_branch_stands(hospital, cast):
    go_live(date(2026, 9, 1))
    with clock.at(TODAY):
        assert ticks.send_today() > 0
        assert ticks.send_today() == 0
    assert digests(cast.secretary).get().text.startswith("今日体检：内科党支部")
    assert not digests(cast.member).exists()
    with clock.at(date(2026, 10, 29)):
        ticks.send_today()
    assert digests(cast.secretary).count() == 1, "an unread one is replaced, not piled up"


def test_nothing_is_sent_at_night_on_a_holiday_or_before_going_live(hospital):
    with clock.at(TODAY):
        assert ticks.send_today() == 0
    go_live(date(2026, 9, 1))
    with clock.at(TODAY, hour=3):
        assert ticks.send_today() == 0
    with clock.at(date(2026, 10, 25)):
        assert ticks.send_today() == 0


def test_whoever_switched_it_off_is_left_in_peace_and_may_have_it_back(hospital, cast, client_of):
    go_live(date(2026, 9, 1))
    client = client_of(cast.secretary)
    assert "不再收每日摘要" in client.get(reverse("desk:notices")).content.decode()
    client.post(reverse("compliance:digest"), {"wanted": "0"})
    with clock.at(TODAY):
        ticks.send_today()
    assert not digests(cast.secretary).exists()
    assert digests(cast.clerk).exists()
    assert "恢复每日摘要" in client.get(reverse("desk:notices")).content.decode()
    client.post(reverse("compliance:digest"), {"wanted": "1"})
    assert Digest.objects.get(person=cast.secretary).wanted


def test_the_digest_is_offered_to_nobody_else(cast, client_of):
    assert client_of(cast.member).post(reverse("compliance:digest"), {"wanted": "0"}).status_code == 404
    assert "每日摘要" not in client_of(cast.member).get(reverse("desk:notices")).content.decode()
