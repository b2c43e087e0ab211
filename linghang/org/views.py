"""Pages of the organisation: fetch → form → verb → render."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from linghang.kernel import clock
from linghang.kernel.flow import VERBS, traces
from linghang.kernel.models import Trail
from linghang.kernel.refs import model_of
from linghang.org import actions
from linghang.org.forms import PERSON_FORMS, GrantForm, PersonForm, module_of
from linghang.org.member_affairs import member_links, standing
from linghang.org.models import Grant, Membership, Person, Post, Role, User
from linghang.ui.lists import Column, Filter, listing
from linghang.ui.shortcuts import (
    attempt,
    buttons,
    create_page,
    fetch,
    list_page,
    make_form,
    needs,
    page,
    rows,
    submitted,
)


@needs("org.view_person")
def people(request: HttpRequest) -> HttpResponse:
    """Members and staff within reach; phone numbers stay masked here."""
    found = rows(request, Person).select_related("branch", "department").filter(left_on=None)
    statuses = dict(Membership.Status.choices)
    columns = [
        Column("name", "姓名"),
        Column("staff_number", "工号", read=lambda p: p.staff_number or ""),
        Column("branch", "党支部", kind="unit", read=lambda p: p.branch or ""),
        Column("status", "党员类别", read=lambda p: statuses.get(p.status or "", "")),
        Column("department", "科室", read=lambda p: p.department or ""),
        Column("title", "职称"),
        Column("position", "行政职务"),
        Column("phone", "电话", read=lambda p: p.phone_masked),
    ]
    shown = listing(
        request,
        found.with_status(clock.today()),
        columns,
        title="人员名册",
        search=("name", "pinyin", "staff_number", "branch__name", "department__name"),
        filters=[
            Filter(
                "status",
                "类别",
                [*Membership.Status.choices, ("none", "非党员")],
                lambda rows, value: rows.filter(status=None if value == "none" else value),
            )
        ],
        row_url=lambda p: p.get_absolute_url(),
        export="org.export_people",
        empty="还没有人员。可以导入党员名册，也可以逐个新增。",
    )
    may = {
        "can_add": request.person.may("org.add_person"),
        "can_import": request.person.may("org.import_roster"),
        "links": member_links(request.person),
    }
    return list_page(request, "org/people.html", shown, **may)


def _over(post: Post) -> bool:
    return post.until is not None and post.until <= clock.today()


@needs("org.view_person")
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: posts, memberships, what changed."""
    found: Person = fetch(request, Person, pk, "branch", "department")
    posts = found.posts.select_related("unit", "role").order_by("-since")
    return page(
        request,
        "org/person.html",
        {
            "person": found,
            "held": [post for post in posts if not _over(post)],
            "past": [post for post in posts if _over(post)],
            "standable": [
                post.pk for post in posts if not post.until and request.person.may("org.stand_in", post)
            ],
            **standing(request.person, found),
            "buttons": buttons(request, found, "org:person", PERSON_FORMS),
            "contacts": request.person.may("org.view_contacts", found),
            "trail": traces(found),
            "today": clock.today(),
        },
    )


@needs("org.add_person")
def person_new(request: HttpRequest) -> HttpResponse:
    """Add one person."""
    return create_page(
        request, make_form(PersonForm, request), actions.add_person, "新增人员", reverse("org:people")
    )


@needs("org.manage_accounts", strong=True)
def accounts(request: HttpRequest) -> HttpResponse:
    """Accounts: who can sign in. No count of log-ins is shown, ever."""
    found = rows(request, User).select_related("person", "person__branch", "person__department")
    columns = [
        Column("username", "账号"),
        Column("person", "姓名", read=lambda u: u.person.name, link=lambda u: u.person.get_absolute_url()),
        Column("where", "支部或科室", read=lambda u: u.person.branch or u.person.department or ""),
        Column(
            "is_active",
            "状态",
            kind="state",
            read=lambda u: "停用" if not u.is_active else "待改密" if u.must_change else "可用",
            tone=lambda u: "grey" if not u.is_active else "amber" if u.must_change else "green",
        ),
    ]
    shown = listing(
        request,
        found,
        columns,
        title="账号",
        search=("username", "person__name", "person__pinyin"),
        row_url=lambda u: reverse("org:account", args=[u.pk]),
        empty="还没有账号。",
    )
    without = rows(request, Person).filter(user=None, left_on=None).exclude(staff_number=None).count()
    return list_page(request, "org/accounts.html", shown, without=without)


