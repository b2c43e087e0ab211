"""Pages of dues: a branch's month with ticks, a sheet from upload to undo, the base where it is kept."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from linghang.kernel import clock
from linghang.kernel.flow import traces
from linghang.kernel.parameters import value
from linghang.org import actions
from linghang.org.actions.dues import payers
from linghang.org.arrears import arrears, paid_in
from linghang.org.dues_sheets import read_dues
from linghang.org.member_forms import DUES_IMPORT_FORMS, DuesBaseForm, DuesFileForm
from linghang.org.models import DuesImport, Person, Unit
from linghang.org.parameters import DUES_BASE
from linghang.rules.periods import Kind, Period, add_months
from linghang.ui.forms import HouseForm
from linghang.ui.requests import HouseRequest
from linghang.ui.sheets import read_workbook
from linghang.ui.shortcuts import (
    buttons,
    create_page,
    fetch,
    form_page,
    make_form,
    needs,
    page,
    submitted,
)
from linghang.ui.uploads import upload_page, uploads_page

BACK = 6  # R-DF-05: older months are hardly made up


class TicksForm(HouseForm):
    """Who has paid for a month."""

    paid = forms.TypedMultipleChoiceField(
        label="已交（没有交的去掉勾）", coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, month: Period, **kwargs: Any) -> None:
        self.month = month
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        people = [held.person for held in payers(self.obj, self.month.start)]
        field: Any = self.fields["paid"]
        field.choices = [(person.pk, person.name) for person in people]
        noted = paid_in(self.obj, self.month.start)
        # Most pay: a month that nobody has noted yet is ticked, and who has not paid is taken out.
        self.initial = {"paid": [person.pk for person in people] if noted is None else noted}


@needs("org.record_dues")
def dues(request: HouseRequest, pk: int) -> HttpResponse:
    """One branch and one month: who has paid is ticked; the secretary sees who is behind."""
    unit: Unit = fetch(request, Unit, pk)
    if unit.kind != Unit.Kind.BRANCH:
        raise Http404
    months = _months()
    wanted = request.GET.get("month", months[1].key)
    month = next((each for each in months if each.key == wanted), months[0])
    form: Any = make_form(TicksForm, request, unit, month=month)
    if submitted(
        request, form, lambda data: actions.record_dues(unit, request.person, month=month.start, **data)
    ):
        messages.success(request, f"已登记 {month.label}党费")
        return redirect(f"{request.path}?month={month.key}")
    context = {
        "unit": unit,
        "month": month,
        "months": [(each.label, f"?month={each.key}", each == month) for each in months],
        "known": paid_in(unit, month.start) is not None,
        "arrears": arrears(unit) if request.person.may("org.view_arrears", unit) else None,
    }
    return form_page(request, form, "org/dues.html", **context)


def _months() -> list[Period]:
    """This month and those before it, latest first."""
    today = clock.today()
    return [Period.containing(Kind.MONTH, add_months(today, -n)) for n in range(BACK + 1)]


# --- from a sheet ----------------------------------------------------------------------------------------------------


@needs("org.import_dues")
def upload(request: HouseRequest) -> HttpResponse:
    """Upload a sheet of dues: read and shown; nothing is changed yet."""
    return upload_page(
        request,
        make_form(DuesFileForm, request),
        _read,
        title="导入党费表",
        sub="上传后先看预览，确认之前什么都不改；确认后可以撤销。",
        warning=("不要上传工资和基数。", "只要姓名或工号、月份、是否已交；别的列不读也不存。"),
        cancel=reverse("org:duesimports"),
    )


def _read(request: HouseRequest, *, file: Any, year: int) -> DuesImport:
    found = read_dues(read_workbook(file.read(), file.name), request.person, "org.import_dues", year)
    unit: Any = Unit.objects.within(request.person, "org.import_dues").order_by("path").first()
    return actions.import_dues(request.person, unit=unit, name=file.name, outcome=found)


@needs("org.import_dues")
def uploads(request: HouseRequest) -> HttpResponse:
    """Every sheet of dues, newest first."""
    new = ("导入党费表", reverse("org:duesimport_new"))
    return uploads_page(request, DuesImport, new=new, title="党费导入", empty="还没有导入过党费表。")


@needs("org.import_dues")
def imported(request: HouseRequest, pk: int) -> HttpResponse:
    """One sheet of dues: what it says row by row, and what may be done with it."""
    found: DuesImport = fetch(request, DuesImport, pk)
    good = [entry for entry in found.outcome if not entry["fault"]]
    context = {
        "import": found,
        "good": len(good),
        "paid": sum(entry["paid"] for entry in good),
        "faults": [entry for entry in found.outcome if entry["fault"]][:200],
        "entries": good[:200],
        "buttons": buttons(request, found, "org:duesimport", DUES_IMPORT_FORMS),
        "trail": traces(found),
    }
    return page(request, "org/dues_import.html", context)


# --- the base --------------------------------------------------------------------------------------------------------


@needs("org.view_dues_base", strong=True)
def base(request: HouseRequest, pk: int) -> HttpResponse:
    """What a member's dues are reckoned from: masked for the branch, plain for the member; off unless switched on."""
    person: Person = fetch(request, Person, pk, "branch")
    if not value(DUES_BASE):
        raise Http404
    bases = [(each, each.reckoned()) for each in person.dues_bases.all()]
    own = person.pk == request.person.pk
    may_settle = request.person.may("org.settle_dues", person)
    return page(
        request,
        "org/dues_base.html",
        {"person": person, "bases": bases, "own": own, "may_settle": may_settle},
    )


@needs("org.settle_dues", strong=True)
def settle(request: HouseRequest, pk: int) -> HttpResponse:
    """Settle what a member pays from this year's base on."""
    person: Person = fetch(request, Person, pk, "branch")
    if not value(DUES_BASE):
        raise Http404
    form = make_form(DuesBaseForm, request, person)
    away = person.get_absolute_url()
    return create_page(request, form, actions.settle_dues, "核定党费", away, about=str(person), person=person)
