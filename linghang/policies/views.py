"""Pages of the library: the list, one rule, the review calendar, a catalogue from upload to undo."""

from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from linghang.kernel import clock
from linghang.kernel.attachments import attached
from linghang.kernel.bases import Resting, addresses, resting_on
from linghang.kernel.flow import record, steps_for, traces
from linghang.kernel.parameters import value
from linghang.kernel.refs import evidence
from linghang.org.parameters import LARGE_IMPORT
from linghang.policies import actions, imports, previews
from linghang.policies.forms import IMPORT_FORMS, POLICY_FORMS, CatalogueForm, PolicyForm, categories
from linghang.policies.models import Policy, PolicyImport, citing
from linghang.ui.lists import Bulk, Column, Filter, download, listing
from linghang.ui.requests import HouseRequest
from linghang.ui.second_factor import confirmed, demand
from linghang.ui.shortcuts import (
    Button,
    act_on_many,
    attempt,
    buttons,
    create_page,
    fetch,
    list_page,
    make_form,
    needs,
    page,
    rows,
)
from linghang.ui.uploads import upload_page, uploads_page

State = Policy.State
ENDED = (State.SUPERSEDED, State.MERGED, State.REPEALED)
TABS = {"policies": "现行", "ended": "已失效", "all_policies": "全部", "reviews": "复审日历"}
SEARCH = ("title", "number", "text", "owner__name", "owner_name")


def _tabs(here: str) -> list[tuple[str, str, bool]]:
    return [(label, reverse(f"policies:{name}"), name == here) for name, label in TABS.items()]


def _columns() -> list[Column]:
    return [
        Column("title", "名称"),
        Column("number", "文号"),
        Column("category", "类别"),
        Column("version", "版本"),
        Column("owner", "责任部门", read=lambda p: p.owner_words),
        Column("published_on", "发布日期", kind="date"),
        Column("state", "效力", kind="state", read=lambda p: p.words, tone=lambda p: p.tone),
        Column("review_on", "复审日", kind="date"),
    ]


def _filters(request: HouseRequest) -> list[Filter]:
    owners = (
        rows(request, Policy).exclude(owner=None).order_by("owner__name").values_list("owner", "owner__name")
    )
    return [
        Filter("category", "类别", [(name, name) for name in categories()]),
        Filter("kind", "种类", Policy.Kind.choices),
        Filter("owner", "责任部门", [(str(key), name) for key, name in owners.distinct()]),
    ]


@needs("policies.view_policy")
def policies(request: HouseRequest, here: str = "policies") -> HttpResponse:
    """The library: what is in force, what has ended, or all; by name, number and text."""
    found = rows(request, Policy).select_related("owner").defer("text")
    states = {"policies": [State.IN_FORCE], "ended": ENDED}.get(here)
    shown = listing(
        request,
        found.filter(state__in=states) if states else found,
        _columns(),
        title=f"制度目录（{TABS[here]}）",
        search=SEARCH,
        filters=[
            *_filters(request),
            *([Filter("state", "效力", State.choices)] if here != "policies" else []),
        ],
        sort={"title": "title", "published_on": "published_on", "review_on": "review_on"},
        row_url=lambda p: p.get_absolute_url(),
        export="policies.view_policy",
        empty="还没有制度。可以逐项登记，也可以导入制度目录。",
    )
    return list_page(request, "policies/policies.html", shown, tabs=_tabs(here), **_may(request))


def _may(request: HouseRequest) -> dict[str, bool]:
    return {
        "may_add": request.person.may("policies.add_policy"),
        "may_import": request.person.may("policies.import_policies"),
    }


WHEN = [("late", "已到复审日"), ("soon", "三个月内"), ("year", "一年内"), ("none", "没定复审日")]


def _due(found: Any, when: str) -> Any:
    today = clock.today()
    return found.filter(
        {
            "late": Q(review_on__lte=today),
            "soon": Q(review_on__range=(today, today + timedelta(days=92))),
            "year": Q(review_on__range=(today, today + timedelta(days=365))),
            "none": Q(review_on=None),
        }[when]
    )


@needs("policies.view_policy")
def reviews(request: HouseRequest) -> HttpResponse:
    """The review calendar: what is to be looked at again, the soonest first; several may be confirmed at once."""
    found = rows(request, Policy).in_force().select_related("owner").defer("text")
    dated = found if request.GET.get("when") == "none" else found.exclude(review_on=None)
    own = {column.key: column for column in [*_columns(), Column("reviewed_on", "最近复审", kind="date")]}
    shown = listing(
        request,
        dated.order_by("review_on", "title", "pk"),
        [
            own[key]
            for key in ("title", "review_on", "state", "owner", "reviewed_on", "published_on", "category")
        ],
        title="制度复审日历",
        search=SEARCH,
        filters=[Filter("when", "时间", WHEN, _due), *_filters(request)],
        sort={"review_on": "review_on"},
        row_url=lambda p: p.get_absolute_url(),
        export="policies.view_policy",
        bulk=[Bulk(actions.REVIEW, reverse("policies:review_many"), "所选继续有效", "项")],
        empty="没有定了复审日的现行制度。导入的目录没有复审日的，可按“没定复审日”筛选后逐项或成批复审。",
    )
    undated = found.filter(review_on=None).count()
    return list_page(
        request, "policies/policies.html", shown, tabs=_tabs("reviews"), undated=undated, **_may(request)
    )


@require_POST
@needs(actions.REVIEW)
def review_many(request: HouseRequest) -> HttpResponse:
    """复审 of every ticked rule, each by itself, until the usual day."""
    act_on_many(request, actions.REVIEW, Policy, "项")
    return redirect("policies:reviews")


