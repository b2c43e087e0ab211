"""The checklist as Word prints it before a visit."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.urls import reverse
from docx import Document

from linghang.inspections import actions
from linghang.inspections.models import Checklist
from linghang.inspections.tests.sending import send

DAY = date(2026, 10, 12)
pytestmark = pytest.mark.django_db


@pytest.fixture
def printed(client_of: Any, cast: Any, hospital: Any, on_day: Any) -> Any:
    """A round of the committee, all its checklists printed at once by the office."""
    with on_day(DAY):
        this = actions.open_round(
            cast.office,
            title="2026 年党委督查",
            method="committee",
            checklist=Checklist.objects.get(code="standard"),
            unit=hospital.party,
            since=DAY,
            until=date(2026, 10, 25),
        )
        send(this, cast)
        actions.start(this, cast.office)
        response = client_of(cast.office).post(reverse("inspections:round_print", args=[this.pk]))
    return this, Document(BytesIO(response.content))


def test_every_inspected_branch_has_its_sheet(printed: Any) -> None:
    this, document = printed
    words = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert words.count("党支部工作检查表") == 4
    assert "被查支部：内科党支部" in words
    assert "检查人：吴纪明" in words
    assert "{{" not in words
    assert "{%" not in words
    assert not this.checks.filter(printed_on=None).exists()


def test_a_sheet_lists_items_with_basis_and_room_for_a_verdict(printed: Any) -> None:
    table = printed[1].tables[0]
    b1 = [cell.text for cell in table.rows[3].cells]
    assert len(table.rows) == 13
    assert b1[0] == "B1"
    assert "党内法规：支部工作条例 第十一条" in b1[2]
    assert "□不适用" in b1[5]
