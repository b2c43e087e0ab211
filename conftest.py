"""The cast of every test, always the same and known by name, in the tiny hospital.

The hospital stands in two shapes: headed by a 党委, or by a 总支 with the same people and branches and no 总支 in between.
Every test runs in the first; `LINGHANG_TEST_SHAPE=tiny-general` runs them in the second, without those that are about a
党委 (`@pytest.mark.under_a_committee`) or ask for a 总支 in between. What is about the second shape alone always stands on it:
`@pytest.mark.parametrize("hospital", ["tiny-general"], indirect=True)`.
"""

import os
from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from hypothesis import settings as hypotheses
from xdist.scheduler import LoadGroupScheduling

from linghang.org.models import Person, Unit

# A loaded machine may take its time over a single example; speed is the benchmark's business.
hypotheses.register_profile("house", deadline=None)
hypotheses.load_profile("house")

CAST = {
    "party_secretary": "1001",
    "leader": "1002",
    "office": "1003",
    "clerk_office": "1004",
    "inspector": "1005",
    "contributor": "1006",
    "general": "2001",
    "other_general": "2002",
    "secretary": "3001",
    "clerk": "3002",
    "group_leader": "3003",
    "member": "3004",
    "outsider": "4001",
    "imaging": "5001",
    "admin": "9001",
    "auditor": "9002",
}

STANDING = os.environ.get("LINGHANG_TEST_SHAPE", "tiny")
# Whom and what only the large shape has: the two 总支 between the committee and its branches, and their secretaries.
IN_BETWEEN = {"g1", "g2", "general", "other_general"}


class Named(SimpleNamespace):
    """Units or people by name. A test that asks for what stands in between is about the large shape alone."""

    def __getattr__(self, name: str) -> Any:
        if name in IN_BETWEEN:
            pytest.skip("党总支型没有第二级总支")
        raise AttributeError(name)


class Together(LoadGroupScheduling):  # type: ignore[misc]
    """The browser's stories share one Chromium and one founded hospital: one worker takes them all.

    pytest-xdist 3.8 writes the name of a group where pytest 9.2 no longer reads it, so the folder says it.
    """

    def _split_scope(self, nodeid: str) -> str:
        return "browser" if nodeid.startswith("tests/journeys/") else nodeid


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In the small shape the tests of the large one are left out."""
    left_out = pytest.mark.skip(reason="只在党委型里有")
    for item in items:
        if STANDING != "tiny" and item.get_closest_marker("under_a_committee"):
            item.add_marker(left_out)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Together | None:
    return Together(config, log) if config.getvalue("dist") == "loadgroup" else None


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """SQLite stands in a file, one for each worker, so that threads meet on it as they do in production."""
    if connection.vendor != "sqlite":
        request.getfixturevalue("django_db_modify_db_settings_parallel_suffix")
        return
    held = connection.settings_dict
    held["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")
    # The file does not outlive the run: nothing waits for the disk.
    held["OPTIONS"]["init_command"] = held["OPTIONS"]["init_command"].replace(
        "synchronous=FULL", "synchronous=OFF"
    )


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The tiny hospital stands in the test database before any test begins."""
    with django_db_blocker.unblock():
        stand()


def stand(shape: str = STANDING) -> None:
    """Apply the blueprint where there is no hospital: at the start, and after a test that emptied the tables."""
    from linghang.blueprints.loading import apply, load

    if not Unit.objects.exists():
        apply(load(shape))


@pytest.fixture
def hospital(db: None, request: pytest.FixtureRequest) -> Named:
    """The tiny hospital's units by code: hospital.party, hospital.b_medicine, …

    A transactional test leaves empty tables behind; whoever comes next finds the hospital again. Where a test wants the
    other shape, that stands for this test instead.
    """
    wanted = getattr(request, "param", STANDING)
    if wanted != STANDING:
        call_command("flush", interactive=False, inhibit_post_migrate=True, verbosity=0)
    stand(wanted)
    return Named(**{unit.code.replace("-", "_"): unit for unit in Unit.objects.all()})


@pytest.fixture
def cast(hospital: Named) -> Named:
    """The people by the part they play: cast.office issues, cast.secretary acts, cast.outsider must never get in."""
    people = {p.staff_number: p for p in Person.objects.select_related("branch", "department")}
    small = hospital.party.kind == Unit.Kind.GENERAL
    found = {part: people[number] for part, number in CAST.items() if not (small and part in IN_BETWEEN)}
    # Who reviews what branches report: the 总支 above them, and where none stands in between the office.
    return Named(**found, reviewer=found["clerk_office" if small else "general"])


@pytest.fixture
def client_of() -> Callable[[Person], Client]:
    """A browser that is signed in as somebody."""

    def sign_in(person: Person) -> Client:
        client = Client()
        client.force_login(person.user)
        return client

    return sign_in


@pytest.fixture
def on_day() -> Callable[[date], Any]:
    """Stand on a day: `with on_day(date(2026, 10, 28)):`"""
    from linghang.kernel import clock

    return clock.at


@pytest.fixture(autouse=True)
def no_second_factor(settings: Any) -> None:
    """The second factor has its own tests; elsewhere it would stand before every door."""
    settings.SECOND_FACTOR = False
