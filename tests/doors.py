"""Every address of the product, and what each role of the tiny hospital finds behind it.

The addresses come from the URL configuration: a new page needs no word here unless its address names something that
cannot be guessed (see SUBJECTS and WORDS).
"""

import csv
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from linghang.kernel.flow import STEPS, Step
from linghang.org.models import Person
from tests import making
from tests.making import MAKERS, make_person, make_post, somebody, unit

TABLE = Path(__file__).with_name("doors.csv")
DAY = date(2026, 11, 16)
ROLES = {
    "member": "3004",
    "secretary": "3001",
    "clerk": "3002",
    "outsider": "4001",
    "general": "2001",
    "office": "1003",
    "leader": "1002",
    "inspector": "1005",
    "admin": "9001",
    "auditor": "9002",
    "contributor": "1006",
}
COLUMNS = ["anonymous", "former", *ROLES]

# Addresses whose `pk` is not the noun that they are named after.
SUBJECTS = {
    "org:account": "org.User",
    "org:user": "org.User",
    "assessment:sheet": "assessment.Rating",
    "assessment:object": "assessment.Rating",
    "assessment:board": "assessment.Cycle",
    "assessment:uses": "assessment.Cycle",
    "assessment:manual": "assessment.Cycle",
    "assessment:marks": "assessment.Cycle",
    "planning:adopt": "activities.Resolution",
    "dispatch:file": "dispatch.Order",
    "decisions:sitting": "activities.Meeting",
    "decisions:force": "decisions.TaskForce",
}
# What else an address may ask for, by the name of its part; a page of its own may differ.
WORDS: dict[str, Any] = {
    "planning:*.key": "2026-11",
    "desk:figure.kind": "assessment.score",
    "decisions:sitting_paper.name": "agenda",
    "blueprints:parameter.code": "dispatch.text_length",
    "dispatch:many.tail": "issue",
    "activities:meeting_paper.name": "sign-in",
    "activities:feed_file.token": lambda: making.make_feed().token,
    "activities:election_paper.name": "request",
    "org:import_rows.tab": "imported",
    "policies:*.tab": "imported",
    "inspections:standard.code": "premises",
    "assessment:manual_item.code": lambda: by_hand(),
    "assessment:manual_unit.unit": lambda: making.branch().pk,
}


# Doors that open for records of a certain kind only.
RECORDS: dict[str, Callable[[], Any]] = {
    "assessment:uses": lambda: making.make_cycle(title="已锁定的周期", state="locked"),
    "dispatch:line_verify": lambda: making.make_line(
        state="confirmed",
        verifier=somebody("1005"),
        owner=somebody("3002"),
        order=making.make_order(kind="rectification"),
    ),
    "dispatch:line_grant_extension": lambda: _asking(),
    "dispatch:line_decline_extension": lambda: _asking(),
    "dispatch:file": lambda: making.make_attachment(),
    "inspections:check_enter": lambda: _inspected(),
    # planning has plans too
    **{
        f"inspections:plan_{tail}": making.make_inspectionplan
        for tail in ("add_line", "drop_line", "file_plan")
    },
    "desk:figure": lambda: making.make_score(),
    "policies:policy_file": lambda: _with_file(),
    "desk:branch": lambda: making.branch(),
    "decisions:sitting": lambda: making.make_meeting(unit=unit("party"), kind="committee"),
    "decisions:sitting_paper": lambda: making.make_meeting(unit=unit("party"), kind="committee"),
}


def by_hand() -> str:
    """The code of an item that is judged by hand."""
    return next(item.code for item in making.make_scheme().content.items if item.by_hand)


def _with_file() -> Any:
    """A rule whose text is a file."""
    made = making.make_policy()
    making.make_attachment(subject=made.ref)
    return made


def _asking() -> Any:
    """A line whose unit asks for a later day."""
    return making.make_line(asked_until=DAY + timedelta(days=30), asked_because="学科检查冲突")


def _inspected() -> Any:
    """A check that waits for the inspector, who has a temporary post at the branch."""
    made = making.make_check(state="waiting", inspecting=unit("b-surgery"))
    made.team.set([somebody("4001")])
    make_post(somebody("4001"), "inspector", making.branch(), until=DAY + timedelta(days=7))
    return made


