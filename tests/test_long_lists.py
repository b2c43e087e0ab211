"""A long list is read from its nearer end, and shows every row once."""

import pytest
from django.core.paginator import Paginator
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linghang.org.models import Unit
from linghang.ui.lists import BothEnds


@pytest.mark.parametrize("per_page", [1, 2, 3, 5, 20])
@pytest.mark.parametrize("order", [("pk",), ("-name", "pk"), ("kind", "-pk")])
def test_every_page_is_the_same_from_either_end(hospital, per_page, order):
    found = Unit.objects.order_by(*order)
    plain, ours = Paginator(found, per_page), BothEnds(found, per_page)
    for number in plain.page_range:
        assert list(ours.page(number)) == list(plain.page(number))


def test_the_last_page_skips_nothing(hospital):
    pages = BothEnds(Unit.objects.order_by("pk"), 2)
    with CaptureQueriesContext(connection) as queries:
        list(pages.page(pages.num_pages))
    assert "OFFSET" not in queries[-1]["sql"]


def test_an_empty_list_has_one_empty_page(hospital):
    assert list(BothEnds(Unit.objects.none().order_by("pk"), 20).get_page(9)) == []


def test_equal_rows_have_an_order_of_their_own(client_of, cast):
    client = client_of(cast.office)
    with CaptureQueriesContext(connection) as queries:
        client.get("/org/units/")
    listed = next(
        q["sql"] for q in queries if "LIMIT" in q["sql"] and 'ORDER BY "org_unit"."path"' in q["sql"]
    )
    assert '"org_unit"."id" ASC' in listed.rpartition("ORDER BY")[2]