@needs("org.manage_accounts", strong=True)
def account(request: HttpRequest, pk: int) -> HttpResponse:
    """One account: reset, suspend, restore."""
    found = fetch(request, User, pk, "person")
    trail = traces(found)
    return page(request, "org/account.html", {"account": found, "trail": trail})


SHEAF = 100  # accounts at a time: their passwords are hashed while the page waits


@needs("org.open_account", strong=True)
def open_accounts(request: HttpRequest) -> HttpResponse:
    """Open accounts in bulk: the one-time passwords are shown once, for printing and cutting, and stored nowhere.

    A sheaf at a time, all or none, so that no account is opened whose slip was not shown.
    """
    who, held = request.GET.get("who", request.POST.get("who", "heads")), Post.objects.on(clock.today())
    found = rows(request, Person).filter(user=None, left_on=None).exclude(staff_number=None)
    if who in ("heads", "posts"):
        held = held.filter(role__leads=True) if who == "heads" else held
        found = found.filter(pk__in=held.values("person"))
    sheaf = found.select_related("branch", "department")[:SHEAF]
    if request.method != "POST":
        return page(request, "org/open_accounts.html", {"people": sheaf, "count": found.count(), "who": who})
    slips = attempt(request, lambda: actions.open_accounts(request.person, people=list(sheaf)))
    return page(request, "org/slips.html", {"slips": slips}) if slips else redirect("org:accounts")


@needs("org.reset_password", strong=True)
def reset_password(request: HttpRequest, pk: int) -> HttpResponse:
    """A new one-time password for one account, shown once."""
    found = fetch(request, User, pk, "person")
    if request.method != "POST":
        return redirect("org:account", pk=pk)
    password = actions.one_time_password()
    actions.reset_password(found, request.person, password=password)
    return page(request, "org/slips.html", {"slips": [(found, password)]})


def _state_word(subject: str, state: str) -> str:
    """A state as the pages of its record call it; where the record's kind has no such state, as it was written."""
    with suppress(LookupError):
        choices = getattr(model_of(subject), "State", None)
        return str(choices(state).label) if choices and state in choices.values else state
    return state


@needs("kernel.audit", strong=True)
def trail(request: HttpRequest) -> HttpResponse:
    """The security auditor's page: every trace, read only."""
    columns = [
        Column("at", "时间", kind="date", read=lambda t: f"{t.at.astimezone():%Y-%m-%d %H:%M:%S}"),
        Column("actor_name", "人员"),
        Column("actor_post", "以何职务"),
        Column("label", "动作"),
        Column("subject_name", "对象"),
        Column("before", "原状态", read=lambda t: _state_word(t.subject, t.before)),
        Column("after", "新状态", read=lambda t: _state_word(t.subject, t.after)),
        Column("note", "说明"),
    ]
    shown = listing(
        request,
        rows(request, Trail),
        columns,
        title="留痕",
        search=("actor_name", "label", "subject_name", "verb"),
        filters=[Filter("days", "时间", [("7", "近七天"), ("31", "近一月")], _of_the_last_days)],
        export="kernel.audit",
        empty="还没有留痕。",
    )
    return list_page(request, "org/trail.html", shown)


def _of_the_last_days(found: Any, days: str) -> Any:
    return found.filter(at__gte=clock.now() - timedelta(days=int(days)))


@needs("org.set_grant", strong=True)
def grants(request: HttpRequest) -> HttpResponse:
    """Which role may do what, and how far; a change begins on a day, today at the earliest."""
    form = make_form(GrantForm, request)
    if submitted(request, form, lambda data: actions.set_grant(request.person, **data)):
        messages.success(request, "已设置权限")
        return redirect("org:grants")
    found = Grant.objects.on(clock.today()).select_related("role").order_by("role__order", "verb")
    columns = [
        Column("role", "岗位", read=lambda g: g.role.name),
        Column("module", "模块", read=lambda g: module_of(g.verb)),
        Column("verb", "可以办的事", read=lambda g: VERBS.get(g.verb, g.verb)),
        Column("extent", "范围", read=lambda g: g.get_extent_display()),
        Column("since", "自", kind="date"),
    ]
    roles = [(role.code, role.name) for role in Role.objects.all()]
    shown = listing(
        request,
        found,
        columns,
        title="岗位权限",
        search=("verb", "role__name"),
        filters=[Filter("role", "岗位", roles)],
    )
    return list_page(request, "org/grants.html", shown, form=form)