@dataclass(frozen=True)
class Door:
    """One address and the verb that opens it."""

    name: str
    verb: str
    parts: tuple[str, ...]
    view: Callable[..., Any]

    @property
    def app(self) -> str:
        return self.name.partition(":")[0]

    @property
    def step(self) -> Step | None:
        return STEPS.get(self.verb)

    @property
    def subject(self) -> str:
        """The model of its `pk`, by its verb or by its name; "" where it has none."""
        if "pk" not in self.parts:
            return ""
        noun = self.name.partition(":")[2].partition("_")[0]
        if told := SUBJECTS.get(self.name) or SUBJECTS.get(f"{self.app}:{noun}"):
            return told
        named = {m._meta.model_name: m._meta.label for m in apps.get_app_config(self.app).get_models()}
        label = named.get(noun) or (self.step.model._meta.label if self.step else SUBJECTS.get(self.app, ""))
        if not label and self.app != "desk":
            raise LookupError(f"{self.name}: say in tests/doors.py which model its pk belongs to")
        return label


def doors() -> list[Door]:
    """Every address of our own; those of the sign-in package have their own test."""
    return sorted(_walk(get_resolver().url_patterns, ""), key=lambda door: (door.app, door.name))


def _walk(patterns: list[URLPattern | URLResolver], app: str) -> Iterator[Door]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace:
                yield from _walk(pattern.url_patterns, pattern.namespace)
        else:
            verb = getattr(pattern.callback, "verb", "")
            yield Door(f"{app}:{pattern.name}", verb, tuple(pattern.pattern.converters), pattern.callback)


# --- what stands behind a door ---------------------------------------------------------------------------------------


def subject_of(door: Door, owner: Person) -> Any:
    """A record in 内科党支部 that the door may be opened for, in a state where its verb begins."""
    if door.name in RECORDS:
        return RECORDS[door.name]()
    if door.app == "desk":
        noun = door.name.partition(":")[2]
        return {"notice": making.make_notice, "job": making.make_job}[noun](owner)
    if door.step and not door.step.creates and door.step.model._meta.label == door.subject:
        return _ready_for(door.step)
    return MAKERS[door.subject]()


def _ready_for(step: Step) -> Any:
    make = getattr(making, f"make_{step.model._meta.model_name}", None)
    if make is None or step.model._meta.label in ("org.Unit", "org.Person", "org.Post"):
        return MAKERS[step.model._meta.label]()
    state = {"state": sorted(step.at)[0]} if step.at else {}
    kinds = [{}] + [
        {"kind": kind} for kind in getattr(step.model, "Kind", type("", (), {"values": []})).values
    ]
    made = None
    for kind in kinds:
        made = make(**state, **kind)
        if step.when is None or step.when(made):
            return made
    return made


def address(door: Door, subject: Any) -> str:
    """The door's address for this record."""
    return reverse(door.name, kwargs={part: _part(door, part, subject) for part in door.parts})


def _part(door: Door, part: str, subject: Any) -> Any:
    if part == "pk":
        return subject.pk
    for name in (f"{door.name}.{part}", f"{door.app}:*.{part}"):
        if name in WORDS:
            return WORDS[name]() if callable(WORDS[name]) else WORDS[name]
    raise LookupError(f"{door.name}: say in tests/doors.py what stands for <{part}>")


def people() -> dict[str, Person | None]:
    """Everybody who knocks, by role."""
    former = make_person("7777", branch=unit("b-imaging"), name="前任", account=True)
    make_post(former, "secretary", making.branch(), until=DAY - timedelta(days=1))
    return {"anonymous": None, "former": former, **{role: somebody(number) for role, number in ROLES.items()}}


# --- knocking --------------------------------------------------------------------------------------------------------


@dataclass
class Visit:
    """A browser of one role."""

    role: str
    person: Person | None
    client: Client


def visits() -> list[Visit]:
    """One browser for each role, signed in."""
    found = []
    for role, person in people().items():
        client = Client(raise_request_exception=False)
        if person is not None:
            client.force_login(person.user)
        found.append(Visit(role, person, client))
    return found


def knock(visit: Visit, method: str, path: str) -> Any:
    """The answer; whatever it changed is taken back."""
    with transaction.atomic():
        response = getattr(visit.client, method.lower())(path)
        if response.streaming:
            response.close()
        transaction.set_rollback(True)
    return response


@cache
def table() -> dict[tuple[str, str], dict[str, str]]:
    """The reviewed table: (address, method) → role → code."""
    if not TABLE.exists():
        return {}
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {(row["door"], row["method"]): row for row in csv.DictReader(file)}


REWRITE = bool(os.environ.get("LINGHANG_REWRITE"))


def rewrite(found: dict[tuple[str, str], dict[str, str]], app: str) -> None:
    """Put an app's rows into the table. Only by hand, and read the difference before it is committed."""
    table.cache_clear()
    kept = {key: row for key, row in table().items() if not key[0].startswith(f"{app}:")}
    rows = sorted((kept | found).items(), key=lambda entry: entry[0])
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["door", "method", "verb", *COLUMNS], lineterminator="\n")
        writer.writeheader()
        writer.writerows(row for _, row in rows)
    table.cache_clear()
