"""Registers made for tests: rows, the file, its upload, and the state of the organisation before and after."""

from datetime import date
from pathlib import Path

from django.core.management import call_command

from linghang.kernel.access import SYSTEM
from linghang.org import actions, imports
from linghang.org.importing.entries import ROWS
from linghang.org.models import (
    Coverage,
    Event,
    Grant,
    Membership,
    Person,
    Placement,
    Post,
    Role,
    Unit,
    User,
)
from linghang.ui.tests.workbooks import xlsx_of

SAMPLES = Path(__file__).with_name("samples")
AS_OF = date(2026, 11, 1)
HEAD = [
    "姓名",
    "性别",
    "出生日期",
    "所在科室",
    "所在党支部",
    "入党时间",
    "转正时间",
    "党员类别",
    "党内职务",
    "手机号码",
    "工号",
]
KEPT = (Unit, Placement, Coverage, Person, Membership, Post, Role, Grant, User)
NUMBER = "11010519491231002X"


def line(name, branch="内科党支部", **more):
    """One row of a register; what is not said is empty."""
    given = {"姓名": name, "所在党支部": branch, "党员类别": "正式党员", "入党时间": "2010-05-04", **more}
    return [given.get(label, "") for label in HEAD]


def register(*rows):
    return xlsx_of({"党员名册": [["党员名册"], HEAD, *rows]})


def upload(by, *rows, content=None, **said):
    said.setdefault("as_of", AS_OF)
    return imports.import_roster(by, content=content or register(*rows), name="名册.xlsx", **said)


def bring_in(by, *rows, units="suggestion", **said):
    """Upload, take the suggested units, confirm."""
    found = decide(upload(by, *rows, **said), by, units)
    return imports.confirm_roster(found, by)


def decide(found, by, choice="suggestion"):
    answers = {e["key"]: e.get(choice, choice) for e in found.outcome if e["kind"] == "unit"}
    return imports.adjust_roster(found, by, units=answers) if answers else found


def of(found, name):
    return next(e for e in found.outcome if e["kind"] in ROWS and e["name"] == name)


def said(entry):
    return "；".join(fault["reason"] for fault in [*entry["faults"], *entry["cautions"]])


def state():
    """Every business row of the organisation, to the last column."""
    return {model: sorted(map(str, model.objects.values_list().order_by("pk"))) for model in KEPT}


def found_hospital(name):
    """Another blueprint in an emptied database, and the director of its office."""
    for model in (Event, Post, Membership, User, Person, Placement, Coverage):
        model._base_manager.all()._raw_delete("default")
    Unit.objects.update(parent=None)
    for model in (Unit, Grant, Role):
        model._base_manager.all()._raw_delete("default")
    call_command("blueprint", "apply", name)
    hospital = Unit.objects.get(kind=Unit.Kind.HOSPITAL)
    director = actions.add_person(SYSTEM, name="党办主任", staff_number="A1")
    role = Role.objects.get(code="office_director")
    actions.appoint(SYSTEM, person=director, unit=hospital, role=role, since=date(2026, 1, 1))
    return Person.objects.get(pk=director.pk)
