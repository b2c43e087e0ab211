"""Pages of the deployment: the months, one month before, at and after its meeting, one item."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from linghang.activities.actions import set_theme
from linghang.activities.models import Resolution
from linghang.dispatch.models import Line
from linghang.kernel import clock
from linghang.kernel.flow import traces
from linghang.kernel.refs import key_of, link, results, show
from linghang.org.models import Unit
from linghang.planning import actions
from linghang.planning.forms import CallForm, ItemForm, PostponeForm, SubmitForm, ThemeForm
from linghang.planning.fulfilment import INSPECTED, assessed_by, four_of_item, missing
from linghang.planning.models import Item, Plan, top_unit
from linghang.planning.progress import drawn
from linghang.planning.reading import Month, read_month, theme_followed
from linghang.planning.reading import months as read_months
from linghang.planning.years import plans_of_month
from linghang.rules.periods import month_words
from linghang.ui.forms import ReasonForm
from linghang.ui.lists import Column, Filter, listing
from linghang.ui.shortcuts import (
    act_on_many,
    attempt,
    back,
    buttons,
    create_page,
    fetch,
    list_page,
    make_form,
    needs,
    page,
    rows,
    thread,
)

ITEM_FORMS = {
    "accept": ItemForm,
    "reword": ItemForm,
    "edit_item": ItemForm,
    "decline": ReasonForm,
    "postpone": PostponeForm,
}


def unit_of_all() -> Unit:
    """The Party organisation at the head, which plans and deploys."""
    if (unit := top_unit()) is None:
        raise Http404("还没有党组织")
    return unit


def _first(key: str) -> date:
    try:
        return date.fromisoformat(f"{key}-01")
    except ValueError as wrong:
        raise Http404 from wrong


def _month(request: HttpRequest, key: str) -> Month:
    items = rows(request, Item, "planning.view_item")
    return read_month(unit_of_all(), _first(key), items, clock.today())


def _address(month: date) -> str:
    return reverse("planning:month", args=[f"{month:%Y-%m}"])


def _its_month(item: Item) -> str:
    return _address(item.month)


SECTIONS = (
    ("months", "月度部署", "planning.view_item"),
    ("plans", "计划", "planning.view_plan"),
    ("aims", "战略框架", "planning.view_plan"),
    ("pledges", "责任清单", "planning.view_pledge"),
)


def sections(request: HttpRequest, here: str) -> list[tuple[str, str, bool]]:
    """The pages of planning that the reader may open, for the tabs above each; a whole framework tells a branch little."""
    person = request.person
    return [
        (label, reverse(f"planning:{name}"), name == here)
        for name, label, verb in SECTIONS
        if person.reach(verb) and (name != "aims" or person.reach(verb).trees)
    ]


@needs("planning.view_item")
def months(request: HttpRequest) -> HttpResponse:
    """The months, newest first: meeting, items, sheets."""
    unit = unit_of_all()
    context = {
        "months": read_months(unit, rows(request, Item), clock.today()),
        "may_call": request.person.may("planning.call", unit),
        "may_submit": bool(request.person.reach("planning.submit")),
        "unit": unit,
        "tabs": sections(request, "months"),
    }
    return page(request, "planning/months.html", context)


@needs("planning.view_item")
def month(request: HttpRequest, key: str) -> HttpResponse:
    """One month for 党办: what was submitted, the agenda, what is agreed, and what each branch would get."""
    found = _month(request, key)
    unit, person = found.unit, request.person
    context = {
        "month": found,
        "may_call": person.may("planning.call", unit),
        "may_meet": found.meeting is not None and person.may("activities.view_meeting", found.meeting),
        "may_accept": person.may("planning.accept", unit) and not found.is_deployed,
        "may_arrange": person.may("planning.arrange", unit) and not found.is_deployed,
        "may_deploy": person.may("planning.deploy", unit) and bool(found.agreed) and not found.orders,
        "may_submit": bool(person.reach("planning.submit")) and not found.is_deployed,
        "orders_url": f"{reverse('dispatch:reminders')}?period={found.key}",
        "shows_sheets": person.may("planning.arrange", unit),
        "may_set_theme": person.may("activities.set_theme", unit),
        "theme": theme_followed(unit, found.first),
        "progress": drawn(found, rows(request, Line, "dispatch.view_line")),
        "plans": _plans(request, found),
    }
    return page(request, "planning/month.html", context)


def _plans(request: HttpRequest, found: Month) -> list[Plan]:
    """The plans of the month that are not taken up yet, for whoever may hand them in."""
    if found.is_deployed or not request.person.reach("planning.submit"):
        return []
    return plans_of_month(found.unit, found.first, rows(request, Plan, "planning.view_plan"))


@needs("activities.set_theme")
def theme(request: HttpRequest, key: str) -> HttpResponse:
    """The theme of a month's themed days, given out or changed."""
    unit, first = unit_of_all(), _first(key)
    known = theme_followed(unit, first)
    form = make_form(ThemeForm, request, known=known.text if known else "")
    given = {"about": month_words(first), "unit": unit, "month": first}
    back_to = _address(first)
    return create_page(request, form, set_theme, "确定主题", back_to, then=lambda made: back_to, **given)


