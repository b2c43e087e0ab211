"""The month's theme from above: suggested below, and how many branches followed it."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from linghang.activities import actions
from linghang.activities.models import Theme
from linghang.activities.years import by_rules
from linghang.kernel import clock
from linghang.kernel.figures import open_figure
from linghang.kernel.models import Notice

DAY, MONTH, TEXT = date(2026, 10, 28), date(2026, 10, 1), "清廉行医，从我做起"


@pytest.fixture(autouse=True)
def stand_on_the_day() -> Any:
    with clock.at(DAY):
        yield


@pytest.fixture
def theme(cast: Any, hospital: Any) -> Theme:
    return actions.set_theme(cast.office, unit=hospital.party, month=MONTH, text=TEXT)


@pytest.mark.mechanism("S0-12")
def test_a_theme_is_given_out_once_a_month_and_the_heads_are_told(
    theme: Theme, cast: Any, hospital: Any, client_of: Any
) -> None:
    assert Notice.objects.filter(to=cast.secretary.ref, text__contains=TEXT).count() == 1
    with pytest.raises(PermissionDenied):
        actions.set_theme(cast.secretary, unit=hospital.party, month=MONTH, text="另一个")
    changed = client_of(cast.office).post("/planning/2026-10/theme/", {"text": "急救为民"})
    assert changed.status_code == 302
    assert Theme.objects.get().text == "急救为民"
    assert Notice.objects.filter(to=cast.secretary.ref, text__contains="10 月主题").count() == 1
    with pytest.raises(ValidationError):
        actions.set_theme(cast.office, unit=hospital.party, month=MONTH, text="")


@pytest.mark.mechanism("S0-12")
def test_the_theme_is_offered_wherever_a_themed_day_is_planned_or_recorded(
    theme: Theme, cast: Any, hospital: Any, client_of: Any
) -> None:
    client = client_of(cast.clerk)
    for address in ("/activities/plan/", "/activities/record/"):
        assert client.get(address).context["form"].fields["title"].widget.suggestions == [TEXT]
    actions.set_theme(cast.office, unit=hospital.party, month=date(2026, 12, 1), text="冬日送温暖")
    days = [one for one in by_rules(hospital.b_medicine, 2026, DAY) if one.kind == "themed_day"]
    assert {one.held_on.month: one.title for one in days} == {10: TEXT, 11: "", 12: "冬日送温暖"}


@pytest.mark.mechanism("S0-12")
def test_the_month_says_how_many_branches_followed_and_the_figure_opens_them(
    theme: Theme, cast: Any, hospital: Any, client_of: Any
) -> None:
    given = {"kind": "themed_day", "held_on": DAY}
    followed = actions.record(cast.secretary, unit=hospital.b_medicine, title=f"{TEXT}：现场承诺", **given)
    actions.record(cast.outsider, unit=hospital.b_surgery, title="另有主题", **given)
    shown = client_of(cast.office).get("/planning/2026-10/")
    assert (shown.context["theme"].branches, shown.context["theme"].of) == (1, theme.branches.count())
    assert "已按主题开展主题党日" in shown.content.decode()
    sight = open_figure(cast.office, "activities.theme", theme.pk, {})
    assert sight is not None
    assert sight.refs == [followed.ref]
    other = open_figure(cast.outsider, "activities.theme", theme.pk, {})
    assert other is not None
    assert other.refs == [], "another branch's meetings are out of reach"
