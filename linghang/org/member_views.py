"""Pages of a member's life, of transfers and of the register: fetch → form → verb → render."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from linghang.kernel import clock
from linghang.kernel.flow import record, traces
from linghang.org import actions, difference, register
from linghang.org.member_forms import (
    TRANSFER_FORMS,
    CompareForm,
    MilestoneForm,
    RegisterForm,
    RestrictForm,
    SpellForm,
    TransferInForm,
    TransferOutForm,
)
from linghang.org.models import Person, Transfer
from linghang.ui.lists import XLSX, Column, Filter, download, listing
from linghang.ui.requests import HouseRequest
from linghang.ui.sheets import read_workbook
from linghang.ui.shortcuts import (
    buttons,
    create_page,
    fetch,
    form_page,
    list_page,
    make_form,
    needs,
    page,
    rows,
    submitted,
)


def _about(
    request: HouseRequest, pk: int, form_class: Any, verb: Callable[..., Any], title: str
) -> HttpResponse:
    """The page of a verb that writes something about a person."""
    person: Person = fetch(request, Person, pk, "branch", "department")
    form = make_form(form_class, request, person)
    return create_page(
        request, form, verb, title, person.get_absolute_url(), about=str(person), person=person
    )


@needs("org.note_milestone")
def note_milestone(request: HouseRequest, pk: int) -> HttpResponse:
    """A step towards the Party, of somebody who is no member yet."""
    return _about(request, pk, MilestoneForm, actions.note_milestone, "登记培养进展")


@needs("org.note_spell")
def note_spell(request: HouseRequest, pk: int) -> HttpResponse:
    """Somebody is away for long, or nothing hard is asked of them."""
    return _about(request, pk, SpellForm, actions.note_spell, "登记流动、失联或照顾")


@needs("org.restrict")
def restrict(request: HouseRequest, pk: int) -> HttpResponse:
    """Somebody's membership or rights rest, or they are left out of the base of votes."""
    return _about(request, pk, RestrictForm, actions.restrict, "登记中止或不计入")


@needs("org.transfer_out")
def transfer_out(request: HouseRequest, pk: int) -> HttpResponse:
    """A letter for somebody who goes to another branch or away."""
    return _about(request, pk, TransferOutForm, actions.transfer_out, "开介绍信")


@needs("org.transfer_in")
def transfer_in(request: HouseRequest, pk: int) -> HttpResponse:
    """Somebody comes with a letter from outside."""
    return _about(request, pk, TransferInForm, actions.transfer_in, "接收院外转入")


# --- transfers -------------------------------------------------------------------------------------------------------


@needs("org.view_transfer")
def transfers(request: HouseRequest) -> HttpResponse:
    """Memberships on their way, and those that have arrived."""
    today = clock.today()
    columns = [
        Column("person", "姓名", read=lambda t: t.person.name),
        Column("source", "转出", read=lambda t: t.source or t.outside),
        Column("target", "转入", read=lambda t: t.target or t.outside),
        Column("letter", "介绍信", kind="code"),
        Column("out_on", "开出", kind="date"),
        Column("receipt_on", "回执", kind="date", read=lambda t: t.receipt_on or ""),
        Column("state", "状态", kind="state", read=lambda t: t.get_state_display(), tone=_tone),
        Column(
            "waited", "已等（天）", kind="number", read=lambda t: t.waited(today) if _on_its_way(t) else ""
        ),
    ]
    shown = listing(
        request,
        rows(request, Transfer).select_related("person", "source", "target"),
        columns,
        title="组织关系转接",
        search=("person__name", "letter", "outside"),
        filters=[Filter("state", "状态", Transfer.State.choices)],
        row_url=lambda t: t.get_absolute_url(),
        empty="还没有转接记录。从党员的页面开介绍信。",
    )
    return list_page(request, "org/transfers.html", shown)


def _on_its_way(transfer: Transfer) -> bool:
    return transfer.state == Transfer.State.SENT


def _tone(transfer: Transfer) -> str:
    tones = {Transfer.State.SENT: "amber", Transfer.State.RECEIVED: "green"}
    return tones.get(Transfer.State(transfer.state), "grey")


@needs("org.view_transfer")
def transfer(request: HouseRequest, pk: int) -> HttpResponse:
    """One transfer: who, from where to where, letter and receipt."""
    found: Transfer = fetch(request, Transfer, pk, "person", "source", "target")
    context = {
        "transfer": found,
        "tone": _tone(found),
        "waited": found.waited(clock.today()) if _on_its_way(found) else None,
        "buttons": buttons(request, found, "org:transfer", TRANSFER_FORMS),
        "opens": request.person.may("org.view_person", found.person),
        "trail": traces(found),
    }
    return page(request, "org/transfer.html", context)


# --- the register ----------------------------------------------------------------------------------------------------


@needs("org.export_register", strong=True)
def export_register(request: HouseRequest) -> HttpResponse:
    """Choose the columns and take the register out."""
    form = make_form(RegisterForm, request)
    if request.method == "POST" and form.is_valid():
        found = register.lines(request.person, "org.export_register")
        content = register.workbook(found, form.cleaned_data["columns"], "党员名册")
        record(request.person, "org.export_register", f"党员名册（{len(found)} 人）")
        return download(content, f"党员名册 {clock.today()}.xlsx", XLSX)
    return form_page(
        request, form, "org/register.html", may_compare=request.person.may("org.compare_register")
    )


@needs("org.compare_register", strong=True)
def compare_register(request: HouseRequest) -> HttpResponse:
    """Hold the register against the export of another system; gives a sheet of differences and writes nothing."""
    form = make_form(CompareForm, request)
    if found := submitted(request, form, lambda data: _compared(request.person, **data)):
        record(request.person, "org.compare_register", f"名册比对：{found.sentence}")
        return download(difference.workbook(found), f"名册比对 {clock.today()}.xlsx", XLSX)
    return form_page(request, form, title="比对党员名册", cancel=reverse("org:register"))


def _compared(person: Any, file: Any) -> difference.Difference:
    return difference.compare(person, read_workbook(file.read(), file.name))
