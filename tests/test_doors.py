"""Who gets through which door: every address × every role, against a table that somebody has read.

To change the table: LINGHANG_REWRITE=1 .venv/bin/python -m pytest tests/test_doors.py -n0, then read the difference.
"""

import logging
from typing import Any

import pytest
from django.db import transaction

from linghang.kernel.flow import STEPS, VERBS
from linghang.kernel.models import Notice
from linghang.ui.shortcuts import STRONG
from tests.doors import (
    COLUMNS,
    DAY,
    REWRITE,
    Door,
    Visit,
    address,
    doors,
    knock,
    rewrite,
    subject_of,
    table,
    visits,
)
from tests.making import afresh

DOORS = doors()
APPS = sorted({door.app for door in DOORS})
# The watchdog, and a calendar program that knows the secret address of one person's feed.
OPEN_TO_ALL = {"desk:alive", "activities:feed_file"}
# Not here, for nobody: out of reach, or an address that only takes what is sent to it.
SHUT = ("404", "405")
# Doors whose record is not given out by reach with the door's own verb, and why.
OTHERWISE = {
    "activities:meeting_vote": "a vote is judged by its meeting, whose records the person must keep",
    "activities:meeting_ask_leave": "the meeting is one that the person sees; the leave is their own",
    "dispatch:file": "a file is opened by whoever may see the record that it belongs to",
    "desk:notice": "a notice belongs to the one it was sent to",
    "desk:job": "long work belongs to whoever began it",
}


@pytest.fixture
def day(on_day: Any, caplog: pytest.LogCaptureFixture) -> Any:
    """One day for all answers. That most doors are shut is no news for the log."""
    caplog.set_level(logging.CRITICAL, logger="django.request")
    with on_day(DAY):
        yield


def test_every_address_has_a_name_and_says_which_verb_opens_it():
    for door in DOORS:
        assert not door.name.endswith((":", "None")), door
        assert door.verb, f"{door.name}: write @needs, @signed_in or verb = 'public'"
        assert door.verb in VERBS or door.verb in ("signed_in", "public"), door


def test_names_of_addresses_are_unique():
    assert len({door.name for door in DOORS}) == len(DOORS)


def test_only_the_watchdog_and_a_calendar_may_come_in_without_an_account():
    assert {door.name for door in DOORS if door.verb == "public"} == OPEN_TO_ALL


def test_every_verb_that_changes_an_account_asks_for_a_second_factor():
    assert {verb for verb in STEPS if STEPS[verb].model._meta.label == "org.User"} <= STRONG


@pytest.mark.parametrize("app", APPS)
def test_every_role_finds_what_the_table_says(app: str, hospital: Any, day: Any) -> None:
    held, found, wrong = visits(), {}, []
    for door in [door for door in DOORS if door.app == app]:
        with transaction.atomic():
            rows, faulty = try_door(door, held)
            transaction.set_rollback(True)
        found |= {(row["door"], row["method"]): row for row in rows}
        wrong += faulty
    if REWRITE:
        rewrite(found, app)
    known = {key: row for key, row in table().items() if key[0].startswith(f"{app}:")}
    assert not wrong, "\n".join(wrong)
    assert differences(known, found) == []


def try_door(door: Door, held: list[Visit]) -> tuple[list[dict[str, str]], list[str]]:
    """Everybody knocks at one door; what they found, and what no table may excuse."""
    owner = next(visit.person for visit in held if visit.role == "secretary")
    subject = subject_of(door, owner) if "pk" in door.parts else None
    path, rows, wrong = address(door, subject), [], []
    for method in ("GET", "POST"):
        if method == "POST" and not door.step and rows[0]["office"] != "405":
            continue
        answers = {visit.role: knock(visit, method, path) for visit in held}
        codes = {role: str(answer.status_code) for role, answer in answers.items()}
        rows.append({"door": door.name, "method": method, "verb": door.verb, **codes})
        wrong += faults(door, method, answers)
        wrong += [
            f"{door.name} {method} {visit.role}: {codes[visit.role]} beyond reach"
            for visit in held
            if visit.person and codes[visit.role] not in SHUT and beyond(door, subject, visit.person)
        ]
    return rows, wrong


def faults(door: Door, method: str, answers: dict[str, Any]) -> list[str]:
    """What no table may excuse: breakdowns, and strangers who are not sent to sign in."""
    found = [
        f"{door.name} {method} {role}: breaks down" for role, a in answers.items() if a.status_code >= 500
    ]
    stranger = answers["anonymous"]
    sent_away = stranger.headers.get("Location", "").startswith("/accounts/login/?next=")
    if door.name not in OPEN_TO_ALL and not sent_away and stranger.status_code != 405:
        found.append(f"{door.name} {method}: a stranger is not sent to sign in")
    return found


def beyond(door: Door, subject: Any, person: Any) -> bool:
    """Whether this record is out of this person's reach: the same question, asked of the rows themselves."""
    if door.verb == "signed_in" or door.verb == "public":
        return False
    person = afresh(person)
    if not person.reach(door.verb):
        return True
    if subject is None or door.name in OTHERWISE:
        return False
    return not type(subject).objects.within(person, door.verb).filter(pk=subject.pk).exists()


def differences(known: dict[Any, dict[str, str]], found: dict[Any, dict[str, str]]) -> list[str]:
    said = []
    for key in sorted(known.keys() | found.keys()):
        old, new = known.get(key, {}), found.get(key, {})
        moved = [
            f"{c} {old.get(c, '—')}→{new.get(c, '—')}" for c in ("verb", *COLUMNS) if old.get(c) != new.get(c)
        ]
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
