"""What is done before the curtain rises, in a process of its own: `python -m tests.journeys.stage found 2026-10-14`."""

import sys
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

PASSWORD = "Lantern-2026"


def found(blueprint: str = "tiny") -> None:
    """The tiny hospital as its blueprint says, everybody with the same password."""
    from django.contrib.auth.hashers import make_password
    from django.core.management import call_command

    from linghang.blueprints.loading import apply, load
    from linghang.org.models import User

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    apply(load(blueprint))
    User.objects.update(password=make_password(PASSWORD))


def person(number: str) -> Any:
    """One of the cast by staff number, read afresh."""
    from linghang.org.models import Person

    return Person.objects.get(staff_number=number)


def reminder() -> None:
    """内科党支部 has its sheet of the month: one line for the organiser, one for the secretary."""
    from linghang.dispatch.actions import LineDraft

    lines = [
        LineDraft("开展“以案促改”主题党日", date(2026, 10, 30), owner=person("3002")),
        LineDraft("完成党员信息核对", date(2026, 10, 20), owner=person("3001")),
    ]
    _issue("2026 年 10 月月度提示单", date(2026, 10, 1), lines)


def _issue(title: str, month: date, lines: list[Any]) -> None:
    """A month's sheet for 内科党支部, written, signed and issued by the office."""
    from linghang.dispatch import actions as dispatch
    from linghang.org.models import Unit

    branch, party = Unit.objects.get(code="b-medicine"), Unit.objects.get(code="party")
    clerk, director = person("1004"), person("1003")
    given = {"kind": "reminder", "unit": branch, "issuer": party, "title": title, "period": month}
    order = dispatch.draft(clerk, **given, lines=lines)
    dispatch.check(order, director)
    dispatch.sign(order, director)
    dispatch.issue(order, clerk)


# Months of the year so far, and what each branch left out of its book.
MONTHS = range(1, 10)
GAPS = {"b-surgery": {"themed_day": {8, 9}, "board": {9}}}
SECRETARIES = {"b-medicine": "3001", "b-surgery": "4001", "b-imaging": "5001", "b-office": "1003"}


def year() -> None:
    """The branches kept their books from January on, one of them with gaps; the office set the first day that counts."""
    from linghang.kernel import clock, parameters

    start = date(2026, 1, 1)
    with clock.at(start):
        parameters.put(person("1003"), "compliance.go_live", start.isoformat(), start)
    for code, number in SECRETARIES.items():
        for month in MONTHS:
            _keep_the_book(code, person(number), month)


def _keep_the_book(code: str, secretary: Any, month: int) -> None:
    """What one branch held in one month."""
    from linghang.activities import actions
    from linghang.kernel import clock
    from linghang.org.models import Unit

    branch, gaps = Unit.objects.get(code=code), GAPS.get(code, {})
    days = {
        "board": 8,
        "themed_day": 15,
        "assembly": 20 if month % 3 == 2 else 0,
        "lesson": 22 if month % 3 == 2 else 0,
    }
    for kind, day in days.items():
        if day and month not in gaps.get(kind, ()):
            with clock.at(date(2026, month, day)):
                given = {
                    "unit": branch,
                    "kind": kind,
                    "held_on": clock.today(),
                    "title": f"{month} 月",
                    "book_page": "有",
                }
                actions.record(secretary, **given)


def lived() -> None:
    """A hundred days of the demo's daily life, so that every list has rows in every state."""
    import random
    from datetime import timedelta

    from django.db import transaction

    from linghang.demo.play import MODULES, module
    from linghang.kernel import clock
    from linghang.rules.workdays import is_workday

    rng, today = random.Random(7), clock.today()
    for day in (today - timedelta(days=n) for n in range(100, 0, -1)):
        if is_workday(day):
            with transaction.atomic(), clock.at(day):
                for name in MODULES:
                    module(name).play(day, rng)


def term() -> None:
    """内科党支部 has seven full members, enough for a committee, and was last elected three years ago."""
    from linghang.org.actions import add_person, begin_term, enroll
    from linghang.org.models import Unit

    branch, director = Unit.objects.get(code="b-medicine"), person("1003")
    for number, name in (("3011", "许一"), ("3012", "许二")):
        member = add_person(director, name=name, staff_number=number, department=person("3001").department)
        enroll(member, director, branch=branch, status="full", since=date(2024, 1, 1))
    begin_term(director, unit=branch, elected_on=date(2023, 11, 20), document="院党字〔2023〕40 号")


def joint() -> None:
    """Two departments share a branch: three full members, one of them its secretary, and a probationary member."""
    from django.contrib.auth.hashers import make_password

    from linghang.org import actions as org
    from linghang.org.models import Role, Unit, User

    director, units = person("1003"), {unit.code: unit for unit in Unit.objects.all()}
    since = date(2026, 3, 2)
    given = {"name": "影像内镜联合党支部", "kind": "branch", "shape": "joint", "parent": units["g1"]}
    branch = org.add_unit(director, **given, since=since)
    for code, weight in (("d-imaging", "0.5"), ("d-medicine", "0.3")):
        org.cover(branch, director, department=units[code], weight=weight, since=since)
    for number, name, home in (
        ("3021", "许一", "d-imaging"),
        ("3022", "许二", "d-medicine"),
        ("3023", "许三", "d-medicine"),
        ("3024", "许四", "d-imaging"),
    ):
        one = org.add_person(director, name=name, staff_number=number, department=units[home])
        org.enroll(
            one, director, branch=branch, status="probationary" if number == "3024" else "full", since=since
        )
    secretary = Role.objects.get(code="secretary")
    org.appoint(director, person=person("3021"), unit=branch, role=secretary, since=since)
    User.objects.create(username="3021", person=person("3021"), password=make_password(PASSWORD))


