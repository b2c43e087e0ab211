"""Pages and verbs timed through Django's test client, warm: the whole road from address to bytes, without a socket."""

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from linghang.assessment.models import Cycle
from linghang.dispatch.models import Line, Order
from linghang.inspections.models import Finding
from linghang.inspections.standards import in_force
from linghang.kernel import clock
from linghang.org import demo as people
from linghang.org.models import Person, Unit, User

WARM, RUNS = 3, 30
LIST, BRANCH, LAST, BOARD = 60, 100, 120, 300
POOL = WARM + RUNS + 1
MARK = "速度测试"
FRAMING = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")  # what holds a transaction together asks nothing
Ask = Callable[[], Any]


@dataclass(frozen=True)
class Timing:
    """What one page took: milliseconds at the middle and near the end, those of the processor alone, and its queries."""

    who: str
    page: str
    p50: float
    p95: float
    cpu: float
    queries: int
    aim: int


def timings() -> Iterator[Timing]:
    """Every page for a 总支书记 (a subtree) and for the 党办主任 (the whole hospital), and those of a branch for its own."""
    for who, role in (("总支书记", "general_secretary"), ("党办主任", "office_director")):
        person = people.holder(role)
        assert person is not None
        client = browser(person)
        yield from (timed(who, page, partial(_get, client, url), aim) for page, url, aim in _addresses(role))
        yield from _verbs(who, role, person, client)
    branch = _branch()
    person = people.holder("secretary", branch)
    assert person is not None
    client = browser(person)
    own = [("工作台", "/", LIST), ("角标", "/badges/", LIST), *_checkup(branch)]
    own += [("全年安排", "/activities/year/", LIST), ("日历", "/activities/calendar/", LIST)]
    for page, url, aim in own:
        yield timed("支部书记", page, partial(_get, client, url), aim)


def _verbs(who: str, role: str, person: Person, client: Client) -> Iterator[Timing]:
    """A row made and a row moved on, through their pages' POST: commit and disk included."""
    with _pool(person) as (orders, lines):
        yield timed(
            who, "新拟一张单", partial(_post, client, "/dispatch/orders/draft/", _draft(person)), LIST
        )
        if role == "office_director":
            word, acts = "下发", [f"/dispatch/orders/{order.pk}/issue/" for order in orders]
        else:
            word, acts = "审核", [f"/dispatch/lines/{line.pk}/review/" for line in lines]
        yield timed(who, f"流转：{word}一件", lambda: _post(client, acts.pop(), {}), LIST)


def browser(person: Person) -> Client:
    """A browser that is signed in as this person; an account is made where there is none."""
    user = User.objects.filter(person=person).first()
    user = user or User.objects.create_user(f"b{person.pk}", people.PASSWORD, person=person)
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(user)
    return client


def _branch() -> Unit:
    found: Unit = Unit.objects.branches().order_by("path")[0]
    return found


def _standard() -> str:
    return next(standard.code for standard in in_force(clock.today()))


def _then() -> date:
    """Half a year ago."""
    return clock.today() - timedelta(days=182)


def _checkup(branch: Unit) -> list[tuple[str, str, int]]:
    """The page of a branch as it stands and as it stood, and one duty of it."""
    home, duty = f"/branches/{branch.pk}/", f"/figures/compliance.duties/{branch.pk}/?duty=themed_day"
    return [
        ("支部体检", home, BRANCH),
        ("支部体检（半年前）", f"{home}?on={_then()}", BRANCH),
        ("一项职责的记录", duty, LIST),
    ]


