"""The first page of every role, and what belongs to nobody else: badges, notices, search, the progress of a job."""

from datetime import timedelta
from typing import Any

from django.apps import apps
from django.contrib import messages
from django.db.models import DateField, Q, Value
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from linghang.compliance import checkup
from linghang.compliance.models import Digest
from linghang.compliance.todos import own_checkups
from linghang.desk import reading
from linghang.kernel import clock
from linghang.kernel.access import Gated
from linghang.kernel.figures import open_figure
from linghang.kernel.models import Job, Notice
from linghang.kernel.refs import evidence, show
from linghang.kernel.todos import Todo, Waits, waiting_and_coming, waiting_with
from linghang.org.models import Person, Unit
from linghang.ui.lists import Column, listing
from linghang.ui.shortcuts import list_page, page, rows, signed_in

MANY, SOME = 10, 6  # rows that are shown before one asks for all
AHEAD = timedelta(days=14)


@signed_in
def desk(request: HttpRequest) -> HttpResponse:
    """What I must do, soonest first; what is coming; what I wait for; how my branch stands, or what I should ask about.

    As many things as rows: a pile of ten is one row that says ten.
    """
    person, today, everything = request.person, clock.today(), "all" in request.GET
    found, ahead = waiting_and_coming(person, today, today + AHEAD)
    known = {each.url for each in found if each.url}
    mine, waiting = [each for each in found if not each.waiting], [each for each in found if each.waiting]
    coming = [each for each in ahead if each.url not in known]
    context = {
        "count": len(mine),
        "mine": mine if everything else mine[:MANY],
        "more": 0 if everything else max(0, len(mine) - MANY),
        "waiting": waiting if everything else waiting[:SOME],
        "waits": len(waiting),
        "coming": coming if everything else coming[:MANY],
        "later": 0 if everything else max(0, len(coming) - MANY),
        "today": today,
        **_own_checkup(person),
    }
    return page(request, "desk/desk.html", context | ({} if "branch" in context else _beside(person)))


def _beside(person: Person) -> dict[str, Any]:
    """What stands beside the to-dos of whoever answers for no branch: at most one short list."""
    if person.reach(reading.VIEW).trees:
        asked = reading.to_ask(person)
        return {"asks": asked[: reading.FEW], "asks_more": max(0, len(asked) - reading.FEW), "oversees": True}
    return {"own": reading.own_year(person), "watched": list(reading.watched(person))}


def _own_checkup(person: Person) -> dict[str, Any]:
    """The pressing lights of the branch that this person answers for, if there is one."""
    unit, checks = next(iter(own_checkups(person).items()), (None, []))
    if unit is None:
        return {}
    pressing = checkup.urgent(checks)
    return {
        "branch": unit,
        "pressing": pressing[:SOME],
        "quiet": len(checks) - len(pressing),
        "duties": len(checks),
    }


NEWS = "知"
MOST = 100  # unread notices that are looked through for the record that is open


@signed_in
def badges(request: HttpRequest) -> HttpResponse:
    """Counts for the menu: one lazy region, so that no page waits for them."""
    found = waiting_with(request.person, [_news(_unread(request))])
    todos = sum(not todo.waiting for todo in found)
    news = sum(todo.count for todo in found if todo.glyph == NEWS)
    return render(request, "badges.html", {"badges": {"todos": todos, "notices": news}})


def _news(unread: Any) -> Waits:
    """How many notices are unread, asked in one breath with what waits: the rows themselves are not wanted."""

    def tell(_: list[Any], count: int) -> list[Todo]:
        return [Todo("未读通知", "", reverse("desk:notices"), "查看", NEWS, waiting=True, count=count)]

    undated = unread.annotate(day=Value(None, output_field=DateField()))
    return Waits(undated, "day", tell, most=0)


def _unread(request: HttpRequest) -> Any:
    """The notices that are still news; whoever opens a record from anywhere has read the notices about it."""
    unread = Notice.objects.filter(to=request.person.ref, read_at=None)
    here = (request.htmx.current_url_abs_path or "").partition("?")[0] if request.htmx else ""
    if here.count("/") > 2:
        about = set(unread.order_by("-at").values_list("about", flat=True)[:MOST])
        opened = [one.ref for one in show(request.person, about) if one.url == here]
        unread.filter(about__in=opened).update(read_at=clock.now())
    return unread


