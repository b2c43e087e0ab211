"""协办: further units see a line and write their part; the lead reports."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from linghang.dispatch import actions
from linghang.dispatch.models import Line, Part
from linghang.dispatch.tests.test_actions import issued, make_order
from linghang.kernel import clock
from linghang.kernel.flow import WrongState
from linghang.kernel.models import Notice
from linghang.kernel.todos import OFFERS

DAY = date(2026, 10, 12)


@pytest.fixture(autouse=True)
def monday() -> Any:
    with clock.at(DAY):
        yield


def joined(cast: Any, hospital: Any) -> tuple[Line, Part]:
    """内科 leads, 外科 takes part; named while the sheet is drafted."""
    order = make_order(cast, hospital)
    line: Line = order.lines.first()
    actions.join(line, cast.clerk_office, units=[hospital.b_surgery])
    issued(cast, order)
    line.refresh_from_db()
    return line, line.parts.get()


@pytest.mark.mechanism("S2-31")
def test_a_further_unit_sees_the_line_writes_its_part_and_the_lead_reports(
    cast: Any, hospital: Any, client_of: Any
) -> None:
    line, part = joined(cast, hospital)
    assert Notice.objects.filter(to=cast.outsider.ref, text__startswith="请协办").exists()
    assert any(todo.title == f"协办：{line.text}" for todo in OFFERS["dispatch"](cast.outsider))
    client = client_of(cast.outsider)
    assert line.text in client.get("/dispatch/parts/").content.decode()
    assert line.text in client.get(part.get_absolute_url()).content.decode()
    answer = client.post(f"{part.get_absolute_url()}write-part/", {"text": "派 3 名党员参加联合义诊"})
    assert answer.status_code == 302
    assert not any("协办" in todo.title for todo in OFFERS["dispatch"](cast.outsider))
    page = client_of(cast.secretary).get(line.get_absolute_url()).content.decode()
    assert "派 3 名党员参加联合义诊" in page
    with pytest.raises(PermissionDenied):
        actions.report(line, cast.outsider, result="替牵头单位报")
    actions.report(line, cast.secretary, result="联合义诊已开展")
    with pytest.raises(WrongState):
        actions.write_part(Part.objects.get(), cast.outsider, text="改")


def test_a_part_is_unknown_outside_before_the_sheet_goes_out(
    cast: Any, hospital: Any, client_of: Any
) -> None:
    line = make_order(cast, hospital).lines.first()
    actions.join(line, cast.clerk_office, units=[hospital.b_surgery])
    part = line.parts.get()
    client = client_of(cast.outsider)
    assert client.get(part.get_absolute_url()).status_code == 404
    assert line.text not in client.get("/dispatch/parts/").content.decode()
    assert not any("协办" in todo.title for todo in OFFERS["dispatch"](cast.outsider))


def test_the_part_opens_neither_the_line_nor_the_sheet(cast: Any, hospital: Any, client_of: Any) -> None:
    line, part = joined(cast, hospital)
    client = client_of(cast.outsider)
    assert client.get(line.get_absolute_url()).status_code == 404
    assert client.get(line.order.get_absolute_url()).status_code == 404
    assert client_of(cast.imaging).get(part.get_absolute_url()).status_code == 404
    assert client_of(cast.secretary).get(part.get_absolute_url()).status_code == 404


def test_the_lead_does_not_assist_itself_and_nobody_is_named_twice(cast: Any, hospital: Any) -> None:
    line, _ = joined(cast, hospital)
    with pytest.raises(ValidationError, match="牵头单位"):
        actions.join(line, cast.clerk_office, units=[hospital.b_medicine])
    actions.join(line, cast.clerk_office, units=[hospital.b_surgery, hospital.b_imaging])
    assert line.parts.count() == 2
    with pytest.raises(PermissionDenied):
        actions.join(line, cast.secretary, units=[hospital.b_imaging])


def test_the_office_names_units_on_the_lines_page(cast: Any, hospital: Any, client_of: Any) -> None:
    line = issued(cast, make_order(cast, hospital)).lines.first()
    client = client_of(cast.clerk_office)
    assert "请协办" in client.get(line.get_absolute_url()).content.decode()
    client.post(f"{line.get_absolute_url()}join/", {"units": [str(hospital.b_surgery.pk)]})
    assert line.parts.get().unit == hospital.b_surgery
    assert hospital.b_surgery.name in client.get(line.get_absolute_url()).content.decode()
