"""The Word forms: what stands in them, and what is left for pen and seal."""

from io import BytesIO
from typing import Any

import pytest
from docx import Document

from linghang.dispatch import actions
from linghang.dispatch.models import Order
from linghang.dispatch.tests.test_actions import issued, make_order, make_supervision, report_all


def words_of(response: Any) -> str:
    """Everything that can be read in a Word file, tables included."""
    document = Document(BytesIO(response.content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


@pytest.mark.mechanism("S0-13")
def test_reminder_prints_number_lines_and_blank_signature(cast: Any, hospital: Any, client_of: Any) -> None:
    order = issued(cast, make_order(cast, hospital, period=None))
    response = client_of(cast.secretary).get(f"{order.get_absolute_url()}paper/")
    text = words_of(response)
    assert order.number_text in text
    assert "召开一次支部党员大会" in text
    assert "签  发  人" in text
    assert cast.office.name not in text, "签发人留白，由本人签字"
    assert "不需签收" in text
    assert "{{" not in text
    assert "{%" not in text


@pytest.mark.mechanism("S0-14")
def test_supervision_prints_owner_and_verifier(cast: Any, hospital: Any, client_of: Any) -> None:
    order = issued(cast, make_supervision(cast, hospital))
    text = words_of(client_of(cast.secretary).get(f"{order.get_absolute_url()}paper/"))
    assert cast.secretary.name in text
    assert cast.clerk_office.name in text
    assert "签  收  人" in text
    assert "不代替纸质签字" in text


@pytest.mark.mechanism("S0-15")
def test_worklist_prints_what_was_done(cast: Any, hospital: Any, client_of: Any) -> None:
    order = issued(cast, make_order(cast, hospital, "worklist"))
    report_all(cast, order)
    assert "已按要求完成" in words_of(client_of(cast.clerk).get(f"{order.get_absolute_url()}paper/"))


def test_rectification_notice_and_a_void_sheet_say_so(cast: Any, hospital: Any, client_of: Any) -> None:
    order = issued(cast, make_order(cast, hospital, "rectification", text="签到表缺页"))
    actions.void(order, cast.office, reason="重复下发")
    text = words_of(client_of(cast.office).get(f"{order.get_absolute_url()}paper/"))
    assert "限期整改通知（作废）" in text
    assert "签到表缺页" in text


def test_text_with_markup_is_printed_as_written(cast: Any, hospital: Any, client_of: Any) -> None:
    order = make_order(cast, hospital, "supervision", text="记录 <不全> & 缺页 {{ 7*7 }}")
    text = words_of(client_of(cast.office).get(f"{order.get_absolute_url()}paper/"))
    assert "记录 <不全> & 缺页 {{ 7*7 }}" in text


def test_a_draft_is_not_printed_for_the_branch(cast: Any, hospital: Any, client_of: Any) -> None:
    order: Order = make_order(cast, hospital)
    assert client_of(cast.secretary).get(f"{order.get_absolute_url()}paper/").status_code == 404
    assert client_of(cast.office).get(f"{order.get_absolute_url()}paper/").status_code == 200