@signed_in
def notices(request: HttpRequest) -> HttpResponse:
    """My notices. Reading is nobody else's business and is reported to nobody."""
    found = Notice.objects.filter(to=request.person.ref)
    columns = [
        Column("text", "内容"),
        Column("at", "时间", kind="date", read=lambda n: f"{n.at.astimezone():%Y-%m-%d %H:%M}"),
        Column("read", "状态", kind="state", read=lambda n: "已读" if n.read_at else "未读"),
    ]
    shown = listing(
        request,
        found,
        columns,
        title="通知",
        search=("text",),
        row_url=lambda n: reverse("desk:notice", args=[n.pk]),
        empty="还没有通知。与您有关的事有了变化，会在这里告诉您。",
    )
    unread = found.filter(read_at=None).exists()
    return list_page(request, "desk/notices.html", shown, unread=unread, digest=_digest(request))


def _digest(request: HttpRequest) -> Digest | None:
    """Whether this person gets the daily digest; none where their posts are not offered it."""
    if not request.person.may("compliance.switch_digest"):
        return None
    found: Digest | None = rows(request, Digest, "compliance.switch_digest").first()
    return found or Digest(person=request.person)


@signed_in
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a notice: mark it read and go to what it is about."""
    found = get_object_or_404(Notice, pk=pk, to=request.person.ref)
    Notice.objects.filter(pk=pk, read_at=None).update(read_at=clock.now())
    about = show(request.person, [found.about])
    return redirect(about[0].url if about else "desk:notices")


@signed_in
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark all my notices read."""
    Notice.objects.filter(to=request.person.ref, read_at=None).update(read_at=clock.now())
    messages.success(request, "已全部标为已读")
    return redirect("desk:notices")


# What the search box looks through: what the group is called, model, fields, and of which rows.
SEARCHED: tuple[tuple[str, str, tuple[str, ...], dict[str, Any]], ...] = (
    ("人员", "org.Person", ("name", "pinyin", "staff_number"), {}),
    ("单位", "org.Unit", ("name",), {}),
    ("单据", "dispatch.Order", ("title",), {}),
    ("单据事项", "dispatch.Line", ("text",), {"order__issued_on__isnull": False}),
    ("组织生活", "activities.Meeting", ("title", "unit__name"), {}),
    ("问题", "inspections.Finding", ("text",), {}),
)
FEW = 8


@signed_in
def search(request: HttpRequest) -> HttpResponse:
    """One box over people, units, orders, lines, meetings and findings, under the reader's own permission."""
    q = request.GET.get("q", "").strip()[:60]
    groups = [(title, _find(request.person, q, *where)) for title, *where in SEARCHED] if q else []
    found = [(title, rows) for title, rows in groups if rows]
    return page(request, "desk/search.html", {"q": q, "groups": found})


def _find(person: Person, q: str, label: str, fields: tuple[str, ...], only: dict[str, Any]) -> list[Gated]:
    model: Any = apps.get_model(label)
    wanted = Q(*((f"{field}__icontains", q) for field in fields), _connector=Q.OR)
    return list(model.objects.within(person, model.view_verb).filter(wanted, **only).order_by("-pk")[:FEW])


@signed_in
def figure(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """What stands behind a number, through the gates of its owner and of each record: the rest is counted, not shown."""
    sight = open_figure(request.person, kind, pk, request.GET)
    if sight is None:
        raise Http404
    records, hidden = evidence(request.person, sight.refs)
    moved = [*sight.change.changed, *sight.change.later] if sight.change else []
    shown = {each.ref: each for each in show(request.person, moved)}
    context = {
        "sight": sight,
        "records": records,
        "hidden": hidden,
        "changed": [shown[ref] for ref in sight.change.changed if ref in shown] if sight.change else [],
        "later": [shown[ref] for ref in sight.change.later if ref in shown] if sight.change else [],
    }
    return page(request, "desk/figure.html", context)


@signed_in
def job(request: HttpRequest, pk: int) -> HttpResponse:
    """The progress of my own long work."""
    found = get_object_or_404(Job, pk=pk, owner=request.person.ref)
    return page(request, "desk/job.html", {"job": found, "regions": ()})


def alive(request: HttpRequest) -> JsonResponse:
    """For the watchdog: the process answers and the database can be read."""
    return JsonResponse({"alive": Unit.objects.exists() or True})


alive.verb = "public"  # type: ignore[attr-defined]
