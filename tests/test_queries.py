"""How many queries a page costs: as many as it cost when somebody last looked, and no more because there is more to show.

To change the baseline: LINGHANG_REWRITE=1 .venv/bin/python -m pytest tests/test_queries.py -n0, then read the difference.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from linghang.org.models import Person
from tests import making
from tests.doors import DAY, REWRITE, ROLES, Door, address, doors, subject_of, table
from tests.making import somebody

BASELINE = Path(__file__).with_name("query_counts.json")
AIM = 15
# A page may ask a little more when a list fills up (a prefetch that had nothing to fetch before), never a query a row.
SLACK = 2


@pytest.fixture
def day(on_day: Any) -> Any:
    with on_day(DAY):
        yield


def pages(role: str) -> list[Door]:
    """Every page that this role may open, by the reviewed table of doors."""
    seen = {name for (name, method), row in table().items() if method == "GET" and row[role] == "200"}
    return [door for door in doors() if door.name in seen]


@pytest.mark.parametrize("role", ["office", "secretary"])
def test_a_page_costs_what_it_did_and_no_more_when_there_is_more(role: str, hospital: Any, day: Any) -> None:
    person = somebody(ROLES[role])
    client = Client()
    client.force_login(person.user)
    client.get("/")  # the first visit of a minute marks the session; it is the others that are counted
    make_more(person, 1)
    found = {door.name: cost(client, door, person) for door in pages(role)}
    make_more(person, 4)
    later = {door.name: cost(client, door, person) for door in pages(role)}
    growing = [
        f"{name}: {found[name]} → {later[name]}" for name in found if later[name] > found[name] + SLACK
    ]
    known = rewritten(role, later) if REWRITE else json.loads(BASELINE.read_text())[role]
    assert growing == [], "a query for every row"
    assert [
        f"{name}: {known.get(name)} → {n}" for name, n in later.items() if n > known.get(name, AIM) + 1
    ] == []
    assert set(known) <= set(later), "the baseline names pages that are gone"


def test_a_review_that_closes_its_sheet_stays_within_the_aim(hospital: Any, day: Any) -> None:
    """The longest way of one button: two rows locked, two moved, two traces. On PostgreSQL as well, where the row is
    locked alone and its gate is brought afterwards."""
    person = somebody(ROLES["general"])
    client = Client()
    client.force_login(person.user)
    client.get("/")
    order = making.make_order(state="issued", issued_on=DAY)
    line = making.make_line(order=order, state="confirmed", confirmed_on=DAY)
    with CaptureQueriesContext(connection) as queries:
        assert client.post(f"/dispatch/lines/{line.pk}/review/").status_code == 302
    order.refresh_from_db()
    assert order.state == "closed"
    asked = [q["sql"] for q in queries.captured_queries if "SAVEPOINT" not in q["sql"]]
    assert len(asked) <= AIM


def cost(client: Client, door: Door, person: Person) -> int:
    """The queries of one visit, without those of the connection itself."""
    with transaction.atomic():
        path = address(door, subject_of(door, person) if "pk" in door.parts else None)
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        transaction.set_rollback(True)
    return len([q for q in queries.captured_queries if "SAVEPOINT" not in q["sql"]])


def make_more(person: Person, times: int) -> None:
    """Some of everything that stands in lists."""
    for _ in range(times):
        place = Person.objects.count()
        making.make_person(f"8{place:03}", name=f"人{place}")
        order = making.make_order()
        for state in ("open", "reported", "confirmed"):
            making.make_line(order=order, state=state)
        making.make_line(order=making.make_order(kind="rectification", state="issued"))
        making.make_order(kind="supervision", state="received", received_on=DAY)
        for state in ("planned", "recorded", "confirmed"):
            making.make_resolution(meeting=making.make_meeting(state=state, title=f"第 {place} 次"))
        making.make_item(text=f"事项 {place}", plan=making.make_plan(title=f"计划 {place}"))
        check = making.make_check(state="confirmed", round=making.make_round(title=f"第 {place} 轮"))
        making.make_finding(inspection=check, confirmed_on=DAY)
        making.make_finding(inspection=check, advice=True)
        making.make_problem(text=f"问题 {place}")
        making.make_policy(title=f"制度 {place}")
        making.make_notice(person, text=f"通知 {place}")


def rewritten(role: str, found: dict[str, int]) -> dict[str, int]:
    known = json.loads(BASELINE.read_text()) if BASELINE.exists() else {}
    known[role] = dict(sorted(found.items()))
    BASELINE.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n")
    return known[role]


def test_no_page_asks_more_than_the_aim():
    above = {
        f"{role} {name}: {n}"
        for role, held in json.loads(BASELINE.read_text()).items()
        for name, n in held.items()
        if n > AIM
    }
    assert above == set()