@needs("planning.view_item")
def item(request: HttpRequest, pk: int) -> HttpResponse:
    """One item with where it came from and what became of it."""
    found: Item = fetch(request, Item, pk, "department", "unit", "owner_role", "submitter", "meeting", "plan")
    came, label = results(found.ref), f"{Line._meta.label_lower}:"
    led_here = thread(request, found, "部署事项")
    known = {each.ref for each in led_here}
    sources = [each.ref for each in (found.plan, found.meeting) if each and each.ref not in known]
    context = {
        "item": found,
        "buttons": buttons(request, found, "planning:item", ITEM_FORMS),
        "thread": led_here,
        "onward": _onward(request, found),
        "sources": show(request.person, sources),
        "others": show(request.person, [ref for ref in came if not ref.startswith(label)]),
        "trail": traces(found),
    }
    keys = [key_of(ref) for ref in came if ref.startswith(label)]
    context |= _together(found, len(keys), sum(ref.startswith(INSPECTED) for ref in came))
    return list_page(request, "planning/item.html", _lines(request, found, keys), **context)


def _together(found: Item, lines: int, checks: int) -> dict[str, Any]:
    """四同 of an item that is agreed and belongs to a plan with two sides, or is business."""
    agreed = found.state in (Item.State.ACCEPTED, Item.State.DEPLOYED)
    if not agreed or not (found.business or (found.plan and found.plan.is_dual)):
        return {}
    told = four_of_item(found, lines, checks, assessed_by(found.month, found.due_on) if lines else "")
    return {"four": told, "missing": missing(told)}


def _lines(request: HttpRequest, found: Item, keys: list[int]) -> Any:
    """The lines that came of an item, branch by branch, with how far each has come."""
    lines = rows(request, Line, "dispatch.view_line").filter(pk__in=keys)
    columns = [
        Column("unit", "支部", read=lambda line: line.order.unit.name),
        Column("owner", "责任人", read=lambda line: line.owner or ""),
        Column("due_on", "期限", kind="date"),
        Column("state", "状态", kind="state", read=lambda line: line.get_state_display()),
    ]
    return listing(
        request,
        lines.select_related("order__unit", "owner").order_by("order__unit__path"),
        columns,
        title="由此生成的提示单事项",
        search=("order__unit__name",),
        filters=[Filter("state", "状态", Line.State.choices)],
        row_url=lambda line: line.get_absolute_url(),
        empty="生成的提示单由党办和各支部查看。"
        if found.state == Item.State.DEPLOYED
        else "还没有生成提示单。",
    )