@needs("policies.view_policy")
def policy(request: HouseRequest, pk: int) -> HttpResponse:
    """One rule: its text or file, its editions and what it took in, who rests on it, what was done."""
    found: Policy = fetch(request, Policy, pk, "owner", "successor")
    earlier = found.earlier()
    shown, hidden = evidence(request.person, citing([found, *earlier]))
    context = {
        "policy": found,
        "earlier": earlier,
        "cited": shown,
        "hidden": hidden,
        "resting": _resting(request, found),
        "files": attached(found),
        "buttons": _buttons(request, found),
        "trail": traces(found, *earlier),
    }
    return page(request, "policies/policy.html", context)


def _resting(request: HouseRequest, found: Policy) -> list[Resting]:
    """Lines of checklists and indicators whose basis names this rule; what a longer name fits better is not its own."""
    if found.state != State.IN_FORCE:
        return []
    lines = resting_on(request.person, found.names)
    known = addresses(request.person, [line.basis for line in lines])
    return [line for line in lines if known.get(line.basis) == found.get_absolute_url()]


def _buttons(request: HouseRequest, found: Policy) -> list[Button]:
    """In the order of the forms; what stands out is the review of a rule whose day has come."""
    steps, order = steps_for(found, request.person), list(POLICY_FORMS)
    ordered = sorted((one for one in steps if one.tail in order), key=lambda one: order.index(one.tail))
    onward = ("review",) if found.is_due else ()
    return buttons(request, found, "policies:policy", POLICY_FORMS, ordered, onward=onward)


@needs("policies.view_policy")
def policy_file(request: HouseRequest, pk: int) -> HttpResponse:
    """A file of a rule (`?file=`, else the latest), always as a download."""
    files = attached(fetch(request, Policy, pk))
    asked = request.GET.get("file", "")
    found = next((one for one in reversed(files) if asked in ("", str(one.pk))), None)
    if found is None:
        raise Http404("没有文件")
    return download(found.file.read(), found.name, "application/octet-stream")


@needs("policies.add_policy")
def add(request: HouseRequest) -> HttpResponse:
    """Enter a rule."""
    form = make_form(PolicyForm, request)
    return create_page(request, form, actions.add_policy, "登记制度", reverse("policies:policies"))


# --- from a catalogue ------------------------------------------------------------------------------------------------


@needs("policies.import_policies")
def upload(request: HouseRequest) -> HttpResponse:
    """Upload a catalogue: read and shown; nothing is changed yet."""
    return upload_page(
        request,
        make_form(CatalogueForm, request),
        _read,
        title="上传制度目录",
        sub="上传后先看预览，确认之前什么都不改；确认后，没有用上之前可以撤销。",
        cancel=reverse("policies:policyimports"),
    )


def _read(request: HouseRequest, file: Any, kind: str) -> PolicyImport:
    return imports.import_policies(request.person, content=file.read(), name=file.name, kind=kind)


@needs("policies.import_policies")
def uploads(request: HouseRequest) -> HttpResponse:
    """Every catalogue, newest first."""
    new = ("上传目录", reverse("policies:policyimport_new"))
    return uploads_page(
        request,
        PolicyImport,
        new=new,
        title="制度目录导入",
        empty="还没有导入过制度目录。把现有的 Excel 目录传上来，先看预览再确认。",
    )


@needs("policies.import_policies")
def imported(request: HouseRequest, pk: int, tab: str = "imported") -> HttpResponse:
    """One catalogue, row by row: the preview before it is confirmed, the report after."""
    found: PolicyImport = fetch(request, PolicyImport, pk)
    if tab not in previews.TABS:
        raise Http404
    person, waiting = request.person, found.state == PolicyImport.State.PREVIEWED
    done = found.state == PolicyImport.State.CONFIRMED
    context = {
        "import": found,
        "count": previews.count(found),
        "tabs": previews.tabs(found, tab),
        "buttons": buttons(request, found, "policies:policyimport", IMPORT_FORMS),
        "may_confirm": waiting and person.may("policies.confirm_policies", found),
        "may_undo": done and person.may("policies.undo_policies", found),
        "trail": traces(found),
    }
    return list_page(request, "policies/import.html", previews.listed(request, found, tab), **context)


@needs("policies.import_policies")
def import_report(request: HouseRequest, pk: int) -> HttpResponse:
    """Every row with outcome, reason and remedy, as a workbook."""
    found: PolicyImport = fetch(request, PolicyImport, pk)
    record(request.person, "policies.import_policies", found, label="下载导入结果")
    return previews.report(found)


def _settle(request: HouseRequest, pk: int, act: Any, done: str) -> HttpResponse:
    """Confirm or take back; a large catalogue asks for a second factor first."""
    found: PolicyImport = fetch(request, PolicyImport, pk)
    if len(found.outcome) > value(LARGE_IMPORT) and not confirmed(request):
        return demand(request)
    if request.method == "POST":
        attempt(request, lambda: act(found, request.person), done)
    return redirect(found)


@needs("policies.confirm_policies")
def confirm(request: HouseRequest, pk: int) -> HttpResponse:
    """Write what was shown."""
    return _settle(request, pk, imports.confirm_policies, "已导入制度目录")


@needs("policies.undo_policies")
def undo(request: HouseRequest, pk: int) -> HttpResponse:
    """Take it back while nothing rests on it."""
    return _settle(request, pk, imports.undo_policies, "已撤销，制度库恢复原样")