def _addresses(role: str) -> list[tuple[str, str, int]]:
    month = clock.today().replace(day=1) - timedelta(days=1)
    running = Order.objects.filter(kind=Order.Kind.REMINDER, period__isnull=False).order_by(
        "unit__path", "-period"
    )
    branch = _branch()
    found = [
        ("工作台", "/", LIST),
        ("单据列表", "/dispatch/orders/", LIST),
        ("单据筛选", f"/dispatch/orders/?kind=reminder&period={month:%Y-%m}", LIST),
        ("单据搜索", "/dispatch/orders/?q=提示单", LIST),
        ("单据末页", "/dispatch/orders/?page=999999", LAST),
        ("事项列表", "/dispatch/all-lines/", LIST),
        ("事项筛选", f"/dispatch/all-lines/?state=closed&kind=reminder&month={month:%Y-%m}", LIST),
        ("事项搜索", "/dispatch/all-lines/?q=主题党日", LIST),
        ("事项末页", "/dispatch/all-lines/?page=999999", LAST),
        ("未办结事项", "/dispatch/lines/", LIST),
        ("一张单据", running[0].get_absolute_url(), LIST),
        ("组织生活列表", "/activities/meetings/", LIST),
        ("组织生活搜索", f"/activities/meetings/?q={branch.name[:4]}", LIST),
        ("组织生活末页", "/activities/meetings/?page=999999", LAST),
        ("党员列表", "/org/people/", LIST),
        ("换届日历", "/org/calendar/", LIST),
        ("达标", f"/inspections/standards/{_standard()}/", BOARD),
        ("问题清单", "/inspections/findings/", LIST),
        ("问题搜索", "/inspections/findings/?q=活动内容", LIST),
        ("问题末页", "/inspections/findings/?page=999999", LAST),
        ("一个问题", _finding().get_absolute_url(), LIST),
        *_checkup(branch),
        ("体检总览", "/compliance/board/", BOARD),
        ("体检总览（半年前）", f"/compliance/board/?on={_then()}", BOARD),
    ]
    if role == "office_director":
        found.append(("反复与对照", "/inspections/patterns/", BOARD))
        found.append(("基层负担", "/compliance/burden/", BOARD))
        found.append(("考核一览", f"/assessment/cycles/{Cycle.objects.latest('pk').pk}/board/", BOARD))
    return found


def _finding() -> Finding:
    """The latest finding of the branch that is measured."""
    found: Finding = Finding.objects.filter(inspection__unit=_branch()).latest("found_on", "pk")
    return found


def timed(who: str, page: str, ask: Ask, aim: int) -> Timing:
    """Three to warm up, thirty that count, one more whose queries are counted."""
    for _ in range(WARM):
        ask()
    taken, worked = [], []
    for _ in range(RUNS):
        began, busy = time.perf_counter(), time.process_time()
        ask()
        taken.append((time.perf_counter() - began) * 1000)
        worked.append((time.process_time() - busy) * 1000)
    with CaptureQueriesContext(connection) as queries:
        ask()
    count = sum(not each["sql"].startswith(FRAMING) for each in queries.captured_queries)
    middle, late = statistics.median(taken), statistics.quantiles(taken, n=20)[-1]
    return Timing(who, page, middle, late, statistics.median(worked), count, aim)


def _get(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 200, f"{address}: {response.status_code}"


def _post(client: Client, address: str, data: dict[str, Any]) -> None:
    """A verb is answered with a redirect and the word that it was done."""
    response = client.post(address, data)
    assert response.status_code == 302, f"{address}: {response.status_code}"


def _draft(person: Person) -> dict[str, Any]:
    branch = (
        Unit.objects.within(person, "dispatch.draft")
        .branches()
        .order_by("path")
        .values_list("pk", flat=True)[0]
    )
    return {"kind": "rectification", "unit": branch, "title": MARK, "text": "", "about": ""}


@contextmanager
def _pool(person: Person) -> Iterator[tuple[list[Order], list[Line]]]:
    """Signed sheets to be issued and confirmed lines to be reviewed; gone afterwards, with what was drafted."""
    branch = Unit.objects.within(person, "dispatch.view_order").branches().order_by("path")[0]
    party, today = Unit.objects.get(kind=Unit.Kind.COMMITTEE), clock.today()
    dated = {"title": MARK, "unit": branch, "issuer": party, "signed_on": today, "due_on": today}
    signed = {"kind": Order.Kind.REMINDER, "state": Order.State.SIGNED, "seat": party}
    orders = Order.objects.bulk_create(Order(**dated, **signed) for _ in range(POOL))
    Line.objects.bulk_create(Line(order=order, text=MARK, due_on=today) for order in orders)
    issued = {"kind": Order.Kind.REMINDER, "state": Order.State.ISSUED, "seat": branch, "issued_on": today}
    sheet = Order.objects.bulk_create([Order(**dated, **issued)])[0]
    confirmed = {"state": Line.State.CONFIRMED, "confirmed_on": today, "due_on": today}
    lines = Line.objects.bulk_create(Line(order=sheet, text=MARK, **confirmed) for _ in range(POOL))
    try:
        yield orders, lines
    finally:
        Order.objects.filter(title=MARK).delete()
