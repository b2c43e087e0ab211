"""The year: planned at once, seen as a calendar, subscribed to, and what was studied in it."""

from collections.abc import Callable
from datetime import date
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from linghang.activities import actions
from linghang.activities.invitations import calendar as as_calendar
from linghang.activities.keepers import kept
from linghang.activities.models import Feed, Meeting
from linghang.activities.roll import calls
from linghang.activities.study import hours_by_mode, judged, ledger, modes, with_hours
from linghang.activities.views import sections, unit_of
from linghang.activities.year_forms import PlanRows, first_values
from linghang.activities.years import by_last_year, by_rules
from linghang.kernel import clock
from linghang.org.models import Person, Unit
from linghang.rules.periods import add_months, month_words
from linghang.ui.lists import Column, Filter, listing
from linghang.ui.shortcuts import attempt, list_page, needs, page, rows, words

SOURCES = {"rules": ("按频次", by_rules), "last": ("照去年", by_last_year)}
ICS = "text/calendar; charset=utf-8"


@needs("activities.plan")
def year(request: HttpRequest) -> HttpResponse:
    """年度安排: proposed by the rules or from last year, changed where wanted, planned by one press."""
    unit, tabs = unit_of(request)
    chosen, source = _year_of(request), request.GET.get("from", "rules")
    if source not in SOURCES:
        raise Http404
    problem, given = "", {"form_kwargs": {"unit": unit}}
    if request.method == "POST":
        formset = PlanRows(request.POST, **given)
        made, problem = _plan(request, unit, chosen, formset)
        if made:
            messages.success(request, f"已安排 {len(made)} 次")
            return redirect("activities:calendar")
    else:
        proposed = SOURCES[source][1](unit, chosen, clock.today())
        formset = PlanRows(initial=[first_values(one) for one in proposed], **given)
    address = f"{request.path}?unit={unit.pk}"
    context = {
        "unit": unit,
        "tabs": tabs,
        "year": chosen,
        "source": source,
        "formset": formset,
        "problem": problem,
        "sources": [
            (words_, f"{address}&year={chosen}&from={key}", key == source)
            for key, (words_, _) in SOURCES.items()
        ],
        "years": [
            (f"{each} 年", f"{address}&year={each}&from={source}", each == chosen) for each in _years()
        ],
    }
    return page(request, "activities/year.html", context, 422 if problem else 200)


def _plan(request: HttpRequest, unit: Unit, chosen: int, formset: Any) -> tuple[list[Meeting], str]:
    """What was planned, or why nothing was."""
    if not formset.is_valid():
        return [], "有几行的日期看不懂，见红字"
    ticked = [row.proposal for row in formset if row.cleaned_data.get("keep")]
    try:
        return actions.plan_year(request.person, unit=unit, year=chosen, chosen=ticked), ""
    except ValidationError as refused:
        return [], words(refused)


def _years() -> list[int]:
    return [clock.today().year, clock.today().year + 1]


def _year_of(request: HttpRequest) -> int:
    """The year in question: this one until October, then the next."""
    asked = request.POST.get("year") or request.GET.get("year", "")
    if asked.isdigit() and int(asked) in _years():
        return int(asked)
    today = clock.today()
    return today.year + (today.month >= 11)


@needs("activities.view_meeting")
def calendar(request: HttpRequest) -> HttpResponse:
    """日历: what is planned, for those who are called or keep the records, by month; and the address to subscribe."""
    today = clock.today()
    plans = rows(request, Meeting).filter(state=Meeting.State.PLANNED, recorded_on=None)
    mine = calls(request.person) | Q(pk__in=kept(plans, request.person, "activities.plan").values("pk"))
    ahead = plans.between(today, date(today.year + 1, 12, 31)).filter(mine)
    found = list(ahead.select_related("unit").order_by("held_on", "starts_at", "pk"))
    months = [(name, list(each)) for name, each in groupby(found, lambda m: month_words(m.held_on))]
    feed = rows(request, Feed, "activities.open_feed").filter(person=request.person).first()
    address = reverse("activities:feed_file", args=[feed.token]) if feed and feed.token else ""
    context = {
        "months": months,
        "feed": feed,
        "address": request.build_absolute_uri(address) if address else "",
        "sections": sections(request, "calendar"),
        "may_plan": bool(request.person.reach("activities.plan")),
    }
    return page(request, "activities/calendar.html", context)