def _onward(request: HttpRequest, found: Item) -> list[tuple[str, str]]:
    """Where this matter is put up for decision and where an inspection of it is arranged, for whoever may."""
    if found.state not in (Item.State.ACCEPTED, Item.State.DEPLOYED):
        return []
    ways = [
        ("提请决策", "decisions.propose", link("decisions.propose", about=found.ref)),
        ("据此安排检查", "inspections.open_round", link("inspections.open_round", source=found.ref)),
    ]
    return [(label, url) for label, verb, url in ways if url and request.person.reach(verb)]


@needs("planning.submit")
def submit(request: HttpRequest) -> HttpResponse:
    """A department's item for one of the next meetings; it may come from a plan, or from a record that gave rise to it."""
    form: Any = make_form(SubmitForm, request)
    about = _brought(request, form)
    cancel = reverse("planning:months")
    given = {"then": _its_month, "about": about, "unit": unit_of_all()}
    return create_page(request, form, actions.submit, "报送部署事项", cancel, **given)


BROUGHT = ("text", "reason", "due_on", "scope", "about")


def _brought(request: HttpRequest, form: Any) -> str:
    """Put in what the address brings along, and say where it comes from."""
    asked = request.GET
    key = asked.get("plan", "")
    plan = rows(request, Plan, "planning.view_plan").select_related("department", "aim", "parent")
    if key.isdigit() and (found := plan.filter(pk=key).first()):
        form.carry_out(found)
        return f"出自计划：{found}（{found.when}）"
    form.initial |= {name: asked[name] for name in BROUGHT if asked.get(name)}
    form.initial |= {"units": asked.getlist("units")} if asked.get("units") else {}
    source = next(iter(show(request.person, [asked.get("about", "")])), None)
    return f"起因：{source.title}" if source else ""


@needs("planning.call")
def call(request: HttpRequest) -> HttpResponse:
    """Plan the month's meeting; its agenda is made of the 第一议题 and what has been accepted."""
    form = make_form(CallForm, request)
    unit, cancel = unit_of_all(), reverse("planning:months")
    return create_page(request, form, actions.call, "安排部署会", cancel, then=lambda made: cancel, unit=unit)


@needs("planning.adopt")
def adopt(request: HttpRequest, pk: int) -> HttpResponse:
    """Take up what the meeting resolved of itself."""
    found: Resolution = fetch(request, Resolution, pk, "meeting", verb="activities.view_meeting")
    form: Any = make_form(ItemForm, request)
    form.initial |= {"text": found.text, "due_on": found.due_on}
    cancel = _address(found.meeting.held_on)
    return create_page(
        request, form, actions.adopt, "列为部署事项", cancel, then=_its_month, resolution=found
    )


@needs("planning.accept")
def accept_many(request: HttpRequest) -> HttpResponse:
    """采纳 as they stand: the ticked items."""
    if request.method == "POST":
        act_on_many(request, "planning.accept", Item, "项", whose=lambda item: item.department)
    return redirect(back(request, unit_of_all()) if request.POST.get("next") else reverse("planning:months"))


@needs("planning.arrange")
def arrange(request: HttpRequest, key: str) -> HttpResponse:
    """Write the order of the agenda."""
    found = _month(request, key)
    if request.method == "POST":
        given = {name[6:]: number for name, number in request.POST.items() if name.startswith("place-")}
        places = {int(pk): int(number) for pk, number in given.items() if pk.isdigit() and number.isdigit()}
        attempt(
            request,
            lambda: actions.arrange(request.person, unit=found.unit, month=found.first, places=places),
            "议程次序已调整",
        )
    return redirect(_address(found.first))


@needs("planning.deploy")
def deploy(request: HttpRequest, key: str) -> HttpResponse:
    """Draft one sheet per branch, then lead to the list where they are checked, signed and issued."""
    found = _month(request, key)
    if request.method != "POST":
        return redirect(_address(found.first))
    attempt(
        request,
        lambda: actions.deploy_month(request.person, unit=found.unit, month=found.first),
        lambda made: (
            f"已生成 {len(made)} 张提示单，请核稿、签发、下发"
            if made
            else "本月提示单已经生成，没有再生成第二套"
        ),
    )
    return redirect(_address(found.first))