def tasks_end() -> None:
    """The minute's round that ends temporary branches."""
    from linghang.org.ticks import end_temporary

    end_temporary()


def filed_late() -> None:
    """外科党支部 wrote down its themed day of August in October."""
    from linghang.activities import actions
    from linghang.kernel import clock
    from linghang.org.models import Unit

    with clock.at(date(2026, 10, 10)):
        branch = Unit.objects.get(code="b-surgery")
        given = {"unit": branch, "kind": "themed_day", "held_on": date(2026, 8, 14), "book_page": "有"}
        actions.record(person("4001"), **given, title="8 月")


# The sheet of November: what the office asks of 内科党支部, until when, and of whom it is expected.
NOVEMBER = (
    ("召开支委会研究年底工作", 13, "3002"),
    ("开展“以案促改”主题党日", 20, "3002"),
    ("开展一次警示教育", 20, "3002"),
    ("组织理论学习，学习全会精神", 27, "3002"),
    ("开展一次义诊", 30, "3002"),
    ("核对党员基本信息", 20, "3002"),
    ("报送明年发展党员计划", 27, "3001"),
)


def habits() -> None:
    """内科党支部 met in October as it always does: same hours, same room."""
    from datetime import time

    from linghang.activities import actions
    from linghang.kernel import clock
    from linghang.org.models import Unit

    branch, secretary = Unit.objects.get(code="b-medicine"), person("3001")
    for kind, day in (("board", 9), ("group", 12), ("themed_day", 13)):
        with clock.at(date(2026, 10, day)):
            given = {"unit": branch, "kind": kind, "held_on": clock.today(), "starts_at": time(16, 30)}
            held = actions.plan(secretary, **given, place="内科示教室", title="十月")
            actions.record_planned(held, secretary, book_page="有")


def november() -> None:
    """内科党支部 has its sheet of November: five lines that meetings answer, two that take a sentence."""
    from linghang.dispatch.actions import LineDraft
    from linghang.kernel import clock

    month = clock.today().replace(day=1)
    lines = [LineDraft(text, month.replace(day=day), owner=person(who)) for text, day, who in NOVEMBER]
    _issue("2026 年 11 月月度提示单", month, lines)


def premises() -> None:
    """The 六有 of 影像党支部 was verified in November of last year: it lapses in a month."""
    from linghang.inspections import actions
    from linghang.inspections.models import Checklist
    from linghang.kernel import clock
    from linghang.org.models import Unit

    day, office = date(2025, 11, 12), person("1003")
    with clock.at(day):
        given = {"checklist": Checklist.objects.get(code="premises"), "unit": Unit.objects.get(code="party")}
        units = Unit.objects.filter(code="b-imaging")
        this = actions.open_round(
            office, title="2025 年“六有”核验", method="committee", since=day, until=day, units=units, **given
        )
        actions.assign_team(this, office, team=[person("1004")])
        actions.start(this, office)
        for check in this.checks.all():
            actions.print_checklist(check, person("1004"))
            actions.enter(check, person("1004"), held_on=day)
            actions.confirm_check(check, office)
        actions.close_round(this, office)


def leadership() -> None:
    """The 党委 has a president and two more members beside its secretary and the deputy, and a professional committee."""
    from django.contrib.auth.hashers import make_password

    from linghang.decisions.actions import add_force
    from linghang.org import actions as org
    from linghang.org.models import Role, Unit, User

    director, units = person("1003"), {unit.code: unit for unit in Unit.objects.all()}
    for number, name, role in (
        ("1101", "白院长", "president"),
        ("1102", "委员甲", "party_committee_member"),
        ("1103", "委员乙", "party_committee_member"),
    ):
        one = org.add_person(director, name=name, staff_number=number, department=units["d-office"])
        org.enroll(one, director, branch=units["b-office"], status="full", since=date(2024, 1, 1))
        held = Role.objects.get(code=role)
        org.appoint(director, person=one, unit=units["party"], role=held, since=date(2024, 1, 1))
        User.objects.create(username=number, person=one, password=make_password(PASSWORD))
    given = {"kind": "committee", "title": "医疗装备委员会", "weighty": False, "lead": person("1101")}
    add_force(director, unit=units["party"], since=date(2024, 1, 1), **given)


def frameworks() -> None:
    """The hospital plans by one of the frameworks of the library."""
    from linghang.kernel import clock, parameters

    parameters.put(person("1003"), "planning.frameworks", "4243 型", clock.today())


def reminded() -> None:
    """The minute's round that reminds of what is due and urges what is late."""
    from linghang.dispatch.ticks import remind_today

    remind_today()


SCENES: dict[str, Callable[[], None]] = {
    "frameworks": frameworks,
    "reminded": reminded,
    "leadership": leadership,
    "term": term,
    "found": found,
    "found_small": partial(found, "tiny-general"),
    "joint": joint,
    "tasks_end": tasks_end,
    "reminder": reminder,
    "year": year,
    "lived": lived,
    "filed_late": filed_late,
    "habits": habits,
    "premises": premises,
    "november": november,
}


def main() -> None:
    import django

    django.setup()
    from linghang.kernel import clock

    name, day = sys.argv[1:3]
    with clock.at(date.fromisoformat(day)):
        SCENES[name]()


if __name__ == "__main__":
    main()
