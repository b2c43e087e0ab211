"""The organisation and its people: units, posts, members, dues."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.apps import apps
from django.conf import settings

from linghang.kernel import clock
from linghang.kernel.access import SYSTEM
from linghang.kernel.flow import VERBS
from linghang.kernel.models import Job, Notice, Trail
from linghang.org.models import Coverage, Grant, Import, Membership, Person, Post, Role, Unit, User

# Each model of the product whose rows are given out by reach, and how one of its rows is made.
Makers = dict[str, Callable[[], Any]]


def unit(code: str) -> Unit:
    """A unit of the tiny hospital by its code."""
    return Unit.objects.get(code=code)


def branch() -> Unit:
    """内科党支部, where everything is made unless another place is given."""
    return unit("b-medicine")


def somebody(number: str) -> Person:
    """A person of the tiny hospital, read afresh: posts and rights are loaded once for each copy."""
    return Person.objects.select_related("branch", "department").get(staff_number=number)


def afresh(person: Person) -> Person:
    """The same person as the next request would load them."""
    return Person.objects.select_related("branch", "department").get(pk=person.pk)


def model(label: str) -> Any:
    return apps.get_model(label)


# --- organisation ----------------------------------------------------------------------------------------------------


def make_unit(**more: Any) -> Unit:
    """One more branch beside 内科党支部."""
    parent = more.pop("parent", None) or branch().parent
    given = {
        "code": "b-new",
        "name": "新建党支部",
        "kind": Unit.Kind.BRANCH,
        "since": date(2021, 1, 1),
        **more,
    }
    made = Unit.objects.create(parent=parent, **given)
    made.path = f"{parent.path}{made.pk:05}/"
    made.save()
    made.placements.create(parent=parent, since=made.since)
    return made


def make_person(
    number: str = "7001", *, home: Unit | None = None, account: bool = False, **more: Any
) -> Person:
    """A full member of the branch; without a branch when `branch=None` is given."""
    place = more.pop("branch", branch())
    made = Person.objects.create(
        staff_number=number, name=more.pop("name", "甲乙"), branch=place, department=home, **more
    )
    if place is not None:
        Membership.objects.create(person=made, branch=place, status="full", since=date(2020, 1, 1))
    if account:
        User.objects.create_user(username=number, person=made)
    return made


def make_post(person: Person, role: str, place: Unit | None = None, **more: Any) -> Post:
    """A post that began long ago and has no end."""
    given = {"since": date(2020, 1, 1), **more}
    return Post.objects.create(
        person=person, unit=place or branch(), role=Role.objects.get(code=role), **given
    )


def make_grant(role: str, verb: str, extent: str = "unit", **more: Any) -> Grant:
    """Let a role do a verb; the verb need not be one of the product's."""
    VERBS.setdefault(verb, verb)
    return Grant.objects.create(role_id=role, verb=verb, extent=extent, **{"since": date(2020, 1, 1), **more})


def make_coverage(place: Unit, department: Unit, **more: Any) -> Coverage:
    return Coverage.objects.create(branch=place, department=department, **{"since": date(2020, 1, 1), **more})


def make_import(**more: Any) -> Import:
    """A real register of members, uploaded and previewed; it wants another state only when that is said."""
    from linghang.org.imports import import_roster

    sample = settings.BASE_DIR / "linghang/org/tests/samples/roster-small.xlsx"
    place = more.pop("unit", None) or branch()
    made = import_roster(SYSTEM, content=sample.read_bytes(), name="名册.xlsx", unit=place)
    Import.objects.filter(pk=made.pk).update(**more)
    made.refresh_from_db()
    return made


def make_trail(**more: Any) -> Trail:
    given = {"actor": "system", "actor_name": "系统", "verb": "org.add_unit", "label": "新增单位", **more}
    return Trail.objects.create(**{"subject": branch().ref, "subject_name": "内科党支部", **given})


def make_notice(to: Person, **more: Any) -> Notice:
    return Notice.objects.create(to=to.ref, **{"text": "您有新的提示单", "about": branch().ref, **more})


def make_job(owner: Person, **more: Any) -> Job:
    return Job.objects.create(owner=owner.ref, **{"title": "导入名册", "state": Job.State.DONE, **more})


# --- members ---------------------------------------------------------------------------------------------------------


def make_milestone(**more: Any) -> Any:
    """Somebody without a branch, on the staff of 内科, has become an activist."""
    person = more.pop("person", None) or make_person("7601", branch=None, home=unit("d-medicine"))
    given = {"unit": branch(), "kind": "activist", "on": date(2026, 3, 1), **more}
    return model("org.Milestone").objects.create(person=person, **given)


def make_spell(**more: Any) -> Any:
    """何员 of the branch, away since March."""
    given = {"unit": branch(), "kind": "floating", "since": date(2026, 3, 1), "place": "abroad", **more}
    return model("org.Spell").objects.create(person=given.pop("person", None) or somebody("3004"), **given)


def make_transfer(**more: Any) -> Any:
    """何员 is on the way from the branch to an organisation outside."""
    given = {"source": branch(), "outside": "市卫生健康委机关党委", "out_on": date(2026, 9, 1), **more}
    return model("org.Transfer").objects.create(person=given.pop("person", None) or somebody("3004"), **given)


def make_duesimport(**more: Any) -> Any:
    """A sheet of the branch that says that 何员 has paid for September."""
    entry = {
        "row": 2,
        "name": "何员",
        "person": somebody("3004").pk,
        "month": "2026-09-01",
        "paid": True,
        "fault": "",
    }
    given = {"unit": branch(), "name": "党费.xlsx", "outcome": [entry], **more}
    return model("org.DuesImport").objects.create(**given)


def make_duesmonth(**more: Any) -> Any:
    given = {"person": somebody("3004"), "branch": branch(), "month": date(2026, 9, 1), "paid": True, **more}
    return model("org.DuesMonth").objects.create(**given)


def make_duesbase(**more: Any) -> Any:
    return model("org.DuesBase").objects.create(**{"person": somebody("3004"), "base": 4000, **more})


def make_event(**more: Any) -> Any:
    given = {"unit": branch(), "kind": "renamed", "happened_on": date(2026, 9, 1), **more}
    return model("org.Event").objects.create(**given)


# --- posts -----------------------------------------------------------------------------------------------------------


def make_term(**more: Any) -> Any:
    """内科党支部 was elected two years ago."""
    given = {"unit": branch(), "elected_on": date(2024, 10, 1), **more}
    return model("org.Term").objects.create(**given)


def make_handover(**more: Any) -> Any:
    """周明 is to hand the branch over to 王蕾."""
    given = {"unit": branch(), "role_id": "secretary", "giver": somebody("3001"), "taker": somebody("3002")}
    items = [{"title": "完成党员信息核对", "why": "月度提示单", "due": "2026-10-20"}]
    return model("org.Handover").objects.create(
        **{**given, "drawn_on": clock.today(), "items": items, **more}
    )


MAKERS: Makers = {
    "kernel.Trail": make_trail,
    "org.Unit": branch,
    "org.Person": lambda: somebody("3004"),
    "org.Post": lambda: Post.objects.get(person__staff_number="3001"),
    "org.User": lambda: User.objects.get(username="3004"),
    "org.Import": make_import,
    "org.Term": make_term,
    "org.Handover": make_handover,
    "org.Milestone": make_milestone,
    "org.Spell": make_spell,
    "org.Transfer": make_transfer,
    "org.DuesImport": make_duesimport,
    "org.DuesMonth": make_duesmonth,
    "org.DuesBase": make_duesbase,
    "org.Event": make_event,
}