@needs("activities.open_feed")
def open_feed(request: HttpRequest) -> HttpResponse:
    """A new address for one's own feed; the old one ends."""
    if request.method == "POST":
        attempt(
            request, lambda: actions.open_feed(request.person), "已生成订阅地址，复制到手机或 OA 日历即可"
        )
    return redirect("activities:calendar")


def feed_file(request: HttpRequest, token: str) -> HttpResponse:
    """A person's meetings for their calendar program, which knows nothing but the address."""
    person = Feed.of_token(token)
    if person is None:
        raise Http404
    return HttpResponse(as_calendar(f"{person.name}的组织生活", _own_meetings(person)), content_type=ICS)


def _own_meetings(person: Person) -> list[Meeting]:
    """What calls them, from two months back on; cancelled ones too, so that calendars strike them out."""
    since = add_months(clock.today(), -2)
    found = Meeting.objects.within(person, actions.VIEW).filter(calls(person), held_on__gte=since)
    return list(found.select_related("unit").order_by("held_on", "pk"))


feed_file.verb = "public"  # type: ignore[attr-defined]


@needs("activities.view_study")
def study(request: HttpRequest) -> HttpResponse:
    """学时: a member's own, the branch's for its secretary; derived from who came, against R-JY-01 and R-JY-02."""
    asked = request.GET.get("year", "")
    chosen = int(asked) if asked in _past_years() else clock.today().year
    columns = [
        Column("name", "姓名"),
        Column("branch", "支部", kind="unit", read=lambda p: p.branch.name),
        Column("hours", "学时", kind="number", read=lambda p: float(p.hours or 0)),
        Column("courses", "集中培训", kind="number"),
        Column("need", "要求", read=lambda p: judged(p, chosen).sentence),
        Column(
            "stands", "情况", kind="state", read=lambda p: _said(p, chosen), tone=lambda p: _tone(p, chosen)
        ),
    ]
    people = rows(request, Person).exclude(branch=None)
    found = listing(
        request,
        with_hours(people, chosen),
        [*columns, *_by_mode(request, people, chosen)],
        title=f"{chosen} 年学时",
        search=("name",),
        filters=[Filter("year", "年度", [(y, f"{y} 年") for y in _past_years()], lambda found, _: found)],
        sort={"hours": "hours", "name": "pinyin"},
        export="activities.view_study",
        empty="名册里没有党员。",
    )
    context = {"year": chosen, "sections": sections(request, "study"), "modes": hours_by_mode(people, chosen)}
    return list_page(request, "activities/study.html", found, **context)


def _by_mode(request: HttpRequest, people: Any, chosen: int) -> list[Column]:
    """学时台账: in the file, each member's hours by mode as well."""
    if not request.GET.get("export"):
        return []
    kept = ledger(people, chosen)

    def hours(option: str) -> Callable[[Any], float]:
        return lambda person: kept[person.pk][option] if person.pk in kept else 0.0

    return [Column(option, option, read=hours(option)) for ask in modes() for option in ask.options]


def _past_years() -> list[str]:
    return [str(clock.today().year - back) for back in range(3)]


def _said(person: Any, chosen: int) -> str:
    if judged(person, chosen).met:
        return "已达到"
    return "未达到" if chosen < clock.today().year else "还在学"


def _tone(person: Any, chosen: int) -> str:
    if judged(person, chosen).met:
        return "green"
    return "red" if chosen < clock.today().year else "grey"
