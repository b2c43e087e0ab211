"""Who gets through which door: every address × every role, against a table that somebody has read.

To change the table: LINGHANG_REWRITE=1 .venv/bin/python -m pytest tests/test_doors.py -n0, then read the difference.
"""

from typing import Any

import pytest

from linghang.kernel.flow import STEPS, VERBS
from linghang.kernel.models import Notice
from linghang.ui.shortcuts import STRONG
from tests.doors import COLUMNS, DAY, REWRITE, Door, address, doors, knock, rewrite, subject_of, table, visits

DOORS = doors()
APPS = sorted({door.app for door in DOORS})
OPEN_TO_ALL = {"desk:alive"}
# Doors whose record is not given out by reach with the door's own verb, and why.
OTHERWISE = {
    "desk:notice": "a notice belongs to the one it was sent to",
    "desk:job": "long work belongs to whoever began it",
}


@pytest.fixture
def day(on_day: Any) -> Any:
    with on_day(DAY):
        yield


def test_every_address_has_a_name_and_says_which_verb_opens_it():
    for door in DOORS:
        assert not door.name.endswith((":", "None")), door
        assert door.verb, f"{door.name}: write @needs, @signed_in or verb = 'public'"
        assert door.verb in VERBS or door.verb in ("signed_in", "public"), door


def test_names_of_addresses_are_unique():
    assert len({door.name for door in DOORS}) == len(DOORS)


def test_only_the_watchdog_may_come_in_without_an_account():
    assert {door.name for door in DOORS if door.verb == "public"} == OPEN_TO_ALL


def test_every_verb_that_changes_an_account_asks_for_a_second_factor():
    assert {verb for verb in STEPS if STEPS[verb].model._meta.label == "org.User"} <= STRONG


@pytest.mark.parametrize("app", APPS)
def test_every_role_finds_what_the_table_says(app: str, hospital: Any, day: Any) -> None:
    held = visits()
    owner = next(visit.person for visit in held if visit.role == "secretary")
    found: dict[tuple[str, str], dict[str, str]] = {}
    wrong: list[str] = []
    for door in [door for door in DOORS if door.app == app]:
        subject = subject_of(door, owner) if "pk" in door.parts else None
        path = address(door, subject)
        for method in ("GET", "POST") if door.step else ("GET",):
            answers = {visit.role: knock(visit, method, path) for visit in held}
            codes = {role: str(answer.status_code) for role, answer in answers.items()}
            found[door.name, method] = {"door": door.name, "method": method, "verb": door.verb, **codes}
            wrong += faults(door, method, answers)
            wrong += [
                f"{door.name} {method} {visit.role}: {codes[visit.role]} beyond reach"
                for visit in held
                if visit.person and codes[visit.role] != "404" and beyond(door, subject, visit.person)
            ]
    if REWRITE:
        rewrite(found, app)
    known = {key: row for key, row in table().items() if key[0].startswith(f"{app}:")}
    assert not wrong, "\n".join(wrong)
    assert differences(known, found) == []


def faults(door: Door, method: str, answers: dict[str, Any]) -> list[str]:
    """What no table may excuse: breakdowns, and strangers who are not sent to sign in."""
    found = [f"{door.name} {method} {role}: breaks down" for role, a in answers.items() if a.status_code >= 500]
    if door.name not in OPEN_TO_ALL and not answers["anonymous"].headers.get("Location", "").startswith(
        "/accounts/login/?next="
    ):
        found.append(f"{door.name} {method}: a stranger is not sent to sign in")
    return found


def beyond(door: Door, subject: Any, person: Any) -> bool:
    """Whether this record is out of this person's reach: the same question, asked of the rows themselves."""
    if door.verb == "signed_in" or door.verb == "public":
        return False
    if not person.reach(door.verb):
        return True
    if subject is None or door.name in OTHERWISE:
        return False
    return not type(subject).objects.within(person, door.verb).filter(pk=subject.pk).exists()


def differences(known: dict[Any, dict[str, str]], found: dict[Any, dict[str, str]]) -> list[str]:
    said = []
    for key in sorted(known.keys() | found.keys()):
        old, new = known.get(key, {}), found.get(key, {})
        moved = [f"{c} {old.get(c, '—')}→{new.get(c, '—')}" for c in ("verb", *COLUMNS) if old.get(c) != new.get(c)]
        if moved:
            said.append(f"{' '.join(key)}: {', '.join(moved)}")
    return said


def test_a_notice_and_a_job_are_seen_by_their_owner_only(client_of: Any, cast: Any) -> None:
    from tests.making import make_job, make_notice

    job, notice = make_job(cast.office), make_notice(cast.office)
    for path in (f"/jobs/{job.pk}/", f"/notices/{notice.pk}/"):
        assert client_of(cast.secretary).get(path).status_code == 404
        assert client_of(cast.leader).get(path).status_code == 404
        assert client_of(cast.office).get(path).status_code in (200, 302)
    assert Notice.objects.get(pk=notice.pk).read_at


def test_the_table_names_no_door_that_is_gone():
    assert {name for name, _ in table()} <= {door.name for door in DOORS}
